from __future__ import annotations

import dataclasses
import gc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from dsadesk import age
from dsadesk.bundle.card import read_card
from dsadesk.bundle.identity import Identity, SigningKeys
from dsadesk.errors import (
    CardError,
    DsadeskError,
    InputError,
    KeyStoreError,
    RuleError,
    VaultBusyError,
    VaultError,
    WrongKeyError,
)
from dsadesk.host.memory import FixedClock, MemorySecretStore
from dsadesk.ports import CardCheck, KeyStoreState, VaultHeader
from dsadesk.services import keeping_cards, keeping_keys
from dsadesk.services.desk import Desk
from dsadesk.services.keeping_keys import FirstRun
from dsadesk.services.session import PROFILE, Session, World
from dsadesk.services.wrapping_keys import KEYRING, PASSPHRASE, RECOVERY
from dsadesk.storage.memory import MemoryPlace
from tests.support.desks import PASSPHRASE as FIRST
from tests.support.desks import REQUESTER, SUPPLIER, Stores, folder_world, memory_world, two_desks

SECOND = "four other unrelated words"
THIRD = "and five quite different ones"


def made(world: World, *, passphrase: str | None = FIRST) -> FirstRun:
    return keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=passphrase)


def with_both_ways(world: World) -> FirstRun:
    run = made(world)
    keeping_keys.use_key_store(run.session)
    return run


def opens(world: World, unlock: Callable[[World], Session]) -> bool:
    """Whether a way in opens the vault, which is closed again."""
    try:
        session = unlock(world)
    except VaultBusyError:
        raise
    except DsadeskError:
        return False
    session.vault.close()
    return True


def by_passphrase(passphrase: str) -> Callable[[World], Session]:
    return lambda world: keeping_keys.unlock_with_passphrase(world, passphrase)


def code_of(caught: pytest.ExceptionInfo[DsadeskError]) -> str:
    return caught.value.code


# ---------------------------------------------------------------- first run


def test_a_vault_opens_by_its_passphrase_and_by_its_words() -> None:
    world = memory_world()
    run = made(world)
    run.session.vault.close()
    assert keeping_keys.ways_in(world) == (RECOVERY, PASSPHRASE)
    assert opens(world, by_passphrase(FIRST))
    assert opens(world, lambda w: keeping_keys.unlock_with_words(w, run.words.reveal()))
    assert not opens(world, by_passphrase(SECOND))


def test_a_vault_opens_by_the_key_store_which_holds_thirty_two_bytes_and_nothing_else() -> None:
    world = memory_world()
    run = made(world, passphrase=None)
    run.session.vault.close()
    assert opens(world, keeping_keys.unlock_with_key_store)
    assert isinstance(world.secrets, MemorySecretStore)
    assert [len(secret) for secret in world.secrets._kept.values()] == [32]


def test_a_first_run_without_a_working_key_store_makes_nothing() -> None:
    world = dataclasses.replace(memory_world(), secrets=MemorySecretStore(KeyStoreState.LOCKED))
    with pytest.raises(KeyStoreError, match="locked"):
        made(world, passphrase=None)
    assert not world.place.exists()


def test_a_first_run_whose_vault_cannot_be_made_leaves_no_secret_behind() -> None:
    class FullPlace(MemoryPlace):
        def create(self, header: VaultHeader, data_key: bytes) -> Any:
            raise VaultError("disk-error")

    world = memory_world(place=FullPlace())
    with pytest.raises(VaultError):
        made(world, passphrase=None)
    assert isinstance(world.secrets, MemorySecretStore)
    assert world.secrets._kept == {}


@pytest.mark.parametrize("passphrase", ["", "short", " " * 20, "eleven char"])
def test_a_passphrase_that_is_too_short_is_refused_before_anything_is_made(passphrase: str) -> None:
    world = memory_world()
    with pytest.raises(InputError, match="passphrase-short"):
        made(world, passphrase=passphrase)
    assert not world.place.exists()


@pytest.mark.parametrize("name", ["Priya\nShah", "x" * 300, "Priya \u202eShah"])
def test_a_name_that_no_card_may_bear_is_refused_before_anything_is_made(name: str) -> None:
    world = memory_world()
    with pytest.raises(InputError, match="name-unfit"):
        keeping_keys.first_run(world, REQUESTER, name, "Analyst", passphrase=FIRST)
    assert not world.place.exists()


