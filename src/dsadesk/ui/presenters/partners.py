"""Organisations and their keys: our own card and inbox, partners and how each key is known, colleagues who want to be let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dsadesk.bundle.card import Card as OrganisationCard
from dsadesk.bundle.card import read_card
from dsadesk.bundle.identity import fingerprint_words
from dsadesk.bundle.trust import Evidence, HowKnown, KnownCard
from dsadesk.codec.events import parse_time
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.roles import DRAFTER
from dsadesk.errors import CardError, DsadeskError, RuleError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.questions.pack import QuestionPack
from dsadesk.services import admitting, exchanging, keeping_cards, question_packs, rotating
from dsadesk.services.admitting import DIRECT_METHODS
from dsadesk.services.changes import Changes
from dsadesk.services.giving_roles import GIVEN_ROLES
from dsadesk.services.keeping_cards import CHECK_METHODS, REFUSED, address_of
from dsadesk.services.session import ADDRESS, Session
from dsadesk.services.wording import (
    Explanation,
    card_notice_sentence,
    how_known_sentence,
    long_date,
    plain,
    spelled,
)
from dsadesk.services.wording import on as said_on
from dsadesk.services.wording.officials import ROLE_WORDS, standing_sentences
from dsadesk.ui.presenters.files import read_file, write_file
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.team import Team, given_words
from dsadesk.ui.vocabulary import Card, Option, Tone

CARD_SUFFIX, INTRODUCTION_SUFFIX = ".dsacard", ".dsaintroduction"
QUESTIONS_SUFFIX = question_packs.SUFFIX
APPLICATION_SUFFIX, PASS_SUFFIX = ".dsapplication", ".dsapass"
CHECK, IMPORT, INBOX, CHANGED, ADMIT = "check", "import", "inbox", "changed", "admit"
METHODS = (
    Option(
        "phone", "By phone", "On a number that you had before, never one from the card or the message that brought it."
    ),
    Option("in-person", "In person", "You both looked at the words."),
    Option("introducer", "By somebody I trust", "They had compared the words themselves and vouch for them."),
)
DIRECT = tuple(method for method in METHODS if method.value in DIRECT_METHODS)
"""The ways that will do for a key that has changed."""


@dataclass(frozen=True)
class ShownOfficial:
    """Somebody on a card: who, what they may do, since when, and until when where that is over or near."""

    name: str
    facts: str
    person: str = ""
    is_gone: bool = False
    device: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnShown:
    """Our own card. Without `is_admitted` there is none yet on this laptop."""

    org: OrganisationId
    name: str
    words: tuple[str, ...]
    spelled: str
    fingerprint: str
    facts: tuple[tuple[str, str], ...]
    inbox: str
    officials: tuple[ShownOfficial, ...]
    is_admin: bool
    is_admitted: bool
    warning: str
    can_renew: bool


@dataclass(frozen=True)
class PartnerShown:
    """One partner, and how its key is known."""

    org: OrganisationId
    name: str
    words: tuple[str, ...]
    spelled: str
    fingerprint: str
    how: str
    how_tone: Tone
    checks: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    officials: tuple[ShownOfficial, ...]
    address: str
    card_address: str
    is_compared: bool
    is_expired: bool
    changed_words: tuple[str, ...]
    changed_spelled: str
    can_vouch: bool

    @property
    def has_changed(self) -> bool:
        """Whether another key came in under this name, and nobody here has decided about it."""
        return bool(self.changed_words)


@dataclass(frozen=True)
class PartnersShown:
    """The whole page."""

    own: OwnShown
    partners: tuple[PartnerShown, ...]
    cards: tuple[Card, ...]

    def partner(self, org: OrganisationId | None) -> PartnerShown | None:
        """Return a partner by its identifier."""
        return next((each for each in self.partners if each.org == org), None)


@dataclass(frozen=True)
class ApplicationShown:
    """Somebody who wants to be let in, the words to compare with them, what to mind, and what they may say on laptops of theirs before."""

    name: str
    post: str
    words: tuple[str, ...]
    spelled: str
    file: Path
    warnings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewKeyShown:
    """A card with another key than the one that we hold, and the words to compare before it is believed."""

    org: OrganisationId
    name: str
    words: tuple[str, ...]
    spelled: str
    file: Path


class PartnersPage(Protocol):
    """What the presenter asks of the page."""

    def show_partners(self, shown: PartnersShown, chosen: OrganisationId) -> None:
        """Show the list, and one of its entries."""

    def show_notice(self, sentence: str, details: str) -> None:
        """Say what was done and what to do now."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""

    def ask_check(self, partner: PartnerShown) -> None:
        """Have it recorded that somebody compared the words."""

    def ask_admit(self, application: ApplicationShown) -> None:
        """Have the words compared with a newcomer before they are let in."""

    def ask_application(self) -> None:
        """Have a colleague's application chosen."""

    def ask_new_key(self, found: NewKeyShown) -> None:
        """Have the words of another key compared before it is believed."""

    def ask_card(self) -> None:
        """Have a card file chosen."""

    def ask_inbox(self) -> None:
        """Have a folder chosen for our inbox."""


