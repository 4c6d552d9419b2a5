"""Screenshots of every page, at the two sizes that officials have, in each theme: python -m tests.screens FOLDER [NAME…].
DSADESK_SCREENS_TEXT=200 shows them with large text.

The pages show two made-up officials in the middle of real work. Nothing is written but the pictures and a contact sheet in HTML.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QSize, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit

from dsadesk.bundle.identity import seed_to_words
from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.domain.sign_off import review_of
from dsadesk.errors import BundleError, CardError, StoreUnreachableError
from dsadesk.host.memory import FixedClock
from dsadesk.host.spelling import ProcessSpeller
from dsadesk.ports import RemovableDrive
from dsadesk.resources import path
from dsadesk.secret import Secret
from dsadesk.services import (
    admitting,
    agreeing,
    attaching,
    commenting,
    discovering,
    drafting,
    exchanging,
    giving_roles,
    handing_over,
    keeping_cards,
    question_packs,
    reusing,
    reviewing,
    rotating,
    sealing,
    signing_off,
    taking_in,
)
from dsadesk.services.delivering import Lately
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange, Problem
from dsadesk.services.leaving import leave_for_later
from dsadesk.services.publishing import Consent
from dsadesk.services.session import World
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui import i18n, theme
from dsadesk.ui.jobs import JobRunner
from dsadesk.ui.main_window import MainWindow
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.presenters.first_run import Step
from dsadesk.ui.presenters.first_run_said import Who
from dsadesk.ui.presenters.form import CHECK, SAMPLES
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.outlook import outlook_of
from dsadesk.ui.presenters.request_shown import Go
from dsadesk.ui.sweeping import Sweeper
from dsadesk.ui.views.agreement import AgreementView, RecordDialog
from dsadesk.ui.views.editor import EditorView
from dsadesk.ui.views.hand_over import HandOverDialog
from dsadesk.ui.views.request import RequestView
from tests.support.desks import (
    ANSWERS,
    PASSPHRASE,
    REQUESTER,
    ROOT,
    SAMPLE,
    SUPPLIER,
    Pair,
    Stores,
    folder_world,
    memory_world,
    received_request,
    sealed_request,
    second_laptop,
    two_desks,
)

FUEL_POVERTY = ROOT / "tests/data/answers/fuel-poverty.json"
_ONE_THEME = "DSADESK_SCREENS_THEME"
_TEXT = int(os.environ.get("DSADESK_SCREENS_TEXT", "100"))
"""The size of the text in per cent: 200 shows what somebody with poor eyes sees."""
_CALM_SECONDS, _LONGEST_SECONDS = 0.25, 10.0
_SOON_MILLISECONDS = 1000
SIZES = ((1366, 768), (1920, 1080))
THEMES = (theme.Theme.LIGHT, theme.Theme.DARK, theme.Theme.CONTRAST)
CATALOGUE = ROOT.parent / "shared/data/catalogue/environment-agency-datasets.csv"
TITLES = ("Flood warnings for care homes", "Warm homes: which streets first", "School transport and air quality")


STICKS = (
    RemovableDrive(folder=Path("/media/priya/BLUE"), name="BLUE", free=28 << 30, size=32 << 30),
    RemovableDrive(folder=Path("/media/priya/OLD"), name="OLD", free=700, size=1 << 30),
    RemovableDrive(folder=Path("/media/priya/ISSUED"), name="ISSUED", free=4 << 30, size=8 << 30, is_read_only=True),
)


def _damaged_desk() -> Desk:
    """A locked desk whose vault has a damaged page."""
    folder = Path(tempfile.mkdtemp()) / "vault"
    desk = Desk(folder_world(folder, stores=Stores(), clock=FixedClock(), seed="damaged"))
    desk.first_run(REQUESTER, "Priya Shah", "Regional analyst", passphrase=PASSPHRASE)
    for title in TITLES:
        for n in range(12):
            drafting.start(desk.session, title=f"{title} ({n + 1})")
    desk.lock()
    data = bytearray((folder / "cases.db").read_bytes())
    for page in (0, *range(len(data) // 4096 - 14, len(data) // 4096)):
        data[page * 4096 + 100] ^= 0xFF
    (folder / "cases.db").write_bytes(data)
    return desk


def _find_damage(window: MainWindow) -> None:
    window.page("unlock")._presenter.try_passphrase(PASSPHRASE)  # type: ignore[union-attr]
    _wait()


def _salvage(window: MainWindow) -> None:
    _find_damage(window)
    window.page("unlock")._damage.salvage.click()  # type: ignore[union-attr]
    _wait()


def _held() -> Desk:
    """Somebody to whom deliveries for others were given."""
    pair, stranger = two_desks(), two_desks()
    for name in ("from-the-stick.dsabundle", "again.dsabundle"):
        sealed_request(pair, sample=False)
        bundle = io.BytesIO()
        handing_over.export_bundle(pair.asks, pair.asks.vault.outbox.unfinished()[-1], bundle)
        with contextlib.suppress(BundleError):
            taking_in.import_bundle(stranger.asks, bundle, name)
        stranger.clock.advance(4000)
    return stranger.requester


def _discard(window: MainWindow) -> None:
    page = window.page("inbox")
    page._held_page.show_held(page._held[0])  # type: ignore[union-attr]
    page._held_page.buttons["discard"].click()  # type: ignore[union-attr]
    _wait()


def _reminded() -> Desk:
    """A desk with a few drafts, a week after its first start."""
    clock = FixedClock()
    desk = Desk(memory_world(clock=clock, seed="reminded"))
    desk.first_run(REQUESTER, "Priya Shah", "Regional analyst", passphrase=PASSPHRASE)
    clock.advance(8 * 86400)
    for title in TITLES:
        drafting.start(desk.session, title=title)
    return desk


def _misplaced() -> Desk:
    """A vault in a synchronised folder."""
    desk = two_desks().requester
    desk.session.world = replace(desk.session.world, placement="synced-folder")
    return desk


def _type_word(window: MainWindow) -> None:
    reminder = window.page("requests")._pane.reminder  # type: ignore[union-attr]
    reminder._on_notice_action_chosen()
    _wait()
    (field,) = reminder._dialog._rows["words"].problem_fields()
    field.setText("abandon")
    reminder._dialog._act.click()
    _wait()


def _vault_card(window: MainWindow) -> None:
    page = window.page("settings")
    page.reveal(page.vault.words)  # type: ignore[union-attr]
    _wait()


def _down(window: MainWindow) -> None:
    bar = window.page("partners").partner.verticalScrollBar()  # type: ignore[union-attr]
    bar.setValue(bar.maximum() // 3)


def _roles(window: MainWindow) -> None:
    window.page("partners").ask_roles()  # type: ignore[union-attr]


def _rotate(window: MainWindow) -> None:
    window.page("partners").ask_rotate()  # type: ignore[union-attr]


def _admit(window: MainWindow) -> None:
    """A newcomer with the name of somebody who is on the card."""
    newcomer = Desk(memory_world(seed="namesake"))
    newcomer.first_run(REQUESTER, "Huw Rees", "Lawyer", passphrase=PASSPHRASE, joining=True)
    file = Path(tempfile.mkdtemp()) / "huw.dsapplication"
    file.write_bytes(admitting.apply(newcomer.session))
    window.page("partners").read_application(file)  # type: ignore[union-attr]


def _drafter() -> Desk:
    """Somebody of the supplier whom the card names for writing only, with a request that waits for a decision."""
    pair = two_desks()
    sealed_request(pair, sample=False)
    pair.carry()
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes", roles=("drafter",))
    exchanging.fetch(laptop.session, Exchange())
    return laptop


def _first_request(window: MainWindow) -> None:
    inbox = window.page("inbox")
    inbox._presenter.choose(inbox._model.window(0)[0])  # type: ignore[union-attr]


def _return(window: MainWindow) -> None:
    """Somebody who has used dsadesk on another laptop."""
    page = window.page("first-run")
    page._presenter.begin()  # type: ignore[union-attr]
    for name, text in (
        ("organisation", REQUESTER.name),
        ("identifier", REQUESTER.id),
        ("name", "Priya Shah"),
        ("post", "Analyst"),
    ):
        page.who.line(name).setText(text)  # type: ignore[union-attr]
    page.who.kind.set_value("return")  # type: ignore[union-attr]


def _return_words(window: MainWindow) -> None:
    _return(window)
    window.page("first-run").who._on_continue_clicked()  # type: ignore[union-attr]


def _return_founder(window: MainWindow) -> None:
    """A colleague who has neither a backup nor the card."""
    _return_words(window)
    page = window.page("first-run").coming_back  # type: ignore[union-attr]
    page.typed_words.setPlainText(seed_to_words(bytes(32)))
    page.other.set_value("lost")
    page.founder.set_value("colleague")
    page._on_words_clicked()


def _restore(window: MainWindow) -> None:
    window.page("settings").vault._on_restore_clicked()  # type: ignore[union-attr]


def _keys_before() -> Desk:
    """Somebody whose partner has had another key, and in whose partner's name a forged one came."""
    pair = two_desks()
    for seed in ("forged", "new"):
        pair.clock.advance(86_400 * 20)
        other = Desk(memory_world(clock=pair.clock, seed=seed))
        other.first_run(SUPPLIER, "Gwen Ellis", "Information asset owner", passphrase=PASSPHRASE)
        with contextlib.suppress(CardError):
            keeping_cards.import_card(pair.asks, other.session.card_bytes)
        if seed == "forged":
            rotating.refuse_new_key(pair.asks, SUPPLIER.id, "Gwen Ellis, switchboard: they know nothing of it.")
        else:
            rotating.accept_new_key(pair.asks, other.session.card_bytes, "phone", "Gwen Ellis, switchboard.")
    return pair.requester


