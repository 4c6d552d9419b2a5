"""Two versions of a request side by side: what differs, word by word, and bringing answers back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QTextEdit, QVBoxLayout, QWidget

from dsadesk.services.versions import Difference, Part
from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.versions import Compared, VersionsPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec
from dsadesk.ui.widgets.answers import Pick, TextArea
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.text import Text

_WIDTH = 920
_BESIDE = 620
_FEWEST = 2  # the draft as it stands, and something to compare it with
_LEFT, _RIGHT = "left", "right"


class VersionsDialog(FittedDialog):
    """Chooses two versions and shows what differs."""

    def __init__(self, frame: Frame, editor: EditorPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Versions", "Earlier versions"),
            translate(
                "Versions",
                "dsadesk keeps how each answer stood before, on this computer only. What you bring back can be undone.",
            ),
            safe=translate("Versions", "Close"),
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = VersionsPresenter(self, frame, editor)
        self._notice = Notice()
        self.body.addWidget(self._notice)
        self._picks: dict[str, Pick] = {}
        self._choice = _Beside()
        self.body.addWidget(self._choice)
        self._said = Text("", "strong")
        self.body.addWidget(self._said)
        self._all = Button(translate("Versions", "Bring all of them back"), icon_name="undo-2")
        self._all.clicked.connect(lambda: self._presenter.bring_back([each.question for each in self._shown]))
        self._all.hide()
        self.body.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        self._list = QWidget()
        self._cards = QVBoxLayout(self._list)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(Space.MEDIUM)
        self.body.addWidget(self._list)
        self._shown: tuple[Difference, ...] = ()
        self._presenter.start()

    def show_versions(self, left: Sequence[Option], right: Sequence[Option], chosen: tuple[str, str]) -> None:
        """Offer the versions."""
        if len(left) < _FEWEST:
            self._said.setText(translate("Versions", "There is no earlier version to compare with yet."))
            return
        sides = ((_LEFT, translate("Versions", "From"), left), (_RIGHT, translate("Versions", "To"), right))
        for (side, label, options), value in zip(sides, chosen, strict=True):
            pick = Pick(QuestionSpec(side, Kind.CHOICE, label, options=tuple(options)), look="strong")
            pick.set_value(value)
            pick.changed.connect(self._on_changed)
            self._picks[side] = pick
            self._choice.add(pick)
        self.start_at(self._picks[_LEFT].fields()[0])
        QTimer.singleShot(0, self, self._picks[_LEFT].take_focus)

    def show_compared(self, compared: Compared) -> None:
        """Show what differs."""
        self._shown = compared.differences
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        none = translate("Versions", "These two are the same.")
        some = counted(translate("Versions", "{n} answer differs|{n} answers differ"), len(self._shown))
        self._said.setText(some if self._shown else none)
        self._all.setVisible(compared.can_bring_back and len(self._shown) > 1)
        for each in self._shown:
            card = DifferenceCard(each, can_bring_back=compared.can_bring_back)
            if card.bring_back is not None:
                name = each.question
                card.bring_back.clicked.connect(lambda _=False, name=name: self._presenter.bring_back([name]))
            self._cards.addWidget(card)
        self.fit_soon()

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)

    def _fit(self) -> None:
        room = self.screen().availableGeometry().width() - 2 * Space.GUTTER
        self.setMinimumWidth(min(theme.px(_WIDTH), room))

    def _on_changed(self) -> None:
        self._presenter.choose(self._picks[_LEFT].value(), self._picks[_RIGHT].value())


class DifferenceCard(Card):
    """One answer as it stood in both, with what is on one side only marked and named."""

    def __init__(self, difference: Difference, *, can_bring_back: bool) -> None:
        super().__init__()
        self.add(Text(difference.section, "caption"))
        self.add(Text(difference.label, "strong", heading=True))
        beside = _Beside()
        sides = (
            (translate("Versions", "From"), difference.before, "bad_soft", True),
            (translate("Versions", "To"), difference.after, "good_soft", False),
        )
        for name, parts, shade, is_struck in sides:
            beside.add(_side(f"{name}: {difference.label}", name, parts, shade, is_struck=is_struck))
        self.add(beside)
        self.bring_back: Button | None = None
        if can_bring_back:
            words = (
                translate("Versions", "Bring this answer back")
                if difference.before
                else translate("Versions", "Take this answer out again")
            )
            self.bring_back = Button(words, "link", icon_name="undo-2", small=True)
            self.bring_back.setAccessibleName(f"{words}: {difference.label}")
            self.column.addWidget(self.bring_back, 0, Qt.AlignmentFlag.AlignLeft)


class _Beside(QWidget):
    """Two things side by side, or one above the other where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.MEDIUM)

    def add(self, widget: QWidget) -> None:
        self._row.addWidget(widget, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < theme.px(_BESIDE)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(down if narrow else across)


def _side(name: str, head: str, parts: Sequence[Part], shade: str, *, is_struck: bool) -> QWidget:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.HAIR)
    column.addWidget(Text(head, "hint"))
    area = TextArea(lines=2)
    area.setReadOnly(True)
    area.setPlainText("".join(part.text for part in parts) or translate("Versions", "No answer"))
    area.setAccessibleName(name)
    only = "; ".join(part.text.strip() for part in parts if part.only_here and part.text.strip())
    area.setAccessibleDescription(translate("Versions", "Only here: {words}", words=only) if only else "")
    area.setExtraSelections(_selections(area, parts, shade, is_struck=is_struck))
    column.addWidget(area)
    column.addStretch(1)
    return side


def _selections(
    area: TextArea, parts: Sequence[Part], shade: str, *, is_struck: bool
) -> list[QTextEdit.ExtraSelection]:
    look = QTextCharFormat()
    look.setBackground(theme.colour(shade))
    look.setFontStrikeOut(is_struck)
    look.setFontUnderline(not is_struck)
    found, at = [], 0
    for part in parts:
        length = len(part.text.encode("utf-16-le", "surrogatepass")) // 2
        if part.only_here:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(area.document())
            cursor.setPosition(at)
            cursor.setPosition(at + length, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, look
            found.append(selection)
        at += length
    return found