class PartnersPresenter:
    """Shows who is who, and does what its buttons say."""

    def __init__(self, view: PartnersPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._chosen: OrganisationId | None = None
        self._shown: PartnersShown | None = None
        self.team = Team(frame, self._say, self._failed)

    @property
    def own_device(self) -> str:
        """This laptop, as our card names it."""
        return self._frame.desk.session.device.device

    @property
    def shown(self) -> PartnersShown | None:
        """What is on the page now."""
        return self._shown

    @property
    def own(self) -> OrganisationId:
        """Our own organisation."""
        return self._frame.desk.session.profile.organisation.id

    def open(self, org: OrganisationId | None = None, part: str = "") -> None:
        """Show the page with one organisation open. `part` may begin importing, comparing or choosing the inbox."""
        if org is not None:
            self._chosen = org
        self._load(part)

    def refresh(self, changes: Changes) -> None:
        """Show it anew when a card changed."""
        if changes.cards or changes.quarantine:
            self._load()

    def choose(self, org: OrganisationId) -> None:
        """Open an organisation of the list."""
        self._chosen = org
        if self._shown is not None:
            self._view.show_partners(self._shown, org)

    # ------------------------------------------------------------ partners

    def import_card(self, file: Path) -> None:
        """Take in a card from a file. One with another key than before is put before somebody to decide."""
        session = self._frame.desk.session

        def done(card: PinnedCard) -> None:
            self._chosen = card.org
            name = plain(card.name)
            if card.org == self.own:
                self._say("Your own card is up to date.", "It is the version that another laptop of yours made.")
                return
            self._say(
                f"The card of {name} is kept.", f"Now ring {name}, compare the eight words, and record that you did."
            )

        known = self._changed()

        def failed(error: Explanation) -> None:
            self._load(CHANGED, known, error)

        self._frame.work(lambda: _take_in(session, file), done, failed)

    def check(self, org: OrganisationId, method: str, whom: str) -> bool:
        """Record that the words were compared, with whom and how; return whether all of that was said."""
        if method not in CHECK_METHODS or not whom.strip():
            return False
        session = self._frame.desk.session

        def done(_: None) -> None:
            self._say("It is recorded that you compared the words.", "It is shown wherever this key is used.")

        self._frame.work(lambda: keeping_cards.check_card(session, org, method, whom.strip()), done, self._failed)
        return True

    def keep_key(self, org: OrganisationId) -> None:
        """Go on with the key that we know; the other one was not theirs."""
        session = self._frame.desk.session
        sentence = "You go on with the key that you know. Deliveries go to it again."
        self._frame.work(lambda: rotating.refuse_new_key(session, org), lambda _: self._say(sentence, ""), self._failed)

    def read_new_key(self, org: OrganisationId, file: Path) -> None:
        """Look at a card with another key, so that its words can be compared."""
        session = self._frame.desk.session

        def done(found: NewKeyShown | Explanation) -> None:
            if isinstance(found, Explanation):
                self._failed(found)
            else:
                self._view.ask_new_key(found)

        self._frame.work(lambda: other_key(session, org, file), done, self._failed)

    def take_new_key(self, found: NewKeyShown, method: str, whom: str) -> bool:
        """Believe another key, because somebody compared its words; return whether it was said how and with whom."""
        if method not in DIRECT_METHODS or not whom.strip():
            return False
        session, deliverer = self._frame.desk.session, self._frame.deliverer()
        post, flow = deliverer.post, deliverer.controls.pacer.valve()

        def done(taken: int) -> None:
            details = "The earlier comparisons no longer count; yours does. What they signed before stays proved."
            self._say(f"The new key of {found.name} is kept.", f"{details} {_taken(taken)}".strip())

        def work() -> int:
            post(lambda: rotating.accept_new_key(session, read_file(found.file), method, whom))
            codes = {"key-changed", "key-refused", "key-doubted"}
            return exchanging.retry_held(session, codes, found.org, post, flow=flow)

        self._frame.deliver(work, done, self._failed)
        return True

    def vouch(self, org: OrganisationId, file: Path) -> None:
        """Save an introduction of a partner whose words somebody here compared, for another partner."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            details = "Give it to a partner who has met you. They see who vouches, and when you compared the words."
            self._say(f"The introduction is saved as {plain(file.name)}.", details)

        self._frame.work(lambda: write_file(file, admitting.introduce(session, org)), done, self._failed)

    # ------------------------------------------------------------ our own card

    def renew(self) -> None:
        """Issue our card for another year."""
        session = self._frame.desk.session

        def done(_: OrganisationCard) -> None:
            self._say("Your card is renewed for another year.", "Save it and send it to your partners.")

        self._frame.work(lambda: rotating.renew_card(session), done, self._failed)

    def export_card(self, file: Path) -> None:
        """Save our card as a file for others."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            self._say(
                f"Your card is saved as {plain(file.name)}.",
                "Send it to your partners, and read them your eight words.",
            )

        self._frame.work(lambda: write_file(file, session.card_bytes), done, self._failed)

    # ------------------------------------------------------------ questions of their own

    def take_questions(self, file: Path) -> None:
        """Take in a partner's own questions from a file."""
        session = self._frame.desk.session

        def done(pack: QuestionPack) -> None:
            self._say(f"{_pack_words(pack)} are kept.", "They are asked in each request to this organisation.")

        self._frame.work(lambda: question_packs.take_pack(session, read_file(file)), done, self._failed)

    def sign_questions(self, file: Path, target: Path) -> None:
        """Sign our own questions, and save them for partners."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            self._say(
                f"Your questions are signed and saved as {plain(target.name)}.",
                "Give the file to whoever will ask you for data.",
            )

        self._frame.work(
            lambda: write_file(target, question_packs.sign_pack(session, read_file(file))), done, self._failed
        )

    # ------------------------------------------------------------ colleagues

    def read_application(self, file: Path) -> None:
        """Look at somebody's application, so that their words can be compared."""

        def work() -> ApplicationShown:
            return application_shown(session, file)

        session = self._frame.desk.session
        self._frame.work(work, self._view.ask_admit, self._failed)

    def admit(self, application: ApplicationShown, target: Path, *, admin: bool, roles: Sequence[str]) -> None:
        """Let somebody in to say this much, and save the pass that only they can open."""
        session = self._frame.desk.session

        def work() -> None:
            write_file(target, admitting.admit(session, read_file(application.file), admin=admin, roles=roles))

        def done(_: None) -> None:
            details = f"Give {application.name} the file {plain(target.name)}. Your card has changed: send it to your partners."
            self._say(f"{application.name} is let in.", details)

        self._frame.work(work, done, self._failed)

    def save_application(self, file: Path) -> None:
        """Save our own application to join colleagues."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            details = "Give it to a colleague who looks after the keys, and read them the words below."
            self._say(f"Your application is saved as {plain(file.name)}.", details)

        self._frame.work(lambda: write_file(file, admitting.apply(session)), done, self._failed)

    def open_pass(self, file: Path) -> None:
        """Take the pass that a colleague made for us."""
        desk = self._frame.desk
        before, deliverer = desk.session, self._frame.deliverer()
        post, flow = deliverer.post, deliverer.controls.pacer.valve()

        def take() -> None:
            desk.take(admitting.accept(before, read_file(file)))
            desk.session.changes.flag("cards")

        def work() -> int:
            post(take)
            return exchanging.retry_held(desk.session, {"not-for-us"}, post=post, flow=flow)

        def done(taken: int) -> None:
            name = plain(self._frame.desk.session.profile.organisation.name)
            session = self._frame.desk.session
            given = given_words(session.card.official_of(session.device.device))
            details = " ".join(part for part in (given, _taken(taken), "Fetch what lies in your inbox.") if part)
            self._say(f"You can now read and write for {name}.", details)

        self._frame.deliver(work, done, self._failed)

    # ------------------------------------------------------------ inside

    def _say(self, sentence: str, details: str) -> None:
        self._view.show_error(None)
        self._view.show_notice(sentence, details)
        self._frame.announce(f"{sentence} {details}".strip())
        self._load()

    def _failed(self, explanation: Explanation, *, quietly: bool = False) -> None:
        self._view.show_error(None if quietly else explanation)
        self._frame.announce(f"{explanation.what} {explanation.todo}".strip())

    def _changed(self) -> frozenset[OrganisationId]:
        return frozenset(each.org for each in self._shown.partners if each.has_changed) if self._shown else frozenset()

    def _load(
        self, part: str = "", known: frozenset[OrganisationId] = frozenset(), error: Explanation | None = None
    ) -> None:
        """Look again. An error that turned out to be a changed key is said by the page of that partner, and loudly."""
        session = self._frame.desk.session

        def done(shown: PartnersShown) -> None:
            self._shown = shown
            changed = self._changed() - known if part == CHANGED else frozenset()
            if changed:
                self._chosen = next(iter(changed))
            if error is not None:
                self._failed(error, quietly=bool(changed))
            if shown.partner(self._chosen) is None:
                self._chosen = shown.own.org
            self._view.show_partners(shown, self._chosen or shown.own.org)
            self._begin(shown, part)

        self._frame.work(lambda: look(session), done, self._failed)

    def _begin(self, shown: PartnersShown, part: str) -> None:
        partner = shown.partner(self._chosen)
        if part == IMPORT:
            self._view.ask_card()
        elif part == INBOX:
            self._view.ask_inbox()
        elif part == ADMIT and shown.own.is_admin:
            self._view.ask_application()
        elif part == CHECK and partner is not None:
            self._view.ask_check(partner)


def _taken(count: int) -> str:
    """What came in of what had been held back."""
    if not count:
        return ""
    return (
        "1 delivery that was held back is taken in."
        if count == 1
        else f"{count} deliveries that were held back are taken in."
    )


def application_shown(session: Session, file: Path) -> ApplicationShown:
    """Look at an application, and at how whoever made it stands to our card. Raises: CardError, RuleError."""
    found = admitting.read_application(read_file(file))
    standing = admitting.standing_of(session.card, found)
    sentences = standing_sentences(standing)
    return ApplicationShown(
        name=plain(found.official.name),
        post=plain(found.official.post),
        words=found.words,
        spelled=spelled(found.words),
        file=file,
        warnings=sentences[:1] if standing.namesake is not None else (),
        facts=sentences if standing.namesake is None else sentences[1:],
        roles=tuple(role for role in standing.roles if role in GIVEN_ROLES) or (DRAFTER,),
    )


def _take_in(session: Session, file: Path) -> PinnedCard:
    """Take in a card, or an introduction that a partner made. Raises: CardError, RuleError."""
    data = read_file(file)
    if file.suffix.lower() == INTRODUCTION_SUFFIX:
        return admitting.import_introduction(session, data)
    return keeping_cards.import_card(session, data)


# ---------------------------------------------------------------- what is shown


def look(session: Session) -> PartnersShown:
    """Make the page: our own card, every partner's, and the list of both."""
    now = session.world.clock.now().astimezone()
    own = _own(session, now)
    partners = [_partner(session, card, now) for card in session.vault.cards.all() if card.org != own.org]
    partners.sort(key=lambda each: (not each.has_changed, each.name.casefold()))
    cards = [Card(own.name, "Your own card", *_own_pill(own))]
    cards += [Card(each.name, each.org, *_pill(each)) for each in partners]
    return PartnersShown(own, tuple(partners), tuple(cards))