def _split(window: MainWindow) -> None:
    """The dialog that splits the words of the desk above."""
    page = window.page("settings")
    words = seed_to_words(memory_world(seed="reminded").entropy.token(32))
    page.show_split(Secret(words), REQUESTER.name)  # type: ignore[union-attr]
    _wait()


def _split_wrongly(window: MainWindow) -> None:
    _split(window)
    window.page("settings")._dialog._act.click()  # type: ignore[union-attr]
    _wait()


def _first_words(window: MainWindow) -> None:
    page = window.page("first-run")
    steps = page._presenter  # type: ignore[union-attr]
    if steps.holds_unproved_words:
        steps._go(Step.KIT)
    else:
        steps.say_who(Who(REQUESTER.name, REQUESTER.id, "Priya Shah", "Analyst"))
        steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    _wait()
    bar = page._steps[Step.KIT].verticalScrollBar()  # type: ignore[union-attr]
    bar.setValue(bar.maximum())
    _wait()


def _leave(window: MainWindow) -> None:
    window.page("partners").ask_leave()  # type: ignore[union-attr]
    _wait()


def _outbox() -> Desk:
    """A desk whose outbox is full: small and large deliveries, one left for later, one gone lately."""
    pair = two_desks()
    received_request(pair, sample=False)
    pair.clock.advance(3600)
    for _ in range(3):
        sealed_request(pair)
        pair.clock.advance(600)
    last = pair.asks.vault.outbox.unfinished()[-1]
    leave_for_later(pair.asks, (last.id, last.box))
    return pair.requester


