"""Partners without a window: our card, theirs, how each key is known, changed keys, colleagues."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dsadesk.bundle.card import read_card
from dsadesk.errors import CardError
from dsadesk.ports import StoreAccess
from dsadesk.services import admitting, keeping_cards, recovering, stores
from dsadesk.services.changes import Changes
from dsadesk.services.desk import Desk
from dsadesk.services.keeping_cards import partner_card
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.partners import METHODS, PartnersPresenter
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import PASSPHRASE, REQUESTER, SUPPLIER, memory_world, two_desks
from tests.unit.ui.frames import Recorder, inline_frame


class Knowing:
    """The page open over one desk."""

    def __init__(self, desk, org=None, part=""):
        self.desk, self.view = desk, Recorder()
        self.frame, self.seen = inline_frame(desk)
        assert isinstance(self.frame, Frame)
        self.page = PartnersPresenter(self.view, self.frame)
        self.page.open(org, part)

    @property
    def shown(self):
        return self.view.shown["show_partners"][0]

    @property
    def chosen(self):
        return self.view.shown["show_partners"][1]

    @property
    def partner(self):
        return self.shown.partner(SUPPLIER.id)

    @property
    def notice(self):
        return " ".join(self.view.shown["show_notice"])

    @property
    def error(self):
        return self.view.shown.get("show_error")


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def other():
    """Two organisations of the same names with other keys."""
    return two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))


def card_file(folder, session, name="card.dsacard"):
    file = folder / name
    file.write_bytes(session.card_bytes)
    return file


def alone(pair, seed="third"):
    """A third organisation that knows nobody."""
    desk = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed=seed))
    from dsadesk.domain.ids import OrganisationId
    from dsadesk.domain.organisation import Organisation

    desk.first_run(
        Organisation(OrganisationId("office-rail"), "Office of Rail"), "Owain", "Analyst", passphrase=PASSPHRASE
    )
    return desk


def test_our_own_card_has_its_words_large_and_spelled(pair):
    own = Knowing(pair.requester).shown.own
    assert len(own.words) == 8
    assert own.spelled.startswith(f"Word 1, {own.words[0]}. Word 2, ")
    assert own.inbox == "inbox-of-requester"
    assert [official.name for official in own.officials] == ["Priya Shah"]
    assert "Looks after the keys" in own.officials[0].facts
    assert own.is_admin
    assert own.warning == ""


def test_the_list_has_ourselves_first_and_says_how_well_each_key_is_known(pair):
    knowing = Knowing(pair.requester)
    assert [(card.title, card.pill) for card in knowing.shown.cards] == [
        ("Public Health Wales", "Ready"),
        ("Environment Agency", "Words compared"),
    ]
    assert knowing.chosen == REQUESTER.id


def test_a_partner_says_who_compared_its_words_how_with_whom_and_when(pair):
    partner = Knowing(pair.requester, SUPPLIER.id).partner
    assert partner.how == "Priya Shah compared the key with Environment Agency by phone today at 9am."
    assert partner.how_tone is Tone.GOOD
    assert partner.checks == (
        ("Card came as a file", "Priya Shah, today at 9am."),
        ("Words compared by phone", "Priya Shah, today at 9am. Spoke to Gwen Ellis"),
    )
    assert partner.card_address == "inbox-of-supplier"
    assert partner.words == Knowing(pair.supplier).shown.own.words


def test_a_card_is_taken_in_and_asks_to_be_compared(pair, tmp_path):
    third = alone(pair)
    knowing = Knowing(third)
    knowing.page.import_card(card_file(tmp_path, pair.holds))
    assert knowing.chosen == SUPPLIER.id
    assert "compare the eight words" in knowing.notice
    assert knowing.partner.how_tone is Tone.WARN
    assert "nobody here has checked" in knowing.partner.how
    assert knowing.shown.cards[1].pill == "Not compared yet"


def test_a_partner_says_whether_this_laptop_has_what_lets_it_in(pair):
    assert not Knowing(pair.requester).partner.gets_in
    stores.keep_store(pair.asks, "inbox-of-supplier", StoreAccess(user="office", secret="s"))
    assert Knowing(pair.requester).partner.gets_in


@pytest.mark.parametrize("method", [method.value for method in METHODS])
def test_a_comparison_is_recorded_with_method_and_person(pair, tmp_path, method):
    third = alone(pair)
    knowing = Knowing(third)
    knowing.page.import_card(card_file(tmp_path, pair.holds))
    assert not knowing.page.check(SUPPLIER.id, method, "  ")
    assert not knowing.page.check(SUPPLIER.id, "telepathy", "Gwen")
    assert knowing.page.check(SUPPLIER.id, method, "Gwen Ellis, 0300 1")
    assert knowing.partner.is_compared
    assert "Gwen Ellis, 0300 1" in knowing.partner.checks[-1][1]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe"])
def test_a_file_that_is_no_card_is_explained(pair, tmp_path, content):
    file = tmp_path / "x.dsacard"
    file.write_bytes(content)
    knowing = Knowing(pair.requester)
    knowing.page.import_card(file)
    assert knowing.error.what
    assert knowing.error.todo


def test_a_newer_card_under_the_compared_key_asks_for_no_second_comparison(pair, tmp_path):
    keeping_cards.set_inbox_address(pair.holds, "another-inbox")
    knowing = Knowing(pair.requester)
    knowing.page.import_card(card_file(tmp_path, pair.holds))
    sentence, details = knowing.view.shown["show_notice"]
    assert sentence == "The card of Environment Agency is kept."
    assert details == "Its key is the one whose words were compared before."


def test_our_own_card_is_not_a_partner(pair, tmp_path):
    knowing = Knowing(pair.requester)
    knowing.page.import_card(card_file(tmp_path, pair.asks))
    assert knowing.error.what == "This is your own organisation's card."
    assert len(knowing.shown.partners) == 1


def test_a_changed_key_cannot_be_missed_and_stops_sealing(pair, other, tmp_path):
    knowing = Knowing(pair.requester)
    knowing.page.import_card(card_file(tmp_path, other.holds))
    assert knowing.chosen == SUPPLIER.id
    assert knowing.partner.has_changed
    assert knowing.partner.changed_words == Knowing(other.supplier).shown.own.words
    assert knowing.partner.words == Knowing(pair.supplier).shown.own.words
    assert knowing.shown.cards[1].pill == "Key changed"
    assert knowing.error is None  # the page of the partner says it, louder
    assert any("another key" in sentence for sentence in knowing.seen.said)
    with pytest.raises(CardError, match="card-key-pending"):
        partner_card(pair.asks, SUPPLIER.id)


def test_partners_whose_key_changed_come_first(pair):
    keeping_cards.import_card(pair.asks, alone(pair).session.card_bytes)
    knowing = Knowing(pair.requester)
    assert [each.name for each in knowing.shown.partners] == ["Environment Agency", "Office of Rail"]
    with pytest.raises(CardError):
        keeping_cards.import_card(pair.asks, alone(pair, "another third").session.card_bytes)
    knowing.page.refresh(Changes(cards=True))
    assert [each.name for each in knowing.shown.partners] == ["Office of Rail", "Environment Agency"]


def test_the_key_that_is_known_may_be_kept(pair, other, tmp_path):
    knowing = Knowing(pair.requester)
    knowing.page.import_card(card_file(tmp_path, other.holds))
    knowing.page.keep_key(SUPPLIER.id)
    assert not knowing.partner.has_changed
    assert partner_card(pair.asks, SUPPLIER.id).fingerprint == knowing.partner.fingerprint
    assert knowing.partner.checks[-1][0] == "Another key was turned down"


def test_a_new_key_is_believed_only_after_its_words_were_compared(pair, other, tmp_path):
    knowing = Knowing(pair.requester)
    file = card_file(tmp_path, other.holds)
    knowing.page.import_card(file)
    knowing.page.read_new_key(SUPPLIER.id, file)
    found = knowing.view.shown["ask_new_key"]
    assert found.words == knowing.partner.changed_words
    assert not knowing.page.take_new_key(found, "phone", "")
    assert not knowing.page.take_new_key(found, "introducer", "Somebody")
    assert knowing.page.take_new_key(found, "phone", "Gwen Ellis")
    assert not knowing.partner.has_changed
    assert knowing.partner.words == found.words
    assert knowing.partner.is_compared
    assert [what for what, _ in knowing.partner.checks] == ["Words compared by phone"]


def test_the_card_with_the_known_key_or_of_another_is_no_new_key(pair, other, tmp_path):
    knowing = Knowing(pair.requester)
    knowing.page.import_card(card_file(tmp_path, other.holds))
    knowing.page.read_new_key(SUPPLIER.id, card_file(tmp_path, pair.holds, "same.dsacard"))
    assert knowing.error.what == "This card has the key that you already know."
    knowing.page.read_new_key(SUPPLIER.id, card_file(tmp_path, alone(pair).session, "third.dsacard"))
    assert knowing.error.what == "This is the card of Office of Rail, not of Environment Agency."
    assert "ask_new_key" not in knowing.view.calls


def test_our_card_is_saved_for_others(pair, tmp_path):
    knowing = Knowing(pair.requester)
    knowing.page.export_card(tmp_path / "ours.dsacard")
    assert read_card((tmp_path / "ours.dsacard").read_bytes()).org == REQUESTER
    knowing.page.export_card(tmp_path / "nowhere" / "ours.dsacard")
    assert knowing.error.todo


def newcomer(pair):
    laptop = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="newcomer"))
    laptop.first_run(REQUESTER, "Dafydd Rees", "Analyst", passphrase=PASSPHRASE, joining=True)
    return laptop


def test_a_colleague_is_let_in_after_their_words_were_compared(pair, tmp_path):
    theirs = Knowing(newcomer(pair))
    assert not theirs.shown.own.is_admitted
    assert theirs.shown.cards[0].pill == "Not let in yet"
    theirs.page.save_application(tmp_path / "a.dsapplication")
    ours = Knowing(pair.requester)
    ours.page.read_application(tmp_path / "a.dsapplication")
    application = ours.view.shown["ask_admit"]
    assert (application.name, application.words) == ("Dafydd Rees", theirs.shown.own.words)
    assert len(pair.asks.card.officials) == 1
    assert (application.warnings, application.facts, application.roles) == ((), (), ("drafter",))
    ours.page.admit(application, tmp_path / "p.dsapass", admin=False, roles=["drafter", "decider", "legal"])
    assert [official.name for official in ours.shown.own.officials] == ["Priya Shah", "Dafydd Rees"]
    assert "send it to your partners" in ours.notice
    theirs.page.open_pass(tmp_path / "p.dsapass")
    assert theirs.shown.own.is_admitted
    assert not theirs.shown.own.is_admin
    assert theirs.shown.own.words == ours.shown.own.words
    entry = pair.asks.card.official_of(theirs.desk.session.device.device)
    assert entry.roles == ("drafter", "decider", "legal")


def test_a_newcomer_with_the_name_of_a_member_and_other_words_is_two_people_and_that_is_said_first(pair, tmp_path):
    second = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="second"))
    second.first_run(REQUESTER, "  PRIYA  shah ", "Regional analyst", passphrase=PASSPHRASE, joining=True)
    (tmp_path / "a.dsapplication").write_bytes(admitting.apply(second.session))
    ours = Knowing(pair.requester)
    ours.page.read_application(tmp_path / "a.dsapplication")
    application = ours.view.shown["ask_admit"]
    (warning,) = application.warnings
    assert "with other recovery words" in warning
    assert "two people" in warning
    assert application.facts == ()


def test_one_more_laptop_of_a_member_is_said_and_gets_what_they_may_say(pair, tmp_path):
    """The words of the first laptop give the second the same person."""
    first = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="first"))
    words = first.first_run(REQUESTER, "Dafydd Rees", "Analyst", passphrase=PASSPHRASE, joining=True).words.reveal()
    given = admitting.admit(pair.asks, admitting.apply(first.session), roles=("drafter", "legal"))
    first.take(admitting.accept(first.session, given))
    profile = first.session.profile
    world = memory_world(stores=pair.stores, clock=pair.clock, seed="his second")
    again = recovering.restore(world, words, profile, passphrase=PASSPHRASE, card=pair.asks.card_bytes).session
    (tmp_path / "a.dsapplication").write_bytes(admitting.apply(again))
    ours = Knowing(pair.requester)
    ours.page.read_application(tmp_path / "a.dsapplication")
    application = ours.view.shown["ask_admit"]
    assert application.warnings == ()
    assert application.facts == ("They are on your card already with one laptop. This is one more of the same person.",)
    assert application.roles == ("drafter", "legal")


@pytest.mark.parametrize("content", [b"", b"nothing", b"{}"])
def test_files_that_are_neither_application_nor_pass_are_explained(pair, tmp_path, content):
    file = tmp_path / "x"
    file.write_bytes(content)
    knowing = Knowing(pair.requester)
    knowing.page.read_application(file)
    assert knowing.error.what == "This file is not an application to join, or it is damaged."
    theirs = Knowing(newcomer(pair))
    theirs.page.open_pass(file)
    assert theirs.error.what == "This file is not a pass for this laptop, or it is damaged."


def test_a_partner_whose_words_were_compared_can_be_vouched_for(pair, tmp_path):
    third = alone(pair)
    keeping_cards.import_card(third.session, pair.asks.card_bytes)
    keeping_cards.check_card(third.session, REQUESTER.id, "in-person", "Priya Shah")
    knowing = Knowing(pair.requester, SUPPLIER.id)
    assert knowing.partner.can_vouch
    file = tmp_path / "agency.dsaintroduction"
    knowing.page.vouch(SUPPLIER.id, file)
    assert "introduction is saved" in knowing.notice
    theirs = Knowing(third)
    theirs.page.import_card(file)
    assert theirs.chosen == SUPPLIER.id
    assert theirs.partner.is_compared
    assert "Priya Shah, Public Health Wales" in theirs.partner.checks[-1][1]


def test_a_card_that_ends_soon_is_renewed(pair):
    pair.clock.advance(timedelta(days=350).total_seconds())
    knowing = Knowing(pair.requester)
    own = knowing.shown.own
    assert own.can_renew
    assert own.warning.startswith("Your own organisation's card ends on")
    assert knowing.shown.cards[0].pill == "Look at this"
    version = pair.asks.card.version
    knowing.page.renew()
    assert pair.asks.card.version == version + 1
    assert knowing.shown.own.warning == ""


def test_a_card_that_has_run_out_says_so(pair):
    pair.clock.advance(timedelta(days=400).total_seconds())
    partner = Knowing(pair.requester, SUPPLIER.id).partner
    assert partner.is_expired
    assert "It ran out on" in dict(partner.facts)["Card"]


@pytest.mark.parametrize(("part", "call"), [("import", "ask_card"), ("inbox", "ask_inbox"), ("check", "ask_check")])
def test_the_checklist_begins_each_step(pair, part, call):
    assert call in Knowing(pair.requester, SUPPLIER.id, part).view.calls
    assert call not in Knowing(pair.requester, SUPPLIER.id).view.calls


def test_choosing_shows_without_looking_again(pair):
    knowing = Knowing(pair.requester)
    knowing.page.choose(SUPPLIER.id)
    assert knowing.chosen == SUPPLIER.id
    assert knowing.page.shown is knowing.shown
    assert knowing.page.own == REQUESTER.id
    calls = len(knowing.view.calls)
    knowing.page.refresh(Changes(catalogue=True))
    assert len(knowing.view.calls) == calls
