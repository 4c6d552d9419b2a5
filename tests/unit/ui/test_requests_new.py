"""Starting a request without a window."""

from __future__ import annotations

from dsadesk.services import discovering, drafting
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.new_request import NewRequestPresenter
from tests.support.desks import ROOT, SUPPLIER, two_desks
from tests.unit.ui.frames import Recorder, inline_frame

CATALOGUE = ROOT / "tests/data/catalogue/invented-datasets.csv"


def started(pair):
    view = Recorder()
    frame, seen = inline_frame(pair.requester)
    presenter = NewRequestPresenter(view, frame)
    presenter.start()
    return presenter, view, seen


def test_the_partners_are_offered_and_our_own_organisation_is_not():
    _, view, _ = started(two_desks())
    assert [option.label for option in view.shown["show_choices"].partners] == ["Environment Agency"]


def test_a_blank_request_starts_with_what_is_known_of_both_organisations():
    pair = two_desks()
    presenter, view, seen = started(pair)
    presenter.create("Bathing water", SUPPLIER.id)
    draft = pair.asks.vault.drafts.all()[0]
    assert (draft.title, draft.supplier) == ("Bathing water", SUPPLIER.id)
    answers = pair.asks.vault.drafts.answers(draft.request)
    assert answers["about.title"] == "Bathing water"
    assert answers["about.organisation"] == "Public Health Wales"
    assert answers["about.supplier"] == "Environment Agency"
    assert "done_with" in view.calls
    assert seen.places == [Place(Page.EDITOR, request=draft.request)]


def test_a_request_may_start_with_nothing_at_all():
    pair = two_desks()
    presenter, _, _ = started(pair)
    presenter.create("", "")
    draft = pair.asks.vault.drafts.all()[0]
    assert (draft.title, draft.supplier) == ("Untitled request", None)


def test_a_dataset_suggests_the_title_and_is_kept_with_the_draft():
    pair = two_desks()
    discovering.import_catalogue(pair.asks, CATALOGUE.read_bytes(), CATALOGUE.name)
    presenter, view, _ = started(pair)
    assert view.shown["show_choices"].datasets
    presenter.search("a")
    assert view.shown["show_found"]
    presenter.choose(0)
    title, _ = view.shown["show_chosen"]
    presenter.create(title, "")
    draft = pair.asks.vault.drafts.all()[0]
    assert draft.dataset is not None
    assert draft.dataset.title[:80] == title


def test_a_dataset_of_a_partner_suggests_the_partner():
    pair = two_desks()
    record = drafting.Dataset(identifier="x", title="Bathing water", publisher="environment agency")
    pair.asks.vault.catalogue.replace("test", [record])
    presenter, view, _ = started(pair)
    presenter.search("bathing")
    presenter.choose(0)
    assert view.shown["show_chosen"] == ("Bathing water", SUPPLIER.id)


def test_going_back_to_a_blank_page_forgets_the_dataset():
    pair = two_desks()
    pair.asks.vault.catalogue.replace("test", [drafting.Dataset(identifier="x", title="Roads", publisher="y")])
    presenter, _, _ = started(pair)
    presenter.search("roads")
    presenter.choose(0)
    presenter.choose_none()
    presenter.create("Other", "")
    assert pair.asks.vault.drafts.all()[0].dataset is None


def test_an_empty_search_finds_nothing_and_asks_nobody():
    presenter, view, _ = started(two_desks())
    presenter.search("  ")
    assert view.shown["show_found"] == []
