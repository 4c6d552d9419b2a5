"""Requests that the tests of this folder share, folded from events as the program would fold them."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dsadesk.documents.agreement import draft_agreement
from dsadesk.documents.clauses import Clauses, parse_clauses
from dsadesk.documents.layout import Document
from dsadesk.domain.events import (
    AssessmentStarted,
    Body,
    Dataset,
    Event,
    QuestionAnswered,
    QuestionAsked,
    RequestApproved,
    RequestReceived,
    RequestSubmitted,
    Sample,
)
from dsadesk.domain.ids import DeviceId, EventId, ObjectId, OrganisationId, PersonId, QuestionId, RequestId
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Official, Organisation, Side
from dsadesk.domain.request import RequestState, fold
from dsadesk.questions.model import QuestionSet
from dsadesk.questions.parse import parse_pack, parse_set
from dsadesk.resources import path

ANSWERS = Path(__file__).parents[2] / "data" / "answers"
DRAFTED_ON = date(2026, 11, 22)


@cache
def core() -> QuestionSet:
    """The question set that ships."""
    legal = parse_pack(path("legal", "uk-2026-11.json").read_bytes())
    return parse_set(path("questions", "core", "1.0.0.json").read_bytes(), {"legal": legal})


@cache
def standing_terms() -> Clauses:
    """The clauses that ship."""
    return parse_clauses(path("documents", "clauses-2026-11.json").read_bytes())


def answers(name: str) -> dict[str, Any]:
    """Answers from a file of test data."""
    read = json.loads((ANSWERS / f"{name}.json").read_text("utf-8"))
    return read.get("answers", read)


class Story:
    """Tells a request event by event: the requester and the supplier take turns as the test says."""

    def __init__(
        self, given: dict[str, Any], requester: str, supplier: str, people: dict[Side, Official], **submission: Any
    ) -> None:
        self.parties = {
            Side.REQUESTER: Organisation(OrganisationId("the-requester"), requester),
            Side.SUPPLIER: Organisation(OrganisationId("the-supplier"), supplier),
        }
        self.people = people
        self.events: list[Event] = []
        marking = Marking.OFFICIAL_SENSITIVE if given.get("about.marking") == "official_sensitive" else Marking.OFFICIAL
        fields = {
            "version": 1,
            "reference": "DSR-2026-0147",
            "title": given.get("about.title", ""),
            "marking": marking,
            "requester": self.parties[Side.REQUESTER],
            "supplier": self.parties[Side.SUPPLIER],
            "question_set": "core/1.0.0",
            "answers": given,
        }
        self.say(Side.REQUESTER, "2026-11-03T09:12:00Z", RequestSubmitted(**(fields | submission)))

    def say(self, side: Side, at: str, body: Body) -> EventId:
        """Adds an event after all those before it."""
        seq = 1 + sum(event.org == self.parties[side].id for event in self.events)
        previous = [event for event in self.events if event.org == self.parties[side].id]
        event = Event(
            id=EventId(f"0192f000-0000-7000-8000-{len(self.events):012x}"),
            request=RequestId("0192f000-0000-7000-8000-00000000abcd"),
            type=type(body).__name__,
            schema=1,
            at=at,
            by=self.people[side],
            org=self.parties[side].id,
            device=DeviceId(f"device-of-{side.value}"),
            seq=seq,
            prev=previous[-1].sha256 if previous else "",
            after=(self.events[-1].id,) if self.events else (),
            body=body,
            sha256=f"{len(self.events):064x}",
        )
        self.events.append(event)
        return event.id

    def state(self) -> RequestState:
        """What the events amount to."""
        folded = fold(self.events)
        assert folded is not None
        assert not [entry for entry in folded.history if entry.reason]
        return folded


def bathing_water() -> Story:
    """A request for data about places: no personal data, no conversation, approved without conditions."""
    story = Story(
        answers("bathing-water"),
        "Severn and Wye Regional Public Health Office",
        "Environment Agency",
        {
            Side.REQUESTER: Official(PersonId("p1"), "Rhian Powell", "Deputy Director for Health Protection"),
            Side.SUPPLIER: Official(PersonId("p2"), "Oliver Marsh", "Data Sharing Lead"),
        },
        dataset=Dataset(
            identifier="bwq-locations",
            title="Bathing Water Monitoring Locations",
            publisher="Environment Agency",
            description="Where the quality of designated bathing waters in England is sampled.",
            licence="Open Government Licence v3.0",
            update_frequency="Twice a year",
            contact_name="Data sharing desk",
            contact_email="data.sharing@environment-agency.example",
        ),
        samples=(
            Sample(
                n=1,
                name="Ŵyn sampling points (made up).csv",
                media="text/csv",
                size=14_820,
                sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                object=ObjectId("o1"),
            ),
        ),
    )
    story.say(Side.SUPPLIER, "2026-11-04T10:00:00Z", RequestReceived(submission=story.events[0].id))
    story.say(Side.SUPPLIER, "2026-11-04T10:05:00Z", AssessmentStarted(handler="Data sharing desk"))
    story.say(
        Side.SUPPLIER,
        "2026-11-16T15:30:00Z",
        RequestApproved(
            conditions=(),
            reasons="The data is about places and is published twice a year already. A list each April costs us little.",
            decided_by=Official(PersonId("p3"), "Amina Yusuf", "Information Asset Owner, Water Quality"),
        ),
    )
    return story


def fuel_poverty() -> Story:
    """A request for personal data under the Digital Economy Act: two questions, a revised answer, two conditions."""
    story = Story(
        answers("fuel-poverty"),
        "Aldershire County Council",
        "Wenlow District Council",
        {
            Side.REQUESTER: Official(PersonId("p1"), "Tom Adeyemi", "Warm Homes Programme Manager"),
            Side.SUPPLIER: Official(PersonId("p2"), "Dafydd Ŷnyr Rees", "Information Governance Officer"),
        },
    )
    story.say(Side.SUPPLIER, "2026-11-04T10:00:00Z", RequestReceived(submission=story.events[0].id))
    story.say(Side.SUPPLIER, "2026-11-04T10:05:00Z", AssessmentStarted(handler="Dafydd Ŷnyr Rees"))
    first = story.say(
        Side.SUPPLIER,
        "2026-11-05T09:00:00Z",
        QuestionAsked(question=QuestionId("keeping.until"), text="One winter ends in March. Why do you need April?"),
    )
    story.say(
        Side.REQUESTER,
        "2026-11-06T11:20:00Z",
        QuestionAnswered(asked=first, text="We do not. We will delete the list by 31 March 2028.", answer="2028-03-31"),
    )
    second = story.say(
        Side.SUPPLIER,
        "2026-11-06T14:00:00Z",
        QuestionAsked(question=QuestionId(""), text="Who may call people who do not reply to the letter?"),
    )
    story.say(
        Side.REQUESTER,
        "2026-11-09T08:45:00Z",
        QuestionAnswered(asked=second, text="Nobody. There is one letter, and silence is an answer."),
    )
    story.say(
        Side.SUPPLIER,
        "2026-11-16T15:30:00Z",
        RequestApproved(
            conditions=(
                "The list is deleted by 31 March 2028 and we receive the certificate within two weeks.",
                "Homes with a no-contact marker are left out by us and are not added back from other sources.",
            ),
            reasons="The need is clear, the list is short and the letter is fair. Two conditions keep it so.",
            decided_by=Official(PersonId("p3"), "Peter Okafor", "Head of Revenues"),
        ),
    )
    return story


def agreement_for(story: Story, version: int = 1) -> Document:
    """The agreement that the story comes to."""
    return draft_agreement(story.state(), core(), version=version, drafted_on=DRAFTED_ON, clauses=standing_terms())
