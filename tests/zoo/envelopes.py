"""Sealed manifests that do not open, or whose signatures are not what they must be."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from functools import partial

from dsadesk import age
from dsadesk.bundle.manifest import PAYLOAD_TYPE
from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.seal import Destination
from dsadesk.bundle.signature import seal_envelope
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import encode_base64
from dsadesk.domain.events import Signature
from tests.zoo.kit import Kit, Raw, add, case, signed_bytes

HEADER_END = b"\n--- "


# ---------------------------------------------------------------- opening


def opened_up(kit: Kit) -> tuple[bytes, bytes]:
    """The header and the payload of a sealed manifest."""
    sealed = kit.bundle().sealed
    _, length = age.parse_header(sealed)
    return sealed[:length], sealed[length:]


@case("decrypt", "damaged")
def manifest_is_no_age_file(kit: Kit) -> bytes:
    """the envelope lies in clear where the sealed manifest belongs"""
    return kit.file(kit.envelope(kit.raw()))


@case("decrypt", "damaged")
def manifest_as_text(kit: Kit) -> bytes:
    """the sealed manifest as armoured text: a second spelling"""
    return kit.file(age.armor(kit.bundle().sealed))


@case("decrypt", "not-for-us")
def sealed_for_somebody_else(kit: Kit) -> bytes:
    """the bundle was sealed for another organisation and handed to us"""
    return kit.file(bundle=kit.bundle(destinations=(Destination(card=kit.stranger.card, seq=1, prev=""),)))


@case("decrypt", "damaged")
def header_of_another_file(kit: Kit) -> bytes:
    """the header of one sealed manifest before the payload of another"""
    return kit.file(opened_up(kit)[0] + opened_up(kit)[1])


@case("decrypt", "damaged")
def recipient_taken_out(kit: Kit) -> bytes:
    """the sender's own stanza was cut out of the header"""
    header, payload = opened_up(kit)
    return kit.file(header[: header.rindex(b"\n-> ")] + header[header.rindex(HEADER_END) :] + payload)


