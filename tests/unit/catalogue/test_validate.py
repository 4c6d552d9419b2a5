from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dsadesk.catalogue.model import Shape
from dsadesk.catalogue.read_yaml import read_yaml
from dsadesk.catalogue.validate import check_contact_point, check_dataset, has_address_form

EXAMPLES = Path(__file__).parents[4] / "shared" / "data" / "uk-metadata-model" / "examples"
CHECKS = {"Dataset": check_dataset, "ContactPoint": check_contact_point}

VALID: dict[str, Any] = {
    "identifier": "x:1",
    "type": "dcat:Dataset",
    "title": "T",
    "description": "D",
    "publisher": "p",
    "creator": ["c"],
    "contactPoint": {"contactName": "N", "email": "n@x.example"},
    "accessRights": "OPEN",
    "securityClassification": "OFFICIAL",
    "updateFrequency": "freq:daily",
    "modified": "2026-03-02",
    "licence": "DATA_SHARE_AGREEMENT",
    "version": "v1",
}


def found(record: dict[str, Any], shape: Shape = Shape.EXCHANGE) -> list[tuple[str, str, bool]]:
    return [(problem.path, problem.code, problem.refuses) for problem in check_dataset(record, "1", shape)]


def examples(verdict: str) -> list[tuple[str, Any]]:
    if not EXAMPLES.exists():
        pytest.skip("the model's examples are not beside this checkout")
    paths = sorted(EXAMPLES.glob(f"*/{verdict}/*.yaml"))
    assert paths
    return [
        (path, CHECKS[path.parent.parent.name](read_yaml(path.read_text(encoding="utf-8"))[0][1], "1"))
        for path in paths
    ]


def test_every_valid_example_of_the_model_is_accepted():
    assert [(path.name, problems) for path, problems in examples("valid") if problems] == []


def test_every_invalid_example_of_the_model_is_refused_for_its_own_reason():
    reasons = {path.name: [(p.path, p.code) for p in problems if p.refuses] for path, problems in examples("invalid")}
    assert reasons == {
        "invalid-type.yaml": [("1/type", "unknown-value")],
        "missing-frequency.yaml": [("1/updateFrequency", "missing")],
        "invalid-frequency.yaml": [("1/updateFrequency", "unknown-value")],
        "multiple-frequency.yaml": [("1/updateFrequency", "not-single")],
        "invalid-distribution.yaml": [("1/distribution/1", "not-a-reference")],
        "missing-contact-name.yaml": [("1/contactName", "missing")],
        "invalid-contact-email.yaml": [("1/email", "email-invalid")],
    }


def test_a_whole_record_has_no_problem():
    assert found(VALID) == []


@pytest.mark.parametrize("name", sorted(set(VALID) - {"licence", "version"}))
def test_each_required_property_is_missed(name: str):
    expected = [(f"1/{name}", "missing", True)]
    assert found({key: value for key, value in VALID.items() if key != name}) == expected
    assert found({**VALID, name: ""}) == expected
    assert found({**VALID, name: None}) == expected


@pytest.mark.parametrize("name", ["licence", "version"])
def test_a_missing_licence_or_version_is_told_and_does_not_refuse(name: str):
    assert found({**VALID, name: ""}) == [(f"1/{name}", "missing", False)]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("accessRights", "PUBLIC", ("1/accessRights", "unknown-value", True)),
        ("accessRights", "RESTRICTED", ("1/accessRights", "unknown-value", True)),
        ("securityClassification", "OFFICIAL-SENSITIVE", ("1/securityClassification", "unknown-value", True)),
        ("updateFrequency", "monthly", ("1/updateFrequency", "unknown-value", True)),
        ("type", ["dcat:Dataset"], ("1/type", "not-single", True)),
        ("type", "dcat:DataService", ("1/type", "not-a-dataset", True)),
        ("title", True, ("1/title", "not-text", True)),
        ("title", ["a", "b"], ("1/title", "not-single", True)),
        ("description", "x" * 20_001, ("1/description", "too-long", True)),
        ("creator", ["a", {"b": "c"}], ("1/creator/2", "not-text", True)),
        ("contactPoint", "Data Team", ("1/contactPoint", "contact-point-not-a-record", True)),
        ("contactPoint", {"contactName": "N", "email": "n@x"}, ("1/contactPoint/email", "email-invalid", True)),
        ("modified", "02/03/2026", ("1/modified", "date-invalid", False)),
        ("issued", "2026-13", ("1/issued", "date-invalid", False)),
        ("summary", "x" * 251, ("1/summary", "too-long", False)),
        ("distribution", ["not a reference"], ("1/distribution/1", "not-a-reference", True)),
        ("colour", "red", ("1/colour", "property-unknown", False)),
    ],
)
def test_a_value_that_breaks_its_rule_is_told(name: str, value: Any, expected: tuple[str, str, bool]):
    assert found({**VALID, name: value}) == [expected]


def test_the_template_describes_its_distributions_in_place():
    record = {**VALID, "distribution": [{"title": "x", "mediaType": "text/csv"}]}
    assert found(record, Shape.TEMPLATE) == []
    record["distribution"] = [{"mediaType": "CSV"}]
    assert found(record, Shape.TEMPLATE) == [("1/distribution/1/mediaType", "media-type-unknown", False)]
    record["distribution"] = ["x:y"]
    assert found(record, Shape.TEMPLATE) == [("1/distribution/1", "distribution-not-a-record", True)]


def test_the_marketplaces_shape_has_rules_of_its_own():
    record: dict[str, Any] = {
        "identifier": "M-1", "type": ["Data Set"], "title": "T", "description": "D", "publisher": "p",
        "contactPoint": [{"name": "N", "email": "n@x.example", "role": "owner"}], "accessRights": "RESTRICTED",
    }  # fmt: skip
    assert found(record, Shape.MARKETPLACE) == []
    assert found({**record, "type": ["Data Set", "Table"]}, Shape.MARKETPLACE) == [("1/type", "unknown-value", True)]
    assert found({**record, "license": "OGL"}, Shape.MARKETPLACE) == [("1/license", "licence-not-a-record", True)]
    assert found(
        {**record, "contactPoint": [{"name": "N", "email": "n@x.example", "role": "boss"}]}, Shape.MARKETPLACE
    ) == [("1/contactPoint/1/role", "unknown-value", True)]


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("data@food.gov.uk", True), ("a.b+c@x-y.example", True), ("a@b", False), ("a b@c.uk", False),
        ("a@b..uk", False), ("a@b.uk,c@d.uk", False), ("@b.uk", False), ("a@b.uk\n", False),
    ],
)  # fmt: skip
def test_the_form_of_an_address_is_checked(text: str, could_be: bool):
    assert has_address_form(text) is could_be
