"""Qt without a screen, and a clean table after each test."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dsadesk.ui import theme
from tests.support.machine import LONG

LONG_MS = int(1000 * LONG)


def pytest_configure(config):
    # The offscreen platform says this of every window with a minimum size.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


@pytest.fixture(scope="session")
def qapp(qapp_args, pytestconfig):
    app = QApplication.instance() or QApplication(qapp_args)
    app.setApplicationName("dsadesk-tests")
    app.setCursorFlashTime(0)  # a picture does not depend on the moment in which it is taken
    QAccessible.setActive(True)
    theme.apply(app, theme.Theme.LIGHT)
    return app


class PatientQtBot(QtBot):
    """Waits long for what must come. A machine that is busy with something else is no reason to fail; whatever comes is not waited for longer.

    It keeps the windows it is given: a window of a test that is over is painted once more, and Python's rubbish collection in the middle of that
    would delete it under the painter. In the program a window has an owner, or is held for as long as the program runs.
    """

    def addWidget(self, widget, *, before_close_func=None):  # noqa: N802  # Qt's spelling
        """Close and delete a window after the test, and not before."""
        vars(self).setdefault("_kept", []).append(widget)
        super().addWidget(widget, before_close_func=before_close_func)

    def waitUntil(self, callback, *, timeout=LONG_MS):  # noqa: N802  # Qt's spelling
        """Wait until the callback says yes."""
        return super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=LONG_MS, **how):  # noqa: N802  # Qt's spelling
        """Wait until a signal comes."""
        return super().waitSignal(signal, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp, request):
    return PatientQtBot(request)


@pytest.fixture(autouse=True)
def _windows_are_really_deleted(qapp):
    yield
    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def wear(qapp):
    """Puts a theme on, and light at 100 % back afterwards."""

    def put_on(look: theme.Theme, scale_percent: int = 100) -> None:
        if (look, scale_percent) != (theme.theme(), theme.scale_percent()):
            theme.apply(qapp, look, scale_percent)

    yield put_on
    put_on(theme.Theme.LIGHT)