@case("decrypt", "damaged")
def recipient_put_in(kit: Kit) -> bytes:
    """a stanza was put into the header after it was sealed"""
    header, payload = opened_up(kit)
    at = header.rindex(HEADER_END) + 1
    return kit.file(header[:at] + b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n" + header[at:] + payload)


@case("decrypt", "damaged")
def recipients_swapped(kit: Kit) -> bytes:
    """the two stanzas change places"""
    header, payload = opened_up(kit)
    start, end = header.index(b"-> "), header.rindex(HEADER_END) + 1
    middle = header.rindex(b"\n-> ") + 1
    return kit.file(header[:start] + header[middle:end] + header[start:middle] + header[end:] + payload)


@case("decrypt", "damaged")
def ten_thousand_stanzas(kit: Kit) -> bytes:
    """10,000 stanzas before the one that is for us"""
    header, payload = opened_up(kit)
    start = header.index(b"-> ")
    return kit.file(header[:start] + b"-> x\n\n" * 10_000 + header[start:] + payload)


@case("decrypt", "damaged")
def header_of_two_megabytes(kit: Kit) -> bytes:
    """a stanza with a body of two megabytes"""
    body = b"\n".join([b"A" * 64] * 32_768) + b"\n\n"
    header, payload = opened_up(kit)
    start = header.index(b"-> ")
    return kit.file(header[:start] + b"-> x\n" + body + header[start:] + payload)


@case("decrypt", "not-for-us")
def passphrase_only(kit: Kit) -> bytes:
    """sealed by a passphrase alone, which is never tried on what others send"""
    sealed = age.encrypt(kit.envelope(kit.raw()), (age.ScryptRecipient("password", 2),), kit.token)
    return kit.file(sealed)


@case("decrypt", "damaged")
def costly_passphrase_beside_ours(kit: Kit) -> bytes:
    """a passphrase stanza that asks for hours of work stands beside the one for us"""
    header, payload = opened_up(kit)
    start = header.index(b"-> ")
    stanza = b"-> scrypt " + b"A" * 22 + b" 30\n" + b"A" * 43 + b"\n"
    return kit.file(header[:start] + stanza + header[start:] + payload)


def with_share(share: bytes, kit: Kit) -> bytes:
    """A header with one hybrid stanza whose X25519 half is given."""
    argument = base64.b64encode(bytes(1088) + share).rstrip(b"=")
    mac = base64.b64encode(bytes(32)).rstrip(b"=")
    header = b"age-encryption.org/v1\n-> mlkem768x25519 " + argument + b"\n" + b"A" * 43 + HEADER_END + mac + b"\n"
    return kit.file(header + opened_up(kit)[1])


add("low_order_share_zero", "the share is the point 0", "decrypt", "damaged", partial(with_share, bytes(32)))
add("low_order_share_one", "the share is 1", "decrypt", "damaged", partial(with_share, b"\x01" + bytes(31)))


@case("decrypt", "damaged")
def manifest_cut_short(kit: Kit) -> bytes:
    """the last byte of the sealed manifest is missing"""
    return kit.file(kit.bundle().sealed[:-1])


@case("decrypt", "damaged")
def manifest_runs_on(kit: Kit) -> bytes:
    """a byte behind the sealed manifest"""
    return kit.file(kit.bundle().sealed + b"\0")


@case("decrypt", "damaged")
def manifest_without_payload(kit: Kit) -> bytes:
    """only the header of the sealed manifest"""
    return kit.file(opened_up(kit)[0])


@case("decrypt", "damaged")
def chunks_swapped(kit: Kit) -> bytes:
    """two chunks of a long sealed manifest change places"""
    sealed = kit.encrypted(bytes(200_000))
    _, length = age.parse_header(sealed)
    start, size = length + 16, 65536 + 16
    first, second = sealed[start : start + size], sealed[start + size : start + 2 * size]
    return kit.file(sealed[:start] + second + first + sealed[start + 2 * size :])


@case("decrypt", "damaged")
def bit_of_the_payload(kit: Kit) -> bytes:
    """one bit in the middle of the sealed manifest"""
    sealed = bytearray(kit.bundle().sealed)
    sealed[len(sealed) // 2] ^= 1
    return kit.file(bytes(sealed))


# ---------------------------------------------------------------- the envelope


def inside(envelope: bytes, kit: Kit) -> bytes:
    return kit.file(kit.encrypted(envelope))


DEEP = b'{"payload":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
for _name, _wrong, _envelope in (
    ("envelope_empty", "nothing is sealed", b""),
    ("envelope_not_json", "what is sealed is not JSON", b"%PDF-1.7"),
    ("envelope_deep", "lists in lists a hundred thousand deep", DEEP),
    ("envelope_of_many_values", "a million empty lists", b"[" + b"[]," * 1_000_000 + b"[]]"),
    ("envelope_with_a_mark", "a byte order mark in front", b"\xef\xbb\xbf{}"),
    ("envelope_not_utf8", "bytes that are no text", b'{"payload":"\xff"}'),
    ("envelope_with_half_a_pair", "half a surrogate pair", b'{"payload":"\\ud800"}'),
):
    add(_name, _wrong, "manifest", "envelope-json", partial(inside, _envelope))
for _name, _wrong, _envelope in (
    ("envelope_is_a_list", "a list where the envelope belongs", b"[]"),
    ("envelope_with_nothing", "an envelope without fields", b"{}"),
):
    add(_name, _wrong, "manifest", "envelope-fields", partial(inside, _envelope))


@case("manifest", "envelope-json")
def envelope_says_payload_twice(kit: Kit) -> bytes:
    """the envelope has two payloads: one program reads the first, another the last"""
    envelope = kit.envelope(kit.raw())
    return inside(b'{"payload":"e30=",' + envelope[1:], kit)


@case("manifest", "envelope-json")
def envelope_with_spaces(kit: Kit) -> bytes:
    """a space that changes nothing: a second spelling of the envelope"""
    return inside(kit.envelope(kit.raw()).replace(b":", b": ", 1), kit)


def envelope_of(change: Raw, kit: Kit) -> bytes:
    raw: Raw = canonical.decode_loose(kit.envelope(kit.raw()))
    return inside(canonical.encode(raw | change), kit)


for _name, _wrong, _change, _code in (
    ("envelope_with_a_field_more", "an unknown field in the envelope", {"critical": True}, "envelope-fields"),
    ("envelope_payload_not_base64", "the payload is not base64", {"payload": "!"}, "envelope-fields"),
    ("envelope_without_signatures", "no signature", {"signatures": []}, "envelope-signatures"),
    ("envelope_of_another_type", "the envelope says that it holds a card", {"payloadType": "x"}, "envelope-type"),
):
    add(_name, _wrong, "manifest", _code, partial(envelope_of, _change))


@case("manifest", "envelope-fields")
def signature_with_a_field_more(kit: Kit) -> bytes:
    """an unknown field beside a signature, which nobody signed"""
    raw: Raw = canonical.decode_loose(kit.envelope(kit.raw()))
    raw["signatures"][0]["cert"] = "x"
    return inside(canonical.encode(raw), kit)


@case("manifest", "envelope-fields")
def payload_respelt(kit: Kit) -> bytes:
    """the payload in another spelling of the same base64"""
    raw: Raw = canonical.decode_loose(kit.envelope(kit.raw()))
    raw["payload"] = encode_base64(b"x")[:1] + "B=="
    return inside(canonical.encode(raw), kit)


@case("manifest", "envelope-signatures")
def seventeen_signatures(kit: Kit) -> bytes:
    """more signatures than anybody needs"""
    return kit.with_signatures(lambda pair: pair * 9)


# ---------------------------------------------------------------- signatures

ED, ML = 0, 1


def one_leg(leg: int, kit: Kit) -> bytes:
    return kit.with_signatures(lambda pair: [pair[leg]])


def broken_leg(leg: int, kit: Kit) -> bytes:
    def change(pair: list[Signature]) -> list[Signature]:
        other = kit.signatures(b"{}")
        return [other[n] if n == leg else pair[n] for n in (ED, ML)]

    return kit.with_signatures(change)


def doubled_leg(leg: int, kit: Kit) -> bytes:
    return kit.with_signatures(lambda pair: [*pair, pair[leg]])


for _leg, _other, _name in ((ED, ML, "ed25519"), (ML, ED, "mldsa65")):
    add(f"no_{_name}", "only the other signature", "signature", "signature-missing", partial(one_leg, _other))
    add(f"broken_{_name}", "the signature of something else", "signature", "signature-bad", partial(broken_leg, _leg))
    add(f"double_{_name}", "the same signature twice", "signature", "signature-twice", partial(doubled_leg, _leg))


@case("signature", "signature-bad")
def key_ids_swapped(kit: Kit) -> bytes:
    """each signature under the id of the other key"""
    return kit.with_signatures(
        lambda pair: [
            Signature(keyid=pair[ED].keyid, sig=pair[ML].sig),
            Signature(keyid=pair[ML].keyid, sig=pair[ED].sig),
        ]
    )


@case("signature", "envelope-signatures")
def signatures_swapped(kit: Kit) -> bytes:
    """both signatures in the other order: a second spelling of the same envelope"""
    return kit.with_signatures(lambda pair: pair[::-1])


@case("signature", "envelope-signatures")
def signature_of_a_stranger_beside(kit: Kit) -> bytes:
    """a third signature that nobody asked for"""
    return kit.with_signatures(lambda pair: [*pair, kit.signatures(b"{}", by=kit.stranger)[ED]])


@case("signature", "signature-bad")
def signature_respelt(kit: Kit) -> bytes:
    """a signature in another spelling of the same base64"""

    def change(pair: list[Signature]) -> list[Signature]:
        text = pair[ED].sig
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        last = alphabet[alphabet.index(text[-3]) ^ 1]
        return [Signature(keyid=pair[ED].keyid, sig=f"{text[:-3]}{last}=="), pair[ML]]

    return kit.with_signatures(change)


@case("signature", "signature-bad")
def signature_not_base64(kit: Kit) -> bytes:
    """a signature that is no base64"""
    return kit.with_signatures(lambda pair: [Signature(keyid=pair[ED].keyid, sig="!"), pair[ML]])


@case("signature", "signature-bad")
def signed_as_an_event(kit: Kit) -> bytes:
    """the signatures were made over the same bytes as an event"""
    payload = canonical.encode(kit.raw())
    return inside(seal_envelope(PAYLOAD_TYPE, payload, kit.signatures(payload, EVENT_TYPE)), kit)


@case("signature", "signature-bad")
def signed_without_its_type(kit: Kit) -> bytes:
    """the signatures were made over the bare payload"""
    payload = canonical.encode(kit.raw())
    keys = kit.sender.device.signing
    ed, ml = keys.public.ids
    bare = [
        Signature(keyid=ed, sig=encode_base64(keys.ed25519.sign(payload))),
        Signature(keyid=ml, sig=encode_base64(keys.mldsa65.sign(payload))),
    ]
    return inside(seal_envelope(PAYLOAD_TYPE, payload, bare), kit)


@case("signature", "signature-bad")
def signed_with_a_context(kit: Kit) -> bytes:
    """the post-quantum signature was made with a context, as another protocol would"""

    def change(pair: list[Signature]) -> list[Signature]:
        message = signed_bytes(canonical.encode(kit.raw()))
        other = kit.sender.device.signing.mldsa65.sign(message, b"another protocol")
        return [pair[ED], Signature(keyid=pair[ML].keyid, sig=encode_base64(other))]

    return kit.with_signatures(change)


@case("signature", "signature-missing")
def signed_by_a_stranger(kit: Kit) -> bytes:
    """the sender's manifest, word by word, under a stranger's signatures"""
    return inside(kit.envelope(kit.raw(), by=kit.stranger), kit)


@case("signature", "signature-missing")
def signed_by_the_organisation(kit: Kit) -> bytes:
    """signed by the organisation's own key, which signs cards and no bundles"""
    by = replace(kit.sender, device=kit.sender.organisation)
    return inside(kit.envelope(kit.raw(), by=by), kit)


@case("manifest", "envelope-type")
def event_in_place_of_the_manifest(kit: Kit) -> bytes:
    """a signed event where the manifest belongs"""
    return inside(kit.submission(), kit)


@case("manifest", "envelope-type")
def card_in_place_of_the_manifest(kit: Kit) -> bytes:
    """a signed card where the manifest belongs"""
    return inside(kit.sender.card_bytes, kit)


@case("manifest", "envelope-fields")
def payload_sealed_again_by_a_reader(kit: Kit) -> bytes:
    """a reader, who knows the file key, put another payload behind the header that the sender made"""
    header, _ = opened_up(kit)
    parsed, _ = age.parse_header(header)
    sink = io.BytesIO()
    age.encrypt_payload(age.unwrap(parsed, kit.inbox), kit.token(16), io.BytesIO(b"{}"), sink)
    return kit.file(header + sink.getvalue())
