"""Tries a store before it is trusted, and every week: what it does, what it does not, and what that means for whoever relies on it.

Everything goes through the port, so that a folder, a bucket and a server are tried alike. What is written lies below `dsa1/doctor/`, has
random contents and is removed again.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dsadesk.errors import (
    DsadeskError,
    StoreError,
    StoreMissingError,
    StoreRefusedError,
    StoreUnreachableError,
    TransferStoppedError,
)
from dsadesk.ports import Flow, StoreAccess, Sweeps, TellsRoom, Transport
from dsadesk.services.session import STORE, Session, World
from dsadesk.services.store_checks import keep_check, last_check, left_in, note_left
from dsadesk.services.store_findings import Diagnosis, Finding, Level
from dsadesk.services.stores import access_of, is_own_inbox
from dsadesk.sync.posting import Post, on_the_spot

CLOCK_TOLERANCE = timedelta(minutes=5)
LOW_ROOM = 100 * 1024 * 1024
LEFT_BEHIND = timedelta(days=7)
"""What was begun so long ago and never finished is nobody's any more."""
CUT_SIZE = 256 * 1024

Connect = Callable[[Flow | None], Transport]
"""Gives a connection of its own to the store."""
MakeFlow = Callable[[], Flow | None]

_PARTS = "dsa1/doctor/p/"
_NEWS = "dsa1/doctor/n/"
_DAY = re.compile(r"dsa1/doctor/[np]/(\d{8})/")


def _unhindered() -> None:
    """No flow: bytes pass as they can."""


class Stopper:
    """Ends a trial from any thread: what it waits for is given up, and it raises TransferStoppedError."""

    def __init__(self) -> None:
        self._open: list[Transport] = []
        self.is_stopped = False

    def stop(self) -> None:
        """Ends it."""
        self.is_stopped = True
        for transport in tuple(self._open):
            transport.close()

    def require_going(self) -> None:
        """Raises: TransferStoppedError("cancelled") once it was stopped."""
        if self.is_stopped:
            raise TransferStoppedError("cancelled")

    def hold(self, transport: Transport) -> Transport:
        """Remembers a connection, to be dropped when somebody stops the trial."""
        self._open.append(transport)
        self.require_going()
        return transport


def examine(
    session: Session,
    address: str,
    *,
    post: Post = on_the_spot,
    stopper: Stopper | None = None,
    flow: MakeFlow = _unhindered,
    by_itself: bool = False,
) -> Diagnosis:
    """Tries a known store and keeps how that came out, unless the link kept it from being tried. May be called beside the vault, with `post`.

    Whoever wants a store tried that is being tried gets what comes of that. `flow` gives what a connection's bytes pass. What became worse
    when it was tried `by_itself` is kept until it is better or a person tries the store.
    Raises: StoreError for an address that cannot be used, never for what the store does; TransferStoppedError.
    """
    stops = stopper or Stopper()
    return session.trials.once(address, lambda: _examine(session, address, post, stops, flow, by_itself=by_itself))


def _examine(
    session: Session, address: str, post: Post, stopper: Stopper, flow: MakeFlow, *, by_itself: bool
) -> Diagnosis:
    known = post(lambda: _known(session, address))

    def connect(cut: Flow | None) -> Transport:
        passed = flow() if cut is None else _Both(flow(), cut)
        return stopper.hold(session.world.open_transport(address, known.store_id, known.access, passed))

    doctor = _Doctor(
        world=session.world,
        connect=connect,
        cursor=known.cursor,
        is_own=known.is_own,
        stopper=stopper,
        written=[*known.left],
        noted=lambda names: post(lambda: note_left(session, address, names)),
    )
    found = doctor.examine(address)
    return replace(found, worse=post(lambda: keep_check(session, found, by_itself=by_itself)))


@dataclass(frozen=True)
class _Known:
    """What the vault knows of a store."""

    store_id: str
    access: StoreAccess
    cursor: str
    is_own: bool
    left: tuple[str, ...]


def _known(session: Session, address: str) -> _Known:
    met, check = session.vault.settings.read(STORE + address), last_check(session, address)
    return _Known(
        store_id=met.decode() if met else "",
        access=access_of(session, address),
        cursor=check.cursor if check else "",
        is_own=is_own_inbox(session, address),
        left=left_in(session, address),
    )


