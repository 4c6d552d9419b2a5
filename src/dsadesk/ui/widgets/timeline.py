"""What has happened, one event under the other, the newest where the caller puts it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui import icons, theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import TONE_ICONS, Space
from dsadesk.ui.vocabulary import TimelineEntry, Tone
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text, plain

_DOT = 22
_LEFT = 36


class Timeline(QWidget):
    """Events with when, who and what, on a line. Details are folded away until asked for."""

    def __init__(self, name: str, entries: Sequence[TimelineEntry] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.List)
        self.setAccessibleName(plain(name))
        self._shown: tuple[TimelineEntry, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.show_entries(entries)

    def show_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show these events in place of those before. The same events again leave what is unfolded unfolded."""
        if tuple(entries) == self._shown:
            return
        self._shown = tuple(entries)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, entry in enumerate(entries):
            self._column.addWidget(_Event(entry, first=number == 0, last=number == len(entries) - 1))


class _Event(QWidget):
    """One event, with its dot and its piece of the line."""

    def __init__(self, entry: TimelineEntry, *, first: bool, last: bool) -> None:
        super().__init__()
        give_role(self, QAccessible.Role.ListItem)
        self._entry, self._first, self._last = entry, first, last
        self.setAccessibleName(". ".join(plain(part) for part in (entry.sentence, entry.who, entry.when) if part))
        self._column = QVBoxLayout(self)
        self._column.setSpacing(Space.HAIR)
        self._column.addWidget(Text(entry.sentence, "strong"))
        self._column.addWidget(Text(" · ".join(part for part in (entry.who, entry.when) if part), "meta"))
        self._details = Text(entry.details, "text")
        self._details.hide()
        if entry.details:
            self._fold = Button("", "link", small=True)
            self._fold.clicked.connect(self._on_fold_clicked)
            self._column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
            self._column.addWidget(self._details)
            self._name_fold()
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(_DOT)
        dot = QRectF(0, 0, side, side)
        middle = dot.center().x()
        painter.setPen(QPen(theme.colour("line"), 2))
        if not self._last:
            painter.drawLine(int(middle), side, int(middle), self.height())
        tone = self._entry.tone
        painter.setPen(QPen(theme.colour(f"{tone}_line"), 1))
        painter.setBrush(theme.colour(f"{tone}_soft"))
        painter.drawEllipse(dot.adjusted(0.5, 0.5, -0.5, -0.5))
        inset = side / 5
        name = "circle-dot" if tone is Tone.NEUTRAL else TONE_ICONS[tone]
        icons.paint(painter, name, dot.adjusted(inset, inset, -inset, -inset), tone.value, stroke=2.25)

    def _fit(self) -> None:
        self._column.setContentsMargins(theme.px(_LEFT), 0, 0, 0 if self._last else Space.LARGE + Space.TIGHT)

    def _on_fold_clicked(self) -> None:
        self._details.setVisible(self._details.isHidden())
        self._name_fold()

    def _name_fold(self) -> None:
        words = (
            translate("Timeline", "Show details") if self._details.isHidden() else translate("Timeline", "Hide details")
        )
        self._fold.set_words(words)
        self._fold.setAccessibleName(f"{words}: {plain(self._entry.sentence)}")
