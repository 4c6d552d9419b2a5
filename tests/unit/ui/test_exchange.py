"""Sending and fetching without a window: what waits and why, what came of it, and the file as the way out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dsadesk.errors import CardError, RuleError, StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.ports import DeliveryState
from dsadesk.services import exchanging, keeping_cards, reviewing
from dsadesk.services.changes import Changes
from dsadesk.services.delivering import Deliverer, Lately
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Problem
from dsadesk.sync.delivery import bytes_total
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui.presenters.exchange import ExchangePresenter, ResultLine, progress_of
from dsadesk.ui.presenters.exchange_words import problem_lines
from dsadesk.ui.presenters.frame import PLACES, Page, Place
from dsadesk.ui.presenters.outbox import facts_of
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import (
    PASSPHRASE,
    REQUESTER,
    SUPPLIER,
    memory_world,
    received_request,
    sealed_request,
    second_laptop,
    two_desks,
)
from tests.unit.ui.frames import Recorder, held_frame, inline_frame


class Sending:
    """The page open over one side's desk."""

    def __init__(self, desk, *, held=False, part=""):
        self.view, self.lane = Recorder(), None
        if held:
            self.frame, self.seen, self.lane = held_frame(desk)
        else:
            self.frame, self.seen = inline_frame(desk)
        self.page = ExchangePresenter(self.view, self.frame)
        self.page.open(part)

    @property
    def facts(self):
        return self.view.shown["show_facts"]

    @property
    def result(self):
        return self.view.shown["show_result"]

    @property
    def sentences(self):
        return [line.sentence for line in self.result.lines]


@pytest.fixture
def pair():
    return two_desks()


def test_what_waits_is_listed_oldest_first_with_its_sentence(pair):
    sealed_request(pair, sample=False)
    pair.clock.advance(3600)
    sealed_request(pair, sample=False)
    facts = Sending(pair.requester).facts
    assert facts.summary == "2 sealed deliveries wait to be sent, the oldest sealed today at 9am."
    assert [item.sentence for item in facts.waiting] == [
        "Sealed today at 9am and waiting to be sent.",
        "Sealed today at 10am and waiting to be sent.",
    ]
    assert facts.waiting[0].title.startswith("The request: Bathing water")
    assert facts.waiting[0].whom == "Environment Agency"
    assert not facts.waiting[0].why


def test_one_press_sends_and_says_to_whom(pair):
    sealed_request(pair, sample=False)
    sending = Sending(pair.requester)
    sending.page.exchange()
    assert sending.result.title == "1 sent"
    assert sending.sentences == ["1 delivery went to Environment Agency."]
    assert sending.facts.waiting == ()
    assert [item.status for item in sending.facts.sent] == ["Sent"]
    assert sending.seen.said[-1] == "1 sent"


def test_what_came_is_told_with_who_signed_it_and_how_that_is_known(pair):
    request = sealed_request(pair, sample=False)
    exchanging.exchange(pair.asks)
    sending = Sending(pair.supplier)
    sending.page.exchange()
    line = sending.result.lines[0]
    assert line.sentence.startswith("A request came from Public Health Wales about “Bathing water")
    assert "Signed by Priya Shah, Regional analyst, Public Health Wales." in line.details
    assert "compared the key with Public Health Wales by phone" in line.details
    assert (line.tone, line.request) == (Tone.GOOD, request)
    assert sending.result.title == "1 sent, 1 came in"
    sending.page.follow(line)
    assert sending.seen.places == [Place(Page.REQUEST, request=request)]


def test_nothing_to_do_is_said_too(pair):
    sending = Sending(pair.requester)
    sending.page.exchange()
    assert sending.result.title == "Nothing to send and nothing new"
    assert sending.result.tone is Tone.NEUTRAL
    assert sending.facts.summary == "Nothing waits to be sent."


