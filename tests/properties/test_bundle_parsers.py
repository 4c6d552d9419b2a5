"""Whatever arrives, each parser of what travels gives a value or an error of its own kind, and what it takes has one spelling."""

from __future__ import annotations

import copy
import functools
import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsadesk import age
from dsadesk.bundle.card import PAYLOAD_TYPE as CARD_TYPE
from dsadesk.bundle.card import read_card
from dsadesk.bundle.container import BundleFile, write_container
from dsadesk.bundle.manifest import PAYLOAD_TYPE, parse_manifest
from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.signature import parse_envelope, seal_envelope, sign_envelope
from dsadesk.bundle.unseal import MAX_SEALED_BYTES, open_event, unseal
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import decode_base64, encode_base64
from dsadesk.codec.events import decode_event
from dsadesk.documents.layout import Document, Facts, Heading, Paragraph, Table, from_tree, to_tree
from dsadesk.domain.events import RequestSubmitted
from dsadesk.domain.marking import Marking
from dsadesk.errors import BundleError, CardError, ContainerError, ContentsError, ManifestError, SignatureError
from dsadesk.sync.commit import (
    Commit,
    ObjectRef,
    PartList,
    PartRef,
    build_commit,
    hash_name,
    open_part_list,
    parse_commit,
)
from tests.support.events import submitted
from tests.support.parties import DWP, NOW, VOA, Known, sample, sealed, signed_event, stream

SAMPLE = sample()
BUNDLE = sealed(samples=(SAMPLE,), events=(signed_event(DWP, submitted()),))
ENVELOPE = age.decrypt(BUNDLE.sealed, (VOA.organisation.hybrid,), limit=MAX_SEALED_BYTES)
RECIPIENT = VOA.organisation.hybrid.recipient


def payload_of(envelope: bytes, kind: str) -> bytes:
    return parse_envelope(envelope, payload_type=kind, max_bytes=MAX_SEALED_BYTES).payload


MANIFEST = payload_of(ENVELOPE, PAYLOAD_TYPE)
EVENT = payload_of(signed_event(DWP, submitted()), EVENT_TYPE)
CARD = payload_of(DWP.card_bytes, CARD_TYPE)


def container() -> bytes:
    sink = io.BytesIO()
    write_container(sink, BUNDLE.sealed, [(BUNDLE.headers[0], io.BytesIO(SAMPLE.payload), len(SAMPLE.payload))])
    return sink.getvalue()


def listing() -> PartList:
    parts = tuple(PartRef(hash_name(bytes([n]), 52), 10) for n in range(4))
    inline = ObjectRef(n=2, header="AAAA", size=3, inline="AAAA")
    time = f"{int(NOW.timestamp() * 1000):013d}"
    objects = (ObjectRef(n=1, header="AAAA", size=30, parts=parts[:3]), inline)
    return PartList(v=2, time=time, day=f"{NOW:%Y%m%d}", manifest=parts[3:], objects=objects)


CONTAINER = container()
LISTING = canonical.encode(listing())
COMMIT = build_commit(
    VOA.card.box,
    NOW,
    day=NOW,
    manifest=listing().manifest,
    objects=listing().objects,
    recipients=(RECIPIENT,),
    entropy=stream("commit"),
)
DOCUMENT = to_tree(
    Document(
        kind="agreement",
        title="Agreement",
        subtitle="of two",
        reference="R1",
        version=1,
        marking=Marking.OFFICIAL,
        language="en",
        blocks=(
            Heading(level=1, text="Terms"),
            Paragraph(text="Both keep it safe."),
            Table(caption="Dates", columns=("What", "When"), rows=(("Start", "2 March 2026"),)),
            Facts(rows=(("Law", "The Act"),)),
        ),
    )
)

# ---------------------------------------------------------------- what arrives

numbers = st.integers(-(2**60), 2**60) | st.sampled_from([0, 1, -1, 2**53, 2**53 - 1, 2**63])
odd_texts = st.sampled_from(
    ["", "\0", "\u202e", "\ud800", "../x", "=", "0" * 64, "a" * 26, "٢٠٢٦", "A" * 5000, "0" * 10_000]
)
texts = st.text(max_size=40) | odd_texts
values = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def altered_value(draw: st.DrawFn, original: Any) -> Any:
    """A value with some of its places filled with something else, left out, or doubled."""
    value = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        value = draw(_altered_once(value))
    return value


