"""Measures the age library against the age program on the same file in the same run.

Run as `python -m tests.benchmarks.bench_age`: one JSON object a line. `ours` and `peer` are medians of five interleaved
rounds, `ratio` is peer / ours (above one: we are faster). Files lie on /dev/shm where it has room, else in the folder for
temporary files. DSADESK_BENCH_MIB sets the size of the large file (1024). Only ratios of one run can be compared with
others. Without the age program `peer` and `ratio` are null. The age program includes its own start; ours runs inside a
process that is already there, as it does in the desktop.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from dsadesk.age import (
    HybridIdentity,
    PayloadReader,
    X25519Identity,
    decrypt,
    decrypt_file,
    decrypt_payload,
    encrypt,
    encrypt_file,
    encrypt_payload,
    payload_size,
    read_header,
    unwrap,
    wrap,
)

ROUNDS = 5
MIB = 1 << 20
DEFAULT_MIB = 1024
# Plaintext, our file, the program's file and one output lie there at once.
COPIES = 4
SMALL = 4096

Act = Callable[[], object]
Row = dict[str, Any]


class Bench:
    """One folder with the files to work on, and the acts to be measured."""

    def __init__(self, folder: Path, mib: int) -> None:
        self.mib = mib
        self.plain = folder / "plain"
        self.small = folder / "small"
        self.small_sealed = folder / "small.age"
        self.sealed = folder / "sealed.age"
        self.out = folder / "out"
        self.key_file = folder / "key"
        self.age = shutil.which("age")
        self.identity = X25519Identity.generate(os.urandom)
        self.hybrids = [HybridIdentity.generate(os.urandom) for _ in range(5)]
        self.others = [X25519Identity.generate(os.urandom) for _ in range(4)]
        self.file_key = os.urandom(16)

    def prepare(self) -> None:
        self.key_file.write_text(self.identity.encode() + "\n")
        with self.plain.open("wb") as handle:
            for _ in range(self.mib):
                handle.write(os.urandom(MIB))
        self.small.write_bytes(os.urandom(SMALL))
        self.small_sealed.write_bytes(encrypt(self.small.read_bytes(), [self.identity.recipient], os.urandom))
        self.encrypt(threads=2)
        self.out.rename(self.sealed)

    def encrypt(self, *, threads: int, plain: bool = False, cipher: bool = False) -> None:
        act = encrypt_file if threads > 1 else encrypt_payload
        with self.plain.open("rb") as source, self.out.open("wb") as sink:
            sink.write(wrap(self.file_key, [self.identity.recipient], os.urandom))
            act(self.file_key, os.urandom(16), source, sink, sha256=plain, cipher_sha256=cipher)

    def decrypt(self, *, threads: int, plain: bool = False, cipher: bool = False) -> None:
        act = decrypt_file if threads > 1 else decrypt_payload
        with self.sealed.open("rb") as source, self.out.open("wb") as sink:
            header, _ = read_header(source)
            act(unwrap(header, [self.identity]), source, sink, sha256=plain, cipher_sha256=cipher)

    def encrypt_small(self) -> None:
        self.out.write_bytes(encrypt(self.small.read_bytes(), [self.identity.recipient], os.urandom))

    def decrypt_small(self) -> None:
        self.out.write_bytes(decrypt(self.small_sealed.read_bytes(), [self.identity]))

    def seal_header(self) -> None:
        self.out.write_bytes(wrap(self.file_key, [hybrid.recipient for hybrid in self.hybrids], os.urandom))

    def read_one_place(self) -> None:
        size = payload_size(self.mib * MIB)
        with self.sealed.open("rb") as source:
            header, offset = read_header(source)
            reader = PayloadReader(unwrap(header, [self.identity]), source, offset, size)
            reader.seek(self.mib * MIB * 7 // 10)
            reader.read(SMALL)

    def run_age(self, source: Path, *arguments: str | Path) -> None:
        subprocess.run([str(self.age), *map(str, arguments), "-o", str(self.out), str(source)], check=True)

    def age_encrypt(self, source: Path, *others: X25519Identity) -> None:
        recipients = [str(identity.recipient) for identity in (self.identity, *others)]
        self.run_age(source, *(word for recipient in recipients for word in ("-r", recipient)))

    def age_decrypt(self, source: Path) -> None:
        self.run_age(source, "-d", "-i", self.key_file)

    def timed(self, act: Act) -> float:
        self.out.unlink(missing_ok=True)
        start = perf_counter()
        act()
        return perf_counter() - start

    def rows(self, ours: Mapping[str, Act], peer: Act) -> list[Row]:
        """A row for each of our acts beside the one act of the age program, all in the same rounds."""
        theirs: list[float] = []
        times: dict[str, list[float]] = {name: [] for name in ours}
        for _ in range(ROUNDS):
            if self.age:
                theirs.append(self.timed(peer))
            for name, act in ours.items():
                times[name].append(self.timed(act))
        reference = median(theirs) if theirs else None
        return [row(name, median(taken), reference) for name, taken in times.items()]


def row(name: str, ours: float, peer: float | None) -> Row:
    ratio = None if peer is None else round(peer / ours, 2)
    return {
        "name": name,
        "ours": round(ours, 6),
        "peer": None if peer is None else round(peer, 6),
        "ratio": ratio,
        "unit": "s",
    }


def place(mib: int) -> Path | None:
    """The folder in memory where it has room for all files, else None for the usual one."""
    memory = Path("/dev/shm")  # noqa: S108  # a bench writes to memory on purpose
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > COPIES * mib * MIB else None


def run() -> list[Row]:
    """All rows; the large file is made, measured and removed."""
    mib = int(os.environ.get("DSADESK_BENCH_MIB", DEFAULT_MIB))
    with tempfile.TemporaryDirectory(prefix="dsadesk-bench-", dir=place(mib)) as folder:
        bench = Bench(Path(folder), mib)
        bench.prepare()
        return measure(bench)


def measure(bench: Bench) -> list[Row]:
    """Five groups; within a group everything is measured in the same rounds."""
    size = f"{bench.mib} MiB"
    return [
        *bench.rows(
            {
                f"age encrypt {size}, two threads": lambda: bench.encrypt(threads=2),
                f"age encrypt {size}, one thread": lambda: bench.encrypt(threads=1),
                f"age encrypt {size}, two threads, plaintext digest": lambda: bench.encrypt(threads=2, plain=True),
                f"age encrypt {size}, two threads, both digests": lambda: bench.encrypt(
                    threads=2, plain=True, cipher=True
                ),
            },
            lambda: bench.age_encrypt(bench.plain),
        ),
        *bench.rows(
            {
                f"age decrypt {size}, two threads": lambda: bench.decrypt(threads=2),
                f"age decrypt {size}, one thread": lambda: bench.decrypt(threads=1),
                f"age decrypt {size}, two threads, plaintext digest": lambda: bench.decrypt(threads=2, plain=True),
                f"age decrypt {size}, two threads, both digests": lambda: bench.decrypt(
                    threads=2, plain=True, cipher=True
                ),
                f"age read 4 KiB of {size} (age: decrypt all)": bench.read_one_place,
            },
            lambda: bench.age_decrypt(bench.sealed),
        ),
        *bench.rows(
            {f"age seal {size} to five by header (age: encrypt to five)": bench.seal_header},
            lambda: bench.age_encrypt(bench.plain, *bench.others),
        ),
        *bench.rows({"age encrypt 4 KiB": bench.encrypt_small}, lambda: bench.age_encrypt(bench.small)),
        *bench.rows({"age decrypt 4 KiB": bench.decrypt_small}, lambda: bench.age_decrypt(bench.small_sealed)),
    ]


if __name__ == "__main__":
    for line in run():
        print(json.dumps(line))
