r"""A delivery as it lies in a store: immutable parts, and one commit that names them, written last. The layout is in docs/formats/store.md.

    dsa1/<box>/n/<yyyymmdd>/<time13>-<hash32>    the commit
    dsa1/<box>/p/<yyyymmdd>/<hash52>             a part: a range of the sealed manifest, or of an object's encrypted payload

A commit is `dsadesk-commit-v2\\n`, the length of the sealed manifest in four bytes (big-endian), the sealed manifest, and an age file with
the list of parts. Where the manifest lies in parts itself, its length here is zero. The name's hash is over the whole commit, its time is
repeated inside, and its day is the day of that time, so a store cannot show one commit under two names. The list is not signed: it says
only where bytes lie, and every object is checked against the signed manifest (ADR 40).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from dsadesk import age
from dsadesk.bundle.manifest import MAX_BUNDLE_BYTES, MAX_FILES
from dsadesk.bundle.unseal import MAX_SEALED_BYTES
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import decode_base64
from dsadesk.domain.ids import BoxId
from dsadesk.errors import ContainerError, DecryptError

MAGIC = b"dsadesk-commit-v2\n"
VERSION = 2
MAX_COMMIT_BYTES = 8 * 1024 * 1024
MAX_PARTS = 50_000
MAX_PART_BYTES = 16 * 1024 * 1024
_COMMIT = re.compile(r"dsa1/(?P<box>[a-z2-7]{26})/n/(?P<day>[0-9]{8})/(?P<time>[0-9]{13})-(?P<hash>[a-z2-7]{32})\Z")
_OTHER_VERSION = re.compile(rb"dsadesk-commit-v[0-9]{1,3}\n")
_PART_HASH = re.compile(r"[a-z2-7]{52}\Z")
_DAY = re.compile(r"[0-9]{8}\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PartRef(Struct, frozen=True, array_like=True):
    """A part: the hash that ends its name, and how many bytes it has. It begins where the one before it ends."""

    hash: str
    length: int


class ObjectRef(Struct, frozen=True, kw_only=True):
    """Where an object lies: its age header, and its payload as parts or, when small, in line (base64)."""

    n: int
    header: str
    size: int
    parts: tuple[PartRef, ...] = ()
    inline: str = ""


class PartList(Struct, frozen=True, kw_only=True):
    """What the encrypted half of a commit says. `day` is that of all its parts; `manifest` is empty where the commit has it itself."""

    v: int
    time: str
    day: str
    manifest: tuple[PartRef, ...]
    objects: tuple[ObjectRef, ...]


class Commit(Struct, frozen=True, kw_only=True):
    """A commit as read from a store: its sealed manifest, or nothing where that lies in parts, and the list of parts still encrypted.

    `box` and `time` are of its name.
    """

    name: str
    box: BoxId
    time: str
    sealed: bytes
    part_list: bytes


def hash_name(data: bytes, length: int) -> str:
    """A name derived from content: SHA-256 in lower-case base32 without padding, cut to `length`."""
    return base64.b32encode(hashlib.sha256(data).digest()).decode().lower().rstrip("=")[:length]


def part_name(box: BoxId, day: datetime, data: bytes) -> str:
    """The name of a part."""
    return name_of_part(box, day_text(day), hash_name(data, 52))


def name_of_part(box: BoxId, day: str, part_hash: str) -> str:
    """The name of a part of which the hash is known."""
    return f"dsa1/{box}/p/{day}/{part_hash}"


def day_text(day: datetime) -> str:
    """A day as it stands in names, `yyyymmdd`."""
    return f"{day.astimezone(UTC):%Y%m%d}"


def part_place(box: BoxId, day: datetime) -> str:
    """A name that lies where the parts of a day do, for making room there."""
    return part_name(box, day, b"")


def commit_place(box: BoxId, at: datetime) -> str:
    """A name that lies where the commits of a time do, for making room there."""
    return f"{commit_prefix(box)}{at.astimezone(UTC):%Y%m%d}/{hash_name(b'', 32)}"


def inbox_places(box: BoxId) -> tuple[str, str]:
    """Names that lie where the days of an inbox will, for making room there."""
    return f"dsa1/{box}/p/day", f"{commit_prefix(box)}day"


def commit_prefix(box: BoxId) -> str:
    """Where the commits of an inbox lie."""
    return f"dsa1/{box}/n/"


def build_commit(
    box: BoxId,
    at: datetime,
    *,
    day: datetime,
    manifest: bytes | Sequence[PartRef],
    objects: Sequence[ObjectRef],
    recipients: Sequence[age.Recipient],
    entropy: Callable[[int], bytes],
) -> tuple[str, bytes]:
    """Makes the commit's name and bytes. They are made once and repeated byte for byte. `day` is that of the parts."""
    at = at.astimezone(UTC)
    time13 = f"{(at - _EPOCH) // timedelta(milliseconds=1):013d}"
    sealed, parts = (manifest, ()) if isinstance(manifest, bytes) else (b"", tuple(manifest))
    listing = PartList(v=VERSION, time=time13, day=day_text(day), manifest=parts, objects=tuple(objects))
    data = _joined(sealed, age.encrypt(canonical.encode(listing), recipients, entropy))
    return f"{commit_prefix(box)}{at:%Y%m%d}/{time13}-{hash_name(data, 32)}", data


