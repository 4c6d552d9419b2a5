from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dsadesk.storage.vault import SqlcipherVault
from tests.unit.storage.examples import KEY, event, header, machine, opened


def anchored(folder: Path) -> int:
    return int(json.loads((folder / "anchor.json").read_text(encoding="utf-8"))["count"])


def codes(vault: SqlcipherVault) -> list[str]:
    return [problem.code for problem in vault.open_problems]


def fill(folder: Path, *numbers: int) -> None:
    with opened(folder) as vault:
        vault.events.append([event(n) for n in numbers])


def test_the_anchor_is_written_when_the_vault_is_made_and_when_it_is_closed(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        assert anchored(tmp_path / "vault") == 0
        vault.events.append((event(1),))
    assert anchored(tmp_path / "vault") == 1


def test_the_anchor_follows_appends_at_most_every_five_seconds(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    ours = machine(folder)
    vault = ours.place.create(header(), KEY)
    seen = []
    for n, seconds in enumerate((0, 4.9, 0.1, 1, 10), 1):
        ours.clock.advance(seconds)
        vault.events.append((event(n),))
        seen.append(anchored(folder))
    assert seen == [0, 0, 3, 3, 5]
    vault.close()


def test_an_append_that_was_undone_is_not_anchored(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    ours = machine(folder)
    vault = ours.place.create(header(), KEY)
    ours.clock.advance(10)
    with pytest.raises(LookupError), vault.transaction():  # noqa: PT012 - the error ends the transaction
        vault.events.append((event(1),))
        raise LookupError
    assert anchored(folder) == 0
    vault.close()


def test_a_clock_that_goes_back_does_not_stop_the_anchor(tmp_path: Path) -> None:
    ours = machine(tmp_path / "vault")
    vault = ours.place.create(header(), KEY)
    ours.clock.advance(-3600)
    vault.events.append((event(1),))
    assert anchored(tmp_path / "vault") == 1
    vault.close()


def test_a_vault_that_agrees_with_its_anchor_has_no_problem(tmp_path: Path) -> None:
    fill(tmp_path / "vault", 1, 2)
    with opened(tmp_path / "vault") as vault:
        assert codes(vault) == []
        assert vault.check() == ()


def test_a_database_that_went_back_in_time_opens_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    fill(folder, 1)
    shutil.copy(folder / "cases.db", tmp_path / "old.db")
    fill(folder, 2, 3)
    shutil.copy(tmp_path / "old.db", folder / "cases.db")
    with opened(folder) as vault:
        assert codes(vault) == ["rolled-back"]
        assert vault.open_problems[0].detail == "On 2026-03-02 the vault had 3 events. It has fewer now."
        assert [problem.code for problem in vault.check()] == ["rolled-back"]
        assert vault.events.count() == 1
        vault.events.append((event(4), event(5), event(6)))
    assert anchored(folder) == 3, "the evidence is overwritten"
    with opened(folder) as vault:
        assert codes(vault) == ["history-differs"]


def test_a_history_can_be_accepted_as_it_is_and_the_evidence_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    fill(folder, 1)
    shutil.copy(folder / "cases.db", tmp_path / "old.db")
    fill(folder, 2)
    shutil.copy(tmp_path / "old.db", folder / "cases.db")
    with opened(folder) as vault:
        vault.accept_history()
        assert vault.open_problems == ()
    assert anchored(folder) == 1
    assert json.loads((folder / "anchor-set-aside.json").read_text(encoding="utf-8"))["count"] == 2
    with opened(folder) as vault:
        assert codes(vault) == []


def test_a_history_of_the_same_length_that_differs_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    fill(folder)
    shutil.copy(folder / "cases.db", tmp_path / "empty.db")
    fill(folder, 1, 2)
    anchor = (folder / "anchor.json").read_bytes()
    shutil.copy(tmp_path / "empty.db", folder / "cases.db")
    (folder / "anchor.json").unlink()
    fill(folder, 2, 1)
    (folder / "anchor.json").write_bytes(anchor)
    with opened(folder) as vault:
        assert codes(vault) == ["history-differs"]


def test_a_database_that_is_ahead_of_its_anchor_is_no_problem(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    fill(folder, 1)
    anchor = (folder / "anchor.json").read_bytes()
    fill(folder, 2)
    (folder / "anchor.json").write_bytes(anchor)
    with opened(folder) as vault:
        assert codes(vault) == []


def test_an_anchor_that_is_gone_is_reported_when_there_are_events(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    fill(folder, 1)
    (folder / "anchor.json").unlink()
    with opened(folder) as vault:
        assert codes(vault) == ["anchor-missing"]
    assert anchored(folder) == 1


@pytest.mark.parametrize("change", [b"", b"{", b"\xff", b'{"v":1}'])
def test_an_anchor_that_cannot_be_read_is_set_aside(tmp_path: Path, change: bytes) -> None:
    folder = tmp_path / "vault"
    fill(folder, 1)
    (folder / "anchor.json").write_bytes(change)
    with opened(folder) as vault:
        assert codes(vault) == ["anchor-damaged"]
    assert (folder / "anchor-set-aside.json").read_bytes() == change
    assert anchored(folder) == 1


@pytest.mark.parametrize("name", ["count", "head", "at", "mac", "id"])
def test_an_anchor_that_was_altered_is_not_believed(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "vault"
    fill(folder, 1, 2)
    fields = json.loads((folder / "anchor.json").read_text(encoding="utf-8"))
    fields[name] = 1 if name == "count" else "0" * 64
    (folder / "anchor.json").write_text(json.dumps(fields), encoding="utf-8")
    with opened(folder) as vault:
        assert codes(vault) == ["anchor-damaged"]