def _own(session: Session, now: datetime) -> OwnShown:
    organisation = session.profile.organisation
    pinned = session.vault.cards.get(organisation.id)
    if pinned is None or session.inbox is None:
        words = fingerprint_words(session.device.signing.public.fingerprint)
        return OwnShown(
            org=organisation.id,
            name=plain(organisation.name),
            words=words,
            spelled=spelled(words),
            fingerprint=session.device.signing.public.fingerprint,
            facts=(("Register identifier", organisation.id),),
            inbox="",
            officials=(),
            is_admin=False,
            is_admitted=False,
            warning="",
            can_renew=False,
        )
    card = read_card(pinned.envelope)
    words = fingerprint_words(card.fingerprint)
    return OwnShown(
        org=organisation.id,
        name=plain(card.org.name),
        words=words,
        spelled=spelled(words),
        fingerprint=card.fingerprint,
        facts=(*_card_facts(card, now), *_pack_facts(session, organisation.id)),
        inbox=_address(session, organisation.id),
        officials=_officials(card, now),
        is_admin=session.organisation is not None,
        is_admitted=True,
        warning=_own_warning(session, pinned, now),
        can_renew=session.organisation is not None and _ends_soon(session, now),
    )


def _own_warning(session: Session, pinned: PinnedCard, now: datetime) -> str:
    if pinned.changed_to:
        return "Another key has come for your own organisation. Tell whoever looks after its key at once."
    notices = [each for each in rotating.card_notices(session, now) if each.org.id == pinned.org]
    return card_notice_sentence(notices[0].code, notices[0].org.name, notices[0].expires) if notices else ""


