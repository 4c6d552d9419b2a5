"""Who may say what, and what a card remembers of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dsadesk.bundle.card import FormerRole, keeps_officials
from dsadesk.bundle.unseal import open_event
from dsadesk.codec.events import parse_time
from dsadesk.domain.events import Body, RemarkMade, RequestRejected
from dsadesk.domain.roles import role_needed
from dsadesk.errors import ContentsError
from tests.support.events import REQUEST
from tests.support.parties import DWP, NOW, Known, Party, signed_event

REFUSAL = RequestRejected(reasons="No.", decided_by=DWP.official, alternatives="")
ENTRY = DWP.card.officials[0]


def with_roles(*roles: str, **more: object) -> Party:
    return replace_card(DWP, replace(ENTRY, roles=roles, **more))


def replace_card(party: Party, entry: object) -> Party:
    import dataclasses

    return dataclasses.replace(party, card=replace(party.card, officials=(entry,)))


@pytest.mark.parametrize(
    ("roles", "body", "lacking"),
    [
        (("decider",), REFUSAL, ""),
        (("drafter",), REFUSAL, "decider"),
        (("admin",), REFUSAL, "decider"),
        (("drafter",), RemarkMade(text=""), ""),
        (("signatory",), RemarkMade(text=""), ""),
        (("auditor",), RemarkMade(text=""), "drafter"),
        ((), RemarkMade(text=""), "drafter"),
    ],
)
def test_each_role_says_what_is_its_own(roles: tuple[str, ...], body: Body, lacking: str) -> None:
    assert role_needed(roles, body) == lacking


def test_an_event_by_whom_the_card_does_not_name_for_it_is_refused_at_the_door() -> None:
    envelope = signed_event(DWP, REFUSAL)
    for party, opens in ((with_roles("decider"), True), (with_roles("drafter"), False), (with_roles(), False)):
        known = Known(party)
        if opens:
            assert (
                open_event(envelope, directory=known, introduced=None, now=NOW, request=REQUEST).event.body == REFUSAL
            )
            continue
        with pytest.raises(ContentsError) as caught:
            open_event(envelope, directory=known, introduced=None, now=NOW, request=REQUEST)
        assert (caught.value.code, caught.value.fields["why"]) == ("event-author", "role-missing")


def test_a_role_that_ended_later_counts_for_what_was_said_before() -> None:
    envelope = signed_event(DWP, REFUSAL)
    after, before = "2099-01-01T00:00:00Z", "2000-01-01T00:00:00Z"
    late = with_roles("drafter", former_roles=(FormerRole(role="decider", until=after),))
    early = with_roles("drafter", former_roles=(FormerRole(role="decider", until=before),))
    assert open_event(envelope, directory=Known(late), introduced=None, now=NOW, request=REQUEST)
    with pytest.raises(ContentsError):
        open_event(envelope, directory=Known(early), introduced=None, now=NOW, request=REQUEST)


def test_a_newer_card_may_end_a_role_and_not_forget_it() -> None:
    ended = (FormerRole(role="decider", until="2026-03-02T09:30:15Z"),)
    old = replace(DWP.card, officials=(replace(ENTRY, roles=("drafter", "decider")),))
    for entry, keeps in (
        (replace(ENTRY, roles=("drafter", "decider", "signatory")), True),
        (replace(ENTRY, roles=("drafter",), former_roles=ended), True),
        (replace(ENTRY, roles=("drafter",)), False),
    ):
        assert keeps_officials(old, replace(old, officials=(entry,))) is keeps
    once = replace(DWP.card, officials=(replace(ENTRY, roles=("drafter",), former_roles=ended),))
    moved = (FormerRole(role="decider", until="2027-03-02T09:30:15Z"),)
    again = replace(ENTRY, roles=("drafter", "decider"), former_roles=ended)
    assert keeps_officials(once, replace(once, officials=(again,)))
    assert not keeps_officials(once, replace(once, officials=(replace(ENTRY, roles=("drafter",), former_roles=moved),)))
    assert again.roles_at(parse_time("2026-03-02T09:30:15Z")) == {"drafter", "decider"}
