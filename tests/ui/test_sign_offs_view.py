"""Sign-offs in a window: asking and going without before the seal, and a colleague's page to answer on."""

from __future__ import annotations

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.domain.sign_off import review_of
from dsadesk.services import attaching, drafting, exchanging, giving_roles, sealing, signing_off
from dsadesk.services.reading import require_state
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.sign_off import areas_shown
from dsadesk.ui.views.seal_sign_offs import AskDialog
from dsadesk.ui.views.team_dialogs import RolesDialog
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text
from tests.support.desks import ROOT, SAMPLE, SUPPLIER, second_laptop, two_desks
from tests.ui import audit
from tests.ui.windows import window_over

CHECKS = (audit.unnamed, audit.rich, audit.clipped, audit.small_targets)
ANSWERS = ROOT / "tests/data/answers/fuel-poverty.json"


@pytest.fixture
def office():
    pair = two_desks()
    colleague = second_laptop(pair, pair.requester, "Huw Rees")
    person = colleague.session.profile.official.id
    giving_roles.set_roles(pair.asks, {person: ["drafter", "decider", "signatory", "data_protection"]})
    request = drafting.start(pair.asks, title="x", supplier=SUPPLIER.id).request
    drafting.load_answers(pair.asks, request, ANSWERS.read_bytes())
    drafting.save_answer(pair.asks, request, QuestionId("assurance.reviews"), None)
    with SAMPLE.open("rb") as source:
        attaching.attach(pair.asks, request, source, SAMPLE.name)
    return pair, colleague, person, request


def said(widget):
    return [text.said() for text in widget.findChildren(Text) if text.isVisibleTo(widget)]


def meet(pair, colleague):
    pair.clock.advance(60)
    for session in (pair.asks, colleague.session, pair.asks):
        exchanging.exchange(session)


def written(pair, request):
    """Every written answer and cell of the draft, however long."""
    for value in signing_off.applicable_answers(pair.asks, request).values():
        if isinstance(value, str) and " " in value:
            yield value
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield from (cell for row in value for cell in row.values() if " " in cell)


def test_a_colleague_is_asked_on_the_sealing_page(office, tmp_path):
    pair, _, _, request = office
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="check"))
        seal = shown.page("requests")._editor._seal
        area = next(each for each in areas_shown(pair.asks, request) if each.area == "data_protection")
        seal._on_ask_wanted(area)
        dialog = shown.dialog()
        assert isinstance(dialog, AskDialog)
        assert not any(check(dialog) for check in CHECKS)
        dialog.note.set_value("Look at the notice.")
        dialog.button.click()
        shown.settle()
        assert any("Huw Rees was asked" in text for text in said(seal))
        (ask,) = [each for each in signing_off.areas(pair.asks, request) if each.asked]
        assert ask.asked[0].body.note == "Look at the notice."


def test_a_reason_to_go_without_is_kept_as_it_is_typed_and_goes_with_the_seal(office, tmp_path):
    pair, _, _, request = office
    drafting.load_answers(pair.asks, request, ANSWERS.read_bytes())
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="check"))
        seal = shown.page("requests")._editor._seal
        seal._keep.click()
        shown.settle()
        assert any("nobody has given" in text for text in said(seal))
        assert pair.asks.vault.drafts.get(request) is not None
        for area, field in seal.sign_offs.reasons.items():
            field._area.setPlainText(f"No one is there for {area} this week.")
        shown.settle()
        assert signing_off.reasons(pair.asks, request)["security"].endswith("this week.")
        seal._keep.click()
        shown.settle()
    submission = require_state(pair.asks, request).submission
    assert {each.area for each in submission.unsigned} == {"security"}  # the form names who agreed for the other two


def test_whoever_is_asked_finds_it_in_the_inbox_reads_the_draft_and_answers(office, tmp_path):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person, "Is the notice early enough?")
    meet(pair, colleague)
    with window_over(colleague, tmp_path) as shown:
        shown.go(Place(Page.INBOX))
        inbox = shown.page("inbox")
        inbox._presenter.choose(review_of(request))
        shown.settle()
        page = shown.page("sign-off")
        assert "OFFICIAL-SENSITIVE" in shown.window.windowTitle()
        page.finish()
        shown.settle()
        words = said(page)
        assert "Is the notice early enough?" in words
        whole = " ".join(words)
        assert "Blackthorn Sands" in whole  # the sample that came with the draft
        for answer in written(pair, request):
            assert answer in whole
        (box,) = page.boxes
        box.button.click()
        assert box.outcome.problem()
        box.outcome.set_value("conditions")
        box._on_outcome_changed()
        box.button.click()
        assert box.conditions.problem()
        box.conditions.set_value("Delete by June.\nName a deputy.")
        box.remark.set_value("Well written.")
        box.button.click()
        shown.settle()
        assert page.boxes == []
        assert any("Your answer is signed" in text for text in said(page))
        assert any("Condition: Delete by June.\nCondition: Name a deputy." in text for text in said(page))
        page.finish()
        for _ in range(30):
            shown.settle()
        assert [found for check in CHECKS for found in check(page)] == []
        next(each for each in page.findChildren(Button) if each.said() == "Back to the inbox").click()
        shown.settle()
        assert inbox.isVisible()
    meet(pair, colleague)
    state = next(each for each in signing_off.areas(pair.asks, request) if each.area == "data_protection")
    assert state.covered.conditions == ("Delete by June.", "Name a deputy.")


def test_a_card_names_who_signs_off_what_in_the_dialog_of_roles(office, tmp_path):
    pair, _, person, _ = office
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.PARTNERS, org=pair.asks.profile.organisation.id, part="roles"))
        dialog = shown.dialog()
        assert isinstance(dialog, RolesDialog)
        assert not any(check(dialog) for check in CHECKS)
        assert dialog.people[person].value() == ["drafter", "decider", "signatory", "data_protection"]
        dialog.people[person].set_value(["legal", "data_protection"])
        dialog.button.click()
        shown.settle()
    entry = next(each for each in pair.asks.card.officials if each.official.id == person)
    assert set(entry.roles) == {"legal", "data_protection"}


def test_the_supplier_sees_who_signed_off_and_where_nobody_did(office, tmp_path):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    (asked,) = signing_off.asked_of_us(colleague.session, review_of(request))
    signing_off.give(colleague.session, asked.review, asked.ask.event.id, "granted", remark="Between us.")
    meet(pair, colleague)
    reasons = {"legal": "Counsel agreed by letter.", "security": "Signed off in May."}
    sealing.seal_request(pair.asks, request, without=reasons)
    pair.carry()
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        words = " ".join(said(shown.page("inbox")))
        assert "Signed off by Huw Rees" in words
        assert "Not signed off: nobody was asked" in words
        assert "Between us" not in words
