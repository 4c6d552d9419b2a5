"""The agreement that a request amounts to: its answers, decision and conversation in plain English, with the standing terms that fit.

Nothing is invented. What an agreement needs and the request does not say is printed as a gap, and every answer that counts appears:
in its section, or else among the other answers near the end. Which bytes are signed is written down in docs/formats/agreement.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from msgspec import UNSET

from dsadesk.documents.agreement_type import AgreementType, agreement_type, role_of, side_of_party, traits_of
from dsadesk.documents.answer_blocks import answer_blocks
from dsadesk.documents.building import day_of, facts, line, paragraphs, quotes, size_in_words, table
from dsadesk.documents.clauses import Clause, Clauses
from dsadesk.documents.layout import Block, Callout, Document, Heading, Paragraph
from dsadesk.documents.numbering import numbered
from dsadesk.documents.reading import Reading, Row
from dsadesk.documents.wording import clean, long_date
from dsadesk.domain.events import Event, Sample
from dsadesk.domain.request import Question, RequestState
from dsadesk.questions.model import QuestionSet

Topics = Sequence[tuple[str, str]]
"""Short labels with the questions whose answers they stand before."""

_LEFT_OUT = frozenset(
    {"about.title", "about.organisation", "about.supplier", "about.marking", "about.others", "data.sample_lawful"}
)
"""Said by the title, the parties, the marking and the schedule of samples."""

_SAID: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("setting.method", "bundle"): "In an encrypted and signed bundle, made with dsadesk",
        ("setting.where", "own"): "In the requester's own systems",
        ("setting.assurance", "department"): "Accredited by the requester's own department",
    }
)
"""Options whose label makes sense on the form and not in an agreement."""

_LESS = "Less would do"
_SAMPLE_KINDS: Mapping[str, str] = MappingProxyType({"synthetic": "Made up", "real": "Real data"})
_ROLES: Mapping[str, str] = MappingProxyType(
    {
        "controller": "Controller on its own",
        "joint": "Joint controller",
        "processor": "Processor",
        "unsure": "Not settled yet",
    }
)


def draft_agreement(
    state: RequestState, questions: QuestionSet, *, version: int, drafted_on: date, clauses: Clauses
) -> Document:
    """The text for both parties to sign. The same state, questions, clauses, version and day give the same text."""
    return _Agreement(state, questions, clauses, version, drafted_on).document()


class _Agreement:
    """The agreement while it is written: blocks so far, and what the section at hand leaves open."""

    def __init__(
        self, state: RequestState, questions: QuestionSet, clauses: Clauses, version: int, drafted_on: date
    ) -> None:
        self.state = state
        self.questions = questions
        self.clauses = clauses
        self.version = version
        self.drafted_on = drafted_on
        self.requester = line(state.requester.name, "The requester")
        self.supplier = line(state.supplier.name, "The supplier")
        # The signed event says who the parties are, whatever stands in the answers.
        parties = {"about.organisation": self.requester, "about.supplier": self.supplier}
        self.reading = Reading(questions, {**state.answers, **parties})
        self.type: AgreementType = agreement_type(self.reading.answers)
        decided = {"conditions"} if state.approval is not None and any(map(clean, state.approval.conditions)) else set()
        self.traits = traits_of(self.reading.answers) | decided
        self.blocks: list[Block] = []
        self.open: list[str] = []
        self.sources: list[tuple[Paragraph, Clause]] = []

    def document(self) -> Document:
        """Writes every section in turn."""
        for write in (
            self._in_short,
            self._parties,
            self._purpose,
            self._law,
            self._data,
            self._people,
            self._movement,
            self._security,
            self._keeping,
            self._outputs,
            self._risks,
            self._decision,
            self._running,
            self._conversation,
            self._samples,
            self._other_answers,
            self._about,
        ):
            write()
        submission = self.state.submission
        return Document(
            kind="agreement",
            title=line(submission.title, "Untitled request"),
            subtitle=self.clauses.terms_of(self.type).title,
            reference=line(submission.reference, ""),
            version=self.version,
            marking=submission.marking,
            language="en",
            blocks=tuple(self.blocks),
        )

    # ------------------------------------------------------------ writing

    def _head(self, text: str, level: int = 1) -> None:
        self.blocks.append(Heading(1 if level == 1 else 2, line(text)))

    def _say(self, text: str) -> None:
        self.blocks += paragraphs(text)

    def _said(self, question: str, needed: bool = False) -> str:  # noqa: FBT001, FBT002 - reads as "said, needed"
        """An answer in words; an empty one is noted as open when the form or the agreement asks for it."""
        value = self.reading.value(question)
        words = _SAID.get((question, value), "") if isinstance(value, str) else ""
        words = words or self.reading.words(question)
        if not words and (needed or self.reading.is_open(question)) and self.reading.knows(question):
            self.open.append(self.reading.label(question))
        return words

    def _answer(self, title: str, question: str, *, needed: bool = False) -> None:
        """A heading with a long answer below it, or nothing."""
        words = self._said(question, needed)
        if words:
            self._head(title, 2)
            self._say(words)

    def _topics(self, topics: Topics, needed: Iterable[str] = (), before: Sequence[tuple[str, str]] = ()) -> None:
        wanted = frozenset(needed)
        self.blocks += facts(
            [*before, *((label, self._said(question, question in wanted)) for label, question in topics)]
        )

    def _close(self, section: str) -> None:
        """Ends a section: first what it leaves open, then its standing terms."""
        self._gaps()
        chosen = self.clauses.chosen(section, self.traits)
        if chosen:
            self._head("Terms", 2)
        for clause in chosen:
            said = tuple(paragraphs(clause.text))
            self.blocks += said
            self.sources += [(paragraph, clause) for paragraph in said]

    def _gaps(self) -> None:
        if self.open:
            questions = "\n".join(f"– {label}" for label in dict.fromkeys(self.open))  # noqa: RUF001 - a dash
            text = f"The request does not say, and the parties have yet to settle:\n{questions}"
            self.blocks.append(Callout("gap", text))
        self.open.clear()

    def _columns(self, rows: Iterable[Row], *columns: str | Callable[[Row], str]) -> list[list[str]]:
        """Cells of a table: a column by its id, or made from the row."""
        return [[row.get(part, "") if isinstance(part, str) else part(row) for part in columns] for row in rows]

    # ------------------------------------------------------------ sections

    def _in_short(self) -> None:
        terms = self.clauses.terms_of(self.type)
        self._head("In short")
        self._say(
            f"The requester, {self.requester}, asks the supplier, {self.supplier}, for data. This agreement says which data, "
            "what for, on what terms and for how long."
        )
        self.blocks += facts(
            [
                ("Kind of agreement", terms.about),
                ("Follows", self._earlier()),
                ("The data holds", self._contents()),
                ("What is given", self._said("least.way")),
                ("How often", self._said("least.rhythm")),
                ("Needed by", self._said("about.date_needed")),
                ("Urgent", self._said("about.urgent") if self.reading.value("about.urgent") else ""),
                ("Starts", self.reading.words("running.start")),
                ("Ends", self.reading.words("running.end")),
                ("Data kept until", self.reading.words("keeping.until")),
            ]
        )
        summary = self._said("purpose.summary", needed=True)
        if summary:
            self._say("In the requester's words to the public:")
            self.blocks += quotes(summary)
        self._say(
            f"This is version {self.version} of the text. It was drawn up on {long_date(self.drafted_on)} and takes effect when "
            "both parties have signed exactly this text."
        )
        self._say(
            "Answers are in the requester's own words, and “we” in them means the requester. A box that begins “Not said” repeats "
            "the questions that the request leaves open. The parties settle them before they sign, or accept that they stay open."
        )
        self._gaps()

    def _contents(self) -> str:
        said = self._said("least.contains")
        return (
            "Nothing about people and nothing confidential"
            if self.reading.value("least.contains") == ["none"]
            else said
        )

    def _earlier(self) -> str:
        if self.reading.value("about.kind") in {None, "new"}:
            return ""
        return "; ".join(part for part in (self._said("about.kind"), self._said("about.earlier")) if part)

    def _parties(self) -> None:
        self._head("Who is sharing data")
        self.reading.used |= _LEFT_OUT
        self.blocks += table(
            "The parties", ("Organisation", "Its part", "Role in data protection law"), self._party_rows()
        )
        people = self.reading.rows("about.people")
        if people:
            cells = self._columns(people, "role", _person, "email")
            self.blocks += table("People to turn to", ("Role", "Name and post", "Email"), cells)
        else:
            self._said("about.people", needed=True)
        dataset = self.state.submission.dataset
        if dataset and (dataset.contact_name or dataset.contact_email):
            contact = ", ".join(part for part in (dataset.contact_name, dataset.contact_email) if part)
            self.blocks += facts([("Contact for the data", contact)])
        users = self.reading.rows("about.users")
        if users:
            cells = self._columns(users, "post", "number", "trained", "clearance", "accreditation")
            heads = ("Post or person", "How many", "Last trained", "Clearance", "Accreditation")
            self.blocks += table("Who will use the data", heads, cells)
        elif self.reading.is_open("about.users"):
            self._said("about.users")
        self._close("parties")

    def _party_rows(self) -> list[list[str]]:
        answers = self.reading.answers
        if self.reading.is_open("protection.roles"):
            self.open.append(self.reading.label("protection.roles"))
        roles = {row.get("party", "").casefold(): row for row in self.reading.rows("protection.roles")}
        rows = [
            [self.requester, "Asks for the data and uses it", _ROLES.get(role_of(answers, "requester"), "")],
            [self.supplier, "Holds the data and gives it or gives access to it", _ROLES.get(role_of(answers, "supplier"), "")],
        ]  # fmt: skip
        for row in self.reading.rows("about.other_orgs"):
            role = roles.pop(row.get("name", "").casefold(), {}).get("role", "")
            sees = "Sees the data" if row.get("touches") == "Yes" else "Does not see the data"
            rows.append([row.get("name", ""), f"{row.get('part', '')}\n{sees}", role])
        strangers = [row for row in roles.values() if not side_of_party(answers, row.get("party", ""))]
        return rows + [[row.get("party", ""), "", row.get("role", "")] for row in strangers]

    def _purpose(self) -> None:
        self._head("Why the data is shared")
        self._answer("What the requester wants to do", "purpose.aim", needed=True)
        self._answer("How the data helps", "purpose.help", needed=True)
        self._answer("What the data is not used for", "purpose.not_for", needed=True)
        self._decisions()
        self._head("Benefits", 2)
        benefits = self.reading.rows("benefits.table")
        if benefits:
            self._say("The parties expect these benefits and will look at whether they came about.")
            cells = self._columns(
                benefits,
                lambda row: _joined("\n", row, "who", "where"),
                lambda row: _joined("\n", row, "change", "size"),
                lambda row: _pairs(row, ("", "measure"), ("Today: ", "baseline"), ("Why expected: ", "evidence")),
                "by",
                "reporter",
            )
            heads = ("Who gains, and where", "What changes", "How it is measured", "By when", "Reported by")
            self.blocks += table("Benefits", heads, cells)
        else:
            self._said("benefits.table", needed=True)
        self._topics(
            (
                ("Gain for the supplier", "purpose.supplier_value"),
                ("Who might lose", "benefits.losses"),
                ("Duty or commitment", "purpose.duty"),
                ("If it comes late", "about.date_effect"),
            )
        )
        self._pilot()
        self._close("purpose")

    def _decisions(self) -> None:
        decides = self.reading.value("purpose.decisions")
        if decides is not None:
            self._head("Decisions about people", 2)
            self._say("The data is used in decisions about individual people." if decides else "Nothing is decided about any individual person with this data.")  # fmt: skip
            self._say(self._said("purpose.decisions_how"))
        elif self.reading.is_open("purpose.decisions"):
            self._said("purpose.decisions")

    def _pilot(self) -> None:
        if self.reading.value("purpose.pilot"):
            self._head("Pilot", 2)
            self._say("The sharing begins with a pilot.")
            self._topics(
                (
                    ("It covers", "purpose.pilot_scope"),
                    ("It ends", "purpose.pilot_end"),
                    ("It worked if", "purpose.pilot_test"),
                )
            )
        elif self.reading.value("purpose.pilot") is False:
            self._say("There is no pilot.")

    def _law(self) -> None:
        self._head("The law")
        self._head("Power to receive and to give", 2)
        power = self._joined("legal.power", "legal.power_ref")
        if self.reading.value("legal.power") == "statute":
            power = self.reading.words("legal.power_ref") or power
        if power:
            self._say(f"The requester relies on this power to receive and use the data: {_stopped(power)}")
        else:
            self._said("legal.power", needed=True)
        gateway = self._joined("legal.gateway", "legal.gateway_other")
        if gateway:
            self._say(f"The supplier may give the data under this power: {_stopped(gateway)}")
        else:
            self._said("legal.gateway", needed=True)
        specified = self.reading.value("legal.dea_specified")
        if specified:
            self._say("The requester confirms that both organisations are named for this purpose under the Act.")
        self._topics(
            (
                ("That power", "legal.force"),
                ("Its limits", "legal.restrictions"),
                ("Objective under the Act", "legal.dea_objective"),
                ("Public register", "legal.dea_register"),
                ("Duty of confidence", "legal.confidence"),
                ("How it is met", "legal.confidence_ref"),
                ("Private life", "legal.rights"),
                ("Legal advice", "legal.advice"),
            )
        )
        if not specified and self.reading.is_open("legal.dea_specified"):
            self._said("legal.dea_specified")
        self._head("Data protection", 2)
        if "personal" in self.traits:
            self._data_protection()
        else:
            self._say(
                "The request says that the data holds no personal data. If that is right, data protection law does not apply to it."
            )
        self._close("legal")

    def _data_protection(self) -> None:
        basis = self._said("protection.basis", needed=True)
        if basis:
            self._say(f"The requester's lawful basis is: {_stopped(basis)}")
            self._say(self._said("protection.basis_why"))
        theirs = self._said("protection.supplier_basis")
        if theirs:
            self._say(f"The requester understands the supplier's lawful basis to be: {_stopped(theirs)}")
        self._topics(
            (
                ("Special category data", "protection.special_condition"),
                ("Public interest", "protection.schedule_1"),
                ("Policy document", "protection.policy"),
                ("Criminal offence data", "protection.criminal"),
                ("Law enforcement", "protection.law_enforcement"),
                ("Its purpose", "protection.law_enforcement_purpose"),
                ("Its condition", "protection.law_enforcement_condition"),
                ("Joint controllers", "protection.joint"),
                ("Impact assessment", "protection.dpia_status"),
                ("Its reference", "protection.dpia_ref"),
                ("Why it is not needed", "protection.dpia_not_needed"),
                ("What calls for one", "protection.dpia_triggers"),
                ("Risk that is left", "protection.residual"),
                ("The regulator said", "protection.regulator"),
                ("Done by computer", "protection.automated"),
                ("How, and who checks", "protection.automated_detail"),
                ("Outside the UK", "protection.outside_uk"),
            )
        )
        countries = self.reading.rows("protection.countries")
        if countries:
            cells = self._columns(countries, "country", "who", "ground")
            self.blocks += table("Countries", ("Country", "Who, and for what", "Legal ground"), cells)

    def _data(self) -> None:
        self._head("The data")
        dataset = self.state.submission.dataset
        if dataset:
            self.blocks += facts(
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
        items = self.reading.rows("data.items")
        if items:
            one = len(items) == 1
            count = "the one item that is" if one else f"the {len(items):,} items that are"
            self._say(f"The table shows {count} shared, with the reason for {'it' if one else 'each'}.")
            self._items(items)
        else:
            self._said("data.items", needed=True)
        self._topics(
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
        self._least()
        self._linking()
        self._close("data")

    def _items(self, items: Sequence[Row]) -> None:
        raw = self.reading.raw_rows("data.items")
        cells = self._columns(items, "name", "meaning", "why", "personal", lambda row: _joined("\n", row, "level"))
        for row, cell, given in zip(items, cells, raw, strict=True):
            if given.get("less", "no") not in {"", "no"}:
                cell[4] = "\n".join(part for part in (cell[4], f"{_LESS}: {row.get('less', '')}") if part)
        heads = ("Item", "What it means", "Why it is needed", "About people", "In what form")
        self.blocks += table("Data items and why each is needed", heads, cells)
        if any(_LESS in cell[4] for cell in cells):
            self._say(f"“{_LESS}” means that the requester could also work with the item in that form.")
        technical = self._columns(items, "name", "dataset", "source", "format", "codes", "users")
        if any(any(row[1:]) for row in technical):
            heads_too = ("Item", "Dataset", "Source system", "Format", "Code list", "Who may see it")
            self.blocks += table("Where each item comes from and who may see it", heads_too, technical)

    def _least(self) -> None:
        reasons = [
            ("The result alone would not do", "least.not_result"),
            ("Using it where it is would not do", "least.not_in_place"),
            ("A yes or no would not do", "least.not_check"),
            ("Counts or totals would not do", "least.not_aggregate"),
            ("Anonymised records would not do", "least.not_anonymised"),
            ("Codes in place of names would not do", "least.not_pseudonymised"),
        ]
        said = [(label, self._said(question)) for label, question in reasons]
        published = self._joined("least.published", "least.published_gap", ". ")
        if published or any(text for _, text in said):
            self._head("Why nothing less would do", 2)
            self.blocks += facts([("What is available already", published), *said])

    def _linking(self) -> None:
        linked = self.reading.value("linking.any")
        if linked:
            self._head("Joining with other data", 2)
            self._topics(
                (
                    ("Joined with", "linking.with"),
                    ("By whom", "linking.who"),
                    ("How", "linking.method"),
                    ("Could it reveal people", "linking.reidentify"),
                    ("Errors", "linking.errors"),
                    ("Keys destroyed", "linking.keys"),
                )
            )
        elif linked is False:
            self._say("The data is not joined with other data.")
        elif self.reading.is_open("linking.any"):
            self._said("linking.any")

    def _people(self) -> None:
        self._head("The people in the data")
        if "personal" not in self.traits:
            self._say(
                "The request says that the data holds nothing about living people. If that is right, there is nobody to tell."
            )
        self._topics(
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
                ("Who answers them", "protection.rights"),
            )
        )
        self._close("people")

    def _movement(self) -> None:
        self._head("Where the data goes and where it is used")
        if "in-place" in self.traits:
            self._say("No copy of the records leaves the supplier.")
        moves = "moves" in self.traits
        self._topics(
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
        if self.reading.value("setting.fingerprints"):
            self._say("The requester checks the supplier's key fingerprint with a person there.")
        elif self.reading.is_open("setting.fingerprints"):
            self._said("setting.fingerprints")
        flow = self.reading.rows("setting.flow")
        if flow:
            cells = self._columns(flow, "from", "to", "what", "how")
            numbered_cells = [[str(place), *row] for place, row in enumerate(cells, 1)]
            self.blocks += table("The journey of the data", ("Step", "From", "To", "What moves", "How"), numbered_cells)
        elif self.reading.is_open("setting.flow"):
            self._said("setting.flow")
        self._close("movement")

    def _security(self) -> None:
        self._head("Security")
        self._say(f"The data is handled as {self.state.submission.marking.value}.")
        self._topics(
            (
                ("Assurance", "setting.assurance"),
                ("Access", "setting.accounts"),
                ("Devices", "setting.devices"),
                ("Removable media", "setting.removable"),
                ("How they are protected", "setting.removable_how"),
                ("Logs", "setting.logs"),
                ("Backups", "setting.backups"),
            ),
            needed=("setting.assurance",) if "personal" in self.traits else (),
        )
        processors = self.reading.rows("setting.processors")
        if processors:
            cells = self._columns(processors, "name", "task", "contract", "country")
            heads = ("Company", "What it does", "Contract", "Country")
            self.blocks += table("Companies that handle the data", heads, cells)
        self._close("security")

    def _keeping(self) -> None:
        self._head("Keeping and deleting")
        until = self._said("keeping.until", needed="moves" in self.traits)
        if until:
            self._say(f"The requester keeps the data until {until}.")
        self._topics(
            (
                ("Why until then", "keeping.reason"),
                ("Schedule", "keeping.schedule"),
                ("Where it is kept", "keeping.where"),
                ("At the end", "keeping.end"),
                ("Proof", "keeping.evidence"),
                ("Copies and backups", "keeping.copies"),
            ),
            needed=("keeping.end",) if "moves" in self.traits else (),
        )
        self._close("keeping")

    def _outputs(self) -> None:
        self._head("Results, and passing data on")
        self._answer("What comes out of the work", "outputs.audience", needed=True)
        smallest = self._said("outputs.small_cells")
        if smallest:
            self._say(f"No number smaller than {smallest} is shown.")
        self._topics(
            (
                ("Who checks results", "outputs.checker"),
                ("What is published", "outputs.publish"),
                ("Possible misuse", "outputs.misuse"),
            )
        )
        onward = self.reading.value("outputs.onward")
        self._head("Passing the data on", 2)
        if onward:
            self._say("The requester passes the data itself on to others.")
            self._say(self._said("outputs.onward_to"))
        elif onward is False:
            self._say("The requester does not pass the data itself on to anyone.")
        else:
            self._said("outputs.onward", needed=True)
        self._close("outputs")

    def _risks(self) -> None:
        self._head("Risks of sharing and of not sharing")
        rows = self.reading.rows("risks.table")
        kinds = [row.get("kind", "") for row in self.reading.raw_rows("risks.table")]
        if not rows:
            self._said("risks.table", needed=True)
        else:
            self._say("Someone carries each risk, and someone accepts it by name.")
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
            cells = self._columns(
                chosen,
                "risk",
                "whom",
                lambda row: _joined("\n", row, "likelihood", "impact"),
                "control",
                lambda row: _pairs(row, ("Carried by ", "carrier"), ("Accepted by ", "accepter")),
                lambda row: _pairs(row, ("", "residual"), ("Look again: ", "review")),
            )
            self.blocks += table(caption, heads, cells)
            if rows and not chosen:
                self._say(f"The request names no risk of {caption.removeprefix('Risks of ')}.")
        self._close("risks")

    def _decision(self) -> None:
        self._head("The supplier's decision and conditions")
        approval = self.state.approval
        if approval is None:
            self._say("The supplier has not yet agreed in principle.")
            self._close("conditions")
            return
        when = next((day_of(event.at) for event in self._events() if event.body is approval), "")
        who = ", ".join(part for part in map(clean, (approval.decided_by.name, approval.decided_by.post)) if part)
        by = f" The decision was taken by {who}." if who else ""
        self._say(f"The supplier agreed in principle{f' on {when}' if when else ''}.{by}")
        if clean(approval.reasons):
            self._say("Its reasons:")
            self.blocks += quotes(approval.reasons)
        if "conditions" in self.traits:
            self._say("The supplier set these conditions:")
            for number, condition in enumerate(filter(None, map(clean, approval.conditions)), 1):
                self._say(f"Condition {number}: {condition}")
        else:
            self._say("The supplier set no conditions.")
        self._close("conditions")

    def _events(self) -> Iterable[Event]:
        return (entry.event for entry in self.state.history)

    def _running(self) -> None:
        self._head("Running this agreement")
        personal = "personal" in self.traits
        hours = self._said("running.incident_hours", needed=personal)
        self._topics(
            (
                ("Starts", "running.start"),
                ("Ends", "running.end"),
                ("Looked at again", "running.review"),
                ("If something goes wrong", "running.incident"),
            ),
            needed=("running.start", "running.end", "running.review", *(("running.incident",) if personal else ())),
        )
        if hours:
            unit = "hour" if hours == "1" else "hours"
            self._say(
                f"If something goes wrong, the requester tells the supplier within {hours} {unit} of learning of it."
            )
        self._topics(
            (
                ("Complaints", "running.complaints"),
                ("Changes", "running.change"),
                ("Checks by the supplier", "running.audit"),
                ("Costs", "running.costs"),
                ("Leaving early", "running.exit"),
                ("Disagreements", "running.disputes"),
                ("Reorganisation", "running.successor"),
            ),
            needed=("running.complaints",) if personal else (),
        )
        self._head("Openness", 2)
        self._topics(
            (
                ("Record published", "openness.publish"),
                ("Reason", "openness.publish_why"),
                ("In Welsh as well", "openness.welsh"),
                ("Other formats", "openness.formats"),
            )
        )
        ethics = self.reading.rows("openness.ethics")
        if ethics:
            cells = self._columns(ethics, "principle", "score", "note")
            heads = ("Principle", "Score, 0 to 5", "Note")
            self.blocks += table("How the requester rates the sharing by each ethics principle", heads, cells)
        elif self.reading.is_open("openness.ethics"):
            self._said("openness.ethics")
        self._assurance()
        self._close("running")

    def _assurance(self) -> None:
        reviews = self.reading.rows("assurance.reviews")
        confirmed = [
            sentence
            for question, sentence in (
                ("assurance.declaration", "The requester declares that its answers are true and complete to the best of its knowledge."),
                ("assurance.owner", "The requester's senior owner has read the request and stands behind it."),
            )
            if self.reading.value(question)
        ]  # fmt: skip
        if reviews or confirmed:
            self._head("Who has looked at this", 2)
        for sentence in confirmed:
            self._say(sentence)
        if reviews:
            cells = self._columns(reviews, "area", "name", "date", "outcome", "conditions")
            heads = ("Subject", "Name", "Date", "Outcome", "Conditions")
            self.blocks += table("Specialists who looked at the request", heads, cells)
        elif self.reading.is_open("assurance.reviews"):
            self._said("assurance.reviews")

    def _conversation(self) -> None:
        self._head("Questions and replies")
        if not self.state.questions:
            self._say("The supplier asked no questions.")
            return
        self._say("These questions and replies are part of this agreement. Where a reply changed an answer, the text above has the answer as changed.")  # fmt: skip
        for place, question in enumerate(self.state.questions, 1):
            about = self.reading.label(question.body.question) if question.body.question else "The request as a whole"
            self._head(f"Question {place}: {about}", 2)
            self._say(f"The supplier asked on {day_of(question.asked.at)} ({_official(question.asked)}):")
            self.blocks += quotes(question.body.text)
            if question.answered is None or question.answer is None:
                self.blocks.append(Callout("gap", "The requester has not replied to this question."))
            else:
                self._say(f"The requester replied on {day_of(question.answered.at)} ({_official(question.answered)}):")
                self.blocks += quotes(question.answer.text)
                revised = self._revised(question)
                if revised:
                    self._say(f"With that reply the answer became: {_stopped(revised)}")

    def _revised(self, question: Question) -> str:
        """What a reply made of the answer that was asked about, where that can be said in a line."""
        if question.answer is None or question.answer.answer is UNSET or not question.body.question:
            return ""
        asked = question.body.question
        reading = Reading(self.questions, {**self.state.answers, asked: question.answer.answer})
        known = self.questions.question(asked)
        return reading.words(asked) if known is not None and known.kind != "repeat" else ""

    def _samples(self) -> None:
        promised = self._said("data.sample")
        reason = self._said("data.sample_reason")
        self._head("Samples that the supplier could look at")
        samples = self.state.submission.samples
        if samples:
            self._say("These files came with the request. They show what the data looks like and are not the data that is shared.")  # fmt: skip
            heads = ("File", "What it is", "Size", "SHA-256 of the file")
            self.blocks += table("Samples", heads, [_sample(sample) for sample in samples])
        else:
            self._say("No sample came with the request.")
            self.blocks += facts([("The request says", promised)])
        if reason:
            self._say("The requester's ground for attaching real data:")
            self.blocks += quotes(reason)
        self._gaps()

    def _other_answers(self) -> None:
        left = [question for question in self.reading.questions if question.id in self.reading.answers]
        left = [question for question in left if question.id not in self.reading.used]
        if left:
            self._head("Other answers that are part of this agreement")
            self.blocks += answer_blocks(self.reading, left)

    def _about(self) -> None:
        submission, event = self.state.submission, self.state.submission_event
        self._head("About this text")
        self._say(self.clauses.notice)
        self._say("The paragraphs under “Terms” are standing terms. The table shows what each of them stands on.")
        self.blocks += facts(
            [
                ("Request", ", ".join(filter(None, (line(submission.reference, ""), f"version {submission.version}")))),
                ("Sealed on", f"{day_of(event.at)} by {_official(event)}"),
                ("Request number", str(self.state.id)),
                ("Questions", submission.question_set),
                ("Standing terms", f"{self.clauses.title} ({self.clauses.id})"),
            ]
        )
        self._sources()

    def _sources(self) -> None:
        unfinished = Document(
            kind="agreement",
            title="x",
            subtitle="",
            reference="",
            version=0,
            marking=self.state.submission.marking,
            language="en",
            blocks=tuple(self.blocks),
        )
        numbers = {id(block): number for number, block in numbered(unfinished)}
        grouped: dict[tuple[str, date], list[str]] = {}
        for paragraph, clause in self.sources:
            grouped.setdefault((clause.source, clause.dated), []).append(numbers[id(paragraph)])
        rows = [(", ".join(places), source, long_date(dated)) for (source, dated), places in grouped.items()]
        self.blocks += table("What the standing terms stand on", ("Paragraphs", "Source", "Checked on"), rows)

    def _joined(self, question: str, detail: str, between: str = ": ") -> str:
        first, second = self._said(question), self._said(detail)
        return between.join(part.rstrip(".") if part is first and second else part for part in (first, second) if part)


def _person(row: Row) -> str:
    return "\n".join(part for part in (row.get("name", ""), ", ".join(filter(None, (row.get("post"), row.get("team"))))) if part)  # fmt: skip


def _joined(between: str, row: Row, *columns: str) -> str:
    return between.join(row[column] for column in columns if row.get(column))


def _pairs(row: Row, *parts: tuple[str, str]) -> str:
    return "\n".join(f"{label}{row[column]}" for label, column in parts if row.get(column))


def _official(event: Event) -> str:
    return line(", ".join(part for part in map(clean, (event.by.name, event.by.post)) if part), "name not given")


def _sample(sample: Sample) -> list[str]:
    kind = _SAMPLE_KINDS.get(sample.kind, sample.kind)
    return [sample.name, kind, size_in_words(sample.size), sample.sha256]


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
