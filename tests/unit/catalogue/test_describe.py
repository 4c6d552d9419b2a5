from __future__ import annotations

import pytest

from dsadesk.catalogue.describe import plain_date, summary_lines
from dsadesk.catalogue.model import (
    ACCESS_RIGHTS,
    MARKETPLACE_ACCESS_RIGHTS,
    SECURITY_CLASSIFICATIONS,
    UPDATE_FREQUENCIES,
)
from dsadesk.domain.events import Dataset


def dataset(**changes: str) -> Dataset:
    return Dataset(**{"identifier": "x", "title": "T", "publisher": "p"} | changes)


def test_a_dataset_is_said_in_words():
    lines = summary_lines(
        dataset(
            description="Levels by gauge.", access_rights="INTERNAL", security_classification="OFFICIAL", update_frequency="freq:quarterly",
            licence="http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", modified="2026-03-02",
            contact_name="River team", contact_email="rivers@water.example",
        )
    )  # fmt: skip
    assert lines == (
        ("What it is", "Levels by gauge."),
        ("Owner", "p"),
        ("Who may have it", "Only people inside government."),
        ("Classification", "OFFICIAL."),
        ("Licence", "Open Government Licence 3.0"),
        ("Updated", "Every three months."),
        ("Last changed", "2 March 2026"),
        ("Ask", "River team, rivers@water.example"),
    )


def said(**changes: str) -> dict[str, str]:
    return dict(summary_lines(dataset(**changes)))


def test_what_a_record_does_not_say_is_left_out_but_for_the_licence():
    assert said(publisher="") == {"Licence": "The record names none."}


@pytest.mark.parametrize("rights", MARKETPLACE_ACCESS_RIGHTS)
def test_every_access_right_has_its_own_words(rights: str):
    assert said(access_rights=rights)["Who may have it"] != rights
    assert set(ACCESS_RIGHTS) < set(MARKETPLACE_ACCESS_RIGHTS)


def test_every_frequency_has_its_own_words():
    words = [said(update_frequency=frequency)["Updated"] for frequency in UPDATE_FREQUENCIES]
    assert len(set(words)) == len(UPDATE_FREQUENCIES)
    assert not any(word.startswith("freq:") for word in words)


@pytest.mark.parametrize("classification", SECURITY_CLASSIFICATIONS)
def test_a_classification_above_official_says_that_this_program_is_not_for_it(classification: str):
    words = said(security_classification=classification)["Classification"]
    assert ("must not" in words) is ("SECRET" in classification)


def test_what_is_unknown_is_shown_as_it_stands():
    lines = said(access_rights="PUBLIC", update_frequency="Quarterly", licence="Ask us", contact_email="a@x.example")
    assert lines == {
        "Owner": "p",
        "Who may have it": "PUBLIC",
        "Licence": "Ask us",
        "Updated": "Quarterly",
        "Ask": "a@x.example",
    }


@pytest.mark.parametrize(
    ("licence", "words"),
    [
        ("DATA_SHARE_AGREEMENT", "Shared only under a data sharing agreement."),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/", "Open Government Licence"),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/", "Open Government Licence 2.0"),
    ],
)
def test_licences_are_called_by_their_names(licence: str, words: str):
    assert said(licence=licence)["Licence"] == words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-03-02", "2 March 2026"), ("2026-03", "March 2026"), ("2026", "2026"),
        ("2026-03-02T10:00:00Z", "2 March 2026"), ("02/03/2026", "02/03/2026"), ("", ""),
    ],
)  # fmt: skip
def test_dates_are_written_as_people_write_them(text: str, plain: str):
    assert plain_date(text) == plain
