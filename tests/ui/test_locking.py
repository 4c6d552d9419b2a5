"""The vault locks when the computer sleeps, and a secret that was copied does not stay on the clipboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from dsadesk.services.desk import Desk
from dsadesk.ui import clipboard
from dsadesk.ui.clipboard import ClipboardGuard, guard
from dsadesk.ui.presenters.decide import Act
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.sleep_watch import SleepWatch
from dsadesk.ui.views.passphrase_row import PassphraseRow
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world, received_request, two_desks
from tests.ui.windows import window_over

ROOT = Path(__file__).resolve().parents[2]


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.mark.parametrize("stands_still", ["wall", "steady", "neither"])
def test_a_jump_of_either_clock_is_sleep_and_time_that_passes_is_not(qapp, stands_still):
    clocks, slept = {"wall": Clock(), "steady": Clock()}, []
    watch = SleepWatch(wall=clocks["wall"], steady=clocks["steady"])
    watch.slept.connect(lambda: slept.append(True))
    for _ in range(20):
        for clock in clocks.values():
            clock.seconds += 5
        watch.look()
    assert slept == []
    for name, clock in clocks.items():
        clock.seconds += 5 if name == stands_still else 3600
    watch.look()
    assert slept == [True]
    watch.look()
    assert slept == [True]


def test_locking_takes_what_stands_in_front_of_the_page_away_with_what_was_typed_in_it(tmp_path):
    desk = Desk(memory_world())
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    with window_over(desk, tmp_path) as shown:
        shown.go(Place(Page.SETTINGS))
        shown.page("settings").vault.passphrase.click()
        shown.settle()
        shown.dialog()._rows["old"].field.setText(PASSPHRASE)
        shown.window.lock()
        shown.settle()
        assert not desk.is_open
        assert shown.dialog() is None
        assert not any(PASSPHRASE in field.text() for field in shown.window.findChildren(QLineEdit))


def test_what_was_being_decided_is_kept_when_the_desk_locks(tmp_path):
    pair = two_desks()
    request = received_request(pair, sample=False)
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.REQUEST, request=request))
        view = shown.page("requests")._request
        view._presenter.begin(Act.REJECT, "")
        shown.settle()
        shown.dialog().questions()["reasons"]._area.setPlainText("Not ours to give")
        shown.window.lock()
        shown.settle()
        assert not pair.supplier.is_open
        assert shown.dialog() is None
        pair.supplier.unlock_with_passphrase(PASSPHRASE)
        shown.window.begin(pair.supplier)
        shown.go(Place(Page.REQUEST, request=request))
        view = shown.page("requests")._request
        view._presenter.begin(Act.REJECT, "")
        shown.settle()
        assert shown.dialog().questions()["reasons"].value() == "Not ours to give"


def test_sleep_locks_the_desk(tmp_path):
    desk = Desk(memory_world())
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    with window_over(desk, tmp_path) as shown:
        assert desk.is_open
        shown.window._sleep.prepare_for_sleep(False)
        shown.settle()
        assert desk.is_open
        shown.window._sleep.prepare_for_sleep(True)
        shown.settle()
        assert not desk.is_open
        assert shown.page("unlock").isVisible()


_LOGIN_SERVICE = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from dsadesk.ui.sleep_watch import INTERFACE, LOGIN, PATH, SleepWatch
app = QCoreApplication([])
watch, heard = SleepWatch(), []
watch.slept.connect(lambda: (heard.append(True), app.exit(7)))
assert watch.listen_to_login_service()
service = QDBusConnection.connectToBus(QDBusConnection.BusType.SystemBus, "service")
assert service.registerService(LOGIN)
def say(begins):
    signal = QDBusMessage.createSignal(PATH, INTERFACE, "PrepareForSleep")
    signal.setArguments([begins])
    service.send(signal)
QTimer.singleShot(0, lambda: (say(False), say(True)))
QTimer.singleShot(20000, lambda: app.exit(1))
sys.exit(app.exec())
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="there is no bus to start here")
def test_the_login_services_word_is_heard_on_a_real_bus():
    command = f'DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS" exec "{sys.executable}" -c "$0"'
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", command, _LOGIN_SERVICE],
        env=environment, check=False, timeout=60, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 7, ran.stderr


@pytest.fixture
def board(qapp):
    QGuiApplication.clipboard().clear()
    yield QGuiApplication.clipboard()
    QGuiApplication.clipboard().clear()


def copied(qtbot, text="correct horse battery staple"):
    """A passphrase that somebody made visible and copied."""
    row = PassphraseRow("Passphrase")
    qtbot.addWidget(row)
    row.show()
    row.field.setText(text)
    row._button.click()
    row.field.selectAll()
    QTest.keyClick(row.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return row


def test_a_copied_passphrase_is_cleared_after_a_while(qtbot, board, monkeypatch):
    monkeypatch.setattr(clipboard, "KEPT_MILLISECONDS", 30_000)
    copied(qtbot)
    assert board.text() == "correct horse battery staple"
    assert guard()._timer.isActive()
    guard()._timer.timeout.emit()
    assert board.text() == ""
    assert not guard()._timer.isActive()


def test_what_somebody_copied_since_is_theirs(qtbot, board):
    copied(qtbot)
    board.setText("a line of a letter")
    guard().clear()
    assert board.text() == "a line of a letter"


def test_nothing_is_remembered_of_the_secret_but_its_hash(qtbot, board):
    row = copied(qtbot)
    kept = repr(vars(guard())) if hasattr(guard(), "__dict__") else ""
    assert row.field.text() not in kept
    guard().clear()


def test_a_copied_passphrase_is_cleared_at_the_end_of_the_program(qtbot, board, qapp):
    copied(qtbot)
    qapp.aboutToQuit.emit()
    assert board.text() == ""


def test_locking_clears_it_too(tmp_path, board):
    desk = Desk(memory_world())
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    with window_over(desk, tmp_path) as shown:
        board.setText("my passphrase is long")
        guard().note("my passphrase is long")
        shown.window.lock()
        shown.settle()
        assert board.text() == ""


def test_there_is_one_guard(qapp):
    assert guard() is guard()
    assert len(qapp.findChildren(ClipboardGuard)) == 1
