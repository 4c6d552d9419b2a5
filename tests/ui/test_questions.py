from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit

from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.controls import CheckOption, DropDown, RadioOption
from dsadesk.ui.widgets.questions import Column, DateField, Kind, Option, QuestionSpec, build
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from tests.ui import audit

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
OPTIONS = (Option("a", "First", "The first one"), Option("b", "Second"), Option("c", "Third"))
COLUMNS = (
    Column("name", "Name"),
    Column("why", "Why", Kind.LONG),
    Column("kind", "Kind", Kind.CHOICE, OPTIONS),
    Column("personal", "Is it personal?", Kind.YESNO),
    Column("from", "From", Kind.DATE),
    Column("rows", "Rows", Kind.NUMBER),
)
ROWS = [
    {"name": "UPRN", "why": "To match", "kind": "b", "personal": "yes", "from": "2026-03-02", "rows": "1200"},
    {"name": "Postcode", "why": "", "kind": "", "personal": "", "from": "", "rows": ""},
    {"name": "Floor area", "why": "", "kind": "", "personal": "no", "from": "", "rows": ""},
]
VALUES = {
    Kind.LONG: ["", "One.\nTwo lines, Ŵyn."],
    Kind.SHORT: ["", "A name & a half"],
    Kind.CHOICE: ["", "b"],
    Kind.CHECKS: [[], ["a", "c"]],
    Kind.YESNO: [None, True, False],
    Kind.DATE: ["", "2026-03-02", "1999-12-31"],
    Kind.NUMBER: [None, 0, 1200],
    Kind.CONFIRM: [False, True],
    Kind.REPEAT: [[], ROWS],
}
STEPS = (Option("result", "Only a result", "The answer"), Option("check", "A yes or no"), Option("codes", "Codes"))
STEP_COLUMNS = (Column("step", "Step", Kind.CHOICE, STEPS), Column("why", "Why", Kind.LONG))


@pytest.fixture
def ask(qtbot):
    """Makes a question and shows it, and keeps what it reports."""
    pages = []

    def made(kind: Kind, **fields: object):
        options = OPTIONS if kind in {Kind.CHOICE, Kind.CHECKS} else ()
        columns = COLUMNS if kind is Kind.REPEAT else ()
        spec = QuestionSpec(
            "q", kind, "What is it?", "Say it plainly.", **{"options": options, "columns": columns, **fields}
        )
        question = build(spec)
        question.heard = []
        question.changed.connect(question.heard.append)
        page = ScrollColumn()
        qtbot.addWidget(page)
        page.add(question)
        page.resize(700, 900)
        page.show()
        page.activateWindow()
        QApplication.processEvents()
        pages.append(page)
        return question

    return made


def type_into(qtbot, field, text: str) -> None:
    field.setFocus()
    qtbot.keyClicks(field, text)


# ---------------------------------------------------------------- all kinds


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in VALUES.items() for value in values])
def test_a_value_comes_back_as_it_was_put_and_makes_no_noise(ask, kind, value):
    question = ask(kind)
    question.set_value(value)
    assert question.value() == value
    assert question.heard == []
    assert question.problem() == ""


@pytest.mark.parametrize("kind", list(Kind))
def test_a_new_question_is_unanswered(ask, kind):
    assert ask(kind).value() == VALUES[kind][0]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_value_can_be_taken_back(ask, kind):
    question = ask(kind)
    question.set_value(VALUES[kind][-1])
    question.set_value(VALUES[kind][0])
    assert question.value() == VALUES[kind][0]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_problem_is_shown_in_words_and_taken_back(ask, kind):
    question = ask(kind)
    question.show_problem("Answer this")
    assert "Answer this" in audit.names(question, QAccessible.Role.StaticText)
    assert question.property("problem") is True
    question.show_problem("")
    assert "Answer this" not in audit.names(question, QAccessible.Role.StaticText)
    assert question.property("problem") is False


@pytest.mark.parametrize("kind", list(Kind))
def test_the_hint_and_the_problem_are_in_a_description(ask, kind):
    question = ask(kind)
    question.show_problem("Answer this")
    described = [node.text(DESCRIPTION) for node in audit.nodes(question)]
    assert "Answer this Say it plainly." in described


