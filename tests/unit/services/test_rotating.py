from __future__ import annotations

import io
from datetime import timedelta

import pytest
from msgspec.structs import replace

from dsadesk.bundle.card import recipient_of
from dsadesk.bundle.identity import derive, words_to_seed
from dsadesk.codec.events import parse_time
from dsadesk.domain.events import RemarkMade
from dsadesk.domain.ids import DeviceId, OrganisationId, QuestionId, RequestId
from dsadesk.domain.organisation import Organisation
from dsadesk.domain.request import fold
from dsadesk.errors import CardError, DecryptError, InputError, RuleError
from dsadesk.host.memory import START
from dsadesk.ports import DeliveryState
from dsadesk.services import (
    admitting,
    exchanging,
    giving_roles,
    handing_over,
    holding,
    keeping_cards,
    keeping_keys,
    retrying,
    reviewing,
    rotating,
    taking_in,
    viewing,
)
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.holding import Content
from dsadesk.services.reading import read_event, require_state
from dsadesk.services.session import INBOX_SEED, ORGANISATION_SEED
from dsadesk.services.speaking import deliver, sign_event
from dsadesk.services.wording import card_notice_sentence, evidence_sentences
from tests.support.desks import (
    PASSPHRASE,
    REQUESTER,
    SUPPLIER,
    Pair,
    memory_world,
    received_request,
    sealed_request,
    second_laptop,
    two_desks,
)


@pytest.fixture
def pair() -> Pair:
    return two_desks()


def another_key_for_the_supplier(pair: Pair, seed: str = "new key") -> Desk:
    """The supplier made everything anew: the same organisation under another key."""
    desk = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed=seed))
    desk.first_run(SUPPLIER, "Gwen Ellis", "Information asset owner", passphrase=PASSPHRASE)
    keeping_cards.set_inbox_address(desk.session, "inbox-of-supplier")
    return desk


def flagged(pair: Pair, seed: str = "new key") -> Desk:
    desk = another_key_for_the_supplier(pair, seed)
    with pytest.raises(CardError, match="card-key-changed"):
        keeping_cards.import_card(pair.asks, desk.session.card_bytes)
    return desk


# ---------------------------------------------------------------- the inbox's keys


def test_a_rotated_inbox_has_a_new_key_and_the_old_name(pair: Pair) -> None:
    before = pair.holds.card
    after = rotating.rotate_inbox(pair.holds)
    assert after.hybrid != before.hybrid
    assert after.x25519 != before.x25519
    assert (after.box, after.keys, after.version) == (before.box, before.keys, before.version + 1)
    assert after.officials == before.officials
    assert pair.holds.require_inbox().hybrid.recipient == recipient_of(after)
    assert pair.holds.box == before.box


def test_what_was_sealed_before_a_rotation_is_read_after_it_and_the_chain_goes_on(pair: Pair) -> None:
    request = sealed_request(pair)
    rotating.rotate_inbox(pair.holds)
    pair.carry()
    assert viewing.view(pair.asks, request).deliveries[0].state is DeliveryState.DELIVERED
    question = reviewing.ask(pair.holds, request, QuestionId(""), "Which teams?")
    pair.carry()
    assert pair.asks.directory.known(SUPPLIER.id).card == pair.holds.card  # type: ignore[union-attr]
    reviewing.answer(pair.asks, request, question.id, "Two coastal teams.")
    exchanging.send_all(pair.asks, Exchange())
    done = exchanging.fetch(pair.holds, Exchange())
    assert [taken.warnings for taken in done.taken] == [()]
    assert require_state(pair.holds, request).questions[0].answer is not None
    assert not done.quarantined


def test_an_inbox_can_be_rotated_again_and_every_key_is_kept_once(pair: Pair) -> None:
    first = pair.holds.vault.settings.read(INBOX_SEED)
    for _ in range(3):
        rotating.rotate_inbox(pair.holds)
    seeds = keeping_keys.inbox_seeds(pair.holds.vault)
    assert len(seeds) == len(set(seeds)) == 4
    assert seeds[-1] == first
    pair.supplier.lock()
    pair.supplier.unlock_with_passphrase(PASSPHRASE)
    assert keeping_keys.inbox_seeds(pair.holds.vault) == seeds
    assert pair.holds.require_inbox().hybrid.recipient == recipient_of(pair.holds.card)


