"""Somebody writes in the editor, and in a bare field beside it: python -m tests.benchmarks.writing FOLDER. Prints one line of JSON.

Two workloads: a request of 60 answers and 5,000 words, which is what the aims are about, and a request of every module, which is heavier.
Three clocks: the one on the wall; how long the window's thread worked; and the wall less what other programs took of the processor while
the window's thread was ready to run, which is what a person at a laptop of their own would wait (Linux tells it; elsewhere it is the wall).
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QWidget

from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.host.spelling import ProcessSpeller
from dsadesk.questions.model import Column, Question, QuestionSet
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
from dsadesk.ui.sweeping import Sweeper
from dsadesk.ui.views.editor import EditorView
from tests.support.desks import SUPPLIER, folder_world, two_desks

ANSWERS, WORDS = 60, 5_000
KEYS, FEWER_KEYS, WARM = 400, 200, 40
ROUNDS = 5
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


@dataclass(frozen=True)
class Moment:
    """The three clocks, in seconds."""

    at: float
    worked: float
    kept_waiting: float


def now() -> Moment:
    """Read the clocks of the calling thread."""
    try:
        spent = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text(encoding="ascii")
        kept = int(spent.split()[1]) / 1e9
    except OSError:
        kept = 0.0
    return Moment(time.perf_counter(), time.thread_time(), kept)


@dataclass
class Taken:
    """Milliseconds by the wall, of the window's own work, and by the wall less what other programs took."""

    wall: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def add(self, start: Moment, end: Moment) -> None:
        """Take one more."""
        wall = (end.at - start.at) * 1000
        self.wall.append(wall)
        self.work.append((end.worked - start.worked) * 1000)
        self.own.append(wall - (end.kept_waiting - start.kept_waiting) * 1000)


class Painted(QObject):
    """Notes when a widget was last painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count, self.last = 0, now()
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() is QEvent.Type.Paint:
            self.count += 1
            self.last = now()
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


def touch(window: QWidget) -> None:
    """Somebody is at the window, as whoever goes somewhere in it is: what waits until nobody touches it goes on waiting."""
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)


def type_in(area: QPlainTextEdit, keys: int) -> Taken:
    """From when each key was due to when the field was painted with it; the work from when the key came."""
    painted = Painted(area.viewport())
    area.window().activateWindow()
    area.setFocus()
    window = (
        area.window().windowHandle()
    )  # a key comes to the window, where those listen who count how long nobody touched it
    area.moveCursor(area.textCursor().MoveOperation.End)
    wait(0.6)
    taken = Taken()
    for n in range(keys + WARM):
        pause = WAITS[n % len(WAITS)]
        before = now()
        wait(pause)
        seen, came = painted.count, now()
        QTest.keyClick(window, SENTENCE[n % len(SENTENCE)])
        until(lambda seen=seen: painted.count > seen)
        if n >= WARM:
            due = before.at + pause
            # What other programs took before the key was due made nothing later.
            late = min(came.at - due, came.kept_waiting - before.kept_waiting)
            taken.add(Moment(due, came.worked, came.kept_waiting - max(0.0, late)), painted.last)
        if area.document().characterCount() > 900:
            area.setPlainText("")
    return taken


def fill(session: Session, request: RequestId, *, every: bool) -> int:
    """Answers a request, in the order in which questions come up, and returns how many answers it has: of every module, or the 60."""
    questions = drafting.question_set(session)
    answers: dict[str, object] = {}
    for _ in range(6):
        for question in View(questions, answers).questions:
            if question.id not in answers and not View(questions, answers).waiting_for(question):
                answers[question.id] = invented(question, every=every)
    if not every:
        answers = few(questions, answers)
    texts = [name for name, value in answers.items() if isinstance(value, str) and questions.index[name].kind == "long"]
    others = sum(len(str(value).split()) for name, value in answers.items() if name not in texts)
    each = max(20, -(-(WORDS - others) // max(1, len(texts))))
    for name in texts:
        answers[name] = " ".join((SENTENCE * 40).split()[:each])
    with session.vault.transaction():
        for name, value in answers.items():
            drafting.save_answer(session, request, QuestionId(name), value)
    words = sum(len(str(value).split()) for value in answers.values())
    if len(answers) < ANSWERS or words < WORDS:
        raise ValueError((len(answers), words))
    return len(answers)


def few(questions: QuestionSet, answers: dict[str, object]) -> dict[str, object]:
    """As many of these answers as the aims speak of, of every section its share: what was answered last is left out."""
    kept = dict(answers)
    for name in reversed(list(answers)):
        if len(kept) > ANSWERS and name != FIELD:
            less = {each: value for each, value in kept.items() if each != name}
            if {each.id for each in View(questions, less).questions} >= set(less):
                kept = less
    return kept


def invented(question: Question, *, every: bool) -> object:
    """An answer that brings up as many other questions as it can, or as few."""
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
        case "checks" if not every:
            return [question.options[0].value]
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
    taken = type_in(area, FEWER_KEYS)
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
    usual, *every = [drafting.start(pair.asks, title=f"Request {n}", supplier=SUPPLIER.id).request for n in range(3)]
    answers = fill(pair.asks, usual, every=False)
    most = min([fill(pair.asks, draft, every=True) for draft in every])
    jobs = JobRunner()
    preferences = Preferences(folder / "window.ini")
    preferences.poll_minutes = 0
    window = MainWindow(preferences, jobs, lambda: None)
    window.resize(1366, 768)
    window.show()
    window.begin(pair.requester)
    sweeper = Sweeper(app)
    sweeper.start()  # as the program does
    lines = []
    try:
        lines += keys(shown(window, usual, FIELD), f"{answers} answers", KEYS, bare)
        lines += keys(shown(window, every[0], FIELD), f"{most} answers", FEWER_KEYS, bare)
        lines += sections(window, usual, every[1], f"{answers} answers")
        lines += sections(window, every[0], every[1], f"{most} answers")
        lines += opening(shown(window, every[0], FIELD), window, every)
    finally:
        jobs.shutdown(wait=True)
        speller.close()
    print(json.dumps(lines))
    return 0


def shown(window: MainWindow, request: RequestId, part: str) -> EditorView:
    """The editor with a request at a place, and everything in sight read."""
    window.go(Place(Page.EDITOR, request=request, part=part))
    until(lambda: window.findChild(EditorView) is not None)
    editor = window.findChild(EditorView)
    until(lambda: editor._presenter.request == request)
    wait(3)
    return editor


def keys(editor: EditorView, what: str, count: int, peer: Callable[[str], Taken]) -> list[dict[str, object]]:
    """Typing, and what handing over costs on the thread of the window: taking the change, and giving what waits to the vault's thread."""
    writer, handed = editor._presenter._writer, []
    give, hand_over = writer.give, writer._hand_over

    def timed(act: Callable[..., None]) -> Callable[..., None]:
        def do(*arguments: object) -> None:
            began = time.perf_counter()
            act(*arguments)
            handed.append((time.perf_counter() - began) * 1000)

        return do

    writer.give, writer._hand_over = timed(give), timed(hand_over)
    area = editor._form.questions()[FIELD].findChild(QPlainTextEdit)
    ours = type_in(area, count)
    writer.give, writer._hand_over = give, hand_over
    theirs = peer(area.toPlainText())
    against = "the same keys in a bare QPlainTextEdit, same process"
    return [
        *rows(f"editor, key to paint, {what}", ours, against, theirs),
        *pair_of(f"editor, change handed over, {what}", handed, "the target", target=0.2),
    ]


