"""Writes down every call that a store gets, for tests of cost and order and for a diagnostics report. No object's bytes are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from dsadesk.errors import StoreError
from dsadesk.ports import Parts, Transport

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One call: its method, the name or prefix, how many bytes or names went by, and the code it failed with, if any."""

    method: str
    name: str = ""
    size: int = 0
    code: str = ""


class RecordedTransport:
    """Passes every call on and keeps a line about it in `calls`."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.calls: list[Call] = []

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
        self._record("check", "", self._inner.check)

    def store_id(self) -> str:
        """Passes the call on."""
        return self._record("store_id", "", self._inner.store_id)

    def put(self, name: str, data: bytes) -> None:
        """Passes the call on."""
        self._record("put", name, lambda: self._inner.put(name, data), lambda _: len(data))

    def get(self, name: str, limit: int) -> bytes:
        """Passes the call on."""
        return self._record("get", name, lambda: self._inner.get(name, limit), len)

    def has(self, name: str) -> bool:
        """Passes the call on."""
        return self._record("has", name, lambda: self._inner.has(name), int)

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """Passes the call on."""
        return self._record("list", prefix, lambda: self._inner.list(prefix, after), len)

    def delete(self, name: str) -> None:
        """Passes the call on."""
        self._record("delete", name, lambda: self._inner.delete(name))

    def store_time(self) -> datetime | None:
        """Passes the call on."""
        return self._record("store_time", "", self._inner.store_time)

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Passes the call on."""
        return self._record("poll", prefix, lambda: self._inner.poll(prefix, cursor), lambda found: len(found[0]))

    def close(self) -> None:
        """Passes the call on."""
        self._inner.close()

    def _record(self, method: str, name: str, call: Callable[[], T], size: Callable[[T], int] = lambda _: 0) -> T:
        try:
            result = call()
        except StoreError as error:
            self.calls.append(Call(method, name, 0, error.code))
            raise
        self.calls.append(Call(method, name, size(result)))
        return result
