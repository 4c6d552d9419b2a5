from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from threading import Event, get_ident
from typing import BinaryIO

import pytest

from dsadesk.age import (
    AgeError,
    HeaderError,
    PayloadError,
    PayloadInfo,
    decrypt_file,
    decrypt_payload,
    encrypt_file,
    encrypt_payload,
    payload_size,
)
from dsadesk.age.chunks import CHUNK_SIZE, SEALED_CHUNK_SIZE
from dsadesk.age.parallel import (
    PLAIN_BATCH_SIZE,
    SEALED_BATCH_SIZE,
    SMALLEST_SHARED_SIZE,
    DescriptorFile,
    LockedFile,
    PositionalFile,
    decrypt_by_threads,
    encrypt_by_threads,
    positional,
    takes_offsets,
)
from dsadesk.age.payload import Digests, read_nonce
from tests.unit.age.seeded import plaintext

KEY = b"YELLOW SUBMARINE"
NONCE = bytes(range(16))
MIB = 1 << 20
SIZES = [0, 1, 65536, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 1, 5 * MIB + 70_000, 8 * MIB]
MEANS = [DescriptorFile, LockedFile]
Files = Callable[[BinaryIO], PositionalFile]
# Long enough for any machine; only a deadlock reaches it.
PATIENCE_SECONDS = 30


def sealed(plain: bytes) -> tuple[bytes, PayloadInfo]:
    sink = io.BytesIO()
    info = encrypt_payload(KEY, NONCE, io.BytesIO(plain), sink, sha256=True)
    return sink.getvalue(), info


def both() -> Digests:
    return Digests(NONCE, plain=True, cipher=True)


def threaded_decrypt(payload: bytes, folder: Path, files: Files = positional) -> PayloadInfo:
    (folder / "sealed").write_bytes(payload)
    with (folder / "sealed").open("rb") as source, (folder / "plain").open("wb") as sink:
        nonce = read_nonce(source)
        return decrypt_by_threads(KEY, nonce, source, sink, both(), files=files)


@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize("size", SIZES)
def test_threads_write_what_one_pass_writes(size: int, means: Files, tmp_path: Path) -> None:
    plain = plaintext(size)
    payload, info = sealed(plain)
    (tmp_path / "in").write_bytes(b"before" + plain)

    with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as sink:
        source.seek(6)
        sink.write(b"header")
        made = encrypt_by_threads(KEY, NONCE, source, sink, both(), files=means)
        sink.write(b"after")
        assert source.read() == b""
    assert made == info
    assert (tmp_path / "out").read_bytes() == b"header" + payload + b"after"

    assert threaded_decrypt(payload, tmp_path, means) == info
    assert (tmp_path / "plain").read_bytes() == plain


@pytest.mark.parametrize("size", [0, 1000, SMALLEST_SHARED_SIZE - 1, SMALLEST_SHARED_SIZE, 5 * MIB])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_file_of_any_size_goes_through_either_way(size: int, threads: int, tmp_path: Path) -> None:
    plain = plaintext(size)
    payload, info = sealed(plain)
    (tmp_path / "in").write_bytes(plain)

    with (tmp_path / "in").open("rb") as source, (tmp_path / "sealed").open("wb") as sink:
        assert encrypt_file(KEY, NONCE, source, sink, sha256=True, threads=threads) == info
        assert sink.tell() == len(payload)
    with (tmp_path / "sealed").open("rb") as source, (tmp_path / "out").open("wb") as sink:
        assert decrypt_file(KEY, source, sink, threads=threads, limit=size) == info
        assert sink.tell() == size

    assert (tmp_path / "sealed").read_bytes() == payload
    assert (tmp_path / "out").read_bytes() == plain


def test_sources_and_sinks_that_are_not_files_go_through_one_pass(tmp_path: Path) -> None:
    plain = plaintext(3 * MIB)
    payload, info = sealed(plain)
    (tmp_path / "in").write_bytes(plain)

    memory = io.BytesIO()
    with (tmp_path / "in").open("rb") as source:
        assert encrypt_file(KEY, NONCE, source, memory, sha256=True) == info
    assert memory.getvalue() == payload

    (tmp_path / "kept").write_bytes(b"kept")
    with (tmp_path / "kept").open("ab") as appending:
        decrypt_file(KEY, io.BytesIO(payload), appending)
    with (tmp_path / "kept").open("ab") as appending, (tmp_path / "in").open("rb") as source:
        encrypt_file(KEY, NONCE, source, appending)
    assert (tmp_path / "kept").read_bytes() == b"kept" + plain + payload


