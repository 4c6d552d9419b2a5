"""One pair of signatures speaks for all that it names by hash, and for nothing else: what was tampered with is found all the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from dsadesk.bundle import proving
from dsadesk.bundle.proving import EVENT_TYPE, Proof, prove_all
from dsadesk.bundle.signature import Envelope, parse_envelope, seal_envelope, sign
from dsadesk.codec.base64_text import encode_base64
from dsadesk.codec.events import decode_event, encode_event, time_text
from dsadesk.domain.events import Event, RemarkMade, Signature
from dsadesk.domain.ids import EventId, uuid7
from tests.support.parties import DWP, MALLORY, NOW, VOA, Known, Party, signed_event

COUNT = 6
KNOWN = Known(DWP, VOA)


def opened(data: bytes) -> Envelope:
    return parse_envelope(data, payload_type=EVENT_TYPE, max_bytes=1 << 20)


def read(data: bytes) -> Event:
    return decode_event(opened(data).payload)


def said(author: Party, seq: int, prev: str, text: str = "A remark.", **changes: object) -> bytes:
    name = EventId(
        uuid7(1_700_000_000_000 + seq, hashlib.sha256(f"{author.card.org.id}{text}{seq}".encode()).digest()[:10])
    )
    return signed_event(author, RemarkMade(text=text), **({"id": name, "seq": seq, "prev": prev} | changes))


def chain(author: Party = DWP, count: int = COUNT) -> list[bytes]:
    made: list[bytes] = []
    for seq in range(1, count + 1):
        made.append(said(author, seq, read(made[-1]).sha256 if made else ""))
    return made


def prove(envelopes: Sequence[bytes], directory: Known = KNOWN, *, every: bool = False) -> list[Proof]:
    kept = {read(data).id: data for data in envelopes}
    proofs = prove_all([read(data) for data in envelopes], kept.__getitem__, directory=directory, now=NOW, every=every)
    return [proofs[read(data).id] for data in envelopes]


def unproven(proofs: Sequence[Proof]) -> Mapping[int, str]:
    return {n: proof.problem for n, proof in enumerate(proofs, 1) if proof.evidence is None}


def rewritten(data: bytes, text: str) -> bytes:
    """The same event with other words, under the signatures of the old ones."""
    envelope = opened(data)
    payload = encode_event(replace(read(data), body=RemarkMade(text=text)))
    return seal_envelope(EVENT_TYPE, payload, envelope.signatures)


def with_broken_signatures(data: bytes) -> bytes:
    envelope = opened(data)
    broken = [Signature(keyid=one.keyid, sig=encode_base64(bytes(len(one.sig)))) for one in envelope.signatures]
    return seal_envelope(EVENT_TYPE, envelope.payload, broken)


def test_the_newest_of_each_device_is_checked_by_its_signatures_and_the_rest_by_name() -> None:
    proofs = prove([*chain(DWP), *chain(VOA, 3)])
    assert not unproven(proofs)
    assert [proof.is_signature_checked for proof in proofs] == [*[False] * (COUNT - 1), True, False, False, True]
    assert {proof.evidence.org.id for proof in proofs if proof.evidence} == {DWP.card.org.id, VOA.card.org.id}


def test_when_asked_every_signature_is_checked_and_all_else_is_the_same() -> None:
    made = chain()
    quick, slow = prove(made), prove(made, every=True)
    assert all(proof.is_signature_checked for proof in slow)
    assert [proof.evidence for proof in quick] == [proof.evidence for proof in slow]


def test_one_pair_is_checked_for_a_device_however_much_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Envelope] = []
    real = proving.require_pair
    monkeypatch.setattr(
        proving, "require_pair", lambda envelope, keys: (checked.append(envelope), real(envelope, keys))
    )
    prove(chain(DWP, 20))
    assert len(checked) == 1


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("place", range(1, COUNT + 1))
def test_an_event_that_was_tampered_with_is_found_wherever_it_stands(place: int, *, every: bool) -> None:
    made = chain()
    made[place - 1] = rewritten(made[place - 1], "I never said this.")
    assert unproven(prove(made, every=every)) == {place: "signature-bad"}


def test_what_stands_before_a_tampered_event_is_proved_by_its_own_signatures() -> None:
    made = chain()
    made[3] = rewritten(made[3], "I never said this.")
    assert [proof.is_signature_checked for proof in prove(made)] == [False, False, True, False, False, True]


def test_an_event_of_another_device_under_this_ones_name_is_found() -> None:
    made = chain()
    other = replace(
        read(said(MALLORY, 3, read(made[1]).sha256)), org=DWP.card.org.id, device=DWP.device.device, by=DWP.official
    )
    payload = encode_event(other)
    made[2] = seal_envelope(EVENT_TYPE, payload, sign(EVENT_TYPE, payload, MALLORY.device.signing))
    assert unproven(prove(made)) == {3: "signature-missing"}


def test_an_event_that_another_key_signed_anew_is_proved_by_name_and_found_when_every_signature_is_checked() -> None:
    made = chain()
    payload = opened(made[2]).payload
    made[2] = seal_envelope(EVENT_TYPE, payload, sign(EVENT_TYPE, payload, MALLORY.device.signing))
    # Its bytes are those that DWP's next event names; who signed them besides says nothing of who said them.
    assert not unproven(prove(made))
    assert unproven(prove(made, every=True)) == {3: "signature-missing"}


def test_broken_signatures_over_bytes_that_a_later_event_names_are_found_when_every_signature_is_checked() -> None:
    made = chain()
    made[2] = with_broken_signatures(made[2])
    assert not unproven(prove(made))
    assert unproven(prove(made, every=True)) == {3: "signature-bad"}


def test_the_newest_has_nobody_to_speak_for_it() -> None:
    made = chain()
    made[-1] = with_broken_signatures(made[-1])
    proofs = prove(made)
    assert unproven(proofs) == {COUNT: "signature-bad"}
    assert [proof.is_signature_checked for proof in proofs] == [False] * (COUNT - 2) + [True, False]


def test_two_swapped_events_are_found_by_their_places() -> None:
    made = chain()
    one, two = read(made[1]), read(made[2])
    swapped = [replace(one, seq=3, prev=two.sha256), replace(two, seq=2, prev=one.prev)]
    for place, event in zip((1, 2), reversed(swapped), strict=True):
        made[place] = seal_envelope(EVENT_TYPE, encode_event(event), opened(made[place]).signatures)
    assert set(unproven(prove(made))) == {2, 3}


def test_each_branch_of_a_fork_has_to_be_signed() -> None:
    made = chain()
    honest = said(DWP, 4, read(made[2]).sha256, "The same number again.")
    proofs = prove([*made, honest])
    assert not unproven(proofs)
    assert proofs[-1].is_signature_checked
    forged = with_broken_signatures(honest)
    assert unproven(prove([*made, forged])) == {COUNT + 1: "signature-bad"}


def test_an_event_with_a_gap_after_it_is_proved_by_its_own_signatures() -> None:
    made = chain()
    del made[3]
    assert [proof.is_signature_checked for proof in prove(made)] == [False, False, True, False, True]
    made[2] = with_broken_signatures(made[2])
    assert unproven(prove(made)) == {3: "signature-bad"}


def test_nobody_speaks_for_the_event_of_another_device() -> None:
    """Naming somebody's event as one's own before this one makes neither believed."""
    theirs = with_broken_signatures(said(VOA, 1, "", "I never said this."))
    ours = said(DWP, 2, read(theirs).sha256)
    assert unproven(prove([theirs, ours])) == {1: "signature-bad"}


def test_what_is_not_proved_speaks_for_nobody() -> None:
    """An official left: what they sign later counts for nothing, also as a word for what they are made to have said before."""
    left = DWP.card.officials[0]
    gone = DWP.with_card(officials=(replace(left, until=time_text(NOW - timedelta(days=1))),))
    before = time_text(NOW - timedelta(days=2))
    first = said(gone, 1, "", at=before)
    second = with_broken_signatures(said(gone, 2, read(first).sha256, at=before))
    third = said(gone, 3, read(second).sha256)
    proofs = prove([first, second, third], Known(gone))
    assert unproven(proofs) == {2: "signature-bad", 3: "signer-left"}
    assert proofs[0].is_signature_checked
    assert proofs[0].evidence is not None
    assert proofs[0].evidence.warnings == ("signer-left-since",)


def test_a_stranger_who_signs_well_is_still_a_stranger() -> None:
    assert unproven(prove(chain(MALLORY, 2))) == {1: "signer-unknown", 2: "signer-unknown"}
