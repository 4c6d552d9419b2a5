"""What is left of a laptop is a backup, or a damaged folder: the same person opens the vault again by each way in that it had."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dsadesk.domain.lifecycle import Stage
from dsadesk.errors import KeyStoreError, WrongKeyError
from dsadesk.host.memory import FixedClock, MemorySecretStore
from dsadesk.services import attaching, drafting, keeping_keys, mending, viewing
from dsadesk.services.desk import Desk
from dsadesk.services.session import World
from dsadesk.storage.vault import SqlcipherPlace
from tests.support.desks import PASSPHRASE, REQUESTER, SAMPLE, Stores, folder_world

TITLE = "Bathing water results"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return folder_world(tmp_path / "laptop" / "vault", stores=Stores(), clock=FixedClock(), seed="first")


def on_another_machine(world: World, folder: Path, secrets: MemorySecretStore | None = None) -> World:
    place = SqlcipherPlace(folder, world.clock, world.entropy, reserve_bytes=65536)
    return replace(world, place=place, secrets=secrets or world.secrets)


def set_up(world: World) -> tuple[Desk, str]:
    """A vault that opens by passphrase, words and key store, with a draft and a sample."""
    desk = Desk(world)
    words = desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
    keeping_keys.use_key_store(desk.session)
    draft = drafting.start(desk.session, title=TITLE)
    with SAMPLE.open("rb") as source:
        attaching.attach(desk.session, draft.request, source, SAMPLE.name)
    return desk, words


def holds_everything(desk: Desk) -> bool:
    session = desk.session
    assert session.profile.official.name == "Priya Shah"
    drafts = session.vault.drafts.all()
    assert [draft.title for draft in drafts] == [TITLE]
    assert viewing.view(session, drafts[0].request).stage is Stage.DRAFT
    with attaching.open_sample(session, drafts[0].request, 1) as plain:
        assert plain.read() == SAMPLE.read_bytes()
    assert session.vault.check() == ()
    desk.lock()
    return True


def opens_by_every_way(world: World, words: str) -> None:
    for unlock in (
        lambda desk: desk.unlock_with_passphrase(PASSPHRASE),
        lambda desk: desk.unlock_with_words(words),
        lambda desk: desk.unlock_with_key_store(),
    ):
        desk = Desk(world)
        unlock(desk)
        assert holds_everything(desk)


def test_a_restored_vault_opens_by_the_same_ways_in(world: World, tmp_path: Path) -> None:
    desk, words = set_up(world)
    desk.session.vault.backup(tmp_path / "backup")
    desk.lock()
    shutil.rmtree(tmp_path / "laptop")
    again = on_another_machine(world, tmp_path / "new laptop" / "vault")
    again.place.restore(tmp_path / "backup")
    opens_by_every_way(again, words)


def test_on_a_machine_without_the_key_store_words_and_passphrase_still_open_it(world: World, tmp_path: Path) -> None:
    desk, words = set_up(world)
    desk.session.vault.backup(tmp_path / "backup")
    desk.lock()
    elsewhere = on_another_machine(world, tmp_path / "elsewhere", MemorySecretStore())
    elsewhere.place.restore(tmp_path / "backup")
    with pytest.raises(KeyStoreError):
        Desk(elsewhere).unlock_with_key_store()
    with pytest.raises(WrongKeyError):
        Desk(elsewhere).unlock_with_passphrase("not the passphrase at all")
    desk = Desk(elsewhere)
    desk.unlock_with_words(words)
    assert holds_everything(desk)


def test_a_salvaged_vault_opens_by_the_same_ways_in(world: World, tmp_path: Path) -> None:
    desk, words = set_up(world)
    desk.lock()
    database = tmp_path / "laptop" / "vault" / "cases.db"
    data = bytearray(database.read_bytes())
    data[:512] = bytes(512)  # the first sector: the engine reads nothing of the rest any more
    database.write_bytes(data)
    mended, found = mending.salvage(world, mending.by_words(words))
    assert found.losses == ()
    mended.session.vault.close()
    opens_by_every_way(world, words)
