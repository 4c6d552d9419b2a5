"""Check and seal without a window."""

from __future__ import annotations

from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import StoreUnreachableError
from dsadesk.ports import DeliveryState
from dsadesk.services import attaching, drafting, keeping_cards
from dsadesk.services.desk import Desk
from dsadesk.transports.memory import MemoryTransport
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.seal import SealPresenter
from tests.support.desks import ANSWERS, PASSPHRASE, REQUESTER, SAMPLE, SUPPLIER, memory_world, second_laptop, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame


class Unreachable(MemoryTransport):
    """A store on a network that is not there."""

    def put(self, name, data):
        raise StoreUnreachableError("timed-out", address=self.address)


def complete(pair, *, sample=False):
    draft = drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    if sample:
        with SAMPLE.open("rb") as source:
            attaching.attach(pair.asks, draft.request, source, SAMPLE.name)
    return draft.request


def opened(desk, request):
    view = Recorder()
    frame, seen = inline_frame(desk)
    presenter = SealPresenter(view, frame)
    presenter.open(request)
    return presenter, view, seen


def test_an_empty_draft_says_everything_that_is_missing_in_order():
    pair = two_desks()
    draft = drafting.start(pair.asks, title="Bathing water")
    presenter, view, seen = opened(pair.requester, draft.request)
    sheet = view.shown["show_sheet"]
    assert not sheet.can_seal
    order = [question.id for question in drafting.question_set(pair.asks).questions()]
    places = [order.index(problem.question) for problem in sheet.missing]
    assert places == sorted(places)
    assert "about.supplier" in [problem.question for problem in sheet.missing]
    presenter.go_to("about.kind")
    assert seen.places == [Place(Page.EDITOR, request=draft.request, part="about.kind")]


def test_a_complete_draft_says_exactly_what_is_sealed_and_to_whom():
    pair = two_desks()
    request = complete(pair, sample=True)
    _, view, _ = opened(pair.requester, request)
    sheet = view.shown["show_sheet"]
    assert sheet.can_seal
    assert sheet.can_send
    contents = dict(sheet.contents)
    assert contents["Marking"] == "OFFICIAL"
    assert contents["Samples"].startswith(f"{SAMPLE.name} (")
    assert contents["Signed by"] == "Priya Shah, Regional analyst, Public Health Wales"
    assert sheet.supplier.name == "Environment Agency"
    assert len(sheet.supplier.words) == 8
    assert sheet.supplier.is_checked
    assert sheet.supplier.checked == "Priya Shah compared its words by phone on 2 March 2026."


def test_a_key_that_nobody_checked_is_said_to_be_unchecked_and_does_not_stop():
    pair = two_desks()
    fresh = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="third"))
    fresh.first_run(REQUESTER, "Tom Price", "Analyst", passphrase=PASSPHRASE)
    keeping_cards.import_card(fresh.session, pair.holds.card_bytes)
    draft = drafting.start(fresh.session, title="x", supplier=SUPPLIER.id)
    drafting.load_answers(fresh.session, draft.request, ANSWERS.read_bytes())
    presenter, view, seen = opened(fresh, draft.request)
    sheet = view.shown["show_sheet"]
    assert sheet.can_seal
    assert not sheet.supplier.is_checked
    assert sheet.supplier.checked.startswith("Nobody here has compared its words with them yet.")
    presenter.go_to_partner(SUPPLIER.id)
    assert seen.places == [Place(Page.PARTNERS, org=SUPPLIER.id)]
    presenter.go_to_partner("")
    assert seen.places[1:] == [Place(Page.PARTNERS, org=REQUESTER.id, part="roles")]


def test_an_answered_supplier_that_was_never_chosen_from_the_partners_is_missing():
    pair = two_desks()
    draft = drafting.start(pair.asks, title="x")
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    _, view, _ = opened(pair.requester, draft.request)
    sheet = view.shown["show_sheet"]
    assert [problem.question for problem in sheet.missing] == ["about.supplier"]
    assert "partners" in sheet.missing[0].sentence


