"""Events and objects that are not what a good manifest promises."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from functools import partial
from typing import Any

from dsadesk import age
from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.signature import seal_envelope, sign
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import encode_base64
from dsadesk.documents.layout import Document, Heading, Paragraph, to_tree
from dsadesk.domain.events import AgreementDrafted, AgreementSigned, Signature
from dsadesk.domain.ids import EventId
from dsadesk.domain.marking import Marking
from dsadesk.services.agreement_text import AGREEMENT_TYPE
from tests.support.parties import sample
from tests.zoo.kit import (
    OTHER_DEVICE,
    OTHER_ORGANISATION,
    Kit,
    Raw,
    add,
    case,
    colleague_of,
    described,
    payload_of,
    renamed,
    someone,
)

Change = Callable[[Raw], None]


# ---------------------------------------------------------------- events: the bytes


def events(make: Callable[[Kit], bytes], kit: Kit) -> bytes:
    return kit.with_events(make(kit))


def forged(change: Change) -> Callable[[Kit], bytes]:
    return lambda kit: kit.forged_event(change)


def set_body(**changes: Any) -> Callable[[Kit], bytes]:
    return forged(lambda raw: raw["body"].update(changes))


def set_sample(**changes: Any) -> Callable[[Kit], bytes]:
    return forged(lambda raw: raw["body"]["samples"][0].update(changes))


def rewritten(change: Callable[[bytes], bytes], kit: Kit) -> bytes:
    """An event whose payload was changed under its signatures."""
    payload = payload_of(kit.submission(), EVENT_TYPE)
    return seal_envelope(EVENT_TYPE, change(payload), kit.signatures(payload, EVENT_TYPE))


def signed(change: Callable[[bytes], bytes], kit: Kit) -> bytes:
    """An event whose payload was changed before it was signed."""
    return kit.envelope(change(payload_of(kit.submission(), EVENT_TYPE)), kind=EVENT_TYPE)


def one_leg(leg: int, kit: Kit) -> bytes:
    payload = payload_of(kit.submission(), EVENT_TYPE)
    return seal_envelope(EVENT_TYPE, payload, [kit.signatures(payload, EVENT_TYPE)[leg]])


EVENTS: tuple[tuple[str, str, str, Callable[[Kit], bytes]], ...] = (
    ("garbage", "the event is no envelope", "event-envelope", lambda _: b"garbage"),
    ("is_a_manifest", "a signed manifest where an event belongs", "event-envelope", lambda kit: kit.envelope(kit.raw())),
    ("nine_megabytes", "an event of nine megabytes", "event-envelope", lambda _: b'"' + b"a" * (9 << 20) + b'"'),
    ("five_megabytes", "an event whose payload has five megabytes", "event-json", partial(signed, lambda _: b'"' + b"a" * (5 << 20) + b'"')),
    ("duplicate_key", "a field stands twice", "event-json", partial(signed, lambda data: data[:-1] + b',"v":1}')),
    ("spaces", "a second spelling", "event-json", partial(signed, lambda data: data.replace(b":", b": ", 1))),
    ("changed", "a letter was changed after signing", "event-signature", partial(rewritten, lambda data: data.replace(b"bands", b"bombs"))),
    ("no_ed25519", "the classical signature is missing", "event-signature", partial(one_leg, 1)),
    ("no_mldsa65", "the post-quantum signature is missing", "event-signature", partial(one_leg, 0)),
    ("later_version", "an event of a later version", "event-version", forged(lambda raw: raw.update(v=2))),
    ("without_author", "no author", "event-fields", forged(lambda raw: raw.pop("by"))),
    ("type_escapes", "a type with a control character in it", "event-fields", forged(lambda raw: raw.update(type="Remark\u001b[2J"))),
    ("type_long", "a type of 5,000 letters", "event-fields", forged(lambda raw: raw.update(type="A" * 5000))),
    ("schema_zero", "a schema below the first", "event-fields", forged(lambda raw: raw.update(schema=0))),
    ("id_no_uuid", "an id that is none", "event-id", forged(lambda raw: raw.update(id="../x"))),
    ("after_itself", "it follows on from itself", "event-after", forged(lambda raw: raw.update(after=[raw["id"]]))),
    ("seq_zero", "number 0", "event-chain", forged(lambda raw: raw.update(seq=0))),
    ("time_in_words", "a time in words", "time", forged(lambda raw: raw.update(at="tomorrow"))),
    ("body_empty", "a submission that says nothing", "event-body", forged(lambda raw: raw.update(body={}))),
    ("answer_of_no_shape", "an answer that is no answer", "event-body", set_body(answers={"purpose.aim": {"a": {"b": 1}}})),
    ("answer_of_mixed_rows", "a table with a text in it", "event-body", set_body(answers={"purpose.aim": [{"a": "b"}, "c"]})),
    ("marking_unknown", "an unknown marking", "event-body", set_body(marking="PUBLIC")),
    ("101_samples", "101 samples", "event-body", forged(lambda raw: raw["body"].update(samples=raw["body"]["samples"] * 101))),
    ("sample_number_twice", "two samples of one number", "event-body", forged(lambda raw: raw["body"]["samples"].append(raw["body"]["samples"][0]))),
    ("sample_object_climbs", "a sample whose object climbs", "event-body", set_sample(object="../../x")),
    ("sample_name_climbs", "a sample's name climbs", "event-body", set_sample(name="../x.csv")),
    ("sample_name_turned", "a sample's name reads backwards", "event-body", set_sample(name="sample\u202evsc.exe")),
    ("sample_name_device", "a sample is called after a device", "event-body", set_sample(name="aux.csv")),
    ("sample_not_in_files", "a sample that the manifest does not list", "sample-missing", set_sample(object="0" * 64)),
    ("sample_other_digest", "a sample with another digest than the file", "sample-missing", set_sample(sha256="0" * 64)),
    ("sample_other_size", "a sample with another size than the file", "sample-missing", set_sample(size=1)),
    ("sample_other_name", "a sample with another name than the file", "sample-missing", set_sample(name="other.csv")),
)  # fmt: skip
for _name, _wrong, _code, _make in EVENTS:
    add(f"event_{_name}", _wrong, "contents", _code, partial(events, _make))


@case("contents", "event-encoding")
def event_not_base64(kit: Kit) -> bytes:
    """an event in a second spelling of its base64"""
    return kit.with_manifest(lambda raw: raw.update(events=["QUJDRB=="]))


# ---------------------------------------------------------------- events: whose


@case("contents", "event-other-request")
def event_of_another_request(kit: Kit) -> bytes:
    """an event of another request than the manifest names"""
    return kit.with_events(kit.forged_event(lambda raw: raw.update(request=raw["request"][:-1] + "0")))


@case("contents", "event-author")
def event_by_a_stranger(kit: Kit) -> bytes:
    """an event by an organisation whose card nobody here holds"""
    return kit.with_events(kit.event(by=kit.stranger))


@case("contents", "event-author")
def event_in_the_name_of_a_stranger(kit: Kit) -> bytes:
    """an event that says it is another organisation's"""
    return kit.with_events(kit.event(change={"org": OTHER_ORGANISATION.id}))


