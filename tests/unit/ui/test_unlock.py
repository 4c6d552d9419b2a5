"""Opening the vault without a window."""

from __future__ import annotations

import pytest

from dsadesk.ports import KeyStoreState
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.unlock import UnlockPresenter, WaysIn
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world
from tests.unit.ui.frames import Recorder, held_frame, inline_frame


def locked(*, passphrase=PASSPHRASE):
    """A locked desk, its key store, and the words that open it."""
    world = memory_world()
    desk = Desk(world)
    words = desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=passphrase).words.reveal()
    desk.lock()
    return desk, world, words


def presenter_of(desk):
    view, opened = Recorder(), []
    frame, seen = inline_frame(desk)
    return UnlockPresenter(view, frame, lambda: opened.append(True)), view, opened, seen


def test_the_key_store_opens_the_vault_without_being_asked():
    desk, _, _ = locked(passphrase=None)
    presenter, view, opened, _ = presenter_of(desk)
    presenter.start()
    assert view.shown["show_ways"] == WaysIn(key_store=True, passphrase=False, words=True)
    assert opened == [True]
    assert desk.is_open


def test_a_vault_that_was_just_locked_waits_to_be_asked():
    desk, _, _ = locked(passphrase=None)
    presenter, _, opened, _ = presenter_of(desk)
    presenter.start(try_key_store=False)
    assert not opened
    presenter.try_key_store()
    assert opened


@pytest.mark.parametrize("state", [state for state in KeyStoreState if state is not KeyStoreState.WORKS])
def test_each_state_of_the_key_store_has_its_own_sentence_and_the_words_still_open(state):
    desk, world, words = locked(passphrase=None)
    world.secrets.state = state
    presenter, view, opened, _ = presenter_of(desk)
    presenter.start()
    explanation, can_retry = view.shown["show_key_store_problem"]
    assert explanation.what
    assert explanation.todo
    assert can_retry is (state in {KeyStoreState.LOCKED, KeyStoreState.DISMISSED})
    assert not opened
    presenter.try_words(words.upper())
    assert opened


def test_the_sentences_of_the_states_differ():
    said = set()
    states = [state for state in KeyStoreState if state is not KeyStoreState.WORKS]
    for state in states:
        desk, world, _ = locked(passphrase=None)
        world.secrets.state = state
        presenter, view, _, _ = presenter_of(desk)
        presenter.start()
        said.add(view.shown["show_key_store_problem"][0].what)
    assert len(said) == len(states)


def test_a_wrong_passphrase_is_said_at_its_field_and_the_right_one_opens():
    desk, _, _ = locked()
    presenter, view, opened, _ = presenter_of(desk)
    presenter.start()
    presenter.try_passphrase("wrong words and more")
    assert view.shown["show_wrong"][0] == "passphrase"
    assert not opened
    presenter.try_passphrase(PASSPHRASE)
    assert opened
    assert "clear" in view.calls


def test_words_with_a_slip_are_said_at_their_field():
    desk, _, words = locked()
    presenter, view, opened, _ = presenter_of(desk)
    presenter.try_words("abandon " + words)
    assert view.shown["show_wrong"][0] == "recovery"
    assert not opened


def test_nothing_typed_tries_nothing():
    desk, _, _ = locked()
    presenter, view, _, _ = presenter_of(desk)
    presenter.try_passphrase("")
    presenter.try_words("  ")
    assert view.calls == []


def test_pressing_twice_tries_once():
    desk, _, _ = locked()
    view = Recorder()
    frame, _, lane = held_frame(desk)
    presenter = UnlockPresenter(view, frame, lambda: None)
    presenter.try_passphrase(PASSPHRASE)
    presenter.try_passphrase(PASSPHRASE)
    assert len(lane.waiting) == 1


def test_starting_anew_puts_the_vault_aside_and_deletes_nothing():
    desk, world, _ = locked()
    presenter, _, _, seen = presenter_of(desk)
    presenter.start_fresh()
    assert seen.places == [Place(Page.FIRST_RUN)]
    assert not desk.has_vault
    assert len(world.place.set_aside_vaults) == 1
