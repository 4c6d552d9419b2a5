"""Templates and answers of earlier requests: what is taken over and what never is."""

from __future__ import annotations

import msgspec
import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import RuleError
from dsadesk.questions.values import misfits
from dsadesk.resources import ShippedLibrary
from dsadesk.services import drafting, reusing
from tests.support.desks import ANSWERS, SUPPLIER, sealed_request, two_desks

QUESTIONS = ShippedLibrary().question_set()
SHIPPED = [msgspec.json.decode(data, type=reusing.Template) for data in ShippedLibrary().templates()]


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def draft(pair):
    made = drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, made.request, ANSWERS.read_bytes())
    return made


@pytest.mark.parametrize("template", SHIPPED, ids=lambda template: template.id)
def test_every_answer_of_a_template_that_ships_fits_its_question(template) -> None:
    for name, value in template.answers.items():
        question = QUESTIONS.question(name)
        assert question is not None, name
        assert misfits(question, value) == (), name
        if isinstance(value, str) and question.limits.max_words:
            assert len(value.split()) <= question.limits.max_words, name
    assert not template.own
    assert template.about.en.endswith(".")


@pytest.mark.parametrize("template", SHIPPED, ids=lambda template: template.id)
def test_a_request_begun_from_a_template_has_all_its_answers_and_keeps_its_own(pair, template) -> None:
    draft = drafting.start(pair.asks, title="Mine", supplier=SUPPLIER.id)
    drafting.save_answer(pair.asks, draft.request, QuestionId("keeping.end"), "return")
    reusing.apply_template(pair.asks, draft, template.id)
    answers = pair.asks.vault.drafts.answers(draft.request)
    assert answers == {**template.answers, "about.title": "Mine", "keeping.end": "return"}


def test_a_template_of_ones_own_takes_what_is_not_about_one_request_alone(pair, draft) -> None:
    made = reusing.save_template(pair.asks, draft.request, " Bathing water, each year ", "For the spring.")
    assert made in reusing.templates(pair.asks)
    assert reusing.templates(pair.asks)[0].own
    assert made.title.en == "Bathing water, each year"
    for name in ("about.title", "about.supplier", "about.organisation", "about.date_needed", "assurance.declaration"):
        assert name not in made.answers
    assert not any(name.startswith("assurance.") for name in made.answers)
    assert made.answers["purpose.aim"] == pair.asks.vault.drafts.answers(draft.request)["purpose.aim"]
    reusing.save_template(pair.asks, draft.request, "bathing water, EACH year")
    assert len([each for each in reusing.templates(pair.asks) if each.own]) == 1
    reusing.remove_template(pair.asks, reusing.templates(pair.asks)[0].id)
    assert not any(each.own for each in reusing.templates(pair.asks))


def test_a_template_needs_a_title_and_a_place(pair, draft) -> None:
    with pytest.raises(RuleError, match="template-untitled"):
        reusing.save_template(pair.asks, draft.request, "  ")
    with pytest.raises(RuleError, match="no-such-template"):
        reusing.apply_template(pair.asks, draft, "gone")


def test_an_old_template_whose_answers_no_longer_fit_gives_those_that_do(pair, draft) -> None:
    made = reusing.save_template(pair.asks, draft.request, "Old")
    old = {**made.answers, "least.way": "by-pigeon", "gone.question": "x"}
    reusing._write(pair.asks, [msgspec.structs.replace(made, answers=old)])
    new = drafting.start(pair.asks, title="New")
    reusing.apply_template(pair.asks, new, made.id)
    answers = pair.asks.vault.drafts.answers(new.request)
    assert "least.way" not in answers
    assert "gone.question" not in answers
    assert answers["purpose.aim"] == made.answers["purpose.aim"]


def test_earlier_requests_are_our_own_others_sealed_or_not(pair, draft) -> None:
    sealed = sealed_request(pair)
    assert {row.request for row in reusing.earlier_requests(pair.asks, draft.request)} == {sealed}
    assert reusing.earlier_requests(pair.holds, draft.request) == ()
    taken = reusing.answers_of(pair.asks, sealed)
    assert taken == reusing.answers_of(pair.asks, draft.request)
    assert "purpose.aim" in taken
    assert "about.title" not in taken
