"""Every kind of bad input: a sentence that says what to do, its own exit code, and nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsadesk.bootstrap import make_desk
from dsadesk.cli.main import run
from tests.cli.conftest import Laptop, Said
from tests.support.desks import ANSWERS, SAMPLE

BROKEN_ANSWERS = ANSWERS.with_name("broken.json")


def refused(said: Said, code: int, error: str) -> None:
    """The command failed with this exit code and error, and said in words what happened and what to do."""
    assert said.code == code, said
    value = json.loads(said.err)
    assert value["error"] == error, value
    assert value["what"].endswith("."), value
    assert value["todo"].endswith("."), value
    assert "Traceback" not in said.err


@pytest.fixture
def draft(requester: Laptop) -> str:
    return str(requester.json("request", "new", "--title", "A draft")["request"])


def still_there(laptop: Laptop, draft: str) -> None:
    assert [row["request"] for row in laptop.json("request", "list")] == [draft]


def test_a_wrong_passphrase(requester: Laptop, draft: str) -> None:
    refused(requester("--json", "request", "list", passphrase="something quite different"), 6, "passphrase")
    still_there(requester, draft)


def test_a_request_to_an_organisation_without_a_card_leaves_no_draft(requester: Laptop, draft: str) -> None:
    refused(requester("--json", "request", "new", "--title", "B", "--to", "hm-treasury"), 4, "no-card")
    still_there(requester, draft)


def test_no_key_store_and_no_passphrase_given(requester: Laptop) -> None:
    requester.capsys.readouterr()
    code = run(["--vault", str(requester.vault), "--json", "request", "list"], make_desk)
    assert code == 7
    assert json.loads(requester.capsys.readouterr().err)["error"] == "not-used"


def test_no_vault_at_all(laptop: Callable[[str], Laptop]) -> None:
    assert laptop("nowhere")("--json", "request", "list").code == 6


def test_a_second_vault_in_the_same_place(requester: Laptop, draft: str) -> None:
    said = requester(
        "--json", "vault", "init", "--organisation", "abc", "--organisation-name", "A", "--name", "B", "--post", "C"
    )
    refused(said, 4, "vault-exists")
    still_there(requester, draft)


def test_a_vault_made_by_a_newer_version(requester: Laptop) -> None:
    header = requester.vault / "vault.json"
    value = json.loads(header.read_text("utf-8"))
    value["version"] += 1
    header.write_text(json.dumps(value), "utf-8")
    said = requester("--json", "request", "list")
    assert said.code == 6
    assert "newer" in json.loads(said.err)["what"]


def test_a_damaged_vault_is_told_from_a_wrong_key(requester: Laptop) -> None:
    database = requester.vault / "cases.db"
    data = bytearray(database.read_bytes())
    data[100] ^= 0xFF
    database.write_bytes(bytes(data))
    said = requester("--json", "request", "list")
    assert said.code == 6
    assert json.loads(said.err)["error"] != "passphrase"
    assert database.read_bytes() == bytes(data), "a damaged vault is left as it was found"


def test_an_answers_file_with_unknown_and_malformed_answers(requester: Laptop, draft: str) -> None:
    said = requester("--json", "request", "answers", draft, str(BROKEN_ANSWERS))
    refused(said, 3, "answers-refused")
    assert json.loads(said.err)["fields"]["count"] > 5
    assert len(requester.json("request", "show", draft)["answers"]) <= 1, "all or none"


@pytest.mark.parametrize("content", [b"", b"not json", b"[1,2]", b'{"a":1,"a":2}', b"\xff\xfe"])
def test_an_answers_file_that_is_none(requester: Laptop, draft: str, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "answers.json"
    file.write_bytes(content)
    assert requester("--json", "request", "answers", draft, str(file)).code == 3


def test_a_missing_file(requester: Laptop, draft: str, tmp_path: Path) -> None:
    refused(requester("--json", "request", "answers", draft, str(tmp_path / "none.json")), 4, "file-unreadable")
    refused(requester("--json", "request", "attach", draft, str(tmp_path / "none.csv")), 4, "file-unreadable")


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"PK\x03\x04" + bytes(40),
        b"\x89PNG\r\n\x1a\n" + bytes(20),
        b"",
        b"\x00\x01\x02" * 50,
    ],
)
def test_a_csv_that_is_not_one(requester: Laptop, draft: str, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sample.csv"
    file.write_bytes(content)
    said = requester("--json", "request", "attach", draft, str(file))
    assert said.code == 3, said
    assert json.loads(said.err)["todo"]
    assert not requester.json("request", "show", draft)["samples"]


def test_real_data_about_people_is_refused_with_the_reason(requester: Laptop, draft: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    rows = "".join(f"{n},person{n}@example.org\n" for n in range(40))
    file.write_text("id,email\n" + rows, "utf-8")
    refused(requester("--json", "request", "attach", draft, str(file), "--real"), 4, "sample-identifiable")


def test_sealing_an_unfinished_request(requester: Laptop, draft: str) -> None:
    refused(requester("--json", "request", "seal", draft), 4, "findings")
    still_there(requester, draft)


def test_throwing_a_draft_away_without_confirming(requester: Laptop, draft: str) -> None:
    refused(requester("--json", "request", "discard", draft), 4, "discard-unconfirmed")
    still_there(requester, draft)


def test_an_altered_card(pair: tuple[Laptop, Laptop], tmp_path: Path) -> None:
    card = tmp_path / "environment-agency.card"
    data = bytearray(card.read_bytes())
    at = data.index(b'"payload":"') + 300
    data[at] = ord("A") if data[at] != ord("A") else ord("B")
    card.write_bytes(bytes(data))
    assert pair[0]("--json", "keys", "import", str(card)).code == 3


def test_a_bundle_that_is_none(requester: Laptop, tmp_path: Path) -> None:
    file = tmp_path / "x.dsabundle"
    file.write_bytes(b"hello")
    refused(requester("--json", "bundle", "open", str(file)), 5, "not-a-bundle")


def fill(place: Path) -> Path:
    """Leaves no room on a file system."""
    filler = place / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(64 * 1024))
    return filler


def sealed(requester: Laptop) -> str:
    request = str(requester.json("request", "new", "--to", "environment-agency")["request"])
    assert requester("request", "answers", request, str(ANSWERS)).code == 0
    assert requester("request", "attach", request, str(SAMPLE)).code == 0
    assert requester("request", "seal", request).code == 0
    return request


def test_a_missing_inbox_folder(pair: tuple[Laptop, Laptop], tmp_path: Path) -> None:
    requester, supplier = pair
    request = sealed(requester)
    shutil.move(tmp_path / "inbox-supplier", tmp_path / "elsewhere")
    said = requester("inbox", "exchange")
    assert said.code == 8, said
    assert "environment-agency" in said.out
    assert requester.json("request", "show", request)["stage"] == "sealed"
    shutil.move(tmp_path / "elsewhere", tmp_path / "inbox-supplier")
    assert requester("inbox", "exchange").code == 0
    assert supplier("inbox", "exchange").code == 0
    assert supplier.json("request", "show", request)["stage"] == "received"


def test_an_empty_folder_in_place_of_the_inbox(pair: tuple[Laptop, Laptop], tmp_path: Path) -> None:
    """A stick that is not plugged in looks like an empty folder; nothing is written into it."""
    sealed(pair[0])
    shutil.move(tmp_path / "inbox-supplier", tmp_path / "elsewhere")
    (tmp_path / "inbox-supplier").mkdir()
    assert pair[0]("inbox", "exchange").code == 8
    assert not list((tmp_path / "inbox-supplier").iterdir())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], check=False).returncode
    ):
        pytest.skip("mounting a small file system needs root")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_inbox(pair: tuple[Laptop, Laptop], tmp_path: Path, small_disk: Path) -> None:
    requester, supplier = pair
    assert supplier("keys", "inbox-at", str(small_disk), "--prepare").code == 0
    assert requester("keys", "inbox-at", str(small_disk), "--of", "environment-agency").code == 0
    filler = fill(small_disk)
    request = sealed(requester)
    said = requester("--json", "inbox", "send")
    assert said.code == 8
    assert [problem["code"] for problem in said.value["problems"]] == ["store-full"]
    filler.unlink()
    assert requester("inbox", "send").code == 0
    assert supplier("inbox", "fetch").code == 0
    assert supplier.json("request", "show", request)["stage"] == "received"


def test_a_read_only_inbox(pair: tuple[Laptop, Laptop], small_disk: Path) -> None:
    requester, supplier = pair
    assert supplier("keys", "inbox-at", str(small_disk), "--prepare").code == 0
    assert requester("keys", "inbox-at", str(small_disk), "--of", "environment-agency").code == 0
    sealed(requester)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    said = requester("--json", "inbox", "send")
    assert said.code == 8
    assert [problem["code"] for problem in said.value["problems"]] == ["store-read-only"]
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert requester("inbox", "send").code == 0


def test_a_full_disk_under_the_vault(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    place = tmp_path / "vaults"
    place.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", place], check=False).returncode
    ):
        pytest.skip("mounting a small file system needs root")
    try:
        full = Laptop(tmp_path, place / "vault", laptop("x").capsys)
        full.init("public-health-wales", "Priya Shah")
        draft = str(full.json("request", "new", "--title", "Before")["request"])
        fill(place)
        said = full("--json", "request", "attach", draft, str(SAMPLE))
        codes = {said.code}
        for n in range(40):
            codes.add(full("--json", "request", "answer", draft, "purpose.aim", "word " * 250 + str(n)).code)
        assert codes <= {0, 6}, codes
        still_there(full, draft)
        (place / "filler").unlink()
        assert full("request", "answer", draft, "purpose.aim", "There is room again.").code == 0
        assert full("vault", "check").code == 0
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_command_that_was_not_typed_right(requester: Laptop) -> None:
    assert requester("request", "fly").code == 2
    assert requester("request", "seal").code == 2


def test_the_help_lists_the_exit_codes(requester: Laptop) -> None:
    said = requester("--help")
    assert said.code == 0
    assert "Exit codes" in said.out
    for code in range(9):
        assert f"  {code}  " in said.out
