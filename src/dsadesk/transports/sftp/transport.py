"""A store on an SFTP server. Connected when it is first used, by one thread at a time; `close` from another thread ends what is under way.

The marker is looked at on each new connection, and again whenever something in the store is not there: a disk that was
unmounted behind a server looks just like an empty folder. docs/formats/store.md has the layout and the writing.
"""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import ClassVar

from dsadesk.errors import (
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
)
from dsadesk.ports import NO_ACCESS, Flow, Parts, StoreAccess
from dsadesk.transports.marker import StoreMarker
from dsadesk.transports.names import MARKER_NAME, STORE_FOLDER, check_name, check_prefix, is_name
from dsadesk.transports.sftp.address import SftpAddress
from dsadesk.transports.sftp.connection import Connection
from dsadesk.transports.sftp.layout import Layout
from dsadesk.transports.sftp.protocol import (
    CREATE,
    READ,
    TRUNCATE,
    WRITE,
    Ask,
    Attributes,
    Status,
    StatusError,
    text,
)
from dsadesk.transports.sftp.session import Session
from dsadesk.transports.sftp.watching import WIDE_EVERY, Cursor, Moment
from dsadesk.transports.sftp.wire import STALL_SECONDS
from dsadesk.transports.sftp.writing import TEMPORARY_PREFIX, Acknowledged, Writing, Written, read_opened

_ACKNOWLEDGED = Acknowledged()


