from __future__ import annotations

import pytest

from dsadesk.age.canonical_base64 import decode_padded, decode_unpadded, encode_padded, encode_unpadded


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", b"\xff\xfe\xfd\xfc", bytes(48)])
def test_bytes_come_back(data: bytes) -> None:
    assert decode_padded(encode_padded(data)) == data
    assert decode_unpadded(encode_unpadded(data)) == data


@pytest.mark.parametrize(
    "text", [b"YQ", b"YR==", b"YQ==\n", b" YQ==", b"Y Q==", b"Y=Q=", b"YQ===", b"YQ==YQ==", b"-_==", b"Y"]
)
def test_a_second_spelling_with_padding_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any of them will do
        decode_padded(text)


@pytest.mark.parametrize("text", [b"YQ==", b"YR", b"YQ\n", b"Y", b"YQ=", b"=", b"YWJj=", b"-_"])
def test_a_second_spelling_without_padding_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any of them will do
        decode_unpadded(text)