def _ends_soon(session: Session, now: datetime) -> bool:
    own = session.profile.organisation.id
    return any(each.org.id == own for each in rotating.card_notices(session, now))


def _partner(session: Session, pinned: PinnedCard, now: datetime) -> PartnerShown:
    card = read_card(pinned.envelope)
    known = session.directory.known(pinned.org)
    words = fingerprint_words(pinned.fingerprint)
    changed = fingerprint_words(pinned.changed_to) if pinned.changed_to else ()
    is_compared = known is not None and known.how is HowKnown.CHECKED
    own_address = session.vault.settings.read(ADDRESS + pinned.org)
    return PartnerShown(
        org=pinned.org,
        name=plain(pinned.name),
        words=words,
        spelled=spelled(words),
        fingerprint=pinned.fingerprint,
        how=how_known_sentence(_evidence(known), now) if known is not None else "",
        how_tone=Tone.GOOD if is_compared else Tone.WARN,
        checks=tuple(_check(each, now) for each in sorted(pinned.checks, key=_at)),
        facts=(
            *_card_facts(card, now),
            *_pack_facts(session, card.org.id),
            ("Known here since", long_date(pinned.first_seen_at.astimezone())),
        ),
        officials=_officials(card, now),
        address=own_address.decode() if own_address is not None else "",
        card_address=", ".join(place.address for place in card.inboxes),
        is_compared=is_compared,
        is_expired=card.is_expired(now),
        changed_words=changed,
        changed_spelled=spelled(changed),
        can_vouch=not changed and any(each.method in DIRECT_METHODS for each in pinned.checks),
    )