def test_a_passphrase_is_the_same_however_its_letters_were_typed() -> None:
    world = memory_world()
    made(world, passphrase="cwrs dw\u0302r y m\u00f4r").session.vault.close()
    assert opens(world, by_passphrase("cwrs d\u0175r y mo\u0302r"))


def test_an_opening_that_fails_half_way_lets_go_of_the_vault() -> None:
    world = memory_world()
    run = made(world)
    kept = run.session.vault.settings.read(PROFILE)
    run.session.vault.settings.remove(PROFILE)
    run.session.vault.close()
    for _ in range(2):
        with pytest.raises(RuleError, match="vault-unfinished"):
            keeping_keys.unlock_with_passphrase(world, FIRST)
    assert kept is not None


def test_the_person_has_one_name_however_often_their_vault_is_made_anew() -> None:
    seed = bytes(range(32))
    assert keeping_keys.person_of(seed) == keeping_keys.person_of(seed)
    assert keeping_keys.person_of(seed) != keeping_keys.person_of(bytes(32))


# ---------------------------------------------------------------- ways in


def test_a_changed_passphrase_opens_and_the_old_one_no_longer_does() -> None:
    world = memory_world()
    run = made(world)
    keeping_keys.change_passphrase(run.session, FIRST, SECOND)
    run.session.vault.close()
    assert opens(world, by_passphrase(SECOND))
    assert not opens(world, by_passphrase(FIRST))
    assert opens(world, lambda w: keeping_keys.unlock_with_words(w, run.words.reveal()))


def test_a_passphrase_is_not_changed_without_the_old_one_or_to_a_short_one() -> None:
    world = memory_world()
    session, before = made(world).session, world.place.header()
    with pytest.raises(WrongKeyError, match="passphrase"):
        keeping_keys.change_passphrase(session, THIRD, SECOND)
    with pytest.raises(InputError, match="passphrase-short"):
        keeping_keys.change_passphrase(session, FIRST, "short")
    assert world.place.header() == before


def test_a_vault_without_a_passphrase_has_none_to_change_and_can_be_given_one() -> None:
    world = memory_world()
    session = made(world, passphrase=None).session
    with pytest.raises(RuleError, match="no-passphrase"):
        keeping_keys.change_passphrase(session, FIRST, SECOND)
    keeping_keys.use_passphrase(session, SECOND)
    session.vault.close()
    assert opens(world, by_passphrase(SECOND))
    assert opens(world, keeping_keys.unlock_with_key_store)


def test_the_key_store_becomes_a_way_in_without_asking_for_the_passphrase() -> None:
    world = memory_world()
    session = made(world).session
    keeping_keys.use_key_store(session)
    session.vault.close()
    assert world.place.header().backend == "memory"
    assert opens(world, keeping_keys.unlock_with_key_store)
    assert opens(world, by_passphrase(FIRST))


def test_taking_the_key_store_into_use_again_replaces_no_secret_that_lies_there() -> None:
    world = memory_world()
    session = with_both_ways(world).session
    assert isinstance(world.secrets, MemorySecretStore)
    before, header = dict(world.secrets._kept), world.place.header()
    keeping_keys.use_key_store(session)
    assert world.secrets._kept == before
    session.vault.close()
    assert opens(world, keeping_keys.unlock_with_key_store)
    world.place.write_header(header)
    assert opens(world, keeping_keys.unlock_with_key_store), "another copy of the vault is not shut out"


def test_a_key_store_that_forgets_what_it_is_given_becomes_no_way_in() -> None:
    class ForgetfulStore(MemorySecretStore):
        def read(self, name: str) -> bytes | None:
            super().read(name)

    world = dataclasses.replace(memory_world(), secrets=ForgetfulStore())
    session, before = made(world).session, world.place.header()
    with pytest.raises(KeyStoreError, match="fails"):
        keeping_keys.use_key_store(session)
    assert world.place.header() == before


def test_the_key_store_can_be_left_and_its_secret_goes() -> None:
    world = memory_world()
    session = with_both_ways(world).session
    assert keeping_keys.stop_using_key_store(session)
    session.vault.close()
    assert keeping_keys.ways_in(world) == (RECOVERY, PASSPHRASE)
    assert isinstance(world.secrets, MemorySecretStore)
    assert world.secrets._kept == {}
    assert world.place.header().backend == ""
    assert opens(world, by_passphrase(FIRST))


