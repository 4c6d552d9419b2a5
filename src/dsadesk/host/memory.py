"""The machine in memory: a clock that stands still, randomness that repeats itself, and a key store that does as it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import shake_256

from dsadesk.errors import KeyStoreError
from dsadesk.ports import KeyStoreState

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET_BYTES = 32


class FixedClock:
    """Implements `ports.Clock`. Time passes only when it is told to."""

    def __init__(self, at: datetime = START) -> None:
        self._now = at

    def now(self) -> datetime:
        """The time."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Lets time pass, or go back."""
        self._now += timedelta(seconds=seconds)


class SeededEntropy:
    """Implements `ports.Entropy`. The same seed gives the same bytes in the same order; never for keys that guard anything."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def token(self, size: int) -> bytes:
        """The next bytes."""
        self._drawn += 1
        return shake_256(self._seed + b"\x00" + self._drawn.to_bytes(8, "big")).digest(size)


class MemorySecretStore:
    """Implements `ports.SecretStore`. `state` is what it answers from now on."""

    def __init__(self, state: KeyStoreState = KeyStoreState.WORKS, backend: str = "memory") -> None:
        self.state = state
        self._backend = backend
        self._kept: dict[str, bytes] = {}

    @property
    def backend(self) -> str:
        """The backend's name."""
        return self._backend

    def probe(self) -> KeyStoreState:
        """The state it was told."""
        return self.state

    def read(self, name: str) -> bytes | None:
        """The 32 bytes kept under a name, or None. Raises: KeyStoreError."""
        self._answer()
        return self._kept.get(name)

    def write(self, name: str, secret: bytes) -> None:
        """Keeps exactly 32 bytes under a name. Raises: KeyStoreError, ValueError for another length."""
        if len(secret) != SECRET_BYTES:
            raise ValueError("a key store keeps secrets of 32 bytes only")
        self._answer()
        self._kept[name] = bytes(secret)

    def delete(self, name: str) -> None:
        """Forgets a name; forgetting twice is fine. Raises: KeyStoreError."""
        self._answer()
        self._kept.pop(name, None)

    def _answer(self) -> None:
        if self.state is not KeyStoreState.WORKS:
            raise KeyStoreError(self.state.value)