def test_a_server_that_refuses_us_leads_to_where_access_is_changed(pair):
    refusal = Problem(SUPPLIER.id, StoreRefusedError("client-key-refused", host="files.example"))
    (line,) = problem_lines(pair.asks, [refusal])
    sending = Sending(pair.requester)
    sending.page.follow(line)
    assert sending.seen.places == [Place(Page.SETTINGS, part=PLACES)]
    (line,) = problem_lines(pair.asks, [Problem(SUPPLIER.id, StoreUnreachableError("no-link"))])
    assert line.page is None


def test_a_bundle_that_stops_at_a_door_is_told_with_what_to_do(pair):
    sealed_request(pair, sample=False)
    exchanging.exchange(pair.asks)
    store = pair.stores.open("inbox-of-supplier")
    name = next(name for name in store.list("") if "/n/" in name)
    data = bytearray(store.get(name, 10_000_000))
    store.delete(name)
    data[len(data) // 2] ^= 1
    store.put(name, bytes(data))
    sending = Sending(pair.supplier)
    sending.page.exchange()
    line = sending.result.lines[0]
    assert line.tone is Tone.BAD
    assert "stopped at the check" in line.sentence or "stopped at the opening check" in line.sentence
    assert "Nothing in it was believed" in line.details
    assert "1 held back" in sending.result.title
    sending.page.follow(line)
    assert sending.seen.places == [Place(Page.INBOX)]


def missing(address, *_):
    raise StoreMissingError("folder-missing", address=address)


def test_a_store_that_cannot_be_reached_is_a_sentence_and_the_delivery_waits():
    pair = two_desks(
        lambda name, stores, clock: memory_world(
            stores=stores, clock=clock, seed=name, open_transport=missing if name == "requester" else None
        )
    )
    sealed_request(pair, sample=False)
    sending = Sending(pair.requester)
    sending.page.exchange()
    assert sending.result.tone is Tone.BAD
    assert any(sentence.startswith("Sending to Environment Agency: ") for sentence in sending.sentences)
    assert any(sentence.startswith("Fetching: ") for sentence in sending.sentences)
    assert all(line.details for line in sending.result.lines)
    assert len(sending.facts.waiting) == 1


def test_a_delivery_without_an_address_says_why_it_waits(pair):
    pair.holds.vault.settings.remove("address.environment-agency")
    bare = two_desks()
    sealed_request(bare, sample=False)
    card = bare.asks.vault.cards.get(SUPPLIER.id)
    assert card is not None
    reached = Sending(bare.requester).facts.waiting[0]
    assert reached.why == ""


def test_a_changed_key_is_said_at_each_delivery_that_it_stops(pair):
    sealed_request(pair, sample=False)
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    with pytest.raises(CardError):
        keeping_cards.import_card(pair.asks, other.holds.card_bytes)
    item = Sending(pair.requester).facts.waiting[0]
    assert item.why.startswith("A card with another key came for Environment Agency")


def test_deliveries_for_colleagues_wait_for_no_confirmation(pair):
    second_laptop(pair, pair.requester, "Dafydd Rees")
    sealed_request(pair, sample=False)
    sending = Sending(pair.requester)
    assert {item.whom for item in sending.facts.waiting} == {"Environment Agency", "your colleagues"}
    sending.page.exchange()
    ours = next(item for item in sending.facts.sent if item.whom == "your colleagues")
    assert ours.sentence == "Put in the store today at 9am."
    assert "1 delivery went to your colleagues." in sending.sentences


def how_far(pair, going, **changes):
    item = pair.asks.vault.outbox.all()[0]
    told = {"done": 0, "total": bytes_total(item), "rate": 0.0, "seconds_left": None, **changes}
    return Shown(key=(item.id, item.box), org=item.org, kind=item.kind, going=going, **told)


def test_progress_is_shown_while_it_works(pair):
    sealed_request(pair, sample=False)
    sending = Sending(pair.requester, held=True)
    sending.lane.run()
    sending.page.exchange()
    assert sending.view.shown["show_working"].startswith("Sending what waits")
    sending.page.tick()
    assert sending.view.shown["show_progress"] is None
    sending.page._deliverer.lately = Lately(is_sending=True)
    sending.page._deliverer.shown = (how_far(pair, Going.MOVING),)
    sending.page.tick()
    shown = sending.view.shown["show_progress"]
    assert shown.sentence.startswith("The request: 0 bytes of ")
    assert shown.total > 0
    sending.page.exchange()
    sending.lane.run()
    assert sending.view.shown["show_working"] == ""
    assert sending.view.calls.count("show_result") == 1


def test_progress_says_how_long_it_takes_why_it_waits_and_that_it_is_paused(pair):
    sealed_request(pair, sample=False)
    assert progress_of((how_far(pair, Going.MOVING, seconds_left=600.0),)).sentence.endswith("about 10 minutes left")
    assert progress_of((how_far(pair, Going.WAITING, why="answer-lost"),)).sentence.endswith(
        "It is tried again by itself: The connection broke before the store answered, so it is not known yet "
        "whether the bundle is there."
    )
    assert progress_of((how_far(pair, Going.PAUSED),)).sentence.endswith(", paused")
    assert progress_of((how_far(pair, Going.SENT), how_far(pair, Going.STOPPED))) is None


def test_sending_is_paused_goes_on_and_is_stopped(pair):
    sealed_request(pair, sample=False)
    sending = Sending(pair.requester, held=True)
    sending.lane.run()
    sending.page.pause()
    assert "show_holds" not in sending.view.shown
    sending.page.exchange()
    sending.page.pause()
    assert sending.view.shown["show_holds"] == (True, True, True)
    sending.page.pause()
    assert sending.view.shown["show_holds"] == (True, False, True)
    sending.page.pause()
    sending.lane.run()
    assert pair.asks.vault.outbox.unfinished(), "a paused sending sends nothing"


def test_the_checklist_may_ask_for_the_inbox(pair):
    assert "ask_inbox" in Sending(pair.requester, part="inbox").view.calls
    assert "ask_inbox" not in Sending(pair.requester).view.calls


def test_a_laptop_that_is_not_let_in_says_so(pair):
    laptop = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="new"))
    laptop.first_run(REQUESTER, "Dafydd Rees", "Analyst", passphrase=PASSPHRASE, joining=True)
    facts = Sending(laptop).facts
    assert not facts.is_admitted
    assert not facts.can_set_inbox


