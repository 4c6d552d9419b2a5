"""Manifests that say what no manifest may say, or that were changed after they were signed; and senders who are not who they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from dsadesk import age
from dsadesk.bundle.card import CardOfficial, sign_card
from dsadesk.bundle.seal import Destination
from dsadesk.bundle.signature import parse_envelope, sign_envelope
from dsadesk.bundle.unseal import MAX_SEALED_BYTES
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import encode_base64
from dsadesk.codec.events import time_text
from tests.support.parties import party
from tests.zoo.kit import LATER, OTHER_ORGANISATION, Kit, Raw, add, case, colleague_of

Change = Callable[[Raw], None]
FIELDS = ("kind", "id", "request", "created", "sender", "to", "readers", "events", "card", "files", "acks")


# ---------------------------------------------------------------- the bytes of the payload


def payload(change: Callable[[bytes], bytes], kit: Kit) -> bytes:
    return kit.file(kit.encrypted(kit.envelope(change(canonical.encode(kit.raw())))))


for _name, _wrong, _change in (
    ("duplicate_key", "a field stands twice", lambda data: data[:-1] + b',"v":1}'),
    ("spaces", "a space that changes nothing", lambda data: data.replace(b":", b": ", 1)),
    ("other_order", "the fields in another order", lambda data: b'{"v":1,' + data[1:].replace(b',"v":1}', b"}")),
    ("respelt_text", "a letter as an escape", lambda data: data.replace(b"request", b"\\u0072equest", 1)),
    ("fraction", "a number with a fraction", lambda data: data.replace(b'"v":1', b'"v":1.0')),
    ("exponent", "a number with an exponent", lambda data: data.replace(b'"v":1', b'"v":1e0')),
    ("null", "an empty value", lambda data: data.replace(b'"v":1', b'"v":null')),
    ("not_a_number", "not a number", lambda data: data.replace(b'"v":1', b'"v":NaN')),
    ("large_number", "a number past 2^53", lambda data: data.replace(b'"v":1', b'"v":9007199254740993')),
    ("endless_number", "a number of 5,000 digits", lambda data: data.replace(b'"v":1', b'"v":' + b"1" * 5000)),
    ("foreign_key", "a field's name outside ASCII", lambda data: data[:-1] + ',"\u0475":1}'.encode()),
    ("unseen_key", "a control character in a field's name", lambda data: b'{"\\u001b":1,' + data[1:]),
    ("deep", "lists in lists", lambda _: b"[" * 40 + b"]" * 40),
    ("too_large", "17 megabytes", lambda _: b'"' + b"a" * (17 << 20) + b'"'),
    ("is_a_list", "a list where the manifest belongs", lambda _: b"[]"),
):
    add(f"manifest_{_name}", _wrong, "manifest", "manifest-json", partial(payload, _change))


# ---------------------------------------------------------------- fields left out, of a wrong type, or unknown


def without(name: str, kit: Kit) -> bytes:
    return kit.with_manifest(lambda raw: raw.pop(name))


def wrong_type(name: str, kit: Kit) -> bytes:
    return kit.with_manifest(lambda raw: raw.update({name: {"a": 1} if isinstance(raw[name], str | list) else "text"}))


add("manifest_without_v", "no version", "manifest", "manifest-version", partial(without, "v"))
add("manifest_v_wrong_type", "the version as text", "manifest", "manifest-version", partial(wrong_type, "v"))
for _field in FIELDS:
    add(f"manifest_without_{_field}", f"{_field} is missing", "manifest", "manifest-fields", partial(without, _field))
    add(
        f"manifest_{_field}_wrong_type",
        f"{_field} has a wrong type",
        "manifest",
        "manifest-fields",
        partial(wrong_type, _field),
    )


def within(change: Change, kit: Kit) -> bytes:
    return kit.with_manifest(change)


ACK = {"box": "a" * 26, "device": "0" * 32, "seq": 1, "manifest_sha256": "0" * 64}
OTHER_BOX = {"org": OTHER_ORGANISATION.id, "box": "b" * 26, "seq": 1, "prev": ""}
IN_ARABIC_DIGITS = "2026-03-02T09:00:00Z".translate({ord("0") + n: 0x0660 + n for n in range(10)})
FORBIDDEN: tuple[tuple[str, str, Change], ...] = (
    ("critical_field", "a field of a later version", lambda raw: raw.update(critical=True)),
    ("field_in_sender", "an unknown field of the sender", lambda raw: raw["sender"].update(title="x")),
    ("field_in_to", "an unknown field of an addressee", lambda raw: raw["to"][0].update(cc="x")),
    ("field_in_file", "an unknown field of a file", lambda raw: raw["files"][0].update(enc="zstd")),
    ("field_in_ack", "an unknown field of an acknowledgement", lambda raw: raw["acks"].append(ACK | {"x": 1})),
    ("v_true", "the version is `true`, which some programs take for 1", lambda raw: raw.update(v=True)),
    ("kind_unknown", "an unknown kind", lambda raw: raw.update(kind="order")),
    ("id_upper_case", "the id in upper case", lambda raw: raw.update(id="A" * 32)),
    ("request_version_4", "the request's id is no UUIDv7", lambda raw: raw.update(request="0" * 8 + "-0000-4000-8000-" + "0" * 12)),
    ("created_in_words", "a time in words", lambda raw: raw.update(created="yesterday")),
    ("created_in_other_digits", "a time in Arabic digits", lambda raw: raw.update(created=IN_ARABIC_DIGITS)),
    ("created_on_no_day", "30 February", lambda raw: raw.update(created="2026-02-30T09:00:00Z")),
    ("sender_nameless", "the sender has no name", lambda raw: raw["sender"].update(org="")),
    ("device_short", "half a device", lambda raw: raw["sender"].update(device="0" * 16)),
    ("one_key_id", "one key id of two", lambda raw: raw["sender"]["kid"].pop()),
    ("readers_unsorted", "the readers in another order", lambda raw: raw["readers"].reverse()),
    ("reader_twice", "a reader twice", lambda raw: raw["readers"].append(raw["readers"][-1])),
    ("reader_missing", "an addressee who is no reader", lambda raw: raw.update(readers=["0" * 64])),
    ("box_twice", "one inbox twice", lambda raw: raw["to"].append(raw["to"][0])),
    ("box_malformed", "an inbox that climbs", lambda raw: raw["to"][0].update(box="../" + "a" * 23)),
    ("seq_zero", "position 0", lambda raw: raw["to"][0].update(seq=0)),
    ("seq_negative", "a position below zero", lambda raw: raw["to"][0].update(seq=-1)),
    ("first_with_predecessor", "the first position names one before", lambda raw: raw["to"][0].update(prev="0" * 64)),
    ("second_without_predecessor", "the second names none", lambda raw: raw["to"][0].update(seq=2)),
    ("file_number_skipped", "file 2 without file 1", lambda raw: raw["files"][0].update(n=2)),
    ("file_twice", "one object twice", lambda raw: raw["files"].append(raw["files"][0] | {"n": 2})),
    ("file_size_negative", "a size below zero", lambda raw: raw["files"][0].update(size=-1)),
    ("file_digest_short", "half a digest", lambda raw: raw["files"][0].update(sha256="0" * 32)),
    ("file_object_climbs", "an object that climbs", lambda raw: raw["files"][0].update(object="../" + "0" * 61)),
    ("file_media", "a media type with a line end", lambda raw: raw["files"][0].update(media="text/csv\r\nx: y")),
    ("ack_box", "an acknowledgement of no inbox", lambda raw: raw["acks"].append(ACK | {"box": "x"})),
)  # fmt: skip
for _name, _wrong, _alter in FORBIDDEN:
    add(f"manifest_{_name}", _wrong, "manifest", "manifest-fields", partial(within, _alter))

LIMITS: tuple[tuple[str, str, Change], ...] = (
    ("events", "1,001 events", lambda raw: raw.update(events=["AA=="] * 1001)),
    ("files", "101 files", lambda raw: raw.update(files=[raw["files"][0] | {"n": n} for n in range(1, 102)])),
    ("acks", "1,001 acknowledgements", lambda raw: raw.update(acks=[ACK] * 1001)),
    ("addressees", "33 addressees", lambda raw: raw.update(to=[raw["to"][0]] * 33)),
    ("nobody", "no addressee", lambda raw: raw.update(to=[])),
    ("readers", "65 readers", lambda raw: raw.update(readers=[f"{n:064x}" for n in range(65)])),
    ("bytes", "files of 65 gigabytes", lambda raw: raw["files"][0].update(payload_size=65 << 30)),
)
for _name, _wrong, _alter in LIMITS:
    add(f"limit_{_name}", _wrong, "manifest", "manifest-limits", partial(within, _alter))


@case("manifest", "manifest-version")
def manifest_of_a_later_version(kit: Kit) -> bytes:
    """version 2 of the manifest, rightly signed"""
    return kit.with_manifest(lambda raw: raw.update(v=2))


# ---------------------------------------------------------------- names of files

HOSTILE_NAMES = {
    "climbing": "../../.ssh/authorized_keys",
    "folder": "folder/sample.csv",
    "backslash": "folder\\sample.csv",
    "drive": "C:sample.csv",
    "turned_around": "sample\u202evsc.exe",
    "isolated": "sample\u2067vsc.exe",
    "hidden": "sam\u200bple.csv",
    "escape": "sample\u001b[2J.csv",
    "nul": "sample.csv\u0000.exe",
    "line_end": "sample.csv\nREADME",
    "device": "con",
    "device_with_ending": "NUL.tar.gz",
    "port": "Com1.csv",
    "dots": "..",
    "trailing_dot": "sample.csv.",
    "trailing_space": "sample.csv ",
    "long": "s" * 296 + ".csv",
    "empty": "",
    "wildcard": "*.csv",
}


def file_name(name: str, kit: Kit) -> bytes:
    return kit.with_manifest(lambda raw: raw["files"][0].update(name=name))


for _label, _file in HOSTILE_NAMES.items():
    add(
        f"file_name_{_label}",
        f"a file is called {_file[:40]!a}",
        "manifest",
        "manifest-fields",
        partial(file_name, _file),
    )


# ---------------------------------------------------------------- fields changed after signing


def flip(change: Change, kit: Kit) -> bytes:
    return kit.flipped(change)


def next_hex(text: str) -> str:
    return f"{int(text[0], 16) ^ 1:x}{text[1:]}"


FLIPPED: tuple[tuple[str, str, str, Change], ...] = (
    ("v", "manifest", "manifest-version", lambda raw: raw.update(v=2)),
    ("kind", "signature", "signature-bad", lambda raw: raw.update(kind="reply")),
    ("id", "signature", "signature-bad", lambda raw: raw.update(id=next_hex(raw["id"]))),
    ("request", "signature", "signature-bad", lambda raw: raw.update(request=next_hex(raw["request"]))),
    ("created", "signature", "signature-bad", lambda raw: raw.update(created="2026-03-02T08:59:59Z")),
    ("sender_org", "trust", "card-of-another", lambda raw: raw["sender"].update(org=OTHER_ORGANISATION.id)),
    ("sender_device", "trust", "signer-not-on-card", lambda raw: raw["sender"].update(device="0" * 32)),
    ("sender_kid", "signature", "signer-keys", lambda raw: raw["sender"].update(kid=["0" * 64, "0" * 64])),
    ("to_org", "signature", "signature-bad", lambda raw: raw["to"][0].update(org=OTHER_ORGANISATION.id)),
    ("to_rid", "manifest", "manifest-fields", lambda raw: raw["to"][0].update(rid="0" * 64)),
    ("to_box", "manifest", "forwarded", lambda raw: raw["to"][0].update(box="a" * 26)),
    ("to_seq", "signature", "signature-bad", lambda raw: raw["to"][0].update(seq=2, prev="0" * 64)),
    ("to_more", "signature", "signature-bad", lambda raw: raw["to"].append(OTHER_BOX | {"rid": raw["readers"][0]})),
    ("readers", "signature", "signature-bad", lambda raw: raw.update(readers=sorted([*raw["readers"], "0" * 64]))),
    ("events", "signature", "signature-bad", lambda raw: raw.update(events=[])),
    ("files", "signature", "signature-bad", lambda raw: raw.update(files=[])),
    ("file_name", "signature", "signature-bad", lambda raw: raw["files"][0].update(name="other.csv")),
    ("file_sha256", "signature", "signature-bad", lambda raw: raw["files"][0].update(sha256="0" * 64)),
    ("file_object", "signature", "signature-bad", lambda raw: raw["files"][0].update(object="0" * 64)),
    ("file_size", "signature", "signature-bad", lambda raw: raw["files"][0].update(size=1)),
    ("acks", "signature", "signature-bad", lambda raw: raw["acks"].append(ACK)),
)
for _name, _door, _code, _alter in FLIPPED:
    add(f"flipped_{_name}", f"{_name} was changed after it was signed", _door, _code, partial(flip, _alter))


# ---------------------------------------------------------------- for whom


@case("manifest", "forwarded")
def forwarded_to_us(kit: Kit) -> bytes:
    """a bundle to somebody else, opened by them and sealed again for us"""
    made = kit.bundle(destinations=(Destination(card=kit.stranger.card, seq=1, prev=""),))
    envelope = age.decrypt(made.sealed, kit.inbox, limit=MAX_SEALED_BYTES)
    return kit.file(kit.encrypted(envelope), objects=[kit.object(kit.bundle())])


@case("manifest", "forwarded")
def our_inbox_under_another_name(kit: Kit) -> bytes:
    """our inbox, said to be another organisation's"""
    return kit.with_manifest(lambda raw: raw["to"][0].update(org=OTHER_ORGANISATION.id))


