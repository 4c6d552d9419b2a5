"""What every vault promises about drafts and their answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import RuleError
from dsadesk.ports import Revision, Vault
from tests.unit.storage.examples import ADAPTERS, AT, OTHER_REQUEST, REQUEST, draft, later, new_vault

TITLE, PURPOSE = QuestionId("title"), QuestionId("purpose")


@pytest.fixture(params=ADAPTERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    with new_vault(request.param, tmp_path / "vault") as made:
        yield made


def test_a_draft_comes_back_as_it_went_in(vault: Vault) -> None:
    vault.drafts.put(draft())
    bare = draft(OTHER_REQUEST, supplier=None, supplier_name="", dataset=None, updated_at=later(-1))
    vault.drafts.put(bare)
    assert vault.drafts.get(REQUEST) == draft()
    assert vault.drafts.all() == (draft(), bare)


def test_a_draft_that_is_not_there_is_none(vault: Vault) -> None:
    assert vault.drafts.get(REQUEST) is None
    assert vault.drafts.answers(REQUEST) == {}
    assert vault.drafts.revisions(REQUEST) == ()


def test_changing_a_drafts_own_fields_keeps_its_answers(vault: Vault) -> None:
    vault.drafts.put(draft())
    vault.drafts.save_answer(REQUEST, TITLE, "Floods", AT)
    vault.drafts.put(draft(title="Renamed", updated_at=later(5)))
    assert vault.drafts.answers(REQUEST) == {"title": "Floods"}
    found = vault.drafts.get(REQUEST)
    assert found is not None
    assert found.title == "Renamed"


@pytest.mark.parametrize("value", ["dŵr 🌊", "", 12, True, ["a", "b"], [["x", "1"], ["y", "2"]], []])
def test_an_answer_of_every_kind_comes_back_as_it_was_given(vault: Vault, value: Any) -> None:
    vault.drafts.put(draft())
    vault.drafts.save_answer(REQUEST, PURPOSE, value, later(1))
    assert vault.drafts.answers(REQUEST) == {"purpose": value}
    assert vault.drafts.revisions(REQUEST) == (Revision(question=PURPOSE, value=value, at=later(1)),)


def test_saving_an_answer_changes_the_drafts_time_and_its_place(vault: Vault) -> None:
    vault.drafts.put(draft())
    vault.drafts.put(draft(OTHER_REQUEST, updated_at=later(10)))
    vault.drafts.save_answer(REQUEST, TITLE, "Floods", later(20))
    assert [each.request for each in vault.drafts.all()] == [REQUEST, OTHER_REQUEST]
    assert vault.drafts.all()[0].updated_at == later(20)


def test_clearing_an_answer_leaves_a_revision_without_a_value(vault: Vault) -> None:
    vault.drafts.put(draft())
    vault.drafts.save_answer(REQUEST, TITLE, "Floods", AT)
    vault.drafts.save_answer(REQUEST, TITLE, None, later(1))
    assert vault.drafts.answers(REQUEST) == {}
    assert [revision.value for revision in vault.drafts.revisions(REQUEST, TITLE)] == ["Floods", None]


def test_what_is_typed_within_half_a_minute_is_one_revision_with_the_last_of_it(vault: Vault) -> None:
    vault.drafts.put(draft())
    for seconds in (0, 10, 29, 31, 60.9, 61.1):
        vault.drafts.save_answer(REQUEST, TITLE, f"Floods {seconds}", later(seconds))
    kept = [(revision.value, revision.at) for revision in vault.drafts.revisions(REQUEST, TITLE)]
    assert kept == [("Floods 29", later(0)), ("Floods 60.9", later(31)), ("Floods 61.1", later(61.1))]
    assert vault.drafts.answers(REQUEST) == {"title": "Floods 61.1"}


def test_a_choice_a_table_or_a_cleared_answer_is_a_revision_of_its_own(vault: Vault) -> None:
    vault.drafts.put(draft())
    for value in ("Floods", None, "Floods", ["a"], ["b"], True):
        vault.drafts.save_answer(REQUEST, TITLE, value, later(1))
    kept = [revision.value for revision in vault.drafts.revisions(REQUEST, TITLE)]
    assert kept == ["Floods", None, "Floods", ["a"], ["b"], True]


def test_revisions_are_oldest_first_and_can_be_asked_for_by_question(vault: Vault) -> None:
    vault.drafts.put(draft())
    for n, question in enumerate((TITLE, PURPOSE, TITLE)):
        vault.drafts.save_answer(REQUEST, question, f"answer {n}", later(60 * n))
    assert [revision.value for revision in vault.drafts.revisions(REQUEST)] == ["answer 0", "answer 1", "answer 2"]
    assert [revision.value for revision in vault.drafts.revisions(REQUEST, TITLE)] == ["answer 0", "answer 2"]


def test_the_last_two_hundred_revisions_of_each_question_are_kept(vault: Vault) -> None:
    vault.drafts.put(draft())
    vault.drafts.save_answer(REQUEST, PURPOSE, "kept", AT)
    for n in range(230):
        vault.drafts.save_answer(REQUEST, TITLE, n, later(n))
    assert [revision.value for revision in vault.drafts.revisions(REQUEST, TITLE)] == list(range(30, 230))
    assert len(vault.drafts.revisions(REQUEST, PURPOSE)) == 1


def test_an_answer_for_no_draft_is_refused(vault: Vault) -> None:
    with pytest.raises(RuleError) as caught:
        vault.drafts.save_answer(REQUEST, TITLE, "Floods", AT)
    assert caught.value.code == "no-such-draft"
    assert vault.drafts.revisions(REQUEST) == ()


def test_discarding_a_draft_takes_its_answers_and_revisions_and_nothing_else(vault: Vault) -> None:
    for request in (REQUEST, OTHER_REQUEST):
        vault.drafts.put(draft(request))
        vault.drafts.save_answer(request, TITLE, "Floods", AT)
    vault.drafts.discard(REQUEST)
    vault.drafts.discard(REQUEST)
    vault.drafts.put(draft())
    assert vault.drafts.answers(REQUEST) == {}
    assert vault.drafts.revisions(REQUEST) == ()
    assert vault.drafts.answers(OTHER_REQUEST) == {"title": "Floods"}


def test_a_time_in_another_zone_comes_back_as_the_same_instant(vault: Vault) -> None:
    summer = datetime(2026, 6, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    vault.drafts.put(draft(updated_at=summer))
    found = vault.drafts.get(REQUEST)
    assert found is not None
    assert found.updated_at == summer
    assert found.updated_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(vault: Vault) -> None:
    with pytest.raises(ValueError, match="zone"):
        vault.drafts.put(draft(updated_at=datetime(2026, 6, 1, 12, 0)))  # noqa: DTZ001 - the point of the test
