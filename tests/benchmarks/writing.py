"""Somebody writes in the editor, and in a bare field beside it: python -m tests.benchmarks.writing FOLDER. Prints one line of JSON."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QWidget

from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.host.spelling import ProcessSpeller
from dsadesk.questions.model import Column, Question
from dsadesk.questions.visible import View
from dsadesk.resources import path
from dsadesk.services import drafting
from dsadesk.services.session import Session
from dsadesk.ui import i18n, theme
from dsadesk.ui.jobs import JobRunner
from dsadesk.ui.main_window import MainWindow
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.presenters.form import CHECK, SAMPLES
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.editor import EditorView
from tests.support.desks import SUPPLIER, folder_world, two_desks

ANSWERS, WORDS = 60, 5_000
KEYS, WARM = 400, 40
FIELD = "purpose.aim"
SENTENCE = "We help swimmers see clean water before they set out, and recieve the UPRN in order to tell them in time. "
WAITS = (
    0.004,
    0.03,
    0.06,
    0.09,
    0.12,
    0.05,
    0.251,
    0.302,
    0.02,
    0.31,
    0.08,
    0.04,
)  # seconds between keys, round and round


class Painted(QObject):
    """Notes when a widget was last painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count, self.at, self.spent = 0, 0.0, 0.0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() is QEvent.Type.Paint:
            self.count += 1
            self.at, self.spent = time.perf_counter(), time.thread_time()
        return False


def until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    """Lets events be handled until something has happened."""
    end = time.perf_counter() + seconds
    while not happened():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.perf_counter() > end:
            raise TimeoutError


def wait(seconds: float) -> None:
    """Lets the event loop run, as it does while a person thinks."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    timer.start(round(seconds * 1000))
    loop.exec()


Taken = tuple[list[float], list[float]]
"""Milliseconds by the clock, and milliseconds that the window's own thread worked: the second is what a busy machine changes least."""


def type_in(area: QPlainTextEdit) -> Taken:
    """From when each key was due to when the field was painted with it."""
    painted = Painted(area.viewport())
    area.setFocus()
    area.moveCursor(area.textCursor().MoveOperation.End)
    wait(0.6)
    taken, worked = [], []
    for n in range(KEYS + WARM):
        pause = WAITS[n % len(WAITS)]
        due = time.perf_counter() + pause
        wait(pause)
        seen, began = painted.count, time.thread_time()
        QTest.keyClick(area, SENTENCE[n % len(SENTENCE)])
        until(lambda seen=seen: painted.count > seen)
        if n >= WARM:
            taken.append((painted.at - due) * 1000)
            worked.append((painted.spent - began) * 1000)
        if area.document().characterCount() > 900:
            area.setPlainText("")
    return taken, worked


def fill(session: Session, request: RequestId) -> int:
    """Answers a request of every module, in the order in which questions come up, and returns how many answers it has."""
    questions = drafting.question_set(session)
    answers: dict[str, object] = {}
    for _ in range(6):
        for question in View(questions, answers).questions:
            if question.id not in answers and not View(questions, answers).waiting_for(question):
                answers[question.id] = invented(question, answers)
    texts = [name for name, value in answers.items() if isinstance(value, str) and questions.index[name].kind == "long"]
    each = max(20, (WORDS - 400) // max(1, len(texts)))
    for name in texts:
        answers[name] = " ".join((SENTENCE * 40).split()[:each])
    with session.vault.transaction():
        for name, value in answers.items():
            drafting.save_answer(session, request, QuestionId(name), value)
    words = sum(len(str(value).split()) for value in answers.values())
    if len(answers) < ANSWERS or words < WORDS:
        raise ValueError((len(answers), words))
    return len(answers)


def invented(question: Question, answers: dict[str, object]) -> object:
    """An answer that brings up as many other questions as it can."""
    match question.kind:
        case "yesno" | "confirm":
            return True
        case "number":
            return 10
        case "date":
            return "2027-06-01"
        case "choice":
            chosen = {
                "least.way": "identifiable",
                "least.rhythm": "repeated",
                "about.marking": "official",
                "data.sample": "real",
            }
            return chosen.get(question.id, question.options[-1].value)
        case "checks":
            return [option.value for option in question.options if not option.alone]
        case "repeat":
            return [{column.id: cell(column) for column in question.columns} for _ in range(6)]
        case _:
            return "Swimmers in Wales and England"


def cell(column: Column) -> str:
    """A cell of a row."""
    if column.options:
        return column.options[-1].value
    return {"date": "2027-06-01", "number": "3", "email": "a@b.example"}.get(column.kind, "Where the water is tested")


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100)[98]


def bare(text: str) -> Taken:
    """The same keys in a field of Qt's with nothing else in the window."""
    window = QMainWindow()
    area = QPlainTextEdit(text)
    window.setCentralWidget(area)
    window.resize(1366, 768)
    window.show()
    taken = type_in(area)
    window.hide()
    return taken


