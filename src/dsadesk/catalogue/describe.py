"""Says in plain words what a catalogue record's codes mean for someone who wants the data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dsadesk.catalogue.model import DATA_SHARE_AGREEMENT
from dsadesk.domain.events import Dataset

_ACCESS: Mapping[str, str] = {
    "OPEN": "Anyone may have this data. You may not need to ask for it.",
    "INTERNAL": "Only people inside government may have this data.",
    "COMMERCIAL": "This data can be had on conditions, which may include a fee.",
    "RESTRICTED": "Only named people or organisations may have this data.",
}
_CLASSIFICATION: Mapping[str, str] = {
    "OFFICIAL": "It is classified as OFFICIAL.",
    "SECRET": "It is classified as SECRET. It must not be asked for or handled with this program.",
    "TOP_SECRET": "It is classified as TOP SECRET. It must not be asked for or handled with this program.",
    "NOT_APPLICABLE": "Its owner does not use government security classifications.",
}
_FREQUENCY: Mapping[str, str] = {
    "freq:triennial": "every three years",
    "freq:biennial": "every two years",
    "freq:annual": "once a year",
    "freq:semiannual": "twice a year",
    "freq:threeTimesAYear": "three times a year",
    "freq:quarterly": "every three months",
    "freq:bimonthly": "every two months",
    "freq:monthly": "once a month",
    "freq:semimonthly": "twice a month",
    "freq:biweekly": "every two weeks",
    "freq:threeTimesAMonth": "three times a month",
    "freq:weekly": "once a week",
    "freq:semiweekly": "twice a week",
    "freq:threeTimesAWeek": "three times a week",
    "freq:daily": "every day",
    "freq:continuous": "all the time",
    "freq:irregular": "at no fixed times",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ISO_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?(?:T.*)?\Z")
_OPEN_GOVERNMENT_LICENCE = re.compile(r"nationalarchives\.gov\.uk/doc/open-government-licence(?:/version/([0-9]+))?")


def describe(dataset: Dataset) -> tuple[str, ...]:
    """Sentences about a dataset: who may have it, how it is classified, its licence, how fresh it is and whom to ask."""
    lines = (
        _ACCESS.get(dataset.access_rights) or _unknown("Access rights", dataset.access_rights),
        _CLASSIFICATION.get(dataset.security_classification)
        or _unknown("Security classification", dataset.security_classification),
        _licence(dataset.licence),
        _freshness(dataset),
        _contact(dataset),
    )
    return tuple(line for line in lines if line)


def plain_date(text: str) -> str:
    """Writes `2026-03-02` as "2 March 2026" and `2026-03` as "March 2026"; any other text stays as it is."""
    match = _ISO_DATE.match(text)
    if match is None:
        return text
    year, month, day = match.groups()
    parts = [str(int(day))] if day else []
    parts += [_MONTHS[int(month) - 1]] if month else []
    return " ".join([*parts, year])


def _unknown(label: str, value: str) -> str:
    return f"{label}: {value}." if value else ""


def _licence(licence: str) -> str:
    if licence == DATA_SHARE_AGREEMENT:
        return "It is shared only under a data sharing agreement."
    match = _OPEN_GOVERNMENT_LICENCE.search(licence)
    if match is None:
        return f"Licence: {licence}" if licence else "The record names no licence."
    return f"Licence: {' '.join(['Open Government Licence', *(f'{part}.0' for part in match.groups() if part)])}."


def _freshness(dataset: Dataset) -> str:
    frequency = _FREQUENCY.get(dataset.update_frequency, "")
    changed = f"last changed {_when(dataset.modified)}" if dataset.modified else ""
    if frequency:
        return f"Updated {frequency}{', ' + changed if changed else ''}."
    if dataset.update_frequency:
        return f"Updated: {dataset.update_frequency}{', ' + changed if changed else ''}."
    return f"L{changed[1:]}." if dataset.modified and _ISO_DATE.match(dataset.modified) else ""


def _when(modified: str) -> str:
    return f"{'on' if modified[7:8] == '-' else 'in'} {plain_date(modified)}"


def _contact(dataset: Dataset) -> str:
    if dataset.contact_name and dataset.contact_email:
        return f"Ask {dataset.contact_name} at {dataset.contact_email}."
    return (
        f"Ask {dataset.contact_name or dataset.contact_email}." if dataset.contact_name or dataset.contact_email else ""
    )