@case("contents", "event-author")
def event_in_our_name(kit: Kit) -> bytes:
    """an event that says it is ours"""
    return kit.with_events(kit.event(change={"org": kit.receiver.org.id}))


@case("contents", "event-signature")
def event_in_our_name_by_our_device(kit: Kit) -> bytes:
    """an event that names our organisation and our laptop, signed by the sender"""
    device = kit.receiver.officials[0]
    named = {"org": kit.receiver.org.id, "device": device.device, "by": device.official}
    return kit.with_events(kit.event(change=named))


@case("contents", "event-author")
def event_of_an_unknown_device(kit: Kit) -> bytes:
    """an event of a laptop that is not on the card"""
    return kit.with_events(kit.event(change={"device": OTHER_DEVICE}))


@case("contents", "event-author")
def event_by_a_colleague_on_no_card(kit: Kit) -> bytes:
    """an event of a colleague's laptop that is not on the card"""
    return kit.with_events(kit.event(by=colleague_of(kit.sender)))


@case("contents", "event-author")
def event_in_a_colleagues_name(kit: Kit) -> bytes:
    """an event that names another official than the one whose laptop signed it"""
    return kit.with_events(kit.event(change={"by": someone()}))


@case("contents", "event-author")
def event_under_another_post(kit: Kit) -> bytes:
    """an event by the right official under a post that the card does not give"""
    official = kit.sender.official
    return kit.with_events(kit.event(change={"by": type(official)(official.id, official.name, "Permanent Secretary")}))


# ---------------------------------------------------------------- parties


@case("contents", "not-our-request")
def request_to_somebody_else(kit: Kit) -> bytes:
    """a submission to another organisation, sealed for us"""
    return kit.with_events(kit.submission(supplier=OTHER_ORGANISATION))


