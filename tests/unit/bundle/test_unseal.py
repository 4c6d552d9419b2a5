from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
from msgspec.structs import replace

from dsadesk import age
from dsadesk.bundle.card import Card
from dsadesk.bundle.manifest import PAYLOAD_TYPE
from dsadesk.bundle.seal import Destination, SealedBundle
from dsadesk.bundle.signature import parse_envelope, seal_envelope, sign, sign_envelope
from dsadesk.bundle.trust import Directory, HowKnown
from dsadesk.bundle.unseal import MAX_SEALED_BYTES, OpenedBundle, open_object, unseal
from dsadesk.codec import canonical
from dsadesk.codec.events import time_text
from dsadesk.errors import (
    BundleError,
    CardError,
    ContentsError,
    DecryptError,
    ManifestError,
    SignatureError,
    TrustError,
)
from tests.support.parties import DWP, MALLORY, NOW, VOA, Known, Party, party, sample, sealed, signed_event, stream

EVERYONE = Known(DWP, VOA)


def opened(sealed_bytes: bytes, receiver: Party = VOA, directory: Directory = EVERYONE) -> OpenedBundle:
    return unseal(
        sealed_bytes,
        box=receiver.card.box,
        identities=(receiver.organisation.hybrid, receiver.organisation.x25519),
        directory=directory,
        now=NOW + timedelta(hours=1),
    )


def resealed(bundle: SealedBundle, by: Party = DWP, **changes: object) -> bytes:
    """The same manifest with some fields changed, signed and encrypted again by the sender."""
    payload = canonical.encode(replace(bundle.manifest, **changes))
    return encrypted(sign_envelope(PAYLOAD_TYPE, payload, by.device.signing))


def encrypted(envelope: bytes, receiver: Party = VOA) -> bytes:
    return age.encrypt(envelope, (receiver.organisation.hybrid.recipient,), stream("again"))


def envelope_of(bundle: SealedBundle) -> bytes:
    return age.decrypt(bundle.sealed, (VOA.organisation.hybrid,), limit=MAX_SEALED_BYTES)


def test_what_was_sealed_opens_with_evidence_of_who_and_how() -> None:
    got = opened(sealed().sealed)
    assert got.evidence.org == DWP.card.org
    assert got.evidence.official.name == "Priya Shah"
    assert got.evidence.how is HowKnown.CHECKED
    assert got.evidence.warnings == ()
    assert [entry.event.type for entry in got.events] == ["RemarkMade"]


def test_the_sender_can_read_their_own_copy() -> None:
    bundle = sealed()
    got = unseal(bundle.sealed, box=VOA.card.box, identities=(DWP.organisation.hybrid,), directory=Known(DWP), now=NOW)
    assert got.manifest == bundle.manifest


def test_a_bundle_for_someone_else_does_not_open() -> None:
    with pytest.raises(DecryptError, match="not-for-us"):
        opened(sealed().sealed, MALLORY)


def test_a_bundle_that_a_receiver_forwards_to_a_third_party_says_so() -> None:
    forwarded = age.encrypt(envelope_of(sealed()), (MALLORY.organisation.hybrid.recipient,), stream("forward"))
    with pytest.raises(ManifestError, match="forwarded"):
        opened(forwarded, MALLORY, Known(DWP, MALLORY))


def test_a_stranger_who_introduces_themselves_is_not_believed_to_be_who_they_say() -> None:
    got = opened(sealed(MALLORY).sealed)
    assert got.evidence.how is HowKnown.INTRODUCED_ITSELF
    assert "not-checked" in got.evidence.warnings


def test_a_card_that_was_only_imported_is_said_to_be_unchecked() -> None:
    got = opened(sealed().sealed, directory=Known(DWP, VOA, how=HowKnown.IMPORTED))
    assert got.evidence.warnings == ("not-checked",)


def test_an_organisation_that_turns_up_with_another_key_is_refused() -> None:
    impostor = party(DWP.card.org.id, "Department for Work and Pensions", "Mallory", salt="evil")
    with pytest.raises(TrustError, match="key-changed"):
        opened(sealed(impostor).sealed)


