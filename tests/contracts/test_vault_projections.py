"""What every vault promises about its lists and about the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import RequestId
from dsadesk.domain.organisation import Side
from dsadesk.ports import ListGroup, Vault
from tests.unit.storage.examples import ADAPTERS, AT, dataset, new_vault, row


@pytest.fixture(params=ADAPTERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    with new_vault(request.param, tmp_path / "vault") as made:
        yield made


def ids(*numbers: int) -> tuple[RequestId, ...]:
    return tuple(row(n).request for n in numbers)


def test_a_row_comes_back_as_it_went_in_and_changes(vault: Vault) -> None:
    vault.projections.put(row(1))
    assert vault.projections.get(row(1).request) == row(1)
    changed = row(1, title="Renamed", needs_you=False, group=ListGroup.SENT, side=Side.SUPPLIER)
    vault.projections.put(changed)
    assert vault.projections.get(row(1).request) == changed
    assert vault.projections.ids() == ids(1)


def test_the_snapshot_is_newest_change_first_and_ties_are_settled(vault: Vault) -> None:
    for n in (2, 3, 1):
        vault.projections.put(row(n))
    for n in (5, 4):
        vault.projections.put(row(n, updated_at=AT))
    assert vault.projections.ids() == ids(3, 2, 1, 5, 4)


def test_the_snapshot_can_be_narrowed_to_lists_and_to_a_side(vault: Vault) -> None:
    vault.projections.put(row(1))
    vault.projections.put(row(2, group=ListGroup.SENT))
    vault.projections.put(row(3, group=ListGroup.SENT, side=Side.SUPPLIER))
    both = frozenset({ListGroup.DRAFTS, ListGroup.SENT})
    assert vault.projections.ids(groups=both) == ids(3, 2, 1)
    assert vault.projections.ids(groups=frozenset({ListGroup.SENT})) == ids(3, 2)
    assert vault.projections.ids(groups=both, side=Side.REQUESTER) == ids(2, 1)
    assert vault.projections.ids(groups=frozenset()) == ()


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("flood", (2, 1)),
        ("FLOO scho", (1,)),
        ("schools flood", (1,)),
        ("dwr", (3,)),
        ("DŴR CYM", (3,)),
        ("DSA-2026-0002", (2,)),
        ("2026", (3, 2, 1)),
        ("met off", (2, 1)),
        ("lood", ()),
        ("flood nothing", ()),
        ('"', ()),
        ("flood OR dwr", ()),
        ("   ", (3, 2, 1)),
    ],
)
def test_search_matches_every_word_by_its_beginning_in_title_reference_and_counterpart(
    vault: Vault, search: str, expected: tuple[int, ...]
) -> None:
    vault.projections.put(row(1))
    vault.projections.put(row(2, title="Flood maps"))
    vault.projections.put(row(3, title="Ansawdd dŵr", counterpart="Dŵr Cymru"))
    assert vault.projections.ids(search=search) == ids(*expected)


def test_search_follows_a_change_and_a_removal(vault: Vault) -> None:
    vault.projections.put(row(1))
    vault.projections.put(row(1, title="Air quality"))
    assert vault.projections.ids(search="flood") == ()
    assert vault.projections.ids(search="air") == ids(1)
    vault.projections.remove(row(1).request)
    vault.projections.remove(row(1).request)
    assert vault.projections.ids(search="air") == ()
    assert vault.projections.get(row(1).request) is None


def test_rows_come_in_the_order_asked_for_and_unknown_ids_are_left_out(vault: Vault) -> None:
    for n in (1, 2, 3):
        vault.projections.put(row(n))
    assert vault.projections.rows(ids(3, 9, 1)) == (row(3), row(1))
    assert vault.projections.rows(()) == ()


def test_every_list_is_counted(vault: Vault) -> None:
    vault.projections.put(row(1))
    vault.projections.put(row(2))
    vault.projections.put(row(3, group=ListGroup.NEEDS_YOU))
    counts = vault.projections.counts()
    assert counts == dict.fromkeys(ListGroup, 0) | {ListGroup.DRAFTS: 2, ListGroup.NEEDS_YOU: 1}


def titles(found: tuple[Dataset, ...]) -> list[str]:
    return [each.title for each in found]


def test_a_dataset_comes_back_as_it_went_in(vault: Vault) -> None:
    full = dataset(1, description="All of them", licence="OGL", modified="2026-01-01", contact_email="a@example.org")
    assert vault.catalogue.replace("source", [full]) == 1
    assert vault.catalogue.get("dataset-1") == full
    assert vault.catalogue.get("dataset-2") is None


def test_a_source_replaces_what_it_gave_before_and_nothing_else(vault: Vault) -> None:
    vault.catalogue.replace("a", [dataset(1), dataset(2, "Rivers")])
    vault.catalogue.replace("b", [dataset(3, "Schools")])
    assert vault.catalogue.replace("a", [dataset(4, "Weather")]) == 1
    assert vault.catalogue.count() == 2
    assert titles(vault.catalogue.search("")) == ["Schools", "Weather"]
    assert vault.catalogue.search("flood") == ()
    assert titles(vault.catalogue.search("wea")) == ["Weather"]
    assert vault.catalogue.replace("a", []) == 0
    assert titles(vault.catalogue.search("")) == ["Schools"]


def test_a_source_that_fails_half_way_leaves_what_was_there(vault: Vault) -> None:
    def breaking() -> Iterator[Dataset]:
        yield dataset(2, "Rivers")
        raise LookupError

    vault.catalogue.replace("a", [dataset(1)])
    with pytest.raises(LookupError):
        vault.catalogue.replace("a", breaking())
    assert titles(vault.catalogue.search("")) == ["Flood risk areas"]


def test_an_identifier_given_twice_counts_once_and_the_last_one_stands(vault: Vault) -> None:
    assert vault.catalogue.replace("a", [dataset(1), dataset(1, "Newer")]) == 1
    found = vault.catalogue.get("dataset-1")
    assert found is not None
    assert found.title == "Newer"


def test_an_identifier_of_two_sources_is_answered_by_the_source_that_came_last(vault: Vault) -> None:
    for source in ("a", "b", "a"):
        vault.catalogue.replace(source, [dataset(1, f"From {source}")])
    found = vault.catalogue.get("dataset-1")
    assert found is not None
    assert found.title == "From a"
    assert vault.catalogue.count() == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dwr", ["Ansawdd dŵr"]),
        ("DŴR ANS", ["Ansawdd dŵr"]),
        ("no2", ["NO₂ levels"]),
        ("river", ["River levels", "Bridges"]),
        ("natural riv", ["River levels", "Bridges"]),
        ("levels", ["NO₂ levels", "River levels"]),
        ("ive", []),
        ("!!", []),
    ],
)
def test_datasets_are_found_by_the_beginning_of_every_word_and_names_come_first(
    vault: Vault, words: str, expected: list[str]
) -> None:
    records = [
        dataset(1, "River levels"),
        dataset(2, "Bridges", description="Every bridge over a river"),
        dataset(3, "Ansawdd dŵr"),
        dataset(4, "NO₂ levels"),
    ]
    vault.catalogue.replace("source", records)
    found = titles(vault.catalogue.search(words))
    assert sorted(found) == sorted(expected)
    assert found[-1:] == expected[-1:]


def test_no_more_datasets_are_given_than_asked_for(vault: Vault) -> None:
    vault.catalogue.replace("source", [dataset(n, f"Flood {n}") for n in range(9)])
    assert len(vault.catalogue.search("flood", 4)) == 4
    assert titles(vault.catalogue.search("", 2)) == ["Flood 0", "Flood 1"]
