"""Real servers for tests: started on free ports of loopback, below a folder of the test, and ended by their own ids."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SERVERS = ROOT / ".venv-servers"

READY_SECONDS = 60.0
_GRACE_SECONDS = 5.0
_NEVER = threading.Event()


class NotReadyError(Exception):
    """A server did not answer in time, or ended; the message has the end of what it said."""


def free_port() -> int:
    """A port of loopback that nobody uses at this instant."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


class Running:
    """One server in a process group of its own."""

    def __init__(
        self, command: Sequence[str | os.PathLike[str]], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self._command = [os.fspath(word) for word in command]
        self._log = log
        self._env = dict(os.environ if env is None else env)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; it may not answer yet."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._env, start_new_session=True
            )

    def wait_for_port(self, port: int, seconds: float = READY_SECONDS, *, host: str = "127.0.0.1") -> None:
        """Waits until something listens on the port. Raises: NotReadyError."""
        self.wait_until(lambda: _listens(host, port), seconds)

    def wait_until(self, is_ready: Callable[[], bool], seconds: float = READY_SECONDS) -> None:
        """Waits until a condition holds. Raises: NotReadyError, also when the process has ended."""
        end = time.monotonic() + seconds
        while not is_ready():
            if self._process is None or self._process.poll() is not None or time.monotonic() > end:
                said = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
                raise NotReadyError(f"{self._command[0]}: {said}")
            _NEVER.wait(0.02)

    def kill(self) -> None:
        """Ends it as a power cut would: SIGKILL to its whole group."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Asks it to end, and ends it when it does not. Stopping twice is fine."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for signal_ in (how, signal.SIGKILL):
            try:
                os.killpg(process.pid, signal_)
            except ProcessLookupError:
                break
            try:
                process.wait(_GRACE_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        process.wait()


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), 1):
            return True
    except OSError:
        return False
