"""The sections that say what this is and who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dsadesk.documents.agreement_type import role_of, side_of_party
from dsadesk.documents.agreement_writer import Writer, columns
from dsadesk.documents.building import facts, quotes, table
from dsadesk.documents.reading import Row
from dsadesk.documents.wording import long_date

_LEFT_OUT = frozenset(
    {"about.title", "about.organisation", "about.supplier", "about.marking", "about.others", "data.sample_lawful"}
)
_ROLES: Mapping[str, str] = MappingProxyType(
    {
        "controller": "Controller on its own",
        "joint": "Joint controller",
        "processor": "Processor",
        "unsure": "Not settled yet",
    }
)


def in_short(w: Writer) -> None:
    """The agreement on one page: who, what, how often, until when, and why in public words."""
    terms = w.clauses.terms_of(w.type)
    w.head("In short")
    w.say(
        f"The requester, {w.requester}, asks the supplier, {w.supplier}, for data. This agreement says which data, "
        "what for, on what terms and for how long."
    )
    w.blocks += facts(
        [
            ("Kind of agreement", terms.about),
            ("Follows", _earlier(w)),
            ("The data holds", _contents(w)),
            ("What is given", w.said("least.way")),
            ("How often", w.said("least.rhythm")),
            ("Needed by", w.said("about.date_needed")),
            ("Urgent", w.said("about.urgent") if w.reading.value("about.urgent") else ""),
            ("Asked again whether urgent", w.said("about.urgent_review")),
            ("Starts", w.reading.words("running.start")),
            ("Ends", w.reading.words("running.end")),
            ("Data kept until", w.reading.words("keeping.until")),
        ]
    )
    summary = w.said("purpose.summary", needed=True)
    if summary:
        w.say("In the requester's words to the public:")
        w.blocks += quotes(summary)
    w.say(
        f"This is version {w.version} of the text. It was drawn up on {long_date(w.drafted_on)} and takes effect when "
        "both parties have signed exactly this text."
    )
    w.say(
        "Answers are in the requester's own words, and “we” in them means the requester. A box that begins “Not said” repeats "
        "the questions that the request leaves open. The parties settle them before they sign, or accept that they stay open."
    )
    w.gaps()


def _contents(w: Writer) -> str:
    said = w.said("least.contains")
    return "Nothing about people and nothing confidential" if w.reading.value("least.contains") == ["none"] else said


def _earlier(w: Writer) -> str:
    if w.reading.value("about.kind") in {None, "new"}:
        return ""
    return "; ".join(part for part in (w.said("about.kind"), w.said("about.earlier")) if part)


def parties(w: Writer) -> None:
    """Who takes part, in which role, and whom to turn to."""
    w.head("Who is sharing data")
    w.reading.used |= _LEFT_OUT
    w.blocks += table("The parties", ("Organisation", "Its part", "Role in data protection law"), _party_rows(w))
    people = w.reading.rows("about.people")
    if people:
        cells = columns(people, "role", _person, "email")
        w.blocks += table("People to turn to", ("Role", "Name and post", "Email"), cells)
    else:
        w.said("about.people", needed=True)
    dataset = w.state.submission.dataset
    if dataset and (dataset.contact_name or dataset.contact_email):
        contact = ", ".join(part for part in (dataset.contact_name, dataset.contact_email) if part)
        w.blocks += facts([("Contact for the data", contact)])
    users = w.reading.rows("about.users")
    if users:
        cells = columns(users, "post", "number", "trained", "clearance", "accreditation")
        heads = ("Post or person", "How many", "Last trained", "Clearance", "Accreditation")
        w.blocks += table("Who will use the data", heads, cells)
    elif w.reading.is_open("about.users"):
        w.said("about.users")
    w.close("parties")


def _party_rows(w: Writer) -> list[list[str]]:
    answers = w.reading.answers
    if w.reading.is_open("protection.roles"):
        w.open.append(w.reading.label("protection.roles"))
    roles = {row.get("party", "").casefold(): row for row in w.reading.rows("protection.roles")}
    rows = [
        [w.requester, "Asks for the data and uses it", _ROLES.get(role_of(answers, "requester"), "")],
        [w.supplier, "Holds the data and gives it or gives access to it", _ROLES.get(role_of(answers, "supplier"), "")],
    ]  # fmt: skip
    for row in w.reading.rows("about.other_orgs"):
        role = roles.pop(row.get("name", "").casefold(), {}).get("role", "")
        sees = "Sees the data" if row.get("touches") == "Yes" else "Does not see the data"
        rows.append([row.get("name", ""), f"{row.get('part', '')}\n{sees}", role])
    strangers = [row for row in roles.values() if not side_of_party(answers, row.get("party", ""))]
    return rows + [[row.get("party", ""), "", row.get("role", "")] for row in strangers]


def _person(row: Row) -> str:
    return "\n".join(part for part in (row.get("name", ""), ", ".join(filter(None, (row.get("post"), row.get("team"))))) if part)  # fmt: skip
