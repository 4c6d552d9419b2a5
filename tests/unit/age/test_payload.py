from __future__ import annotations

import hashlib
import io
import tracemalloc

import pytest

from dsadesk.age import (
    HeaderError,
    PayloadError,
    PayloadInfo,
    PayloadReader,
    decrypt_payload,
    encrypt_payload,
    payload_size,
    plain_size,
)
from dsadesk.age.chunks import CHUNK_SIZE, SEALED_CHUNK_SIZE, ChunkCipher
from dsadesk.age.payload import write_all
from tests.unit.age.seeded import plaintext

KEY = b"YELLOW SUBMARINE"
NONCE = bytes(range(16))
MIB = 1 << 20
SIZES = [0, 1, 65535, 65536, 65537, 131072, 200_000, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 5]


class Trickle(io.RawIOBase):
    """A source that cannot seek and gives a few bytes at a time, and no `readinto` worth the name."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__()
        self._rest = io.BytesIO(data)
        self._step = step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer)  # type: ignore[call-overload]
        part = self._rest.read(min(self._step, len(view)))
        view[: len(part)] = part
        return len(part)


class ReadOnlyMethod:
    """A source with `read` and little else, as network libraries give them."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def seekable(self) -> bool:
        return False

    def read(self, size: int) -> bytes:
        return self._rest.read(min(size, 1000))


class Narrow(io.BytesIO):
    """A sink that takes at most so many bytes a call."""

    def write(self, data: object, /) -> int:
        return super().write(memoryview(data)[:1000])  # type: ignore[call-overload]


class Full(io.BytesIO):
    def write(self, data: object, /) -> int:
        return 0


def sealed(plain: bytes) -> bytes:
    sink = io.BytesIO()
    encrypt_payload(KEY, NONCE, io.BytesIO(plain), sink)
    return sink.getvalue()


def opened(payload: bytes, limit: int | None = None) -> bytes:
    sink = io.BytesIO()
    decrypt_payload(KEY, io.BytesIO(payload), sink, limit=limit)
    return sink.getvalue()


def chunks(*parts: tuple[int, bytes, bool]) -> bytes:
    """A payload of chunks sealed one by one with any number and flag."""
    data = bytearray(NONCE)
    for number, plain, last in parts:
        out = bytearray(len(plain) + 16)
        ChunkCipher(KEY, NONCE).seal(number, memoryview(plain), memoryview(out), last=last)
        data += out
    return bytes(data)


@pytest.mark.parametrize("size", SIZES)
def test_a_plaintext_comes_back_with_its_sizes_and_digests(size: int) -> None:
    plain, sink, back = plaintext(size), io.BytesIO(), io.BytesIO()

    info = encrypt_payload(KEY, NONCE, io.BytesIO(plain), sink, sha256=True)
    payload = sink.getvalue()

    assert info == PayloadInfo(size, len(payload), hashlib.sha256(plain).digest(), hashlib.sha256(payload).digest())
    assert decrypt_payload(KEY, io.BytesIO(payload), back) == info
    assert back.getvalue() == plain
    assert payload.startswith(NONCE)


@pytest.mark.parametrize("size", SIZES)
def test_sizes_are_known_beforehand(size: int) -> None:
    assert payload_size(size) == len(sealed(plaintext(size)))
    assert plain_size(payload_size(size)) == size


def test_an_empty_plaintext_is_one_empty_chunk() -> None:
    assert sealed(b"") == chunks((0, b"", True))
    assert len(sealed(b"")) == 32


@pytest.mark.parametrize("size", [0, 15, 16, 31, 65_569, 65_583, 65_584, 16 + 2 * 65_552 + 16])
def test_a_size_that_no_plaintext_gives_is_refused(size: int) -> None:
    with pytest.raises(PayloadError, match="payload-size-impossible"):
        plain_size(size)


def test_digests_are_left_out_where_nobody_wants_them() -> None:
    assert encrypt_payload(KEY, NONCE, io.BytesIO(b"x"), io.BytesIO(), cipher_sha256=False) == PayloadInfo(
        1, 33, None, b""
    )
    assert decrypt_payload(
        KEY, io.BytesIO(sealed(b"x")), io.BytesIO(), sha256=False, cipher_sha256=False
    ) == PayloadInfo(1, 33, None, b"")


@pytest.mark.parametrize("step", [1000, 65537, MIB])
def test_a_source_that_trickles_gives_the_same_payload(step: int) -> None:
    plain = plaintext(2 * MIB + 10)
    sink, back = io.BytesIO(), io.BytesIO()

    encrypt_payload(KEY, NONCE, io.BufferedReader(Trickle(plain, step)), sink)
    decrypt_payload(KEY, io.BufferedReader(Trickle(sink.getvalue(), step)), back)

    assert sink.getvalue() == sealed(plain)
    assert back.getvalue() == plain


