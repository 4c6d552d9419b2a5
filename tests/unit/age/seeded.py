"""Entropy that repeats itself, for tests."""

from __future__ import annotations

import hashlib


class SeededEntropy:
    """Gives other bytes on each call, and the same ones again from the same seed."""

    def __init__(self, seed: int = 0) -> None:
        self._state = seed.to_bytes(8, "big")

    def __call__(self, size: int) -> bytes:
        self._state = hashlib.sha256(self._state).digest()
        return hashlib.shake_256(self._state).digest(size)


def plaintext(size: int) -> bytes:
    """Bytes in which no two chunks are alike."""
    return hashlib.shake_256(b"plaintext").digest(size)