@case("success-with-warning", "other-readers")
def readers_who_are_no_addressees(kit: Kit) -> bytes:
    """somebody can read it who is neither an addressee nor the sender"""
    return kit.with_manifest(lambda raw: raw.update(readers=sorted([*raw["readers"], "0" * 64])))


@case("success", "")
def acknowledges_what_we_never_sent(kit: Kit) -> bytes:
    """acknowledgements of positions that our laptop never reached"""
    acks = [ACK | {"box": kit.sender.card.box, "seq": n} for n in range(1, 1001)]
    return kit.with_manifest(lambda raw: raw.update(acks=acks))


# ---------------------------------------------------------------- cards


def card_case(card: Callable[[Kit], bytes], kit: Kit) -> bytes:
    return kit.with_card(card(kit))


def forged(change: Change) -> Callable[[Kit], bytes]:
    return lambda kit: kit.forged_card(change)


def officials(count: int, kit: Kit) -> bytes:
    entries = []
    for n in range(count):
        made = party(kit.sender.card.org.id, "x", f"Official {n}")
        entries.append(replace(made.card.officials[0], official=made.official))
    return sign_envelope(
        "application/vnd.dsadesk.card.v1+json",
        canonical.encode(replace(kit.sender.card, version=9, officials=tuple(entries))),
        kit.sender.organisation.signing,
    )


