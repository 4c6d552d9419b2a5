"""Forms without a window: what each asks, what is kept while it is typed, and what is said when it cannot be sealed."""

from __future__ import annotations

import pytest

from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.request import FACTS
from dsadesk.services import agreeing, reviewing, viewing
from dsadesk.services.reading import require_state
from dsadesk.ui.presenters.decide import (
    FACT_OF,
    Act,
    DecidePresenter,
    KeptWords,
    form_of,
    is_blank,
    key_of,
    problems,
    read_kept,
    sealed_sentence,
)
from tests.support.desks import received_request, two_desks
from tests.unit.ui.frames import Recorder, inline_frame


class Deciding:
    """A form over a request that the supplier holds."""

    def __init__(self, act, *, about="", pair=None, request=None):
        self.pair = pair or two_desks()
        self.request = request or received_request(self.pair, sample=False)
        self.view, self.failed = Recorder(), []
        self.frame, self.seen = inline_frame(self.pair.supplier)
        self.words = KeptWords(self.frame, self.request, read_kept(self.pair.holds, self.request), self.failed.append)
        self.presenter = DecidePresenter(self.view, self.frame, self.words, about)
        self.presenter.open(form_of(act, "Public Health Wales", about="What for?" if about else "", answer="Swimming."))

    @property
    def kept(self):
        return read_kept(self.pair.holds, self.request)

    @property
    def stage(self):
        return viewing.view(self.pair.holds, self.request).stage


FILLED = {
    "text": "Which beaches?",
    "reasons": "Because it is fair.",
    "owner": "Natural Resources Wales",
    "certificate": "Wiped on 3 March.",
    "note": "",
    "conditions": [{"conditions": "Name the source."}],
}


@pytest.mark.parametrize("act", list(Act))
def test_every_form_says_what_it_means_and_what_its_button_does(act):
    form = form_of(act, "Public Health Wales")
    assert form.title
    assert form.sentence.endswith(".")
    assert form.button.startswith("Seal")
    assert problems(form, FILLED) == {}


@pytest.mark.parametrize("act", [Act.RETURN, Act.APPROVE, Act.REJECT, Act.REFER, Act.WITHDRAW, Act.SUSPEND])
def test_reasons_are_required_and_the_form_says_so(act):
    form = form_of(act, "Public Health Wales")
    reasons = next(field for field in form.fields if field.id == "reasons")
    assert reasons.required
    assert "must give reasons" in reasons.hint
    assert problems(form, {"reasons": "  \n", "owner": "x"}) == {"reasons": "Give your reasons"}


def test_only_what_cannot_be_taken_back_is_marked_so():
    final = {act for act in Act if form_of(act, "x").is_final}
    assert final == {Act.REJECT, Act.REFER, Act.WITHDRAW, Act.CLOSE}
    assert all("cannot be taken back" in form_of(act, "x").sentence for act in final)


def test_every_act_but_a_remark_has_its_fact():
    assert set(FACT_OF) == set(Act) - {Act.REMARK}
    assert set(FACT_OF.values()) <= set(FACTS.values())


def test_nothing_is_said_while_something_is_missing():
    deciding = Deciding(Act.APPROVE)
    deciding.presenter.submit({"reasons": "", "conditions": [{"conditions": "Name the source."}]})
    assert deciding.view.shown["show_problems"] == {"reasons": "Give your reasons"}
    assert deciding.seen.said == ["Give your reasons"]
    assert deciding.stage is Stage.RECEIVED
    assert deciding.kept == {"approve": {"conditions": [{"conditions": "Name the source."}]}}


def test_an_approval_is_sealed_with_its_conditions():
    deciding = Deciding(Act.APPROVE)
    rows = [{"conditions": "Name the source."}, {"conditions": " "}]
    deciding.presenter.submit({"reasons": "It is fair.", "conditions": rows})
    approval = require_state(deciding.pair.holds, deciding.request).approval
    assert approval.conditions == ("Name the source.",)
    assert approval.reasons == "It is fair."
    assert deciding.view.shown["said"].body is not None
    assert deciding.kept == {}


