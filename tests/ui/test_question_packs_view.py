"""A supplier's own questions in a window: taken in where the partner is, and asked in the form."""

from __future__ import annotations

import pytest

from dsadesk.services import drafting, question_packs
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.widgets.text import Text
from tests.support.desks import ROOT, SUPPLIER, two_desks
from tests.ui.windows import window_over

FILE = ROOT / "tests/data/questions/environment-agency.json"
SITES = "own.environment_agency.sites"


@pytest.fixture
def pair():
    return two_desks()


def said(widget):
    return [text.said() for text in widget.findChildren(Text) if text.isVisibleTo(widget)]


def test_questions_are_signed_on_our_own_page_and_taken_in_on_the_partners(pair, tmp_path):
    target = tmp_path / "ea.dsaquestions"
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.PARTNERS))
        page = shown.page("partners")
        page.sign_questions(FILE, target)
        shown.settle()
        assert any("version 1.0.0: 2 questions" in text for text in said(page))
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.PARTNERS, org=SUPPLIER.id))
        page = shown.page("partners")
        page.take_questions(target)
        shown.settle()
        assert any("version 1.0.0: 2 questions" in text for text in said(page))
    assert question_packs.pack_of(pair.asks, SUPPLIER.id).count == 2


def test_a_file_that_is_no_pack_is_explained(pair, tmp_path):
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.PARTNERS, org=SUPPLIER.id))
        page = shown.page("partners")
        page.take_questions(FILE)
        shown.settle()
        assert any("no signed question pack" in text for text in said(page))


def test_the_form_has_the_suppliers_section_as_soon_as_they_are_chosen(pair, tmp_path):
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, FILE.read_bytes()))
    draft = drafting.start(pair.asks, title="x")
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=draft.request))
        editor = shown.page("requests")._editor
        drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
        editor._presenter.changed("about.urgent", False)
        editor._presenter.flush()
        shown.settle()
        editor._presenter.choose_section("own_environment_agency")
        shown.settle()
        assert SITES in editor._form.questions()
