"""The sections on the data and on the people in it."""

from __future__ import annotations

from collections.abc import Sequence

from dsadesk.documents.agreement_writer import Writer, columns, row_text
from dsadesk.documents.building import facts, table
from dsadesk.documents.reading import Row
from dsadesk.documents.wording import clean

_LESS = "Less would do"
_STEPS = {
    "result": "The result alone would not do",
    "in_place": "Using it where it is would not do",
    "check": "A yes or no would not do",
    "aggregate": "Counts or totals would not do",
    "anonymised": "Anonymised records would not do",
    "pseudonymised": "Codes in place of names would not do",
}


def data(w: Writer) -> None:
    """The items and their reasons, why nothing less would do, and joining."""
    w.head("The data")
    dataset = w.state.submission.dataset
    if dataset:
        w.blocks += facts(
            [
                ("Dataset", dataset.title),
                ("Published by", dataset.publisher),
                ("Identifier", dataset.identifier),
                ("Description", dataset.description),
                ("Licence", dataset.licence),
                ("Access rights", dataset.access_rights),
                ("Updated", dataset.update_frequency),
            ]
        )
    items = w.reading.rows("data.items")
    if items:
        one = len(items) == 1
        count = "the one item that is" if one else f"the {len(items):,} items that are"
        w.say(f"The table shows {count} shared, with the reason for {'it' if one else 'each'}.")
        _items(w, items)
    else:
        w.said("data.items", needed=True)
    w.topics(
        (
            ("Who or what is in it", "data.population"),
            ("Period", "data.period"),
            ("Places", "data.place"),
            ("Nations", "about.nations"),
            ("How much", "data.volume"),
            ("Repeats", "data.refresh"),
            ("Quality", "data.quality"),
        ),
        needed=("data.period",),
    )
    _least(w)
    _linking(w)
    w.close("data")


def _items(w: Writer, items: Sequence[Row]) -> None:
    raw = w.reading.raw_rows("data.items")
    cells = columns(items, "name", "meaning", "why", "personal", lambda row: row_text("\n", row, "level"))
    for row, cell, given in zip(items, cells, raw, strict=True):
        if given.get("less", "no") not in {"", "no"}:
            cell[4] = "\n".join(part for part in (cell[4], f"{_LESS}: {row.get('less', '')}") if part)
    heads = ("Item", "What it means", "Why it is needed", "About people", "In what form")
    w.blocks += table("Data items and why each is needed", heads, cells)
    if any(_LESS in cell[4] for cell in cells):
        w.say(f"“{_LESS}” means that the requester could also work with the item in that form.")
    technical = columns(items, "name", "dataset", "source", "format", "codes", "users")
    if any(any(row[1:]) for row in technical):
        heads_too = ("Item", "Dataset", "Source system", "Format", "Code list", "Who may see it")
        w.blocks += table("Where each item comes from and who may see it", heads_too, technical)


def _least(w: Writer) -> None:
    given = {row.get("step", ""): clean(row.get("why", "")) for row in w.reading.raw_rows("least.steps")}
    said = [(label, given.get(step, "")) for step, label in _STEPS.items()]
    gap = given.get("published", "")
    published = ". ".join(part for part in (w.said("least.published").rstrip("." if gap else ""), gap) if part)
    if w.reading.is_open("least.steps"):
        w.said("least.steps")
    if published or any(text for _, text in said):
        w.head("Why nothing less would do", 2)
        w.blocks += facts([("What is available already", published), *said])


def _linking(w: Writer) -> None:
    linked = w.reading.value("linking.any")
    if linked:
        w.head("Joining with other data", 2)
        w.topics(
            (
                ("Joined with", "linking.with"),
                ("By whom", "linking.who"),
                ("How", "linking.method"),
                ("Could it reveal people", "linking.reidentify"),
                ("Errors", "linking.errors"),
                ("Keys destroyed", "linking.keys"),
            )
        )
        sets = w.reading.rows("linking.sets")
        if sets:
            heads = ("Dataset", "Who holds it", "Joined by", "What becomes of those fields", "Share that should match")
            cells = columns(sets, "set", "holder", "fields", "after", "rate")
            w.blocks += table("What is joined, and by what", heads, cells)
    elif linked is False:
        w.say("The data is not joined with other data.")
    elif w.reading.is_open("linking.any"):
        w.said("linking.any")


def people(w: Writer) -> None:
    """Whom the data is about, how they are told, and how they can object."""
    w.head("The people in the data")
    if "personal" not in w.traits:
        w.say(
            "The request says that the data holds nothing about living people. If that is right, there is nobody to tell."
        )
    w.topics(
        (
            ("Who they are", "people.who"),
            ("About how many", "people.how_many"),
            ("Who needs more care", "people.vulnerable"),
            ("Would they expect it", "people.expect"),
            ("How they are told", "people.told"),
            ("When, in what words", "people.told_detail"),
            ("Opting out", "people.opt_out"),
            ("How it is done", "people.opt_out_how"),
            ("Who was asked", "people.consulted"),
            ("What they said", "people.consulted_detail"),
            ("Who may come off worse", "people.unequal"),
            ("Contact with people", "people.contact"),
            ("How they are contacted", "people.contact_how"),
            ("Rights and complaints", "protection.rights"),
        )
    )
    w.close("people")
