"""A disk on paper: what a program asked of it, and what may be left of that after the power went.

A file's bytes are certain once the file was flushed, a folder's names once the folder was. Everything else may be there, or not, or in
part: writes survive by sectors of 512 bytes and in any order, names come and go one by one. A rename happens whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import shake_256
from pathlib import Path

SECTOR = 512
ROOT = 0
SHARED_MEMORY_BYTES = 32 * 1024


@dataclass(frozen=True)
class Made:
    """A new name in a folder, of a new file or folder."""

    inode: int
    folder: int
    name: str
    is_folder: bool


@dataclass(frozen=True)
class Written:
    inode: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Sized:
    """A file cut or grown to a size."""

    inode: int
    size: int


@dataclass(frozen=True)
class Renamed:
    inode: int
    folder: int
    name: str
    to: str


@dataclass(frozen=True)
class Removed:
    inode: int
    folder: int
    name: str


@dataclass(frozen=True)
class Flushed:
    inode: int


@dataclass(frozen=True)
class Said:
    """What the program told its caller. What it told is a promise."""

    text: str


Operation = Made | Written | Sized | Renamed | Removed | Flushed | Said


class Dice:
    """Chances that a seed repeats."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._rolled = 0

    def below(self, limit: int) -> int:
        self._rolled += 1
        number = shake_256(self._seed + self._rolled.to_bytes(8, "big")).digest(8)
        return int.from_bytes(number, "big") % limit

    def bytes(self, size: int) -> bytes:
        self._rolled += 1
        return shake_256(self._seed + self._rolled.to_bytes(8, "big")).digest(size)

    def coins(self, count: int, of_hundred: int) -> list[bool]:
        return [byte * 100 < of_hundred * 256 for byte in self.bytes(count)]


class Fate(Enum):
    """What becomes of everything that was not flushed."""

    LOST = "lost"
    KEPT = "kept"
    SCATTERED = "scattered"
    OLDEST = "oldest"
    NEWEST = "newest"


def survivors(count: int, fate: Fate, dice: Dice) -> list[bool]:
    """Which of so many pieces are on the disk afterwards, in order of time."""
    if fate is Fate.SCATTERED:
        return dice.coins(count, (10, 50, 90)[dice.below(3)])
    edge = dice.below(count + 1)
    return {
        Fate.LOST: [False] * count,
        Fate.KEPT: [True] * count,
        Fate.OLDEST: [n < edge for n in range(count)],
        Fate.NEWEST: [n >= edge for n in range(count)],
    }[fate]


def sectors(written: Written) -> Iterator[Written]:
    """A write in the pieces that a disk writes whole."""
    start, end = written.offset, written.offset + len(written.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield Written(written.inode, start, written.data[start - written.offset : stop - written.offset])
        start = stop


@dataclass
class _Inode:
    is_folder: bool
    content: bytearray = field(default_factory=bytearray)
    names: dict[str, int] = field(default_factory=dict)
    pending: list[Operation] = field(default_factory=list)


class Disk:
    """The state of the disk while a recording is played."""

    def __init__(self) -> None:
        self._inodes = {ROOT: _Inode(is_folder=True)}

    def play(self, operation: Operation) -> None:
        """Does what the program asked."""
        match operation:
            case Made(inode, folder, _, is_folder):
                self._inodes[inode] = _Inode(is_folder)
                self._inodes[folder].pending.append(operation)
            case Renamed(_, folder) | Removed(_, folder):
                self._inodes[folder].pending.append(operation)
            case Written(inode) | Sized(inode):
                self._inodes[inode].pending.append(operation)
            case Flushed(inode):
                node = self._inodes[inode]
                for each in node.pending:
                    _apply(node, each)
                node.pending.clear()
            case Said():
                pass

    def lay_out(self, folder: Path, fate: Fate, dice: Dice) -> None:
        """Writes into a folder what is left when the power goes now."""
        self._lay_out(ROOT, folder, fate, dice)

    def _lay_out(self, inode: int, path: Path, fate: Fate, dice: Dice) -> None:
        node = self._after_cut(self._inodes[inode], fate, dice)
        if not node.is_folder:
            path.write_bytes(node.content)
            return
        path.mkdir(exist_ok=True)
        for name, child in node.names.items():
            if not name.endswith("-shm"):
                self._lay_out(child, path / name, fate, dice)
            elif dice.below(2):
                # Shared memory is never flushed, so it holds anything at all.
                (path / name).write_bytes(dice.bytes(SHARED_MEMORY_BYTES))

    def _after_cut(self, node: _Inode, fate: Fate, dice: Dice) -> _Inode:
        if not node.pending:
            return node
        left = _Inode(node.is_folder, bytearray(node.content), dict(node.names))
        pieces = list(_pieces(node.pending))
        for piece, is_there in zip(pieces, survivors(len(pieces), fate, dice), strict=True):
            if is_there:
                _apply(left, piece)
        return left


def _pieces(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, Written):
            yield from sectors(operation)
        else:
            yield operation


def _apply(node: _Inode, operation: Operation) -> None:
    match operation:
        case Made(inode, _, name):
            node.names[name] = inode
        case Removed(_, _, name):
            node.names.pop(name, None)
        case Renamed(inode, _, name, to):
            # The old name may never have reached the disk; what is renamed is the file and not its name.
            if node.names.get(name) == inode:
                del node.names[name]
            node.names[to] = inode
        case Written(_, offset, data):
            if len(node.content) < offset:
                node.content.extend(bytes(offset - len(node.content)))
            node.content[offset : offset + len(data)] = data
        case Sized(_, size):
            del node.content[size:]
            node.content.extend(bytes(size - len(node.content)))


@dataclass(frozen=True)
class Cut:
    """The power goes after so many operations; `n` tells cuts at the same place apart."""

    n: int
    at: int
    fate: Fate


def cuts(operations: Sequence[Operation], count: int, seed: str) -> list[Cut]:
    """Places to cut at, in order of time: half of them anywhere, half just after a promise or just before or after a flush."""
    dice = Dice(seed)
    edges = [
        at + side
        for at, operation in enumerate(operations)
        if isinstance(operation, Said | Flushed)
        for side in ((1,) if isinstance(operation, Said) else (0, 1))
    ]
    fates = list(Fate)
    made = []
    for n in range(count):
        at = edges[dice.below(len(edges))] if n % 2 and edges else dice.below(len(operations) + 1)
        made.append(Cut(n, at, fates[dice.below(len(fates))]))
    return sorted(made, key=lambda cut: cut.at)


def cut_all(
    operations: Sequence[Operation],
    chosen: Sequence[Cut],
    look: Callable[[Cut, list[str], Callable[[Path], None]], None],
) -> None:
    """Plays a recording once and, at each cut, has `look` see what had been said by then and lay out what is left."""
    disk, said, played = Disk(), list[str](), 0
    for cut in chosen:
        for operation in operations[played : cut.at]:
            disk.play(operation)
            if isinstance(operation, Said):
                said.append(operation.text)
        played = max(played, cut.at)
        look(cut, list(said), lambda folder, cut=cut: disk.lay_out(folder, cut.fate, Dice(f"{cut}")))
