"""The datasets that a search found, as cards. A list is short: a search gives its best matches only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dsadesk.ui.vocabulary import Card, CardRole

_Index = QModelIndex | QPersistentModelIndex


class CatalogueListModel(QAbstractListModel):
    """Cards by row. A search that finds the same again disturbs nothing; one that narrows or widens keeps the rows both have at the top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[Card, ...] = ()

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these datasets."""
        new, old = tuple(cards), self._cards
        if new == old:
            return
        if new[: len(old)] == old:
            self.beginInsertRows(QModelIndex(), len(old), len(new) - 1)
            self._cards = new
            self.endInsertRows()
        elif old[: len(new)] == new:
            self.beginRemoveRows(QModelIndex(), len(new), len(old) - 1)
            self._cards = new
            self.endRemoveRows()
        else:
            self.beginResetModel()
            self._cards = new
            self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of datasets."""
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what one role of a row says."""
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, CardRole.TITLE}:
            return card.title
        if role == CardRole.SUBTITLE:
            return card.subtitle
        if role == CardRole.PILL:
            return card.pill
        if role == CardRole.TONE:
            return card.tone
        if role == CardRole.META:
            return card.meta
        return card.spoken() if role == Qt.ItemDataRole.AccessibleTextRole else None
