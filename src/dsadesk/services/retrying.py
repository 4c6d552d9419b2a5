"""Trying again what was held back: it goes through every door anew, now that a key, a card or a colleague's answer may have come."""

from __future__ import annotations

import io
from collections.abc import Callable, Container
from contextlib import ExitStack, closing

from dsadesk.bundle.container import BundleFile, Parcel
from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import BundleError, InputError, RuleError, StoreError, TransferStoppedError
from dsadesk.ports import Flow, QuarantinedBundle
from dsadesk.services.holding import RELEASED, held_back
from dsadesk.services.inbox_store import open_inbox
from dsadesk.services.session import Session
from dsadesk.services.taking_in import TakenIn, take_in
from dsadesk.sync.commit import MAX_COMMIT_BYTES, commit_prefix, manifest_within
from dsadesk.sync.patient import Reader
from dsadesk.sync.posting import Post, on_the_spot
from dsadesk.sync.receive import Arrival, IncompleteError, StoreParcel


def retry_quarantine(
    session: Session,
    held_id: str,
    post: Post = on_the_spot,
    *,
    store: Reader | None = None,
    flow: Flow | None = None,
) -> TakenIn | None:
    """Takes a bundle in quarantine through the doors again, as it lies in our inbox or as it was kept: a key or a card may have come.

    Of a manifest whose parts are gone from the inbox, what was kept is taken.

    None when it was taken in meanwhile. What passes is noted as released under its id; the evidence of the first attempt stays. It may be
    called from any thread when `post` runs work where the vault is: nothing is fetched there. `store` is our inbox's, where it is open; else one is opened
    whose bytes pass `flow`.
    Raises: RuleError("no-such-bundle" | "quarantine-not-kept"), BundleError when it stops at a door again, StoreError.
    """
    held = post(lambda: next((each for each in session.vault.inbox.quarantined() if each.id == held_id), None))
    if held is None:
        raise RuleError("no-such-bundle", bundle=held_id[:80])
    with ExitStack() as stack:
        parcel = _parcel_again(
            session, held, post, lambda: store or stack.enter_context(closing(open_inbox(session, post, flow)))
        )
        taken = take_in(session, parcel, post)

    def note() -> None:
        session.vault.settings.write(RELEASED + held.id, session.world.clock.now().isoformat().encode())
        session.changes.flag("quarantine")

    post(note)
    return taken


def _parcel_again(session: Session, held: QuarantinedBundle, post: Post, store: Callable[[], Reader]) -> Parcel:
    if held.source.startswith(commit_prefix(session.box)):
        reader = store()
        arrival = Arrival(session.box, held.source, reader.get(held.source, MAX_COMMIT_BYTES))
        try:
            return StoreParcel(arrival, reader, session.identities)
        except IncompleteError:
            kept = post(lambda: session.vault.inbox.quarantined_content(held.id))
            if not (sealed := manifest_within(held.source, kept)):
                raise
            return StoreParcel(arrival, reader, session.identities, sealed=sealed)
    content = post(lambda: session.vault.inbox.quarantined_content(held.id))
    if not content:
        raise RuleError("quarantine-not-kept")
    return BundleFile(io.BytesIO(content))


def retry_held(
    session: Session,
    codes: Container[str],
    org: OrganisationId | None = None,
    post: Post = on_the_spot,
    *,
    store: Reader | None = None,
    flow: Flow | None = None,
) -> int:
    """Tries again whatever was held back for one of these reasons, perhaps of one organisation only, and says how much came in.

    As with `retry_quarantine`, nothing is fetched where the vault is. Raises: TransferStoppedError.
    """
    taken = 0
    for held in reversed(post(lambda: held_back(session))):
        if held.code in codes and org in (None, held.fields.get("org")):
            try:
                taken += retry_quarantine(session, held.id, post, store=store, flow=flow) is not None
            except TransferStoppedError:
                raise
            except (BundleError, RuleError, InputError, StoreError):
                continue
    return taken
