"""The page of a request without a window: what each side sees and may do, and what is said when something fails."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace

from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.domain.request import ChainFault
from dsadesk.errors import CardError
from dsadesk.host.memory import FixedClock
from dsadesk.services import (
    agreeing,
    drafting,
    exchanging,
    handing_over,
    keeping_cards,
    reviewing,
    sealing,
    taking_in,
    viewing,
)
from dsadesk.services.changes import Changes
from dsadesk.services.desk import Desk
from dsadesk.services.reading import require_state
from dsadesk.ui.presenters import request_look
from dsadesk.ui.presenters.decide import Act
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.request import RequestPresenter, Tab
from dsadesk.ui.presenters.request_shown import Go
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import (
    PASSPHRASE,
    REQUESTER,
    ROOT,
    SUPPLIER,
    Pair,
    Stores,
    memory_world,
    received_request,
    sealed_request,
    second_laptop,
    two_desks,
)
from tests.unit.ui.frames import Recorder, held_frame, inline_frame

AIM = QuestionId("purpose.aim")


class Reading:
    """A request open on one side's page."""

    def __init__(self, pair, request, *, side="supplier", part="", held=False):
        self.pair, self.request = pair, request
        self.desk = getattr(pair, side)
        self.view = Recorder()
        self.lane = None
        if held:
            self.frame, self.seen, self.lane = held_frame(self.desk)
        else:
            self.frame, self.seen = inline_frame(self.desk)
        self.page = RequestPresenter(self.view, self.frame)
        self.page.open(request, part)

    @property
    def shown(self):
        return self.view.shown["show_request"]

    @property
    def head(self):
        return self.shown.head

    def again(self):
        self.page.refresh(Changes(requests=frozenset({self.request})))
        return self


def words(step):
    return step.words if step else None


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def request_(pair):
    return received_request(pair)


def test_the_supplier_sees_a_new_request_and_what_to_do_first(pair, request_):
    reading = Reading(pair, request_)
    assert reading.head.status == "New"
    assert reading.head.marking == "OFFICIAL"
    assert reading.head.parties == "Public Health Wales to Environment Agency"
    assert words(reading.head.primary) == "Start the assessment"
    assert [step.id for step in reading.head.decisions] == ["approve", "return", "reject", "refer"]
    assert [step.id for step in reading.head.more] == ["ask", "remark", Go.PAPER]


def test_beginning_to_assess_is_one_press(pair, request_):
    reading = Reading(pair, request_)
    reading.page.do(Go.ASSESS)
    assert reading.again().head.status == "You are assessing"
    assert reading.head.primary is None
    assert "begun to assess" in reading.view.shown["show_notice"][0]


def test_what_the_other_side_may_do_is_not_offered(pair, request_):
    asks = Reading(pair, request_, side="requester")
    assert asks.head.decisions == ()
    assert [step.id for step in asks.head.more] == ["withdraw", "remark", Go.PAPER]
    assert not any(answer.can_ask for section in asks.shown.sections for answer in section.answers)


def test_the_first_page_sums_up_what_was_asked(pair, request_):
    glance = Reading(pair, request_).shown.glance
    assert dict(glance.facts)["Asked by"] == "Priya Shah, Regional analyst, Public Health Wales"
    ids = [answer.id for answer in glance.answers]
    assert "purpose.aim" in ids
    assert "about.title" not in ids
    items = next(answer for answer in glance.answers if answer.id == "data.items")
    assert items.answer.startswith("6 entries: ")
    assert items.reads_on
    assert not items.rows


def test_answers_stand_by_section_with_their_tables(pair, request_):
    shown = Reading(pair, request_).shown
    titles = [section.title for section in shown.sections]
    assert titles[:3] == ["About this request", "Least data", "Purpose and value"]
    items = shown.answer("data.items")
    assert items.heading[0] == "Field"
    assert len(items.rows) == 6
    assert all(len(row) == len(items.heading) for row in items.rows)


def flagged(pair):
    """A request whose answers call for a second look."""
    draft = drafting.start(pair.asks, title="Fuel poverty")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, (ROOT / "tests/data/answers/fuel-poverty.json").read_bytes())
    sealing.seal_request(pair.asks, draft.request, without={"security": "The same system was signed off in May."})
    pair.carry()
    return draft.request


def test_red_flags_are_for_the_supplier_only(pair):
    request = flagged(pair)
    holds, asks = Reading(pair, request), Reading(pair, request, side="requester")
    flags = holds.shown.glance.flags
    assert flags
    assert all(holds.shown.answer(flag.id).flags for flag in flags)
    assert sum(section.to_look_at for section in holds.shown.sections) == len(flags)
    assert asks.shown.glance.flags == ()
    assert all(not answer.flags for section in asks.shown.sections for answer in section.answers)


