from __future__ import annotations

import io

import pytest

import dsadesk.age
from dsadesk.age import (
    AgeError,
    HeaderError,
    HmacError,
    HybridIdentity,
    NoMatchError,
    PayloadError,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    armor,
    decrypt,
    decrypt_stream,
    encrypt,
    encrypt_stream,
    parse_header,
    unwrap,
    wrap,
)
from tests.unit.age.seeded import SeededEntropy, plaintext

CLASSIC = X25519Identity.generate(SeededEntropy(1))
HYBRID = HybridIdentity.generate(SeededEntropy(2))


@pytest.mark.parametrize("identity", [CLASSIC, HYBRID])
@pytest.mark.parametrize("size", [0, 1, 65536, 200_000])
def test_a_whole_file_comes_back(identity: X25519Identity | HybridIdentity, size: int) -> None:
    data = encrypt(plaintext(size), [identity.recipient], SeededEntropy())

    assert decrypt(data, [identity]) == plaintext(size)
    assert decrypt(data, [identity], limit=size) == plaintext(size)


def test_a_passphrase_file_comes_back() -> None:
    data = encrypt(b"kit", [ScryptRecipient("twenty-four words", 2)], SeededEntropy())

    assert decrypt(data, [ScryptIdentity("twenty-four words")]) == b"kit"


def test_a_stream_is_encrypted_and_decrypted_with_its_sizes_told() -> None:
    sealed, back = io.BytesIO(), io.BytesIO()

    made = encrypt_stream(io.BytesIO(plaintext(100_000)), sealed, [CLASSIC.recipient], SeededEntropy())
    sealed.seek(0)
    read = decrypt_stream(sealed, back, [CLASSIC])

    assert made == read
    assert made.plain_size == 100_000
    assert back.getvalue() == plaintext(100_000)


def test_the_same_entropy_gives_the_same_file_and_other_entropy_another_key() -> None:
    files = [encrypt(b"x", [CLASSIC.recipient], SeededEntropy(seed)) for seed in (1, 1, 2)]

    assert files[0] == files[1]
    assert unwrap(parse_header(files[0])[0], [CLASSIC]) != unwrap(parse_header(files[2])[0], [CLASSIC])


def test_a_new_header_over_the_same_payload_opens_for_the_new_recipient_only() -> None:
    data = encrypt(plaintext(70_000), [CLASSIC.recipient], SeededEntropy())
    header, size = parse_header(data)

    again = wrap(unwrap(header, [CLASSIC]), [HYBRID.recipient], SeededEntropy()) + data[size:]

    assert decrypt(again, [HYBRID]) == plaintext(70_000)
    with pytest.raises(NoMatchError):
        decrypt(again, [CLASSIC])


def test_each_damage_has_its_class() -> None:
    data = encrypt(b"plain", [CLASSIC.recipient], SeededEntropy())
    mac = data.index(b"--- ") + 4
    damages: list[tuple[bytes, type[AgeError]]] = [
        (b"", HeaderError),
        (b"plain text", HeaderError),
        (armor(data), HeaderError),
        (data[:100], HeaderError),
        (data[: mac + 44 + 15], HeaderError),
        (data[:mac] + (b"B" if data[mac : mac + 1] != b"B" else b"C") + data[mac + 1 :], HmacError),
        (data[: mac + 44 + 16], PayloadError),
        (data[:-1], PayloadError),
        (data + b"\n", PayloadError),
    ]
    for damaged, kind in damages:
        with pytest.raises(AgeError) as caught:
            decrypt(damaged, [CLASSIC])
        assert type(caught.value) is kind


def test_a_stranger_and_too_large_a_file_are_refused() -> None:
    data = encrypt(b"plain", [CLASSIC.recipient], SeededEntropy())

    with pytest.raises(NoMatchError):
        decrypt(data, [HYBRID])
    with pytest.raises(PayloadError, match="payload-too-large"):
        decrypt(data, [CLASSIC], limit=4)


def test_nothing_is_written_when_the_recipients_may_not_stand_together() -> None:
    sink = io.BytesIO()

    with pytest.raises(AgeError, match="recipients-mixed"):
        encrypt_stream(io.BytesIO(b"x"), sink, [CLASSIC.recipient, HYBRID.recipient], SeededEntropy())

    assert sink.getvalue() == b""


def test_an_error_shows_its_code_and_fields() -> None:
    assert str(AgeError("some-code")) == "some-code"
    assert str(HeaderError("some-code", limit=3)) == "some-code limit=3"


def test_everything_that_is_exported_exists() -> None:
    assert sorted(dsadesk.age.__all__) == list(dsadesk.age.__all__)
    assert all(hasattr(dsadesk.age, name) for name in dsadesk.age.__all__)
