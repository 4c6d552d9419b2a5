"""The sections on risks and on running the agreement."""

from __future__ import annotations

from dsadesk.documents.agreement_writer import Writer, columns, row_lines, row_text
from dsadesk.documents.building import day_of, table
from dsadesk.documents.wording import clean


def risks(w: Writer) -> None:
    """The risks of sharing and of not sharing, who carries them and who accepts them."""
    w.head("Risks of sharing and of not sharing")
    rows = w.reading.rows("risks.table")
    kinds = [row.get("kind", "") for row in w.reading.raw_rows("risks.table")]
    if not rows:
        w.said("risks.table", needed=True)
    else:
        w.say("Someone carries each risk, and someone accepts it by name.")
    heads = (
        "What could happen",
        "To whom",
        "How likely and how bad",
        "What is done about it",
        "Who carries and accepts it",
        "What is left",
    )
    for kind, caption in (("sharing", "Risks of sharing"), ("not_sharing", "Risks of not sharing")):
        chosen = [row for row, given in zip(rows, kinds, strict=True) if given == kind]
        cells = columns(
            chosen,
            "risk",
            "whom",
            lambda row: row_text("\n", row, "likelihood", "impact"),
            "control",
            lambda row: row_lines(row, ("Carried by ", "carrier"), ("Accepted by ", "accepter")),
            lambda row: row_lines(row, ("", "residual"), ("Look again: ", "review")),
        )
        w.blocks += table(caption, heads, cells)
        if rows and not chosen:
            w.say(f"The request names no risk of {caption.removeprefix('Risks of ')}.")
    w.close("risks")


def running(w: Writer) -> None:
    """Start, end, review, incidents, changes, openness and who has looked at it."""
    w.head("Running this agreement")
    personal = "personal" in w.traits
    hours = w.said("running.incident_hours")
    w.topics(
        (
            ("Starts", "running.start"),
            ("Ends", "running.end"),
            ("Looked at again", "running.review"),
            ("If something goes wrong", "running.incident"),
        ),
        needed=("running.end", "running.review", *(("running.incident",) if personal else ())),
    )
    if hours:
        unit = "hour" if hours == "1" else "hours"
        w.say(f"If something goes wrong, the requester tells the supplier within {hours} {unit} of learning of it.")
    w.topics(
        (
            ("A wrong record", "running.corrections"),
            ("How complaints are handled", "running.complaints"),
            ("Changes", "running.change"),
            ("Checks by the supplier", "running.audit"),
            ("Costs", "running.costs"),
            ("Leaving early", "running.exit"),
            ("Disagreements", "running.disputes"),
            ("Reorganisation", "running.successor"),
        ),
    )
    w.head("Openness", 2)
    w.topics(
        (
            ("Record published", "openness.publish"),
            ("Reason", "openness.publish_why"),
            ("In Welsh as well", "openness.welsh"),
            ("Other formats", "openness.formats"),
        )
    )
    ethics = w.reading.rows("openness.ethics")
    if ethics:
        cells = columns(ethics, "principle", "score", "note")
        heads = ("Principle", "Score, 0 to 5", "Note")
        w.blocks += table("How the requester rates the sharing by each ethics principle", heads, cells)
    elif w.reading.is_open("openness.ethics"):
        w.said("openness.ethics")
    _assurance(w)
    w.close("running")


def _assurance(w: Writer) -> None:
    reviews = w.reading.rows("assurance.reviews")
    confirmed = [
        sentence
        for question, sentence in (
            ("assurance.declaration", "The requester declares that its answers are true and complete to the best of its knowledge."),
            ("assurance.owner", "The requester's senior owner has read the request and stands behind it."),
        )
        if w.reading.value(question)
    ]  # fmt: skip
    if reviews or confirmed or w.state.submission.sign_offs or w.state.submission.unsigned:
        w.head("Who has looked at this", 2)
    for sentence in confirmed:
        w.say(sentence)
    if reviews:
        cells = columns(reviews, "area", "name", "date", "outcome", "conditions")
        heads = ("Subject", "Name", "Date", "Outcome", "Conditions")
        w.blocks += table("Specialists who looked at the request", heads, cells)
    elif w.reading.is_open("assurance.reviews") and not w.state.submission.sign_offs:
        w.said("assurance.reviews")
    _signed(w)


_AREAS = {"legal": "Legal", "data_protection": "Data protection", "security": "Security", "analysis": "Analysis"}


def _signed(w: Writer) -> None:
    """The sign-offs that came with the request, each over exactly its sealed answers, and the areas that went without."""
    submission = w.state.submission
    rows = [
        [
            _AREAS.get(each.area, each.area),
            f"{clean(each.by.name)}\n{clean(each.by.post)}",
            day_of(each.at),
            "\n".join(map(clean, each.conditions)),
        ]
        for each in submission.sign_offs or ()
    ]
    if rows:
        heads = ("Subject", "Signed by", "Date", "Conditions")
        w.blocks += table("Signed off before the request was sealed, with a signature of its own", heads, rows)
    missing = [[_AREAS.get(each.area, each.area), clean(each.reason)] for each in submission.unsigned or ()]
    if missing:
        w.blocks += table("Sealed without a sign-off", ("Subject", "The requester's reason"), missing)