def main(folder: Path) -> int:
    """Measures."""
    app = QApplication(["dsadesk"])
    i18n.install(app, i18n.Language.ENGLISH)
    theme.apply(app, theme.Theme.LIGHT, 100)
    speller = ProcessSpeller(path("dictionaries"))

    def world(name, stores, clock):
        return replace(folder_world(folder / name, stores=stores, clock=clock, seed=name), speller=speller)

    pair = two_desks(world)
    drafts = [drafting.start(pair.asks, title=f"Request {n}", supplier=SUPPLIER.id).request for n in range(2)]
    for draft in drafts:
        fill(pair.asks, draft)
    jobs = JobRunner()
    preferences = Preferences(folder / "window.ini")
    preferences.poll_minutes = 0
    window = MainWindow(preferences, jobs, lambda: None)
    window.resize(1366, 768)
    window.show()
    window.begin(pair.requester)
    lines = []
    try:
        window.go(Place(Page.EDITOR, request=drafts[0], part=FIELD))
        until(lambda: window.findChild(EditorView) is not None)
        editor = window.findChild(EditorView)
        until(lambda: editor._presenter.request == drafts[0])
        wait(3)  # until everything in sight is read
        lines += keys(editor, bare)
        lines += sections(editor)
        lines += opening(editor, window, drafts)
    finally:
        jobs.shutdown(wait=True)
        speller.close()
    print(json.dumps(lines))
    return 0


def keys(editor: EditorView, peer: Callable[[str], Taken]) -> list[dict[str, object]]:
    """Typing, and what handing over costs on the thread of the window."""
    writer, handed = editor._presenter._writer, []
    give = writer.give

    def timed(question: str, value: object) -> None:
        began = time.perf_counter()
        give(question, value)
        handed.append((time.perf_counter() - began) * 1000)

    writer.give = timed
    area = editor._form.questions()[FIELD].findChild(QPlainTextEdit)
    ours = type_in(area)
    writer.give = give
    theirs = peer(area.toPlainText())
    against = "the same keys in a bare QPlainTextEdit, same process"
    lines = []
    for what, mine, bare_field in (
        ("key to paint", ours[0], theirs[0]),
        ("key to paint, work of the window's thread", ours[1], theirs[1]),
    ):
        lines += pair_of(f"editor, {what}", mine, against, bare_field)
    return lines + pair_of("editor, change handed over", handed, "the target", target=0.2)


def pair_of(
    name: str, ours: list[float], against: str, peer: list[float] | None = None, target: float = 0.0
) -> list[dict[str, object]]:
    """The median and the 99th percentile, beside the peer's or a target."""
    return [
        {"name": f"{name}, {what}", "ours": of(ours), "peer": of(peer) if peer else target, "against": against}
        for what, of in (("median", statistics.median), ("99th percentile", p99))
    ]


def sections(editor: EditorView) -> list[dict[str, object]]:
    """Going from section to section, until it is painted."""
    presenter = editor._presenter
    names = [each.id for each in presenter._way().sections if each.id not in {SAMPLES, CHECK}]
    painted = Painted(editor._form._title)
    taken, worked = [], []
    for n in range(8 * len(names)):
        seen = painted.count
        began, spent = time.perf_counter(), time.thread_time()
        presenter.choose_section(names[n % len(names)])
        until(lambda seen=seen: painted.count > seen)
        if n >= len(names):
            taken.append((painted.at - began) * 1000)
            worked.append((painted.spent - spent) * 1000)
        wait(0.05)
    return [
        *pair_of("editor, section switch", taken, "the target", target=50),
        *pair_of("editor, section switch, work of the window's thread", worked, "the target", target=50),
    ]


def opening(editor: EditorView, window: MainWindow, drafts: list[RequestId]) -> list[dict[str, object]]:
    """Opening one request after the other, until its first section is painted."""
    painted = Painted(editor._form._title)
    taken, worked = [], []
    for n in range(42):
        wanted = drafts[n % 2]
        if wanted == editor._presenter.request:
            continue
        seen = painted.count
        began, spent = time.perf_counter(), time.thread_time()
        window.go(Place(Page.EDITOR, request=wanted, part="purpose"))
        until(lambda seen=seen, wanted=wanted: editor._presenter.request == wanted and painted.count > seen)
        if n >= 2:
            taken.append((painted.at - began) * 1000)
            worked.append((painted.spent - spent) * 1000)
        wait(0.3)
    return [
        *pair_of("editor, opening a request of all modules", taken, "the target", target=150),
        *pair_of(
            "editor, opening a request of all modules, work of the window's thread", worked, "the target", target=150
        ),
    ]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
