"""Measures the window over a real vault of many requests: `python tests/ui/measure_window.py [requests] [runs]`.

Times are from the start of the process, in seconds; `-cpu` is the processor's time alone, which a busy machine changes less. Sizes are in
MB. Nothing is asserted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

CHILD = """
import os, sys, time
sys.path[:0] = [{src!r}, {root!r}]
from pathlib import Path
started = float(os.environ["MEASURE_STARTED"])
from PySide6.QtCore import QEvent, QTimer
from dsadesk.ui import app
from dsadesk.ui.main_window import MainWindow

def said(name, value):
    print(name, value, flush=True)

def rss():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024

def make(vault):
    from dsadesk.bootstrap import make_desk
    from tests.support.desks import PASSPHRASE
    desk = make_desk(vault, work_factor=8)
    desk.unlock_with_passphrase(PASSPHRASE)
    return desk

class Measured(MainWindow):
    _listed = False

    def paintEvent(self, event):
        super().paintEvent(event)
        if not getattr(self, "_said", False):
            self._said = True
            said("first-paint", time.monotonic() - started)
            said("first-paint-cpu", time.process_time())

    def begin(self, desk):
        said("desk", time.monotonic() - started)
        super().begin(desk)
        self._watch = QTimer(self)
        self._watch.setInterval(5)
        self._watch.timeout.connect(self._look)
        self._watch.start()

    def _look(self):
        page = self.page("requests")
        if page is not None and page._model.rowCount() and page._model.index(0).data():
            self._watch.stop()
            self.repaint()
            said("list-painted", time.monotonic() - started)
            said("list-painted-cpu", time.process_time())
            said("rows", page._model.rowCount())
            said("rss", rss())
            QTimer.singleShot(0, self, self._scroll)

    def _scroll(self):
        page = self.page("requests")
        view, times = page._pane.list, []
        bar = view.verticalScrollBar()
        for step in range(200):
            begin = time.perf_counter()
            bar.setValue(bar.maximum() * step // 200)
            view.viewport().repaint()
            times.append(time.perf_counter() - begin)
            if step % 10 == 0:
                self._app_turn()
        times.sort()
        said("scroll-p50", times[100]); said("scroll-p99", times[198]); said("scroll-max", times[-1])
        from dsadesk.ui.presenters.frame import Page, Place
        request = page._model.request(page._model.index(0))
        begin = time.perf_counter()
        self.go(Place(Page.EDITOR, request=request, part="purpose"))
        while page._editor._presenter.section != "purpose":
            self._app_turn()
        self.repaint()
        said("editor-first", time.perf_counter() - begin)
        switches = []
        for section in [each.id for each in page._editor._presenter._way().sections if each.id not in ("samples", "check")] * 3:
            begin = time.perf_counter()
            page._editor._presenter.choose_section(section)
            page._editor.repaint()
            switches.append(time.perf_counter() - begin)
        switches.sort()
        said("section-p50", switches[len(switches) // 2]); said("section-max", switches[-1])
        page._editor._presenter.choose_section("purpose")
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QPlainTextEdit
        field = page._editor._form.questions()["purpose.aim"].findChild(QPlainTextEdit)
        keys = []
        for letter in "We want people who swim to know how clean the water is before they set out. " * 4:
            begin = time.perf_counter()
            QTest.keyClicks(field, letter)
            field.viewport().repaint()
            keys.append(time.perf_counter() - begin)
            self._app_turn()
        keys.sort()
        said("key-p50", keys[len(keys) // 2]); said("key-p99", keys[int(len(keys) * 0.99)]); said("key-max", keys[-1])
        said("rss-after", rss())
        self._may_close = True
        QTimer.singleShot(0, self, self.close)

    @staticmethod
    def _app_turn():
        from PySide6.QtCore import QCoreApplication
        QCoreApplication.processEvents()

app.MainWindow = Measured
folder = Path(sys.argv[1])
sys.exit(app.run(["--vault", str(folder / "vault")], make, app.Folders(folder / "vault", folder / "config", folder / "logs")))
"""


def build(folder: Path, count: int) -> None:
    """Make a vault with many drafts, quickly: rows and drafts only, which is what the list shows."""
    from dataclasses import replace
    from datetime import timedelta

    from dsadesk.domain.ids import RequestId, uuid7
    from dsadesk.host.memory import SeededEntropy
    from dsadesk.services import drafting
    from dsadesk.services.desk import Desk
    from dsadesk.services.projecting import row_of_draft
    from tests.support.desks import PASSPHRASE, REQUESTER, FixedClock, Stores, folder_world

    clock, entropy = FixedClock(), SeededEntropy("measure")
    desk = Desk(folder_world(folder / "vault", stores=Stores(), clock=clock, seed="measure"))
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    session = desk.session
    first = drafting.start(session, title="Fuel poverty support: council tax bands")
    at = clock.now()
    with session.vault.transaction():
        for n in range(count - 1):
            draft = replace(
                first,
                request=RequestId(uuid7(n, entropy.token(10))),
                title=f"Request number {n} about bathing water and other things",
                supplier_name="Environment Agency",
                updated_at=at - timedelta(minutes=n),
            )
            session.vault.drafts.put(draft)
            session.vault.projections.put(row_of_draft(draft))
    desk.lock()


def main(count: int = 10_000, runs: int = 5) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        build(folder, count)
        code = CHILD.format(src=str(ROOT / "src"), root=str(ROOT))
        seen: dict[str, list[float]] = {}
        for _ in range(runs):
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "MEASURE_STARTED": str(time.monotonic())}
            done = subprocess.run(
                [sys.executable, "-c", code, str(folder)], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                sys.exit(done.stderr)
            for line in done.stdout.splitlines():
                name, value = line.split()
                seen.setdefault(name, []).append(float(value))
        for name, values in seen.items():
            print(
                f"{name:14} median {statistics.median(values):9.4f}   least {min(values):9.4f}   most {max(values):9.4f}"
            )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
