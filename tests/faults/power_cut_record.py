"""Records what a program asks of the disk below one folder, by strace.

What the recording says is checked against the folder itself: played without a cut it must give the same files, byte for byte.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.power_cut_disk import (
    ROOT,
    Dice,
    Disk,
    Fate,
    Flushed,
    Made,
    Operation,
    Removed,
    Renamed,
    Said,
    Sized,
    Written,
)

TRACED = (
    "openat,open,creat,close,dup,dup2,dup3,lseek,write,writev,pwrite64,pwritev,fsync,fdatasync,sync_file_range,msync,ftruncate,truncate,"
    "fallocate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat"
)
_CALL = re.compile(r"(\w+)\((.*)\)\s*= (-?\d+)")
_LONGEST = 1 << 26
_STDOUT = 1


class CannotRecordError(Exception):
    """There is no strace here, or it may not trace."""


def refuse_where_nothing_can_be_traced() -> None:
    """Raises: CannotRecordError."""
    try:
        tried = subprocess.run(["strace", "-o", os.devnull, "true"], check=False, capture_output=True, text=True)
    except OSError as error:
        raise CannotRecordError("strace is not installed") from error
    if tried.returncode:
        raise CannotRecordError(f"strace may not trace here: {tried.stderr.strip()[:200]}")


def record(command: Sequence[str], folder: Path, trace: Path) -> list[Operation]:
    """Runs a Python program and returns what it did below the folder, with every line that it said.

    Raises: CannotRecordError.
    """
    refuse_where_nothing_can_be_traced()
    root = Path(__file__).parents[2]
    options = ["-o", str(trace), "-xx", "-s", str(_LONGEST), "-e", f"trace={TRACED}", "-e", "signal=none"]
    done = subprocess.run(
        ["strace", *options, sys.executable, *command],
        env=os.environ | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssertionError(done.stderr[-3000:])
    with trace.open(encoding="ascii") as lines:
        operations = list(_Reader(folder).read(lines))
    trace.unlink()
    _check(operations, folder, trace.with_suffix(".played"))
    return operations


def _check(operations: Sequence[Operation], folder: Path, played: Path) -> None:
    disk = Disk()
    for operation in operations:
        disk.play(operation)
    disk.lay_out(played, Fate.KEPT, Dice("check"))
    ours, theirs = contents(played), contents(folder)
    wrong = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    if wrong:
        raise AssertionError(f"the recording misses something of {wrong}")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but shared memory."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


class _Reader:
    """Turns lines of strace into operations."""

    def __init__(self, folder: Path) -> None:
        self._top = str(folder)
        self._folders: dict[int, dict[str, int]] = {ROOT: {}}
        self._open: dict[int, int] = {}
        self._offsets: dict[int, int] = {}
        self._last = ROOT

    def read(self, lines: Iterator[str]) -> Iterator[Operation]:
        for line in lines:
            found = _CALL.match(line)
            if found is None:
                continue
            name, arguments, result = found.groups()
            if int(result) >= 0:
                yield from self._call(name, arguments.split(", "), int(result))

    def _call(self, name: str, arguments: list[str], result: int) -> Iterator[Operation]:
        match name:
            case "openat":
                yield from self._opened(arguments, result)
            case "close":
                self._open.pop(int(arguments[0]), None)
            case "mkdir":
                yield from self._made(self._path(arguments[0]), is_folder=True)
            case "rename":
                yield from self._renamed(self._path(arguments[0]), self._path(arguments[1]))
            case "unlink":
                yield from self._removed(self._path(arguments[0]))
            case "write" if int(arguments[0]) == _STDOUT:
                yield from (Said(text) for text in _bytes(arguments[1]).decode().split("\n") if text)
            case _ if arguments[0].isdigit():
                if int(arguments[0]) in self._open:
                    yield from self._change(name, int(arguments[0]), arguments, result)
            case _ if any(self._path(argument) is not None for argument in arguments):
                raise AssertionError(f"{name} is not understood")

    def _change(self, name: str, descriptor: int, arguments: list[str], result: int) -> Iterator[Operation]:
        inode = self._open[descriptor]
        match name:
            case "write":
                offset = self._offsets[descriptor]
                self._offsets[descriptor] += result
                yield Written(inode, offset, _bytes(arguments[1])[:result])
            case "pwrite64":
                yield Written(inode, int(arguments[3]), _bytes(arguments[1])[:result])
            case "lseek":
                self._offsets[descriptor] = result
            case "ftruncate":
                yield Sized(inode, int(arguments[1]))
            case "fallocate":
                yield Sized(inode, int(arguments[2]) + int(arguments[3]))
            case "fsync" | "fdatasync":
                yield Flushed(inode)
            case _:
                raise AssertionError(f"{name} is not understood")

    def _opened(self, arguments: list[str], descriptor: int) -> Iterator[Operation]:
        path = self._path(arguments[1])
        self._open.pop(descriptor, None)
        if path is None:
            return
        if "O_CREAT" in arguments[2]:
            yield from self._made(path, is_folder=False)
        inode = self._find(path)
        if inode is not None:
            if "O_TRUNC" in arguments[2]:
                yield Sized(inode, 0)
            self._open[descriptor], self._offsets[descriptor] = inode, 0

    def _made(self, path: tuple[str, ...] | None, *, is_folder: bool) -> Iterator[Operation]:
        if path and self._find(path) is None:
            folder = self._folder(path)
            self._last += 1
            if is_folder:
                self._folders[self._last] = {}
            self._folders[folder][path[-1]] = self._last
            yield Made(self._last, folder, path[-1], is_folder)

    def _renamed(self, source: tuple[str, ...] | None, target: tuple[str, ...] | None) -> Iterator[Operation]:
        if source is None and target is None:
            return
        assert source is not None
        assert target is not None
        assert source[:-1] == target[:-1], "a rename between folders"
        folder = self._folder(source)
        inode = self._folders[folder].pop(source[-1])
        self._folders[folder][target[-1]] = inode
        yield Renamed(inode, folder, source[-1], target[-1])

    def _removed(self, path: tuple[str, ...] | None) -> Iterator[Operation]:
        if path is not None:
            folder = self._folder(path)
            yield Removed(self._folders[folder].pop(path[-1]), folder, path[-1])

    def _path(self, argument: str) -> tuple[str, ...] | None:
        """The parts of a path below the folder; None for any other."""
        if not argument.startswith('"'):
            return None
        path = os.fsdecode(_bytes(argument))
        if path != self._top and not path.startswith(self._top + "/"):
            return None
        return tuple(part for part in path[len(self._top) :].split("/") if part)

    def _folder(self, path: tuple[str, ...]) -> int:
        found = self._find(path[:-1])
        assert found is not None
        return found

    def _find(self, path: tuple[str, ...]) -> int | None:
        inode = ROOT
        for part in path:
            child = self._folders[inode].get(part)
            if child is None:
                return None
            inode = child
        return inode


def _bytes(argument: str) -> bytes:
    assert argument.endswith('"'), "strace cut a string short"
    return bytes.fromhex(argument[1:-1].replace("\\x", ""))
