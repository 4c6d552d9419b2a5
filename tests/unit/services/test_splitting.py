"""The recovery words in three: what two shares open, the sheets, and the words that are typed back."""

from __future__ import annotations

import io
from itertools import permutations
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.bundle.shares import SHARE_WORDS, Share
from dsadesk.documents.layout import Table, to_tree
from dsadesk.documents.recovery_sheet import share_sheet
from dsadesk.errors import InputError, WrongKeyError
from dsadesk.host.memory import FixedClock
from dsadesk.services import keeping_keys, mending, recovering, rehearsing, splitting
from dsadesk.services.keeping_keys import FirstRun
from tests.support.desks import PASSPHRASE, REQUESTER, Stores, folder_world, memory_world

LONG = "Ministry of Housing, Communities, Local Government, Regeneration and the Union of Neighbouring Authorities"


def first_run(seed: str = "desk") -> FirstRun:
    return keeping_keys.first_run(memory_world(seed=seed), REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)


def typed(*shares: Share) -> str:
    return "\n".join(" ".join(share.words) for share in shares)


def test_any_two_shares_open_the_vault_and_count_as_proof() -> None:
    run = first_run()
    world = run.session.world
    shares = splitting.split(run.words)
    run.session.vault.close()
    for first, second in permutations(shares, 2):
        session = keeping_keys.unlock_with_words(world, typed(first, second))
        assert rehearsing.proven_at(session) is not None
        session.vault.close()
    with pytest.raises(InputError, match="share-alone"):
        keeping_keys.unlock_with_words(world, typed(shares[0]))


def test_shares_of_another_vault_do_not_open_this_one() -> None:
    run, other = first_run(), first_run("another desk")
    theirs = splitting.split(other.words)
    with pytest.raises(WrongKeyError, match="recovery-words"):
        recovering.rehearse(run.session, typed(*theirs[:2]))
    with pytest.raises(InputError, match="shares-other-set"):
        recovering.rehearse(run.session, typed(splitting.split(run.words)[0], theirs[1]))


def test_two_shares_bring_every_key_back_on_a_new_laptop() -> None:
    run = first_run()
    shares = splitting.split(run.words)
    card = run.session.card_bytes
    new = memory_world(seed="new laptop")
    restored = recovering.restore(new, typed(shares[2], shares[0]), passphrase=PASSPHRASE, card=card)
    assert restored.session.card.keys == run.session.card.keys
    assert restored.session.box == run.session.box
    # Where all the words were typed as shares, the one that is asked for later is still a word of the 24.
    place = rehearsing.question(restored.session).place
    assert place is not None
    rehearsing.answer(restored.session, place, run.words.reveal().split()[place - 1])


def test_two_shares_open_a_backup(tmp_path: Path) -> None:
    world = folder_world(tmp_path / "vault", stores=Stores(), clock=FixedClock(), seed="desk")
    run = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    shares = splitting.split(run.words)
    run.session.vault.backup(tmp_path / "backup")
    run.session.vault.close()
    mended = mending.restore_backup(world, tmp_path / "backup", mending.by_words(typed(shares[1], shares[2])))
    assert mended.signs
    mended.session.vault.close()


def test_the_vault_keeps_nothing_of_a_split() -> None:
    run = first_run()
    before = dict(run.session.vault.settings._tables.settings)  # type: ignore[attr-defined]
    splitting.sheet(run.session, splitting.split(run.words)[0])
    assert run.session.vault.settings._tables.settings == before  # type: ignore[attr-defined]


# ---------------------------------------------------------------- the sheets


def test_a_sheet_has_its_own_words_in_their_order_and_none_of_the_others() -> None:
    run = first_run()
    shares = splitting.split(run.words)
    document = share_sheet(
        shares[1].words, number=2, set_name=shares[1].set_name, organisation=REQUESTER,
        official=run.session.profile.official, vault_id="0123456789abcdef", made_on=FixedClock().now().date(),
    )  # fmt: skip
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    numbered = {int(row[n]): row[n + 1] for row in table.rows for n in (0, 2, 4)}
    assert numbered == dict(enumerate(shares[1].words, 1))
    tree = str(to_tree(document))
    for told in ("Share 2 of 3", shares[1].set_name, "Priya Shah", "Public Health Wales", "2 March 2026", "01234567"):
        assert told in tree
    assert "0123456789abcdef" not in tree


@pytest.mark.parametrize("name", [REQUESTER.name, LONG])
def test_each_sheet_is_one_tagged_page(name: str) -> None:
    organisation = type(REQUESTER)(REQUESTER.id, name)
    session_of = keeping_keys.first_run(
        memory_world(), organisation, "Priya Shah", "Deputy Director for Health Protection", passphrase=PASSPHRASE
    )
    for share in splitting.split(session_of.words):
        with pikepdf.open(io.BytesIO(splitting.sheet(session_of.session, share))) as document:
            assert len(document.pages) == 1
            assert document.Root.MarkInfo.Marked


# ---------------------------------------------------------------- what is typed back


@given(st.binary(min_size=12, max_size=12))
def test_the_words_that_are_asked_for_are_none_that_every_share_begins_with(token: bytes) -> None:
    places = splitting.places_to_ask(token, 3)
    assert len(places) == 3
    assert all(5 <= place <= SHARE_WORDS for place in places)


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="four random bytes"):
        splitting.places_to_ask(bytes(11), 3)


def test_a_word_that_is_not_on_its_sheet_is_found_out() -> None:
    shares = splitting.split(first_run().words)
    places = (5, 17, 33)
    right = [f" {share.words[place - 1].upper()} " for share, place in zip(shares, places, strict=True)]
    assert splitting.wrong_answers(shares, places, right) == ()
    assert splitting.wrong_answers(shares, places, [right[0], "", right[2]]) == (2,)
    swapped = [right[1], right[0], right[2]]
    assert splitting.wrong_answers(shares, places, swapped) == (1, 2) or right[0] == right[1]
