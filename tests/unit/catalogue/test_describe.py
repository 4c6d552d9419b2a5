from __future__ import annotations

import pytest

from dsadesk.catalogue.describe import describe, plain_date
from dsadesk.catalogue.model import (
    ACCESS_RIGHTS,
    MARKETPLACE_ACCESS_RIGHTS,
    SECURITY_CLASSIFICATIONS,
    UPDATE_FREQUENCIES,
)
from dsadesk.domain.events import Dataset


def dataset(**changes: str) -> Dataset:
    return Dataset(**{"identifier": "x", "title": "T", "publisher": "p"} | changes)


def test_a_dataset_is_said_in_sentences():
    lines = describe(
        dataset(
            access_rights="INTERNAL", security_classification="OFFICIAL", update_frequency="freq:quarterly",
            licence="http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", modified="2026-03-02",
            contact_name="River team", contact_email="rivers@water.example",
        )
    )  # fmt: skip
    assert lines == (
        "Only people inside government may have this data.",
        "It is classified as OFFICIAL.",
        "Licence: Open Government Licence 3.0.",
        "Updated every three months, last changed on 2 March 2026.",
        "Ask River team at rivers@water.example.",
    )


def test_an_empty_record_says_only_that_it_names_no_licence():
    assert describe(dataset()) == ("The record names no licence.",)


@pytest.mark.parametrize("rights", MARKETPLACE_ACCESS_RIGHTS)
def test_every_access_right_has_its_own_words(rights: str):
    assert rights not in " ".join(describe(dataset(access_rights=rights)))
    assert set(ACCESS_RIGHTS) < set(MARKETPLACE_ACCESS_RIGHTS)


@pytest.mark.parametrize("frequency", UPDATE_FREQUENCIES)
def test_every_frequency_has_its_own_words(frequency: str):
    assert "freq:" not in " ".join(describe(dataset(update_frequency=frequency)))


def test_a_classification_above_official_says_that_this_program_is_not_for_it():
    for classification in SECURITY_CLASSIFICATIONS:
        said = " ".join(describe(dataset(security_classification=classification)))
        assert ("must not" in said) is ("SECRET" in classification)


def test_what_is_unknown_is_shown_as_it_stands():
    lines = describe(
        dataset(access_rights="PUBLIC", update_frequency="Quarterly", licence="Ask us", contact_email="a@x.example")
    )
    assert lines == ("Access rights: PUBLIC.", "Licence: Ask us", "Updated: Quarterly.", "Ask a@x.example.")


def test_an_agreement_is_named_where_the_licence_should_stand():
    assert describe(dataset(licence="DATA_SHARE_AGREEMENT")) == ("It is shared only under a data sharing agreement.",)


def test_a_date_alone_is_said():
    assert describe(dataset(licence="x", modified="2026-03"))[1:] == ("Last changed in March 2026.",)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-03-02", "2 March 2026"), ("2026-03", "March 2026"), ("2026", "2026"),
        ("2026-03-02T10:00:00Z", "2 March 2026"), ("02/03/2026", "02/03/2026"), ("", ""),
    ],
)  # fmt: skip
def test_dates_are_written_as_people_write_them(text: str, plain: str):
    assert plain_date(text) == plain
