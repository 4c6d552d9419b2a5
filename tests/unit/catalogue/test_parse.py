from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsadesk.catalogue import read, read_yaml
from dsadesk.catalogue.parse import MAX_PROBLEMS, MAX_RECORDS, Catalogue, parse_catalogue
from dsadesk.errors import CatalogueError
from dsadesk.settings import MAX_CATALOGUE_BYTES

DATA = Path(__file__).parents[2] / "data" / "catalogue"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "catalogue"

HEADING = (
    "title,description,publisher,creator,contactPoint_contactName,contactPoint_email,version,modified,updateFrequency,"
    "licence,accessRights,securityClassification,identifier"
)
ROW = "T,D,p,c,N,n@x.example,v1,2026-03-02,freq:daily,DATA_SHARE_AGREEMENT,OPEN,OFFICIAL,id-1"


def fixture(name: str) -> Catalogue:
    return parse_catalogue((DATA / name).read_bytes(), name)


def codes(catalogue: Catalogue) -> list[tuple[str, str, bool]]:
    return [(problem.path, problem.code, problem.refuses) for problem in catalogue.problems]


def refusal(data: bytes, name: str) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(data, name)
    return caught.value


# ---------------------------------------------------------------- the CSV template


def test_rows_with_one_identifier_are_one_dataset_with_several_distributions():
    catalogue = fixture("invented-datasets.csv")
    assert [record.identifier for record in catalogue.records] == ["water-board:levels", "meals-by-term"]
    levels = catalogue.sources[0]
    assert [item["title"] for item in levels["distribution"]] == ["Stations as CSV", "Stations as a map layer"]
    assert levels["keyword"] == ["rivers", "flood", "water level"]
    assert levels["relatedResource"] == ["https://water.example/a", "https://water.example/b"]
    assert catalogue.sources[1]["creator"] == ["schools-office", "county-council"]


def test_a_row_becomes_a_dataset_with_its_contact_and_its_line_breaks():
    levels = fixture("invented-datasets.csv").records[0]
    assert levels.title == "River levels at gauging stations"
    assert levels.description == "Levels measured at 1,400 gauging stations.\nStations in tidal water are flagged."
    assert (levels.contact_name, levels.contact_email) == ("River data team", "rivers@water.example")
    assert (levels.publisher, levels.modified, levels.update_frequency) == ("water-board", "2026-03-02", "freq:daily")
    assert (levels.access_rights, levels.security_classification) == ("OPEN", "OFFICIAL")


def test_a_gap_is_told_and_a_broken_rule_keeps_the_record_out_with_its_line():
    catalogue = fixture("invented-datasets.csv")
    assert codes(catalogue) == [
        ("2/version", "missing", False),
        ("3/contactPoint/email", "email-invalid", True),
        ("3/licence", "missing", False),
    ]
    assert catalogue.problems[1].fields == {
        "identifier": "dog-licences", "title": "Dog licences", "line": 8, "value": "licensing at council.example",
    }  # fmt: skip


def test_the_row_of_marks_may_be_absent():
    assert len(parse_catalogue(f"{HEADING}\n{ROW}\n".encode(), "c.csv").records) == 1


def test_rows_of_one_dataset_that_disagree_are_told_and_the_first_holds():
    rows = f"{HEADING}\n{ROW}\n{ROW.replace('T,D', 'Other,D')}\n{ROW.replace('T,D', 'Third,D')}\n"
    catalogue = parse_catalogue(rows.encode(), "c.csv")
    assert catalogue.records[0].title == "T"
    assert codes(catalogue) == [("1/title", "rows-disagree", False)]
    assert catalogue.problems[0].fields["line"] == 3


def test_a_row_without_an_identifier_is_told_and_left_out():
    catalogue = parse_catalogue(f"{HEADING}\n{ROW.removesuffix('id-1')}\n{ROW}\n".encode(), "c.csv")
    assert [record.identifier for record in catalogue.records] == ["id-1"]
    assert codes(catalogue) == [("1/identifier", "missing", True)]


