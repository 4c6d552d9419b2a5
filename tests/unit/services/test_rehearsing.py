"""Proof that the recovery words were kept: what is asked, when, and what the vault can say of them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.bundle.identity import seed_to_words, words_to_seed
from dsadesk.errors import DiskFullError, InputError, WrongKeyError
from dsadesk.host.memory import FixedClock
from dsadesk.ports import Argon2id, Vault
from dsadesk.secret import Secret
from dsadesk.services import keeping_keys, recovering, rehearsing
from dsadesk.services.rehearsing import Asking
from dsadesk.services.session import Session, World
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world

DAY = timedelta(days=1)


class Kept:
    """A new vault, its words, and a clock."""

    def __init__(self, seed: str = "desk") -> None:
        self.clock = FixedClock()
        self.world = memory_world(clock=self.clock, seed=seed)
        run = keeping_keys.first_run(self.world, REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
        self.session, self.words = run.session, run.words.reveal()

    def pass_days(self, days: float) -> None:
        self.clock.advance(days * 86400)

    @property
    def is_due(self) -> bool:
        return rehearsing.is_due(self.session, self.clock.now())

    @property
    def place(self) -> int:
        place = rehearsing.question(self.session).place
        assert place is not None
        return place

    def right(self) -> str:
        return self.words.split()[self.place - 1]

    def answer_rightly(self) -> None:
        rehearsing.answer(self.session, self.place, self.right())

    def forget_digests(self) -> None:
        """As a vault is that was made before there were any."""
        self.session.vault.settings.remove(rehearsing.ASKING)


@pytest.fixture
def kept() -> Kept:
    return Kept()


# ---------------------------------------------------------------- the challenge of the first sitting


@given(st.binary(min_size=8, max_size=32), st.integers(1, 24))
def test_a_challenge_asks_for_different_places_in_order(token: bytes, count: int) -> None:
    places = rehearsing.challenge(token, count)
    assert len(set(places)) == count
    assert list(places) == sorted(places)
    assert set(places) <= set(range(1, 25))


def test_a_challenge_asks_for_every_place_about_as_often() -> None:
    token = memory_world(seed="dice").entropy.token
    counted = Counter(place for _ in range(6000) for place in rehearsing.challenge(token(16)))
    assert set(counted) == set(range(1, 25))
    assert max(counted.values()) < 1.25 * min(counted.values())


def test_a_challenge_needs_enough_randomness() -> None:
    with pytest.raises(ValueError, match="eight random bytes"):
        rehearsing.challenge(b"short")


def test_only_the_right_words_in_the_right_places_prove_that_they_were_kept() -> None:
    words = Secret(" ".join(f"word{n}" for n in range(1, 25)))
    assert rehearsing.proves(words, {3: "word3", 17: " WORD17 "})
    assert not rehearsing.proves(words, {3: "word3", 17: "word18"})
    assert not rehearsing.proves(words, {})
    assert not rehearsing.proves(words, {25: "word25"})
    assert not rehearsing.proves(words, {0: "word24"})


# ---------------------------------------------------------------- one word


def test_one_word_is_asked_for_and_a_right_one_proves_that_they_were_kept(kept: Kept) -> None:
    kept.pass_days(8)
    assert kept.is_due
    kept.answer_rightly()
    assert not kept.is_due
    assert rehearsing.proven_at(kept.session) == kept.clock.now()


@pytest.mark.parametrize("typed", ["  {} ", "{}\n", "\t{}", "{upper}", "{spaced}"])
def test_capital_letters_and_spaces_do_not_matter(kept: Kept, typed: str) -> None:
    right = kept.right()
    rehearsing.answer(
        kept.session, kept.place, typed.format(right, upper=right.upper(), spaced=f"{right[:2]} {right[2:]}")
    )
    assert rehearsing.proven_at(kept.session) is not None


def test_a_wrong_word_changes_nothing_however_often_it_is_given(kept: Kept) -> None:
    place = kept.place
    wrong = next(word for word in kept.words.split() if word != kept.right())
    for _ in range(20):
        with pytest.raises(WrongKeyError, match="recovery-word"):
            rehearsing.answer(kept.session, place, wrong)
    assert rehearsing.proven_at(kept.session) is None
    assert kept.place == place
    kept.answer_rightly()


def test_the_right_word_of_another_place_is_wrong(kept: Kept) -> None:
    asking = kept_asking(kept.session)
    first, second = asking.digests[0].place, asking.digests[1].place
    words = kept.words.split()
    with pytest.raises(WrongKeyError):
        rehearsing.answer(kept.session, first, words[second - 1])
    never = next(place for place in range(1, 25) if place not in {each.place for each in asking.digests})
    with pytest.raises(WrongKeyError):
        rehearsing.answer(kept.session, never, words[never - 1])


@pytest.mark.parametrize("typed", ["", "   ", "salmn", "zzzz", "two words of them"])
def test_what_is_no_recovery_word_is_told_apart_from_a_wrong_one(kept: Kept, typed: str) -> None:
    with pytest.raises(InputError) as told:
        rehearsing.answer(kept.session, kept.place, typed)
    assert (told.value.code, told.value.fields["position"]) == ("recovery-word-unknown", kept.place)


def test_each_right_answer_gives_the_turn_to_another_word_and_after_four_it_is_the_first_again(kept: Kept) -> None:
    asked = []
    for _ in range(5):
        asked.append(kept.place)
        kept.answer_rightly()
    assert len(set(asked[:4])) == 4
    assert asked[4] == asked[0]


# ---------------------------------------------------------------- what the vault can say of the words


def kept_asking(session: Session) -> Asking:
    kept = session.vault.settings.read(rehearsing.ASKING)
    assert kept is not None
    return msgspec.json.decode(kept, type=Asking)


def places(session: Session) -> list[int]:
    return [digest.place for digest in kept_asking(session).digests]


def test_the_words_lie_nowhere_in_the_vault(kept: Kept) -> None:
    seed = words_to_seed(kept.words)
    kept.answer_rightly()
    recovering.rehearse(kept.session, kept.words)
    lying = kept.session.vault.settings._tables.settings  # type: ignore[attr-defined]
    assert len(lying) > 4
    assert rehearsing.ASKING in lying
    for value in lying.values():
        assert seed not in value
        assert not any(b'"%b"' % word.encode() in value or value == word.encode() for word in kept.words.split())


def test_a_digest_costs_what_a_passphrase_costs_and_has_a_salt_of_its_own(kept: Kept) -> None:
    digests = kept_asking(kept.session).digests
    assert len({digest.salt for digest in digests}) == len(digests) == 4
    assert {(len(d.salt), d.iterations, d.lanes) for d in digests} == {(16, 3, 4)}


def test_every_vault_of_the_same_words_keeps_the_same_four_so_that_copies_never_add_up(kept: Kept) -> None:
    first = places(kept.session)
    recovering.rehearse(kept.session, kept.words)
    assert places(kept.session) == first
    kept.forget_digests()
    recovering.rehearse(kept.session, kept.words)
    assert places(kept.session) == first
    elsewhere = recovering.restore(
        memory_world(clock=kept.clock, seed="elsewhere"),
        kept.words,
        kept.session.profile,
        passphrase=PASSPHRASE,
        founder=True,
    )
    assert places(elsewhere.session) == first


def test_other_words_are_asked_for_at_other_places() -> None:
    token = memory_world(seed="dice").entropy.token
    world = memory_world()
    chosen = {tuple(d.place for d in rehearsing.digests_of(world, seed_to_words(token(32)))) for _ in range(20)}
    assert len(chosen) > 15


# ---------------------------------------------------------------- when it asks


def test_it_asks_a_week_after_the_words_were_shown_and_then_every_half_year(kept: Kept) -> None:
    assert not kept.is_due
    rehearsing.note_proven(kept.session)  # two words typed while the paper still lay on the desk
    kept.pass_days(6.9)
    assert not kept.is_due
    kept.pass_days(0.2)
    assert kept.is_due
    kept.answer_rightly()
    kept.pass_days(181)
    assert not kept.is_due
    kept.pass_days(2)
    assert kept.is_due


def test_not_now_is_two_weeks_and_no_longer(kept: Kept) -> None:
    kept.pass_days(8)
    assert rehearsing.put_off(kept.session) == kept.clock.now() + 14 * DAY
    assert not kept.is_due
    kept.pass_days(13)
    assert not kept.is_due
    kept.pass_days(2)
    assert kept.is_due


def test_an_answer_takes_a_putting_off_away(kept: Kept) -> None:
    kept.pass_days(8)
    rehearsing.put_off(kept.session)
    kept.answer_rightly()
    assert kept.session.vault.settings.read(rehearsing.PUT_OFF_UNTIL) is None


def test_a_clock_that_was_years_ahead_when_it_was_put_off_does_not_silence_it(kept: Kept) -> None:
    kept.pass_days(3650)
    rehearsing.put_off(kept.session)
    kept.pass_days(-3640)
    assert kept.is_due


# ---------------------------------------------------------------- vaults of before, and the other ways to prove them


def test_a_vault_of_before_asks_for_all_the_words_once_and_then_for_one(kept: Kept) -> None:
    kept.forget_digests()
    assert kept.is_due
    assert rehearsing.question(kept.session).place is None
    with pytest.raises(WrongKeyError, match="recovery-words"):
        recovering.rehearse(kept.session, Kept("another desk").words)
    with pytest.raises(WrongKeyError):
        rehearsing.answer(kept.session, 1, kept.words.split()[0])
    assert rehearsing.question(kept.session).place is None
    recovering.rehearse(kept.session, kept.words.upper())
    assert not kept.is_due
    kept.pass_days(181)
    assert not kept.is_due
    kept.pass_days(2)
    assert kept.is_due
    kept.answer_rightly()


def test_words_that_opened_the_vault_need_no_other_proof(kept: Kept) -> None:
    kept.forget_digests()
    kept.session.vault.close()
    kept.pass_days(30)
    session = keeping_keys.unlock_with_words(kept.world, kept.words)
    assert rehearsing.proven_at(session) == kept.clock.now()
    assert rehearsing.question(session).place is not None


class FullDisk:
    """A vault that can be read and takes nothing more."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.settings = self

    def read(self, name: str) -> bytes | None:
        return self._vault.settings.read(name)

    def write(self, name: str, value: bytes) -> None:
        raise DiskFullError("disk-full", name=name, size=len(value))


