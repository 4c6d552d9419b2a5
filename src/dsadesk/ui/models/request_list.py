"""The requests as a list: a snapshot of all their ids, and the words of those that were looked at lately.

The snapshot gives the scroll bar its exact length at once. The words come in windows of a hundred rows: asking for a row that is not held
reports its window by `window_wanted`, and whoever fetches it gives the words to `put`. The oldest words are let go.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from dsadesk.domain.ids import RequestId
from dsadesk.ui.vocabulary import Card, CardRole

WINDOW_ROWS = 100
_MOST_HELD = 12 * WINDOW_ROWS

_Index = QModelIndex | QPersistentModelIndex


class RequestListModel(QAbstractListModel):
    """Rows by request. Changing the snapshot moves as few rows as it can, so that the list neither jumps nor loses its place."""

    window_wanted = Signal(int)  # the number of a window of WINDOW_ROWS rows

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[RequestId, ...] = ()
        self._held: OrderedDict[RequestId, Card] = OrderedDict()
        self._stale: set[RequestId] = set()
        self._wanted: set[int] = set()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of requests."""
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what one role of a row says; nothing yet for a row whose words are on their way."""
        if not index.isValid():
            return None
        request = self._ids[index.row()]
        card = self._held.get(request)
        if card is None or request in self._stale:
            self._want(index.row() // WINDOW_ROWS)
        if card is None:
            return None
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

    def request(self, index: _Index) -> RequestId | None:
        """Return the request of a row."""
        return self._ids[index.row()] if index.isValid() else None

    def index_of(self, request: RequestId | None) -> QModelIndex:
        """Return where a request stands; an invalid index when it is not in the list."""
        if request is None or request not in self._ids:
            return QModelIndex()
        return self.index(self._ids.index(request))

    def window(self, number: int) -> tuple[RequestId, ...]:
        """Return the requests of a window."""
        return self._ids[number * WINDOW_ROWS : (number + 1) * WINDOW_ROWS]

    def put(self, number: int, cards: Mapping[RequestId, Card]) -> None:
        """Take the words of a window that was wanted."""
        self._wanted.discard(number)
        # A row that says what it said is not drawn again: this comes with every pause of somebody who types.
        other = {request for request, card in cards.items() if self._held.get(request) != card}
        for request, card in cards.items():
            self._held[request] = card
            self._held.move_to_end(request)
            self._stale.discard(request)
        while len(self._held) > _MOST_HELD:
            gone, _ = self._held.popitem(last=False)
            self._stale.discard(gone)
        first = number * WINDOW_ROWS
        self._say_changed([first + place for place, request in enumerate(self.window(number)) if request in other])

    def give_up(self, number: int) -> None:
        """Note that a window could not be fetched; the next look at it asks again."""
        self._wanted.discard(number)

    def forget(self, requests: Iterable[RequestId] | None = None) -> None:
        """Have the words of these requests, or of all, fetched again when they are looked at. Until then the old words stand."""
        stale = set(self._held) if requests is None else set(requests) & set(self._held)
        self._stale |= stale
        self._say_changed([row for row, request in enumerate(self._ids) if request in stale] if stale else [])

    def set_ids(self, ids: Sequence[RequestId]) -> None:
        """Take a new snapshot."""
        new, old = tuple(ids), self._ids
        if new == old:
            return
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        before, after = old[head : len(old) - tail], new[head : len(new) - tail]
        self._wanted.clear()
        if after[:1] == before[-1:] and after[1:] == before[:-1]:
            self._move(head + len(before) - 1, head, new)
        elif before[:1] == after[-1:] and before[1:] == after[:-1]:
            self._move(head, head + len(before), new)
        elif not before:
            self.beginInsertRows(QModelIndex(), head, head + len(after) - 1)
            self._take(new)
            self.endInsertRows()
        elif not after:
            self.beginRemoveRows(QModelIndex(), head, head + len(before) - 1)
            self._take(new)
            self.endRemoveRows()
        else:
            self.beginResetModel()
            self._take(new)
            self.endResetModel()

    def _say_changed(self, rows: Sequence[int]) -> None:
        if rows:
            self.dataChanged.emit(self.index(rows[0]), self.index(rows[-1]))

    def _move(self, row: int, to: int, new: tuple[RequestId, ...]) -> None:
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), to)
        self._take(new)
        self.endMoveRows()

    def _take(self, ids: tuple[RequestId, ...]) -> None:
        self._ids = ids

    def _want(self, number: int) -> None:
        if number not in self._wanted:
            self._wanted.add(number)
            self.window_wanted.emit(number)


def _common(one: Sequence[RequestId], other: Sequence[RequestId]) -> int:
    """Return how many of the first items are the same."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        length += 1
    return length
