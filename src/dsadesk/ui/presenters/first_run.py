"""The first start: who you are, how this laptop opens the vault, the 24 words that open it when nothing else does, and what to do next.

The vault is made between the second step and the third. From then on the words must be seen and proved, because they are shown once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from dsadesk.bundle.identity import fingerprint_words, words_to_seed
from dsadesk.domain.ids import OrganisationId, PersonId
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import DsadeskError
from dsadesk.secret import Secret
from dsadesk.services import admitting, keeping_keys, recovering, rehearsing, retrying, wrapping_keys
from dsadesk.services.keeping_keys import FirstRun
from dsadesk.services.recovering import Restored
from dsadesk.services.session import Profile
from dsadesk.services.wording import Explanation, explain
from dsadesk.services.wording.placements import placement_words
from dsadesk.ui.presenters.files import read_file, write_file
from dsadesk.ui.presenters.first_run_said import Opening, Who, opening_of, problems_of, suggest_identifier
from dsadesk.ui.presenters.first_steps import FirstStep, first_steps
from dsadesk.ui.presenters.frame import Frame, Page, Place

_FOUNDER_UNSAID = "Say who set dsadesk up for your organisation"
_CARD_NEEDED = "Open your organisation's card above. If you do not have the file yet, ask the administrator or any colleague for it"


class Step(StrEnum):
    """The steps, in order. `RETURN` is only for who comes back with the 24 words, `JOIN` for who joins colleagues."""

    WELCOME = "welcome"
    WHO = "who"
    RETURN = "return"
    OPENING = "opening"
    KIT = "kit"
    PROVE = "prove"
    JOIN = "join"
    DONE = "done"


class FirstRunPage(Protocol):
    """What the presenter asks of the page."""

    def show_step(self, step: Step, number: int, total: int) -> None:
        """Show a step."""

    def show_placement(self, sentence: str, todo: str) -> None:
        """Say before anything is made that the folder is a bad place for a vault, and what to do."""

    def show_identifier(self, identifier: str) -> None:
        """Fill in the identifier that the name suggests."""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by field."""

    def show_opening(self, opening: Opening) -> None:
        """Say what this computer's key store can do."""

    def show_words(self, words: Sequence[str]) -> None:
        """Show the 24 words; nothing takes them off the screen."""

    def show_split(self, words: Secret[str]) -> None:
        """Open the dialog that splits the words in three."""

    def show_kit_saved(self, sentence: str) -> None:
        """Say that the locked copy is saved."""

    def ask_words(self, places: Sequence[int]) -> None:
        """Ask for the words with these numbers."""

    def show_application(self, words: Sequence[str], saved: str) -> None:
        """Show the words to read to a colleague, and where the application was saved."""

    def show_card(self, name: str) -> None:
        """Say which card was taken."""

    def show_backup(self, name: str) -> None:
        """Say which backup was taken."""

    def show_restored(self, ended: int, *, beside: bool) -> None:
        """Say that the vault is back, and how many lost devices no longer sign for us; or, with `beside`, that another laptop goes on."""

    def show_done(self, steps: Sequence[FirstStep]) -> None:
        """Show what to do next."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""


class FirstRunPresenter:
    """Leads through the first start."""

    def __init__(self, view: FirstRunPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._step = Step.WELCOME
        self._who: Who | None = None
        self._own_identifier = False
        self._words: Secret[str] | None = None
        self._typed: Secret[str] | None = None
        self._card = b""
        self._backup: Path | None = None
        self._beside = False
        self._founder = False
        self._places: tuple[int, ...] = ()
        self._is_busy = False

    @property
    def step(self) -> Step:
        """The step on the page."""
        return self._step

    @property
    def holds_unproved_words(self) -> bool:
        """Whether leaving now would lose the words for ever."""
        return self._words is not None

    def start(self) -> None:
        """Show the first step; or the one that a vault without admission is at."""
        if self._frame.desk.is_open:
            self._go(Step.JOIN if self._frame.desk.session.inbox is None else Step.DONE)
        else:
            self._go(Step.WELCOME)
            self._view.show_placement(*placement_words(self._frame.desk.world.placement, is_made=False))

    def back(self) -> None:
        """Go a step back, where that is possible."""
        returning = self._who is not None and self._who.returning
        before = {
            Step.WHO: Step.WELCOME,
            Step.RETURN: Step.WHO,
            Step.OPENING: Step.RETURN if returning else Step.WHO,
            Step.PROVE: Step.KIT,
        }.get(self._step)
        if before is not None:
            self._go(before)

    def begin(self) -> None:
        """Go from the three sentences to the first question."""
        self._go(Step.WHO)

    # ------------------------------------------------------------ who

    def named(self, organisation: str) -> None:
        """Suggest an identifier for a name, unless somebody typed one."""
        if not self._own_identifier:
            self._view.show_identifier(suggest_identifier(organisation))

    def identified(self, identifier: str) -> None:
        """Keep what somebody typed as identifier; an empty field takes suggestions again."""
        self._own_identifier = bool(identifier.strip())

    def say_who(self, who: Who) -> None:
        """Take the names and go on to how the vault opens."""
        problems = problems_of(who)
        self._view.show_problems(problems)
        if problems:
            self._frame.announce("Something is missing.")
            return
        self._who = who
        if who.returning:
            self._go(Step.RETURN)
            return
        self._typed = None
        self._go(Step.OPENING)
        self.look_at_key_store()

    # ------------------------------------------------------------ coming back

    def take_card(self, file: Path) -> None:
        """Take our organisation's newest card, which a partner or a colleague can give back to us."""

        def done(data: bytes) -> None:
            self._card = data
            self._view.show_card(file.name)

        self._frame.work(lambda: read_file(file), done, self._view.show_error)

    def take_backup(self, file: Path) -> None:
        """Take a backup of the old vault, which brings its drafts and history back too."""
        self._backup = file
        self._view.show_backup(file.name)

    @property
    def has_to_ask_who_founded(self) -> bool:
        """Whether nothing but the person can say who set dsadesk up: a backup holds the card, and a card names its key."""
        return not self._card and self._backup is None

    def say_words(self, words: str, *, beside: bool | None = False, founder: bool | None = None) -> None:
        """Take the 24 words and go on to how the vault opens.

        `beside` is whether the other laptop stays in use, and `founder` whether this person set dsadesk up for the organisation; both are
        None while nobody said.
        """
        problems = {} if beside is not None else {"other": "Say whether you go on using your other laptop"}
        if self.has_to_ask_who_founded and not founder:
            problems["founder"] = _FOUNDER_UNSAID if founder is None else _CARD_NEEDED
        try:
            words_to_seed(words)
        except DsadeskError as error:
            said = explain(error)
            problems["words"] = f"{said.what} {said.todo}".strip()
        self._view.show_problems(problems)
        if problems or beside is None:
            self._frame.announce(next(iter(problems.values())))
            return
        self._beside = beside
        self._founder = bool(founder)
        self._typed = Secret(words)
        self._go(Step.OPENING)
        self.look_at_key_store()

    # ------------------------------------------------------------ opening

    def look_at_key_store(self) -> None:
        """Try this computer's key store; asking may take the person's leave."""
        secrets = self._frame.desk.world.secrets
        self._frame.work(secrets.probe, lambda state: self._view.show_opening(opening_of(state)), self._failed)

    def make(self, *, passphrase: str | None, again: str = "") -> None:
        """Make the vault. No passphrase means the key store."""
        who, desk = self._who, self._frame.desk
        if who is None or self._is_busy:
            return
        if passphrase is not None:
            try:
                wrapping_keys.check_passphrase(passphrase, again)
            except DsadeskError as error:
                field = "again" if error.code == "passphrase-differs" else "passphrase"
                self._view.show_problems({field: explain(error).what})
                return
        self._view.show_problems({})
        self._view.show_error(None)
        self._busy("Making your keys and your vault…")
        organisation = Organisation(OrganisationId(who.identifier.strip()), who.organisation.strip())
        if self._typed is not None:
            self._restore(who, organisation, self._typed, passphrase)
            return

        def work() -> FirstRun:
            return desk.first_run(organisation, who.name, who.post, passphrase=passphrase, joining=who.joining)

        def done(made: FirstRun) -> None:
            self._busy("")
            self._words = made.words
            self._view.show_words(made.words.reveal().split())
            self._go(Step.KIT)

        self._frame.work(work, done, self._failed)

    def _restore(self, who: Who, organisation: Organisation, words: Secret[str], passphrase: str | None) -> None:
        desk, card, backup = self._frame.desk, self._card or None, self._backup
        beside, founder = self._beside, self._founder
        official = Official(PersonId(""), who.name.strip(), who.post.strip())
        profile = Profile(organisation=organisation, official=official)

        def work() -> Restored:
            restored = recovering.restore(
                desk.world,
                words.reveal(),
                profile,
                passphrase=passphrase,
                card=card,
                backup=backup,
                beside=beside,
                founder=founder,
            )
            desk.take(restored.session)
            return restored

        def done(restored: Restored) -> None:
            self._busy("")
            words.wipe()
            self._typed = None
            self._go(Step.JOIN if restored.must_apply else Step.DONE)
            self._view.show_restored(len(restored.ended), beside=beside)

        self._frame.work(work, done, self._failed)

    # ------------------------------------------------------------ the words

    def save_kit(self, file: Path, passphrase: str, again: str) -> None:
        """Save the words, locked with a passphrase."""
        words, world = self._words, self._frame.desk.world
        if words is None:
            return
        try:
            wrapping_keys.check_passphrase(passphrase, again)
        except DsadeskError as error:
            field = "kit-again" if error.code == "passphrase-differs" else "kit-passphrase"
            self._view.show_problems({field: explain(error).what})
            return
        self._view.show_problems({})
        self._busy("Locking the copy…")

        def work() -> None:
            write_file(file, keeping_keys.recovery_kit(world, words, passphrase))

        def done(_: None) -> None:
            self._busy("")
            sentence = f"A locked copy is saved as {file.name}. Keep it away from this computer."
            self._view.show_kit_saved(sentence)
            self._frame.announce(sentence)

        self._frame.work(work, done, self._failed)

    def split(self) -> None:
        """Split the words in three."""
        if self._words is not None:
            self._view.show_split(self._words)

    def have_written_down(self) -> None:
        """Hide the words and ask for two of them."""
        if not self._places:
            self._places = rehearsing.challenge(self._frame.desk.world.entropy.token(8))
        self._go(Step.PROVE)
        self._view.ask_words(self._places)

    def prove(self, answers: Sequence[str]) -> None:
        """Compare the words that were asked for."""
        words = self._words
        if words is None:
            return
        wrong = {
            f"word-{place}": f"That is not word {place}. Look at what you wrote down."
            for place, answer in zip(self._places, answers, strict=True)
            if not rehearsing.proves(words, {place: answer})
        }
        self._view.show_problems(wrong)
        if wrong:
            self._frame.announce("That is not what was shown.")
            return
        words.wipe()
        self._words = None
        self._view.show_words(())
        session = self._frame.desk.session
        self._frame.work(lambda: rehearsing.note_proven(session), lambda _: None, self._view.show_error)
        joining = self._who is not None and self._who.joining
        self._go(Step.JOIN if joining else Step.DONE)

    # ------------------------------------------------------------ joining

    def save_application(self, file: Path) -> None:
        """Save the application that a colleague answers."""
        session = self._frame.desk.session

        def work() -> tuple[str, ...]:
            write_file(file, admitting.apply(session))
            return _own_words(self._frame)

        def done(words: tuple[str, ...]) -> None:
            self._view.show_application(words, file.name)
            self._frame.announce(f"Saved as {file.name}.")

        self._frame.work(work, done, self._view.show_error)

    def open_pass(self, file: Path) -> None:
        """Take the pass that a colleague made."""
        desk, deliverer = self._frame.desk, self._frame.deliverer()
        post, flow = deliverer.post, deliverer.controls.pacer.valve()

        def work() -> None:
            post(lambda: desk.take(admitting.accept(desk.session, read_file(file))))
            retrying.retry_held(desk.session, {"not-for-us"}, post=post, flow=flow)

        def done(_: None) -> None:
            self._view.show_error(None)
            self._frame.announce("You are in.")
            self._go(Step.DONE)

        self._frame.deliver(work, done, self._view.show_error)

    def later(self) -> None:
        """Go on without a pass: drafting works, sealing waits."""
        self._go(Step.DONE)

    def finish(self) -> None:
        """Leave for the requests."""
        self._frame.go(Place(Page.REQUESTS))

    def go_to(self, place: Place) -> None:
        """Leave for a page of the window."""
        self._frame.go(place)

    # ------------------------------------------------------------ within

    def _go(self, step: Step) -> None:
        self._step = step
        order = _order(self._who)
        number = order.index(step) + 1 if step in order else 0
        self._view.show_error(None)
        self._view.show_step(step, number, len(order))
        if step is Step.JOIN:
            self._frame.work(lambda: _own_words(self._frame), self._show_own_words, self._view.show_error)
        if step is Step.DONE:
            session = self._frame.desk.session
            self._frame.work(lambda: first_steps(session), self._view.show_done, self._view.show_error)

    def _show_own_words(self, words: tuple[str, ...]) -> None:
        self._view.show_application(words, "")

    def _busy(self, sentence: str) -> None:
        self._is_busy = bool(sentence)
        self._view.show_busy(sentence)

    def _failed(self, explanation: Explanation) -> None:
        self._busy("")
        self._view.show_error(explanation)


def _order(who: Who | None) -> list[Step]:
    """Return the steps that are numbered for this person."""
    left_out = {Step.WELCOME}
    if who is None or not who.joining:
        left_out.add(Step.JOIN)
    if who is not None and who.returning:
        left_out |= {Step.KIT, Step.PROVE}
    else:
        left_out.add(Step.RETURN)
    return [each for each in Step if each not in left_out]


def _own_words(frame: Frame) -> tuple[str, ...]:
    return fingerprint_words(frame.desk.session.device.signing.public.fingerprint)
