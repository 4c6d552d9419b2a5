"""Checks a record against the rules of its shape, one row a property, and says every problem at once.

A missing licence or version is told and does not refuse: a dataset that can only be had by agreement has no licence to name
yet, and the model reads a missing version as the first one. Everything else that the model requires is required here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from dsadesk.catalogue.model import (
    ACCESS_RIGHTS,
    CONTACT_ROLES,
    DATASET_TYPES,
    MARKETPLACE_ACCESS_RIGHTS,
    MARKETPLACE_DATASET_TYPE,
    MARKETPLACE_TYPES,
    MAX_DESCRIPTION,
    MAX_TEXT,
    OTHER_TYPES,
    SECURITY_CLASSIFICATIONS,
    UPDATE_FREQUENCIES,
    Problem,
    Record,
    Shape,
)

Check = Callable[[str, Any], Iterator[Problem]]


class Rule(NamedTuple):
    """What one property must be. `gap_is_fine` tells of a missing required property without refusing the record."""

    check: Check
    required: bool = False
    gap_is_fine: bool = False


_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s.,;<>]+(?:\.[^@\s.,;<>]+)+\Z")
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?)?)?\Z")
_MEDIA_TYPE = re.compile(r"(?:application|audio|font|image|message|model|multipart|text|video)/\S+\Z")
_SPACE = re.compile(r"\s")


def check_dataset(record: Record, path: str, shape: Shape = Shape.EXCHANGE) -> tuple[Problem, ...]:
    """Every problem of a dataset's record, in the order of the rules; empty when it is valid."""
    return tuple(_by_rules(record, path, _RULES[shape]))


def check_contact_point(record: Any, path: str) -> tuple[Problem, ...]:
    """Every problem of a contact point; empty when it is valid."""
    return tuple(_contact_point(path, record))


def has_address_form(text: str) -> bool:
    """Says whether the text could be an e-mail address."""
    return _EMAIL.match(text) is not None


def _by_rules(record: Record, path: str, rules: Mapping[str, Rule]) -> Iterator[Problem]:
    for name, rule in rules.items():
        value = record.get(name)
        if value is None or value in ("", [], {}):
            if rule.required:
                yield Problem(f"{path}/{name}", "missing", {"property": name}, refuses=not rule.gap_is_fine)
        else:
            yield from rule.check(f"{path}/{name}", value)
    for name in record:
        if name not in rules:
            yield Problem(f"{path}/{name[:60]}", "property-unknown", {"property": name[:60]}, refuses=False)


# ---------------------------------------------------------------- checks, each for one kind of value


def _text(path: str, value: Any) -> Iterator[Problem]:
    yield from _text_up_to(MAX_TEXT)(path, value)


def _text_up_to(limit: int, *, refuses: bool = True) -> Check:
    def check(path: str, value: Any) -> Iterator[Problem]:
        if isinstance(value, list):
            yield Problem(path, "not-single", {"values": len(value)})
        elif not isinstance(value, str):
            yield Problem(path, "not-text")
        elif len(value) > limit:
            yield Problem(path, "too-long", {"length": len(value), "limit": limit}, refuses=refuses)

    return check


def _one_of(allowed: Collection[str]) -> Check:
    def check(path: str, value: Any) -> Iterator[Problem]:
        found = tuple(_text(path, value))
        yield from found
        if not found and value not in allowed:
            yield Problem(path, "unknown-value", {"value": value[:80], "allowed": tuple(allowed)})

    return check


def _many(each: Check) -> Check:
    def check(path: str, value: Any) -> Iterator[Problem]:
        for number, item in enumerate(value if isinstance(value, list) else [value], start=1):
            yield from each(f"{path}/{number}", item)

    return check


def _date(path: str, value: Any) -> Iterator[Problem]:
    found = tuple(_text(path, value))
    yield from found
    if not found and _DATE.match(value) is None:
        yield Problem(path, "date-invalid", {"value": value[:40]}, refuses=False)


def _email(path: str, value: Any) -> Iterator[Problem]:
    found = tuple(_text(path, value))
    yield from found
    if not found and not has_address_form(value):
        yield Problem(path, "email-invalid", {"value": value[:120]})


def _contact_point(path: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, dict):
        yield from _by_rules(value, path, _CONTACT_POINT)
    else:
        yield Problem(path, "contact-point-not-a-record")


def _marketplace_contacts(path: str, value: Any) -> Iterator[Problem]:
    for number, contact in enumerate(value if isinstance(value, list) else [value], start=1):
        if isinstance(contact, dict):
            yield from _by_rules(contact, f"{path}/{number}", _MARKETPLACE_CONTACT)
        else:
            yield Problem(f"{path}/{number}", "contact-point-not-a-record")


def _marketplace_licence(path: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, dict):
        yield from _by_rules(value, path, _MARKETPLACE_LICENCE)
    else:
        yield Problem(path, "licence-not-a-record")


