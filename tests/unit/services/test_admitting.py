from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dsadesk import age
from dsadesk.bundle.card import MAX_BYTES, MAX_OFFICIALS
from dsadesk.bundle.identity import Identity, identity_from_seed
from dsadesk.bundle.signature import parse_envelope, sign_envelope
from dsadesk.bundle.trust import HowKnown, find_signer, judge
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import encode_base64
from dsadesk.domain.ids import DeviceId, OrganisationId
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import CardError, RuleError
from dsadesk.services import admitting, keeping_cards, keeping_keys, rotating
from dsadesk.services.admitting import (
    APPLICATION_TYPE,
    INTRODUCTION_TYPE,
    PASS_TYPE,
    Application,
    Introduction,
    Member,
    Pass,
)
from dsadesk.services.desk import Desk
from dsadesk.services.session import INBOX_SEED, Session
from dsadesk.services.wording import evidence_sentences
from tests.support.desks import PASSPHRASE, REQUESTER, SUPPLIER, Pair, memory_world, second_laptop, two_desks

THIRD = Organisation(OrganisationId("natural-resources-wales"), "Natural Resources Wales")


@pytest.fixture
def pair() -> Pair:
    return two_desks()


def newcomer(pair: Pair, name: str = "Dafydd Rees") -> Desk:
    desk = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed=name))
    desk.first_run(REQUESTER, name, "Analyst", passphrase=PASSPHRASE, joining=True)
    return desk


def third(pair: Pair, seed: str = "third") -> Desk:
    desk = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed=seed))
    desk.first_run(THIRD, "Elin Morgan", "Registrar", passphrase=PASSPHRASE)
    keeping_cards.set_inbox_address(desk.session, "inbox-of-third")
    return desk


def application_of(desk: Desk, **changes: Any) -> bytes:
    keys = desk.session.device
    envelope = parse_envelope(admitting.apply(desk.session), payload_type=APPLICATION_TYPE, max_bytes=1 << 20)
    application = msgspec.convert(canonical.decode(envelope.payload, max_bytes=1 << 20), Application)
    return sign_envelope(
        APPLICATION_TYPE, canonical.encode(msgspec.structs.replace(application, **changes)), keys.signing
    )


def opened_pass(data: bytes, device: Identity) -> Pass:
    plain = age.decrypt(age.dearmor(data), (device.hybrid,))
    envelope = parse_envelope(plain, payload_type=PASS_TYPE, max_bytes=1 << 22)
    return msgspec.convert(canonical.decode(envelope.payload, max_bytes=1 << 22), Pass)


def forged(session: Session, given: Pass, device: Identity, **changes: Any) -> bytes:
    """A pass that the organisation's own key signed with other contents."""
    assert session.organisation is not None
    payload = canonical.encode(msgspec.structs.replace(given, **changes))
    envelope = sign_envelope(PASS_TYPE, payload, session.organisation.signing)
    return age.armor(age.encrypt(envelope, (device.hybrid.recipient,), session.world.entropy.token))


# ---------------------------------------------------------------- colleagues


def test_a_colleague_who_is_let_in_reads_the_same_inbox(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.requester, "Dafydd Rees")
    assert laptop.session.box == pair.asks.box
    assert laptop.session.card == pair.asks.card
    assert laptop.session.organisation is None
    assert [entry.official.name for entry in pair.asks.card.officials] == ["Priya Shah", "Dafydd Rees"]


def test_a_colleague_who_administers_the_keys_can_let_others_in_and_make_passes_for_all(pair: Pair) -> None:
    desk, drafter = newcomer(pair), second_laptop(pair, pair.requester, "Ceri Evans")
    given = admitting.admit(pair.asks, admitting.apply(desk.session), admin=True)
    desk.take(admitting.accept(desk.session, given))
    keeping_cards.pin_card(pair.asks, desk.session.card, desk.session.card_bytes, arrived="")
    rotating.rotate_inbox(desk.session)
    passes = rotating.passes_for_members(desk.session)
    assert {entry.official.name for entry, _ in passes.made} == {"Priya Shah", "Ceri Evans"}
    assert passes.must_apply == ()
    drafter.take(admitting.accept(drafter.session, {e.official.name: d for e, d in passes.made}["Ceri Evans"]))
    assert drafter.session.card.version == desk.session.card.version


