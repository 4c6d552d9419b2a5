"""A round of an exchange: what is sealed is sent, what lies in our inbox is taken in or held back. It may be cut off anywhere and run again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dsadesk.codec.events import parse_time, time_text
from dsadesk.domain.ids import RequestId
from dsadesk.errors import (
    BundleError,
    ContainerError,
    DecryptError,
    DsadeskError,
    InputError,
    RuleError,
    TransferStoppedError,
)
from dsadesk.ports import OutboxItem, QuarantinedBundle
from dsadesk.services.holding import Content, hold
from dsadesk.services.inbox_store import inbox_store
from dsadesk.services.keeping_cards import address_of
from dsadesk.services.leaving import left_for_later
from dsadesk.services.receipts import to_make_sure_of
from dsadesk.services.retrying import retry_held
from dsadesk.services.sending import connector, engine_for
from dsadesk.services.session import BOOKMARK, STORE, Session
from dsadesk.services.taking_in import TakenIn, take_in
from dsadesk.sync.controls import Controls
from dsadesk.sync.patient import PatientReader, Reader
from dsadesk.sync.posting import Post, on_the_spot
from dsadesk.sync.receive import Arrival, IncompleteError, Look, Named, StoreParcel, arrivals
from dsadesk.sync.stepping import Report, unreported

WAITING = "waiting."
"""Before a commit's name: since when a part that it names has not come, a space, and the part's name."""
WAIT = timedelta(days=30)
MAX_WAITING = 500


@dataclass(frozen=True)
class Problem:
    """Something that could not be sent or taken in now: what, and the error that says why."""

    about: str
    error: DsadeskError


@dataclass
class Exchange:
    """What one round of sending and fetching did."""

    sent: list[OutboxItem] = field(default_factory=list)
    taken: list[TakenIn] = field(default_factory=list)
    quarantined: list[QuarantinedBundle] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    released: int = 0


def exchange(session: Session, report: Report = unreported) -> Exchange:
    """Takes in everything that has come, and sends everything that waits, with what taking in called for.

    In this order: a vault that is an older copy of itself learns so before it sends.
    """
    done = Exchange()
    fetch(session, done)
    return send_all(session, done, report)


# ---------------------------------------------------------------- sending


def send_all(
    session: Session,
    done: Exchange,
    report: Report = unreported,
    *,
    controls: Controls | None = None,
    post: Post = on_the_spot,
    patience: float | None = None,
) -> Exchange:
    """Sends every unfinished item that is not left for later, small events first. A store that fails stops its own items and no others.

    Blocks until the run is over: everything is in its store, or has failed for longer than `patience` seconds, or was cancelled. It may be
    called from any thread when `post` runs work where the vault is.
    """
    world, own = session.world, session.profile.organisation.id
    try:
        lost = post(lambda: to_make_sure_of(session, world.clock.now()))
        engine = engine_for(
            session,
            patience=patience,
            choose=lambda item: (item.id, item.box) not in left_for_later(session),
            mend=lost,
        )
        try:
            world.drive(engine, connector(session), post, report, controls or Controls(world.pulse))
        finally:
            done.problems += [Problem(trouble.items[0].org, trouble.error) for trouble in engine.troubles]
            sent = [key for key in engine.sent if key not in lost]
            done.sent += post(lambda: [item for key in sent if (item := session.vault.outbox.get(*key))])
    except DsadeskError as error:
        done.problems.append(Problem(own, error))
    return done


# ---------------------------------------------------------------- taking in


def fetch(
    session: Session,
    done: Exchange,
    *,
    controls: Controls | None = None,
    post: Post = on_the_spot,
    patience: float | None = None,
) -> Exchange:
    """Takes in everything new in our inbox. What stops at a door goes to quarantine with its evidence.

    What fails for a while is tried again for `patience` seconds since something last came. It may be called from any thread when `post`
    runs work where the vault is: nothing is fetched there.
    """
    world = session.world
    wishes = controls or Controls(world.pulse)
    try:
        inbox = inbox_store(session, post, wishes, is_theirs=controls is not None)
        reader = PatientReader(
            inbox.transport,
            wishes,
            world.patience if patience is None else patience,
            lambda: world.entropy.token(1)[0] / 255,
            inbox.valve,
        )
        try:
            _take_all(session, reader, done, post)
        finally:
            reader.end()
    except TransferStoppedError:
        session.let_go()
    except DsadeskError as error:
        session.let_go()
        done.problems.append(Problem(session.profile.organisation.id, error))
    return done


def _take_all(session: Session, transport: Reader, done: Exchange, post: Post) -> None:
    """Takes in what has come, and again what had to wait for something that came after it, or lies before it and was passed over."""
    whole, taken, named = False, -1, Named()
    while taken < len(done.taken):
        taken = len(done.taken)
        done.incomplete.clear()
        look = post(lambda: _look(session, whole=whole))  # noqa: B023 - done before the next round
        for arrival in arrivals(session.vault, transport, session.box, look, post):
            _take_arrival(session, transport, arrival, done, post, named=named)
        session.looked.add(look.place)
        if len(done.taken) > taken:
            done.released += retry_held(session, {"signer-unknown"}, post=post, store=transport)
        whole = any("gap" in each.warnings for each in done.taken[taken:])
        if not done.incomplete and not whole:
            return


def _look(session: Session, *, whole: bool) -> Look:
    """How to look through our inbox now: the first look of a session goes further back than what the last one ended at."""
    address = address_of(session, session.profile.organisation.id)
    known = session.vault.settings.read(STORE + address)
    place = f"{BOOKMARK}{known.decode() if known else address}.{session.box}"
    return Look(place=place, now=session.world.clock.now(), wide=place not in session.looked, whole=whole)


def _take_arrival(
    session: Session, transport: Reader, arrival: Arrival, done: Exchange, post: Post, *, named: Named
) -> None:
    whole = arrival.data
    try:
        awaited = post(lambda: _waited_for(session, arrival.name)[1])
        parcel = StoreParcel(arrival, transport, session.identities, named=named, awaited=awaited)
        whole = parcel.evidence
        taken = take_in(session, parcel, post)
    except IncompleteError as error:
        part = str(error.fields.get("name", ""))
        given_up = post(lambda: _give_up(session, arrival, len(done.incomplete), part))
        if given_up is None:
            done.incomplete.append(arrival.name)
            return
        late, content = given_up, Content.of(whole)
        done.quarantined.append(post(lambda: hold(session, late, content, arrival.name)))
    except BundleError as error:
        # A manifest that no key opens may be any junk, as much of it as a small commit can name.
        content, refused = Content.of(arrival.data if isinstance(error, DecryptError) else whole), error
        done.quarantined.append(post(lambda: hold(session, refused, content, arrival.name)))
    except (RuleError, InputError) as error:
        # Ours to mend, and no reason to leave what came after it lying: it is looked at again next time.
        done.problems.append(Problem(arrival.name, error))
        return
    else:
        if taken is not None:
            done.taken.append(taken)

    def looked_at() -> None:
        session.vault.settings.remove(WAITING + arrival.name)
        session.vault.inbox.mark_looked_at(arrival.box, arrival.name, session.world.clock.now())

    post(looked_at)


def _waited_for(session: Session, name: str) -> tuple[datetime | None, str]:
    """Since when a commit waits, and for which part."""
    kept = session.vault.settings.read(WAITING + name)
    since, _, part = (kept or b"").decode().partition(" ")
    return (parse_time(since) if since else None), part


def _give_up(session: Session, arrival: Arrival, waiting: int, part: str = "") -> ContainerError | None:
    """Why a delivery is not waited for any longer. Whoever can write to an inbox could otherwise have us look at any number for ever."""
    now = session.world.clock.now()
    since, before = _waited_for(session, arrival.name)
    if since is not None and now - since >= WAIT:
        return ContainerError("never-completed", days=WAIT.days)
    if waiting >= MAX_WAITING:
        return ContainerError("too-many-waiting", limit=MAX_WAITING)
    if since is None or part != before:
        session.vault.settings.write(WAITING + arrival.name, f"{time_text(since or now)} {part}".encode())
    return None


def deliveries(session: Session, request: RequestId) -> tuple[OutboxItem, ...]:
    """What was sealed for a request, oldest first."""
    return session.vault.outbox.bundles_of_request(request)
