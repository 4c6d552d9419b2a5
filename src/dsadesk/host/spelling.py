"""Spelling by Hunspell in a process of its own, which may be slow, or fail on a word that somebody made, without the window noticing.

A dictionary takes a tenth of a second to load and a suggestion as long to find, and Hunspell holds Python's lock for both. The words travel
through a pipe and touch no disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

import dsadesk
from dsadesk.errors import SpellingError
from dsadesk.host.spelling_child import CHILD_ARGUMENT, DICTIONARIES, Answer, Order

_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "HOME")


class ProcessSpeller:
    """Implements `ports.Speller`. `folder` holds the dictionaries. The process starts with the first question and ends with `close`."""

    def __init__(self, folder: Path, *, command: Sequence[str] | None = None) -> None:
        self._folder = folder
        self._command = tuple(command) if command is not None else _own_command()
        self._child: subprocess.Popen[bytes] | None = None
        self._door = threading.Lock()

    def unknown(self, words: Sequence[str], language: str) -> frozenset[str]:
        """Returns the words that the dictionary does not know. Raises: SpellingError."""
        asked = [word for word in words if "\n" not in word]
        return frozenset(self._ask(Order(language=language, words=asked)).words) if asked else frozenset()

    def suggest(self, word: str, language: str) -> tuple[str, ...]:
        """Returns what could have been meant, likeliest first. Raises: SpellingError."""
        return tuple(self._ask(Order(language=language, words=[word], suggest=True)).words)

    def close(self) -> None:
        """Ends the process. Closing twice is fine; the next question starts it again."""
        with self._door:
            self._stop()

    def _ask(self, order: Order) -> Answer:
        if order.language not in DICTIONARIES:
            raise SpellingError("spelling-language", language=order.language)
        with self._door:
            for attempt in (0, 1):
                # A process that died since the last question is started once more.
                try:
                    return self._converse(order)
                except (OSError, EOFError, msgspec.MsgspecError) as error:
                    self._stop()
                    if attempt:
                        raise SpellingError("spelling-unavailable") from error
        raise SpellingError("spelling-unavailable")

    def _converse(self, order: Order) -> Answer:
        stdin, stdout = self._pipes()
        stdin.write(msgspec.json.encode(order) + b"\n")
        stdin.flush()
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        answer = msgspec.json.decode(line, type=Answer)
        if not answer.ok:
            raise SpellingError("spelling-unavailable")
        return answer

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._child = subprocess.Popen(
                (*self._command, str(self._folder)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What a failing child would say could quote an answer.
                stderr=subprocess.DEVNULL,
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        if self._child.stdin is None or self._child.stdout is None:
            raise EOFError
        return self._child.stdin, self._child.stdout

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(OSError):
            if child.stdin is not None:
                child.stdin.close()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _own_command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, CHILD_ARGUMENT)
    return (sys.executable, "-P", "-B", "-m", "dsadesk.host.spelling_child")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(dsadesk.__file__).parents[1]), "PYINSTALLER_RESET_ENVIRONMENT": "1"}