def test_an_application_for_another_organisation_is_refused(pair: Pair) -> None:
    with pytest.raises(RuleError, match="other-organisation"):
        admitting.admit(pair.holds, admitting.apply(newcomer(pair).session))


@pytest.mark.parametrize(
    "changes",
    [
        {"hybrid": "age1notarecipient"},
        {"hybrid": str(age.X25519Identity(bytes(range(32))).recipient)},
        {"v": 2},
        {"official": {"id": "x", "name": "Two\nlines", "post": "Analyst"}},
    ],
)
def test_an_application_with_something_that_cannot_be_is_refused(pair: Pair, changes: dict[str, Any]) -> None:
    with pytest.raises(CardError, match="application-unreadable"):
        admitting.admit(pair.asks, application_of(newcomer(pair), **changes))
    assert len(pair.asks.card.officials) == 1


def test_an_application_in_the_name_of_somebody_on_the_card_is_refused(pair: Pair) -> None:
    """Whoever came in as another would be taken for them when they restore a laptop."""
    victim = pair.asks.profile.official
    claimed = {"id": victim.id, "name": "Mallory", "post": "Analyst"}
    with pytest.raises(CardError, match="application-other-person"):
        admitting.admit(pair.asks, application_of(newcomer(pair, "Mallory"), official=claimed))


def test_an_application_that_another_key_signed_is_refused(pair: Pair) -> None:
    desk = newcomer(pair)
    other = identity_from_seed(bytes(range(32))).signing.public
    with pytest.raises(CardError, match="application-altered"):
        admitting.admit(pair.asks, application_of(desk, keys=other))


def test_only_who_holds_the_key_lets_others_in(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.requester, "Dafydd Rees")
    with pytest.raises(RuleError, match="not-admin"):
        admitting.admit(laptop.session, admitting.apply(newcomer(pair, "Ceri Evans").session))


def test_admitting_the_same_laptop_twice_names_it_once(pair: Pair) -> None:
    desk = newcomer(pair)
    for _ in range(2):
        given = admitting.admit(pair.asks, admitting.apply(desk.session))
    assert len(pair.asks.card.officials) == 2
    desk.take(admitting.accept(desk.session, given))
    assert desk.session.card == pair.asks.card


def test_a_laptop_that_was_ended_is_not_admitted_again(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.requester, "Dafydd Rees")
    application = admitting.apply(laptop.session)
    rotating.remove_official(pair.asks, laptop.session.device.device)
    with pytest.raises(RuleError, match="device-left"):
        admitting.admit(pair.asks, application)


def test_a_pass_opens_for_its_laptop_only(pair: Pair) -> None:
    desk, other = newcomer(pair), newcomer(pair, "Ceri Evans")
    given = admitting.admit(pair.asks, admitting.apply(desk.session))
    with pytest.raises(CardError, match="pass-unreadable"):
        admitting.accept(other.session, given)


def test_a_pass_whose_keys_are_not_those_of_its_card_changes_nothing(pair: Pair) -> None:
    desk = newcomer(pair)
    device = desk.session.device
    given = opened_pass(admitting.admit(pair.asks, admitting.apply(desk.session), admin=True), device)
    other = encode_base64(bytes(range(32)))
    wrong: list[dict[str, Any]] = [
        {"inbox_seed": other},
        {"inbox_seed": encode_base64(b"short")},
        {"inbox_seed": "not base64!"},
        {"older_inbox_seeds": (encode_base64(b"short"),)},
        {"organisation_seed": other},
        {"organisation_seed": encode_base64(b"short")},
    ]
    for changes in wrong:
        with pytest.raises(CardError, match="pass-altered"):
            admitting.accept(desk.session, forged(pair.asks, given, device, **changes))
    assert desk.session.vault.settings.read(INBOX_SEED) is None
    assert desk.session.vault.cards.get(REQUESTER.id) is None
    desk.take(admitting.accept(desk.session, forged(pair.asks, given, device)))
    assert desk.session.organisation is not None


def test_a_pass_with_a_card_that_does_not_name_the_laptop_is_refused(pair: Pair) -> None:
    desk = newcomer(pair)
    device, before = desk.session.device, pair.asks.card_bytes
    given = opened_pass(admitting.admit(pair.asks, admitting.apply(desk.session)), device)
    with pytest.raises(CardError, match="pass-without-you"):
        admitting.accept(desk.session, forged(pair.asks, given, device, card=encode_base64(before)))