def test_leaving_a_key_store_that_does_not_answer_is_said_and_done_all_the_same() -> None:
    world = memory_world()
    session = with_both_ways(world).session
    assert isinstance(world.secrets, MemorySecretStore)
    world.secrets.state = KeyStoreState.LOCKED
    assert not keeping_keys.stop_using_key_store(session)
    assert KEYRING not in keeping_keys.ways_in(world)


def test_the_last_way_in_beside_the_words_stays() -> None:
    by_store, by_phrase = memory_world(), memory_world()
    session = made(by_store, passphrase=None).session
    with pytest.raises(RuleError, match="last-way-in"):
        keeping_keys.stop_using_key_store(session)
    session = made(by_phrase).session
    with pytest.raises(RuleError, match="last-way-in"):
        keeping_keys.stop_using_passphrase(session)
    with pytest.raises(KeyStoreError, match="not-used"):
        keeping_keys.stop_using_key_store(session)
    assert keeping_keys.ways_in(by_store) == (RECOVERY, KEYRING)
    assert keeping_keys.ways_in(by_phrase) == (RECOVERY, PASSPHRASE)


@pytest.mark.parametrize("state", [state for state in KeyStoreState if state is not KeyStoreState.WORKS])
def test_the_passphrase_stays_while_the_key_store_does_not_open_the_vault(state: KeyStoreState) -> None:
    world = memory_world()
    session = with_both_ways(world).session
    assert isinstance(world.secrets, MemorySecretStore)
    world.secrets.state = state
    with pytest.raises(KeyStoreError):
        keeping_keys.stop_using_passphrase(session)
    world.secrets.state = KeyStoreState.WORKS
    for secret in (None, bytes(32)):
        name = next(iter(world.secrets._kept), "")
        if secret is not None:
            world.secrets._kept[name] = secret
        else:
            kept = world.secrets._kept.pop(name)
        with pytest.raises((KeyStoreError, WrongKeyError)):
            keeping_keys.stop_using_passphrase(session)
        world.secrets._kept[name] = kept
    keeping_keys.stop_using_passphrase(session)
    assert keeping_keys.ways_in(world) == (RECOVERY, KEYRING)


def test_a_session_of_another_vault_changes_no_header() -> None:
    one, other = memory_world(seed="one"), memory_world(seed="other")
    session = made(one).session
    made(other)
    stray = dataclasses.replace(session, world=other)
    for change in (
        lambda: keeping_keys.use_passphrase(stray, SECOND),
        lambda: keeping_keys.use_key_store(stray),
        lambda: keeping_keys.change_passphrase(stray, FIRST, SECOND),
        lambda: keeping_keys.stop_using_key_store(stray),
    ):
        with pytest.raises(RuleError, match="other-vault"):
            change()


class Trip:
    """Counts the steps that reach outside and fails at one of them, before it is taken or just after."""

    def __init__(self) -> None:
        self.steps, self.fail_at, self.is_set = 0, -1, False

    def around(self, work: Callable[[], Any]) -> Any:
        self._step()
        result = work()
        self._step()
        return result

    def _step(self) -> None:
        if self.is_set:
            self.steps += 1
            if self.steps == self.fail_at:
                raise VaultError("disk-error")


class TrippingStore(MemorySecretStore):
    def __init__(self, trip: Trip) -> None:
        super().__init__()
        self._trip = trip

    def probe(self) -> KeyStoreState:
        return self._trip.around(super().probe)

    def read(self, name: str) -> bytes | None:
        return self._trip.around(lambda: MemorySecretStore.read(self, name))

    def write(self, name: str, secret: bytes) -> None:
        self._trip.around(lambda: MemorySecretStore.write(self, name, secret))

    def delete(self, name: str) -> None:
        self._trip.around(lambda: MemorySecretStore.delete(self, name))


class TrippingPlace:
    """Any vault's place, with steps that can fail."""

    def __init__(self, place: Any, trip: Trip) -> None:
        self._place, self._trip = place, trip

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)

    def header(self) -> VaultHeader:
        return self._trip.around(self._place.header)

    def write_header(self, header: VaultHeader) -> None:
        self._trip.around(lambda: self._place.write_header(header))


