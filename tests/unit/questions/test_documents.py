from __future__ import annotations

import re
from typing import get_args

from dsadesk.questions.check import check_answers_file
from dsadesk.questions.model import Kind, QuestionSet
from dsadesk.questions.sentences import CODES
from dsadesk.questions.visible import applicable
from tests.unit.questions.small_sets import ROOT
from tests.unit.questions.test_released_sets import BASE, EVERYTHING, PERSONAL

FORMAT = (ROOT / "docs" / "formats" / "questions.md").read_text("utf-8")
MANUAL = (ROOT / "docs" / "user" / "answering.md").read_text("utf-8")
SOURCE = "".join(path.read_text("utf-8") for path in sorted((ROOT / "src" / "dsadesk" / "questions").glob("*.py")))


def test_every_code_that_can_be_raised_or_found_is_written_down() -> None:
    raised = set(re.findall(r'(?:[eE]rror|Misfit)\(\s*(?:[^"()]+, )?"([a-z-]+)"', SOURCE))
    broken = set(re.findall(r'_must\(.*?, "([a-z]+-[a-z-]+)"', SOURCE))
    assert {"answers-refused", "condition-cycle", "key-twice"} <= raised
    assert {"id-twice", "limit-missing"} <= broken
    written = set(re.findall(r"`([a-z-]+)`", FORMAT))
    assert (raised | broken | CODES) - written == set()


def test_every_type_is_written_down() -> None:
    assert all(f"`{kind}`" in FORMAT for kind in get_args(Kind))


def test_the_example_in_the_manual_can_be_brought_in(core_set: QuestionSet) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", MANUAL, re.DOTALL)
    assert check_answers_file(core_set, example.encode())["about.nations"] == ["england", "wales"]


def test_the_numbers_in_the_manual_are_right(core_set: QuestionSet) -> None:
    assert "sixteen sections" in MANUAL
    assert len(core_set.sections) == 16
    assert "about 35 questions" in MANUAL
    assert abs(len(applicable(core_set, BASE)) - 35) <= 3
    assert "about 60" in MANUAL
    assert abs(len(applicable(core_set, PERSONAL)) - 60) <= 3
    assert len(applicable(core_set, EVERYTHING)) > 0.95 * len(core_set.index)