def test_every_generation_of_keys_is_found_again_from_the_organisations_seed() -> None:
    desk = Desk(memory_world())
    made = desk.first_run(SUPPLIER, "Gwen Ellis", "Owner", passphrase=PASSPHRASE)
    organisation = derive(words_to_seed(made.words.reveal()), "organisation")
    assert organisation == desk.session.vault.settings.read(ORGANISATION_SEED)
    assert rotating.generation_of(organisation, desk.session.card) == 0
    for generation in (1, 2, 3):
        card = rotating.rotate_inbox(desk.session)
        assert rotating.generation_of(organisation, card) == generation
        assert rotating.inbox_seed(organisation, generation) == desk.session.vault.settings.read(INBOX_SEED)


def test_a_rotation_that_fails_changes_nothing(pair: Pair) -> None:
    card, seeds, inbox = pair.holds.card, keeping_keys.inbox_seeds(pair.holds.vault), pair.holds.inbox
    profile = pair.holds.profile
    pair.holds.profile = replace(profile, organisation=Organisation(SUPPLIER.id, "No card\nbears this"))
    with pytest.raises(CardError):
        rotating.rotate_inbox(pair.holds)
    pair.holds.profile = profile
    assert pair.holds.card == card
    assert keeping_keys.inbox_seeds(pair.holds.vault) == seeds
    assert pair.holds.inbox is inbox


def test_only_who_holds_the_key_changes_keys(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes")
    for change in (
        lambda: rotating.rotate_inbox(laptop.session),
        lambda: rotating.renew_card(laptop.session),
        lambda: rotating.remove_official(laptop.session, pair.holds.device.device),
        lambda: rotating.passes_for_members(laptop.session),
    ):
        with pytest.raises(RuleError, match="not-admin"):
            change()


def test_a_colleague_without_the_new_pass_cannot_read_on_and_catches_up_with_it(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes")
    rotating.rotate_inbox(pair.holds)
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    request = sealed_request(pair, sample=True)
    exchanging.send_all(pair.asks, Exchange())
    done = exchanging.fetch(laptop.session, Exchange())
    assert [(held.door, held.code) for held in done.quarantined] == [("decrypt", "not-for-us")]
    held = done.quarantined[0]
    ((entry, data),) = rotating.passes_for_members(pair.holds).made
    assert entry.device == laptop.session.device.device
    laptop.take(admitting.accept(laptop.session, data))
    taken = retrying.retry_quarantine(laptop.session, held.id)
    assert taken is not None
    assert taken.request == request
    assert len(viewing.view(laptop.session, request).samples) == 1
    assert retrying.retry_quarantine(laptop.session, held.id) is None, "the same bundle is not taken in twice"
    assert laptop.session.vault.settings.read(holding.RELEASED + held.id)


def test_a_colleague_who_joins_after_a_rotation_reads_what_came_before_it(pair: Pair) -> None:
    request = received_request(pair)
    rotating.rotate_inbox(pair.holds)
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes")
    exchanging.fetch(laptop.session, Exchange())
    assert len(viewing.view(laptop.session, request).samples) == 1


def test_a_bundle_that_came_as_a_file_is_tried_again_as_it_was_kept(pair: Pair) -> None:
    with pytest.raises(RuleError, match="no-such-bundle"):
        retrying.retry_quarantine(pair.holds, "nothing")
    request = sealed_request(pair, sample=True)
    item = viewing.view(pair.asks, request).deliveries[0]
    bundle = io.BytesIO()
    handing_over.export_bundle(pair.asks, item, bundle)
    colleague = second_laptop(pair, pair.supplier, "Owain Hughes")
    rotating.rotate_inbox(pair.holds)
    newcomer = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="newcomer"))
    newcomer.first_run(SUPPLIER, "Nia Price", "Analyst", passphrase=PASSPHRASE, joining=True)
    for desk in (colleague, newcomer):
        if desk is newcomer:
            with pytest.raises(RuleError, match="not-admitted"):
                taking_in.import_bundle(desk.session, bundle, "request.dsabundle")
    holding.hold(colleague.session, DecryptError("not-for-us"), Content.read(bundle), "request.dsabundle")
    (held,) = holding.held_back(colleague.session)
    taken = retrying.retry_held(colleague.session, {"not-for-us"})
    assert (taken, holding.held_back(colleague.session)) == (1, ())
    assert len(viewing.view(colleague.session, request).samples) == 1
    assert colleague.session.vault.inbox.quarantined() == (held,)


