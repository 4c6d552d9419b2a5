"""Three real situations, written in full: sealed, read as the supplier, decided, and made into an agreement that leaves nothing open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from dsadesk.documents import html, markdown
from dsadesk.documents.agreement_type import AgreementType, agreement_type
from dsadesk.documents.decision import decision_letter
from dsadesk.documents.layout import from_tree
from dsadesk.documents.request_paper import submission_paper
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Organisation
from dsadesk.questions.readability import assess
from dsadesk.services import agreeing, attaching, drafting, keeping_cards, reviewing, sealing, signing_off, viewing
from dsadesk.services.desk import Desk
from dsadesk.services.reading import require_state
from tests.support.desks import PASSPHRASE, ROOT, FixedClock, Pair, Stores, memory_world

TODAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
READING_AGE = 12


@dataclass(frozen=True)
class Situation:
    """One request as somebody would write it, and what it should come to."""

    file: str
    sample: str
    requester: Organisation
    supplier: Organisation
    kind: AgreementType
    questions: range
    needs: frozenset[str]


def org(identifier: str, name: str) -> Organisation:
    return Organisation(OrganisationId(identifier), name)


SITUATIONS = (
    Situation(
        "fuel-poverty", "fuel-poverty-made-up.csv",
        org("aldershire-county-council", "Aldershire County Council"), org("wenlow-district-council", "Wenlow District Council"),
        AgreementType.DEA_INFORMATION_SHARING, range(58, 67), frozenset({"legal", "data_protection", "security"}),
    ),
    Situation(
        "pupils-education-and-care", "pupils-made-up.csv",
        org("aldershire-county-council", "Aldershire County Council"), org("department-for-education", "Department for Education"),
        AgreementType.RECIPROCAL_SHARING, range(125, 145), frozenset({"legal", "data_protection", "security", "analysis"}),
    ),
    Situation(
        "vaccination-outbreak", "vaccinations-made-up.csv",
        org("tidewater-city-council", "Tidewater City Council"), org("nhs-england", "NHS England"),
        AgreementType.RECIPROCAL_SHARING, range(125, 145), frozenset({"legal", "data_protection", "security", "analysis"}),
    ),
)  # fmt: skip


def desks(situation: Situation) -> Pair:
    stores, clock = Stores(), FixedClock(TODAY)
    asks = Desk(memory_world(stores=stores, clock=clock, seed="asks"))
    holds = Desk(memory_world(stores=stores, clock=clock, seed="holds"))
    asks.first_run(situation.requester, "Nadia Rahman", "Analysis lead", passphrase=PASSPHRASE)
    holds.first_run(situation.supplier, "Gwen Ellis", "Information asset owner", passphrase=PASSPHRASE)
    for ours, theirs, box in ((asks, holds, "a"), (holds, asks, "b")):
        keeping_cards.set_inbox_address(ours.session, box)
        keeping_cards.import_card(ours.session, theirs.session.card_bytes)
    for ours, theirs in ((asks, holds), (holds, asks)):
        keeping_cards.import_card(ours.session, theirs.session.card_bytes)
        keeping_cards.check_card(ours.session, theirs.session.profile.organisation.id, "phone", "")
    return Pair(asks, holds, clock, stores)


def written(pair: Pair, situation: Situation):
    draft = drafting.start(pair.asks, supplier=situation.supplier.id)
    data = (ROOT / "tests/data/answers" / f"{situation.file}.json").read_bytes()
    drafting.load_answers(pair.asks, draft.request, data)
    with (ROOT / "tests/data/samples" / situation.sample).open("rb") as source:
        attaching.attach(pair.asks, draft.request, source, situation.sample)
    return draft.request


@pytest.fixture(params=SITUATIONS, ids=lambda each: each.file)
def situation(request: pytest.FixtureRequest) -> Situation:
    return request.param


@pytest.fixture
def pair(situation: Situation) -> Pair:
    return desks(situation)


def test_nothing_is_missing_and_nothing_could_be_better(pair: Pair, situation: Situation) -> None:
    request = written(pair, situation)
    assert drafting.findings(pair.asks, request) == ()
    far = drafting.how_far(pair.asks, request)
    assert far.answered == far.total
    assert far.total in situation.questions
    assert far.minutes_left == 0


def test_every_word_of_it_is_plain(pair: Pair, situation: Situation) -> None:
    request = written(pair, situation)
    answers = pair.asks.vault.drafts.answers(request)
    assert assess(str(answers["purpose.summary"])).age <= READING_AGE
    for question, value in answers.items():
        for text in [value] if isinstance(value, str) else []:
            found = assess(text)
            assert not found.avoid, (question, found.avoid)
            assert found.longest_sentence_words <= 40, (question, found.longest_sentence)


def test_the_answers_call_for_the_sign_offs_that_it_should_have(pair: Pair, situation: Situation) -> None:
    states = signing_off.areas(pair.asks, written(pair, situation))
    assert {state.area for state in states if state.is_needed} == situation.needs


def test_it_is_sealed_read_decided_and_agreed_with_nothing_left_open(pair: Pair, situation: Situation) -> None:
    request = written(pair, situation)
    open_areas = [state.area for state in signing_off.areas(pair.asks, request) if state.is_open]
    sealing.seal_request(
        pair.asks, request, without=dict.fromkeys(open_areas, "The same system was signed off in May.")
    )
    pair.carry()
    seen = viewing.view(pair.holds, request)
    assert seen.stage is Stage.RECEIVED
    assert [sample.name for sample in seen.samples] == [situation.sample]
    assert len(seen.answers) == len(require_state(pair.holds, request).answers)

    reviewing.approve(
        pair.holds, request, "It is lawful and the least that would do.", ["Tell us of any breach by phone."]
    )
    agreeing.draft(pair.holds, request)
    agreeing.sign_agreement(pair.holds, request)
    pair.carry()
    agreeing.sign_agreement(pair.asks, request)
    pair.carry()
    state = require_state(pair.holds, request)
    assert state.stage is Stage.SIGNED
    assert agreement_type(state.answers) is situation.kind

    questions = drafting.question_set(pair.holds)
    agreement = from_tree(agreeing.require_agreement(state).body.document)
    papers = (
        agreement,
        decision_letter(state, questions),
        submission_paper(state.submission, questions, printed_on=TODAY.date()),
    )
    for paper in papers:
        text = markdown.render(paper).decode()
        assert "Not said" not in text.replace("A box that begins “Not said”", "")
        assert text.count("OFFICIAL-SENSITIVE") >= 2
        assert b"OFFICIAL-SENSITIVE" in html.render(paper)
    assert "Other answers" not in markdown.render(agreement).decode()
    assert ("What is joined, and by what" in markdown.render(agreement).decode()) == ("linking.sets" in state.answers)
    assert agreeing.files(pair.holds, request).pdf.startswith(b"%PDF")


def test_data_leaves_nobody_whom_it_did_not_reach(pair: Pair, situation: Situation) -> None:
    rows = pair.asks.vault.drafts.answers(written(pair, situation)).get("setting.flow")
    reached: set[str] = set()
    givers: list[str] = []
    for row in rows if isinstance(rows, list) else ():
        if row["from"] not in reached:
            givers.append(row["from"])
        reached |= {row["from"], row["to"]}
    ours = {"Linking officer", "Senior data analysts", "Public health analyst", "Health protection nurses"}
    assert ours.isdisjoint(givers), "somebody within the house gives data that never came"
