"""The first start without a window."""

from __future__ import annotations

import pytest

from dsadesk.ports import KeyStoreState
from dsadesk.secret import Secret
from dsadesk.services import admitting, keeping_keys, rehearsing, splitting
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.first_run import (
    FirstRunPresenter,
    Step,
)
from dsadesk.ui.presenters.first_run_said import Who, opening_of, strength, suggest_identifier
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import PASSPHRASE, REQUESTER, SUPPLIER, memory_world, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame

WHO = Who("Public Health Wales", "public-health-wales", "Priya Shah", "Analyst")


class Start:
    """A first start over a desk without a vault."""

    def __init__(self, *, joining=False, stores=None, clock=None):
        self.world = memory_world(stores=stores, clock=clock, seed="newcomer")
        self.desk = Desk(self.world)
        self.view = Recorder()
        self.frame, self.seen = inline_frame(self.desk)
        self.steps = FirstRunPresenter(self.view, self.frame)
        self.who = Who(WHO.organisation, WHO.identifier, WHO.name, WHO.post, joining=joining)
        self.steps.start()

    def to_the_words(self, passphrase=PASSPHRASE):
        self.steps.begin()
        self.steps.say_who(self.who)
        self.steps.make(passphrase=passphrase, again=passphrase or "")
        self.words = self.view.shown["show_words"]

    def prove(self):
        self.steps.have_written_down()
        places = self.view.shown["ask_words"]
        self.steps.prove([self.words[place - 1] for place in places])


def test_the_first_start_leads_from_three_sentences_to_a_ready_desk():
    start = Start()
    assert start.steps.step is Step.WELCOME
    start.to_the_words()
    assert start.steps.step is Step.KIT
    assert len(start.words) == 24
    assert start.desk.is_open
    start.prove()
    assert start.steps.step is Step.DONE
    assert start.view.shown["show_done"][0].id == "inbox"
    start.steps.finish()
    assert start.seen.places == [Place(Page.REQUESTS)]


def test_names_that_are_missing_are_said_at_their_fields():
    start = Start()
    start.steps.begin()
    start.steps.say_who(Who(" ", "UPPER CASE", "", ""))
    assert set(start.view.shown["show_problems"]) == {"organisation", "identifier", "name", "post"}
    assert start.steps.step is Step.WHO


def test_the_identifier_is_suggested_until_somebody_types_one():
    start = Start()
    start.steps.named("Public Health Wales")
    assert start.view.shown["show_identifier"] == "public-health-wales"
    start.steps.identified("phw")
    start.steps.named("Public Health Wales NHS Trust")
    assert start.view.shown["show_identifier"] == "public-health-wales"
    start.steps.identified("")
    start.steps.named("Iechyd Cyhoeddus Cymru")
    assert start.view.shown["show_identifier"] == "iechyd-cyhoeddus-cymru"


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("HM Revenue & Customs", "hm-revenue-and-customs"),
        ("Cyngor Môn", "cyngor-mon"),
        ("King\u2019s Court  (North)", "kings-court-north"),
        ("???", ""),
    ],
)
def test_suggested_identifiers_are_small_letters_and_hyphens(name, identifier):
    assert suggest_identifier(name) == identifier


def test_a_long_name_makes_an_identifier_that_is_allowed():
    assert len(suggest_identifier("word " * 60)) <= 100


@pytest.mark.parametrize("state", list(KeyStoreState))
def test_each_state_of_the_key_store_has_its_own_sentence(state):
    said = [opening_of(each).sentence for each in KeyStoreState]
    assert len(set(said)) == len(said)
    assert opening_of(state).works is (state is KeyStoreState.WORKS)
    assert opening_of(state).todo