def test_a_question_stands_at_its_answer_until_it_is_replied_to(pair, request_):
    reviewing.ask(pair.holds, request_, AIM, "Which beaches?")
    holds = Reading(pair, request_)
    talk = holds.shown.answer(AIM).talks[0]
    assert (talk.text, talk.is_open, talk.can_reply) == ("Which beaches?", True, False)
    assert holds.shown.open_talks == 1
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    assert words(asks.head.primary) == "Reply to the question"
    form = asks.view.shown["show_replies"][0]
    assert form.spec.id == AIM
    assert form.value.startswith("We want people")
    assert asks.page.reply(form.talk.id, "All of them.")
    pair.carry()
    talk = holds.again().shown.answer(AIM).talks[0]
    assert (talk.reply, talk.is_open, talk.changed) == ("All of them.", False, "")
    assert not holds.shown.answer(AIM).is_revised


def test_a_reply_may_change_the_answer_and_both_sides_see_that(pair, request_):
    asked = reviewing.ask(pair.holds, request_, AIM, "Which beaches?")
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    assert asks.page.reply(asked.id, "See the answer.", "We want people who swim at two beaches to see it.")
    pair.carry()
    for reading in (asks.again(), Reading(pair, request_)):
        answer = reading.shown.answer(AIM)
        assert answer.is_revised
        assert answer.answer == "We want people who swim at two beaches to see it."
        assert answer.talks[0].changed == answer.answer


def test_a_table_may_be_changed_in_a_reply(pair, request_):
    asked = reviewing.ask(pair.holds, request_, QuestionId("data.items"), "All six?")
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    form = asks.view.shown["show_replies"][0]
    assert asks.page.reply(asked.id, "Five will do.", form.value[:5])
    assert len(asks.again().shown.answer("data.items").rows) == 5


def test_an_empty_reply_is_not_said(pair, request_):
    asked = reviewing.ask(pair.holds, request_, AIM, "Which?")
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    assert not asks.page.reply(asked.id, " \n ")
    assert require_state(pair.asks, request_).open_questions


def test_a_reply_that_is_being_typed_is_kept_and_comes_back(pair, request_):
    asked = reviewing.ask(pair.holds, request_, AIM, "Which?")
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    asks.page.keep_reply(asked.id, "The two at", None)
    again = Reading(pair, request_, side="requester")
    assert again.view.shown["show_replies"][0].typed == {"text": "The two at"}


def test_a_reply_that_cannot_be_sealed_is_kept(pair, request_):
    asked = reviewing.ask(pair.holds, request_, AIM, "Which?")
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    with pytest.raises(CardError):
        keeping_cards.import_card(pair.asks, other.holds.card_bytes)
    asks.page.reply(asked.id, "Both.")
    assert asks.view.shown["show_error"].what
    again = Reading(pair, request_, side="requester")
    assert again.view.shown["show_replies"][0].typed == {"text": "Both."}
    assert (
        again.shown.alarm
        == "The key of Environment Agency has changed. Nothing is sealed for them until you decide about it."
    )
    again.page.look_at_partner()
    assert again.seen.places == [Place(Page.PARTNERS, org=SUPPLIER.id)]


def test_what_was_begun_and_not_said_is_brought_to_mind(pair, request_):
    holds = Reading(pair, request_)
    holds.page.begin(Act.REJECT)
    form, kept, about = holds.view.shown["open_form"]
    assert (form.act, about) == (Act.REJECT, "")
    kept.keep("reject", {"reasons": "Not ours"})
    holds.page.left_form()
    unsaid = holds.view.shown["show_unsaid"]
    assert [(each.act, each.about) for each in unsaid] == [(Act.REJECT, "")]
    assert "kept on this computer" in unsaid[0].sentence
    reviewing.reject(pair.holds, request_, "Said on another laptop.")
    assert holds.again().view.shown["show_unsaid"] == ()


def test_a_returned_request_opens_as_a_new_version(pair, request_):
    reviewing.give_back(pair.holds, request_, "Say more.", ["Purpose"])
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    assert asks.shown.glance.decision.title == "Returned for changes"
    assert ("Reasons", "Say more.") in asks.shown.glance.decision.facts
    assert words(asks.head.primary) == "Make a new version"
    asks.page.do(Go.REVISE)
    assert asks.seen.places == [Place(Page.EDITOR, request=request_)]
    assert words(asks.again().head.primary) == "Go on with the new version"
    asks.page.do(Go.EDITOR)
    assert asks.seen.places[-1] == Place(Page.EDITOR, request=request_)