@st.composite
def _altered_once(draw: st.DrawFn, value: Any) -> Any:
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(values)
    if isinstance(value, dict):
        key = draw(st.sampled_from(sorted(value)))
        match draw(st.integers(0, 8)):
            case 0:
                del value[key]
            case 1:
                value[draw(texts)] = draw(values)
            case _:
                value[key] = draw(_altered_once(value[key]))
        return value
    place = draw(st.integers(0, len(value) - 1))
    match draw(st.integers(0, 8)):
        case 0:
            del value[place]
        case 1:
            value.insert(place, copy.deepcopy(value[place]))
        case _:
            value[place] = draw(_altered_once(value[place]))
    return value


@st.composite
def altered_bytes(draw: st.DrawFn, original: bytes) -> bytes:
    """Bytes with some replaced, put in, taken out or doubled, or cut."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 64)))
        data[start:end] = draw(st.binary(max_size=16) | st.just(bytes(data[start:end] * 2)))
    return bytes(data[: draw(st.integers(0, len(data)) | st.just(len(data)))])


def arriving(original: bytes) -> st.SearchStrategy[bytes]:
    """Any bytes, the original with its bytes altered, or with its values altered and spelt as they must be."""
    spelt = altered_value(canonical.decode_loose(original)).map(encoded).filter(lambda data: data is not None)
    return st.one_of(st.binary(max_size=200), altered_bytes(original), spelt)


def encoded(value: Any) -> bytes | None:
    try:
        return canonical.encode(value)
    except canonical.CanonicalError:
        return None


# ---------------------------------------------------------------- what must hold


def check_envelope(data: bytes) -> None:
    try:
        envelope = parse_envelope(data, payload_type=PAYLOAD_TYPE, max_bytes=MAX_SEALED_BYTES)
    except SignatureError:
        return
    assert seal_envelope(PAYLOAD_TYPE, envelope.payload, envelope.signatures) == data


def check_manifest(data: bytes) -> None:
    try:
        manifest = parse_manifest(data)
    except ManifestError:
        return
    assert canonical.encode(manifest) == data


def check_card(payload: bytes) -> None:
    """Signed as it stands, so that the fields are looked at and not only the signature."""
    for data in (payload, sign_envelope(CARD_TYPE, payload, DWP.organisation.signing)):
        try:
            card = read_card(data)
        except CardError:
            continue
        assert card.official_of(card.officials[0].device) == card.officials[0]


def check_event(payload: bytes) -> None:
    try:
        event = decode_event(payload)
    except ContentsError:
        return
    assert event.sha256 == hashlib.sha256(payload).hexdigest()
    if isinstance(event.body, RequestSubmitted):
        assert len({taken.n for taken in event.body.samples}) == len(event.body.samples)


def check_signed_event(payload: bytes) -> None:
    envelope = sign_envelope(EVENT_TYPE, payload, DWP.device.signing)
    try:
        open_event(envelope, directory=Known(DWP), introduced=None, now=NOW, request=BUNDLE.manifest.request)
    except ContentsError:
        return


def check_container(data: bytes) -> None:
    try:
        parcel = BundleFile(io.BytesIO(data))
        parts = []
        for n in range(1, 101):
            try:
                header = parcel.header(n)
            except ContainerError as error:
                if error.code != "object-missing":
                    raise
                break
            with parcel.payload(n) as payload:
                rest = payload.read()
            parts.append((header, io.BytesIO(rest), len(rest)))
    except ContainerError:
        return
    sink = io.BytesIO()
    write_container(sink, parcel.sealed, parts)  # type: ignore[arg-type]
    assert sink.getvalue() == data


def check_commit(data: bytes) -> None:
    """Under its old name, and under the name that fits the bytes."""
    for name in (COMMIT[0], f"{COMMIT[0][:-32]}{hash_name(data, 32)}"):
        try:
            commit = parse_commit(name, data)
            open_part_list(commit, (VOA.organisation.hybrid,))
        except BundleError:
            continue
        # What stands before the list is for the doors behind this one.
        assert commit.part_list == parse_commit(*COMMIT).part_list


def check_listing(plain: bytes) -> None:
    commit = functools.partial(Commit, name=COMMIT[0], box=VOA.card.box, time=listing().time, sealed=b"")
    sealed_list = age.encrypt(plain, (RECIPIENT,), stream("list"))
    try:
        found = open_part_list(commit(part_list=sealed_list), (VOA.organisation.hybrid,))
    except ContainerError:
        return
    assert canonical.encode(found) == plain


def check_sealed(envelope: bytes) -> None:
    """Sealed as it stands, and brought through the doors."""
    data = age.encrypt(envelope, (RECIPIENT,), stream("again"))
    try:
        unseal(data, box=VOA.card.box, identities=(VOA.organisation.hybrid,), directory=Known(DWP, VOA), now=NOW)
    except BundleError:
        return


def check_signed_manifest(payload: bytes) -> None:
    check_sealed(sign_envelope(PAYLOAD_TYPE, payload, DWP.device.signing))


def check_document(tree: Any) -> None:
    try:
        document = from_tree(tree)
    except ContentsError:
        return
    assert to_tree(document) == tree


CHECKS: list[tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = [
    (check_envelope, arriving(ENVELOPE)),
    (check_manifest, arriving(MANIFEST)),
    (check_card, arriving(CARD)),
    (check_event, arriving(EVENT)),
    (check_signed_event, arriving(EVENT)),
    (check_container, st.binary(max_size=200) | altered_bytes(CONTAINER)),
    (check_commit, st.binary(max_size=200) | altered_bytes(COMMIT[1])),
    (check_listing, arriving(LISTING)),
    (check_sealed, arriving(ENVELOPE)),
    (check_signed_manifest, arriving(MANIFEST)),
    (check_document, values | altered_value(DOCUMENT)),
]
NAMES = [check.__name__.removeprefix("check_") for check, _ in CHECKS]


@pytest.mark.parametrize(("check", "given_values"), CHECKS, ids=NAMES)
@settings(max_examples=60)
@given(data=st.data())
def test_only_typed_errors_come_out(check: Callable[[Any], None], given_values: Any, data: st.DataObject) -> None:
    check(data.draw(given_values))


@pytest.mark.soak
@pytest.mark.parametrize(("check", "given_values"), CHECKS, ids=NAMES)
@settings(max_examples=4_000)
@given(data=st.data())
def test_soak_only_typed_errors_come_out(check: Callable[[Any], None], given_values: Any, data: st.DataObject) -> None:
    check(data.draw(given_values))


def test_the_originals_are_taken() -> None:
    """Else nothing above would say anything."""
    check_envelope(ENVELOPE)
    parse_manifest(MANIFEST)
    read_card(sign_envelope(CARD_TYPE, CARD, DWP.organisation.signing))
    decode_event(EVENT)
    BundleFile(io.BytesIO(CONTAINER))
    assert open_part_list(parse_commit(*COMMIT), (VOA.organisation.hybrid,)) == listing()
    assert to_tree(from_tree(DOCUMENT)) == DOCUMENT


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2286, 1, 1), timezones=st.timezones() | st.just(UTC)),  # noqa: DTZ001
    st.binary(min_size=1, max_size=20),
)
def test_a_commit_is_read_back_whatever_the_stores_clock_says(at: datetime, m_age: bytes) -> None:
    name, data = build_commit(
        VOA.card.box, at, day=NOW, manifest=m_age, objects=(), recipients=(RECIPIENT,), entropy=stream("x")
    )
    commit = parse_commit(name, data)
    assert (commit.sealed, commit.box) == (m_age, VOA.card.box)
    assert open_part_list(commit, (VOA.organisation.hybrid,)).objects == ()


@given(st.binary(max_size=60), st.integers(0, 3))
def test_bytes_have_one_spelling_in_base64(data: bytes, at: int) -> None:
    text = encode_base64(data)
    assert decode_base64(text) == data
    for other in (f"{text}=", f"{text[:at]}\n{text[at:]}", f"{text[:at]} {text[at:]}", text.rstrip("=") + "A"):
        if other != text:
            try:
                assert encode_base64(decode_base64(other)) == other
            except ValueError:
                continue
