"""The list of requests as an item model: snapshots, windows, and moves that keep the place."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from dsadesk.domain.ids import RequestId
from dsadesk.host.memory import SeededEntropy
from dsadesk.ui.models.plain_table import PlainTableModel
from dsadesk.ui.models.request_list import WINDOW_ROWS, RequestListModel
from dsadesk.ui.vocabulary import Card, CardRole, Tone

_FATAL = QAbstractItemModelTester.FailureReportingMode.Warning  # pytest-qt fails on a warning


def ids(*names):
    return tuple(RequestId(str(name)) for name in names)


def cards(requests):
    return {request: Card(f"Title {request}", "To them", "Draft", Tone.WARN, "Just now") for request in requests}


@pytest.fixture
def model(qapp):
    made = RequestListModel()
    tester = QAbstractItemModelTester(made, _FATAL)
    yield made
    del tester


@pytest.fixture
def wanted(model):
    found = []
    model.window_wanted.connect(found.append)
    return found


def test_a_row_asks_for_its_window_once_and_shows_nothing_until_it_comes(model, wanted):
    model.set_ids(ids(*range(250)))
    wanted.clear()
    index = model.index(120)
    assert index.data() is None
    assert index.data(CardRole.PILL) is None
    assert wanted == [1]
    model.put(1, cards(model.window(1)))
    assert index.data() == "Title 120"
    assert index.data(CardRole.SUBTITLE) == "To them"
    assert index.data(CardRole.TONE) == Tone.WARN
    assert index.data(CardRole.META) == "Just now"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Title 120. To them. Draft. Just now"
    assert wanted == [1]


def test_the_last_window_is_as_short_as_the_list(model):
    model.set_ids(ids(*range(250)))
    assert len(model.window(2)) == 50
    assert model.window(3) == ()


def test_old_words_stand_until_the_new_ones_come(model, wanted):
    model.set_ids(ids("a", "b"))
    model.put(0, cards(ids("a", "b")))
    wanted.clear()
    model.forget(ids("a"))
    assert model.index(1).data() == "Title b"
    assert wanted == [0]  # the tester looks at every row
    assert model.index(0).data() == "Title a"
    model.put(0, {RequestId("a"): Card("New")})
    assert model.index(0).data() == "New"


def test_a_window_that_could_not_be_fetched_is_asked_for_again(model, wanted):
    model.set_ids(ids(*range(3)))
    wanted.clear()
    model.give_up(0)
    model.index(0).data()
    assert wanted == [0]


def test_only_so_many_words_are_held(model, wanted):
    count = 40 * WINDOW_ROWS
    model.set_ids(ids(*range(count)))
    for window in range(40):
        model.put(window, cards(model.window(window)))
    held = sum(model.index(row).data() is not None for row in range(0, count, 50))
    assert held * 50 <= 14 * WINDOW_ROWS
    assert model.index(count - 1).data() == f"Title {count - 1}"


def test_a_request_that_moves_to_the_top_moves_alone(model):
    model.set_ids(ids("a", "b", "c", "d"))
    moved, reset = [], []
    model.rowsMoved.connect(lambda *args: moved.append(args[1:3]))
    model.modelReset.connect(lambda: reset.append(True))
    kept = model.index(0)
    model.set_ids(ids("c", "a", "b", "d"))
    assert moved == [(2, 2)]
    model.set_ids(ids("a", "b", "c", "d"))
    assert len(moved) == 2
    assert not reset
    assert model.index_of(RequestId("a")) == kept


def test_requests_that_come_and_go_are_inserted_and_removed(model):
    inserted, removed, reset = [], [], []
    model.set_ids(ids("a", "b"))
    model.rowsInserted.connect(lambda *args: inserted.append(args[1:]))
    model.rowsRemoved.connect(lambda *args: removed.append(args[1:]))
    model.modelReset.connect(lambda: reset.append(True))
    model.set_ids(ids("new", "a", "b"))
    model.set_ids(ids("new", "b"))
    assert (inserted, removed) == ([(0, 0)], [(1, 1)])
    assert not reset
    model.set_ids(ids("b", "x", "new", "y"))
    assert reset


def test_the_same_snapshot_changes_nothing(model):
    model.set_ids(ids("a"))
    signals = []
    model.modelReset.connect(lambda: signals.append(True))
    model.layoutChanged.connect(lambda: signals.append(True))
    model.set_ids(ids("a"))
    assert signals == []


def test_any_change_of_any_snapshot_keeps_the_model_sound(model):
    random = SeededEntropy("snapshots")
    names = ids(*range(30))
    for _ in range(300):
        draw = random.token(31)
        chosen = [name for name, byte in zip(names, draw, strict=False) if byte % 3]
        if draw[30] % 2:
            chosen.sort(key=lambda name, draw=draw: draw[int(name)])
        model.set_ids(chosen)
        assert [model.request(model.index(row)) for row in range(model.rowCount())] == chosen


def test_single_steps_from_one_order_to_another_keep_the_model_sound(model):
    for order in itertools.permutations(("a", "b", "c", "d")):
        model.set_ids(ids(*order))
        assert [model.request(model.index(row)) for row in range(4)] == list(order)


def test_what_is_not_in_the_list_has_no_index(model):
    model.set_ids(ids("a"))
    assert not model.index_of(RequestId("b")).isValid()
    assert not model.index_of(None).isValid()
    assert model.request(QModelIndex()) is None
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0)) == 0


def test_ten_thousand_requests_ask_only_for_what_is_looked_at(qapp):
    model = RequestListModel()
    wanted = []
    model.window_wanted.connect(wanted.append)
    model.set_ids(ids(*range(10_000)))
    assert model.rowCount() == 10_000
    assert wanted == []
    for row in range(9_900, 9_920):
        model.index(row).data()
    assert wanted == [99]


def test_a_plain_table_shows_cells_as_text_and_says_their_heading(qapp):
    model = PlainTableModel(("Column", "Note"), (("a\nb", "x"), ("c",)))
    tester = QAbstractItemModelTester(model, _FATAL)
    assert model.index(0, 0).data() == "a b"
    assert model.index(1, 1).data() == ""
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Note: x"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Note"
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    model.show(("Only",), (("1",), ("2",)))
    assert (model.rowCount(), model.columnCount()) == (2, 1)
    assert (model.rowCount(model.index(0, 0)), model.columnCount(model.index(0, 0))) == (0, 0)
    assert model.data(QModelIndex()) is None
    del tester
