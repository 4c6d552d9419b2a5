"""Starting: one window for a vault, files handed over, folders, and a whole run of the program apart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dsadesk.host import paths
from dsadesk.ui.app import Asked, own_folders, read_arguments
from dsadesk.ui.jobs import JobRunner
from dsadesk.ui.main_window import MainWindow
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.single_instance import SingleInstance

ROOT = Path(__file__).resolve().parents[2]


def test_a_second_start_hands_over_its_file_to_the_first(tmp_path, qtbot):
    first = SingleInstance(tmp_path / "vault", tmp_path / "config")
    second = SingleInstance(tmp_path / "vault", tmp_path / "config")
    assert first.acquire()
    assert not second.acquire()
    with qtbot.waitSignal(first.handed_over) as got:
        assert second.hand_over("/home/priya/Caf\u00e9 & co.dsabundle")
    assert got.args == ["/home/priya/Caf\u00e9 & co.dsabundle"]
    first.release()


def test_another_vault_has_a_window_of_its_own(tmp_path, qapp):
    one = SingleInstance(tmp_path / "one", tmp_path / "config")
    other = SingleInstance(tmp_path / "other", tmp_path / "config")
    assert one.acquire()
    assert other.acquire()
    one.release()
    other.release()


def test_a_window_that_closed_leaves_the_vault_to_the_next(tmp_path, qapp):
    first = SingleInstance(tmp_path / "vault", tmp_path)
    assert first.acquire()
    first.release()
    second = SingleInstance(tmp_path / "vault", tmp_path)
    assert second.acquire()
    second.release()
    assert not SingleInstance(tmp_path / "vault", tmp_path).hand_over("x")


@pytest.mark.parametrize("sent", [b"\xff\xfe\n", b"[1, 2]\n", b"{" * 100 + b"\n", b"x" * 40_000])
def test_what_is_no_path_is_dropped(tmp_path, qtbot, sent):
    from PySide6.QtNetwork import QLocalSocket

    first = SingleInstance(tmp_path / "vault", tmp_path)
    got = []
    first.handed_over.connect(got.append)
    assert first.acquire()
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    assert socket.waitForConnected(2_000)
    socket.write(sent)
    socket.waitForBytesWritten(2_000)
    socket.disconnectFromServer()
    qtbot.waitUntil(lambda: not first._heard and not first._server.hasPendingConnections())
    assert got == []
    first.release()


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ([], Asked()),
        (["/somewhere/a.dsabundle"], Asked(None, "/somewhere/a.dsabundle")),
        (["--vault", "/somewhere/v", "/somewhere/a.dsacard"], Asked(Path("/somewhere/v"), "/somewhere/a.dsacard")),
        (["/somewhere/a", "--vault", "/somewhere/v"], Asked(Path("/somewhere/v"), "/somewhere/a")),
        (["--vault"], Asked()),
        (["-platform", "--style=x"], Asked()),
    ],
)
def test_arguments_name_a_vault_and_a_file(arguments, asked):
    assert read_arguments(arguments) == asked


def test_the_folders_are_those_of_the_rest_of_the_program(qapp):
    found = own_folders()
    assert found.vault == paths.vault_folder()
    assert found.config == paths.config_folder()
    assert found.logs == paths.log_folder()


WHOLE = """
import sys
sys.path[:0] = [{src!r}, {root!r}]
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from dsadesk.ui import app
from dsadesk.ui.main_window import MainWindow

SLOW = ("keyring", "typst", "cryptography", "sqlite_utils", "dsadesk.services")

class Watched(MainWindow):
    def paintEvent(self, event):
        if not self._is_painted:
            print("loaded:", [name for name in SLOW if name in sys.modules])
        super().paintEvent(event)

    def begin(self, desk):
        super().begin(desk)
        print("page:", type(self._pages.currentWidget()).__name__)
        print("chooses in:", QFileDialog().directory().absolutePath())
        QTimer.singleShot(100, self, self.close)

def make(vault):
    from tests.support.desks import memory_world
    from dsadesk.services.desk import Desk
    return Desk(memory_world())

