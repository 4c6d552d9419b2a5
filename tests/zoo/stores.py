"""Deliveries that a store, its keeper or another of its users has tampered with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from msgspec.structs import replace

from dsadesk import age
from dsadesk.bundle.seal import SealedBundle
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import encode_base64
from dsadesk.sync.commit import MAGIC, ObjectRef, PartRef, commit_prefix, hash_name
from tests.support.parties import EncryptedSample, sample
from tests.zoo.kit import Kit, Raw, Store, add, case, recipient

Refs = tuple[PartRef, ...]
LARGE = sample(b"site,ecoli\nA,12\n" * 8_000, "large.csv")


def small(kit: Kit) -> Store:
    """An honest delivery with its sample in line."""
    return kit.commit(kit.fixed.sealed, kit.refs(kit.fixed))


def large_bundle(kit: Kit) -> SealedBundle:
    return kit.bundle(samples=(LARGE.entry,), events=(kit.submission(LARGE),))


def large(kit: Kit, change: Callable[[ObjectRef], ObjectRef] = lambda ref: ref) -> Store:
    """A delivery with its sample in four parts."""
    bundle = large_bundle(kit)
    (ref,), parts = kit.parted(bundle, LARGE)
    return parts | kit.commit(bundle.sealed, [change(ref)])


def manifest_in_parts(kit: Kit, change: Callable[[Refs], Refs] = lambda refs: refs) -> Store:
    """A delivery whose sealed manifest lies in parts too."""
    refs, parts = kit.cut(kit.fixed.sealed, 8_000)
    return parts | kit.commit(change(refs), kit.refs(kit.fixed))


def renamed(change: Callable[[str], str], kit: Kit) -> Store:
    """An honest commit under another name."""
    ((name, data),) = small(kit).items()
    return {change(name): data}


def named(kit: Kit, data: bytes) -> Store:
    """Any bytes under the name that a commit of them would have."""
    ((name, _),) = small(kit).items()
    return {f"{name[:-32]}{hash_name(data, 32)}": data}


def bytes_changed(change: Callable[[bytes], bytes], kit: Kit) -> Store:
    """A commit that was changed and given the name that fits its new bytes."""
    ((_, data),) = small(kit).items()
    return named(kit, change(data))


# ---------------------------------------------------------------- names


def a_day_later(name: str) -> str:
    return name.replace("/20260302/", "/20260303/")


def a_second_later(name: str) -> str:
    folder, _, last = name.rpartition("/")
    return f"{folder}/{int(last[:13]) + 1000:013d}{last[13:]}"


NAMES: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
    ("shown_on_another_day", "a commit shown in the folder of another day", "commit-name", a_day_later),
    ("shown_at_another_time", "a commit shown under another time", "part-list-time", a_second_later),
    ("in_a_folder_more", "a commit in a folder more", "commit-name", lambda name: name.replace("/n/", "/n/old/")),
    ("under_a_short_name", "a commit under half its name", "commit-name", lambda name: name[:-16]),
    ("under_no_name", "a commit under a name that means nothing", "commit-name", lambda name: name[:-46] + "readme"),
)
for _name, _wrong, _code, _change in NAMES:
    add(f"commit_{_name}", _wrong, "container", _code, partial(renamed, _change))


@case("container", "commit-hash")
def commit_with_a_flipped_bit(kit: Kit) -> Store:
    """one bit of a commit under its old name"""
    ((name, data),) = small(kit).items()
    return {name: data[:-1] + bytes([data[-1] ^ 1])}


# ---------------------------------------------------------------- shape


def with_length(length: int, data: bytes) -> bytes:
    return data[: len(MAGIC)] + length.to_bytes(4, "big") + data[len(MAGIC) + 4 :]


SHAPES: tuple[tuple[str, str, str, str, Callable[[bytes], bytes]], ...] = (
    ("empty", "nothing", "container", "commit-shape", lambda _: b""),
    ("cut_in_the_mark", "only half its mark", "container", "commit-shape", lambda data: data[:9]),
    ("cut_in_the_length", "it ends in the length", "container", "commit-shape", lambda data: data[: len(MAGIC) + 2]),
    ("cut_in_the_manifest", "it ends in the manifest", "container", "commit-shape", lambda data: data[:200]),
    ("cut_in_the_list", "the list of parts is cut short", "container", "part-list-encrypted", lambda data: data[:-1]),
    ("running_on", "a byte behind the list of parts", "container", "part-list-encrypted", lambda data: data + b"\0"),
    ("of_a_later_version", "a commit of a later version", "container", "commit-version", lambda data: data.replace(b"-v2\n", b"-v3\n", 1)),
    ("of_the_first_version", "a commit of the version that was never released", "container", "commit-version", lambda data: data.replace(b"-v2\n", b"-v1\n", 1)),
    ("with_a_long_manifest", "a manifest of four gigabytes", "container", "commit-shape", partial(with_length, 0xFFFFFFFF)),
    ("without_a_list", "the manifest takes all of it", "container", "commit-shape", lambda data: with_length(len(data) - len(MAGIC) - 4, data)),
    ("with_a_short_manifest", "the length says less than the manifest has", "container", "part-list-encrypted", partial(with_length, 10)),
)  # fmt: skip
for _name, _wrong, _door, _code, _shape in SHAPES:
    add(f"commit_{_name}", _wrong, _door, _code, partial(bytes_changed, _shape))


@case("container", "commit-hash")
def commit_too_large(kit: Kit) -> Store:
    """a commit of 57 megabytes: it is not fetched"""
    ((name, _),) = small(kit).items()
    return {name: bytes(57 * 1024 * 1024)}


# ---------------------------------------------------------------- the list of parts


def listed(kit: Kit, plain: bytes, *, to: bool = True) -> Store:
    """A commit with any list of parts."""
    card = kit.receiver if to else kit.stranger.card
    sealed = kit.fixed.sealed
    listing = age.encrypt(plain, (recipient(card),), kit.token)
    return named(kit, MAGIC + len(sealed).to_bytes(4, "big") + sealed + listing)


def list_changed(change: Callable[[Raw], None], kit: Kit) -> Store:
    ref = canonical.decode_loose(canonical.encode(kit.refs(kit.fixed)[0]))
    time, day = f"{int(kit.now.timestamp() * 1000):013d}", f"{kit.now:%Y%m%d}"
    raw: Raw = {"v": 2, "time": time, "day": day, "manifest": [], "objects": [ref]}
    change(raw)
    return listed(kit, canonical.encode(raw))


add("list_not_json", "a list of parts that is no JSON", "container", "part-list", lambda kit: listed(kit, b"\0"))
add("list_deep", "lists in lists", "container", "part-list", lambda kit: listed(kit, b"[" * 9000))
add("list_for_somebody_else", "a list that we cannot open", "decrypt", "not-for-us", lambda kit: listed(kit, b"{}", to=False))  # fmt: skip
LISTS: tuple[tuple[str, str, Callable[[Raw], None]], ...] = (
    ("of_a_later_version", "version 3", lambda raw: raw.update(v=3)),
    ("of_a_day_that_climbs", "the day of its parts climbs", lambda raw: raw.update(day="../../20")),
    ("with_a_manifest_twice", "the manifest is there and in parts too", lambda raw: raw.update(manifest=[["a" * 52, 9]])),
    ("with_a_field_more", "an unknown field", lambda raw: raw.update(critical=True)),
    ("with_a_field_more_inside", "an unknown field of an object", lambda raw: raw["objects"][0].update(enc="zstd")),
    ("of_one_object_twice", "one number twice", lambda raw: raw["objects"].append(raw["objects"][0])),
    ("without_the_first", "it begins with object 2", lambda raw: raw["objects"][0].update(n=2)),
    ("with_an_object_more", "an object that no manifest lists", lambda raw: raw["objects"].append(raw["objects"][0] | {"n": 2})),
    ("with_another_size", "another size than the bytes in line", lambda raw: raw["objects"][0].update(size=7)),
    ("with_nothing_in_line", "neither parts nor bytes", lambda raw: raw["objects"][0].update(inline="")),
    ("with_respelt_bytes", "bytes in a second spelling", lambda raw: raw["objects"][0].update(inline="QUJDRB==", size=4)),
)  # fmt: skip
for _name, _wrong, _alter in LISTS:
    add(f"list_{_name}", _wrong, "container", "part-list", partial(list_changed, _alter))


@case("container", "object-missing")
def list_without_the_object(kit: Kit) -> Store:
    """the manifest lists an object, and the list of parts does not"""
    return kit.commit(kit.fixed.sealed, [])


@case("contents", "object-header")
def list_with_a_broken_header(kit: Kit) -> Store:
    """the header of an object is no age header"""
    return kit.commit(kit.fixed.sealed, [replace(kit.refs(kit.fixed)[0], header="AAAA")])


@case("contents", "object-size")
def list_with_a_shorter_payload(kit: Kit) -> Store:
    """the payload in line is a byte shorter than signed"""
    payload = sample().payload[:-1]
    ref = replace(kit.refs(kit.fixed)[0], size=len(payload), inline=encode_base64(payload))
    return kit.commit(kit.fixed.sealed, [ref])


@case("contents", "object-altered")
def list_with_another_payload(kit: Kit) -> Store:
    """another sample's payload of the same size in line"""
    other: EncryptedSample = sample(b"site,ecoli\nB,99\n", "other.csv")
    return kit.commit(kit.fixed.sealed, [replace(kit.refs(kit.fixed)[0], inline=encode_base64(other.payload))])


