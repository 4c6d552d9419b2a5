"""The four recipient types, and the strings that name them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from dsadesk.age import (
    AgeError,
    HeaderError,
    HybridIdentity,
    HybridRecipient,
    ScryptIdentity,
    ScryptRecipient,
    Stanza,
    X25519Identity,
    X25519Recipient,
    parse_identity,
    parse_recipient,
)
from dsadesk.age.canonical_base64 import encode_unpadded
from dsadesk.age.entropy import draw
from tests.unit.age.seeded import SeededEntropy

FILE_KEY = b"YELLOW SUBMARINE"
KeyPair = X25519Identity | HybridIdentity
TYPES: list[type[X25519Identity | HybridIdentity]] = [X25519Identity, HybridIdentity]
# The points that give an all-zero secret, in all their spellings (RFC 7748, section 7; cr.yp.to/ecdh.html).
LOW_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def text(data: bytes) -> str:
    return encode_unpadded(data).decode()


@pytest.mark.parametrize("kind", TYPES)
def test_what_a_recipient_wraps_its_identity_unwraps_and_no_other(kind: type[KeyPair]) -> None:
    entropy = SeededEntropy()
    ours, other = kind.generate(entropy), kind.generate(entropy)

    stanza = ours.recipient.wrap(FILE_KEY, entropy)

    assert ours.unwrap(stanza) == FILE_KEY
    assert other.unwrap(stanza) is None


@pytest.mark.parametrize("kind", TYPES)
def test_keys_come_back_from_their_strings(kind: type[KeyPair]) -> None:
    identity = kind.generate(SeededEntropy())

    assert parse_identity(identity.encode()).encode() == identity.encode()
    assert kind.parse(identity.encode()).recipient == identity.recipient
    assert parse_recipient(str(identity.recipient)) == identity.recipient
    assert hash(parse_recipient(str(identity.recipient))) == hash(identity.recipient)


def test_the_strings_have_the_prefixes_that_age_gives_them() -> None:
    classic, hybrid = X25519Identity(bytes(range(32))), HybridIdentity(bytes(range(32)))

    assert re.fullmatch(r"AGE-SECRET-KEY-1[A-Z0-9]{58}", classic.encode())
    assert re.fullmatch(r"age1[a-z0-9]{58}", str(classic.recipient))
    assert re.fullmatch(r"AGE-SECRET-KEY-PQ-1[A-Z0-9]{58}", hybrid.encode())
    assert re.fullmatch(r"age1pq1[a-z0-9]{1952}", str(hybrid.recipient))


@pytest.mark.parametrize("kind", TYPES)
def test_no_way_of_printing_an_identity_shows_its_secret(kind: type[KeyPair]) -> None:
    secret = bytes(range(32))
    identity = kind(secret)

    for shown in (repr(identity), str(identity), f"{identity}", f"{[identity]}"):
        assert identity.encode().split("1")[1].lower() not in shown.lower()
        assert secret.hex() not in shown
        assert repr(secret)[2:20] not in shown
    assert str(identity.recipient) in repr(identity)
    assert str(identity.recipient) in repr(identity.recipient)


def test_no_way_of_printing_a_passphrase_holder_shows_it() -> None:
    for shown in (repr(ScryptRecipient("hunter2", 1)), str(ScryptIdentity(b"hunter2"))):
        assert "hunter2" not in shown


@pytest.mark.parametrize("kind", TYPES)
def test_a_mistyped_secret_is_refused_without_repeating_it(kind: type[KeyPair]) -> None:
    good = kind.generate(SeededEntropy()).encode()
    for bad in (good[:-1], good[:-1] + ("Q" if good[-1] != "Q" else "P"), good.lower(), good.capitalize(), good + "!"):
        for parse in (kind.parse, parse_identity):
            with pytest.raises(AgeError) as caught:
                parse(bad)
            assert good[20:40].lower() not in str(caught.value).lower()


def test_a_key_of_another_type_is_refused() -> None:
    classic, hybrid = X25519Identity.generate(SeededEntropy()), HybridIdentity.generate(SeededEntropy())
    refused: list[Callable[[], object]] = [
        lambda: X25519Identity.parse(hybrid.encode()),
        lambda: HybridIdentity.parse(classic.encode()),
        lambda: X25519Recipient.parse(str(hybrid.recipient)),
        lambda: HybridRecipient.parse(str(classic.recipient)),
        lambda: X25519Recipient.parse(str(classic.recipient).upper()),
        lambda: parse_recipient(str(classic.recipient).upper()),
        lambda: parse_recipient("ssh-ed25519 AAAA"),
        lambda: parse_recipient("age1tag1qqqq"),
        lambda: parse_identity("AGE-PLUGIN-X-1QQQQ"),
        lambda: parse_identity(classic.encode().lower()),
    ]
    for act in refused:
        with pytest.raises(AgeError):
            act()


@pytest.mark.parametrize("make", [X25519Identity, HybridIdentity, X25519Recipient, HybridRecipient])
@pytest.mark.parametrize("size", [0, 31, 33, 1215, 1217])
def test_a_key_of_another_length_is_refused(make: Callable[[bytes], object], size: int) -> None:
    with pytest.raises(AgeError):
        make(bytes(size))


@pytest.mark.parametrize("point", LOW_ORDER)
def test_a_public_key_that_protects_nothing_is_refused(point: str) -> None:
    hybrid = HybridIdentity.generate(SeededEntropy()).recipient.public

    with pytest.raises(AgeError, match="recipient-malformed"):
        X25519Recipient(bytes.fromhex(point))
    with pytest.raises(AgeError, match="recipient-malformed"):
        HybridRecipient(hybrid[:-32] + bytes.fromhex(point))


def test_a_lattice_key_with_coefficients_out_of_range_is_refused() -> None:
    public = HybridIdentity.generate(SeededEntropy()).recipient.public

    with pytest.raises(AgeError, match="recipient-malformed"):
        HybridRecipient(b"\xff" * 1152 + public[1152:])


@pytest.mark.parametrize("point", LOW_ORDER)
def test_a_low_order_share_is_a_malformed_header_and_not_another_key(point: str) -> None:
    entropy = SeededEntropy()
    classic, hybrid = X25519Identity.generate(entropy), HybridIdentity.generate(entropy)
    lattice_part = hybrid.recipient.wrap(FILE_KEY, entropy).args[0][: 1088 // 3 * 4]

    with pytest.raises(HeaderError, match="stanza-low-order"):
        classic.unwrap(Stanza("X25519", (text(bytes.fromhex(point)),), bytes(32)))
    with pytest.raises(HeaderError, match="stanza-low-order"):
        # 1088 is not a multiple of three: the two bytes left over join the share.
        hybrid.unwrap(Stanza("mlkem768x25519", (lattice_part + text(bytes(2) + bytes.fromhex(point)),), bytes(32)))


@pytest.mark.parametrize("kind", TYPES)
def test_a_malformed_stanza_of_our_type_is_a_malformed_header(kind: type[KeyPair]) -> None:
    entropy = SeededEntropy()
    identity = kind.generate(entropy)
    good = identity.recipient.wrap(FILE_KEY, entropy)
    for bad, code in (
        (dataclasses.replace(good, args=()), "stanza-arguments"),
        (dataclasses.replace(good, args=(*good.args, "x")), "stanza-arguments"),
        (dataclasses.replace(good, args=(good.args[0][:-4],)), "stanza-argument-"),
        (dataclasses.replace(good, args=(good.args[0] + "AAAA",)), "stanza-argument-size"),
        (dataclasses.replace(good, args=("=" + good.args[0],)), "stanza-argument-encoding"),
        (dataclasses.replace(good, args=("è",)), "stanza-argument-encoding"),
        (dataclasses.replace(good, body=good.body[:-1]), "stanza-body-size"),
        (dataclasses.replace(good, body=good.body + b"x"), "stanza-body-size"),
    ):
        with pytest.raises(HeaderError, match=code):
            identity.unwrap(bad)


@pytest.mark.parametrize("kind", TYPES)
def test_a_stanza_of_another_type_is_for_somebody_else(kind: type[KeyPair]) -> None:
    assert kind.generate(SeededEntropy()).unwrap(Stanza("other", ("x",), b"")) is None
    assert ScryptIdentity("x").unwrap(Stanza("other", ("x",), b"")) is None


@pytest.mark.parametrize("kind", TYPES)
def test_a_damaged_body_or_share_opens_nothing(kind: type[KeyPair]) -> None:
    entropy = SeededEntropy()
    identity = kind.generate(entropy)
    good = identity.recipient.wrap(FILE_KEY, entropy)
    other = identity.recipient.wrap(FILE_KEY, entropy)

    assert identity.unwrap(dataclasses.replace(good, body=bytes([good.body[0] ^ 1]) + good.body[1:])) is None
    assert identity.unwrap(dataclasses.replace(good, args=other.args)) is None


def test_the_x25519_stanza_repeats_with_its_entropy() -> None:
    recipient = X25519Identity.generate(SeededEntropy()).recipient

    assert recipient.wrap(FILE_KEY, SeededEntropy(7)) == recipient.wrap(FILE_KEY, SeededEntropy(7))
    assert recipient.wrap(FILE_KEY, SeededEntropy(7)) != recipient.wrap(FILE_KEY, SeededEntropy(8))


def test_an_entropy_source_that_gives_too_little_is_a_bug() -> None:
    with pytest.raises(ValueError, match="entropy"):
        X25519Identity.generate(lambda size: bytes(size - 1))
    assert draw(SeededEntropy(), 5) == draw(SeededEntropy(), 5)


def test_a_passphrase_opens_what_it_closed_as_text_or_bytes() -> None:
    stanza = ScryptRecipient("pa$$wörd", log2_work_factor=2).wrap(FILE_KEY, SeededEntropy())

    assert stanza.args[1] == "2"
    assert ScryptIdentity("pa$$wörd".encode()).unwrap(stanza) == FILE_KEY
    assert ScryptIdentity("Pa$$wörd").unwrap(stanza) is None


@pytest.mark.parametrize("factor", ["", "0", "01", "+1", "-1", "0x2", "1.0", "٣", "100", "1e1"])
def test_a_work_factor_that_is_not_a_plain_number_is_refused(factor: str) -> None:
    stanza = Stanza("scrypt", (text(bytes(16)), factor), bytes(32))

    with pytest.raises(HeaderError, match="stanza-work-factor-malformed"):
        ScryptIdentity("x").unwrap(stanza)


def test_more_work_than_allowed_is_refused_before_any_is_done() -> None:
    stanza = Stanza("scrypt", (text(bytes(16)), "21"), bytes(32))

    with pytest.raises(HeaderError, match=r"too-high type=.scrypt. limit=20"):
        ScryptIdentity("x").unwrap(stanza)
    with pytest.raises(HeaderError, match="limit=4"):
        ScryptIdentity("x", max_log2_work_factor=4).unwrap(dataclasses.replace(stanza, args=(stanza.args[0], "5")))


@pytest.mark.parametrize("factor", [0, 21])
def test_a_passphrase_cannot_be_closed_with_work_that_we_would_not_open(factor: int) -> None:
    with pytest.raises(ValueError, match="work factor"):
        ScryptRecipient("x", factor)
