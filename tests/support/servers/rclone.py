"""`rclone serve s3` over a folder: the sloppy S3 server. It ignores conditional writes, and its buckets and folders are real folders."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from dsadesk.ports import StoreAccess
from tests.support.servers.processes import SERVERS, Running, free_port

PROGRAM = SERVERS / "bin/rclone"
USER = "a-key-of-a-test"
SECRET = "a-secret-of-a-test"


def missing() -> str:
    """Why it cannot run here, "" when it can."""
    return "" if PROGRAM.exists() else "rclone is not in .venv-servers: ./test sets it up"


@dataclass
class Rclone:
    """The server over the buckets in a folder; each is a folder there."""

    folder: Path
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    certificate: tuple[Path, Path] | None = None

    @property
    def endpoint(self) -> str:
        """Where S3 is spoken."""
        return f"{self.host}:{self.port}"

    @property
    def access(self) -> StoreAccess:
        """What lets the owner of the buckets in."""
        return StoreAccess(user=USER, secret=SECRET)

    def start(self) -> Rclone:
        """Starts it and waits until it listens."""
        buckets = self.folder / "buckets"
        buckets.mkdir(exist_ok=True)
        tls = ["--cert", str(self.certificate[0]), "--key", str(self.certificate[1])] if self.certificate else []
        command = [PROGRAM, "serve", "s3", buckets, "--addr", self.endpoint, "--auth-key", f"{USER},{SECRET}", *tls]
        env = {
            **os.environ,
            "RCLONE_CONFIG": str(self.folder / "no.conf"),
            "RCLONE_CACHE_DIR": str(self.folder / "cache"),
        }
        self._running = Running(command, self.folder / "rclone.log", env)
        self._running.start()
        self._running.wait_for_port(self.port, host=self.host)
        return self

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._running.kill()

    def stop(self) -> None:
        """Ends it."""
        self._running.stop()
