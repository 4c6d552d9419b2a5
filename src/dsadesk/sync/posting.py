"""How work reaches the vault: by short pieces that run where the vault may be used, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Post(Protocol):
    """Runs a short piece of work where the vault may be used, and gives its result or its error to the caller, who waits for it."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """Must not be called from within such work, unless it runs on the spot."""
        ...


def on_the_spot(work: Callable[[], T], /) -> T:
    """A `Post` for the thread that owns the vault."""
    return work()
