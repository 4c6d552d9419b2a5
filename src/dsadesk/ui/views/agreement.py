"""The page of an agreement: who has signed it, its text, and generating, signing and exporting it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.documents.layout import Block
from dsadesk.services.changes import Changes
from dsadesk.services.publishing import Consent
from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.fitting import Fitting
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.agreement import (
    DRAFT,
    AgreementPresenter,
    ShownAgreement,
    ShownSignature,
)
from dsadesk.ui.presenters.files import SavedFile
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.theme import Space
from dsadesk.ui.views.agreement_document import Chapter, chapters
from dsadesk.ui.views.choose_file import choose_folder
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.leave_dialog import leave_dialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.partners_words import WordsCard
from dsadesk.ui.views.reading import ReadingColumn, trim
from dsadesk.ui.views.request_head import RequestHead
from dsadesk.ui.views.request_sections import ReadList, ReadSection
from dsadesk.ui.views.saved_files import SavedFilesDialog
from dsadesk.ui.vocabulary import Option, Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.controls import CheckOption
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text

_MARGINS = (Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.TIGHT)
_LOW = 520
_OUTLINE_WIDTH = 232
_READING_WIDTH = 420
_CARDS_WIDTH = 520
_SIGN, _RECORD = "sign", "record"
_TOP = "signatures"


class AgreementView(QWidget):
    """Shows one agreement."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._presenter = AgreementPresenter(self, frame)
        self._fitting = Fitting(self, self._fit)
        self._dialog: Dialog | None = None
        self._wants_focus = False
        self._had_keyboard: tuple[QWidget, QWidget | None] | None = None
        self.head = RequestHead()
        self._error, self._done, self._busy = (Notice(margins=_MARGINS) for _ in range(3))
        self.text = AgreementText()
        self._outline = ReadList(translate("Agreement", "Parts of the agreement"))
        self._side = QFrame()
        self._side.setProperty("look", "side")
        side = QVBoxLayout(self._side)
        side.setContentsMargins(Space.SMALL, Space.LARGE, Space.SMALL, Space.SMALL)
        side.addWidget(self._outline)
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self._done, self._busy):
            column.addWidget(part)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self._side)
        across.addWidget(self.text, 1)
        column.addLayout(across, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._error)
        outer.addWidget(self._page, 1)
        outer.addStretch(0)
        self.head.step_chosen.connect(self._presenter.do)
        self._outline.section_chosen.connect(self.text.go_to)
        self.text.draft_wanted.connect(lambda: self._presenter.do(DRAFT))
        self._done.action_chosen.connect(lambda: frame.go(Place(Page.EXCHANGE)))
        self.show_nothing()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show the agreement of a request."""
        if place.request is not None:
            self._presenter.open(place.request)

    def refresh(self, changes: Changes) -> None:
        """Follow changes."""
        self._presenter.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the title, as soon as there is one."""
        if self._presenter.shown is None:
            self._wants_focus = True
        else:
            self.head.focus_title()

    # ------------------------------------------------------------ what the presenter asks

    def show_nothing(self) -> None:
        """Show an empty page until the agreement is there."""
        for notice in (self._error, self._done, self._busy):
            notice.clear()
        self._page.hide()

    def show_agreement(self, shown: ShownAgreement) -> None:
        """Show the agreement as it stands."""
        self.head.show_head(shown.head)
        self.text.show_agreement(shown)
        sections = [ReadSection(name, title) for name, title in self.text.parts()]
        self._outline.show_sections(sections)
        if sections and not self._outline.current():
            self._outline.select(sections[0].id)
        self._fitting.now()
        self._page.show()
        if self._wants_focus:
            self._wants_focus = False
            self.head.focus_title()

    def ask_sign(self, shown: ShownAgreement) -> None:
        """Say what signing means, and have it confirmed."""
        dialog = SignDialog(shown, self.window())
        dialog.answered.connect(lambda answer: self._presenter.sign(shown.digest) if answer == _SIGN else None)
        self._dialog = dialog
        dialog.open()

    def ask_draft(self, shown: ShownAgreement) -> None:
        """Ask before the text is replaced."""
        lapse = translate(
            "Agreement", "{n} signature under it no longer counts.|{n} signatures under it no longer count."
        )
        sentence = translate(
            "Agreement",
            "A new version is written from the answers as they stand and proposed to {them}. Version {version} stays in the history.",
            them=shown.them,
            version=shown.version,
        )
        if shown.signed:
            sentence = f"{sentence} {counted(lapse, shown.signed)}"
        dialog = ConfirmDialog(
            translate("Agreement", "Generate the agreement anew?"),
            sentence,
            safe=translate("Agreement", "Keep version {version}", version=shown.version),
            action=translate("Agreement", "Generate version {version}", version=shown.version + 1),
            look="danger" if shown.signed else "primary",
            parent=self.window(),
        )
        dialog.confirmed.connect(self._presenter.draft)
        self._dialog = dialog
        dialog.open()

    def ask_folder(self) -> None:
        """Have a folder chosen for the files."""
        choose_folder(self.window(), translate("Agreement", "Export the agreement to a folder"), self.export)

    def ask_record(self, shown: ShownAgreement) -> None:
        """Have decided what the public record may say, and where its files go."""
        dialog = RecordDialog(shown.consent, self.window())
        dialog.answered.connect(lambda answer: self._choose_record_folder(dialog) if answer == _RECORD else None)
        self._dialog = dialog
        dialog.open()

    def show_record(self, folder: str, files: Sequence[SavedFile]) -> None:
        """Say which files lie where."""
        title = translate("Agreement", "The public record is made")
        sentence = translate(
            "Agreement", "These files are in {folder}. Read them before you publish them.", folder=folder
        )
        self._dialog = SavedFilesDialog(title, sentence, files, self.window())
        self._dialog.open()

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self._turn_head(on=not sentence)
        if sentence:
            self._busy.say(sentence, Tone.INFO)
        else:
            self._busy.clear()

    def show_notice(self, sentence: str, action: str) -> None:
        """Say what was done."""
        self._done.say(sentence, Tone.GOOD, action=action)
        self.head.focus_title()

    def show_exported(self, folder: str, files: Sequence[SavedFile]) -> None:
        """Say which files lie where."""
        title = translate("Agreement", "The agreement is exported")
        sentence = translate("Agreement", "These files are in {folder}. They are not encrypted.", folder=folder)
        self._dialog = SavedFilesDialog(title, sentence, files, self.window())
        self._dialog.open()

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        self._error.explain(explanation)

    # ------------------------------------------------------------ within

    def _turn_head(self, *, on: bool) -> None:
        """Offer the head's buttons or not. The one that had the keyboard gets it back, unless somebody took it elsewhere meanwhile."""
        holder: QWidget | None = self.window().focusWidget()
        if on == self.head.isEnabled():
            return
        self.head.setEnabled(on)
        if not on and holder is not None and self.head.isAncestorOf(holder):
            self._had_keyboard = (holder, self.window().focusWidget())
        elif on and self._had_keyboard is not None:
            before, stand_in = self._had_keyboard
            self._had_keyboard = None
            if holder is stand_in and self.isVisible():
                before.setFocus(Qt.FocusReason.OtherFocusReason)

    def export(self, folder: Path) -> None:
        """Export the agreement to a folder."""
        self._presenter.export(folder)

    def export_record(self, folder: Path, *, details: bool, now: bool) -> None:
        """Write the public record to a folder."""
        self._presenter.export_record(folder, details=details, now=now)

    def _choose_record_folder(self, dialog: RecordDialog) -> None:
        details, now = dialog.details, dialog.now
        choose_folder(
            self.window(),
            translate("Agreement", "Save the public record to a folder"),
            lambda folder: self.export_record(folder, details=details, now=now),
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no dialog behind."""
        leave_dialog(self._dialog, event)
        super().hideEvent(event)

    def dialog(self) -> Dialog | None:
        """Return the dialog opened last."""
        return self._dialog

    def minimumSizeHint(self) -> QSize:
        """Return a size at which everything can still be reached."""
        return QSize(theme.px(360), 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the text its room first."""
        super().resizeEvent(event)
        self.head.set_compact(compact=event.size().height() < theme.px(_LOW))
        self._fitting.now()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fitting.soon()

    def _fit(self) -> None:
        room = self.width() >= theme.px(_OUTLINE_WIDTH + _READING_WIDTH)
        self._side.setVisible(room and bool(self.text.parts()))
        self._side.setFixedWidth(theme.px(_OUTLINE_WIDTH))


class AgreementText(ReadingColumn):
    """Who has signed, then the text."""

    draft_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(width=720, parent=parent)
        self._shown: ShownAgreement | None = None
        self._parts: list[tuple[str, str]] = []
        self._places: dict[str, QWidget] = {}

    def parts(self) -> list[tuple[str, str]]:
        """Return the parts to go to: a name and a title."""
        return self._parts

    def show_agreement(self, shown: ShownAgreement) -> None:
        """Show the text and its signatures. What reads as before is left alone."""
        if shown == self._shown:
            return
        is_same_text = self._shown is not None and (self._shown.request, self._shown.digest) == (
            shown.request,
            shown.digest,
        )
        scrolled = self.verticalScrollBar().value() if is_same_text else 0
        self._shown = shown
        self.setUpdatesEnabled(False)
        self.clear()
        self._parts, self._places = [], {}
        if shown.document is None:
            self._show_none(shown)
        else:
            self._parts.append((_TOP, translate("Agreement", "Signatures")))
            self._places[_TOP] = _signatures(shown)
            self.add(self._places[_TOP])
            for note in shown.head.notes:
                self.add(Text(note, "hint"))
            self.add(_cover(shown))
            found = chapters(shown.document)
            self._parts += [(f"chapter-{number}", title) for number, (title, _) in enumerate(found) if title]
            self.add_in_turn([partial(self._chapter, f"chapter-{n}", blocks) for n, (_, blocks) in enumerate(found)])
        self.setUpdatesEnabled(True)
        if scrolled:
            self.finish()
            QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(scrolled))

    def go_to(self, part: str) -> None:
        """Bring a part to the top of the page."""
        self.finish()
        place = self._places.get(part)
        if place is not None:
            QTimer.singleShot(0, self, lambda: self._to_top(place))

    def _to_top(self, place: QWidget) -> None:
        inner = self.widget()
        if isValid(place) and inner is not None:
            self.verticalScrollBar().setValue(place.mapTo(inner, place.rect().topLeft()).y() - Space.LARGE)

    def _chapter(self, name: str, blocks: Sequence[Block]) -> QWidget:
        self._places[name] = Chapter(blocks)
        return self._places[name]

    def _show_none(self, shown: ShownAgreement) -> None:
        if not shown.can_draft:
            sentence = "\n".join(shown.head.notes) or translate(
                "Agreement", "It is drafted once the request is agreed in principle."
            )
            self.add(EmptyState("handshake", translate("Agreement", "No agreement yet"), sentence))
            return
        button = Button(translate("Agreement", "Generate the agreement"), "primary", icon_name="file-text")
        button.clicked.connect(self.draft_wanted)
        sentence = translate(
            "Agreement",
            "The text is written from the answers, the conditions and the clauses that the law asks for. You and {them} read it here, and each of you signs the same text.",
            them=shown.them,
        )
        self.add(EmptyState("handshake", translate("Agreement", "Ready for an agreement"), sentence, (button,)))