def test_an_unknown_column_is_told():
    catalogue = parse_catalogue(f"{HEADING},license\n{ROW},x\n".encode(), "c.csv")
    assert codes(catalogue) == [("1/license", "property-unknown", False)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-8"])
def test_every_usual_encoding_is_read(encoding: str):
    data = f"{HEADING}\n{ROW.replace('T,D', 'Ynys Môn £5,D')}\n".encode(encoding)
    assert parse_catalogue(data, "c.csv").records[0].title == "Ynys Môn £5"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_separators_and_blank_rows_are_read(delimiter: str):
    data = f"{HEADING}\n\n{ROW}\n,,,,,,,,,,,,\n".replace(",", delimiter).encode()
    assert len(parse_catalogue(data, "c.csv").records) == 1


@pytest.mark.parametrize(
    ("text", "code", "fields"),
    [
        ("", "catalogue-empty", {}),
        (" \n\n", "catalogue-empty", {}),
        ("title,publisher\nx,y\n", "columns-missing", {"columns": ("identifier",), "line": 1}),
        (f"{HEADING},title\n{ROW},x\n", "column-repeated", {"columns": ("title",), "line": 1}),
        (f"{HEADING}\n{ROW}\na,b\n", "row-ragged", {"line": 3, "cells": 2, "expected": 13}),
        (f"{HEADING}\n{ROW},extra\n", "row-ragged", {"line": 2, "cells": 14, "expected": 13}),
        (f'{HEADING}\n{ROW}\n"never closed', "csv-broken", {"line": 3}),
        (f'{HEADING}\n{ROW}\n"a"b,c\n', "csv-broken", {"line": 3}),
        (f"{HEADING}\n{ROW}\n{'x' * 200_000}\n", "csv-broken", {"line": 3}),
        ("identifier,title" + ",x" * 300, "too-many-columns", {"columns": 302, "limit": 200}),
        ("identifier\0,title\n", "catalogue-binary", {}),
        ("%PDF-1.7\n", "catalogue-binary", {}),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_the_reason(text: str, code: str, fields: dict[str, object]):
    error = refusal(text.encode(), "c.csv")
    assert (error.code, error.fields) == (code, fields)


def test_bytes_of_no_known_encoding_are_refused():
    assert refusal(b"\xff\xfea\xd8", "c.csv").code == "encoding-unknown"
    assert refusal(b"caf\xe9 \x81", "c.csv").code == "encoding-unknown"


def test_a_catalogue_over_the_limit_is_refused_unread():
    error = refusal(bytes(MAX_CATALOGUE_BYTES + 1), "c.csv")
    assert (error.code, error.fields["limit"]) == ("catalogue-too-large", MAX_CATALOGUE_BYTES)


def test_too_many_rows_are_refused():
    with pytest.raises(CatalogueError, match="too-many-rows"):
        list(read.read_csv("a,b\n" * (read.MAX_ROWS + 1)))


def test_a_file_with_thousands_of_problems_tells_the_first_and_how_many_more():
    catalogue = parse_catalogue(("[" + ",".join(["{}"] * 200) + "]").encode(), "c.json")
    assert len(catalogue.problems) == MAX_PROBLEMS + 1
    assert (catalogue.problems[-1].code, catalogue.problems[-1].fields) == (
        "more-problems",
        {"more": 200 * 13 - MAX_PROBLEMS},
    )


# ---------------------------------------------------------------- YAML


def test_yaml_scalars_stay_the_text_that_was_written():
    source = fixture("invented-datasets.yaml").sources[0]
    assert (source["version"], source["modified"], source["keyword"]) == ("1.10", "2026-03-02", ["rivers", "no"])


def test_each_yaml_document_is_a_record_and_a_service_is_not_a_dataset():
    catalogue = fixture("invented-datasets.yaml")
    assert [record.identifier for record in catalogue.records] == ["water-board:levels"]
    assert ("2/type", "not-a-dataset", True) in codes(catalogue)
    assert {problem.fields["line"] for problem in catalogue.problems} == {22}


def test_a_record_that_comes_twice_is_refused_the_second_time():
    text = (DATA / "invented-datasets.yaml").read_text(encoding="utf-8").split("---")[1]
    catalogue = parse_catalogue(f"{text}---{text}".encode(), "twice.yaml")
    assert len(catalogue.records) == 1
    assert codes(catalogue) == [("2/identifier", "identifier-repeated", True)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: &x [1]\nb: [*x, *x]\n", "yaml-alias", 1),
        ("b: *x\n", "yaml-alias", 1),
        ("a: 1\nb: !!python/object/apply:os.system [id]\n", "yaml-tag", 2),
        ("a: !custom 1\n", "yaml-tag", 1),
        ("title: x\ntitle: y\n", "key-repeated", 2),
        ("? [a, b]\n: c\n", "key-not-text", 1),
        ("a: [1\n", "yaml-broken", 2),
        ("a: \x07\n", "yaml-broken", None),
        ("x: " + "[" * 40 + "]" * 40, "too-deep", 1),
    ],
)
def test_yaml_that_could_hurt_or_mislead_is_refused(text: str, code: str, line: int | None):
    error = refusal(text.encode(), "c.yaml")
    assert error.code == code
    assert line is None or error.fields["line"] == line


def test_a_hundred_thousand_brackets_are_refused_in_yaml_and_json():
    assert refusal(b"[" * 100_000, "c.yaml").code in ("too-deep", "yaml-broken")
    assert refusal(b"[" * 100_000, "c.json").code == "too-deep"


def test_yaml_and_json_over_their_own_limits_are_refused():
    assert refusal(b" " * read_yaml.MAX_YAML_BYTES + b"a: 1", "c.yaml").code == "catalogue-too-large"
    assert refusal(b" " * read.MAX_JSON_BYTES + b"{}", "c.json").code == "catalogue-too-large"


# ---------------------------------------------------------------- JSON


def test_the_marketplaces_shape_is_read_with_its_contact_and_licence():
    catalogue = fixture("marketplace-datasets.json")
    (record,) = catalogue.records
    assert (record.identifier, record.publisher, record.access_rights) == ("M-0042", "County council", "RESTRICTED")
    assert (record.contact_name, record.contact_email) == ("Homes team", "homes@council.example")
    assert (record.licence, record.update_frequency) == ("https://council.example/licence", "Quarterly")
    assert catalogue.sources[0]["distribution"][0]["byteSize"] == "12"
    assert ("2/type", "not-a-dataset", True) in codes(catalogue)


def test_a_marketplace_record_without_an_identifier_goes_by_the_suppliers():
    data = (
        (DATA / "marketplace-datasets.json")
        .read_bytes()
        .replace(b'"identifier": "M-0042"', b'"supplierIdentifier": "S-1"')
    )
    assert parse_catalogue(data, "c.json").records[0].identifier == "S-1"


def test_a_marketplace_contact_may_stand_alone():
    text = '{"identifier":"x","type":["Data Set"],"title":"t","description":"d","publisher":"p","contactPoint":%s}'
    catalogue = parse_catalogue((text % '{"name":"A","email":"a@x.example","role":"approver"}').encode(), "c.json")
    assert catalogue.records[0].contact_name == "A"
    assert codes(parse_catalogue((text % '["A"]').encode(), "c.json")) == [
        ("1/contactPoint/1", "contact-point-not-a-record", True)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": 1, "a": 2}', "key-repeated"),
        ('{"a": NaN}', "json-broken"),
        ('{"a": 1', "json-broken"),
        ('{"a": ' + "[" * 30 + "]" * 30 + "}", "too-deep"),
        ('["x"]', "not-a-record"),
        ('"x"', "not-a-record"),
        ('{"datasets": {"a": 1}}', None),
    ],
)
def test_json_that_is_no_catalogue_is_refused(text: str, code: str | None):
    if code is None:
        assert parse_catalogue(text.encode(), "c.json").records == ()
    else:
        assert refusal(text.encode(), "c.json").code == code


def test_too_many_records_are_refused():
    assert refusal(b"[" + b"0," * MAX_RECORDS + b"0]", "c.json").code == "too-many-records"


def test_a_file_without_a_known_ending_is_told_by_its_content():
    for name in ("invented-datasets.csv", "invented-datasets.yaml", "marketplace-datasets.json"):
        assert parse_catalogue((DATA / name).read_bytes(), "download").records == fixture(name).records


# ---------------------------------------------------------------- text that hides something


def test_invisible_and_direction_changing_characters_are_taken_out_and_told():
    row = ROW.replace("T,D", "Ri\u202ever\x07s,D\u200bD").replace("id-1", "id-\x9f1")
    catalogue = parse_catalogue(f"{HEADING}\n{row}\n".encode(), "c.csv")
    assert (catalogue.records[0].title, catalogue.records[0].identifier) == ("Rivers", "id-1")
    assert [path for path, code, _ in codes(catalogue) if code == "text-cleaned"] == ["1/title", "1/identifier"]


def test_half_a_character_from_json_does_not_reach_a_record():
    data = (DATA / "marketplace-datasets.json").read_bytes().replace(b"Empty homes", b"Empty\\ud800 homes")
    assert parse_catalogue(data, "c.json").records[0].title == "Empty homes by ward"


def test_text_beyond_any_honest_length_is_refused():
    catalogue = parse_catalogue(f"{HEADING}\n{ROW.replace('T,D', 'T' * 1001 + ',D')}\n".encode(), "c.csv")
    assert codes(catalogue) == [("1/title", "too-long", True)]


# ---------------------------------------------------------------- anything at all


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["c.csv", "c.json", "c.yaml", "c"]))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes, name: str):
    try:
        catalogue = parse_catalogue(data, name)
    except CatalogueError:
        return
    assert len(catalogue.records) == len(catalogue.sources)


