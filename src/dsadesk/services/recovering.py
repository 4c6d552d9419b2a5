"""Coming back after a loss: the sheet of words, a new laptop, and giving others their history back.

A restored laptop never speaks under the old one's key. Its copy of the old chains may be behind what the old laptop has sent since, and
two contents at one place in a chain look like fraud. So it takes a fresh device key with chains of its own, and the card ends the old one
(docs/adr/0013).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from dsadesk.bundle.card import Card, CardOfficial, read_card
from dsadesk.bundle.identity import derive, identity_from_seed, seed_to_words, words_to_seed
from dsadesk.documents.recovery_sheet import recovery_sheet
from dsadesk.domain.events import Event, RequestSubmitted
from dsadesk.domain.ids import OrganisationId, RequestId
from dsadesk.errors import InputError, RuleError
from dsadesk.ports import AttachedSample, DeliveryState, Vault
from dsadesk.secret import Secret
from dsadesk.services import rehearsing
from dsadesk.services.keeping_cards import ADMIN_ROLES, issue_card, pin_card
from dsadesk.services.keeping_keys import (
    drop_foreign_key_store,
    keep_inbox_seeds,
    key_from_words,
    make_vault,
    person_of,
    settle_device,
    unlock,
    use_key_store,
    use_passphrase,
)
from dsadesk.services.printing import as_pdf
from dsadesk.services.reading import read_event, state_of
from dsadesk.services.rotating import generation_of, inbox_seed
from dsadesk.services.session import DEVICE_SEED, ORGANISATION_SEED, Profile, Session, World, open_session
from dsadesk.services.speaking import deliver
from dsadesk.services.succeeding import (
    SINCE_EVER,
    IsMine,
    fresh_device_seed,
    succession,
    take_fresh_device,
    version_beyond_doubt,
)
from dsadesk.services.wrapping_keys import check_passphrase, require_key_store

_EVENTS_AT_ONCE = 500


@dataclass(frozen=True)
class Restored:
    """A vault that is back: with its old files, or made anew from the words. `ended` are the devices that no longer sign for us.

    Whoever does not hold the organisation's key has to apply to a colleague again before they can send.
    """

    session: Session
    with_files: bool
    ended: tuple[CardOfficial, ...]
    must_apply: bool


@dataclass(frozen=True)
class GivenBack:
    """The requests whose history was sealed again for an organisation, and those with a sample that is no longer here."""

    requests: tuple[RequestId, ...]
    left_out: tuple[RequestId, ...]


# ---------------------------------------------------------------- the words


def sheet(session: Session, words: Secret[str]) -> bytes:
    """The words as a sheet to print, in PDF. It is not written anywhere. Raises: InputError("pdf-not-made")."""
    world, profile = session.world, session.profile
    now = world.clock.now().replace(microsecond=0)
    document = recovery_sheet(
        words.reveal().split(),
        organisation=profile.organisation,
        official=profile.official,
        vault_id=session.vault.id,
        made_on=now.date(),
    )
    return as_pdf(world.library, document, made_at=now)


def rehearse(session: Session, words: str) -> None:
    """Proves with all 24 words that they still open this vault, and keeps when. Raises: InputError, WrongKeyError("recovery-words")."""
    key_from_words(session.world.place.header(), words)
    rehearsing.note_all_proven(session, words)


# ---------------------------------------------------------------- a new laptop


def restore(
    world: World,
    words: str,
    profile: Profile | None = None,
    *,
    passphrase: str | None,
    card: bytes | None = None,
    backup: Path | None = None,
    beside: bool = False,
    founder: bool = False,
) -> Restored:
    """Brings a vault back on a new laptop: by its files or a backup and the words, or by the words and, where someone has it, our newest card.

    Without a passphrase the vault opens by this laptop's key store, which must work. Without files, `profile` says who it is for; the
    card can stand in for it. A vault that a backup takes the place of is renamed aside. With `beside` the person goes on using their other
    laptops, and none of them ends (docs/adr/0034).
    Without files and without a card only `founder` makes anything: these words then make the organisation's key again, which is for
    whoever set dsadesk up for the organisation. Of anybody else partners would see a changed key. A card says which, whatever was said.
    Raises: InputError ("founder-or-card" where neither is given), CardError, KeyStoreError, WrongKeyError("recovery-words"), RuleError, VaultError.
    """
    seed = words_to_seed(words)
    if passphrase is None:
        require_key_store(world)
    else:
        check_passphrase(passphrase)
    if backup is not None:
        key_from_words(world.place.header_of_backup(backup), words)
        world.place.restore(backup, f"before-restoring-{world.clock.now():%Y%m%d-%H%M%S}")
    if world.place.exists():
        return _with_files(world, words, seed, passphrase, beside=beside)
    return _from_words(world, seed, profile, passphrase, card, beside=beside, founder=founder)


def _ends(session: Session, *, beside: bool) -> IsMine:
    """Which laptops end with a restoring: all of this person, unless they go on using them."""
    return lambda entry: not beside and entry.official.id == session.profile.official.id


def _with_files(world: World, words: str, seed: bytes, passphrase: str | None, *, beside: bool) -> Restored:
    session = unlock(world, key_from_words(world.place.header(), words), succeed=False)
    try:
        ended = take_fresh_device(session, seed, _ends(session, beside=beside))
        settle_device(world)
        if passphrase is None:
            use_key_store(session)
        else:
            use_passphrase(session, passphrase)
            drop_foreign_key_store(session)
        rehearsing.note_opened(session, words)
    except BaseException:
        session.vault.close()
        raise
    return Restored(session, with_files=True, ended=ended, must_apply=session.organisation is None)


def _from_words(
    world: World,
    seed: bytes,
    profile: Profile | None,
    passphrase: str | None,
    card_bytes: bytes | None,
    *,
    beside: bool,
    founder: bool,
) -> Restored:
    if card_bytes is None and not founder:
        raise InputError("founder-or-card")
    organisation_seed = derive(seed, "organisation")
    organisation = identity_from_seed(organisation_seed)
    card = None if card_bytes is None else read_card(card_bytes)
    profile = _profile_of(seed, profile, card)
    is_founder = card is None or card.keys == organisation.signing.public
    mine = () if card is None else tuple(e for e in card.officials if e.official.id == profile.official.id)
    if not is_founder and not mine:
        raise InputError("words-not-of-card")
    ended: list[CardOfficial] = []

    def fill(vault: Vault) -> None:
        vault.settings.write(DEVICE_SEED, fresh_device_seed(world, seed))
        if not is_founder:
            return
        vault.settings.write(ORGANISATION_SEED, organisation_seed)
        newest = 0 if card is None else generation_of(organisation_seed, card)
        later = [inbox_seed(organisation_seed, n) for n in range(newest, 0, -1)]
        keep_inbox_seeds(vault, (*later, derive(seed, "inbox")))
        session = open_session(world, vault)
        if card is not None and card_bytes is not None:
            pin_card(session, card, card_bytes, arrived="")
        before = (_first_device(session, seed),) if card is None else card.officials
        officials, gone = succession(session, before, _ends(session, beside=beside))
        ended.extend(gone)
        issue_card(session, officials=officials, least_version=version_beyond_doubt(world))

    session = make_vault(world, profile, seed, passphrase, fill)
    rehearsing.note_opened(session, seed_to_words(seed))
    return Restored(session, with_files=False, ended=tuple(ended), must_apply=not is_founder)


def _profile_of(seed: bytes, profile: Profile | None, card: Card | None) -> Profile:
    """Who the vault is for: as it was said, or as the card says. The person keeps the id that their words give."""
    person = person_of(seed)
    if profile is not None:
        if card is not None and card.org.id != profile.organisation.id:
            raise RuleError("other-organisation", org=card.org.id)
        return replace(profile, official=replace(profile.official, id=person))
    named = [] if card is None else [entry.official for entry in card.officials if entry.official.id == person]
    if card is None or not named:
        raise InputError("name-missing") if card is None else InputError("words-not-of-card")
    return Profile(organisation=card.org, official=named[-1])


def _first_device(session: Session, seed: bytes) -> CardOfficial:
    """The device that the words gave at first run. Since when it signed is no longer known."""
    keys = identity_from_seed(derive(seed, "device")).signing.public
    return CardOfficial(
        official=session.profile.official, device=keys.device, keys=keys, roles=ADMIN_ROLES, since=SINCE_EVER
    )


# ---------------------------------------------------------------- giving back what another lost


def give_back(session: Session, org: OrganisationId) -> GivenBack:
    """Seals every request that we share with an organisation for it again, with both sides' events and the samples.

    For an organisation that restored a laptop from its words, or has a new key. What still waits for an inbox of an earlier key of
    theirs is cancelled, because it comes again here. Raises: RuleError("no-card"), CardError.
    """
    done, left_out = [], []
    for request in session.vault.events.requests():
        state = state_of(session, request)
        if state is None or org not in (state.requester.id, state.supplier.id):
            continue
        try:
            with session.vault.transaction():
                _seal_history(session, request, org)
            done.append(request)
        except _SampleGoneError:
            left_out.append(request)
    _cancel_unreachable(session, org)
    session.changes.flag("outbox")
    return GivenBack(tuple(done), tuple(left_out))


class _SampleGoneError(Exception):
    """A submission names a sample that this vault no longer has."""


def _seal_history(session: Session, request: RequestId, org: OrganisationId) -> None:
    events = [read_event(stored) for stored in session.vault.events.of_request(request)]
    provable = [event for event in events if _is_provable(session, event)]
    for start in range(0, len(provable), _EVENTS_AT_ONCE):
        part = provable[start : start + _EVENTS_AT_ONCE]
        deliver(
            session,
            request,
            kind="reply",
            counterpart=org,
            events=part,
            samples=_samples_of(session, request, part),
        )


def _is_provable(session: Session, event: Event) -> bool:
    """Whether the device that signed is on a card that holds today. What an organisation signed under a key it has lost is not."""
    known = session.directory.known(event.org)
    return known is not None and known.card.official_of(event.device) is not None


def _samples_of(session: Session, request: RequestId, events: Sequence[Event]) -> list[AttachedSample]:
    named = [s for event in events if isinstance(event.body, RequestSubmitted) for s in event.body.samples]
    here = {sample.object: sample for sample in session.vault.samples.of_request(request)}
    wanted = dict.fromkeys(sample.object for sample in named)
    if not wanted.keys() <= here.keys():
        raise _SampleGoneError
    return [here[name] for name in wanted]


def _cancel_unreachable(session: Session, org: OrganisationId) -> None:
    pinned = session.vault.cards.get(org)
    for item in session.vault.outbox.unfinished():
        if pinned is not None and item.org == org and item.box != read_card(pinned.envelope).box:
            session.vault.outbox.mark(item.id, item.box, DeliveryState.CANCELLED, session.world.clock.now())