def test_the_key_store_is_tried_when_it_is_asked_how_the_vault_should_open():
    start = Start()
    start.world.secrets.state = KeyStoreState.LOCKED
    start.steps.begin()
    start.steps.say_who(WHO)
    assert not start.view.shown["show_opening"].works
    start.world.secrets.state = KeyStoreState.WORKS
    start.steps.look_at_key_store()
    assert start.view.shown["show_opening"].works


def test_a_vault_can_open_by_the_key_store():
    start = Start()
    start.to_the_words(passphrase=None)
    assert keeping_keys.ways_in(start.world) == ("recovery", "keyring")


def test_a_short_passphrase_and_one_typed_otherwise_are_said_at_their_fields():
    start = Start()
    start.steps.begin()
    start.steps.say_who(WHO)
    start.steps.make(passphrase="short", again="short")
    assert set(start.view.shown["show_problems"]) == {"passphrase"}
    start.steps.make(passphrase="long enough to do", again="long enough to be")
    assert set(start.view.shown["show_problems"]) == {"again"}
    assert not start.desk.has_vault


def test_a_key_store_that_fails_at_the_last_moment_makes_no_vault():
    start = Start()
    start.steps.begin()
    start.steps.say_who(WHO)
    start.world.secrets.state = KeyStoreState.FAILS
    start.steps.make(passphrase=None)
    assert start.view.shown["show_error"].what
    assert not start.desk.has_vault
    assert start.view.shown["show_busy"] == ""


def test_pressing_twice_makes_one_vault():
    desk = Desk(memory_world())
    frame, _, lane = held_frame(desk)
    steps = FirstRunPresenter(Recorder(), frame)
    steps.say_who(WHO)
    lane.run()
    steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    assert len(lane.waiting) == 1


def test_the_words_stay_until_two_of_them_are_proved():
    start = Start()
    start.to_the_words()
    assert start.steps.holds_unproved_words
    start.steps.have_written_down()
    places = start.view.shown["ask_words"]
    assert len(set(places)) == 2
    start.steps.prove([start.words[places[0] - 1], "wrong"])
    assert set(start.view.shown["show_problems"]) == {f"word-{places[1]}"}
    assert start.steps.step is Step.PROVE
    start.steps.back()
    assert start.steps.step is Step.KIT
    start.steps.have_written_down()
    assert start.view.shown["ask_words"] == places
    start.steps.prove([f" {start.words[place - 1].upper()} " for place in places])
    assert not start.steps.holds_unproved_words
    assert start.view.shown["show_words"] == ()


def test_a_locked_copy_of_the_words_opens_with_its_own_passphrase(tmp_path):
    start = Start()
    start.to_the_words()
    kit = tmp_path / "kit.age"
    start.steps.save_kit(kit, "another pass phrase", "another pass phrase")
    assert "kit.age" in start.view.shown["show_kit_saved"]
    words = keeping_keys.words_of_kit(kit.read_bytes(), "another pass phrase")
    assert words.reveal().split() == list(start.words)


def test_a_locked_copy_asks_for_a_good_passphrase_and_a_place_to_write(tmp_path):
    start = Start()
    start.to_the_words()
    start.steps.save_kit(tmp_path / "kit.age", "short", "short")
    assert set(start.view.shown["show_problems"]) == {"kit-passphrase"}
    start.steps.save_kit(tmp_path / "kit.age", "long enough to do", "other")
    assert set(start.view.shown["show_problems"]) == {"kit-again"}
    start.steps.save_kit(tmp_path / "none" / "kit.age", "long enough to do", "long enough to do")
    assert start.view.shown["show_error"].what


def test_joining_colleagues_ends_with_their_pass(tmp_path):
    pair = two_desks()
    start = Start(joining=True, stores=pair.stores, clock=pair.clock)
    start.to_the_words()
    start.prove()
    assert start.steps.step is Step.JOIN
    words, saved = start.view.shown["show_application"]
    assert (len(words), saved) == (8, "")
    application = tmp_path / "a.dsapplication"
    start.steps.save_application(application)
    assert start.view.shown["show_application"][1] == "a.dsapplication"
    assert admitting.read_application(application.read_bytes()).words == words
    given = tmp_path / "a.dsapass"
    given.write_bytes(admitting.admit(pair.asks, application.read_bytes()))
    start.steps.open_pass(given)
    assert start.steps.step is Step.DONE
    assert start.desk.session.inbox is not None