def altered_card(kit: Kit) -> bytes:
    raw: Raw = canonical.decode_loose(kit.card())
    payload_bytes = canonical.encode(
        canonical.decode_loose(
            parse_envelope(
                kit.card(), payload_type="application/vnd.dsadesk.card.v1+json", max_bytes=MAX_SEALED_BYTES
            ).payload
        )
        | {"version": 99}
    )
    return canonical.encode(raw | {"payload": encode_base64(payload_bytes)})


def set_official(**changes: Any) -> Callable[[Kit], bytes]:
    return forged(lambda raw: raw["officials"][0]["official"].update(changes))


WEAK_KEY = encode_base64(b"\x01" + bytes(31))
CARDS: tuple[tuple[str, str, Callable[[Kit], bytes]], ...] = (
    ("garbage", "the card is no card", lambda _: b"garbage"),
    ("altered", "the card was changed after it was signed", altered_card),
    ("later_version", "a card of a later version of the format", forged(lambda raw: raw.update(v=2))),
    ("201_officials", "a card with 201 officials", partial(officials, 201)),
    ("no_officials", "a card without officials", forged(lambda raw: raw.update(officials=[]))),
    ("device_twice", "one device twice", forged(lambda raw: raw["officials"].append(raw["officials"][0]))),
    ("ends_before_it_begins", "it runs out before it was issued", forged(lambda raw: raw.update(expires="2020-01-01T00:00:00Z"))),
    ("version_zero", "version 0", forged(lambda raw: raw.update(version=0))),
    ("name_escapes", "a control character in the organisation's name", forged(lambda raw: raw["org"].update(name="DWP\u001b[2J"))),
    ("name_turned", "the organisation's name turns its line around", forged(lambda raw: raw["org"].update(name="\u202eDWP"))),
    ("name_long", "a name of 5,000 letters", forged(lambda raw: raw["org"].update(name="D" * 5000))),
    ("official_nameless", "an official without a name", set_official(name="  ")),
    ("official_two_lines", "an official's post in two lines", set_official(post="Analyst\nSigned and checked")),
    ("weak_key", "a key under which one signature passes for everything", forged(lambda raw: raw["keys"].update(ed25519=WEAK_KEY))),
    ("device_of_other_keys", "a device whose name is not that of its keys", forged(lambda raw: raw["officials"][0].update(device="0" * 32))),
    ("classic_recipient", "a classic recipient where the hybrid belongs", forged(lambda raw: raw.update(hybrid=raw["x25519"]))),
    ("address_of_many_lines", "an address in two lines", forged(lambda raw: raw["inboxes"][0].update(address="a\nb"))),
)  # fmt: skip
for _name, _wrong, _make in CARDS:
    add(f"card_{_name}", _wrong, "manifest", "card", partial(card_case, _make))


