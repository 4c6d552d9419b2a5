from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dsadesk.catalogue.share_record import ShareContact, data_share_record
from dsadesk.domain.events import Dataset
from dsadesk.errors import CatalogueError

SCHEMAS = Path(__file__).parents[4] / "shared" / "data" / "uk-metadata-model" / "data-share-schema"

DATASET = Dataset(
    identifier="water-board:levels", title="River levels", publisher="water-board", access_rights="INTERNAL",
    security_classification="OFFICIAL", modified="2026-03-02", contact_name="River team", contact_email="rivers@water.example",
)  # fmt: skip


def record(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "reference": "DSA-2026-0001",
        "title": "Flood warnings for carers",
        "description": "To warn carers before a flood.",
        "dataset": DATASET,
        "requester": "County council",
        "contacts": [ShareContact(name="Bea Ask", email="bea@council.example")],
        "created": date(2026, 3, 2),
    }
    return data_share_record(**given | changes)


def schema_problems(schema: dict[str, Any], value: Any, path: str = "") -> list[str]:
    """As much of JSON Schema as the marketplace's own schemas use."""
    if "allOf" in schema:
        parts = [_load(part["$ref"].rsplit("/", 1)[-1]) for part in schema["allOf"]]
        properties = {name: rule for part in parts for name, rule in part["properties"].items()} | schema["properties"]
        required = [name for part in parts for name in part["required"]] + schema.get("required", [])
        unknown = [f"{path}/{name} unknown" for name in value if name not in properties]
        return unknown + schema_problems(
            {"type": "object", "properties": properties, "required": required}, value, path
        )
    if "$ref" in schema:
        return [] if re.match(r"20\d{2}-[0-1]\d-[0-3]\d$", value) else [f"{path} date"]
    kind = {"string": str, "array": list, "object": dict}[schema["type"]]
    if not isinstance(value, kind):
        return [f"{path} type"]
    problems = [f"{path}/{name} missing" for name in schema.get("required", []) if name not in value]
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{path} enum")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        problems.append(f"{path} pattern")
    if len(value) > schema.get("maxLength", len(value)):
        problems.append(f"{path} too long")
    for name, rule in schema.get("properties", {}).items():
        if isinstance(value, dict) and name in value:
            problems += schema_problems(rule, value[name], f"{path}/{name}")
    for item in value if isinstance(value, list) else ():
        problems += schema_problems(schema["items"], item, f"{path}[]")
    return problems


def _load(name: str) -> dict[str, Any]:
    if not (SCHEMAS / name).exists():
        pytest.skip("the marketplace's schemas are not beside this checkout")
    schema: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return schema


def test_a_share_record_keeps_to_the_marketplaces_schema():
    assert schema_problems(_load("data_share_schema.json"), record()) == []


def test_a_share_record_of_very_long_texts_keeps_to_the_schema():
    long = "word " * 2000
    made = record(
        title=long, description=long, requester=long, contacts=[ShareContact(name=long, email="a@x.example", role="approver")],
        dataset=Dataset(identifier="i" * 50, title="t", publisher=long),
    )  # fmt: skip
    assert schema_problems(_load("data_share_schema.json"), made) == []
    assert made["title"].endswith("word…")


def test_the_test_itself_notices_a_record_that_breaks_the_schema():
    schema = _load("data_share_schema.json")
    broken = {
        **record(),
        "title": "x" * 201,
        "colour": "red",
        "contactPoint": [{"name": "n", "email": "x", "role": "boss"}],
    }
    del broken["relatedResource"]
    assert sorted(schema_problems(schema, broken)) == [
        "/colour unknown", "/contactPoint[]/email pattern", "/contactPoint[]/role enum", "/relatedResource missing",
        "/title too long",
    ]  # fmt: skip


def test_what_the_record_says():
    made = record()
    assert made["type"] == ["Data Share"]
    assert (made["identifier"], made["relatedResource"]) == ("DSA-2026-0001", "water-board:levels")
    assert (made["creator"], made["publisher"], made["created"]) == ("County council", "water-board", "2026-03-02")
    assert made["contactPoint"] == [
        {"name": "Bea Ask", "email": "bea@council.example", "role": "contact"},
        {"name": "River team", "email": "rivers@water.example", "role": "owner"},
    ]


def test_what_the_schema_does_not_allow_is_left_out():
    made = record(dataset=Dataset(identifier="x", title="T", publisher="", access_rights="odd", modified="1999-01-01"))
    assert not {"publisher", "accessRights", "securityClassification", "modified"} & set(made)
    assert [contact["role"] for contact in made["contactPoint"]] == ["contact"]


def test_a_long_address_gives_the_one_uuid_in_it_as_the_related_resource():
    uuid = "2dfb82b4-741a-4b93-807e-11abb4bb0875"
    made = record(
        dataset=Dataset(identifier=f"https://www.data.gov.uk/dataset/{uuid}/postcodes", title="T", publisher="p")
    )
    assert made["relatedResource"] == uuid


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dataset": Dataset(identifier="x" * 51, title="T", publisher="p")}, "identifier-too-long"),
        ({"reference": "x" * 51}, "identifier-too-long"),
        ({"contacts": []}, "contact-missing"),
        ({"contacts": [ShareContact(name="A", email="a at b")]}, "email-invalid"),
        ({"contacts": [ShareContact(name="A", email="a@b.example", role="boss")]}, "role-unknown"),
    ],
)
def test_what_cannot_be_said_in_the_schema_is_refused(changes: dict[str, Any], code: str):
    with pytest.raises(CatalogueError) as caught:
        record(**changes)
    assert caught.value.code == code
