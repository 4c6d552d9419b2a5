from __future__ import annotations

import pytest

from dsadesk.codec.base64_text import decode_base64, encode_base64


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_bytes_come_back(data: bytes) -> None:
    assert decode_base64(encode_base64(data)) == data


@pytest.mark.parametrize("text", ["YQ", "YQ=", "YR==", "YWJ=", "Y Q==", "YQ==\n", "YQ==YQ==", "-_-_", "é", "="])
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode_base64(text)
