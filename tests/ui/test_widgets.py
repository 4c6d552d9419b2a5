from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import TABLES, Theme
from dsadesk.ui.vocabulary import Card as CardWords
from dsadesk.ui.vocabulary import (
    NavEntry,
    Option,
    Section,
    SectionState,
    Segment,
    StatusItem,
    TimelineEntry,
    Tone,
)
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.card_list import CardListModel, CardListView
from dsadesk.ui.widgets.controls import CheckOption, DropDown, RadioOption
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.focus_ring import FocusRing
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.lines import broken
from dsadesk.ui.widgets.nav_rail import NavRail
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.section_list import SectionList
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.status_strip import StatusStrip
from dsadesk.ui.widgets.text import Text, plain, tooltip
from dsadesk.ui.widgets.timeline import Timeline
from tests.ui import audit, examples

HOSTILE = "<img src=x><b>bold</b> & more"
NAME = QAccessible.Text.Name
SIZES = [100, 150, 200]


@pytest.fixture
def show(qtbot):
    """Puts a widget on a scrolling page of the width of a form and shows it."""

    pages = []

    def put(widget: QWidget, width: int = 700) -> ScrollColumn:
        page = ScrollColumn()
        pages.append(page)
        qtbot.addWidget(page)
        page.add(widget)
        page.resize(width, 900)
        page.show()
        page.activateWindow()
        QApplication.processEvents()
        QApplication.processEvents()
        return page

    return put


# ---------------------------------------------------------------- every widget


@pytest.mark.parametrize("scale", SIZES)
@pytest.mark.parametrize("name", list(examples.EXAMPLES))
def test_no_words_are_clipped(wear, show, name, scale):
    wear(Theme.LIGHT, scale)
    page = show(examples.EXAMPLES[name](), 700 if scale == 100 else 900)
    assert audit.clipped(page) == []


@pytest.mark.parametrize("name", list(examples.EXAMPLES))
def test_words_still_fit_when_the_text_grows_under_a_widget_that_is_shown(wear, show, name):
    page = show(examples.EXAMPLES[name](), 900)
    wear(Theme.CONTRAST, 200)
    QApplication.processEvents()
    QApplication.processEvents()
    assert audit.clipped(page) == []


@pytest.mark.parametrize("name", list(examples.EXAMPLES))
def test_everything_that_can_be_used_has_a_name(show, name):
    assert audit.unnamed(show(examples.EXAMPLES[name]())) == []


@pytest.mark.parametrize("scale", SIZES)
@pytest.mark.parametrize("name", list(examples.EXAMPLES))
def test_everything_that_can_be_pressed_is_large_enough(wear, show, name, scale):
    wear(Theme.LIGHT, scale)
    assert audit.small_targets(show(examples.EXAMPLES[name]())) == []


@pytest.mark.parametrize("name", list(examples.EXAMPLES))
def test_no_label_reads_markup(show, name):
    assert audit.rich(show(examples.EXAMPLES[name]())) == []


@pytest.mark.parametrize("look", list(TABLES))
@pytest.mark.parametrize("name", list(examples.EXAMPLES))
def test_every_widget_is_painted_in_every_theme(wear, show, name, look):
    wear(look)
    picture = show(examples.EXAMPLES[name]()).grab().toImage()
    ground = picture.pixel(2, 2)
    assert any(
        picture.pixel(x, y) != ground for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)
    )