def test_a_refused_request_says_why_and_offers_remarks_and_papers_only(pair, request_):
    reviewing.reject(pair.holds, request_, "Not ours.", "Ask the council.")
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    decision = asks.shown.glance.decision
    assert (decision.title, decision.tone) == ("Refused", Tone.BAD)
    assert ("What else could be done", "Ask the council.") in decision.facts
    assert asks.head.primary is None
    assert [step.id for step in asks.head.more] == ["remark", Go.LETTER, Go.PAPER]


def test_the_way_goes_on_to_the_agreement(pair, request_):
    reviewing.approve(pair.holds, request_, "Yes.", ["Name the source."])
    holds = Reading(pair, request_)
    assert words(holds.head.primary) == "Draft the agreement"
    holds.page.do(Go.AGREEMENT)
    assert holds.seen.places == [Place(Page.AGREEMENT, request=request_)]
    agreeing.draft(pair.holds, request_)
    assert words(holds.again().head.primary) == "Read and sign the agreement"
    agreeing.sign_agreement(pair.holds, request_)
    primary = holds.again().head.primary
    assert (primary.words, primary.pressing) == ("Open the agreement", False)
    pair.carry()
    agreeing.sign_agreement(pair.asks, request_)
    pair.carry()
    assert words(holds.again().head.primary) == "Say that sharing has started"


def test_every_signature_is_told_in_words(pair, request_):
    history = Reading(pair, request_).shown.history
    assert [entry.who for entry in history.entries] == ["Signature: valid", "Signature: valid"]
    first = history.entries[-1]
    assert first.sentence == "Priya Shah (Public Health Wales) sealed the request for Environment Agency."
    assert "Gwen Ellis compared the key with Public Health Wales by phone" in first.details
    assert "Nothing has been changed since Priya Shah signed it." in first.details


def test_both_sides_read_the_same_words_by_phone(pair, request_):
    one, other = Reading(pair, request_).shown.history, Reading(pair, request_, side="requester").shown.history
    assert one.words == other.words
    assert len(one.words) == 8
    assert one.spelled.startswith("Word 1, ")
    reviewing.remark(pair.holds, request_, "One more.")
    assert Reading(pair, request_).shown.history.words != other.words


def strangers():
    """Two organisations that hold each other's cards and have compared nothing."""
    stores, clock = Stores(), FixedClock()
    desks = [Desk(memory_world(stores=stores, clock=clock, seed=name)) for name in ("asks", "holds")]
    pair = Pair(*desks, clock, stores)
    pair.requester.first_run(REQUESTER, "Priya Shah", "Regional analyst", passphrase=PASSPHRASE)
    pair.supplier.first_run(SUPPLIER, "Gwen Ellis", "Information asset owner", passphrase=PASSPHRASE)
    for session, other, inbox in ((pair.asks, pair.holds, "one"), (pair.holds, pair.asks, "two")):
        keeping_cards.set_inbox_address(session, inbox)
        keeping_cards.import_card(session, other.card_bytes)
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    return pair


def test_a_key_that_nobody_compared_is_said_at_each_signature():
    pair = strangers()
    entry = Reading(pair, received_request(pair)).shown.history.entries[-1]
    assert entry.who == "Signature: valid, with a warning"
    assert "nobody here has checked with Public Health Wales that it is theirs" in entry.details


def test_events_that_had_no_effect_are_shown_with_the_reason(pair, request_):
    colleague = second_laptop(pair, pair.supplier, "Owain Hughes")
    exchanging.exchange(colleague.session)
    reviewing.reject(pair.holds, request_, "Not ours.")
    pair.clock.advance(5)
    reviewing.approve(colleague.session, request_, "Ours after all.")
    for _ in range(3):
        pair.carry()
        exchanging.exchange(colleague.session)
    history = Reading(pair, request_, side="requester").shown.history
    crossed = [entry for entry in history.entries if "had no effect" in entry.sentence]
    assert len(crossed) == 1
    assert crossed[0].tone is Tone.WARN
    assert "No effect: It had no effect, because the request had moved on" in crossed[0].details
    assert history.has_parted


def test_two_ends_of_the_history_are_joined(pair, request_):
    colleague = second_laptop(pair, pair.supplier, "Owain Hughes")
    exchanging.exchange(colleague.session)
    reviewing.remark(pair.holds, request_, "One.")
    reviewing.remark(colleague.session, request_, "Two.")
    for _ in range(3):
        pair.carry()
        exchanging.exchange(colleague.session)
    holds = Reading(pair, request_)
    assert holds.shown.history.has_parted
    holds.page.join()
    assert not holds.again().shown.history.has_parted
    assert holds.view.shown["show_notice"][0].startswith("Both lines of events are joined.")


