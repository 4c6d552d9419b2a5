"""The sections that record how the agreement came about and what its text stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from msgspec import UNSET

from dsadesk.documents.agreement_writer import Writer, official, stopped
from dsadesk.documents.answer_blocks import answer_blocks
from dsadesk.documents.building import day_of, facts, line, quotes, size_in_words, table
from dsadesk.documents.layout import Callout, Document
from dsadesk.documents.numbering import numbered
from dsadesk.documents.reading import Reading
from dsadesk.documents.wording import clean, long_date
from dsadesk.domain.events import Event, Sample
from dsadesk.domain.request import Question

_SAMPLE_KINDS: Mapping[str, str] = MappingProxyType({"synthetic": "Made up", "real": "Real data"})


def decision(w: Writer) -> None:
    """What the supplier decided, why, and on which conditions."""
    w.head("The supplier's decision and conditions")
    approval = w.state.approval
    if approval is None:
        w.say("The supplier has not yet agreed in principle.")
        w.close("conditions")
        return
    when = next((day_of(event.at) for event in _events(w) if event.body is approval), "")
    who = ", ".join(part for part in map(clean, (approval.decided_by.name, approval.decided_by.post)) if part)
    by = f" The decision was taken by {who}." if who else ""
    w.say(f"The supplier agreed in principle{f' on {when}' if when else ''}.{by}")
    if clean(approval.reasons):
        w.say("Its reasons:")
        w.blocks += quotes(approval.reasons)
    if "conditions" in w.traits:
        w.say("The supplier set these conditions:")
        for number, condition in enumerate(filter(None, map(clean, approval.conditions)), 1):
            w.say(f"Condition {number}: {condition}")
    else:
        w.say("The supplier set no conditions.")
    w.close("conditions")


def _events(w: Writer) -> Iterable[Event]:
    return (entry.event for entry in w.state.history)


def conversation(w: Writer) -> None:
    """The questions and replies that became part of the agreement."""
    w.head("Questions and replies")
    if not w.state.questions:
        w.say("The supplier asked no questions.")
        return
    w.say("These questions and replies are part of this agreement. Where a reply changed an answer, the text above has the answer as changed.")  # fmt: skip
    for place, question in enumerate(w.state.questions, 1):
        about = w.reading.label(question.body.question) if question.body.question else "The request as a whole"
        w.head(f"Question {place}: {about}", 2)
        w.say(f"The supplier asked on {day_of(question.asked.at)} ({official(question.asked)}):")
        w.blocks += quotes(question.body.text)
        if question.answered is None or question.answer is None:
            w.blocks.append(Callout("gap", "The requester has not replied to this question."))
        else:
            w.say(f"The requester replied on {day_of(question.answered.at)} ({official(question.answered)}):")
            w.blocks += quotes(question.answer.text)
            revised = _revised(w, question)
            if revised:
                w.say(f"With that reply the answer became: {stopped(revised)}")


def _revised(w: Writer, question: Question) -> str:
    """What a reply made of the answer that was asked about, where that can be said in a line."""
    if question.answer is None or question.answer.answer is UNSET or not question.body.question:
        return ""
    asked = question.body.question
    reading = Reading(w.questions, {**w.state.answers, asked: question.answer.answer})
    known = w.questions.question(asked)
    return reading.words(asked) if known is not None and known.kind != "repeat" else ""


def samples(w: Writer) -> None:
    """The samples that came with the request."""
    promised = w.said("data.sample")
    reason = w.said("data.sample_reason")
    w.head("Samples that the supplier could look at")
    samples = w.state.submission.samples
    if samples:
        w.say("These files came with the request. They show what the data looks like and are not the data that is shared.")  # fmt: skip
        heads = ("File", "What it is", "Size", "SHA-256 of the file")
        w.blocks += table("Samples", heads, [_sample(sample) for sample in samples])
    else:
        w.say("No sample came with the request.")
        w.blocks += facts([("The request says", promised)])
    if reason:
        w.say("The requester's ground for attaching real data:")
        w.blocks += quotes(reason)
    w.gaps()


def other_answers(w: Writer) -> None:
    """Every answer that has no place of its own."""
    left = [question for question in w.reading.questions if question.id in w.reading.answers]
    left = [question for question in left if question.id not in w.reading.used]
    if left:
        w.head("Other answers that are part of this agreement")
        w.blocks += answer_blocks(w.reading, left)


def about(w: Writer) -> None:
    """What the text is and is not, and what its standing terms stand on."""
    submission, event = w.state.submission, w.state.submission_event
    w.head("About this text")
    w.say(w.clauses.notice)
    w.say("The paragraphs under “Terms” are standing terms. The table shows what each of them stands on.")
    w.blocks += facts(
        [
            ("Request", ", ".join(filter(None, (line(submission.reference, ""), f"version {submission.version}")))),
            ("Sealed on", f"{day_of(event.at)} by {official(event)}"),
            ("Request number", str(w.state.id)),
            ("Questions", submission.question_set),
            ("Standing terms", f"{w.clauses.title} ({w.clauses.id})"),
        ]
    )
    _sources(w)


def _sources(w: Writer) -> None:
    unfinished = Document(
        kind="agreement",
        title="x",
        subtitle="",
        reference="",
        version=0,
        marking=w.state.submission.marking,
        language="en",
        blocks=tuple(w.blocks),
    )
    numbers = {id(block): number for number, block in numbered(unfinished)}
    grouped: dict[tuple[str, date], list[str]] = {}
    for paragraph, clause in w.sources:
        grouped.setdefault((clause.source, clause.dated), []).append(numbers[id(paragraph)])
    rows = [(", ".join(places), source, long_date(dated)) for (source, dated), places in grouped.items()]
    w.blocks += table("What the standing terms stand on", ("Paragraphs", "Source", "Checked on"), rows)


def _sample(sample: Sample) -> list[str]:
    kind = _SAMPLE_KINDS.get(sample.kind, sample.kind)
    return [sample.name, kind, size_in_words(sample.size), sample.sha256]
