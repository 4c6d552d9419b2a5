"""The bytes of SFTP version 3 (draft-ietf-secsh-filexfer-02), as far as a store needs them: numbers, attributes, and reading with limits."""

from __future__ import annotations

import stat
import struct
from dataclasses import dataclass
from enum import IntEnum

VERSION = 3
MAX_PACKET = 256 * 1024
"""What OpenSSH itself holds packets to."""


class Ask(IntEnum):
    """What we ask."""

    INIT = 1
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    FSETSTAT = 10
    SETSTAT = 9
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    STAT = 17
    RENAME = 18
    EXTENDED = 200


class Reply(IntEnum):
    """What is answered."""

    VERSION = 2
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRIBUTES = 105
    EXTENDED = 201


class Status(IntEnum):
    """How it went."""

    OK = 0
    END = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    NO_CONNECTION = 6
    CONNECTION_LOST = 7
    NOT_OFFERED = 8


READ, WRITE, CREATE, TRUNCATE, EXCLUSIVE = 0x01, 0x02, 0x08, 0x10, 0x20

_HAS_SIZE, _HAS_OWNER, _HAS_MODE, _HAS_TIMES, _HAS_MORE = 0x01, 0x02, 0x04, 0x08, 0x80000000
NO_ATTRIBUTES = struct.pack(">I", 0)


class ProtocolError(Exception):
    """The other side does not speak the protocol, or says what nobody asked."""


class StatusError(Exception):
    """The server answered that it did not do something. `status` is its number; its words are not kept. `space` is what the disk had then."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        self.space: Space | None = None


@dataclass(frozen=True, kw_only=True)
class Attributes:
    """What a server says of a file: size in bytes, mode as in POSIX, times in whole seconds since 1970 by its own clock."""

    size: int = 0
    mode: int = 0
    accessed: int = 0
    modified: int = 0

    @property
    def is_folder(self) -> bool:
        """A folder."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """An ordinary file."""
        return stat.S_ISREG(self.mode)

    @property
    def is_link(self) -> bool:
        """A symbolic link."""
        return stat.S_ISLNK(self.mode)


@dataclass(frozen=True, kw_only=True)
class Space:
    """What a server says of the disk under a folder."""

    free_bytes: int
    free_files: int
    is_read_only: bool


class Reader:
    """Takes values from a packet, one after another, and no byte beyond its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self) -> int:
        """32 bits. Raises: ProtocolError."""
        return int.from_bytes(self._take(4), "big")

    def long(self) -> int:
        """64 bits. Raises: ProtocolError."""
        return int.from_bytes(self._take(8), "big")

    def text(self) -> bytes:
        """A string with its length before it. Raises: ProtocolError."""
        return self._take(self.number())

    def attributes(self) -> Attributes:
        """A file's attributes. Raises: ProtocolError."""
        flags = self.number()
        size = self.long() if flags & _HAS_SIZE else 0
        if flags & _HAS_OWNER:
            self._take(8)
        mode = self.number() if flags & _HAS_MODE else 0
        accessed, modified = (self.number(), self.number()) if flags & _HAS_TIMES else (0, 0)
        for _ in range(self.number() if flags & _HAS_MORE else 0):
            self.text()
            self.text()
        return Attributes(size=size, mode=mode, accessed=accessed, modified=modified)

    def space(self) -> Space:
        """The answer to statvfs@openssh.com. Raises: ProtocolError."""
        _, fragment, _, _, available, _, _, files, _, flags, _ = (self.long() for _ in range(11))
        return Space(free_bytes=available * fragment, free_files=files, is_read_only=bool(flags & 1))

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._data)

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) != size:
            raise ProtocolError
        self._at += size
        return taken


def number(value: int) -> bytes:
    """32 bits as they are sent."""
    return struct.pack(">I", value)


def long(value: int) -> bytes:
    """64 bits as they are sent."""
    return struct.pack(">Q", value)


def text(value: bytes | str) -> bytes:
    """A string as it is sent; paths are UTF-8."""
    data = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(data)) + data


def size_only(size: int) -> bytes:
    """Attributes that say nothing but the size."""
    return struct.pack(">IQ", _HAS_SIZE, size)


def mode_only(mode: int) -> bytes:
    """Attributes that say nothing but the mode."""
    return struct.pack(">II", _HAS_MODE, stat.S_IMODE(mode))