def test_an_entry_that_has_not_arrived_is_waited_for(pair, request_):
    reviewing.remark(pair.asks, request_, "One.")
    reviewing.remark(pair.asks, request_, "Two.")
    sink = io.BytesIO()
    handing_over.export_bundle(pair.asks, pair.asks.vault.outbox.unfinished()[-1], sink)
    sink.seek(0)
    taking_in.import_bundle(pair.holds, sink, "two.dsabundle")
    history = Reading(pair, request_).shown.history
    assert not history.alarms
    assert any("has not arrived yet" in gap for gap in history.gaps)
    assert any("waits for something that was said before" in gap for gap in history.gaps)


def test_a_fork_in_a_laptops_chain_is_an_alarm(pair, request_):
    view = viewing.view(pair.holds, request_)
    fault = ChainFault("fork", view.state.submission_event.device, 1)
    now = pair.clock.now()
    history = request_look._history(pair.holds, view, replace(view.state, faults=(fault,)), str, now)
    assert any("two different entries" in alarm for alarm in history.alarms)
    assert not history.gaps


def test_a_sample_is_opened_in_memory_only(pair, request_):
    holds = Reading(pair, request_)
    sample = holds.shown.samples[0]
    assert "rows" in sample.facts
    holds.page.preview(sample.n)
    n, name, rows = holds.view.shown["show_rows"]
    assert (n, name) == (1, sample.name)
    assert len(rows) > 1
    holds.page.preview(99)
    assert holds.view.calls.count("show_rows") == 1


def test_a_delivery_that_waits_says_so(pair):
    request = sealed_request(pair)
    asks = Reading(pair, request, side="requester")
    assert words(asks.head.primary) == "Send and fetch"
    delivery = asks.shown.deliveries[0]
    assert (delivery.title, delivery.status, delivery.waits) == (
        "The request to Environment Agency",
        "Waiting to send",
        True,
    )


def test_nobody_waits_for_a_receipt_of_a_receipt(pair, request_):
    holds = Reading(pair, request_)
    reviewing.ask(pair.holds, request_, AIM, "Which?")
    pair.carry()
    asks = Reading(pair, request_, side="requester")
    receipts = [each for each in asks.shown.deliveries if each.title.startswith("A receipt")]
    assert receipts
    assert all("confirm" not in each.sentence for each in receipts)
    assert holds.shown is not None


def test_a_draft_goes_to_its_form(pair):
    draft = drafting.start(pair.asks, title="x")
    asks = Reading(pair, draft.request, side="requester")
    assert asks.seen.places == [Place(Page.EDITOR, request=draft.request)]
    assert "show_request" not in asks.view.shown


def test_a_request_that_is_not_there_is_explained(pair):
    asks = Reading(pair, RequestId("no-such"), side="requester")
    assert asks.view.shown["show_error"].what


@pytest.mark.parametrize(
    ("part", "call"),
    [("history", ("show_tab", Tab.HISTORY)), ("purpose.aim", ("show_tab", (Tab.ANSWERS, "purpose.aim")))],
)
def test_a_place_may_name_a_part_of_the_page(pair, request_, part, call):
    reading = Reading(pair, request_, part=part)
    assert reading.view.shown[call[0]] == call[1]


def test_a_place_may_begin_a_form(pair, request_):
    reading = Reading(pair, request_, part="approve")
    assert reading.view.shown["open_form"][0].act is Act.APPROVE


def test_an_answer_that_comes_late_does_not_replace_a_later_one(pair, request_):
    reading = Reading(pair, request_, held=True)
    reading.page.refresh(Changes(requests=frozenset({request_})))
    assert len(reading.lane.waiting) == 2
    reading.lane.run()
    assert reading.view.calls.count("show_request") == 1


def test_leaving_waits_until_what_is_typed_is_kept(pair, request_):
    reading = Reading(pair, request_, held=True)
    reading.lane.run()
    settled = []
    reading.page.settle(settled.append)
    assert settled == []
    reading.lane.run()
    assert settled == [True]


def test_text_from_others_cannot_reorder_or_hide(pair, request_):
    reviewing.ask(pair.holds, request_, AIM, "Which \u202ebeaches\u0007?")
    talk = Reading(pair, request_).shown.talks[0]
    assert talk.text == "Which beaches?"
