"""A list of cards over any item model that answers to the card roles."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Size, Space, Theme
from dsadesk.ui.vocabulary import Card, CardRole, Tone
from dsadesk.ui.widgets.lines import broken
from dsadesk.ui.widgets.pill import paint_pill, pill_width
from dsadesk.ui.widgets.text import plain, tooltip

_Index = QModelIndex | QPersistentModelIndex
_TITLE_LINE = 20
_TITLE_LINES = 2
_UNDER_TITLE = 78
_SIDE = 16
_BAR = 5
_PILL_LINE = 22
_BATCH = 1000


class CardListView(QListView):
    """The list. Enter and Space open a card (`activated`). With `uniform` all cards have one height: for long lists."""

    def __init__(self, name: str, *, uniform: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(plain(name))
        self.setItemDelegate(CardDelegate(self, uniform=uniform))
        self.setUniformItemSizes(uniform)
        if uniform:
            # Qt asks for every row once when it lays them out; in batches the window stays awake.
            self.setLayoutMode(QListView.LayoutMode.Batched)
            self.setBatchSize(_BATCH)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the titles anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and not self.uniformItemSizes():
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the card on Enter and on Space."""
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class CardDelegate(QStyledItemDelegate):
    """Paints a card: up to two title lines, a subtitle, and a line with the pill and the meta."""

    def __init__(self, view: QListView, *, uniform: bool = False) -> None:
        super().__init__(view)
        self._view = view
        self._uniform = uniform

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height for the title's lines at the width of the view."""
        lines = _TITLE_LINES if self._uniform else len(self._title(index, self._words_width()))
        height = theme.px(_UNDER_TITLE + _TITLE_LINE * lines)
        if self._meta_below(index):
            height += theme.px(_PILL_LINE)
        return QSize(theme.px(160), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one card."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(Space.MEDIUM, Space.TIGHT, -Space.MEDIUM, -Space.TIGHT)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_frame(painter, box, chosen=chosen, hovered=bool(option.state & QStyle.StateFlag.State_MouseOver))
        self._paint_words(painter, box, index, chosen=chosen)
        painter.restore()

    def _words_width(self) -> float:
        return self._view.viewport().width() - 2 * Space.MEDIUM - theme.px(_SIDE + 14)

    @staticmethod
    def _title(index: _Index, width: float) -> tuple[str, ...]:
        return broken(_words(index, CardRole.TITLE), _bold(), width, _TITLE_LINES)

    def _meta_below(self, index: _Index) -> bool:
        """Say whether pill and meta are too wide for one line, as they may be at twice the size."""
        if self._uniform:
            return theme.scale_percent() > 150
        pill, meta = _words(index, CardRole.PILL), _words(index, CardRole.META)
        if not pill or not meta:
            return False
        return pill_width(pill) + theme.px(8) + QFontMetricsF(_small()).horizontalAdvance(meta) > self._words_width()

    @staticmethod
    def _paint_frame(painter: QPainter, box: QRectF, *, chosen: bool, hovered: bool) -> None:
        strong = chosen and theme.theme() is Theme.CONTRAST
        line = "brand" if chosen else "line2" if hovered else "line"
        painter.setPen(QPen(theme.colour(line), 2 if strong else 1))
        painter.setBrush(theme.colour("sel" if strong else "surface"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        if chosen:
            painter.save()
            edge = QPainterPath()
            edge.addRoundedRect(box, theme.RADIUS, theme.RADIUS)
            painter.setClipPath(edge)
            painter.fillRect(QRectF(box.left(), box.top(), _BAR, box.height()), theme.colour("brand"))
            painter.restore()

    def _paint_words(self, painter: QPainter, box: QRectF, index: _Index, *, chosen: bool) -> None:
        left = box.left() + theme.px(_SIDE)
        width = self._words_width()
        line = theme.px(_TITLE_LINE)
        y = box.top() + theme.px(9)
        painter.setFont(_bold() if chosen else theme.font(Size.TEXT, QFont.Weight.DemiBold))
        painter.setPen(theme.colour("ink"))
        for words in self._title(index, width):
            painter.drawText(QRectF(left, y, width + theme.px(8), theme.px(22)), Qt.AlignmentFlag.AlignVCenter, words)
            y += line
        painter.setFont(_small())
        painter.setPen(theme.colour("ink2"))
        subtitle = broken(_words(index, CardRole.SUBTITLE), _small(), width, 1)[0]
        painter.drawText(QRectF(left, y + 2, width, theme.px(20)), Qt.AlignmentFlag.AlignVCenter, subtitle)
        self._paint_foot(painter, QRectF(left, box.bottom() - theme.px(31), width, theme.px(22)), index)

    def _paint_foot(self, painter: QPainter, foot: QRectF, index: _Index) -> None:
        pill, meta = _words(index, CardRole.PILL), _words(index, CardRole.META)
        below = self._meta_below(index)
        if pill:
            up = theme.px(_PILL_LINE) if below else 0
            paint_pill(
                painter, foot.left(), foot.center().y() - up, pill, Tone(index.data(CardRole.TONE) or Tone.NEUTRAL)
            )
        painter.setFont(_small())
        painter.setPen(theme.colour("ink3"))
        side = Qt.AlignmentFlag.AlignLeft if below or not pill else Qt.AlignmentFlag.AlignRight
        room = foot.width() - (0 if below or not pill else pill_width(pill) + theme.px(8))
        if QFontMetricsF(_small()).horizontalAdvance(meta) > room and pill and not below:
            return  # rows of one height have no second line for it; the row still says it to a screen reader
        painter.drawText(foot, side | Qt.AlignmentFlag.AlignVCenter, broken(meta, _small(), foot.width(), 1)[0])


class CardListModel(QAbstractListModel):
    """Cards of a list short enough to be held whole. Longer lists have models of their own."""

    def __init__(self, cards: Sequence[Card] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = tuple(cards)

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these cards in place of those before."""
        self.beginResetModel()
        self._cards = tuple(cards)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of cards."""
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what one role of a card says."""
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        said: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: card.title,
            Qt.ItemDataRole.AccessibleTextRole: card.spoken(),
            Qt.ItemDataRole.ToolTipRole: tooltip(card.title),
            CardRole.TITLE: card.title,
            CardRole.SUBTITLE: card.subtitle,
            CardRole.PILL: card.pill,
            CardRole.TONE: card.tone,
            CardRole.META: card.meta,
        }
        return said.get(role)


def _words(index: _Index, role: CardRole) -> str:
    return str(index.data(role) or "")


def _bold() -> QFont:
    return theme.font(Size.TEXT, QFont.Weight.Bold)


def _small() -> QFont:
    return theme.font(Size.SMALL)
