"""A sign-off's statement: the digest of the draft that it is over, the bytes that are signed, and who may have signed them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from dsadesk.bundle.identity import Identity
from dsadesk.bundle.signature import pre_authentication, require_pair_over, sign
from dsadesk.bundle.trust import Directory, Evidence, KnownCard, find_signer, judge
from dsadesk.codec import canonical
from dsadesk.codec.events import MAX_EVENT_BYTES, parse_time
from dsadesk.domain.events import RequestSubmitted, SignOff
from dsadesk.domain.ids import RequestId
from dsadesk.domain.sign_off import draft_content
from dsadesk.errors import ContentsError, SignatureError, TrustError

SIGN_OFF_TYPE = "application/vnd.dsadesk.sign-off.v1+json"


def digest_of_draft(request: RequestId, draft: RequestSubmitted | Mapping[str, Any]) -> str:
    """The SHA-256 of everything in a draft that a sign-off is over. What came from elsewhere is given as it was read, unknown fields and all."""
    plain = msgspec.to_builtins(draft) if isinstance(draft, RequestSubmitted) else draft
    return hashlib.sha256(canonical.encode(draft_content(request, plain))).hexdigest()


def statement_bytes(statement: SignOff) -> bytes:
    """The bytes that are signed: canonical JSON of every field but the signatures."""
    fields = asdict(statement)
    del fields["signatures"]
    return canonical.encode(fields)


def sign_statement(statement: SignOff, signer: Identity) -> SignOff:
    """The statement with both signatures of a device."""
    return replace(statement, signatures=sign(SIGN_OFF_TYPE, statement_bytes(statement), signer.signing))


def check_statement(
    statement: SignOff, *, directory: Directory, introduced: KnownCard | None, signed_by: str, event: str
) -> Evidence:
    """Checks that an official of the organisation `signed_by` signed exactly this. Says nothing of their role.

    Raises: ContentsError("sign-off-signature", event, why).
    """
    if statement.org != signed_by:
        raise ContentsError("sign-off-signature", event=event, why="other-organisation")
    at = parse_time(statement.at)
    try:
        signer = find_signer(statement.org, statement.device, directory, introduced)
        message = pre_authentication(SIGN_OFF_TYPE, statement_bytes(statement))
        require_pair_over(message, statement.signatures, signer.official.keys)
        evidence = judge(signer, at, at)
    except (SignatureError, TrustError) as error:
        raise ContentsError("sign-off-signature", event=event, why=error.code) from error
    if statement.by.id != evidence.official.id:
        raise ContentsError("sign-off-signature", event=event, why="other-official")
    return evidence


def check_submission(
    payload: bytes,
    body: RequestSubmitted,
    *,
    request: RequestId,
    directory: Directory,
    introduced: KnownCard,
    event: str,
) -> None:
    """Checks the sign-offs that came with a submission, whose event's bytes are `payload`: over exactly it, and by the requester's officials.

    Raises: ContentsError("sign-off-signature" | "sign-off-other-draft", event).
    """
    statements = body.sign_offs or ()
    if not statements:
        return
    digest = digest_of_draft(request, canonical.decode(payload, max_bytes=MAX_EVENT_BYTES)["body"])
    for statement in statements:
        if (statement.request, statement.digest) != (request, digest):
            raise ContentsError("sign-off-other-draft", event=event, area=statement.area[:40])
        check_statement(statement, directory=directory, introduced=introduced, signed_by=body.requester.id, event=event)