def hostile_widgets() -> dict[str, QWidget]:
    cards = CardListView(HOSTILE)
    cards.setModel(CardListModel([CardWords(HOSTILE, HOSTILE, HOSTILE, Tone.INFO, HOSTILE)], cards))
    sections = SectionList("Sections")
    sections.show_sections([Section("a", HOSTILE)])
    strip = StatusStrip("Status")
    strip.show_items([StatusItem(HOSTILE, "info"), StatusItem(HOSTILE, action="go")])
    row = FormRow(HOSTILE, HOSTILE)
    row.set_field(QLineEdit())
    row.show_problem(HOSTILE)
    dialog = Dialog(HOSTILE, HOSTILE, safe=HOSTILE)
    dialog.add_action("go", HOSTILE)
    return {
        "text": Text(HOSTILE),
        "heading": Text(HOSTILE, heading=True),
        "pill": Pill(HOSTILE),
        "button": Button(HOSTILE),
        "icon button": Button(HOSTILE, "icon", icon_name="x"),
        "banner": Banner(HOSTILE, details=HOSTILE, action=HOSTILE),
        "card": Card(HOSTILE),
        "facts": KeyValueTable("Facts", [(HOSTILE, HOSTILE)]),
        "empty": EmptyState("inbox", HOSTILE, HOSTILE),
        "timeline": Timeline("History", [TimelineEntry(HOSTILE, HOSTILE, HOSTILE, details=HOSTILE)]),
        "rail": NavRail([NavEntry("a", HOSTILE, "inbox", HOSTILE)]),
        "filter": SegmentedFilter("Show", [Segment("a", HOSTILE)]),
        "search": SearchField(HOSTILE),
        "radio": RadioOption(Option("a", HOSTILE, HOSTILE)),
        "check": CheckOption(Option("a", HOSTILE, HOSTILE)),
        "drop-down": DropDown(HOSTILE, (Option("a", HOSTILE),), empty=HOSTILE),
        "cards": cards,
        "sections": sections,
        "strip": strip,
        "row": row,
        "dialog": dialog,
    }


@pytest.mark.parametrize("name", ["text", "heading", "pill", "button", "icon button", "banner", "card", "facts", "empty",
    "timeline", "rail", "filter", "search", "radio", "check", "drop-down", "cards", "sections", "strip", "row", "dialog"])  # fmt: skip
def test_markup_in_words_is_shown_as_it_is(show, name):
    widget = hostile_widgets()[name]
    page = show(widget, 1400)
    assert audit.rich(page) == []
    assert any("<img src=x>" in node.text(NAME) for node in audit.nodes(widget))
    assert all("&lt;" not in node.text(NAME) for node in audit.nodes(widget))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\x00\x07\x1bb\x7f\x9fc", "abc"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a b"),
        ("\ufeffa\u200fb\u061cc", "abc"),
        ("a\ud800b", "ab"),
        ("a\U000e0041b", "ab"),
        ("Ŵyn-Jones, Sião, 'x' <b>&amp;", "Ŵyn-Jones, Sião, 'x' <b>&amp;"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(dirty, clean):
    assert plain(dirty) == clean
    assert plain(clean) == clean


def test_a_tooltip_is_always_escaped():
    assert tooltip("<b>&") == "<span>&lt;b&gt;&amp;</span>"
    assert tooltip("") == ""


def test_an_ampersand_stays_an_ampersand(qtbot):
    label, field = Text("Food & drink"), QLineEdit()
    label.setBuddy(field)
    button = Button("Food & drink")
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    for widget in (label, field, button):
        column.addWidget(widget)
    page.show()
    assert label.said() == "Food & drink"
    assert button.said() == "Food & drink"
    assert audit.names(page, QAccessible.Role.EditableText) == ["Food & drink"]
    assert audit.names(page, QAccessible.Role.Button) == ["Food & drink"]


def test_a_long_run_of_letters_breaks_where_it_must_and_is_copied_whole(show, qtbot):
    digest = "0123456789abcdef" * 4
    label = Text(digest)
    label.let_copy()
    page = show(label, 400)
    assert audit.clipped(page) == []
    assert label.height() >= 2 * label.fontMetrics().height()
    assert label.said() == digest
    assert audit.names(page, QAccessible.Role.StaticText) == [digest]
    label.setSelection(0, len(label.text()))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == digest
    label.setText("short")
    assert audit.names(page, QAccessible.Role.StaticText) == ["short"]


def test_headings_are_announced_as_headings_with_their_present_words(show):
    heading = Text("Before", "title", heading=True)
    page = show(heading)
    heading.setText("After")
    assert audit.names(page, QAccessible.Role.Heading) == ["After"]


def test_an_announcement_can_be_made(show):
    widget = Text("words")
    show(widget)
    announce(widget, "Saved")


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [("", 2, 1), ("short", 2, 1), ("word " * 12, 2, 2), ("word " * 80, 2, 2), ("w" * 300, 2, 2), ("word " * 80, 1, 1)],
)
def test_text_is_broken_into_at_most_so_many_lines(qapp, text, limit, lines):
    made = broken(text, theme.font(15), 220, limit)
    assert len(made) == lines
    flat = " ".join(text.split())
    assert made[-1].endswith("…") == (len("".join(made).replace(" ", "")) < len(flat.replace(" ", "")))


