from __future__ import annotations

import itertools
import re
from typing import get_args

import pytest

from dsadesk.domain.events import BODIES
from dsadesk.domain.lifecycle import FINAL, Stage, facts_open_to
from dsadesk.domain.organisation import Side
from dsadesk.services.wording import Tone, action_name, stage_name, stage_sentence, stage_words, tone_of

EVERY = list(itertools.product(Stage, Side))


@pytest.mark.parametrize(("stage", "side"), EVERY)
def test_each_stage_has_its_words_sentence_and_tone_for_each_side(stage: Stage, side: Side) -> None:
    assert 0 < len(stage_words(stage, side)) <= 24
    assert not stage_words(stage, side).endswith(".")
    sentence = stage_sentence(stage, side, "HM Land Registry")
    assert sentence.endswith(".")
    assert re.search(r"[.!?] [A-Z]", sentence) is None
    assert len(sentence.split()) <= 27
    assert tone_of(stage, side) in get_args(Tone)


@pytest.mark.parametrize(("stage", "side"), EVERY)
def test_the_counterpart_is_named_wherever_it_matters(stage: Stage, side: Side) -> None:
    assert "HM Land Registry" in stage_sentence(stage, side, "HM Land Registry")


def test_stage_names_differ_from_one_another() -> None:
    assert len({stage_name(stage) for stage in Stage}) == len(Stage)


def test_a_draft_without_a_supplier_is_still_told_in_a_whole_sentence() -> None:
    assert stage_sentence(Stage.DRAFT, Side.REQUESTER, "") == (
        "Only this laptop has seen this draft, and the organisation that you choose learns nothing of it until you seal it."
    )


def test_a_hostile_counterpart_cannot_break_the_sentence() -> None:
    sentence = stage_sentence(Stage.SENT, Side.REQUESTER, "\u202eevil\n{them}" + "x" * 500)
    assert "\u202e" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 200
    assert sentence.endswith("has not confirmed yet that it arrived.")


def test_a_finished_request_asks_for_nothing() -> None:
    for stage, side in itertools.product(FINAL, Side):
        assert facts_open_to(stage, side) == frozenset()
        assert tone_of(stage, side) != "warn"


def test_whoever_must_reply_is_told_so_and_the_other_told_to_wait() -> None:
    assert stage_words(Stage.CLARIFYING, Side.REQUESTER) == "Needs your reply"
    assert tone_of(Stage.CLARIFYING, Side.REQUESTER) == "warn"
    assert stage_words(Stage.CLARIFYING, Side.SUPPLIER) == "Waiting for their reply"
    assert tone_of(Stage.CLARIFYING, Side.SUPPLIER) == "info"
    assert stage_words(Stage.SEALED, Side.REQUESTER) == "Waiting to send"
    assert stage_words(Stage.SENT, Side.REQUESTER) == "Sent"


def test_every_event_has_a_name_as_an_act() -> None:
    for body in BODIES:
        assert action_name(body.__name__) != body.__name__
    assert action_name("Revise") == "Make a new version"
    assert action_name("Something\u202eNew") == "SomethingNew"
