"""The public age test vectors (C2SP/CCTV, age/testdata): each names its failure class and what may be released."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsadesk.age import (
    AgeError,
    ArmorError,
    HeaderError,
    HmacError,
    Identity,
    NoMatchError,
    PayloadError,
    PayloadInfo,
    PayloadReader,
    ScryptIdentity,
    dearmor,
    decrypt,
    decrypt_stream,
    encrypt_payload,
    parse_header,
    parse_identity,
    serialise_header,
    unwrap,
)
from dsadesk.age.parallel import decrypt_by_threads
from dsadesk.age.payload import Digests, read_nonce

VECTORS = Path(__file__).parents[2].parent / "shared" / "data" / "age-vectors"
NAMES = sorted(path.name for path in VECTORS.iterdir()) if VECTORS.is_dir() else []
NOTHING = hashlib.sha256().hexdigest()
CLASSES: dict[str, type[AgeError]] = {
    "header failure": HeaderError,
    "armor failure": ArmorError,
    "payload failure": PayloadError,
    "no match": NoMatchError,
    "HMAC failure": HmacError,
}

pytestmark = pytest.mark.skipif(not NAMES, reason="the age vectors are not at ../shared/data/age-vectors")


@dataclass(frozen=True)
class Vector:
    expect: str
    released: str
    file_key: bytes
    identities: list[Identity]
    armored: bool
    data: bytes

    @property
    def binary(self) -> bytes:
        return dearmor(self.data) if self.armored else self.data


def load(name: str) -> Vector:
    head, _, body = (VECTORS / name).read_bytes().partition(b"\n\n")
    pairs = [line.split(": ", 1) for line in head.decode().splitlines()]
    fields = dict(pairs)
    identities: list[Identity] = [parse_identity(value) for key, value in pairs if key == "identity"]
    identities += [ScryptIdentity(value) for key, value in pairs if key == "passphrase"]
    return Vector(
        fields["expect"],
        fields.get("payload", NOTHING),
        bytes.fromhex(fields["file key"]),
        identities,
        fields.get("armored") == "yes",
        zlib.decompress(body) if "compressed" in fields else body,
    )


def outcome(vector: Vector, sink: io.BytesIO) -> type[AgeError] | None:
    try:
        decrypt_stream(io.BytesIO(vector.binary), sink, vector.identities)
    except AgeError as error:
        return type(error)
    return None


def test_all_vectors_are_here_and_each_class_is_known() -> None:
    expectations = Counter(load(name).expect for name in NAMES)

    assert len(NAMES) == 143
    assert expectations == {
        "success": 26,
        "header failure": 62,
        "armor failure": 22,
        "payload failure": 19,
        "no match": 13,
        "HMAC failure": 1,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_vector_ends_in_its_class_and_releases_exactly_what_it_may(name: str) -> None:
    vector = load(name)
    sink = io.BytesIO()

    assert outcome(vector, sink) is CLASSES.get(vector.expect)
    assert hashlib.sha256(sink.getvalue()).hexdigest() == vector.released


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_file_is_decrypted_completely_or_not_at_all(name: str) -> None:
    vector = load(name)
    if vector.expect == "success":
        assert hashlib.sha256(decrypt(vector.binary, vector.identities)).hexdigest() == vector.released
        return
    with pytest.raises(CLASSES[vector.expect]):
        decrypt(vector.binary, vector.identities)


@pytest.mark.parametrize("name", NAMES)
def test_every_header_that_parses_serialises_to_the_same_bytes(name: str) -> None:
    vector = load(name)
    try:
        binary = vector.binary
        header, size = parse_header(binary)
    except (ArmorError, HeaderError):
        assert vector.expect in {"armor failure", "header failure"}
        return

    assert serialise_header(header) == binary[:size]


@pytest.mark.parametrize("name", [name for name in NAMES if load(name).expect == "success"])
def test_a_good_payload_encrypts_again_to_the_same_bytes(name: str) -> None:
    vector = load(name)
    header, size = parse_header(vector.binary)
    file_key = unwrap(header, vector.identities)
    plain, again = io.BytesIO(decrypt(vector.binary, vector.identities)), io.BytesIO()

    encrypt_payload(file_key, vector.binary[size : size + 16], plain, again)

    assert file_key == vector.file_key
    assert again.getvalue() == vector.binary[size:]


@pytest.mark.parametrize("name", [name for name in NAMES if load(name).expect in {"success", "payload failure"}])
def test_threads_release_what_one_pass_releases(name: str, tmp_path: Path) -> None:
    vector = load(name)
    header, size = parse_header(vector.binary)
    file_key = unwrap(header, vector.identities)
    (tmp_path / "in").write_bytes(vector.binary[size:])

    error: type[AgeError] | None = None
    info: PayloadInfo | None = None
    with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as sink:
        try:
            nonce = read_nonce(source)
            info = decrypt_by_threads(file_key, nonce, source, sink, Digests(nonce, plain=True, cipher=True))
        except AgeError as fault:
            error = type(fault)
    released = (tmp_path / "out").read_bytes()

    assert error is CLASSES.get(vector.expect)
    assert hashlib.sha256(released).hexdigest() == vector.released
    assert info is None or (info.plain_sha256 or b"").hex() == vector.released


@pytest.mark.parametrize("name", [name for name in NAMES if load(name).expect in {"success", "payload failure"}])
def test_random_access_gives_the_same_plaintext_or_refuses(name: str) -> None:
    vector = load(name)
    header, size = parse_header(vector.binary)
    file_key = unwrap(header, vector.identities)

    def read() -> bytes:
        return PayloadReader(file_key, io.BytesIO(vector.binary), size, len(vector.binary) - size).read()

    if vector.expect == "success":
        assert hashlib.sha256(read()).hexdigest() == vector.released
        return
    with pytest.raises(PayloadError):
        read()