START: dict[str, Callable[..., FirstRun]] = {
    "passphrase": made,
    "key store": lambda world: made(world, passphrase=None),
    "both": with_both_ways,
}
CHANGES: dict[str, Callable[[Session], object]] = {
    "change passphrase": lambda session: keeping_keys.change_passphrase(session, FIRST, SECOND),
    "use passphrase": lambda session: keeping_keys.use_passphrase(session, SECOND),
    "use key store": keeping_keys.use_key_store,
    "stop using key store": keeping_keys.stop_using_key_store,
    "stop using passphrase": keeping_keys.stop_using_passphrase,
}


@pytest.mark.parametrize("kind", ["memory", "folder"])
@pytest.mark.parametrize("start", START)
@pytest.mark.parametrize("change", CHANGES)
def test_whichever_step_fails_the_vault_opens_by_a_way_that_the_person_knows(
    kind: str, start: str, change: str, tmp_path: Path
) -> None:
    attempts = 0
    for fail_at in range(1, 40):
        attempts += 1
        trip = Trip()
        world = memory_world()
        if kind == "folder":
            world = folder_world(tmp_path / str(fail_at), stores=Stores(), clock=FixedClock(), seed="desk")
        world = dataclasses.replace(world, secrets=TrippingStore(trip), place=TrippingPlace(world.place, trip))
        run = START[start](world)
        trip.fail_at, trip.is_set, refused = fail_at, True, False
        try:
            CHANGES[change](run.session)
        except (RuleError, KeyStoreError):
            refused = True
        except VaultError:
            pass
        tripped = trip.steps >= fail_at
        trip.is_set = False
        run.session.vault.close()
        known = [by_passphrase(FIRST), by_passphrase(SECOND), keeping_keys.unlock_with_key_store]
        assert sum(opens(world, way) for way in known) >= 1, (fail_at, keeping_keys.ways_in(world))
        assert opens(world, lambda w: keeping_keys.unlock_with_words(w, run.words.reveal()))  # noqa: B023
        if refused or not tripped:
            break
    else:
        pytest.fail("the change never came to its end")
    assert attempts > 1


# ---------------------------------------------------------------- cards


def test_a_comparison_is_not_recorded_while_another_key_waits_for_a_decision() -> None:
    """The words that were compared may have been those of either key."""
    pair = two_desks()
    pair.asks.vault.cards.flag_change(SUPPLIER.id, "ab" * 32)
    with pytest.raises(CardError, match="card-key-pending"):
        keeping_cards.check_card(pair.asks, SUPPLIER.id, "phone")


def test_nothing_is_sealed_with_a_card_of_ones_own_that_has_run_out() -> None:
    pair = two_desks()
    pair.clock.advance(366 * 86400)
    keeping_cards.issue_card(pair.holds)
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    with pytest.raises(CardError, match="card-expired") as caught:
        keeping_cards.partner_card(pair.asks, SUPPLIER.id)
    assert caught.value.fields["org"] == REQUESTER.id
    keeping_cards.issue_card(pair.asks)
    assert keeping_cards.partner_card(pair.asks, SUPPLIER.id).org == SUPPLIER


def test_a_new_version_of_a_card_keeps_what_is_not_changed() -> None:
    pair = two_desks()
    before = pair.asks.card
    after = keeping_cards.issue_card(pair.asks)
    assert (after.officials, after.inboxes, after.box) == (before.officials, before.inboxes, before.box)
    assert after.version == before.version + 1


def test_a_card_that_forgets_an_official_is_not_taken_in() -> None:
    pair = two_desks()
    mine = pair.holds.card.officials[0]
    other = dataclasses.replace(pair.holds, device=pair.asks.device)
    with pytest.raises(CardError, match="card-forgets"):
        keeping_cards.issue_card(pair.holds, officials=(keeping_cards.own_entry(other),))
    assert pair.holds.card.officials == (mine,)


def test_a_refused_key_does_not_stop_delivery_again() -> None:
    pair = two_desks()
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    card = read_card(other.holds.card_bytes)
    note = f"{card.fingerprint} They know nothing of it"
    check = CardCheck(method="refused", by="Priya Shah", at=pair.clock.now(), note=note)
    pair.asks.vault.cards.add_check(SUPPLIER.id, check)
    with pytest.raises(CardError, match="card-key-refused"):
        keeping_cards.import_card(pair.asks, other.holds.card_bytes)
    assert keeping_cards.partner_card(pair.asks, SUPPLIER.id).org == SUPPLIER


