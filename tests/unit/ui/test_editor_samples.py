"""The samples of a draft without a window."""

from __future__ import annotations

import pytest

from dsadesk.services import drafting
from dsadesk.services.changes import Changes
from dsadesk.ui.presenters.samples import SamplesPresenter
from tests.support.desks import ROOT, SAMPLE, SUPPLIER, two_desks
from tests.unit.ui.frames import Recorder, inline_frame

SAMPLES = ROOT / "tests/data/samples"


@pytest.fixture
def panel():
    pair = two_desks()
    draft = drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id)
    view = Recorder()
    frame, seen = inline_frame(pair.requester)
    presenter = SamplesPresenter(view, frame)
    presenter.open(draft.request)
    return presenter, view, seen, draft.request


def test_a_file_is_attached_and_its_profile_shown(panel):
    presenter, view, seen, _ = panel
    assert view.shown["show_samples"] == ()
    presenter.attach([SAMPLE], "synthetic")
    (sample,) = view.shown["show_samples"]
    assert sample.name == SAMPLE.name
    assert sample.kind == "Made-up data"
    assert sample.facts.startswith("400 rows, 8 columns, ")
    assert sample.columns[0][0] == "site_id"
    assert view.shown["show_busy"] == ""
    assert "is attached and encrypted" in seen.said[-1]


@pytest.mark.parametrize("name", ["broken-empty.csv", "broken-renamed-pdf.csv", "broken-ragged.csv"])
def test_a_file_that_is_no_table_is_refused_with_the_reason(panel, name):
    presenter, view, _, _ = panel
    presenter.attach([SAMPLES / name], "synthetic")
    assert view.shown["show_error"].what
    assert view.shown["show_error"].todo
    assert view.shown["show_samples"] == ()
    assert view.shown["show_busy"] == ""


def test_real_data_about_people_is_refused_and_says_which_columns(panel):
    presenter, view, _, _ = panel
    presenter.attach([SAMPLES / "planted-identifiers.csv"], "real")
    assert view.shown["show_error"].what
    assert view.shown["show_samples"] == ()


def test_a_file_that_is_gone_is_said_by_its_name(panel, tmp_path):
    presenter, view, _, _ = panel
    presenter.attach([tmp_path / "gone.csv"], "synthetic")
    assert "gone.csv" in view.shown["show_error"].what


def test_one_refused_file_leaves_the_others_alone(panel):
    presenter, view, _, _ = panel
    presenter.attach([SAMPLES / "broken-empty.csv", SAMPLE], "synthetic")
    assert [sample.name for sample in view.shown["show_samples"]] == [SAMPLE.name]


def test_the_first_rows_are_read_from_the_encrypted_copy(panel):
    presenter, view, _, _ = panel
    presenter.attach([SAMPLE], "synthetic")
    presenter.preview(1)
    name, rows = view.shown["show_rows"]
    assert name == SAMPLE.name
    assert rows[0][0] == "site_id"
    assert len(rows) == 51


def test_a_sample_is_removed_after_it_was_asked(panel):
    presenter, view, seen, _ = panel
    presenter.attach([SAMPLE], "synthetic")
    presenter.ask_remove(1)
    assert view.shown["ask_remove"].name == SAMPLE.name
    assert view.shown["show_samples"]
    presenter.remove(1)
    assert view.shown["show_samples"] == ()
    assert seen.said[-1] == "The sample is removed."


def test_a_number_that_is_no_sample_is_left_alone(panel):
    presenter, view, _, _ = panel
    before = len(view.calls)
    presenter.preview(9)
    presenter.ask_remove(9)
    assert len(view.calls) == before


def test_changes_of_the_draft_show_its_samples_again(panel):
    presenter, view, _, request = panel
    before = view.calls.count("show_samples")
    presenter.refresh(Changes(requests=frozenset({request})))
    presenter.refresh(Changes(cards=True))
    assert view.calls.count("show_samples") == before + 1