def test_what_is_typed_outlives_the_dialog_and_the_program():
    deciding = Deciding(Act.REJECT)
    deciding.presenter.keep({"reasons": "Not ours to", "alternatives": ""})
    assert deciding.kept == {"reject": {"reasons": "Not ours to"}}
    again = Deciding(Act.REJECT, pair=deciding.pair, request=deciding.request)
    assert again.view.shown["show_form"][1] == {"reasons": "Not ours to"}


def test_emptying_a_form_forgets_its_words():
    deciding = Deciding(Act.REJECT)
    deciding.presenter.keep({"reasons": "Not"})
    deciding.presenter.keep({"reasons": " "})
    assert deciding.kept == {}
    assert deciding.words.keys == ()


def test_words_about_two_answers_are_kept_apart():
    deciding = Deciding(Act.ASK, about="purpose.aim")
    deciding.presenter.keep({"text": "Why?"})
    other = DecidePresenter(Recorder(), deciding.frame, deciding.words, "data.items")
    other.open(form_of(Act.ASK, "x", about="Which items?"))
    other.keep({"text": "All of them?"})
    assert deciding.kept == {"ask:purpose.aim": {"text": "Why?"}, "ask:data.items": {"text": "All of them?"}}
    assert key_of(Act.ASK) == "ask"


def test_a_refusal_by_the_rules_leaves_the_words_and_says_why():
    deciding = Deciding(Act.APPROVE)
    reviewing.reject(deciding.pair.holds, deciding.request, "A colleague was quicker.")
    deciding.presenter.submit({"reasons": "It is fair."})
    error = deciding.view.shown["show_error"]
    assert error.what
    assert error.todo
    assert error.what in deciding.seen.said
    assert deciding.view.shown["show_busy"] is False
    assert deciding.kept == {"approve": {"reasons": "It is fair."}}
    assert "said" not in deciding.view.calls


def test_a_question_quotes_the_answer_that_it_is_about():
    deciding = Deciding(Act.ASK, about="purpose.aim")
    form = deciding.view.shown["show_form"][0]
    assert (form.quoted, form.quote) == ("What for?", "Swimming.")
    deciding.presenter.submit({"text": "Which beaches?"})
    question = require_state(deciding.pair.holds, deciding.request).questions[0]
    assert (question.body.question, question.body.text) == ("purpose.aim", "Which beaches?")


@pytest.mark.parametrize(
    ("act", "stage"),
    [
        (Act.RETURN, Stage.RETURNED),
        (Act.REJECT, Stage.REJECTED),
        (Act.REFER, Stage.REFERRED),
        (Act.REMARK, Stage.RECEIVED),
    ],
)
def test_each_decision_moves_the_request_where_it_says(act, stage):
    deciding = Deciding(act)
    deciding.presenter.submit(FILLED)
    assert deciding.stage is stage


def test_an_agreement_lives_and_ends_by_forms():
    pair = two_desks()
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "Yes.")
    agreeing.draft(pair.holds, request)
    agreeing.sign_agreement(pair.holds, request)
    pair.carry()
    agreeing.sign_agreement(pair.asks, request)
    pair.carry()
    seen = []
    for act in (Act.START, Act.SUSPEND, Act.RESUME, Act.AMEND, Act.DROP, Act.RENEW, Act.DROP, Act.CLOSE):
        deciding = Deciding(act, pair=pair, request=request)
        deciding.presenter.submit(FILLED)
        assert "show_error" not in deciding.view.shown or deciding.view.shown["show_error"] is None, act
        seen.append(deciding.stage)
    assert seen == [
        Stage.ACTIVE,
        Stage.SUSPENDED,
        Stage.ACTIVE,
        Stage.AMENDING,
        Stage.ACTIVE,
        Stage.RENEWING,
        Stage.ACTIVE,
        Stage.CLOSED,
    ]


def test_what_was_sealed_is_said_with_the_next_step():
    deciding = Deciding(Act.REMARK)
    deciding.presenter.submit({"text": "Thank you."})
    sentence = sealed_sentence(deciding.view.shown["said"])
    assert sentence == "Your remark is sealed. It is sent by itself, or when you press “Send and fetch”."


def test_an_answer_of_no_is_not_blank_and_empty_rows_are():
    assert not is_blank(False)
    assert not is_blank(0)
    assert is_blank(None)
    assert is_blank([{"a": " "}, {}])
    assert is_blank([])
    assert not is_blank(["x"])