# ---------------------------------------------------------------- parts


def part_changed(change: Callable[[str, bytes], tuple[str, bytes] | None], kit: Kit) -> Store:
    """A store in which the first part was changed."""
    store = large(kit)
    name = next(iter(store))
    changed = change(name, store.pop(name))
    return store | dict([changed] if changed else [])


PARTS: tuple[tuple[str, str, str, str, Callable[[str, bytes], tuple[str, bytes] | None]], ...] = (
    ("missing", "a part is not there, or not yet", "incomplete", "", lambda _name, _data: None),
    ("flipped", "one bit of a part", "container", "part-altered", lambda name, data: (name, data[:-1] + bytes([data[-1] ^ 1]))),
    ("cut", "a part is cut short", "container", "part-altered", lambda name, data: (name, data[:-1])),
    ("running_on", "a byte behind a part", "container", "part-altered", lambda name, data: (name, data + b"\0")),
    ("huge", "a part of 17 megabytes", "container", "part-altered", lambda name, _: (name, bytes(17 << 20))),
)  # fmt: skip
for _name, _wrong, _door, _code, _part in PARTS:
    add(f"part_{_name}", _wrong, _door, _code, partial(part_changed, _part))


def ref_changed(change: Callable[[Refs], Refs], kit: Kit) -> Store:
    return large(kit, lambda ref: replace(ref, parts=change(ref.parts)))


