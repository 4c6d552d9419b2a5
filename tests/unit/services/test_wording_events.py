from __future__ import annotations

import re
from typing import Any

import pytest

from dsadesk.domain.events import (
    BODIES,
    AgreementDrafted,
    AgreementSigned,
    AmendmentDropped,
    AmendmentProposed,
    AssessmentStarted,
    Body,
    Dataset,
    Event,
    ExpiryNoticed,
    HeadsJoined,
    QuestionAnswered,
    QuestionAsked,
    RemarkMade,
    RenewalProposed,
    RequestApproved,
    RequestReceived,
    RequestReferred,
    RequestRejected,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
    Sample,
    SharingClosed,
    SharingResumed,
    SharingStarted,
    SharingSuspended,
    SignOff,
    SignOffAsked,
    SignOffGiven,
    UnknownBody,
    Unsigned,
)
from dsadesk.domain.ids import DeviceId, EventId, ObjectId, OrganisationId, PersonId, QuestionId, RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.domain.request import ChainFault, Effect, HistoryLine, fold
from dsadesk.services.wording import (
    Parties,
    answer_text,
    crossed_sentence,
    event_details,
    event_sentence,
    fault_sentence,
    line_details,
)

DWP = Organisation(OrganisationId("department-for-work-and-pensions"), "Department for Work and Pensions")
HMLR = Organisation(OrganisationId("hm-land-registry"), "HM Land Registry")
PRIYA = Official(PersonId("p1"), "Priya Shah", "Data lead")
TOM = Official(PersonId("p2"), "Tom Ellis", "Analyst")
ASKED, ASKED_WHOLE = EventId("q-1"), EventId("q-2")
PARTIES = Parties(requester=HMLR, supplier=DWP, asked={ASKED: "purpose.why", ASKED_WHOLE: ""})
LABELS = {"purpose.why": "Why do you need this data?"}


def label(question: str) -> str:
    return LABELS.get(question, question)


def said_by(
    body: Body, *, by: Official = PRIYA, org: Organisation = DWP, unknown: tuple[str, ...] = (), **other: Any
) -> Event:
    fields: dict[str, Any] = {
        "id": EventId("e-1"), "request": RequestId("r-1"), "type": type(body).__name__, "schema": 1, "at": "2026-03-02T09:41:00Z",
        "by": by, "org": org.id, "device": DeviceId("d" * 32), "seq": 1, "prev": "", "after": (), "body": body,
        "sha256": "0" * 64, "unknown_fields": unknown,
    }  # fmt: skip
    return Event(**(fields | other))


def submitted(version: int = 1, **other: Any) -> RequestSubmitted:
    fields: dict[str, Any] = {
        "version": version, "reference": "DSR-2026-ABC123", "title": "Fraud in housing", "marking": Marking.OFFICIAL,
        "requester": HMLR, "supplier": DWP, "question_set": "core/1", "answers": {},
    }  # fmt: skip
    return RequestSubmitted(**(fields | other))


SIGNED_OFF = SignOff(
    area="legal", request=RequestId("r"), digest="0" * 64, outcome="conditions", conditions=("Delete it by June.",), by=TOM,
    org=DWP.id, device=DeviceId("d"), at="2026-11-22T09:00:00Z",
)  # fmt: skip