@pytest.mark.parametrize("kind", list(Kind))
def test_the_label_is_the_buddy_of_what_it_names(ask, kind):
    question = ask(kind)
    if kind is not Kind.REPEAT:
        assert question.label.buddy() in question.findChildren(type(question.label.buddy()))
    assert any(
        "What is it?" in node.text(NAME) for node in audit.nodes(question) if node.object() is not question.label
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_an_optional_question_says_so(ask, kind):
    question = ask(kind, required=False)
    assert question.label.said() == "What is it? (optional)"


@pytest.mark.parametrize("kind", list(Kind))
def test_the_keyboard_can_be_put_where_answering_begins(ask, kind):
    question = ask(kind)
    question.take_focus()
    assert question.isAncestorOf(QApplication.focusWidget())


# ---------------------------------------------------------------- texts


def test_typing_reports_each_new_text(ask, qtbot):
    question = ask(Kind.SHORT)
    type_into(qtbot, question.findChild(QLineEdit), "ab")
    assert question.heard == ["a", "ab"]


def test_putting_the_same_text_leaves_the_cursor_alone(ask, qtbot):
    question = ask(Kind.LONG)
    area = question.findChild(QPlainTextEdit)
    type_into(qtbot, area, "words")
    question.set_value("words")
    qtbot.keyClicks(area, "!")
    assert question.value() == "words!"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "You have 3 words left"),
        ("one two", "You have 1 word left"),
        ("one two three", "You have 0 words left"),
        ("one two three four", "You have 1 word too many"),
        ("one two three four five", "You have 2 words too many"),
    ],
)
def test_words_left_are_counted(ask, text, said):
    question = ask(Kind.LONG, max_words=3)
    question.set_value(text)
    assert question.count_words() == said
    assert question.value() == text


def test_characters_left_are_counted_beside_words(ask):
    question = ask(Kind.LONG, max_words=3, max_chars=10)
    question.set_value("one two four")
    assert question.count_words() == "You have 0 words left You have 2 characters too many"


def test_a_text_without_a_limit_has_no_count(ask):
    question = ask(Kind.LONG)
    assert question.count_words() == ""


def test_pasting_keeps_words_only(ask, qtbot):
    question = ask(Kind.LONG)
    area = question.findChild(QPlainTextEdit)
    mime = QMimeData()
    mime.setHtml("<b>bold</b>")
    mime.setText("bold\u202e\x07 and plain")
    area.insertFromMimeData(mime)
    assert question.value() == "bold and plain"


def test_tab_leaves_a_text_area(ask, qtbot):
    question = ask(Kind.LONG)
    area = question.findChild(QPlainTextEdit)
    area.setFocus()
    question.window().add(other := QLineEdit())
    other.show()
    qtbot.keyClick(area, Qt.Key.Key_Tab)
    assert question.value() == ""
    assert QApplication.focusWidget() is other


def test_a_text_area_grows_with_its_text_up_to_a_bound(ask, qtbot):
    question = ask(Kind.LONG)
    area = question.findChild(QPlainTextEdit)
    least = area.height()
    question.set_value("line\n" * 9)
    qtbot.waitUntil(lambda: area.height() > least)
    grown = area.height()
    question.set_value("line\n" * 90)
    qtbot.waitUntil(lambda: area.height() > grown)
    assert area.height() < 3 * grown


def test_a_text_area_grows_by_some_lines_at_a_time_and_never_hides_one(ask, qtbot):
    question = ask(Kind.LONG)
    area = question.findChild(QPlainTextEdit)
    heights = []
    for lines in range(4, 14):
        question.set_value("\n".join(["line"] * lines))
        qtbot.waitUntil(lambda: area.height() == area.sizeHint().height())
        assert not area.verticalScrollBar().maximum()
        heights.append(area.height())
    assert heights == sorted(heights)
    assert len(set(heights)) == 4


