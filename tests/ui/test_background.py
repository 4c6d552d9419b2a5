"""What goes on by itself: sealed things leave, news comes, sleep and networks are noticed, and locking ends it."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from dsadesk.bootstrap import open_transport, prepare_store
from dsadesk.errors import StoreUnreachableError
from dsadesk.host.entropy import SystemEntropy
from dsadesk.services import admitting, attaching, drafting, exchanging, reviewing, sealing, store_doctor
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.keeping_cards import set_partner_address
from dsadesk.sync.shown import Going
from dsadesk.transports.memory import MemoryTransport
from dsadesk.ui.background import NetworkHint
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.sleep_watch import SleepWatch
from tests.support.desks import ANSWERS, PASSPHRASE, SUPPLIER, memory_world, sealed_request, two_desks
from tests.ui.test_exchange_view import in_parallel
from tests.ui.windows import window_over


@pytest.fixture
def pair():
    made = two_desks()
    in_parallel(made.requester)
    return made


def strip(shown):
    return " | ".join(item.text for item in shown.window._strip.waiting)


class Clocks:
    def __init__(self):
        self.wall, self.steady = 1000.0, 50.0

    def pass_by(self, wall, steady):
        self.wall += wall
        self.steady += steady


def watch(clocks, woken):
    made = SleepWatch(wall=lambda: clocks.wall, steady=lambda: clocks.steady)
    made.woke.connect(lambda: woken.append(True))
    return made


def test_a_jump_of_the_wall_clock_means_that_the_machine_slept(qapp):
    clocks, woken = Clocks(), []
    sleep = watch(clocks, woken)
    clocks.pass_by(5.0, 5.0)
    sleep.look()
    clocks.pass_by(19.0, 5.0)
    sleep.look()
    assert woken == []
    clocks.pass_by(3600.0, 5.0)
    sleep.look()
    assert woken == [True]
    clocks.pass_by(5.0, 5.0)
    sleep.look()
    assert woken == [True]


def test_a_look_that_comes_late_means_that_the_machine_slept_where_its_clock_counts_that(qapp):
    clocks, woken = Clocks(), []
    sleep = watch(clocks, woken)
    clocks.pass_by(600.0, 600.0)
    sleep.look()
    assert woken == [True]


def test_a_network_that_comes_is_told_once_and_one_that_goes_is_no_reason_to_stop(qapp):
    hint, seen = NetworkHint(), []
    hint.came.connect(partial(seen.append, "came"))
    hint.changed.connect(partial(seen.append, "changed"))
    hint.take(is_offline=True)
    hint.take(is_offline=True)
    hint.take(is_offline=False)
    assert seen == ["changed", "changed", "came"]


def test_what_is_sealed_leaves_by_itself(qtbot, tmp_path, pair):
    with window_over(pair.requester, tmp_path, poll_minutes=5) as shown:
        shown.go(Place(Page.EXCHANGE))
        shown.jobs.submit(lambda: sealed_request(pair, sample=False))
        page = shown.page("exchange")
        qtbot.waitUntil(lambda: len(page.sent.items()) == 1)
        assert not page.waiting.items()
        assert "sends by itself" in page.outlook.said()


def test_what_comes_is_said_and_the_strip_tells_when(qtbot, tmp_path, pair):
    request = sealed_request(pair, sample=False)
    pair.carry()
    reviewing.start_assessment(pair.holds, request)
    exchanging.send_all(pair.holds, Exchange())
    with window_over(pair.requester, tmp_path, poll_minutes=5) as shown:
        qtbot.waitUntil(lambda: " news" in strip(shown))


def test_a_store_that_cannot_be_reached_is_said_with_the_next_try_and_is_tried_when_a_network_comes(
    qtbot, tmp_path, pair
):
    store = pair.stores.by_address["inbox-of-requester"] = MemoryTransport("inbox-of-requester")
    store.problem = StoreUnreachableError("no-link")
    object.__setattr__(pair.requester.world, "patience", 0.0)
    with window_over(pair.requester, tmp_path, poll_minutes=60) as shown:
        qtbot.waitUntil(lambda: "could not be reached" in strip(shown))
        qtbot.waitUntil(lambda: "Next try in 60 minutes" in strip(shown))
        store.problem = None
        network = shown.window._delivery.background.network
        network.take(is_offline=True)
        network.take(is_offline=False)
        qtbot.waitUntil(lambda: "Your inbox was reached" in strip(shown))


def test_nothing_goes_by_itself_when_that_is_switched_off_and_it_may_be_switched_on(qtbot, tmp_path, pair):
    sealed_request(pair, sample=False)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.SETTINGS))
        assert shown.window._delivery.background is None
        settings = shown.page("settings")
        settings.exchange.minutes.segment_chosen.emit("1")
        qtbot.waitUntil(lambda: "Nothing waits" in strip(shown))
        settings.exchange.minutes.segment_chosen.emit("0")
        assert not shown.window._delivery.background.is_going


def test_locking_ends_it_and_unlocking_begins_it_anew(qtbot, tmp_path, pair):
    with window_over(pair.requester, tmp_path, poll_minutes=5) as shown:
        first = shown.window._frame.deliverer()
        shown.window.lock()
        qtbot.waitUntil(lambda: not pair.requester.is_open)
        shown.settle()
        assert not shown.window._delivery.background.is_going
        assert first.round().sent == []


def test_a_place_that_does_less_than_it_did_is_tried_by_itself_and_shown_until_somebody_looks_at_it(
    qtbot, tmp_path, pair
):
    class Writable(MemoryTransport):
        def put(self, name, data):
            self._objects[name] = data

    store_doctor.examine(pair.asks, "inbox-of-requester")
    pair.stores.by_address["inbox-of-requester"] = Writable("inbox-of-requester")
    pair.clock.advance(timedelta(days=7).total_seconds())
    with window_over(pair.requester, tmp_path, poll_minutes=5) as shown:
        shown.go(Place(Page.EXCHANGE))
        qtbot.waitUntil(lambda: "A place does less than it did" in strip(shown))
        page = shown.page("exchange")
        qtbot.waitUntil(lambda: page.problems.result() is not None)
        (line,) = page.problems.result().lines
        assert "inbox-of-requester does less" in line.sentence
        assert "written over" in line.details
        page.problems.line_chosen.emit(line)
        shown.settle()
        settings = shown.page("settings")
        (store,) = [each for each in settings.stores._shown if each.address == "inbox-of-requester"]
        assert store.status == "Can live with"
        settings.stores._presenter.check("inbox-of-requester")
        qtbot.waitUntil(lambda: "does less" not in strip(shown))


def test_whoever_is_let_in_while_it_goes_on_gets_what_lies_in_the_inbox(qtbot, tmp_path, pair):
    laptop = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="laptop"))
    laptop.first_run(SUPPLIER, "Owain Hughes", "Analyst", passphrase=PASSPHRASE, joining=True)
    in_parallel(laptop)
    given = tmp_path / "pass.dsapass"
    given.write_bytes(admitting.admit(pair.holds, admitting.apply(laptop.session)))
    sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    with window_over(laptop, tmp_path, poll_minutes=5) as shown:
        shown.go(Place(Page.PARTNERS))
        before = shown.window._frame.deliverer()
        shown.page("partners")._presenter.open_pass(given)
        qtbot.waitUntil(lambda: " news" in strip(shown))
        assert before.round().taken == []
        assert shown.window._frame.deliverer().session is laptop.session


def test_a_metered_network_is_passed_on_to_what_sends(qtbot, tmp_path, pair):
    with window_over(pair.requester, tmp_path, poll_minutes=5) as shown:
        deliverer, network = shown.window._frame.deliverer(), shown.window._delivery.background.network
        network._on_metered_changed(True)
        assert deliverer._is_costly()
        network._on_metered_changed(False)
        assert not deliverer._is_metered


def test_what_is_typed_is_saved_while_sixty_megabytes_leave_over_a_slow_line(qtbot, tmp_path, pair):
    session, folder = pair.asks, tmp_path / "inbox"
    prepare_store(str(folder), session.world.clock, SystemEntropy()).close()
    object.__setattr__(session.world, "open_transport", open_transport)
    set_partner_address(session, SUPPLIER.id, str(folder))
    large = drafting.start(session, supplier=SUPPLIER.id).request
    drafting.load_answers(session, large, ANSWERS.read_bytes())
    attaching.attach(session, large, io.BytesIO(b"place,count\n" + b"Porth,12\n" * 7_000_000), "large.csv")
    sealing.seal_request(session, large)
    draft = drafting.start(session, title="Another", supplier=SUPPLIER.id).request
    with window_over(pair.requester, tmp_path) as shown:
        deliverer = shown.window._frame.deliverer()
        deliverer.set_limit(200_000)
        shown.window._preferences.poll_minutes = 60
        shown.window._delivery.go_on()
        qtbot.waitUntil(lambda: any(each.going is Going.MOVING for each in deliverer.shown))
        shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
        editor = shown.page("requests")._editor
        QTest.keyClicks(editor._form.questions()["purpose.aim"].findChild(QPlainTextEdit), "Safer swimming.")
        qtbot.waitUntil(lambda: editor._head.saved().startswith("Saved and encrypted"))
        (moving,) = [each for each in deliverer.shown if each.kind == "request"]
        assert moving.going is Going.MOVING
        assert moving.total > 60_000_000
        assert moving.done < moving.total
