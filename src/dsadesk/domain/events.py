"""What can have happened to a request. An event never changes once it is signed; a request is its events.

The bytes that are signed are written down in docs/formats/events.md. A body here holds only what both parties may
read: nothing of a draft, no private note.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from dsadesk.domain.ids import DeviceId, EventId, ObjectId, OrganisationId, QuestionId, RequestId
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Official, Organisation

Answers = dict[str, Any]
"""Question id → answer: a string, an integer, a boolean, a list of strings, or a list of rows of strings."""


class Body(Struct, frozen=True, kw_only=True):
    """What one type of event says."""


class Dataset(Struct, frozen=True, kw_only=True):
    """The catalogue record that a request is about, as it stood when the request was sealed."""

    identifier: str
    title: str
    publisher: str
    description: str = ""
    licence: str = ""
    access_rights: str = ""
    security_classification: str = ""
    update_frequency: str = ""
    modified: str = ""
    contact_name: str = ""
    contact_email: str = ""


class Sample(Struct, frozen=True, kw_only=True):
    """A sample file that came with a submission. `object` names its encrypted payload, `sha256` its plain bytes."""

    n: int
    name: str
    media: str
    size: int
    sha256: str
    object: ObjectId
    kind: str = "synthetic"
    profile: dict[str, Any] = field(default_factory=dict)


class Signature(Struct, frozen=True, kw_only=True):
    """One signature in base64 with the id of the key that made it."""

    keyid: str
    sig: str


class SignOff(Struct, frozen=True, kw_only=True):
    """A specialist's word on one exact draft, as the other party may read it.

    `digest` is over the draft (`domain.sign_off.draft_content`). The signatures are over all the other fields.
    """

    area: str
    request: RequestId
    digest: str
    outcome: str
    conditions: tuple[str, ...]
    by: Official
    org: OrganisationId
    device: DeviceId
    at: str
    signatures: tuple[Signature, ...] = ()


class Unsigned(Struct, frozen=True, kw_only=True):
    """An area in which the requester sealed without a colleague's signature, and why. `state` says how far it had come."""

    area: str
    state: str
    reason: str


class RequestSubmitted(Body, frozen=True, kw_only=True):
    """The requester sealed the request, for the first time or again after it was returned."""

    version: int
    reference: str
    title: str
    marking: Marking
    requester: Organisation
    supplier: Organisation
    dataset: Dataset | UnsetType = UNSET
    question_set: str
    answers: Answers
    samples: tuple[Sample, ...] = ()
    supersedes: EventId | UnsetType = UNSET
    sign_offs: tuple[SignOff, ...] | UnsetType = UNSET
    unsigned: tuple[Unsigned, ...] | UnsetType = UNSET


class RequestReceived(Body, frozen=True, kw_only=True):
    """The supplier's side opened a submission and holds all of it."""

    submission: EventId


class AssessmentStarted(Body, frozen=True, kw_only=True):
    """The supplier began to assess."""

    handler: str = ""


class QuestionAsked(Body, frozen=True, kw_only=True):
    """The supplier asked about one answer, or about the request as a whole when `question` is empty."""

    question: QuestionId
    text: str


class QuestionAnswered(Body, frozen=True, kw_only=True):
    """The requester replied to a question; `answer` revises the answer that was asked about."""

    asked: EventId
    text: str
    answer: Any = UNSET


class RemarkMade(Body, frozen=True, kw_only=True):
    """Either side said something that both may read and that moves nothing."""

    text: str
    about: str = ""


class RequestReturned(Body, frozen=True, kw_only=True):
    """The supplier sent the request back, saying what has to change."""

    reasons: str
    changes: tuple[str, ...] = ()


class RequestApproved(Body, frozen=True, kw_only=True):
    """The supplier agreed in principle, perhaps with conditions. Source of the fields: ICO data sharing code, annex B."""

    conditions: tuple[str, ...]
    reasons: str
    decided_by: Official