def test_a_bundle_that_was_too_large_to_keep_is_not_tried_again(pair: Pair) -> None:
    holding.hold(pair.holds, DecryptError("not-for-us"), Content(b"", bytes(32), 1 << 40), "large.dsabundle")
    (held,) = holding.held_back(pair.holds)
    with pytest.raises(RuleError, match="quarantine-not-kept"):
        retrying.retry_quarantine(pair.holds, held.id)


# ---------------------------------------------------------------- leaving


def test_an_official_who_leaves_is_ended_and_the_inbox_gets_new_keys(pair: Pair) -> None:
    leaver = second_laptop(pair, pair.supplier, "Owain Hughes")
    stays = second_laptop(pair, pair.supplier, "Sian Price")
    before = pair.holds.card
    leaving = rotating.remove_official(pair.holds, leaver.session.device.device)
    assert leaving.official.official.name == "Owain Hughes"
    assert parse_time(leaving.official.until) == pair.clock.now()
    assert leaving.card.version == before.version + 1
    assert leaving.card.hybrid != before.hybrid
    assert [entry.official.name for entry, _ in leaving.passes.made] == ["Sian Price"]
    assert not leaving.passes.must_apply
    assert not leaving.held_key
    with pytest.raises(CardError, match="pass-unreadable"):
        admitting.accept(leaver.session, leaving.passes.made[0][1])
    stays.take(admitting.accept(stays.session, leaving.passes.made[0][1]))
    assert stays.session.card == leaving.card


def test_a_leaver_who_held_the_organisations_key_is_said_to(pair: Pair) -> None:
    desk = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="admin"))
    desk.first_run(SUPPLIER, "Owain Hughes", "Registrar", passphrase=PASSPHRASE, joining=True)
    given = admitting.admit(pair.holds, admitting.apply(desk.session), admin=True)
    desk.take(admitting.accept(desk.session, given))
    assert rotating.remove_official(pair.holds, desk.session.device.device).held_key


