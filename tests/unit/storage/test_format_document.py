"""docs/formats/vault.md shows what the program does: tables, pragmas and names are compared with the code."""

from __future__ import annotations

import json
import re

import pytest

from dsadesk.storage.anchor import Anchor
from dsadesk.storage.header import parse_header
from tests.unit.storage.schema_dump import DOCUMENT, parts, shown

PARTS = ("cases", "catalogue", "pragmas cases", "pragmas catalogue")


@pytest.fixture(scope="module")
def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    return parts()


@pytest.mark.parametrize("marker", PARTS)
def test_the_document_shows_the_tables_and_pragmas_as_they_are(
    document: str, expected: dict[str, str], marker: str
) -> None:
    assert set(expected) == set(PARTS)
    assert shown(document, marker) == expected[marker]


def test_the_examples_in_the_document_are_read_by_the_program(document: str) -> None:
    header, anchor, _ = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", document, re.DOTALL))
    assert parse_header(json.dumps(header).encode()).header.id == header["id"]
    assert set(anchor) == set(Anchor.__struct_fields__)