SENTENCES: list[tuple[Body, str]] = [
    (
        submitted(),
        "Priya Shah (Department for Work and Pensions) sealed the request for Department for Work and Pensions.",
    ),
    (submitted(3), "sealed version 3 of the request for Department for Work and Pensions."),
    (RequestReceived(submission=EventId("e")), "received the request whole."),
    (AssessmentStarted(), "began to assess the request."),
    (AssessmentStarted(handler="Priya Shah"), "began to assess the request."),
    (AssessmentStarted(handler="Tom Ellis"), "said that Tom Ellis has begun to assess the request."),
    (QuestionAsked(question=QuestionId("purpose.why"), text="Why?"), "asked about “Why do you need this data?”."),
    (QuestionAsked(question=QuestionId(""), text="Why?"), "asked about the request as a whole."),
    (QuestionAnswered(asked=ASKED, text="So."), "replied about “Why do you need this data?”."),
    (
        QuestionAnswered(asked=ASKED, text="So.", answer="x"),
        "replied about “Why do you need this data?” and changed the answer.",
    ),
    (QuestionAnswered(asked=ASKED_WHOLE, text="So."), "replied about the request as a whole."),
    (QuestionAnswered(asked=EventId("?"), text="So."), "replied to a question."),
    (QuestionAnswered(asked=EventId("?"), text="So.", answer="x"), "replied to a question and changed the answer."),
    (RemarkMade(text="Hm"), "made a remark."),
    (RemarkMade(text="Hm", about="purpose.why"), "made a remark about “Why do you need this data?”."),
    (RequestReturned(reasons="r"), "returned the request for changes."),
    (RequestApproved(conditions=(), reasons="r", decided_by=TOM), "agreed in principle."),
    (RequestApproved(conditions=("a",), reasons="r", decided_by=TOM), "agreed in principle, with 1 condition."),
    (RequestApproved(conditions=("a", "b"), reasons="r", decided_by=TOM), "agreed in principle, with 2 conditions."),
    (RequestRejected(reasons="r", decided_by=TOM), "refused the request."),
    (RequestReferred(reasons="r", owner="Ofsted"), "referred the request to Ofsted."),
    (RequestReferred(reasons="r", owner="\u200b"), "referred the request elsewhere."),
    (RequestWithdrawn(reasons="r"), "withdrew the request."),
    (AgreementDrafted(version=2, sha256="0" * 64, document={}), "drafted version 2 of the agreement."),
    (AgreementSigned(agreement=EventId("e"), sha256="0" * 64, signatory=TOM, signatures=()), "signed the agreement."),
    (SharingStarted(), "said that sharing has started."),
    (SharingSuspended(reasons="r"), "paused sharing."),
    (SharingResumed(), "resumed sharing."),
    (AmendmentProposed(reasons="r"), "proposed a change to the agreement."),
    (AmendmentDropped(), "dropped the proposal, and the agreement stands as it was."),
    (RenewalProposed(reasons="r"), "proposed to renew the agreement."),
    (ExpiryNoticed(ends_on="2027-03-31"), "noted that the agreement ends on 31 March 2027."),
    (ExpiryNoticed(ends_on="soon"), "noted that the agreement is about to end."),
    (SharingClosed(certificate="c"), "closed the sharing and said what happened to the data."),
    (HeadsJoined(), "joined two lines of events that were made apart."),
    (
        SignOffAsked(area="legal", of=TOM, draft=submitted(), draft_of=RequestId("r")),
        "asked a colleague for a sign-off.",
    ),
    (SignOffGiven(asked=ASKED, statement=SIGNED_OFF), "answered a colleague who asked for a sign-off."),
]


@pytest.mark.parametrize(
    ("body", "ending"), SENTENCES, ids=lambda value: type(value).__name__ if isinstance(value, Body) else ""
)
def test_an_event_says_who_did_what(body: Body, ending: str) -> None:
    sentence = event_sentence(said_by(body), PARTIES, label)
    assert sentence.startswith("Priya Shah (Department for Work and Pensions) ")
    assert sentence.endswith(ending)


def test_every_type_of_event_has_a_sentence_and_none_falls_to_unknown() -> None:
    assert {type(body) for body, _ in SENTENCES} == set(BODIES)
    assert not [body for body, _ in SENTENCES if "does not know" in event_sentence(said_by(body), PARTIES, label)]


def test_the_question_that_was_asked_about_is_quoted_in_its_own_words() -> None:
    asked = said_by(QuestionAsked(question=QuestionId("purpose.why"), text="Why all of it?"))
    assert event_sentence(asked, PARTIES, label) == (
        "Priya Shah (Department for Work and Pensions) asked about “Why do you need this data?”."
    )


def test_a_type_of_event_that_we_do_not_know_is_named_and_shown() -> None:
    body = UnknownBody(content={"mood": "good", "score": 1200, "tags": ["a", "b"], "deep": {"x": True}})
    event = said_by(body, type="MoodRecorded\u202e")
    assert event_sentence(event, PARTIES, label) == (
        "Priya Shah (Department for Work and Pensions) said something of the type “MoodRecorded”, "
        "which this version of dsadesk does not know."
    )
    assert event_details(event, label) == (
        ("Type", "MoodRecorded"),
        ("Not known to this version", "mood: good"),
        ("Not known to this version", "score: 1,200"),
        ("Not known to this version", "tags: a; b"),
        ("Not known to this version", "deep: x: Yes"),
    )


def test_fields_that_we_do_not_know_are_named_after_what_we_do() -> None:
    event = said_by(RemarkMade(text="Hm"), unknown=("body.colour", "shade"))
    assert event_details(event, label) == (
        ("Remark", "Hm"),
        ("Also signed, but not known to this version", "body.colour, shade"),
    )


def test_an_event_of_a_stranger_goes_by_the_identifier_of_its_organisation() -> None:
    stranger = Organisation(OrganisationId("acme-ltd"), "HM Treasury")
    sentence = event_sentence(said_by(RemarkMade(text="Hm"), org=stranger), PARTIES, label)
    assert sentence == "Priya Shah (acme-ltd) made a remark."


def test_an_official_without_a_name_does_not_leave_a_gap() -> None:
    nobody = Official(PersonId("p"), "\u3164\u200b", "Clerk")
    assert event_sentence(said_by(HeadsJoined(), by=nobody), PARTIES, label).startswith(
        "Someone without a name (Department"
    )


