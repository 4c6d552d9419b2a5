"""Finds what came into an inbox and hands it over as parcels. Believes nothing: the doors of `bundle.unseal` come after."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import msgspec

from dsadesk import age
from dsadesk.bundle.manifest import FileEntry
from dsadesk.domain.ids import BoxId
from dsadesk.errors import ContainerError, ContentsError, StoreMissingError, StoreRefusedError
from dsadesk.ports import Vault
from dsadesk.sync.bookmark import MAX_WAITING, Bookmark, days_ago
from dsadesk.sync.commit import (
    MAX_COMMIT_BYTES,
    Commit,
    ObjectRef,
    PartList,
    PartRef,
    commit_prefix,
    hash_name,
    name_of_part,
    open_part_list,
    parse_commit,
    with_manifest,
)
from dsadesk.sync.patient import Reader
from dsadesk.sync.posting import Post, on_the_spot

OBJECT_MISSING = "object-missing"
NAMES_AT_ONCE = 500
"""How many names are looked up in the vault by one piece of work."""


class IncompleteError(StoreMissingError):
    """A part that the commit names is not visible yet. Looking again later may find it; nothing is wrong."""


class Arrival:
    """A commit in an inbox of ours, with its bytes as the store gave them."""

    def __init__(self, box: BoxId, name: str, data: bytes) -> None:
        self.box = box
        self.name = name
        self.data = data


class StoreParcel:
    """A bundle that lies in a store; a `Parcel`."""

    def __init__(self, arrival: Arrival, transport: Reader, identities: Sequence[age.Identity]) -> None:
        """Reads the commit, the list of parts that its name is bound to, and the manifest, fetching it where it lies in parts.

        Raises: ContainerError, DecryptError("not-for-us"), IncompleteError, StoreError.
        """
        self._commit: Commit = parse_commit(arrival.name, arrival.data)
        self._transport = transport
        self._list: PartList = open_part_list(self._commit, identities)
        self.sealed = self._commit.sealed or self._reader(self._list.manifest).read()

    @property
    def evidence(self) -> bytes:
        """The commit, with the sealed manifest in it wherever that lay."""
        return with_manifest(self._commit, self.sealed)

    def require(self, files: Sequence[FileEntry]) -> None:
        """Checks that exactly these objects are listed. Raises: ContainerError("object-missing" | "part-list"), ContentsError("object-size")."""
        count = len(self._list.objects)
        if count < len(files):
            raise ContainerError("object-missing", n=count + 1)
        if count > len(files):
            raise ContainerError("part-list", n=len(files) + 1)
        for entry in files:
            if self._reference(entry.n).size != entry.payload_size:
                raise ContentsError("object-size", n=entry.n, name=entry.name)

    def header(self, n: int) -> bytes:
        """The age header of object `n`. Raises: ContainerError."""
        return base64.b64decode(self._reference(n).header)

    def payload(self, n: int) -> BinaryIO:
        """The payload of object `n`, its parts fetched as they are read. Raises: ContainerError; reading raises IncompleteError."""
        reference = self._reference(n)
        if reference.inline:
            return io.BytesIO(base64.b64decode(reference.inline))
        return self._reader(reference.parts)

    def _reader(self, parts: Sequence[PartRef]) -> BinaryIO:
        names = [(name_of_part(self._commit.box, self._list.day, part.hash), part.length) for part in parts]
        return io.BufferedReader(_Parts(names, self._transport), 1024 * 1024)

    def _reference(self, n: int) -> ObjectRef:
        for reference in self._list.objects:
            if reference.n == n:
                return reference
        raise ContainerError("object-missing", n=n)


class _Parts(io.RawIOBase):
    """Bytes that lie in parts of known names and lengths, read part by part, each checked against its name."""

    def __init__(self, parts: Sequence[tuple[str, int]], transport: Reader) -> None:
        super().__init__()
        self._todo = list(parts)
        self._transport = transport
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._rest and self._todo:
            self._rest = self._fetch()
        taken = min(len(view), len(self._rest))
        view[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken

    def _fetch(self) -> bytes:
        name, length = self._todo.pop(0)
        try:
            data = self._transport.get(name, length)
        except StoreMissingError as error:
            if error.code != OBJECT_MISSING:
                raise
            raise IncompleteError("part-missing", name=name) from error
        except StoreRefusedError as error:
            raise ContainerError("part-altered", name=name) from error
        if len(data) != length or hash_name(data, 52) != name.rsplit("/", 1)[-1]:
            raise ContainerError("part-altered", name=name)
        return data


@dataclass(frozen=True, kw_only=True)
class Look:
    """How an inbox is looked through: `place` is the setting that keeps its bookmark, `wide` and `whole` ask for more than is due by the time."""

    place: str
    now: datetime
    wide: bool = False
    whole: bool = False


def arrivals(vault: Vault, transport: Reader, box: BoxId, look: Look, post: Post = on_the_spot) -> Iterator[Arrival]:
    """The commits of an inbox that this vault has not dealt with, in the order of their store times.

    The bookmark moves when the last of them was handled, so whatever happens before, they come again. The vault is only used by `post`.
    Raises: StoreError when the store cannot be read.
    """

    def fresh_among(names: Sequence[str]) -> list[str]:
        return [name for name in names if not vault.inbox.has_looked_at(box, name)]

    mark = post(lambda: Bookmark.from_bytes(vault.settings.read(look.place)))
    names, moved = _look(transport, commit_prefix(box), mark, look)
    for start in range(0, len(names), NAMES_AT_ONCE):
        batch = names[start : start + NAMES_AT_ONCE]
        for name in post(lambda: fresh_among(batch)):  # noqa: B023 - done before the next batch
            try:
                data = transport.get(name, MAX_COMMIT_BYTES)
            except StoreMissingError as error:
                if error.code != OBJECT_MISSING:
                    raise
                continue
            except StoreRefusedError:
                data = b""  # too large to be a commit: the container door says so, with the name as evidence
            yield Arrival(box, name, data)

    def move() -> None:
        waiting = tuple(fresh_among(names))
        now = msgspec.structs.replace(moved, waiting=waiting)
        if len(waiting) <= MAX_WAITING and now != mark:
            vault.settings.write(look.place, now.to_bytes())

    post(move)


def _look(transport: Reader, prefix: str, mark: Bookmark, look: Look) -> tuple[Sequence[str], Bookmark]:
    """The names to go through, sorted, and the bookmark for when that is done."""
    if look.whole or mark.is_whole_look_due(look.now):
        everything, cursor = transport.poll(prefix, "")
        return everything, Bookmark(cursor=cursor, wide_at=look.now, whole_at=look.now)
    found, cursor = transport.poll(prefix, mark.cursor)
    moved = msgspec.structs.replace(mark, cursor=cursor)
    names = {*found, *mark.waiting}
    if look.wide or mark.is_wide_look_due(look.now):
        # A day sorts before what came on it.
        names.update(transport.list(prefix, after=prefix + days_ago(look.now)))
        moved = msgspec.structs.replace(moved, wide_at=look.now)
    return sorted(names), moved