def try_out(
    session: Session,
    address: str,
    access: StoreAccess,
    *,
    post: Post = on_the_spot,
    told: Callable[[Finding], None] = lambda _: None,
    stopper: Stopper | None = None,
) -> Diagnosis:
    """Tries a store that is not trusted yet, let in as `access` says; any store will do, and nothing is kept: see `store_checks.keep_check`.

    `told` hears of each finding as it comes. May be called beside the vault, with `post`. Raises: as `examine`, TransferStoppedError.
    """
    stops = stopper or Stopper()
    doctor = _Doctor(
        world=session.world,
        connect=lambda cut: stops.hold(session.world.open_transport(address, "", access, cut)),
        is_own=post(lambda: is_own_inbox(session, address)),
        told=told,
        stopper=stops,
    )
    return doctor.examine(address)


@dataclass(frozen=True)
class _Both:
    """A flow through two, one of which may be none."""

    first: Flow | None
    second: Flow

    def pass_on(self, size: int) -> None:
        if self.first is not None:
            self.first.pass_on(size)
        self.second.pass_on(size)


class _StopMidway:
    """A flow that breaks a transfer off when half of a probe has passed."""

    def __init__(self) -> None:
        self.left = CUT_SIZE // 2

    def pass_on(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TransferStoppedError("cancelled")


class _GoneError(Exception):
    """There is no sense in trying more."""


@dataclass
class _Doctor:
    world: World
    connect: Connect
    is_own: bool
    stopper: Stopper
    cursor: str = ""
    told: Callable[[Finding], None] = lambda _: None
    noted: Callable[[tuple[str, ...]], None] = lambda _: None
    store_id: str = ""
    is_met: bool = False
    findings: list[Finding] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def examine(self, address: str) -> Diagnosis:
        self.store = self.connect(None)
        try:
            self._try_everything()
        except _GoneError:
            pass
        finally:
            self._tidy_up()
            self.store.close()
        self.stopper.require_going()
        return Diagnosis(
            address=address,
            store_id=self.store_id,
            at=self.world.clock.now(),
            findings=tuple(self.findings),
            cursor=self.cursor,
        )

    def _try_everything(self) -> None:
        self._try_marker()
        self._try_writing()
        self._try_second_look()
        self._try_listing()
        self._try_poll()
        self._try_cut()
        self._try_clock()
        self._try_room()

    # ------------------------------------------------------------ what is tried

    def _try_marker(self) -> None:
        def look() -> bool:
            self.store.check()
            self.store_id = self.store.store_id()
            self.is_met = True
            return True

        self._expect("marker", look, stop=True)

    def _try_writing(self) -> None:
        self.data = self.world.entropy.token(2048)
        self.name = self._part(self.data)

        def again() -> bool:
            self.store.put(self.name, self.data)
            return True

        self._expect("put", lambda: self._put(self.name, self.data), stop=True)
        self._expect(
            "get", lambda: self.store.get(self.name, len(self.data)) == self.data, otherwise=self._for_reading()
        )
        self._expect("again", again)
        self._try_other_bytes()

    def _try_other_bytes(self) -> None:
        try:
            self.store.put(self.name, self.data[::-1])
            held = self.store.get(self.name, len(self.data)) == self.data
            self._say("other-bytes", Level.FINE if held else Level.BEARABLE)
        except StoreRefusedError as error:
            taken = error.code == "name-taken"
            self._say("other-bytes", Level.FINE if taken else Level.BEARABLE, None if taken else error)
        except StoreError as error:
            self._say("other-bytes", Level.BEARABLE, error)

    def _try_second_look(self) -> None:
        # Another name: what was written over is judged already.
        data = self.world.entropy.token(512)
        name = self._part(data)

        def seen() -> bool:
            self._put(name, data)
            with closing(self.connect(None)) as second:
                return second.get(name, len(data)) == data

        self._expect("second-look", seen, otherwise=self._for_reading())

    def _try_listing(self) -> None:
        def listed() -> bool:
            names = []
            for _ in range(3):
                data = self.world.entropy.token(64)
                names.append(self._part(data))
                self._put(names[-1], data)
            names.sort()
            found = self.store.list(_PARTS)
            later = self.store.list(_PARTS, after=names[0])
            return (
                set(names) <= set(found)
                and list(found) == sorted(found)
                and set(names[1:]) <= set(later)
                and all(name > names[0] for name in later)
            )

        self._expect("list", listed, otherwise=self._for_reading())

    def _try_poll(self) -> None:
        """With the cursor of the last time, so that what a poll leaves out is put to the test once a first time has passed."""

        def shown() -> bool:
            _, cursor = self.store.poll(_NEWS, self.cursor)
            data = self.world.entropy.token(64)
            name = self._news(data)
            self._put(name, data)
            names, self.cursor = self.store.poll(_NEWS, cursor)
            return name in names

        self._expect("poll", shown, otherwise=Level.BEARABLE)

    def _try_cut(self) -> None:
        data = self.world.entropy.token(CUT_SIZE)
        name = self._part(data)
        self._note_down(name)
        try:
            with closing(self.connect(_StopMidway())) as cut:
                cut.put(name, data)
        except TransferStoppedError:
            self._expect("cut", lambda: self._is_whole_or_absent(name, data))
        except StoreError as error:
            self._say("cut", Level.BEARABLE, error)

    def _try_clock(self) -> None:
        try:
            theirs = self.store.store_time()
        except StoreError as error:
            self._say("clock", Level.BEARABLE, error)
            return
        if theirs is None:
            return
        apart = self.world.clock.now() - theirs
        level = Level.FINE if abs(apart) <= CLOCK_TOLERANCE else Level.BEARABLE
        self._note(Finding(about="clock", level=level, minutes=round(apart / timedelta(minutes=1))))

    def _try_room(self) -> None:
        if not isinstance(self.store, TellsRoom):
            return
        try:
            room = self.store.room()
        except StoreError as error:
            self._say("room", Level.BEARABLE, error)
            return
        if room is not None:
            level = Level.FINE if room >= LOW_ROOM else Level.BEARABLE
            self._note(Finding(about="room", level=level, room=room))

    def _tidy_up(self) -> None:
        if self.stopper.is_stopped or not self.is_met:
            return
        try:
            for name in self.written:
                self.store.delete(name)
            is_gone = not any(self.store.has(name) for name in self.written[-1:])
            if self.is_own:
                self._sweep()
        except StoreError as error:
            self.stopper.require_going()
            if not any(each.about in {"marker", "put"} and each.level is Level.UNUSABLE for each in self.findings):
                self._say("delete", Level.BEARABLE, error)
            if isinstance(error, StoreUnreachableError):
                return
        else:
            if self.written:
                self._say("delete", Level.FINE if is_gone else Level.BEARABLE)
        self.noted(())

    def _sweep(self) -> None:
        """Removes what others' trials, and writers that were cut off, left in our own inbox a week ago."""
        if isinstance(self.store, Sweeps):
            self.store.sweep(self._now() - LEFT_BEHIND)
        before = f"{self._now() - LEFT_BEHIND:%Y%m%d}"
        for name in (*self.store.list(_PARTS), *self.store.list(_NEWS)):
            day = _DAY.match(name)
            if day is not None and day[1] < before:
                self.store.delete(name)

    # ------------------------------------------------------------ how it is tried

    def _expect(
        self, about: str, act: Callable[[], bool], *, otherwise: Level = Level.UNUSABLE, stop: bool = False
    ) -> None:
        """Notes how an act came out. With `stop` nothing more is tried when it failed."""
        error: DsadeskError | None = None
        self.stopper.require_going()
        try:
            is_fine = act()
        except DsadeskError as caught:
            is_fine, error = False, caught
        self.stopper.require_going()  # what a dropped connection says is nothing that the store does
        self._say(about, Level.FINE if is_fine else otherwise, error)
        if stop and not is_fine:
            raise _GoneError

    def _say(self, about: str, level: Level, error: DsadeskError | None = None) -> None:
        self._note(Finding(about=about, level=level, error=error))

    def _note(self, finding: Finding) -> None:
        self.findings.append(finding)
        self.told(finding)

    def _for_reading(self) -> Level:
        """What it means when reading is refused: everything for our own inbox, little for a place where we only leave things."""
        return Level.UNUSABLE if self.is_own else Level.BEARABLE

    def _put(self, name: str, data: bytes) -> bool:
        self._note_down(name)
        self.store.put(name, data)
        return True

    def _note_down(self, name: str) -> None:
        """Before it is written: what a crash or a cut leaves lying there is removed the next time."""
        self.written.append(name)
        self.noted(tuple(self.written))

    def _is_whole_or_absent(self, name: str, data: bytes) -> bool:
        with closing(self.connect(None)) as second:
            try:
                return second.get(name, len(data)) == data
            except StoreMissingError:
                return name not in second.list(_PARTS)

    def _part(self, data: bytes) -> str:
        return f"{_PARTS}{self._now():%Y%m%d}/{_hash(data)}"

    def _news(self, data: bytes) -> str:
        milliseconds = int(self._now().timestamp() * 1000)
        return f"{_NEWS}{self._now():%Y%m%d}/{milliseconds:013}-{_hash(data)[:32]}"

    def _now(self) -> datetime:
        return self.store.store_time() or self.world.clock.now()


def _hash(data: bytes) -> str:
    return base64.b32encode(hashlib.sha256(data).digest()).decode().lower().rstrip("=")
