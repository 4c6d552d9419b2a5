"""The sections on the journey, the security, the keeping and the results."""

from __future__ import annotations

from dsadesk.documents.agreement_writer import Writer, columns
from dsadesk.documents.building import journey, table


def movement(w: Writer) -> None:
    """How the data travels and where it is used."""
    w.head("Where the data goes and where it is used")
    if "in-place" in w.traits:
        w.say("No copy of the records leaves the supplier.")
    moves = "moves" in w.traits
    w.topics(
        (
            ("How it is sent", "setting.method"),
            ("Format", "setting.format"),
            ("Days", "setting.schedule"),
            ("From whom to whom", "setting.handover"),
            ("Proof of arrival", "setting.receipt"),
            ("Where the work is done", "setting.where"),
            ("Where it is kept", "setting.place"),
            ("Away from the office", "setting.remote"),
        ),
        needed=("setting.method", "setting.place") if moves else (),
    )
    if w.reading.value("setting.fingerprints"):
        w.say("The requester checks the supplier's key fingerprint with a person there.")
    elif w.reading.is_open("setting.fingerprints"):
        w.said("setting.fingerprints")
    flow = w.reading.rows("setting.flow")
    if flow:
        cells = columns(flow, "from", "to", "what", "how")
        numbered_cells = [[str(place), *row] for place, row in enumerate(cells, 1)]
        w.blocks += journey("The journey of the data, drawn", cells)
        w.blocks += table("The journey of the data", ("Step", "From", "To", "What moves", "How"), numbered_cells)
    elif w.reading.is_open("setting.flow"):
        w.said("setting.flow")
    w.topics((("Data goes back", "setting.back"), ("What, why and by what power", "setting.back_what")))
    w.close("movement")


def security(w: Writer) -> None:
    """How the data is protected."""
    w.head("Security")
    w.say(f"The data is handled as {w.state.submission.marking.value}.")
    w.topics(
        (
            ("Assurance", "setting.assurance"),
            ("Access", "setting.accounts"),
            ("Devices", "setting.devices"),
            ("Removable media", "setting.removable"),
            ("How they are protected", "setting.removable_how"),
            ("Logs", "setting.logs"),
            ("Backups", "setting.backups"),
        ),
        needed=("setting.assurance",) if "personal" in w.traits else (),
    )
    processors = w.reading.rows("setting.processors")
    if processors:
        cells = columns(processors, "name", "task", "contract", "country")
        heads = ("Company", "What it does", "Contract", "Country")
        w.blocks += table("Companies that handle the data", heads, cells)
    w.close("security")


def keeping(w: Writer) -> None:
    """How long the data is kept and what happens then."""
    w.head("Keeping and deleting")
    until = w.said("keeping.until", needed="moves" in w.traits)
    if until:
        w.say(f"The requester keeps the data until {until}.")
    w.topics(
        (
            ("Why until then", "keeping.reason"),
            ("Schedule", "keeping.schedule"),
            ("Where it is kept", "keeping.where"),
            ("At the end", "keeping.end"),
            ("Proof", "keeping.evidence"),
            ("Copies and backups", "keeping.copies"),
        ),
        needed=("keeping.end",) if "moves" in w.traits else (),
    )
    w.close("keeping")


def outputs(w: Writer) -> None:
    """What comes out of the work, and whether the data is passed on."""
    w.head("Results, and passing data on")
    w.answer("What comes out of the work", "outputs.audience", needed=True)
    smallest = w.said("outputs.small_cells")
    if smallest:
        w.say(f"No number smaller than {smallest} is shown.")
    w.topics(
        (
            ("Who checks results", "outputs.checker"),
            ("What is published", "outputs.publish"),
            ("Possible misuse", "outputs.misuse"),
        )
    )
    onward = w.reading.value("outputs.onward")
    w.head("Passing the data on", 2)
    if onward:
        w.say("The requester passes the data itself on to others.")
        w.say(w.said("outputs.onward_to"))
    elif onward is False:
        w.say("The requester does not pass the data itself on to anyone.")
    else:
        w.said("outputs.onward", needed=True)
    w.close("outputs")