def moved(parts: Refs, first: int, second: int) -> Refs:
    """Two parts with their names swapped."""
    swapped = list(parts)
    swapped[first], swapped[second] = parts[second], parts[first]
    return tuple(swapped)


def first_named(name: str) -> Callable[[Refs], Refs]:
    return lambda parts: (replace(parts[0], hash=name), *parts[1:])


REFS: tuple[tuple[str, str, str, str, Callable[[Refs], Refs]], ...] = (
    ("swapped", "two parts of one size change places", "contents", "object-altered", lambda parts: moved(parts, 0, 1)),
    ("repeated", "one part in all places, to fill the disk", "container", "part-list", lambda parts: tuple(replace(part, hash=parts[0].hash) for part in parts)),
    ("overlapping", "a part that runs into the next", "container", "part-list", lambda parts: (replace(parts[0], length=parts[0].length + 1), *parts[1:])),
    ("unequal", "two parts with their lengths swapped", "container", "part-altered", lambda parts: (replace(parts[0], length=parts[-1].length), *parts[1:-1], replace(parts[-1], length=parts[0].length))),
    ("left_out", "a part is left out", "container", "part-list", lambda parts: parts[1:]),
    ("of_a_gigabyte", "a part that is said to have a gigabyte", "container", "part-list", lambda parts: (replace(parts[0], length=1 << 30), *parts[1:])),
    ("of_nothing", "a part of no bytes", "container", "part-list", lambda parts: (replace(parts[0], length=0), *parts[1:])),
    ("climbing", "a part's name climbs", "container", "part-list", first_named("../../../../etc/passwd")),
    ("absolute", "a part's name is absolute", "container", "part-list", first_named("/etc/passwd")),
    ("elsewhere", "a part in another folder", "container", "part-list", first_named("20260301/" + "a" * 52)),
    ("of_no_hash", "a part's name is no hash", "container", "part-list", first_named("A" * 52)),
)  # fmt: skip
for _name, _wrong, _door, _code, _refs in REFS:
    add(f"parts_{_name}", _wrong, _door, _code, partial(ref_changed, _refs))


