"""People and their laptops from the command line: a second laptop, roles by name, a namesake, a key's history, what was held back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Laptop
from tests.cli.test_keys import EA, PHW, made, refused, text_file


def join(newcomer: Laptop, organisation: str, name: str, admin: Laptop, folder: Path) -> dict[str, object]:
    """Lets a newcomer in, and returns what whoever let them in was told."""
    made(newcomer, organisation, name, "--joining")
    application, given = (
        str(folder / f"{newcomer.vault.name}.application"),
        str(folder / f"{newcomer.vault.name}.dsapass"),
    )
    assert newcomer("keys", "apply", application).code == 0
    told = admin.json("keys", "admit", application, given)
    assert newcomer("keys", "accept", given).code == 0
    assert isinstance(told, dict)
    return told


def test_a_second_laptop_stands_beside_the_first_and_the_first_takes_the_card_in(
    laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    first, second = laptop("first"), laptop("second")
    words = text_file(tmp_path, "words", made(first)["words"])
    card, newer = str(tmp_path / "phw.card"), str(tmp_path / "newer.card")
    assert first("keys", "export", card).code == 0
    told = second.json("vault", "restore", "--beside", "--words-file", words, "--card", card)
    assert told["ended"] == []
    assert second("keys", "export", newer).code == 0
    assert first("keys", "import", newer).code == 0
    for each in (first, second):
        officials = each.json("keys", "officials")
        assert [entry["until"] for entry in officials] == ["", ""]
        assert {entry["name"] for entry in officials} == {"Priya Shah"}
        assert len({entry["device"] for entry in officials}) == 2
    refused(first("--json", "keys", "import", card), 3, "card-own")
    ended = laptop("third").json("vault", "restore", "--words-file", words, "--card", newer)
    assert len(ended["ended"]) == 2


def test_roles_are_given_by_name_and_a_name_that_two_people_have_is_not_enough(
    requester: Laptop, laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    told = join(laptop("one"), PHW, "Huw Rees", requester, tmp_path)
    assert not told["namesake"]
    assert requester("keys", "roles", "HUW  rees", "drafter", "legal").code == 0
    told = join(laptop("two"), PHW, "Huw Rees", requester, tmp_path)
    assert told["namesake"]
    refused(requester("--json", "keys", "roles", "Huw Rees", "drafter"), 4, "official-ambiguous")
    refused(requester("--json", "keys", "roles", "Nobody Here", "drafter"), 4, "no-such-official")
    officials = requester.json("keys", "officials")
    second = next(each for each in officials if each["name"] == "Huw Rees" and each["roles"] == ["drafter"])
    assert requester("keys", "roles", second["device"][:8], "decider").code == 0
    roles = sorted(each["roles"] for each in requester.json("keys", "officials") if each["name"] == "Huw Rees")
    assert roles == [["decider"], ["drafter", "legal"]]
    assert requester("keys", "role", "Huw Rees").code == 2, "there is one command"


def test_a_namesake_is_named_with_the_way_to_undo_it(
    requester: Laptop, laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    second = laptop("second")
    made(second, PHW, "Priya Shah", "--joining")
    assert second("keys", "apply", str(tmp_path / "a")).code == 0
    said = requester("keys", "admit", str(tmp_path / "a"), str(tmp_path / "p")).out
    assert "two people to everybody" in said
    assert "dsadesk keys remove " in said


def test_the_history_of_a_partners_key_is_told(
    pair: tuple[Laptop, Laptop], laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    requester = pair[0]
    assert requester.json("keys", "history", EA) == {"former": [], "turned_down": []}
    for name in ("forged", "new"):
        other, card = laptop(name), str(tmp_path / f"{name}.card")
        made(other, EA, "Gwen Ellis")
        assert other("keys", "export", card).code == 0
        requester("keys", "import", card)
        if name == "forged":
            assert requester("keys", "refuse-key", EA, "--note", "They know nothing of it").code == 0
        else:
            assert requester("keys", "accept-key", card, "--method", "phone", "--note", "Gwen Ellis").code == 0
    told = requester.json("keys", "history", EA)
    (former,), (down,) = told["former"], told["turned_down"]
    assert former["replaced_by"] == {"method": "phone", "by": "Priya Shah", "note": "Gwen Ellis"}
    assert (down["by"], down["why"]) == ("Priya Shah", "They know nothing of it")
    said = requester("keys", "history", EA).out
    assert "Another key took its place. Words compared by phone: Priya Shah" in said
    assert "Priya Shah: They know nothing of it" in said
    refused(requester("--json", "keys", "history", "hm-treasury"), 4, "no-card")


@pytest.mark.parametrize("size", [64 * 1024 * 1024 + 1])
def test_what_was_kept_by_its_evidence_alone_is_not_saved_as_an_empty_file(
    requester: Laptop, tmp_path: Path, size: int
) -> None:
    large = tmp_path / "large.dsabundle"
    with large.open("wb") as file:
        file.truncate(size)
    assert requester("bundle", "open", str(large)).code != 0
    (held,) = requester.json("keys", "held")
    refused(requester("--json", "keys", "save-held", held["id"], str(tmp_path / "x")), 4, "quarantine-not-kept")
    assert not (tmp_path / "x").exists()
    small = tmp_path / "small.dsabundle"
    small.write_bytes(b"nothing that could be a bundle")
    assert requester("bundle", "open", str(small)).code != 0
    newest = next(each for each in requester.json("keys", "held") if each["source"] == "small.dsabundle")
    assert requester("keys", "save-held", newest["id"], str(tmp_path / "x")).code == 0
    assert (tmp_path / "x").read_bytes() == small.read_bytes()
    assert requester("keys", "discard-held", newest["id"], held["id"]).code == 0
    assert requester.json("keys", "held") == []