def with_manifest(commit: Commit, sealed: bytes) -> bytes:
    """A commit with its sealed manifest in it, wherever that lay: what is kept of it as evidence."""
    return _joined(sealed, commit.part_list)


def manifest_within(name: str, kept: bytes) -> bytes:
    """The sealed manifest out of what `with_manifest` made of the commit of this name; nothing when it made something else."""
    start = len(MAGIC) + 4
    end = start + int.from_bytes(kept[len(MAGIC) : start], "big")
    return kept[start:end] if name.endswith("-" + hash_name(_joined(b"", kept[end:]), 32)) else b""


def _joined(sealed: bytes, part_list: bytes) -> bytes:
    return MAGIC + len(sealed).to_bytes(4, "big") + sealed + part_list


def parse_commit(name: str, data: bytes) -> Commit:
    """Reads a commit under the name that the store showed it by.

    Raises: ContainerError("commit-name" | "commit-hash" | "commit-version" | "commit-shape").
    """
    match = _COMMIT.match(name)
    if match is None or _day_of(match["time"]) != match["day"]:
        raise ContainerError("commit-name", name=name[-80:])
    if hash_name(data, 32) != match["hash"]:
        raise ContainerError("commit-hash", name=name[-80:])
    if not data.startswith(MAGIC) and _OTHER_VERSION.match(data):
        raise ContainerError("commit-version")
    start = len(MAGIC) + 4
    if not data.startswith(MAGIC) or len(data) < start:
        raise ContainerError("commit-shape")
    length = int.from_bytes(data[len(MAGIC) : start], "big")
    if length > MAX_SEALED_BYTES or start + length >= len(data):
        raise ContainerError("commit-shape")
    return Commit(
        name=name,
        box=BoxId(match["box"]),
        time=match["time"],
        sealed=data[start : start + length],
        part_list=data[start + length :],
    )


def open_part_list(commit: Commit, identities: Sequence[age.Identity]) -> PartList:
    """Decrypts the list of parts.

    Raises: DecryptError("not-for-us"), ContainerError("part-list-encrypted" | "part-list" | "part-list-time").
    """
    try:
        plain = age.decrypt(commit.part_list, identities, limit=MAX_COMMIT_BYTES)
    except age.NoMatchError as error:
        raise DecryptError("not-for-us") from error
    except age.AgeError as error:
        raise ContainerError("part-list-encrypted", why=error.code) from error
    try:
        listing = msgspec.convert(canonical.decode(plain, max_bytes=MAX_COMMIT_BYTES), PartList, strict=True)
    except (canonical.CanonicalError, msgspec.ValidationError) as error:
        raise ContainerError("part-list") from error
    if listing.v != VERSION or canonical.encode(listing) != plain:
        raise ContainerError("part-list")
    if commit.time != listing.time:
        raise ContainerError("part-list-time")
    _check_list(listing)
    for ref in listing.objects:
        _check_ref(ref)
    if bool(commit.sealed) == bool(listing.manifest):
        raise ContainerError("part-list", n=0)
    return listing


def _day_of(time13: str) -> str:
    """The day on which a commit lies: that of its time, so that it lies in one place only."""
    return f"{_EPOCH + timedelta(milliseconds=int(time13)):%Y%m%d}"


def _check_list(listing: PartList) -> None:
    parts = [*listing.manifest, *(part for ref in listing.objects for part in ref.parts)]
    hashes = {part.hash for part in parts}
    numbers = [ref.n for ref in listing.objects]
    # One part in many places would let a small upload fill the reader's disk; encrypted bytes never repeat themselves.
    if len(parts) > MAX_PARTS or len(hashes) != len(parts) or len(numbers) > MAX_FILES:
        raise ContainerError("part-list")
    if numbers != list(range(1, len(numbers) + 1)) or sum(ref.size for ref in listing.objects) > MAX_BUNDLE_BYTES:
        raise ContainerError("part-list")
    if not _DAY.match(listing.day) or not all(_PART_HASH.match(part.hash) for part in parts):
        raise ContainerError("part-list")
    if not all(1 <= part.length <= MAX_PART_BYTES for part in parts):
        raise ContainerError("part-list")
    if sum(part.length for part in listing.manifest) > MAX_SEALED_BYTES:
        raise ContainerError("part-list", n=0)


def _check_ref(ref: ObjectRef) -> None:
    try:
        inline = decode_base64(ref.inline)
        decode_base64(ref.header)
    except ValueError as error:
        raise ContainerError("part-list", n=ref.n) from error
    if bool(inline) == bool(ref.parts) or (inline and len(inline) != ref.size):
        raise ContainerError("part-list", n=ref.n)
    if ref.parts and sum(part.length for part in ref.parts) != ref.size:
        raise ContainerError("part-list", n=ref.n)
