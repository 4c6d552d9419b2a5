"""Runs commands in process over real vaults, with a cheap passphrase hash."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dsadesk.bootstrap import make_desk
from dsadesk.cli.main import run
from tests.support.desks import PASSPHRASE, WORK_FACTOR


@dataclass
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        return json.loads(self.out or self.err)


@dataclass
class Laptop:
    """One official's vault and passphrase, and a way to type commands."""

    folder: Path
    vault: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *command: str, passphrase: str | None = None) -> Said:
        secret = self.folder / f"{self.vault.name}.pass"
        secret.write_text(passphrase or PASSPHRASE, "utf-8")
        self.capsys.readouterr()
        code = run(
            ["--vault", str(self.vault), "--passphrase-file", str(secret), *command],
            lambda vault: make_desk(vault, work_factor=WORK_FACTOR),
        )
        captured = self.capsys.readouterr()
        return Said(code, captured.out, captured.err)

    def json(self, *command: str) -> Any:
        said = self("--json", *command)
        assert said.code == 0, said
        return said.value

    def init(self, organisation: str, name: str) -> None:
        said = self(
            "vault", "init", "--organisation", organisation, "--organisation-name", organisation.replace("-", " ").title(),
            "--name", name, "--post", "Analyst",
        )  # fmt: skip
        assert said.code == 0, said


@pytest.fixture
def laptop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Laptop]:
    def make(name: str) -> Laptop:
        return Laptop(tmp_path, tmp_path / name, capsys)

    return make


@pytest.fixture
def requester(laptop: Callable[[str], Laptop]) -> Laptop:
    made = laptop("requester")
    made.init("public-health-wales", "Priya Shah")
    return made


@pytest.fixture
def pair(requester: Laptop, laptop: Callable[[str], Laptop]) -> tuple[Laptop, Laptop]:
    supplier = laptop("supplier")
    supplier.init("environment-agency", "Gwen Ellis")
    folder = requester.folder
    for one in (requester, supplier):
        assert one("keys", "inbox-at", str(folder / f"inbox-{one.vault.name}"), "--prepare").code == 0
    assert supplier("keys", "export", str(folder / "environment-agency.card")).code == 0
    assert requester("keys", "export", str(folder / "public-health-wales.card")).code == 0
    for one, org in ((requester, "environment-agency"), (supplier, "public-health-wales")):
        assert one("keys", "import", str(folder / f"{org}.card")).code == 0
    return requester, supplier