def test_a_source_with_only_read_will_do() -> None:
    sink = io.BytesIO()

    encrypt_payload(KEY, NONCE, ReadOnlyMethod(plaintext(70_000)), sink)  # type: ignore[arg-type]

    assert sink.getvalue() == sealed(plaintext(70_000))


def test_a_source_that_grows_while_it_is_read_is_read_to_its_end() -> None:
    class Growing(io.BytesIO):
        def readinto(self, buffer: object, /) -> int:
            count = super().readinto(buffer)  # type: ignore[arg-type]
            if self.tell() < 300_000:
                position = self.tell()
                self.seek(0, io.SEEK_END)
                self.write(plaintext(300_000)[self.tell() : self.tell() + 100_000])
                self.seek(position)
            return count

    sink = io.BytesIO()
    encrypt_payload(KEY, NONCE, Growing(plaintext(10)), sink)

    assert sink.getvalue() == sealed(plaintext(300_000))


def test_a_sink_that_takes_a_part_at_a_time_gets_everything() -> None:
    sink = Narrow()

    encrypt_payload(KEY, NONCE, io.BytesIO(plaintext(70_000)), sink)

    assert sink.getvalue() == sealed(plaintext(70_000))


def test_a_sink_that_takes_nothing_is_an_error_and_not_a_loop() -> None:
    with pytest.raises(BlockingIOError):
        write_all(Full(), memoryview(b"x"))


def test_a_stream_is_read_from_where_it_stands() -> None:
    source, back = io.BytesIO(b"header" + sealed(b"plain")), io.BytesIO()
    source.seek(6)

    decrypt_payload(KEY, source, back)

    assert back.getvalue() == b"plain"


def test_a_payload_cut_at_any_place_is_refused() -> None:
    payload = sealed(plaintext(2 * CHUNK_SIZE + 100))
    edges = [16 + SEALED_CHUNK_SIZE * n for n in range(3)]
    for cut in sorted({1, 15, *(edge + step for edge in edges for step in (-1, 0, 1, 15, 16, 17)), len(payload) - 1}):
        with pytest.raises((PayloadError, HeaderError)) as caught:
            opened(payload[:cut])
        assert isinstance(caught.value, HeaderError) == (cut < 16)


def test_a_bit_flipped_anywhere_is_refused() -> None:
    payload = sealed(plaintext(CHUNK_SIZE + 100))
    for place in (0, 15, 16, 17, 65_000, SEALED_CHUNK_SIZE + 15, SEALED_CHUNK_SIZE + 16, len(payload) - 1):
        damaged = bytearray(payload)
        damaged[place] ^= 1
        with pytest.raises(PayloadError):
            opened(bytes(damaged))


FULL = bytes(CHUNK_SIZE)


@pytest.mark.parametrize(
    ("payload", "code", "chunk"),
    [
        (NONCE, "payload-cut-short", 0),
        (NONCE + b"x" * 15, "payload-cut-short", 0),
        (NONCE + b"x" * 16, "payload-chunk-damaged", 0),
        (chunks((0, FULL, False)), "payload-cut-short", 1),
        (chunks((0, b"x", False)), "payload-chunk-damaged", 0),
        (chunks((0, FULL, False), (1, b"", True)), "payload-last-chunk-empty", 1),
        (chunks((0, FULL, True), (1, b"x", True)), "payload-trailing-data", 1),
        (chunks((0, FULL, False), (2, b"x", True)), "payload-chunk-damaged", 1),
        (chunks((1, FULL, False), (0, FULL, False), (2, b"x", True)), "payload-chunk-damaged", 0),
        (chunks((0, FULL, False), (0, FULL, False), (1, b"x", True)), "payload-chunk-damaged", 1),
    ],
)
def test_chunks_out_of_place_are_refused_where_they_stand(payload: bytes, code: str, chunk: int) -> None:
    with pytest.raises(PayloadError) as caught:
        opened(payload)

    assert (caught.value.code, caught.value.fields) == (code, {"chunk": chunk})


def test_nothing_of_a_chunk_that_is_not_authentic_is_released() -> None:
    plain = plaintext(20 * CHUNK_SIZE)
    damaged = bytearray(sealed(plain))
    damaged[16 + 18 * SEALED_CHUNK_SIZE + 5] ^= 1
    sink = io.BytesIO()

    with pytest.raises(PayloadError):
        decrypt_payload(KEY, io.BytesIO(damaged), sink)

    assert sink.getvalue() == plain[: 18 * CHUNK_SIZE]


def test_a_plaintext_larger_than_allowed_is_refused_before_it_is_released() -> None:
    payload = sealed(plaintext(100_000))
    sink = io.BytesIO()

    assert len(opened(payload, limit=100_000)) == 100_000
    with pytest.raises(PayloadError, match="payload-too-large limit=99999"):
        decrypt_payload(KEY, io.BytesIO(payload), sink, limit=99_999)
    assert len(sink.getvalue()) <= 99_999


