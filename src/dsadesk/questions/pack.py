"""A supplier's own questions: a pack that adds sections to the core set when something is asked of that supplier.

A pack adds and never changes: its ids stand in a name space of its organisation, so that nothing of ours and nothing of another's can be
replaced, and its conditions may look at our answers.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from dsadesk.domain.ids import OrganisationId, parse_organisation_id
from dsadesk.errors import InputError
from dsadesk.questions.conditions import ConditionFile
from dsadesk.questions.model import QuestionSet, Section, Source, Text
from dsadesk.questions.parse import (
    _VERSION,
    _check_moves,
    _check_references,
    _must,
    _named,
    _order,
    _SectionFile,
    _sections,
    _SetFile,
    _shape,
)
from dsadesk.questions.strict_json import shown

MAX_QUESTIONS = 60


class QuestionPack(Struct, frozen=True):
    """A pack that has been read: whose it is, which version, and its sections."""

    org: OrganisationId
    version: str
    title: Text
    released: dt.date
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]

    @property
    def count(self) -> int:
        """How many questions it has."""
        return sum(len(section.questions) for section in self.sections)

    @property
    def order(self) -> tuple[int, ...]:
        """Its version as numbers, to compare."""
        return tuple(int(number) for number in self.version.split("."))


class _PackFile(Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["dsadesk-question-pack/1"]
    org: str
    version: str
    title: Text
    released: dt.date
    sections: list[_SectionFile]
    sources: list[Source] = []
    conditions: dict[str, ConditionFile] = {}


def name_space(org: OrganisationId) -> str:
    """What the ids of an organisation's questions begin with, after `own.`: its register identifier with underscores."""
    plain = org.replace("-", "_")
    return plain if plain[0].isalpha() else f"n{plain}"


def parse_question_pack(data: bytes, core: QuestionSet) -> QuestionPack:
    """Reads a pack against the set that it adds to.

    Raises: InputError with a code and the `path` of the first thing that breaks docs/formats/questions.md: as for a set, and
    "id-not-own" and "pack-too-long".
    """
    shape = _shape(data, _PackFile)
    org = parse_organisation_id(OrganisationId(shape.org))
    _must(_VERSION.fullmatch(shape.version) is not None, "version-malformed", "version")
    own = name_space(org)
    as_set = _SetFile(
        format="dsadesk-questions/1",
        id="pack",
        version=shape.version,
        title=shape.title,
        released=shape.released,
        seconds={},
        sources=shape.sources,
        sections=shape.sections,
        conditions=shape.conditions,
    )
    sections = tuple(_sections(as_set, {}, _named(shape.conditions)))
    for at, section in enumerate(sections):
        if not section.id.startswith(f"own_{own}"):
            raise InputError("id-not-own", path=f"sections[{at}].id", id=shown(section.id), own=f"own_{own}")
        for number, question in enumerate(section.questions):
            for name in (question.id, *question.formerly):
                path = f"sections[{at}].questions[{number}].id"
                if not name.startswith(f"own.{own}."):
                    raise InputError("id-not-own", path=path, id=shown(name), own=f"own.{own}.")
    pack = QuestionPack(org, shape.version, shape.title, shape.released, sections, tuple(shape.sources))
    if pack.count > MAX_QUESTIONS:
        raise InputError("pack-too-long", path="sections", count=pack.count, limit=MAX_QUESTIONS)
    merged = merge(core, pack)
    _check_references(merged.sections, merged.index)
    _check_moves(merged.index)
    return pack


def merge(core: QuestionSet, pack: QuestionPack) -> QuestionSet:
    """The core set with the pack's sections before the last, which holds the declarations. Raises: InputError("condition-cycle")."""
    sections = (*core.sections[:-1], *pack.sections, core.sections[-1])
    index = {question.id: question for section in sections for question in section.questions}
    return replace(
        core,
        version=f"{core.version}+{pack.org}/{pack.version}",
        sections=sections,
        sources=(
            *core.sources,
            *(source for source in pack.sources if all(source.id != ours.id for ours in core.sources)),
        ),
        index=index,
        order=_order(index),
    )
