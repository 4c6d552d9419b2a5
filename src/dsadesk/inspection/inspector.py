"""Reads samples away from everything else: in a process of its own, which can fail or be stopped without harm."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

import dsadesk
from dsadesk.errors import SampleError
from dsadesk.inspection.child import CHILD_ARGUMENT, Answer, Order
from dsadesk.inspection.profile import profile_table
from dsadesk.inspection.tables import Limits
from dsadesk.ports import TableProfile

TIMEOUT_SECONDS = 900.0
MEMORY_BYTES = 768 * 1024 * 1024

_CHUNK = 256 * 1024
_MAX_ANSWER_BYTES = 4 * 1024 * 1024
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "HOME")


class LocalInspector:
    """Reads samples in this process: for tests and for small files of our own making."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits

    def profile(self, source: BinaryIO, name: str) -> TableProfile:
        """Profiles a CSV or TSV. Raises: SampleError with what is wrong and where."""
        return profile_table(source, name, self._limits)


class ProcessInspector:
    """Reads each sample in a new process with limits on time and memory. The plain bytes travel through a pipe and touch no disk.

    `command` starts the process; by default this Python, or this program when it is frozen.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        seconds: float = TIMEOUT_SECONDS,
        memory: int = MEMORY_BYTES,
        command: Sequence[str] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._seconds = seconds
        self._memory = memory
        self._command = tuple(command) if command is not None else _own_command()

    def profile(self, source: BinaryIO, name: str) -> TableProfile:
        """Profiles a CSV or TSV.

        Raises: SampleError with what is wrong and where, SampleError("inspection-failed" | "inspection-timeout") when the
        process itself did not get to an answer.
        """
        order = msgspec.json.encode(Order(name=name[-200:], limits=self._limits, memory=self._memory))
        too_late = threading.Event()
        with self._start() as child:

            def stop() -> None:
                too_late.set()
                child.kill()

            # A timer, because no two systems can wait for a blocked pipe with a limit in the same way. It only kills.
            watch = threading.Timer(self._seconds, stop)
            watch.daemon = True
            watch.start()
            try:
                answer = _converse(child, order, source)
                code = child.wait()
            finally:
                watch.cancel()
                child.kill()
        if too_late.is_set():
            raise SampleError("inspection-timeout", seconds=int(self._seconds))
        return _read_answer(answer, code)

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What a failing reader would say could quote the sample.
                stderr=subprocess.DEVNULL,
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise SampleError("inspection-failed", exit=-1) from error


def _own_command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, CHILD_ARGUMENT)
    return (sys.executable, "-P", "-B", "-m", "dsadesk.inspection.child")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(dsadesk.__file__).parents[1]), "PYINSTALLER_RESET_ENVIRONMENT": "1"}


def _converse(child: subprocess.Popen[bytes], order: bytes, source: BinaryIO) -> bytes:
    """Gives the order and the bytes, and takes the answer. A reader that has seen enough closes its end early."""
    stdin, stdout = _pipes(child)
    if _give(stdin, order + b"\n"):
        while chunk := source.read(_CHUNK):
            if not _give(stdin, chunk):
                break
    with suppress(OSError):
        stdin.close()
    answer = stdout.read(_MAX_ANSWER_BYTES + 1)
    stdout.close()
    return answer


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise SampleError("inspection-failed", exit=-1)
    return child.stdin, child.stdout


def _give(stdin: IO[bytes], data: bytes) -> bool:
    try:
        stdin.write(data)
        stdin.flush()
    except OSError:
        return False
    return True


def _read_answer(data: bytes, exit_code: int) -> TableProfile:
    try:
        answer = msgspec.json.decode(data, type=Answer)
    except msgspec.MsgspecError:
        raise SampleError("inspection-failed", exit=exit_code) from None
    if answer.profile is not None and not answer.code and exit_code == 0:
        return answer.profile
    if answer.code and exit_code == 0:
        fields = {name: tuple(value) if isinstance(value, list) else value for name, value in answer.fields.items()}
        raise SampleError(answer.code, **fields)
    raise SampleError("inspection-failed", exit=exit_code)
