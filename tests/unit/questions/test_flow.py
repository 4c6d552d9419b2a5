from __future__ import annotations

from dsadesk.questions.flow import flow_of, in_words

ROWS = [
    {"from": "Council", "to": "Agency", "what": "The list of homes", "how": "sealed bundle"},
    {"from": "agency ", "to": "Agency", "what": "Matching"},
    {"from": "Agency", "to": " council", "what": "", "how": ""},
    {"from": "Agency", "to": ""},
]


def test_parties_come_in_the_order_in_which_the_data_meets_them_and_once() -> None:
    flow = flow_of(ROWS)
    assert flow.parties == ("Council", "Agency")
    assert [(step.number, step.start, step.end) for step in flow.steps] == [(1, 0, 1), (2, 1, 1), (3, 1, 0)]
    assert flow.can_be_drawn


def test_the_words_say_what_the_drawing_shows() -> None:
    assert in_words(flow_of(ROWS)) == (
        "Step 1, from Council to Agency: The list of homes (sealed bundle).",
        "Step 2, at Agency: Matching.",
        "Step 3, from Agency to Council: data.",
    )


def test_nothing_or_too_much_is_not_drawn_but_said() -> None:
    assert not flow_of([]).can_be_drawn
    many = flow_of([{"from": f"P{n}", "to": f"P{n + 1}"} for n in range(9)])
    assert not many.can_be_drawn
    assert len(in_words(many)) == 9
