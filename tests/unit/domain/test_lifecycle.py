from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from dsadesk.domain.lifecycle import FINAL, ROWS, TRANSITIONS, Fact, Stage, facts_open_to, mermaid, row_for, waits_for
from dsadesk.domain.organisation import Side

DRAWING = Path(__file__).parents[3] / "docs/states/request.mmd"


def test_no_two_rows_answer_the_same_stage_and_fact() -> None:
    assert len(TRANSITIONS) == len(ROWS)


def test_every_stage_is_reached_from_draft() -> None:
    reached, frontier = {Stage.DRAFT}, {Stage.DRAFT}
    while frontier:
        frontier = {row.to for row in ROWS if row.at in frontier} - reached
        reached |= frontier
    assert reached == set(Stage)


def test_a_final_stage_has_no_way_out_and_every_other_stage_has_one() -> None:
    assert {stage for stage in Stage if not any(row.at is stage for row in ROWS)} == FINAL


@pytest.mark.parametrize(("stage", "fact", "side"), list(itertools.product(Stage, Fact, Side)))
def test_a_fact_is_allowed_exactly_where_a_row_says_so(stage: Stage, fact: Fact, side: Side) -> None:
    row = row_for(stage, fact, side)
    said = [r for r in ROWS if r.at is stage and r.fact is fact and side in r.sides]
    assert (row is not None) == bool(said)
    assert (fact in facts_open_to(stage, side)) == any(not r.local for r in said)


def test_only_the_supplier_decides_and_only_the_requester_submits() -> None:
    for row in ROWS:
        if row.fact in (Fact.APPROVED, Fact.REJECTED, Fact.RETURNED, Fact.REFERRED, Fact.RECEIVED, Fact.ASKED):
            assert row.sides == {Side.SUPPLIER}
        if row.fact in (Fact.SUBMITTED, Fact.WITHDRAWN, Fact.ANSWERED):
            assert row.sides == {Side.REQUESTER}


def test_a_returned_request_waits_for_the_requester() -> None:
    assert waits_for(Stage.RETURNED) is Side.REQUESTER


def test_the_drawing_is_the_rows() -> None:
    assert DRAWING.read_text("utf-8") == mermaid(), "run: python -m tests.support.draw_states"
