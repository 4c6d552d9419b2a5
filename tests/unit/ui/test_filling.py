"""Filling the table of data items: what is offered, what is taken, and that nothing is decided for anybody."""

from __future__ import annotations

import json

import pytest

from dsadesk.services import discovering, drafting
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.filling import ITEMS, FillingPresenter
from tests.support.desks import ROOT, SUPPLIER, two_desks
from tests.unit.ui.frames import Recorder, inline_frame

SCHEMA = {
    "fields": [
        {"name": "uprn", "description": "The number of the home.", "type": "integer"},
        {"name": "band", "constraints": {"enum": ["A", "B"]}},
    ]
}


@pytest.fixture
def filling():
    pair = two_desks()
    draft = drafting.start(pair.asks, title="Homes", supplier=SUPPLIER.id)
    frame, _ = inline_frame(pair.requester)
    editor = EditorPresenter(Recorder(), frame)
    editor.open(draft.request, ITEMS)
    presenter = FillingPresenter(Recorder(), frame, editor)
    presenter.pair, presenter.request = pair, draft.request
    return presenter


def answers(filling):
    return filling.pair.asks.vault.drafts.answers(filling.request)


def offered(filling):
    return filling._view.shown["show_offered"]


def test_a_files_fields_are_shown_before_any_is_taken(filling, tmp_path):
    file = tmp_path / "homes.json"
    file.write_text(json.dumps(SCHEMA))
    filling.open_file(file)
    source, rows = offered(filling)
    assert source == "homes.json"
    assert [(row.name, row.said) for row in rows] == [
        ("uprn", "The number of the home. · whole number"),
        ("band", "A; B"),
    ]
    assert ITEMS not in answers(filling)
    filling.take([0, 1])
    assert filling._view.calls[-1] == "done_with"
    assert answers(filling)[ITEMS] == [
        {"name": "uprn", "meaning": "The number of the home.", "format": "whole number"},
        {"name": "band", "codes": "A; B"},
    ]


def test_no_reason_is_made_up_for_anybody(filling, tmp_path):
    file = tmp_path / "homes.csv"
    file.write_text("uprn,band\n100,A\n")
    filling.open_file(file)
    filling.take([0])
    assert answers(filling)[ITEMS] == [{"name": "uprn"}]
    codes = {
        finding.code
        for finding in drafting.findings(filling.pair.asks, filling.request)
        if finding.question_id == ITEMS
    }
    assert codes == {"cell-missing"}


def test_rows_are_added_to_those_that_are_there_and_known_names_are_said(filling, tmp_path):
    filling._editor.changed(ITEMS, [{"name": "UPRN", "why": "To match."}])
    file = tmp_path / "homes.csv"
    file.write_text("uprn;band\n")
    filling.open_file(file)
    assert [(row.name, row.is_there) for row in offered(filling)[1]] == [("uprn", True), ("band", False)]
    filling.take([1])
    assert answers(filling)[ITEMS] == [{"name": "UPRN", "why": "To match."}, {"name": "band"}]
    filling._editor.undo()
    assert answers(filling)[ITEMS] == [{"name": "UPRN", "why": "To match."}]


def test_a_record_of_the_catalogue_gives_a_row_to_go_on_from(filling):
    source = ROOT / "tests/data/catalogue/invented-datasets.csv"
    discovering.import_catalogue(filling.pair.asks, source.read_bytes(), source.name)
    dataset = discovering.search(filling.pair.asks, "")[0]
    filling.search(dataset.title.split()[0])
    cards = filling._view.shown["show_found"]
    filling.choose([card.title for card in cards].index(dataset.title))
    filling.take([0])
    (row,) = answers(filling)[ITEMS]
    assert (row["name"], row["dataset"], row["source"]) == (dataset.title, dataset.title, dataset.publisher)
    assert "why" not in row
    filling.search(" ")
    assert filling._view.shown["show_found"] == []


@pytest.mark.parametrize("content", [b"{}", b"%PDF-1.7", b""])
def test_a_file_without_fields_is_refused_and_the_table_is_as_it_was(filling, tmp_path, content):
    file = tmp_path / "odd.json"
    file.write_bytes(content)
    filling.open_file(file)
    assert "show_offered" not in filling._view.calls
    assert filling._view.shown["show_error"].what
    filling.open_file(tmp_path / "gone.csv")
    assert "gone.csv" in filling._view.shown["show_error"].what
