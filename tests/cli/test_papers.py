"""The request as a paper and the decision letter from the command line, on both sides."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Laptop
from tests.cli.test_public_record import ANSWERS
from tests.support.desks import ROOT


def _drafted(asks: Laptop) -> str:
    request = str(asks.json("request", "new", "--to", "environment-agency")["request"])
    asks.json("request", "answers", request, str(ANSWERS))
    return request


def _exchange(*laptops: Laptop) -> None:
    for laptop in laptops:
        laptop.json("inbox", "exchange")


def test_a_draft_and_a_sealed_request_are_papers_whose_names_begin_with_the_marking(
    pair: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    asks, holds = pair
    request = _drafted(asks)
    written = asks.json("request", "paper", request, str(tmp_path / "draft"))
    assert {Path(path).name.split("-DSR-")[0] for path in written.values()} == {"OFFICIAL"}
    assert {Path(path).name[-len(f"-draft.{end}") :] for end, path in written.items()} == {
        "-draft.pdf",
        "-draft.html",
        "-draft.md",
    }
    assert Path(written["pdf"]).read_bytes().startswith(b"%PDF")
    asks.json("request", "seal", request)
    _exchange(asks, holds)
    for side in pair:
        written = side.json("request", "paper", request, str(tmp_path / side.vault.name))
        assert Path(written["md"]).name.endswith("-request-1.md")
        text = Path(written["md"]).read_text("utf-8")
        assert text.startswith("**Marking: OFFICIAL**")
        assert "Environment Agency" in text
        assert "Given anew" not in text


def test_the_paper_of_a_draft_says_how_its_sign_offs_stand(pair: tuple[Laptop, Laptop]) -> None:
    asks, _ = pair
    request = str(asks.json("request", "new", "--to", "environment-agency")["request"])
    asks.json("request", "answers", request, str(ROOT / "tests/data/answers/fuel-poverty.json"))
    said = asks("request", "paper", request).out
    assert "Sign-offs by the requester's specialists" in said
    assert "Nobody has been asked yet." in said


def test_an_answer_that_a_reply_gave_anew_stands_in_the_paper_and_is_named_as_such(
    pair: tuple[Laptop, Laptop],
) -> None:
    asks, holds = pair
    request = _drafted(asks)
    asks.json("request", "seal", request)
    _exchange(asks, holds)
    holds.json("request", "assess", request)
    holds.json("request", "ask", request, "For which beach?", "--about", "purpose.aim")
    _exchange(holds, asks)
    asks.json("request", "reply", request, "For one.", "--answer", "To warn swimmers at Gull Point.")
    _exchange(asks, holds)
    said = holds("request", "paper", request).out
    assert "To warn swimmers at Gull Point." in said
    assert "Given anew in a reply, after the request was sealed:" in said


def test_both_sides_write_the_same_decision_letter_and_nobody_before_there_is_a_decision(
    pair: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    asks, holds = pair
    request = _drafted(asks)
    asks.json("request", "seal", request)
    _exchange(asks, holds)
    refused = holds("--json", "request", "letter", request, str(tmp_path / "early"))
    assert (refused.code, json.loads(refused.err)["error"]) == (4, "no-decision")
    assert not (tmp_path / "early").exists()

    holds.json(
        "request", "approve", request, "--reasons", "It protects swimmers.", "--condition", "Name us as the source."
    )
    _exchange(holds, asks)
    read = asks("request", "letter", request).out
    assert "It protects swimmers." in read
    assert "Name us as the source." in read
    ours, theirs = (side.json("request", "letter", request, str(tmp_path / side.vault.name)) for side in pair)
    assert {Path(path).name.rpartition("-decision-letter.")[2] for path in ours.values()} == {"pdf", "html", "md"}
    assert all(Path(path).name.startswith("OFFICIAL-") for path in ours.values())
    for end, path in ours.items():
        assert Path(path).read_bytes() == Path(theirs[end]).read_bytes()
