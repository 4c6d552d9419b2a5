"""How a request stood before, and what differs."""

from __future__ import annotations

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.services import drafting, reviewing
from dsadesk.services.versions import compare, versions
from tests.support.desks import received_request, two_desks

AIM, OTHERS = QuestionId("purpose.aim"), QuestionId("about.others")


@pytest.fixture
def pair():
    return two_desks()


def test_each_stretch_of_work_is_a_version_newest_first(pair) -> None:
    request = drafting.start(pair.asks, title="Mine").request
    drafting.save_answer(pair.asks, request, AIM, "One.")
    pair.clock.advance(120)
    drafting.save_answer(pair.asks, request, AIM, "Two.")
    pair.clock.advance(3600)
    drafting.save_answer(pair.asks, request, OTHERS, True)
    pair.clock.advance(3600)
    drafting.save_answer(pair.asks, request, AIM, None)
    found = versions(pair.asks, request)
    assert [dict(each.answers) for each in found] == [
        {"about.title": "Mine", "about.others": True},
        {"about.title": "Mine", "purpose.aim": "Two.", "about.others": True},
        {"about.title": "Mine", "purpose.aim": "Two."},
    ]
    assert found[0].at - found[1].at == found[1].at - found[2].at
    assert len({each.id for each in found}) == 3
    assert dict(found[0].answers) == pair.asks.vault.drafts.answers(request)


def test_how_a_draft_stood_before_answers_were_copied_into_it_is_a_version(pair) -> None:
    request = drafting.start(pair.asks, title="Mine").request
    drafting.save_answer(pair.asks, request, AIM, "Mine alone.")
    pair.clock.advance(60)
    for name, value in ((AIM, "Theirs."), (OTHERS, True), (QuestionId("purpose.help"), "A map.")):
        drafting.save_answer(pair.asks, request, name, value)
    now, before = versions(pair.asks, request)
    assert before.answers == {"about.title": "Mine", AIM: "Mine alone."}
    assert now.answers[AIM] == "Theirs."


def test_answers_that_are_written_one_after_the_other_make_no_version(pair) -> None:
    request = drafting.start(pair.asks, title="Mine").request
    for name, value in ((AIM, "Mine."), (OTHERS, True), (QuestionId("purpose.help"), "A map.")):
        pair.clock.advance(3)
        drafting.save_answer(pair.asks, request, name, value)
    assert len(versions(pair.asks, request)) == 1


def test_what_was_sealed_is_a_version_too(pair) -> None:
    request = received_request(pair)
    reviewing.start_assessment(pair.holds, request)
    reviewing.give_back(pair.holds, request, "Say more.", ["The aim"])
    pair.carry()
    drafting.revise(pair.asks, request)
    pair.clock.advance(3600)
    drafting.save_answer(pair.asks, request, AIM, "A better aim.")
    found = versions(pair.asks, request)
    (sealed,) = [each for each in found if each.sealed]
    assert sealed.sealed == 1
    (difference,) = compare(drafting.question_set(pair.asks), sealed.answers, found[0].answers)
    assert difference.question == AIM
    assert "".join(part.text for part in difference.after) == "A better aim."


def test_a_difference_says_which_words_are_only_on_one_side(pair) -> None:
    questions = drafting.question_set(pair.asks)
    before = {AIM: "We help people in Wales.", OTHERS: True, "gone": "x"}
    after = {AIM: "We help swimmers in Wales.", OTHERS: True, "risks.table": [{"kind": "sharing", "risk": "A leak"}]}
    aim, risks, gone = compare(questions, before, after)
    assert [(part.text, part.only_here) for part in aim.before] == [
        ("We help ", False),
        ("people", True),
        (" in Wales.", False),
    ]
    assert [part.text for part in aim.after if part.only_here] == ["swimmers"]
    assert risks.before == ()
    assert "A leak" in risks.after[0].text
    assert (gone.label, gone.after) == ("gone", ())
    assert compare(questions, before, before) == ()


def test_a_draft_without_revisions_has_no_versions(pair) -> None:
    assert versions(pair.asks, drafting.start(pair.asks).request) == ()
