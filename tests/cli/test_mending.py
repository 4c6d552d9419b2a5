"""A damaged vault, a backup, and a history that went back in time, as somebody meets them at the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Laptop

ANSWERS = "tests/data/answers/bathing-water.json"


def draft(one: Laptop, title: str) -> str:
    return str(one.json("request", "new", "--title", title)["request"])


def drafts(one: Laptop) -> list[str]:
    return sorted(row["title"] for row in one.json("request", "list"))


def damage(folder: Path, page: int) -> None:
    data = bytearray((folder / "cases.db").read_bytes())
    data[page * 4096 + 100] ^= 0xFF
    (folder / "cases.db").write_bytes(data)


def test_a_damaged_vault_is_salvaged_and_nothing_is_deleted(requester: Laptop) -> None:
    draft(requester, "Bathing water")
    damage(requester.vault, 0)
    before = {path.name: path.read_bytes() for path in requester.vault.iterdir() if path.is_file()}
    refused = requester("vault", "status")
    assert refused.code == 6
    assert "dsadesk vault salvage" in refused.err
    found = requester.json("vault", "salvage")
    aside = Path(found["aside"])
    assert aside.name.startswith("requester-damaged-")
    assert {path.name: path.read_bytes() for path in aside.iterdir() if path.is_file()} == before | {
        "lock": (aside / "lock").read_bytes()
    }
    assert drafts(requester) == ["Bathing water"]
    assert requester("vault", "check").code == 0


def test_what_a_salvage_lost_is_listed_by_kind_and_request(requester: Laptop) -> None:
    for n in range(40):
        draft(requester, f"Request {n} " + "x" * 400)
    size = (requester.vault / "cases.db").stat().st_size // 4096
    for page in range(size // 2, size):
        damage(requester.vault, page)
    said = requester("vault", "salvage")
    assert said.code == 0, said
    assert "pages could not be read" in said.out
    assert "Lost: " in said.out or "There may have been more" in said.out
    assert "The vault that was here is kept in" in said.out


def test_a_salvage_with_the_wrong_passphrase_moves_nothing(requester: Laptop) -> None:
    damage(requester.vault, 0)
    before = (requester.vault / "cases.db").read_bytes()
    said = requester("vault", "salvage", passphrase="not the passphrase at all")
    assert said.code == 6
    assert (requester.vault / "cases.db").read_bytes() == before
    assert [path.name for path in requester.folder.iterdir() if path.is_dir()] == ["requester"]


def test_a_backup_comes_back_in_place_of_what_is_there_and_that_is_kept(requester: Laptop, tmp_path: Path) -> None:
    draft(requester, "Before")
    assert requester("vault", "backup", str(tmp_path / "copy.dsavault")).code == 0
    draft(requester, "After")
    device = requester.json("keys", "show")["officials"][-1]["device"]
    found = requester.json("vault", "restore", "--backup", str(tmp_path / "copy.dsavault"))
    assert drafts(requester) == ["Before"]
    officials = requester.json("keys", "show")["officials"]
    assert [(each["device"] == device, bool(each["until"])) for each in officials] == [(True, True), (False, False)]
    requester.vault = Path(found["aside"])
    shutil.copy(requester.folder / "requester.pass", requester.folder / f"{requester.vault.name}.pass")
    assert drafts(requester) == ["After", "Before"]


def test_a_backup_comes_back_on_a_new_laptop_by_the_words(
    requester: Laptop, laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    other = laptop("founder")
    made = other.json(
        "vault", "init", "--organisation", "hm-treasury", "--organisation-name", "HM Treasury", "--name", "A. Person", "--post", "Analyst"
    )  # fmt: skip
    (tmp_path / "words").write_text(made["words"])
    draft(other, "Kept")
    assert other("vault", "backup", str(tmp_path / "copy")).code == 0
    new = laptop("new")
    back = new(
        "vault", "restore", "--backup", str(tmp_path / "copy"), "--words-file", str(tmp_path / "words"),
        passphrase="quite another passphrase",
    )  # fmt: skip
    assert back.code == 0, back
    assert "Send your partners your new card" in back.out
    assert new("vault", "status").code == 6
    listed = new("--json", "request", "list", passphrase="quite another passphrase")
    assert [row["title"] for row in listed.value] == ["Kept"]


def test_a_damaged_backup_moves_nothing(requester: Laptop, tmp_path: Path) -> None:
    draft(requester, "Kept")
    assert requester("vault", "backup", str(tmp_path / "copy")).code == 0
    data = bytearray((tmp_path / "copy").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "copy").write_bytes(data)
    said = requester("vault", "restore", "--backup", str(tmp_path / "copy"))
    assert said.code == 6
    assert drafts(requester) == ["Kept"]
    assert [path.name for path in requester.folder.iterdir() if path.is_dir()] == ["requester"]


def test_a_history_that_went_back_is_accepted_only_by_somebody_who_says_so(pair: tuple[Laptop, Laptop]) -> None:
    requester, _ = pair
    old = requester.folder / "old.db"
    shutil.copy(requester.vault / "cases.db", old)
    request = str(requester.json("request", "new", "--title", "Bathing", "--to", "environment-agency")["request"])
    for command in (
        ("request", "answers", request, ANSWERS),
        ("request", "seal", request),
    ):
        said = requester(*command)
        assert said.code == 0, (command, said)
    shutil.copy(old, requester.vault / "cases.db")
    assert requester("vault", "check").code == 6
    assert requester("vault", "accept-history").code == 4
    assert requester("vault", "check").code == 6
    assert requester("vault", "accept-history", "--yes").code == 0
    assert requester("vault", "check").code == 0
    assert "nothing to accept" in requester("vault", "accept-history").out
