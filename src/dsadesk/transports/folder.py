"""A store in a folder: on this machine, a removable drive or a network share.

A marker file says which store it is, because an unplugged drive looks just like an empty folder. It is looked at before
each act and never made by any act but `prepare`. An object appears under its name whole or not at all: it is written
under a temporary name, flushed, measured and only then given its name, which never replaces other bytes.
docs/formats/store.md has the layout.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from dsadesk.errors import StoreMissingError, StoreReadOnlyError, StoreRefusedError, StoreUnreachableError
from dsadesk.ports import Flow, Parts
from dsadesk.transports.faults import as_store_errors
from dsadesk.transports.folder_tree import FolderTree, is_link
from dsadesk.transports.gate import look
from dsadesk.transports.marker import MAX_MARKER_BYTES, StoreMarker, require_store
from dsadesk.transports.names import (
    MARKER_NAME,
    STORE_FOLDER,
    check_name,
    check_prefix,
    is_component,
    may_hold,
)

TEMPORARY_PREFIX = ".tmp-"

_CHUNK = 1024 * 1024
_RUN = 16 * 1024
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FLUSH_OF_FOLDERS = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR})
_NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES})


class FolderTransport:
    """The store below `root`. With `expected_id` only that store will do; without, any store that the marker names.

    `token` gives random bytes for temporary names, so that two writers of one object do not meet; `seconds` counts the time between polls.
    """

    NOT_PREPARED: ClassVar[frozenset[str]] = frozenset({"folder-missing", "folder-empty", "marker-missing"})
    """Codes of a place that holds no store. A known store that answers so is not plugged in, and is not to be made anew."""

    def __init__(
        self,
        root: Path,
        *,
        expected_id: str | None = None,
        token: Callable[[int], bytes] = os.urandom,
        seconds: Callable[[], float] = time.time,
        flow: Flow | None = None,
    ) -> None:
        self._root = root
        self._flow = flow
        self._expected_id = expected_id
        self._token = token
        self._seconds = seconds
        self._base = root / STORE_FOLDER
        self._marker = root / MARKER_NAME

    @classmethod
    def prepare(
        cls, root: Path, store_id: str, made_at: datetime, *, token: Callable[[int], bytes] = os.urandom
    ) -> FolderTransport:
        """Makes a store in an existing folder. A folder that holds a store, or the remains of one, is refused.

        Raises: StoreRefusedError("already-a-store" | "folder-in-use" | "store-id-invalid"),
        StoreMissingError("folder-missing" | "not-a-folder"), StoreFullError, StoreReadOnlyError, StoreUnreachableError.
        """
        marker = StoreMarker.new(store_id, made_at).to_bytes()
        transport = cls(root, expected_id=store_id, token=token)
        with as_store_errors(transport.address, writing=True):
            transport._require_folder()
            transport._require_unused()
            if not transport._base.exists():
                _make_folder(transport._base)
            transport._write(transport._marker, marker, MARKER_NAME)
            _flush_folder(root)
        return transport

    @property
    def address(self) -> str:
        """The folder's path as it was given."""
        return str(self._root)

    @property
    def parts(self) -> Parts:
        """A few large parts: every file costs a look at the marker, two flushes and a place in a folder."""
        return Parts.FOLDER

    def marker(self) -> StoreMarker:
        """Which store this is.

        Raises: StoreMissingError("folder-missing" | "not-a-folder" | "folder-empty" | "marker-missing" |
        "store-is-a-link" | "marker-damaged" | "marker-newer" | "other-store"), StoreUnreachableError.
        """
        with as_store_errors(self.address):
            self._require_folder()
            try:
                if is_link(self._base) or is_link(self._marker):
                    raise StoreMissingError("store-is-a-link", **self._expectation())
                data = _read(self._marker, MAX_MARKER_BYTES)
            except (FileNotFoundError, NotADirectoryError):
                code = "marker-missing" if any(self._root.iterdir()) else "folder-empty"
                raise StoreMissingError(code, **self._expectation()) from None
        return require_store(StoreMarker.parse(data, self._expectation()), self._expected_id, self._expectation())

    def check(self) -> None:
        """Says whether this is the store that is meant and may be written to. Nothing is written: this is asked at every poll.

        Raises: what `marker` raises, StoreReadOnlyError, StoreUnreachableError.
        """
        self.marker()
        if not os.access(self._base, os.W_OK | os.X_OK):
            raise StoreReadOnlyError("store-read-only", address=self.address, reason="access")

    def store_id(self) -> str:
        """The marker's id. Raises: what `marker` raises."""
        return self.marker().id

    def put(self, name: str, data: bytes) -> None:
        """Makes an object visible whole or not at all. The same name with the same bytes again is fine.

        Raises: StoreRefusedError("name-taken" | "name-invalid" | "link-in-store"), StoreFullError, StoreReadOnlyError,
        StoreUnreachableError, and what `marker` raises.
        """
        path = self._locate(name)
        with as_store_errors(self.address, writing=True):
            if not _holds(path, data, name):
                self._make_folders(path.parent, name)
                self._write(path, data, name)

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes.

        Raises: StoreMissingError("object-missing"), StoreRefusedError("object-too-large" | "name-invalid" |
        "link-in-store"), StoreUnreachableError, and what `marker` raises.
        """
        path = self._locate(name)
        with as_store_errors(self.address):
            try:
                data = _read(path, limit, self._flow)
            except (FileNotFoundError, NotADirectoryError):
                raise StoreMissingError("object-missing", name=name) from None
        if len(data) > limit:
            raise StoreRefusedError("object-too-large", name=name, limit=limit)
        return data

    def has(self, name: str) -> bool:
        """Whether an object is visible. Raises: as `get`, but never for a missing object."""
        path = self._locate(name)
        with as_store_errors(self.address):
            try:
                return stat.S_ISREG(os.lstat(path).st_mode)
            except (FileNotFoundError, NotADirectoryError):
                return False

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """The names that begin with a prefix and sort after `after`. Folders that lie wholly before `after` are not opened.

        Raises: StoreRefusedError("name-invalid"), StoreUnreachableError, and what `marker` raises.
        """
        check_prefix(prefix)
        folder = prefix.rpartition("/")[0] or STORE_FOLDER
        self.marker()
        self._walk(folder)
        with as_store_errors(self.address):
            return tuple(sorted(self._names_below(folder, prefix, after)))

    def delete(self, name: str) -> None:
        """Removes an object; removing twice is fine. Raises: as `put`."""
        path = self._locate(name)
        with as_store_errors(self.address, writing=True):
            try:
                if not _is_folder(path):
                    path.unlink()
                    _flush_folder(path.parent)
            except (FileNotFoundError, NotADirectoryError):
                return

    def store_time(self) -> datetime | None:
        """None: a folder's clock cannot be told from this machine's."""
        return None

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Names that may have come since; folders whose times have not moved are not opened. Raises: as `list`."""
        folder, _, rest = prefix.rpartition("/")
        if rest or not folder:
            return self.list(prefix), ""
        check_prefix(prefix)
        self.marker()
        self._walk(folder)
        with as_store_errors(self.address):
            return look(FolderTree(self._root), folder, cursor, self._seconds)

    def room(self) -> int | None:
        """Free bytes on the disk under the folder. Raises: what `marker` raises."""
        self.marker()
        with as_store_errors(self.address):
            return shutil.disk_usage(self._root).free

    def close(self) -> None:
        """Nothing to close: no file stays open between two acts."""

    def sweep(self, before: datetime) -> int:
        """Removes temporary files that were last written before a time, left by writers that were cut off; says how many."""
        self.marker()
        removed = 0
        with as_store_errors(self.address, writing=True):
            for path in self._temporaries(self._base):
                with suppress(FileNotFoundError):
                    status = path.lstat()
                    if stat.S_ISREG(status.st_mode) and status.st_mtime < before.timestamp():
                        path.unlink()
                        removed += 1
        return removed

    # ------------------------------------------------------------ the marker

    def _require_folder(self) -> None:
        try:
            mode = self._root.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            raise StoreMissingError("folder-missing", **self._expectation()) from None
        if not stat.S_ISDIR(mode):
            raise StoreMissingError("not-a-folder", **self._expectation())

    def _require_unused(self) -> None:
        """Refuses to make a second store, and to make a lost marker anew over what it marked."""
        if not os.path.lexists(self._base):
            return
        found = {path.name for path in self._base.iterdir()} if _is_folder(self._base) else {STORE_FOLDER}
        if self._marker.name in found:
            raise StoreRefusedError("already-a-store", address=self.address)
        if any(not name.startswith(TEMPORARY_PREFIX) for name in found):
            raise StoreRefusedError("folder-in-use", address=self.address)

    def _expectation(self) -> dict[str, str]:
        return {"address": self.address} | ({"expected": self._expected_id} if self._expected_id else {})

    # ------------------------------------------------------------ paths

    def _locate(self, name: str) -> Path:
        """The path of an object in the store that is meant."""
        check_name(name)
        self.marker()
        return self._walk(name)

    def _walk(self, name: str) -> Path:
        """The path of a name, with no link on the way that could lead out of the store."""
        path = self._root
        with as_store_errors(self.address):
            for part in name.split("/"):
                path = path / part
                if is_link(path):
                    raise StoreRefusedError("link-in-store", name=name)
        return path

    def _make_folders(self, folder: Path, name: str) -> None:
        """Makes the folders below the store's own, which is never made here: it may belong to a drive that was just pulled."""
        made = self._base
        for part in folder.relative_to(self._base).parts:
            parent, made = made, made / part
            try:
                _make_folder(made)
            except FileExistsError:
                if not _is_folder(made):
                    raise StoreRefusedError("name-taken", name=name) from None
            else:
                _flush_folder(parent)

    def _names_below(self, folder: str, prefix: str, after: str) -> Iterator[str]:
        names, folders = FolderTree(self._root).read(folder)
        yield from (name for name in names if name.startswith(prefix) and name > after)
        for each in folders:
            if may_hold(f"{each}/", prefix, after):
                yield from self._names_below(each, prefix, after)

    def _temporaries(self, folder: Path) -> Iterator[Path]:
        for path in folder.iterdir():
            if path.name.startswith(TEMPORARY_PREFIX):
                yield path
            elif is_component(path.name) and _is_folder(path):
                yield from self._temporaries(path)

    # ------------------------------------------------------------ writing

    def _temporary(self, folder: Path, data: bytes) -> Path:
        return folder / f"{TEMPORARY_PREFIX}{self._token(4).hex()}-{hashlib.sha256(data).hexdigest()[:16]}"

    def _write(self, path: Path, data: bytes, name: str) -> None:
        temporary = self._temporary(path.parent, data)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS, 0o666)
        except FileExistsError:
            raise StoreUnreachableError("store-busy", address=self.address) from None
        try:
            written = _write_flushed(descriptor, data, _mode_of(path.parent), self._flow)
            if written != len(data):
                raise StoreUnreachableError("write-short", address=self.address, size=written, expected=len(data))
            if not _publish(temporary, path) and not _holds(path, data, name):
                raise StoreUnreachableError("write-lost", address=self.address)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        _flush_folder(path.parent)


