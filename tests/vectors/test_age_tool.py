"""Files made here open in Debian's age, and files that it makes open here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from dsadesk.age import (
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    armor,
    dearmor,
    decrypt,
    decrypt_file,
    encrypt,
    encrypt_file,
    parse_header,
    parse_identity,
    parse_recipient,
    read_header,
    unwrap,
    wrap,
)
from tests.unit.age.seeded import SeededEntropy, plaintext

AGE = shutil.which("age")
KEYGEN = shutil.which("age-keygen")
TERMINAL = shutil.which("script")
SIZES = [0, 1, 65535, 65536, 65537, 200_000]
IDENTITY = X25519Identity.generate(SeededEntropy(3))

pytestmark = pytest.mark.skipif(AGE is None or KEYGEN is None, reason="the age program is not installed")


def age(*arguments: str | Path, given: bytes = b"") -> bytes:
    return subprocess.run([str(AGE), *map(str, arguments)], input=given, capture_output=True, check=True).stdout


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(IDENTITY.encode() + "\n")
    return path


@pytest.mark.parametrize("size", SIZES)
def test_age_opens_what_we_seal(size: int, key_file: Path) -> None:
    data = encrypt(plaintext(size), [IDENTITY.recipient], SeededEntropy())

    assert age("-d", "-i", key_file, given=data) == plaintext(size)
    assert age("-d", "-i", key_file, given=armor(data)) == plaintext(size)


@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_age_seals(size: int) -> None:
    data = age("-r", str(IDENTITY.recipient), given=plaintext(size))
    text = age("-a", "-r", str(IDENTITY.recipient), given=plaintext(size))

    assert decrypt(data, [IDENTITY]) == plaintext(size)
    assert decrypt(dearmor(text), [IDENTITY]) == plaintext(size)
    assert armor(dearmor(text)) == text


def test_files_sealed_and_opened_by_threads_agree_with_age(key_file: Path, tmp_path: Path) -> None:
    plain = plaintext(5_000_000)
    (tmp_path / "plain").write_bytes(plain)
    entropy = SeededEntropy()
    file_key = entropy(16)
    with (tmp_path / "plain").open("rb") as source, (tmp_path / "ours.age").open("wb") as sink:
        sink.write(wrap(file_key, [IDENTITY.recipient], entropy))
        encrypt_file(file_key, entropy(16), source, sink)
    age("-r", str(IDENTITY.recipient), "-o", tmp_path / "theirs.age", tmp_path / "plain")
    with (tmp_path / "theirs.age").open("rb") as source, (tmp_path / "back").open("wb") as sink:
        header, _ = read_header(source)
        decrypt_file(unwrap(header, [IDENTITY]), source, sink)

    assert age("-d", "-i", key_file, tmp_path / "ours.age") == plain
    assert (tmp_path / "back").read_bytes() == plain


@pytest.mark.parametrize("pad_to", [None, 4096])
def test_age_finds_its_recipient_among_several_and_past_the_padding(pad_to: int | None, key_file: Path) -> None:
    data = encrypt(b"plain", [IDENTITY.recipient], SeededEntropy())
    header, size = parse_header(data)
    others = [X25519Identity.generate(SeededEntropy(seed)).recipient for seed in range(10, 14)]
    file_key = unwrap(header, [IDENTITY])

    new_header = wrap(file_key, [*others, IDENTITY.recipient], SeededEntropy(6), pad_to=pad_to)

    assert age("-d", "-i", key_file, given=new_header + data[size:]) == b"plain"


def test_keys_are_the_ones_that_age_keygen_makes() -> None:
    made = subprocess.run([str(KEYGEN)], capture_output=True, check=True, text=True).stdout.splitlines()
    secret, public = made[-1], made[1].removeprefix("# public key: ")

    assert str(parse_identity(secret).recipient) == public
    assert str(parse_recipient(public)) == public
    derived = subprocess.run([str(KEYGEN), "-y"], input=IDENTITY.encode(), capture_output=True, check=True, text=True)
    assert derived.stdout.strip() == str(IDENTITY.recipient)


@pytest.mark.skipif(TERMINAL is None, reason="no program to give age a terminal for its passphrase")
def test_passphrase_files_open_both_ways(tmp_path: Path) -> None:
    passphrase = "correct horse battery"
    (tmp_path / "ours.age").write_bytes(encrypt(b"ours", [ScryptRecipient(passphrase, 10)], SeededEntropy()))
    (tmp_path / "plain").write_bytes(b"theirs")

    def on_terminal(command: str, typed: str) -> None:
        subprocess.run(
            [str(TERMINAL), "-qec", command, "/dev/null"],
            input=typed.encode(),
            capture_output=True,
            check=True,
            cwd=tmp_path,
            timeout=60,
        )

    on_terminal(f"{AGE} -d -o ours.txt ours.age", passphrase + "\n")
    on_terminal(f"{AGE} -p -o theirs.age plain", (passphrase + "\n") * 2)

    assert (tmp_path / "ours.txt").read_bytes() == b"ours"
    assert decrypt((tmp_path / "theirs.age").read_bytes(), [ScryptIdentity(passphrase)]) == b"theirs"