def _at(check: CardCheck) -> datetime:
    return check.at


def _evidence(known: KnownCard) -> Evidence:
    """What is known of a card, in the form that the sentences about signatures take."""
    official = known.card.officials[0]
    return Evidence(
        org=known.card.org,
        official=official.official,
        device=official.device,
        fingerprint=known.card.fingerprint,
        how=known.how,
        known_since=known.first_seen_at,
        check_method=known.check_method,
        check_by=known.check_by,
        check_at=known.check_at,
        check_note=known.check_note,
    )


_CHECKED = {
    "in-person": "Words compared in person",
    "phone": "Words compared by phone",
    "introducer": "Words vouched for by somebody trusted",
    "file": "Card came as a file",
    "bundle": "Card came with a delivery",
    "refused": "Another key was turned down",
}


def _check(check: CardCheck, now: datetime) -> tuple[str, str]:
    words = f"{plain(check.by)}, {said_on(check.at, now)}."
    note = check.note.partition(" ")[2] if check.method == REFUSED else check.note  # there the key comes first
    return _CHECKED.get(check.method, plain(check.method)), f"{words} {plain(note, 300)}".strip()


def _pack_words(pack: QuestionPack) -> str:
    count = "1 question" if pack.count == 1 else f"{pack.count} questions"
    return f"“{plain(pack.title.en)}”, version {pack.version}: {count}"


