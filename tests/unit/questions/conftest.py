from __future__ import annotations

import pytest

from dsadesk.questions.model import QuestionSet
from tests.unit.questions.small_sets import released_set


@pytest.fixture(scope="session")
def core_set() -> QuestionSet:
    return released_set("core")
