"""Failures that nobody planned are owned up to, and a report holds no answers."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType

from dsadesk.errors import RuleError
from dsadesk.ui.crash import CrashLog, describe_machine, report_of
from dsadesk.ui.views.dialogs import CrashDialog

SECRET = "the minister wants this by Friday"
SOURCE = Path(__file__).resolve().parents[2] / "src"


def failing():
    answer = SECRET
    raise ValueError(answer)


def caught():
    try:
        failing()
    except ValueError as error:
        return error


def test_a_report_says_where_and_never_what():
    report = report_of(caught())
    assert "ValueError" in report
    assert "in failing" in report
    assert SECRET not in report
    assert str(Path(__file__).parents[1]) not in report
    assert describe_machine() in report


def test_a_report_names_our_own_codes_and_the_causes_behind():
    try:
        try:
            failing()
        except ValueError as error:
            raise RuleError("no-card", org=SECRET) from error
    except RuleError as error:
        report = report_of(error)
    assert "RuleError (no-card)" in report
    assert "ValueError" in report
    assert SECRET not in report


def test_a_report_waits_until_somebody_was_told(tmp_path, qapp):
    log = CrashLog(tmp_path / "logs")
    assert log.waiting_report() == ""
    log.keep("one\n")
    log.keep("two\n")
    assert CrashLog(tmp_path / "logs").waiting_report() == "one\ntwo\n"
    log.acknowledge()
    log.acknowledge()
    assert log.waiting_report() == ""
    assert (tmp_path / "logs" / "crash-before.txt").read_text() == "one\ntwo\n"


def test_the_hooks_write_reports_and_tell_the_window(tmp_path, qtbot):
    log = CrashLog(tmp_path)
    told = []
    log.crashed.connect(told.append)
    error = caught()
    log._on_exception(ValueError, error, None)
    log._on_thread_exception(threading.ExceptHookArgs((ValueError, error, None, None)))
    log._on_exception(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(told) == 2
    assert log.waiting_report().count("ValueError") == 2


def test_what_qt_complains_of_is_logged_and_only_serious_things_are_reported(tmp_path, qapp):
    log = CrashLog(tmp_path)
    log._on_qt_message(QtMsgType.QtWarningMsg, None, f"QFile: cannot open {SECRET}")
    assert log.waiting_report() == ""
    log._on_qt_message(QtMsgType.QtCriticalMsg, None, f"QFile: cannot open {SECRET}")
    assert "QFile: cannot" in log.waiting_report()
    assert SECRET not in log.waiting_report()
    (tmp_path / "log.txt").write_bytes(b"x" * 300_000)
    log._on_qt_message(QtMsgType.QtWarningMsg, None, "again")
    assert (tmp_path / "log.1.txt").stat().st_size == 300_000
    assert (tmp_path / "log.txt").stat().st_size < 200


def run_apart(code, folder):
    text = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-c", text, str(folder)], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_fault_below_python_is_in_the_report_of_the_next_start(tmp_path, qapp):
    done = run_apart(
        "import ctypes; from pathlib import Path; from dsadesk.ui.crash import CrashLog\n"
        "log = CrashLog(Path(sys.argv[1])); log.install(); ctypes.string_at(0)",
        tmp_path,
    )
    assert done.returncode != 0
    log = CrashLog(tmp_path)
    log.install()
    try:
        report = log.waiting_report()
    finally:
        log.uninstall()
    assert "The program stopped below Python." in report
    assert "string_at" in report
    assert str(Path.home()) + "/" not in report.replace(str(SOURCE), "")


def test_an_exception_in_a_slot_and_in_a_thread_are_both_caught(tmp_path):
    done = run_apart(
        "import threading; from pathlib import Path; from PySide6.QtCore import QCoreApplication, QTimer\n"
        "from dsadesk.ui.crash import CrashLog\n"
        "app = QCoreApplication([]); log = CrashLog(Path(sys.argv[1])); log.install()\n"
        "told = []; log.crashed.connect(told.append)\n"
        f"QTimer.singleShot(0, lambda: {{}}[{SECRET!r}])\n"
        "thread = threading.Thread(target=lambda: [][1]); thread.start(); thread.join()\n"
        "QTimer.singleShot(50, app.quit); app.exec(); log.uninstall(); print(len(told))",
        tmp_path,
    )
    assert done.stdout.strip() == "2", done.stderr
    report = (tmp_path / "crash.txt").read_text()
    assert "KeyError" in report
    assert "IndexError" in report
    assert SECRET not in report


@pytest.mark.parametrize("earlier", [True, False])
def test_the_dialog_owns_up_and_copies_the_report(qtbot, qapp, earlier):
    dialog = CrashDialog("the report", earlier=earlier)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog._on_copy_clicked()
    assert qapp.clipboard().text() == "the report"