def _publish(temporary: Path, path: Path, link: Callable[[Path, Path], None] = os.link) -> bool:
    """Gives a finished file its name unless the name exists; says whether it did. All that differs between systems is here.

    Windows' rename never replaces. POSIX's does, so there a second hard link is made instead, which never replaces
    either. Where there are no hard links (FAT, some shares) a look before the rename must do: the names come from the
    contents, so whoever is overtaken in between is overtaken by the same bytes.
    """
    try:
        if os.name == "nt":
            temporary.rename(path)
        else:
            link(temporary, path)
    except FileExistsError:
        return False
    except OSError as error:
        if os.name == "nt" or error.errno not in _NO_HARD_LINKS:
            raise
        if os.path.lexists(path):
            return False
        temporary.rename(path)
    return True


def _write_flushed(descriptor: int, data: bytes, mode: int, flow: Flow | None) -> int:
    """Writes everything to the disk itself and closes; says how long the file then is. Raises: TransferStoppedError."""
    try:
        if hasattr(os, "fchmod"):
            with suppress(OSError):
                os.fchmod(descriptor, _file_mode(mode))
        rest = memoryview(data)
        while rest:
            run = rest if flow is None else rest[:_RUN]
            if flow is not None:
                flow.pass_on(len(run))
            rest = rest[os.write(descriptor, run) :]
        os.fsync(descriptor)
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def _mode_of(folder: Path) -> int:
    """Who may use a folder. What is made in it is as open, whatever this program keeps for itself: the other side must read it."""
    return stat.S_IMODE(folder.stat().st_mode)


