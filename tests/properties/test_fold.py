"""Any order of arrival that respects `after` folds to the same state, whatever was said and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from dsadesk.domain.events import (
    AgreementSigned,
    AssessmentStarted,
    Body,
    Event,
    HeadsJoined,
    QuestionAnswered,
    QuestionAsked,
    RemarkMade,
    RequestApproved,
    RequestReceived,
    RequestRejected,
    RequestReturned,
    RequestWithdrawn,
    SharingStarted,
)
from dsadesk.domain.ids import EventId, OrganisationId, QuestionId
from dsadesk.domain.request import fold, linearise
from tests.support.events import DWP, GWEN, PRIYA, VOA, Pen, agreement, submitted


@dataclass
class Story:
    pens: list[Pen] = field(
        default_factory=lambda: [
            Pen(PRIYA, DWP.id, "1" * 32),
            Pen(PRIYA, DWP.id, "2" * 32),
            Pen(GWEN, VOA.id, "3" * 32),
            Pen(GWEN, VOA.id, "4" * 32),
            Pen(GWEN, OrganisationId("hm-treasury"), "5" * 32),
        ]
    )
    events: list[Event] = field(default_factory=list)


def body(kind: int, pick: int, events: list[Event]) -> Body:
    target = events[pick % len(events)].id if events else EventId("")
    bodies: list[Body] = [
        submitted(version=1 + pick % 3, answers={"purpose.aim": f"answer {pick}"}),
        RequestReceived(submission=target),
        AssessmentStarted(),
        QuestionAsked(question=QuestionId("purpose.aim"), text="Why?"),
        QuestionAnswered(asked=target, text="So.", answer=f"revised {pick}"),
        RemarkMade(text="Hm."),
        RequestReturned(reasons="More."),
        RequestApproved(conditions=(), reasons="Yes.", decided_by=GWEN),
        RequestRejected(reasons="No.", decided_by=GWEN),
        RequestWithdrawn(reasons="Done."),
        agreement(1 + pick % 2),
        AgreementSigned(agreement=target, sha256=f"{1 + pick % 2:064x}", signatory=PRIYA, signatures=()),
        SharingStarted(),
        HeadsJoined(),
    ]
    return bodies[kind % len(bodies)]


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    story = Story()
    story.events.append(story.pens[0].write(submitted()))
    for n in range(draw(st.integers(0, 14))):
        pen = story.pens[draw(st.integers(0, 4))]
        seen = draw(st.lists(st.sampled_from(story.events), min_size=0, max_size=3))
        after = tuple({event.id for event in seen})
        said = body(draw(st.integers(0, 13)), draw(st.integers(0, 20)), story.events)
        story.events.append(pen.write(said, after, n=n))
    return story.events


@given(stories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_folds_to_the_same_state(events: list[Event], chance: object) -> None:
    expected = fold(events)
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == expected


@given(stories())
def test_arriving_twice_changes_nothing(events: list[Event]) -> None:
    assert fold([*events, *events]) == fold(events)


@given(stories())
def test_the_order_respects_what_the_authors_had_seen(events: list[Event]) -> None:
    ordered, waiting = linearise(events)
    place = {event.id: n for n, event in enumerate(ordered)}
    assert not waiting
    assert all(place[parent] < place[event.id] for event in ordered for parent in event.after)


@given(stories(), st.integers(0, 30))
def test_events_that_arrive_late_are_counted_once_they_are_there(events: list[Event], cut: int) -> None:
    some = events[: cut % len(events)] + events[cut % len(events) + 1 :]
    early = fold(some)
    if early is not None:
        assert {e.id for e in early.waiting} | {line.event.id for line in early.history} == {e.id for e in some}
    assert fold(some + events) == fold(events)


@given(stories())
def test_every_event_is_in_the_history_exactly_once(events: list[Event]) -> None:
    state = fold(events)
    assert state is not None
    assert sorted(line.event.id for line in state.history) == sorted({event.id for event in events})