_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.text(max_size=8), st.sampled_from(["OPEN", "dcat:Dataset", "Data Set"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
_PROPERTIES = st.sampled_from(
    ["identifier", "type", "title", "description", "publisher", "creator", "contactPoint", "license", "distribution",
     "keyword", "accessRights", "updateFrequency", "modified", "supplierIdentifier"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_PROPERTIES, _VALUES))
def test_a_record_of_any_values_is_kept_or_told_and_never_breaks_the_program(record: dict[str, object]):
    catalogue = parse_catalogue(json.dumps(record).encode(), "c.json")
    assert catalogue.records or any(problem.refuses for problem in catalogue.problems)


def test_a_real_catalogue_gives_all_of_its_datasets():
    path = SHARED / "environment-agency-datasets.csv"
    if not path.exists():
        pytest.skip("the shared catalogue file is not beside this checkout")
    catalogue = parse_catalogue(path.read_bytes(), path.name)
    assert [record.title for record in catalogue.records] == [
        "Bathing Water Monitoring Locations",
        "MoJ Data First magistrates' court defendant case level dataset",
        "MoJ Data First Crown Court defendant case level dataset",
    ]
    assert [len(source["distribution"]) for source in catalogue.sources] == [3, 1, 1]
    assert len(catalogue.sources[0]["keyword"]) == 14
    assert codes(catalogue) == [
        ("1/version", "missing", False),
        ("2/licence", "missing", False),
        ("3/licence", "missing", False),
    ]