def test_an_old_pass_does_not_bring_back_an_old_key(pair: Pair) -> None:
    desk = newcomer(pair)
    old = admitting.admit(pair.asks, admitting.apply(desk.session))
    desk.take(admitting.accept(desk.session, old))
    rotating.rotate_inbox(pair.asks)
    ((_, new),) = rotating.passes_for_members(pair.asks).made
    desk.take(admitting.accept(desk.session, new))
    seed = desk.session.vault.settings.read(INBOX_SEED)
    with pytest.raises(RuleError, match="older-card"):
        admitting.accept(desk.session, old)
    assert desk.session.vault.settings.read(INBOX_SEED) == seed
    again = admitting.accept(desk.session, new)
    assert again.box == pair.asks.box
    assert keeping_keys.inbox_seeds(again.vault) == keeping_keys.inbox_seeds(pair.asks.vault)


def test_a_pass_shows_nothing_of_the_keys_in_it(pair: Pair) -> None:
    desk = newcomer(pair)
    given = opened_pass(admitting.admit(pair.asks, admitting.apply(desk.session), admin=True), desk.session.device)
    assert given.organisation_seed
    for secret in (given.inbox_seed, given.organisation_seed):
        assert secret not in repr(given)
        assert secret not in str(given)


# ---------------------------------------------------------------- introductions


def introduced(pair: Pair, desk: Desk, method: str = "phone") -> bytes:
    """The supplier vouches for a third organisation."""
    keeping_cards.import_card(pair.holds, desk.session.card_bytes)
    keeping_cards.check_card(pair.holds, THIRD.id, method, "Spoke to Elin Morgan")
    return admitting.introduce(pair.holds, THIRD.id)


def test_a_partner_who_was_met_in_person_can_vouch_for_another(pair: Pair) -> None:
    data = introduced(pair, third(pair))
    keeping_cards.check_card(pair.asks, SUPPLIER.id, "in-person", "At the Cardiff office")
    pinned = admitting.import_introduction(pair.asks, data)
    assert pinned.org == THIRD.id
    (check,) = pinned.checks
    assert (check.method, check.by, check.at) == ("introducer", "Priya Shah", pair.clock.now())
    assert check.note == "Gwen Ellis, Environment Agency (environment-agency)"
    known = pair.asks.directory.known(THIRD.id)
    assert known is not None
    assert known.how is HowKnown.CHECKED
    assert keeping_cards.partner_card(pair.asks, THIRD.id).org == THIRD


def test_who_vouched_is_shown_wherever_the_key_is_used(pair: Pair) -> None:
    desk = third(pair)
    keeping_cards.check_card(pair.asks, SUPPLIER.id, "in-person")
    admitting.import_introduction(pair.asks, introduced(pair, desk))
    now = pair.clock.now()
    signer = find_signer(THIRD.id, desk.session.device.device, pair.asks.directory, None)
    sentences = evidence_sentences(judge(signer, now, now), now)
    vouched = "Priya Shah took the key of Natural Resources Wales from Gwen Ellis, Environment Agency (environment-agency), who vouched for it"
    assert sentences[1].startswith(vouched)


def test_a_comparison_of_ones_own_stands_before_an_introduction(pair: Pair) -> None:
    desk = third(pair)
    data = introduced(pair, desk)
    keeping_cards.check_card(pair.asks, SUPPLIER.id, "in-person")
    keeping_cards.import_card(pair.asks, desk.session.card_bytes)
    keeping_cards.check_card(pair.asks, THIRD.id, "phone", "Rang the switchboard")
    pair.clock.advance(60)
    admitting.import_introduction(pair.asks, data)
    known = pair.asks.directory.known(THIRD.id)
    assert known is not None
    assert (known.check_method, known.check_note) == ("phone", "Rang the switchboard")


def test_an_introduction_by_a_partner_who_was_only_rung_up_does_not_count(pair: Pair) -> None:
    with pytest.raises(RuleError, match="introducer-not-met"):
        admitting.import_introduction(pair.asks, introduced(pair, third(pair)))
    assert pair.asks.vault.cards.get(THIRD.id) is None