class SftpTransport:
    """The store at an address. With `expected_id` only that store will do; without, any store that the marker names."""

    NOT_PREPARED: ClassVar[frozenset[str]] = frozenset({"folder-missing", "folder-empty", "marker-missing"})
    """Codes of a place that holds no store."""

    def __init__(
        self,
        address: str,
        *,
        expected_id: str | None = None,
        access: StoreAccess = NO_ACCESS,
        flow: Flow | None = None,
        stall_seconds: float = STALL_SECONDS,
        acknowledged: Acknowledged = _ACKNOWLEDGED,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self._address = SftpAddress.parse(address)
        self._user = self._address.user or access.user
        self._connection = Connection(
            self._address, expected_id=expected_id, access=access, flow=flow, stall_seconds=stall_seconds
        )
        self._act = self._connection.act
        self._pass_on = self._connection.pass_on
        self._acknowledged = acknowledged
        self._seconds = seconds
        self._writer = writer_name(access)
        self._store_clock: tuple[int, float] | None = None
        self._polls = 0
        self.last_written = Written()

    @property
    def address(self) -> str:
        """The address as it was given; there is no secret in it."""
        return self._address.text

    @property
    def parts(self) -> Parts:
        """Fixed ones: a cut inside a part costs only what was on its way."""
        return Parts.RESUMING

    # ------------------------------------------------------------ which store

    def prepare(self, store_id: str, made_at: datetime) -> None:
        """Makes a store in a folder of the server; the folder itself is made where only it is missing.

        Raises: StoreRefusedError("already-a-store" | "folder-in-use" | "store-id-invalid"), StoreMissingError, StoreFullError,
        StoreReadOnlyError, StoreUnreachableError.
        """
        data = StoreMarker.new(store_id, made_at).to_bytes()
        with self._act(writing=True, any_place=True) as layout:
            session, root = layout.session, self._address.path
            if session.follow(root) is None:
                self._make_root(layout)
            layout.require_unused()
            found = session.follow(root)
            mode = found.mode if found else 0o755
            layout.make_base(mode)
            self._write(layout, STORE_FOLDER, MARKER_NAME, data, mode)

    def marker(self) -> StoreMarker:
        """Which store this is. Raises: StoreMissingError, StoreRefusedError, StoreUnreachableError."""
        with self._act(any_place=True) as layout:
            return layout.marker()

    def check(self) -> None:
        """Says whether this is the store that is meant and may be written to. Nothing is written.

        Raises: what `marker` raises, StoreReadOnlyError.
        """
        with self._act() as layout:
            asked = layout.session.ask_space(layout.path(STORE_FOLDER))
            base, marker = layout.session.look_at([layout.path(STORE_FOLDER), layout.path(MARKER_NAME)])
            space = layout.session.space(asked)
            if base is None or marker is None:
                layout.marker()
            if (space is not None and space.is_read_only) or (base is not None and not base.mode & 0o222):
                raise StoreReadOnlyError("store-read-only", address=self.address, reason="access")

    def store_id(self) -> str:
        """The marker's id. Raises: what `marker` raises."""
        return self.marker().id

    # ------------------------------------------------------------ objects

    def put(self, name: str, data: bytes) -> None:
        """Makes an object visible whole or not at all, going on where a cut left off.

        Raises: StoreRefusedError("name-taken" | "name-invalid" | "link-in-store"), StoreFullError, StoreReadOnlyError,
        StoreUnreachableError, TransferStoppedError, and what `marker` raises.
        """
        check_name(name)
        folder = name.rpartition("/")[0]
        with self._act(writing=True, wanted=len(data)) as layout:
            mode = layout.mode_of(folder, about=name)
            if mode is None:
                mode = layout.make(folder, about=name)
            try:
                self._write(layout, folder, name, data, mode)
            except StatusError as error:
                if error.status != Status.NO_SUCH_FILE:
                    raise
                # Somebody removed the folder since we saw it.
                layout.session.drop_answers()
                self._write(layout, folder, name, data, layout.make(folder, about=name))

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes.

        Raises: StoreMissingError("object-missing"), StoreRefusedError("object-too-large" | "name-invalid" | "link-in-store"),
        StoreUnreachableError, TransferStoppedError, and what `marker` raises.
        """
        check_name(name)
        with self._act() as layout:
            session = layout.session
            if layout.mode_of(name.rpartition("/")[0], about=name) is None:
                raise self._missing(layout, name)
            look = session.ask(Ask.LSTAT, text(layout.path(name)))
            opened = session.open(layout.path(name), READ)
            there = session.attributes(look)
            if there is None or not (there.is_file or there.is_link):
                raise self._missing(layout, name)
            if there.is_link:
                raise StoreRefusedError("link-in-store", name=name)
            handle = session.handle(opened)
            if there.size > limit:
                session.close(handle)
                raise StoreRefusedError("object-too-large", name=name, limit=limit)
            return read_opened(session, handle, there.size, self._pass_on)

    def has(self, name: str) -> bool:
        """Whether an object is visible. Raises: as `get`, but never for a missing object."""
        check_name(name)
        with self._act() as layout:
            layout.mode_of(name.rpartition("/")[0], about=name)
            found, marker = layout.session.look_at([layout.path(name), layout.path(MARKER_NAME)])
            if marker is None:
                layout.marker()
            return found is not None and found.is_file

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """The names that begin with a prefix and sort after `after`. Folders that lie wholly before `after` are not opened.

        Raises: StoreRefusedError("name-invalid" | "link-in-store"), StoreUnreachableError, and what `marker` raises.
        """
        check_prefix(prefix)
        folder = prefix.rpartition("/")[0] or STORE_FOLDER
        with self._act() as layout:
            there = layout.mode_of(folder, about=prefix) is not None
            names = tuple(sorted(layout.walk([folder], prefix, after))) if there else ()
            if not names:
                layout.require_marker()
            return names

    def delete(self, name: str) -> None:
        """Removes an object; removing twice is fine. Raises: as `put`."""
        check_name(name)
        with self._act(writing=True) as layout:
            session, path = layout.session, layout.path(name)
            if layout.mode_of(name.rpartition("/")[0], about=name) is None:
                return layout.require_marker()
            found = session.look_at([path])[0]
            if found is None or found.is_folder:
                return None
            return _remove(session, path)

    # ------------------------------------------------------------ time, and what is new

    def round_trip(self) -> float | None:
        """How far away it is, in seconds."""
        return self._connection.round_trip()

    def ready(self, name: str) -> None:
        """Makes the folders that a name lies in. Raises: as `put`."""
        check_name(name)
        folder = name.rpartition("/")[0]
        with self._act(writing=True) as layout:
            if layout.mode_of(folder, about=name) is None:
                layout.make(folder, about=name)

    def store_time(self) -> datetime | None:
        """The server's clock as the time of our own last write showed it; with none yet an empty temporary file is made and removed.

        None where we may not write. Raises: StoreUnreachableError, and what `marker` raises.
        """
        if self._store_clock is None:
            with self._act() as layout:
                self._note_time(self._time_of_a_touch(layout))
        if self._store_clock is None:
            return None
        modified, noted_at = self._store_clock
        return datetime.fromtimestamp(modified, UTC) + timedelta(seconds=monotonic() - noted_at)

    def room(self) -> int | None:
        """Free bytes on the disk under the store, where the server can say. Raises: what `marker` raises."""
        with self._act() as layout:
            space = layout.session.space_at(layout.path(STORE_FOLDER))
        return space.free_bytes if space is not None else None

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Names below a folder that may have come since a cursor: those in folders whose time moved. Idle, it is one round trip.

        At first and every so often it looks at the times of all folders, else at the newest. Raises: as `list`.
        """
        check_prefix(prefix)
        known = Cursor.parse(cursor, prefix) if prefix.endswith("/") else Cursor(prefix)
        is_wide = self._polls % WIDE_EVERY == 0
        self._polls += 1
        top = prefix.rpartition("/")[0] or STORE_FOLDER
        with self._act() as layout:
            watched = ["", *known.newest()]
            looks = layout.session.look_at(layout.path(f"{top}/{each}" if each else top) for each in watched)
            seen = dict(zip(watched, looks, strict=True))
            if seen[""] is None:
                layout.require_marker()
                return (), ""
            if not is_wide and all(known.is_settled(each, seen[each]) for each in watched):
                return (), cursor
            return self._poll_changed(layout, top, known, seen)

    def sweep(self, before: datetime) -> int:
        """Removes temporary files of ours that were last written before a time, left by writing that was cut off; says how many."""
        removed = 0
        with self._act(writing=True) as layout:
            for path, attributes in list(layout.temporaries(self._writer)):
                if attributes.modified < before.timestamp():
                    _remove(layout.session, path)
                    removed += 1
        return removed

    def close(self) -> None:
        """Drops the connection, from any thread. Closing twice is fine; the next act connects again."""
        self._connection.close()

    # ------------------------------------------------------------ parts of acts

    def _write(self, layout: Layout, folder: str, name: str, data: bytes, mode: int) -> None:
        writing = Writing(
            layout.session,
            data,
            place=f"{self._user}@{self._address.place}",
            writer=self._writer,
            acknowledged=self._acknowledged,
            pass_on=self._pass_on,
        )
        self.last_written = writing.written
        began = monotonic()
        writing.put(layout.path(folder), layout.path(name), mode)
        self._connection.went(self.last_written.sent, monotonic() - began)
        self._note_time(self.last_written.modified)

    def _missing(self, layout: Layout, name: str) -> StoreMissingError:
        layout.session.drop_answers()
        layout.require_marker()
        return StoreMissingError("object-missing", name=name)

    def _make_root(self, layout: Layout) -> None:
        """Makes the store's place, but not what it lies in: that is missing when a disk is not there."""
        try:
            layout.session.done(layout.session.make_folder(self._address.path))
        except StatusError as error:
            if error.status != Status.NO_SUCH_FILE:
                raise
            raise StoreMissingError("folder-missing", **layout.about()) from None

    def _time_of_a_touch(self, layout: Layout) -> int:
        session, path = layout.session, layout.path(f"{STORE_FOLDER}/{TEMPORARY_PREFIX}{self._writer}-{0:016x}")
        try:
            handle = session.handle(session.open(path, READ | WRITE | CREATE | TRUNCATE))
        except StatusError:
            return 0
        session.tell(Ask.WRITE, text(handle), bytes(8), text(b"\n"))
        found = session.attributes(session.ask(Ask.FSTAT, text(handle)))
        session.close(handle)
        _remove(session, path)
        return found.modified if found else 0

    def _note_time(self, modified: int) -> None:
        if modified:
            self._store_clock = (modified, monotonic())

    def _poll_changed(
        self, layout: Layout, top: str, known: Cursor, seen: dict[str, Attributes | None]
    ) -> tuple[tuple[str, ...], str]:
        """Lists what is not settled, and says in the next cursor what then is."""
        began = Moment(self._seconds)
        (entries,) = layout.inside([top])
        folders = {name: attributes for name, attributes in entries if attributes.is_folder}
        before = {"": seen[""] or Attributes()} | folders
        changed = [name for name in folders if not known.is_settled(name, folders[name])]
        names = {f"{top}/{name}" for name, attributes in entries if attributes.is_file}
        names.update(layout.walk([f"{top}/{name}" for name in changed], known.prefix))
        looks = layout.session.look_at(layout.path(f"{top}/{each}" if each else top) for each in ("", *changed))
        next_seen = {name: known.seen[name] for name in folders if name not in changed}
        for name, after in zip(("", *changed), looks, strict=True):
            next_seen[name] = known.after_listing(name, before[name], after, began)
        for name in {name.removeprefix(f"{top}/").partition("/")[0] for name in names if _is_deep(name, top)}:
            next_seen[name] = (0, 0)
        found = sorted(name for name in names if name.startswith(known.prefix) and is_name(name))
        return tuple(found), Cursor(known.prefix, next_seen).text()


def _remove(session: Session, path: str) -> None:
    """Removes a file, unless another connection of ours, or its owner, was first."""
    try:
        session.done(session.ask(Ask.REMOVE, text(path)))
    except StatusError as error:
        if error.status != Status.NO_SUCH_FILE:
            raise


def prepare_on_server(transport: SftpTransport, store_id: str, made_at: datetime) -> SftpTransport:
    """Makes a place on a server into a store, or opens the store that it already is. Raises: StoreError."""
    try:
        transport.check()
    except StoreMissingError as error:
        if error.code not in SftpTransport.NOT_PREPARED:
            raise
        transport.prepare(store_id, made_at)
    return transport


def _is_deep(name: str, top: str) -> bool:
    """Whether a name lies so deep that the time of the folder just below `top` says nothing of it."""
    return name.removeprefix(f"{top}/").count("/") > 1


def writer_name(access: StoreAccess) -> str:
    """Eight characters that tell this device's temporary files from others', the same each time, so that a later run finds its own.

    Two devices of one name do no harm: under a temporary name lie only ever the bytes that its hash names.
    """
    who = access.key or f"{platform.node()}/{access.user}"
    return hashlib.sha256(b"dsadesk-writer-v1\n" + who.encode()).hexdigest()[:8]
