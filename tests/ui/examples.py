"""One of each widget, with words in it, for the tests and the gallery."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from dsadesk.ui.vocabulary import Card as CardWords
from dsadesk.ui.vocabulary import (
    Column,
    Kind,
    NavEntry,
    Option,
    QuestionSpec,
    Section,
    SectionState,
    Segment,
    StatusItem,
    TimelineEntry,
    Tone,
)
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.card_list import CardListModel, CardListView
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.nav_rail import NavRail
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.section_list import SectionList
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.status_strip import StatusStrip
from dsadesk.ui.widgets.text import Text
from dsadesk.ui.widgets.timeline import Timeline

CARDS = (
    CardWords(
        "Winter heating grants: home energy ratings",
        "To Housing Evidence Office",
        "Draft",
        Tone.NEUTRAL,
        "Edited 2 minutes ago",
    ),
    CardWords(
        "School transport and walking routes", "To County Mapping Service", "Changes needed", Tone.WARN, "Yesterday"
    ),
    CardWords("Carer discounts", "To Benefits Service", "Waiting to send", Tone.INFO, "Yesterday"),
    CardWords(
        "Flood warnings for people who cannot leave home without help",
        "To River and Coast Agency, Planning and Response",
        "Sent",
        Tone.PURPLE,
        "18 November 2026",
    ),
    CardWords("Blue light response times", "To Ambulance Trust", "Agreed", Tone.GOOD, "12 November 2026"),
    CardWords("Council tax arrears", "To Revenue Service", "Not delivered", Tone.BAD, "3 November 2026"),
)
SECTIONS = (
    Section("about", "About this request", SectionState.DONE),
    Section("purpose", "Purpose and benefits", SectionState.DONE),
    Section("law", "Legal basis", SectionState.PART),
    Section("items", "Data items", SectionState.PART),
    Section("people", "People in the data", SectionState.TODO),
    Section("security", "Security and transfer", SectionState.TODO),
    Section("check", "Check and seal", SectionState.LOCKED),
)
PAGES = (
    NavEntry("requests", "Requests", "file-text"),
    NavEntry("inbox", "Inbox", "inbox"),
    NavEntry("agreements", "Agreements", "handshake"),
    NavEntry("catalogue", "Catalogue", "database"),
    NavEntry("partners", "Partners", "users"),
)
FOOT = (NavEntry("help", "Help", "circle-help"), NavEntry("settings", "Settings", "settings"))
POWERS = (
    Option("s35", "Digital Economy Act 2017, section 35", "Better services for people or households"),
    Option("s48", "Digital Economy Act 2017, section 48", "Debt owed to the public sector"),
    Option("other", "Another power", "You will be asked to name it"),
)
QUESTIONS = (
    (QuestionSpec("power", Kind.CHOICE, "Which legal power will you use?", options=POWERS), "s35", ""),
    (
        QuestionSpec(
            "how",
            Kind.LONG,
            "How does sharing meet that power?",
            "Two or three short sentences are enough.",
            max_words=120,
        ),
        "We will find homes that cost most to heat and give the people in them money off their bills.",
        "",
    ),
    (
        QuestionSpec("title", Kind.SHORT, "What is the request called?", "Say it as you would to a colleague."),
        "",
        "Give the request a name",
    ),
    (
        QuestionSpec(
            "kinds",
            Kind.CHECKS,
            "What kinds of data are in it?",
            options=(
                Option("personal", "Personal data"),
                Option("special", "Special category data", "Health, ethnicity, beliefs and the like"),
            ),
        ),
        ["personal"],
        "",
    ),
    (QuestionSpec("leaves", Kind.YESNO, "Will the data leave the United Kingdom?"), False, ""),
    (QuestionSpec("from", Kind.DATE, "When do you need the data from?", "For example, 27 3 2027"), "2027-03-27", ""),
    (QuestionSpec("people", Kind.NUMBER, "About how many people is it about?", required=False), 1200, ""),
    (QuestionSpec("ok", Kind.CONFIRM, "Our data protection officer has seen this request"), True, ""),
    (
        QuestionSpec(
            "items",
            Kind.REPEAT,
            "Which data items do you need?",
            "Ask for nothing that you cannot give a reason for.",
            columns=(
                Column("name", "Name of the item"),
                Column("why", "Why it is needed", Kind.LONG),
                Column("personal", "Is it personal data?", Kind.YESNO),
            ),
            row_word="data item",
        ),
        [
            {"name": "UPRN", "why": "Links the home to its energy rating", "personal": "yes"},
            {"name": "Floor area", "why": "Makes the estimate of heating cost better", "personal": "no"},
        ],
        "",
    ),
)


SEGMENTS = (Segment("all", "All"), Segment("drafts", "Drafts"), Segment("sent", "Sent"), Segment("agreed", "Agreed"))
FACTS = (
    ("Reference", "DSR-2026-0147"),
    ("Asked of", "Housing Evidence Office"),
    ("Legal power", "Digital Economy Act 2017, section 35, for the fuel poverty objective"),
)
EVENTS = (
    TimelineEntry("22 November 2026, 9:41am", "Priya Shah", "Request sealed and kept for sending", Tone.INFO),
    TimelineEntry("23 November 2026, 8:02am", "Housing Evidence Office", "Bundle received and opened", Tone.PURPLE),
    TimelineEntry(
        "24 November 2026",
        "Gwen Ŵyn-Jones",
        "A question: why is the postcode needed?",
        Tone.WARN,
        "The property reference already says where the home is.",
    ),
    TimelineEntry("2 December 2026", "Gwen Ŵyn-Jones", "Agreed in principle", Tone.GOOD),
    TimelineEntry("3 December 2026", "This computer", "Draft agreement made"),
)
STATUS_LEFT = (
    StatusItem("Working offline. Last sync 8:58am", "cloud-off", Tone.WARN),
    StatusItem("1 sealed request waiting to send", "send"),
    StatusItem("Sync now", action="sync"),
)
STATUS_RIGHT = (StatusItem("Locks in 14 minutes", "shield-check", Tone.GOOD), StatusItem("Priya Shah"))


def facts_card() -> Card:
    """Return a card of facts."""
    card = Card("The request", icon_name="file-text")
    card.add(KeyValueTable("The request", FACTS))
    return card


def nothing_here() -> EmptyState:
    """Return an empty page with two ways on."""
    ways = (Button("Open a bundle", "brand", icon_name="folder-open"), Button("How it works"))
    sentence = "Requests that other organisations send you will wait here until you open them."
    return EmptyState("inbox", "Nothing here yet", sentence, ways)


def status_strip() -> StatusStrip:
    """Return a status strip with facts on both sides."""
    strip = StatusStrip("Status")
    strip.show_items(STATUS_LEFT, STATUS_RIGHT)
    return strip


def card_list() -> CardListView:
    """Return a list of cards, the first of them chosen."""
    cards = CardListView("Requests")
    cards.setModel(CardListModel(CARDS, cards))
    cards.setCurrentIndex(cards.model().index(0, 0))
    return cards


def section_list() -> SectionList:
    """Return a list of sections, the third of them chosen."""
    sections = SectionList("Sections")
    sections.show_sections(SECTIONS)
    sections.select("law")
    return sections


def nav_rail() -> NavRail:
    """Return a rail with a badge on it."""
    rail = NavRail(PAGES, FOOT)
    rail.set_badge("inbox", 3, "3 need you")
    return rail


def dialog() -> Dialog:
    """Return a dialog with a dangerous action."""
    sentence = "It has 12 answers and one sample. Nobody else has seen it, and it cannot be brought back."
    made = Dialog("Remove this draft?", sentence, safe="Keep the draft")
    made.add_action("remove", "Remove the draft", look="danger")
    return made


def form_row() -> FormRow:
    """Return a form row with a problem."""
    row = FormRow("Reference", "Six letters and digits.")
    row.set_field(SearchField("Reference"))
    row.show_problem("Enter a reference, like AB12CD")
    return row


def question(place: int) -> QWidget:
    """Return one of the questions with its answer and problem."""
    spec, value, problem = QUESTIONS[place]
    made = build(spec)
    made.set_value(value)
    made.show_problem(problem)
    return made


def open_row() -> QWidget:
    """Return the repeated question with its second row open."""
    table = question(len(QUESTIONS) - 1)
    table.edit(1)
    return table


EXAMPLES: dict[str, Callable[[], QWidget]] = {
    "text": lambda: Text(
        "We will find homes that cost most to heat and give the people in them money off.", "display", heading=True
    ),
    "pill": lambda: Pill("Changes needed", Tone.WARN),
    "button": lambda: Button("Seal and keep for sending", "primary", icon_name="lock"),
    "icon button": lambda: Button("Copy the reference", "icon", icon_name="copy"),
    "link": lambda: Button("Read the guidance", "link"),
    "banner": lambda: Banner(
        "3 requests are ready to send. The oldest has waited 2 days.", Tone.INFO, action="Send now"
    ),
    "banner with details": lambda: Banner(
        "This drive is not the one you sealed for.",
        Tone.WARN,
        details="Put in the drive called Casework and try again.",
    ),
    "card of facts": facts_card,
    "empty state": nothing_here,
    "status strip": status_strip,
    "search field": lambda: SearchField("Search requests"),
    "segmented filter": lambda: SegmentedFilter("Show", SEGMENTS),
    "timeline": lambda: Timeline("History", EVENTS),
    "card list": card_list,
    "section list": section_list,
    "nav rail": nav_rail,
    "dialog": dialog,
    "form row": form_row,
    "open row": open_row,
    **{
        f"question of {spec.kind}": (lambda place=place: question(place))
        for place, (spec, _, _) in enumerate(QUESTIONS)
    },
}
