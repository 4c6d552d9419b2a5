from __future__ import annotations

import msgspec
import pytest

from dsadesk.documents import html, markdown
from dsadesk.documents.decision import decision_letter
from dsadesk.documents.layout import Bullets, Heading, Paragraph, Quote, to_tree
from dsadesk.domain.events import (
    Body,
    RequestApproved,
    RequestReceived,
    RequestReferred,
    RequestRejected,
    RequestReturned,
)
from dsadesk.domain.ids import PersonId
from dsadesk.domain.organisation import Official, Side
from dsadesk.errors import RuleError
from tests.unit.documents import pdf_ua
from tests.unit.documents.documents import NASTY, make_pdf
from tests.unit.documents.states import Story, answers, core, fuel_poverty

DECIDER = Official(PersonId("p9"), "Siân Ŵyn", "Information Asset Owner")


def _story(body: Body) -> Story:
    story = Story(
        answers("fuel-poverty"),
        "Aldershire County Council",
        "Wenlow District Council",
        {
            Side.REQUESTER: Official(PersonId("p1"), "Tom Adeyemi", "Manager"),
            Side.SUPPLIER: Official(PersonId("p2"), "Dafydd Rees", "Governance Officer"),
        },
    )
    story.say(Side.SUPPLIER, "2026-11-04T10:00:00Z", RequestReceived(submission=story.events[0].id))
    story.say(Side.SUPPLIER, "2026-11-16T10:00:00Z", body)
    return story


def _letter(body: Body):
    return decision_letter(_story(body).state(), core())


def test_an_approval_gives_reasons_and_conditions_and_says_that_data_may_not_move_yet():
    made = decision_letter(fuel_poverty().state(), core())
    assert made.subtitle == "Decision: agreed in principle"
    assert (
        Quote("The need is clear, the list is short and the letter is fair. Two conditions keep it so.") in made.blocks
    )
    (conditions,) = [block for block in made.blocks if isinstance(block, Bullets)]
    assert len(conditions.items) == 2
    assert "does not mean that the data may move" in markdown.render(made).decode()
    assert "Peter Okafor, Head of Revenues" in markdown.render(made).decode()


def test_an_approval_without_conditions_has_no_heading_for_them():
    made = _letter(RequestApproved(conditions=("  ",), reasons="Fine.", decided_by=DECIDER))
    assert Heading(1, "Our conditions") not in made.blocks


def test_a_return_names_what_has_to_change_in_the_words_of_the_form():
    made = _letter(
        RequestReturned(reasons="Two answers are unclear.", changes=("keeping.until", "Say who drives the van."))
    )
    assert made.subtitle == "Decision: returned for changes"
    assert Bullets(("Until when will you keep the data?", "Say who drives the van.")) in made.blocks
    assert "Dafydd Rees, Governance Officer" in markdown.render(made).decode()


def test_a_refusal_gives_reasons_an_alternative_and_a_way_to_disagree():
    made = _letter(RequestRejected(reasons="No power.", decided_by=DECIDER, alternatives="We can give counts by ward."))
    assert made.subtitle == "Decision: refused"
    assert Paragraph("We can give counts by ward.") in made.blocks
    assert "Write to Siân Ŵyn, Information Asset Owner" in markdown.render(made).decode()


def test_a_referral_names_the_owner():
    made = _letter(RequestReferred(reasons="Not ours.", owner="Valuation Office Agency"))
    assert "The owner is Valuation Office Agency." in markdown.render(made).decode()


def test_without_a_decision_there_is_no_letter():
    story = _story(RequestReturned(reasons="x"))
    undecided = Story(answers("fuel-poverty"), "A", "B", story.people)
    with pytest.raises(RuleError, match="no-decision"):
        decision_letter(undecided.state(), core())


def test_a_decision_on_an_earlier_version_of_the_request_is_not_the_decision():
    story = _story(RequestReturned(reasons="x"))
    again = msgspec.structs.replace(story.events[0].body, version=2)
    story.say(Side.REQUESTER, "2026-11-18T10:00:00Z", again)
    with pytest.raises(RuleError, match="no-decision"):
        decision_letter(story.state(), core())


@pytest.mark.parametrize(
    "body",
    [
        RequestApproved(conditions=(NASTY,), reasons=NASTY, decided_by=Official(PersonId("p"), NASTY, NASTY)),
        RequestReturned(reasons=NASTY, changes=(NASTY,)),
        RequestRejected(reasons=NASTY, decided_by=Official(PersonId("p"), NASTY, NASTY), alternatives=NASTY),
        RequestReferred(reasons=NASTY, owner=NASTY),
        RequestReferred(reasons="\u202e", owner="\u202e"),
    ],
)
def test_no_decision_can_break_or_mark_up_the_letter(body):
    made = _letter(body)
    to_tree(made)
    assert b"<script>" not in html.render(made)
    assert pdf_ua.faults(make_pdf(made, (), b"")) == set()