def test_signing_someone_elses_manifest_as_ones_own_is_refused() -> None:
    payload = parse_envelope(envelope_of(sealed()), payload_type=PAYLOAD_TYPE, max_bytes=MAX_SEALED_BYTES).payload
    with pytest.raises(SignatureError, match="signature-missing"):
        opened(encrypted(sign_envelope(PAYLOAD_TYPE, payload, MALLORY.device.signing)))


def test_a_manifest_that_claims_another_sender_is_refused() -> None:
    bundle = sealed(MALLORY)
    claimed = replace(bundle.manifest.sender, org=DWP.card.org.id)
    with pytest.raises(TrustError, match="card-of-another"):
        opened(resealed(bundle, MALLORY, sender=claimed))


@pytest.mark.parametrize("broken", [0, 1])
def test_one_good_signature_of_two_is_none(broken: int) -> None:
    envelope = parse_envelope(envelope_of(sealed()), payload_type=PAYLOAD_TYPE, max_bytes=MAX_SEALED_BYTES)
    pair = list(envelope.signatures)
    alone = seal_envelope(PAYLOAD_TYPE, envelope.payload, [pair[1 - broken]])
    with pytest.raises(SignatureError, match="signature-missing"):
        opened(encrypted(alone))
    other = sign(PAYLOAD_TYPE, envelope.payload + b" ", DWP.device.signing)
    pair[broken] = other[broken]
    with pytest.raises(SignatureError, match="signature-bad"):
        opened(encrypted(seal_envelope(PAYLOAD_TYPE, envelope.payload, pair)))


def test_an_official_who_had_left_before_signing_is_refused_and_later_is_a_warning() -> None:
    def left(at_hours: int) -> Known:
        official = replace(DWP.card.officials[0], until=time_text(NOW + timedelta(hours=at_hours)))
        return Known(DWP.with_card(officials=(official,), version=2), VOA)

    with pytest.raises(TrustError, match="signer-left"):
        opened(sealed().sealed, directory=left(-1))
    assert "signer-left-since" in opened(sealed().sealed, directory=left(1)).evidence.warnings


def test_a_device_that_is_not_on_the_card_is_refused() -> None:
    other = party("another", "Another", "Somebody").device
    with pytest.raises(TrustError, match="signer-not-on-card"):
        opened(sealed(signer=other).sealed)


def test_an_event_by_someone_who_is_not_known_is_refused() -> None:
    with pytest.raises(ContentsError) as caught:
        opened(sealed(events=(signed_event(MALLORY),)).sealed)
    assert (caught.value.code, caught.value.fields["why"]) == ("event-author", "signer-unknown")


def test_an_event_of_another_request_is_refused() -> None:
    other = sealed().manifest.request[:-1] + "0"
    with pytest.raises(ContentsError, match="event-other-request"):
        opened(sealed(events=(signed_event(DWP, request=other),)).sealed)


def test_an_event_signed_in_a_colleagues_name_is_refused() -> None:
    with pytest.raises(ContentsError) as caught:
        opened(sealed(events=(signed_event(DWP, by=VOA.official),)).sealed)
    assert caught.value.fields["why"] == "other-official"


def test_an_altered_event_inside_a_good_manifest_is_refused() -> None:
    envelope = bytearray(signed_event(DWP))
    at = envelope.index(b'"payload":"') + 40
    envelope[at] = envelope[at] ^ 1
    with pytest.raises(ContentsError):
        opened(sealed(events=(bytes(envelope),)).sealed)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"kind": "surprise"},
        {"id": "xyz"},
        {"to": ()},
        {"created": "yesterday"},
        {"files": (1,)},
        {"request": "not-a-request"},
        {"readers": ()},
    ],
)
def test_a_malformed_manifest_is_refused_at_its_door(changes: dict[str, object]) -> None:
    with pytest.raises(ManifestError):
        opened(resealed(sealed(), **changes))


def test_a_manifest_with_a_field_of_the_future_is_refused_rather_than_half_understood() -> None:
    raw = canonical.decode_loose(canonical.encode(sealed().manifest))
    envelope = sign_envelope(PAYLOAD_TYPE, canonical.encode(raw | {"critical": True}), DWP.device.signing)
    with pytest.raises(ManifestError) as caught:
        opened(encrypted(envelope))
    assert caught.value.fields["unknown"] == ("critical",)


