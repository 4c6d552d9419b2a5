from __future__ import annotations

import re
from pathlib import Path

from dsadesk import catalogue, inspection
from dsadesk.catalogue.model import Problem
from dsadesk.services.wording import record_problem_sentence, sample_warning_sentence


def source_of(package: object) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(Path(str(package.__file__)).parent.glob("*.py")))  # type: ignore[attr-defined]


def test_every_problem_that_a_catalogue_record_can_have_has_a_sentence() -> None:
    codes = set(re.findall(r'Problem\([^"]*?(?:f?"[^"]*", )?"([a-z-]+)"', source_of(catalogue)))
    assert len(codes) > 15
    assert [code for code in sorted(codes) if "no sentence" in record_problem_sentence(Problem("2", code))] == []


def test_a_problem_says_where_what_and_whether_the_record_was_kept() -> None:
    wrong = Problem("2/contactPoint/email", "email-invalid", {"value": "tom\u202e@"})
    mild = Problem("3/modified", "date-invalid", {"value": "soon"}, refuses=False)
    assert (
        record_problem_sentence(wrong)
        == "Record 2, contactPoint, email: “tom@” is not an email address. The record was left out."
    )
    assert record_problem_sentence(mild) == "Record 3, modified: “soon” is not a date. The record was kept."


def test_problems_that_are_not_listed_are_counted() -> None:
    assert (
        record_problem_sentence(Problem("", "more-problems", {"more": 1}, refuses=False))
        == "1 more thing was found and not listed."
    )
    assert (
        record_problem_sentence(Problem("", "more-problems", {"more": 12}, refuses=False))
        == "12 more things were found and not listed."
    )


def test_allowed_values_are_listed() -> None:
    problem = Problem("1/accessRights", "unknown-value", {"value": "MAYBE", "allowed": ("INTERNAL", "OPEN")})
    assert "“MAYBE” is none of the values that are allowed: INTERNAL, OPEN." in record_problem_sentence(problem)


def test_a_problem_of_a_later_version_is_still_told() -> None:
    assert record_problem_sentence(Problem("1", "of-next-year")).startswith("Record 1: Something is wrong here")


def test_every_warning_about_a_sample_has_a_sentence() -> None:
    codes = set(re.findall(r'warnings\.append\(f?"([a-z-]+)', source_of(inspection)))
    assert "header-repeated" in codes
    assert [code for code in sorted(codes) if "no sentence" in sample_warning_sentence(f"{code}:x")] == []


def test_a_warning_names_what_it_is_about() -> None:
    assert sample_warning_sentence("header-blank:4") == "Column 4 has no heading."
    assert (
        sample_warning_sentence("header-repeated:na\u202eme: full")
        == "The heading “name: full” stands over more than one column."
    )
    assert sample_warning_sentence("encoding-mixed").startswith("Some characters")
    assert sample_warning_sentence("of-next-year").endswith("(of-next-year).")