def test_nobody_vouches_for_a_key_that_they_have_not_compared_themselves(pair: Pair) -> None:
    desk = third(pair)
    keeping_cards.import_card(pair.holds, desk.session.card_bytes)
    with pytest.raises(RuleError, match="not-compared"):
        admitting.introduce(pair.holds, THIRD.id)
    keeping_cards.check_card(pair.holds, THIRD.id, "introducer", "Somebody said so")
    with pytest.raises(RuleError, match="not-compared"):
        admitting.introduce(pair.holds, THIRD.id)
    with pytest.raises(CardError, match="card-own"):
        admitting.introduce(pair.holds, SUPPLIER.id)
    with pytest.raises(RuleError, match="no-card"):
        admitting.introduce(pair.holds, OrganisationId("nobody-knows"))


def test_an_introduction_by_a_stranger_or_with_another_signature_is_refused(pair: Pair) -> None:
    desk = third(pair)
    data = introduced(pair, desk)
    keeping_cards.check_card(pair.asks, SUPPLIER.id, "in-person")
    with pytest.raises(RuleError, match="no-card"):
        admitting.import_introduction(desk.session, data)
    with pytest.raises(CardError, match="introduction-unreadable"):
        admitting.import_introduction(pair.asks, data[:-30])
    envelope = parse_envelope(data, payload_type=admitting.INTRODUCTION_TYPE, max_bytes=1 << 22)
    by_another = sign_envelope(admitting.INTRODUCTION_TYPE, envelope.payload, desk.session.device.signing)
    with pytest.raises(CardError, match="introduction-altered"):
        admitting.import_introduction(pair.asks, by_another)


def test_an_introduction_by_an_official_who_has_left_is_refused(pair: Pair) -> None:
    leaver = second_laptop(pair, pair.supplier, "Owain Hughes")
    keeping_cards.import_card(leaver.session, pair.asks.card_bytes)
    keeping_cards.check_card(leaver.session, REQUESTER.id, "phone")
    desk = third(pair)
    keeping_cards.import_card(desk.session, pair.holds.card_bytes)
    keeping_cards.check_card(desk.session, SUPPLIER.id, "in-person")
    rotating.remove_official(pair.holds, leaver.session.device.device)
    pair.clock.advance(60)
    late = admitting.introduce(leaver.session, REQUESTER.id)
    keeping_cards.import_card(desk.session, pair.holds.card_bytes)
    with pytest.raises(CardError, match="introduction-untrusted"):
        admitting.import_introduction(desk.session, late)


def test_an_introduced_card_with_another_key_than_the_known_one_is_loud(pair: Pair) -> None:
    real, false = third(pair), third(pair, "impostor")
    keeping_cards.check_card(pair.asks, SUPPLIER.id, "in-person")
    keeping_cards.import_card(pair.asks, real.session.card_bytes)
    with pytest.raises(CardError, match="card-key-changed"):
        admitting.import_introduction(pair.asks, introduced(pair, false))
    changed = rotating.changed_key(pair.asks, THIRD.id)
    assert changed is not None
    assert changed.new == false.session.card.fingerprint


def test_an_introduced_card_that_has_run_out_is_refused(pair: Pair) -> None:
    data = introduced(pair, third(pair))
    keeping_cards.check_card(pair.asks, SUPPLIER.id, "in-person")
    pair.clock.advance(366 * 86400)
    with pytest.raises(CardError, match="card-expired"):
        admitting.import_introduction(pair.asks, data)


def test_the_largest_card_fits_into_a_pass_and_two_of_them_into_an_introduction() -> None:
    card, keys = encode_base64(bytes(MAX_BYTES)), identity_from_seed(bytes(32)).signing
    member = Member(device=DeviceId("a" * 32), hybrid="a" * 1959)
    seed = encode_base64(bytes(32))
    given = Pass(v=1, card=card, inbox_seed=seed, older_inbox_seeds=(seed,) * 50, members=(member,) * MAX_OFFICIALS)
    said = Introduction(
        v=1, org=THIRD.id, device=member.device, at="", method="in-person", compared="", introducer=card, card=card
    )
    for kind, content in ((PASS_TYPE, given), (INTRODUCTION_TYPE, said)):
        assert len(sign_envelope(kind, canonical.encode(content), keys)) <= admitting._MAX_BYTES
