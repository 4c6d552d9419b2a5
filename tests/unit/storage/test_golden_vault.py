"""Vaults of every released format open and read the same for ever, and what is newer is refused untouched.

They were made once by tests/data/vaults/make.py. When one of these tests fails, the program is wrong and not the vault.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as driver

from dsadesk import age
from dsadesk.domain.ids import EventId, RequestId
from dsadesk.errors import DsadeskError, NewerVaultError
from dsadesk.host.memory import FixedClock, SeededEntropy
from dsadesk.storage.backup import restore
from dsadesk.storage.migrations import STEPS, Step
from dsadesk.storage.salvage import salvage
from dsadesk.storage.vault import SqlcipherPlace, SqlcipherVault
from tests.data.vaults.make import DATA_KEY, FOLDER, PASSPHRASE, contents
from tests.unit.storage.examples import event

VERSIONS = ("v1",)
MOST_BYTES = 400_000
NEWER = Step(len(STEPS) + 1, "9999_next", "CREATE TABLE next (a TEXT) STRICT;")


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(version: str, tmp_path: Path) -> Path:
    """A copy, because opening writes."""
    return Path(shutil.copytree(FOLDER / version, tmp_path / "vault"))


def place_of(folder: Path, **options: Any) -> SqlcipherPlace:
    return SqlcipherPlace(folder, FixedClock(), SeededEntropy(), reserve_bytes=4096, **options)


def expected(version: str) -> Any:
    return json.loads((FOLDER / f"{version}.json").read_text("utf-8"))


def differences(ours: Any, promised: Any, where: str = "") -> list[str]:
    """Where what is read is not what was promised. A later version may know more fields."""
    if isinstance(ours, dict) and isinstance(promised, dict):
        missing = [f"{where}/{name} is missing" for name in promised if name not in ours]
        return missing + [
            line
            for name in promised
            if name in ours
            for line in differences(ours[name], promised[name], f"{where}/{name}")
        ]
    if isinstance(ours, list) and isinstance(promised, list) and len(ours) == len(promised):
        return [
            line
            for n, pair in enumerate(zip(ours, promised, strict=True))
            for line in differences(*pair, f"{where}/{n}")
        ]
    return [] if ours == promised else [f"{where}: {ours!r} instead of {promised!r}"]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read(vault: SqlcipherVault) -> Any:
    try:
        assert (vault.open_problems, vault.check()) == ((), ())
        return contents(vault)
    finally:
        vault.close()


# ---------------------------------------------------------------- what is old opens


def test_an_old_vault_opens_and_reads_the_same(folder: Path, version: str) -> None:
    assert differences(read(place_of(folder).open(DATA_KEY)), expected(version)) == []


def test_the_comparison_would_notice(version: str, folder: Path) -> None:
    found = read(place_of(folder).open(DATA_KEY))
    found["drafts"][0]["title"] = "Another title"
    del found["events"][2]["sha256"]
    found["settings"]["new"] = "a field of a later version"
    assert len(differences(found, expected(version))) == 2


def test_an_old_vault_can_be_worked_with(folder: Path) -> None:
    vault = place_of(folder).open(DATA_KEY)
    vault.events.append((event(9, RequestId("0195a000-0000-7000-8000-000000000009"), id=EventId("new")),))
    assert vault.events.count() == 6
    assert vault._database.value("PRAGMA user_version") == len(STEPS)
    vault.close()
    vault = place_of(folder).open(DATA_KEY)
    assert (vault.events.count(), vault.check()) == (6, ())
    vault.close()


def test_an_old_vault_opens_by_its_passphrase(folder: Path) -> None:
    (wrap,) = place_of(folder).header().wraps
    assert wrap.kind == "passphrase"
    assert age.decrypt(age.dearmor(wrap.sealed.encode()), (age.ScryptIdentity(PASSPHRASE),)) == DATA_KEY


def test_an_old_backup_is_restored_and_reads_the_same(version: str, tmp_path: Path) -> None:
    restore(FOLDER / f"{version}.backup", tmp_path / "restored")
    assert differences(read(place_of(tmp_path / "restored").open(DATA_KEY)), expected(version)) == []


def test_an_old_vault_is_salvaged_and_reads_the_same(folder: Path, version: str, tmp_path: Path) -> None:
    found = salvage(folder, DATA_KEY, tmp_path / "salvaged", FixedClock())
    assert found.is_whole
    assert differences(read(place_of(tmp_path / "salvaged").open(DATA_KEY)), expected(version)) == []


def test_an_old_database_opens_without_this_program_by_what_is_written_down(folder: Path) -> None:
    connection = driver.connect(str(folder / "cases.db"))
    connection.execute(f"PRAGMA key = \"x'{DATA_KEY.hex()}'\"")
    assert connection.execute("SELECT COUNT(*) FROM event").fetchone() == (5,)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_old_vaults_stay_small_and_as_they_are(version: str) -> None:
    kept = files(FOLDER / version)
    assert sum(map(len, kept.values())) <= MOST_BYTES
    assert {name.split("/")[0] for name in kept} == {"anchor.json", "cases.db", "objects", "quarantine", "vault.json"}


def test_an_old_vault_is_never_made_again(version: str) -> None:
    before = files(FOLDER)
    made = subprocess.run(
        [sys.executable, "-m", "tests.data.vaults.make", version],
        cwd=FOLDER.parents[2],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, "never made again" in made.stderr) == (1, True)
    assert {name: data for name, data in files(FOLDER).items() if "__pycache__" not in name} == {
        name: data for name, data in before.items() if "__pycache__" not in name
    }


# ---------------------------------------------------------------- what is newer is refused


def refused_as_newer(folder: Path) -> DsadeskError:
    before = files(folder)
    with pytest.raises(NewerVaultError) as caught:
        place_of(folder).open(DATA_KEY)
    after = files(folder)
    after.pop("lock", None)
    before.pop("lock", None)
    assert after == before
    return caught.value


def test_a_vault_with_a_header_of_a_newer_format_is_refused_untouched(folder: Path) -> None:
    header = json.loads((folder / "vault.json").read_bytes())
    (folder / "vault.json").write_text(json.dumps({"format": header["format"], "version": 2, "shape": ["unknown"]}))
    assert refused_as_newer(folder).code == "header-version"


def test_a_vault_that_a_newer_version_has_worked_on_is_refused_untouched(folder: Path) -> None:
    place_of(folder, steps=(*STEPS, NEWER)).open(DATA_KEY).close()
    error = refused_as_newer(folder)
    assert (error.code, error.fields) == ("vault-version", {"version": NEWER.n, "known": len(STEPS)})
    place_of(folder, steps=(*STEPS, NEWER)).open(DATA_KEY).close()


def test_an_old_vault_is_copied_aside_before_a_newer_version_works_on_it(folder: Path, version: str) -> None:
    place_of(folder, steps=(*STEPS, NEWER)).open(DATA_KEY).close()
    (folder / f"cases-before-{NEWER.n:04d}.db").replace(folder / "cases.db")
    assert differences(read(place_of(folder).open(DATA_KEY)), expected(version)) == []
