from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.bundle.names import MAX_NAME, is_file_name, is_one_line, is_shown_name
from dsadesk.services.attaching import clean_name


@pytest.mark.parametrize(
    "name",
    ["sample.csv", "Ŵyr a'r dŵr 2026.csv", "数据.csv", "a.tar.gz", ".hidden"[1:], "con-artist.csv", "x" * MAX_NAME],
)
def test_ordinary_file_names_pass(name: str) -> None:
    assert is_file_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "a/b", "a\\b", "C:x", "a?b", "a*b", 'a"b', "a<b", "a|b", " x", "x ", "x.", ".x",
        "con", "CON", "nul.csv", "Com1.txt", "LPT9", "aux.tar.gz", "x\0y", "x\ny", "x\x1by", "x\x7fy", "x\u202ey",
        "x\u2067y", "x\u200by", "x\ufeffy", "x\u2028y", "x\udc80y", "x" * (MAX_NAME + 1),
    ],
)  # fmt: skip
def test_what_no_file_should_be_called_is_refused(name: str) -> None:
    assert not is_file_name(name)


@given(st.text(max_size=200))
def test_whatever_a_person_attaches_gets_a_name_that_others_take(name: str) -> None:
    """Else a sample could be attached and never sealed."""
    assert is_file_name(clean_name(name))


@pytest.mark.parametrize(
    "name", ["Priya Shah", "Siân Wyn-Jones", "محمد", "Ada\u200dLovelace", "Deputy director (data)"]
)
def test_peoples_names_pass(name: str) -> None:
    assert is_shown_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "  ", "a\nb", "a\tb", "a\x1b[2Jb", "\u202eyelserp", "a\u2066b", "a\u2029b", "a\ud800", "a" * (MAX_NAME + 1)],
)
def test_names_that_would_show_as_something_else_are_refused(name: str) -> None:
    assert not is_shown_name(name)


def test_a_line_may_be_empty_and_long() -> None:
    assert is_one_line("")
    assert is_one_line("x" * 5000)
    assert not is_one_line("x\ry")