def test_a_text_area_has_a_scroll_bar_once_it_no_longer_grows_and_not_while_it_does(ask, qtbot):
    question = ask(Kind.LONG)
    area = question.findChild(QPlainTextEdit)
    question.set_value("\n".join(["line"] * 16))
    assert not area.verticalScrollBar().isVisible()
    qtbot.waitUntil(lambda: area.height() == area.sizeHint().height())
    assert not area.verticalScrollBar().isVisible()
    question.set_value("\n".join(["line"] * 17))
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    question.set_value("line")
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisible())


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(("typed", "value"), [("1200", 1200), ("1,200", 1200), (" 1 200 ", 1200), ("007", 7)])
def test_a_number_may_be_typed_with_commas_and_spaces(ask, qtbot, typed, value):
    question = ask(Kind.NUMBER)
    type_into(qtbot, question.findChild(QLineEdit), typed)
    assert question.value() == value


@pytest.mark.parametrize("typed", ["about 12", "-3", "1.5", "٣", "²"])
def test_what_is_no_number_stays_on_the_screen_and_is_said_on_leaving(ask, qtbot, typed):
    question = ask(Kind.NUMBER)
    line = question.findChild(QLineEdit)
    line.setFocus()
    line.insert(typed)
    assert question.problem() == ""
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert question.problem() == "Enter a whole number, like 1200"
    assert (question.value(), line.text()) == (None, typed)
    line.selectAll()
    qtbot.keyClicks(line, "5")
    assert (question.value(), question.problem()) == (5, "")


# ---------------------------------------------------------------- dates


def parts(question: DateField) -> list[QLineEdit]:
    return question.findChildren(QLineEdit)


def test_a_date_is_reported_once_it_is_whole(ask, qtbot):
    question = ask(Kind.DATE)
    for part, text in zip(parts(question), ("2", "3", "2026"), strict=True):
        type_into(qtbot, part, text)
    assert question.heard == ["2026-03-02"]
    assert question.value() == "2026-03-02"


def test_the_parts_of_a_date_are_named_after_the_question(ask):
    question = ask(Kind.DATE)
    assert audit.names(question, QAccessible.Role.EditableText) == [
        "What is it?: Day",
        "What is it?: Month",
        "What is it?: Year",
    ]


def test_a_half_typed_date_stays_as_typed_and_is_said_on_leaving(ask, qtbot):
    question = ask(Kind.DATE)
    day, month, _ = parts(question)
    type_into(qtbot, day, "27")
    qtbot.keyClick(day, Qt.Key.Key_Tab)
    assert question.problem() == ""
    type_into(qtbot, month, "3")
    month.clearFocus()
    assert question.problem() == "Enter a day, a month and a year"
    assert (question.value(), question.typed()) == ("", ("27", "3", ""))
    question.set_value("")
    assert question.typed() == ("27", "3", "")
    question.clear()
    assert (question.typed(), question.problem()) == (("", "", ""), "")


@pytest.mark.parametrize(
    "typed", [("31", "2", "2026"), ("1", "13", "2026"), ("x", "1", "2026"), ("1", "1", "26"), ("٣", "1", "2026")]
)
def test_a_date_that_is_not_in_the_calendar_is_said(ask, qtbot, typed):
    question = ask(Kind.DATE)
    for part, text in zip(parts(question), typed, strict=True):
        part.setFocus()
        part.insert(text)
    qtbot.keyClick(parts(question)[2], Qt.Key.Key_Return)
    assert question.problem() == "Enter a real date, like 27 3 2027"
    assert (question.value(), question.typed()) == ("", typed)


def test_mending_a_date_takes_its_problem_back(ask, qtbot):
    question = ask(Kind.DATE)
    type_into(qtbot, parts(question)[0], "27")
    parts(question)[0].clearFocus()
    type_into(qtbot, parts(question)[1], "3")
    type_into(qtbot, parts(question)[2], "2027")
    assert (question.value(), question.problem()) == ("2027-03-27", "")


def test_what_is_no_date_leaves_the_fields_empty(ask):
    question = ask(Kind.DATE)
    question.set_value("next spring")
    assert question.typed() == ("", "", "")


# ---------------------------------------------------------------- options


def test_options_are_chosen_with_the_arrow_keys(ask, qtbot):
    question = ask(Kind.CHOICE)
    question.take_focus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert question.heard == ["a", "b"]
    assert QApplication.focusWidget().accessibleName() == "Second"