@case("trust", "card-of-another")
def card_of_another_organisation(kit: Kit) -> bytes:
    """the sender's manifest with a stranger's card"""
    return kit.with_card(kit.stranger.card_bytes)


# ---------------------------------------------------------------- who


@case("trust", "key-changed")
def known_organisation_with_another_key(kit: Kit) -> bytes:
    """an impostor who calls himself by a known name and brings a card of his own"""
    impostor = party(kit.sender.card.org.id, kit.sender.card.org.name, "Mallory", salt="impostor")
    return as_party(impostor, kit)


def as_party(who: Any, kit: Kit, **changes: object) -> bytes:
    """A bundle that another party seals."""
    event = kit.event(kit.submitted(requester=who.card.org), by=who)
    fields = {
        "events": (event,),
        "own_card": who.card_bytes,
        "own_org": who.card.org.id,
        "own_recipient": age.HybridRecipient.parse(who.card.hybrid),
        "signer": who.device,
    }
    return kit.file(bundle=kit.bundle(**(fields | changes)))


@case("success-with-warning", "not-checked")
def stranger_who_introduces_himself(kit: Kit) -> bytes:
    """nobody here has met the sender; the card comes along"""
    return as_party(kit.stranger, kit)


@case("trust", "signer-not-on-card")
def device_on_no_card(kit: Kit) -> bytes:
    """sealed on a laptop that is not on the organisation's card"""
    other = colleague_of(kit.sender)
    return kit.file(bundle=kit.bundle(signer=other.device))


