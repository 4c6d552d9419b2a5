"""What the vault on disk does beyond its port."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dsadesk.domain.ids import ObjectId
from dsadesk.errors import DamagedVaultError, RuleError, VaultError
from dsadesk.storage.event_store import SqlcipherEvents
from dsadesk.storage.memory import MemoryPlace
from dsadesk.storage.projections import FEW_HITS
from tests.unit.storage.examples import (
    AT,
    KEY,
    dataset,
    digest,
    event,
    failed_bundle,
    header,
    keep_object,
    later,
    machine,
    opened,
    row,
    sample,
)


def test_the_folder_holds_what_is_written_down_and_no_journal_once_it_is_closed(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.catalogue.replace("source", [dataset()])
    names = {path.name for path in (tmp_path / "vault").iterdir()}
    assert names == {
        "vault.json", "cases.db", "catalogue.db", "objects", "quarantine", "anchor.json", "reserve", "lock",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
def test_everything_in_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.catalogue.replace("source", [dataset()])
        vault.inbox.quarantine(failed_bundle(), b"content")
        vault.samples.put(sample(keep_object(vault)))
        modes = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "vault").rglob("*")}
        modes[tmp_path / "vault"] = (tmp_path / "vault").stat().st_mode & 0o777
    assert any(path.name == "cases.db-wal" for path in modes)
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.suffix or path.name in ("lock", "reserve")} == {0o600}


def test_a_folder_that_others_could_enter_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir(mode=0o755)
    with opened(tmp_path / "vault"):
        assert (tmp_path / "vault").stat().st_mode & 0o077 == 0


def test_a_closed_vault_says_so_whatever_is_asked(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        pass
    for ask in (
        vault.events.count,
        vault.check,
        lambda: vault.settings.write("a", b"b"),
        vault.catalogue.count,
    ):
        with pytest.raises(VaultError) as caught:
            ask()
        assert caught.value.code == "vault-closed"
    with opened(tmp_path / "vault") as again:
        assert again.check() == ()


def test_a_creation_that_was_cut_short_before_its_header_is_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "cases.db.new").write_bytes(b"half a database")
    (folder / "cases.db.new-wal").write_bytes(b"half a journal")
    with opened(folder) as vault:
        assert vault.check() == ()
    assert not any(path.name.startswith("cases.db.new") for path in folder.iterdir())


def test_a_creation_that_was_cut_short_after_its_header_is_finished_by_opening(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    machine(folder).place.create(header(), KEY).close()
    (folder / "cases.db").rename(folder / "cases.db.new")
    (folder / "anchor.json").unlink()
    with opened(folder) as vault:
        assert vault.check() == ()


def test_a_database_without_a_header_is_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    machine(folder).place.create(header(), KEY).close()
    (folder / "vault.json").unlink()
    before = (folder / "cases.db").read_bytes()
    with pytest.raises(RuleError) as caught:
        machine(folder).place.create(header(), KEY)
    assert caught.value.code == "vault-exists"
    assert (folder / "cases.db").read_bytes() == before


def test_a_vault_that_is_set_aside_opens_where_it_is_now(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.events.append((event(1),))
    place = machine(tmp_path / "vault").place
    first = place.set_aside("2026-03-02")
    place.create(header("vault-2"), KEY).close()
    second = place.set_aside("2026-03-02")
    assert (first, second) == (tmp_path / "vault-2026-03-02", tmp_path / "vault-2026-03-02-2")
    with opened(tmp_path / "vault-2026-03-02") as vault:
        assert vault.events.count() == 1


@pytest.mark.parametrize("suffix", ["", "../x", "a/b", "a b", "\x00"])
def test_a_suffix_that_could_lead_elsewhere_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ValueError, match="suffix"):
        machine(tmp_path / "vault").place.set_aside(suffix)


def test_a_check_finds_an_event_that_was_altered_by_hand(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.events.append([event(n) for n in range(1, 1100)])
        assert vault.check() == ()
        vault._database.execute("DROP TRIGGER event_keeps")
        vault._database.execute("UPDATE event SET at = 'another time' WHERE n = 1050")
        problems = vault.check()
    assert [(each.code, each.detail) for each in problems] == [
        ("event-altered", "Event 1050 is not what was written when it was kept.")
    ]


@pytest.mark.parametrize("column", ["id", "request", "type", "org", "device", "sha256", "head", "row_sha256", "bundle"])
def test_no_column_of_an_event_can_be_altered_unnoticed(tmp_path: Path, column: str) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.events.append((event(1), event(2)))
        vault._database.execute("DROP TRIGGER event_keeps")
        vault._database.execute(f"UPDATE event SET {column} = 'altered' WHERE n = 1")  # noqa: S608 - constants
        assert isinstance(vault.events, SqlcipherEvents)
        assert vault.events.first_broken() == 1


def test_an_event_that_was_deleted_by_hand_is_noticed(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.events.append((event(1), event(2), event(3)))
        vault._database.execute("DROP TRIGGER event_stays")
        vault._database.execute("DELETE FROM event WHERE n = 2")
        assert [each.code for each in vault.check()] == ["event-altered"]


def test_a_check_finds_set_aside_bundles_that_are_missing_and_files_that_nothing_names(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.inbox.quarantine(failed_bundle(), b"content")
        kept = next((tmp_path / "vault" / "quarantine").iterdir())
        assert (kept.name, kept.read_bytes()) == (digest("content"), b"content")
        kept.rename(kept.with_name(digest("other")))
        assert [each.code for each in vault.check()] == ["quarantine-missing", "quarantine-unclaimed"]


def test_a_check_finds_set_aside_bundles_and_objects_whose_bytes_changed(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.inbox.quarantine(failed_bundle(), b"content")
        vault.samples.put(sample(keep_object(vault)))
        assert vault.check() == ()
        for folder in ("objects", "quarantine"):
            kept = next((tmp_path / "vault" / folder).iterdir())
            kept.write_bytes(kept.read_bytes()[:-1] + b"?")
        problems = vault.check()
        assert [each.code for each in problems] == ["object-damaged", "quarantine-damaged"]
        with pytest.raises(DamagedVaultError) as caught:
            vault.inbox.quarantined_content(failed_bundle().id)
        assert (caught.value.code, caught.value.fields["reason"]) == ("object-missing", "altered")
        next((tmp_path / "vault" / "quarantine").iterdir()).unlink()
        with pytest.raises(DamagedVaultError):
            vault.inbox.quarantined_content(failed_bundle().id)


def test_what_a_crash_left_of_an_object_is_swept(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        (tmp_path / "vault" / "objects" / "0123.part").write_bytes(b"half")
        (tmp_path / "vault" / "objects" / "somebody's note.txt").write_bytes(b"not ours")
        assert vault.objects.sweep(frozenset()) == 1
        assert [path.name for path in (tmp_path / "vault" / "objects").iterdir()] == ["somebody's note.txt"]


def test_an_objects_file_is_a_real_file(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        writer = vault.objects.create()
        assert writer.file.fileno() > 2
        assert writer.file.seekable()
        writer.file.write(b"0123456789")
        writer.file.seek(2)
        writer.file.write(b"xx")
        writer.commit(ObjectId(digest("a")))
        with vault.objects.open(ObjectId(digest("a"))) as file:
            assert file.read() == b"01xx456789"


def test_a_catalogue_that_cannot_be_read_is_set_aside_and_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with opened(folder) as vault:
        vault.catalogue.replace("source", [dataset()])
    (folder / "catalogue.db").write_bytes(b"\x00" * 65536)
    with opened(folder) as vault:
        assert vault.catalogue.count() == 0
        assert [each.code for each in vault.open_problems] == ["catalogue-set-aside"]
        assert vault.catalogue.replace("source", [dataset()]) == 1
    assert (folder / "catalogue-set-aside.db").stat().st_size == 65536
    with opened(folder) as vault:
        assert (vault.catalogue.count(), vault.check()) == (1, ())


def test_a_catalogue_damaged_in_the_middle_is_found_by_a_check_and_mended_by_importing_again(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    records = [dataset(n, f"Title {n}", description="words " * 400) for n in range(300)]
    with opened(folder) as vault:
        vault.catalogue.replace("source", records)
    damaged = bytearray((folder / "catalogue.db").read_bytes())
    for page in range(4, len(damaged) // 16_384):
        damaged[page * 16_384 + 100] ^= 1
    (folder / "catalogue.db").write_bytes(damaged)
    with opened(folder) as vault:
        assert "catalogue-damaged" in [each.code for each in vault.check()]
        with pytest.raises(DamagedVaultError):
            vault.catalogue.search("words")
        assert vault.catalogue.replace("source", records) == 300
        assert len(vault.catalogue.search("words", 400)) == 300


def test_the_catalogue_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.catalogue.replace("source", [dataset()])
        vault._catalogue._database().execute("PRAGMA user_version = 99")
    with opened(tmp_path / "vault") as vault:
        assert vault.catalogue.count() == 0


def test_a_search_with_very_many_hits_gives_the_same_as_one_with_few(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        with vault.transaction():
            for n in range(FEW_HITS + 50):
                vault.projections.put(
                    row(n, title=f"Common {'rare' if n % 500 == 0 else ''} {n}", updated_at=later(-n))
                )
        everything = vault.projections.ids()
        assert vault.projections.ids(search="comm") == everything
        assert vault.projections.ids(search="comm rare") == everything[::500]
        assert vault.projections.ids(search="rare") == everything[::500]


def test_a_vault_in_memory_touches_no_disk(tmp_path: Path) -> None:
    vault = MemoryPlace().create(header(), KEY)
    with vault.transaction():
        vault.samples.put(sample(keep_object(vault)))
        vault.inbox.quarantine(failed_bundle(at=AT), b"content")
    assert (vault.folder, MemoryPlace().folder, MemoryPlace().set_aside("x")) == (None, None, None)
    assert list(tmp_path.iterdir()) == []
