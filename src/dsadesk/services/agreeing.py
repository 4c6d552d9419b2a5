"""The agreement: generated from the answers, carried as the tree that is signed, signed by both over the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.bundle.signature import pre_authentication, require_pair_over, seal_envelope, sign
from dsadesk.bundle.trust import find_signer
from dsadesk.bundle.unseal import OpenedBundle
from dsadesk.codec import canonical
from dsadesk.codec.events import parse_time
from dsadesk.documents import html, markdown, pdf
from dsadesk.documents.agreement import draft_agreement
from dsadesk.documents.clauses import parse_clauses
from dsadesk.documents.layout import Document, from_tree, to_tree
from dsadesk.documents.signatures import SignatureLine
from dsadesk.domain.events import AgreementDrafted, AgreementSigned, Event
from dsadesk.domain.ids import OrganisationId, RequestId
from dsadesk.domain.request import AgreementState, RequestState
from dsadesk.errors import ContentsError, DsadeskError, RuleError
from dsadesk.services.drafting import question_set
from dsadesk.services.reading import read_event, require_state
from dsadesk.services.session import Session
from dsadesk.services.speaking import say

AGREEMENT_TYPE = "application/vnd.dsadesk.agreement.v1+json"


@dataclass(frozen=True)
class AgreementFiles:
    """An agreement in every form: to read, to keep, to compare, and to verify without us."""

    html: bytes
    pdf: bytes
    markdown: bytes
    envelope: bytes


def agreement_bytes(body: AgreementDrafted) -> bytes:
    """The bytes that both parties sign: the canonical JSON of the agreement's tree."""
    return canonical.encode(body.document)


def draft(session: Session, request: RequestId) -> Event:
    """Generates the agreement from the answers as they stand, and proposes it to the other side. Raises: RuleError."""
    state = require_state(session, request)
    version = state.agreement.body.version + 1 if state.agreement else 1
    document = draft_agreement(
        state,
        question_set(session),
        version=version,
        drafted_on=session.world.clock.now().date(),
        clauses=parse_clauses(session.world.library.clauses()),
    )
    tree = to_tree(document)
    digest = hashlib.sha256(canonical.encode(tree)).hexdigest()
    return say(session, request, AgreementDrafted(version=version, sha256=digest, document=tree))


def sign_agreement(session: Session, request: RequestId) -> Event:
    """Signs exactly the text that lies there. Raises: RuleError, ContentsError("agreement-digest")."""
    agreement = require_agreement(require_state(session, request))
    payload = _checked_bytes(agreement.body)
    body = AgreementSigned(
        agreement=agreement.event,
        sha256=agreement.body.sha256,
        signatory=session.profile.official,
        signatures=sign(AGREEMENT_TYPE, payload, session.device.signing),
    )
    return say(session, request, body)


def require_agreement(state: RequestState) -> AgreementState:
    """The agreement as it stands. Raises: RuleError("no-agreement")."""
    if state.agreement is None:
        raise RuleError("no-agreement", request=state.id)
    return state.agreement


def document_of(session: Session, request: RequestId) -> Document:
    """The agreement's text. Raises: RuleError("no-agreement"), ContentsError."""
    return from_tree(require_agreement(require_state(session, request)).body.document)


def files(session: Session, request: RequestId) -> AgreementFiles:
    """Renders the agreement with the signatures it bears. Raises: RuleError("no-agreement"), ContentsError."""
    state = require_state(session, request)
    agreement = require_agreement(state)
    payload = _checked_bytes(agreement.body)
    document = from_tree(agreement.body.document)
    lines = signature_lines(session, state)
    envelope = seal_envelope(
        AGREEMENT_TYPE, payload, [s for _, _, body in agreement.signatures for s in body.signatures]
    )
    drafted = next(line.event for line in state.history if line.event.id == agreement.event)
    library = session.world.library
    return AgreementFiles(
        html=html.render(document, lines),
        pdf=pdf.render(
            document,
            lines,
            template=library.document_template(),
            fonts=library.fonts(),
            made_at=parse_time(drafted.at),
            attachment=payload,
        ),
        markdown=markdown.render(document, lines),
        envelope=envelope,
    )


def signature_lines(session: Session, state: RequestState) -> tuple[SignatureLine, ...]:
    """Who has signed the agreement as it stands, with the words of their organisation's key."""
    agreement = require_agreement(state)
    lines = []
    for org, event, body in agreement.signatures:
        known = session.directory.known(org)
        words = " ".join(fingerprint_words(known.card.fingerprint)) if known else ""
        party = state.requester if org == state.requester.id else state.supplier
        lines.append(
            SignatureLine(
                organisation=party.name,
                name=body.signatory.name,
                post=body.signatory.post,
                at=parse_time(event.at),
                fingerprint_words=words,
            )
        )
    return tuple(lines)


def check_agreement_event(session: Session, event: Event, opened: OpenedBundle | None = None) -> None:
    """Checks what an event says of an agreement before it is kept: the digest of a draft, both signatures of a signing.

    Raises: ContentsError("agreement-digest" | "agreement-tree" | "agreement-signature").
    """
    if isinstance(event.body, AgreementDrafted):
        _checked_bytes(event.body)
        try:
            from_tree(event.body.document)
        except DsadeskError as error:
            raise ContentsError("agreement-tree", why=error.code) from error
    if isinstance(event.body, AgreementSigned):
        text = _text_signed(session, event, opened)
        if text is None:
            return  # the text has not arrived; the fold leaves the signature without effect
        known = find_signer(OrganisationId(event.org), event.device, session.directory, None)
        try:
            message = pre_authentication(AGREEMENT_TYPE, agreement_bytes(text))
            require_pair_over(message, event.body.signatures, known.official.keys)
        except DsadeskError as error:
            raise ContentsError("agreement-signature", event=event.id, why=error.code) from error


def _text_signed(session: Session, event: Event, opened: OpenedBundle | None) -> AgreementDrafted | None:
    body = event.body
    if not isinstance(body, AgreementSigned):
        return None
    stored = session.vault.events.of_request(event.request)
    around = [entry.event for entry in opened.events] if opened else []
    for candidate in (*(read_event(kept) for kept in stored if kept.id == body.agreement), *around):
        if candidate.id == body.agreement and isinstance(candidate.body, AgreementDrafted):
            return candidate.body
    return None


def _checked_bytes(body: AgreementDrafted) -> bytes:
    payload = agreement_bytes(body)
    if hashlib.sha256(payload).hexdigest() != body.sha256:
        raise ContentsError("agreement-digest", version=body.version)
    return payload
