"""`dsadesk bundle sticks` and `export`: a folder or a file that is named, or the one stick that is plugged in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dsadesk.bootstrap import make_desk
from dsadesk.cli.main import run
from dsadesk.ports import RemovableDrive
from dsadesk.services.desk import Desk
from tests.cli.conftest import Laptop, Said
from tests.cli.test_keys import sealed
from tests.support.desks import WORK_FACTOR

Pair = tuple[Laptop, Laptop]


def stick(folder: Path, *, free: int = 1 << 30, is_read_only: bool = False) -> RemovableDrive:
    folder.mkdir(exist_ok=True)
    return RemovableDrive(folder=folder, name=folder.name, free=free, size=1 << 31, is_read_only=is_read_only)


def with_sticks(laptop: Laptop, sticks: Sequence[RemovableDrive], *command: str) -> Said:
    """The command on a laptop in which these are plugged."""

    def desk(vault: Path | None) -> Desk:
        world = make_desk(vault, work_factor=WORK_FACTOR).world
        return Desk(replace(world, removable_drives=lambda: tuple(sticks)))

    secret = laptop.folder / f"{laptop.vault.name}.pass"
    laptop.capsys.readouterr()
    code = run(["--vault", str(laptop.vault), "--passphrase-file", str(secret), *command], desk)
    captured = laptop.capsys.readouterr()
    return Said(code, captured.out, captured.err)


@pytest.fixture
def bundle(pair: Pair) -> str:
    sealed(pair[0])
    return str(pair[0].json("bundle", "list")[0]["bundle"])


def test_the_one_stick_is_written_to_and_the_other_side_opens_what_lies_there(
    pair: Pair, bundle: str, tmp_path: Path
) -> None:
    said = with_sticks(pair[0], [stick(tmp_path / "BLUE")], "bundle", "export", bundle[:8])
    (file,) = (tmp_path / "BLUE").iterdir()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert said.code == 0
    assert str(file) in said.out
    assert digest in said.out.replace(" ", "")
    assert "Have the system eject the stick" in said.out
    assert pair[1]("bundle", "open", str(file)).code == 0


def test_a_folder_and_a_file_can_be_named(pair: Pair, bundle: str, tmp_path: Path) -> None:
    in_folder = pair[0].json("bundle", "export", bundle, str(tmp_path))
    by_name = pair[0].json("bundle", "export", bundle, str(tmp_path / "mine.dsabundle"))
    assert Path(in_folder["file"]).parent == tmp_path
    assert in_folder["sha256"] == by_name["sha256"]
    assert pair[0]("bundle", "export", bundle, str(tmp_path)).code != 0, "what is there is left as it is"


def test_none_and_several_are_told_apart(pair: Pair, bundle: str, tmp_path: Path) -> None:
    none = with_sticks(pair[0], [], "--json", "bundle", "export", bundle)
    assert none.value["error"] == "no-stick"
    two = [stick(tmp_path / "A"), stick(tmp_path / "B")]
    several = with_sticks(pair[0], two, "bundle", "export", bundle)
    assert several.code != 0
    assert str(tmp_path / "A") in several.err
    assert with_sticks(pair[0], [], "bundle", "sticks", bundle).out.startswith("No stick is plugged in.")


def test_what_speaks_against_each_stick_is_listed_and_refused(pair: Pair, bundle: str, tmp_path: Path) -> None:
    full, locked = stick(tmp_path / "FULL", free=9), stick(tmp_path / "LOCKED", is_read_only=True)
    listed = with_sticks(pair[0], [full, locked, stick(tmp_path / "GOOD")], "--json", "bundle", "sticks", bundle)
    assert [each["fitness"] for each in listed.value] == ["full", "read-only", "ready"]
    told = with_sticks(pair[0], [full, locked], "bundle", "sticks", bundle).out
    assert "(FULL): It has 9 bytes free, and the delivery needs" in told
    assert "(LOCKED): It is write-protected." in told
    for one, code in ((full, "stick-full"), (locked, "stick-read-only")):
        refused = with_sticks(pair[0], [one], "--json", "bundle", "export", bundle)
        assert refused.value["error"] == code
        assert list(one.folder.iterdir()) == []
