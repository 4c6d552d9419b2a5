"""A vault on a disk that runs full: nothing acknowledged is lost, and the next attempt works on the room that was held back."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import DiskFullError, StoreFullError, VaultError
from dsadesk.storage.vault import SqlcipherVault
from tests.unit.storage.examples import (
    AT,
    KEY,
    REQUEST,
    dataset,
    draft,
    event,
    failed_bundle,
    header,
    keep_object,
    machine,
    opened,
)

RESERVE = 1024 * 1024
TITLE = QuestionId("title")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk to fill")
    mounted = tmp_path / "disk"
    mounted.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(mounted)], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("root may not mount here, so there is no small disk to fill")
    yield mounted
    subprocess.run(["umount", str(mounted)], check=True)


def fill_up(disk: Path) -> Path:
    """Writes until there is no byte left."""
    filler = disk / "filler"
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for size in (1 << 20, 1 << 12, 1):
        try:
            while True:
                os.write(descriptor, bytes(size))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    os.close(descriptor)
    return filler


def append_until_full(vault: SqlcipherVault, start: int = 1) -> tuple[int, DiskFullError]:
    """Appends events one by one. Returns the last acknowledged one and the refusal."""
    n = start
    while True:
        try:
            vault.events.append((event(n, envelope=bytes(2000)),))
        except DiskFullError as error:
            return n - 1, error
        n += 1


def test_a_full_disk_is_named_and_the_next_attempt_works_and_nothing_acknowledged_is_lost(disk: Path) -> None:
    folder = disk / "vault"
    with opened(folder, reserve_bytes=RESERVE) as vault:
        last, error = append_until_full(vault)
        assert error.code == "disk-full"
        assert not (folder / "reserve").exists()
        assert vault.events.count() == last
        vault.events.append((event(last + 1),))
        assert vault.check() == ()
    with opened(folder, reserve_bytes=RESERVE) as vault:
        assert [each.seq for each in vault.events.all()] == list(range(1, last + 2))
        # Closing folded the journal in, so there is room again to hold back.
        assert (folder / "reserve").exists()


def test_a_transaction_that_meets_a_full_disk_is_undone_whole(disk: Path) -> None:
    def save_everything(vault: SqlcipherVault) -> None:
        with vault.transaction():
            vault.drafts.save_answer(REQUEST, TITLE, "lost with the rest", AT)
            append_until_full(vault, 100_000)
            # The refusal was swallowed, and still nothing of this transaction may be committed.
            vault.settings.write("after", b"the refusal")

    with opened(disk / "vault", reserve_bytes=RESERVE) as vault:
        vault.drafts.put(draft())
        vault.drafts.save_answer(REQUEST, TITLE, "acknowledged", AT)
        with pytest.raises(DiskFullError):
            save_everything(vault)
        assert vault.drafts.answers(REQUEST) == {"title": "acknowledged"}
        assert vault.settings.read("after") is None
        assert vault.events.count() == 0
        vault.drafts.save_answer(REQUEST, TITLE, "after", AT)
        assert vault.check() == ()


def test_a_disk_without_a_single_byte_still_opens_on_the_room_that_was_held_back(disk: Path) -> None:
    folder = disk / "vault"
    with opened(folder, reserve_bytes=RESERVE) as vault:
        vault.drafts.put(draft())
    filler = fill_up(disk)
    with opened(folder, reserve_bytes=RESERVE) as vault:
        assert not (folder / "reserve").exists()
        vault.drafts.save_answer(REQUEST, TITLE, "saved on the last room", AT)
        assert "reserve-missing" in [problem.code for problem in vault.open_problems]
    filler.unlink()
    with opened(folder, reserve_bytes=RESERVE) as vault:
        assert (folder / "reserve").exists()
        assert vault.open_problems == ()
        assert vault.drafts.answers(REQUEST) == {"title": "saved on the last room"}


def test_a_disk_without_a_byte_and_without_a_reserve_is_full_and_not_damaged(disk: Path) -> None:
    folder = disk / "vault"
    with opened(folder, reserve_bytes=RESERVE) as vault:
        vault.drafts.put(draft())
    (folder / "reserve").unlink()
    filler = fill_up(disk)
    with pytest.raises(DiskFullError):
        machine(folder, reserve_bytes=RESERVE).place.open(KEY)
    filler.unlink()
    with opened(folder, reserve_bytes=RESERVE) as vault:
        assert vault.check() == ()


def test_a_vault_is_not_begun_where_there_is_no_room_for_it(disk: Path) -> None:
    for size in (RESERVE * 64, RESERVE):
        if size == RESERVE:
            fill_up(disk)
        with pytest.raises(DiskFullError):
            machine(disk / "vault", reserve_bytes=size).place.create(header(), KEY)
        assert not machine(disk / "vault").place.exists()
    (disk / "filler").unlink()
    with opened(disk / "vault", reserve_bytes=RESERVE) as vault:
        assert vault.check() == ()


def test_an_object_that_does_not_fit_is_refused_and_leaves_nothing_and_keeps_the_reserve(disk: Path) -> None:
    with opened(disk / "vault", reserve_bytes=RESERVE) as vault:
        writer = vault.objects.create()
        with pytest.raises(DiskFullError):
            writer.file.write(bytes(16 * 1024 * 1024))
        writer.abort()
        assert list((disk / "vault" / "objects").iterdir()) == []
        assert (disk / "vault" / "reserve").exists()
        name = keep_object(vault, b"small")
        assert vault.objects.size(name) == 5


def test_an_object_that_fills_the_disk_with_its_last_bytes_is_refused_at_the_latest_when_it_is_committed(
    disk: Path,
) -> None:
    with opened(disk / "vault", reserve_bytes=RESERVE) as vault:
        writer = vault.objects.create()
        fill_up(disk)
        with pytest.raises(DiskFullError):
            _write_and_commit(vault)
        writer.abort()
        assert list((disk / "vault" / "objects").iterdir()) == []


def _write_and_commit(vault: SqlcipherVault) -> None:
    keep_object(vault, b"a few bytes that stay in the buffer until the end" * 100)


def test_a_bundle_that_cannot_be_set_aside_leaves_no_record(disk: Path) -> None:
    with opened(disk / "vault", reserve_bytes=RESERVE) as vault:
        with pytest.raises(DiskFullError):
            vault.inbox.quarantine(failed_bundle(), bytes(16 * 1024 * 1024))
        assert vault.inbox.quarantined() == ()
        assert vault.check() == ()


def test_a_catalogue_that_does_not_fit_leaves_the_one_before(disk: Path) -> None:
    records = [dataset(n, f"Flood {n}", description=f"words {n} " * 300) for n in range(3000)]
    with opened(disk / "vault", reserve_bytes=RESERVE) as vault:
        vault.catalogue.replace("source", records[:10])
        with pytest.raises(DiskFullError):
            vault.catalogue.replace("source", records)
        assert vault.catalogue.count() == 10
        assert len(vault.catalogue.search("flood")) == 10


def test_a_header_that_cannot_be_rewritten_stays_as_it_was(disk: Path) -> None:
    place = machine(disk / "vault", reserve_bytes=RESERVE).place
    place.create(header(), KEY).close()
    fill_up(disk)
    with pytest.raises(DiskFullError):
        place.write_header(header(backend="x" * 100_000))
    assert place.header() == header()
    assert [path.name for path in (disk / "vault").iterdir() if "new" in path.name] == []


def test_a_backup_that_does_not_fit_is_refused_and_leaves_nothing(disk: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "vault", reserve_bytes=RESERVE) as vault:
        vault.events.append([event(n, envelope=bytes(4000)) for n in range(4000)])
        with pytest.raises(StoreFullError):
            vault.backup(disk / "backup")
        assert (tmp_path / "vault" / "reserve").exists()
        assert list(disk.iterdir()) == []
        assert shutil.disk_usage(disk).used < 100_000


def test_a_migration_without_room_for_its_copy_leaves_the_vault_as_it_was(disk: Path) -> None:
    from dsadesk.storage.migrations import STEPS, Step

    folder = disk / "vault"
    with opened(folder, reserve_bytes=0) as vault:
        vault.events.append([event(n, envelope=bytes(4000)) for n in range(800)])
    step = Step(2, "0002_colour", "CREATE TABLE colour (name TEXT) STRICT;")
    fill_up(disk)
    with pytest.raises(VaultError) as caught:
        machine(folder, reserve_bytes=0, steps=(*STEPS, step)).place.open(KEY)
    assert isinstance(caught.value, DiskFullError)
    (disk / "filler").unlink()
    with opened(folder, reserve_bytes=0) as vault:
        assert vault.events.count() == 800
        assert vault.check() == ()