@case("trust", "card-forgets")
def card_that_forgets_an_official(kit: Kit) -> bytes:
    """a newer card on which the laptop that has signed so far never was"""
    other = colleague_of(kit.sender)
    entry = CardOfficial(
        official=other.official, device=other.device.device, keys=other.device.signing.public, roles=(), since=time_text(kit.now)
    )  # fmt: skip
    return kit.file(bundle=kit.bundle(own_card=kit.card(officials=(entry,)), signer=other.device))


def left(at: timedelta, kit: Kit) -> bytes:
    card = kit.official(until=time_text(kit.now + at))
    return kit.file(bundle=kit.bundle(own_card=sign_card(card, kit.sender.organisation.signing)))


add("signed_after_leaving", "the official had left", "trust", "signer-left", partial(left, -LATER))
add(
    "signed_before_leaving",
    "the official left later",
    "success-with-warning",
    "signer-left-since",
    partial(left, LATER),
)


@case("success-with-warning", "card-expired")
def card_that_has_run_out(kit: Kit) -> bytes:
    """the sender's card ran out yesterday"""
    day = timedelta(days=1)
    card = kit.card(issued=time_text(kit.now - 400 * day), expires=time_text(kit.now - day))
    return kit.file(bundle=kit.bundle(own_card=card))


# ---------------------------------------------------------------- when


def honest(kit: Kit) -> bytes:
    """The first delivery of the sender."""
    return kit.file(bundle=kit.fixed)


def delivery(seq: int, kit: Kit) -> bytes:
    """A delivery with a remark at a position, after one that nobody has seen."""
    to = Destination(card=kit.receiver, seq=seq, prev="" if seq == 1 else "0" * 64)
    event = kit.event(after=(kit.submission(),))
    return kit.file(bundle=kit.bundle(kind="reply", destinations=(to,), samples=(), events=(event,)), objects=[])


add("replayed", "the same bundle again", "success", "", honest, first=(honest,))


@case("success", "", first=(honest,))
def replayed_in_another_envelope(kit: Kit) -> bytes:
    """the same manifest, signed and sealed again"""
    return kit.file(kit.encrypted(kit.envelope(kit.raw(kit.fixed))), objects=[kit.object(kit.fixed)])


@case("trust", "two-contents", first=(honest,))
def one_position_with_two_contents(kit: Kit) -> bytes:
    """position 1 again, with other contents"""
    return delivery(1, kit)


@case("trust", "chain-broken", first=(honest,))
def second_names_another_first(kit: Kit) -> bytes:
    """position 2 follows on from something that never came"""
    return delivery(2, kit)


@case("trust", "two-contents", first=(honest, partial(delivery, 5)))
def rolled_back(kit: Kit) -> bytes:
    """a laptop restored from an old copy speaks at position 1 again, long after"""
    return delivery(1, kit)


@case("trust", "chain-broken", first=(honest, partial(delivery, 5)))
def gap_filled_with_something_else(kit: Kit) -> bytes:
    """position 4 comes late, and is not the one that position 5 follows on from"""
    return delivery(4, kit)


@case("success-with-warning", "gap", first=(honest,))
def position_skipped(kit: Kit) -> bytes:
    """positions 2 and 3 have not come"""
    return delivery(4, kit)
