from __future__ import annotations

import io

import pytest

from dsadesk.age import Header, HeaderError, Stanza, parse_header, read_header, serialise_header
from dsadesk.age.header import MAX_HEADER_BYTES, MAX_LINE_BYTES, MAX_STANZAS

MAC = b"--- " + b"A" * 43 + b"\n"
START = b"age-encryption.org/v1\n"


def header(*stanzas: Stanza) -> Header:
    return Header(stanzas, bytes(32))


def refusal(data: bytes) -> str:
    with pytest.raises(HeaderError) as caught:
        parse_header(data)
    return caught.value.code


def test_a_header_is_read_up_to_its_end_and_no_further() -> None:
    data = START + b"-> a b c\nAAAA\n-> d\n\n" + MAC

    parsed, size = parse_header(data + b"payload")

    assert parsed == header(Stanza("a", ("b", "c"), bytes(3)), Stanza("d", (), b""))
    assert size == len(data)


def test_a_stream_is_left_at_the_payload() -> None:
    source = io.BytesIO(START + b"-> d\n\n" + MAC + b"payload")

    parsed, size = read_header(source)

    assert parsed == header(Stanza("d", (), b""))
    assert source.tell() == size
    assert source.read() == b"payload"


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 95, 96, 97])
def test_a_body_of_any_length_comes_back(size: int) -> None:
    written = serialise_header(header(Stanza("a", (), bytes(size))))

    assert parse_header(written) == (header(Stanza("a", (), bytes(size))), len(written))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "header-truncated"),
        (b"age-encryption.org/v1", "header-truncated"),
        (b"age-enc", "header-truncated"),
        (b"PK\x03\x04", "header-version-unknown"),
        (b"age-encryption.org/v2\n", "header-version-unknown"),
        (b"age-encryption.org/v1\r\n", "header-version-unknown"),
        (START, "header-truncated"),
        (START + MAC, "header-without-stanzas"),
        (START + b"-> a\n", "header-truncated"),
        (START + b"-> a\n\n--- ", "header-truncated"),
        (START + b"->\n\n" + MAC, "header-stanza-malformed"),
        (START + b"-> \n\n" + MAC, "header-stanza-malformed"),
        (START + b"-> a \n\n" + MAC, "header-stanza-malformed"),
        (START + b"-> a  b\n\n" + MAC, "header-stanza-malformed"),
        (START + b"->  a\n\n" + MAC, "header-stanza-malformed"),
        (START + b"->a\n\n" + MAC, "header-stanza-malformed"),
        (START + b"-> \xc3\xa8\n\n" + MAC, "header-stanza-malformed"),
        (START + b"-> a\tb\n\n" + MAC, "header-stanza-malformed"),
        (START + b"-> a\r\n\n" + MAC, "header-stanza-malformed"),
        (START + b"AAAA\n" + MAC, "header-stanza-malformed"),
        (START + b"-> a\n" + b"A" * 64 + b"\n" + MAC, "header-body-malformed"),
        (START + b"-> a\n" + b"A" * 65 + b"\n" + MAC, "header-body-malformed"),
        (START + b"-> a\n" + b"A" * 66 + b"\n" + MAC, "header-body-malformed"),
        (START + b"-> a\n" + b"A" * 68 + b"\n" + MAC, "header-body-malformed"),
        (START + b"-> a\n" + b"A" * 128 + b"\n" + MAC, "header-body-malformed"),
        (START + b"-> a\nAA==\n" + MAC, "header-body-malformed"),
        (START + b"-> a\nAB\n" + MAC, "header-body-malformed"),
        (START + b"-> a\n" + b"A" * 62 + b"==\n\n" + MAC, "header-body-malformed"),
        (START + b"-> a\nAAAA\r\n" + MAC, "header-body-malformed"),
        (START + b"-> a\n\n---\n", "header-mac-malformed"),
        (START + b"-> a\n\n---" + MAC[4:], "header-mac-malformed"),
        (START + b"-> a\n\n" + MAC[:-1] + b" \n", "header-mac-malformed"),
        (START + b"-> a\n\n--- " + b"A" * 42 + b"B\n", "header-mac-malformed"),
        (START + b"-> a\n\n--- " + b"A" * 43 + b"=\n", "header-mac-malformed"),
    ],
)
def test_a_departure_from_the_format_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_line_may_have_4096_bytes_and_not_one_more() -> None:
    longest = b"-> " + b"a" * (MAX_LINE_BYTES - 3)

    parsed, _ = parse_header(START + longest + b"\n\n" + MAC)

    assert serialise_header(parsed).count(longest) == 1
    assert refusal(START + longest + b"a\n\n" + MAC) == "header-line-too-long"
    assert refusal(START + longest + b"a" * 10_000) == "header-line-too-long"


def test_a_header_may_have_256_stanzas_and_not_one_more() -> None:
    stanza = b"-> a\n\n"

    parsed, _ = parse_header(START + stanza * MAX_STANZAS + MAC)

    assert len(parsed.stanzas) == MAX_STANZAS
    assert refusal(START + stanza * (MAX_STANZAS + 1) + MAC) == "header-too-many-stanzas"


def test_a_header_may_have_one_mebibyte_and_not_more() -> None:
    lines = (MAX_HEADER_BYTES - len(START) - len(b"-> a\n") - len(b"\n") - len(MAC)) // 65
    body = (b"A" * 64 + b"\n") * lines + b"\n"

    parsed, _ = parse_header(START + b"-> a\n" + body + MAC)

    assert len(parsed.stanzas[0].body) == lines * 48
    assert refusal(START + b"-> a\n" + (b"A" * 64 + b"\n") * 2 + body + MAC) == "header-too-large"


def test_a_stream_is_not_read_far_past_the_limit() -> None:
    source = io.BytesIO(START + b"-> a\n" + (b"A" * 64 + b"\n") * 100_000)

    with pytest.raises(HeaderError):
        read_header(source)

    assert source.tell() <= MAX_HEADER_BYTES + MAX_LINE_BYTES + 1


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (header(), "header-without-stanzas"),
        (header(*[Stanza("a", (), b"")] * (MAX_STANZAS + 1)), "header-too-many-stanzas"),
        (header(Stanza("", (), b"")), "header-stanza-malformed"),
        (header(Stanza("a", ("",), b"")), "header-stanza-malformed"),
        (header(Stanza("a", ("b c",), b"")), "header-stanza-malformed"),
        (header(Stanza("a b", (), b"")), "header-stanza-malformed"),
        (header(Stanza("a", ("b\n",), b"")), "header-stanza-malformed"),
        (header(Stanza("è", (), b"")), "header-stanza-malformed"),
        (header(Stanza("a" * MAX_LINE_BYTES, (), b"")), "header-line-too-long"),
        (header(Stanza("a", (), bytes(MAX_HEADER_BYTES))), "header-too-large"),
        (Header((Stanza("a", (), b""),), bytes(31)), "header-mac-malformed"),
    ],
)
def test_a_header_that_could_not_be_read_again_is_not_written(value: Header, code: str) -> None:
    with pytest.raises(HeaderError) as caught:
        serialise_header(value)

    assert caught.value.code == code
