from __future__ import annotations

import pytest

from dsadesk.questions.model import LegalEntry, LegalPack
from tests.unit.questions.small_sets import released_pack

LISTS = (
    "lawful-bases", "article-9", "schedule-1", "criminal-offence", "part-3-sensitive", "gateways", "dea-objectives",
    "opt-outs", "dpia-triggers", "transfer-mechanisms",
)  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> LegalPack:
    return released_pack()


def entry(pack: LegalPack, name: str, value: str) -> LegalEntry:
    found = pack.list_named(name)
    assert found is not None
    chosen = found.entry(value)
    assert chosen is not None
    return chosen


def test_the_pack_is_dated_and_says_that_it_is_not_legal_advice(pack: LegalPack) -> None:
    assert pack.dated.isoformat() == "2026-11-20"
    assert pack.notice.en.startswith("This is not legal advice.")
    assert tuple(found.name for found in pack.lists) == LISTS


def test_every_entry_names_the_law_and_where_to_read_it(pack: LegalPack) -> None:
    for found in pack.lists:
        assert found.source
        for each in found.entries:
            assert each.law, each.value
            assert each.url.startswith("https://"), each.value


def test_the_newest_lawful_basis_is_there_with_its_limit_for_public_authorities(pack: LegalPack) -> None:
    found = entry(pack, "lawful-bases", "recognised_legitimate_interest")
    assert found.note is not None
    assert "A public authority cannot use it for its own tasks" in found.note.en
    assert "6(1)(ea)" in found.law


@pytest.mark.parametrize(
    ("name", "count"), [("lawful-bases", 8), ("article-9", 10), ("schedule-1", 23), ("dpia-triggers", 13)]
)
def test_lists_that_the_law_closes_are_complete(pack: LegalPack, name: str, count: int) -> None:
    found = pack.list_named(name)
    assert found is not None
    assert len(found.entries) == count


def test_gateways_say_what_they_do_and_an_exemption_is_not_a_power(pack: LegalPack) -> None:
    assert entry(pack, "gateways", "dea_s35").force == "permissive"
    assert entry(pack, "gateways", "eir").force == "mandatory"
    assert entry(pack, "gateways", "dpa_schedule_2").force == "not-a-power"


@pytest.mark.parametrize(("name", "value"), [("opt-outs", "none"), ("dpia-triggers", "none")])
def test_none_stands_alone_where_several_can_be_chosen(pack: LegalPack, name: str, value: str) -> None:
    assert entry(pack, name, value).alone
