"""What the program says where the vault's folder is a bad place, and that every command is one from the first word on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dsadesk.__main__ import NOUNS
from dsadesk.cli.main import root
from tests.cli.conftest import Laptop


def test_a_vault_in_a_synchronised_folder_is_said_when_it_is_made_and_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "OneDrive - Office").mkdir()
    laptop = Laptop(tmp_path, tmp_path / "OneDrive - Office" / "vault", capsys)
    made = laptop(
        "vault", "init", "--organisation", "public-health-wales", "--organisation-name", "Public Health Wales",
        "--name", "Priya Shah", "--post", "Analyst",
    )  # fmt: skip
    status, checked = laptop("vault", "status"), laptop("vault", "check")
    for said in (made, status, checked):
        assert said.code == 0
        assert "The vault's folder is synchronised with other places." in said.out
        assert "move the folder to this computer's own disk" in said.out
    assert laptop.json("vault", "status")["placement"] == "synced-folder"


def test_a_link_into_a_synchronised_folder_is_seen_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "mine").symlink_to(tmp_path / "Dropbox")
    laptop = Laptop(tmp_path, tmp_path / "mine" / "vault", capsys)
    laptop.init("public-health-wales", "Priya Shah")
    assert laptop.json("vault", "status")["placement"] == "synced-folder"


def test_nothing_is_said_of_a_folder_that_nothing_speaks_against(laptop: Callable[[str], Laptop]) -> None:
    made = laptop("vault")
    made.init("public-health-wales", "Priya Shah")
    assert "folder" not in made("vault", "status").out


def test_every_noun_of_the_command_line_is_known_to_the_program_that_would_else_open_a_window() -> None:
    assert set(root.commands) == NOUNS
