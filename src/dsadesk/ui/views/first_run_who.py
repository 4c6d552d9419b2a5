"""The first start: who you are, and whether your organisation uses dsadesk already."""

from __future__ import annotations

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter
from dsadesk.ui.presenters.first_run_said import Who
from dsadesk.ui.views.first_run_page import StepPage
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec
from dsadesk.ui.widgets.answers import Choice

_NEW, _JOIN, _RETURN = "new", "join", "return"


class WhoPage(StepPage):
    """Asks for the person and the organisation."""

    def __init__(self, presenter: FirstRunPresenter) -> None:
        super().__init__(
            translate("FirstRun", "Who are you?"),
            translate("FirstRun", "This stands on your organisation's card and under everything you sign."),
        )
        self._presenter = presenter
        self.kind = _whether_in_use()
        self.kind.set_value(_NEW)
        self.add(self.kind)
        for name, label, hint in _lines():
            self.add_line(name, label, hint)
        self.line("organisation").textEdited.connect(self._presenter.named)
        self.line("identifier").textEdited.connect(self._presenter.identified)
        go = self.add_action(translate("FirstRun", "Continue"), "primary")
        go.clicked.connect(self._on_continue_clicked)
        self.add_action(translate("FirstRun", "Back")).clicked.connect(self._presenter.back)
        for name in ("organisation", "identifier", "name", "post"):
            self.line(name).returnPressed.connect(self._on_continue_clicked)

    def show_identifier(self, identifier: str) -> None:
        """Fill in the identifier that the name suggests."""
        field = self.line("identifier")
        if field.text() != identifier:
            field.setText(identifier)

    def _on_continue_clicked(self) -> None:
        texts = {name: self.line(name).text() for name in ("organisation", "identifier", "name", "post")}
        self._presenter.say_who(
            Who(**texts, joining=self.kind.value() == _JOIN, returning=self.kind.value() == _RETURN)
        )


def _whether_in_use() -> Choice:
    """The question whether the organisation is here already, and the person too."""
    return Choice(
        QuestionSpec(
            "kind",
            Kind.CHOICE,
            translate("FirstRun", "Is your organisation already using dsadesk?"),
            options=(
                Option(
                    _NEW,
                    translate("FirstRun", "No, I am the first"),
                    translate("FirstRun", "This computer makes the organisation's keys and card."),
                ),
                Option(
                    _JOIN,
                    translate("FirstRun", "Yes, I am joining colleagues"),
                    translate(
                        "FirstRun",
                        "One of them lets you in with a small file. If you use dsadesk on another laptop, take the next answer, or you would be two people.",
                    ),
                ),
                Option(
                    _RETURN,
                    translate("FirstRun", "Yes, and I have used it before on another laptop"),
                    translate(
                        "FirstRun",
                        "For a second laptop, or one in the place of a lost one. Your recovery kit makes sure that both are you: have your 24 words, or two shares of them, at hand.",
                    ),
                ),
            ),
        )
    )


def _lines() -> tuple[tuple[str, str, str], ...]:
    """The fields for one line each: name, label and hint."""
    return (
        (
            "organisation",
            translate("FirstRun", "Name of your organisation"),
            translate("FirstRun", "As the public knows it."),
        ),
        (
            "identifier",
            translate("FirstRun", "Its identifier"),
            translate(
                "FirstRun",
                "Small letters, numbers and hyphens, as in your government's register of organisations. Colleagues must use exactly the same.",
            ),
        ),
        ("name", translate("FirstRun", "Your name"), ""),
        (
            "post",
            translate("FirstRun", "Your post"),
            translate("FirstRun", "For example, Deputy Director for Health Protection."),
        ),
    )
