from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dsadesk.bundle.identity import _SMALL_ORDER, VerifyingKeys
from dsadesk.bundle.signature import parse_envelope, pre_authentication, require_pair, seal_envelope, sign_envelope
from dsadesk.codec.base64_text import encode_base64
from dsadesk.domain.events import Signature
from dsadesk.errors import InputError, SignatureError
from tests.support.parties import DWP, MALLORY

TYPE = "application/vnd.dsadesk.test+json"
KEYS = DWP.device.signing


def parsed(data: bytes, kind: str = TYPE) -> tuple[Signature, ...]:
    return parse_envelope(data, payload_type=kind, max_bytes=100_000).signatures


def test_the_bytes_that_are_signed_are_those_of_the_protocol() -> None:
    assert pre_authentication("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_an_envelope_has_one_spelling() -> None:
    data = sign_envelope(TYPE, b"{}", KEYS)
    assert seal_envelope(TYPE, b"{}", parsed(data)) == data
    require_pair(parse_envelope(data, payload_type=TYPE, max_bytes=100_000), KEYS.public)


def respelt(text: str) -> str:
    """The same bytes in another spelling that most readers take."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    kept = text.rstrip("=")
    return kept[:-1] + alphabet[alphabet.index(kept[-1]) ^ 1] + text[len(kept) :]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda ed, ml, other: (ed, ml, other), "envelope-signatures"),
        (lambda ed, ml, other: (other, ed, ml), "envelope-signatures"),
        (lambda ed, ml, other: (ml, ed), "envelope-signatures"),
        (lambda ed, ml, other: (ed, ed, ml), "signature-twice"),
        (lambda ed, ml, other: (ed,), "signature-missing"),
        (lambda ed, ml, other: (Signature(keyid=ed.keyid, sig=respelt(ed.sig)), ml), "signature-bad"),
        (lambda ed, ml, other: (ed, Signature(keyid=ml.keyid, sig="")), "signature-bad"),
    ],
)
def test_nobody_can_make_a_second_envelope_of_what_another_signed(make: object, code: str) -> None:
    """Two envelopes of one event would look like a rewritten event, and keep the true one out."""
    ed, ml = parsed(sign_envelope(TYPE, b"{}", KEYS))
    other = parsed(sign_envelope(TYPE, b"{}", MALLORY.device.signing))[0]
    signatures = make(ed, ml, other)  # type: ignore[operator]
    envelope = parse_envelope(seal_envelope(TYPE, b"{}", signatures), payload_type=TYPE, max_bytes=100_000)
    with pytest.raises(SignatureError) as caught:
        require_pair(envelope, KEYS.public)
    assert caught.value.code == code


# ---------------------------------------------------------------- keys that protect nothing

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def double(point: tuple[int, int]) -> tuple[int, int]:
    """Twice a point of the curve of RFC 8032, section 5.1."""
    x, y = point
    t = D * x * x * y * y % P
    return 2 * x * y * pow(1 + t, -1, P) % P, (y * y + x * x) * pow(1 - t, -1, P) % P


def points(encoded: bytes) -> list[tuple[int, int]]:
    """Both points of a y; none when there is none."""
    y = int.from_bytes(encoded, "little") % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    if (root * root - square) % P:
        root = root * pow(2, (P - 1) // 4, P) % P
    return [] if (root * root - square) % P else [(root, y), (-root % P, y)]


def test_the_refused_keys_are_the_points_that_eight_times_themselves_are_nothing() -> None:
    for encoded in _SMALL_ORDER:
        assert points(encoded)
        for point in points(encoded):
            assert double(double(double(point))) == (0, 1)
    values = {int.from_bytes(encoded, "little") % P for encoded in _SMALL_ORDER}
    assert len(values) == 5, "y is 0, 1, -1 or one of the two of order eight: all there are"


@pytest.mark.parametrize("sign_bit", [0, 0x80])
def test_a_key_under_which_one_signature_passes_for_everything_is_refused(sign_bit: int) -> None:
    for encoded in _SMALL_ORDER:
        raw = encoded[:-1] + bytes([encoded[-1] | sign_bit])
        with pytest.raises(InputError, match="key-encoding"):
            VerifyingKeys(ed25519=encode_base64(raw), mldsa65=KEYS.public.mldsa65).raw()


def test_such_a_key_would_indeed_pass_for_everything() -> None:
    """Why the rule above is there."""
    key = Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31))
    for n in range(5):
        key.verify(b"\x01" + bytes(63), hashlib.sha256(bytes([n])).digest())


@pytest.mark.parametrize(
    "keys",
    [
        ("AAAA", KEYS.public.mldsa65),
        (KEYS.public.ed25519, "AAAA"),
        ("!", "!"),
        (respelt(KEYS.public.ed25519), KEYS.public.mldsa65),
    ],
)
def test_keys_of_another_length_or_spelling_are_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="key-encoding"):
        VerifyingKeys(ed25519=keys[0], mldsa65=keys[1]).raw()
