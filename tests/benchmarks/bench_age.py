"""Measures the age library against the age program and others on the same file in the same run.

Run as `python -m tests.benchmarks.bench_age`: one JSON object a line. `ours` and `peer` are medians of five interleaved
rounds in seconds, `cpu` and `peer_cpu` the processor seconds of each (user and system, threads and child processes together),
`ratio` is peer / ours (above one: we are faster), `target` the least that it should be on two free cores and `within` whether it was.
`load` is the machine's load average when the row was done: with more than one or two, threads have no second core, and only the processor
seconds say anything. Files lie on /dev/shm where it has room, else in the folder for temporary files. DSADESK_BENCH_MIB sets the size of the
large file (1024). Only ratios of one run can be compared with others. A peer that is not installed gives null; pyrage is looked for in the
Python that DSADESK_PYRAGE names, for it is no part of this project. Programs include their own start; ours runs inside a process that
is already there, as it does in the desktop.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

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


class Taken(NamedTuple):
    """Seconds on the wall, and of processors."""

    wall: float
    cpu: float


PYRAGE = """
import sys, pyrage
recipient = pyrage.x25519.Recipient.from_str(sys.argv[1])
pyrage.encrypt_file(sys.argv[2], sys.argv[3], [recipient])
"""
MEMORY = """
import os, sys
from pathlib import Path
from dsadesk.age import decrypt_file, encrypt_file

def peak():
    # Of this program alone; what getrusage tells still knows the program that started it.
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))

def there_and_back(path):
    with open(path, "rb") as source, open(sys.argv[2], "w+b") as sink:
        encrypt_file(bytes(16), bytes(16), source, sink, sha256=True, cipher_sha256=False)
        sink.seek(0)
        with open(sys.argv[2] + ".plain", "w+b") as plain:
            decrypt_file(bytes(16), sink, plain, cipher_sha256=False)
            assert plain.tell() == os.path.getsize(path)

there_and_back(sys.argv[3])  # whatever is loaded on first use is loaded before it counts
idle = peak()
there_and_back(sys.argv[1])
print(peak() - idle)
"""


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

    def openssl_digest(self) -> None:
        command = ["openssl", "dgst", "-sha256", str(self.plain)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def gpg_encrypt(self) -> None:
        home = self.out.parent / "gpg"
        home.mkdir(mode=0o700, exist_ok=True)
        flags = ["--homedir", str(home), "--batch", "--pinentry-mode", "loopback", "--passphrase", "x", "-z0"]
        command = ["gpg", "--quiet", *flags, "--cipher-algo", "AES256", "-c", "-o", str(self.out), str(self.plain)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

    def pyrage_encrypt(self) -> None:
        arguments = [str(self.identity.recipient), str(self.plain), str(self.out)]
        subprocess.run([pyrage_python(), "-c", PYRAGE, *arguments], check=True)

    def timed(self, act: Act) -> Taken:
        self.out.unlink(missing_ok=True)
        start, busy = perf_counter(), processor_seconds()
        act()
        return Taken(perf_counter() - start, processor_seconds() - busy)

    def rows(self, ours: Mapping[str, Act], peer: Act) -> list[Row]:
        """A row for each of our acts beside the one act of the age program, all in the same rounds."""
        pairs = [Pair(name, act, "age", peer if self.age else None) for name, act in ours.items()]
        return self.compare(pairs)

    def compare(self, pairs: list[Pair]) -> list[Row]:
        """A row for each pair. Each act is done once in a round, however many pairs it stands in."""
        acts = {id(act): act for pair in pairs for act in (pair.ours, pair.peer) if act is not None}
        times: dict[int, list[Taken]] = {number: [] for number in acts}
        for _ in range(ROUNDS):
            for number, act in acts.items():
                times[number].append(self.timed(act))
        middle = {
            number: Taken(median(each.wall for each in taken), median(each.cpu for each in taken))
            for number, taken in times.items()
        }
        return [pair.row(middle) for pair in pairs]


class Pair(NamedTuple):
    """An act of ours, the act that it is compared with, and the least ratio that it should have."""

    name: str
    ours: Act
    against: str
    peer: Act | None
    target: float | None = None

    def row(self, taken: Mapping[int, Taken]) -> Row:
        """One line of JSON."""
        ours, peer = taken[id(self.ours)], None if self.peer is None else taken[id(self.peer)]
        ratio = None if peer is None else round(peer.wall / ours.wall, 2)
        return {
            "name": self.name,
            "ours": round(ours.wall, 6),
            "peer": None if peer is None else round(peer.wall, 6),
            "ratio": ratio,
            "unit": "s",
            "against": self.against if peer is not None else f"{self.against} is not installed",
            "cpu": round(ours.cpu, 3),
            "peer_cpu": None if peer is None else round(peer.cpu, 3),
            "target": self.target,
            "within": None if self.target is None or ratio is None else ratio >= self.target,
            "load": round(os.getloadavg()[0], 1),
        }


def processor_seconds() -> float:
    """Of this process and of the children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def pyrage_python() -> str:
    """A Python that has pyrage, or ""."""
    python = os.environ.get("DSADESK_PYRAGE", sys.executable)
    found = subprocess.run([python, "-c", "import pyrage"], check=False, capture_output=True)
    return python if found.returncode == 0 else ""


