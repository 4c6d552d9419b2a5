"""The text of an agreement as it was proposed: its bytes, its digest, and the signatures over it. Renders nothing."""

from __future__ import annotations

import hashlib

from dsadesk.bundle.signature import pre_authentication, require_pair_over
from dsadesk.bundle.trust import find_signer
from dsadesk.bundle.unseal import OpenedBundle
from dsadesk.codec import canonical
from dsadesk.documents.layout import from_tree
from dsadesk.domain.events import AgreementDrafted, AgreementSigned, Event
from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import ContentsError, DsadeskError
from dsadesk.services.reading import read_event
from dsadesk.services.session import Session
from dsadesk.sync.receive import IncompleteError

AGREEMENT_TYPE = "application/vnd.dsadesk.agreement.v1+json"


def agreement_bytes(body: AgreementDrafted) -> bytes:
    """The bytes that both parties sign: the canonical JSON of the agreement's tree."""
    return canonical.encode(body.document)


def check_agreement_event(session: Session, event: Event, opened: OpenedBundle | None = None) -> None:
    """Checks what an event says of an agreement before it is kept: the digest of a draft, both signatures of a signing.

    A signing whose text has not arrived is not kept but waited for: once kept it would count unchecked when the text comes.
    Raises: ContentsError("agreement-digest" | "agreement-tree" | "agreement-signature"), IncompleteError("part-missing").
    """
    if isinstance(event.body, AgreementDrafted):
        checked_bytes(event.body)
        try:
            from_tree(event.body.document)
        except DsadeskError as error:
            raise ContentsError("agreement-tree", why=error.code) from error
    if isinstance(event.body, AgreementSigned):
        text = _text_signed(session, event, opened)
        if text is None:
            raise IncompleteError("part-missing", name=event.body.agreement)
        known = find_signer(OrganisationId(event.org), event.device, session.directory, None)
        if event.body.signatory != event.by:
            raise ContentsError("agreement-signature", event=event.id, why="other-official")
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


def checked_bytes(body: AgreementDrafted) -> bytes:
    """The bytes that both parties sign, compared with the digest that the event states. Raises: ContentsError("agreement-digest")."""
    payload = agreement_bytes(body)
    if hashlib.sha256(payload).hexdigest() != body.sha256:
        raise ContentsError("agreement-digest", version=body.version)
    return payload