# ---------------------------------------------------------------- single widgets


def test_the_rail_is_a_list_of_page_tabs_with_one_chosen(show):
    rail = examples.nav_rail()
    show(rail)
    tabs = [node for node in audit.nodes(rail) if node.role() is QAccessible.Role.PageTab]
    assert [tab.text(NAME) for tab in tabs][:2] == ["Requests", "Inbox, 3 need you"]
    assert [bool(tab.state().selected) for tab in tabs] == [True] + [False] * 6
    assert QAccessible.queryAccessibleInterface(rail).role() is QAccessible.Role.PageTabList


def test_the_rail_is_walked_with_arrow_keys_and_chosen_with_enter_or_space(show, qtbot):
    rail = examples.nav_rail()
    show(rail)
    chosen = []
    rail.page_chosen.connect(chosen.append)
    first = rail.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    next(
        each for each in first if each.accessibleName() == "" and hasattr(each, "isChecked") and each.isChecked()
    ).setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert (rail.current(), chosen) == ("requests", [])
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert (rail.current(), chosen) == ("inbox", ["inbox"])
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert chosen == ["inbox", "settings"]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Home)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert chosen[-1] == "requests"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_End)
    assert QApplication.focusWidget().said() == "Settings"


def test_the_rail_is_one_stop_of_the_tab_key(show):
    rail, field = examples.nav_rail(), QLineEdit()
    page = show(rail)
    page.add(field)
    field.show()
    field.setFocus()
    stops = audit.tab_stops(page)
    assert len(stops) == 2
    assert field in stops


def test_the_rail_fits_a_low_screen_at_twice_the_text(wear, qtbot):
    wear(Theme.LIGHT, 200)
    rail = examples.nav_rail()
    qtbot.addWidget(rail)
    rail.resize(rail.width(), 680)
    rail.show()
    assert rail.height() == 680
    assert rail.minimumSizeHint().height() <= 680
    assert audit.small_targets(rail) == []
    assert not rail.grab().isNull()


def test_a_page_tab_can_be_pressed_by_assistive_technology(show):
    rail = examples.nav_rail()
    show(rail)
    chosen = []
    rail.page_chosen.connect(chosen.append)
    tab = next(node for node in audit.nodes(rail) if node.text(NAME) == "Partners")
    tab.doAction("Press")
    assert chosen == ["partners"]


def test_segments_are_radio_buttons_that_the_arrow_keys_choose(show, qtbot):
    segments = SegmentedFilter("Show", examples.SEGMENTS)
    show(segments)
    chosen = []
    segments.segment_chosen.connect(chosen.append)
    assert audit.names(segments, QAccessible.Role.RadioButton) == ["All", "Drafts", "Sent", "Agreed"]
    audit.tab_stops(segments.window())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert chosen == ["drafts"]
    segments.select("sent")
    assert (segments.current(), chosen) == ("sent", ["drafts"])


def test_segments_take_a_second_row_where_they_do_not_fit(wear, show):
    segments = SegmentedFilter("Show", examples.SEGMENTS)
    page = show(segments, 380)
    one_row = segments.height()
    wear(Theme.LIGHT, 200)
    segments.setMaximumWidth(300)
    QApplication.processEvents()
    QApplication.processEvents()
    assert segments.height() > 3 * one_row
    assert audit.clipped(page) == []


def test_the_search_reports_once_when_typing_pauses_and_escape_clears(show, qtbot):
    field = SearchField("Search requests")
    show(field)
    found = []
    field.searched.connect(found.append)
    with qtbot.waitSignal(field.searched):
        qtbot.keyClicks(field, "heating ")
    assert found == ["heating"]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert found == ["heating"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), found) == ("", ["heating", ""])


def test_the_search_can_be_cleared_with_its_button(show, qtbot):
    field = SearchField("Search requests")
    show(field)
    clear = field.findChild(Button)
    assert not clear.isVisible()
    field.setText("x")
    assert clear.isVisible()
    assert clear.accessibleName() == "Clear the search"
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert field.text() == ""


