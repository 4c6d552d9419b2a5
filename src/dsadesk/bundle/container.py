"""A bundle as one file, `name.dsabundle`: a ZIP whose members are stored, so that `unzip` and `age` open it without us.

Members, in this order: `mimetype`, `README.txt`, `m.age`, then `a/0001.age`, `a/0002.age` … A bundle of given members has exactly one
spelling: writer and reader share the functions that make each header, and the reader compares. So there is no byte that could be changed,
put in or left out unseen. Why each limit stands here is in docs/formats/bundle.md.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zlib
from collections.abc import Sequence
from typing import BinaryIO, Protocol

from msgspec import Struct

from dsadesk import age
from dsadesk.bundle.manifest import MAX_BUNDLE_BYTES, MAX_FILES, FileEntry
from dsadesk.bundle.unseal import MAX_SEALED_BYTES
from dsadesk.errors import ContainerError, ContentsError

MIMETYPE = b"application/vnd.dsadesk.bundle+zip"
SUFFIX = ".dsabundle"
MAX_MEMBERS = 3 + MAX_FILES
README = b"""This file is a sealed data sharing request, made by dsadesk.

Only the organisations that it is addressed to can open it. With dsadesk: open the file.

Without dsadesk you need the programs unzip and age (version 1.3 or later) and your
organisation's inbox key, which a colleague writes to a file with the command
"dsadesk keys export-inbox-key". age will ask you for the passphrase of that file.

    unzip NAME.dsabundle -d bundle
    age -d -i inbox-key.age -o envelope.json bundle/m.age
    age -d -i inbox-key.age -o sample bundle/a/0001.age

envelope.json is a DSSE envelope; its "payload" is the signed manifest in base64.
docs/opening-without-dsadesk.md, which comes with dsadesk, says how to check the
signatures with openssl, and what to do where there is only an older age.
"""
READMES = (README,)
"""Every text that a released version has put into bundles. A new one is added; none is taken away or changed."""

_MEMBER = re.compile(rb"mimetype\Z|README\.txt\Z|m\.age\Z|a/[0-9]{4}\.age\Z")
_LONGEST_NAME = 10

# Source of the layout and of the field names: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_64_MARK, _LOCATOR_64_MARK = b"PK\x06\x06", b"PK\x06\x07"
_MIDNIGHT, _FIRST_DAY = 0, 1 << 5 | 1  # 1 January 1980, the earliest that a ZIP can say
_PLAIN, _ZIP_64 = 20, 45
_UNIX = 3 << 8
_REGULAR_FILE = (stat.S_IFREG | 0o600) << 16
_FULL = 0xFFFF_FFFF
_BATCH = 1024 * 1024


class Parcel(Protocol):
    """A bundle that has arrived by whatever way: its sealed manifest, and its objects by number."""

    @property
    def sealed(self) -> bytes:
        """The sealed manifest, an age file."""
        ...

    def require(self, files: Sequence[FileEntry]) -> None:
        """Checks that exactly these objects came, each of its signed size, before any of their bytes is read or fetched.

        Raises: ContainerError, ContentsError("object-size").
        """
        ...

    def header(self, n: int) -> bytes:
        """The age header of object `n`."""
        ...

    def payload(self, n: int) -> BinaryIO:
        """The encrypted payload of object `n`, from its first byte. The caller closes it."""
        ...


class _Member(Struct, frozen=True):
    """One member: its name, where its local header begins, and what the header says of its data."""

    name: str
    offset: int
    size: int
    crc: int

    @property
    def start(self) -> int:
        """Where its data begins."""
        return self.offset + len(_local_header(self))

    @property
    def end(self) -> int:
        """Where the next header begins."""
        return self.start + self.size


def member_name(n: int) -> str:
    """The name of object `n` in the container."""
    return f"a/{n:04d}.age"


def write_container(sink: BinaryIO, sealed: bytes, objects: Sequence[tuple[bytes, BinaryIO, int]]) -> None:
    """Writes a container to a seekable sink, from where it stands. An object is its age header, its payload and the payload's size.

    Raises: ContainerError("object-missing", n) when a payload is not as long as it was said to be.
    """
    writer = _Writer(sink)
    for name, data in (("mimetype", MIMETYPE), ("README.txt", README), ("m.age", sealed)):
        writer.add(name, data, io.BytesIO(), 0)
    for n, (header, payload, size) in enumerate(objects, 1):
        if not writer.add(member_name(n), header, payload, size):
            raise ContainerError("object-missing", n=n)
    writer.finish()


def container_size(sealed: bytes, objects: Sequence[tuple[bytes, int]]) -> int:
    """How many bytes `write_container` will write. An object is its age header and the size of its payload."""
    sizes = [("mimetype", len(MIMETYPE)), ("README.txt", len(README)), ("m.age", len(sealed))]
    sizes += [(member_name(n), len(header) + size) for n, (header, size) in enumerate(objects, 1)]
    end, members = 0, []
    for name, size in sizes:
        members.append(_Member(name, end, size, 0))
        end = members[-1].end
    return end + len(_directory(members))


class _Writer:
    """Appends members to a file and then their directory."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._origin = sink.tell()
        self._members: list[_Member] = []

    def add(self, name: str, data: bytes, more: BinaryIO, size: int) -> bool:
        """Writes a member that is `data` and then `size` bytes of `more`. False when `more` does not have exactly so many."""
        offset = self._sink.tell() - self._origin
        planned = _Member(name, offset, len(data) + size, 0)
        self._sink.write(_local_header(planned))
        self._sink.write(data)
        crc, copied = zlib.crc32(data), 0
        while batch := more.read(_BATCH):
            crc, copied = zlib.crc32(batch, crc), copied + len(batch)
            self._sink.write(batch)
        member = _Member(name, offset, planned.size, crc)
        self._members.append(member)
        self._sink.seek(self._origin + offset)
        self._sink.write(_local_header(member))
        self._sink.seek(0, io.SEEK_END)
        return copied == size

    def finish(self) -> None:
        """Writes the directory."""
        self._sink.write(_directory(self._members))