class RequestRejected(Body, frozen=True, kw_only=True):
    """The supplier refused, saying why and how to appeal."""

    reasons: str
    decided_by: Official
    alternatives: str = ""


class RequestReferred(Body, frozen=True, kw_only=True):
    """The supplier is not the right owner and names the one who is."""

    reasons: str
    owner: str


class RequestWithdrawn(Body, frozen=True, kw_only=True):
    """The requester no longer asks."""

    reasons: str


class AgreementDrafted(Body, frozen=True, kw_only=True):
    """Either side generated an agreement from the answers. `document` is its text as a tree; `sha256` is over its canonical JSON."""

    version: int
    sha256: str
    document: dict[str, Any]


class AgreementSigned(Body, frozen=True, kw_only=True):
    """One party's signatory signed the agreement's bytes with both algorithms."""

    agreement: EventId
    sha256: str
    signatory: Official
    signatures: tuple[Signature, ...]


class SharingStarted(Body, frozen=True, kw_only=True):
    """The first data moved under the agreement."""

    note: str = ""


class SharingSuspended(Body, frozen=True, kw_only=True):
    """Sharing is paused."""

    reasons: str


class SharingResumed(Body, frozen=True, kw_only=True):
    """Sharing goes on after a pause."""

    note: str = ""


class AmendmentProposed(Body, frozen=True, kw_only=True):
    """Either side asked to change the agreement."""

    reasons: str


class AmendmentDropped(Body, frozen=True, kw_only=True):
    """The proposed change or renewal was given up; the agreement stands as it was."""

    reasons: str = ""


class RenewalProposed(Body, frozen=True, kw_only=True):
    """Either side asked to extend the agreement."""

    reasons: str


class ExpiryNoticed(Body, frozen=True, kw_only=True):
    """Either side put on record that the agreement is about to end."""

    ends_on: str


class SharingClosed(Body, frozen=True, kw_only=True):
    """Sharing ended; `certificate` says how the data was destroyed or returned."""

    certificate: str


class HeadsJoined(Body, frozen=True, kw_only=True):
    """Someone saw two lines of events made apart and joined them; it moves nothing."""


class SignOffAsked(Body, frozen=True, kw_only=True):
    """An official asked a colleague to sign off a draft. Stays within the organisation; `draft` is what would be sealed."""

    area: str
    of: Official
    draft: RequestSubmitted
    draft_of: RequestId
    note: str = ""


class SignOffGiven(Body, frozen=True, kw_only=True):
    """A colleague's answer. `statement` may go to the other party with the request; `remark` stays within the organisation."""

    asked: EventId
    statement: SignOff
    remark: str = ""


class UnknownBody(Body, frozen=True, kw_only=True):
    """An event of a type that this version does not know. It is kept, carried and shown as such."""

    content: dict[str, Any]


class Event(Struct, frozen=True, kw_only=True):
    """One signed fact, decoded. `sha256` is over the signed bytes; `after` are the heads that its author had seen."""

    id: EventId
    request: RequestId
    type: str
    schema: int
    at: str
    by: Official
    org: OrganisationId
    device: DeviceId
    seq: int
    prev: str
    after: tuple[EventId, ...]
    body: Body
    sha256: str = ""
    unknown_fields: tuple[str, ...] = ()


BODIES: tuple[type[Body], ...] = (
    RequestSubmitted, RequestReceived, AssessmentStarted, QuestionAsked, QuestionAnswered, RemarkMade, RequestReturned,
    RequestApproved, RequestRejected, RequestReferred, RequestWithdrawn, AgreementDrafted, AgreementSigned,
    SharingStarted, SharingSuspended, SharingResumed, AmendmentProposed, AmendmentDropped, RenewalProposed,
    ExpiryNoticed, SharingClosed, HeadsJoined, SignOffAsked, SignOffGiven,
)  # fmt: skip
"""Every type of event that this version knows, by its class."""
