"""An object's name binds its key, its nonce and its plain bytes, and so every byte of its payload."""

from __future__ import annotations

import hashlib
import hmac
import io

import pytest

from dsadesk import age
from dsadesk.bundle.objects import is_damaged, object_name, open_named
from dsadesk.domain.ids import ObjectId

KEY, NONCE = bytes(range(16)), bytes(range(16, 32))
PLAIN = b"site,ecoli\nA,12\n" * 9000


def payload(plain: bytes = PLAIN, key: bytes = KEY, nonce: bytes = NONCE) -> bytes:
    sink = io.BytesIO()
    age.encrypt_payload(key, nonce, io.BytesIO(plain), sink)
    return sink.getvalue()


def name(plain: bytes = PLAIN, key: bytes = KEY, nonce: bytes = NONCE) -> ObjectId:
    return object_name(key, nonce, len(plain), hashlib.sha256(plain).digest())


def is_of(data: bytes, named: ObjectId, key: bytes = KEY) -> bool:
    return open_named(io.BytesIO(data), named, key, limit=1 << 30) is not None


def test_a_name_is_made_as_its_document_says() -> None:
    """RFC 5869 by hand: extract with the nonce as salt, then expand to one block."""
    info = b"dsadesk/object/v1" + len(PLAIN).to_bytes(8, "big") + hashlib.sha256(PLAIN).digest()
    secret = hmac.digest(NONCE, KEY, "sha256")
    assert name() == hmac.digest(secret, info + b"\x01", "sha256").hex()


def test_a_payload_is_the_one_of_its_name() -> None:
    info = open_named(io.BytesIO(payload()), name(), KEY, limit=len(PLAIN))
    assert info is not None
    assert (info.plain_size, info.plain_sha256) == (len(PLAIN), hashlib.sha256(PLAIN).digest())


@pytest.mark.parametrize(
    "other", [name(PLAIN + b"x"), name(key=NONCE), name(nonce=KEY), ObjectId("0" * 64), ObjectId(name()[:-1] + "0")]
)
def test_another_name_is_not_its(other: ObjectId) -> None:
    assert other != name()
    assert not is_of(payload(), other)


@pytest.mark.parametrize("place", [0, 15, 16, 70_000, -1])
def test_a_payload_with_one_byte_changed_does_not_open(place: int) -> None:
    data = bytearray(payload())
    data[place] ^= 1
    with pytest.raises(age.AgeError):
        is_of(bytes(data), name())


def test_whoever_has_the_key_cannot_put_other_bytes_under_the_name() -> None:
    assert not is_of(payload(PLAIN[:-1] + b"x"), name())


def test_the_name_that_objects_used_to_have_still_counts() -> None:
    old = ObjectId(hashlib.sha256(payload()).hexdigest())
    assert is_of(payload(), old)
    assert not is_damaged(io.BytesIO(payload()), old, KEY)
    assert not is_damaged(io.BytesIO(payload()), old, None)


def test_damage_is_seen_with_the_key() -> None:
    broken = payload()[:-1] + b"\0"
    assert not is_damaged(io.BytesIO(payload()), name(), KEY)
    assert is_damaged(io.BytesIO(broken), name(), KEY)
    assert is_damaged(io.BytesIO(b""), name(), KEY)
    assert is_damaged(io.BytesIO(payload(PLAIN[1:])), name(), KEY)


def test_without_the_key_nobody_can_say_that_it_is_damaged() -> None:
    assert not is_damaged(io.BytesIO(payload()), name(), None)
