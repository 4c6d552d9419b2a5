"""Carrying the answers of a draft over to a newer question set. No answer is ever lost: what finds no place is set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from dsadesk.questions.model import Answer, Answers, QuestionSet
from dsadesk.questions.values import misfits


class Moved(Struct, frozen=True):
    """An answer whose question has a new id."""

    old_id: str
    new_id: str
    value: Answer


class Carried(Struct, frozen=True):
    """Where each answer went: to the same question, to a renamed one, or to none that can take it."""

    kept: Mapping[str, Answer]
    moved: tuple[Moved, ...]
    orphaned: Mapping[str, Answer]

    def answers(self) -> dict[str, Answer]:
        """Return the answers that the new set asks for, by their new ids."""
        return {**self.kept, **{found.new_id: found.value for found in self.moved}}


def carry_over(old_answers: Answers, new_set: QuestionSet) -> Carried:
    """Return every old answer, sorted by where it belongs in the new set.

    An answer that the question of the same id can take is kept. One whose question names the old id under `formerly`
    moves, unless its new place is taken. Texts that became rows of one table move together: each then has the whole table as its value. Everything else is orphaned, to be shown and to be placed by a person.
    """
    kept = {old_id: value for old_id, value in old_answers.items() if _fits(new_set, old_id, value)}
    rows = dict(_rows(old_answers, new_set))
    renamed = {former: question.id for question in new_set.questions() for former in question.formerly}
    moved: list[Moved] = []
    orphaned: dict[str, Answer] = {}
    taken = set(kept)
    for old_id, value in old_answers.items():
        if old_id in kept:
            continue
        new_id = renamed.get(old_id)
        if new_id is not None and new_id not in taken and _fits(new_set, new_id, value):
            taken.add(new_id)
            moved.append(Moved(old_id, new_id, value))
        elif old_id in rows and rows[old_id][0] not in kept:
            moved.append(Moved(old_id, *rows[old_id]))
        else:
            orphaned[old_id] = value
    return Carried(kept, tuple(moved), orphaned)


def set_aside(answers: Answers, question_set: QuestionSet) -> dict[str, Answer]:
    """Return the answers of a draft that no question asks for any more, by their old ids. What lives on under another id is not among them."""
    orphaned = carry_over(answers, question_set).orphaned
    return {old_id: value for old_id, value in orphaned.items() if not _lives_on(old_id, answers, question_set)}


def _lives_on(old_id: str, answers: Answers, question_set: QuestionSet) -> bool:
    for question in question_set.questions():
        here = answers.get(question.id)
        if old_id in question.formerly and here is not None:
            others = [former for former in question.formerly if former in answers and former != old_id]
            return not others or here == answers[old_id]
        needs = [need for need in question.limits.rows_with if need.formerly == old_id]
        if needs and isinstance(here, list):
            return any(isinstance(row, dict) and row.get(needs[0].column) == needs[0].value for row in here)
    return False


def _rows(old_answers: Answers, new_set: QuestionSet) -> Iterator[tuple[str, tuple[str, Answer]]]:
    """Yield the old id of each text that a table has a set row for, with the table's id and all rows that the answers fill."""
    for question in new_set.questions():
        if not question.has_set_rows:
            continue
        first, text = (column.id for column in question.columns)
        found = {
            need.formerly: {first: need.value, text: old_answers[need.formerly]}
            for need in question.limits.rows_with
            if isinstance(old_answers.get(need.formerly), str)
        }
        table: Any = list(found.values())
        if found and _fits(new_set, question.id, table):
            yield from ((old_id, (question.id, table)) for old_id in found)


def _fits(question_set: QuestionSet, question_id: str, value: Answer) -> bool:
    question = question_set.question(question_id)
    return question is not None and not misfits(question, value)
