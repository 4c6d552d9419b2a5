"""OFFICIAL or OFFICIAL-SENSITIVE stands on every page, in the window's title and in the names of files; above that nothing is carried."""

from __future__ import annotations

import io

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import RuleError
from dsadesk.services import agreeing, attaching, drafting, exchanging, giving_roles, reviewing, sealing, signing_off
from dsadesk.services.naming import delivery_name, file_name
from dsadesk.services.wording import explain
from dsadesk.ui.presenters.form import CHECK, SAMPLES
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.widgets.text import Text
from tests.support.desks import ANSWERS, SUPPLIER, received_request, two_desks
from tests.ui.windows import window_over

MARKING = QuestionId("about.marking")
SENSITIVE, OFFICIAL = "OFFICIAL-SENSITIVE", "OFFICIAL"
LISTS = (
    Page.REQUESTS,
    Page.INBOX,
    Page.AGREEMENTS,
    Page.CATALOGUE,
    Page.PARTNERS,
    Page.EXCHANGE,
    Page.SETTINGS,
    Page.ABOUT,
)


@pytest.fixture
def pair():
    return two_desks()


def foot(shown):
    return [text.said() for text in shown.window._strip.findChildren(Text) if text.isVisibleTo(shown.window._strip)]


def marked(shown, marking):
    return foot(shown)[0] == marking and f" {marking} " in f" {shown.window.windowTitle()} "


def agreed(pair):
    request = received_request(pair)
    reviewing.approve(pair.holds, request, "It moves no personal data.")
    agreeing.draft(pair.holds, request)
    pair.carry()
    return request


def test_every_page_bears_the_marking_at_its_foot_and_in_the_title(pair, tmp_path):
    request = agreed(pair)
    draft = drafting.start(pair.asks, title="Draft", supplier=SUPPLIER.id).request
    places = [
        *(Place(page, part="list") for page in LISTS),
        *(Place(Page.EDITOR, request=draft, part=part) for part in ("about", "risks", SAMPLES, CHECK)),
        *(Place(Page.REQUEST, request=request, part=part) for part in ("answers", "samples", "questions", "history", "deliveries")),
        Place(Page.AGREEMENT, request=request),
    ]  # fmt: skip
    with window_over(pair.requester, tmp_path) as shown:
        for place in places:
            shown.go(place)
            assert marked(shown, OFFICIAL), place
        drafting.save_answer(pair.asks, draft, MARKING, "official_sensitive")
        for place in places:
            shown.go(place)
            sensitive = place.request in {None, draft}
            assert marked(shown, SENSITIVE if sensitive else OFFICIAL), place
        for opened, marking in ((draft, SENSITIVE), (request, OFFICIAL)):
            shown.go(Place(Page.REQUEST, request=opened))
            shown.go(Place(Page.SETTINGS))
            shown.go(Place(Page.REQUESTS))
            assert marked(shown, marking), opened


def test_a_marking_that_is_changed_shows_at_once_in_the_title(pair, tmp_path):
    draft = drafting.start(pair.asks, title="Draft", supplier=SUPPLIER.id).request
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=draft, part="about"))
        editor = shown.page("requests")._editor
        editor._presenter.changed(MARKING, "official_sensitive")
        editor._presenter.flush()
        shown.settle()
        assert marked(shown, SENSITIVE)


def test_files_are_named_by_their_marking(pair):
    request = agreed(pair)
    (item, *_) = exchanging.deliveries(pair.asks, request)
    assert delivery_name(pair.asks, item).startswith("OFFICIAL-DSR-2026-")
    assert file_name(pair.asks, request, "agreement.pdf").endswith("-agreement.pdf")
    draft = drafting.start(pair.asks, title="Draft", supplier=SUPPLIER.id)
    drafting.save_answer(pair.asks, draft.request, MARKING, "official_sensitive")
    assert file_name(pair.asks, draft.request, "x") == f"OFFICIAL-SENSITIVE-{draft.reference}-x"


def test_above_official_everything_that_would_carry_it_is_refused_and_nothing_is_lost(pair):
    request = drafting.start(pair.asks, title="Draft", supplier=SUPPLIER.id).request
    drafting.load_answers(pair.asks, request, ANSWERS.read_bytes())
    before = pair.asks.vault.drafts.answers(request)
    draft = drafting.save_answer(pair.asks, request, MARKING, "above")
    assert draft.marking == SENSITIVE
    assert pair.asks.vault.drafts.answers(request) == before | {MARKING: "above"}
    giving_roles.set_roles(pair.asks, {pair.asks.profile.official.id: ["drafter", "decider", "signatory", "legal"]})
    for refused in (
        lambda: sealing.seal_request(pair.asks, request),
        lambda: attaching.attach(pair.asks, request, io.BytesIO(b"a,b\n1,2\n"), "a.csv"),
        lambda: signing_off.ask(pair.asks, request, "legal", pair.asks.profile.official.id),
    ):
        with pytest.raises(RuleError) as error:
            refused()
        assert error.value.code == "marking-too-high"
        said = explain(error.value)
        assert "SECRET" in said.what
        assert "security team" in said.todo
    drafting.save_answer(pair.asks, request, MARKING, "official")
    sealing.seal_request(pair.asks, request)
