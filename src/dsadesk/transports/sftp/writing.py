"""Writing an object so that it appears whole or not at all, and so that a cut costs no more than what was on its way.

OpenSSH shows a file under its name while it is being written. So the bytes go to a temporary name made from their own hash, are
flushed to the server's disk, and only then get their name by a rename that never replaces. After a cut the temporary file is
gone on with at its length. What of it this program did not see acknowledged is read back while the rest is written, and what
differs is written again: neither a server that keeps holes nor a crash can slip wrong bytes under a name that stays.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from dsadesk.errors import StoreRefusedError, StoreUnreachableError
from dsadesk.transports.sftp.protocol import (
    CREATE,
    READ,
    WRITE,
    Ask,
    Attributes,
    Status,
    StatusError,
    mode_only,
    size_only,
    text,
)
from dsadesk.transports.sftp.session import RUN, Session

TEMPORARY_PREFIX = ".tmp-"
MAX_ON_THE_WAY = 64
"""Runs that may wait for their answers: 1 MiB."""
_LEAST_ON_THE_WAY, _FIRST_ON_THE_WAY = 2, 4
_QUEUE_SECONDS = 2.0
"""When an answer takes longer, fewer runs are sent ahead: what waits in buffers on a slow link is what a cut throws away."""

_REMEMBERED = 4096
_FSYNC = b"fsync@openssh.com"


class Acknowledged:
    """How much of each temporary file servers have acknowledged to this program, by place and name. Shared by all connections."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sizes: OrderedDict[tuple[str, str], int] = OrderedDict()

    def of(self, place: str, path: str) -> int:
        """Bytes from the beginning that need not be read back."""
        with self._lock:
            return self._sizes.get((place, path), 0)

    def note(self, place: str, path: str, size: int) -> None:
        """Remembers a number of bytes; 0 forgets."""
        with self._lock:
            self._sizes.pop((place, path), None)
            if size:
                self._sizes[place, path] = size
            if len(self._sizes) > _REMEMBERED:
                self._sizes.popitem(last=False)


@dataclass
class Written:
    """What one `put` cost and gave, for tests and measurements: bytes handed over, bytes read back, and the server's time."""

    sent: int = 0
    read_back: int = 0
    repaired: int = 0
    modified: int = 0


