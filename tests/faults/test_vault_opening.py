"""A vault that was damaged, swapped or taken away: what opening says, and that nothing is made worse by asking."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.errors import (
    DamagedVaultError,
    NewerVaultError,
    StoreReadOnlyError,
    VaultBusyError,
    VaultError,
    VaultMissingError,
    WrongKeyError,
)
from dsadesk.storage.migrations import STEPS, Step
from tests.unit.storage.examples import KEY, OTHER_KEY, draft, event, header, machine, opened

PAGE = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened(tmp_path / "vault") as vault:
        vault.drafts.put(draft())
        vault.events.append([event(n, envelope=b"x" * 900) for n in range(1, 300)])
    return tmp_path / "vault"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def error_of_opening(folder: Path, key: bytes = KEY) -> VaultError:
    with pytest.raises(VaultError) as caught:
        machine(folder).place.open(key)
    return caught.value


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def test_a_wrong_key_is_a_wrong_key(folder: Path) -> None:
    before = files(folder)
    error = error_of_opening(folder, OTHER_KEY)
    assert (type(error), error.code) == (WrongKeyError, "wrong-key")
    assert files(folder) == before


def test_a_key_of_thirty_one_bytes_is_a_wrong_key_and_makes_nothing(folder: Path) -> None:
    before = files(folder)
    error = error_of_opening(folder, KEY[:31])
    assert (type(error), error.code, error.fields) == (WrongKeyError, "key-length", {"size": 31})
    assert files(folder) == before


@pytest.mark.parametrize("offset", [0, 15, 16, 100, PAGE - 1])
def test_a_flipped_byte_in_the_first_page_is_damage_and_not_a_wrong_key(folder: Path, offset: int) -> None:
    flip(folder / "cases.db", offset)
    before = files(folder)
    error = error_of_opening(folder)
    assert (type(error), error.code) == (DamagedVaultError, "database-unreadable")
    assert type(error_of_opening(folder, OTHER_KEY)) is WrongKeyError
    assert files(folder) == before


def test_an_empty_database_file_is_damage_and_never_a_fresh_vault(folder: Path) -> None:
    (folder / "cases.db").write_bytes(b"")
    error = error_of_opening(folder)
    assert (type(error), error.code) == (DamagedVaultError, "database-empty")
    assert (folder / "cases.db").stat().st_size == 0


def test_a_database_file_that_is_gone_is_damage_and_never_a_fresh_vault(folder: Path) -> None:
    (folder / "cases.db").unlink()
    error = error_of_opening(folder)
    assert (type(error), error.code) == (DamagedVaultError, "database-missing")
    assert not (folder / "cases.db").exists()


def test_a_file_that_is_no_database_is_damage(folder: Path) -> None:
    (folder / "cases.db").write_bytes(b"PK\x03\x04 a spreadsheet" * 1000)
    assert error_of_opening(folder).code == "database-unreadable"


def test_a_database_of_another_vault_under_the_same_key_is_noticed(folder: Path, tmp_path: Path) -> None:
    machine(tmp_path / "other").place.create(header("vault-2"), KEY).close()
    shutil.copy(tmp_path / "other" / "cases.db", folder / "cases.db")
    error = error_of_opening(folder)
    assert (error.code, error.fields) == ("header", {"reason": "other-vault"})


def test_another_programs_database_under_the_same_key_is_not_a_vault(folder: Path) -> None:
    with opened(folder) as vault:
        vault._database.execute("PRAGMA application_id = 7")
    assert error_of_opening(folder).code == "not-a-vault"


@pytest.mark.parametrize("pages", [1, 2, 20])
def test_a_database_cut_short_never_opens_as_if_it_were_whole(folder: Path, pages: int) -> None:
    data = (folder / "cases.db").read_bytes()
    (folder / "cases.db").write_bytes(data[: -pages * PAGE])
    try:
        with opened(folder) as vault:
            codes = [problem.code for problem in vault.check()]
    except DamagedVaultError as error:
        codes = [error.code]
    assert "database-damaged" in codes


def test_a_database_cut_inside_a_page_never_opens_as_if_it_were_whole(folder: Path) -> None:
    data = (folder / "cases.db").read_bytes()
    (folder / "cases.db").write_bytes(data[: len(data) // 2 + 100])
    try:
        with opened(folder) as vault:
            codes = [problem.code for problem in vault.check()]
    except DamagedVaultError as error:
        codes = [error.code]
    assert "database-damaged" in codes


def test_a_flipped_byte_in_a_later_page_opens_and_a_check_finds_it_and_the_rest_is_read(folder: Path) -> None:
    flip(folder / "cases.db", (folder / "cases.db").stat().st_size - 3 * PAGE + 200)
    with opened(folder) as vault:
        problems = vault.check()
        assert "database-damaged" in [problem.code for problem in problems]
        assert all(problem.fix for problem in problems)
        assert vault.drafts.all() == (draft(),)


@pytest.mark.parametrize("page_from_end", range(1, 40, 3))
def test_no_flipped_page_goes_unnoticed(folder: Path, page_from_end: int) -> None:
    size = (folder / "cases.db").stat().st_size
    flip(folder / "cases.db", size - page_from_end * PAGE + 57)
    try:
        with opened(folder) as vault:
            codes = [problem.code for problem in vault.check()]
    except DamagedVaultError as error:
        codes = [error.code]
    assert "database-damaged" in codes


def test_two_pages_that_were_swapped_are_noticed(folder: Path) -> None:
    data = bytearray((folder / "cases.db").read_bytes())
    data[-PAGE:], data[-3 * PAGE : -2 * PAGE] = data[-3 * PAGE : -2 * PAGE], data[-PAGE:]
    (folder / "cases.db").write_bytes(data)
    with opened(folder) as vault:
        assert "database-damaged" in [problem.code for problem in vault.check()]
        assert vault.drafts.all() == (draft(),)


def test_a_newest_event_that_cannot_be_read_does_not_keep_the_rest_from_being_read(folder: Path) -> None:
    anchor = (folder / "anchor.json").read_bytes()
    with opened(folder) as vault:
        page = vault._database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'event'")
    flip(folder / "cases.db", (page - 1) * PAGE + 300)
    with opened(folder) as vault:
        assert [problem.code for problem in vault.open_problems] == ["database-damaged"]
        assert vault.drafts.all() == (draft(),)
        with pytest.raises(DamagedVaultError):
            vault.events.head()
    assert (folder / "anchor.json").read_bytes() == anchor, "the evidence is overwritten"


def test_a_journal_damaged_after_a_crash_is_shown_by_the_anchor(folder: Path, tmp_path: Path) -> None:
    ours = machine(folder)
    vault = ours.place.open(KEY)
    for n in range(400, 420):
        ours.clock.advance(10)
        vault.events.append((event(n),))
    crashed = tmp_path / "crashed"
    shutil.copytree(folder, crashed)
    vault.close()
    flip(crashed / "cases.db-wal", 20_000)
    with opened(crashed) as after:
        assert after.events.count() < 319
        assert [problem.code for problem in after.open_problems] == ["rolled-back"]


def test_a_vault_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    newer = Step(2, "0002_next", "CREATE TABLE next (a TEXT) STRICT;")
    machine(tmp_path / "vault", steps=(*STEPS, newer)).place.create(header(), KEY).close()
    before = files(tmp_path / "vault")
    assert type(error_of_opening(tmp_path / "vault")) is NewerVaultError
    assert files(tmp_path / "vault") == before


def test_a_missing_header_is_damage_while_the_database_is_there_and_missing_otherwise(folder: Path) -> None:
    (folder / "vault.json").unlink()
    error = error_of_opening(folder)
    assert (type(error), error.code, error.fields) == (DamagedVaultError, "header", {"reason": "missing"})
    (folder / "cases.db").unlink()
    assert type(error_of_opening(folder)) is VaultMissingError


@pytest.mark.parametrize("offset", range(0, 200, 23))
def test_a_header_with_a_flipped_byte_never_opens_quietly_with_other_contents(folder: Path, offset: int) -> None:
    flip(folder / "vault.json", offset)
    try:
        with opened(folder) as vault:
            assert vault.events.count() == 299
            assert vault.id == "vault-1"
    except VaultError as error:
        assert type(error) in (DamagedVaultError, WrongKeyError, NewerVaultError)  # noqa: PT017 - any of three is right


# ---------------------------------------------------------------- other processes

HOLD = """
import sys
from pathlib import Path
from tests.unit.storage.examples import KEY, machine
vault = machine(Path(sys.argv[1])).place.open(KEY)
sys.stdout.write("open\\n")
sys.stdout.flush()
sys.stdin.read()
vault.close()
"""


@pytest.fixture
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=Path(__file__).parents[2],
    )
    with started:
        assert started.stdout is not None
        assert started.stdout.readline() == "open\n"
        yield started
        started.kill()


def test_a_vault_that_another_process_holds_is_busy_and_untouched(folder: Path, holder: subprocess.Popen[str]) -> None:
    for ask in (lambda: machine(folder).place.open(KEY), lambda: machine(folder).place.set_aside("x")):
        with pytest.raises(VaultBusyError) as caught:
            ask()
        assert caught.value.code == "vault-busy"
    assert folder.exists()
    holder.communicate("")
    assert holder.returncode == 0
    with opened(folder) as vault:
        assert vault.check() == ()


def test_a_process_that_was_killed_no_longer_holds_its_vault(folder: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with opened(folder) as vault:
        assert vault.check() == ()


# ---------------------------------------------------------------- folders that may not be written


@pytest.fixture
def read_only(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """The vault where nothing can be written: by its mode, or for root, whom modes do not bind, on a mount that is read-only."""
    if sys.platform == "win32":
        pytest.skip("Windows has access lists instead of modes")
    if os.geteuid() != 0:
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
        return
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(mounted)], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("root may not mount here, so no folder can be made that root cannot write")
    shutil.copytree(folder, mounted / "vault")
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    yield mounted / "vault"
    subprocess.run(["umount", str(mounted)], check=True)


def test_a_folder_that_may_not_be_written_is_named_and_not_called_damaged(read_only: Path) -> None:
    before = files(read_only)
    error = error_of_opening(read_only)
    assert (type(error), error.code) == (VaultError, "vault-read-only")
    with pytest.raises(VaultError) as caught:
        machine(read_only).place.write_header(header(backend="other"))
    assert caught.value.code == "vault-read-only"
    with pytest.raises(VaultError) as caught:
        machine(read_only / "new").place.create(header(), KEY)
    assert caught.value.code == "vault-read-only"
    assert machine(read_only).place.header() == header()
    assert files(read_only) == before


def test_a_backup_to_a_place_that_may_not_be_written_is_refused(read_only: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "vault2") as vault, pytest.raises(StoreReadOnlyError):
        vault.backup(read_only / "backup")
