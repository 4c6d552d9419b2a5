"""Standing terms as data: each clause with its source and the day on which that was checked (docs/formats/agreement.md)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from dsadesk.documents.agreement_type import TRAITS, AgreementType
from dsadesk.errors import InputError
from dsadesk.questions.strict_json import parse_json

FORMAT = "dsadesk-clauses/1"
MAX_BYTES = 1 << 20
MAX_DEPTH = 8
SECTIONS = frozenset(
    {
        "parties",
        "purpose",
        "legal",
        "data",
        "people",
        "movement",
        "security",
        "keeping",
        "outputs",
        "risks",
        "conditions",
        "running",
    }
)
"""The sections of an agreement that take clauses."""

Said = Annotated[str, Meta(min_length=1, max_length=2_000)]


class TypeTerms(Struct, frozen=True, forbid_unknown_fields=True):
    """What one type of agreement is called and what it is."""

    type: AgreementType
    title: Annotated[str, Meta(min_length=1, max_length=120)]
    about: Said
    source: Said
    url: str = ""


class Clause(Struct, frozen=True, forbid_unknown_fields=True):
    """One standing term. It applies where all traits in `when` hold and none in `unless`."""

    id: Said
    section: str
    text: Said
    source: Said
    dated: date
    url: str = ""
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def applies(self, traits: frozenset[str]) -> bool:
        """Whether the clause belongs in an agreement with these traits."""
        return traits.issuperset(self.when) and traits.isdisjoint(self.unless)


class Clauses(Struct, frozen=True, forbid_unknown_fields=True):
    """A dated collection of standing terms that an organisation can replace. It is not legal advice and says so."""

    format: str
    id: Said
    title: Said
    dated: date
    notice: Said
    types: tuple[TypeTerms, ...]
    clauses: tuple[Clause, ...]

    def terms_of(self, kind: AgreementType) -> TypeTerms:
        """The terms of a type; there are terms for every type."""
        return next(terms for terms in self.types if terms.type is kind)

    def chosen(self, section: str, traits: frozenset[str]) -> tuple[Clause, ...]:
        """The clauses of a section that apply, in their order in the file."""
        return tuple(clause for clause in self.clauses if clause.section == section and clause.applies(traits))


def parse_clauses(data: bytes) -> Clauses:
    """Reads a clauses file.

    Raises: InputError with a `path`: what `parse_json` refuses, "clauses-format", "clauses-shape", "clauses-key-twice",
        "clauses-type-missing", "clauses-id-twice", "clauses-section-unknown", "clauses-trait-unknown".
    """
    parsed = parse_json(data, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH, error=InputError)
    if parsed.repeated:
        raise InputError("clauses-key-twice", path=parsed.repeated[0])
    if not isinstance(parsed.value, dict) or parsed.value.get("format") != FORMAT:
        raise InputError("clauses-format", path="format")
    try:
        clauses = msgspec.convert(parsed.value, Clauses)
    except msgspec.ValidationError as error:
        found = re.search(r"at `\$\.?(.*)`\Z", str(error), re.DOTALL)
        raise InputError("clauses-shape", path=found.group(1) if found else "") from None
    _check(clauses)
    return clauses


def _check(clauses: Clauses) -> None:
    for kind in AgreementType:
        if [terms.type for terms in clauses.types].count(kind) != 1:
            raise InputError("clauses-type-missing", path="types", type=kind.value)
    seen: set[str] = set()
    for place, clause in enumerate(clauses.clauses):
        path = f"clauses[{place}]"
        if clause.id in seen:
            raise InputError("clauses-id-twice", path=f"{path}.id")
        seen.add(clause.id)
        if clause.section not in SECTIONS:
            raise InputError("clauses-section-unknown", path=f"{path}.section")
        if not TRAITS.issuperset((*clause.when, *clause.unless)):
            raise InputError("clauses-trait-unknown", path=path)