def test_a_sink_open_for_appending_is_never_shared(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as plain, (tmp_path / "file").open("ab") as appending:
        assert takes_offsets(plain)
        assert not takes_offsets(appending)
    with (tmp_path / "file").open("wb", buffering=0) as plain, (tmp_path / "file").open("ab", buffering=0) as appending:
        assert takes_offsets(plain)
        assert not takes_offsets(appending)
    assert not takes_offsets(io.BytesIO())


def test_a_pipe_is_not_taken_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(plaintext(10))
    read_end, write_end = os.pipe()
    with (tmp_path / "in").open("rb") as source, os.fdopen(write_end, "wb") as sink:
        encrypt_file(KEY, NONCE, source, sink)
    with os.fdopen(read_end, "rb") as piped, (tmp_path / "out").open("wb") as sink:
        decrypt_file(KEY, piped, sink)

    assert (tmp_path / "out").read_bytes() == plaintext(10)


def test_digests_are_left_out_where_nobody_wants_them(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(plaintext(3 * MIB))
    bare = PayloadInfo(3 * MIB, payload_size(3 * MIB), None, b"")

    with (tmp_path / "in").open("rb") as source, (tmp_path / "sealed").open("wb") as sink:
        assert encrypt_file(KEY, NONCE, source, sink, cipher_sha256=False) == bare
    with (tmp_path / "sealed").open("rb") as source, (tmp_path / "out").open("wb") as sink:
        assert decrypt_file(KEY, source, sink, sha256=False, cipher_sha256=False) == bare


def test_a_payload_larger_than_allowed_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(sealed(plaintext(3 * MIB))[0])
    with (tmp_path / "sealed").open("rb") as source, (tmp_path / "out").open("wb") as sink:
        with pytest.raises(PayloadError, match="payload-too-large"):
            decrypt_file(KEY, source, sink, limit=3 * MIB - 1)
        assert sink.tell() == 0


def test_a_file_cut_inside_the_nonce_is_a_malformed_header(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(NONCE[:15])
    with (
        (tmp_path / "sealed").open("rb") as source,
        (tmp_path / "out").open("wb") as sink,
        pytest.raises(HeaderError),
    ):
        decrypt_file(KEY, source, sink)


@pytest.mark.parametrize(
    "damage",
    [
        lambda payload: payload[:-1],
        lambda payload: payload[: 16 + 20 * SEALED_CHUNK_SIZE],
        lambda payload: payload[: 16 + 20 * SEALED_CHUNK_SIZE + 16],
        lambda payload: payload[: 16 + 2 * SEALED_BATCH_SIZE],
        lambda payload: payload[: 16 + 2 * SEALED_BATCH_SIZE + 7],
        lambda payload: payload + b"x",
        lambda payload: payload + payload[16:],
        lambda payload: payload[: 16 + SEALED_BATCH_SIZE] + payload[16:],
        lambda payload: payload[:100] + bytes([payload[100] ^ 1]) + payload[101:],
        lambda payload: payload[:3_000_000] + bytes([payload[3_000_000] ^ 1]) + payload[3_000_001:],
    ],
)
def test_a_damaged_payload_ends_as_in_one_pass_and_leaves_the_same_bytes(
    damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    damaged = damage(sealed(plaintext(5 * MIB))[0])
    released = io.BytesIO()
    with pytest.raises(PayloadError) as expected:
        decrypt_payload(KEY, io.BytesIO(damaged), released)

    with pytest.raises(PayloadError) as caught:
        threaded_decrypt(damaged, tmp_path)

    assert (caught.value.code, caught.value.fields) == (expected.value.code, expected.value.fields)
    assert (tmp_path / "plain").read_bytes() == released.getvalue()


class Gate(DescriptorFile):
    """Lets a read or write of one batch wait until another batch has been written."""

    def __init__(self, handle: BinaryIO, waits_at: int, opens_at: int, door: Event) -> None:
        super().__init__(handle)
        self._waits_at = waits_at
        self._opens_at = opens_at
        self._door = door
        self.threads: set[int] = set()

    def read_into(self, view: memoryview, offset: int) -> int:
        self.threads.add(get_ident())
        if offset == self._waits_at:
            assert self._door.wait(PATIENCE_SECONDS)
        return super().read_into(view, offset)

    def write_from(self, view: memoryview, offset: int) -> None:
        super().write_from(view, offset)
        if offset == self._opens_at:
            self._door.set()


def test_digests_are_in_file_order_though_the_second_batch_was_written_first(tmp_path: Path) -> None:
    plain = plaintext(3 * MIB + 1)
    payload, info = sealed(plain)
    (tmp_path / "in").write_bytes(plain)
    door = Event()
    gates: list[Gate] = []

    def gated(handle: BinaryIO) -> Gate:
        gates.append(Gate(handle, waits_at=0, opens_at=16 + SEALED_BATCH_SIZE, door=door))
        return gates[-1]

    with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as sink:
        assert encrypt_by_threads(KEY, NONCE, source, sink, both(), files=gated) == info

    assert (tmp_path / "out").read_bytes() == payload
    assert len(gates[0].threads) == 2


def test_the_first_damaged_batch_counts_though_a_later_one_failed_first(tmp_path: Path) -> None:
    plain = plaintext(4 * MIB)
    damaged = bytearray(sealed(plain)[0])
    damaged[16 + 3 * SEALED_CHUNK_SIZE] ^= 1
    damaged[16 + SEALED_BATCH_SIZE + 2 * SEALED_CHUNK_SIZE] ^= 1
    door = Event()

    with pytest.raises(PayloadError, match="payload-chunk-damaged chunk=3"):
        threaded_decrypt(bytes(damaged), tmp_path, lambda handle: Gate(handle, 16, PLAIN_BATCH_SIZE, door))

    assert (tmp_path / "plain").read_bytes() == plain[: 3 * CHUNK_SIZE]


class Broken(Gate):
    """Fails where the gate would let through."""

    def read_into(self, view: memoryview, offset: int) -> int:
        count = super().read_into(view, offset)
        if offset == self._waits_at:
            raise OSError("the disk is gone")
        return count


def test_a_failing_disk_frees_the_thread_that_waits_for_its_turn(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(plaintext(4 * MIB))
    door = Event()

    with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as sink:
        sink.write(b"header")
        with pytest.raises(OSError, match="the disk is gone"):
            encrypt_by_threads(
                KEY, NONCE, source, sink, both(), files=lambda handle: Broken(handle, 0, 22 + SEALED_BATCH_SIZE, door)
            )

    assert (tmp_path / "out").read_bytes() == b"header"


class Shrunk(DescriptorFile):
    """A file that lost its end after it was measured."""

    def read_into(self, view: memoryview, offset: int) -> int:
        return min(super().read_into(view, offset), max(0, 3 * MIB - offset))


def test_a_source_that_becomes_shorter_is_noticed_and_nothing_is_left(tmp_path: Path) -> None:
    plain = plaintext(4 * MIB)
    (tmp_path / "in").write_bytes(plain)

    with (
        (tmp_path / "in").open("rb") as source,
        (tmp_path / "out").open("wb") as sink,
        pytest.raises(AgeError, match="source-changed"),
    ):
        encrypt_by_threads(KEY, NONCE, source, sink, both(), files=Shrunk)
    assert (tmp_path / "out").read_bytes() == b""

    with pytest.raises(AgeError, match="source-changed"):
        threaded_decrypt(sealed(plain)[0], tmp_path, Shrunk)
    assert (tmp_path / "plain").read_bytes() == b""


def test_the_best_means_of_this_system_is_chosen(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as handle:
        assert isinstance(positional(handle), DescriptorFile if hasattr(os, "preadv") else LockedFile)


@pytest.mark.parametrize("means", MEANS)
def test_a_positional_file_reads_as_far_as_there_is_something(means: Files, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    with (tmp_path / "file").open("rb") as handle:
        view = memoryview(bytearray(4))
        assert means(handle).read_into(view, 8) == 2
        assert bytes(view[:2]) == b"89"


def test_memory_is_that_of_the_batches_however_long_the_file(tmp_path: Path) -> None:
    size = 48 * MIB
    with (tmp_path / "in").open("wb") as handle:
        handle.truncate(size)
    tracemalloc.start()
    try:
        with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as sink:
            made = encrypt_file(KEY, NONCE, source, sink, sha256=True)
        with (tmp_path / "out").open("rb") as source, (tmp_path / "back").open("wb") as sink:
            assert decrypt_file(KEY, source, sink) == made
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert made.plain_sha256 == hashlib.sha256(bytes(size)).digest()
    assert peak < 6 * MIB