def _pack_facts(session: Session, org: OrganisationId) -> tuple[tuple[str, str], ...]:
    pack = question_packs.pack_of(session, org)
    return () if pack is None else (("Questions of their own", f"{_pack_words(pack)}."),)


def _card_facts(card: OrganisationCard, now: datetime) -> tuple[tuple[str, str], ...]:
    ends = long_date(parse_time(card.expires).astimezone())
    runs = f"It ran out on {ends}" if card.is_expired(now) else f"It is valid until {ends}"
    return (("Register identifier", card.org.id), ("Card", f"Version {card.version}. {runs}."))


def _officials(card: OrganisationCard, now: datetime) -> tuple[ShownOfficial, ...]:
    made = []
    for each in card.officials:
        roles = ", ".join(ROLE_WORDS.get(role, plain(role)) for role in each.roles)
        since = long_date(parse_time(each.since).astimezone())
        parts = [plain(each.official.post), roles, f"since {since}"]
        if each.until:
            gone = parse_time(each.until)
            parts.append(f"{'left' if gone <= now else 'leaves'} on {long_date(gone.astimezone())}")
        facts = ". ".join(_upper(part) for part in parts if part) + "."
        made.append(
            ShownOfficial(plain(each.official.name), facts, each.official.id, bool(each.until), each.device, each.roles)
        )
    return tuple(made)


def _own_pill(own: OwnShown) -> tuple[str, Tone]:
    if own.warning:
        return "Look at this", Tone.BAD
    if not own.is_admitted:
        return "Not let in yet", Tone.WARN
    return ("No inbox yet", Tone.WARN) if not own.inbox else ("Ready", Tone.GOOD)


def _pill(partner: PartnerShown) -> tuple[str, Tone]:
    if partner.has_changed:
        return "Key changed", Tone.BAD
    if partner.is_expired:
        return "Card has run out", Tone.BAD
    return ("Words compared", Tone.GOOD) if partner.is_compared else ("Not compared yet", Tone.WARN)


def _address(session: Session, org: OrganisationId) -> str:
    try:
        return address_of(session, org)
    except DsadeskError:
        return ""


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


# ---------------------------------------------------------------- when a key has changed


def other_key(session: Session, org: OrganisationId, file: Path) -> NewKeyShown | Explanation:
    """Look at a card that should have another key than the one we hold; explain where it has not. Raises: RuleError, CardError."""
    card, known = read_card(read_file(file)), session.vault.cards.get(org)
    if known is None:
        raise RuleError("no-card", org=org)
    if card.org.id != org:
        name, theirs = plain(known.name), plain(card.org.name)
        return Explanation(f"This is the card of {theirs}, not of {name}.", f"Ask {name} for their newest card.")
    if card.fingerprint == known.fingerprint:
        return Explanation(
            "This card has the key that you already know.",
            "If they say that their key has not changed, go on with the key that you know.",
        )
    if card.is_expired(session.world.clock.now()):
        raise CardError("card-expired", org=org, expires=card.expires)
    words = fingerprint_words(card.fingerprint)
    return NewKeyShown(org, plain(card.org.name), words, spelled(words), file)
