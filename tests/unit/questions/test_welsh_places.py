"""Every text that people read in a question set, a legal pack or a supplier's pack has a place for Welsh beside the English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from dsadesk.questions.model import LegalPack, QuestionSet, Text
from dsadesk.questions.pack import parse_question_pack
from dsadesk.questions.parse import parse_pack, parse_set
from dsadesk.resources import ShippedLibrary, path
from tests.support.desks import ROOT

WELSH = "Cymraeg: "
NOT_PROSE = frozenset({"law", "url", "source", "format", "id", "version", "value", "name", "org"})
"""Plain strings that stand as they are in either language: names, versions, and where a law or a source is found."""


def with_welsh(value: Any) -> Any:
    """The same file with Welsh beside each English text."""
    if isinstance(value, dict):
        if set(value) == {"en"}:
            return value | {"cy": WELSH + value["en"]}
        return {name: with_welsh(item) for name, item in value.items()}
    return [with_welsh(item) for item in value] if isinstance(value, list) else value


def texts(found: Any) -> Iterator[Text]:
    """Every text that a parsed set or pack holds."""
    if isinstance(found, Text):
        yield found
    elif isinstance(found, msgspec.Struct):
        for name in found.__struct_fields__:
            yield from texts(getattr(found, name))
    elif isinstance(found, tuple):
        for each in found:
            yield from texts(each)


def legal(data: bytes) -> dict[str, LegalPack]:
    return {"legal": parse_pack(data)}


def translated(*parts: str) -> bytes:
    return json.dumps(with_welsh(json.loads(path(*parts).read_bytes()))).encode()


@pytest.fixture(scope="module")
def pack() -> bytes:
    return translated("legal", "uk-2026-11.json")


@pytest.mark.parametrize("name", ["core", "assessment", "after"])
def test_every_text_of_a_set_takes_welsh_and_none_is_bare_english(name: str, pack: bytes) -> None:
    made: QuestionSet = parse_set(translated("questions", name, "1.0.0.json"), legal(pack))
    found = list(texts(made))
    assert len(found) > 100
    assert [text.en for text in found if text.cy != WELSH + text.en] == []
    assert made.sections[0].questions[0].label.in_language("cy").startswith(WELSH)


def test_every_text_of_a_legal_pack_takes_welsh(pack: bytes) -> None:
    found = list(texts(parse_pack(pack)))
    assert len(found) > 100
    assert [text.en for text in found if text.cy != WELSH + text.en] == []


def test_every_text_of_a_suppliers_pack_takes_welsh() -> None:
    file = ROOT / "tests/data/questions/environment-agency.json"
    data = json.dumps(with_welsh(json.loads(file.read_bytes()))).encode()
    found = list(texts(parse_question_pack(data, ShippedLibrary().question_set())))
    assert found
    assert [text.en for text in found if text.cy != WELSH + text.en] == []


@pytest.mark.parametrize(
    "parts",
    [
        ("questions", "core", "1.0.0.json"),
        ("questions", "assessment", "1.0.0.json"),
        ("questions", "after", "1.0.0.json"),
        ("legal", "uk-2026-11.json"),
    ],
)
def test_no_sentence_stands_in_a_plain_string_where_welsh_could_not_go(parts: tuple[str, ...]) -> None:
    def prose(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for name, item in value.items():
                if name not in {"en", "cy", "sources"}:
                    yield from prose(item, name)
        elif isinstance(value, list):
            for item in value:
                yield from prose(item, key)
        elif isinstance(value, str) and " " in value and key not in NOT_PROSE:
            yield f"{key}: {value}"

    assert list(prose(json.loads(path(*parts).read_bytes()))) == []
