"""Finds what came into an inbox and hands it over as parcels. Believes nothing: the doors of `bundle.unseal` come after."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
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
NOT_OURS = frozenset({"object-too-large", "link-in-store"})
"""What a store refuses because of what stands under a name, and not because of who asks: nobody who keeps to the format puts that there."""
MAX_NAMED = 100_000
"""How many parts are remembered before all are forgotten: to name as many takes 6 MB of commits."""
MAX_KEPT_BYTES = 8 * 1024 * 1024
"""Of manifests, for commits of one round that bring the same."""
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


class Named:
    """Which commit of a round was the first to name a part of its manifest.

    A manifest is fetched before any door, so many small commits could have the same parts fetched again and again. Encryption never repeats
    itself: honest ones share none, unless they bring the very same bundle, as two laptops of one office may; then it is fetched once.
    """

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, tuple[PartRef, ...]]] = {}
        self._fetched: dict[tuple[PartRef, ...], bytes] = {}
        self._kept = 0

    def claim(self, commit: str, parts: tuple[PartRef, ...]) -> bytes:
        """Notes what a commit names. Gives the manifest if one before it had the very same, else b"".

        Raises: ContainerError("part-list") when another one named a part of it before, IncompleteError when that one had the same and waits.
        """
        before = {self._first[part.hash] for part in parts if part.hash in self._first}
        if before <= {(commit, parts)}:
            if len(self._first) + len(parts) > MAX_NAMED:
                self._first.clear()
            self._first.update((part.hash, (commit, parts)) for part in parts)
            return b""
        if any(same != parts for _, same in before):
            raise ContainerError("part-list", n=0)
        if parts not in self._fetched:
            raise IncompleteError("part-missing", name="")
        return self._fetched[parts]

    def fetched(self, parts: tuple[PartRef, ...], sealed: bytes) -> None:
        """Keeps a manifest for whatever brings the same, as far as there is room."""
        if parts and parts not in self._fetched and self._kept + len(sealed) <= MAX_KEPT_BYTES:
            self._fetched[parts] = sealed
            self._kept += len(sealed)


class StoreParcel:
    """A bundle that lies in a store; a `Parcel`."""

    def __init__(
        self,
        arrival: Arrival,
        transport: Reader,
        identities: Sequence[age.Identity],
        *,
        named: Named | None = None,
        awaited: str = "",
        sealed: bytes = b"",
    ) -> None:
        """Reads the commit, the list of parts that its name is bound to, and the manifest, fetching it where it lies in parts.

        `named` is what the commits before it in this round named. `awaited` is the part that was missing at the last look: it is asked
        for before any other. `sealed` is the manifest where it was kept: it is not fetched then.
        Raises: ContainerError, DecryptError("not-for-us"), IncompleteError, StoreError.
        """
        self._commit: Commit = parse_commit(arrival.name, arrival.data)
        self._transport = transport
        self._list: PartList = open_part_list(self._commit, identities)
        known = named.claim(arrival.name, self._list.manifest) if named is not None else b""
        self._came: dict[str, bytes] = {}
        if awaited:
            self._ask_for(awaited)
        self.sealed = self._commit.sealed or sealed or known or self._reader(self._list.manifest).read()
        if named is not None:
            named.fetched(self._list.manifest, self.sealed)

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
        return io.BufferedReader(_Parts(self._names(parts), self._fetch), 1024 * 1024)

    def _names(self, parts: Iterable[PartRef]) -> list[tuple[str, int]]:
        return [(name_of_part(self._commit.box, self._list.day, part.hash), part.length) for part in parts]

    def _ask_for(self, awaited: str) -> None:
        of_objects = (part for reference in self._list.objects for part in reference.parts)
        for name, length in self._names((*self._list.manifest, *of_objects)):
            if name == awaited:
                self._came[name] = _fetch(self._transport, name, length)

    def _fetch(self, name: str, length: int) -> bytes:
        return self._came.pop(name, b"") or _fetch(self._transport, name, length)

    def _reference(self, n: int) -> ObjectRef:
        for reference in self._list.objects:
            if reference.n == n:
                return reference
        raise ContainerError("object-missing", n=n)


class _Parts(io.RawIOBase):
    """Bytes that lie in parts of known names and lengths, read part by part, each checked against its name."""

    def __init__(self, parts: Sequence[tuple[str, int]], fetch: Callable[[str, int], bytes]) -> None:
        super().__init__()
        self._todo = iter(parts)
        self._fetch = fetch
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._rest and (part := next(self._todo, None)):
            self._rest = memoryview(self._fetch(*part))
        taken = min(len(view), len(self._rest))
        view[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


def _fetch(transport: Reader, name: str, length: int) -> bytes:
    """A part, checked against its name. Raises: IncompleteError, ContainerError("part-altered"), StoreError."""
    try:
        data = transport.get(name, length)
    except StoreMissingError as error:
        if error.code != OBJECT_MISSING:
            raise
        raise IncompleteError("part-missing", name=name) from error
    except StoreRefusedError as error:
        if error.code not in NOT_OURS:
            raise
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
            except StoreRefusedError as error:
                if error.code not in NOT_OURS:
                    raise
                data = b""  # cannot be a commit: the container door says so, with the name as evidence
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