def test_the_whole_card_is_the_target(ask, qtbot):
    question = ask(Kind.CHOICE)
    card = question.findChildren(RadioOption)[1]
    place = card.rect().topRight()
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=place + type(place)(-3, 3))
    label = question.findChildren(RadioOption)[2].findChild(QLabel)
    assert question.heard == ["b"]
    assert label.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_a_chosen_option_is_announced_with_its_hint(ask):
    question = ask(Kind.CHOICE)
    question.set_value("a")
    radios = [node for node in audit.nodes(question) if node.role() is QAccessible.Role.RadioButton]
    assert [(node.text(NAME), bool(node.state().checked)) for node in radios] == [
        ("First", True),
        ("Second", False),
        ("Third", False),
    ]
    assert radios[0].text(DESCRIPTION) == "The first one"


def test_a_choice_from_an_older_question_set_is_kept_until_another_is_made(ask, qtbot):
    question = ask(Kind.CHOICE)
    question.set_value("gone")
    assert question.value() == "gone"
    qtbot.mouseClick(question.findChildren(RadioOption)[0], Qt.MouseButton.LeftButton)
    assert question.value() == "a"


def test_checks_are_made_with_space_and_come_in_the_order_of_the_options(ask, qtbot):
    question = ask(Kind.CHECKS)
    cards = question.findChildren(CheckOption)
    for card in (cards[2], cards[0]):
        card.setFocus()
        qtbot.keyClick(card, Qt.Key.Key_Space)
    assert question.heard == [["c"], ["a", "c"]]
    qtbot.keyClick(cards[0], Qt.Key.Key_Space)
    assert question.heard[-1] == ["c"]


def test_checks_from_an_older_question_set_are_kept(ask, qtbot):
    question = ask(Kind.CHECKS)
    question.set_value(["b", "gone"])
    qtbot.mouseClick(question.findChildren(CheckOption)[0], Qt.MouseButton.LeftButton)
    assert question.value() == ["a", "b", "gone"]


def test_yes_and_no_are_chosen_and_reported(ask, qtbot):
    question = ask(Kind.YESNO)
    yes, no = question.findChildren(RadioOption)
    for card in (no, yes):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert question.heard == [False, True]


def test_a_confirmation_shows_the_question_or_its_own_words(ask, qtbot):
    bare = ask(Kind.CONFIRM)
    assert audit.names(bare, QAccessible.Role.CheckBox) == ["What is it?"]
    assert not bare.label.isVisible()
    worded = ask(Kind.CONFIRM, options=(Option("", "I have read it"),))
    assert audit.names(worded, QAccessible.Role.CheckBox) == ["I have read it"]
    assert worded.label.isVisible()
    card = worded.findChild(CheckOption)
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Space)
    assert worded.heard == [True]


# ---------------------------------------------------------------- rows


def press(qtbot, table, words: str) -> None:
    button = next(
        each
        for each in table.findChildren(Button)
        if each.isVisible() and words in (each.said(), each.accessibleName())
    )
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()


def first_names(rows: list[dict[str, str]]) -> list[str]:
    return [row.get("name", "") for row in rows]


def test_a_row_is_added_and_filled_in_by_keyboard_alone(ask, qtbot):
    table = ask(Kind.REPEAT, row_word="data item")
    press(qtbot, table, "Add a data item")
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    qtbot.keyClicks(QApplication.focusWidget(), "UPRN")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "To match")
    assert table.value() == [{"name": "UPRN", "why": "To match"}]
    assert table.heard[-1] == table.value()
    press(qtbot, table, "Done")
    assert QApplication.focusWidget().accessibleName() == "Edit: Data item 1: UPRN"
    press(qtbot, table, "Add another data item")
    assert first_names(table.value()) == ["UPRN", ""]


def test_a_folded_row_says_what_is_in_it(ask):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS)
    said = audit.names(table, QAccessible.Role.StaticText)
    assert "Row 1: UPRN" in said
    assert "Why: To match\nKind: Second\nIs it personal? Yes\nFrom: 2 March 2026\nRows: 1200" in said
    assert "Row 3: Floor area" in said


def test_an_empty_row_says_that_nothing_is_filled_in(ask):
    table = ask(Kind.REPEAT)
    table.set_value([{}])
    assert "Nothing filled in yet" in audit.names(table, QAccessible.Role.StaticText)