def _file_mode(folder_mode: int) -> int:
    """As open as its folder, ours to change, and to be read by whoever may enter it: in a drop box others may only leave things."""
    return (folder_mode & 0o666) | 0o600 | ((folder_mode << 2) & 0o044)


def _make_folder(path: Path) -> None:
    path.mkdir()
    # Drives without rights of their own refuse this, and need it not.
    with suppress(OSError):
        path.chmod(_mode_of(path.parent))


def _flush_folder(folder: Path) -> None:
    """Makes new names in a folder survive a power cut, where the system can flush a folder at all."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | _NO_LINKS)
    except OSError as error:
        if error.errno in _NO_FLUSH_OF_FOLDERS:
            return
        raise
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FLUSH_OF_FOLDERS:
            raise
    finally:
        os.close(descriptor)


# ---------------------------------------------------------------- reading


def _read(path: Path, limit: int, flow: Flow | None = None) -> bytes:
    """At most one byte more than `limit`, so that the caller sees when there is too much."""
    descriptor = os.open(path, os.O_RDONLY | _NO_LINKS | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileNotFoundError(errno.ENOENT, "not a file")
        chunks: list[bytes] = []
        wanted = limit + 1
        while wanted > 0 and (chunk := os.read(descriptor, min(wanted, _CHUNK if flow is None else _RUN))):
            if flow is not None:
                flow.pass_on(len(chunk))
            chunks.append(chunk)
            wanted -= len(chunk)
    finally:
        os.close(descriptor)
    return b"".join(chunks)


def _holds(path: Path, data: bytes, name: str) -> bool:
    """Whether the name exists with these bytes. Raises: StoreRefusedError("name-taken") when it holds anything else."""
    try:
        same = stat.S_ISREG(os.lstat(path).st_mode) and _read(path, len(data)) == data
    except (FileNotFoundError, NotADirectoryError):
        return False
    if not same:
        raise StoreRefusedError("name-taken", name=name)
    return True


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False
