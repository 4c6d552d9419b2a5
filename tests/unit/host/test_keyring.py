from __future__ import annotations

import subprocess
import sys
from typing import Any

import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from dsadesk.errors import KeyStoreError
from dsadesk.host.keyring import ALLOWED, KeyringSecretStore
from dsadesk.ports import KeyStoreState
from tests.unit.host.backends import DictionaryBackend, backend_of, chainer_of, failing_backend

SECRET = bytes(range(32))


def store_over(backend: Any) -> KeyringSecretStore:
    return KeyringSecretStore(load=lambda: backend)


def code_of_reading(store: KeyringSecretStore) -> str:
    with pytest.raises(KeyStoreError) as caught:
        store.read("vault-1")
    return caught.value.code


@pytest.mark.parametrize("module", ALLOWED)
def test_a_backend_that_the_system_guards_is_used_and_named(module: str) -> None:
    store = store_over(backend_of(module))
    assert store.probe() is KeyStoreState.WORKS
    assert store.backend == ALLOWED[module]


@pytest.mark.parametrize(
    "module", ["keyrings.alt.file", "keyrings.alt.Gnome", "keyring.backends.null", "keyring.backends.macOS2", "mine"]
)
def test_any_other_backend_is_refused_by_name_and_nothing_is_written_to_it(module: str) -> None:
    backend = backend_of(module)
    store = store_over(backend)
    assert store.probe() is KeyStoreState.REFUSED_BACKEND
    assert store.backend == module
    with pytest.raises(KeyStoreError) as caught:
        store.write("vault-1", SECRET)
    assert (caught.value.code, caught.value.fields) == ("refused-backend", {"backend": module})
    assert backend.kept == {}


def test_a_subclass_of_an_allowed_backend_is_not_that_backend() -> None:
    assert (
        store_over(type("Mine", (DictionaryBackend,), {"__module__": "mine"})()).probe()
        is KeyStoreState.REFUSED_BACKEND
    )


def test_the_librarys_own_empty_backends_are_told_apart() -> None:
    assert store_over(keyring.backends.fail.Keyring()).probe() is KeyStoreState.NO_BACKEND
    assert store_over(keyring.backends.fail.Keyring()).backend == ""
    assert store_over(keyring.backends.null.Keyring()).probe() is KeyStoreState.REFUSED_BACKEND


def test_of_several_backends_the_first_is_used_and_no_other() -> None:
    first, second = DictionaryBackend(), backend_of("keyrings.alt.file")
    store = store_over(chainer_of(first, second))
    store.write("vault-1", SECRET)
    assert store.backend == "secret-service"
    assert (len(first.kept), len(second.kept)) == (1, 0)


def test_several_backends_of_which_the_first_is_not_allowed_are_refused() -> None:
    store = store_over(chainer_of(backend_of("keyrings.alt.file"), DictionaryBackend()))
    assert store.probe() is KeyStoreState.REFUSED_BACKEND
    assert store_over(chainer_of()).probe() is KeyStoreState.REFUSED_BACKEND


class ErrorOfTheSystem(Exception):  # noqa: N818 - the name stands for what D-Bus, GLib and Windows raise
    pass


class PromptDismissedException(Exception):  # noqa: N818 - as the library calls it
    __module__ = "secretstorage.exceptions"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (keyring.errors.NoKeyringError("none"), KeyStoreState.NO_BACKEND),
        (keyring.errors.KeyringLocked("Failed to unlock the collection!"), KeyStoreState.LOCKED),
        (keyring.errors.InitError("Failed to create the collection: Prompt dismissed.."), KeyStoreState.DISMISSED),
        (keyring.errors.PasswordSetError("Cancelled by user"), KeyStoreState.DISMISSED),
        (PromptDismissedException(), KeyStoreState.DISMISSED),
        (keyring.errors.InitError("other"), KeyStoreState.FAILS),
        (keyring.errors.PasswordSetError("other"), KeyStoreState.FAILS),
        (keyring.errors.PasswordDeleteError("other"), KeyStoreState.FAILS),
        (keyring.errors.KeyringError("other"), KeyStoreState.FAILS),
        (ErrorOfTheSystem("1783 stub received bad data"), KeyStoreState.FAILS),
        (OSError(5, "bus"), KeyStoreState.FAILS),
    ],
)
def test_every_error_of_a_backend_becomes_a_state(error: Exception, state: KeyStoreState) -> None:
    store = store_over(failing_backend(error))
    assert store.probe() is state
    assert code_of_reading(store) == state.value
    for change in (lambda: store.write("vault-1", SECRET), lambda: store.delete("vault-1")):
        with pytest.raises(KeyStoreError) as caught:
            change()
        assert caught.value.code == state.value


def test_no_error_class_of_the_library_is_left_unmapped() -> None:
    classes = [
        each
        for each in vars(keyring.errors).values()
        if isinstance(each, type) and issubclass(each, keyring.errors.KeyringError)
    ]
    assert len(classes) >= 6
    for each in classes:
        assert isinstance(store_over(failing_backend(each("x"))).probe(), KeyStoreState)


def test_an_error_does_not_carry_what_the_backend_said() -> None:
    store = store_over(failing_backend(ErrorOfTheSystem("password was AAECAwQF")))
    with pytest.raises(KeyStoreError) as caught:
        store.write("vault-1", SECRET)
    assert "AAECAwQF" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_backend_that_cannot_even_be_looked_for_fails() -> None:
    def load() -> Any:
        raise ImportError("no module named in the configuration file")

    store = KeyringSecretStore(load=load)
    assert store.probe() is KeyStoreState.FAILS
    assert store.backend == ""


@pytest.mark.parametrize("kept", ["", "not base64!", "AAAA", "A" * 44, "é"])
def test_what_is_not_a_secret_of_ours_is_not_handed_out(kept: str) -> None:
    backend = DictionaryBackend()
    backend.set_password("dsadesk vault-1", "vault", kept)
    with pytest.raises(KeyStoreError) as caught:
        store_over(backend).read("vault-1")
    assert (caught.value.code, caught.value.fields["reason"]) == ("fails", "malformed")
    assert len(backend.kept) == 1


def test_a_store_that_forgets_what_it_was_given_does_not_work() -> None:
    class Forgetful(DictionaryBackend):
        __module__ = "keyring.backends.SecretService"

        def set_password(self, service: str, user: str, password: str) -> None:
            pass

    assert store_over(Forgetful()).probe() is KeyStoreState.FAILS


def test_secrets_of_two_vaults_lie_under_two_services() -> None:
    backend = DictionaryBackend()
    store = store_over(backend)
    store.write("vault-1", SECRET)
    store.write("vault-2", SECRET)
    assert set(backend.kept) == {("dsadesk vault-1", "vault"), ("dsadesk vault-2", "vault")}
    # Windows keeps at most 2,560 bytes, in UTF-16.
    assert all(len(text.encode("utf-16")) < 2560 for text in backend.kept.values())


def test_importing_the_key_store_does_not_import_the_library() -> None:
    code = "import sys, dsadesk.host.keyring as ours; ours.KeyringSecretStore(); sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
