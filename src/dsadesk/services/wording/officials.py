"""Officials in words: what each may say, who may say what somebody else may not, and how a newcomer stands to those on the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dsadesk.domain.organisation import Official
from dsadesk.domain.roles import ADMIN, DECIDER, DRAFTER, SIGNATORY
from dsadesk.domain.sign_off import Area
from dsadesk.services.admitting import Standing
from dsadesk.services.wording.amounts import count_words
from dsadesk.services.wording.plain import NAME_LIMIT, plain
from dsadesk.services.wording.sign_offs import area_name

ROLE_WORDS: Mapping[str, str] = {
    ADMIN: "looks after the keys",
    SIGNATORY: "signs agreements",
    DECIDER: "decides",
    DRAFTER: "writes",
} | {area.value: f"signs off {area_name(area).lower()}" for area in Area}
"""What somebody with a role does."""

_LACKING: Mapping[str, str] = {
    DECIDER: "Your organisation's card does not name you for deciding, so agreeing and refusing are left to others.",
    SIGNATORY: "Your organisation's card does not name you for signing agreements.",
    DRAFTER: "Your organisation's card does not name you for writing, so you can read this and say nothing about it.",
}
_NOBODY: Mapping[str, str] = {
    DECIDER: "It names nobody else for it. Ask whoever looks after the keys.",
    SIGNATORY: "It names nobody else for it. Ask whoever looks after the keys.",
    DRAFTER: "Ask whoever looks after the keys.",
}


def lacking_sentence(role: str, holders: Sequence[Official]) -> str:
    """Why something is not offered to whoever lacks a role, and who has it."""
    if role == DRAFTER or not holders:
        return f"{_LACKING[role]} {_NOBODY[role]}"
    named = "; ".join(f"{plain(each.name, NAME_LIMIT)}, {plain(each.post, NAME_LIMIT)}" for each in holders)
    return f"{_LACKING[role]} It names: {named}."


def standing_sentences(standing: Standing) -> tuple[str, ...]:
    """What to know of a newcomer before they are let in."""
    said = []
    if standing.namesake is not None:
        name = plain(standing.namesake.name, NAME_LIMIT)
        said.append(
            f"There is a {name} on your card already, with other recovery words. Let in like this, they are two people to everybody. "
            "If it is one person with a second laptop, have them set it up again with “Yes, and I have used it before on another laptop” and their recovery words."
        )
    if standing.laptops:
        many = count_words(standing.laptops, "one laptop", "# laptops")
        said.append(f"They are on your card already with {many}. This is one more of the same person.")
    return tuple(said)
