"""Keys from the command line: ways in, words, colleagues who come and go, and keys that change."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dsadesk.bootstrap import make_desk
from dsadesk.cli.main import run
from dsadesk.secret import Secret
from dsadesk.services import splitting
from tests.cli.conftest import Laptop, Said
from tests.support.desks import ANSWERS, PASSPHRASE, WORK_FACTOR

SECOND = "four other unrelated words"
EA, PHW = "environment-agency", "public-health-wales"


def text_file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def made(laptop: Laptop, organisation: str = PHW, name: str = "Priya Shah", *more: str) -> dict[str, Any]:
    """A new vault, and what its making told."""
    told = laptop.json(
        "vault", "init", "--organisation", organisation, "--organisation-name", organisation.replace("-", " ").title(),
        "--name", name, "--post", "Analyst", *more,
    )  # fmt: skip
    assert isinstance(told, dict)
    return told


def refused(said: Said, code: int, error: str) -> None:
    assert said.code == code, said
    value = json.loads(said.err)
    assert value["error"] == error, value
    assert value["what"].endswith("."), value


def sealed(requester: Laptop) -> str:
    request = str(requester.json("request", "new", "--title", "Bathing water", "--to", EA)["request"])
    assert requester("request", "answers", request, str(ANSWERS)).code == 0
    assert requester("request", "seal", request).code == 0
    return request


# ---------------------------------------------------------------- words


def test_the_words_are_told_once_on_the_screen_and_to_programs(laptop: Callable[[str], Laptop]) -> None:
    told = made(laptop("one"))
    assert len(told["words"].split()) == 24
    two = laptop("two")
    said = two("vault", "init", "--organisation", PHW, "--organisation-name", "A", "--name", "B", "--post", "C")
    assert said.code == 0
    assert "Write these 24 words on paper" in said.out
    assert " 1 " in said.out
    assert "24 " in said.out


def test_words_that_went_into_a_kit_or_a_sheet_are_not_told_as_well(
    laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    secret = text_file(tmp_path, "kit.pass", SECOND)
    told = made(laptop("one"), PHW, "A", "--kit", str(tmp_path / "kit.age"), "--kit-passphrase-file", secret)
    assert "words" not in told
    sheet = tmp_path / "sheet.pdf"
    told = made(laptop("two"), PHW, "A", "--sheet", str(sheet))
    assert "words" not in told
    assert sheet.read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600


def test_words_are_not_lost_when_the_kit_cannot_be_written(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one = laptop("one")
    secret = text_file(tmp_path, "kit.pass", SECOND)
    said = one(
        "--json", "vault", "init", "--organisation", PHW, "--organisation-name", "A", "--name", "B", "--post", "C",
        "--kit", str(tmp_path / "nowhere" / "kit.age"), "--kit-passphrase-file", secret,
    )  # fmt: skip
    assert said.code == 4
    assert json.loads(said.err)["error"] == "file-unwritable"
    words = text_file(tmp_path, "words", json.loads(said.out)["words"])
    assert one("vault", "rehearse", "--words-file", words).code == 0


def test_a_kit_with_a_short_passphrase_makes_no_vault(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one = laptop("one")
    short = text_file(tmp_path, "kit.pass", "short")
    said = one(
        "--json", "vault", "init", "--organisation", PHW, "--organisation-name", "A", "--name", "B", "--post", "C",
        "--kit", str(tmp_path / "kit.age"), "--kit-passphrase-file", short,
    )  # fmt: skip
    refused(said, 3, "passphrase-short")
    assert not (one.vault / "vault.json").exists()


def test_one_word_proves_that_the_words_are_kept(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one = laptop("one")
    words = made(one)["words"].split()
    assert not one.json("vault", "status")["words_due"]
    asked = one.json("vault", "rehearse")
    assert asked["proven"] is False
    assert f"word number {asked['asked']}" in one("vault", "rehearse").out
    wrong = text_file(tmp_path, "wrong", words[asked["asked"] % 24])
    refused(one("--json", "vault", "rehearse", "--word-file", wrong), 6, "recovery-word")
    refused(
        one("--json", "vault", "rehearse", "--word-file", text_file(tmp_path, "no", "salmn")),
        3, "recovery-word-unknown",
    )  # fmt: skip
    right = text_file(tmp_path, "right", f" {words[asked['asked'] - 1].upper()} \n")
    assert "asked again on" in one("vault", "rehearse", "--word-file", right).out
    assert one.json("vault", "rehearse")["asked"] != asked["asked"]


def test_all_the_words_prove_it_too_and_those_of_another_vault_do_not(
    laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    one, other = laptop("one"), laptop("other")
    words = text_file(tmp_path, "words", made(one)["words"])
    wrong = text_file(tmp_path, "wrong", made(other)["words"])
    refused(one("--json", "vault", "rehearse", "--words-file", wrong), 6, "recovery-words")
    assert one.json("vault", "rehearse", "--words-file", words)["proven"]


def test_a_sheet_is_printed_again_for_whoever_has_the_words(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one = laptop("one")
    words = text_file(tmp_path, "words", made(one)["words"])
    target = tmp_path / "sheet.pdf"
    assert one("vault", "sheet", str(target), "--words-file", words).code == 0
    assert target.read_bytes().startswith(b"%PDF-")
    refused(one("--json", "vault", "sheet", str(tmp_path / "x.pdf")), 4, "words-missing")
    assert not (tmp_path / "x.pdf").exists()


def test_any_two_of_three_shares_do_what_the_words_do(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one = laptop("one")
    words = text_file(tmp_path, "words", made(one)["words"])
    (tmp_path / "sheets").mkdir()
    told = one.json("vault", "split", str(tmp_path / "sheets"), "--words-file", words)
    assert [Path(each).name[:12] for each in told["sheets"]] == ["share-1-of-3", "share-2-of-3", "share-3-of-3"]
    for sheet in told["sheets"]:
        assert Path(sheet).read_bytes().startswith(b"%PDF-")
        assert stat.S_IMODE(Path(sheet).stat().st_mode) == 0o600
    texts = [" ".join(share.words) for share in splitting.split(Secret(Path(words).read_text("utf-8")))]
    two = text_file(tmp_path, "two", f"{texts[2]}\n{texts[0]}\n")
    assert one("vault", "rehearse", "--words-file", two).code == 0
    assert one.json("vault", "recover", "--words-file", two)["opens"]
    assert one("vault", "sheet", str(tmp_path / "again.pdf"), "--words-file", two).code == 0
    refused(one("--json", "vault", "rehearse", "--words-file", text_file(tmp_path, "x", texts[0])), 3, "share-alone")
    wrong = text_file(tmp_path, "wrong", f"{texts[2]} {texts[0].rsplit(' ', 1)[0]} salmn")
    said = one("--json", "vault", "rehearse", "--words-file", wrong)
    refused(said, 3, "share-word-unknown")
    assert "Word 33 of the second share" in json.loads(said.err)["what"]
    new = laptop("new")
    assert new("vault", "restore", "--words-file", two, "--card", card_of(one, tmp_path)).code == 0


def test_a_new_vault_gives_its_shares_beside_its_words(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    told = made(laptop("one"), PHW, "A", "--shares", str(tmp_path))
    assert len(told["words"].split()) == 24
    assert all(Path(sheet).read_bytes().startswith(b"%PDF-") for sheet in told["shares"])
    assert len(told["shares"]) == 3


def card_of(laptop: Laptop, folder: Path) -> str:
    assert laptop("keys", "export", str(folder / "own.card")).code == 0
    return str(folder / "own.card")


# ---------------------------------------------------------------- ways in


def test_a_passphrase_is_changed_for_whoever_gives_the_old_one(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one = laptop("one")
    made(one)
    new = text_file(tmp_path, "new", SECOND + "\n")
    assert one("vault", "passphrase", "--new-passphrase-file", new).code == 0
    refused(one("--json", "vault", "status"), 6, "passphrase")
    assert one("vault", "status", passphrase=SECOND).code == 0
    assert one("vault", "ways", passphrase=SECOND).out.splitlines() == [
        "It opens by the 24 recovery words.",
        "It opens by the passphrase.",
    ]


def test_the_last_way_in_is_kept(laptop: Callable[[str], Laptop]) -> None:
    one = laptop("one")
    made(one)
    refused(one("--json", "vault", "stop-passphrase"), 4, "last-way-in")
    refused(one("--json", "vault", "stop-key-store"), 7, "not-used")


def test_a_computer_without_a_key_store_is_told_so(laptop: Callable[[str], Laptop]) -> None:
    one = laptop("one")
    made(one)
    said = one("--json", "vault", "use-key-store")
    if said.code == 0:
        pytest.skip("this machine has a key store that works")
    assert said.code == 7
    assert one("vault", "status").code == 0


def test_a_lost_passphrase_is_replaced_by_words_or_kit(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one = laptop("one")
    secret, new = text_file(tmp_path, "kit.pass", SECOND), text_file(tmp_path, "new", "yet another good phrase")
    kit = ("--kit", str(tmp_path / "kit.age"), "--kit-passphrase-file", secret)
    made(one, PHW, "Priya Shah", *kit)
    said = one("vault", "recover", *kit)
    assert said.code == 0
    assert "It belongs to Priya Shah." in said.out
    assert "Nothing was changed" in said.out
    assert one("vault", "recover", *kit, "--new-passphrase-file", new).code == 0
    assert one("vault", "status", passphrase="yet another good phrase").code == 0
    refused(one("--json", "vault", "recover", "--kit", kit[1]), 4, "kit-needs-passphrase")


# ---------------------------------------------------------------- a new laptop


def test_a_laptop_is_replaced_with_the_words_and_a_card_that_a_partner_gives_back(
    pair: tuple[Laptop, Laptop], laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    requester, supplier = pair
    del requester
    lost, card = laptop("lost"), str(tmp_path / "back.card")
    words = text_file(tmp_path, "words", made(lost, "natural-resources-wales", "Elin Morgan")["words"])
    assert lost("keys", "inbox-at", str(tmp_path / "inbox-lost"), "--prepare").code == 0
    assert lost("keys", "export", str(tmp_path / "lost.card")).code == 0
    assert supplier("keys", "import", str(tmp_path / "lost.card")).code == 0
    assert lost("keys", "import", str(tmp_path / f"{EA}.card")).code == 0
    request = sealed(lost)
    assert lost("inbox", "send").code == 0
    assert supplier("inbox", "exchange").code == 0

    assert supplier("keys", "export", card, "--of", "natural-resources-wales").code == 0
    new = laptop("new")
    told = new.json("vault", "restore", "--words-file", words, "--card", card)
    assert told["official"] == "Elin Morgan"
    assert not told["with_files"]
    assert not told["must_apply"]
    assert len(told["ended"]) == 1
    assert new("inbox", "fetch").code == 0
    assert new("keys", "export", str(tmp_path / "new.card")).code == 0
    assert supplier("keys", "import", str(tmp_path / "new.card")).code == 0
    assert supplier.json("keys", "give-back", "natural-resources-wales")["requests"] == [request]
    assert supplier("inbox", "send").code == 0
    assert new("inbox", "exchange").code == 0
    assert new.json("request", "show", request)["stage"] == "received"
    assert supplier("inbox", "exchange").code == 0


def test_a_restoring_without_words_or_names_makes_nothing(laptop: Callable[[str], Laptop], tmp_path: Path) -> None:
    one, new = laptop("one"), laptop("new")
    words = text_file(tmp_path, "words", made(one)["words"])
    refused(new("--json", "vault", "restore"), 4, "words-missing")
    refused(new("--json", "vault", "restore", "--words-file", words, "--founder"), 3, "name-missing")
    short = text_file(tmp_path, "short", "one two three")
    refused(new("--json", "vault", "restore", "--words-file", short), 3, "recovery-words-count")
    assert not (new.vault / "vault.json").exists()
    names = ("--organisation", PHW, "--organisation-name", "Public Health Wales", "--name", "Priya Shah", "--post", "X")
    refused(new("--json", "vault", "restore", "--words-file", words, *names), 3, "founder-or-card")
    assert "dsadesk keys export FILE" in new("vault", "restore", "--words-file", words, *names).err
    assert not (new.vault / "vault.json").exists()
    told = new.json("vault", "restore", "--words-file", words, "--founder", *names)
    assert (told["official"], told["must_apply"]) == ("Priya Shah", False)


# ---------------------------------------------------------------- colleagues


def colleague(laptop: Callable[[str], Laptop], of: Laptop, organisation: str, name: str) -> Laptop:
    """Another official, let in."""
    one = laptop(name.partition(" ")[0].lower())
    made(one, organisation, name, "--joining")
    application, given = str(of.folder / f"{one.vault.name}.apply"), str(of.folder / f"{one.vault.name}.pass-file")
    assert one("keys", "apply", application).code == 0
    assert of("keys", "admit", application, given).code == 0
    assert one("keys", "accept", given).code == 0
    return one


def test_accepting_a_pass_shows_the_words_to_compare(
    pair: tuple[Laptop, Laptop], laptop: Callable[[str], Laptop]
) -> None:
    one = colleague(laptop, pair[1], EA, "Owain Hughes")
    assert one.json("keys", "show")["words"] == pair[1].json("keys", "show")["words"]
    listed = one.json("keys", "officials")
    assert [entry["name"] for entry in listed] == ["Gwen Ellis", "Owain Hughes"]


def test_a_leaver_is_ended_and_those_who_stay_read_on(
    pair: tuple[Laptop, Laptop], laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    requester, supplier = pair
    leaver = colleague(laptop, supplier, EA, "Owain Hughes")
    stays = colleague(laptop, supplier, EA, "Sian Price")
    listed = {entry["name"]: entry["device"] for entry in leaver.json("keys", "officials")}
    device = listed["Owain Hughes"]
    folder = tmp_path / "passes"
    told = supplier.json("keys", "remove", device[:8], str(folder))
    assert told["official"] == "Owain Hughes"
    assert not told["held_key"]
    (name,) = told["passes"].values()
    assert name.startswith("sian-price-")
    refused(supplier("--json", "keys", "remove", device, str(folder)), 4, "already-left")
    refused(supplier("--json", "keys", "remove", "nonsense", str(folder)), 3, "no-such-device")

    assert supplier("keys", "export", str(tmp_path / "new.card")).code == 0
    assert requester("keys", "import", str(tmp_path / "new.card")).code == 0
    request = sealed(requester)
    assert requester("inbox", "send").code == 0
    assert stays("inbox", "fetch").code == 5, "without the new pass it cannot be opened"
    assert stays("keys", "held").out.splitlines()[1].strip().startswith("This bundle stopped at")
    said = stays("keys", "accept", str(folder / name))
    assert "Taken in after all: 1." in said.out
    assert stays.json("keys", "held") == []
    assert stays.json("request", "show", request)["stage"] in ("received", "sealed", "sent")
    assert leaver("inbox", "fetch").code == 5
    refused(leaver("--json", "keys", "accept", str(folder / name)), 3, "pass-unreadable")


def test_an_inbox_is_rotated_and_a_card_renewed(pair: tuple[Laptop, Laptop], tmp_path: Path) -> None:
    supplier = pair[1]
    before = supplier.json("keys", "show")
    told = supplier.json("keys", "rotate-inbox", str(tmp_path / "passes"))
    assert told == {"version": before["version"] + 1, "passes": {}, "must_apply": []}
    assert supplier.json("keys", "show")["box"] == before["box"]
    assert supplier.json("keys", "renew")["version"] == before["version"] + 2
    assert (
        supplier("keys", "passes", str(tmp_path / "passes")).out.strip() == "There is no colleague to write a pass for."
    )
    request = sealed(pair[0])
    assert pair[0]("inbox", "send").code == 0
    assert supplier("inbox", "exchange").code == 0
    assert supplier.json("request", "show", request)["stage"] == "received"


# ---------------------------------------------------------------- a partner's key


@pytest.fixture
def changed(pair: tuple[Laptop, Laptop], laptop: Callable[[str], Laptop], tmp_path: Path) -> str:
    """The requester has been given a card of the supplier under another key."""
    other = laptop("other-supplier")
    made(other, EA, "Gwen Ellis")
    card = str(tmp_path / "other.card")
    assert other("keys", "export", card).code == 0
    refused(pair[0]("--json", "keys", "import", card), 3, "card-key-changed")
    return card


def test_a_changed_key_stops_sealing_until_it_is_accepted(pair: tuple[Laptop, Laptop], changed: str) -> None:
    requester = pair[0]
    (waiting,) = requester.json("keys", "changed")
    assert waiting["org"] == EA
    assert len(waiting["new_words"]) == 8
    assert "has come:  " + " ".join(waiting["new_words"]) in requester("keys", "changed").out
    request = str(requester.json("request", "new", "--title", "x", "--to", EA)["request"])
    requester("request", "answers", request, str(ANSWERS))
    refused(requester("--json", "request", "seal", request), 3, "card-key-pending")
    assert requester("keys", "accept-key", changed).code == 2, "how it was compared must be said"
    told = requester.json("keys", "accept-key", changed, "--method", "in-person", "--note", "At their office")
    assert told["checks"][0]["method"] == "in-person"
    assert told["words"] == waiting["new_words"]
    assert requester.json("keys", "changed") == []
    assert requester("request", "seal", request).code == 0


def test_a_changed_key_can_be_refused_for_good(pair: tuple[Laptop, Laptop], changed: str) -> None:
    requester = pair[0]
    assert requester("keys", "refuse-key", EA, "--note", "They know nothing of it").code == 0
    assert requester("keys", "changed").out.strip() == "No key waits for a decision."
    refused(requester("--json", "keys", "import", changed), 3, "card-key-refused")
    refused(requester("--json", "keys", "refuse-key", EA), 4, "no-changed-key")
    listed = {card["org"]: card for card in requester.json("keys", "list")}
    assert listed[EA]["checks"][-1]["method"] == "refused"
    assert "refused" not in requester("keys", "list").out, "the list tells how the believed key is known"


def test_a_bundle_that_is_not_there_cannot_be_tried_again(pair: tuple[Laptop, Laptop]) -> None:
    refused(pair[0]("--json", "keys", "retry", "nothing"), 4, "no-such-bundle")


def test_a_partner_who_was_met_vouches_for_another(
    pair: tuple[Laptop, Laptop], laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    requester, supplier = pair
    third, card, letter = laptop("third"), str(tmp_path / "third.card"), str(tmp_path / "letter")
    made(third, "natural-resources-wales", "Elin Morgan")
    assert third("keys", "export", card).code == 0
    assert supplier("keys", "import", card).code == 0
    refused(supplier("--json", "keys", "introduce", "natural-resources-wales", letter), 4, "not-compared")
    assert supplier("keys", "check", "natural-resources-wales", "--method", "phone").code == 0
    assert supplier("keys", "introduce", "natural-resources-wales", letter).code == 0
    refused(requester("--json", "keys", "introduced", letter), 4, "introducer-not-met")
    assert requester("keys", "check", EA, "--method", "in-person").code == 0
    said = requester("keys", "introduced", letter)
    assert said.code == 0
    assert "vouched for by Gwen Ellis, Environment Agency" in said.out
    assert "taken in by Priya Shah" in requester("keys", "list").out


def test_nothing_is_said_of_cards_that_are_valid_for_long(pair: tuple[Laptop, Laptop]) -> None:
    assert "ends on" not in pair[0]("keys", "list").out
    assert pair[0].json("keys", "show")["notices"] == []


def test_no_command_prints_a_secret(pair: tuple[Laptop, Laptop]) -> None:
    commands = (
        ("vault", "status"), ("vault", "ways"), ("keys", "show"), ("keys", "list"), ("keys", "officials"),
        ("keys", "changed"), ("keys", "held"),
    )  # fmt: skip
    desk = make_desk(pair[0].vault, work_factor=WORK_FACTOR)
    session = desk.unlock_with_passphrase(PASSPHRASE)
    names = ("key.data", "seed.device", "seed.organisation", "seed.inbox")
    secrets = [session.vault.settings.read(name) or b"" for name in names]
    desk.lock()
    for command in commands:
        for said in (pair[0](*command), pair[0]("--json", *command)):
            assert said.code == 0
            assert PASSPHRASE not in said.out
            assert not any(secret.hex() in said.out for secret in secrets)
    assert run(["--help"], make_desk) == 0
