"""The record of a decided request that anyone may read: who shares which data, why, by what law, with what gain and risk, and until when.

It is in two tiers, as the Algorithmic Transparency Recording Standard has it: a summary for everybody with a way to ask, then details. The
details follow the register of the Digital Economy Act and the registers of data uses that health bodies keep. Names of officials never
stand in it. Of a request that is marked OFFICIAL-SENSITIVE only what was written for the public, choices, numbers and dates do, unless
both sides agreed to more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from dsadesk.documents.building import day_of, facts, line, paragraphs, table
from dsadesk.documents.layout import Block, Callout, Document, Heading, Paragraph
from dsadesk.documents.nameless import Nameless
from dsadesk.documents.reading import Reading
from dsadesk.documents.wording import clean, long_date
from dsadesk.domain.events import AgreementSigned, RequestApproved, RequestRejected
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.marking import Marking
from dsadesk.domain.request import RequestState
from dsadesk.errors import RuleError
from dsadesk.questions.model import QuestionSet
from dsadesk.questions.values import parse_date

PUBLISH = "openness.publish"
_WRITTEN_FOR_THE_PUBLIC = frozenset({"purpose.summary", "protection.rights", "running.complaints", "legal.power_ref"})
_OPEN_KINDS = frozenset({"choice", "checks", "yesno", "date", "number"})
_OPEN_CELLS = frozenset({"choice", "date", "number"})
_STATUS: Mapping[Stage, str] = {
    Stage.AGREED_IN_PRINCIPLE: "Agreed in principle. No data moves yet",
    Stage.DRAFTING_AGREEMENT: "Agreed in principle. No data moves yet",
    Stage.REJECTED: "Refused. No data is shared",
    Stage.SUSPENDED: "Paused",
    Stage.CLOSED: "Ended",
    Stage.WITHDRAWN: "Withdrawn. No data is shared",
}
_PLAINER: Mapping[tuple[str, str], str] = {
    ("setting.method", "bundle"): "Encrypted and signed",
    ("least.contains", "none"): "Nothing about people, and nothing confidential",
    ("protection.automated", "none"): "Nothing",
}
"""Options whose label makes sense on the form and not in public."""
_ASK = "Write to either organisation. Both answer questions about their data sharing."
_DATA = (
    ("The data holds", "least.contains"),
    ("What is given", "least.way"),
    ("How often", "least.rhythm"),
    ("How it is sent", "setting.method"),
    ("About how many people", "people.how_many"),
    ("Nations", "about.nations"),
    ("Places", "data.place"),
    ("Period", "data.period"),
    ("Joined with other data", "linking.any"),
    ("Where it is kept", "setting.place"),
    ("Leaves the UK", "protection.outside_uk"),
    ("Passed on", "outputs.onward"),
    ("At the end", "keeping.end"),
)
_WHY = (("What it is for", "purpose.aim"), ("What it is not used for", "purpose.not_for"))
_LAW = (
    ("Power to receive", "legal.power"),
    ("Where it stands", "legal.power_ref"),
    ("Power to give", "legal.gateway"),
    ("Objective", "legal.dea_objective"),
    ("Lawful basis", "protection.basis"),
    ("Special category data", "protection.special_condition"),
    ("Criminal offence data", "protection.criminal"),
    ("Impact assessment", "protection.dpia_status"),
    ("Decided by computer", "protection.automated"),
)
_PEOPLE = (
    ("How people are told", "people.told"),
    ("Opting out", "people.opt_out"),
    ("How complaints are handled", "running.complaints"),
)
_DATES = (
    ("Starts", "running.start"),
    ("Ends", "running.end"),
    ("Looked at again", "running.review"),
    ("Data kept until", "keeping.until"),
)


class PublicRecord(Struct, frozen=True):
    """What may be published: pairs of a label and words by part, and the rows of tables.

    `days` are the dates for machines, YYYY-MM-DD by name; `is_whole` tells that nothing was held back.
    """

    title: str
    reference: str
    requester: str
    supplier: str
    status: str
    decided_on: str
    signed_on: str
    summary: str
    contact: str
    data: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str], ...]
    why: tuple[tuple[str, str], ...]
    law: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]
    benefits: tuple[tuple[str, ...], ...]
    risks: tuple[tuple[str, ...], ...]
    days: tuple[tuple[str, str], ...]
    is_whole: bool


BENEFIT_HEADS = ("Who gains", "Where", "What changes", "How it is measured", "By when")
RISK_HEADS = ("Kind", "To whom", "What could happen", "How likely", "How bad", "What is done about it", "What is left")
_BENEFIT = ("who", "where", "change", "measure", "by")
_RISK = ("kind", "whom", "risk", "likelihood", "impact", "control", "residual")


def public_record(
    state: RequestState, questions: QuestionSet, *, details: bool = False, now: bool = False
) -> PublicRecord:
    """The record as it stands. `details` says that both sides agreed to publish more of a sensitive request; `now`, that the reason for a delay is gone.

    Raises: RuleError("no-decision") before the supplier has decided, RuleError("record-exempt") where the request says that the law accepts
        a reason not to publish, RuleError("record-delayed") where it says later and not `now`.
    """
    decided = next((each.event for each in reversed(state.history) if isinstance(each.event.body, _DECIDED)), None)
    if decided is None or (state.approval is None and state.stage is not Stage.REJECTED):
        raise RuleError("no-decision", request=state.id)
    reading = Reading(questions, state.answers)
    wanted = reading.value(PUBLISH)
    if wanted == "exempt":
        raise RuleError("record-exempt", request=state.id)
    if wanted == "delay" and not now:
        raise RuleError("record-delayed", request=state.id)
    is_open = details or state.submission.marking is Marking.OFFICIAL
    teller = _Teller(reading, questions, Nameless.of(state), is_open=is_open)
    signed = [each.event for each in state.history if isinstance(each.event.body, AgreementSigned)]
    last = max((event.at for event in signed), default="")
    are_both_in = state.stage not in _STATUS and bool(signed)
    return PublicRecord(
        title=teller.plain(line(state.submission.title, "Untitled request")),
        reference=line(state.submission.reference, ""),
        requester=line(state.requester.name, "The requester"),
        supplier=line(state.supplier.name, "The supplier"),
        status=_STATUS.get(state.stage, "Agreed"),
        decided_on=day_of(decided.at),
        signed_on=day_of(last) if are_both_in else "",
        summary=teller.words("purpose.summary"),
        contact=teller.words("protection.rights") or _ASK,
        data=tuple(teller.pairs(_DATA)),
        items=tuple(teller.items()),
        why=tuple(teller.pairs(_WHY)),
        law=tuple(teller.pairs(_LAW)),
        people=tuple(teller.pairs(_PEOPLE)),
        dates=tuple(teller.pairs(_DATES)),
        benefits=tuple(teller.rows("benefits.table", _BENEFIT)),
        risks=tuple(teller.rows("risks.table", _RISK)),
        days=tuple(_days(reading, decided.at, last if are_both_in else "")),
        is_whole=is_open,
    )


def _days(reading: Reading, decided_at: str, signed_at: str) -> Iterator[tuple[str, str]]:
    found = [("decided", decided_at[:10]), ("signed", signed_at[:10])]
    found += [(name, str(reading.value(question) or "")) for name, question in _DAYS]
    yield from ((name, day) for name, day in found if parse_date(day) is not None)


_DAYS = (
    ("starts", "running.start"),
    ("ends", "running.end"),
    ("review", "running.review"),
    ("kept_until", "keeping.until"),
)
_DECIDED = RequestApproved | RequestRejected


class _Teller:
    """Says of the answers what may be said in public."""

    def __init__(self, reading: Reading, questions: QuestionSet, nameless: Nameless, *, is_open: bool) -> None:
        self._reading, self._questions, self._nameless, self._is_open = reading, questions, nameless, is_open

    def plain(self, text: str) -> str:
        return self._nameless.without_names(clean(text))

    def words(self, question_id: str) -> str:
        question = self._questions.question(question_id)
        if question is None or not (
            self._is_open or question_id in _WRITTEN_FOR_THE_PUBLIC or question.kind in _OPEN_KINDS
        ):
            return ""
        value = self._reading.value(question_id)
        chosen = value[0] if isinstance(value, list) and len(value) == 1 else value
        return _PLAINER.get((question_id, str(chosen)), "") or self.plain(self._reading.words(question_id))

    def pairs(self, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for label, question in wanted:
            if words := self.words(question):
                yield label, words

    def rows(self, question_id: str, wanted: Iterable[str]) -> Iterator[tuple[str, ...]]:
        question = self._questions.question(question_id)
        if question is None:
            return
        kinds = {column.id: column.kind for column in question.columns}
        for row in self._reading.rows(question_id):
            yield tuple(
                self.plain(row.get(name, "")) if self._is_open or kinds.get(name) in _OPEN_CELLS else ""
                for name in wanted
            )

    def items(self) -> Iterator[tuple[str, str]]:
        for row in self._reading.rows("data.items") if self._is_open else ():
            if row.get("name"):
                yield self.plain(row["name"]), self.plain(row.get("meaning", ""))


def record_document(record: PublicRecord, *, written_on: date) -> Document:
    """The record to read: OFFICIAL, because it is for everyone."""
    blocks: list[Block] = [Heading(1, "In short")]
    blocks += paragraphs(record.summary)
    blocks += facts(
        [
            ("Asked by", record.requester),
            ("Held by", record.supplier),
            ("Where it stands", record.status),
            ("Decided on", record.decided_on),
            ("Agreement signed on", record.signed_on),
            ("To ask or object", record.contact),
        ]
    )
    blocks += _part("What data", record.data)
    blocks += table("Data items", ("Item", "What it means"), record.items)
    if record.why or record.benefits:
        blocks += [Heading(1, "Why"), *facts(record.why), *table("Benefits", BENEFIT_HEADS, record.benefits)]
    blocks += _part("By what law", record.law)
    if record.risks:
        blocks += [Heading(1, "Risks"), *table("Risks of sharing and of not sharing", RISK_HEADS, record.risks)]
    blocks += _part("The people in the data", record.people)
    blocks += _part("Dates", record.dates)
    blocks += _about(record, written_on)
    return Document(
        kind="record",
        title=line(record.title),
        subtitle="Public record of data sharing",
        reference=record.reference,
        version=0,
        marking=Marking.OFFICIAL,
        language="en",
        blocks=tuple(blocks),
    )


def _part(title: str, pairs: Iterable[tuple[str, str]]) -> list[Block]:
    said = list(facts(pairs))
    return [Heading(1, title), *said] if said else []


def _about(record: PublicRecord, written_on: date) -> list[Block]:
    told = f"Made from the request and what was decided about it, on {long_date(written_on)}. It names no official."
    blocks: list[Block] = [Heading(1, "About this record"), Paragraph(told)]
    if not record.is_whole:
        text = (
            "Parts of the request are not published, because it is marked OFFICIAL-SENSITIVE. "
            "You can ask either organisation for more under freedom of information law."
        )
        blocks.append(Callout("note", text))
    return blocks
