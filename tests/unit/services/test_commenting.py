"""Comments beside a draft: kept in the vault, with a name, and never in anything that leaves it."""

from __future__ import annotations

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import RuleError
from dsadesk.services import commenting, drafting, sealing, viewing
from tests.support.desks import ANSWERS, SUPPLIER, two_desks

AIM = QuestionId("purpose.aim")
WORDS = "Zebra: is this what the lawyers agreed?"


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def draft(pair):
    made = drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, made.request, ANSWERS.read_bytes())
    return made.request


def test_a_comment_has_a_name_and_a_time_and_can_be_dealt_with(pair, draft) -> None:
    first = commenting.add(pair.asks, draft, AIM, " Gwen ", f" {WORDS} ")
    assert (first.author, first.text, first.at) == ("Gwen", WORDS, pair.clock.now())
    second = commenting.add(pair.asks, draft, AIM, "Siôn", "Yes.")
    commenting.mark_done(pair.asks, draft, first.id, is_done=True)
    assert [(each.text, each.is_done) for each in commenting.comments(pair.asks, draft)] == [
        (WORDS, True),
        ("Yes.", False),
    ]
    commenting.remove(pair.asks, draft, second.id)
    commenting.remove(pair.asks, draft, second.id)
    assert [each.id for each in commenting.comments(pair.asks, draft)] == [first.id]


@pytest.mark.parametrize(("author", "text", "code"), [(" ", "x", "comment-unnamed"), ("Gwen", " ", "comment-empty")])
def test_a_comment_without_a_name_or_words_is_not_kept(pair, draft, author, text, code) -> None:
    with pytest.raises(RuleError, match=code):
        commenting.add(pair.asks, draft, AIM, author, text)
    assert commenting.comments(pair.asks, draft) == ()


def test_comments_go_with_a_draft_that_is_thrown_away(pair, draft) -> None:
    commenting.add(pair.asks, draft, AIM, "Gwen", WORDS)
    drafting.discard(pair.asks, draft)
    assert commenting.comments(pair.asks, draft) == ()


def test_no_word_of_a_comment_is_ever_sealed(pair, draft) -> None:
    commenting.add(pair.asks, draft, AIM, "Gwendolen", WORDS)
    sealing.seal_request(pair.asks, draft)
    kept = [stored.envelope for stored in pair.asks.vault.events.of_request(draft)]
    assert kept
    pair.carry()
    came = [stored.envelope for stored in pair.holds.vault.events.of_request(draft)]
    assert came
    seen = viewing.view(pair.holds, draft)
    for data in (*kept, *came, repr(seen).encode()):
        for word in (b"Zebra", b"Gwendolen", b"lawyers agreed"):
            assert word not in _plain(data)
    assert commenting.comments(pair.holds, draft) == ()
    assert commenting.comments(pair.asks, draft)[0].text == WORDS


def _plain(data: bytes) -> bytes:
    """The bytes with what a DSSE envelope holds in base64 opened."""
    import base64
    import json

    try:
        return data + base64.b64decode(json.loads(data)["payload"])
    except (ValueError, KeyError):
        return data