@case("container", "part-list")
def parts_and_bytes_in_line(kit: Kit) -> Store:
    """an object that is there twice: in parts and in line"""
    return large(kit, lambda ref: replace(ref, inline=encode_base64(LARGE.payload)))


# ---------------------------------------------------------------- a manifest in parts


@case("success", "")
def manifest_lies_in_parts(kit: Kit) -> Store:
    """an honest delivery whose manifest lies in parts"""
    return manifest_in_parts(kit)


@case("incomplete", "")
def manifest_of_which_a_part_is_missing(kit: Kit) -> Store:
    """a part of the manifest is not there, or not yet"""
    store = manifest_in_parts(kit)
    store.pop(next(iter(store)))
    return store


MANIFESTS: tuple[tuple[str, str, str, str, Callable[[Refs], Refs]], ...] = (
    ("mixed_up", "the manifest's parts change places", "decrypt", "damaged", lambda refs: moved(refs, 1, 2)),
    ("cut_short", "the manifest's last part is left out", "decrypt", "damaged", lambda refs: refs[:-1]),
    ("nowhere", "the manifest lies neither in the commit nor in parts", "container", "part-list", lambda _: ()),
    ("of_a_gigabyte", "a manifest that is said to have a gigabyte", "container", "part-list", lambda _: tuple(PartRef(hash_name(b"%d" % n, 52), 16 << 20) for n in range(64))),
    ("repeated", "one part of the manifest in all places", "container", "part-list", lambda refs: (refs[0],) * len(refs)),
)  # fmt: skip
for _name, _wrong, _door, _code, _refs in MANIFESTS:
    add(
        f"manifest_in_parts_{_name}",
        _wrong,
        _door,
        _code,
        partial(lambda change, kit: manifest_in_parts(kit, change), _refs),
    )


# ---------------------------------------------------------------- whole deliveries


@case("decrypt", "not-for-us")
def delivery_of_another_inbox(kit: Kit) -> Store:
    """a delivery to somebody else, moved into our inbox"""
    made = kit.bundle(destinations=())
    ((name, data),) = kit.commit(made.sealed, kit.refs(made)).items()
    assert name.startswith(commit_prefix(kit.receiver.box))
    return {name: data}


@case("success", "", first=(small,))
def delivered_twice(kit: Kit) -> Store:
    """the same bundle in a second commit of a later time"""
    return kit.commit(kit.fixed.sealed, kit.refs(kit.fixed), at=kit.now + timedelta(minutes=1))


@case("container", "commit-name", first=(small,))
def delivered_twice_under_another_day(kit: Kit) -> Store:
    """the very same commit shown a second time in the folder of another day"""
    return renamed(a_day_later, kit)
