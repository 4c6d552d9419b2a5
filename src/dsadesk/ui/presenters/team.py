"""Colleagues on our card, for whoever looks after the keys: what each may say, who leaves, and new keys for the inbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dsadesk.bundle.card import CardOfficial
from dsadesk.domain.ids import DeviceId, PersonId
from dsadesk.domain.sign_off import Area
from dsadesk.services import giving_roles, rotating
from dsadesk.services.rotating import Passes
from dsadesk.services.wording import plain
from dsadesk.services.wording.sign_offs import area_name
from dsadesk.ui.presenters.files import write_file
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Option

ROLES = (
    Option("drafter", "They write", "Requests, questions, answers and remarks."),
    Option("decider", "They decide", "They may approve and refuse requests."),
    Option("signatory", "They sign agreements", ""),
    *(Option(area.value, f"They sign off: {area_name(area).lower()}", "") for area in Area),
)
"""What can be given to an official. A sign-off counts only if the card names its author for it."""
_PASS_SUFFIX = ".dsapass"  # noqa: S105 - a file's ending
_SEND = "Your card has changed: send it to your partners."

Say = Callable[[str, str], None]
Failed = Callable[..., None]


class Team:
    """Does it, off the thread of the window, and says what to do next."""

    def __init__(self, frame: Frame, say: Say, failed: Failed) -> None:
        self._frame = frame
        self._say = say
        self._failed = failed

    def set_roles(self, chosen: Mapping[str, Sequence[str]]) -> None:
        """Say what officials, by their person's id, may say from now on."""
        session = self._frame.desk.session
        roles = {PersonId(person): given for person, given in chosen.items()}

        def done(_: object) -> None:
            self._say("Your card says so now.", f"What they said before stays valid. {_SEND}")

        self._frame.work(lambda: giving_roles.set_roles(session, roles), done, self._failed)

    def remove(self, device: str, folder: Path) -> None:
        """End an official's laptop, give the inbox new keys, and save new passes for everyone who stays."""
        session = self._frame.desk.session

        def work() -> tuple[str, bool, Passes]:
            leaving = rotating.remove_official(session, DeviceId(device))
            save_passes(leaving.passes, folder)
            return plain(leaving.official.official.name), leaving.held_key, leaving.passes

        def done(found: tuple[str, bool, Passes]) -> None:
            name, held_key, passes = found
            details = f"What they signed until now stays valid. {_passes_words(passes, folder)} {_SEND}"
            if held_key:
                details += f" {name} held your organisation's own key and could still sign cards: tell your partners."
            self._say(f"{name} no longer signs for you, and the inbox has new keys.", details)

        self._frame.work(work, done, self._failed)

    def rotate(self, folder: Path) -> None:
        """Give the inbox new keys, and save new passes for colleagues."""
        session = self._frame.desk.session

        def work() -> Passes:
            rotating.rotate_inbox(session)
            passes = rotating.passes_for_members(session)
            save_passes(passes, folder)
            return passes

        def done(passes: Passes) -> None:
            words = f"What came before stays readable. {_passes_words(passes, folder)} {_SEND}"
            self._say("The inbox has new keys.", words)

        self._frame.work(work, done, self._failed)


def save_passes(passes: Passes, folder: Path) -> None:
    """Write each pass under its colleague's name. Raises: RuleError("file-unwritable")."""
    for entry, data in passes.made:
        write_file(folder / _pass_name(entry), data)


def _pass_name(entry: CardOfficial) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", entry.official.name.lower()).strip("-")[:40]
    return f"{name or 'colleague'}-{entry.device[:8]}{_PASS_SUFFIX}"


def _passes_words(passes: Passes, folder: Path) -> str:
    words = []
    if passes.made:
        names = ", ".join(plain(entry.official.name) for entry, _ in passes.made)
        words.append(f"Carry the new passes in {plain(folder.name)} to {names}: without them they read nothing new.")
    if passes.must_apply:
        names = ", ".join(plain(entry.official.name) for entry in passes.must_apply)
        words.append(f"These have to apply again: {names}.")
    return " ".join(words)


def given_words(entry: CardOfficial | None) -> str:
    """What somebody who was let in is given, in words."""
    if entry is None:
        return ""
    may = [words for role, words in _MAY.items() if role in entry.roles]
    return f"You may {', '.join(may)}. You can read what comes to the inbox, and what came before." if may else ""


_MAY = {
    "drafter": "write requests, ask and answer",
    "decider": "approve and refuse requests",
    "signatory": "sign agreements",
    "legal": "give legal sign-offs",
    "data_protection": "give data protection sign-offs",
    "security": "give security sign-offs",
    "analysis": "give analysis sign-offs",
    "admin": "let others in, because you hold your organisation's own key",
}
