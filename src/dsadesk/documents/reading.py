"""Answers as a document needs them: only those that count, in words, with a note of which were used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dsadesk.documents.wording import clean
from dsadesk.questions import describe
from dsadesk.questions.model import Answer, Question, QuestionSet
from dsadesk.questions.values import counts
from dsadesk.questions.visible import View

Row = Mapping[str, str]
"""Column id to words; a blank cell is missing."""


class Reading:
    """One set of answers read against a question set. It never fails, whatever the answers are; `used` grows as they are read."""

    def __init__(self, questions: QuestionSet, answers: Mapping[str, Any], language: str = "en") -> None:
        self._view = View(questions, answers)
        self._questions = questions
        self.language = language
        self.details_word = "Manylion" if language == "cy" else "Details"
        self.used: set[str] = set()
        self.answers: dict[str, Answer] = {}
        for question in self._view.questions:
            answer = self._view.as_asked(question)
            if answer is not None and counts(question, answer):
                self.answers[question.id] = answer

    def words(self, question_id: str) -> str:
        """The answer in words, or "" when there is none that counts."""
        self.used.add(question_id)
        question = self._questions.question(question_id)
        if question is None or question_id not in self.answers:
            return ""
        return clean(describe.words(question, self.answers[question_id], self.language))

    def value(self, question_id: str) -> Answer | None:
        """The answer as it was given, or None when there is none that counts."""
        self.used.add(question_id)
        return self.answers.get(question_id)

    def rows(self, question_id: str) -> list[Row]:
        """The rows of a table by column id, in words."""
        self.used.add(question_id)
        question = self._questions.question(question_id)
        answer = self.answers.get(question_id)
        return list(self._rows(question, answer)) if question is not None and isinstance(answer, list) else []

    def _rows(self, question: Question, answer: list[Any]) -> Iterator[Row]:
        for row in answer:
            described: dict[str, str] = {}
            for column in question.columns:
                cell = describe.rows(question, [{column.id: row.get(column.id, "")}], self.language)
                text = clean(next(iter(cell[0].values()))) if cell else ""
                if text:
                    described[column.id] = text
            yield described

    def raw_rows(self, question_id: str) -> list[Row]:
        """The rows of a table by column id, as they were given."""
        answer = self.value(question_id)
        return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []

    def label(self, question_id: str) -> str:
        """What the question asks, or its id when the set does not know it."""
        question = self._questions.question(question_id)
        return clean(question.label.in_language(self.language), one_line=True) if question else clean(question_id)

    def knows(self, question_id: str) -> bool:
        """Whether the set has this question."""
        return self._questions.question(question_id) is not None

    def is_open(self, question_id: str) -> bool:
        """Whether the question applies, should be answered, and is not."""
        question = self._questions.question(question_id)
        return (
            question is not None
            and question in self._view.questions
            and question_id not in self.answers
            and self._view.is_wanted(question)
        )

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that apply, in the order of the form."""
        return self._view.questions
