"""The operating system's key store through the keyring library, limited to backends that the system itself guards.

A backend that would write secrets to a file of its own is refused by name, and nothing falls back to anything: a person is told.
The library is imported when it is first needed, because looking for backends takes as long as the rest of the start.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from dsadesk.errors import KeyStoreError
from dsadesk.ports import KeyStoreState

SECRET_BYTES: Final = 32
ALLOWED: Final[Mapping[str, str]] = {
    "keyring.backends.Windows": "windows-credential-manager",
    "keyring.backends.macOS": "macos-keychain",
    "keyring.backends.SecretService": "secret-service",
    "keyring.backends.libsecret": "libsecret",
    "keyring.backends.kwallet": "kwallet",
}
NO_BACKEND_MODULES: Final = frozenset({"keyring.backends.fail"})
_CHAINER: Final = "keyring.backends.chainer"
_USER = "vault"
_PROBE = "probe"
_PROBE_SECRET = bytes(range(SECRET_BYTES))

Backend = Any
"""What keyring calls a backend: an object with get_password, set_password and delete_password."""


def system_backend() -> Backend:
    """The backend that the keyring library would use on this machine."""
    import keyring

    return keyring.get_keyring()


class KeyringSecretStore:
    """Implements `ports.SecretStore`."""

    def __init__(self, service: str = "dsadesk", load: Callable[[], Backend] = system_backend) -> None:
        self._service = service
        self._load = load
        self._found: Backend | None = None

    @property
    def backend(self) -> str:
        """The backend's name, "" when there is none. A refused one is named by its module."""
        try:
            module = _module(self._chosen())
        except KeyStoreError:
            return ""
        return "" if module in NO_BACKEND_MODULES else ALLOWED.get(module, module)

    def probe(self) -> KeyStoreState:
        """Writes, reads and removes a value that guards nothing."""
        try:
            self.write(_PROBE, _PROBE_SECRET)
            came_back = self.read(_PROBE)
            self.delete(_PROBE)
        except KeyStoreError as error:
            return KeyStoreState(error.code)
        return KeyStoreState.WORKS if came_back == _PROBE_SECRET else KeyStoreState.FAILS

    def read(self, name: str) -> bytes | None:
        """The 32 bytes kept under a name, or None. Raises: KeyStoreError with the state as its code."""
        with self._usable() as backend:
            kept = backend.get_password(self._entry(name), _USER)
        return None if kept is None else _decode(kept, name)

    def write(self, name: str, secret: bytes) -> None:
        """Keeps exactly 32 bytes under a name. Raises: KeyStoreError, ValueError for another length."""
        if len(secret) != SECRET_BYTES:
            raise ValueError("a key store keeps secrets of 32 bytes only")
        with self._usable() as backend:
            backend.set_password(self._entry(name), _USER, base64.b64encode(secret).decode())

    def delete(self, name: str) -> None:
        """Forgets a name; forgetting twice is fine. Raises: KeyStoreError."""
        with self._usable() as backend:
            # Backends differ in what they say when there is nothing to forget, so they are asked first.
            if backend.get_password(self._entry(name), _USER) is not None:
                backend.delete_password(self._entry(name), _USER)

    def _entry(self, name: str) -> str:
        # One service a name: Windows keeps one user a service and renames the others around.
        return f"{self._service} {name}"

    def _chosen(self) -> Backend:
        if self._found is None:
            try:
                found = self._load()
                if _module(found) == _CHAINER:
                    # It writes to the first of its backends and reads from all of them; we use the first and no other.
                    found = next(iter(found.backends), found)
            except Exception as error:  # noqa: BLE001 - a backend named in a configuration file may fail in any way
                raise KeyStoreError(_state_of(error).value, cause=type(error).__name__) from None
            self._found = found
        return self._found

    @contextlib.contextmanager
    def _usable(self) -> Iterator[Backend]:
        backend = self._chosen()
        module = _module(backend)
        if module in NO_BACKEND_MODULES:
            raise KeyStoreError(KeyStoreState.NO_BACKEND.value)
        if module not in ALLOWED:
            raise KeyStoreError(KeyStoreState.REFUSED_BACKEND.value, backend=module)
        try:
            yield backend
        except Exception as error:  # noqa: BLE001 - backends let errors of D-Bus, GLib and Windows through as they come
            # The cause is not chained: what a backend says may quote what it was given.
            raise KeyStoreError(_state_of(error).value, cause=type(error).__name__) from None


def _module(backend: Backend) -> str:
    return type(backend).__module__


def _decode(kept: str, name: str) -> bytes:
    try:
        secret = base64.b64decode(kept, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise KeyStoreError(KeyStoreState.FAILS.value, reason="malformed", name=name)
    return secret


def _state_of(error: Exception) -> KeyStoreState:
    """What an error of a backend means. The names are looked up by class, so that the library need not be imported for it."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    state = next((_STATES[name] for name in names if name in _STATES), KeyStoreState.FAILS)
    return KeyStoreState.DISMISSED if state is KeyStoreState.FAILS and _is_dismissal(error) else state


def _is_dismissal(error: Exception) -> bool:
    # The backends have no class for it; these are the words of SecretService, KWallet and the keychain.
    said = str(error).lower()
    return any(words in said for words in ("dismissed", "cancelled by user", "canceled by user", "user canceled"))


_STATES: Final[Mapping[str, KeyStoreState]] = {
    "keyring.errors.NoKeyringError": KeyStoreState.NO_BACKEND,
    "keyring.errors.KeyringLocked": KeyStoreState.LOCKED,
    "keyring.errors.InitError": KeyStoreState.FAILS,
    "keyring.errors.PasswordSetError": KeyStoreState.FAILS,
    "keyring.errors.PasswordDeleteError": KeyStoreState.FAILS,
    "keyring.errors.KeyringError": KeyStoreState.FAILS,
    "secretstorage.exceptions.LockedException": KeyStoreState.LOCKED,
    "secretstorage.exceptions.PromptDismissedException": KeyStoreState.DISMISSED,
    "secretstorage.exceptions.SecretServiceNotAvailableException": KeyStoreState.NO_BACKEND,
}