def test_another_key_or_nonce_opens_nothing() -> None:
    payload = sealed(b"plain")

    with pytest.raises(PayloadError):
        decrypt_payload(b"yellow submarine", io.BytesIO(payload), io.BytesIO())
    with pytest.raises(PayloadError):
        opened(bytes(16) + payload[16:])


def test_keys_and_nonces_of_another_size_are_bugs() -> None:
    with pytest.raises(ValueError, match="file key"):
        encrypt_payload(bytes(32), NONCE, io.BytesIO(), io.BytesIO())
    with pytest.raises(ValueError, match="nonce"):
        encrypt_payload(KEY, bytes(12), io.BytesIO(), io.BytesIO())


class Zeros(io.RawIOBase):
    """A long source that takes no memory."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._rest = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        count = min(self._rest, len(memoryview(buffer)))  # type: ignore[call-overload]
        self._rest -= count
        return count


class Sum(io.RawIOBase):
    """A sink that keeps nothing."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        self.size += len(memoryview(data))  # type: ignore[call-overload]
        return len(memoryview(data))  # type: ignore[call-overload]


@pytest.mark.parametrize("size", [8 * MIB, 64 * MIB])
def test_memory_does_not_grow_with_the_payload(size: int) -> None:
    sink = Sum()
    tracemalloc.start()
    try:
        encrypt_payload(KEY, NONCE, Zeros(size), sink)  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert sink.size == payload_size(size)
    assert peak < 3 * MIB


def test_memory_for_a_small_file_is_small() -> None:
    tracemalloc.start()
    try:
        opened(sealed(b"small"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < MIB // 2


def reader(payload: bytes, before: bytes = b"", after: bytes = b"") -> PayloadReader:
    return PayloadReader(KEY, io.BytesIO(before + payload + after), len(before), len(payload))


@pytest.mark.parametrize("size", SIZES)
def test_a_reader_gives_the_whole_plaintext(size: int) -> None:
    assert reader(sealed(plaintext(size)), b"header", b"more").read() == plaintext(size)


def test_a_reader_goes_anywhere_and_reads_across_chunks_through_a_buffer() -> None:
    plain = plaintext(300_000)
    random = io.BufferedReader(reader(sealed(plain)))
    for position, count in [(299_990, 20), (0, 5), (65_530, 10), (131_072, 70_000), (1, 299_999), (300_000, 5)]:
        random.seek(position)
        assert random.read(count) == plain[position : position + count]


def test_a_reader_moves_as_files_do() -> None:
    random = reader(sealed(plaintext(1000)))

    assert random.readable()
    assert random.seekable()
    assert not random.writable()
    assert random.seek(-10, io.SEEK_END) == 990
    assert random.seek(5, io.SEEK_CUR) == random.tell() == 995
    assert random.read(100) == plaintext(1000)[995:]
    assert random.seek(5000) == 5000
    assert random.read(1) == b""
    assert random.readinto(bytearray()) == 0
    with pytest.raises(ValueError, match="negative"):
        random.seek(-1)


def test_a_reader_refuses_a_payload_that_was_cut_or_extended_before_it_reads() -> None:
    payload = sealed(plaintext(3 * CHUNK_SIZE + 10))
    for bad in (payload[:-1], payload[: 16 + 2 * SEALED_CHUNK_SIZE], payload + b"x", payload[:20]):
        with pytest.raises(PayloadError):
            reader(bad)
    with pytest.raises(HeaderError):
        reader(payload[:15])


def test_a_reader_refuses_a_damaged_chunk_and_still_reads_the_others() -> None:
    plain = plaintext(3 * CHUNK_SIZE)
    damaged = bytearray(sealed(plain))
    damaged[16 + SEALED_CHUNK_SIZE] ^= 1
    random = reader(bytes(damaged))

    assert random.read(10) == plain[:10]
    random.seek(CHUNK_SIZE)
    with pytest.raises(PayloadError, match="chunk=1"):
        random.read(1)
    random.seek(0)
    assert random.read(10) == plain[:10]


def test_a_reader_whose_handle_becomes_shorter_says_so() -> None:
    handle = io.BytesIO(sealed(plaintext(3 * CHUNK_SIZE)))
    random = PayloadReader(KEY, handle, 0, len(handle.getvalue()))
    handle.truncate(100)

    with pytest.raises(PayloadError, match="payload-cut-short chunk=0"):
        random.read(1)


def test_a_reader_does_not_close_its_handle() -> None:
    handle = io.BytesIO(sealed(b"x"))
    with PayloadReader(KEY, handle, 0, len(handle.getvalue())) as random:
        assert random.read() == b"x"

    assert not handle.closed
