"""A conversation in SFTP over a channel: questions go out without waiting, answers are taken in by number.

A server must take requests for one file in the order in which they came (section 4 of the draft), so a whole chain of them
costs one round trip. Everything that a server says has a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from dsadesk.transports.sftp.protocol import (
    CREATE,
    MAX_PACKET,
    NO_ATTRIBUTES,
    VERSION,
    Ask,
    Attributes,
    ProtocolError,
    Reader,
    Reply,
    Space,
    Status,
    StatusError,
    long,
    mode_only,
    number,
    text,
)

RUN = 16 * 1024
"""Bytes of a file in one request, and between two questions to the flow."""
MAX_NAMES = 1_000_000
"""Names that one folder may have before it counts as a trap."""

_SPACE = b"statvfs@openssh.com"
_FLUSH_AT = 8 * 1024
_FOLDERS_AT_ONCE = 16
_FULL_REPLY = 64
"""Names in one answer from which on more may be expected; OpenSSH gives a hundred."""
_NEW_FILES, _NEW_FOLDERS = 0o644, 0o755


class Channel(Protocol):
    """What carries the conversation."""

    def sendall(self, data: bytes, /) -> None:
        """Hands everything over. Raises: OSError."""
        ...

    def recv(self, size: int, /) -> bytes:
        """Takes in what there is, b"" at the end. Raises: OSError."""
        ...

    def recv_ready(self) -> bool:
        """Whether something lies there to be taken in."""
        ...


class Session:
    """SFTP over one channel, for one thread. Every method but `ask` may raise EOFError, OSError, ProtocolError and StatusError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._outgoing = bytearray()
        self._incoming = bytearray()
        self._numbers = 0
        self._wanted: set[int] = set()
        self._unwanted: set[int] = set()
        self._answers: dict[int, tuple[int, bytes]] = {}
        self._extensions: frozenset[bytes] = frozenset()

    def start(self) -> None:
        """Agrees on the version and hears what else the server offers."""
        self._outgoing += self._packet(Ask.INIT, number(VERSION))
        self._flush()
        kind, body = self._packet_in()
        reader = Reader(body)
        if kind != Reply.VERSION or reader.number() != VERSION:
            raise ProtocolError
        offered = set()
        while not reader.is_done:
            offered.add(reader.text())
            reader.text()
        self._extensions = frozenset(offered)

    # ------------------------------------------------------------ questions and answers

    def ask(self, kind: Ask, *fields: bytes) -> int:
        """Puts a question among those that go out next, and gives its number."""
        self._numbers = (self._numbers + 1) & 0xFFFFFFFF
        self._wanted.add(self._numbers)
        self._outgoing += self._packet(kind, number(self._numbers), *fields)
        return self._numbers

    def ask_now(self, kind: Ask, *fields: bytes) -> int:
        """The same, and what waits goes out when there is enough of it."""
        asked = self.ask(kind, *fields)
        if len(self._outgoing) >= _FLUSH_AT:
            self._flush()
        return asked

    def tell(self, kind: Ask, *fields: bytes) -> None:
        """Asks for something whose answer does not matter."""
        self._forget([self.ask(kind, *fields)])

    def answer(self, asked: int) -> tuple[int, Reader]:
        """Waits for the answer of a number: its kind, and what is in it."""
        self._flush()
        while asked not in self._answers:
            self._take_one()
        self._wanted.discard(asked)
        kind, body = self._answers.pop(asked)
        return kind, Reader(body)

    def has_answer(self, asked: int) -> bool:
        """Whether an answer is there already, without waiting."""
        while asked not in self._answers and (self._has_packet() or self._channel.recv_ready()):
            self._take_one()
        return asked in self._answers

    def drop_answers(self) -> None:
        """Leaves what was asked and not waited for: its answers are passed over when they come."""
        self._forget(list(self._wanted))

    def done(self, asked: int) -> None:
        """Waits for an answer that says only how it went. Raises: StatusError unless it went well."""
        kind, reader = self.answer(asked)
        if kind != Reply.STATUS:
            raise ProtocolError
        status = reader.number()
        if status != Status.OK:
            raise StatusError(status)

    def expect(self, asked: int, kind: Reply) -> Reader:
        """Waits for an answer of a kind. Raises: StatusError for a status in its place."""
        got, reader = self.answer(asked)
        if got == Reply.STATUS:
            raise StatusError(reader.number())
        if got != kind:
            raise ProtocolError
        return reader

    def offers(self, extension: bytes) -> bool:
        """Whether the server said that it knows an extension."""
        return extension in self._extensions

    # ------------------------------------------------------------ looking

    def attributes(self, asked: int) -> Attributes | None:
        """What was asked by LSTAT, STAT or FSTAT; None where there is nothing."""
        try:
            return self.expect(asked, Reply.ATTRIBUTES).attributes()
        except StatusError as error:
            if error.status == Status.NO_SUCH_FILE:
                return None
            raise

    def look_at(self, paths: Iterable[str]) -> list[Attributes | None]:
        """What lies at some paths, links not followed, in one round trip."""
        asked = [self.ask(Ask.LSTAT, text(path)) for path in paths]
        return [self.attributes(each) for each in asked]

    def follow(self, path: str) -> Attributes | None:
        """What a path leads to."""
        return self.attributes(self.ask(Ask.STAT, text(path)))

    def space_at(self, path: str) -> Space | None:
        """How much room the disk under a folder has, None where the server cannot say."""
        return self.space(self.ask_space(path))

    def ask_space(self, path: str) -> int | None:
        """Asks how much room there is, where the server can say; `space` waits for it."""
        offers = _SPACE in self._extensions
        return self.ask(Ask.EXTENDED, text(_SPACE), text(path)) if offers else None

    def space(self, asked: int | None) -> Space | None:
        """How much room there is, None where the server cannot say."""
        if asked is None:
            return None
        try:
            return self.expect(asked, Reply.EXTENDED).space()
        except StatusError:
            return None

    # ------------------------------------------------------------ files and folders

    def open(self, path: str, flags: int) -> int:
        """Asks for a file to be opened; `handle` waits for it."""
        attributes = mode_only(_NEW_FILES) if flags & CREATE else NO_ATTRIBUTES
        return self.ask(Ask.OPEN, text(path), number(flags), attributes)

    def handle(self, asked: int) -> bytes:
        """The handle that was asked for."""
        return self.expect(asked, Reply.HANDLE).text()

    def close(self, handle: bytes) -> None:
        """Lets a handle go."""
        self.tell(Ask.CLOSE, text(handle))

    def make_folder(self, path: str) -> int:
        """Asks for a folder to be made."""
        return self.ask(Ask.MKDIR, text(path), mode_only(_NEW_FOLDERS))

    def set_mode(self, path: str, mode: int) -> None:
        """Sets who may use something, where the server lets us."""
        self.tell(Ask.SETSTAT, text(path), mode_only(mode))

    def read(self, handle: bytes, offset: int, size: int) -> int:
        """Asks for a range of a file."""
        return self.ask_now(Ask.READ, text(handle), long(offset), number(size))

    def data(self, asked: int, size: int) -> bytes:
        """The range that was asked for, or less, b"" at the end of the file."""
        try:
            data = self.expect(asked, Reply.DATA).text()
        except StatusError as error:
            if error.status == Status.END:
                return b""
            raise
        if not 0 < len(data) <= size:
            raise ProtocolError
        return data

    def write(self, handle: bytes, offset: int, data: bytes) -> int:
        """Asks for a range of a file to be written; at most a run."""
        return self.ask_now(Ask.WRITE, text(handle), long(offset), text(data))

    def entries(self, folders: Sequence[str]) -> list[list[tuple[str, Attributes]] | None]:
        """What lies in each of some folders, None for one that is not there. Names that are not ASCII are left out."""
        found: list[list[tuple[str, Attributes]] | None] = []
        for start in range(0, len(folders), _FOLDERS_AT_ONCE):
            asked = [self.ask(Ask.OPENDIR, text(folder)) for folder in folders[start : start + _FOLDERS_AT_ONCE]]
            handles = [self._handle_or_none(each) for each in asked]
            first = [None if each is None else self._ask_for_entries(each, 2) for each in handles]
            for handle, questions in zip(handles, first, strict=True):
                found.append(None if handle is None or questions is None else self._entries_of(handle, questions))
        return found

    def _handle_or_none(self, asked: int) -> bytes | None:
        try:
            return self.handle(asked)
        except StatusError as error:
            if error.status == Status.NO_SUCH_FILE:
                return None
            raise

    def _ask_for_entries(self, handle: bytes, times: int) -> list[int]:
        return [self.ask(Ask.READDIR, text(handle)) for _ in range(times)]

    def _entries_of(self, handle: bytes, questions: list[int]) -> list[tuple[str, Attributes]]:
        """Reads a folder to its end, asking ahead: a large one would else cost a round trip for each hundred names."""
        entries: list[tuple[str, Attributes]] = []
        replies = 0
        while questions:
            try:
                reader = self.expect(questions.pop(0), Reply.NAME)
            except StatusError as error:
                if error.status != Status.END:
                    raise
                self._forget(questions)
                break
            names = _names_in(reader)
            entries += names
            if len(entries) > MAX_NAMES:
                raise ProtocolError
            replies += 1
            if replies > 1 or len(names) >= _FULL_REPLY:
                questions += self._ask_for_entries(handle, 1 + (len(questions) < _FOLDERS_AT_ONCE))
            elif not questions:
                questions += self._ask_for_entries(handle, 1)
        self.close(handle)
        return entries

    def _forget(self, questions: Sequence[int]) -> None:
        """Passes over the answers of some questions when they come."""
        self._unwanted.update(each for each in questions if each not in self._answers)
        for each in questions:
            self._wanted.discard(each)
            self._answers.pop(each, None)

    # ------------------------------------------------------------ packets

    @staticmethod
    def _packet(kind: Ask, *fields: bytes) -> bytes:
        body = b"".join(fields)
        return number(len(body) + 1) + bytes((kind,)) + body

    def _flush(self) -> None:
        if self._outgoing:
            data = bytes(self._outgoing)
            self._outgoing.clear()
            self._channel.sendall(data)

    def _take_one(self) -> None:
        """Takes in one packet and puts it where its number is waited for."""
        kind, body = self._packet_in()
        asked = Reader(body).number()
        if asked in self._unwanted:
            self._unwanted.discard(asked)
        elif asked in self._wanted and asked not in self._answers:
            self._answers[asked] = kind, body[4:]
        else:
            raise ProtocolError

    def _has_packet(self) -> bool:
        return len(self._incoming) >= 4 and len(self._incoming) - 4 >= int.from_bytes(self._incoming[:4], "big")

    def _packet_in(self) -> tuple[int, bytes]:
        while not self._has_packet():
            if len(self._incoming) >= 4 and not 1 <= int.from_bytes(self._incoming[:4], "big") <= MAX_PACKET:
                raise ProtocolError
            data = self._channel.recv(64 * 1024)
            if not data:
                raise EOFError
            self._incoming += data
        end = 4 + int.from_bytes(self._incoming[:4], "big")
        if end < 5:
            raise ProtocolError
        kind, body = self._incoming[4], bytes(self._incoming[5:end])
        del self._incoming[:end]
        return kind, body


def _names_in(reader: Reader) -> list[tuple[str, Attributes]]:
    entries = []
    for _ in range(reader.number()):
        name, _long_form, attributes = reader.text(), reader.text(), reader.attributes()
        if name.isascii():
            entries.append((name.decode("ascii"), attributes))
    return entries
