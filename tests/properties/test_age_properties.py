"""What holds for every header, armour and payload, and not only for the examples."""

from __future__ import annotations

import io
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsadesk.age import (
    AgeError,
    ArmorError,
    Header,
    HeaderError,
    HybridIdentity,
    PayloadReader,
    Stanza,
    X25519Identity,
    armor,
    dearmor,
    decrypt,
    decrypt_payload,
    encrypt,
    encrypt_payload,
    parse_header,
    parse_identity,
    parse_recipient,
    payload_size,
    plain_size,
    serialise_header,
    unwrap,
    wrap,
)
from dsadesk.age.chunks import CHUNK_SIZE
from tests.unit.age.seeded import SeededEntropy, plaintext

KEY = b"YELLOW SUBMARINE"
CLASSIC = X25519Identity.generate(SeededEntropy(1))
HYBRID = HybridIdentity.generate(SeededEntropy(2))
FILES = [
    encrypt(plaintext(100), [CLASSIC.recipient], SeededEntropy(3)),
    encrypt(plaintext(CHUNK_SIZE + 100), [CLASSIC.recipient, CLASSIC.recipient], SeededEntropy(4)),
    encrypt(b"", [HYBRID.recipient], SeededEntropy(5)),
]
HEADERS = [data[: parse_header(data)[1]] for data in FILES]
PAYLOAD_PLAIN = plaintext(3 * CHUNK_SIZE + 500)

words = st.text(string.ascii_letters + string.digits + string.punctuation, min_size=1, max_size=20)
stanzas = st.builds(Stanza, words, st.lists(words, max_size=3).map(tuple), st.binary(max_size=200))
headers = st.builds(Header, st.lists(stanzas, min_size=1, max_size=5).map(tuple), st.binary(min_size=32, max_size=32))


@st.composite
def mutated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """One of the originals with some bytes replaced, put in, taken out or doubled."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 70)))
        kept = draw(st.sampled_from([b"", bytes(data[start:end]) * 2, b"\n", b"-> ", b"---", b"=", b"\r\n"]))
        data[start:end] = draw(st.one_of(st.just(kept), st.binary(max_size=8)))
    return bytes(data)


def check_header(data: bytes) -> None:
    """A header is refused with a typed error, or it has this spelling and no other."""
    try:
        header, size = parse_header(data)
    except HeaderError:
        return
    assert serialise_header(header) == data[:size]


def check_armor(text: bytes) -> None:
    try:
        data = dearmor(text)
    except ArmorError:
        return
    assert armor(data).strip() == text.strip(b" \t\r\n").replace(b"\r\n", b"\n")


def check_file(data: bytes) -> None:
    """No file but the ones we made opens, unless only what nobody relies on was touched."""
    try:
        plain = decrypt(data, [CLASSIC, HYBRID], limit=1 << 20)
    except AgeError:
        return
    assert data in FILES
    assert plain in {b"", plaintext(100), plaintext(CHUNK_SIZE + 100)}


@given(headers)
def test_a_header_written_and_read_is_the_same(header: Header) -> None:
    data = serialise_header(header)

    assert parse_header(data) == (header, len(data))


@given(st.one_of(st.binary(max_size=300), mutated(HEADERS), mutated(FILES)))
@settings(max_examples=300, deadline=None)
@example(b"age-encryption.org/v1\n-> a\n\n--- " + b"A" * 43 + b"\n")
def test_a_header_has_one_spelling_or_is_refused(data: bytes) -> None:
    check_header(data)


@given(st.binary(max_size=400), st.sampled_from([b"\n", b"\r\n"]), st.text(" \t\r\n", max_size=5))
def test_armour_comes_off_with_any_line_end_and_space(data: bytes, line_end: bytes, around: str) -> None:
    text = around.encode() + armor(data).replace(b"\n", line_end) + around.encode()

    assert dearmor(text) == data


@given(st.one_of(st.binary(max_size=300), mutated([armor(data) for data in FILES])))
@settings(max_examples=300, deadline=None)
def test_armour_has_one_spelling_or_is_refused(text: bytes) -> None:
    check_armor(text)


@given(st.one_of(st.binary(max_size=300), mutated(FILES)))
@settings(max_examples=200, deadline=None)
def test_an_altered_file_is_refused_with_a_typed_error(data: bytes) -> None:
    check_file(data)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_a_key_string_is_read_or_refused_with_a_typed_error(text: str) -> None:
    for parse in (parse_recipient, parse_identity):
        for prefix in ("", "age1", "age1pq1", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"):
            with pytest.raises(AgeError):
                parse(prefix + text)


@given(st.integers(0, 1 << 50))
def test_sizes_go_both_ways(size: int) -> None:
    assert plain_size(payload_size(size)) == size


@given(st.integers(0, 5000))
@settings(max_examples=100, deadline=None)
def test_a_padded_header_fits_exactly_or_is_refused(size: int) -> None:
    least, smallest_padding = 168, 18
    if size != least and size < least + smallest_padding:
        with pytest.raises(AgeError, match="padding-too-small"):
            wrap(KEY, [CLASSIC.recipient], SeededEntropy(), pad_to=size)
        return
    header = wrap(KEY, [CLASSIC.recipient], SeededEntropy(), pad_to=size)
    assert len(header) == size
    assert unwrap(parse_header(header)[0], [CLASSIC]) == KEY


def sealed(plain: bytes) -> bytes:
    sink = io.BytesIO()
    encrypt_payload(KEY, bytes(16), io.BytesIO(plain), sink)
    return sink.getvalue()


@given(st.lists(st.tuples(st.integers(0, len(PAYLOAD_PLAIN) + 10), st.integers(0, 2 * CHUNK_SIZE)), max_size=8))
@settings(max_examples=50, deadline=None)
def test_random_access_agrees_with_one_pass(reads: list[tuple[int, int]]) -> None:
    payload = sealed(PAYLOAD_PLAIN)
    random = io.BufferedReader(PayloadReader(KEY, io.BytesIO(payload), 0, len(payload)))
    for position, count in reads:
        random.seek(position)
        assert random.read(count) == PAYLOAD_PLAIN[position : position + count]


@given(st.integers(0, payload_size(len(PAYLOAD_PLAIN)) - 1), st.integers(1, 255))
@settings(max_examples=50, deadline=None)
def test_a_changed_byte_anywhere_releases_only_authentic_plaintext(place: int, change: int) -> None:
    damaged = bytearray(sealed(PAYLOAD_PLAIN))
    damaged[place] ^= change
    sink = io.BytesIO()

    with pytest.raises(AgeError):
        decrypt_payload(KEY, io.BytesIO(damaged), sink)

    assert PAYLOAD_PLAIN.startswith(sink.getvalue())


@pytest.mark.soak
@given(st.one_of(st.binary(max_size=2000), mutated(HEADERS), mutated(FILES)))
@settings(max_examples=10_000, deadline=None)
def test_soak_a_header_has_one_spelling_or_is_refused(data: bytes) -> None:
    check_header(data)


@pytest.mark.soak
@given(st.one_of(st.binary(max_size=2000), mutated([armor(data) for data in FILES])))
@settings(max_examples=10_000, deadline=None)
def test_soak_armour_has_one_spelling_or_is_refused(text: bytes) -> None:
    check_armor(text)


@pytest.mark.soak
@given(st.one_of(st.binary(max_size=2000), mutated(FILES)))
@settings(max_examples=10_000, deadline=None)
def test_soak_an_altered_file_is_refused_with_a_typed_error(data: bytes) -> None:
    check_file(data)