def test_cards_are_read_as_one_line_and_opened_with_enter_and_space(show, qtbot):
    cards = examples.card_list()
    cards.setMinimumHeight(400)
    page = show(cards)
    opened = []
    cards.activated.connect(lambda index: opened.append(index.row()))
    spoken = audit.names(page, QAccessible.Role.ListItem)
    assert spoken[0] == (
        "Winter heating grants: home energy ratings. To Housing Evidence Office. Draft. Edited 2 minutes ago"
    )
    cards.setFocus()
    qtbot.keyClick(cards, Qt.Key.Key_Return)
    qtbot.keyClick(cards, Qt.Key.Key_Down)
    qtbot.keyClick(cards, Qt.Key.Key_Space)
    assert opened == [0, 1]


def test_a_card_is_as_high_as_its_title_needs_and_no_higher_than_two_lines(show):
    words = ("Short", "A longer title that needs a second line for its words", "word " * 60)
    cards = CardListView("Requests")
    cards.setModel(CardListModel([CardWords(each) for each in words], cards))
    cards.setFixedWidth(300)
    show(cards)
    heights = [cards.sizeHintForIndex(cards.model().index(row, 0)).height() for row in range(3)]
    assert heights[0] < heights[1] == heights[2]


def test_uniform_cards_all_have_one_height(show):
    cards = CardListView("Requests", uniform=True)
    cards.setModel(CardListModel(examples.CARDS, cards))
    show(cards)
    heights = {cards.sizeHintForIndex(cards.model().index(row, 0)).height() for row in range(len(examples.CARDS))}
    assert len(heights) == 1


def test_the_card_model_keeps_the_rules_of_item_models(qtmodeltester, qapp):
    model = CardListModel(examples.CARDS)
    qtmodeltester.check(model)
    model.set_cards(())
    qtmodeltester.check(model)
    assert model.rowCount() == 0
    assert model.data(QModelIndex()) is None


def test_sections_say_their_place_title_and_state(show):
    sections = examples.section_list()
    sections.setMinimumHeight(400)
    page = show(sections)
    spoken = audit.names(page, QAccessible.Role.ListItem)
    assert spoken[0] == "1 of 7, About this request, complete"
    assert spoken[2] == "3 of 7, Legal basis, started"
    assert spoken[4] == "5 of 7, People in the data, not started"
    assert spoken[6] == "7 of 7, Check and seal, cannot start yet"


def test_sections_are_chosen_with_the_keyboard_and_selected_without_a_signal(show, qtbot, qtmodeltester):
    sections = examples.section_list()
    show(sections)
    chosen = []
    sections.section_chosen.connect(chosen.append)
    sections.setFocus()
    qtbot.keyClick(sections, Qt.Key.Key_Down)
    assert chosen == ["items"]
    sections.select("about")
    assert (sections.current(), chosen) == ("about", ["items"])
    qtmodeltester.check(sections.model())


def test_a_section_whose_state_changes_stays_the_current_one(show):
    sections = examples.section_list()
    show(sections)
    chosen = []
    sections.section_chosen.connect(chosen.append)
    sections.show_sections([Section(each.id, each.title, SectionState.DONE) for each in examples.SECTIONS])
    assert (sections.current(), chosen) == ("law", [])
    sections.show_sections([Section("new", "New"), *examples.SECTIONS])
    assert (sections.current(), chosen) == ("law", [])
    sections.show_sections([Section("new", "New")])
    assert sections.current() == ""


def test_a_banner_is_an_alert_with_one_action(show, qtbot):
    banner = Banner("This drive is not the right one.", Tone.WARN, action="Try again")
    page = show(banner)
    pressed = []
    banner.action_chosen.connect(lambda: pressed.append(True))
    assert audit.names(page, QAccessible.Role.AlertMessage) == ["This drive is not the right one."]
    button = banner.findChild(Button)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]


def test_facts_are_read_with_their_keys_and_can_be_replaced(show):
    facts = KeyValueTable("Facts", examples.FACTS)
    page = show(facts)
    assert "Reference: DSR-2026-0147" in audit.names(page, QAccessible.Role.StaticText)
    facts.set_rows([("New", "words")])
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    assert [label.text() for label in facts.findChildren(QLabel)] == ["New", "words"]