def memory(bench: Bench) -> Row:
    """How much more memory encrypting and decrypting the large file takes than a small one, in a process of its own."""
    name = f"memory above idle, {bench.mib} MiB encrypted and decrypted by two threads with the digest"
    if not Path("/proc/self/status").exists():
        return {"name": name, "ours": None, "peer": 8, "ratio": None, "unit": "MiB", "target": 8, "within": None}
    paths = [str(bench.plain), str(bench.out), str(bench.small)]
    told = subprocess.run([sys.executable, "-c", MEMORY, *paths], check=True, capture_output=True, text=True)
    mib = int(told.stdout) / 1024
    return {
        "name": name,
        "ours": round(mib, 1),
        "peer": 8,
        "ratio": None,
        "unit": "MiB",
        "target": 8,
        "within": mib <= 8,
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


def large(bench: Bench) -> list[Row]:
    """The large file: each thing that the program does with it, against each peer, in the same rounds."""
    size, tools = f"{bench.mib} MiB", {name: shutil.which(name) for name in ("openssl", "gpg")}

    def by_age() -> None:
        bench.age_encrypt(bench.plain)

    def by_age_back() -> None:
        bench.age_decrypt(bench.sealed)

    def plain() -> None:
        bench.encrypt(threads=2)

    def attach() -> None:
        bench.encrypt(threads=2, plain=True)

    def back() -> None:
        bench.decrypt(threads=2)

    age = by_age if bench.age else None
    pyrage = bench.pyrage_encrypt if pyrage_python() else None
    gpg = bench.gpg_encrypt if tools["gpg"] else None
    digest = bench.openssl_digest if tools["openssl"] else None
    return bench.compare(
        [
            Pair(f"encrypt {size}", plain, "age", age, 1.9),
            Pair(f"encrypt {size}", plain, "pyrage", pyrage, 2.7),
            Pair(f"encrypt {size}", plain, "gpg", gpg, 4.0),
            Pair(f"attach {size}: encrypt and digest in one pass", attach, "age without a digest", age, 1.15),
            Pair(f"attach {size}: encrypt and digest in one pass", attach, "openssl dgst -sha256", digest, 0.83),
            Pair(f"encrypt {size}, one thread", lambda: bench.encrypt(threads=1), "age", age),
            Pair(
                f"encrypt {size}, both digests", lambda: bench.encrypt(threads=2, plain=True, cipher=True), "age", age
            ),
            Pair(f"decrypt {size}", back, "age", by_age_back if bench.age else None, 2.4),
            Pair(
                f"decrypt {size}, plaintext digest",
                lambda: bench.decrypt(threads=2, plain=True),
                "age",
                by_age_back if bench.age else None,
            ),
        ]
    )


def measure(bench: Bench) -> list[Row]:
    """Groups of rows; within a group everything is measured in the same rounds."""
    size = f"{bench.mib} MiB"
    return [
        *large(bench),
        memory(bench),
        *bench.rows(
            {f"age read 4 KiB of {size} (age: decrypt all)": bench.read_one_place},
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
