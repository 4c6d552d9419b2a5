"""Every parser of what others may hand us, with originals to alter and what must hold whatever comes."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from dsadesk import age
from dsadesk.bundle.card import read_card
from dsadesk.bundle.chain import Chain, Gap, gaps_from_bytes, gaps_to_bytes
from dsadesk.bundle.identity import identity_from_seed
from dsadesk.bundle.signature import sign_envelope
from dsadesk.catalogue.parse import parse_catalogue
from dsadesk.codec import canonical
from dsadesk.errors import CardError, CatalogueError, DsadeskError, SampleError
from dsadesk.inspection.profile import profile_table
from dsadesk.questions.parse import parse_pack, parse_set
from dsadesk.services.admitting import APPLICATION_TYPE, Application, read_application
from dsadesk.transports.marker import StoreMarker
from tests.properties import test_age_properties as of_age
from tests.properties import test_bundle_parsers as of_bundle
from tests.support.parties import DWP, NOW, VOA, stream

QUESTIONS = b"""{"v":1,"id":"small","version":"1.0.0","sections":[{"id":"a","title":{"en":"A","cy":"A"},"questions":[
{"id":"a.b","type":"text","label":{"en":"B?","cy":"B?"},"why":{"en":"So","cy":"So"}}]}]}"""
TABLE = b'id,when,"what, and where"\r\n007,2026-03-02,"a ""b"""\r\nAB123456C,02/03/2026,\xe9t\xe9\n'
CATALOGUE = b"identifier,title,description,publisher,contactPoint.name\nmandatory,mandatory,optional,mandatory,optional\nx-1,A,B,C,D\n"
CATALOGUE_JSON = (
    b'[{"identifier":"x-1","title":"A","description":"B","publisher":"C","keyword":["a","b"],"issued":"2026-01-02"}]'
)
CATALOGUE_YAML = b"- identifier: x-1\n  title: A\n  description: |\n    B\n  keyword: [a, b]\n"


class Target(NamedTuple):
    """A check that raises only when something is wrong with the parser. `is_json`: its originals can be altered value by value."""

    check: Callable[[bytes], object]
    originals: Sequence[bytes]
    is_json: bool = False


def only(parse: Callable[[bytes], object], *typed: type[Exception]) -> Callable[[bytes], object]:
    """A check that a parser gives a value or one of these errors."""

    @functools.wraps(parse)
    def check(data: bytes) -> object:
        try:
            return parse(data)
        except typed:
            return None

    return check


def key_string(data: bytes) -> None:
    """A key string is read as one that is spelt just so, or refused."""
    text = data.decode("utf-8", "surrogateescape")
    for parse in (age.parse_recipient, age.parse_identity):
        try:
            parse(text)
        except age.AgeError:
            continue


def _gaps(data: bytes) -> object:
    return Chain(gaps=gaps_from_bytes(data))


def _loose(data: bytes) -> object:
    value = canonical.decode(data, max_bytes=1 << 20)
    assert canonical.encode(value) == data
    return value


def _document(data: bytes) -> object:
    return of_bundle.check_document(canonical.decode_loose(data))


def _application(data: bytes) -> object:
    """As it came, and signed as it stands, so that the fields are looked at."""
    return read_application(sign_envelope(APPLICATION_TYPE, data, DWP.device.signing))


def targets() -> Mapping[str, Target]:
    """By name. The costly ones, which sign or encrypt what they look at, say so by their names: `signed` and `sealed`."""
    application = canonical.encode(
        Application(
            v=1,
            org=VOA.card.org.id,
            official=VOA.official,
            keys=DWP.device.signing.public,
            hybrid=str(identity_from_seed(bytes(32)).hybrid.recipient),
        )
    )
    gap = Gap(first=2, last=3, before="a" * 64, after="b" * 64)
    armoured = [age.armor(data) for data in of_age.FILES]
    keys = [str(VOA.organisation.hybrid.recipient), str(VOA.organisation.x25519.recipient)]
    identities = [age.X25519Identity.generate(stream("k")).encode(), age.HybridIdentity.generate(stream("k")).encode()]
    return {
        "age-header": Target(of_age.check_header, [*of_age.HEADERS, *of_age.FILES]),
        "age-armour": Target(of_age.check_armor, armoured),
        "age-file": Target(of_age.check_file, of_age.FILES),
        "age-key": Target(key_string, [text.encode() for text in (*keys, *identities)]),
        "json": Target(only(_loose, canonical.CanonicalError), [of_bundle.MANIFEST, of_bundle.EVENT], is_json=True),
        "envelope": Target(of_bundle.check_envelope, [of_bundle.ENVELOPE], is_json=True),
        "manifest": Target(of_bundle.check_manifest, [of_bundle.MANIFEST], is_json=True),
        "event": Target(of_bundle.check_event, [of_bundle.EVENT], is_json=True),
        "card": Target(only(read_card, CardError), [DWP.card_bytes], is_json=True),
        "container": Target(of_bundle.check_container, [of_bundle.CONTAINER]),
        "commit": Target(of_bundle.check_commit, [of_bundle.COMMIT[1]]),
        "chain": Target(
            only(_gaps, canonical.CanonicalError, msgspec.ValidationError), [gaps_to_bytes((gap,))], is_json=True
        ),
        "document": Target(
            only(_document, canonical.CanonicalError), [msgspec.json.encode(of_bundle.DOCUMENT)], is_json=True
        ),
        "marker": Target(
            only(lambda data: StoreMarker.parse(data, {}), DsadeskError),
            [StoreMarker.new("store-of-us", NOW).to_bytes()],
        ),
        "table": Target(only(lambda data: profile_table(io.BytesIO(data), "a.csv"), SampleError), [TABLE]),
        "catalogue": Target(only(lambda data: parse_catalogue(data, "a.csv"), CatalogueError), [CATALOGUE]),
        "catalogue-json": Target(
            only(lambda data: parse_catalogue(data, "a.json"), CatalogueError), [CATALOGUE_JSON], is_json=True
        ),
        "catalogue-yaml": Target(only(lambda data: parse_catalogue(data, "a.yaml"), CatalogueError), [CATALOGUE_YAML]),
        "questions": Target(only(lambda data: parse_set(data, {}), DsadeskError), [QUESTIONS], is_json=True),
        "legal-pack": Target(only(parse_pack, DsadeskError), [QUESTIONS], is_json=True),
        "signed-card": Target(of_bundle.check_card, [of_bundle.CARD], is_json=True),
        "signed-event": Target(of_bundle.check_signed_event, [of_bundle.EVENT], is_json=True),
        "signed-manifest": Target(of_bundle.check_signed_manifest, [of_bundle.MANIFEST], is_json=True),
        "signed-application": Target(only(_application, CardError), [application], is_json=True),
        "sealed-envelope": Target(of_bundle.check_sealed, [of_bundle.ENVELOPE], is_json=True),
        "sealed-list": Target(of_bundle.check_listing, [of_bundle.LISTING], is_json=True),
    }


def spelt(value: Any) -> bytes | None:
    """A value as it must be spelt, or None where it cannot be."""
    return of_bundle.encoded(value)
