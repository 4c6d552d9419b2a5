"""Bundle files whose outer form is wrong."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from dsadesk.bundle.container import MIMETYPE
from tests.support.parties import sample
from tests.zoo.kit import Kit, add, case, member, members, patched, zipped

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


# ---------------------------------------------------------------- cut short


def boundaries(data: bytes) -> dict[str, int]:
    """Where each piece of a bundle file ends, by a name."""
    found: dict[str, int] = {}
    at = 0
    for n in range(1, 5):
        size, name, extra = struct.unpack_from("<L4xHH", data, at + 18)
        found[f"in_header_{n}"] = at + 14
        found[f"after_header_{n}"] = at + 30 + name + extra
        found[f"in_member_{n}"] = at + 30 + name + extra + size // 2
        at += 30 + name + extra + size
        found[f"after_member_{n}"] = at
    end = data.index(END, at)
    return found | {
        "in_the_first_mark": 2,
        "in_directory_mark": at + 2,
        "in_directory": (at + end) // 2,
        "before_end_record": end,
        "in_end_record": end + 10,
        "one_byte": len(data) - 1,
    }


def cut(where: str, kit: Kit) -> bytes:
    data = kit.file()
    return data[: boundaries(data)[where]]


CUTS = (
    "in_the_first_mark", *(f"{place}_{n}" for n in range(1, 5) for place in ("in_header", "after_header", "in_member", "after_member")),
    "in_directory_mark", "in_directory", "before_end_record", "in_end_record", "one_byte",
)  # fmt: skip
for _where in CUTS:
    add(f"cut_{_where}", f"the file ends: {_where}", "container", "not-a-bundle", partial(cut, _where))


@case("container", "not-a-bundle")
def empty_file(_: Kit) -> bytes:
    """nothing at all"""
    return b""


@case("container", "not-a-bundle")
def text_file(_: Kit) -> bytes:
    """a text file that was given the ending of a bundle"""
    return b"site,ecoli\nA,12\n" * 100


# ---------------------------------------------------------------- around and between


@case("container", "trailing-bytes")
def trailing_byte(kit: Kit) -> bytes:
    """one byte behind the end"""
    return kit.file() + b"\0"


@case("container", "not-a-bundle")
def prepended_bytes(kit: Kit) -> bytes:
    """a program in front, as in a file that unpacks itself"""
    return b"#!/bin/sh\n" + kit.file()


@case("container", "trailing-bytes")
def bytes_between_members(kit: Kit) -> bytes:
    """something hidden between two members"""
    data = kit.file()
    at = data.index(LOCAL, 4)
    return data[:at] + b"hidden" + data[at:]


@case("container", "trailing-bytes")
def zip_comment(kit: Kit) -> bytes:
    """a comment behind the directory"""
    data = kit.file()
    return data[:-2] + b"\x05\0hello"


@case("container", "trailing-bytes")
def two_bundles_in_one_file(kit: Kit) -> bytes:
    """a second bundle behind the first: one program reads the one, another the other"""
    return kit.file() + kit.file()


# ---------------------------------------------------------------- which members, in which order


def with_members(change: Callable[[list[tuple[str, bytes]]], Any], kit: Kit) -> bytes:
    entries = members(kit.bundle().sealed, [kit.object(kit.bundle())])
    change(entries)
    return zipped(entries)


def without(name: str, kit: Kit) -> bytes:
    return with_members(lambda entries: entries.remove(next(e for e in entries if e[0] == name)), kit)


for _name in ("mimetype", "README.txt", "m.age"):
    add(f"no_{_name.split('.')[0]}", f"{_name} is missing", "container", "member-order", partial(without, _name))
add(
    "object_numbers_with_a_hole",
    "objects 1 and 3",
    "container",
    "member-order",
    partial(with_members, lambda entries: entries.append(("a/0003.age", entries[3][1]))),
)
add(
    "readme_first",
    "the first two members change places",
    "container",
    "member-order",
    partial(with_members, lambda entries: entries.insert(0, entries.pop(1))),
)
add(
    "object_before_manifest",
    "the object stands before the manifest",
    "container",
    "member-order",
    partial(with_members, lambda entries: entries.insert(2, entries.pop(3))),
)
add(
    "too_many_members",
    "101 objects",
    "container",
    "member-order",
    partial(with_members, lambda entries: entries.extend((f"a/{n:04d}.age", b"x") for n in range(2, 102))),
)


@case("container", "member-twice")
def manifest_twice(kit: Kit) -> bytes:
    """two manifests: one program takes the first, another the last"""
    marked = zipped([*members(kit.bundle().sealed, []), ("n.age", kit.bundle().sealed)])
    return marked.replace(b"n.age", b"m.age")


def hostile_member(name: str, kit: Kit) -> bytes:
    return with_members(lambda entries: entries.append((name, b"x")), kit)


HOSTILE_NAMES = {
    "climbing": "../../etc/cron.d/x",
    "climbing_short": "a/../x.age",
    "absolute": "/etc/passwd",
    "drive": "C:x.age",
    "backslash": "a\\0001.age",
    "device": "CON",
    "folder": "a/",
    "foreign": "run.exe",
    "upper_case": "M.AGE",
    "composed": "m.\u00e5ge",
    "decomposed": "m.a\u030age",
    "look_alike": "\uff4d.age",
    "long_number": "a/00001.age",
    "other_digits": "a/\u0660\u0660\u0660\u0661.age",
    "with_line_end": "m.age\n",
    "turned_around": "\u202eega.m",
}
for _label, _member in HOSTILE_NAMES.items():
    add(
        f"member_name_{_label}",
        f"a member is called {_member!a}",
        "container",
        "member-name",
        partial(hostile_member, _member),
    )


# ---------------------------------------------------------------- what a member says of itself


@case("container", "member-order")
def symbolic_link(kit: Kit) -> bytes:
    """the object is a link to a file outside"""
    entries = members(kit.bundle().sealed, [b"/etc/passwd"])
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in entries:
            kind = 0o120777 if name.startswith("a/") else 0o100600
            archive.writestr(member(name, external_attr=kind << 16), data)
    return sink.getvalue()


@case("container", "member-packed")
def decompression_bomb(kit: Kit) -> bytes:
    """a manifest of 40 megabytes of zeros in forty kilobytes"""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in members(bytes(40_000_000), []):
            method = zipfile.ZIP_DEFLATED if name == "m.age" else zipfile.ZIP_STORED
            archive.writestr(member(name, compress_type=method), data)
    return sink.getvalue()


def headers_of(name: bytes, data: bytes) -> tuple[int, int]:
    """Where a member's own header and its entry in the directory begin. The text for people names members too."""
    return data.index(len(name).to_bytes(2, "little") + b"\0\0" + name) - 26, data.rindex(name) - 46


