"""The public record from the command line, of a request that travelled through folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Laptop
from tests.cli.test_keys import EA, PHW
from tests.support.desks import ROOT

ANSWERS = ROOT / "tests/data/answers/bathing-water.json"


def test_a_decided_request_gives_its_record_and_an_undecided_one_does_not(
    laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    asks, holds = laptop("asks"), laptop("holds")
    for desk, org, name in ((asks, PHW, "Priya Shah"), (holds, EA, "Gwen Ellis")):
        desk.init(org, name)
        desk.json("keys", "inbox-at", str(tmp_path / f"inbox-{org}"), "--prepare")
        desk.json("keys", "export", str(tmp_path / f"{org}.dsacard"))
    asks.json("keys", "import", str(tmp_path / f"{EA}.dsacard"))
    holds.json("keys", "import", str(tmp_path / f"{PHW}.dsacard"))
    request = str(asks.json("request", "new", "--to", EA)["request"])
    asks.json("request", "answers", request, str(ANSWERS))
    asks.json("request", "seal", request)
    for desk in (asks, holds):
        desk.json("inbox", "exchange")
    refused = holds("--json", "request", "record", request, str(tmp_path / "early"))
    assert (refused.code, json.loads(refused.err)["error"]) == (4, "no-decision")
    assert not (tmp_path / "early").exists()

    holds.json("request", "approve", request, "--reasons", "Gwen Ellis is content.")
    written = holds.json("request", "record", request, str(tmp_path / "record"))
    assert written["is_whole"] is True
    read = json.loads(Path(written["json"]).read_bytes())
    assert read["status"] == "Agreed in principle. No data moves yet"
    assert Path(written["pdf"]).read_bytes().startswith(b"%PDF")
    text = Path(written["md"]).read_text("utf-8")
    assert "Gwen" not in text
    assert "Environment Agency" in text
