"""The keys that a partner had before, and those that were turned down, with who decided, how and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.errors import CardError, RuleError
from dsadesk.services import keeping_cards, rotating
from dsadesk.services.desk import Desk
from dsadesk.services.key_history import key_history
from dsadesk.services.session import Session
from dsadesk.ui.presenters.partners_shown import look
from tests.support.desks import PASSPHRASE, REQUESTER, SUPPLIER, Pair, folder_world, memory_world, two_desks


@pytest.fixture(params=["memory", "vault"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    if request.param == "memory":
        return two_desks()
    return two_desks(lambda name, stores, clock: folder_world(tmp_path / name, stores=stores, clock=clock, seed=name))


def another_key(pair: Pair, seed: str) -> bytes:
    """The supplier's card under another key, put before the requester."""
    desk = Desk(memory_world(clock=pair.clock, seed=seed))
    desk.first_run(SUPPLIER, "Gwen Ellis", "Information asset owner", passphrase=PASSPHRASE)
    with pytest.raises(CardError):
        keeping_cards.import_card(pair.asks, desk.session.card_bytes)
    return desk.session.card_bytes


def accept(pair: Pair, seed: str, method: str, note: str) -> str:
    return rotating.accept_new_key(pair.asks, another_key(pair, seed), method, note).fingerprint


def refuse(pair: Pair, seed: str, note: str) -> str:
    another_key(pair, seed)
    changed = rotating.changed_key(pair.asks, SUPPLIER.id)
    assert changed is not None
    rotating.refuse_new_key(pair.asks, SUPPLIER.id, note)
    return changed.new


def shown(session: Session) -> tuple[str, ...]:
    partner = look(session).partner(SUPPLIER.id)
    assert partner is not None
    return tuple(key.title for key in partner.history)


def test_a_partner_with_one_key_has_no_history(pair: Pair) -> None:
    found = key_history(pair.asks, SUPPLIER.id)
    assert (found.former, found.turned_down) == ((), ())
    assert shown(pair.asks) == ()
    with pytest.raises(RuleError, match="no-card"):
        key_history(pair.holds, type(SUPPLIER.id)("hm-treasury"))
    assert key_history(pair.holds, REQUESTER.id).former == ()


def test_every_key_is_kept_with_who_how_and_when_newest_first(pair: Pair) -> None:
    first = pair.holds.card.fingerprint
    keeping_cards.check_card(pair.asks, SUPPLIER.id, "in-person", "At their office")
    pair.clock.advance(86_400)
    forged = refuse(pair, "forged", "They know nothing of it")
    pair.clock.advance(86_400)
    second = accept(pair, "second", "phone", "Gwen Ellis, switchboard")
    pair.clock.advance(86_400)
    third = accept(pair, "third", "in-person", "At ours")
    found = key_history(pair.asks, SUPPLIER.id)
    assert [key.fingerprint for key in found.former] == [second, first]
    assert third not in {key.fingerprint for key in found.former}
    newest, oldest = found.former
    assert newest.since == oldest.until
    assert newest.replaced_by is not None
    assert oldest.replaced_by is not None
    assert (newest.replaced_by.method, newest.replaced_by.note) == ("in-person", "At ours")
    assert (oldest.replaced_by.method, oldest.replaced_by.by) == ("phone", "Priya Shah")
    assert "in-person" in {check.method for check in oldest.checks}
    (down,) = found.turned_down
    assert (down.fingerprint, down.by, down.why) == (forged, "Priya Shah", "They know nothing of it")


def test_the_page_says_it_in_words_and_no_key_by_its_fingerprint(pair: Pair) -> None:
    first = pair.holds.card.fingerprint
    refuse(pair, "forged", "They know nothing of it")
    pair.clock.advance(86_400)
    accept(pair, "second", "phone", "Gwen Ellis, switchboard")
    partner = look(pair.asks).partner(SUPPLIER.id)
    assert partner is not None
    former, down = partner.history
    assert former.title.startswith("Believed from 2 March 2026 to 3 March 2026")
    assert former.words == fingerprint_words(first)
    facts = dict(former.facts)
    assert facts["Another key took its place"].startswith("Words compared by phone: Priya Shah, today")
    assert "Gwen Ellis, switchboard" in facts["Another key took its place"]
    assert down.title == "Turned down on 2 March 2026"
    assert "They know nothing of it" in down.facts[0][1]
    assert not any(down.words[0] == word for word in former.words[:1])
    said = " ".join(text for key in partner.history for _, text in key.facts)
    assert first not in said
