"""Sign-offs from the command line, between two laptops that share no folder: everything travels as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Laptop
from tests.cli.test_keys import EA, PHW
from tests.support.desks import ROOT

ANSWERS = ROOT / "tests/data/answers/fuel-poverty.json"


def test_a_draft_is_signed_off_on_another_laptop_and_sealed_with_the_signature(
    laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    priya, huw, supplier = laptop("priya"), laptop("huw"), laptop("supplier")
    priya.init(PHW, "Priya Shah")
    supplier.init(EA, "Gwen Ellis")
    supplier.json("keys", "export", str(tmp_path / "ea.dsacard"))
    priya.json("keys", "import", str(tmp_path / "ea.dsacard"))
    _join(priya, huw, tmp_path)
    priya.json("keys", "roles", "huw rees", "drafter", "data_protection", "legal")
    request = str(priya.json("request", "new", "--title", "Council tax bands", "--to", EA)["request"])
    priya.json("request", "answers", request, str(ANSWERS))

    areas = {each["area"]: each for each in priya.json("request", "sign-off", "list", request)}
    assert {name for name, each in areas.items() if each["needed"]} == {"legal", "data_protection", "security"}
    said = priya("--json", "request", "seal", request)
    assert (said.code, json.loads(said.err)["error"]) == (4, "sign-offs-missing")

    ask = tmp_path / "ask.dsabundle"
    priya.json("request", "sign-off", "ask", request, "legal", "--note", "Is section 35 enough?", "--save", str(ask))
    huw.json("bundle", "open", str(ask))
    (waiting,) = huw.json("request", "sign-off", "list")
    assert (waiting["note"], waiting["by"]) == ("Is section 35 enough?", "Priya Shah")
    reference = waiting["reference"]
    assert "section 2B" in huw("request", "sign-off", "show", reference).out
    given = tmp_path / "given.dsabundle"
    said = huw("--json", "request", "sign-off", "give", reference, "conditions", "--save", str(given))
    assert json.loads(said.err)["error"] == "sign-off-words"
    huw.json(
        "request", "sign-off", "give", reference, "conditions", "--condition", "Name section 35 in the notice.",
        "--remark", "Fine otherwise.", "--save", str(given),
    )  # fmt: skip
    priya.json("bundle", "open", str(given))
    assert "Huw Rees signed off exactly this draft" in priya("request", "sign-off", "list", request).out

    priya.json("request", "sign-off", "without", request, "security", "The same system was signed off in May.")
    sealed = priya.json("request", "seal", request)
    assert (sealed["sign_offs"], sealed["without"]) == (["legal"], ["security"])


def _join(admin: Laptop, newcomer: Laptop, folder: Path) -> None:
    said = newcomer(
        "vault", "init", "--organisation", PHW, "--organisation-name", "Public Health Wales", "--name", "Huw Rees",
        "--post", "Data protection officer", "--joining",
    )  # fmt: skip
    assert said.code == 0, said
    newcomer.json("keys", "apply", str(folder / "huw.apply"))
    admin.json("keys", "admit", str(folder / "huw.apply"), str(folder / "for-huw.dsapass"))
    newcomer.json("keys", "accept", str(folder / "for-huw.dsapass"))
