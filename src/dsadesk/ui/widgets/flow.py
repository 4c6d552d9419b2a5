"""A layout that sets its items in a row and goes on in the next when the row is full, as words do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Rows of items. With `equal`, the items of all rows have one width and fill the row."""

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 8, row_spacing: int = 8, equal: bool = False
    ) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width, until an item changes: the layout above asks again and again
        self._gap = spacing
        self._row_gap = row_spacing
        self._equal = equal
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item, as `addWidget` does."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or nothing past the end, where Qt stops asking."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item back, or nothing past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Say that it takes no more room than it is given."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the rows at this width."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """Forget what was worked out: an item has changed."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Set the items in their rows."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """Return the size of one row."""
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        if self._equal and hints:
            width = (max(hint.width() for hint in hints) + self._gap) * len(hints) - self._gap
        return QSize(width, max((hint.height() for hint in hints), default=0)).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        hints = [item.minimumSize() for item in self._shown()]
        width = max((hint.width() for hint in hints), default=0)
        return QSize(width, max((hint.height() for hint in hints), default=0)).grownBy(self.contentsMargins())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        y = inner.top()
        rows = self._rows(inner.width())
        for number, row in enumerate(rows):
            height = max(self._height(item, width) for item, width in row)
            x = inner.left()
            for item, width in row:
                if place:
                    own = self._height(item, width)
                    item.setGeometry(QRect(QPoint(x, y + (height - own) // 2), QSize(width, own)))
                x += width + self._gap
            y += height + (self._row_gap if number < len(rows) - 1 else 0)
        return y - rect.top() + margins.bottom()

    @staticmethod
    def _height(item: QLayoutItem, width: int) -> int:
        return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()

    def _rows(self, width: int) -> list[list[tuple[QLayoutItem, int]]]:
        return self._equal_rows(width) if self._equal else self._packed_rows(width)

    def _packed_rows(self, width: int) -> list[list[tuple[QLayoutItem, int]]]:
        rows: list[list[tuple[QLayoutItem, int]]] = []
        left = -1
        for item in self._shown():
            wanted = max(min(item.sizeHint().width(), width), item.minimumSize().width())
            if wanted > left:
                rows.append([])
                left = width
            rows[-1].append((item, wanted))
            left -= wanted + self._gap
        return rows

    def _equal_rows(self, width: int) -> list[list[tuple[QLayoutItem, int]]]:
        shown = self._shown()
        if not shown:
            return []
        widest = max(item.sizeHint().width() for item in shown)
        fitting = max(1, min(len(shown), (width + self._gap) // (widest + self._gap)))
        columns = -(-len(shown) // -(-len(shown) // fitting))  # rows as even as they can be
        each = (width + self._gap) // columns - self._gap
        return [[(item, each) for item in shown[start : start + columns]] for start in range(0, len(shown), columns)]
