"""What the strip says with and without a link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dsadesk.errors import RuleError, StoreUnreachableError
from dsadesk.services.delivering import Lately
from dsadesk.services.exchanging import Problem
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui.presenters.outlook import Outlook, Sending, outlook_sentence, status_items
from dsadesk.ui.vocabulary import Tone

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
AWAY = StoreUnreachableError("no-link")


def said(sending=None, **outlook):
    items = status_items(sending or Sending(), NOW, Outlook(**{"lately": Lately(), **outlook}))
    return [item.text for item in items[:-1]]


def test_before_the_first_look_nothing_is_said_of_the_inbox():
    assert said() == ["Nothing waits to be sent"]


def test_when_the_inbox_was_reached_and_when_something_last_came():
    lately = Lately(looked_at=NOW, came_at=EARLIER)
    assert said(lately=lately)[1] == "Your inbox was reached today at 10:42am, last news today at 9:42am"
    lately = Lately(looked_at=NOW, came_at=NOW)
    assert said(lately=lately)[1] == "Your inbox was reached today at 10:42am, with news"


def test_an_inbox_that_cannot_be_reached_is_said_with_the_next_try():
    lately = Lately(looked_at=NOW, fault=AWAY)
    assert said(lately=lately, next_look_in=290.0)[1] == (
        "Your inbox could not be reached today at 10:42am. Next try in 5 minutes"
    )
    assert said(lately=Lately(looked_at=NOW, fault=AWAY, is_looking=True))[1].endswith("Trying again now")
    assert said(lately=lately)[1].endswith("when you press Send and fetch")


def test_offline_says_when_the_inbox_was_last_reached():
    assert said(is_offline=True)[1] == "This computer seems to be offline"
    assert said(is_offline=True, lately=Lately(looked_at=NOW))[1].endswith("Your inbox was reached today at 10:42am")


def test_beside_an_inbox_out_of_reach_no_word_too_many_is_said_of_what_was_sent():
    sent = Sending(last_sent=EARLIER)
    assert said(sent)[0] == "Nothing waits. Last sent today at 9:42am"
    assert said(sent, lately=Lately(looked_at=NOW, fault=AWAY))[0] == "Nothing waits"
    assert said(sent, is_offline=True)[0] == "Nothing waits"


def test_offline_hides_no_fault():
    assert "could not be reached" in said(is_offline=True, lately=Lately(looked_at=NOW, fault=AWAY))[1]


def test_having_no_inbox_yet_is_no_fault_of_a_store():
    assert said(lately=Lately(looked_at=NOW, fault=RuleError("no-address", org="x"))) == ["Nothing waits to be sent"]


def test_what_waits_says_since_when_and_that_the_last_try_failed():
    waits = Sending(waiting=2, oldest=EARLIER)
    assert said(waits) == ["2 sealed deliveries wait to be sent, the oldest since today at 9:42am"]
    tried = Lately(tried_at=NOW, problems=(Problem("x", AWAY),))
    assert said(waits, lately=tried)[0].endswith(". The try today at 10:42am did not get through")
    assert said(waits, is_paused=True)[0].endswith(". Sending is paused")


def test_what_moves_is_said_in_place_of_what_waits():
    shown = Shown(
        key=("b", "x"), org="x", kind="request", going=Going.MOVING, done=2**20, total=2**22, rate=2**20 / 60,
        seconds_left=180.0,
    )  # fmt: skip
    moving = {"shown": (shown,), "lately": Lately(is_sending=True)}
    assert said(Sending(waiting=1, oldest=EARLIER), **moving)[0] == "Sending: 1MB of 4MB, about 3 minutes left"
    over = {"shown": (shown,), "lately": Lately()}
    assert said(Sending(waiting=1, oldest=EARLIER), **over)[0].startswith("1 sealed delivery waits")


def test_what_failed_comes_first_and_what_is_left_is_counted():
    assert said(Sending(failed=1, left=2))[0] == "1 delivery has not gone through"
    assert said(Sending(failed=1, left=2))[2] == "2 left for later"
    assert status_items(Sending(failed=1), NOW)[0].tone is Tone.BAD


def test_the_page_says_what_goes_on_by_itself():
    assert outlook_sentence(Outlook(lately=Lately()), NOW).startswith("It sends and looks for news when you press")
    going = Outlook(lately=Lately(looked_at=NOW), next_look_in=100.0, is_automatic=True, poll_seconds=300.0)
    assert outlook_sentence(going, NOW) == (
        "It sends by itself, and looks for news every 5 minutes. Your inbox was reached today at 10:42am. "
        "The next look is in 2 minutes."
    )
    assert "tries all the same" in outlook_sentence(Outlook(lately=Lately(), is_offline=True), NOW)
