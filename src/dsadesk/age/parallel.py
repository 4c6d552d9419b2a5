"""Payloads from file to file by two threads, which pays where two cores are free (docs/formats/age.md has the figures).

Chunk n of the plaintext lies at a known place in the payload, so threads take batch numbers from one counter and each
reads, seals and writes at its own offset. Only the digests need file order; a thread waits for its turn with them after it
has written. Files too small to share, and sources or sinks that are not files, go through `payload`.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Condition, Lock
from typing import BinaryIO, NamedTuple, Protocol

from dsadesk.age.chunks import (
    BATCH_CHUNKS,
    CHUNK_SIZE,
    NONCE_SIZE,
    SEALED_CHUNK_SIZE,
    TAG_SIZE,
    ChunkCipher,
    payload_size,
)
from dsadesk.age.errors import AgeError, PayloadError
from dsadesk.age.payload import (
    Digests,
    PayloadInfo,
    decrypt_payload,
    encrypt_payload,
    fill,
    read_nonce,
    require_within,
    write_all,
)

DEFAULT_THREADS = 2
PLAIN_BATCH_SIZE = BATCH_CHUNKS * CHUNK_SIZE
SEALED_BATCH_SIZE = BATCH_CHUNKS * SEALED_CHUNK_SIZE
SMALLEST_SHARED_SIZE = 2 * PLAIN_BATCH_SIZE


class PositionalFile(Protocol):
    """A file that several threads read or write at offsets of their own."""

    def read_into(self, view: memoryview, offset: int) -> int:
        """Fills the view from `offset` on, as far as the file goes, and gives the number of bytes."""

    def write_from(self, view: memoryview, offset: int) -> None:
        """Writes the whole view at `offset`."""


class DescriptorFile:
    """Through the calls that take an offset; there is no shared position to quarrel over."""

    def __init__(self, handle: BinaryIO) -> None:
        self._descriptor = handle.fileno()

    def read_into(self, view: memoryview, offset: int) -> int:
        """Fills the view from `offset` on, as far as the file goes, and gives the number of bytes."""
        filled = 0
        while filled < len(view):
            count = os.preadv(self._descriptor, [view[filled:]], offset + filled)
            if not count:
                break
            filled += count
        return filled

    def write_from(self, view: memoryview, offset: int) -> None:
        """Writes the whole view at `offset`."""
        while view:
            written = os.pwrite(self._descriptor, view, offset)
            view, offset = view[written:], offset + written


class LockedFile:
    """Through the handle's one position, by one thread at a time: for systems without positional calls (Windows)."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._lock = Lock()

    def read_into(self, view: memoryview, offset: int) -> int:
        """Fills the view from `offset` on, as far as the file goes, and gives the number of bytes."""
        with self._lock:
            self._handle.seek(offset)
            return fill(self._handle, view)

    def write_from(self, view: memoryview, offset: int) -> None:
        """Writes the whole view at `offset`."""
        with self._lock:
            self._handle.seek(offset)
            write_all(self._handle, view)


def positional(handle: BinaryIO) -> PositionalFile:
    """The handle as a positional file, by the best means that this system has."""
    if hasattr(os, "preadv") and hasattr(os, "pwrite"):
        return DescriptorFile(handle)
    return LockedFile(handle)


