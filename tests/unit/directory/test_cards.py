from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from dsadesk import age
from dsadesk.bundle.card import Card, CardOfficial, keeps_officials
from dsadesk.bundle.identity import identity_from_seed, inbox_from_seeds
from dsadesk.bundle.trust import HowKnown, KnownCard, find_signer
from dsadesk.codec.events import time_text
from dsadesk.directory.cards import CardDirectory
from dsadesk.domain.organisation import Official
from dsadesk.errors import TrustError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.storage.memory import MemoryVault
from tests.support.parties import DWP, NOW, VOA, Party, party, stream


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


# ---------------------------------------------------------------- what a newer card may change


def newer(officials: tuple[CardOfficial, ...], of: Party = VOA) -> Card:
    return replace(of.card, version=of.card.version + 1, officials=officials)


ENTRY = VOA.card.officials[0]
LATER, LATEST = time_text(NOW + timedelta(days=1)), time_text(NOW + timedelta(days=2))
OTHER = party(VOA.card.org.id, VOA.card.org.name, "Owain Hughes").card.officials[0]


@pytest.mark.parametrize(
    ("before", "after", "keeps"),
    [
        (ENTRY, (ENTRY,), True),
        (ENTRY, (OTHER, ENTRY), True),
        (ENTRY, (replace(ENTRY, until=LATER),), True),
        (ENTRY, (replace(ENTRY, official=Official(ENTRY.official.id, "Gwen Price", "Director"), roles=("admin",)),), True),
        (replace(ENTRY, until=LATEST), (replace(ENTRY, until=LATER),), True),
        (ENTRY, (OTHER,), False),
        (ENTRY, (replace(ENTRY, keys=OTHER.keys),), False),
        (ENTRY, (replace(ENTRY, official=OTHER.official),), False),
        (replace(ENTRY, until=LATER), (ENTRY,), False),
        (replace(ENTRY, until=LATER), (replace(ENTRY, until=LATEST),), False),
    ],
)  # fmt: skip
def test_a_newer_card_ends_devices_and_never_forgets_or_revives_one(
    before: CardOfficial, after: tuple[CardOfficial, ...], keeps: bool
) -> None:
    assert keeps_officials(newer((before,)), newer(after)) is keeps


def test_a_newer_card_in_a_bundle_that_forgets_somebody_stops_at_the_door_of_trust() -> None:
    org = VOA.card.org.id
    came = KnownCard(card=newer((OTHER,)), how=HowKnown.INTRODUCED_ITSELF, first_seen_at=NOW)
    with pytest.raises(TrustError, match="card-forgets"):
        find_signer(org, OTHER.device, directory(check("phone")), came)
    both = KnownCard(card=newer((ENTRY, OTHER)), how=HowKnown.INTRODUCED_ITSELF, first_seen_at=NOW)
    signer = find_signer(org, OTHER.device, directory(check("phone")), both)
    assert signer.official == OTHER
    assert (signer.known.how, signer.known.check_method) == (HowKnown.CHECKED, "phone")


def test_an_inbox_is_named_after_the_organisations_key_alone() -> None:
    changed = replace(VOA.card, hybrid=DWP.card.hybrid, x25519=DWP.card.x25519)
    assert changed.box == VOA.card.box != DWP.card.box
    assert len(VOA.card.box) == 26
    assert VOA.organisation.box == VOA.card.box


def test_keys_of_an_inbox_open_what_was_sealed_to_those_before_them() -> None:
    seeds = [bytes([n]) * 32 for n in (3, 2, 1)]
    keys = inbox_from_seeds(seeds, VOA.card.box)
    assert keys.box == VOA.card.box
    for seed in seeds:
        old = identity_from_seed(seed)
        for recipient, identity in ((old.hybrid.recipient, keys.hybrid), (old.x25519.recipient, keys.x25519)):
            assert age.decrypt(age.encrypt(b"x", (recipient,), stream("inbox")), (identity,)) == b"x"
    newest = identity_from_seed(seeds[0])
    assert (keys.hybrid.recipient, keys.x25519.recipient) == (newest.hybrid.recipient, newest.x25519.recipient)
    other = identity_from_seed(bytes(32)).hybrid.recipient
    with pytest.raises(age.NoMatchError):
        age.decrypt(age.encrypt(b"x", (other,), stream("inbox")), (keys.hybrid,))