NEEDED = tuple(Column(name, label, required=name != "note") for name, label in (
    ("name", "Field"), ("meaning", "What it means"), ("why", "Why you need it"), ("level", "Level"), ("less", "Less?"), ("note", "Note"),
))  # fmt: skip


def lines_of(table, row: int) -> list[str]:
    return table._rows[row]._summary.said().splitlines()


def test_a_folded_row_names_what_it_still_lacks(ask):
    table = ask(Kind.REPEAT, columns=NEEDED)
    whole = {"name": "UPRN", "meaning": "A number", "why": "To match", "level": "Code", "less": "No"}
    table.set_value([{"name": "UPRN"}, whole | {"why": " "}, whole, {}])
    assert lines_of(table, 0) == ["Still to fill in: “What it means”, “Why you need it”, “Level”, 1 more"]
    assert lines_of(table, 1)[-1] == "Still to fill in: “Why you need it”"
    assert not any("Still" in line for line in lines_of(table, 2))
    assert lines_of(table, 3) == ["Nothing filled in yet"]


def test_the_keyboard_goes_to_what_the_first_unfinished_row_lacks(ask):
    table = ask(Kind.REPEAT, columns=NEEDED)
    whole = {"name": "UPRN", "meaning": "A number", "why": "To match", "level": "Code", "less": "No"}
    table.set_value([whole, {"name": "Band", "meaning": "A to I"}])
    table.take_focus()
    assert QApplication.focusWidget() is table.cell(1, "why").fields()[0]
    table.set_value([whole, whole])
    table.take_focus()
    assert QApplication.focusWidget() is table._rows[0]._edit
    table.set_value([])
    table.take_focus()
    assert QApplication.focusWidget() is table._add


def test_whoever_is_done_with_a_row_goes_on_to_the_next_that_lacks_something(ask, qtbot):
    table = ask(Kind.REPEAT, columns=NEEDED, row_word="data item")
    whole = {"name": "UPRN", "meaning": "A number", "why": "To match", "level": "Code", "less": "No"}
    table.set_value([{"name": "Band"}, whole, {"name": "Age", "meaning": "In years"}])
    table.take_focus()
    for answer in ("A to I", "To choose", "Code", "No"):
        qtbot.keyClicks(QApplication.focusWidget(), answer)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)  # the note, which may stay empty
    assert QApplication.focusWidget().accessibleName() == "Done with data item 1. Next: Data item 3: Age"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert QApplication.focusWidget() is table.cell(2, "why").fields()[0]
    assert table._rows[0]._form is None
    assert table._rows[2]._next is None  # it is the last


def test_where_no_row_lacks_anything_by_now_the_keyboard_stays_on_the_one_that_is_done(ask, qtbot):
    table = ask(Kind.REPEAT, columns=NEEDED)
    table.set_value([{"name": "Band"}, {"name": "Age"}])
    table.take_focus()
    table._rows[1].removed.emit()
    table._rows[0]._next.click()
    assert QApplication.focusWidget() is table._rows[0]._edit


def test_a_row_is_edited_in_place_with_every_kind_of_column(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS)
    press(qtbot, table, "Edit: Row 2: Postcode")
    fields = {field.accessibleName(): field for field in table.findChildren(QLineEdit)}
    type_into(qtbot, fields["Rows"], "12")
    for part, text in (("Day", "2"), ("Month", "3"), ("Year", "2026")):
        type_into(qtbot, fields[f"From: {part}"], text)
    kind, personal = table.findChildren(DropDown)
    kind.setFocus()
    qtbot.keyClick(kind, Qt.Key.Key_Down)
    personal.setFocus()
    qtbot.keyClick(personal, Qt.Key.Key_Down)
    press(qtbot, table, "Done")
    wanted = {"name": "Postcode", "why": "", "kind": "a", "personal": "yes", "from": "2026-03-02", "rows": "12"}
    assert table.value()[1] == wanted
    assert table.value()[::2] == ROWS[::2]


def test_a_row_with_a_half_typed_date_does_not_fold_until_it_is_mended(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS)
    table.edit(1)
    fields = {field.accessibleName(): field for field in table.findChildren(QLineEdit)}
    type_into(qtbot, fields["From: Day"], "2")
    press(qtbot, table, "Done")
    assert "Enter a day, a month and a year" in audit.names(table, QAccessible.Role.StaticText)
    assert table.findChild(DateField) is not None
    fields["From: Day"].clear()
    press(qtbot, table, "Done")
    assert table.findChild(DateField) is None