def both_headers(at_local: int, new: bytes, kit: Kit) -> bytes:
    """A field of the manifest's member changed in its own header and in the directory, where it stands two bytes further on."""
    data = kit.file()
    local, central = headers_of(b"m.age", data)
    return patched(patched(data, local + at_local, new), central + at_local + 2, new)


FIELDS = {
    "encrypted_flag": ("the ZIP says that a member has a password", 6, b"\x01\0", "member-packed"),
    "streamed_flag": ("sizes stand behind the data", 6, b"\x08\0", "member-packed"),
    "utf8_flag": ("the name is said to be UTF-8", 6, b"\0\x08", "member-packed"),
    "packed_method": ("stored data is said to be packed", 8, b"\x08\0", "member-packed"),
    "sizes_differ": ("packed and unpacked size differ", 22, b"\x01\0\0\0", "member-packed"),
    "four_gigabytes": ("a member is said to have four gigabytes", 18, b"\xfe\xff\xff\xff" * 2, "not-a-bundle"),
    "version": ("another version is said to be needed", 4, b"\x0a\0", "not-a-bundle"),
    "time": ("a time that tells when it was made", 10, b"\x21\x43", "not-a-bundle"),
    "checksum": ("a wrong checksum", 14, b"\0\0\0\0", "not-a-bundle"),
}
for _label, (_wrong, _at, _new, _code) in FIELDS.items():
    add(f"member_{_label}", _wrong, "container", _code, partial(both_headers, _at, _new))


@case("container", "too-large")
def member_of_a_terabyte(kit: Kit) -> bytes:
    """a member is said to have a terabyte, in the form for large files"""
    extra = struct.pack("<2H2Q", 1, 16, 1 << 40, 1 << 40)
    start = zipped(members(kit.bundle().sealed, []))[:-22]
    header = LOCAL + struct.pack("<5H3L2H", 45, 0, 0, 0, 33, 0, 0xFFFFFFFF, 0xFFFFFFFF, 10, 20)
    return start[: start.index(CENTRAL)] + header + b"a/0001.age" + extra + bytes(100)