def test_a_timeline_unfolds_its_details(show, qtbot):
    timeline = Timeline("History", examples.EVENTS)
    page = show(timeline)
    details = "The property reference already says where the home is."
    fold = timeline.findChild(Button)
    assert fold.accessibleName() == "Show details: A question: why is the postcode needed?"
    assert details not in audit.names(page, QAccessible.Role.StaticText)
    fold.setFocus()
    qtbot.keyClick(fold, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert details in audit.names(page, QAccessible.Role.StaticText)
    assert fold.said() == "Hide details"
    timeline.show_entries(examples.EVENTS)
    assert fold.said() == "Hide details"
    assert audit.clipped(page) == []


def test_a_timeline_reads_each_event_as_one_item(show):
    page = show(Timeline("History", examples.EVENTS))
    assert audit.names(page, QAccessible.Role.ListItem)[0] == (
        "Request sealed and kept for sending. Priya Shah. 22 November 2026, 9:41am"
    )


def test_the_status_strip_reports_its_action_and_shows_new_facts(show, qtbot):
    strip = examples.status_strip()
    page = show(strip)
    actions = []
    strip.action_chosen.connect(actions.append)
    button = strip.findChild(Button)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert actions == ["sync"]
    strip.show_items(examples.STATUS_LEFT, examples.STATUS_RIGHT)
    assert QApplication.focusWidget() is button
    strip.show_items([StatusItem("Everything is sent", "circle-check", Tone.GOOD)])
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    assert audit.names(page, QAccessible.Role.StaticText) == ["Everything is sent"]


def test_the_status_strip_takes_the_whole_width_where_its_two_sides_do_not_fit_in_one_line(qtbot):
    holder, strip = QWidget(), examples.status_strip()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    column.addStretch(1)
    column.addWidget(strip)
    left, right = strip._left, strip._right

    def at(width):
        holder.resize(width, 400)
        holder.show()
        for _ in range(4):
            QApplication.processEvents()

    at(1600)
    assert right.y() == left.y()
    line = left.height()
    at(left.sizeHint().width() + right.sizeHint().width() - 40)
    assert left.height() == line
    assert right.y() >= left.geometry().bottom()
    assert right.geometry().bottom() <= strip.height()
    at(1600)
    assert right.y() == left.y()


def test_a_problem_is_said_in_words_and_in_the_description_of_the_field(show):
    row, field = FormRow("Reference", "Six letters and digits."), QLineEdit()
    row.set_field(field)
    page = show(row)
    node = QAccessible.queryAccessibleInterface(field)
    assert (node.text(NAME), node.text(QAccessible.Text.Description)) == ("Reference", "Six letters and digits.")
    row.show_problem("Enter a reference")
    assert node.text(QAccessible.Text.Description) == "Enter a reference Six letters and digits."
    assert field.property("problem") is True
    assert "Enter a reference" in audit.names(page, QAccessible.Role.StaticText)
    row.show_problem("")
    assert field.property("problem") is False
    assert node.text(QAccessible.Text.Description) == "Six letters and digits."


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_an_open_list_shows_whole_words_in_rows_that_can_be_hit(qtbot):
    words = "Records about people, matched with ours by somebody whom both trust"
    drop = DropDown("Template", (Option("a", "Totals"), Option("b", words)), empty="Choose one")
    qtbot.addWidget(drop)
    drop.resize(120, 40)
    drop.show()
    drop.showPopup()
    view = drop.view()
    assert view.sizeHintForRow(0) >= theme.px(24)
    assert view.viewport().width() >= view.fontMetrics().horizontalAdvance(words)
    drop.hidePopup()


def test_a_drop_down_leaves_the_wheel_to_the_page_and_keeps_unknown_values(show):
    drop = DropDown("Kind", (Option("a", "A"), Option("b", "B")), empty="Choose one")
    show(drop)
    drop.choose("a")
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(drop, wheel)
    assert drop.value() == "a"
    drop.choose("from-an-older-version")
    assert drop.value() == "from-an-older-version"
    drop.choose("")
    assert drop.value() == ""


def test_a_glyph_refuses_an_unknown_icon(qapp):
    with pytest.raises(KeyError):
        Glyph("no-such-icon")
    with pytest.raises(KeyError):
        Button("Go", icon_name="no-such-icon")


def test_a_flow_goes_on_in_the_next_row_and_leaves_hidden_items_out(show):
    holder = QWidget()
    flow = Flow(holder, spacing=10, row_spacing=10)
    boxes = [QFrame() for _ in range(4)]
    for box in boxes:
        box.setFixedSize(100, 30)
        flow.addWidget(box)
    holder.resize(230, 200)
    holder.show()
    QApplication.processEvents()
    assert [box.pos().toTuple() for box in boxes] == [(0, 0), (110, 0), (0, 40), (110, 40)]
    assert flow.heightForWidth(230) == 70
    assert flow.heightForWidth(440) == 30
    boxes[0].hide()
    QApplication.processEvents()
    assert boxes[1].pos().toTuple() == (0, 0)
    assert flow.itemAt(9) is None
    assert flow.takeAt(9) is None
    assert flow.count() == 4
    holder.deleteLater()


def test_a_page_scrolls_to_what_must_be_seen(show):
    page = show(QWidget())
    page.column.addSpacing(3000)
    field = QLineEdit()
    page.column.addWidget(field)
    field.show()
    QApplication.processEvents()
    QApplication.processEvents()
    assert field.visibleRegion().isEmpty()
    page.reveal(field)
    assert not field.visibleRegion().isEmpty()


def test_a_page_can_be_emptied_and_filled_again(show):
    page = show(Text("one"))
    page.add(Text("two"))
    page.clear()
    page.add(Text("three"))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    assert audit.names(page, QAccessible.Role.StaticText) == ["three"]


# ---------------------------------------------------------------- dialogs


@pytest.fixture
def asked(qtbot):
    dialog = examples.dialog()
    qtbot.addWidget(dialog)
    dialog.open()
    QApplication.processEvents()
    answers: list[str] = []
    dialog.answered.connect(answers.append)
    return dialog, answers


def test_escape_is_the_safe_answer(asked, qtbot):
    dialog, answers = asked
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert answers == [Dialog.SAFE]
    assert dialog.answer() == Dialog.SAFE


def test_closing_the_window_is_the_safe_answer(asked):
    dialog, answers = asked
    dialog.close()
    assert answers == [Dialog.SAFE]


def test_enter_does_not_do_what_is_dangerous(asked, qtbot):
    dialog, answers = asked
    assert QApplication.focusWidget().said() == "Keep the draft"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert "remove" not in answers


def test_a_dangerous_button_answers_when_it_is_meant(asked, qtbot):
    dialog, answers = asked
    button = next(each for each in dialog.findChildren(Button) if each.said() == "Remove the draft")
    qtbot.waitUntil(button.is_ready)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert answers == ["remove"]


def test_a_harmless_action_is_the_default_and_a_field_can_come_first(qtbot):
    dialog, field = Dialog("Name it", "", safe="Cancel"), QLineEdit()
    qtbot.addWidget(dialog)
    field.setAccessibleName("Name")
    dialog.body.addWidget(field)
    dialog.add_action("ok", "Save the name")
    dialog.start_at(field)
    answers = []
    dialog.answered.connect(answers.append)
    dialog.open()
    QApplication.processEvents()
    assert QApplication.focusWidget() is field
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert answers == ["ok"]


def test_a_dialog_is_as_high_as_its_words_and_no_higher_than_the_screen(wear, qtbot):
    heights = []
    for words in ("Short.", "Longer words. " * 40, "Too many words. " * 900):
        dialog = Dialog("Title", words, safe="Close")
        qtbot.addWidget(dialog)
        dialog.open()
        QApplication.processEvents()
        assert audit.clipped(dialog) == []
        heights.append(dialog.height())
    assert heights[0] < heights[1] < heights[2] <= dialog.screen().availableGeometry().height()


# ---------------------------------------------------------------- the focus ring


@pytest.fixture
def ringed(show):
    """A scrolling page with a field and two buttons, and its ring."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    field = QLineEdit()
    field.setAccessibleName("Name")
    buttons = [Button("One"), Button("Two")]
    for widget in (field, *buttons):
        column.addWidget(widget)
    column.addSpacing(2000)
    page = show(holder)
    ring = FocusRing(page)
    return page, ring, field, buttons


def test_the_ring_is_round_what_the_tab_key_reaches(ringed, qtbot):
    page, ring, field, buttons = ringed
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert ring.target() is buttons[0]
    assert ring.geometry().contains(buttons[0].mapTo(page, buttons[0].rect().center()))


def test_the_ring_leaves_a_button_alone_that_the_mouse_presses_but_not_a_field(ringed, qtbot):
    _, ring, field, buttons = ringed
    buttons[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.setFocus()
    assert ring.target() is field
    qtbot.mousePress(buttons[0], Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(buttons[0], Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is buttons[0]
    assert ring.target() is None
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert ring.target() is field


def test_the_ring_follows_when_the_page_scrolls_and_hides_with_what_it_marks(ringed, qtbot):
    page, ring, field, _ = ringed
    field.setFocus()
    before = ring.geometry().top()
    page.verticalScrollBar().setValue(20)
    qtbot.waitUntil(lambda: ring.geometry().top() < before)
    page.verticalScrollBar().setValue(900)
    qtbot.waitUntil(lambda: ring.target() is None)


def test_the_ring_survives_the_deletion_of_what_it_marks(ringed, qtbot):
    page, ring, field, _ = ringed
    field.setFocus()
    page.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    assert ring.target() is None


def test_the_ring_leaves_a_heading_alone_that_the_page_chose_and_finds_one_that_the_tab_key_reaches(ringed, qtbot):
    page, ring, field, _ = ringed
    heading = Text("A heading", "title", heading=True, parent=page.widget())
    heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    heading.show()
    heading.setFocus(Qt.FocusReason.OtherFocusReason)
    assert heading.hasFocus()
    assert ring.target() is None
    field.setFocus()
    assert ring.target() is field
    heading.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.target() is heading


def test_the_ring_lets_the_mouse_through(ringed, qtbot):
    _, ring, field, _ = ringed
    field.setFocus()
    assert ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert ring.focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_is_pressed_by_enter_as_by_the_space_bar(qtbot, key):
    button = Button("Go on")
    qtbot.addWidget(button)
    pressed = []
    button.clicked.connect(lambda: pressed.append(key))
    button.show()
    qtbot.keyClick(button, key)
    assert len(pressed) == 1


@pytest.mark.parametrize("goes_elsewhere", [False, True])
def test_a_button_that_is_off_for_a_while_gets_the_keyboard_back_unless_it_was_taken_elsewhere(qtbot, goes_elsewhere):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    work, following, field = Button("Attach"), Button("Send and fetch"), QLineEdit()
    for each in (work, following, field):
        column.addWidget(each)
    page.show()
    page.activateWindow()
    qtbot.waitActive(page)
    work.setFocus()
    work.setEnabled(False)
    assert page.focusWidget() is following
    if goes_elsewhere:
        field.setFocus()
    work.setEnabled(True)
    assert page.focusWidget() is (field if goes_elsewhere else work)


def test_where_there_is_room_for_words_only_a_badge_covers_none_of_them(qtbot, wear):
    wear(Theme.LIGHT, 200)
    rail = NavRail([NavEntry(f"page{n}", "Requests", "inbox") for n in range(8)])
    qtbot.addWidget(rail)
    rail.set_badge("page1", 1, "1 needs you")
    rail.resize(rail.width(), 520)
    rail.show()
    QApplication.processEvents()
    button = rail._entries["page1"]
    said = QFontMetricsF(theme.font(theme.Size.CAPTION)).horizontalAdvance("Requests")
    image = button.grab().toImage()
    ground = image.pixelColor(8, 4)
    middle = button.height() // 2
    badge = [x for x in range(image.width()) if image.pixelColor(x, middle) == theme.colour("badge")]
    gap = range(min(badge) - 4, min(badge) - 1)
    assert all(image.pixelColor(x, y) == ground for x in gap for y in range(image.height()))
    words = [x for x in range(min(badge)) for y in range(image.height()) if image.pixelColor(x, y) != ground]
    assert max(words) - min(words) > 0.9 * said


def test_the_current_section_stays_in_sight_when_the_list_gets_lower(qtbot):
    sections = SectionList("Sections")
    qtbot.addWidget(sections)
    sections.show_sections([Section(str(n), f"Section {n}", SectionState.TODO) for n in range(14)])
    sections.resize(200, 900)
    sections.show()
    sections.select("13")
    sections.resize(200, 260)
    view = sections.viewport().rect()
    qtbot.waitUntil(lambda: view.contains(sections.visualRect(sections.currentIndex())))
