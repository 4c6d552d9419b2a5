"""The agreement: generated from the answers, carried as the tree that is signed, signed by both over the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.bundle.signature import seal_envelope, sign
from dsadesk.bundle.trust import find_former_signer
from dsadesk.codec import canonical
from dsadesk.codec.events import parse_time
from dsadesk.documents import html, markdown
from dsadesk.documents.agreement import draft_agreement
from dsadesk.documents.clauses import parse_clauses
from dsadesk.documents.layout import from_tree, to_tree
from dsadesk.documents.signatures import SignatureLine
from dsadesk.domain.events import AgreementDrafted, AgreementSigned, Event
from dsadesk.domain.ids import DeviceId, OrganisationId, RequestId
from dsadesk.domain.request import AgreementState, RequestState
from dsadesk.errors import RuleError, TrustError
from dsadesk.services.agreement_text import AGREEMENT_TYPE, checked_bytes
from dsadesk.services.drafting import question_set
from dsadesk.services.printing import as_pdf
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session
from dsadesk.services.speaking import say


@dataclass(frozen=True)
class AgreementFiles:
    """An agreement in every form: to read, to keep, to compare, and to verify without us."""

    html: bytes
    pdf: bytes
    markdown: bytes
    envelope: bytes


def draft(session: Session, request: RequestId) -> Event:
    """Generates the agreement from the answers as they stand, and proposes it to the other side. Raises: RuleError."""
    state = require_state(session, request)
    version = state.agreement.body.version + 1 if state.agreement else 1
    document = draft_agreement(
        state,
        question_set(session, state.supplier.id),
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
    payload = checked_bytes(agreement.body)
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


def files(session: Session, request: RequestId) -> AgreementFiles:
    """Renders the agreement with the signatures it bears. Raises: RuleError("no-agreement"), ContentsError."""
    state = require_state(session, request)
    agreement = require_agreement(state)
    payload = checked_bytes(agreement.body)
    document = from_tree(agreement.body.document)
    lines = signature_lines(session, state)
    envelope = seal_envelope(
        AGREEMENT_TYPE, payload, [s for _, _, body in agreement.signatures for s in body.signatures]
    )
    drafted = next(line.event for line in state.history if line.event.id == agreement.event)
    return AgreementFiles(
        html=html.render(document, lines),
        pdf=as_pdf(
            session.world.library, document, made_at=parse_time(drafted.at), signatures=lines, attachment=payload
        ),
        markdown=markdown.render(document, lines),
        envelope=envelope,
    )


def signature_lines(session: Session, state: RequestState) -> tuple[SignatureLine, ...]:
    """Who has signed the agreement as it stands, with the words of their organisation's key."""
    agreement = require_agreement(state)
    lines = []
    for org, event, body in agreement.signatures:
        words = _key_words(session, org, event.device)
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


def _key_words(session: Session, org: OrganisationId, device: DeviceId) -> str:
    """The words of the organisation's key under which a device signed, which may have been another than today's."""
    try:
        return " ".join(fingerprint_words(find_former_signer(org, device, session.directory).known.card.fingerprint))
    except TrustError:
        return ""