class BundleFile:
    """A container opened for reading; a `Parcel`."""

    def __init__(self, handle: BinaryIO) -> None:
        """Checks the container's shape, which needs a few reads whatever its size, and the whole of its sealed manifest.

        Raises: ContainerError("not-a-bundle" | "member-name" | "member-twice" | "member-packed" | "member-order" | "trailing-bytes" |
        "too-large" | "mimetype").
        """
        self._handle = handle
        self._size = handle.seek(0, io.SEEK_END)
        self._members = self._read_members()
        mimetype, readme, manifest, *_ = self._members
        if self._read(mimetype, 200) != MIMETYPE:
            raise ContainerError("mimetype")
        if self._read(readme, 64 * 1024) not in READMES:
            raise ContainerError("member-order", name=readme.name)
        self._sealed = self._read(manifest, MAX_SEALED_BYTES)

    @property
    def sealed(self) -> bytes:
        """The sealed manifest."""
        return self._sealed

    def require(self, files: Sequence[FileEntry]) -> None:
        """Checks that exactly these objects are there. Raises: ContainerError("object-missing" | "member-order"), ContentsError("object-size")."""
        count = len(self._members) - 3
        if count < len(files):
            raise ContainerError("object-missing", n=count + 1)
        if count > len(files):
            raise ContainerError("member-order", name=member_name(len(files) + 1))
        for entry in files:
            if self._member(entry.n).size != len(self.header(entry.n)) + entry.payload_size:
                raise ContentsError("object-size", n=entry.n, name=entry.name)

    def header(self, n: int) -> bytes:
        """The age header of object `n`. Raises: ContainerError("object-missing" | "object-header")."""
        member = self._member(n)
        self._handle.seek(member.start)
        try:
            _, length = age.read_header(self._handle)
        except age.AgeError as error:
            raise ContainerError("object-header", n=n) from error
        if length > member.size:
            raise ContainerError("object-header", n=n)
        return self._at(member.start, length)

    def payload(self, n: int) -> BinaryIO:
        """The payload of object `n`; its last read raises ContainerError("not-a-bundle") if the member's checksum is wrong. Raises: as `header`."""
        member = self._member(n)
        return io.BufferedReader(_MemberReader(self._handle, member, self.header(n)), min(_BATCH, max(member.size, 1)))

    def _member(self, n: int) -> _Member:
        if not 1 <= n <= len(self._members) - 3:
            raise ContainerError("object-missing", n=n)
        return self._members[2 + n]

    def _read(self, member: _Member, limit: int) -> bytes:
        if member.size > limit:
            raise ContainerError("too-large", name=member.name, limit=limit)
        data = self._at(member.start, member.size)
        if zlib.crc32(data) != member.crc:
            raise ContainerError("not-a-bundle", name=member.name)
        return data

    def _read_members(self) -> list[_Member]:
        members: list[_Member] = []
        offset = 0
        while (mark := self._at(offset, 4)) != _CENTRAL_MARK:
            if mark != _LOCAL_MARK:
                is_more = members and offset + 4 <= self._size
                raise ContainerError("trailing-bytes" if is_more else "not-a-bundle")
            if len(members) == MAX_MEMBERS:
                raise ContainerError("member-order", count=len(members) + 1)
            member = self._read_member(offset, len(members))
            if any(member.name == other.name for other in members):
                raise ContainerError("member-twice", name=member.name)
            if member.name != _name_at(len(members)):
                raise ContainerError("member-order", name=member.name)
            members.append(member)
            offset = member.end
        if len(members) < 3:
            raise ContainerError("member-order", count=len(members))
        self._check_directory(members)
        return members

    def _read_member(self, offset: int, place: int) -> _Member:
        """Reads what a local header says, and then whether it is written exactly as it would be written here."""
        fixed = self._at(offset, _LOCAL.size)
        if len(fixed) < _LOCAL.size:
            raise ContainerError("not-a-bundle")
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(fixed)
        name = self._at(offset + _LOCAL.size, min(name_length, _LONGEST_NAME))
        if name_length > _LONGEST_NAME or _MEMBER.match(name) is None:
            raise ContainerError("member-name", place=place + 1)
        if flags or method or packed != size:
            raise ContainerError("member-packed", name=name.decode())
        if size == _FULL:
            extra = self._at(offset + _LOCAL.size + name_length, 20)
            size = int.from_bytes(extra[4:12], "little") if len(extra) == 20 else 0
        if size > MAX_BUNDLE_BYTES:
            raise ContainerError("too-large", name=name.decode(), limit=MAX_BUNDLE_BYTES)
        member = _Member(name.decode(), offset, size, crc)
        written = self._at(offset, _LOCAL.size + name_length + extra_length)
        if written != _local_header(member) or member.end > self._size:
            raise ContainerError("not-a-bundle", name=member.name)
        return member

    def _check_directory(self, members: Sequence[_Member]) -> None:
        expected = _directory(members)
        rest = self._size - members[-1].end
        if rest > len(expected):
            raise ContainerError("trailing-bytes")
        if rest < len(expected):
            raise ContainerError("not-a-bundle")
        if self._at(members[-1].end, rest) != expected:
            raise ContainerError("member-order", name="directory")

    def _at(self, offset: int, length: int) -> bytes:
        self._handle.seek(offset)
        return self._handle.read(length)


