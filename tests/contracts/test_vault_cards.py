"""What every vault promises about organisation cards and named values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.errors import RuleError
from dsadesk.ports import CardCheck, Vault
from tests.unit.storage.examples import ADAPTERS, AT, REQUESTER, SUPPLIER, card, later, new_vault

CHECK = CardCheck(method="phone", by="A. Person", at=AT, note="read aloud")


@pytest.fixture(params=ADAPTERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    with new_vault(request.param, tmp_path / "vault") as made:
        yield made


def code_of(error: pytest.ExceptionInfo[RuleError]) -> str:
    return error.value.code


def test_cards_come_back_as_they_went_in_and_by_name(vault: Vault) -> None:
    council = card(REQUESTER, name="cardiff Council", checks=(CHECK,), changed_to="flagged")
    for each in (card(), council):
        vault.cards.put(each)
    assert vault.cards.get(SUPPLIER) == card()
    assert vault.cards.all() == (council, card())


def test_an_unknown_organisation_has_no_card(vault: Vault) -> None:
    assert vault.cards.get(SUPPLIER) is None
    for change in (
        lambda: vault.cards.add_check(SUPPLIER, CHECK),
        lambda: vault.cards.flag_change(SUPPLIER, "x"),
        lambda: vault.cards.replace_key(card()),
    ):
        with pytest.raises(RuleError) as caught:
            change()
        assert code_of(caught) == "no-such-card"


def test_a_newer_card_of_the_same_key_replaces_the_older_one_and_keeps_what_was_checked(vault: Vault) -> None:
    vault.cards.put(card())
    vault.cards.add_check(SUPPLIER, CHECK)
    vault.cards.flag_change(SUPPLIER, "fingerprint-2")
    vault.cards.put(
        card(name="The Met Office", version=2, envelope=b"card 2", first_seen_at=later(9), updated_at=later(9))
    )
    kept = {"checks": (CHECK,), "changed_to": "fingerprint-2", "first_seen_at": AT}
    assert vault.cards.get(SUPPLIER) == card(
        name="The Met Office", version=2, envelope=b"card 2", updated_at=later(9), **kept
    )


def test_a_card_with_another_key_is_refused(vault: Vault) -> None:
    vault.cards.put(card())
    with pytest.raises(RuleError) as caught:
        vault.cards.put(card(fingerprint="fingerprint-2", version=2))
    assert code_of(caught) == "pinned-key"
    assert vault.cards.get(SUPPLIER) == card()


def test_an_older_card_is_refused(vault: Vault) -> None:
    vault.cards.put(card(version=2))
    with pytest.raises(RuleError) as caught:
        vault.cards.put(card(version=1))
    assert code_of(caught) == "older-card"


def test_checks_add_up_in_order(vault: Vault) -> None:
    vault.cards.put(card())
    again = CardCheck(method="in person", by="B. Person", at=later(60))
    vault.cards.add_check(SUPPLIER, CHECK)
    vault.cards.add_check(SUPPLIER, again)
    found = vault.cards.get(SUPPLIER)
    assert found is not None
    assert found.checks == (CHECK, again)


def test_a_flagged_change_can_be_lifted(vault: Vault) -> None:
    vault.cards.put(card())
    for fingerprint in ("fingerprint-2", ""):
        vault.cards.flag_change(SUPPLIER, fingerprint)
        found = vault.cards.get(SUPPLIER)
        assert found is not None
        assert found.changed_to == fingerprint


def test_believing_another_key_lapses_the_checks_and_lifts_the_flag(vault: Vault) -> None:
    vault.cards.put(card())
    vault.cards.add_check(SUPPLIER, CHECK)
    vault.cards.flag_change(SUPPLIER, "fingerprint-2")
    believed = card(fingerprint="fingerprint-2", first_seen_at=later(60), updated_at=later(60))
    vault.cards.replace_key(believed)
    assert vault.cards.get(SUPPLIER) == believed
    assert vault.cards.all() == (believed,)
    with pytest.raises(RuleError) as caught:
        vault.cards.put(card())
    assert code_of(caught) == "pinned-key"


def test_the_cards_of_keys_that_were_believed_before_stay_in_the_history_newest_first(vault: Vault) -> None:
    assert vault.cards.former(SUPPLIER) == ()
    vault.cards.put(card())
    vault.cards.add_check(SUPPLIER, CHECK)
    second = card(fingerprint="fingerprint-2", first_seen_at=later(60), updated_at=later(60))
    third = card(fingerprint="fingerprint-3", first_seen_at=later(90), updated_at=later(90))
    assert vault.cards.former(SUPPLIER) == ()
    vault.cards.replace_key(second)
    vault.cards.replace_key(third)
    assert vault.cards.former(SUPPLIER) == (second, card(checks=(CHECK,)))


def test_believing_the_same_key_again_is_no_change_of_key(vault: Vault) -> None:
    vault.cards.put(card())
    with pytest.raises(RuleError) as caught:
        vault.cards.replace_key(card(version=2))
    assert code_of(caught) == "same-key"


def test_named_values_are_kept_changed_and_forgotten(vault: Vault) -> None:
    assert vault.settings.read("profile") is None
    vault.settings.write("profile", b"\x00one")
    vault.settings.write("profile", b"")
    assert vault.settings.read("profile") == b""
    vault.settings.remove("profile")
    vault.settings.remove("profile")
    assert vault.settings.read("profile") is None