class Writing:
    """One object on its way to its name. `pass_on` is asked before each run."""

    def __init__(
        self,
        session: Session,
        data: bytes,
        *,
        place: str,
        writer: str,
        acknowledged: Acknowledged,
        pass_on: Callable[[int], None],
    ) -> None:
        self._session = session
        self._data = data
        self._place = place
        self._acknowledged = acknowledged
        self._pass_on = pass_on
        self._reads: deque[tuple[int, int, int]] = deque()
        self._writes: deque[tuple[int, int, float]] = deque()
        self._window = _FIRST_ON_THE_WAY
        self._wrong: list[tuple[int, int]] = []
        self._written_to = 0
        self._name = f"{TEMPORARY_PREFIX}{writer}-{hashlib.sha256(data).hexdigest()[:16]}"
        self._known = 0
        self.written = Written()

    def put(self, folder: str, path: str, mode: int) -> Written:
        """Makes the object visible at a path in a folder that is there. Its rights follow from the folder's `mode`.

        Raises: StoreRefusedError("name-taken" | "link-in-store"), StoreUnreachableError("write-short" | "write-lost"), StatusError,
        EOFError, OSError, ProtocolError.
        """
        session = self._session
        temporary = f"{folder}/{self._name}"
        looks = [session.ask(Ask.LSTAT, text(each)) for each in (path, temporary)]
        opened = session.open(temporary, READ | WRITE | CREATE)
        there, begun = (session.attributes(each) for each in looks)
        handle = session.handle(opened)
        is_ours = False
        try:
            if there is None:
                self._fill(handle, folder, temporary, begun, mode)
        finally:
            session.close(handle)
        if there is None:
            there, is_ours = self._publish(temporary, path)
        else:
            session.tell(Ask.REMOVE, text(temporary))
        self._acknowledged.note(self._place, temporary, 0)
        self._require_ours(there, path, is_ours=is_ours)
        self.written.modified = there.modified if there else 0
        return self.written

    # ------------------------------------------------------------ the temporary file

    def _fill(self, handle: bytes, folder: str, temporary: str, begun: Attributes | None, mode: int) -> None:
        size = begun.size if begun is not None else 0
        if begun is not None and not begun.is_file:
            self._session.tell(Ask.REMOVE, text(temporary))
            raise StoreRefusedError("link-in-store", name=self._name)
        try:
            if size > len(self._data):
                size = self._empty(handle)
            self._known = min(self._acknowledged.of(self._place, temporary), size)
            self._send(handle, size)
            self._finish(handle, mode)
        except StatusError as error:
            # The server will not have it: what lies there takes room that it may be lacking.
            error.space = self._session.space_at(folder)
            self._session.tell(Ask.REMOVE, text(temporary))
            self._known = 0
            raise
        finally:
            self._acknowledged.note(self._place, temporary, self._known)

    def _empty(self, handle: bytes) -> int:
        """Empties what is longer than it can be. Nothing of it is believed."""
        self._session.done(self._session.ask(Ask.FSETSTAT, text(handle), size_only(0)))
        return 0

    def _send(self, handle: bytes, size: int) -> None:
        """Reads back what nobody acknowledged, writes what is missing meanwhile, and writes again what differs."""
        for offset in range(self._known, size, RUN):
            length = min(RUN, size - offset)
            self._pass_on(length)
            self._reads.append((self._session.read(handle, offset, length), offset, length))
        is_resumed = bool(self._reads)
        for start in range(size, len(self._data), RUN):
            self._write(handle, start, start + RUN)
            self._settle(self._window)
        if is_resumed:
            self._settle(0)
            wrong, self._wrong = self._wrong, []
            for start, end in wrong:
                self.written.repaired += end - start
                self._write(handle, start, end)

    def _write(self, handle: bytes, start: int, end: int) -> None:
        run = self._data[start:end]
        self._pass_on(len(run))
        self._writes.append((self._session.write(handle, start, run), start + len(run), monotonic()))
        self.written.sent += len(run)

    def _settle(self, may_wait: int) -> None:
        """Takes in the answers that are there, and waits until no more than so many are missing."""
        session = self._session
        while self._reads and (may_wait == 0 or session.has_answer(self._reads[0][0])):
            asked, offset, length = self._reads.popleft()
            found = session.data(asked, length)
            self.written.read_back += len(found)
            if found != self._data[offset : offset + length]:
                self._wrong.append((offset, offset + length))
            elif not self._wrong:
                self._known = offset + length
        while self._writes and (len(self._writes) > may_wait or session.has_answer(self._writes[0][0])):
            asked, end, sent_at = self._writes.popleft()
            session.done(asked)
            is_quick = monotonic() - sent_at < _QUEUE_SECONDS
            self._window = (
                min(self._window + 1, MAX_ON_THE_WAY) if is_quick else max(self._window - 1, _LEAST_ON_THE_WAY)
            )
            self._written_to = max(self._written_to, end)
        if not (self._reads or self._wrong):
            self._known = max(self._known, self._written_to)

    def _finish(self, handle: bytes, mode: int) -> None:
        """Flushes to the server's disk and compares the length; asked for before the last runs are answered, which costs no round trip."""
        session = self._session
        session.tell(Ask.FSETSTAT, text(handle), mode_only(file_mode(mode)))
        flush = session.ask(Ask.EXTENDED, text(_FSYNC), text(handle)) if session.offers(_FSYNC) else None
        look = session.ask(Ask.FSTAT, text(handle))
        self._settle(0)
        if flush is not None:
            _require_flushed(session, flush)
        found = session.attributes(look)
        if found is None or found.size != len(self._data):
            raise StoreUnreachableError("write-short", size=found.size if found else 0, expected=len(self._data))

    # ------------------------------------------------------------ its name

    def _publish(self, temporary: str, path: str) -> tuple[Attributes | None, bool]:
        """Gives the file its name unless the name is taken. Says what then has the name, and whether it is the file."""
        session = self._session
        renamed = session.ask(Ask.RENAME, text(temporary), text(path))
        look = session.ask(Ask.LSTAT, text(path))
        try:
            session.done(renamed)
        except StatusError:
            there = session.attributes(look)
            if there is None:
                raise
            session.tell(Ask.REMOVE, text(temporary))
            return there, False
        return session.attributes(look), True

    def _require_ours(self, there: Attributes | None, path: str, *, is_ours: bool) -> None:
        """Raises: StoreError unless what has the name is what was to be written."""
        if there is None:
            raise StoreUnreachableError("write-lost")
        if there.is_link:
            raise StoreRefusedError("link-in-store", name=path[-200:])
        if is_ours and there.size != len(self._data):
            raise StoreUnreachableError("write-short", size=there.size, expected=len(self._data))
        if not there.is_file or not (is_ours or self._is_same(path, there)):
            raise StoreRefusedError("name-taken", name=path[-200:])

    def _is_same(self, path: str, there: Attributes) -> bool:
        """Whether what has the name has our bytes."""
        same_size = there.size == len(self._data)
        return same_size and read_whole(self._session, path, there.size, self._pass_on) == self._data


def _require_flushed(session: Session, flush: int) -> None:
    """Some file systems cannot flush, and a server that cannot says so. Raises: StatusError when the disk failed."""
    try:
        session.done(flush)
    except StatusError as error:
        if error.status not in (Status.NOT_OFFERED, Status.BAD_MESSAGE):
            raise


def file_mode(folder_mode: int) -> int:
    """The rights of a file: ours to change, and to be read by whoever may enter the folder, since the other side must read it."""
    return 0o600 | ((folder_mode | (folder_mode << 2)) & 0o044)


def read_whole(session: Session, path: str, size: int, pass_on: Callable[[int], None]) -> bytes:
    """The first `size` bytes of a file, or as many as there are. Raises: StatusError, EOFError, OSError, ProtocolError."""
    return read_opened(session, session.handle(session.open(path, READ)), size, pass_on)


def read_opened(session: Session, handle: bytes, size: int, pass_on: Callable[[int], None]) -> bytes:
    """The same by a handle, which is let go. A server may give less than was asked for; the rest is then asked for again."""
    content = bytearray()
    asked: deque[tuple[int, int]] = deque()
    next_offset = 0
    while len(content) < size:
        while len(asked) < MAX_ON_THE_WAY and next_offset < size:
            length = min(RUN, size - next_offset)
            pass_on(length)
            asked.append((session.read(handle, next_offset, length), length))
            next_offset += length
        question, length = asked.popleft()
        data = session.data(question, length)
        if not data:
            break
        content += data
        if len(data) < length:
            session.drop_answers()
            asked.clear()
            next_offset = len(content)
    session.close(handle)
    return bytes(content)
