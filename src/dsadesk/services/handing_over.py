"""Handing a sealed delivery over as a file: the sticks that are plugged in, what speaks against each, and the writing itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from dsadesk.bundle.container import container_size, write_container
from dsadesk.errors import RuleError, StoreFullError, StoreReadOnlyError, TransferStoppedError
from dsadesk.ports import ExportedFile, OutboxItem, RemovableDrive
from dsadesk.services.session import Session

Progress = Callable[[int, int], None]
"""Is told how many bytes of how many are written. Whoever wants it to stop raises TransferStoppedError."""


class Fitness(StrEnum):
    """Whether a delivery can go on a stick, and what speaks against it."""

    READY = "ready"
    READ_ONLY = "read-only"
    FULL = "full"


@dataclass(frozen=True)
class Stick:
    """A removable drive, seen as the place for one delivery."""

    drive: RemovableDrive
    fitness: Fitness

    @property
    def is_ready(self) -> bool:
        """Whether the delivery can be written there."""
        return self.fitness is Fitness.READY


def size_of(item: OutboxItem) -> int:
    """How many bytes a delivery has as a file."""
    return container_size(item.sealed, [(entry.header, entry.payload_size) for entry in item.objects])


def sticks(session: Session, item: OutboxItem) -> tuple[Stick, ...]:
    """Every removable drive that is plugged in now, with whether this delivery can go there."""
    needed = size_of(item)
    return tuple(Stick(drive, _fitness(drive, needed)) for drive in session.world.removable_drives())


def _fitness(drive: RemovableDrive, needed: int) -> Fitness:
    if drive.is_read_only:
        return Fitness.READ_ONLY
    return Fitness.READY if drive.free >= needed else Fitness.FULL


def the_stick(session: Session, item: OutboxItem) -> Path:
    """The folder of the one stick that is plugged in.

    Raises: RuleError("no-stick"), RuleError("several-sticks", names), StoreReadOnlyError("stick-read-only"), StoreFullError("stick-full").
    """
    found = sticks(session, item)
    if not found:
        raise RuleError("no-stick")
    if len(found) > 1:
        raise RuleError("several-sticks", names=tuple(str(stick.drive.folder) for stick in found))
    (stick,) = found
    require_room(stick, item)
    return stick.drive.folder


def require_room(stick: Stick, item: OutboxItem) -> None:
    """Refuses a stick that the delivery cannot go on. Raises: StoreReadOnlyError("stick-read-only"), StoreFullError("stick-full")."""
    if stick.fitness is Fitness.READ_ONLY:
        raise StoreReadOnlyError("stick-read-only", name=stick.drive.name)
    if stick.fitness is Fitness.FULL:
        raise StoreFullError("stick-full", name=stick.drive.name, needed=size_of(item), free=stick.drive.free)


def export_bundle(session: Session, item: OutboxItem, sink: BinaryIO) -> None:
    """Writes a sealed item as one `.dsabundle` file, for a stick or an e-mail."""
    opened: list[BinaryIO] = []
    try:
        parts = []
        for entry in item.objects:
            handle = session.vault.objects.open(entry.object)
            opened.append(handle)
            parts.append((entry.header, handle, entry.payload_size))
        write_container(sink, item.sealed, parts)
    finally:
        for handle in opened:
            handle.close()


def export_to(
    session: Session, item: OutboxItem, target: Path, progress: Progress = lambda _done, _total: None
) -> ExportedFile:
    """Writes a sealed item as a file of this name, read back after it was flushed. What was begun and not finished leaves nothing behind.

    Raises: StoreError, told apart: full, write-protected, missing, pulled out; TransferStoppedError("export-stopped") from `progress`.
    """
    total = size_of(item)

    def write(sink: BinaryIO) -> None:
        export_bundle(session, item, cast(BinaryIO, _Counted(sink, lambda done: progress(done, total))))

    return session.world.export_file(target, write)


def stopped() -> TransferStoppedError:
    """What `progress` raises when a person wants the writing to stop."""
    return TransferStoppedError("export-stopped")


class _Counted:
    """A sink that tells how much of it is written."""

    def __init__(self, sink: BinaryIO, tell: Callable[[int], None]) -> None:
        self._sink = sink
        self._tell = tell

    def write(self, data: bytes) -> int:
        """Writes, and tells where the end then is."""
        written = self._sink.write(data)
        self._tell(self._sink.tell())
        return written

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._sink.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes elsewhere."""
        return self._sink.seek(offset, whence)
