from __future__ import annotations

import functools
import io
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.bundle.container import MAX_MEMBERS, MIMETYPE, README, READMES, BundleFile, member_name, write_container
from dsadesk.bundle.seal import SealedBundle
from dsadesk.bundle.unseal import OpenedBundle, open_object, unseal
from dsadesk.errors import BundleError, ContainerError
from tests.support.parties import DWP, NOW, VOA, EncryptedSample, Known, sample, sealed

UNZIP = shutil.which("unzip")
SMALL = sample(b"a,b\n1,2\n", "s.csv")
OURS = (VOA.organisation.hybrid,)


@functools.cache
def compact() -> SealedBundle:
    """A bundle with as little in it as may be: no event, and one sample of eight bytes."""
    return sealed(kind="receipt", events=(), samples=(SMALL,))


def written(made: SealedBundle, *samples: EncryptedSample) -> bytes:
    sink = io.BytesIO()
    parts = [(h, io.BytesIO(s.payload), len(s.payload)) for h, s in zip(made.headers, samples, strict=True)]
    write_container(sink, made.sealed, parts)
    return sink.getvalue()


def opened(m_age: bytes) -> OpenedBundle:
    return unseal(m_age, box=VOA.card.box, identities=OURS, directory=Known(DWP, VOA), now=NOW)


def through_all_doors(data: bytes) -> None:
    parcel = BundleFile(io.BytesIO(data))
    bundle = EXPECTED[1] if parcel.sealed == EXPECTED[0] else opened(parcel.sealed)
    parcel.require(bundle.manifest.files)
    for entry in bundle.manifest.files:
        with parcel.payload(entry.n) as payload:
            open_object(entry, parcel.header(entry.n), io.BytesIO(payload.read()), OURS)


COMPACT = written(compact(), SMALL)
EXPECTED = (compact().sealed, opened(compact().sealed))


# ---------------------------------------------------------------- what is written


def test_what_is_written_passes_all_doors() -> None:
    through_all_doors(COMPACT)


def test_the_bytes_are_those_of_the_standard_library() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in (
            ("mimetype", MIMETYPE),
            ("README.txt", README),
            ("m.age", compact().sealed),
            ("a/0001.age", compact().headers[0] + SMALL.payload),
        ):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            info.create_system = 3
            archive.writestr(info, data)
    assert sink.getvalue() == COMPACT


@given(
    st.binary(max_size=300), st.lists(st.tuples(st.binary(min_size=1, max_size=50), st.binary(max_size=90)), max_size=5)
)
def test_the_standard_library_reads_what_is_written(m_age: bytes, objects: list[tuple[bytes, bytes]]) -> None:
    sink = io.BytesIO(b"before")
    sink.seek(0, io.SEEK_END)
    write_container(sink, m_age, [(header, io.BytesIO(payload), len(payload)) for header, payload in objects])
    with zipfile.ZipFile(io.BytesIO(sink.getvalue()[6:])) as archive:
        assert archive.testzip() is None
        assert archive.read("m.age") == m_age
        for n, (header, payload) in enumerate(objects, 1):
            assert archive.read(member_name(n)) == header + payload


