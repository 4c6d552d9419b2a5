"""The operating system's randomness. The only place that asks for it."""

from __future__ import annotations

import os


class SystemEntropy:
    """Implements `ports.Entropy`."""

    def token(self, size: int) -> bytes:
        """Random bytes from the operating system."""
        return os.urandom(size)
