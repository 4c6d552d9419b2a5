"""The request on paper: every answered question with its answer, to read through before sealing and for the supplier to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from msgspec import UNSET

from dsadesk.documents.answer_blocks import answer_blocks
from dsadesk.documents.building import facts, line, size_in_words, table
from dsadesk.documents.layout import Block, Callout, Document, Heading
from dsadesk.documents.reading import Reading
from dsadesk.documents.wording import Language, clean, long_date
from dsadesk.domain.events import Dataset, RequestSubmitted, Sample
from dsadesk.domain.marking import Marking
from dsadesk.questions.model import QuestionSet
from dsadesk.questions.values import misfits

_WORDS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "en": MappingProxyType(
            {
                "subtitle": "Request for data",
                "untitled": "Request without a title",
                "from": "From",
                "to": "To",
                "dataset": "Dataset",
                "publisher": "Published by",
                "identifier": "Identifier",
                "printed": "As it stood on",
                "open": "Not answered yet:",
                "revised": "Given anew in a reply, after the request was sealed:",
                "misfits": "Answers that do not fit their question, as they were sent",
                "samples": "Samples",
                "sign-offs": "Sign-offs by the requester's specialists",
                "file": "File",
                "kind": "What it is",
                "size": "Size",
                "synthetic": "Made up",
                "real": "Real data",
            }
        ),
        "cy": MappingProxyType(
            {
                "subtitle": "Cais am ddata",
                "untitled": "Cais heb deitl",
                "from": "Oddi wrth",
                "to": "At",
                "dataset": "Set ddata",
                "publisher": "Cyhoeddwyd gan",
                "identifier": "Dynodydd",
                "printed": "Fel yr oedd ar",
                "open": "Heb eu hateb eto:",
                "revised": "Rhoddwyd o'r newydd mewn ateb, ar ôl selio'r cais:",
                "misfits": "Atebion nad ydynt yn ffitio eu cwestiwn, fel y'u hanfonwyd",
                "samples": "Samplau",
                "sign-offs": "Cymeradwyaeth arbenigwyr y ceisydd",
                "file": "Ffeil",
                "kind": "Beth ydyw",
                "size": "Maint",
                "synthetic": "Data gwneud",
                "real": "Data go iawn",
            }
        ),
    }
)


def request_paper(
    answers: Mapping[str, Any],
    questions: QuestionSet,
    *,
    title: str,
    reference: str,
    marking: Marking,
    requester: str,
    supplier: str,
    printed_on: date,
    version: int = 0,
    dataset: Dataset | None = None,
    samples: Sequence[Sample] = (),
    sign_offs: Sequence[tuple[str, str]] = (),
    revised: Sequence[str] = (),
    language: Language = "en",
) -> Document:
    """The paper for a draft. `sign_offs` are areas with what was said in each. What is still to be answered is named at the end of its section.

    `revised` names the questions whose answers are other than those that were sealed.
    """
    words = _WORDS[language]
    reading = Reading(questions, answers, language)
    blocks: list[Block] = [
        *facts(
            [
                (words["from"], requester),
                (words["to"], supplier),
                (words["dataset"], dataset.title if dataset else ""),
                (words["publisher"], dataset.publisher if dataset else ""),
                (words["identifier"], dataset.identifier if dataset else ""),
                (words["printed"], long_date(printed_on, language)),
            ]
        )
    ]
    if revised:
        blocks.append(Callout("note", "\n".join([words["revised"], *(f"– {reading.label(each)}" for each in revised)])))  # noqa: RUF001 - a dash
    for section in questions.sections:
        here = [question for question in reading.questions if question.section_id == section.id]
        told = list(answer_blocks(reading, here))
        missing = [f"– {reading.label(question.id)}" for question in here if reading.is_open(question.id)]  # noqa: RUF001 - a dash
        if missing:
            told.append(Callout("gap", "\n".join([words["open"], *missing])))
        if told:
            blocks += [Heading(1, line(section.title.in_language(language))), *told]
    blocks += _misfits(reading, questions, answers, words["misfits"])
    if samples:
        rows = [[sample.name, words.get(sample.kind, sample.kind), size_in_words(sample.size)] for sample in samples]
        heads = (words["file"], words["kind"], words["size"])
        blocks += [Heading(1, words["samples"]), *table(words["samples"], heads, rows)]
    if sign_offs:
        blocks += [Heading(1, words["sign-offs"]), *facts(sign_offs)]
    return Document(
        kind="request",
        title=line(title, words["untitled"]),
        subtitle=words["subtitle"],
        reference=line(reference, ""),
        version=version,
        marking=marking,
        language=language,
        blocks=tuple(blocks),
    )


def submission_paper(
    submission: RequestSubmitted,
    questions: QuestionSet,
    *,
    printed_on: date,
    answers: Mapping[str, Any] | None = None,
    sign_offs: Sequence[tuple[str, str]] = (),
    language: Language = "en",
) -> Document:
    """The paper for a request that was sealed, with its sign-offs in words. `answers` are those of today, where replies gave some anew."""
    shown = submission.answers if answers is None else answers
    return request_paper(
        shown,
        questions,
        title=submission.title,
        reference=submission.reference,
        marking=submission.marking,
        requester=submission.requester.name,
        supplier=submission.supplier.name,
        printed_on=printed_on,
        version=submission.version,
        dataset=None if submission.dataset is UNSET else submission.dataset,
        samples=submission.samples,
        sign_offs=sign_offs,
        revised=[name for name, value in shown.items() if submission.answers.get(name) != value],
        language=language,
    )


def _misfits(reading: Reading, questions: QuestionSet, answers: Mapping[str, Any], title: str) -> list[Block]:
    """Answers that no question can take: an old draft has them, and a stranger's bundle may. They are shown, not hidden."""
    odd: list[tuple[str, str]] = []
    for name, value in answers.items():
        question = questions.question(name)
        if question is None or misfits(question, value):
            odd.append((reading.label(name), _plainly(value)))
    told = list(facts(odd))
    return [Heading(1, line(title)), *told] if told else []


def _plainly(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plainly(item)}" for name, item in value.items())
    if isinstance(value, list):
        return "\n".join(map(_plainly, value))
    return "" if value is None else clean(str(value))
