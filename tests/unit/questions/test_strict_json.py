from __future__ import annotations

import pytest

from dsadesk.errors import AnswersError, InputError
from dsadesk.questions.strict_json import Parsed, parse_json, shown


def read(data: bytes, *, max_bytes: int = 1000, max_depth: int = 4) -> Parsed:
    return parse_json(data, max_bytes=max_bytes, max_depth=max_depth, error=InputError)


def test_a_value_is_read_and_a_byte_order_mark_is_passed_over() -> None:
    assert read(b'\xef\xbb\xbf{"a": [1, true, "\xc5\xb5"]}').value == {"a": [1, True, "ŵ"]}


def test_two_halves_that_make_a_character_are_read() -> None:
    assert read(b'"\\ud83d\\ude00"').value == "\U0001f600"


def test_keys_that_stand_twice_are_reported() -> None:
    assert read(b'{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}').repeated == ("c", "a")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-not-json"),
        (b"{", "file-not-json"),
        (b"{} {}", "file-not-json"),
        (b"[NaN]", "file-not-json"),
        (b"[-Infinity]", "file-not-json"),
        (b"{'a': 1}", "file-not-json"),
        (b'"\xff"', "file-not-text"),
        ("{}".encode("utf-16"), "file-not-text"),
        (b'{"a": "\\ud800"}', "file-not-text"),
        (b'{"\\uDFFF": 1}', "file-not-text"),
        (b"[[[[[1]]]]]", "file-too-deep"),
        (b'{"a":[{"b":[{}]}]}', "file-too-deep"),
        (b" " * 1001, "file-too-large"),
    ],
)
def test_what_is_no_small_flat_json_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert refused.value.code == code


def test_brackets_inside_a_text_are_not_depth() -> None:
    assert read(rb'["[[[[[[ \" ]]]]] \\"]').value == [r'[[[[[[ " ]]]]] ' + "\\"]


def test_depth_is_bounded_before_the_parser_recurses() -> None:
    with pytest.raises(InputError) as refused:
        read(b"[" * 500_000, max_bytes=1_000_000)
    assert refused.value.code == "file-too-deep"


def test_a_text_without_its_closing_quote_is_refused_without_going_round_in_circles() -> None:
    with pytest.raises(InputError):
        read(b'["' + b"a\\" * 400_000, max_bytes=1_000_000)


def test_a_number_too_long_to_be_meant_does_not_come_back_as_whole() -> None:
    assert isinstance(read(b"[" + b"9" * 900 + b"]").value[0], float)


def test_the_error_class_is_the_callers() -> None:
    with pytest.raises(AnswersError):
        parse_json(b"{", max_bytes=10, max_depth=2, error=AnswersError)


def test_a_strangers_key_is_shown_without_tricks() -> None:
    assert shown("a\x1b[31m\u202e") == "a\ufffd[31m\ufffd"
    assert shown("\ud800") == "\ufffd"
    assert shown("x" * 200) == "x" * 80 + "…"
