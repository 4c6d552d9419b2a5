"""The commands of docs/opening-without-dsadesk.md, run as they stand against a bundle that the program made.

With node and the package age-encryption (docs/formats/age.md says how tests find it) or with age 1.3 they also decrypt; without either, our own
library stands in for that one step, and everything after it runs all the same.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from dsadesk import age
from dsadesk.bootstrap import make_desk
from dsadesk.bundle.container import README, BundleFile
from dsadesk.cli.inbox_key import locked_inbox_key
from dsadesk.cli.main import run as run_command
from dsadesk.services import exchanging, handing_over
from dsadesk.services.exchanging import Exchange
from tests.support.desks import PASSPHRASE, ROOT, SAMPLE, WORK_FACTOR, Pair, sealed_request, two_desks

DOCUMENT = (ROOT / "docs/opening-without-dsadesk.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh ?(\S*)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
VERIFIED = "Signature Verified Successfully"
KEY_PASSPHRASE = "nine green bottles on a wall"
NODE_FOLDER = Path(os.environ.get("DSADESK_AGE_NODE", "/nonexistent"))
TERMINAL = shutil.which("script")


def version_of(program: str, *arguments: str) -> tuple[int, ...]:
    """A program's version, () when it is not installed."""
    if shutil.which(program) is None:
        return ()
    said = subprocess.run([program, *arguments], capture_output=True, check=True, text=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else ()


AGE, OPENSSL, NODE = version_of("age", "--version"), version_of("openssl", "version"), version_of("node", "--version")
HAS_PACKAGE = NODE >= (20,) and (NODE_FOLDER / "node_modules/age-encryption").is_dir()
WAYS = {
    "ours": "",
    "node": "" if HAS_PACKAGE else "DSADESK_AGE_NODE names no folder with the age-encryption package",
    "age": "" if AGE >= (1, 3) and TERMINAL else "age 1.3 or newer, which knows hybrid keys, is not installed",
}

pytestmark = pytest.mark.skipif(
    OPENSSL < (3, 0) or not all(map(shutil.which, ("bash", "unzip", "python3"))),
    reason="openssl 3, bash, unzip and python3 are needed",
)


@dataclass
class Walk:
    """A folder in which the document was followed, and what its commands printed."""

    folder: Path
    way: str
    fingerprint: str
    said: str = ""

    def run(self, script: str, typed: str = "") -> str:
        """Runs a block. Raises: CalledProcessError."""
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", script],
            input=typed,
            capture_output=True,
            check=True,
            cwd=self.folder,
            text=True,
            timeout=120,
        )
        return done.stdout

    def follow(self) -> None:
        """Runs every block that can be run here, in order."""
        for tag, script in BLOCKS:
            match tag:
                case "":
                    self.said += self.run(script)
                    if self.way == "ours":
                        self.decrypt_by_our_library()
                case "node" if self.way == "node":
                    self.said += self.run(script, f"{KEY_PASSPHRASE}\n")
                case "age" if self.way == "age":
                    self.said += self.run_on_terminal(script)
                case "openssl-3.5" if OPENSSL >= (3, 5):
                    self.said += self.run(script)
                case "node" | "age" | "openssl-3.5" | "install":
                    continue
                case _:
                    pytest.fail(f"what is a block of {tag}?")

    def run_on_terminal(self, script: str) -> str:
        """For age, which asks for a passphrase on a terminal, once a file."""
        (self.folder / "block.sh").write_text(script, "utf-8")
        command = [str(TERMINAL), "-qec", "bash -eu block.sh", "/dev/null"]
        typed = f"{KEY_PASSPHRASE}\n" * script.count("age -d ")
        return subprocess.run(
            command, input=typed, capture_output=True, check=True, cwd=self.folder, text=True, timeout=120
        ).stdout

    def decrypt_by_our_library(self) -> None:
        """In place of what node or age would open next: what is there and not open yet."""
        sealed = {"bundle/m.age": "envelope.json", "bundle/a/0001.age": "0001.sample", "parts.age": "parts.json"}
        wanted = {
            name: opened
            for name, opened in sealed.items()
            if (self.folder / name).exists() and not (self.folder / opened).exists()
        }
        if not wanted:
            return
        locked = (self.folder / "inbox-key.age").read_bytes()
        keys = age.decrypt(age.dearmor(locked), (age.ScryptIdentity(KEY_PASSPHRASE),)).decode().splitlines()
        identities = [age.parse_identity(line) for line in keys if not line.startswith("#")]
        for source, target in wanted.items():
            (self.folder / target).write_bytes(age.decrypt((self.folder / source).read_bytes(), identities))