@case("container", "not-a-bundle")
def extra_field(kit: Kit) -> bytes:
    """an extra field in a local header, where the directory has none"""
    data = kit.file()
    end = headers_of(b"m.age", data)[0] + 35
    return patched(data, end - 7, b"\x04\0")[:end] + b"\0\0\0\0" + data[end:]


@case("container", "member-order")
def names_differ(kit: Kit) -> bytes:
    """the directory gives a member another name than its own header"""
    data = kit.file()
    return patched(data, data.rindex(b"m.age"), b"n.age")


@case("container", "member-order")
def checksums_differ(kit: Kit) -> bytes:
    """the directory gives another checksum than the header"""
    data = kit.file()
    return patched(data, data.rindex(b"m.age") - 46 + 16, b"\0\0\0\0")


@case("container", "member-order")
def offsets_differ(kit: Kit) -> bytes:
    """the directory leads to another member"""
    data = kit.file()
    return patched(data, data.rindex(b"m.age") - 4, b"\0\0\0\0")


@case("container", "member-order")
def second_disk(kit: Kit) -> bytes:
    """the end says that more lies on another disk"""
    data = kit.file()
    return patched(data, data.rindex(END) + 4, b"\x01\0")


@case("container", "mimetype")
def later_kind_of_file(kit: Kit) -> bytes:
    """a bundle of a version to come"""
    entries = members(kit.bundle().sealed, [])
    return zipped([("mimetype", b"application/vnd.dsadesk.bundle.v2+zip"), *entries[1:]])


@case("container", "mimetype")
def other_kind_of_file(kit: Kit) -> bytes:
    """a document of another program with our members in it"""
    entries = members(kit.bundle().sealed, [])
    return zipped([("mimetype", MIMETYPE + b"\n"), *entries[1:]])


@case("container", "member-order")
def other_readme(kit: Kit) -> bytes:
    """the text for people tells them to send their key somewhere"""
    entries = members(kit.bundle().sealed, [kit.object(kit.bundle())])
    return zipped([entries[0], ("README.txt", b"Send your key to mallory@example.org\n"), *entries[2:]])


@case("container", "too-large")
def sealed_manifest_too_large(_: Kit) -> bytes:
    """a sealed manifest of 49 megabytes"""
    return zipped(members(bytes(49 * 1024 * 1024), []))


# ---------------------------------------------------------------- objects


@case("container", "object-header")
def object_is_no_age_file(kit: Kit) -> bytes:
    """the object does not begin as an age file does"""
    return kit.file(objects=[b"site,ecoli\n" * 100])


@case("container", "object-header")
def object_header_with_many_stanzas(kit: Kit) -> bytes:
    """300 stanzas in the header of an object"""
    return kit.file(objects=[b"age-encryption.org/v1\n" + b"-> x\n\n" * 300 + sample().payload])


@case("container", "object-header")
def object_header_runs_on(kit: Kit) -> bytes:
    """the header of an object ends in the directory"""
    return kit.file(objects=[b"age-encryption.org/v1\n-> x\n"])


@case("container", "object-missing")
def object_missing(kit: Kit) -> bytes:
    """the manifest lists an object that is not there"""
    return kit.file(objects=[])


@case("container", "member-order")
def object_too_many(kit: Kit) -> bytes:
    """one more object than the manifest lists"""
    data = kit.object(kit.bundle())
    return kit.file(objects=[data, data])


@case("contents", "object-size")
def object_longer_than_signed(kit: Kit) -> bytes:
    """a byte behind an object"""
    return kit.file(objects=[kit.object(kit.bundle()) + b"\0"])


@case("contents", "object-size")
def object_shorter_than_signed(kit: Kit) -> bytes:
    """a byte is missing from an object"""
    return kit.file(objects=[kit.object(kit.bundle())[:-1]])


@case("container", "not-a-bundle")
def object_with_a_wrong_checksum(kit: Kit) -> bytes:
    """the object is sound, and both its headers say that it is not"""
    data = kit.file(bundle=kit.fixed)
    wrong = (zlib.crc32(kit.object(kit.fixed)) ^ 1).to_bytes(4, "little")
    local, central = headers_of(b"a/0001.age", data)
    return patched(patched(data, local + 14, wrong), central + 16, wrong)


# ---------------------------------------------------------------- one in the other


@case("decrypt", "damaged")
def bundle_in_a_bundle(kit: Kit) -> bytes:
    """the manifest is itself a bundle file"""
    return kit.file(kit.file())
