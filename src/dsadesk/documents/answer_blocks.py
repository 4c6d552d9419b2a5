"""Answers as blocks, whatever they are: tables as tables where they fit the page, all others as pairs of question and answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsadesk.documents.building import facts, table
from dsadesk.documents.layout import Block
from dsadesk.documents.reading import Reading
from dsadesk.documents.wording import clean
from dsadesk.questions.model import Question

MAX_TABLE_COLUMNS = 6
"""A table with more columns than this is hard to read on paper; its rows become a name and a list of details."""


def answer_blocks(reading: Reading, questions: Sequence[Question]) -> Iterator[Block]:
    """The answers to these questions in their order; a question without one is left out."""
    pairs: list[tuple[str, str]] = []
    for question in questions:
        if question.id not in reading.answers:
            continue
        if question.kind != "repeat":
            pairs.append((reading.label(question.id), reading.words(question.id)))
            continue
        yield from facts(pairs)
        pairs = []
        yield from _rows(reading, question)
    yield from facts(pairs)


def _rows(reading: Reading, question: Question) -> Iterator[Block]:
    rows = reading.rows(question.id)
    used = [column for column in question.columns if any(column.id in row for row in rows)]
    labels = [clean(column.label.in_language(reading.language), one_line=True) for column in used]
    caption = reading.label(question.id)
    if len(used) <= MAX_TABLE_COLUMNS:
        yield from table(caption, labels, [[row.get(column.id, "") for column in used] for row in rows])
        return
    first, *rest = used
    asked = [label if label.endswith(("?", ":")) else f"{label}:" for label in labels[1:]]
    details = [
        [row.get(first.id, ""), "\n".join(f"{label} {row[column.id]}" for label, column in zip(asked, rest, strict=True) if column.id in row)]
        for row in rows
    ]  # fmt: skip
    yield from table(caption, (labels[0], reading.details_word), details)
