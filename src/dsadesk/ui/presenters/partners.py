"""Organisations and their keys: our own card and inbox, partners and how each key is known, colleagues who want to be let in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from dsadesk.bundle.card import Card as OrganisationCard
from dsadesk.domain.ids import OrganisationId
from dsadesk.ports import PinnedCard
from dsadesk.questions.pack import QuestionPack
from dsadesk.services import admitting, keeping_cards, question_packs, retrying, rotating
from dsadesk.services.admitting import DIRECT_METHODS
from dsadesk.services.changes import Changes
from dsadesk.services.keeping_cards import CHECK_METHODS
from dsadesk.services.session import Session
from dsadesk.services.wording import (
    Explanation,
    plain,
)
from dsadesk.ui.presenters.files import read_file, write_file
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.partners_shown import (
    ApplicationShown,
    NewKeyShown,
    PartnerShown,
    PartnersShown,
    application_shown,
    look,
    other_key,
    pack_words,
)
from dsadesk.ui.presenters.team import Team, given_words
from dsadesk.ui.vocabulary import Option

CARD_SUFFIX, INTRODUCTION_SUFFIX = ".dsacard", ".dsaintroduction"
QUESTIONS_SUFFIX = question_packs.SUFFIX
APPLICATION_SUFFIX, PASS_SUFFIX = ".dsapplication", ".dsapass"
CHECK, IMPORT, INBOX, CHANGED, ADMIT, ROLES = "check", "import", "inbox", "changed", "admit", "roles"
METHODS = (
    Option(
        "phone", "By phone", "On a number that you had before, never one from the card or the message that brought it."
    ),
    Option("in-person", "In person", "You both looked at the words."),
    Option("introducer", "By somebody I trust", "They had compared the words themselves and vouch for them."),
)
DIRECT = tuple(method for method in METHODS if method.value in DIRECT_METHODS)
"""The ways that will do for a key that has changed."""


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

    def ask_roles(self) -> None:
        """Have it said who may say what."""

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
            if any(check.method in CHECK_METHODS for check in card.checks):
                self._say(f"The card of {name} is kept.", "Its key is the one whose words were compared before.")
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
            return retrying.retry_held(session, codes, found.org, post, flow=flow)

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
            self._say(f"{pack_words(pack)} are kept.", "They are asked in each request to this organisation.")

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
            return retrying.retry_held(desk.session, {"not-for-us"}, post=post, flow=flow)

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
        elif part == ROLES and shown.own.is_admin:
            self._view.ask_roles()
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


def _take_in(session: Session, file: Path) -> PinnedCard:
    """Take in a card, or an introduction that a partner made. Raises: CardError, RuleError."""
    data = read_file(file)
    if file.suffix.lower() == INTRODUCTION_SUFFIX:
        return admitting.import_introduction(session, data)
    return keeping_cards.import_card(session, data)
