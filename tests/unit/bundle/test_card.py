from __future__ import annotations

import pytest
from msgspec.structs import replace

from dsadesk.bundle.card import MAX_OFFICIALS, CardOfficial, InboxAddress, read_card, sign_card
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import CardError
from tests.support.parties import DWP, party

OFFICIAL = DWP.card.officials[0]


def officials(count: int) -> tuple[CardOfficial, ...]:
    made = (party(DWP.card.org.id, "x", f"Official {n}", salt="many").card.officials[0] for n in range(count))
    return tuple(made)


def test_a_card_comes_back_as_it_went() -> None:
    card = replace(DWP.card, inboxes=(InboxAddress(kind="folder", address=r"\\server\share\inbox"),))
    assert read_card(sign_card(card, DWP.organisation.signing)) == card


def test_a_large_organisation_can_have_a_card_that_it_can_read_itself() -> None:
    card = replace(DWP.card, officials=officials(MAX_OFFICIALS))
    assert len(read_card(sign_card(card, DWP.organisation.signing)).officials) == MAX_OFFICIALS


@pytest.mark.parametrize(
    "changes",
    [
        {"org": Organisation(DWP.card.org.id, "  ")},
        {"org": Organisation(DWP.card.org.id, "DWP\u001b[2J")},
        {"org": Organisation(DWP.card.org.id, "\u202ePWD")},
        {"officials": ()},
        {"officials": (OFFICIAL, OFFICIAL)},
        {"officials": (replace(OFFICIAL, official=Official(OFFICIAL.official.id, "Priya\nShah", "x")),)},
        {"officials": (replace(OFFICIAL, roles=("x",) * 21),)},
        {"officials": (replace(OFFICIAL, roles=("a\nb",)),)},
        {"officials": (replace(OFFICIAL, until="soon"),)},
        {"inboxes": (InboxAddress(kind="folder", address=""),)},
        {"inboxes": (InboxAddress(kind="folder", address="x" * 2001),)},
        {"inboxes": (InboxAddress(kind="folder", address="a\nb"),)},
        {"inboxes": (InboxAddress(kind="folder", address="a"),) * 21},
        {"version": 0},
        {"expires": "2026-01-01T00:00:00Z"},
        {"hybrid": DWP.card.x25519},
        {"x25519": DWP.card.hybrid},
        {"x25519": DWP.card.x25519.upper()},
    ],
)
def test_a_card_that_others_would_refuse_is_not_made(changes: dict[str, object]) -> None:
    """Else an organisation could lock itself out of its own vault, whose card it must be able to read."""
    with pytest.raises(CardError, match="card-fields"):
        sign_card(replace(DWP.card, **changes), DWP.organisation.signing)


def test_a_card_is_signed_by_the_key_that_it_names() -> None:
    with pytest.raises(CardError, match="card-altered"):
        sign_card(DWP.card, DWP.device.signing)
