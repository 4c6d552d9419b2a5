"""A store in a dictionary, and wrappers that fail or lose on purpose: the exchange is tested against these, and demos use them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from dsadesk.errors import StoreError, StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.ports import Parts, Transport
from dsadesk.transports.names import check_name, check_prefix

T = TypeVar("T")


class MemoryTransport:
    """A store that lives as long as the program. `problem` set to an error makes every call raise it, as an unplugged drive does."""

    def __init__(self, address: str = "memory", *, now: Callable[[], datetime] | None = None) -> None:
        self._address = address
        self._now = now
        self._objects: dict[str, bytes] = {}
        self._put: list[str] = []
        self.problem: StoreError | None = None
        self.parts_like = Parts.FOLDER

    @property
    def address(self) -> str:
        """What a person would recognise it by."""
        return self._address

    @property
    def parts(self) -> Parts:
        """As `parts_like` says, else those of a folder."""
        return self.parts_like

    def check(self) -> None:
        """Says whether the store can be used. Raises: what `problem` holds."""
        if self.problem is not None:
            raise self.problem

    def store_id(self) -> str:
        """Nothing: a store in memory has no id. Raises: what `problem` holds."""
        if self.problem is not None:
            raise self.problem
        return ""

    def put(self, name: str, data: bytes) -> None:
        """Keeps an object. Raises: StoreRefusedError("name-taken" | "name-invalid"), what `problem` holds."""
        check_name(name)
        self.check()
        if self._objects.get(name, data) != data or self._is_folder(name) or self._lies_below_an_object(name):
            raise StoreRefusedError("name-taken", name=name)
        self._objects[name] = bytes(data)
        self._put.append(name)

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes. Raises: StoreMissingError("object-missing"), StoreRefusedError("object-too-large" | "name-invalid")."""
        check_name(name)
        self.check()
        data = self._objects.get(name)
        if data is None:
            raise StoreMissingError("object-missing", name=name)
        if len(data) > limit:
            raise StoreRefusedError("object-too-large", name=name, size=len(data), limit=limit)
        return data

    def has(self, name: str) -> bool:
        """Whether an object is there. Raises: StoreRefusedError("name-invalid"), what `problem` holds."""
        check_name(name)
        self.check()
        return name in self._objects

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """The names that begin with a prefix and sort after `after`. Raises: StoreRefusedError("name-invalid"), what `problem` holds."""
        check_prefix(prefix)
        self.check()
        return tuple(sorted(name for name in self._objects if name.startswith(prefix) and name > after))

    def delete(self, name: str) -> None:
        """Removes an object; removing twice is fine. Raises: StoreRefusedError("name-invalid"), what `problem` holds."""
        check_name(name)
        self.check()
        self._objects.pop(name, None)

    def store_time(self) -> datetime | None:
        """The time of the clock that it was given, else None."""
        self.check()
        return self._now() if self._now is not None else None

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Names that were put since; a cursor counts what had been put. Raises: as `list`."""
        seen = int(cursor) if cursor.isdecimal() and cursor.isascii() and len(cursor) < 20 else 0
        since = set(self._put[seen:])
        return tuple(name for name in self.list(prefix) if name in since), str(len(self._put))

    def close(self) -> None:
        """Nothing to close."""

    def _is_folder(self, name: str) -> bool:
        return any(other.startswith(f"{name}/") for other in self._objects)

    def _lies_below_an_object(self, name: str) -> bool:
        parts = name.split("/")
        return any("/".join(parts[:n]) in self._objects for n in range(1, len(parts)))


class FaultyTransport:
    """Passes calls on and raises `error` in place of the one numbered `fail_at`, counted from 1 over all methods.

    `calls` says how many there were, so that a sweep knows when no call is left to fail: stop when `calls < fail_at`.
    """

    def __init__(self, inner: Transport, fail_at: int, error: StoreError) -> None:
        self._inner = inner
        self._fail_at = fail_at
        self._error = error
        self.calls = 0

    @property
    def address(self) -> str:
        """What a person would recognise it by."""
        return self._inner.address

    @property
    def parts(self) -> Parts:
        """As it is behind the wrapper."""
        return self._inner.parts

    def check(self) -> None:
        """Passes the call on or fails."""
        self._pass_on(self._inner.check)

    def store_id(self) -> str:
        """Passes the call on or fails."""
        return self._pass_on(self._inner.store_id)

    def put(self, name: str, data: bytes) -> None:
        """Passes the call on or fails before anything is written."""
        self._pass_on(lambda: self._inner.put(name, data))

    def get(self, name: str, limit: int) -> bytes:
        """Passes the call on or fails."""
        return self._pass_on(lambda: self._inner.get(name, limit))

    def has(self, name: str) -> bool:
        """Passes the call on or fails."""
        return self._pass_on(lambda: self._inner.has(name))

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """Passes the call on or fails."""
        return self._pass_on(lambda: self._inner.list(prefix, after))

    def delete(self, name: str) -> None:
        """Passes the call on or fails before anything is removed."""
        self._pass_on(lambda: self._inner.delete(name))

    def store_time(self) -> datetime | None:
        """Passes the call on or fails."""
        return self._pass_on(self._inner.store_time)

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Passes the call on or fails."""
        return self._pass_on(lambda: self._inner.poll(prefix, cursor))

    def close(self) -> None:
        """Passes the call on; closing never fails."""
        self._inner.close()

    def _pass_on(self, call: Callable[[], T]) -> T:
        self.calls += 1
        if self.calls == self._fail_at:
            raise self._error
        return call()


