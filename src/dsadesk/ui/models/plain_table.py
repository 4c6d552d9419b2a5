"""A table of texts that is held whole: profiles and first rows of samples, lists of facts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

_Index = QModelIndex | QPersistentModelIndex


class PlainTableModel(QAbstractTableModel):
    """Rows under a heading. A row that is too short has empty cells; a cell is shown as the text that it is."""

    def __init__(
        self, heading: Sequence[str] = (), rows: Sequence[Sequence[str]] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._heading = tuple(heading)
        self._cells = tuple(tuple(row) for row in rows)

    def show(self, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show this table in place of the one before."""
        self.beginResetModel()
        self._heading = tuple(heading)
        self._cells = tuple(tuple(row) for row in rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._cells)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._heading)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell; assistive technology hears its heading with it."""
        if not index.isValid():
            return None
        row = self._cells[index.row()]
        text = row[index.column()] if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(text.split())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._heading[index.column()]}: {text}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the heading of a column."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heading[section] if section < len(self._heading) else None
