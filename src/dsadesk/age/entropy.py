"""Where fresh bytes come from: the caller. Nothing in this library reaches for the system's generator by itself."""

from __future__ import annotations

from collections.abc import Callable

Entropy = Callable[[int], bytes]


def draw(entropy: Entropy, size: int) -> bytes:
    """`size` fresh bytes. Raises: ValueError when the source gives another number of them."""
    fresh = entropy(size)
    if len(fresh) != size:
        raise ValueError("entropy source gave the wrong number of bytes")
    return bytes(fresh)