def test_a_pass_for_somebody_else_is_refused_and_joining_can_wait(tmp_path):
    pair = two_desks()
    start = Start(joining=True, stores=pair.stores, clock=pair.clock)
    start.to_the_words()
    start.prove()
    other = tmp_path / "other"
    other.write_text("no pass")
    start.steps.open_pass(other)
    assert start.view.shown["show_error"].what
    assert start.steps.step is Step.JOIN
    start.steps.later()
    assert start.steps.step is Step.DONE


def test_a_desk_that_waits_for_its_pass_comes_back_to_that_step():
    start = Start(joining=True)
    start.to_the_words()
    start.prove()
    again = FirstRunPresenter(start.view, start.frame)
    again.start()
    assert again.step is Step.JOIN


def test_going_back_never_leaves_a_vault_behind_unproved():
    start = Start()
    start.to_the_words()
    start.steps.back()
    assert start.steps.step is Step.KIT


@pytest.mark.parametrize(
    ("passphrase", "tone", "is_enough"),
    [
        ("", Tone.NEUTRAL, False),
        ("eleven char", Tone.BAD, False),
        ("aaaaaaaaaaaa", Tone.WARN, True),
        ("purple lamps", Tone.WARN, True),
        ("purple lamps sing", Tone.GOOD, True),
        ("purple lamps sing at noon", Tone.GOOD, True),
    ],
)
def test_the_strength_of_a_passphrase_is_said_in_words(passphrase, tone, is_enough):
    judged = strength(passphrase)
    assert (judged.tone, judged.is_enough) == (tone, is_enough)
    assert bool(judged.sentence) is bool(passphrase)


def test_the_last_missing_character_is_one_character():
    assert strength("eleven char").sentence == "Too short: 1 more character"


# ---------------------------------------------------------------- coming back


def returning(tmp_path, *, card):
    """A first start on a new laptop, with the words of one that is lost."""
    lost = Desk(memory_world(seed="lost"))
    words = lost.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
    start = Start()
    start.steps.begin()
    start.steps.say_who(Who(REQUESTER.name, REQUESTER.id, "Priya Shah", "Analyst", returning=True))
    if card:
        file = tmp_path / "card.dsacard"
        file.write_bytes(lost.session.card_bytes)
        start.steps.take_card(file)
        assert start.view.shown["show_card"] == "card.dsacard"
    return start, lost, words


@pytest.mark.parametrize("card", [True, False])
def test_the_words_bring_the_keys_back_on_a_new_computer(tmp_path, card):
    start, lost, words = returning(tmp_path, card=card)
    assert start.steps.step is Step.RETURN
    founder = None if card else True
    start.steps.say_words("abandon abandon", founder=founder)
    assert set(start.view.shown["show_problems"]) == {"words"}
    start.steps.say_words(words, founder=founder)
    assert start.steps.step is Step.OPENING
    start.steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    assert start.steps.step is Step.DONE
    assert start.view.shown["show_restored"] == (1, False)
    assert "ask_words" not in start.view.calls
    assert start.desk.session.card.fingerprint == lost.session.card.fingerprint
    assert start.desk.session.device.device != lost.session.device.device
    start.desk.lock()
    start.desk.unlock_with_words(words)


def test_two_of_three_shares_bring_the_keys_back_too(tmp_path):
    start, lost, words = returning(tmp_path, card=True)
    shares = [" ".join(share.words) for share in splitting.split(Secret(words))]
    start.steps.say_words(shares[1])
    assert "one alone opens nothing" in start.view.shown["show_problems"]["words"]
    start.steps.say_words(f"{shares[2]}\n\n{shares[1]}")
    assert start.steps.step is Step.OPENING
    start.steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    assert start.steps.step is Step.DONE
    assert start.desk.session.card.fingerprint == lost.session.card.fingerprint
    start.desk.lock()
    start.desk.unlock_with_words(words)