@case("contents", "sender-not-a-party")
def request_in_the_name_of_somebody_else(kit: Kit) -> bytes:
    """a submission that says another organisation asks"""
    return kit.with_events(kit.submission(requester=OTHER_ORGANISATION))


@case("contents", "party-name")
def requester_under_another_name(kit: Kit) -> bytes:
    """a submission that calls its sender by another name than the card does"""
    return kit.with_events(kit.submission(requester=renamed(kit.sender.card.org, "HM Treasury")))


def honest(kit: Kit) -> bytes:
    """The first delivery of the sender."""
    return kit.file(bundle=kit.fixed)


@case("contents", "event-rewritten", first=(honest,))
def event_rewritten(kit: Kit) -> bytes:
    """the submission again under its id, with other words"""
    before = kit.raw(kit.fixed)

    def change(raw: Raw) -> None:
        raw["body"]["title"] = "Something else"

    event = kit.forged_event(change)
    manifest = kit.raw() | {"events": [encode_base64(event)]}
    manifest["to"][0].update(seq=2, prev=hashlib.sha256(canonical.encode(before)).hexdigest())
    return kit.file(kit.encrypted(kit.envelope(manifest)))


# ---------------------------------------------------------------- agreements


def document() -> Raw:
    """A short agreement."""
    return to_tree(
        Document(
            kind="agreement",
            title="Agreement",
            subtitle="",
            reference="DSR-2026-TEST01",
            version=1,
            marking=Marking.OFFICIAL,
            language="en",
            blocks=(Heading(level=1, text="Terms"), Paragraph(text="Both keep it safe.")),
        )
    )


def conversation(kit: Kit, sign_it: Callable[[bytes], tuple[Signature, ...]], **changes: Any) -> tuple[bytes, ...]:
    """A submission, an agreement and a signing of it, all by the sender."""
    tree = document()
    payload = canonical.encode(tree)
    submission = kit.submission()
    drafted = kit.event(
        AgreementDrafted(version=1, sha256=hashlib.sha256(payload).hexdigest(), document=tree), after=(submission,)
    )
    fields: dict[str, Any] = {
        "agreement": EventId(canonical.decode_loose(payload_of(drafted, EVENT_TYPE))["id"]),
        "sha256": hashlib.sha256(payload).hexdigest(),
        "signatory": kit.sender.official,
        "signatures": sign_it(payload),
    }
    return submission, drafted, kit.event(AgreementSigned(**(fields | changes)), after=(submission, drafted))


def pair_over(kit: Kit, kind: str = AGREEMENT_TYPE) -> Callable[[bytes], tuple[Signature, ...]]:
    return lambda payload: sign(kind, payload, kit.sender.device.signing)


@case("contents", "agreement-signature")
def agreement_signed_over_another_text(kit: Kit) -> bytes:
    """the pair under the agreement is over another text"""
    other = pair_over(kit)(b"{}")
    return kit.with_events(*conversation(kit, lambda _: other))


@case("contents", "agreement-signature")
def agreement_signed_as_something_else(kit: Kit) -> bytes:
    """the pair under the agreement is over its text as an event"""
    return kit.with_events(*conversation(kit, pair_over(kit, EVENT_TYPE)))


@case("contents", "agreement-signature")
def agreement_with_one_signature(kit: Kit) -> bytes:
    """the post-quantum signature under the agreement is missing"""
    return kit.with_events(*conversation(kit, lambda payload: pair_over(kit)(payload)[:1]))


@case("contents", "agreement-signature")
def agreement_with_signatures_in_our_name(kit: Kit) -> bytes:
    """beside the sender's own pair stand two under the ids of our keys, to spoil the agreement that is exported"""
    ours = kit.receiver.officials[0].keys.ids

    def sign_it(payload: bytes) -> tuple[Signature, ...]:
        return (*pair_over(kit)(payload), *(Signature(keyid=key, sig="AAAA") for key in ours))

    return kit.with_events(*conversation(kit, sign_it))


@case("contents", "agreement-signature")
def agreement_signed_in_a_ministers_name(kit: Kit) -> bytes:
    """the signatory that the agreement will show is not the one who signed"""
    return kit.with_events(*conversation(kit, pair_over(kit), signatory=someone("The Minister")))


@case("incomplete", "")
def agreement_signed_before_its_text(kit: Kit) -> bytes:
    """a signature under a text that has not come: once kept it would count unchecked when the text comes"""
    submission, _, signing = conversation(kit, lambda _: pair_over(kit)(b"{}"))
    return kit.with_events(submission, signing)


