"""What is kept when the program fails in a way that nobody planned, so that it can be owned up to and sent for help.

A report holds kinds of errors, our own error codes, and places in the program. It never holds the words of an exception, a variable or a
path of this computer, because answers could stand in them.
"""

from __future__ import annotations

import faulthandler
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QDateTime,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
    qVersion,
)

from dsadesk import __version__
from dsadesk.errors import DsadeskError

_REPORT, _EARLIER, _NATIVE, _LOG = "crash.txt", "crash-before.txt", "crash-native.txt", "log.txt"
_MOST_LOG_BYTES = 256 * 1024
_MOST_REPORT_CHARACTERS = 20_000
_SERIOUS = {QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}


class CrashLog(QObject):
    """Writes reports to a folder. `crashed` tells a running window, on its own thread, that something failed."""

    crashed = Signal(str)  # the report

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._door = threading.Lock()
        self._before: Callable[[], None] = lambda: None
        folder.mkdir(parents=True, exist_ok=True)

    def install(self) -> None:
        """Catch what nothing else catches: Python on any thread, Qt's own complaints, and faults below both."""
        self._take_in_native()
        native = (self._folder / _NATIVE).open("w", encoding="ascii")
        faulthandler.enable(native, all_threads=True)
        hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(self._on_qt_message)

        def undo() -> None:
            faulthandler.disable()
            native.close()
            sys.excepthook, threading.excepthook = hooks
            qInstallMessageHandler(None)

        self._before = undo

    def uninstall(self) -> None:
        """Put everything back as it was."""
        self._before()
        self._before = lambda: None

    def waiting_report(self) -> str:
        """Return the report of a failure that nobody has been told of, or nothing."""
        file = self._folder / _REPORT
        return file.read_text(encoding="utf-8", errors="replace")[:_MOST_REPORT_CHARACTERS] if file.is_file() else ""

    def acknowledge(self) -> None:
        """Put the waiting report aside, once someone has been told."""
        file = self._folder / _REPORT
        if file.is_file():
            file.replace(self._folder / _EARLIER)

    def keep(self, report: str) -> None:
        """Add a report to those that wait."""
        with self._door, (self._folder / _REPORT).open("a", encoding="utf-8") as file:
            file.write(report)

    def _take_in_native(self) -> None:
        file = self._folder / _NATIVE
        if file.is_file() and file.stat().st_size:
            lines = file.read_text(encoding="ascii", errors="replace").splitlines()
            self.keep(_headed("The program stopped below Python.", [_without_folders(line) for line in lines]))

    def _on_exception(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        report = report_of(error)
        self.keep(report)
        self.crashed.emit(report)

    def _on_thread_exception(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self._on_exception(caught.exc_type, caught.exc_value, caught.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        line = f"{_now()} {kind.name} {message}"
        with self._door:
            file = self._folder / _LOG
            if file.is_file() and file.stat().st_size > _MOST_LOG_BYTES:
                file.replace(file.with_suffix(".1.txt"))
            with file.open("a", encoding="utf-8") as log:
                log.write(line + "\n")
        if kind in _SERIOUS:
            # Qt's sentences may name a file, so only the first word or two go into what is sent to others.
            self.keep(_headed(f"Qt reported {kind.name}.", [" ".join(message.split()[:2])]))


def report_of(error: BaseException) -> str:
    """Describe an exception by kinds, codes and places, without its words."""
    lines: list[str] = []
    each: BaseException | None = error
    while each is not None:
        code = f" ({each.code})" if isinstance(each, DsadeskError) else ""
        lines.append(f"{type(each).__module__}.{type(each).__qualname__}{code}")
        frames = traceback.extract_tb(each.__traceback__)
        lines += [f"    {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return _headed("Something failed that was not expected.", lines)


def describe_machine() -> str:
    """Say what the program runs on, as helpers will ask."""
    python = platform.python_version()
    return f"dsadesk {__version__}, Python {python}, Qt {qVersion()}, {platform.system()} {platform.release()}"


def _headed(sentence: str, lines: list[str]) -> str:
    return "\n".join((f"{_now()}  {describe_machine()}", sentence, *lines, "", ""))


def _now() -> str:
    return QDateTime.currentDateTimeUtc().toString(Qt.DateFormat.ISODate)


def _short(filename: str) -> str:
    """Return a file by its last three parts: a home folder names a person."""
    return "/".join(Path(filename).parts[-3:])


def _without_folders(line: str) -> str:
    before, quote, rest = line.partition('"')
    name, closing, after = rest.partition('"')
    return f"{before}{quote}{_short(name)}{closing}{after}" if closing else line
