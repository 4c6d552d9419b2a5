"""What a passphrase costs, and that vaults of before open as ever."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from dsadesk import age
from dsadesk.errors import DamagedVaultError, WrongKeyError
from dsadesk.ports import Argon2id, KeyWrap, VaultHeader
from dsadesk.services import keeping_keys
from dsadesk.services.wrapping_keys import PASSPHRASE as KIND
from dsadesk.services.wrapping_keys import identity_for, wrap_of, wrap_passphrase
from dsadesk.settings import Settings
from dsadesk.storage.header import parse_header, serialise_header
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world

SALT = bytes(range(16))
COST = Argon2id(salt=SALT, iterations=3, lanes=4, memory_kib=32)


def test_the_program_asks_what_rfc_9106_recommends(tmp_path: Path) -> None:
    world = dataclasses.replace(memory_world(), settings=Settings(vault=tmp_path, logs=tmp_path))
    cost = wrap_passphrase(world, PASSPHRASE, bytes(32)).cost
    assert cost is not None
    assert (cost.iterations, cost.lanes, cost.memory_kib, len(cost.salt)) == (3, 4, 64 * 1024, 16)


def test_each_wrap_has_a_salt_of_its_own() -> None:
    world = memory_world()
    one, two = (wrap_passphrase(world, PASSPHRASE, bytes(32)).cost for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.salt != two.salt


def test_a_known_passphrase_gives_a_known_key() -> None:
    """Fixed for ever: another answer would lock every vault that has a passphrase."""
    identity = identity_for(KeyWrap(kind=KIND, sealed="", cost=COST), "correct horse battery staple")
    assert isinstance(identity, age.X25519Identity)
    assert str(identity.recipient) == "age10pt8z334zkvv7g05r8asfmzkd2x5k6634uhfv50dz6kqx0399fjsu3wtxy"


def test_letters_typed_as_one_character_or_two_are_the_same() -> None:
    wrap = KeyWrap(kind=KIND, sealed="", cost=COST)
    one, two = identity_for(wrap, "t\u0177 bach twt iawn"), identity_for(wrap, "ty\u0302 bach twt iawn")
    assert isinstance(one, age.X25519Identity)
    assert isinstance(two, age.X25519Identity)
    assert str(one.recipient) == str(two.recipient)


def test_a_vault_with_a_passphrase_locked_file_opens_as_ever_and_moves_on_with_the_next_passphrase() -> None:
    world = memory_world()
    run = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    data_key = keeping_keys.key_from_passphrase(world.place.header(), PASSPHRASE)
    recipient = age.ScryptRecipient(PASSPHRASE, 8)
    sealed = age.armor(age.encrypt(data_key, (recipient,), world.entropy.token)).decode()
    header = world.place.header()
    old = tuple(w for w in header.wraps if w.kind != KIND)
    world.place.write_header(dataclasses.replace(header, wraps=(*old, KeyWrap(kind=KIND, sealed=sealed))))
    run.session.vault.close()
    with pytest.raises(WrongKeyError):
        keeping_keys.unlock_with_passphrase(world, "not the one that it has")
    session = keeping_keys.unlock_with_passphrase(world, PASSPHRASE)
    keeping_keys.change_passphrase(session, PASSPHRASE, "four other unrelated words")
    wrap = wrap_of(world.place.header(), KIND)
    assert wrap is not None
    assert wrap.cost is not None
    assert keeping_keys.key_from_passphrase(world.place.header(), "four other unrelated words") == data_key


def test_the_cost_comes_back_from_the_header_as_it_went_in() -> None:
    header = VaultHeader(
        id="vault", wraps=(KeyWrap(kind=KIND, sealed="x", cost=COST), KeyWrap(kind="recovery", sealed="y"))
    )
    assert parse_header(serialise_header(header, "0" * 64, {})).header == header


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 1 << 21}, {"memory_kib": 31}, {"iterations": 0}, {"iterations": 17}, {"lanes": 0}, {"lanes": 17},
        {"salt": "00" * 15}, {"salt": "not hexadecimal"},
    ],
)  # fmt: skip
def test_a_header_that_asks_for_an_absurd_cost_is_refused_before_it_is_paid(change: dict[str, object]) -> None:
    header = VaultHeader(id="vault", wraps=(KeyWrap(kind=KIND, sealed="x", cost=COST),))
    raw = json.loads(serialise_header(header, "0" * 64, {}))
    raw["wraps"][0]["argon2id"] |= change
    with pytest.raises(DamagedVaultError):
        parse_header(json.dumps(raw).encode())