def test_a_changed_key_stops_the_seal_and_says_why():
    pair = two_desks()
    request = complete(pair)
    pair.asks.vault.cards.flag_change(SUPPLIER.id, "f" * 64)
    _, view, _ = opened(pair.requester, request)
    sheet = view.shown["show_sheet"]
    assert not sheet.can_seal
    assert sheet.hindrance.todo


def test_who_was_not_let_in_yet_is_told_that_sealing_waits():
    pair = two_desks()
    joining = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="joining"))
    joining.first_run(REQUESTER, "Tom Price", "Analyst", passphrase=PASSPHRASE, joining=True)
    draft = drafting.start(joining.session, title="x")
    _, view, _ = opened(joining, draft.request)
    assert view.shown["show_sheet"].hindrance.what


def test_whoever_only_signs_off_is_told_before_the_seal_that_the_card_does_not_name_them_for_it():
    pair = two_desks()
    laptop = second_laptop(pair, pair.requester, "Huw Rees", roles=("legal",))
    draft = drafting.start(laptop.session, title="x")
    _, view, _ = opened(laptop, draft.request)
    sheet = view.shown["show_sheet"]
    assert not sheet.can_seal
    assert "does not name you" in sheet.hindrance.what


def test_without_an_address_sealing_is_only_for_keeping():
    pair = two_desks()
    supplier = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="unreachable"))
    supplier.first_run(Organisation(OrganisationId("far-agency"), "Far Agency"), "A", "B", passphrase=PASSPHRASE)
    keeping_cards.import_card(pair.asks, supplier.session.card_bytes)
    draft = drafting.start(pair.asks, title="x", supplier=OrganisationId("far-agency"))
    _, view, _ = opened(pair.requester, draft.request)
    sheet = view.shown["show_sheet"]
    assert sheet.hindrance is None
    assert not sheet.can_send


def test_sealing_and_keeping_puts_the_request_where_it_waits():
    pair = two_desks()
    request = complete(pair)
    presenter, view, seen = opened(pair.requester, request)
    presenter.seal(send=False)
    sealed = view.shown["show_sealed"]
    assert (sealed.request, sealed.is_sent, sealed.problem) == (request, False, None)
    (item,) = pair.asks.vault.outbox.bundles_of_request(request)
    assert item.state is DeliveryState.QUEUED
    assert seen.said == ["The request is sealed."]
    presenter.see(request)
    assert seen.places == [Place(Page.REQUEST, request=request)]


def test_sealing_and_sending_sends_at_once():
    pair = two_desks()
    request = complete(pair)
    presenter, view, _ = opened(pair.requester, request)
    presenter.seal(send=True)
    assert view.shown["show_sealed"].is_sent
    (item,) = pair.asks.vault.outbox.bundles_of_request(request)
    assert item.state is DeliveryState.COMMITTED


def test_a_store_that_cannot_be_reached_leaves_the_request_sealed_and_says_so():
    pair = two_desks()
    request = complete(pair)
    pair.stores.by_address["inbox-of-supplier"] = Unreachable("inbox-of-supplier")
    presenter, view, _ = opened(pair.requester, request)
    presenter.seal(send=True)
    sealed = view.shown["show_sealed"]
    assert not sealed.is_sent
    assert sealed.problem.what
    assert pair.asks.vault.drafts.get(request) is None
    assert pair.asks.vault.outbox.unfinished()


def test_pressing_twice_seals_once():
    pair = two_desks()
    request = complete(pair)
    view = Recorder()
    frame, _, lane = held_frame(pair.requester)
    presenter = SealPresenter(view, frame)
    presenter.open(request)
    lane.run()
    presenter.seal(send=False)
    presenter.seal(send=False)
    assert len(lane.waiting) == 1


def test_a_draft_that_changed_since_it_was_checked_is_not_sealed_with_gaps():
    pair = two_desks()
    request = complete(pair)
    presenter, view, _ = opened(pair.requester, request)
    drafting.save_answer(pair.asks, request, "purpose.aim", None)
    presenter.seal(send=False)
    assert view.shown["show_error"].what
    assert "show_sealed" not in view.calls
    assert pair.asks.vault.drafts.get(request) is not None
