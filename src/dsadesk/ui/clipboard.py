"""Clears a secret that was copied from a field of ours: after a while, when the desk locks, and at the end of the program.

Only if it still lies there: what somebody copied since is theirs. What is remembered of the secret is its hash.
"""

from __future__ import annotations

import hashlib

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

KEPT_MILLISECONDS = 30_000
_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)


class ClipboardGuard(QObject):
    """Watches what is copied from fields that hold secrets."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fields: list[QLineEdit | QPlainTextEdit] = []
        self._secrets: set[bytes] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEPT_MILLISECONDS)
        self._timer.timeout.connect(self.clear)
        QGuiApplication.clipboard().changed.connect(self._on_clipboard_changed)
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.clear)

    def watch(self, field: QLineEdit | QPlainTextEdit) -> None:
        """Watch a field for as long as it lives."""
        self._fields.append(field)
        field.destroyed.connect(lambda: self._forget(field))

    def note(self, text: str) -> None:
        """A secret was copied: it is cleared after a while."""
        self._secrets.add(_digest(text))
        self._timer.start()

    def clear(self) -> None:
        """Clear what was copied, where it still lies."""
        self._timer.stop()
        clipboard, secrets = QGuiApplication.clipboard(), self._secrets
        self._secrets = set()
        for mode in _MODES if secrets else ():
            if _digest(clipboard.text(mode)) in secrets:
                clipboard.clear(mode)

    def _on_clipboard_changed(self, mode: QClipboard.Mode) -> None:
        clipboard = QGuiApplication.clipboard()
        text = clipboard.text(mode)
        if text.strip() and any(text in _typed(field) for field in self._fields):
            self.note(text)

    def _forget(self, field: QLineEdit | QPlainTextEdit) -> None:
        self._fields = [each for each in self._fields if each is not field]


def guard() -> ClipboardGuard:
    """Return the one guard of the program."""
    app = QApplication.instance()
    found = None if app is None else app.findChild(ClipboardGuard)
    return found if found is not None else ClipboardGuard(app)


def _typed(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
