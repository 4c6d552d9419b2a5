"""Backends as the keyring library would give them, by the module that each one says it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class DictionaryBackend:
    """Keeps passwords as the real backends do: one text for a service and a user, an error for forgetting nothing."""

    __module__ = "keyring.backends.SecretService"

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, user: str) -> str | None:
        return self.kept.get((service, user))

    def set_password(self, service: str, user: str, password: str) -> None:
        self.kept[(service, user)] = password

    def delete_password(self, service: str, user: str) -> None:
        del self.kept[(service, user)]


def backend_of(module: str) -> DictionaryBackend:
    """A backend that says it comes from another module."""
    return type("Backend", (DictionaryBackend,), {"__module__": module})()


def failing_backend(error: Exception) -> Any:
    """A backend that answers everything with one error."""

    def fail(*_: object) -> None:
        raise error

    members: dict[str, Callable[..., None] | str] = dict.fromkeys(
        ("get_password", "set_password", "delete_password"), fail
    )
    return type("Backend", (), members | {"__module__": "keyring.backends.SecretService"})()


def chainer_of(*backends: Any) -> Any:
    """The library's own way of using several backends at once."""
    return type("ChainerBackend", (), {"__module__": "keyring.backends.chainer", "backends": list(backends)})()
