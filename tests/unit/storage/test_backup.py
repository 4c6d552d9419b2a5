from __future__ import annotations

import dataclasses
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from dsadesk.errors import (
    DamagedVaultError,
    NewerVaultError,
    RuleError,
    StoreMissingError,
    VaultBusyError,
    VaultError,
    VaultMissingError,
)
from dsadesk.storage.backup import restore
from dsadesk.storage.migrations import STEPS, Step
from tests.unit.storage.examples import (
    KEY,
    SUPPLIER,
    card,
    dataset,
    draft,
    event,
    failed_bundle,
    keep_object,
    machine,
    opened,
    sample,
)


def contents(folder: Path) -> list[object]:
    with opened(folder) as vault:
        found = [tuple(vault.events.all()), vault.drafts.all(), vault.cards.get(SUPPLIER), vault.inbox.quarantined()]
        samples = [each for request in vault.events.requests() for each in vault.samples.of_request(request)]
        objects = []
        for each in samples:
            with vault.objects.open(each.object) as file:
                objects.append(file.read())
        return [*found, samples, objects, vault.id, vault.check()]


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    with opened(tmp_path / "vault") as vault:
        vault.events.append((event(1),))
        keep_object(vault)
        vault.backup(tmp_path / "vault.backup")
    return tmp_path / "vault.backup"


def rewrite(backup: Path, **changes: bytes | None) -> None:
    """The backup with entries changed (`vault_json` stands for vault.json), left out (None) or added."""
    wanted = {name.replace("__", "/").replace("_", "."): data for name, data in changes.items()}
    with zipfile.ZipFile(backup) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(backup, "w") as archive:
        for name, data in (entries | wanted).items():
            if data is not None:
                archive.writestr(name, data)


def list_of(backup: Path) -> dict[str, object]:
    with zipfile.ZipFile(backup) as archive:
        listed: dict[str, object] = json.loads(archive.read("backup.json"))
        return listed


def test_a_backup_brings_everything_back_but_the_catalogue(tmp_path: Path) -> None:
    folder, restored = tmp_path / "vault", tmp_path / "restored"
    with opened(folder) as vault:
        vault.events.append((event(1), event(2)))
        vault.drafts.put(draft())
        vault.cards.put(card())
        vault.samples.put(sample(keep_object(vault, b"encrypted sample")))
        vault.inbox.quarantine(failed_bundle(), b"failed bundle")
        vault.catalogue.replace("source", [dataset()])
        vault.backup(tmp_path / "vault.backup")
    restore(tmp_path / "vault.backup", restored)
    assert contents(restored) == contents(folder)
    with opened(restored) as vault:
        assert vault.catalogue.count() == 0
        vault.events.append((event(3),))


def test_a_backup_holds_nothing_in_clear_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.drafts.put(draft(title="needle in the clear"))
        (tmp_path / "target").mkdir()
        vault.backup(tmp_path / "target" / "backup")
    assert [path.name for path in (tmp_path / "target").iterdir()] == ["backup"]
    assert b"needle" not in (tmp_path / "target" / "backup").read_bytes()
    assert (tmp_path / "target" / "backup").stat().st_mode & 0o077 == 0


