"""Suppliers' own questions: signed by the supplier's organisation, taken in from a file, asked where something is asked of that supplier."""

from __future__ import annotations

import functools

from dsadesk.bundle.card import read_card
from dsadesk.bundle.signature import parse_envelope, require_pair, sign_envelope
from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import CardError, RuleError, SignatureError
from dsadesk.questions.model import QuestionSet
from dsadesk.questions.pack import QuestionPack, merge, parse_question_pack
from dsadesk.services.keeping_cards import require_admin
from dsadesk.services.session import QUESTIONS, Session

PACK_TYPE = "application/vnd.dsadesk.questions.v1+json"
MAX_BYTES = 2 * 1024 * 1024
SUFFIX = ".dsaquestions"


def question_set_for(session: Session, supplier: OrganisationId | None) -> QuestionSet:
    """The questions of a request: ours, and the supplier's own where a pack of theirs is here."""
    core = session.world.library.question_set()
    kept = session.vault.settings.read(QUESTIONS + supplier) if supplier is not None else None
    return core if kept is None else _merged(kept, core)


def pack_of(session: Session, org: OrganisationId) -> QuestionPack | None:
    """The pack that is held of an organisation, our own among them."""
    kept = session.vault.settings.read(QUESTIONS + org)
    return None if kept is None else _read(kept, session.world.library.question_set())


def sign_pack(session: Session, data: bytes) -> bytes:
    """Signs our own questions with the organisation's key and keeps them, so that requests which answer them are shown in words.

    Raises: RuleError("not-admin" | "other-organisation" | "older-questions"), InputError.
    """
    organisation = require_admin(session)
    pack = parse_question_pack(data, session.world.library.question_set())
    if pack.org != session.profile.organisation.id:
        raise RuleError("other-organisation", org=pack.org)
    signed = sign_envelope(PACK_TYPE, data, organisation.signing)
    _keep(session, pack, signed)
    return signed


def take_pack(session: Session, signed: bytes) -> QuestionPack:
    """Takes in a partner's questions, or our own on a colleague's laptop. A newer version takes the place of an older one; answers stay.

    Raises: CardError("questions-unreadable" | "questions-altered" | "card-key-pending"), RuleError("no-card" | "older-questions"), InputError.
    """
    try:
        payload = parse_envelope(signed, payload_type=PACK_TYPE, max_bytes=MAX_BYTES).payload
    except SignatureError as error:
        raise CardError("questions-unreadable") from error
    pack = parse_question_pack(payload, session.world.library.question_set())
    pinned = session.vault.cards.get(pack.org)
    if pinned is None:
        raise RuleError("no-card", org=pack.org)
    if pinned.changed_to:
        raise CardError("card-key-pending", org=pack.org)
    try:
        require_pair(
            parse_envelope(signed, payload_type=PACK_TYPE, max_bytes=MAX_BYTES), read_card(pinned.envelope).keys
        )
    except SignatureError as error:
        raise CardError("questions-altered", org=pack.org) from error
    _keep(session, pack, signed)
    return pack


def drop_pack(session: Session, org: OrganisationId) -> bool:
    """Stops asking an organisation's own questions. Answers that were given stay in their drafts. False when there was no pack."""
    had = session.vault.settings.read(QUESTIONS + org) is not None
    session.vault.settings.remove(QUESTIONS + org)
    session.changes.flag("cards")
    return had


def _keep(session: Session, pack: QuestionPack, signed: bytes) -> None:
    held = pack_of(session, pack.org)
    if held is not None and held.order >= pack.order and session.vault.settings.read(QUESTIONS + pack.org) != signed:
        raise RuleError("older-questions", org=pack.org, version=held.version)
    session.vault.settings.write(QUESTIONS + pack.org, signed)
    session.changes.flag("cards")


def _read(signed: bytes, core: QuestionSet) -> QuestionPack:
    return parse_question_pack(parse_envelope(signed, payload_type=PACK_TYPE, max_bytes=MAX_BYTES).payload, core)


@functools.lru_cache(maxsize=16)
def _parsed(signed: bytes, core_version: str) -> list[QuestionSet]:
    """A place to keep what was merged for these bytes: a set cannot be a key, its version can."""
    del signed, core_version
    return []


def _merged(signed: bytes, core: QuestionSet) -> QuestionSet:
    place = _parsed(signed, f"{core.id}/{core.version}")
    if not place:
        place.append(merge(core, _read(signed, core)))
    return place[0]
