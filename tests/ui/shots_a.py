"""Draws the window's own pages over a desk in memory to PNG files, to be looked at: `python tests/ui/shots_a.py <folder> [theme] [percent]`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

# ruff: noqa: E402  # the platform is chosen before Qt is met
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication, QDialog

from dsadesk.domain.ids import QuestionId
from dsadesk.services import attaching, drafting, reviewing
from dsadesk.services.desk import Desk
from dsadesk.ui import theme
from dsadesk.ui.jobs import JobRunner, Lane
from dsadesk.ui.main_window import MainWindow
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.theme import Theme
from tests.support.desks import ANSWERS, SAMPLE, SUPPLIER, memory_world, received_request, sealed_request, two_desks

SIZES = ((1366, 768), (1920, 1080))


class Studio:
    """One window over one desk, and a camera."""

    def __init__(self, app: QApplication, desk: Desk, folder: Path, look: str) -> None:
        self.app, self.folder, self.look = app, folder, look
        self.jobs = JobRunner()
        preferences = Preferences(Path(mkdtemp()) / "window.ini")
        preferences.poll_minutes = 0
        self.window = MainWindow(preferences, self.jobs, lambda: None)
        self.window.resize(*SIZES[0])
        self.window.show()
        self.window.begin(desk)
        self.settle()

    def settle(self) -> None:
        """Let everything that is under way come to its end."""
        for _ in range(6):
            self.jobs._executors[Lane.VAULT].submit(lambda: None).result()
            for _ in range(4):
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)

    def go(self, place: Place) -> None:
        self.window.go(place)
        self.settle()

    def shoot(self, name: str, sizes=SIZES) -> None:
        for size in sizes:
            self.window.resize(*size)
            self.settle()
            self.window.grab().save(str(self.folder / f"{name}-{self.look}-{size[0]}.png"))

    def end(self) -> None:
        self.jobs.shutdown(wait=True)
        self.window.hide()
        self.window.deleteLater()

    def dialog(self, name: str) -> None:
        self.settle()
        for widget in self.window.findChildren(QDialog):
            if widget.isVisible():
                widget.grab().save(str(self.folder / f"{name}-{self.look}.png"))
                widget.close()
        self.settle()


def requests_in(pair, count: int) -> None:
    titles = (
        "Fuel poverty support: council tax bands",
        "Free school meals auto-enrolment",
        "Blue Badge renewals match",
        "Warm Home Discount 2026 to 2027",
    )
    for n in range(count):
        drafting.start(pair.asks, title=titles[n % 4], supplier=SUPPLIER.id if n % 3 else None)
        pair.clock.advance(3600 * 7)


def writing(app: QApplication, folder: Path, look: str) -> None:
    pair = two_desks()
    request = received_request(pair)
    reviewing.start_assessment(pair.holds, request)
    reviewing.ask(pair.holds, request, QuestionId("purpose.aim"), "Which beaches are in the pilot?")
    pair.carry()
    requests_in(pair, 6)
    sealed_request(pair)
    draft = drafting.start(pair.asks, title="Bathing water results for the swim safety map", supplier=SUPPLIER.id)
    full = drafting.start(pair.asks, title="Bathing water, everything answered", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, full.request, ANSWERS.read_bytes())
    with SAMPLE.open("rb") as source:
        attaching.attach(pair.asks, full.request, source, SAMPLE.name)
    pair.clock.advance(120)
    studio = Studio(app, pair.requester, folder, look)
    studio.go(Place(Page.REQUESTS))
    studio.shoot("requests")
    studio.go(Place(Page.EDITOR, request=draft.request))
    studio.shoot("editor-begin")
    studio.go(Place(Page.EDITOR, request=full.request, part="purpose.aim"))
    studio.shoot("editor-purpose")
    studio.go(Place(Page.EDITOR, request=full.request, part="legal"))
    studio.shoot("editor-legal", SIZES[:1])
    studio.go(Place(Page.EDITOR, request=full.request, part="data"))
    studio.shoot("editor-data", SIZES[:1])
    studio.go(Place(Page.EDITOR, request=full.request, part="samples"))
    studio.shoot("samples")
    studio.go(Place(Page.EDITOR, request=full.request, part="check"))
    studio.shoot("check-full")
    studio.go(Place(Page.EDITOR, request=draft.request, part="check"))
    studio.shoot("check-missing")
    studio.go(Place(Page.EDITOR, request=draft.request, part="least"))
    editor = studio.window.page("requests")._editor
    editor._presenter.carry_on()
    studio.settle()
    studio.shoot("editor-problems", SIZES[:1])
    editor._presenter.preview()
    studio.dialog("preview")
    editor._presenter.ask_discard()
    studio.dialog("discard")
    studio.window.page("requests").start_new()
    studio.dialog("new-request")
    studio.window._on_keys_wanted()
    studio.dialog("shortcuts")
    studio.go(Place(Page.SETTINGS))
    studio.shoot("settings", SIZES[:1])
    studio.go(Place(Page.ABOUT))
    studio.shoot("about", SIZES[:1])
    studio.go(Place(Page.EDITOR, request=full.request, part="check"))
    seal = studio.window.page("requests")._editor._seal
    seal._presenter.seal(send=True)
    studio.settle()
    studio.shoot("sealed", SIZES[:1])
    studio.window.lock()
    studio.settle()
    studio.shoot("unlock", SIZES[:1])
    studio.window.page("unlock")._presenter.try_passphrase("wrong words here")
    studio.settle()
    studio.shoot("unlock-wrong", SIZES[:1])
    studio.end()


def beginning(app: QApplication, folder: Path, look: str) -> None:
    desk = Desk(memory_world())
    studio = Studio(app, desk, folder, look)
    page = studio.window.page("first-run")
    studio.shoot("first-1-welcome", SIZES[:1])
    page._presenter.begin()
    for name, text in (
        ("organisation", "Department for Work and Pensions"),
        ("name", "Priya Shah"),
        ("post", "Regional analyst"),
    ):
        page._line(name).setText(text)
    page._presenter.named("Department for Work and Pensions")
    studio.shoot("first-2-who")
    page._on_who_clicked()
    studio.settle()
    studio.shoot("first-3-opening", SIZES[:1])
    page._how.set_value("passphrase")
    page._on_how_changed()
    page._line("passphrase").setText("purple bicycle lamp")
    page._line("again").setText("purple bicycle lamp")
    studio.shoot("first-3-passphrase", SIZES[:1])
    page._on_make_clicked()
    studio.settle()
    studio.shoot("first-4-kit", SIZES[:1])
    words = page._words
    page._presenter.have_written_down()
    studio.shoot("first-5-prove", SIZES[:1])
    page._presenter.prove([words[place - 1] for place in page._presenter._places])
    studio.settle()
    studio.shoot("first-6-done", SIZES[:1])
    page._presenter.finish()
    studio.settle()
    studio.shoot("requests-empty")
    studio.end()


def main(folder: Path, look: str = "light", percent: str = "100") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(["shots"])
    theme.apply(app, Theme(look), int(percent))
    name = look if percent == "100" else f"{look}-{percent}"
    acts: tuple[Callable[[QApplication, Path, str], None], ...] = (beginning, writing)
    for act in acts:
        act(app, folder, name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