def test_a_backup_replaces_an_older_one(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.backup(tmp_path / "backup")
        vault.events.append((event(1),))
        vault.backup(tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored")
    with opened(tmp_path / "restored") as vault:
        assert vault.events.count() == 1
        assert vault.open_problems == ()


def test_a_backup_is_not_made_inside_a_transaction_or_of_a_closed_vault(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        with pytest.raises(RuleError), vault.transaction():
            vault.backup(tmp_path / "backup")
        with pytest.raises(RuleError), vault.transaction():
            vault.check()
    with pytest.raises(VaultError) as caught:
        vault.backup(tmp_path / "backup")
    assert caught.value.code == "vault-closed"
    assert not (tmp_path / "backup").exists()


def test_a_target_that_is_not_there_is_named(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault, pytest.raises(StoreMissingError):
        vault.backup(tmp_path / "absent" / "backup")


def test_a_backup_is_not_restored_over_anything(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        restore(backup, tmp_path / "vault")
    assert caught.value.code == "vault-exists"
    (tmp_path / "empty").mkdir()
    restore(backup, tmp_path / "empty")
    assert machine(tmp_path / "empty").place.exists()


def test_a_backup_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(VaultMissingError) as caught:
        restore(tmp_path / "absent", tmp_path / "restored")
    assert caught.value.code == "backup-missing"


def test_a_backup_cut_short_anywhere_or_changed_anywhere_is_refused(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    step = max(1, len(whole) // 40)
    damaged = [whole[:end] for end in range(0, len(whole), step)]
    places = range(0, len(whole) - 2000, step)
    damaged += [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in places]
    refused = 0
    for data in damaged:
        backup.write_bytes(data)
        try:
            restore(backup, tmp_path / "restored")
        except DamagedVaultError:
            refused += 1
            assert not (tmp_path / "restored").exists()
            assert not (tmp_path / "restored.restoring").exists()
    assert refused == len(damaged)


@pytest.mark.parametrize(
    "changes",
    [
        {"vault_json": None},
        {"cases_db": None},
        {"cases_db": b"other bytes"},
        {"backup_json": None},
        {"backup_json": b"{}"},
        {"backup_json": b"[]"},
        {"backup_json": b"\xff"},
        {"extra_txt": b"not listed"},
        {"objects__x": b"not a name of ours"},
    ],
)
def test_a_backup_whose_list_does_not_agree_is_refused(
    backup: Path, tmp_path: Path, changes: dict[str, bytes | None]
) -> None:
    rewrite(backup, **changes)
    with pytest.raises(DamagedVaultError) as caught:
        restore(backup, tmp_path / "restored")
    assert caught.value.code == "backup-damaged"
    assert [path.name for path in tmp_path.iterdir() if "restor" in path.name] == []


@pytest.mark.parametrize("name", ["../escaped", "/etc/escaped", "objects/../../escaped", "lock", "vault.json/x"])
def test_a_name_that_leads_elsewhere_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    listed = list_of(backup)
    assert isinstance(listed["entries"], dict)
    listed["entries"][name] = {"size": 1, "sha256": "0" * 64}
    rewrite(backup, backup_json=json.dumps(listed).encode())
    with zipfile.ZipFile(backup, "a") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(DamagedVaultError):
        restore(backup, tmp_path / "deep" / "restored")
    assert list(tmp_path.rglob("escaped")) == []


def test_a_compressed_entry_is_refused_before_it_is_unpacked(backup: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(backup, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    with pytest.raises(DamagedVaultError):
        restore(backup, tmp_path / "restored")


def test_a_backup_of_a_newer_version_is_refused_as_newer(backup: Path, tmp_path: Path) -> None:
    rewrite(backup, backup_json=json.dumps(list_of(backup) | {"version": 2, "entries": "changed shape"}).encode())
    with pytest.raises(NewerVaultError) as caught:
        restore(backup, tmp_path / "restored")
    assert caught.value.code == "backup-version"


def test_a_backup_of_another_vaults_header_is_refused(backup: Path, tmp_path: Path) -> None:
    rewrite(backup, backup_json=json.dumps(list_of(backup) | {"vault": "vault-2"}).encode())
    with pytest.raises(DamagedVaultError):
        restore(backup, tmp_path / "restored")


def test_a_restored_vault_opens_with_the_key_that_it_had(backup: Path, tmp_path: Path) -> None:
    restore(backup, tmp_path / "restored")
    machine(tmp_path / "restored").place.open(KEY).close()


def refusal_of(backup: Path, tmp_path: Path) -> tuple[str, object]:
    with pytest.raises(DamagedVaultError) as caught:
        restore(backup, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    return caught.value.code, caught.value.fields.get("reason")


def test_a_refused_backup_is_told_by_name_what_it_is(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) // 2])
    assert refusal_of(backup, tmp_path) == ("backup-damaged", "cut-short")
    backup.write_bytes(whole[:-1])
    assert refusal_of(backup, tmp_path) == ("backup-damaged", "cut-short")
    backup.write_bytes(whole[:5000] + b"?" + whole[5001:])
    assert refusal_of(backup, tmp_path) == ("backup-damaged", "altered")
    backup.write_bytes(whole)
    rewrite(backup, vault_json=b"{}")
    assert refusal_of(backup, tmp_path) == ("backup-damaged", "altered")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 a letter", b"\x00" * 5000, b"SQLite format 3\x00" * 400])
def test_another_programs_file_is_not_a_backup(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    assert refusal_of(tmp_path / "file", tmp_path) == ("backup-damaged", "foreign")


def test_another_programs_archive_is_not_a_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr("letter.txt", b"Dear Sir or Madam")
    assert refusal_of(tmp_path / "file", tmp_path) == ("backup-damaged", "foreign")
    with zipfile.ZipFile(tmp_path / "file", "a") as archive:
        archive.writestr("backup.json", b'{"format": "somebody else\'s"}')
    assert refusal_of(tmp_path / "file", tmp_path) == ("backup-damaged", "foreign")


def test_a_backup_with_a_header_of_a_newer_version_is_refused_as_newer(backup: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        newer = json.loads(archive.read("vault.json")) | {"version": 2}
    data = json.dumps(newer).encode()
    listed = list_of(backup)
    assert isinstance(listed["entries"], dict)
    listed["entries"]["vault.json"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    rewrite(backup, vault_json=data, backup_json=json.dumps(listed).encode())
    with pytest.raises(NewerVaultError) as caught:
        restore(backup, tmp_path / "restored")
    assert caught.value.code == "header-version"
    assert not (tmp_path / "restored").exists()


def test_a_backup_whose_tables_are_newer_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    newer = Step(2, "0002_next", "CREATE TABLE next (a TEXT) STRICT;")
    with opened(tmp_path / "vault", steps=(*STEPS, newer)) as vault:
        vault.backup(tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored")
    with pytest.raises(NewerVaultError):
        machine(tmp_path / "restored").place.open(KEY)


def test_a_backup_is_not_restored_over_a_file_or_into_an_open_vault(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a file of somebody's")
    with pytest.raises(RuleError) as caught:
        machine(tmp_path / "file").place.restore(backup)
    assert caught.value.code == "vault-exists"
    assert (tmp_path / "file").read_bytes() == b"a file of somebody's"
    with opened(tmp_path / "vault") as vault:
        before = vault.events.count()
        with pytest.raises(VaultBusyError):
            machine(tmp_path / "vault").place.restore(backup)
        assert vault.events.count() == before
    assert not (tmp_path / "vault.coming").exists()


def test_a_backup_takes_the_place_of_a_vault_that_is_renamed_aside(backup: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "other") as vault:
        vault.events.append([event(77)])
        before = vault.events.count()
    aside = machine(tmp_path / "other").place.restore(backup, "before-restoring")
    assert aside == tmp_path / "other-before-restoring"
    with opened(aside) as vault:
        assert vault.events.count() == before
    place = machine(tmp_path / "other").place
    assert place.header().needs_fresh_device
    assert place.header_of_backup(backup) == dataclasses.replace(place.header(), needs_fresh_device=False)


def test_a_restoring_that_was_cut_off_between_the_two_renames_is_finished_by_the_next_look(
    backup: Path, tmp_path: Path
) -> None:
    machine(tmp_path / "elsewhere").place.restore(backup)
    (tmp_path / "elsewhere").rename(tmp_path / "cut.coming")
    place = machine(tmp_path / "cut").place
    assert place.exists()
    assert not (tmp_path / "cut.coming").exists()
    place.open(KEY).close()


def test_a_damaged_vault_gives_no_backup_that_would_pass_for_sound(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.events.append([event(n, envelope=b"x" * 900) for n in range(1, 200)])
        page = vault._database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'event'")
    data = bytearray((tmp_path / "vault" / "cases.db").read_bytes())
    data[(page - 1) * 4096 + 70] ^= 1
    (tmp_path / "vault" / "cases.db").write_bytes(data)
    with opened(tmp_path / "vault") as vault, pytest.raises(DamagedVaultError):
        vault.backup(tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]
