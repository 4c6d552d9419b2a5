"""What each official may say: given to people and not to laptops, and what is not offered to whoever lacks it."""

from __future__ import annotations

import pytest

from dsadesk.domain.events import AgreementSigned, RemarkMade, RequestApproved, SignOffGiven
from dsadesk.domain.ids import PersonId, RequestId
from dsadesk.errors import InputError, RuleError
from dsadesk.services import admitting, agreeing, exchanging, giving_roles, recovering, reviewing, rotating
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import Session
from dsadesk.services.speaking import say
from dsadesk.services.wording.officials import lacking_sentence
from dsadesk.ui.presenters import agreement, request_look
from dsadesk.ui.presenters.decide import Act
from dsadesk.ui.presenters.request_shown import Go
from tests.support.desks import PASSPHRASE, SUPPLIER, Pair, memory_world, received_request, second_laptop, two_desks


@pytest.fixture
def pair() -> Pair:
    return two_desks()


def give(pair: Pair, laptop: Desk, *roles: str) -> None:
    """New roles for whoever is at a laptop, who learns of them by a new pass."""
    giving_roles.set_roles(pair.holds, {laptop.session.profile.official.id: roles})
    passes = {entry.device: data for entry, data in rotating.passes_for_members(pair.holds).made}
    laptop.take(admitting.accept(laptop.session, passes[laptop.session.device.device]))


def acts(session: Session, request: RequestId) -> set[str]:
    shown = request_look.look(session, request)
    assert shown is not None
    return {step.id for step in (*shown.head.decisions, *shown.head.more)}


def notes(session: Session, request: RequestId) -> tuple[str, ...]:
    shown = request_look.look(session, request)
    assert shown is not None
    return shown.head.notes


def test_roles_are_a_persons_and_reach_all_their_laptops(pair: Pair) -> None:
    first = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="first"))
    words = first.first_run(SUPPLIER, "Owain Hughes", "Analyst", passphrase=PASSPHRASE, joining=True).words.reveal()
    first.take(admitting.accept(first.session, admitting.admit(pair.holds, admitting.apply(first.session))))
    profile = first.session.profile
    world = memory_world(stores=pair.stores, clock=pair.clock, seed="second")
    second = recovering.restore(world, words, profile, passphrase=PASSPHRASE, card=pair.holds.card_bytes).session
    admitting.admit(pair.holds, admitting.apply(second))
    card = giving_roles.set_roles(pair.holds, {profile.official.id: ("decider", "security")})
    for device in (first.session.device.device, second.device.device):
        entry = card.official_of(device)
        assert entry is not None
        assert entry.roles == ("decider", "security")
    assert giving_roles.roles_of(card, profile.official.id) == ("decider", "security")


def test_several_people_are_named_on_one_version_of_the_card(pair: Pair) -> None:
    one, two = (second_laptop(pair, pair.supplier, name) for name in ("Owain Hughes", "Elin Morgan"))
    before = pair.holds.card.version
    chosen = {one.session.profile.official.id: ("drafter",), two.session.profile.official.id: ("decider", "legal")}
    card = giving_roles.set_roles(pair.holds, chosen)
    assert card.version == before + 1
    assert [giving_roles.roles_of(card, person) for person in chosen] == [("drafter",), ("decider", "legal")]


def test_nobody_who_is_not_in_post_is_named(pair: Pair) -> None:
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes")
    person = laptop.session.profile.official.id
    rotating.remove_official(pair.holds, laptop.session.device.device)
    for nobody in (person, PersonId("nobody")):
        with pytest.raises(RuleError, match="no-such-official"):
            giving_roles.set_roles(pair.holds, {nobody: ("drafter",)})
    newcomer = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="newcomer"))
    newcomer.first_run(SUPPLIER, "Nia Price", "Analyst", passphrase=PASSPHRASE, joining=True)
    for roles in (("director",), ("admin",), ()):
        with pytest.raises(InputError, match="no-such-role"):
            admitting.admit(pair.holds, admitting.apply(newcomer.session), roles=roles)


def test_whoever_administers_can_be_named_for_sign_offs_when_they_are_let_in(pair: Pair) -> None:
    newcomer = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="newcomer"))
    newcomer.first_run(SUPPLIER, "Nia Price", "Analyst", passphrase=PASSPHRASE, joining=True)
    admitting.admit(pair.holds, admitting.apply(newcomer.session), admin=True, roles=("drafter", "legal"))
    entry = pair.holds.card.official_of(newcomer.session.device.device)
    assert entry is not None
    assert entry.roles == ("admin", "signatory", "decider", "legal")


def test_what_the_card_does_not_name_somebody_for_is_not_offered_and_the_reason_names_who_may(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes", roles=("drafter",))
    exchanging.fetch(laptop.session, Exchange())
    assert {Act.APPROVE, Act.REJECT} <= acts(pair.holds, request)
    assert notes(pair.holds, request) == ()
    offered = acts(laptop.session, request)
    assert not offered & {Act.APPROVE, Act.REJECT}
    assert {Act.RETURN, Act.REFER, Act.REMARK} <= offered
    (note,) = notes(laptop.session, request)
    assert note.startswith("Your organisation's card does not name you for deciding")
    assert "Gwen Ellis" in note
    give(pair, laptop, "drafter", "decider")
    assert {Act.APPROVE, Act.REJECT} <= acts(laptop.session, request)
    assert notes(laptop.session, request) == ()
    reviewing.approve(laptop.session, request, "It is lawful.", [])


def test_signing_is_offered_only_to_whoever_may_sign(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes")
    exchanging.fetch(laptop.session, Exchange())
    reviewing.approve(laptop.session, request, "It is lawful.", [])
    agreeing.draft(laptop.session, request)
    for may in (True, False):
        shown = agreement.look(laptop.session, request)
        page = request_look.look(laptop.session, request)
        assert shown is not None
        assert page is not None
        assert page.head.primary is not None
        assert shown.can_sign is may
        assert page.head.primary.pressing is may
        assert bool(shown.head.notes) is not may
        give(pair, laptop, "drafter")
    assert "Gwen Ellis" in shown.head.notes[0]


def test_whoever_only_signs_off_reads_and_says_nothing(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes", roles=("legal",))
    exchanging.fetch(laptop.session, Exchange())
    shown = request_look.look(laptop.session, request)
    assert shown is not None
    assert (shown.head.primary, shown.head.decisions) == (None, ())
    assert [step.id for step in shown.head.more] == [Go.PAPER], "to read it is not to say something"
    assert not any(answer.can_ask for section in shown.sections for answer in section.answers)
    assert any("nothing about it" in note for note in shown.head.notes)
    own = giving_roles.own_say(laptop.session)
    assert [own.lacks(kind) for kind in (RemarkMade, RequestApproved, AgreementSigned, SignOffGiven)] == [
        "drafter", "decider", "signatory", "",
    ]  # fmt: skip
    with pytest.raises(RuleError, match="role-missing"):
        say(laptop.session, request, RemarkMade(text="I only signed it off."))


def test_where_nobody_has_the_role_the_reason_says_whom_to_ask() -> None:
    assert "Ask whoever looks after the keys" in lacking_sentence("decider", ())
