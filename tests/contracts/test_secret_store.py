"""What every key store promises. The real one runs where a Secret Service does, under a bus of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dsadesk.errors import KeyStoreError
from dsadesk.host.keyring import KeyringSecretStore
from dsadesk.host.memory import MemorySecretStore
from dsadesk.ports import KeyStoreState, SecretStore
from tests.unit.host.backends import DictionaryBackend

SECRET, OTHER_SECRET = bytes(range(32)), bytes(range(32, 64))

MAKERS: dict[str, Callable[[], SecretStore]] = {
    "memory": MemorySecretStore,
    "keyring": lambda: KeyringSecretStore(load=DictionaryBackend),
}


@pytest.fixture(params=MAKERS)
def store(request: pytest.FixtureRequest) -> SecretStore:
    return MAKERS[request.param]()


def test_a_secret_comes_back_as_it_went_in(store: SecretStore) -> None:
    store.write("vault-1", SECRET)
    store.write("vault-2", OTHER_SECRET)
    assert store.read("vault-1") == SECRET
    assert store.read("vault-2") == OTHER_SECRET


def test_a_name_that_was_never_written_is_none(store: SecretStore) -> None:
    assert store.read("vault-1") is None


def test_writing_again_replaces_the_secret(store: SecretStore) -> None:
    store.write("vault-1", SECRET)
    store.write("vault-1", OTHER_SECRET)
    assert store.read("vault-1") == OTHER_SECRET


def test_forgetting_twice_is_fine(store: SecretStore) -> None:
    store.write("vault-1", SECRET)
    store.delete("vault-1")
    store.delete("vault-1")
    assert store.read("vault-1") is None


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_only_thirty_two_bytes_go_in(store: SecretStore, size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        store.write("vault-1", bytes(size))
    assert store.read("vault-1") is None


def test_probing_leaves_everything_as_it_was(store: SecretStore) -> None:
    store.write("vault-1", SECRET)
    assert store.probe() is KeyStoreState.WORKS
    assert store.read("vault-1") == SECRET
    assert store.backend


@pytest.mark.parametrize("state", [state for state in KeyStoreState if state is not KeyStoreState.WORKS])
def test_the_store_in_memory_fails_as_it_is_told(state: KeyStoreState) -> None:
    store = MemorySecretStore()
    store.write("vault-1", SECRET)
    store.state = state
    assert store.probe() is state
    for ask in (lambda: store.read("vault-1"), lambda: store.write("vault-1", SECRET), lambda: store.delete("vault-1")):
        with pytest.raises(KeyStoreError) as caught:
            ask()
        assert caught.value.code == state.value
    store.state = KeyStoreState.WORKS
    assert store.read("vault-1") == SECRET


REAL = """
import sys
from dsadesk.host.keyring import KeyringSecretStore
from dsadesk.ports import KeyStoreState
store = KeyringSecretStore("dsadesk-test")
assert store.probe() is KeyStoreState.WORKS, store.probe()
assert store.backend == "secret-service", store.backend
store.write("vault-1", bytes(range(32)))
assert KeyringSecretStore("dsadesk-test").read("vault-1") == bytes(range(32))
store.delete("vault-1")
store.delete("vault-1")
assert store.read("vault-1") is None
sys.stdout.write("kept its promises")
"""


def test_the_real_secret_service_keeps_the_same_promises(tmp_path: Path) -> None:
    for needed in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed here, so no Secret Service can be started")
    script = tmp_path / "real.py"
    script.write_text(REAL, encoding="utf-8")
    start = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" "$1"'
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    result = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", start, sys.executable, str(script)],
        env=os.environ | home | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stdout == "kept its promises", result.stderr
