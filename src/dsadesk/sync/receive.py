"""Finds what came into an inbox and hands it over as parcels. Believes nothing: the doors of `bundle.unseal` come after."""

from __future__ import annotations

import base64
import contextlib
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from dsadesk import age
from dsadesk.bundle.manifest import FileEntry
from dsadesk.domain.ids import BoxId
from dsadesk.errors import ContainerError, ContentsError, StoreMissingError, StoreReadOnlyError, StoreRefusedError
from dsadesk.ports import Transport, Vault
from dsadesk.sync.commit import (
    MAX_COMMIT_BYTES,
    MAX_PART_BYTES,
    Commit,
    ObjectRef,
    PartList,
    commit_prefix,
    hash_name,
    open_part_list,
    parse_commit,
)

OBJECT_MISSING = "object-missing"


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

    def __init__(self, arrival: Arrival, transport: Transport, identities: Sequence[age.Identity]) -> None:
        """Reads the commit, and the list of parts that its name is bound to. Raises: ContainerError, DecryptError("not-for-us")."""
        self._commit: Commit = parse_commit(arrival.name, arrival.data)
        self._transport = transport
        self._list: PartList = open_part_list(self._commit, identities)

    @property
    def sealed(self) -> bytes:
        """The sealed manifest."""
        return self._commit.sealed

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
        return io.BufferedReader(_Parts(reference, self._transport), 1024 * 1024)

    def _reference(self, n: int) -> ObjectRef:
        for reference in self._list.objects:
            if reference.n == n:
                return reference
        raise ContainerError("object-missing", n=n)


class _Parts(io.RawIOBase):
    """An object's payload, read part by part, each checked against its name."""

    def __init__(self, reference: ObjectRef, transport: Transport) -> None:
        super().__init__()
        self._todo = list(reference.parts)
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
        part = self._todo.pop(0)
        try:
            data = self._transport.get(part.name, MAX_PART_BYTES)
        except StoreMissingError as error:
            if error.code != OBJECT_MISSING:
                raise
            raise IncompleteError("part-missing", name=part.name) from error
        except StoreRefusedError as error:
            raise ContainerError("part-altered", name=part.name) from error
        if len(data) != part.length or hash_name(data, 52) != part.name.rsplit("/", 1)[-1]:
            raise ContainerError("part-altered", name=part.name)
        return data


def arrivals(vault: Vault, transport: Transport, box: BoxId) -> Iterator[Arrival]:
    """The commits of an inbox that this vault has not dealt with, in the order of their store times.

    Raises: StoreError when the store cannot be read.
    """
    with contextlib.suppress(StoreReadOnlyError):  # a write-protected stick can still be read
        transport.check()
    for name in transport.list(commit_prefix(box)):
        if vault.inbox.has_looked_at(box, name):
            continue
        try:
            data = transport.get(name, MAX_COMMIT_BYTES)
        except StoreMissingError as error:
            if error.code != OBJECT_MISSING:
                raise
            continue
        except StoreRefusedError:
            data = b""  # too large to be a commit: the container door says so, with the name as evidence
        yield Arrival(box, name, data)