def agreement_text(change: Change, kit: Kit) -> bytes:
    tree = document()
    change(tree)
    digest = hashlib.sha256(canonical.encode(tree)).hexdigest()
    body = AgreementDrafted(version=1, sha256=digest, document=tree)
    submission = kit.submission()
    return kit.with_events(submission, kit.event(body, after=(submission,)))


for _name, _wrong, _alter in (
    ("unknown_block", "a block of no known kind", lambda tree: tree["blocks"].append({"block": "script", "text": "x"})),
    ("hidden_text", "text that turns around", lambda tree: tree["blocks"][1].update(text="not \u202eyrassecen")),
    ("later_format", "a later format", lambda tree: tree.update(format="dsadesk-document/2")),
    ("skipped_heading", "a heading of level 3 under none", lambda tree: tree["blocks"][0].update(level=3)),
):
    add(f"agreement_{_name}", _wrong, "contents", "agreement-tree", partial(agreement_text, _alter))


@case("contents", "agreement-digest")
def agreement_of_another_digest(kit: Kit) -> bytes:
    """the event states the digest of another text"""
    submission = kit.submission()
    body = AgreementDrafted(version=1, sha256="0" * 64, document=document())
    return kit.with_events(submission, kit.event(body, after=(submission,)))


# ---------------------------------------------------------------- objects

OTHER = sample(b"site,ecoli\nB,99\n", "other.csv")


@case("contents", "object-altered")
def object_with_another_payload(kit: Kit) -> bytes:
    """another sample of the same size, under its own key"""
    bundle = kit.bundle()
    return kit.file(bundle=bundle, objects=[kit.object(bundle, OTHER)])


@case("contents", "object-altered")
def object_with_a_flipped_bit(kit: Kit) -> bytes:
    """one bit of the sample's payload"""
    data = bytearray(kit.object(kit.fixed))
    data[-1] ^= 1
    return kit.file(bundle=kit.fixed, objects=[bytes(data)])


@case("contents", "object-altered")
def object_rewritten_by_a_reader(kit: Kit) -> bytes:
    """a reader of an earlier bundle, who knows the sample's file key, made another payload of the same size under it"""
    made, sink = sample(), io.BytesIO()
    age.encrypt_payload(made.entry.file_key, kit.token(16), io.BytesIO(b"site,ecoli\nA,99\n"), sink)
    return kit.file(bundle=kit.fixed, objects=[kit.fixed.headers[0] + sink.getvalue()])


@case("contents", "object-altered")
def object_with_the_header_of_another(kit: Kit) -> bytes:
    """the header of another sample for us, so with another key, and padded to the same size"""
    bundle = kit.bundle()
    other = kit.bundle(samples=(OTHER.entry,), events=(kit.submission(OTHER),))
    return kit.file(bundle=bundle, objects=[other.headers[0] + sample().payload])


@case("contents", "object-header")
def object_for_somebody_else(kit: Kit) -> bytes:
    """the header of the object has no stanza for us"""
    header = age.wrap(sample().entry.file_key, (kit.stranger.organisation.hybrid.recipient,), kit.token)
    return kit.file(objects=[header + sample().payload])


@case("contents", "object-header")
def object_header_altered(kit: Kit) -> bytes:
    """a stanza was put into the header of the object"""
    bundle = kit.bundle()
    header = bundle.headers[0].replace(b"\n--- ", b"\n-> x\n\n--- ")
    return kit.file(bundle=bundle, objects=[header + sample().payload])


def promised(change: Change, kit: Kit) -> bytes:
    """A manifest that promises something else of a good object."""
    return kit.with_manifest(change)


for _name, _wrong, _code, _alter in (
    ("plain_digest", "another digest of the plain bytes", "object-plaintext", lambda raw: raw["files"][0].update(sha256="0" * 64)),
    ("payload_digest", "another digest of the payload", "object-altered", lambda raw: raw["files"][0].update(object="0" * 64)),
    ("payload_size", "another size of the payload", "object-size", lambda raw: raw["files"][0].update(payload_size=7)),
    ("plain_size", "another size of the plain bytes", "object-size", lambda raw: raw["files"][0].update(size=7)),
):  # fmt: skip
    add(f"promises_{_name}", _wrong, "contents", _code, partial(promised, _alter))


@case("success", "")
def described_otherwise_than_used(kit: Kit) -> bytes:
    """a sample that says it has personal data in every column: what a sender says of a sample is only said"""
    profile = {"columns": [{"name": "x" * 5000, "personal": True}], "encoding": "unicode_escape", "delimiter": ""}
    event = kit.submission(samples=(described(sample(), profile=profile),))
    return kit.with_events(event)