app.MainWindow = Watched
folder = Path(sys.argv[1])
sys.exit(app.run([], make, app.Folders(folder / "vault", folder / "config", folder / "logs")))
"""


def test_the_window_paints_before_anything_slow_is_loaded_and_ends_well(tmp_path):
    code = WHOLE.format(src=str(ROOT / "src"), root=str(ROOT))
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert f"chooses in: {tmp_path}\n" in done.stdout or sys.platform == "win32"
    assert "loaded: []" in done.stdout
    assert "page: FirstRunView" in done.stdout
    assert not (tmp_path / "logs" / "crash.txt").exists()
    assert (tmp_path / "config" / "window.ini").exists()


def test_a_start_that_finds_a_window_hands_over_and_ends(tmp_path, qtbot):
    first = SingleInstance(tmp_path / "vault", tmp_path / "config")
    assert first.acquire()
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r})\n"
        "from pathlib import Path; from dsadesk.ui.app import Folders, run\n"
        "folder = Path(sys.argv[1])\n"
        "sys.exit(run(['/somewhere/a.dsabundle'], None, Folders(folder / 'vault', folder / 'config', folder / 'logs')))"
    )
    with qtbot.waitSignal(first.handed_over) as got:
        started = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    assert got.args == ["/somewhere/a.dsabundle"]
    assert started.wait(60) == 0
    first.release()


FIRST = """
import sys
sys.path[:0] = [{src!r}, {root!r}]
from pathlib import Path
from PySide6.QtCore import QTimer
from dsadesk.ui import app
from dsadesk.ui.main_window import MainWindow

class Watched(MainWindow):
    def begin(self, desk):
        super().begin(desk)
        print("ready", flush=True)

    def take_file(self, path):
        super().take_file(path)
        print("took", path, flush=True)
        QTimer.singleShot(0, self, self.close)

def make(vault):
    from tests.support.desks import memory_world
    from dsadesk.services.desk import Desk
    return Desk(memory_world())

app.MainWindow = Watched
folder = Path(sys.argv[1])
sys.exit(app.run(sys.argv[2:], make, app.Folders(folder / "vault", folder / "config", folder / "logs")))
"""


def test_of_two_programs_the_second_hands_its_file_to_the_first_and_ends(tmp_path):
    code = FIRST.format(src=str(ROOT / "src"), root=str(ROOT))
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "ready\n"
        second = subprocess.run(
            [*command, "/somewhere/a.dsabundle"], timeout=60, check=False, capture_output=True, text=True
        )
        assert (second.returncode, second.stdout) == (0, "")
        assert first.stdout.readline() == "took /somewhere/a.dsabundle\n"
        assert first.wait(60) == 0


def test_the_key_store_is_asked_by_the_thread_of_the_vault_and_never_by_that_of_the_window(tmp_path):
    import dataclasses
    import threading

    from dsadesk.host.memory import MemorySecretStore
    from dsadesk.services.desk import Desk
    from tests.support.desks import REQUESTER, memory_world
    from tests.ui.windows import window_over

    asked = []

    class Watched(MemorySecretStore):
        def _answer(self):
            asked.append(threading.get_ident())
            super()._answer()

        def probe(self):
            asked.append(threading.get_ident())
            return super().probe()

    desk = Desk(dataclasses.replace(memory_world(), secrets=Watched()))
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=None)
    desk.lock()
    asked.clear()
    with window_over(desk, tmp_path) as shown:
        assert desk.is_open
        assert shown.page("requests") is not None
    assert asked
    assert threading.get_ident() not in asked


@pytest.mark.parametrize(("left", "fills"), [(None, True), ((800, 570), False), ((800, 790), True)])
def test_a_window_without_room_for_its_frame_fills_the_screen_and_another_is_as_it_was_left(
    qtbot, tmp_path, left, fills
):
    preferences = Preferences(tmp_path / "window.ini")
    if left is not None:
        before = MainWindow(preferences, JobRunner(), lambda: None)
        qtbot.addWidget(before)
        before.resize(*left)
        preferences.geometry = before.saveGeometry()
    window = MainWindow(preferences, JobRunner(), lambda: None)
    qtbot.addWidget(window)
    window.show_first()
    assert window.isVisible()
    assert window.isMaximized() is fills
