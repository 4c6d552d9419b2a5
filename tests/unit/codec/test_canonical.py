from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.codec import canonical
from dsadesk.codec.canonical import CanonicalError

KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value: object) -> None:
    assert canonical.encode(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(VALUES)
def test_what_is_encoded_is_decoded_and_is_canonical(value: object) -> None:
    assert canonical.decode(canonical.encode(value), max_bytes=10_000) == value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "duplicate-key"),
        (b"1.5", "fraction"),
        (b"NaN", "fraction"),
        (b"null", "null"),
        (b"9007199254740992", "integer-too-large"),
        (b"1" * 5000, "integer-too-large"),
        ('{"\u00e9":1}'.encode(), "key-not-ascii"),
        (b'{"\\u001b[2J":1}', "key-not-ascii"),
        (b"[" * 40 + b"]" * 40, "too-deep"),
        (b"[" * 9000, "too-deep"),
        (b"\xff", "not-json"),
        (b"{", "not-json"),
        (b'{"b":1,"a":2}', "not-canonical"),
        (b'{"a": 1}', "not-canonical"),
        (b'"\\u0041"', "not-canonical"),
        (b'"\\ud800"', "not-unicode"),
    ],
)
def test_what_breaks_the_profile_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        canonical.decode(data, max_bytes=10_000)
    assert caught.value.code == code


def test_too_many_bytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(CanonicalError, match="too-large"):
        canonical.decode(b"[]" * 10, max_bytes=10)


def test_a_small_text_of_very_many_values_is_refused_before_it_fills_the_memory() -> None:
    data = b"[" + b"[]," * (canonical.MAX_VALUES // 2) + b"[]]"
    with pytest.raises(CanonicalError, match="too-large"):
        canonical.decode(data, max_bytes=len(data))


@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_canonical_error(data: bytes) -> None:
    try:
        canonical.decode(data, max_bytes=100)
    except CanonicalError:
        return


@given(
    VALUES,
    st.integers(0, 200),
    st.binary(max_size=4) | st.sampled_from([b" ", b",", b'"', b'"a":1,', b"\\u0041", b"1.0", b"1e3", b"-0"]),
)
def test_the_quick_way_takes_what_the_plain_way_takes_and_nothing_else(value: object, place: int, put: bytes) -> None:
    data = canonical.encode(value)
    data = data[:place] + put + data[place:]
    try:
        plain = canonical.decode_loose(data)
        taken = canonical.encode(plain) == data
    except CanonicalError:
        taken = False
    quick = canonical._decode_canonical(data)
    assert (quick is not canonical._REFUSED) == taken
    assert not taken or quick == plain
