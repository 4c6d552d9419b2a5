"""`docs/security.md` says who could do what, what stops them, and which test shows it. Each claim has a test, and each test is there."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/security.md").read_text("utf-8")
UNDETECTED = "### What a store's keeper can do that cannot be detected"
ADMITTED = ("**cannot be prevented**", "**not hidden**", "**not detected at once**")
"""How a row says that nothing stops somebody; only such a row may do without a test."""


def rows() -> list[tuple[str, str, str]]:
    """The rows of every table: what somebody could do, what stops them, and the tests."""
    found = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in TEXT.splitlines() if line.startswith("| ")]
    return [(row[0], row[1], row[2]) for row in found if row[0] != "They could"]


def named(cell: str) -> list[str]:
    """The tests that a cell names: a file, or a file and a function in it."""
    return [name for name in re.findall(r"`([^`]+)`", cell) if not name.startswith("-")]


@functools.cache
def functions(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(name: str) -> str:
    """What of a named test is not there."""
    path, _, function = name.partition("::")
    file = ROOT / "tests" / path
    if not path.endswith(".py") or not file.is_file():
        return path
    return "" if not function or function in functions(file) else function


def test_every_row_has_three_cells_and_there_are_many() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert len(lines) > 40
    assert all(len(re.split(r"(?<!\\) \| ", line.strip("| "))) == 3 for line in lines)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:60])
def test_a_claim_names_a_test_that_shows_it_or_admits_that_nothing_stops_it(row: tuple[str, str, str]) -> None:
    could, stops, tests = row
    names = named(tests)
    assert [name for name in names if missing(name)] == [], could
    if any("::" in name for name in names):
        return
    assert tests.strip() == "\u2013", f"{could}: name the test itself, and not its file alone"
    assert any(words in stops for words in ADMITTED), could


def test_every_test_that_is_named_outside_the_tables_is_there_too() -> None:
    names = re.findall(r"`([\w/]+\.py(?:::\w+)?)`", TEXT)
    assert len(names) > 60
    assert [name for name in names if missing(name)] == []


def test_a_test_that_is_not_there_would_be_found() -> None:
    assert missing("exchange/test_engine.py::test_that_nobody_wrote") == "test_that_nobody_wrote"
    assert missing("exchange/test_nowhere.py") == "exchange/test_nowhere.py"
    assert missing("exchange/") == "exchange/"
    assert missing("exchange/test_engine.py::test_what_lies_in_the_store_tells_no_names") == ""


def test_what_a_malicious_store_can_do_unseen_is_listed() -> None:
    section = TEXT.split(UNDETECTED)[1].split("\n## ")[0]
    listed = " ".join(re.findall(r"^- \*\*(.+?)\*\*", section, flags=re.MULTILINE)).lower()
    deeds = ("hide the newest deliveries", "show different laptops", "delay", "lie about the time", "say that it has")
    assert [deed for deed in (*deeds, "learn", "take space") if deed not in listed] == []


def test_what_is_not_protected_is_listed() -> None:
    section = TEXT.split("## What is not protected")[1].lower()
    for subject in ("unlocked laptop", "memory", "metadata", "availability", "legal effect", "24 words", "two people"):
        assert subject in section, subject