class SignDialog(FittedDialog):
    """What signing means, and exactly which text is signed."""

    def __init__(self, shown: ShownAgreement, parent: QWidget | None = None) -> None:
        sentence = translate(
            "Agreement",
            "You sign version {version} of the agreement with {them}, to the last letter, in the name of your organisation. Your signature goes to them and cannot be taken back.",
            version=shown.version,
            them=shown.them,
        )
        super().__init__(
            translate("Agreement", "Sign this text?"), sentence, safe=translate("Agreement", "Not now"), parent=parent
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self.body.addWidget(Text(translate("Agreement", "The text in words, to compare by phone"), "strong"))
        self.body.addWidget(WordsCard(shown.words, shown.spelled))
        digest = Text(translate("Agreement", "SHA-256 {digest}", digest=shown.digest), "meta")
        digest.let_copy()
        self.body.addWidget(digest)
        self.confirm = CheckOption(
            Option("read", translate("Agreement", "I have read this text and may sign for my organisation"))
        )
        self.body.addWidget(self.confirm)
        self.button = self.add_action(_SIGN, translate("Agreement", "Sign version {version}", version=shown.version))
        self.button.set_icon("stamp")
        self.button.setEnabled(False)
        self.confirm.toggled.connect(self.button.setEnabled)
        self.start_at(self.confirm)


class RecordDialog(FittedDialog):
    """What the public record is, and what somebody has to decide about it first."""

    def __init__(self, consent: Consent, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Agreement", "Make the public record"),
            translate(
                "Agreement",
                "It says who shares which data, why, by what law, with which benefits and risks, and until when. It names no official. "
                "It is marked OFFICIAL, and nothing is sent: you put the files where your register is.",
            ),
            safe=translate("Agreement", "Cancel"),
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self._details = CheckOption(
            Option(
                "details",
                translate("Agreement", "Both sides agreed to publish the details"),
                translate(
                    "Agreement",
                    "The request is marked OFFICIAL-SENSITIVE. Without this only the title, the public summary, choices, numbers and dates are published.",
                ),
            )
        )
        self._now = CheckOption(Option("now", translate("Agreement", "What the publication was put off for is over")))
        self.button = self.add_action(_RECORD, translate("Agreement", "Choose a folder"))
        if consent.details:
            self.body.addWidget(self._details)
        if consent.now:
            self.body.addWidget(self._now)
            self.button.setEnabled(False)
            self._now.toggled.connect(self.button.setEnabled)

    @property
    def details(self) -> bool:
        """Whether more may be published."""
        return self._details.isChecked()

    @property
    def now(self) -> bool:
        """Whether a delay is over."""
        return self._now.isChecked()


def _cover(shown: ShownAgreement) -> QWidget:
    document = shown.document
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, Space.SMALL, 0, 0)
    column.setSpacing(Space.TIGHT)
    if document is not None:
        column.addWidget(Text(document.subtitle, "eyebrow"))
        column.addWidget(Text(document.title, "title", heading=True))
        version = translate("Agreement", "Version {version}", version=shown.version)
        column.addWidget(Text(f"{document.reference} · {version} · {document.marking.value}", "meta"))
    column.addWidget(Text(shown.drafted, "meta"))
    return box


def _signatures(shown: ShownAgreement) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.SMALL)
    column.addWidget(Text(translate("Agreement", "Signatures"), "heading", heading=True))
    column.addWidget(SignatureCards(shown.signatures))
    return box


class SignatureCards(QWidget):
    """A card for each party, side by side, or one under the other where it is narrow."""

    def __init__(self, signatures: Sequence[ShownSignature], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._turning.setContentsMargins(0, 0, 0, 0)
        self._turning.setSpacing(Space.MEDIUM)
        for signature in signatures:
            self._turning.addWidget(_signature(signature), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn with the width."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.px(_CARDS_WIDTH)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._turning.setDirection(down if narrow else across)


def _signature(signature: ShownSignature) -> Card:
    card = Card(signature.organisation)
    card.column.addWidget(Pill(signature.status, signature.tone), 0, Qt.AlignmentFlag.AlignLeft)
    if signature.person:
        card.add(Text(signature.person, "text"))
        card.add(Text(signature.when, "meta"))
    for sentence in signature.sentences:
        card.add(Text(sentence, "meta"))
    card.column.addStretch(1)
    return card
