from __future__ import annotations

from datetime import timedelta

import pytest

from dsadesk.bundle.trust import HowKnown, KnownCard, find_signer
from dsadesk.directory.cards import CardDirectory
from dsadesk.errors import TrustError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.storage.memory import MemoryVault
from tests.support.parties import DWP, NOW, VOA, Party, party


def check(method: str, days: int = 0, note: str = "") -> CardCheck:
    return CardCheck(method=method, by="Priya Shah", at=NOW + timedelta(days=days), note=note)


def directory(*checks: CardCheck, of: Party = VOA, changed_to: str = "") -> CardDirectory:
    vault = MemoryVault("vault")
    vault.cards.put(
        PinnedCard(
            org=of.card.org.id,
            name=of.card.org.name,
            fingerprint=of.card.fingerprint,
            version=of.card.version,
            envelope=of.card_bytes,
            first_seen_at=NOW,
            updated_at=NOW,
            checks=checks,
            changed_to=changed_to,
        )
    )
    return CardDirectory(vault.cards, DWP.card.org.id)


def known(*checks: CardCheck, **more: str) -> KnownCard:
    found = directory(*checks, **more).known(VOA.card.org.id)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_an_organisation_without_a_card_is_not_known() -> None:
    assert directory().known(DWP.card.org.id) is None


@pytest.mark.parametrize(
    ("checks", "how"),
    [
        ((), HowKnown.INTRODUCED_ITSELF),
        ((check("bundle"),), HowKnown.INTRODUCED_ITSELF),
        ((check("file"),), HowKnown.IMPORTED),
        ((check("file"), check("phone")), HowKnown.CHECKED),
        ((check("introducer"),), HowKnown.CHECKED),
        ((check("refused", note="ab" * 32),), HowKnown.INTRODUCED_ITSELF),
    ],
)
def test_how_a_key_is_known_follows_from_what_was_recorded(checks: tuple[CardCheck, ...], how: HowKnown) -> None:
    assert known(*checks).how is how


def test_ones_own_card_is_ours() -> None:
    found = directory(check("phone"), of=DWP).known(DWP.card.org.id)
    assert found is not None
    assert found.how is HowKnown.OURS


def test_the_newest_comparison_is_told_with_its_note() -> None:
    found = known(check("in-person", 1, "At Leeds"), check("phone", 3, "Rang them"), check("file", 9))
    assert (found.check_method, found.check_note, found.check_at) == ("phone", "Rang them", NOW + timedelta(days=3))


def test_a_comparison_stands_before_a_newer_introduction() -> None:
    found = known(check("phone", 1, "Rang them"), check("introducer", 5, "Gwen Ellis, Valuation Office Agency"))
    assert found.check_method == "phone"
    only = known(check("introducer", 5, "Gwen Ellis, Valuation Office Agency"))
    assert only.check_note == "Gwen Ellis, Valuation Office Agency"


def test_keys_that_were_refused_are_named_by_their_fingerprints() -> None:
    found = known(check("refused", 1, f"{'ab' * 32} They know nothing of it"), check("refused", 2, "cd" * 32))
    assert found.refused == ("ab" * 32, "cd" * 32)


def test_a_refused_key_is_told_from_a_changed_one() -> None:
    other = party(VOA.card.org.id, VOA.card.org.name, "Mallory", salt="other")
    came = KnownCard(card=other.card, how=HowKnown.INTRODUCED_ITSELF, first_seen_at=NOW)
    org, device = VOA.card.org.id, other.device.device
    with pytest.raises(TrustError, match="key-changed"):
        find_signer(org, device, directory(check("phone")), came)
    refused = directory(check("phone"), check("refused", note=other.card.fingerprint))
    with pytest.raises(TrustError, match="key-refused"):
        find_signer(org, device, refused, came)


def test_a_key_that_waits_for_a_decision_is_told() -> None:
    assert known(check("phone"), changed_to="ab" * 32).changed_to == "ab" * 32
