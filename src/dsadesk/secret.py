"""A value that must never be shown: it prints as dots, refuses to be pickled and wipes what Python lets it wipe."""

from __future__ import annotations

from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Secret(Generic[T]):
    """Holds a secret; only `reveal()` gives it out.

    `wipe()` overwrites a bytearray in place and lets go of any other value. Python may have copied immutable bytes
    elsewhere before: that limit is written down in docs/security.md.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value: T | None = value

    def reveal(self) -> T:
        """The secret itself. Raises: ValueError after `wipe()`."""
        if self._value is None:
            raise ValueError("secret was wiped")
        return self._value

    def wipe(self) -> None:
        """Forgets the value."""
        if isinstance(self._value, bytearray):
            self._value[:] = bytes(len(self._value))
        self._value = None

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return "…"

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")
