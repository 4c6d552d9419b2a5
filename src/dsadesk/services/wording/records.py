"""What is to mind about one record of a catalogue file, and about a sample file that could be read all the same."""

from __future__ import annotations

from collections.abc import Mapping

from dsadesk.catalogue.model import Problem
from dsadesk.services.wording.filling import fill
from dsadesk.services.wording.plain import LABEL_LIMIT, plain

_SENTENCES: Mapping[str, str] = {
    "contact-point-not-a-record": "The contact is not written with a name and an address.",
    "date-invalid": "“{value}” is not a date.",
    "distribution-not-a-record": "A distribution is not written as a record.",
    "email-invalid": "“{value}” is not an email address.",
    "identifier-repeated": "Another record of this file has the same identifier.",
    "licence-not-a-record": "The licence is not written with its title and its address.",
    "media-type-unknown": "“{value}” is not a media type.",
    "missing": "“{property}” is missing.",
    "more-problems": "{more:# more thing was|# more things were} found and not listed.",
    "not-a-dataset": "It is not a dataset but “{type}”.",
    "not-a-reference": "A distribution is not named by an address.",
    "not-single": "There are {values} values where one belongs.",
    "not-text": "Something other than text stands here.",
    "property-unknown": "“{property}” is not a property of the metadata model.",
    "rows-disagree": "Line {line} gives another value for “{property}” than the first line of this dataset.",
    "text-cleaned": "Characters that hide or turn the text were taken out.",
    "too-long": "It has {length} characters, and {limit} are the most.",
    "unknown-value": "“{value}” is none of the values that are allowed: {allowed}.",
}
_OTHERWISE = "Something is wrong here that this version has no sentence for ({code})."
_LEFT_OUT = "{where}: {said} The record was left out."
_KEPT = "{where}: {said} The record was kept."

_SAMPLE_WARNINGS: Mapping[str, str] = {
    "encoding-mixed": "Some characters were written in another encoding than the rest and may be wrong.",
    "header-blank": "Column {of} has no heading.",
    "header-repeated": "The heading “{of}” stands over more than one column.",
}
_SAMPLE_WARNING_OTHERWISE = "There is something to mind about this file that this version has no sentence for ({code})."


def record_problem_sentence(problem: Problem) -> str:
    """What is wrong, where, and whether the record was left out or kept."""
    said = fill(_SENTENCES.get(problem.code, _OTHERWISE), {**problem.fields, "code": problem.code})
    if not problem.path:
        return said
    frame = _LEFT_OUT if problem.refuses else _KEPT
    record, _, part = problem.path.partition("/")
    where = ", ".join(each for each in (f"Record {record}", part.replace("/", ", ")) if each)
    return frame.format(where=plain(where, LABEL_LIMIT), said=said)


def sample_warning_sentence(warning: str) -> str:
    """What is to mind about a sample, from a warning of its profile: a code, perhaps with `:` and what it is about."""
    code, _, of = warning.partition(":")
    return fill(_SAMPLE_WARNINGS.get(code, _SAMPLE_WARNING_OTHERWISE), {"of": of, "code": code})