def test_rows_move_by_their_buttons_and_the_keyboard_stays_on_them(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS)
    press(qtbot, table, "Move down: Row 1: UPRN")
    assert first_names(table.value()) == ["Postcode", "UPRN", "Floor area"]
    assert QApplication.focusWidget().accessibleName() == "Move down: Row 2: UPRN"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert first_names(table.value()) == ["Postcode", "Floor area", "UPRN"]
    assert QApplication.focusWidget().accessibleName() == "Move up: Row 3: UPRN"
    assert table.heard[-1] == table.value()


def test_rows_move_by_alt_and_arrows_and_stop_at_the_ends(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS)
    table.edit(2)
    field = QApplication.focusWidget()
    for _ in range(4):
        qtbot.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert first_names(table.value()) == ["Floor area", "UPRN", "Postcode"]
    for _ in range(9):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert first_names(table.value()) == ["UPRN", "Postcode", "Floor area"]


def test_the_tab_key_goes_through_moved_rows_in_their_new_order(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS)
    press(qtbot, table, "Move down: Row 1: UPRN")
    table.window().setFocus()
    edits = [
        each.accessibleName() for each in audit.tab_stops(table.window()) if each.accessibleName().startswith("Edit")
    ]
    order = [edits.index(f"Edit: Row {n}: {name}") for n, name in ((1, "Postcode"), (2, "UPRN"), (3, "Floor area"))]
    start = order[0]
    assert [(place - start) % 3 for place in order] == [0, 1, 2]


def test_a_removed_row_can_be_put_back(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS)
    press(qtbot, table, "Remove: Row 2: Postcode")
    assert first_names(table.value()) == ["UPRN", "Floor area"]
    assert QApplication.focusWidget().accessibleName() == "Edit: Row 2: Floor area"
    press(qtbot, table, "Put back row 2")
    assert table.value() == ROWS
    assert table.heard[-1] == ROWS


def test_removing_the_last_row_leaves_the_keyboard_on_add(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value(ROWS[:1])
    press(qtbot, table, "Remove: Row 1: UPRN")
    assert table.value() == []
    assert QApplication.focusWidget().said() == "Add a row"


def test_parts_of_a_row_that_no_column_shows_are_kept(ask, qtbot):
    table = ask(Kind.REPEAT)
    table.set_value([{"name": "UPRN", "older": "kept"}])
    table.edit(0)
    qtbot.keyClicks(QApplication.focusWidget(), "!")
    assert table.value() == [{"name": "UPRN!", "older": "kept"}]


def test_a_column_that_cannot_be_in_a_row_is_refused(qapp):
    with pytest.raises(ValueError, match="checks"):
        build(QuestionSpec("q", Kind.REPEAT, "What?", columns=(Column("a", "A", Kind.CHECKS),)))


def test_rows_that_are_given_stand_as_fields_and_report_what_is_written(ask):
    question = ask(Kind.REPEAT, columns=STEP_COLUMNS, set_rows=STEPS[:2])
    areas = question.findChildren(QPlainTextEdit)
    assert len(areas) == 2
    assert question.findChildren(Button) == []
    areas[1].insertPlainText("Too slow")
    assert question.heard == [[{"step": "check", "why": "Too slow"}]]
    assert question.fields() == [areas[0]]
    assert question.cell(0, "why").area is areas[1]
    assert QAccessible.queryAccessibleInterface(areas[0]).text(NAME) == "What is it? Only a result"


def test_a_row_that_is_not_asked_for_is_kept_out_of_sight(ask):
    question = ask(Kind.REPEAT, columns=STEP_COLUMNS, set_rows=STEPS[:1])
    rows = [{"step": "result", "why": "a"}, {"step": "codes", "why": "b"}]
    question.set_value(rows)
    assert question.value() == rows
    assert question.cell(1, "why") is None
    (area,) = question.findChildren(QPlainTextEdit)
    area.clear()
    assert question.heard == [rows[1:]]