class _Turns:
    """Lets the batches through in order, one at a time, whichever thread holds them."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._next = 0
        self._stopped = False

    def take(self, number: int, act: Callable[[], None]) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._stopped or self._next == number)
            if self._stopped:
                return
        act()
        with self._condition:
            self._next = number + 1
            self._condition.notify_all()

    def stop(self) -> None:
        with self._condition:
            self._stopped = True
            self._condition.notify_all()


@dataclass(frozen=True, slots=True)
class _Region:
    """A run of bytes in a file, cut into batches that threads read or write in any order."""

    file: PositionalFile
    start: int
    size: int
    batch_size: int

    @property
    def end(self) -> int:
        return self.start + self.size

    def read(self, number: int, buffer: memoryview) -> memoryview:
        view = buffer[: min(self.batch_size, self.size - number * self.batch_size)]
        if self.file.read_into(view, self.start + number * self.batch_size) < len(view):
            raise AgeError("source-changed")
        return view

    def write(self, number: int, view: memoryview) -> None:
        self.file.write_from(view, self.start + number * self.batch_size)


class _Fault(NamedTuple):
    """The batch that could not be opened, how many of its bytes were authentic all the same, and what stopped it."""

    batch: int
    released: int
    code: str

    @property
    def authentic(self) -> int:
        """The authentic bytes from the start of the payload."""
        return self.batch * PLAIN_BATCH_SIZE + self.released


class _Passage:
    """One payload on its way from one region to another; each thread runs `seal` or `open` until no batch is left.

    After a fault no further batch is begun, and those begun are finished. As numbers are given out in order, everything
    before the lowest faulty batch is then written, whichever thread came first.
    """

    def __init__(self, source: _Region, sink: _Region, digests: Digests) -> None:
        self._source = source
        self._sink = sink
        self._digests = digests
        self._numbers = itertools.count()
        self._count = max(1, -(-source.size // source.batch_size))
        self._plain_turns = _Turns()
        self._cipher_turns = _Turns()
        self._stopped = False
        self.faults: list[_Fault] = []

    def _batches(self, buffer: memoryview) -> Iterator[tuple[int, memoryview, bool]]:
        # next() on itertools.count is one step under the interpreter's lock, and so needs none of ours.
        while not self._stopped and (number := next(self._numbers)) < self._count:
            yield number, self._source.read(number, buffer), number == self._count - 1

    def seal(self, cipher: ChunkCipher) -> None:
        buffer, out = memoryview(bytearray(PLAIN_BATCH_SIZE)), memoryview(bytearray(SEALED_BATCH_SIZE))
        for number, plain, last in self._batches(buffer):
            sealed = out[: cipher.seal(number * BATCH_CHUNKS, plain, out, last=last)]
            self._sink.write(number, sealed)
            self._digest(number, plain, sealed)

    def open(self, cipher: ChunkCipher) -> None:
        buffer, out = memoryview(bytearray(SEALED_BATCH_SIZE)), memoryview(bytearray(PLAIN_BATCH_SIZE))
        for number, sealed, last in self._batches(buffer):
            opened = cipher.open(number * BATCH_CHUNKS, sealed, out, last=last)
            self._sink.write(number, out[: opened.size])
            if opened.fault:
                self.faults.append(_Fault(number, *opened))
                self.stop()
                return
            self._digest(number, out[: opened.size], sealed)

    def _digest(self, number: int, plain: memoryview, sealed: memoryview) -> None:
        if self._digests.plain:
            self._plain_turns.take(number, partial(self._digests.plain.update, plain))
        if self._digests.cipher:
            self._cipher_turns.take(number, partial(self._digests.cipher.update, sealed))

    def stop(self) -> None:
        """Begins no further batch, and lets nobody wait for a turn that will not come."""
        self._stopped = True
        self._plain_turns.stop()
        self._cipher_turns.stop()

    def run(self, work: Callable[[], None], threads: int) -> None:
        """Runs `work` in so many threads until all have ended. Raises: the first exception among them."""
        with ThreadPoolExecutor(threads, thread_name_prefix="age") as pool:
            futures = [pool.submit(self._stop_on_exception, work) for _ in range(threads)]
            self._stop_on_exception(lambda: [future.result() for future in futures])

    def _stop_on_exception(self, work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException:
            self.stop()
            raise


def _rest_of_file(handle: BinaryIO) -> int:
    """The bytes from the position to the end of a regular file; none for anything else."""
    return os.fstat(handle.fileno()).st_size - handle.tell() if _is_regular(handle) else 0


def _is_regular(handle: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(handle.fileno()).st_mode)
    except (AttributeError, OSError):  # io.UnsupportedOperation is an OSError
        return False


def takes_offsets(sink: BinaryIO) -> bool:
    """Whether the sink can be written at any place: one opened for appending writes at its end whatever it is told."""
    return _is_regular(sink) and "a" not in str(getattr(sink, "mode", "a"))


def encrypt_file(
    file_key: bytes,
    nonce: bytes,
    source: BinaryIO,
    sink: BinaryIO,
    *,
    sha256: bool = False,
    cipher_sha256: bool = True,
    threads: int = DEFAULT_THREADS,
) -> PayloadInfo:
    """Does what `encrypt_payload` does, by several threads where source and sink are files of some size.

    Begins at the position of both handles and leaves them behind what was read and written. After an error in the threads
    the sink is cut back to where it was. Raises: AgeError when the source becomes shorter meanwhile.
    """
    if threads < 2 or _rest_of_file(source) < SMALLEST_SHARED_SIZE or not takes_offsets(sink):
        return encrypt_payload(file_key, nonce, source, sink, sha256=sha256, cipher_sha256=cipher_sha256)
    digests = Digests(nonce, plain=sha256, cipher=cipher_sha256)
    return encrypt_by_threads(file_key, nonce, source, sink, digests, threads=threads)


def encrypt_by_threads(
    file_key: bytes,
    nonce: bytes,
    source: BinaryIO,
    sink: BinaryIO,
    digests: Digests,
    *,
    threads: int = DEFAULT_THREADS,
    files: Callable[[BinaryIO], PositionalFile] = positional,
) -> PayloadInfo:
    """Does what `encrypt_file` does, by threads whatever the size. Both handles must be files."""
    size = _rest_of_file(source)
    write_all(sink, memoryview(nonce))
    plain = _Region(files(source), source.tell(), size, PLAIN_BATCH_SIZE)
    sealed = _Region(files(sink), sink.tell(), payload_size(size) - NONCE_SIZE, SEALED_BATCH_SIZE)
    passage = _Passage(plain, sealed, digests)
    with _cut_back_on_error(sink, sealed.start - NONCE_SIZE):
        passage.run(lambda: passage.seal(ChunkCipher(file_key, nonce)), threads)
    source.seek(plain.end)
    sink.seek(sealed.end)
    return digests.info(size)


def decrypt_file(
    file_key: bytes,
    source: BinaryIO,
    sink: BinaryIO,
    *,
    limit: int | None = None,
    sha256: bool = True,
    cipher_sha256: bool = True,
    threads: int = DEFAULT_THREADS,
) -> PayloadInfo:
    """Does what `decrypt_payload` does, by several threads where source and sink are files of some size.

    Begins at the position of both handles and leaves them behind what was read and written. After an error in the threads
    the sink is cut back: to what one pass from the start would have released when the payload is at fault, else to where it
    was. Raises: as `decrypt_payload`, and AgeError when the source becomes shorter meanwhile.
    """
    size = _rest_of_file(source)
    if threads < 2 or size < SMALLEST_SHARED_SIZE or not takes_offsets(sink):
        return decrypt_payload(file_key, source, sink, limit=limit, sha256=sha256, cipher_sha256=cipher_sha256)
    require_within(limit, _most_plain_size(size - NONCE_SIZE))
    nonce = read_nonce(source)
    digests = Digests(nonce, plain=sha256, cipher=cipher_sha256)
    return decrypt_by_threads(file_key, nonce, source, sink, digests, threads=threads)


def _most_plain_size(sealed_size: int) -> int:
    """The plaintext in so many bytes of chunks, also where their number is not possible and some chunk will be at fault."""
    full, rest = divmod(sealed_size, SEALED_CHUNK_SIZE)
    return full * CHUNK_SIZE + max(0, rest - TAG_SIZE)


def decrypt_by_threads(
    file_key: bytes,
    nonce: bytes,
    source: BinaryIO,
    sink: BinaryIO,
    digests: Digests,
    *,
    threads: int = DEFAULT_THREADS,
    files: Callable[[BinaryIO], PositionalFile] = positional,
) -> PayloadInfo:
    """Does what `decrypt_file` does with the source behind the nonce, by threads whatever the size. Both must be files."""
    sealed_size = _rest_of_file(source)
    sealed = _Region(files(source), source.tell(), sealed_size, SEALED_BATCH_SIZE)
    plain = _Region(files(sink), sink.tell(), _most_plain_size(sealed_size), PLAIN_BATCH_SIZE)
    passage = _Passage(sealed, plain, digests)
    with _cut_back_on_error(sink, plain.start):
        passage.run(lambda: passage.open(ChunkCipher(file_key, nonce)), threads)
    if passage.faults:
        fault = min(passage.faults)
        _cut_back(sink, plain.start + fault.authentic)
        raise PayloadError(fault.code, chunk=fault.authentic // CHUNK_SIZE)
    source.seek(sealed.end)
    sink.seek(plain.end)
    return digests.info(plain.size)


def _cut_back(sink: BinaryIO, position: int) -> None:
    sink.seek(position)
    sink.truncate()


@contextmanager
def _cut_back_on_error(sink: BinaryIO, position: int) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _cut_back(sink, position)
        raise