def _overdue() -> Desk:
    """A desk that sent a request nine days ago, of which nothing was heard, and another today."""
    pair = two_desks()
    for days in (9, 0):
        sealed_request(pair, sample=False)
        exchanging.send_all(pair.asks, Exchange())
        pair.clock.advance(days * 86_400)
    return pair.requester


def _told(window: MainWindow, lately: Lately, shown: tuple[Shown, ...], *, is_offline: bool = False) -> None:
    """The page as it is while the deliverer says this."""
    page = window.page("exchange")
    deliverer = page._frame.deliverer()  # type: ignore[union-attr]
    deliverer.is_automatic, deliverer.lately, deliverer.shown = True, lately, shown
    outlook = replace(outlook_of(deliverer, is_offline=is_offline), next_look_in=200.0)
    window._presenter.follow(outlook)  # type: ignore[union-attr]
    page._presenter.open()  # type: ignore[union-attr]


def _sending(window: MainWindow) -> None:
    session = window._desk.session  # type: ignore[union-attr]
    items, now = session.vault.outbox.unfinished(), session.world.clock.now()
    shown = tuple(
        Shown(
            key=(item.id, item.box), org=item.org, kind=item.kind, going=going, done=done, total=20_000_000,
            rate=61_440.0 if going is Going.MOVING else 0.0, seconds_left=280.0 if going is Going.MOVING else None,
        )
        for item, going, done in zip(items, (Going.MOVING, Going.WAITING), (3_400_000, 0), strict=False)
    )  # fmt: skip
    _told(window, Lately(is_sending=True, looked_at=now, came_at=now), shown)


def _offline(window: MainWindow) -> None:
    session = window._desk.session  # type: ignore[union-attr]
    now = session.world.clock.now()
    away = StoreUnreachableError("no-link")
    lost = Problem(SUPPLIER.id, away)
    _told(window, Lately(looked_at=now, fault=away, tried_at=now, problems=(lost,)), (), is_offline=True)


class Calm(QObject):
    """Notes when anything was last painted or worked on, and waits until nothing is any more."""

    jobs: JobRunner

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._stirred_at = 0.0
        app.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() is QEvent.Type.Paint:
            self._stirred_at = time.monotonic()
        return False

    def wait(self) -> None:
        """Returns after a while in which nothing happened; something that never ends is not waited for for ever."""
        end = time.monotonic() + _LONGEST_SECONDS
        self._stirred_at = time.monotonic()
        while time.monotonic() < end:
            self._let_jobs_finish()
            if self.jobs._pool_jobs or self._has_something_to_do():
                self._stirred_at = time.monotonic()
            _events(50)
            if time.monotonic() - self._stirred_at >= _CALM_SECONDS:
                return
        print(f"not calm after {_LONGEST_SECONDS:.0f} s")

    def _has_something_to_do(self) -> bool:
        timers = (timer for window in QApplication.topLevelWidgets() for timer in window.findChildren(QTimer))
        return any(each.isActive() and each.isSingleShot() and each.interval() <= _SOON_MILLISECONDS for each in timers)

    def _let_jobs_finish(self) -> None:
        loop = QEventLoop()
        self.jobs.submit(lambda: None, then=lambda _: loop.quit())
        loop.exec()