def test_duplicate_keys_in_what_was_signed_are_refused() -> None:
    payload = canonical.encode(sealed().manifest)
    doubled = payload[:-1] + b',"v":1}'
    with pytest.raises(ManifestError) as caught:
        opened(encrypted(sign_envelope(PAYLOAD_TYPE, doubled, DWP.device.signing)))
    assert caught.value.fields["why"] == "duplicate-key"


def test_a_card_that_has_run_out_cannot_be_sealed_to_and_is_a_warning_when_it_signs() -> None:
    old = VOA.with_card(expires=time_text(NOW - timedelta(days=1)))
    with pytest.raises(CardError, match="card-expired"):
        sealed(receiver=old)
    expired = Known(DWP.with_card(expires=time_text(NOW), version=2), VOA)
    assert "card-expired" in opened(sealed().sealed, directory=expired).evidence.warnings


def test_every_flipped_byte_of_a_sealed_manifest_is_refused() -> None:
    data = sealed().sealed
    for at in [*range(0, len(data), 97), len(data) - 1]:
        broken = bytearray(data)
        broken[at] ^= 0x20
        with pytest.raises(BundleError):
            opened(bytes(broken))


def test_a_truncated_manifest_is_refused() -> None:
    data = sealed().sealed
    for end in (0, 10, 200, len(data) // 2, len(data) - 1):
        with pytest.raises(DecryptError):
            opened(data[:end])


def test_an_object_is_checked_against_what_was_signed() -> None:
    made = sample()
    bundle = sealed(samples=(made,))
    entry, header = bundle.manifest.files[0], bundle.headers[0]
    identities = (VOA.organisation.hybrid,)
    assert open_object(entry, header, io.BytesIO(made.payload), identities) == made.entry.file_key
    for flipped in (0, 20, len(made.payload) - 1):
        broken = bytearray(made.payload)
        broken[flipped] ^= 1
        with pytest.raises(ContentsError):
            open_object(entry, header, io.BytesIO(bytes(broken)), identities)
    with pytest.raises(ContentsError):
        open_object(entry, header, io.BytesIO(made.payload[:-1]), identities)
    with pytest.raises(ContentsError, match="object-size"):
        open_object(replace(entry, size=entry.size + 1), header, io.BytesIO(made.payload), identities)
    with pytest.raises(ContentsError, match="object-plaintext"):
        open_object(replace(entry, sha256="0" * 64), header, io.BytesIO(made.payload), identities)
    with pytest.raises(ContentsError, match="object-header"):
        open_object(entry, header, io.BytesIO(made.payload), (MALLORY.organisation.hybrid,))


def test_a_co_recipient_who_rewrites_a_payload_is_found_out() -> None:
    """Whoever holds the file key can make valid chunks; the signed digest of the plain bytes is what stops them."""
    made = sample()
    bundle = sealed(samples=(made,))
    sink = io.BytesIO()
    token = stream("forger")
    forged = b"site,ecoli\nA,99\n"
    age.encrypt_payload(made.entry.file_key, token(16), io.BytesIO(forged), sink)
    with pytest.raises(ContentsError):
        open_object(
            bundle.manifest.files[0], bundle.headers[0], io.BytesIO(sink.getvalue()), (VOA.organisation.hybrid,)
        )


def test_one_more_destination_costs_a_header_and_not_the_sample() -> None:
    made = sample(b"x,y\n" * 50_000)
    destinations = tuple(
        Destination(card=p.card, seq=1, prev="") for p in (VOA, MALLORY, party("a-b-c", "ABC", "Someone"))
    )
    one, three = sealed(samples=(made,)), sealed(samples=(made,), destinations=destinations)
    assert one.manifest.files == three.manifest.files
    assert len(three.headers[0]) < len(one.headers[0]) + 2 * 1700


def test_the_card_inside_is_the_senders_newest() -> None:
    newer = DWP.with_card(version=3)
    got = opened(sealed(newer).sealed)
    assert isinstance(got.sender_card, Card)
    assert got.sender_card.version == 3
    assert base64.b64decode(got.manifest.card) == got.sender_card_bytes
