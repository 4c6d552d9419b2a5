"""Runs inside a bus of its own, with a real Secret Service: brings it into one state after another and tries to open a vault.

Usage: real_key_store.py FOLDER STATE…. Prints `state=what happened`, one a line.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

from dsadesk.errors import DsadeskError
from dsadesk.host.keyring import KeyringSecretStore
from dsadesk.host.memory import FixedClock
from dsadesk.services import keeping_keys
from dsadesk.services.session import World
from tests.support.desks import PASSPHRASE, REQUESTER, Stores, folder_world

SERVICE = "dsadesk-fault-test"


def world_in(folder: Path) -> World:
    world = folder_world(folder, stores=Stores(), clock=FixedClock(), seed="real")
    return dataclasses.replace(world, secrets=KeyringSecretStore(SERVICE))


def attempt(world: World) -> str:
    before = world.place.header()
    try:
        keeping_keys.unlock_with_key_store(world).vault.close()
    except DsadeskError as error:
        return f"{type(error).__name__} {error.code}"
    finally:
        assert world.place.header() == before
    return "opened"


def lock_everything() -> None:
    """Locks the key ring, as the screen lock or a log-out would."""
    import secretstorage

    connection = secretstorage.dbus_init()
    for collection in secretstorage.get_all_collections(connection):
        collection.lock()


def enter(state: str, world: World, name: str, folder: Path) -> str:
    secrets = world.secrets
    kept = folder / "secret.kept"
    match state:
        case "make":
            made = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=None)
            keeping_keys.use_passphrase(made.session, PASSPHRASE)
            (folder / "words.kept").write_text(made.words.reveal())
            made.session.vault.close()
            secret = secrets.read(f"vault-{world.place.header().id}") or b""
            kept.write_bytes(secret)
            return f"{secrets.backend}, {len(secret)} bytes"
        case "different":
            secrets.write(name, bytes(32))
        case "missing":
            secrets.delete(name)
        case "put-back":
            secrets.write(name, kept.read_bytes())
        case "locked":
            lock_everything()
    return attempt(world)


def main(folder: Path, states: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    for state in states:
        world = world_in(folder / "vault")
        name = f"vault-{world.place.header().id}" if world.place.exists() else ""
        sys.stdout.write(f"{state}={enter(state, world, name, folder)}\n")
    world = world_in(folder / "vault")
    keeping_keys.unlock_with_passphrase(world, PASSPHRASE).vault.close()
    keeping_keys.unlock_with_words(world, (folder / "words.kept").read_text()).vault.close()
    sys.stdout.write("after=passphrase opened, words opened\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