class LossyTransport:
    """A store that loses answers and hides objects.

    `lost_acks` are numbers, counted from 1 over `put` and `delete`, of changes that happen although the answer is lost.
    Names in `hidden` are not listed and not found, as when a store's listing lags behind or its keeper cheats.
    """

    def __init__(self, inner: Transport, *, lost_acks: Collection[int] = (), hidden: Collection[str] = ()) -> None:
        self._inner = inner
        self._lost_acks = frozenset(lost_acks)
        self.hidden = set(hidden)
        self.changes = 0

    @property
    def address(self) -> str:
        """What a person would recognise it by."""
        return self._inner.address

    @property
    def parts(self) -> Parts:
        """As it is behind the wrapper."""
        return self._inner.parts

    def check(self) -> None:
        """Passes the call on."""
        self._inner.check()

    def store_id(self) -> str:
        """Passes the call on."""
        return self._inner.store_id()

    def put(self, name: str, data: bytes) -> None:
        """Writes, and may then lose the answer. Raises: StoreUnreachableError("answer-lost")."""
        self._inner.put(name, data)
        self._perhaps_lose_the_answer()

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes, unless it is hidden. Raises: StoreMissingError("object-missing")."""
        if name in self.hidden:
            raise StoreMissingError("object-missing", name=name)
        return self._inner.get(name, limit)

    def has(self, name: str) -> bool:
        """Whether an object is there and not hidden."""
        return name not in self.hidden and self._inner.has(name)

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """The names that are not hidden."""
        return tuple(name for name in self._inner.list(prefix, after) if name not in self.hidden)

    def delete(self, name: str) -> None:
        """Removes, and may then lose the answer. Raises: StoreUnreachableError("answer-lost")."""
        self._inner.delete(name)
        self._perhaps_lose_the_answer()

    def store_time(self) -> datetime | None:
        """Passes the call on."""
        return self._inner.store_time()

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """The names that are not hidden. Hidden ones are not passed over: a listing that lags shows them when it has caught up."""
        names, moved = self._inner.poll(prefix, cursor)
        shown = tuple(name for name in names if name not in self.hidden)
        return shown, moved if shown == names else cursor

    def close(self) -> None:
        """Passes the call on."""
        self._inner.close()

    def _perhaps_lose_the_answer(self) -> None:
        self.changes += 1
        if self.changes in self._lost_acks:
            raise StoreUnreachableError("answer-lost")