def rows(
    name: str, ours: Taken, against: str, peer: Taken | None = None, target: float = 0.0
) -> list[dict[str, object]]:
    """The three clocks of one thing."""
    found: list[dict[str, object]] = []
    for clock, words in (
        ("wall", ""),
        ("work", ", work of the window's thread"),
        ("own", ", less what other programs took"),
    ):
        theirs = getattr(peer, clock) if peer is not None else None
        found += pair_of(f"{name}{words}", getattr(ours, clock), against, theirs, target)
    return found


def pair_of(
    name: str, ours: list[float], against: str, peer: list[float] | None = None, target: float = 0.0
) -> list[dict[str, object]]:
    """The median and the 99th percentile, beside the peer's or a target."""
    return [
        {"name": f"{name}, {what}", "ours": of(ours), "peer": of(peer) if peer else target, "against": against}
        for what, of in (("median", statistics.median), ("99th percentile", p99))
    ]


def sections(window: MainWindow, request: RequestId, other: RequestId, what: str) -> list[dict[str, object]]:
    """Going from section to section, until it is painted: for the first time since the request was opened, and again."""
    first, again = Taken(), Taken()
    for _ in range(ROUNDS):
        shown(window, other, FIELD)  # which forgets the sections of the one before
        editor = shown(window, request, FIELD)
        painted = Painted(editor._form._title)
        presenter = editor._presenter
        names = [each.id for each in presenter._way().sections if each.id not in {SAMPLES, CHECK}]
        for taken in (first, again):
            for name in names:
                if name == presenter.section:
                    continue
                touch(window)
                seen, began = painted.count, now()
                presenter.choose_section(name)
                until(lambda painted=painted, seen=seen: painted.count > seen)
                taken.add(began, painted.last)
                wait(0.05)
    return [
        *rows(f"editor, section switch for the first time, {what}", first, "the target", target=50),
        *rows(f"editor, section switch again, {what}", again, "the target", target=50),
    ]


def opening(editor: EditorView, window: MainWindow, drafts: list[RequestId]) -> list[dict[str, object]]:
    """Opening one request after the other, until its first section is painted."""
    painted = Painted(editor._form._title)
    taken = Taken()
    for n in range(42):
        wanted = drafts[n % 2]
        if wanted == editor._presenter.request:
            continue
        touch(window)
        seen, began = painted.count, now()
        window.go(Place(Page.EDITOR, request=wanted, part="purpose"))
        until(lambda seen=seen, wanted=wanted: editor._presenter.request == wanted and painted.count > seen)
        if n >= 2:
            taken.add(began, painted.last)
        wait(0.3)
    return rows("editor, opening a request of all modules", taken, "the target", target=150)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
