"""Hybrid files pass both ways between this library and the JavaScript one (`age-encryption`, by age's author).

To run these: copy tests/vectors/node to a directory outside the project, run `npm ci` there, and name the directory in
the environment variable DSADESK_AGE_NODE.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dsadesk.age import HybridIdentity, X25519Identity, decrypt, encrypt
from tests.unit.age.seeded import SeededEntropy, plaintext

NODE = shutil.which("node")
FOLDER = Path(os.environ.get("DSADESK_AGE_NODE", "/nonexistent"))
PROGRAM = (Path(__file__).parent / "node" / "typage.mjs").read_text()
IDENTITIES: list[X25519Identity | HybridIdentity] = [
    X25519Identity.generate(SeededEntropy(3)),
    HybridIdentity.generate(SeededEntropy(4)),
]

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (FOLDER / "node_modules" / "age-encryption").is_dir(),
        reason="DSADESK_AGE_NODE names no folder with the age-encryption package",
    ),
]


def javascript(act: str, key: str, given: bytes = b"") -> bytes:
    return subprocess.run(
        [str(NODE), "--input-type=module", "--eval", PROGRAM],
        input=given,
        capture_output=True,
        check=True,
        cwd=FOLDER,
        env={"PATH": os.environ["PATH"], "AGE_ACT": act, "AGE_KEY": key},
    ).stdout


@pytest.mark.parametrize("identity", IDENTITIES, ids=["x25519", "hybrid"])
def test_both_derive_the_same_recipient_from_an_identity(identity: X25519Identity | HybridIdentity) -> None:
    assert javascript("recipient", identity.encode()).decode() == str(identity.recipient)


@pytest.mark.parametrize("identity", IDENTITIES, ids=["x25519", "hybrid"])
@pytest.mark.parametrize("size", [0, 1, 65536, 200_000])
def test_files_pass_both_ways(identity: X25519Identity | HybridIdentity, size: int) -> None:
    plain = plaintext(size)
    ours = encrypt(plain, [identity.recipient], SeededEntropy())

    assert javascript("decrypt", identity.encode(), ours) == plain
    assert decrypt(javascript("encrypt", str(identity.recipient), plain), [identity]) == plain
