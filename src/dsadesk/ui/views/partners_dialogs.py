"""The dialogs in which keys are decided about: comparing words, letting a colleague in, believing another key, making an inbox."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.partners import DIRECT, METHODS
from dsadesk.ui.presenters.partners_shown import ApplicationShown, NewKeyShown, PartnerShown
from dsadesk.ui.presenters.team import ROLES
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.partners_words import WordsCard
from dsadesk.ui.views.reading import trim
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Tone
from dsadesk.ui.widgets.answers import Checks, Choice, ShortText
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.controls import CheckOption
from dsadesk.ui.widgets.text import Text

_DO = "do"


class CompareDialog(FittedDialog):
    """Records that somebody compared the words: how, and with whom. It does not close before both are said."""

    compared = Signal(str, str)  # the method, with whom

    def __init__(
        self, title: str, sentence: str, key: PartnerShown | NewKeyShown, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, sentence, safe=translate("Partners", "Not now"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self.words = WordsCard(key.words, key.spelled)
        self.body.addWidget(self.words)
        methods = DIRECT if isinstance(key, NewKeyShown) else METHODS
        spec = QuestionSpec("method", Kind.CHOICE, translate("Partners", "How did you compare them?"), options=methods)
        self.method = Choice(spec, look="strong")
        hint = translate("Partners", "Their name and post, and the number that you rang.")
        self.whom = ShortText(
            QuestionSpec("whom", Kind.SHORT, translate("Partners", "With whom?"), hint), look="strong"
        )
        for question in (self.method, self.whom):
            self.body.addWidget(question)
        self.button = self.add_action(_DO, translate("Partners", "The words are the same"))
        self.button.set_icon("user-check")
        self.start_at(self.words)

    def accept(self) -> None:
        """Close once both are said."""
        method, whom = self.method.value(), self.whom.value()
        self._answer = self.SAFE
        self.method.show_problem("" if method else translate("Partners", "Say how you compared the words"))
        self.whom.show_problem("" if whom.strip() else translate("Partners", "Say with whom you compared the words"))
        if not method:
            self.method.take_focus()
        elif not whom.strip():
            self.whom.take_focus()
        else:
            super().accept()
            self.compared.emit(method, whom)
            return
        self.fit_soon()


def compare_partner(partner: PartnerShown, parent: QWidget | None = None) -> CompareDialog:
    """Return the dialog for a partner whose key we hold."""
    sentence = translate(
        "Partners",
        "Ring somebody at {name} and read these eight words to each other. If one differs, the card is not theirs: close this, and tell them.",
        name=partner.name,
    )
    return CompareDialog(translate("Partners", "Compare the words"), sentence, partner, parent)


def compare_new_key(found: NewKeyShown, parent: QWidget | None = None) -> CompareDialog:
    """Return the dialog for a partner who says that their key has changed."""
    sentence = translate(
        "Partners",
        "These are the words of the new key of {name}. Ring them on a number that you had before, ask why the key has changed, and compare the words. Only then take it.",
        name=found.name,
    )
    return CompareDialog(translate("Partners", "Take the new key?"), sentence, found, parent)


class AdmitDialog(FittedDialog):
    """Lets a colleague in, once the words were compared with them."""

    admitted = Signal(bool, object)  # whether they look after the keys too, list[str] of roles

    def __init__(self, application: ApplicationShown, parent: QWidget | None = None) -> None:
        sentence = translate(
            "Partners",
            "{name}, {post}, wants to read and write for your organisation. Ask them to read you the eight words on their screen, best face to face.",
            name=application.name,
            post=application.post,
        )
        title = translate("Partners", "Let {name} in?", name=application.name)
        super().__init__(title, sentence, safe=translate("Partners", "Not now"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        for warning in application.warnings:
            self.body.addWidget(Banner(warning, Tone.WARN))
        for fact in application.facts:
            self.body.addWidget(Text(fact, "text"))
        self.words = WordsCard(application.words, application.spelled)
        self.body.addWidget(self.words)
        self.same = CheckOption(Option("same", translate("Partners", "They read me the same words")))
        self.admin = CheckOption(
            Option(
                "admin",
                translate("Partners", "They look after the keys too"),
                translate("Partners", "They can then let others in, sign agreements and decide."),
            )
        )
        spec = QuestionSpec("roles", Kind.CHECKS, translate("Partners", "What may they say?"), options=ROLES)
        self.roles = Checks(spec, look="strong")
        self.roles.set_value([option.value for option in ROLES if option.value in application.roles])
        self.body.addWidget(self.same)
        self.body.addWidget(self.roles)
        self.body.addWidget(self.admin)
        self.body.addWidget(
            Text(
                translate("Partners", "Next you choose where to save their pass, a file that only they can open."),
                "hint",
            )
        )
        self.button = self.add_action(_DO, translate("Partners", "Let them in and save their pass…"))
        self.button.setEnabled(False)
        self.same.toggled.connect(self.button.setEnabled)
        self.start_at(self.words)

    def accept(self) -> None:
        """Close once it is said what they may say."""
        self._answer = self.SAFE
        roles = self.roles.value()
        self.roles.show_problem("" if roles else translate("Partners", "Choose at least one"))
        if not roles:
            self.roles.take_focus()
            self.fit_soon()
            return
        super().accept()
        self.admitted.emit(self.admin.isChecked(), roles)


class KeepKeyDialog(ConfirmDialog):
    """Goes on with the key that is known, because the other one was not theirs."""

    def __init__(self, partner: PartnerShown, parent: QWidget | None = None) -> None:
        sentence = translate(
            "Partners",
            "Do this only if {name} told you on a number that you had before that their key has not changed. Deliveries to them go on with the key that you know. Tell your security adviser: somebody has sent a card in their name.",
            name=partner.name,
        )
        title = translate("Partners", "Go on with the key that you know?")
        super().__init__(
            title,
            sentence,
            safe=translate("Partners", "Not now"),
            action=translate("Partners", "Their key has not changed"),
            parent=parent,
        )
