from __future__ import annotations

import json
from typing import Any

import pytest

from dsadesk.documents.agreement_type import TRAITS, AgreementType
from dsadesk.documents.clauses import SECTIONS, parse_clauses
from dsadesk.errors import InputError
from dsadesk.resources import path
from tests.unit.documents.states import standing_terms

SHIPPED = path("documents", "clauses-2026-11.json").read_bytes()


def test_every_shipped_clause_has_a_source_a_link_and_a_date():
    for clause in standing_terms().clauses:
        assert clause.source
        assert clause.url.startswith("https://")
        assert clause.dated.isoformat() == "2026-11-20"


def test_every_section_and_trait_is_used_by_a_shipped_clause():
    clauses = standing_terms().clauses
    assert {clause.section for clause in clauses} == SECTIONS
    assert {trait for clause in clauses for trait in (*clause.when, *clause.unless)} == TRAITS


def test_every_type_has_a_title_of_its_own():
    titles = {standing_terms().terms_of(kind).title for kind in AgreementType}
    assert len(titles) == len(AgreementType)


def test_the_notice_says_that_it_is_not_legal_advice():
    assert "not legal advice" in standing_terms().notice


def test_shipped_clauses_are_short_sentences_in_plain_words():
    for clause in standing_terms().clauses:
        for sentence in clause.text.split(". "):
            assert len(sentence.split()) <= 50, clause.id
        assert "shall" not in clause.text.split()
        assert "hereby" not in clause.text


@pytest.mark.parametrize(
    ("traits", "present", "absent"),
    [
        ({"personal", "moves"}, {"purpose-limit", "running-incident", "movement-only"}, {"data-not-personal", "dea-code"}),
        ({"moves"}, {"purpose-limit-plain", "data-not-personal"}, {"purpose-limit", "people-rights"}),
        ({"personal", "processor"}, {"processor-instructions", "parties-contract"}, {"parties-intention", "running-incident"}),
        ({"personal", "digital-economy"}, {"dea-code", "dea-onward"}, set()),
        ({"personal", "joint"}, {"legal-joint"}, {"legal-controllers"}),
        ({"in-place", "personal"}, {"movement-in-place"}, {"movement-only", "keeping-end"}),
        ({"personal", "outside-uk"}, {"legal-abroad"}, {"legal-abroad-none"}),
        ({"personal", "onward"}, {"outputs-onward"}, {"outputs-no-onward"}),
    ],
)  # fmt: skip
def test_clauses_follow_the_traits_of_the_sharing(traits, present, absent):
    chosen = {clause.id for section in SECTIONS for clause in standing_terms().chosen(section, frozenset(traits))}
    assert present <= chosen
    assert not absent & chosen


def _changed(change) -> bytes:
    value: dict[str, Any] = json.loads(SHIPPED)
    change(value)
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda v: v.update(format="dsadesk-clauses/2"), "clauses-format"),
        (lambda v: v.pop("notice"), "clauses-shape"),
        (lambda v: v.update(extra=1), "clauses-shape"),
        (lambda v: v["clauses"][0].pop("source"), "clauses-shape"),
        (lambda v: v["clauses"][0].update(dated="soon"), "clauses-shape"),
        (lambda v: v["clauses"][0].update(text=""), "clauses-shape"),
        (lambda v: v["types"].pop(), "clauses-type-missing"),
        (lambda v: v["types"].append(v["types"][0]), "clauses-type-missing"),
        (lambda v: v["clauses"].append(v["clauses"][0]), "clauses-id-twice"),
        (lambda v: v["clauses"][0].update(section="colophon"), "clauses-section-unknown"),
        (lambda v: v["clauses"][0].update(when=["raining"]), "clauses-trait-unknown"),
        (lambda v: v["clauses"][0].update(unless=["raining"]), "clauses-trait-unknown"),
    ],
)
def test_a_malformed_clauses_file_is_refused(change, code):
    with pytest.raises(InputError, match=code):
        parse_clauses(_changed(change))


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"\xff", b'{"format":' + b"[" * 50 + b"]" * 50 + b"}"])
def test_what_is_not_a_clauses_file_is_refused(data):
    with pytest.raises(InputError):
        parse_clauses(data)


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(InputError, match="clauses-key-twice"):
        parse_clauses(SHIPPED.replace(b'{\n  "format"', b'{\n  "id": "x",\n  "format"', 1))