def test_a_colleague_who_holds_no_key_says_where_the_inbox_lies_for_their_laptop_only() -> None:
    pair = two_desks()
    member = dataclasses.replace(pair.asks, organisation=None)
    version = member.card.version
    assert keeping_cards.set_inbox_address(member, "elsewhere").version == version
    assert keeping_cards.address_of(member, REQUESTER.id) == "elsewhere"


# ---------------------------------------------------------------- secrets in memory


def test_locking_the_desk_leaves_no_signing_key_behind() -> None:
    gc.collect()
    before = {id(each) for each in gc.get_objects() if isinstance(each, SigningKeys | Identity)}
    desk = Desk(memory_world())
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=FIRST)
    keys = [each for each in gc.get_objects() if isinstance(each, SigningKeys | Identity) and id(each) not in before]
    assert len(keys) >= 6
    del keys
    desk.lock()
    gc.collect()
    left = [each for each in gc.get_objects() if isinstance(each, SigningKeys | Identity) and id(each) not in before]
    assert left == []
    desk.lock()
    with pytest.raises(RuleError, match="locked"):
        _ = desk.session


def test_no_secret_shows_in_a_representation_or_an_error() -> None:
    world = memory_world()
    run = made(world)
    settings = run.session.vault.settings
    names = ("key.data", "seed.device", "seed.organisation", "seed.inbox")
    secrets = [settings.read(name) for name in names]
    assert all(secret is not None and len(secret) == 32 for secret in secrets)
    spelt = {form for secret in secrets if secret for form in (repr(secret), secret.hex())}
    spelt |= {run.words.reveal(), run.words.reveal().split()[0] + " " + run.words.reveal().split()[1], FIRST}
    shown = [repr(run), str(run), repr(run.session), f"{run.words}", repr(run.words), *walked(run)]
    errors: list[Callable[[], object]] = [
        lambda: keeping_keys.unlock_with_passphrase(world, THIRD),
        lambda: keeping_keys.unlock_with_words(world, " ".join(run.words.reveal().split()[:23])),
        lambda: keeping_keys.unlock_with_words(world, run.words.reveal().replace(" ", " x", 1)),
        lambda: keeping_keys.change_passphrase(run.session, THIRD, SECOND),
        lambda: keeping_keys.words_of_kit(keeping_keys.recovery_kit(world, run.words, FIRST), THIRD),
    ]
    for attempt in errors:
        with pytest.raises(DsadeskError) as caught:
            attempt()
        shown += [str(caught.value), repr(caught.value), repr(caught.value.fields)]
    for text in shown:
        for secret in spelt:
            assert secret not in text


def walked(value: object, depth: int = 4) -> list[str]:
    """The representation of a dataclass and of every dataclass and structure in it."""
    shown = [repr(value)]
    if depth and (dataclasses.is_dataclass(value) or hasattr(value, "__struct_fields__")):
        names = getattr(value, "__struct_fields__", None) or [f.name for f in dataclasses.fields(value)]  # type: ignore[arg-type]
        for name in names:
            shown += walked(getattr(value, name), depth - 1)
    return shown


def test_the_key_store_is_not_touched_by_importing_the_program() -> None:
    program = "import sys; import dsadesk.bootstrap, dsadesk.cli.main; print(sorted(m for m in sys.modules if m.split('.')[0] in ('keyring', 'secretstorage', 'jeepney')))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


# ---------------------------------------------------------------- the kit


def test_a_kit_gives_the_words_back_to_its_passphrase_only() -> None:
    world = memory_world()
    run = made(world)
    kit = keeping_keys.recovery_kit(world, run.words, SECOND)
    assert keeping_keys.words_of_kit(kit, SECOND).reveal() == run.words.reveal()
    with pytest.raises(InputError, match="kit-passphrase"):
        keeping_keys.words_of_kit(kit, THIRD)
    with pytest.raises(InputError, match="kit-unreadable"):
        keeping_keys.words_of_kit(kit[:-40], SECOND)
    with pytest.raises(InputError, match="passphrase-short"):
        keeping_keys.recovery_kit(world, run.words, "short")


def test_every_way_in_is_an_age_file_that_opens_without_us() -> None:
    world = memory_world()
    made(world)
    wrap = next(wrap for wrap in world.place.header().wraps if wrap.kind == PASSPHRASE)
    cost = wrap.cost
    assert cost is not None
    secret = Argon2id(
        salt=cost.salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(FIRST.encode())
    key = age.decrypt(age.dearmor(wrap.sealed.encode()), (age.X25519Identity(secret),), limit=64)
    assert len(key) == 32
