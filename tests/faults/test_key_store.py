"""Every state of the operating system's key store: its own sentence, nothing deleted, and the other ways in still open."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsadesk.errors import DsadeskError, KeyStoreError, WrongKeyError
from dsadesk.host.keyring import KeyringSecretStore
from dsadesk.host.memory import FixedClock, MemorySecretStore
from dsadesk.ports import KeyStoreState
from dsadesk.services import keeping_keys
from dsadesk.services.keeping_keys import FirstRun
from dsadesk.services.session import World
from dsadesk.services.wording import explain
from tests.support.desks import PASSPHRASE, REQUESTER, Stores, folder_world, memory_world
from tests.unit.host.backends import DictionaryBackend, backend_of, failing_backend

Break = Callable[[World, MemorySecretStore], World]


def in_state(state: KeyStoreState) -> Break:
    def broken(world: World, store: MemorySecretStore) -> World:
        store.state = state
        return world

    return broken


def item_missing(world: World, store: MemorySecretStore) -> World:
    store._kept.clear()
    return world


def other_value(world: World, store: MemorySecretStore) -> World:
    store._kept[next(iter(store._kept))] = bytes(32)
    return world


def other_backend(world: World, store: MemorySecretStore) -> World:
    del store
    return dataclasses.replace(world, secrets=MemorySecretStore(backend="libsecret"))


STATES: dict[str, tuple[Break, type[DsadeskError], str]] = {
    "locked": (in_state(KeyStoreState.LOCKED), KeyStoreError, "locked"),
    "no backend": (in_state(KeyStoreState.NO_BACKEND), KeyStoreError, "no-backend"),
    "refused backend": (in_state(KeyStoreState.REFUSED_BACKEND), KeyStoreError, "refused-backend"),
    "item missing": (item_missing, KeyStoreError, "item-missing"),
    "different value": (other_value, WrongKeyError, "other-secret"),
    "backend changed between runs": (other_backend, KeyStoreError, "backend-changed"),
    "throws": (in_state(KeyStoreState.FAILS), KeyStoreError, "fails"),
    "prompt dismissed": (in_state(KeyStoreState.DISMISSED), KeyStoreError, "dismissed"),
}


@pytest.fixture(params=["memory", "folder"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "memory":
        return memory_world()
    return folder_world(tmp_path / "vault", stores=Stores(), clock=FixedClock(), seed="desk")


@pytest.fixture
def run(world: World) -> Iterator[FirstRun]:
    """A vault that opens by the key store, by a passphrase and by the words."""
    made = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=None)
    keeping_keys.use_passphrase(made.session, PASSPHRASE)
    made.session.vault.close()
    yield made
    made.session.vault.close()


def everything(world: World, store: MemorySecretStore) -> tuple[object, ...]:
    """The header, every file of the vault, and every secret in the key store."""
    folder = world.place.folder
    paths = sorted(folder.rglob("*")) if folder else []
    return world.place.header(), {p: p.read_bytes() for p in paths if p.is_file()}, dict(store._kept)


def test_a_key_store_that_works_opens_the_vault(world: World, run: FirstRun) -> None:
    session = keeping_keys.unlock_with_key_store(world)
    assert session.profile == run.session.profile
    session.vault.close()


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_told_apart_changes_nothing_and_leaves_the_other_ways(
    state: str, world: World, run: FirstRun
) -> None:
    store = world.secrets
    assert isinstance(store, MemorySecretStore)
    change, kind, code = STATES[state]
    broken = change(world, store)
    before = everything(world, store)
    for _ in range(2):
        with pytest.raises(kind) as caught:
            keeping_keys.unlock_with_key_store(broken)
        assert caught.value.code == code
    assert everything(world, store) == before
    keeping_keys.unlock_with_passphrase(broken, PASSPHRASE).vault.close()
    keeping_keys.unlock_with_words(broken, run.words.reveal()).vault.close()


def test_each_state_has_a_sentence_of_its_own_and_none_offers_to_delete() -> None:
    said = []
    for change, _, _ in STATES.values():
        world = memory_world()
        made = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=None)
        made.session.vault.close()
        assert isinstance(world.secrets, MemorySecretStore)
        with pytest.raises(DsadeskError) as caught:
            keeping_keys.unlock_with_key_store(change(world, world.secrets))
        said.append(explain(caught.value))
    assert len({explanation.what for explanation in said}) == len(STATES)
    assert not any("delete" in f"{e.what} {e.todo}".lower() for e in said)
    assert "memory" in said[list(STATES).index("backend changed between runs")].what


def test_a_key_store_that_comes_back_opens_the_vault_again(world: World, run: FirstRun) -> None:
    store = world.secrets
    assert isinstance(store, MemorySecretStore)
    for state in KeyStoreState:
        store.state = state
        if state is not KeyStoreState.WORKS:
            with pytest.raises(KeyStoreError):
                keeping_keys.unlock_with_key_store(world)
    store.state = KeyStoreState.WORKS
    keeping_keys.unlock_with_key_store(world).vault.close()
    del run


def test_a_vault_by_passphrase_never_asks_the_key_store() -> None:
    class Untouchable(MemorySecretStore):
        @property
        def backend(self) -> str:
            raise AssertionError("asked for its name")

        def _answer(self) -> None:
            raise AssertionError("asked")

        def probe(self) -> KeyStoreState:
            raise AssertionError("probed")

    world = dataclasses.replace(memory_world(), secrets=Untouchable())
    made = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    keeping_keys.change_passphrase(made.session, PASSPHRASE, f"{PASSPHRASE} again")
    made.session.vault.close()
    keeping_keys.unlock_with_passphrase(world, f"{PASSPHRASE} again").vault.close()
    with pytest.raises(KeyStoreError, match="not-used"):
        keeping_keys.unlock_with_key_store(world)


@pytest.mark.parametrize(
    ("backend", "code"),
    [
        (backend_of("keyrings.alt.file"), "refused-backend"),
        (backend_of("keyring.backends.fail"), "no-backend"),
        (failing_backend(RuntimeError("something of the system's own")), "fails"),
        (failing_backend(RuntimeError("Prompt dismissed..")), "dismissed"),
    ],
)
def test_a_key_store_that_does_not_work_never_becomes_a_way_in(backend: DictionaryBackend, code: str) -> None:
    """Above all not the one that would write the secret to a plain file."""
    world = dataclasses.replace(memory_world(), secrets=KeyringSecretStore(load=lambda: backend))
    with pytest.raises(KeyStoreError) as caught:
        keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=None)
    assert caught.value.code == code
    assert not world.place.exists()
    made = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    before = world.place.header()
    with pytest.raises(KeyStoreError, match=code):
        keeping_keys.use_key_store(made.session)
    assert world.place.header() == before
    assert not getattr(backend, "kept", {})


# ---------------------------------------------------------------- the real one

REAL = Path(__file__).parent / "real_key_store.py"


def in_a_session_of_its_own(tmp_path: Path, *states: str, password: str = "") -> dict[str, str]:
    """Runs states of the real key store one after another under one bus, and returns what each of them told."""
    for needed in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed here, so no Secret Service can be started")
    start = f'printf "{password}\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" "$@"'
    home = {name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME")}
    result = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", start, sys.executable, str(REAL), str(tmp_path / "vault"), *states],
        env={k: v for k, v in os.environ.items() if k != "DISPLAY"}
        | home
        | {"PYTHONPATH": os.pathsep.join([*sys.path, str(REAL.parents[2])])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)


def test_the_real_key_store_in_every_state_that_can_be_brought_about(tmp_path: Path) -> None:
    told = in_a_session_of_its_own(
        tmp_path, "make", "works", "different", "put-back", "missing", "put-back", "works-again", "locked"
    )
    assert told["make"] == "secret-service, 32 bytes"
    assert told["works"] == told["works-again"] == "opened"
    assert told["different"] == "WrongKeyError other-secret"
    assert told["missing"] == "KeyStoreError item-missing"
    assert told["locked"] in ("KeyStoreError locked", "KeyStoreError dismissed"), (
        "there is nobody to answer the question"
    )
    assert told["after"] == "passphrase opened, words opened"


def test_without_a_bus_there_is_no_key_store_and_the_words_still_open(tmp_path: Path) -> None:
    in_a_session_of_its_own(tmp_path, "make")
    result = subprocess.run(
        [sys.executable, str(REAL), str(tmp_path / "vault"), "no-bus"],
        env={k: v for k, v in os.environ.items() if k not in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
        | {"XDG_RUNTIME_DIR": str(tmp_path / "nothing"), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        | {"PYTHONPATH": os.pathsep.join([*sys.path, str(REAL.parents[2])])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    told = dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)
    assert told["no-bus"] == "KeyStoreError no-backend"
    assert told["after"] == "passphrase opened, words opened"
