"""The dialogs in which somebody who looks after the keys says what a colleague may say, or that they leave."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.domain.roles import ADMIN, DRAFTER
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.partners_shown import ShownOfficial
from dsadesk.ui.presenters.team import ROLES
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.reading import trim
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec
from dsadesk.ui.widgets.answers import Checks, Choice

_DO = "do"


class RolesDialog(FittedDialog):
    """Says what each official may say and sign off. Hands over only what was changed, and leaves nobody without anything."""

    chosen = Signal(object)  # dict[str, list[str]]: the roles by person

    def __init__(self, officials: Sequence[ShownOfficial], parent: QWidget | None = None) -> None:
        sentence = translate(
            "Partners",
            "Partners hold back what somebody says without the role for it, and a sign-off counts only by somebody who is named for it. "
            "What was said before stays valid.",
        )
        title = translate("Partners", "Who may say what?")
        super().__init__(title, sentence, safe=translate("Partners", "Leave it as it is"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self._before: dict[str, list[str]] = {}
        self.people: dict[str, Checks] = {}
        for name, person, held in _people(officials):
            keeps = translate("Partners", "Looks after the keys, and so may always write.") if ADMIN in held else ""
            question = Checks(QuestionSpec(person, Kind.CHECKS, name, keeps, options=ROLES), look="strong")
            shown = held | {DRAFTER} if ADMIN in held else held
            question.set_value([option.value for option in ROLES if option.value in shown])
            self._before[person] = question.value()
            self.people[person] = question
            self.body.addWidget(question)
        self.button = self.add_action(_DO, translate("Partners", "Put it on our card"))
        first = next(iter(self.people.values()), None)
        if first is not None:
            self.start_at(first.fields()[0])

    def accept(self) -> None:
        """Close once everybody has something to say."""
        self._answer = self.SAFE
        silent = [question for question in self.people.values() if not question.value()]
        for question in self.people.values():
            words = translate("Partners", "Choose at least one. Who leaves is ended by “Somebody leaves”.")
            question.show_problem(words if question in silent else "")
        if silent:
            silent[0].take_focus()
            self.fit_soon()
            return
        super().accept()
        now = {person: question.value() for person, question in self.people.items()}
        changed = {person: roles for person, roles in now.items() if roles != self._before[person]}
        if changed:
            self.chosen.emit(changed)


def _people(officials: Sequence[ShownOfficial]) -> list[tuple[str, str, set[str]]]:
    """Everybody in post once, whatever number of laptops they have: name, person and roles."""
    found: dict[str, tuple[str, str, set[str]]] = {}
    for each in officials:
        if not each.is_gone and each.person:
            found.setdefault(each.person, (each.name, each.person, set()))[2].update(each.roles)
    return list(found.values())


class LeaveDialog(FittedDialog):
    """Ends an official's laptop. It does not close before somebody is chosen."""

    chosen = Signal(str)  # the device

    def __init__(self, officials: Sequence[ShownOfficial], own_device: str, parent: QWidget | None = None) -> None:
        sentence = translate(
            "Partners",
            "What they signed until now stays valid; what they sign later is refused. The inbox gets new keys, and everyone who stays needs "
            "a new pass. What they have read already, they have read.",
        )
        title = translate("Partners", "Who leaves?")
        super().__init__(title, sentence, safe=translate("Partners", "Nobody leaves"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        options = tuple(
            Option(each.device, each.name, each.facts)
            for each in officials
            if each.device and not each.is_gone and each.device != own_device
        )
        spec = QuestionSpec("who", Kind.CHOICE, translate("Partners", "Who?"), options=options)
        self.who = Choice(spec, look="strong")
        self.body.addWidget(self.who)
        self.button = self.add_action(_DO, translate("Partners", "End it and save the new passes…"), look="danger")

    def accept(self) -> None:
        """Close once somebody is chosen."""
        self._answer = self.SAFE
        who = self.who.value()
        self.who.show_problem("" if who else translate("Partners", "Choose who leaves"))
        if not who:
            self.who.take_focus()
            self.fit_soon()
            return
        super().accept()
        self.chosen.emit(str(who))


class RotateDialog(ConfirmDialog):
    """Asks whether the inbox is to have new keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        sentence = translate(
            "Partners",
            "Do this when a key may have been seen by somebody else. Everyone who reads the inbox needs a new pass. What came before stays "
            "readable.",
        )
        title = translate("Partners", "Give the inbox new keys?")
        super().__init__(
            title,
            sentence,
            safe=translate("Partners", "Not now"),
            action=translate("Partners", "New keys, and save the passes…"),
            look="primary",
            parent=parent,
        )
