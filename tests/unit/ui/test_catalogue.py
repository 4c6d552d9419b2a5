"""The catalogue without a window: taking in files, searching, terms in words, starting a request."""

from __future__ import annotations

import time

import pytest

from dsadesk.domain.events import Dataset
from dsadesk.services.changes import Changes
from dsadesk.services.reading import require_draft
from dsadesk.ui.presenters.catalogue import CataloguePresenter, card_of, find, shown
from dsadesk.ui.presenters.frame import Page
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import ROOT, SUPPLIER, folder_world, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame

FILE = ROOT / "tests/data/catalogue/invented-datasets.csv"


def dataset(**changes):
    fields = {"identifier": "a", "title": "River levels", "publisher": "Environment Agency"}
    return Dataset(**(fields | changes))


class Finding:
    def __init__(self, *records, held=False):
        self.pair = two_desks()
        if records:
            self.pair.asks.vault.catalogue.replace("test", records)
        self.view, self.lane = Recorder(), None
        if held:
            self.frame, self.seen, self.lane = held_frame(self.pair.requester)
        else:
            self.frame, self.seen = inline_frame(self.pair.requester)
        self.page = CataloguePresenter(self.view, self.frame)
        self.page.start()

    @property
    def found(self):
        return self.view.shown["show_found"]

    @property
    def dataset(self):
        return self.view.shown["show_dataset"]


def test_without_a_catalogue_the_page_says_how_to_get_one():
    finding = Finding()
    assert "show_empty" in finding.view.calls
    assert "show_found" not in finding.view.calls


def test_a_file_is_taken_in_and_its_faults_are_listed():
    finding = Finding()
    finding.page.import_file(FILE)
    result = finding.view.shown["show_imported"]
    assert result.sentence == "2 datasets were taken in from invented-datasets.csv."
    assert result.problems
    assert any("The record was left out." in problem for problem in result.problems)
    assert finding.seen.said == [result.sentence]
    finding.page.refresh(Changes(catalogue=True))
    assert finding.found.sentence == "2 datasets on this computer"


@pytest.mark.parametrize(
    ("name", "content"), [("x.csv", b"not,a\ncatalogue,x\n"), ("x.json", b"{"), ("x.pdf", b"%PDF")]
)
def test_a_file_that_is_no_catalogue_is_explained_and_the_old_one_stays(tmp_path, name, content):
    finding = Finding(dataset())
    file = tmp_path / name
    file.write_bytes(content)
    finding.page.import_file(file)
    error = finding.view.shown["show_error"]
    assert error.what
    assert error.todo
    assert finding.view.shown["show_busy"] == ""
    assert finding.pair.asks.vault.catalogue.count() == 1


def test_a_file_that_is_gone_is_explained(tmp_path):
    finding = Finding()
    finding.page.import_file(tmp_path / "gone.csv")
    assert "gone.csv" in finding.view.shown["show_error"].what


def test_a_search_shows_cards_with_who_may_have_it():
    finding = Finding(dataset(access_rights="OPEN"), dataset(identifier="b", title="School meals", publisher="Schools"))
    finding.page.search("river")
    assert [card.title for card in finding.found.cards] == ["River levels"]
    assert (finding.found.cards[0].pill, finding.found.cards[0].tone) == ("Open to all", Tone.GOOD)
    assert finding.found.sentence == "1 dataset"
    finding.page.search("nothing like it")
    assert finding.found.cards == ()


def test_a_later_search_wins():
    finding = Finding(dataset(), held=True)
    finding.page.search("r")
    finding.page.search("ri")
    finding.lane.run()
    assert finding.view.calls.count("show_found") == 1


def test_open_data_says_that_nobody_need_ask():
    open_ = shown(dataset(access_rights="OPEN"))
    assert open_.notice == "This data is open. You may not need to ask."
    assert open_.notice_tone is Tone.GOOD
    assert open_.can_start
    assert shown(dataset(access_rights="INTERNAL")).notice == ""


@pytest.mark.parametrize("classification", ["SECRET", "TOP_SECRET"])
def test_data_above_official_cannot_be_asked_for(classification):
    secret = dataset(security_classification=classification)
    assert not shown(secret).can_start
    assert shown(secret).notice_tone is Tone.BAD
    assert card_of(secret).pill == "Not for this program"
    finding = Finding(secret)
    finding.page.choose(0)
    finding.page.start_request()
    assert finding.pair.asks.vault.drafts.all() == ()


def test_terms_are_said_in_words():
    facts = dict(
        shown(dataset(access_rights="RESTRICTED", licence="DATA_SHARE_AGREEMENT", update_frequency="freq:daily")).facts
    )
    assert facts["Who may have it"] == "Only named people or organisations."
    assert facts["Licence"] == "Shared only under a data sharing agreement."
    assert facts["Updated"] == "Every day."
    assert facts["Identifier"] == "a"


@pytest.mark.parametrize("publisher", ["Environment Agency", "environment-agency", "ENVIRONMENT AGENCY"])
def test_a_request_starts_for_the_owner_whose_card_we_hold(publisher):
    finding = Finding(dataset(publisher=publisher))
    finding.page.choose(0)
    finding.page.start_request()
    place = finding.seen.places[-1]
    assert place.page is Page.EDITOR
    draft = require_draft(finding.pair.asks, place.request)
    assert (draft.supplier, draft.title, draft.dataset.identifier) == (SUPPLIER.id, "River levels", "a")


def test_a_request_about_a_strangers_data_chooses_its_supplier_later():
    finding = Finding(dataset(publisher="Nobody We Know"))
    finding.page.choose(0)
    finding.page.start_request()
    assert require_draft(finding.pair.asks, finding.seen.places[-1].request).supplier is None


def test_a_dataset_stays_open_while_it_is_still_found():
    finding = Finding(dataset(), dataset(identifier="b", title="River flows"))
    finding.page.choose(0)
    chosen = finding.dataset.identifier
    finding.page.search("river")
    assert finding.dataset.identifier == chosen
    finding.page.search("nothing")
    assert finding.dataset is None
    finding.page.choose(7)
    finding.page.start_request()
    assert finding.seen.places == []


def test_a_place_may_name_a_dataset():
    finding = Finding(dataset())
    finding.page.open("a")
    assert finding.dataset.title == "River levels"
    finding.page.open("gone")
    assert finding.view.shown["show_error"].what


def test_a_search_of_ten_thousand_in_a_real_vault_keeps_up_with_typing(tmp_path):
    words = ("river", "school", "benefit", "council", "tax", "housing", "health", "water")
    records = [
        dataset(identifier=f"id-{n}", title=f"{words[n % 8].title()} {words[n // 8 % 8]} {n}", description="x " * 40)
        for n in range(10_000)
    ]
    pair = two_desks(lambda name, stores, clock: folder_world(tmp_path / name, stores=stores, clock=clock, seed=name))
    pair.asks.vault.catalogue.replace("test", records)
    spent = []
    for typed in ("r", "ri", "river", "river w", "river water"):
        before = time.thread_time()
        found = find(pair.asks, typed)
        spent.append(time.thread_time() - before)
    assert found.sentence == "The best 100 of more"
    assert sorted(spent)[len(spent) // 2] < 0.2


def test_an_owner_whose_card_is_held_has_a_name_and_no_identifier():
    finding = Finding(dataset(publisher=SUPPLIER.id))
    assert [card.subtitle for card in finding.found.cards] == [SUPPLIER.name]
    finding.page.choose(0)
    assert finding.dataset.owner == SUPPLIER.name
    assert ("Owner", SUPPLIER.name) in finding.dataset.facts
