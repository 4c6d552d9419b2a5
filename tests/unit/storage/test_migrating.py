from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

import pytest

from dsadesk.errors import NewerVaultError, VaultError
from dsadesk.storage.database import Database
from dsadesk.storage.engine import APPLICATION_ID, CASES
from dsadesk.storage.migrations import STEPS, Step, read_sql
from dsadesk.storage.reserve import Reserve
from tests.unit.storage.examples import KEY, event, header, machine, opened

SECOND = Step(2, "0002_colour", "CREATE TABLE colour (name TEXT) STRICT; INSERT INTO colour VALUES ('blue');")
BROKEN = Step(3, "0003_broken", "CREATE TABLE shade (name TEXT) STRICT; INSERT INTO nowhere VALUES (1);")

# The digests of released steps. A line here is never changed; a new step adds a line.
FROZEN = {"0001_cases": "7df8b2beaf1341de934f757b2f5f5ad545f80056d642dd08f0a3820000106c02"}


def test_a_new_vault_says_what_it_is_and_which_steps_made_it(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        database = vault._database
        assert database.value("PRAGMA application_id") == APPLICATION_ID
        assert database.value("PRAGMA user_version") == len(STEPS)
        steps = database.query("SELECT n, name, sha256 FROM migration")
    digest = hashlib.sha256(read_sql("0001_cases").encode()).hexdigest()
    assert steps == [{"n": 1, "name": "0001_cases", "sha256": digest}]


def test_an_older_vault_is_brought_up_after_a_copy(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with opened(folder) as vault:
        vault.events.append((event(1),))
    with opened(folder, steps=(*STEPS, SECOND)) as vault:
        assert vault._database.query("SELECT * FROM colour") == [{"name": "blue"}]
        assert vault._database.value("PRAGMA user_version") == 2
        assert vault.check() == ()
    copy = Database(folder / "cases-before-0002.db", KEY, CASES, Reserve(folder, 0))
    assert copy.value("PRAGMA user_version") == 1
    assert copy.value("SELECT COUNT(*) FROM event") == 1
    copy.close()


def test_steps_that_fail_leave_the_vault_as_it_was_and_it_opens_with_what_made_it(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with opened(folder) as vault:
        vault.events.append((event(1),))
    with pytest.raises(VaultError) as caught:
        machine(folder, steps=(*STEPS, SECOND, BROKEN)).place.open(KEY)
    assert caught.value.code == "database-statement"
    with opened(folder) as vault:
        assert vault._database.column("SELECT name FROM sqlite_schema WHERE name IN ('colour', 'shade')") == []
        assert vault.events.count() == 1
        assert vault.check() == ()


def test_a_newer_vault_is_refused_and_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    machine(folder, steps=(*STEPS, SECOND)).place.create(header(), KEY).close()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(NewerVaultError) as caught:
        machine(folder).place.open(KEY)
    assert (caught.value.code, caught.value.fields) == ("vault-version", {"version": 2, "known": 1})
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_step_of_another_name_under_a_known_number_is_newer_too(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    other = Step(2, "0002_other", "CREATE TABLE other (name TEXT) STRICT;")
    machine(folder, steps=(*STEPS, other)).place.create(header(), KEY).close()
    with pytest.raises(NewerVaultError):
        machine(folder, steps=(*STEPS, SECOND)).place.open(KEY)


def test_released_steps_are_never_edited() -> None:
    assert {step.name: hashlib.sha256(step.sql.encode()).hexdigest() for step in STEPS} == FROZEN


def test_steps_are_numbered_in_order_and_each_is_a_file_of_the_package() -> None:
    assert [step.n for step in STEPS] == list(range(1, len(STEPS) + 1))
    files = {
        path.name for path in resources.files("dsadesk.storage.migrations").iterdir() if path.name.endswith(".sql")
    }
    assert files == {f"{step.name}.sql" for step in STEPS} | {"catalogue.sql"}
    assert all(step.name.startswith(f"{step.n:04d}_") for step in STEPS)
