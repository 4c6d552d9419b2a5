"""The requests page without a window: what is listed, in which words, and where a click leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Side
from dsadesk.ports import ListGroup, RequestRow
from dsadesk.services import drafting
from dsadesk.services.changes import Changes
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.requests import RequestsPresenter, card_of
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import PASSPHRASE, REQUESTER, SUPPLIER, memory_world, received_request, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def row(**changes):
    fields = {
        "request": RequestId("r"),
        "reference": "DSR-2026-1",
        "title": "Bathing water",
        "counterpart": "Environment Agency",
        "side": Side.REQUESTER,
        "stage": Stage.DRAFT,
        "group": ListGroup.DRAFTS,
        "needs_you": False,
        "updated_at": NOW,
    }
    return RequestRow(**(fields | changes))


def started(pair):
    view = Recorder()
    frame, seen = inline_frame(pair.requester)
    presenter = RequestsPresenter(view, frame)
    presenter.start()
    return presenter, view, seen


def test_the_list_starts_with_every_request_newest_first_and_the_words_of_the_first_rows():
    pair = two_desks()
    first = drafting.start(pair.asks, title="First", supplier=SUPPLIER.id)
    pair.clock.advance(60)
    second = drafting.start(pair.asks, title="Second")
    _, view, _ = started(pair)
    ids, cards = view.shown["show_list"]
    assert ids == (second.request, first.request)
    assert cards[first.request].subtitle == "To Environment Agency"
    assert cards[second.request].subtitle == "Supplier not chosen yet"
    assert cards[first.request].pill == "Draft"
    assert view.shown["show_nothing"] == ("", "")


def test_a_desk_without_requests_shows_what_it_still_needs():
    desk = Desk(memory_world())
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    view = Recorder()
    frame, _ = inline_frame(desk)
    RequestsPresenter(view, frame).start()
    steps = view.shown["show_first_steps"]
    assert [(step.id, step.is_done) for step in steps] == [
        ("inbox", False),
        ("card", None),
        ("import", False),
        ("check", False),
        ("request", False),
    ]
    assert view.shown["show_nothing"][0] == "No requests yet"


def test_a_laptop_that_joins_is_led_to_its_colleagues_first():
    desk = Desk(memory_world())
    desk.first_run(REQUESTER, "Huw Rees", "Lawyer", passphrase=PASSPHRASE, joining=True)
    view = Recorder()
    frame, _ = inline_frame(desk)
    RequestsPresenter(view, frame).start()
    join, start = view.shown["show_first_steps"]
    assert (join.id, join.is_done, join.place) == ("join", False, Place(Page.PARTNERS, org=REQUESTER.id))
    assert (start.id, start.is_done) == ("request", False)


def test_steps_that_are_done_are_told_from_those_that_are_not():
    pair = two_desks()
    view = Recorder()
    frame, _ = inline_frame(pair.requester)
    RequestsPresenter(view, frame).start()
    assert {step.id: step.is_done for step in view.shown["show_first_steps"]} == {
        "inbox": True,
        "card": None,
        "import": True,
        "check": True,
        "request": False,
    }


def test_a_search_without_a_match_says_what_was_looked_for():
    pair = two_desks()
    drafting.start(pair.asks, title="Bathing water")
    presenter, view, _ = started(pair)
    presenter.search("roads")
    assert view.shown["show_list"][0] == ()
    assert view.shown["show_nothing"][0] == "Nothing matches “roads”"
    assert view.shown["show_first_steps"] == ()
    presenter.search("bath")
    assert len(view.shown["show_list"][0]) == 1


def test_a_filter_shows_one_list_and_an_empty_one_says_what_belongs_there():
    pair = two_desks()
    request = received_request(pair)
    drafting.start(pair.asks, title="Draft")
    presenter, view, _ = started(pair)
    presenter.choose("sent")
    assert view.shown["show_list"][0] == (request,)
    presenter.choose("agreed")
    assert view.shown["show_nothing"][0] == "Nothing agreed yet"


def test_both_sides_of_the_conversation_are_in_one_list():
    pair = two_desks()
    request = received_request(pair)
    view = Recorder()
    frame, _ = inline_frame(pair.supplier)
    RequestsPresenter(view, frame).start()
    assert view.shown["show_list"][1][request].subtitle == "From Public Health Wales"


def test_a_draft_opens_in_the_form_and_a_sealed_request_on_its_own_page():
    pair = two_desks()
    sealed = received_request(pair)
    draft = drafting.start(pair.asks, title="Draft").request
    presenter, _, seen = started(pair)
    presenter.open(draft)
    presenter.open(sealed)
    presenter.open(RequestId("gone"))
    assert seen.places == [Place(Page.EDITOR, request=draft), Place(Page.REQUEST, request=sealed)]


def test_only_changes_that_the_list_shows_make_it_look_again():
    pair = two_desks()
    presenter, view, _ = started(pair)
    before = view.calls.count("show_list")
    presenter.refresh(Changes(catalogue=True))
    assert view.calls.count("show_list") == before
    presenter.refresh(Changes(outbox=True))
    assert view.calls.count("show_list") == before + 1


def test_the_words_of_a_window_come_for_the_rows_that_were_asked_for():
    pair = two_desks()
    drafts = [drafting.start(pair.asks, title=f"Draft {n}").request for n in range(3)]
    presenter, view, _ = started(pair)
    presenter.fetch(7, drafts[:2])
    window, cards = view.shown["show_cards"]
    assert (window, set(cards)) == (7, set(drafts[:2]))


def test_an_answer_that_comes_after_a_newer_question_is_not_shown():
    pair = two_desks()
    drafting.start(pair.asks, title="Bathing water")
    view = Recorder()
    frame, _, lane = held_frame(pair.requester)
    presenter = RequestsPresenter(view, frame)
    presenter.start()
    presenter.search("roads")
    lane.waiting.reverse()
    lane.run()
    assert view.calls.count("show_list") == 1
    assert view.shown["show_list"][0] == ()


def test_cards_say_how_long_ago_until_a_time_is_easier():
    assert card_of(row(), NOW).meta == "Just now"
    assert card_of(row(updated_at=NOW - timedelta(minutes=1)), NOW).meta == "1 minute ago"
    assert card_of(row(updated_at=NOW - timedelta(minutes=59)), NOW).meta == "59 minutes ago"
    assert card_of(row(updated_at=NOW - timedelta(hours=2)), NOW).meta == "Today at 10am"
    assert card_of(row(updated_at=NOW - timedelta(days=9)), NOW).meta == "21 February 2026"
    assert card_of(row(updated_at=NOW + timedelta(hours=1)), NOW).meta == "Today at 1pm"


def test_the_pill_of_a_card_has_the_tone_of_its_stage():
    card = card_of(row(stage=Stage.CLARIFYING), NOW)
    assert (card.pill, card.tone) == ("Needs your reply", Tone.WARN)
