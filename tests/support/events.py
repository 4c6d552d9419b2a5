"""Makes events for tests without signing them: the fold believes that what it gets was checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from dsadesk.codec.events import encode_event, type_name
from dsadesk.domain.events import AgreementDrafted, Body, Event, RequestSubmitted
from dsadesk.domain.ids import DeviceId, EventId, OrganisationId, PersonId, RequestId, uuid7
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Official, Organisation

DWP = Organisation(OrganisationId("department-for-work-pensions"), "Department for Work and Pensions")
VOA = Organisation(OrganisationId("valuation-office-agency"), "Valuation Office Agency")
PRIYA = Official(PersonId("priya"), "Priya Shah", "Deputy director")
GWEN = Official(PersonId("gwen"), "Gwenllian Wyn-Jones", "Head of data")
REQUEST = RequestId(uuid7(1_700_000_000_000, b"0123456789"))


def submitted(**changes: object) -> RequestSubmitted:
    fields: dict[str, object] = {
        "version": 1,
        "reference": "DSR-2026-TEST01",
        "title": "Council tax bands",
        "marking": Marking.OFFICIAL,
        "requester": DWP,
        "supplier": VOA,
        "question_set": "core/1.0.0",
        "answers": {"purpose.aim": "Find homes that cost most to heat."},
    }
    return RequestSubmitted(**(fields | changes))  # type: ignore[arg-type]


@dataclass
class Pen:
    """One device of one official: numbers its events and chains them."""

    official: Official
    org: OrganisationId
    device: str
    seq: int = 0
    prev: str = ""

    def write(
        self, body: Body, after: tuple[EventId, ...] = (), *, at: str = "2026-11-22T09:00:00Z", n: int = 0
    ) -> Event:
        self.seq += 1
        salt = hashlib.sha256(f"{self.device}{self.seq}{n}".encode()).digest()[:10]
        draft = Event(
            id=EventId(uuid7(1_700_000_000_000 + self.seq * 10 + n, salt)),
            request=REQUEST,
            type=type_name(body),
            schema=1,
            at=at,
            by=self.official,
            org=self.org,
            device=DeviceId(self.device),
            seq=self.seq,
            prev=self.prev,
            after=tuple(sorted(after)),
            body=body,
        )
        self.prev = hashlib.sha256(encode_event(draft)).hexdigest()
        return Event(**{name: getattr(draft, name) for name in draft.__struct_fields__} | {"sha256": self.prev})


@dataclass
class Table:
    """Both sides of a request, and everything they have said."""

    requester: Pen = field(default_factory=lambda: Pen(PRIYA, DWP.id, "d" * 32))
    supplier: Pen = field(default_factory=lambda: Pen(GWEN, VOA.id, "e" * 32))
    events: list[Event] = field(default_factory=list)

    def asks(self, body: Body, *after: EventId) -> Event:
        return self._say(self.requester, body, after)

    def holds(self, body: Body, *after: EventId) -> Event:
        return self._say(self.supplier, body, after)

    def _say(self, pen: Pen, body: Body, after: tuple[EventId, ...]) -> Event:
        event = pen.write(body, after or tuple(e.id for e in self.events[-1:]))
        self.events.append(event)
        return event


def agreement(version: int = 1) -> AgreementDrafted:
    return AgreementDrafted(version=version, sha256=f"{version:064x}", document={"format": "test"})