def test_a_full_disk_does_not_keep_out_whoever_has_the_words(kept: Kept) -> None:
    session = dataclasses.replace(kept.session, vault=FullDisk(kept.session.vault))  # type: ignore[arg-type]
    rehearsing.note_opened(session, kept.words)
    assert rehearsing.proven_at(kept.session) is None
    with pytest.raises(DiskFullError):
        rehearsing.note_all_proven(session, kept.words)


def test_a_restored_vault_counts_from_the_day_on_which_the_words_were_typed(kept: Kept) -> None:
    world: World = memory_world(clock=kept.clock, seed="new laptop")
    kept.pass_days(400)
    session = recovering.restore(world, kept.words, kept.session.profile, passphrase=PASSPHRASE, founder=True).session
    assert not rehearsing.is_due(session, kept.clock.now())
    kept.pass_days(8)
    assert not rehearsing.is_due(session, kept.clock.now())
    kept.pass_days(180)
    assert rehearsing.is_due(session, kept.clock.now())


def test_a_digest_never_changes_its_form() -> None:
    """Fixed for ever: a vault goes on asking for what it once kept."""
    words = seed_to_words(bytes(range(32)))
    assert [each.place for each in rehearsing.digests_of(memory_world(), words)] == [10, 13, 22, 24]
    cost = Argon2id(salt=bytes(range(16)), iterations=3, lanes=4, memory_kib=32)
    record = rehearsing.WordDigest(
        place=10,
        digest=bytes.fromhex("52582a3f992132948b1588857e701ed7805d951b9c2c994f6cbe69e755c12849"),
        salt=cost.salt,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_kib=cost.memory_kib,
    )
    kept = Kept()
    kept.session.vault.settings.write(rehearsing.ASKING, msgspec.json.encode(Asking(digests=(record,))))
    rehearsing.answer(kept.session, 10, words.split()[9])