def test_whom_this_laptop_cannot_make_a_pass_for_has_to_apply_again(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes")
    pair.holds.vault.settings.remove(admitting.MEMBER + laptop.session.device.device)
    rotating.rotate_inbox(pair.holds)
    passes = rotating.passes_for_members(pair.holds)
    assert passes.made == ()
    assert [entry.official.name for entry in passes.must_apply] == ["Owain Hughes"]
    given = admitting.admit(pair.holds, admitting.apply(laptop.session))
    laptop.take(admitting.accept(laptop.session, given))
    assert laptop.session.require_inbox().hybrid.recipient == recipient_of(pair.holds.card)


def test_leaving_twice_oneself_or_unknown_is_refused(pair: Pair) -> None:
    leaver = second_laptop(pair, pair.supplier, "Owain Hughes").session.device.device
    rotating.remove_official(pair.holds, leaver)
    with pytest.raises(RuleError, match="already-left"):
        rotating.remove_official(pair.holds, leaver)
    with pytest.raises(RuleError, match="own-device"):
        rotating.remove_official(pair.holds, pair.holds.device.device)
    with pytest.raises(InputError, match="no-such-device"):
        rotating.remove_official(pair.holds, DeviceId("f" * 32))


def test_what_a_leaver_signed_stays_valid_and_what_they_sign_later_is_refused(pair: Pair) -> None:
    """End to end: the leaver's laptop is still in their hands and goes on."""
    leaver = second_laptop(pair, pair.supplier, "Owain Hughes")
    request = received_request(pair, sample=False)
    exchanging.exchange(leaver.session)
    pair.carry()
    reviewing.ask(leaver.session, request, QuestionId(""), "Asked while in post.")
    exchanging.exchange(leaver.session)
    pair.carry()
    assert [q.body.text for q in require_state(pair.asks, request).questions] == ["Asked while in post."]

    pair.clock.advance(60)
    rotating.remove_official(pair.holds, leaver.session.device.device)
    reviewing.remark(pair.holds, request, "A colleague has left.")
    pair.carry()
    assert pair.asks.directory.known(SUPPLIER.id).card == pair.holds.card  # type: ignore[union-attr]

    pair.clock.advance(60)
    reviewing.ask(leaver.session, request, QuestionId(""), "Asked after leaving.")
    exchanging.send_all(leaver.session, Exchange())
    done = exchanging.fetch(pair.asks, Exchange())
    assert [(held.door, held.code) for held in done.quarantined] == [("trust", "signer-left")]
    assert [q.body.text for q in require_state(pair.asks, request).questions] == ["Asked while in post."]
    for session in (pair.asks, pair.holds):
        lines = {line.line.event.by.name: line for line in viewing.history(session, request)}
        evidence = lines["Owain Hughes"].evidence
        assert evidence is not None, "what was signed in post can still be proven"
        assert "signer-left-since" in evidence.warnings


# ---------------------------------------------------------------- cards that end


def test_a_renewed_card_says_the_same_for_another_year(pair: Pair) -> None:
    pair.clock.advance(200 * 86400)
    before, after = pair.holds.card, rotating.renew_card(pair.holds)
    assert parse_time(after.expires) == pair.clock.now() + timedelta(days=365)
    assert replace(after, version=before.version, issued=before.issued, expires=before.expires) == before


def test_cards_that_end_are_told_apart_by_whose_they_are_and_whether_they_have(pair: Pair) -> None:
    ends = START + timedelta(days=365)
    assert rotating.card_notices(pair.asks, ends - timedelta(days=31)) == ()
    codes = {}
    for days in (-29, 1):
        notices = rotating.card_notices(pair.asks, ends + timedelta(days=days))
        assert [notice.org.id for notice in notices] == [REQUESTER.id, SUPPLIER.id], "one's own comes first"
        codes[days] = [notice.code for notice in notices]
    assert codes[-29] == ["own-card-ends", "their-card-ends"]
    assert codes[1] == ["own-card-ended", "their-card-ended"]


def test_each_notice_of_a_card_has_a_sentence_of_its_own() -> None:
    codes = ("own-card-ends", "own-card-ended", "their-card-ends", "their-card-ended", "of-next-year")
    said = [card_notice_sentence(code, "Environment Agency", "2027-03-02T09:00:00Z") for code in codes]
    assert len(set(said)) == 5
    assert all("2 March 2027" in sentence for sentence in said[:4])
    assert said[0].startswith("Your own")
    assert "Environment Agency" in said[3]


# ---------------------------------------------------------------- a partner's key that changed


def test_a_changed_key_is_shown_with_the_words_of_both(pair: Pair) -> None:
    assert rotating.changed_key(pair.asks, SUPPLIER.id) is None
    other = flagged(pair)
    changed = rotating.changed_key(pair.asks, SUPPLIER.id)
    assert changed is not None
    assert changed.name == SUPPLIER.name
    assert (changed.known, changed.new) == (pair.holds.card.fingerprint, other.session.card.fingerprint)
    assert len(changed.known_words) == len(changed.new_words) == 8
    assert changed.known_words != changed.new_words
    with pytest.raises(RuleError, match="no-card"):
        rotating.changed_key(pair.asks, OrganisationId("nobody-knows"))


def test_sealing_stops_until_somebody_decides(pair: Pair) -> None:
    other = flagged(pair)
    with pytest.raises(CardError, match="card-key-pending"):
        keeping_cards.partner_card(pair.asks, SUPPLIER.id)
    rotating.accept_new_key(pair.asks, other.session.card_bytes, "in-person", "At their office")
    assert keeping_cards.partner_card(pair.asks, SUPPLIER.id) == other.session.card


def test_accepting_a_key_keeps_who_when_and_how_and_lets_the_old_comparison_lapse(pair: Pair) -> None:
    other = flagged(pair)
    pair.clock.advance(60)
    pinned = rotating.accept_new_key(pair.asks, other.session.card_bytes, "phone", " Rang Gwen Ellis ")
    assert pinned.fingerprint == other.session.card.fingerprint
    assert pinned.changed_to == ""
    ((check),) = pinned.checks
    assert (check.method, check.by, check.at, check.note) == (
        "phone",
        "Priya Shah",
        pair.clock.now(),
        "Rang Gwen Ellis",
    )
    assert pinned.first_seen_at == pair.clock.now()
    assert rotating.changed_key(pair.asks, SUPPLIER.id) is None


def test_a_new_key_is_not_accepted_without_a_comparison_of_ones_own(pair: Pair) -> None:
    other = flagged(pair)
    for method in ("", "introducer", "file", "trust me"):
        with pytest.raises(InputError, match="check-method"):
            rotating.accept_new_key(pair.asks, other.session.card_bytes, method)
    assert rotating.changed_key(pair.asks, SUPPLIER.id) is not None


def test_only_the_key_that_waits_can_be_accepted(pair: Pair) -> None:
    third = another_key_for_the_supplier(pair, "a third key")
    with pytest.raises(RuleError, match="no-changed-key"):
        rotating.accept_new_key(pair.asks, third.session.card_bytes, "phone")
    flagged(pair)
    with pytest.raises(CardError, match="card-other-key"):
        rotating.accept_new_key(pair.asks, third.session.card_bytes, "phone")
    with pytest.raises(RuleError, match="same-key"):
        rotating.accept_new_key(pair.asks, pair.holds.card_bytes, "phone")
    with pytest.raises(CardError, match="card-own"):
        rotating.accept_new_key(pair.asks, pair.asks.card_bytes, "phone")
    with pytest.raises(CardError, match="card-unreadable"):
        rotating.accept_new_key(pair.asks, b"nothing", "phone")
    with pytest.raises(RuleError, match="no-card"):
        rotating.accept_new_key(
            Desk(memory_world()).first_run(REQUESTER, "A", "B", passphrase=PASSPHRASE).session,
            pair.holds.card_bytes,
            "phone",
        )


def test_a_new_key_on_a_card_that_has_run_out_is_refused(pair: Pair) -> None:
    other = flagged(pair)
    pair.clock.advance(366 * 86400)
    with pytest.raises(CardError, match="card-expired"):
        rotating.accept_new_key(pair.asks, other.session.card_bytes, "phone")


def test_refusing_a_key_lifts_the_stop_keeps_who_refused_and_can_be_thought_over(pair: Pair) -> None:
    other = flagged(pair)
    rotating.refuse_new_key(pair.asks, SUPPLIER.id, "They know nothing of it")
    assert keeping_cards.partner_card(pair.asks, SUPPLIER.id) == pair.holds.card
    pinned = pair.asks.vault.cards.get(SUPPLIER.id)
    assert pinned is not None
    refusal = pinned.checks[-1]
    assert (refusal.method, refusal.by) == ("refused", "Priya Shah")
    assert refusal.note == f"{other.session.card.fingerprint} They know nothing of it"
    with pytest.raises(CardError, match="card-key-refused"):
        keeping_cards.import_card(pair.asks, other.session.card_bytes)
    assert rotating.changed_key(pair.asks, SUPPLIER.id) is None
    with pytest.raises(RuleError, match="no-changed-key"):
        rotating.refuse_new_key(pair.asks, SUPPLIER.id)
    rotating.accept_new_key(pair.asks, other.session.card_bytes, "in-person")
    assert keeping_cards.partner_card(pair.asks, SUPPLIER.id) == other.session.card


def test_a_bundle_under_a_refused_key_is_held_back_and_does_not_stop_delivery(pair: Pair) -> None:
    """Otherwise anybody who can write to an inbox could stop its owner from writing to a partner, again and again."""
    request = received_request(pair, sample=False)
    other = another_key_for_the_supplier(pair)
    keeping_cards.import_card(other.session, pair.asks.card_bytes)
    codes = []
    for text in ("One", "Two"):
        send_a_remark(other, pair, request, text)
        done = exchanging.fetch(pair.asks, Exchange())
        codes += [held.code for held in done.quarantined]
        if text == "One":
            rotating.refuse_new_key(pair.asks, SUPPLIER.id)
    assert codes == ["key-changed", "key-refused"]
    assert keeping_cards.partner_card(pair.asks, SUPPLIER.id) == pair.holds.card


def send_a_remark(other: Desk, pair: Pair, request: RequestId, text: str) -> None:
    """The supplier's other desk, which has no history, says something about a request."""
    stored = pair.holds.vault.events.of_request(request)
    with other.session.vault.transaction():
        other.session.vault.events.append(stored[:1])
        event = sign_event(other.session, request, fold([read_event(stored[0])]), RemarkMade(text=text))
        deliver(other.session, request, kind="reply", counterpart=REQUESTER.id, events=(event,), samples=())
    exchanging.send_all(other.session, Exchange())


def test_what_was_held_back_under_a_new_key_is_taken_in_after_it_is_accepted(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    other = another_key_for_the_supplier(pair)
    keeping_cards.import_card(other.session, pair.asks.card_bytes)
    send_a_remark(other, pair, request, "We have a new key.")
    (held,) = exchanging.fetch(pair.asks, Exchange()).quarantined
    assert held.code == "key-changed"
    rotating.accept_new_key(pair.asks, other.session.card_bytes, "in-person")
    taken = retrying.retry_quarantine(pair.asks, held.id)
    assert taken is not None
    assert taken.event_types == ("RemarkMade",)
    assert taken.evidence.check_method == "in-person"


def test_what_was_signed_under_the_earlier_key_stays_proved_and_says_until_when_they_had_it(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    before = [line.evidence for line in viewing.history(pair.asks, request)]
    assert all(evidence is not None for evidence in before)
    other = flagged(pair)
    pair.clock.advance(86400)
    rotating.accept_new_key(pair.asks, other.session.card_bytes, "in-person")
    theirs = [line for line in viewing.history(pair.asks, request) if line.event.org == SUPPLIER.id]
    assert theirs
    for line in theirs:
        assert line.evidence is not None, line.problem
        assert line.evidence.replaced_at == pair.clock.now()
        assert line.evidence.check_method == "phone", "how the earlier key was compared is still known"
        assert line.evidence.fingerprint == pair.holds.card.fingerprint
        assert "key-replaced" in line.evidence.warnings
        said = " ".join(evidence_sentences(line.evidence, pair.clock.now()))
        assert "It was signed with the key that Environment Agency had until 3 March 2026" in said


def test_the_earlier_key_proves_nothing_that_arrives(pair: Pair) -> None:
    """Whoever took it with a stolen laptop could otherwise go on speaking."""
    request = received_request(pair, sample=False)
    other = flagged(pair)
    rotating.accept_new_key(pair.asks, other.session.card_bytes, "in-person")
    reviewing.remark(pair.holds, request, "Still with the old key.")
    exchanging.send_all(pair.holds, Exchange())
    (held,) = exchanging.fetch(pair.asks, Exchange()).quarantined
    assert held.code == "key-changed"
    assert "Still with the old key." not in str(viewing.history(pair.asks, request))


# ---------------------------------------------------------------- a key that somebody else forges


def forged(pair: Pair, request: RequestId, name: str) -> str:
    """A stranger with a key of their own speaks under the supplier's name. Returns what became of it."""
    other = another_key_for_the_supplier(pair, name)
    keeping_cards.import_card(other.session, pair.asks.card_bytes)
    send_a_remark(other, pair, request, name)
    done = exchanging.fetch(pair.asks, Exchange())
    return done.quarantined[-1].code


def test_after_one_decision_further_forged_keys_do_not_stop_delivery_for_a_month(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    assert forged(pair, request, "first") == "key-changed"
    with pytest.raises(CardError, match="card-key-pending"):
        keeping_cards.partner_card(pair.asks, SUPPLIER.id)
    rotating.refuse_new_key(pair.asks, SUPPLIER.id, "They know nothing of it")
    assert forged(pair, request, "second") == "key-doubted"
    assert forged(pair, request, "third") == "key-doubted"
    assert keeping_cards.partner_card(pair.asks, SUPPLIER.id) == pair.holds.card
    pair.clock.advance(keeping_cards.DECISION_HOLDS.total_seconds() + 1)
    assert forged(pair, request, "a month later") == "key-changed"
    with pytest.raises(CardError, match="card-key-pending"):
        keeping_cards.partner_card(pair.asks, SUPPLIER.id)


def test_a_card_that_a_person_brings_is_put_before_a_person_whenever_it_comes(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    forged(pair, request, "first")
    rotating.refuse_new_key(pair.asks, SUPPLIER.id)
    real = another_key_for_the_supplier(pair, "the real new key")
    with pytest.raises(CardError, match="card-key-changed"):
        keeping_cards.import_card(pair.asks, real.session.card_bytes)
    assert (
        rotating.accept_new_key(pair.asks, real.session.card_bytes, "phone").fingerprint
        == real.session.card.fingerprint
    )


def test_a_forged_key_does_not_take_the_place_of_one_that_waits_for_a_decision(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    real = flagged(pair)
    assert forged(pair, request, "forged") == "key-changed"
    changed = rotating.changed_key(pair.asks, SUPPLIER.id)
    assert changed is not None
    assert changed.new == real.session.card.fingerprint


# ---------------------------------------------------------------- roles


def test_roles_are_given_and_taken_and_what_was_said_before_stays_valid(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes", roles=("drafter",))
    device, person = laptop.session.device.device, laptop.session.profile.official.id
    exchanging.fetch(laptop.session, Exchange())
    with pytest.raises(RuleError, match="role-missing"):
        reviewing.reject(laptop.session, request, "No.")
    giving_roles.set_roles(pair.holds, {person: ("drafter", "decider")})
    laptop.take(admitting.accept(laptop.session, rotating.passes_for_members(pair.holds).made[0][1]))
    reviewing.start_assessment(laptop.session, request)
    reviewing.reject(laptop.session, request, "We do not hold it.")
    exchanging.send_all(laptop.session, Exchange())
    done = exchanging.fetch(pair.asks, Exchange())
    assert {"AssessmentStarted", "RequestRejected"} <= {name for each in done.taken for name in each.event_types}
    assert done.quarantined == []
    pair.clock.advance(60)
    card = giving_roles.set_roles(pair.holds, {person: ("drafter",)})
    entry = card.official_of(device)
    assert entry is not None
    assert (entry.roles, [each.role for each in entry.ended_roles]) == (("drafter",), ["decider"])
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    assert all(line.evidence is not None for line in viewing.history(pair.asks, request))


def test_a_role_is_one_of_a_few_and_only_an_administrator_gives_it(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes")
    person = laptop.session.profile.official.id
    for roles in (("director",), ("admin",), ()):
        with pytest.raises(InputError, match="no-such-role"):
            giving_roles.set_roles(pair.holds, {person: roles})
    with pytest.raises(RuleError, match="not-admin"):
        giving_roles.set_roles(laptop.session, {person: ("decider",)})


def test_whoever_holds_the_organisations_key_keeps_the_role_that_goes_with_it(pair: Pair) -> None:
    card = giving_roles.set_roles(pair.holds, {pair.holds.profile.official.id: ("drafter",)})
    entry = card.official_of(pair.holds.device.device)
    assert entry is not None
    assert entry.roles == ("admin", "drafter")
