from __future__ import annotations

from typing import Any

import pytest

from dsadesk.documents import markdown
from dsadesk.documents.layout import Callout, Document, Facts, Heading, Table, to_tree
from dsadesk.documents.request_paper import request_paper, submission_paper
from dsadesk.domain.marking import Marking
from dsadesk.questions import describe
from dsadesk.questions.visible import View
from tests.unit.documents import pdf_ua
from tests.unit.documents.documents import make_pdf
from tests.unit.documents.states import DRAFTED_ON, answers, bathing_water, core, fuel_poverty


def _paper(given: dict[str, Any], **changes: Any) -> Document:
    fields: dict[str, Any] = {
        "title": "Bands",
        "reference": "DSR-1",
        "marking": Marking.OFFICIAL,
        "requester": "A",
        "supplier": "B",
        "printed_on": DRAFTED_ON,
    }
    return request_paper(given, core(), **(fields | changes))


def _words(made: Document) -> str:
    return markdown.render(made).decode().replace("\\", "").replace("<br>", "\n")


@pytest.mark.parametrize("name", ["bathing-water", "fuel-poverty"])
def test_every_answered_question_is_there_with_its_answer(name):
    given = answers(name)
    words = _words(_paper(given))
    for question in View(core(), given).questions:
        if question.id in given:
            assert question.label.en in words
            if question.kind == "repeat":
                for row in describe.rows(question, given[question.id]):
                    assert all(cell in words for cell in row.values())
            else:
                assert describe.words(question, given[question.id]) in words


def test_what_is_still_to_be_answered_is_named_in_its_section():
    made = _paper({"about.title": "Bands"})
    first = next(block for block in made.blocks if isinstance(block, Callout))
    assert first.text.startswith("Not answered yet:\n\N{EN DASH} What kind of request is this?")
    assert Heading(1, "Purpose and value") in made.blocks


def test_a_complete_request_has_no_gaps():
    assert not [block for block in _paper(answers("bathing-water")).blocks if isinstance(block, Callout)]


def test_an_answer_that_fits_no_question_is_shown_as_it_was_sent():
    made = _paper(
        {"least.way": "teleport", "old.question": ["x", {"y": 1}], "data.items": "not a table", "about.urgent": None}
    )
    assert made.blocks[-2:] == (
        Heading(1, "Answers that do not fit their question, as they were sent"),
        Facts(
            (("What is the least you need to receive?", "teleport"), ("old.question", "x\ny: 1"), ("Which data items do you need, and why?", "not a table"))
        ),
    )  # fmt: skip


def test_a_confirmation_that_is_not_given_yet_is_not_a_misfit():
    made = _paper({"assurance.declaration": False})
    assert not [block for block in made.blocks if isinstance(block, Heading) and block.text.startswith("Answers that")]


def test_a_wide_table_becomes_names_with_details():
    tables = {block.caption: block for block in _paper(answers("fuel-poverty")).blocks if isinstance(block, Table)}
    items = tables["Which data items do you need, and why?"]
    assert items.columns == ("Field", "Details")
    assert "Why you need it: To write to the home" in {row[0]: row[1] for row in items.rows}["address"]
    assert tables["Which people or posts will use the data?"].columns[0] == "Post or person"


def test_the_paper_speaks_welsh_where_the_form_does():
    made = _paper(answers("fuel-poverty"), language="cy")
    assert made.subtitle == "Cais am ddata"
    assert "22 Tachwedd 2026" in _words(made)


def test_a_sealed_request_prints_what_was_sealed():
    submission = bathing_water().state().submission
    made = submission_paper(submission, core(), printed_on=DRAFTED_ON)
    assert (made.title, made.version, made.reference) == (submission.title, 1, "DSR-2026-0147")
    words = _words(made)
    assert "Environment Agency" in words
    assert "Ŵyn sampling points (made up).csv" in words


def test_the_paper_passes_every_rule_as_pdf():
    made = submission_paper(fuel_poverty().state().submission, core(), printed_on=DRAFTED_ON)
    to_tree(made)
    assert pdf_ua.faults(make_pdf(made, (), b"")) == set()
