"""A bundle as one file, `name.dsabundle`: a ZIP whose members are stored, so that `unzip` and `age` open it without us.

Members, in this order: `mimetype`, `README.txt`, `m.age`, then `a/0001.age`, `a/0002.age` … The reader accepts exactly that and nothing
beside it. Why each limit stands here is in docs/formats/bundle.md.
"""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
from collections.abc import Sequence
from typing import BinaryIO, Protocol

from dsadesk import age
from dsadesk.bundle.unseal import MAX_SEALED_BYTES
from dsadesk.errors import ContainerError

MIMETYPE = b"application/vnd.dsadesk.bundle+zip"
SUFFIX = ".dsabundle"
MAX_MEMBERS = 103
MAX_HEADER_BYTES = 1024 * 1024
MAX_BUNDLE_BYTES = 64 * 1024**3
README = b"""This file is a sealed data sharing request, made by dsadesk.

Only the organisations it is addressed to can open it. With dsadesk: open the file.
Without dsadesk: you need the program "age" (version 1.3 or later) and your organisation's inbox key.

    unzip NAME.dsabundle -d bundle
    age -d -i inbox-key.txt bundle/m.age > envelope.json
    age -d -i inbox-key.txt bundle/a/0001.age > sample

envelope.json is a DSSE envelope; its "payload" is the signed manifest in base64.
"""
_MEMBER = re.compile(r"mimetype\Z|README\.txt\Z|m\.age\Z|a/[0-9]{4}\.age\Z")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Parcel(Protocol):
    """A bundle that has arrived by whatever way: its sealed manifest, and its objects by number."""

    @property
    def sealed(self) -> bytes:
        """The sealed manifest, an age file."""
        ...

    def header(self, n: int) -> bytes:
        """The age header of object `n`."""
        ...

    def payload(self, n: int) -> BinaryIO:
        """The encrypted payload of object `n`, from its first byte. The caller closes it."""
        ...


def member_name(n: int) -> str:
    """The name of object `n` in the container."""
    return f"a/{n:04d}.age"


def write_container(sink: BinaryIO, sealed: bytes, objects: Sequence[tuple[bytes, BinaryIO, int]]) -> None:
    """Writes a container. Each object is its age header, a handle on its payload, and the payload's size."""
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, data in (("mimetype", MIMETYPE), ("README.txt", README), ("m.age", sealed)):
            archive.writestr(_info(name), data)
        for n, (header, payload, size) in enumerate(objects, 1):
            info = _info(member_name(n))
            info.file_size = len(header) + size
            with archive.open(info, "w", force_zip64=info.file_size > 2**31 - 1) as member:
                member.write(header)
                shutil.copyfileobj(payload, member, 1024 * 1024)


class BundleFile:
    """A container opened for reading; a `Parcel`."""

    def __init__(self, handle: BinaryIO) -> None:
        """Checks the container's shape.

        Raises: ContainerError("not-a-bundle" | "member-name" | "member-twice" | "member-packed" | "member-order" | "trailing-bytes" |
        "too-large" | "mimetype").
        """
        self._handle = handle
        try:
            self._archive = zipfile.ZipFile(handle)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise ContainerError("not-a-bundle") from error
        self._check()
        self._sealed = self._read("m.age", MAX_SEALED_BYTES)

    @property
    def sealed(self) -> bytes:
        """The sealed manifest."""
        return self._sealed

    @property
    def count(self) -> int:
        """How many objects the container holds."""
        return len(self._archive.infolist()) - 3

    def header(self, n: int) -> bytes:
        """The age header of object `n`. Raises: ContainerError("object-missing" | "object-header")."""
        with self._member(n) as member:
            start = member.read(MAX_HEADER_BYTES + 64)
        try:
            _, length = age.parse_header(start)
        except age.AgeError as error:
            raise ContainerError("object-header", n=n) from error
        return start[:length]

    def payload(self, n: int) -> BinaryIO:
        """The payload of object `n`. Raises: as `header`."""
        length = len(self.header(n))
        member = self._member(n)
        member.read(length)
        return member

    def _member(self, n: int) -> BinaryIO:
        try:
            return self._archive.open(member_name(n))  # type: ignore[return-value]
        except (KeyError, zipfile.BadZipFile, OSError) as error:
            raise ContainerError("object-missing", n=n) from error

    def _read(self, name: str, limit: int) -> bytes:
        if self._archive.getinfo(name).file_size > limit:
            raise ContainerError("too-large", name=name, limit=limit)
        try:
            with self._archive.open(name) as member:
                return member.read(limit)
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            raise ContainerError("not-a-bundle", name=name) from error

    def _check(self) -> None:
        members = self._archive.infolist()
        if not 3 <= len(members) <= MAX_MEMBERS:
            raise ContainerError("member-order", count=len(members))
        names = [member.filename for member in members]
        if len(set(names)) != len(names):
            raise ContainerError("member-twice")
        expected = ["mimetype", "README.txt", "m.age", *(member_name(n) for n in range(1, len(members) - 2))]
        offset = 0
        for member, name in zip(members, expected, strict=True):
            _check_member(member)
            if member.filename != name or member.header_offset != offset:
                raise ContainerError("member-order", name=member.filename[:80])
            offset += 30 + len(member.filename.encode()) + self._extra(member) + member.compress_size
        if sum(member.file_size for member in members) > MAX_BUNDLE_BYTES:
            raise ContainerError("too-large", limit=MAX_BUNDLE_BYTES)
        if self._archive.comment or offset != self._archive.start_dir:
            raise ContainerError("trailing-bytes")
        if self._read("mimetype", 200) != MIMETYPE:
            raise ContainerError("mimetype")

    def _extra(self, member: zipfile.ZipInfo) -> int:
        """The length of the local extra field, which the directory does not tell."""
        self._handle.seek(member.header_offset + 26)
        lengths = self._handle.read(4)
        if len(lengths) != 4 or int.from_bytes(lengths[:2], "little") != len(member.filename.encode()):
            raise ContainerError("member-name", name=member.filename[:80])
        return int.from_bytes(lengths[2:], "little")


def _check_member(member: zipfile.ZipInfo) -> None:
    if _MEMBER.match(member.filename) is None or member.filename != member.orig_filename:
        raise ContainerError("member-name", name=member.filename[:80])
    if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
        raise ContainerError("member-packed", name=member.filename)
    if member.flag_bits & ~0x800 or stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise ContainerError("member-name", name=member.filename)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    info.create_system = 3
    return info