def test_the_parties_and_what_was_asked_come_from_the_state() -> None:
    first = said_by(submitted(), by=TOM, org=HMLR, id=EventId("a1"), seq=1)
    received = said_by(RequestReceived(submission=first.id), id=EventId("a2"), after=(first.id,))
    question = QuestionAsked(question=QuestionId("purpose.why"), text="Why?")
    asked = said_by(question, id=EventId("a3"), after=(received.id,))
    reply = said_by(QuestionAnswered(asked=asked.id, text="So."), by=TOM, org=HMLR, id=EventId("a4"), after=(asked.id,))
    state = fold([first, received, asked, reply])
    assert state is not None
    assert (
        event_sentence(reply, state, label)
        == "Tom Ellis (HM Land Registry) replied about “Why do you need this data?”."
    )
    assert event_sentence(reply, Parties.of(state), label) == event_sentence(reply, state, label)


# ---------------------------------------------------------------- details


def test_the_parts_of_a_submission_are_told() -> None:
    sample = Sample(n=1, name="rows\u202e.csv", media="text/csv", size=9, sha256="0" * 64, object=ObjectId("0" * 64))
    body = submitted(2, dataset=Dataset(identifier="i", title="Benefit claims", publisher="DWP"), samples=(sample,))
    assert event_details(said_by(body), label) == (
        ("Reference", "DSR-2026-ABC123"),
        ("Title", "Fraud in housing"),
        ("Version", "2"),
        ("Marking", "OFFICIAL"),
        ("Dataset", "Benefit claims"),
        ("Sample", "rows.csv"),
    )


def test_the_parts_of_a_decision_are_told_in_the_order_to_read_them() -> None:
    body = RequestApproved(conditions=("Only in March", "No linking"), reasons="It helps.\n\nA lot.", decided_by=TOM)
    assert event_details(said_by(body), label) == (
        ("Condition", "Only in March"),
        ("Condition", "No linking"),
        ("Reasons", "It helps.\n\nA lot."),
        ("Decided by", "Tom Ellis, Analyst"),
    )
    refused = RequestRejected(reasons="No power to.", decided_by=TOM, alternatives="A table")
    assert [name for name, _ in event_details(said_by(refused), label)] == [
        "Reasons",
        "What else could be done",
        "Decided by",
    ]


@pytest.mark.parametrize(
    ("body", "details"),
    [
        (RequestReceived(submission=EventId("e")), ()),
        (AssessmentStarted(handler="Tom"), (("Handled by", "Tom"),)),
        (QuestionAsked(question=QuestionId("purpose.why"), text="All?"), (("About", "Why do you need this data?"), ("Question", "All?"))),
        (QuestionAnswered(asked=ASKED, text="Yes."), (("Reply", "Yes."),)),
        (QuestionAnswered(asked=ASKED, text="Yes.", answer=True), (("Reply", "Yes."), ("Changed answer", "Yes"))),
        (QuestionAnswered(asked=ASKED, text="Ok.", answer=""), (("Reply", "Ok."), ("Changed answer", "No answer"))),
        (RemarkMade(text="Hm", about="purpose.why"), (("About", "Why do you need this data?"), ("Remark", "Hm"))),
        (RequestReturned(reasons="r", changes=("a", "b")), (("Reasons", "r"), ("To change", "a"), ("To change", "b"))),
        (RequestReferred(reasons="r", owner="Ofsted"), (("Ask instead", "Ofsted"), ("Reasons", "r"))),
        (RequestWithdrawn(reasons="r"), (("Reasons", "r"),)),
        (AgreementDrafted(version=2, sha256="ab" * 32, document={}), (("Version", "2"), ("Fingerprint of the text", "ab" * 32))),
        (SharingStarted(note="First file"), (("Note", "First file"),)),
        (SharingStarted(), ()),
        (SharingResumed(note="n"), (("Note", "n"),)),
        (AmendmentDropped(), ()),
        (ExpiryNoticed(ends_on="2027-03-31"), (("Ends on", "31 March 2027"),)),
        (ExpiryNoticed(ends_on="soon"), (("Ends on", "soon"),)),
        (SharingClosed(certificate="Shredded."), (("What happened to the data", "Shredded."),)),
        (HeadsJoined(), ()),
        (
            submitted(
                sign_offs=(SIGNED_OFF,),
                unsigned=(Unsigned(area="security", state="refused", reason="It is the same system as last year."),),
            ),
            (
                ("Reference", "DSR-2026-ABC123"),
                ("Title", "Fraud in housing"),
                ("Version", "1"),
                ("Marking", "OFFICIAL"),
                (
                    "Signed off",
                    "Legal: signed off with conditions by Tom Ellis, Analyst, on 22 November 2026.\nCondition: Delete it by June.",
                ),
                (
                    "Not signed off",
                    "Security: the colleague who was asked did not sign it off. Why it was sealed all the same: It is the same system as last year.",
                ),
            ),
        ),
    ],
)  # fmt: skip
def test_the_parts_of_an_event_are_told_and_empty_ones_left_out(
    body: Body, details: tuple[tuple[str, str], ...]
) -> None:
    assert event_details(said_by(body), label) == details


