"""Says in plain words what a catalogue record's codes mean for someone who wants the data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dsadesk.catalogue.model import DATA_SHARE_AGREEMENT
from dsadesk.domain.events import Dataset

_ACCESS: Mapping[str, str] = {
    "OPEN": "Anyone. You may not need to ask for it.",
    "INTERNAL": "Only people inside government.",
    "COMMERCIAL": "Whoever accepts its conditions, which may include a fee.",
    "RESTRICTED": "Only named people or organisations.",
}
_CLASSIFICATION: Mapping[str, str] = {
    "OFFICIAL": "OFFICIAL.",
    "SECRET": "SECRET. It must not be asked for or handled with this program.",
    "TOP_SECRET": "TOP SECRET. It must not be asked for or handled with this program.",
    "NOT_APPLICABLE": "Its owner does not use government security classifications.",
}
_FREQUENCY: Mapping[str, str] = {
    "freq:triennial": "Every three years.",
    "freq:biennial": "Every two years.",
    "freq:annual": "Once a year.",
    "freq:semiannual": "Twice a year.",
    "freq:threeTimesAYear": "Three times a year.",
    "freq:quarterly": "Every three months.",
    "freq:bimonthly": "Every two months.",
    "freq:monthly": "Once a month.",
    "freq:semimonthly": "Twice a month.",
    "freq:biweekly": "Every two weeks.",
    "freq:threeTimesAMonth": "Three times a month.",
    "freq:weekly": "Once a week.",
    "freq:semiweekly": "Twice a week.",
    "freq:threeTimesAWeek": "Three times a week.",
    "freq:daily": "Every day.",
    "freq:continuous": "All the time.",
    "freq:irregular": "At no fixed times.",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ISO_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?(?:T.*)?\Z")
_OPEN_GOVERNMENT_LICENCE = re.compile(r"nationalarchives\.gov\.uk/doc/open-government-licence(?:/version/([0-9]+))?")


def summary_lines(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """A label and its words for each thing that a dataset's record says; what it does not say is left out, but for the licence."""
    lines = (
        ("What it is", dataset.description),
        ("Owner", dataset.publisher),
        ("Who may have it", _ACCESS.get(dataset.access_rights, dataset.access_rights)),
        ("Classification", _CLASSIFICATION.get(dataset.security_classification, dataset.security_classification)),
        ("Licence", _licence(dataset.licence)),
        ("Updated", _FREQUENCY.get(dataset.update_frequency, dataset.update_frequency)),
        ("Last changed", plain_date(dataset.modified)),
        ("Ask", ", ".join(part for part in (dataset.contact_name, dataset.contact_email) if part)),
    )
    return tuple((label, words) for label, words in lines if words)


def plain_date(text: str) -> str:
    """Writes `2026-03-02` as "2 March 2026" and `2026-03` as "March 2026"; any other text stays as it is."""
    match = _ISO_DATE.match(text)
    if match is None:
        return text
    year, month, day = match.groups()
    parts = [str(int(day))] if day else []
    parts += [_MONTHS[int(month) - 1]] if month else []
    return " ".join([*parts, year])


def _licence(licence: str) -> str:
    if licence == DATA_SHARE_AGREEMENT:
        return "Shared only under a data sharing agreement."
    match = _OPEN_GOVERNMENT_LICENCE.search(licence)
    if match is None:
        return licence or "The record names none."
    return " ".join(["Open Government Licence", *(f"{version}.0" for version in match.groups() if version)])