class _MemberReader(io.RawIOBase):
    """A member's data behind its age header, with the checksum of all of it compared at the end. Moves the handle; one reader at a time."""

    def __init__(self, handle: BinaryIO, member: _Member, header: bytes) -> None:
        super().__init__()
        self._handle = handle
        self._member = member
        self._position = member.start + len(header)
        self._crc = zlib.crc32(header)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        wanted = min(len(view), self._member.end - self._position)
        self._handle.seek(self._position)
        data = self._handle.read(wanted)
        view[: len(data)] = data
        self._crc = zlib.crc32(data, self._crc)
        self._position += len(data)
        if len(data) < wanted or (self._position == self._member.end and self._crc != self._member.crc):
            raise ContainerError("not-a-bundle", name=self._member.name)
        return len(data)


def _name_at(place: int) -> str:
    return ("mimetype", "README.txt", "m.age")[place] if place < 3 else member_name(place - 2)


def _local_header(member: _Member) -> bytes:
    is_large = member.size >= _FULL
    size = _FULL if is_large else member.size
    extra = struct.pack("<2H2Q", 1, 16, member.size, member.size) if is_large else b""
    name, version = member.name.encode(), _ZIP_64 if is_large else _PLAIN
    fixed = (version, 0, 0, _MIDNIGHT, _FIRST_DAY, member.crc, size, size, len(name), len(extra))
    return _LOCAL.pack(_LOCAL_MARK, *fixed) + name + extra


def _central_header(member: _Member) -> bytes:
    large = [member.size, member.size] if member.size >= _FULL else []
    large += [member.offset] if member.offset >= _FULL else []
    extra = struct.pack(f"<2H{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    name, version = member.name.encode(), _ZIP_64 if large else _PLAIN
    size, offset = min(member.size, _FULL), min(member.offset, _FULL)
    fixed = (_UNIX | version, version, 0, 0, _MIDNIGHT, _FIRST_DAY, member.crc, size, size, len(name), len(extra))
    return _CENTRAL.pack(_CENTRAL_MARK, *fixed, 0, 0, 0, _REGULAR_FILE, offset) + name + extra


def _directory(members: Sequence[_Member]) -> bytes:
    """Everything that stands behind the last member."""
    entries = b"".join(_central_header(member) for member in members)
    start, count = members[-1].end, len(members)
    tail = b""
    if start >= _FULL:
        record = (_END_64.size - 12, _UNIX | _ZIP_64, _ZIP_64, 0, 0, count, count, len(entries), start)
        tail = _END_64.pack(_END_64_MARK, *record) + _LOCATOR_64.pack(_LOCATOR_64_MARK, 0, start + len(entries), 1)
    return entries + tail + _END.pack(_END_MARK, 0, 0, count, count, len(entries), min(start, _FULL), 0)
