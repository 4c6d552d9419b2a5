"""A second official, or a second laptop of the same one, joins an organisation that has its keys already.

The newcomer's laptop makes an *application* (its public keys, signed by themselves). An official who holds the organisation's key answers
with a *pass*: the new card and the inbox key, encrypted to the newcomer alone. Both are files, carried however people trust.
"""

from __future__ import annotations

import base64

import msgspec
from msgspec import Struct

from dsadesk import age
from dsadesk.bundle.card import CardOfficial, read_card
from dsadesk.bundle.identity import VerifyingKeys, fingerprint_words
from dsadesk.bundle.signature import parse_envelope, require_pair, sign_envelope
from dsadesk.codec import canonical
from dsadesk.codec.events import time_text
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.organisation import Official
from dsadesk.errors import CardError, RuleError, SignatureError
from dsadesk.services.keeping_keys import issue_card, opened, pin_card, require_admin
from dsadesk.services.session import INBOX_SEED, ORGANISATION_SEED, Session

APPLICATION_TYPE = "application/vnd.dsadesk.application.v1+json"
PASS_TYPE = "application/vnd.dsadesk.pass.v1+json"  # noqa: S105 - a media type
_MAX_BYTES = 1024 * 1024


class Application(Struct, frozen=True, kw_only=True):
    """What a newcomer says of themselves."""

    v: int
    org: OrganisationId
    official: Official
    keys: VerifyingKeys
    hybrid: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words to compare with the newcomer before letting them in."""
        return fingerprint_words(self.keys.fingerprint)


class Pass(Struct, frozen=True, kw_only=True):
    """What a newcomer is given: the card and the inbox key, and the organisation's key when they are to administer it."""

    v: int
    card: str
    inbox_seed: str
    organisation_seed: str = ""


def apply(session: Session) -> bytes:
    """Makes this laptop's application as a file."""
    application = Application(
        v=1,
        org=session.profile.organisation.id,
        official=session.profile.official,
        keys=session.device.signing.public,
        hybrid=str(session.device.hybrid.recipient),
    )
    return sign_envelope(APPLICATION_TYPE, canonical.encode(application), session.device.signing)


def read_application(data: bytes) -> Application:
    """Reads an application and checks that its own key signed it. Raises: CardError("application-unreadable" | "application-altered")."""
    try:
        envelope = parse_envelope(data, payload_type=APPLICATION_TYPE, max_bytes=_MAX_BYTES)
        application = msgspec.convert(
            canonical.decode(envelope.payload, max_bytes=_MAX_BYTES), Application, strict=True
        )
    except (SignatureError, canonical.CanonicalError, msgspec.ValidationError) as error:
        raise CardError("application-unreadable") from error
    try:
        require_pair(envelope, application.keys)
    except SignatureError as error:
        raise CardError("application-altered") from error
    return application


def admit(session: Session, data: bytes, *, admin: bool = False) -> bytes:
    """Lets a newcomer in: a new version of our card with their device on it, and a pass that only they can open.

    Raises: CardError, RuleError("not-admin" | "other-organisation").
    """
    organisation, application = require_admin(session), read_application(data)
    if application.org != session.profile.organisation.id:
        raise RuleError("other-organisation", org=application.org)
    card = session.card
    newcomer = CardOfficial(
        official=application.official,
        device=application.keys.device,
        keys=application.keys,
        roles=("admin", "signatory", "decider") if admin else ("drafter",),
        since=time_text(session.world.clock.now()),
    )
    kept = tuple(official for official in card.officials if official.device != newcomer.device)
    issue_card(session, inboxes=card.inboxes, officials=(*kept, newcomer))
    given = Pass(
        v=1,
        card=base64.b64encode(session.card_bytes).decode(),
        inbox_seed=base64.b64encode(_seed(session, INBOX_SEED)).decode(),
        organisation_seed=base64.b64encode(_seed(session, ORGANISATION_SEED)).decode() if admin else "",
    )
    envelope = sign_envelope(PASS_TYPE, canonical.encode(given), organisation.signing)
    recipient = age.parse_recipient(application.hybrid)
    return age.armor(age.encrypt(envelope, (recipient,), session.world.entropy.token))


def accept(session: Session, data: bytes) -> Session:
    """Takes a pass and returns the session with the organisation's inbox open to it.

    Raises: CardError("pass-unreadable" | "pass-altered"), RuleError("other-organisation").
    """
    try:
        envelope_bytes = age.decrypt(age.dearmor(data), (session.device.hybrid,), limit=_MAX_BYTES)
        envelope = parse_envelope(envelope_bytes, payload_type=PASS_TYPE, max_bytes=_MAX_BYTES)
        given = msgspec.convert(canonical.decode(envelope.payload, max_bytes=_MAX_BYTES), Pass, strict=True)
        card_bytes = base64.b64decode(given.card, validate=True)
    except (age.AgeError, SignatureError, canonical.CanonicalError, msgspec.ValidationError, ValueError) as error:
        raise CardError("pass-unreadable") from error
    card = read_card(card_bytes)
    try:
        require_pair(envelope, card.keys)
    except SignatureError as error:
        raise CardError("pass-altered") from error
    if card.org.id != session.profile.organisation.id:
        raise RuleError("other-organisation", org=card.org.id)
    settings = session.vault.settings
    with session.vault.transaction():
        pin_card(session, card, card_bytes, arrived="")
        settings.write(INBOX_SEED, base64.b64decode(given.inbox_seed))
        if given.organisation_seed:
            settings.write(ORGANISATION_SEED, base64.b64decode(given.organisation_seed))
    return opened(session.world, session.vault)


def _seed(session: Session, name: str) -> bytes:
    seed = session.vault.settings.read(name)
    if seed is None:
        raise RuleError("not-admin", org=session.profile.organisation.id)
    return seed
