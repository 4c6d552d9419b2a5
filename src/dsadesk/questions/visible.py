"""Which questions apply, given the answers so far, and how far along a person is."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from dsadesk.questions.conditions import holds
from dsadesk.questions.model import Answer, Answers, Condition, Question, QuestionSet
from dsadesk.questions.values import counts, is_answered

SectionState = Literal["not-needed", "not-started", "started", "done"]


class SectionProgress(Struct, frozen=True):
    """How far along one section is. An optional question counts once it is answered."""

    id: str
    title: str
    answered: int
    total: int
    state: SectionState


class Progress(Struct, frozen=True):
    """How far along the whole form is, with a rough number of minutes for what is left."""

    sections: tuple[SectionProgress, ...]
    answered: int
    total: int
    minutes_left: int


class View:
    """A question set seen with one set of answers. Answers to questions that do not apply are kept and not looked at."""

    def __init__(self, question_set: QuestionSet, answers: Answers) -> None:
        self._index = question_set.index
        self._answers = answers
        self._applies: set[str] = set()
        for question_id in question_set.order:
            question = question_set.index[question_id]
            if question.when is None or self.holds(question.when):
                self._applies.add(question_id)
        self.questions = tuple(question for question in question_set.questions() if question.id in self._applies)

    def answer(self, question_id: str) -> Answer | None:
        """Return the answer to a question that applies, or None."""
        return self._answers.get(question_id) if question_id in self._applies else None

    def rows_asked(self, question: Question) -> tuple[str, ...]:
        """Return which rows of a table with set rows are asked for now, in the order of the form."""
        return tuple(need.value for need in question.limits.rows_with if need.when is None or self.holds(need.when))

    def as_asked(self, question: Question) -> Answer | None:
        """Return the answer without the rows that are not asked for now, as it is sealed; or None."""
        answer = self.answer(question.id)
        if not question.has_set_rows or not isinstance(answer, list):
            return answer
        first, asked = question.columns[0].id, self.rows_asked(question)
        return [row for row in answer if isinstance(row, dict) and row.get(first) in asked]

    def holds(self, condition: Condition) -> bool:
        """Tell whether a condition holds, given the answers that count."""
        return holds(condition, self.answer)

    def is_required(self, question: Question) -> bool:
        """Tell whether the question must be answered before the request can be sealed."""
        if isinstance(question.required, str):
            return question.required == "always"
        return self.holds(question.required)

    def is_wanted(self, question: Question) -> bool:
        """Tell whether the question must or should be answered."""
        return question.required == "advised" or self.is_required(question)

    def is_answered(self, question: Question) -> bool:
        """Tell whether the question has an answer that it can take."""
        answer = self.answer(question.id)
        if answer is None or not counts(question, answer):
            return False
        return not question.has_set_rows or self._has_each_row(question, answer)

    def is_finished(self, question: Question) -> bool:
        """Tell whether the question is answered and, where it is a table, no row and no cell that it must have is missing."""
        return self.is_answered(question) and (question.kind != "repeat" or self._is_whole(question))

    def _is_whole(self, question: Question) -> bool:
        answer, limits = self.answer(question.id), question.limits
        rows = [row for row in answer if is_answered(row) and isinstance(row, dict)] if isinstance(answer, list) else []
        needed = [each for each in limits.rows_with if each.when is None or self.holds(each.when)]
        must = [column.id for column in question.columns if column.required]
        return (
            len(rows) >= (limits.min_rows or 0)
            and all(any(row.get(each.column) == each.value for row in rows) for each in needed)
            and all(row.get(column, "").strip() for row in rows for column in must)
        )

    def waiting_for(self, question: Question) -> tuple[str, ...]:
        """Return the questions that have to be answered before this one can be."""
        return tuple(
            needed
            for needed in question.prerequisites
            if needed in self._applies and not self.is_answered(self._index[needed])
        )

    def _has_each_row(self, question: Question, answer: Answer) -> bool:
        first, text = (column.id for column in question.columns)
        rows = [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []
        said = {row.get(first) for row in rows if row.get(text, "").strip()}
        return said >= set(self.rows_asked(question))


def applicable(question_set: QuestionSet, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that apply, in the order of the form."""
    return View(question_set, answers).questions


def progress(question_set: QuestionSet, answers: Answers) -> Progress:
    """Return how much is answered in each section and in all."""
    view = View(question_set, answers)
    sections: list[SectionProgress] = []
    seconds_left = 0
    for section in question_set.sections:
        here = [question for question in view.questions if question.section_id == section.id]
        answered = [question for question in here if view.is_finished(question)]
        missing = [question for question in here if question not in answered and view.is_wanted(question)]
        seconds_left += sum(question_set.seconds[question.kind] for question in missing)
        is_begun = any(view.is_answered(question) for question in here)
        state = _state(here, is_begun=is_begun, lacks=any(view.is_required(question) for question in missing))
        title = section.title.en
        sections.append(SectionProgress(section.id, title, len(answered), len(answered) + len(missing), state))
    return Progress(
        sections=tuple(sections),
        answered=sum(section.answered for section in sections),
        total=sum(section.total for section in sections),
        minutes_left=-(-seconds_left // 60),
    )


def _state(here: list[Question], *, is_begun: bool, lacks: bool) -> SectionState:
    if not here:
        return "not-needed"
    if not is_begun:
        return "not-started"
    return "started" if lacks else "done"
