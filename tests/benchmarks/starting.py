"""One start of a window, measured from outside in: python -m tests.benchmarks.starting prepare|window|bare FOLDER."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import psutil

STARTED = float(os.environ["STARTED_AT"])
PASSPHRASE = "a passphrase for a benchmark"
WORK_FACTOR = 2  # unlocking is not what is measured


def since_start() -> float:
    """Milliseconds since the process began."""
    return (time.time() - STARTED) * 1000


def prepare(folder: Path) -> None:
    """Makes a vault with ten thousand requests in every list."""
    from dsadesk.bootstrap import make_desk
    from dsadesk.domain.ids import OrganisationId, RequestId, uuid7
    from dsadesk.domain.lifecycle import Stage
    from dsadesk.domain.organisation import Organisation, Side
    from dsadesk.ports import ListGroup, RequestRow
    from tests.benchmarks.bench_window import REQUESTS

    desk = make_desk(folder / "vault", work_factor=WORK_FACTOR)
    desk.first_run(Organisation(OrganisationId("a-council"), "A Council"), "Ann", "Analyst", passphrase=PASSPHRASE)
    session = desk.session
    now = session.world.clock.now()
    stages = tuple(Stage)
    groups = tuple(ListGroup)
    with session.vault.transaction():
        for n in range(REQUESTS):
            session.vault.projections.put(
                RequestRow(
                    request=RequestId(uuid7(1_700_000_000_000 + n, n.to_bytes(10, "big"))),
                    reference=f"DSR-2026-{n:06X}",
                    title=f"Request {n} about council tax bands in ward {n % 97}",
                    counterpart=f"Partner {n % 41}",
                    side=Side.REQUESTER,
                    stage=stages[n % len(stages)],
                    group=groups[n % len(groups)],
                    needs_you=n % 7 == 0,
                    updated_at=now - timedelta(minutes=n),
                )
            )
    desk.lock()
    print(json.dumps({"prepared": REQUESTS}))


def window(folder: Path) -> None:
    """Opens the program's window, unlocks as soon as it can, and says when the list was painted."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from dsadesk.ui import i18n, theme
    from dsadesk.ui.jobs import JobRunner
    from dsadesk.ui.main_window import MainWindow
    from dsadesk.ui.preferences import Preferences

    app = QApplication(["dsadesk"])
    theme.apply(app, theme.Theme.LIGHT, 100)
    i18n.install(app, i18n.Language.ENGLISH)
    jobs = JobRunner()
    preferences = Preferences(folder / "window.ini")
    preferences.poll_minutes = 0
    shown = MainWindow(preferences, jobs, lambda: None)
    shown.resize(1440, 900)
    result: dict[str, float] = {}

    def unlock() -> object:
        from dsadesk.bootstrap import make_desk

        desk = make_desk(folder / "vault", work_factor=WORK_FACTOR)
        desk.unlock_with_passphrase(PASSPHRASE)
        return desk

    def opened(desk: object) -> None:
        from dsadesk.ui.presenters.frame import Page, Place

        shown.begin(desk)  # type: ignore[arg-type]
        shown.go(Place(Page.REQUESTS))
        # The list is asked for on the vault lane; a job behind it comes back when its rows are in the model.
        jobs.submit(lambda: None, then=lambda _: jobs.submit(lambda: None, then=lambda _: QTimer.singleShot(0, listed)))

    def listed() -> None:
        shown.repaint()
        result["paint_ms"] = since_start()
        QTimer.singleShot(1000, idle)

    def idle() -> None:
        result["rss_mb"] = psutil.Process().memory_info().rss / 1e6
        app.quit()

    def painted() -> None:
        result["frame_ms"] = since_start()
        jobs.submit(unlock, then=opened)

    shown.first_painted.connect(painted)
    shown.show()
    app.exec()
    jobs.shutdown(wait=True)
    print(json.dumps(result), flush=True)


def bare(folder: Path) -> None:
    """The least that Qt can show."""
    del folder
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    app = QApplication(["bare"])
    shown = QMainWindow()
    shown.setCentralWidget(QLabel("Nothing"))
    shown.resize(1440, 900)
    shown.show()
    shown.repaint()
    painted = since_start()
    result = {"paint_ms": painted, "frame_ms": painted, "rss_mb": 0.0}

    def idle() -> None:
        result["rss_mb"] = psutil.Process().memory_info().rss / 1e6
        app.quit()

    QTimer.singleShot(1000, idle)
    app.exec()
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    {"prepare": prepare, "window": window, "bare": bare}[sys.argv[1]](Path(sys.argv[2]))