def copy_delivery(pair: Pair, folder: Path) -> None:
    """What lies in the supplier's inbox, as the document has it copied from there."""
    store = pair.stores.open("inbox-of-supplier")
    for name in store.list("dsa1/"):
        _, _, kind, *place = name.split("/")
        copy = folder / "commit" if kind == "n" else folder.joinpath(kind, *place)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(store.get(name, 64 * 1024 * 1024))


@pytest.fixture(scope="module", params=WAYS)
def walk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    if WAYS[request.param]:
        pytest.skip(WAYS[request.param])
    folder = tmp_path_factory.mktemp(request.param)
    pair = two_desks()
    sealed_request(pair)
    item = pair.asks.vault.outbox.all()[0]
    with (folder / "request.dsabundle").open("wb") as sink:
        handing_over.export_bundle(pair.asks, item, sink)
    exchanging.send_all(pair.asks, Exchange())
    copy_delivery(pair, folder)
    (folder / "sender.card").write_bytes(pair.asks.card_bytes)
    (folder / "inbox-key.age").write_bytes(locked_inbox_key(pair.holds, KEY_PASSPHRASE))
    if request.param == "node":
        (folder / "node_modules").symlink_to(NODE_FOLDER / "node_modules")
    walked = Walk(folder, request.param, pair.asks.card.fingerprint)
    walked.follow()
    yield walked
    shutil.rmtree(folder)


def test_the_commands_of_the_document_open_and_verify_a_real_bundle(walk: Walk) -> None:
    assert f"fingerprint: {walk.fingerprint}" in walk.said
    assert "manifest: application/vnd.dsadesk.bundle.v1+json" in walk.said
    assert "card: application/vnd.dsadesk.card.v1+json" in walk.said
    assert "signed by:   Priya Shah - Regional analyst - Public Health Wales" in walk.said
    assert "sealed for:  environment-agency" in walk.said
    assert "as signed" in walk.said
    assert '"type": "RequestSubmitted"' in walk.said
    assert "the same manifest and samples as in the file" in walk.said
    assert (walk.folder / "0001.sample").read_bytes() == SAMPLE.read_bytes()
    classic = 3  # the card, the manifest and one event
    post_quantum = 2 * (walk.way == "node") + 2 * (OPENSSL >= (3, 5))
    assert walk.said.count(VERIFIED) == classic + post_quantum


@pytest.mark.parametrize("name", ["manifest", "card", "event-1"])
def test_openssl_notices_a_letter_that_was_changed(walk: Walk, name: str) -> None:
    key = "organisation" if name == "card" else "laptop"
    signed = (walk.folder / f"{name}.signed").read_bytes()
    (walk.folder / "changed.signed").write_bytes(signed[:-2] + bytes([signed[-2] ^ 1]) + signed[-1:])
    command = f"openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey {key}.ed25519.der -sigfile {name}.ed25519.sig"
    assert VERIFIED in walk.run(f"{command} -in {name}.signed")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        walk.run(f"{command} -in changed.signed")
    assert VERIFIED not in caught.value.stdout


def test_a_sample_that_was_changed_is_noticed(walk: Walk) -> None:
    path = walk.folder / "0001.sample"
    right = path.read_bytes()
    path.write_bytes(right[:-1] + b"9")
    with pytest.raises(subprocess.CalledProcessError, match=r"samples\.py"):
        walk.run("python3 samples.py")
    path.write_bytes(right)