def _type(path: str, value: Any) -> Iterator[Problem]:
    found = tuple(_text(path, value))
    yield from found
    if found or value in DATASET_TYPES:
        return
    if value in OTHER_TYPES:
        yield Problem(path, "not-a-dataset", {"type": value})
    else:
        yield Problem(path, "unknown-value", {"value": value[:80], "allowed": DATASET_TYPES[:1]})


def _marketplace_type(path: str, value: Any) -> Iterator[Problem]:
    kinds = value if isinstance(value, list) else [value]
    unknown = [kind for kind in kinds if kind not in MARKETPLACE_TYPES]
    if unknown:
        yield Problem(path, "unknown-value", {"value": str(unknown[0])[:80], "allowed": MARKETPLACE_TYPES})
    elif MARKETPLACE_DATASET_TYPE not in kinds:
        yield Problem(path, "not-a-dataset", {"type": str(kinds[0])})


def _reference(path: str, value: Any) -> Iterator[Problem]:
    """A distribution of the exchange model is named, not described in place."""
    if not isinstance(value, str):
        yield Problem(path, "not-a-reference")
    elif _SPACE.search(value) or ":" not in value:
        yield Problem(path, "not-a-reference", {"value": value[:120]})


def _described_distribution(path: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, "distribution-not-a-record")
        return
    media = value.get("mediaType")
    for item in media if isinstance(media, list) else [media]:
        if isinstance(item, str) and item and _MEDIA_TYPE.match(item) is None:
            yield Problem(f"{path}/mediaType", "media-type-unknown", {"value": item[:80]}, refuses=False)


# ---------------------------------------------------------------- the rules


_CONTACT_POINT: Mapping[str, Rule] = {
    "contactName": Rule(_text, required=True),
    "email": Rule(_email, required=True),
    "telephone": Rule(_text),
    "address": Rule(_text),
}
_MARKETPLACE_CONTACT: Mapping[str, Rule] = {
    "name": Rule(_text, required=True),
    "email": Rule(_email, required=True),
    "role": Rule(_one_of(CONTACT_ROLES), required=True),
}
_MARKETPLACE_LICENCE: Mapping[str, Rule] = {"title": Rule(_text), "licenseURL": Rule(_text, required=True)}
_EXCHANGE: Mapping[str, Rule] = {
    "identifier": Rule(_text, required=True),
    "type": Rule(_type, required=True),
    "title": Rule(_text, required=True),
    "description": Rule(_text_up_to(MAX_DESCRIPTION), required=True),
    "publisher": Rule(_text, required=True),
    "creator": Rule(_many(_text), required=True),
    "contactPoint": Rule(_contact_point, required=True),
    "accessRights": Rule(_one_of(ACCESS_RIGHTS), required=True),
    "securityClassification": Rule(_one_of(SECURITY_CLASSIFICATIONS), required=True),
    "updateFrequency": Rule(_one_of(UPDATE_FREQUENCIES), required=True),
    "modified": Rule(_date, required=True),
    "licence": Rule(_text, required=True, gap_is_fine=True),
    "version": Rule(_text, required=True, gap_is_fine=True),
    "summary": Rule(_text_up_to(250, refuses=False)),
    "alternativeTitle": Rule(_many(_text)),
    "keyword": Rule(_many(_text)),
    "theme": Rule(_many(_text)),
    "issued": Rule(_date),
    "created": Rule(_date),
    "relatedResource": Rule(_many(_text)),
    "distribution": Rule(_many(_reference)),
}
_MARKETPLACE: Mapping[str, Rule] = {
    "identifier": Rule(_text, required=True),
    "type": Rule(_marketplace_type, required=True),
    "title": Rule(_text, required=True),
    "description": Rule(_text_up_to(MAX_DESCRIPTION), required=True),
    "publisher": Rule(_text, required=True),
    "contactPoint": Rule(_marketplace_contacts, required=True),
    "accessRights": Rule(_one_of(MARKETPLACE_ACCESS_RIGHTS)),
    "securityClassification": Rule(_one_of(SECURITY_CLASSIFICATIONS)),
    "updateFrequency": Rule(_text),
    "modified": Rule(_date),
    "creator": Rule(_text),
    "license": Rule(_marketplace_licence),
    "keyword": Rule(_many(_text)),
    "theme": Rule(_many(_text)),
    "issued": Rule(_date),
    "created": Rule(_date),
    "status": Rule(_text),
    "supplierIdentifier": Rule(_text),
    "distribution": Rule(_many(_described_distribution)),
}
_RULES: Mapping[Shape, Mapping[str, Rule]] = {
    Shape.EXCHANGE: _EXCHANGE,
    Shape.TEMPLATE: {**_EXCHANGE, "distribution": Rule(_many(_described_distribution))},
    Shape.MARKETPLACE: _MARKETPLACE,
}