@pytest.mark.skipif(UNZIP is None, reason="unzip is not installed")
def test_unzip_unpacks_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "x.dsabundle").write_bytes(COMPACT)
    subprocess.run([str(UNZIP), "-q", "x.dsabundle", "-d", "out"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "out/a/0001.age").read_bytes() == compact().headers[0] + SMALL.payload
    assert (tmp_path / "out/README.txt").read_bytes() == README


@pytest.mark.parametrize("said", [-1, 1])
def test_a_payload_that_is_not_as_long_as_the_journal_says_is_not_written(said: int) -> None:
    part = (compact().headers[0], io.BytesIO(SMALL.payload), len(SMALL.payload) + said)
    with pytest.raises(ContainerError, match="object-missing"):
        write_container(io.BytesIO(), compact().sealed, [part])


def test_the_text_for_people_is_one_that_the_reader_knows() -> None:
    assert README in READMES
    assert all(line.isascii() for line in README.decode().splitlines())


def test_as_many_objects_as_may_be_are_written_and_read() -> None:
    made = sealed(samples=(SMALL,))
    parts = [(made.headers[0], io.BytesIO(SMALL.payload), len(SMALL.payload)) for _ in range(MAX_MEMBERS - 3)]
    sink = io.BytesIO()
    write_container(sink, made.sealed, parts)
    assert BundleFile(sink).header(100) == made.headers[0]


# ---------------------------------------------------------------- one spelling


def members() -> dict[str, tuple[int, int]]:
    """Where the data of each member lies."""
    with zipfile.ZipFile(io.BytesIO(COMPACT)) as archive:
        return {
            info.filename: (info.header_offset + 30 + len(info.filename), info.file_size) for info in archive.infolist()
        }


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def refused_in_the_file(at: int, bit: int) -> None:
    try:
        through_all_doors(flipped(COMPACT, at, bit))
    except BundleError:
        return
    pytest.fail(f"bit {bit} of byte {at} may be either")


def refused_in_the_member(name: str, at: int, bit: int) -> None:
    """As if whoever flipped the bit had also set the checksums right, which anybody can."""
    header = compact().headers[0]
    try:
        if name == "m.age":
            opened(flipped(EXPECTED[0], at, bit))
        else:
            data = flipped(header + SMALL.payload, at, bit)
            open_object(EXPECTED[1].manifest.files[0], data[: len(header)], io.BytesIO(data[len(header) :]), OURS)
    except BundleError:
        return
    pytest.fail(f"bit {bit} of byte {at} of {name} may be either")


def test_every_bit_of_the_outer_form_counts() -> None:
    inside = [range(start, start + size) for name, (start, size) in members().items() if name.endswith(".age")]
    outside = [at for at in range(len(COMPACT)) if not any(at in part for part in inside)]
    assert len(outside) > 700
    for at in outside:
        for bit in range(8):
            refused_in_the_file(at, bit)


def test_every_byte_counts() -> None:
    for at in range(len(COMPACT)):
        refused_in_the_file(at, at % 8)


@pytest.mark.parametrize("name", ["m.age", "a/0001.age"])
def test_bytes_count_whatever_the_checksum_says(name: str) -> None:
    size = members()[name][1]
    for at in {*range(0, size, 13), *range(size - 48, size)}:
        refused_in_the_member(name, at, at % 8)


@pytest.mark.soak
@pytest.mark.parametrize("bit", range(8))
def test_every_single_bit_counts(bit: int) -> None:
    for at in range(len(COMPACT)):
        refused_in_the_file(at, bit)


@pytest.mark.soak
@pytest.mark.parametrize("bit", range(8))
@pytest.mark.parametrize("name", ["m.age", "a/0001.age"])
def test_every_single_bit_counts_whatever_the_checksum_says(name: str, bit: int) -> None:
    for at in range(members()[name][1]):
        refused_in_the_member(name, at, bit)


def test_what_is_read_is_what_would_be_written() -> None:
    parcel = BundleFile(io.BytesIO(COMPACT))
    with parcel.payload(1) as payload:
        part = (parcel.header(1), io.BytesIO(payload.read()), len(SMALL.payload))
    sink = io.BytesIO()
    write_container(sink, parcel.sealed, [part])
    assert sink.getvalue() == COMPACT


def test_a_file_that_shrinks_while_it_is_read_is_refused() -> None:
    handle = io.BytesIO(COMPACT)
    parcel = BundleFile(handle)
    with parcel.payload(1) as payload:
        handle.truncate(members()["a/0001.age"][0] + members()["a/0001.age"][1] - 1)
        with pytest.raises(ContainerError, match="not-a-bundle"):
            payload.read()


@pytest.mark.parametrize("n", [0, -1, 2, 101])
def test_an_object_that_is_not_there_is_refused_by_its_number(n: int) -> None:
    parcel = BundleFile(io.BytesIO(COMPACT))
    with pytest.raises(ContainerError, match="object-missing"):
        parcel.header(n)
    with pytest.raises(ContainerError, match="object-missing"):
        parcel.payload(n)


# ---------------------------------------------------------------- large files


class Sparse(io.RawIOBase):
    """A file that keeps only its batches that are not all zeros."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[int, bytes] = {}
        self._at = self._end = 0

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        return self._at

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if len(data) < BATCH or any(data):
            self._kept[self._at] = bytes(data)
        self._at += len(data)
        self._end = max(self._end, self._at)
        return len(data)

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        size = min(len(view), self._end - self._at)
        view[:size] = bytes(size)
        for start, data in self._kept.items():
            first, last = max(start, self._at), min(start + len(data), self._at + size)
            if first < last:
                view[first - self._at : last - self._at] = data[first - start : last - start]
        self._at += size
        return size


class Zeros(io.RawIOBase):
    """A payload of zeros."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        taken = min(size, self._left)
        self._left -= taken
        return ZEROS if taken == BATCH else bytes(taken)


BATCH = 1024 * 1024
ZEROS = bytes(BATCH)


@pytest.mark.soak
@pytest.mark.parametrize("size", [(1 << 32) - 1 - 3184, (1 << 32) - 3184, (1 << 32) + 5])
def test_members_of_four_gigabytes_are_written_and_read(size: int) -> None:
    made, sink = compact(), Sparse()
    parts = [(made.headers[0], Zeros(size), size), (made.headers[0], io.BytesIO(SMALL.payload), len(SMALL.payload))]
    write_container(sink, made.sealed, parts)  # type: ignore[arg-type]
    with zipfile.ZipFile(sink) as archive:  # type: ignore[arg-type]
        assert [info.file_size for info in archive.infolist()[3:]] == [len(h) + s for h, _, s in parts]
        assert archive.read("a/0002.age") == made.headers[0] + SMALL.payload
    parcel = BundleFile(io.BufferedReader(sink))  # type: ignore[arg-type]
    assert parcel.header(1) == made.headers[0]
    with parcel.payload(2) as payload:
        assert payload.read() == SMALL.payload
    with parcel.payload(1) as payload:
        assert sum(len(batch) for batch in iter(lambda: payload.read(BATCH), b"")) == size
