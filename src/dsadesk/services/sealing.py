"""Check and seal: a draft becomes a submission that can no longer change, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dsadesk.domain.events import RequestSubmitted, Unsigned
from dsadesk.domain.ids import RequestId
from dsadesk.errors import RuleError
from dsadesk.questions.check import Finding
from dsadesk.services import signing_off
from dsadesk.services.drafting import findings, require_marking
from dsadesk.services.keeping_cards import partner_card
from dsadesk.services.projecting import project
from dsadesk.services.reading import require_draft, state_of
from dsadesk.services.session import WITHOUT, Session
from dsadesk.services.signing_off import AreaState, draft_body
from dsadesk.services.speaking import deliver, sign_event

REVIEWS = "assurance.reviews"


def seal_request(session: Session, request: RequestId, *, without: Mapping[str, str] | None = None) -> RequestSubmitted:
    """Signs the answers and samples of a draft, seals them for the supplier and puts the bundle in the outbox.

    Sign-offs that cover exactly this draft go along. `without` gives, by area, the reason to go without one that the answers call for, in
    place of what `signing_off.go_without` kept; the supplier reads it. A crash leaves either the draft or the sealed request, never both and never neither.
    Raises: RuleError("findings", count) while something must still be answered, RuleError("sign-offs-missing", areas) while a sign-off
    that is called for has neither come nor a reason to go without it, RuleError("no-supplier"), CardError.
    """
    draft = require_draft(session, request)
    require_marking(session, request)
    missing = what_is_missing(session, request)
    if missing:
        raise RuleError("findings", count=len(missing), first=missing[0].question_id)
    if draft.supplier is None:
        raise RuleError("no-supplier", request=request)
    supplier = partner_card(session, draft.supplier).org
    areas = signing_off.areas(session, request)
    unsigned = _unsigned(areas, {**signing_off.reasons(session, request), **(without or {})})
    signed = tuple(area.covered for area in areas if area.covered is not None)
    state = state_of(session, request)
    body = replace(
        draft_body(session, request),
        sign_offs=signed or msgspec.UNSET,
        unsigned=unsigned or msgspec.UNSET,
    )
    with session.vault.transaction():
        event = sign_event(session, request, state, body)
        samples = session.vault.samples.of_request(request)
        deliver(session, request, kind="request", counterpart=supplier.id, events=(event,), samples=samples)
        session.vault.drafts.discard(request)
        session.vault.settings.remove(WITHOUT + request)
        project(session, request, state_of(session, request))
    return body


def what_is_missing(session: Session, request: RequestId) -> tuple[Finding, ...]:
    """What stands between a draft and its seal, in the order of the form. A signed sign-off need not be typed into the form as well."""
    must = [finding for finding in findings(session, request) if finding.severity == "must"]
    if any(finding.question_id == REVIEWS for finding in must) and is_signed_for(signing_off.areas(session, request)):
        must = [each for each in must if each.question_id != REVIEWS or each.code not in _ROWS_MISSING]
    return tuple(must)


_ROWS_MISSING = frozenset({"answer-missing", "too-few-rows", "row-missing"})


def is_signed_for(areas: tuple[AreaState, ...]) -> bool:
    """Whether the data protection sign-off, which the form asks to be named, is there as a signature."""
    return any(area.area == "data_protection" and area.covered is not None for area in areas)


def _unsigned(areas: tuple[AreaState, ...], without: Mapping[str, str]) -> tuple[Unsigned, ...]:
    """The areas that go without, each with its reason. Raises: RuleError("sign-offs-missing")."""
    still = [area for area in areas if area.is_open]
    silent = [area.area for area in still if not without.get(area.area, "").strip()]
    if silent:
        raise RuleError("sign-offs-missing", areas=tuple(silent), count=len(silent))
    return tuple(
        Unsigned(area=area.area, state=area.state_if_sealed, reason=without[area.area].strip()) for area in still
    )