def test_a_second_laptop_stands_beside_the_first_when_somebody_says_so(tmp_path):
    start, first, words = returning(tmp_path, card=True)
    start.steps.say_words(words, beside=None)
    assert start.view.shown["show_problems"] == {"other": "Say whether you go on using your other laptop"}
    start.steps.say_words("abandon", beside=None)
    assert set(start.view.shown["show_problems"]) == {"other", "words"}
    assert start.steps.step is Step.RETURN
    start.steps.say_words(words, beside=True)
    start.steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    assert start.view.shown["show_restored"] == (0, True)
    officials = start.desk.session.card.officials
    assert [entry.until for entry in officials] == ["", ""]
    assert {entry.official.id for entry in officials} == {first.session.profile.official.id}


def test_the_words_of_somebody_else_do_not_open_a_card(tmp_path):
    start, _, _ = returning(tmp_path, card=True)
    other = Desk(memory_world(seed="other"))
    words = other.first_run(SUPPLIER, "Gwen", "Owner", passphrase=PASSPHRASE).words.reveal()
    start.steps.say_words(words)
    start.steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    assert start.view.shown["show_error"].what
    assert not start.desk.has_vault


def test_without_a_card_or_a_backup_only_whoever_set_dsadesk_up_goes_on(tmp_path):
    start, _, words = returning(tmp_path, card=False)
    start.steps.say_words(words)
    assert start.view.shown["show_problems"] == {"founder": "Say who set dsadesk up for your organisation"}
    start.steps.say_words(words, founder=False)
    assert "any colleague" in start.view.shown["show_problems"]["founder"]
    assert start.steps.step is Step.RETURN
    start.steps.take_backup(tmp_path / "copy.dsavault")
    assert not start.steps.has_to_ask_who_founded
    start.steps.say_words(words)
    assert start.steps.step is Step.OPENING


def test_a_colleague_comes_back_with_the_card_and_is_let_in_again(tmp_path):
    pair = two_desks()
    first = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="huw"))
    run = first.first_run(REQUESTER, "Huw Rees", "Lawyer", passphrase=PASSPHRASE, joining=True)
    first.take(admitting.accept(first.session, admitting.admit(pair.asks, admitting.apply(first.session))))
    start = Start(stores=pair.stores, clock=pair.clock)
    start.steps.begin()
    start.steps.say_who(Who(REQUESTER.name, REQUESTER.id, "Huw Rees", "Lawyer", returning=True))
    words = run.words.reveal()
    start.steps.say_words(words, founder=False)
    assert start.steps.step is Step.RETURN
    (tmp_path / "phw.dsacard").write_bytes(pair.asks.card_bytes)
    start.steps.take_card(tmp_path / "phw.dsacard")
    start.steps.say_words(words, founder=False)
    start.steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    assert start.steps.step is Step.JOIN
    assert start.desk.session.organisation is None


def test_coming_back_can_be_gone_back_on(tmp_path):
    start, _, words = returning(tmp_path, card=False)
    start.steps.say_words(words, founder=True)
    start.steps.back()
    assert start.steps.step is Step.RETURN
    start.steps.back()
    assert start.steps.step is Step.WHO
    start.steps.say_who(WHO)
    assert start.steps.step is Step.OPENING
    start.steps.make(passphrase=PASSPHRASE, again=PASSPHRASE)
    assert start.steps.step is Step.KIT


def test_proving_the_words_is_remembered():
    start = Start()
    start.to_the_words()
    start.prove()
    assert rehearsing.proven_at(start.desk.session) == start.world.clock.now()
