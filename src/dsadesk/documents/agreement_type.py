"""Which type of agreement the answers call for, and the traits of a sharing that decide which clauses it takes.

The order of the types follows what the law asks for first: a contract with a processor (UK GDPR, Article 28), an information sharing
agreement under the Digital Economy Act 2017 (its codes of practice), an arrangement of joint controllers (Article 26). Then comes
what moves: nothing, data both ways, data once, data again and again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class AgreementType(StrEnum):
    """The types of agreement."""

    ONE_OFF_USAGE = "one-off-usage"
    ONE_WAY_SHARING = "one-way-sharing"
    RECIPROCAL_SHARING = "reciprocal-sharing"
    JOINT_CONTROLLERS = "joint-controllers"
    PROCESSOR_CONTRACT = "processor-contract"
    DEA_INFORMATION_SHARING = "dea-information-sharing"
    ACCESS_IN_PLACE = "access-in-place"


TRAITS = frozenset(
    {
        "conditions",
        "decides-alone",
        "digital-economy",
        "ends-with-certificate",
        "in-place",
        "joint",
        "linked",
        "moves",
        "no-removable-media",
        "onward",
        "outside-uk",
        "personal",
        "policy-document",
        "processor",
        "records",
        "separate-controllers",
    }
)
"""What a clause may ask about a sharing. `conditions` comes from the decision, all others from the answers."""

_PERSONAL = frozenset({"personal", "special", "criminal", "children"})
_RECORDS = frozenset({"anonymised", "pseudonymised", "identifiable"})
_STAYS = frozenset({"result", "in_place", "check"})
_MEANS_REQUESTER = frozenset({"requester", "the requester", "we", "us"})
_MEANS_SUPPLIER = frozenset({"supplier", "the supplier"})


def agreement_type(answers: Mapping[str, Any]) -> AgreementType:
    """The type that the answers call for. Answers to questions that do not apply must be left out."""
    traits = traits_of(answers)
    if "processor" in traits:
        return AgreementType.PROCESSOR_CONTRACT
    if "digital-economy" in traits:
        return AgreementType.DEA_INFORMATION_SHARING
    if "joint" in traits:
        return AgreementType.JOINT_CONTROLLERS
    if "in-place" in traits:
        return AgreementType.ACCESS_IN_PLACE
    if _flows_both_ways(answers):
        return AgreementType.RECIPROCAL_SHARING
    return AgreementType.ONE_OFF_USAGE if answers.get("least.rhythm") == "one_off" else AgreementType.ONE_WAY_SHARING


def traits_of(answers: Mapping[str, Any]) -> frozenset[str]:
    """The traits that hold, by the answers."""
    roles = _roles(answers)
    of_parties = [role for party, role in roles if side_of_party(answers, party)]
    in_place = _text(answers, "least.way") in _STAYS or answers.get("setting.where") == "supplier"
    held = {
        "decides-alone": "decide" in _options(answers, "protection.automated"),
        "digital-economy": _text(answers, "legal.gateway").startswith("dea_"),
        "ends-with-certificate": bool(answers.get("keeping.end")),
        "in-place": in_place,
        "joint": any(role == "joint" for _, role in roles),
        "linked": answers.get("linking.any") is True,
        "moves": not in_place,
        "no-removable-media": answers.get("setting.removable") is False,
        "onward": answers.get("outputs.onward") is True,
        "outside-uk": answers.get("protection.outside_uk") is True,
        "personal": not _PERSONAL.isdisjoint(_options(answers, "least.contains")),
        "policy-document": bool(answers.get("protection.policy")),
        "processor": "processor" in of_parties,
        "records": _text(answers, "least.way") in _RECORDS,
        "separate-controllers": of_parties.count("controller") > 1,
    }
    return frozenset(trait for trait, holds in held.items() if holds)


def role_of(answers: Mapping[str, Any], side: str) -> str:
    """The data protection role that the answers give to "requester" or "supplier", or ""."""
    return next((role for party, role in _roles(answers) if side_of_party(answers, party) == side), "")


def _roles(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(row.get("party", "")), str(row.get("role", ""))) for row in _rows(answers, "protection.roles")]


def _flows_both_ways(answers: Mapping[str, Any]) -> bool:
    if "setting.back" in answers:
        return answers["setting.back"] is True
    steps = {
        (side_of_party(answers, str(row.get("from", ""))), side_of_party(answers, str(row.get("to", ""))))
        for row in _rows(answers, "setting.flow")
    }
    return {("requester", "supplier"), ("supplier", "requester")} <= steps


def side_of_party(answers: Mapping[str, Any], party: str) -> str:
    """Which side a party named in an answer is on, or "" for a third party."""
    name = _folded(party)
    if name and name in {_folded(answers.get("about.organisation")), *_MEANS_REQUESTER}:
        return "requester"
    return "supplier" if name and name in {_folded(answers.get("about.supplier")), *_MEANS_SUPPLIER} else ""


def _folded(name: object) -> str:
    return " ".join(str(name or "").casefold().split())


def _list(answers: Mapping[str, Any], question: str) -> list[Any]:
    value = answers.get(question)
    return value if isinstance(value, list) else []


def _options(answers: Mapping[str, Any], question: str) -> frozenset[str]:
    return frozenset(item for item in _list(answers, question) if isinstance(item, str))


def _text(answers: Mapping[str, Any], question: str) -> str:
    value = answers.get(question)
    return value if isinstance(value, str) else ""


def _rows(answers: Mapping[str, Any], question: str) -> list[Mapping[str, Any]]:
    return [row for row in _list(answers, question) if isinstance(row, dict)]