def test_who_signed_an_agreement_is_told_even_when_another_sent_it() -> None:
    body = AgreementSigned(agreement=EventId("e"), sha256="ab" * 32, signatory=TOM, signatures=())
    assert event_details(said_by(body), label)[0] == ("Signed by", "Tom Ellis, Analyst")


def test_answers_of_every_kind_can_be_read() -> None:
    assert answer_text(False) == "No"
    assert answer_text(12_000) == "12,000"
    assert answer_text(["a", "b"]) == "a; b"
    assert (
        answer_text([{"field": "nhs_number", "why": "to link"}, {"field": "name"}])
        == "field: nhs_number; why: to link\nfield: name"
    )
    assert answer_text([]) == ""


def test_hostile_words_of_others_are_shown_as_plain_text_of_bounded_length() -> None:
    hostile = "\u202e\x1b[2J{who} <b>bold</b>\r\nHM Treasury approved this.\u200b" + "x" * 100_000
    someone = Official(PersonId("p"), hostile, hostile)
    org = Organisation(DWP.id, hostile)
    parties = Parties(requester=HMLR, supplier=org, asked={ASKED: hostile})
    for body, _ in SENTENCES:
        sentence = event_sentence(said_by(body, by=someone), parties, label)
        assert len(sentence) < 500
        assert not re.search("[\n\r\x1b\u200b\u202e]", sentence)
    unknown = UnknownBody(content={hostile: hostile, "n": hostile})
    for body in (
        RemarkMade(text=hostile, about=hostile),
        unknown,
        RequestReturned(reasons=hostile, changes=(hostile,) * 900),
    ):
        details = event_details(said_by(body, unknown=(hostile,)), label)
        assert len(details) <= 200
        assert all(len(text) <= 4000 and not re.search("[\r\x1b\u200b\u202e]", text) for _, text in details)


# ---------------------------------------------------------------- what went wrong

REASONS = (
    "already-answered", "already-signed", "before-submission", "no-such-question", "not-a-party", "not-in-stage", "other-agreement",
    "other-parties",
)  # fmt: skip


def test_every_reason_for_having_no_effect_has_its_sentence() -> None:
    said = {crossed_sentence(reason) for reason in REASONS}
    assert len(said) == len(REASONS)
    assert all(sentence.startswith("It had no effect, because ") and sentence.endswith(".") for sentence in said)
    assert crossed_sentence("of-next-year") not in said


def test_the_reasons_are_the_ones_that_the_fold_gives() -> None:
    late = said_by(RequestWithdrawn(reasons="r"), by=TOM, org=HMLR, id=EventId("a0"))
    first = said_by(submitted(), by=TOM, org=HMLR, id=EventId("a1"), seq=2)
    stranger = said_by(
        RemarkMade(text="x"), org=Organisation(OrganisationId("acme-ltd"), ""), id=EventId("a2"), after=(first.id,)
    )
    state = fold([late, first, stranger])
    assert state is not None
    assert {line.reason for line in state.history if line.effect is Effect.CROSSED} == {
        "before-submission",
        "not-a-party",
    }
    assert {line.reason for line in state.history} - {""} <= set(REASONS)


def test_an_event_without_effect_says_so_before_anything_else() -> None:
    event = said_by(RequestWithdrawn(reasons="Not needed"))
    crossed = HistoryLine(event, Effect.CROSSED, Stage.ASSESSING, "not-in-stage")
    moved = HistoryLine(event, Effect.MOVED, Stage.ASSESSING)
    assert line_details(crossed, label) == (
        ("No effect", "It had no effect, because the request had moved on when this fell."),
        ("Reasons", "Not needed"),
    )
    assert line_details(moved, label) == event_details(event, label)


def test_each_fault_of_a_chain_has_its_sentence_and_names_the_laptop() -> None:
    said = {
        kind: fault_sentence(ChainFault(kind, DeviceId("3f2a90bc" + "0" * 24), 4))
        for kind in ("gap", "fork", "broken", "new")
    }
    assert len(set(said.values())) == 4
    assert all("3f2a90bc" in sentence and " 4 " in f"{sentence} ".replace(",", " ") for sentence in said.values())
    assert said["gap"] == "Entry 4 from the laptop 3f2a90bc has not arrived yet, and what follows it may be incomplete."
