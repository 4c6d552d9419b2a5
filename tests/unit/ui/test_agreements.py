"""The list of agreements without a window."""

from __future__ import annotations

import pytest

from dsadesk.services import agreeing, reviewing
from dsadesk.services.changes import Changes
from dsadesk.ui.presenters.agreements import AgreementsPresenter
from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import received_request, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame


@pytest.fixture
def pair():
    return two_desks()


def started(pair):
    view = Recorder()
    frame, seen = inline_frame(pair.supplier)
    page = AgreementsPresenter(view, frame)
    page.start()
    return page, view, seen


def ids(view):
    return view.shown["show_list"][0]


def test_only_requests_with_an_agreement_or_ready_for_one_are_listed(pair):
    received_request(pair, sample=False)
    ready, rejected = received_request(pair, sample=False), received_request(pair, sample=False)
    reviewing.approve(pair.holds, ready, "Yes.")
    reviewing.reject(pair.holds, rejected, "No.")
    _, view, _ = started(pair)
    assert ids(view) == (ready,)
    assert view.shown["show_list"][1][ready].pill == "Agreed in principle"
    assert view.shown["show_nothing"] == ("", "")


def test_an_empty_list_says_when_something_comes(pair):
    page, view, _ = started(pair)
    assert view.shown["show_nothing"][0] == "No agreements yet"
    page.choose_segment("held")
    assert view.shown["show_nothing"][0] == "None of this kind"
    page.search("x")
    assert view.shown["show_nothing"][0] == "Nothing matches “x”"


def test_what_is_to_settle_and_what_is_in_force_are_told_apart(pair):
    settled, opened = received_request(pair, sample=False), received_request(pair, sample=False)
    for request in (settled, opened):
        reviewing.approve(pair.holds, request, "Yes.")
        agreeing.draft(pair.holds, request)
    agreeing.sign_agreement(pair.holds, settled)
    pair.carry()
    agreeing.sign_agreement(pair.asks, settled)
    pair.carry()
    from dsadesk.domain.events import SharingStarted
    from dsadesk.services.speaking import say

    say(pair.holds, settled, SharingStarted())
    page, view, _ = started(pair)
    assert set(ids(view)) == {settled, opened}
    page.choose_segment("held")
    assert ids(view) == (settled,)
    page.choose_segment("open")
    assert ids(view) == (opened,)


def test_the_list_follows_and_leads(pair):
    page, view, seen = started(pair)
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "Yes.")
    page.refresh(Changes(outbox=True))
    assert ids(view) == ()
    page.refresh(Changes(requests=frozenset({request})))
    assert ids(view) == (request,)
    page.choose(request)
    assert seen.places == [Place(Page.AGREEMENTS, request=request)]
    page.window(0, [request])
    assert list(view.shown["show_cards"][1]) == [request]


def test_a_later_search_wins(pair):
    view = Recorder()
    frame, _, lane = held_frame(pair.supplier)
    page = AgreementsPresenter(view, frame)
    page.search("a")
    page.search("ab")
    lane.run()
    assert view.calls.count("show_list") == 1