def test_the_page_follows_what_others_do(pair):
    sending = Sending(pair.requester)
    sealed_request(pair, sample=False)
    sending.page.refresh(Changes(outbox=True))
    assert len(sending.facts.waiting) == 1
    calls = len(sending.view.calls)
    sending.page.refresh(Changes(catalogue=True))
    assert len(sending.view.calls) == calls


def test_confirmations_come_back_and_end_the_wait(pair):
    request = received_request(pair, sample=False)
    sending = Sending(pair.requester)
    assert sending.facts.sent[0].status == "Delivered"
    reviewing.withdraw(pair.asks, request, "No longer.")
    sending.page.exchange()
    assert pair.asks.vault.outbox.all()[-1].state is DeliveryState.COMMITTED
    sending.page.open_request(request)
    sending.page.follow(ResultLine(Tone.GOOD, "x"))
    assert sending.seen.places == [Place(Page.REQUEST, request=request)]


def test_what_stood_in_the_way_goes_away_with_its_reason_and_without_news(pair):
    sending = Sending(pair.requester)
    deliverer = Deliverer(pair.asks)
    deliverer.is_automatic = True
    sending.page._frame = replace(sending.frame, delivering=lambda: deliverer)
    deliverer.lately = Lately(looked_at=pair.clock.now(), fault=StoreMissingError("folder-missing", path="/mnt/inbox"))
    sending.page.tick()
    assert sending.facts.problems
    deliverer.lately = Lately(looked_at=pair.clock.now())
    sending.page.tick()
    assert not sending.facts.problems


def test_an_inbox_that_nobody_chose_yet_stands_in_nobodys_way(pair):
    lately = Lately(looked_at=pair.clock.now(), fault=RuleError("no-address", org=REQUESTER.id))
    assert not facts_of(pair.asks, lately).problems
