"""The inbox without a window: what is listed and in which order, fetching, files, and what was held back."""

from __future__ import annotations

import pytest

from dsadesk.services import drafting, exchanging, handing_over, reviewing
from dsadesk.services.changes import Changes
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.inbox import InboxPresenter
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import received_request, sealed_request, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame


class Looking:
    """The inbox open on one side."""

    def __init__(self, desk, *, held=False):
        self.view, self.lane = Recorder(), None
        if held:
            self.frame, self.seen, self.lane = held_frame(desk)
        else:
            self.frame, self.seen = inline_frame(desk)
        self.page = InboxPresenter(self.view, self.frame)
        self.page.start()

    @property
    def ids(self):
        return self.view.shown["show_list"][0]

    @property
    def cards(self):
        return [self.view.shown["show_list"][1][request] for request in self.ids]

    @property
    def result(self):
        return self.view.shown["show_result"]


@pytest.fixture
def pair():
    return two_desks()


def as_file(pair, folder, *, session=None):
    session = session or pair.asks
    item = session.vault.outbox.unfinished()[0]
    file = folder / f"{item.id[:8]}.dsabundle"
    with file.open("wb") as sink:
        handing_over.export_bundle(session, item, sink)
    return file


def test_an_empty_inbox_says_how_something_gets_in(pair):
    looking = Looking(pair.supplier)
    assert looking.ids == ()
    title, sentence = looking.view.shown["show_nothing"]
    assert title == "No requests have come in yet"
    assert "Fetch" in sentence


def test_what_needs_us_comes_first_then_the_newest(pair):
    waiting, decided, fresh = (received_request(pair, sample=False) for _ in range(3))
    reviewing.ask(pair.holds, waiting, "", "Why?")
    pair.clock.advance(60)
    reviewing.reject(pair.holds, decided, "Not ours.")
    looking = Looking(pair.supplier)
    assert looking.ids == (fresh, waiting, decided)
    assert [card.pill for card in looking.cards] == ["New", "Waiting for their reply", "Refused by you"]
    assert looking.cards[0].subtitle == "From Public Health Wales"


def test_our_own_requests_are_not_in_the_inbox(pair):
    sealed_request(pair, sample=False)
    drafting.start(pair.asks, title="A draft")
    assert Looking(pair.requester).ids == ()


def test_a_search_narrows_the_list_and_says_when_nothing_matches(pair):
    request = received_request(pair, sample=False)
    looking = Looking(pair.supplier)
    looking.page.search("bathing")
    assert looking.ids == (request,)
    looking.page.search("nuclear")
    assert looking.ids == ()
    assert looking.view.shown["show_nothing"][0] == "Nothing matches “nuclear”"


def test_fetching_brings_a_request_and_says_who_signed_it(pair):
    request = sealed_request(pair, sample=False)
    exchanging.exchange(pair.asks)
    looking = Looking(pair.supplier)
    looking.page.fetch()
    assert looking.result.title == "1 came in"
    assert looking.view.shown["show_busy"] == ""
    looking.page.refresh(Changes(requests=frozenset({request})))
    assert looking.ids == (request,)
    looking.page.follow(looking.result.lines[0])
    assert looking.seen.places == [Place(Page.INBOX, request=request)]


def test_news_of_our_own_request_leads_to_it(pair):
    request = received_request(pair, sample=False)
    reviewing.ask(pair.holds, request, "", "Why?")
    exchanging.exchange(pair.holds)
    looking = Looking(pair.requester)
    looking.page.fetch()
    line = looking.result.lines[0]
    assert line.sentence.startswith("A question came from Environment Agency")
    looking.page.follow(line)
    assert looking.seen.places == [Place(Page.REQUEST, request=request)]


def test_a_delivery_that_came_as_a_file_is_taken_in_and_opened(pair, tmp_path):
    request = sealed_request(pair)
    looking = Looking(pair.supplier)
    looking.page.open_file(as_file(pair, tmp_path))
    assert looking.result.title == "The delivery is taken in"
    assert looking.seen.places[-1].request == request
    assert looking.view.calls.count("show_busy") == 2


def test_the_same_file_twice_changes_nothing(pair, tmp_path):
    sealed_request(pair, sample=False)
    file = as_file(pair, tmp_path)
    looking = Looking(pair.supplier)
    looking.page.open_file(file)
    looking.page.open_file(file)
    assert looking.result.title == "This delivery was taken in before, so nothing changed"
    assert len(pair.holds.vault.events.requests()) == 1


@pytest.mark.parametrize("content", [b"", b"not a bundle at all", b"PK\x03\x04" + b"\0" * 400])
def test_a_file_that_is_no_delivery_is_explained(pair, tmp_path, content):
    file = tmp_path / "x.dsabundle"
    file.write_bytes(content)
    looking = Looking(pair.supplier)
    looking.page.open_file(file)
    error = looking.view.shown["show_error"]
    assert error.what
    assert error.todo
    assert error.what in looking.seen.said


def test_a_file_that_cannot_be_read_is_explained(pair, tmp_path):
    looking = Looking(pair.supplier)
    looking.page.open_file(tmp_path / "gone.dsabundle")
    assert "gone.dsabundle" in looking.view.shown["show_error"].what


def test_what_was_held_back_is_listed_with_door_reason_and_what_to_do(pair, tmp_path):
    sealed_request(pair, sample=False)
    stranger = two_desks()
    other = Looking(stranger.requester)
    other.page.open_file(as_file(pair, tmp_path))
    assert other.view.shown["show_error"].what
    other.page.refresh(Changes(quarantine=True))
    held, turned_away = other.view.shown["show_held"]
    assert (len(held), turned_away) == (1, "")
    assert held[0].title.startswith("Stopped at the check: ")
    assert held[0].what
    assert held[0].todo
    assert held[0].card.tone is Tone.BAD
    assert dict(held[0].facts)["Came from"].endswith(".dsabundle")


def test_a_card_of_the_list_is_fetched_by_windows(pair):
    request = received_request(pair, sample=False)
    looking = Looking(pair.supplier)
    looking.page.window(3, [request])
    window, cards = looking.view.shown["show_cards"]
    assert (window, list(cards)) == (3, [request])


def test_a_list_that_was_asked_for_again_is_shown_once(pair):
    looking = Looking(pair.supplier, held=True)
    looking.page.search("a")
    looking.page.search("ab")
    looking.lane.run()
    assert looking.view.calls.count("show_list") == 1


def test_choosing_goes_to_the_place_so_that_the_window_names_it(pair):
    request = received_request(pair, sample=False)
    looking = Looking(pair.supplier)
    looking.page.choose(request)
    assert looking.seen.places == [Place(Page.INBOX, request=request)]
