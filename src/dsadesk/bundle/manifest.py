"""The manifest: what a bundle carries, from whom, to which inboxes and at which position. Signed inside the encryption."""

from __future__ import annotations

import hashlib
import re

import msgspec
from msgspec import Struct

from dsadesk.bundle.names import is_file_name
from dsadesk.codec import canonical
from dsadesk.codec.events import parse_time
from dsadesk.domain.ids import (
    BoxId,
    BundleId,
    DeviceId,
    KeyId,
    ObjectId,
    OrganisationId,
    RequestId,
    is_uuid7,
    parse_organisation_id,
)
from dsadesk.errors import ContentsError, InputError, ManifestError

PAYLOAD_TYPE = "application/vnd.dsadesk.bundle.v1+json"
VERSION = 1
MAX_MANIFEST_BYTES = 16 * 1024 * 1024
MAX_EVENTS = 1000
MAX_FILES = 100
MAX_ACKS = 1000
MAX_ADDRESSEES = 32
MAX_READERS = 64
MAX_BUNDLE_BYTES = 64 * 1024**3
SIGN_OFF = "sign-off"
"""A bundle between officials of one organisation, about a draft that nobody else has seen."""
KINDS = frozenset({"request", "reply", "receipt", SIGN_OFF})
_HEX = re.compile(r"[0-9a-f]+\Z")
_BOX = re.compile(r"[a-z2-7]{26}\Z")
_MEDIA = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}\Z")


class Sender(Struct, frozen=True, kw_only=True):
    """Who sealed the bundle: organisation, device and the ids of the device's two keys."""

    org: OrganisationId
    device: DeviceId
    kid: tuple[KeyId, KeyId]


class Addressee(Struct, frozen=True, kw_only=True):
    """An inbox that the bundle is meant for. `rid` is the SHA-256 of its recipient; `seq` and `prev` are its place in our chain to it."""

    org: OrganisationId
    rid: str
    box: BoxId
    seq: int
    prev: str


class FileEntry(Struct, frozen=True, kw_only=True):
    """An object of the bundle: `object` is the SHA-256 of its encrypted payload, `sha256` and `size` are of its plain bytes."""

    n: int
    object: ObjectId
    payload_size: int
    name: str
    media: str
    size: int
    sha256: str


class Ack(Struct, frozen=True, kw_only=True):
    """A position in someone's chain to an inbox of ours that we hold whole. The signed form of "it arrived"."""

    box: BoxId
    device: DeviceId
    seq: int
    manifest_sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything that the seal binds together."""

    v: int
    kind: str
    id: BundleId
    request: RequestId
    created: str
    sender: Sender
    to: tuple[Addressee, ...]
    readers: tuple[str, ...]
    events: tuple[str, ...]
    card: str
    files: tuple[FileEntry, ...]
    acks: tuple[Ack, ...] = ()

    def addressee_of(self, box: BoxId) -> Addressee | None:
        """The entry for an inbox, if it is meant for it."""
        return next((to for to in self.to if to.box == box), None)


def reader_id(recipient: str) -> str:
    """The id of an age recipient in a manifest."""
    return hashlib.sha256(recipient.encode()).hexdigest()


def parse_manifest(payload: bytes) -> Manifest:
    """Reads a manifest that nobody has believed yet.

    Raises: ManifestError("manifest-json" | "manifest-version" | "manifest-fields" | "manifest-limits").
    """
    try:
        raw = canonical.decode(payload, max_bytes=MAX_MANIFEST_BYTES)
    except canonical.CanonicalError as error:
        raise ManifestError("manifest-json", why=error.code) from error
    if not isinstance(raw, dict):
        raise ManifestError("manifest-json", why="not-an-object")
    if raw.get("v") != VERSION:
        raise ManifestError("manifest-version", version=str(raw.get("v"))[:20])
    unknown = set(raw) - set(Manifest.__struct_fields__)
    if unknown:
        # Within a version the manifest does not grow: what a reader must not ignore comes with a new version.
        raise ManifestError("manifest-fields", unknown=tuple(sorted(unknown))[:10])
    try:
        manifest = msgspec.convert(raw, Manifest, strict=True)
        parse_time(manifest.created)
        _check_limits(manifest)
        _check(manifest)
    except (msgspec.ValidationError, ContentsError, InputError) as error:
        raise ManifestError("manifest-fields") from error
    if canonical.encode(manifest) != payload:
        raise ManifestError("manifest-fields")  # a field deeper down that this version does not know, or one left out
    return manifest


def _check_limits(manifest: Manifest) -> None:
    counts = (
        (manifest.events, MAX_EVENTS),
        (manifest.files, MAX_FILES),
        (manifest.acks, MAX_ACKS),
        (manifest.to, MAX_ADDRESSEES),
        (manifest.readers, MAX_READERS),
    )
    too_many = any(len(items) > most for items, most in counts)
    if too_many or not manifest.to or sum(entry.payload_size for entry in manifest.files) > MAX_BUNDLE_BYTES:
        raise ManifestError("manifest-limits")


def _check(manifest: Manifest) -> None:
    parse_organisation_id(manifest.sender.org)
    _require(
        manifest.kind in KINDS,
        _is_hex(manifest.id, 32),
        is_uuid7(manifest.request),
        _is_hex(manifest.sender.device, 32),
        all(_is_hex(kid, 64) for kid in manifest.sender.kid),
        all(_is_hex(reader, 64) for reader in manifest.readers),
        list(manifest.readers) == sorted(set(manifest.readers)),
        len({to.box for to in manifest.to}) == len(manifest.to),
        {to.rid for to in manifest.to} <= set(manifest.readers),
        [entry.n for entry in manifest.files] == list(range(1, len(manifest.files) + 1)),
        len({entry.object for entry in manifest.files}) == len(manifest.files),
    )
    for to in manifest.to:
        parse_organisation_id(to.org)
        _require(_is_box(to.box), to.seq >= 1, (to.prev == "") == (to.seq == 1), not to.prev or _is_hex(to.prev, 64))
    for entry in manifest.files:
        _require(
            _is_hex(entry.object, 64),
            _is_hex(entry.sha256, 64),
            entry.size >= 0,
            entry.payload_size >= 0,
            is_file_name(entry.name),
            _MEDIA.match(entry.media) is not None,
        )
    for ack in manifest.acks:
        _require(_is_box(ack.box), _is_hex(ack.device, 32), ack.seq >= 1, _is_hex(ack.manifest_sha256, 64))


def _require(*rules: bool) -> None:
    if not all(rules):
        raise ManifestError("manifest-fields")


def _is_box(text: str) -> bool:
    return _BOX.match(text) is not None


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and _HEX.match(text) is not None
