"""Attaching sample data: read in a process of its own, and encrypted from the moment it is attached."""

from __future__ import annotations

import csv
import io
import itertools
import shutil
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from dsadesk import age
from dsadesk.bundle.objects import object_name
from dsadesk.domain.ids import RequestId
from dsadesk.errors import RuleError, SampleError
from dsadesk.ports import AttachedSample, TableProfile
from dsadesk.services.drafting import require_marking
from dsadesk.services.file_faults import unwritable
from dsadesk.services.reading import require_draft
from dsadesk.services.session import Session
from dsadesk.settings import MAX_SAMPLE_BYTES

SYNTHETIC, REAL = "synthetic", "real"
_MEDIA = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}


def attach(
    session: Session, request: RequestId, source: BinaryIO, name: str, *, kind: str = SYNTHETIC
) -> AttachedSample:
    """Profiles a sample and keeps it encrypted. `source` is read twice and must be seekable; nothing of it touches the disk in clear.

    Raises: SampleError when it is not a table we can read, RuleError("sample-identifiable") for real data about people,
    RuleError("marking-too-high"), DiskFullError.
    """
    require_draft(session, request)
    require_marking(session, request)
    clean = clean_name(name)
    size = source.seek(0, 2)
    if size > MAX_SAMPLE_BYTES:
        raise SampleError("sample-too-large", name=clean, size=size, limit=MAX_SAMPLE_BYTES)
    source.seek(0)
    profile = session.world.inspector.profile(source, clean)
    personal = tuple(column.name for column in profile.columns if column.personal)
    if kind == REAL and personal:
        raise RuleError("sample-identifiable", name=clean, columns=personal)
    source.seek(0)
    return _keep(session, request, source, name=clean, kind=kind, profile=profile)


def _keep(
    session: Session, request: RequestId, source: BinaryIO, *, name: str, kind: str, profile: TableProfile
) -> AttachedSample:
    token = session.world.entropy.token
    file_key, nonce = token(16), token(16)
    writer = session.vault.objects.create()
    try:
        info = age.encrypt_file(file_key, nonce, source, writer.file, sha256=True, cipher_sha256=False)
        if info.plain_sha256 is None:
            raise SampleError("sample-unreadable", name=name)
        object_id = object_name(file_key, nonce, info.plain_size, info.plain_sha256)
        writer.commit(object_id)
    finally:
        writer.abort()
    used = [sample.n for sample in session.vault.samples.of_request(request)]
    sample = AttachedSample(
        request=request,
        n=max(used, default=0) + 1,
        name=name,
        media=next((media for suffix, media in _MEDIA.items() if name.lower().endswith(suffix)), "text/csv"),
        size=info.plain_size,
        sha256=info.plain_sha256.hex(),
        object=object_id,
        file_key=file_key,
        kind=kind,
        profile=profile_fields(profile),
    )
    session.vault.samples.put(sample)
    session.changes.request(request)
    return sample


def detach(session: Session, request: RequestId, n: int) -> None:
    """Takes a sample off a draft and removes its encrypted file. Raises: RuleError("no-such-sample")."""
    require_draft(session, request)
    find(session, request, n)
    session.vault.samples.remove(request, n)
    session.vault.objects.sweep(session.vault.samples.object_ids())
    session.changes.request(request)


def find(session: Session, request: RequestId, n: int) -> AttachedSample:
    """A sample by its number. Raises: RuleError("no-such-sample")."""
    for sample in session.vault.samples.of_request(request):
        if sample.n == n:
            return sample
    raise RuleError("no-such-sample", n=n)


def open_sample(session: Session, request: RequestId, n: int) -> BinaryIO:
    """A sample's plain bytes, decrypted as they are read and kept nowhere. The caller closes it."""
    sample = find(session, request, n)
    handle = session.vault.objects.open(sample.object)
    try:
        size = session.vault.objects.size(sample.object)
        return io.BufferedReader(_OwningReader(sample.file_key, handle, 0, size), 65536)
    except age.AgeError as error:
        handle.close()
        raise SampleError("sample-damaged", name=sample.name) from error


def save_sample(session: Session, request: RequestId, n: int, target: Path) -> int:
    """Writes a sample in clear where a person asked for it, marked as coming from someone else. Returns its size in bytes.

    The only way that a sample's plain bytes reach a disk. An existing file is not replaced.
    Raises: RuleError("file-exists" | "file-no-room" | "file-unwritable", name), SampleError.
    """
    part = target.with_name(target.name + ".part")
    if target.exists():
        raise RuleError("file-exists", name=target.name)
    try:
        with open_sample(session, request, n) as plain, part.open("xb") as file:
            session.world.mark_as_foreign(part)
            shutil.copyfileobj(plain, file, 1024 * 1024)
        part.rename(target)
        session.world.mark_as_foreign(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise unwritable(target.name, error) from error
    return target.stat().st_size


class _OwningReader(age.PayloadReader):
    """A payload's plain bytes; closing it closes the encrypted file beneath."""

    def __init__(self, file_key: bytes, handle: BinaryIO, offset: int, size: int) -> None:
        super().__init__(file_key, handle, offset, size)
        self._owned = handle

    def close(self) -> None:
        super().close()
        self._owned.close()


def preview(session: Session, request: RequestId, n: int, rows: int = 50) -> tuple[tuple[str, ...], ...]:
    """The first rows of a sample as text, the header first. Cells are cut at 200 characters."""
    sample = find(session, request, n)
    encoding = str(sample.profile.get("encoding", "utf-8"))
    delimiter = str(sample.profile.get("delimiter", ","))
    try:
        with io.TextIOWrapper(
            open_sample(session, request, n), encoding=encoding, errors="replace", newline=""
        ) as text:
            found = itertools.islice(csv.reader(text, delimiter=delimiter), rows + 1)
            return tuple(tuple(cell[:200] for cell in row) for row in found)
    except (LookupError, TypeError, ValueError, csv.Error) as error:
        # The profile came with the request; what it claims of the file need not be so.
        raise SampleError("sample-unreadable", name=sample.name) from error


def profile_fields(profile: TableProfile) -> dict[str, Any]:
    """A profile as plain values for an event: counts, kinds and warnings, nothing of the contents."""
    return dict(msgspec.to_builtins(profile))


def clean_name(name: str) -> str:
    """A file name that every system takes: no folders, no control or direction characters, not too long.

    Source of the reserved names: Microsoft, "Naming Files, Paths, and Namespaces".
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*' and not 0x202A <= ord(c) <= 0x2069).strip(
        " ."
    )
    stem, dot, suffix = kept.rpartition(".")
    reserved = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}
    if not kept or (stem or kept).split(".")[0].lower() in reserved:
        return "sample.csv"
    if len(kept) <= 120:
        return kept
    return (f"{stem[:100]}.{suffix[:16]}" if dot else kept[:100]).rstrip(" .")