@pytest.mark.parametrize(("key", "name"), [("organisation", "card"), ("laptop", "manifest")])
def test_the_post_quantum_files_are_what_a_library_reads(walk: Walk, key: str, name: str) -> None:
    """Where neither OpenSSL 3.5 nor node is at hand to run the last step itself."""
    public = load_der_public_key((walk.folder / f"{key}.mldsa65.der").read_bytes())
    assert isinstance(public, MLDSA65PublicKey)
    public.verify((walk.folder / f"{name}.mldsa65.sig").read_bytes(), (walk.folder / f"{name}.signed").read_bytes())


def test_the_text_inside_each_bundle_gives_the_same_commands(walk: Walk) -> None:
    inside = [line.strip() for line in README.decode().splitlines() if line.startswith("    ")]
    assert inside[0].startswith("unzip ")
    assert inside[1] in DOCUMENT
    assert (walk.folder / "bundle/README.txt").read_bytes() == README


# ---------------------------------------------------------------- the key


def test_the_key_is_written_locked_by_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = {"vault.pass": PASSPHRASE, "key.pass": KEY_PASSPHRASE, "short.pass": "short"}
    for name, text in secrets.items():
        (tmp_path / name).write_text(text + "\n", "utf-8")

    def command(*words: str) -> int:
        start = ["--vault", str(tmp_path / "vault"), "--passphrase-file", str(tmp_path / "vault.pass")]
        return run_command([*start, *words], lambda vault: make_desk(vault, work_factor=WORK_FACTOR))

    who = ("--organisation", "environment-agency", "--organisation-name", "Environment Agency", "--name", "Gwen", "--post", "Owner")  # fmt: skip
    assert command("vault", "init", *who) == 0
    target = tmp_path / "inbox-key.age"
    export = ("keys", "export-inbox-key", str(target), "--key-passphrase-file")
    assert command(*export, str(tmp_path / "short.pass")) == 3
    assert not target.exists()
    assert command(*export, str(tmp_path / "key.pass")) == 0
    written = target.read_bytes()
    assert written.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
    assert "AGE-SECRET-KEY" not in "".join(capsys.readouterr())
    plain = age.decrypt(age.dearmor(written), (age.ScryptIdentity(KEY_PASSPHRASE),))
    assert plain.count(b"\nAGE-SECRET-KEY-PQ-1") == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"AGE-SECRET-KEY" in path.read_bytes()]


def test_the_key_opens_what_is_sent_to_the_inbox_and_signs_nothing() -> None:
    pair = two_desks()
    sealed_request(pair)
    sink = io.BytesIO()
    handing_over.export_bundle(pair.asks, pair.asks.vault.outbox.all()[0], sink)
    plain = age.decrypt(
        age.dearmor(locked_inbox_key(pair.holds, KEY_PASSPHRASE)), (age.ScryptIdentity(KEY_PASSPHRASE),)
    ).decode()
    (key,) = [line for line in plain.splitlines() if not line.startswith("#")]
    assert age.decrypt(BundleFile(sink).sealed, (age.parse_identity(key),)).startswith(b'{"payload":')
    assert len([line for line in plain.splitlines() if line]) == 3


@pytest.mark.skipif(not AGE or TERMINAL is None, reason="age, or a program to give it a terminal, is not installed")
def test_any_age_unlocks_the_key_file(tmp_path: Path) -> None:
    (tmp_path / "inbox-key.age").write_bytes(locked_inbox_key(two_desks().holds, KEY_PASSPHRASE))
    subprocess.run(
        [str(TERMINAL), "-qec", "age -d -o inbox-key.txt inbox-key.age", "/dev/null"],
        input=f"{KEY_PASSPHRASE}\n".encode(),
        capture_output=True,
        check=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert "\nAGE-SECRET-KEY-PQ-1" in (tmp_path / "inbox-key.txt").read_text("utf-8")
