"""Stores from the command line: added with a password from standard input, checked, listed, forgotten."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Laptop
from tests.support.servers.web import PASSWORD, USER, WebServer


@pytest.fixture
def laptop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Laptop:
    made = Laptop(tmp_path, tmp_path / "vault", capsys)
    made.init("public-health-wales", "Priya Shah")
    return made


def authority_of(server: WebServer, folder: Path) -> str:
    path = folder / "authority.pem"
    path.write_text(server.authority.pem)
    return str(path)


def typed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))


def test_a_server_is_added_as_the_inbox_checked_listed_and_forgotten(
    laptop: Laptop, web_server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    address, authority = web_server.url(web_server.fresh()), authority_of(web_server, tmp_path)
    typed(monkeypatch, PASSWORD)
    added = laptop(
        "--json",
        "store",
        "add",
        address,
        "--user",
        USER,
        "--secret-stdin",
        "--authority",
        authority,
        "--prepare",
        "--inbox",
    )
    assert added.code == 0, added
    told = json.loads(added.out)[0]
    assert told["level"] == "fine"
    assert {each["about"] for each in told["findings"]} >= {"marker", "put", "list", "cut", "clock", "delete"}
    [known] = laptop.json("store", "list")
    assert (known["address"], known["user"], known["has_secret"], known["level"]) == (address, USER, True, "fine")
    assert known["orgs"] == ["public-health-wales"]
    assert known["store"] == told["store"]
    again = laptop("store", "check")
    assert again.code == 0
    assert "This store does all that is asked of it." in again.out
    assert laptop.json("store", "check", "--due") == []
    fetched = laptop("inbox", "fetch")
    assert fetched.code == 0, fetched
    for said in (added, again, fetched, laptop("store", "list")):
        assert PASSWORD not in said.out + said.err
    assert laptop("store", "forget", address).code == 0
    refused = laptop("--json", "inbox", "fetch")
    assert refused.code == 8


def test_a_wrong_password_is_told_and_nothing_is_kept(
    laptop: Laptop, nginx: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    typed(monkeypatch, "not the word")
    address = nginx.url(nginx.fresh())
    said = laptop(
        "store", "add", address, "--user", USER, "--secret-stdin", "--authority", authority_of(nginx, tmp_path)
    )
    assert said.code == 8
    assert "does not accept the name and password" in said.out
    assert "not the word" not in said.out + said.err
    assert laptop.json("store", "list") == []


def test_a_folder_needs_no_password(laptop: Laptop, tmp_path: Path):
    said = laptop("store", "add", str(tmp_path / "inbox"), "--prepare", "--inbox")
    assert said.code == 0, said
    assert "Must not be used" not in said.out


def test_an_address_that_nobody_knows_is_told(laptop: Laptop):
    for command in ("check", "forget"):
        said = laptop("--json", "store", command, "https://never.example/x")
        assert said.code == 4
        assert json.loads(said.err)["error"] == "no-such-store"
    said = laptop("--json", "store", "add", "https://me:pass-word@store.example/x")
    assert said.code == 8
    assert "pass-word" not in said.out + said.err