def _events(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _wait() -> None:
    app = QApplication.instance()
    assert app is not None
    app.findChild(Calm).wait()


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it."""

    name: str
    desk: Callable[[], Desk]
    place: Callable[[], Place]
    then: Callable[[MainWindow], None] | None = None


def _spelt(name: str, stores: Stores, clock: FixedClock) -> World:
    return replace(memory_world(stores=stores, clock=clock, seed=name), speller=ProcessSpeller(path("dictionaries")))


class Office:
    """Two organisations in the middle of work: a draft, a request under discussion, and an agreement that waits for a signature."""

    def __init__(self) -> None:
        self.pair: Pair = two_desks(_spelt)
        self._catalogue()
        self.signed = self._agreement()
        self.talked = self._discussion()
        self.draft = self._draft()
        self.blank = drafting.start(self.pair.asks, title="Rain and rivers").request
        matched = drafting.start(self.pair.asks, title="Matched records")
        self.matched = reusing.apply_template(self.pair.asks, matched, "2-matched-records").request
        self.new = Desk(memory_world(seed="new"))
        self.locked = self._locked()
        self.colleague, self.asked, self.sealed = self._sign_offs()
        self.outbreak, self.outbreak_draft = self._outbreak()

    def _catalogue(self) -> None:
        source = CATALOGUE if CATALOGUE.exists() else ROOT / "tests/data/catalogue/invented-datasets.csv"
        discovering.import_catalogue(self.pair.asks, source.read_bytes(), source.name)

    def _agreement(self) -> RequestId:
        request = received_request(self.pair)
        reviewing.approve(
            self.pair.holds, request, "It protects swimmers and moves no personal data.", ["Name the source."]
        )
        agreeing.draft(self.pair.holds, request)
        agreeing.sign_agreement(self.pair.holds, request)
        self.pair.carry()
        return request

    def _discussion(self) -> RequestId:
        request = received_request(self.pair)
        reviewing.start_assessment(self.pair.holds, request)
        asked = reviewing.ask(
            self.pair.holds, request, QuestionId("purpose.aim"), "Which local teams will see the results?"
        )
        self.pair.carry()
        reviewing.answer(self.pair.asks, request, asked.id, "Two coastal health protection teams, six people in all.")
        self.pair.carry()
        reviewing.ask(
            self.pair.holds, request, QuestionId("purpose.decisions"), "Does anything follow for one household?"
        )
        self.pair.carry()
        return request

    def _draft(self) -> RequestId:
        session = self.pair.asks
        for title in TITLES:
            drafting.start(session, title=title)
        dataset = next(iter(discovering.search(session, "")))
        draft = drafting.start(session, dataset=dataset)
        drafting.address_to(session, draft.request, SUPPLIER.id)
        drafting.load_answers(session, draft.request, ANSWERS.read_bytes())
        for question in ("risks.table", "outputs.audience", "running.end"):
            if drafting.question_set(session).question(question):
                drafting.save_answer(session, draft.request, QuestionId(question), None)
        commenting.add(session, draft.request, QuestionId("purpose.aim"), "Gwen Ellis", "Say which beaches you mean.")
        self.pair.clock.advance(3600)
        aim = session.vault.drafts.answers(draft.request)["purpose.aim"].replace("four summers", "five summers")
        drafting.save_answer(session, draft.request, QuestionId("purpose.aim"), aim)
        drafting.save_answer(session, draft.request, QuestionId("purpose.pilot"), None)
        with SAMPLE.open("rb") as source:
            attaching.attach(session, draft.request, source, SAMPLE.name)
        return draft.request

    def _sign_offs(self) -> tuple[Desk, RequestId, RequestId]:
        """A draft with sign-offs in every state, the colleague who is asked, and one that was sealed with what they said."""
        pair = two_desks()
        self.office = pair
        colleague = second_laptop(pair, pair.requester, "Huw Rees")
        person = colleague.session.profile.official.id
        giving_roles.set_roles(pair.asks, {person: ["drafter", "decider", "signatory", "data_protection", "legal"]})

        def draft() -> RequestId:
            made = drafting.start(pair.asks, supplier=SUPPLIER.id)
            drafting.load_answers(pair.asks, made.request, FUEL_POVERTY.read_bytes())
            drafting.save_answer(pair.asks, made.request, QuestionId("assurance.reviews"), None)
            with (ROOT / "tests/data/samples/fuel-poverty-made-up.csv").open("rb") as source:
                attaching.attach(pair.asks, made.request, source, "fuel-poverty-made-up.csv")
            return made.request

        def meet() -> None:
            pair.clock.advance(60)
            for session in (pair.asks, colleague.session, pair.asks):
                exchanging.exchange(session)

        def answer(request: RequestId) -> None:
            (asked,) = [
                each for each in signing_off.asked_of_us(colleague.session, review_of(request)) if not each.answer
            ]
            signing_off.give(
                colleague.session, asked.review, asked.ask.event.id, "conditions",
                conditions=["Delete the addresses by 30 June 2028."], remark="Ask Tom to shorten the notice.",
            )  # fmt: skip

        first, second = draft(), draft()
        for request in (first, second):
            signing_off.ask(pair.asks, request, "data_protection", person, "Please look at how people are told.")
            meet()
            answer(request)
            meet()
        signing_off.ask(pair.asks, first, "legal", person, "Does section 35 of the Digital Economy Act reach this far?")
        meet()
        reasons = {"legal": "Counsel agreed by letter of 3 November.", "security": "The system was signed off in May."}
        sealing.seal_request(pair.asks, second, without=reasons)
        pair.carry()
        return colleague, first, second

    def _outbreak(self) -> tuple[RequestId, RequestId]:
        """A real request in full, with a question pack of the supplier and a made-up sample: as it was received, and once more as a draft."""
        pair, pack = self.office, ROOT / "tests/data/questions/environment-agency.json"
        question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, pack.read_bytes()))
        drafts = []
        for _ in range(2):
            draft = drafting.start(pair.asks, supplier=SUPPLIER.id)
            drafting.load_answers(
                pair.asks, draft.request, (ROOT / "tests/data/answers/vaccination-outbreak.json").read_bytes()
            )
            drafting.save_answer(pair.asks, draft.request, QuestionId("own.environment_agency.licence"), "none")
            drafting.save_answer(pair.asks, draft.request, QuestionId("about.urgent_review"), "2026-04-29")
            drafting.save_answer(pair.asks, draft.request, QuestionId("running.review"), "2026-12-29")
            with (ROOT / "tests/data/samples/vaccinations-made-up.csv").open("rb") as source:
                attaching.attach(pair.asks, draft.request, source, "vaccinations-made-up.csv")
            drafts.append(draft.request)
        sealing.seal_request(pair.asks, drafts[0])
        pair.carry()
        reviewing.approve(
            pair.holds, drafts[0], "It is lawful, urgent and the least that would do.", ["Delete on time."]
        )
        agreeing.draft(pair.holds, drafts[0])
        pair.carry()
        return drafts[0], drafts[1]

    def _locked(self) -> Desk:
        desk = two_desks().requester
        desk.lock()
        return desk

    def _hand_over(self, window: MainWindow, *, sticks: bool = True, written: bool = False) -> None:
        session = self.pair.asks
        found = STICKS if sticks else ()
        session.world = replace(session.world, removable_drives=lambda: found)
        item = session.vault.outbox.all()[0]
        dialog = HandOverDialog(window.page("exchange")._frame, item.id, item.box, window)  # type: ignore[attr-defined]
        dialog.open()
        if written:
            dialog.write_to(Path(tempfile.mkdtemp()))

    def shots(self) -> tuple[Shot, ...]:
        asks, holds = (lambda: self.pair.requester), (lambda: self.pair.supplier)

        def at(page: Page, **more: object) -> Callable[[], Place]:
            return lambda: Place(page, **more)  # type: ignore[arg-type]

        return (
            Shot("first-run", lambda: self.new, at(Page.FIRST_RUN)),
            Shot(
                "first-run-placement",
                lambda: Desk(replace(memory_world(), placement="network-folder")),
                at(Page.FIRST_RUN),
            ),
            Shot("settings-placement", _misplaced, at(Page.SETTINGS), _vault_card),
            Shot("first-run-who", lambda: self.new, at(Page.FIRST_RUN), _return),
            Shot("first-run-return", lambda: self.new, at(Page.FIRST_RUN), _return_words),
            Shot("first-run-return-colleague", lambda: self.new, at(Page.FIRST_RUN), _return_founder),
            Shot("unlock", lambda: self.locked, at(Page.UNLOCK)),
            Shot("unlock-damaged", _damaged_desk, at(Page.UNLOCK), _find_damage),
            Shot("unlock-salvaged", _damaged_desk, at(Page.UNLOCK), _salvage),
            Shot("requests", asks, at(Page.REQUESTS)),
            Shot("reminder", _reminded, at(Page.REQUESTS)),
            Shot("reminder-word", _reminded, at(Page.REQUESTS), _type_word),
            Shot("reminder-settings", _reminded, at(Page.SETTINGS), _vault_card),
            Shot("shares", _reminded, at(Page.SETTINGS), _split),
            Shot("shares-wrong", _reminded, at(Page.SETTINGS), _split_wrongly),
            Shot("first-run-words", lambda: Desk(memory_world(seed="words")), at(Page.FIRST_RUN), _first_words),
            Shot("editor", asks, at(Page.EDITOR, request=self.draft)),
            Shot("editor-purpose", asks, at(Page.EDITOR, request=self.draft, part="purpose")),
            Shot("editor-writing", asks, at(Page.EDITOR, request=self.draft, part="purpose"), _write),
            Shot("editor-plain", asks, at(Page.EDITOR, request=self.draft, part="purpose"), _plain),
            Shot("editor-plain-line", asks, at(Page.EDITOR, request=self.draft, part="about"), _plain_line),
            Shot("editor-finding", asks, at(Page.EDITOR, request=self.draft, part="purpose"), _look),
            Shot("editor-comments", asks, at(Page.EDITOR, request=self.draft, part="purpose.aim"), _comment),
            Shot("editor-versions", asks, at(Page.EDITOR, request=self.draft, part="purpose.aim"), _versions),
            Shot("editor-copying", asks, at(Page.EDITOR, request=self.blank, part="purpose.aim"), _copying),
            Shot("new-request", asks, at(Page.REQUESTS, part="new")),
            Shot("editor-filling", asks, at(Page.EDITOR, request=self.draft, part="data.items"), _filling),
            Shot("editor-flow", asks, at(Page.EDITOR, request=self.matched, part="setting.flow"), _flow),
            Shot("editor-set-aside", asks, at(Page.EDITOR, request=self.blank, part="purpose.aim"), _set_aside),
            Shot("editor-ladder", asks, at(Page.EDITOR, request=self.matched, part="least"), _ladder),
            Shot("editor-samples", asks, at(Page.EDITOR, request=self.draft, part=SAMPLES)),
            Shot("editor-preview", asks, at(Page.EDITOR, request=self.draft), _preview),
            Shot("editor-check-and-seal", asks, at(Page.EDITOR, request=self.draft, part=CHECK)),
            Shot("request-requester", asks, at(Page.REQUEST, request=self.talked)),
            Shot("request-history", asks, at(Page.REQUEST, request=self.talked, part="history")),
            Shot("request-questions", asks, at(Page.REQUEST, request=self.talked, part="questions")),
            Shot("agreements", asks, at(Page.AGREEMENTS)),
            Shot("agreement", asks, at(Page.AGREEMENT, request=self.signed)),
            Shot("agreement-record", asks, at(Page.AGREEMENT, request=self.signed), _record),
            Shot("catalogue", asks, at(Page.CATALOGUE)),
            Shot("partners", asks, at(Page.PARTNERS)),
            Shot("partners-leave", lambda: self.office.requester, at(Page.PARTNERS), _leave),
            Shot("partners-roles", lambda: self.office.requester, at(Page.PARTNERS), _roles),
            Shot("partners-rotate", lambda: self.office.requester, at(Page.PARTNERS), _rotate),
            Shot("partners-admit", lambda: self.office.requester, at(Page.PARTNERS), _admit),
            Shot("request-without-role", _drafter, at(Page.INBOX), _first_request),
            Shot("partners-keys", _keys_before, at(Page.PARTNERS, org=SUPPLIER.id), _down),
            Shot("exchange", asks, at(Page.EXCHANGE)),
            Shot("exchange-overdue", _overdue, at(Page.EXCHANGE)),
            Shot("exchange-sending", _outbox, at(Page.EXCHANGE), _sending),
            Shot("exchange-offline", _outbox, at(Page.EXCHANGE), _offline),
            Shot("hand-over", asks, at(Page.EXCHANGE), then=self._hand_over),
            Shot(
                "hand-over-no-stick",
                asks,
                at(Page.EXCHANGE),
                then=lambda window: self._hand_over(window, sticks=False),
            ),
            Shot("hand-over-done", asks, at(Page.EXCHANGE), then=lambda window: self._hand_over(window, written=True)),
            Shot("settings", asks, at(Page.SETTINGS)),
            Shot("settings-restore", asks, at(Page.SETTINGS), _restore),
            Shot("about", asks, at(Page.ABOUT)),
            Shot("sign-offs", lambda: self.office.requester, at(Page.EDITOR, request=self.asked, part=CHECK)),
            Shot("sign-off-inbox", lambda: self.colleague, at(Page.INBOX)),
            Shot("sign-off-answer", lambda: self.colleague, at(Page.SIGN_OFF, request=review_of(self.asked))),
            Shot("sign-off-supplier", lambda: self.office.supplier, at(Page.INBOX, request=self.sealed)),
            Shot("sign-off-partners", lambda: self.office.requester, at(Page.PARTNERS)),
            Shot("situation-supplier", lambda: self.office.supplier, at(Page.INBOX, request=self.outbreak)),
            Shot(
                "situation-people",
                lambda: self.office.supplier,
                at(Page.INBOX, request=self.outbreak, part="people.who"),
            ),
            Shot(
                "situation-pack",
                lambda: self.office.supplier,
                at(Page.INBOX, request=self.outbreak, part="own.environment_agency.licence"),
            ),
            Shot(
                "situation-samples", lambda: self.office.supplier, at(Page.INBOX, request=self.outbreak, part="samples")
            ),
            Shot("decision-letter", lambda: self.office.requester, at(Page.REQUEST, request=self.outbreak), _letter),
            Shot("decided", lambda: self.office.requester, at(Page.REQUEST, request=self.outbreak)),
            Shot("situation-agreement", lambda: self.office.supplier, at(Page.AGREEMENT, request=self.outbreak)),
            Shot(
                "pack-editor",
                lambda: self.office.requester,
                at(Page.EDITOR, request=self.outbreak_draft, part="own_environment_agency"),
            ),
            Shot("pack-partner", lambda: self.office.requester, at(Page.PARTNERS, org=SUPPLIER.id)),
            Shot("held", _held, at(Page.INBOX, part="held")),
            Shot("held-discard", _held, at(Page.INBOX, part="held"), _discard),
            Shot("supplier-inbox", holds, at(Page.INBOX)),
            Shot("supplier-request", holds, at(Page.REQUEST, request=self.talked)),
            Shot("supplier-samples", holds, at(Page.REQUEST, request=self.talked, part="samples")),
            Shot("supplier-partners", holds, at(Page.PARTNERS)),
        )


def _editor(window: MainWindow) -> EditorView:
    found = window.findChild(EditorView)
    assert isinstance(found, EditorView)
    return found


def _write(window: MainWindow) -> None:
    """Somebody writes, not very plainly."""
    area = _editor(window)._form.questions()["purpose.summary"].findChild(QPlainTextEdit)
    area.setFocus()
    area.selectAll()
    area.insertPlainText(
        "We recieve results of water tests in order to warn swimmers. Interdepartmental operationalisation of the ESW "
        "necessitates comprehensive administrative harmonisation. People can see which beach is clean. "
    )


def _plain(window: MainWindow) -> None:
    """Somebody reads the whole draft for plain English."""
    _write(window)
    _editor(window)._extras.open_whole()
    _wait()


def _plain_line(window: MainWindow) -> None:
    """Somebody writes one line, with mistakes."""
    line = _editor(window)._form.questions()["about.title"].findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    line.insert("The last fuor summers in order to compare, from the ESW regster")
    _wait()
    line.setCursorPosition(0)


def _look(window: MainWindow) -> None:
    """Somebody looks for a word."""
    bar = _editor(window)._find
    bar.open()
    bar.field.setText("water")
    bar.step(1)


def _set_aside(window: MainWindow) -> None:
    """A draft whose supplier asked more before."""
    editor = _editor(window)
    editor._presenter._answers |= {
        "own.environment_agency.sites": "Gull Point and the three beaches north of it",
        "least.not_result": "The result depends on both sets of records together.",
    }
    editor.show_set_aside(len(editor._presenter.set_aside()))
    editor._extras.open_set_aside()
    _wait()


def _record(window: MainWindow) -> None:
    """Somebody makes the public record of a sensitive request."""
    page = window.findChild(AgreementView)
    assert isinstance(page, AgreementView)
    dialog = RecordDialog(Consent(details=True, now=False), window)
    dialog.open()
    _wait()


def _letter(window: MainWindow) -> None:
    """Somebody reads the decision letter of the request that is open."""
    page = next(each for each in window.findChildren(RequestView) if each.isVisible())
    page._presenter.do(Go.LETTER)
    _wait()


def _preview(window: MainWindow) -> None:
    _editor(window)._presenter.preview()
    _wait()


def _ladder(window: MainWindow) -> None:
    form = _editor(window)._form
    form.go_to("least.steps")
    _wait()
    form.reveal(form.questions()["least.steps"])
    _wait()


def _comment(window: MainWindow) -> None:
    _editor(window)._extras.open_comments()


def _versions(window: MainWindow) -> None:
    _editor(window)._extras.open_versions()


def _filling(window: MainWindow) -> None:
    extras = _editor(window)._extras
    extras.open_filling()
    extras.dialog.open_file(SAMPLE)


def _flow(window: MainWindow) -> None:
    form = _editor(window)._form
    rows = [
        {
            "from": "Environment Agency",
            "to": "Public Health Wales",
            "what": "The list of sampling points",
            "how": "sealed bundle, signed receipt",
        },
        {
            "from": "Public Health Wales",
            "to": "Public Health Wales",
            "what": "Joined with the border advice",
            "how": "on the analysts' server",
        },
        {"from": "Public Health Wales", "to": "The public", "what": "The swim map", "how": "website"},
    ]
    _editor(window)._presenter.take_all({"setting.flow": rows}, "Added")
    picture = form.block("setting.flow").picture
    QTimer.singleShot(200, form, lambda: form.reveal(picture))


def _copying(window: MainWindow) -> None:
    extras = _editor(window)._extras
    extras.open_copying()
    dialog = extras.dialog
    request = next(
        row.request
        for row in window._desk.session.vault.projections.rows(window._desk.session.vault.projections.ids())
        if row.title.startswith("Bathing")
    )
    QTimer.singleShot(100, dialog, lambda: dialog._presenter.choose(request))


def _picture(window: MainWindow) -> QPixmap:
    """The window with the dialog that stands in front of it."""
    picture = window.grab()
    dialog = next((each for each in window.findChildren(QDialog) if each.isVisible()), None)
    if dialog is not None:
        front = dialog.grab()
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 110))
        painter.drawPixmap(
            (picture.width() - front.width()) // 2, max(0, (picture.height() - front.height()) // 2), front
        )
        painter.end()
    return picture


def take(app: QApplication, shot: Shot, folder: Path, look: theme.Theme, config: Path) -> None:
    """Opens a window on a page and saves it at each size."""
    jobs = JobRunner()
    app.findChild(Calm).jobs = jobs
    preferences = Preferences(config / f"{shot.name}.ini")
    preferences.theme = look
    preferences.poll_minutes = 0
    window = MainWindow(preferences, jobs, lambda: theme.apply(app, look, _TEXT))
    theme.apply(app, look, _TEXT)
    window.begin(shot.desk())
    for width, height in SIZES:
        window.resize(width, height)
        window.show()
        window.go(shot.place())
        _wait()
        if shot.then is not None:
            shot.then(window)
            _wait()
        if window.size() != QSize(width, height):
            window.resize(width, height)
            _wait()
        _picture(window).save(str(folder / f"{shot.name}-{look.value}-{width}x{height}.png"))
        for dialog in window.findChildren(QDialog):
            dialog.reject()
    window.hide()
    window.deleteLater()
    jobs.shutdown(wait=True)
    app.processEvents()


def sheet(folder: Path) -> None:
    """All pictures on one page, to look at every one."""
    pictures = sorted(path.name for path in folder.glob("*.png"))
    body = "".join(
        f'<figure><img src="{name}" width="660"><figcaption>{name}</figcaption></figure>' for name in pictures
    )
    (folder / "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>Screens</title>{body}", "utf-8")


def main(arguments: list[str]) -> int:
    """Takes the pictures, each theme in a process of its own: much of the time is waiting for timers that draw."""
    folder, wanted = Path(arguments[0]), set(arguments[1:])
    folder.mkdir(parents=True, exist_ok=True)
    look = os.environ.get(_ONE_THEME)
    if look is not None:
        code = take_all(folder, wanted, theme.Theme(look))
        sys.stdout.flush()
        # Not by the usual way: there Qt now and then calls an event filter of Python's after Python has ended.
        os._exit(code)
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.screens", *arguments]
    begun = {each: subprocess.Popen(command, env={**os.environ, _ONE_THEME: each.value}) for each in THEMES}
    failed = {each.value: process.returncode for each, process in begun.items() if process.wait() != 0}
    if failed:
        print(f"themes that ended with an error: {failed}")
    sheet(folder)
    print(f"{len(list(folder.glob('*.png')))} screenshots in {folder}")
    return 1 if failed else 0


def take_all(folder: Path, wanted: set[str], look: theme.Theme) -> int:
    """Every page in one theme."""
    app = QApplication.instance() or QApplication(["dsadesk"])
    assert isinstance(app, QApplication)
    i18n.install(app, i18n.Language.ENGLISH)
    app.setCursorFlashTime(0)
    Calm(app)
    Sweeper(app).start()  # as the program does: each window is left behind for the next one
    office = Office()
    taken = 0
    with tempfile.TemporaryDirectory() as config:
        for shot in office.shots():
            if wanted and shot.name not in wanted:
                continue
            take(app, shot, folder, look, Path(config))
            taken += len(SIZES)
    return 0 if taken else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
