"""The section that says why the data is shared."""

from __future__ import annotations

from dsadesk.documents.agreement_writer import Writer, columns, row_lines, row_text
from dsadesk.documents.building import table


def purpose(w: Writer) -> None:
    """What the data is for and not for, what good it does, and a pilot if there is one."""
    w.head("Why the data is shared")
    w.answer("What the requester wants to do", "purpose.aim", needed=True)
    w.answer("How the data helps", "purpose.help", needed=True)
    w.answer("What the data is not used for", "purpose.not_for", needed=True)
    _decisions(w)
    w.head("Benefits", 2)
    benefits = w.reading.rows("benefits.table")
    if benefits:
        w.say("The parties expect these benefits and will look at whether they came about.")
        cells = columns(
            benefits,
            lambda row: row_text("\n", row, "who", "where"),
            lambda row: row_text("\n", row, "change", "size"),
            lambda row: row_lines(row, ("", "measure"), ("Today: ", "baseline"), ("Why expected: ", "evidence")),
            "by",
            "reporter",
        )
        heads = ("Who gains, and where", "What changes", "How it is measured", "By when", "Reported by")
        w.blocks += table("Benefits", heads, cells)
    else:
        w.said("benefits.table", needed=True)
    w.topics(
        (
            ("Gain for the supplier", "purpose.supplier_value"),
            ("Who might lose", "benefits.losses"),
            ("Duty or commitment", "purpose.duty"),
            ("If it comes late", "about.date_effect"),
        )
    )
    _pilot(w)
    w.close("purpose")


def _decisions(w: Writer) -> None:
    decides = w.reading.value("purpose.decisions")
    if decides is not None:
        w.head("Decisions about people", 2)
        w.say("The data is used in decisions about individual people." if decides else "Nothing is decided about any individual person with this data.")  # fmt: skip
        w.say(w.said("purpose.decisions_how"))
    elif w.reading.is_open("purpose.decisions"):
        w.said("purpose.decisions")


def _pilot(w: Writer) -> None:
    if w.reading.value("purpose.pilot"):
        w.head("Pilot", 2)
        w.say("The sharing begins with a pilot.")
        w.topics(
            (
                ("It covers", "purpose.pilot_scope"),
                ("It ends", "purpose.pilot_end"),
                ("It worked if", "purpose.pilot_test"),
            )
        )
    elif w.reading.value("purpose.pilot") is False:
        w.say("There is no pilot.")
