"""What every store does, whatever carries the bytes. Each adapter runs all of it; add a factory to `STORES` to join."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsadesk.errors import DsadeskError, StoreError, StoreMissingError, StoreRefusedError
from dsadesk.ports import Transport
from dsadesk.transports.folder import FolderTransport
from dsadesk.transports.memory import FaultyTransport, LossyTransport, MemoryTransport
from dsadesk.transports.recorded import RecordedTransport
from dsadesk.transports.sftp.transport import SftpTransport
from dsadesk.transports.webdav import WebDavTransport
from tests.support.servers.buckets import new_store
from tests.support.servers.sshd import Sshd
from tests.support.servers.sshd import why_not as sshd_is_missing
from tests.support.servers.web import WebServer

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FAULT = StoreError("never")


def new_webdav(server: WebServer) -> Transport:
    return WebDavTransport.prepare(server.url(server.fresh()), "store-0001", MADE_AT, access=server.access)


STORES: dict[str, Callable[[Path], Transport]] = {
    "folder": lambda folder: FolderTransport.prepare(folder, "store-0001", MADE_AT),
    "memory": lambda _: MemoryTransport(),
    "recorded": lambda _: RecordedTransport(MemoryTransport()),
    "faulty": lambda _: FaultyTransport(MemoryTransport(), 0, FAULT),
    "lossy": lambda folder: LossyTransport(FolderTransport.prepare(folder, "store-0001", MADE_AT)),
}

SERVED: dict[str, Callable[[pytest.FixtureRequest], Transport]] = {
    "s3-swift": lambda request: new_store(request.getfixturevalue("swift_server")),
    "s3-ceph": lambda request: new_store(request.getfixturevalue("ceph_server")),
    "s3-rclone": lambda request: new_store(request.getfixturevalue("rclone_server")),
    "sftp": lambda request: request.getfixturevalue("sftp_store"),
    "webdav-nginx": lambda request: new_webdav(request.getfixturevalue("nginx")),
    "webdav-apache": lambda request: new_webdav(request.getfixturevalue("apache")),
}

NO_FOLDERS = "S3 has no folders: names of one depth, as commits and parts have, never meet"
REPLACES = "rclone ignores conditions: another object of a name replaces the first, but names come from contents"

MAY_NOT: dict[str, dict[str, str]] = {
    "s3-ceph": {"test_a_name_is_not_both_an_object_and_a_folder_of_objects": NO_FOLDERS},
    "s3-swift": {"test_a_name_is_not_both_an_object_and_a_folder_of_objects": NO_FOLDERS},
    "s3-rclone": {
        "test_a_name_is_not_both_an_object_and_a_folder_of_objects": NO_FOLDERS,
        "test_an_object_never_changes": REPLACES,
    },
}
"""What a store does not promise, by test, and why that does no harm. A store that does better than it says fails."""


IN_LONG_RUNS = {"s3-ceph"}


@pytest.fixture(
    params=[
        pytest.param(name, marks=pytest.mark.soak) if name in IN_LONG_RUNS else name
        for name in sorted([*STORES, *SERVED])
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transport]:
    reason = MAY_NOT.get(request.param, {}).get(request.function.__name__)
    if reason:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    made = SERVED[request.param](request) if request.param in SERVED else STORES[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def sshd() -> Iterator[Sshd]:
    if sshd_is_missing():
        pytest.skip(sshd_is_missing())
    with Sshd() as server:
        yield server


@pytest.fixture
def sftp_store(sshd: Sshd, tmp_path: Path) -> SftpTransport:
    name = tmp_path.name[-40:]
    sshd.folder(name)
    transport = SftpTransport(sshd.address(name), expected_id="store-0001", access=sshd.access)
    transport.prepare("store-0001", MADE_AT)
    return transport


def refusal(call: Callable[[], object]) -> DsadeskError:
    with pytest.raises(StoreError) as caught:
        call()
    return caught.value


def test_a_new_store_is_empty_and_in_order(store: Transport):
    store.check()
    assert store.list("") == ()
    assert store.address
    theirs = store.store_time()
    assert theirs is None or abs(theirs - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251


def test_what_was_put_is_read_back(store: Transport):
    store.put("dsa1/box/n/20260302/a-1", b"sealed")
    store.put("dsa1/box/n/20260302/a-2", b"")
    assert store.get("dsa1/box/n/20260302/a-1", 6) == b"sealed"
    assert store.get("dsa1/box/n/20260302/a-2", 0) == b""
    assert store.has("dsa1/box/n/20260302/a-1")


def test_every_byte_survives(store: Transport):
    data = bytes(range(256)) * 8192
    store.put("dsa1/box/p/x", data)
    assert store.get("dsa1/box/p/x", len(data)) == data


def test_the_same_bytes_again_are_fine_and_change_nothing(store: Transport):
    store.put("dsa1/a/b", b"one")
    store.put("dsa1/a/b", b"one")
    assert store.list("") == ("dsa1/a/b",)


@pytest.mark.parametrize("other", [b"two", b"", b"on", b"one more"])
def test_an_object_never_changes(store: Transport, other: bytes):
    store.put("dsa1/a/b", b"one")
    assert refusal(lambda: store.put("dsa1/a/b", other)).code == "name-taken"
    assert store.get("dsa1/a/b", 10) == b"one"


def test_a_name_is_not_both_an_object_and_a_folder_of_objects(store: Transport):
    store.put("dsa1/a/b", b"one")
    assert refusal(lambda: store.put("dsa1/a", b"two")).code == "name-taken"
    assert refusal(lambda: store.put("dsa1/a/b/c", b"three")).code == "name-taken"
    assert not store.has("dsa1/a")
    assert not store.has("dsa1/a/b/c")
    assert refusal(lambda: store.get("dsa1/a", 9)).code == "object-missing"
    assert refusal(lambda: store.get("dsa1/a/b/c", 9)).code == "object-missing"
    assert store.list("") == ("dsa1/a/b",)


def test_a_missing_object_is_not_there(store: Transport):
    assert not store.has("dsa1/a/b")
    error = refusal(lambda: store.get("dsa1/a/b", 10))
    assert isinstance(error, StoreMissingError)
    assert error.code == "object-missing"


def test_an_object_over_the_limit_is_not_handed_over(store: Transport):
    store.put("dsa1/a", b"12345")
    assert store.get("dsa1/a", 5) == b"12345"
    error = refusal(lambda: store.get("dsa1/a", 4))
    assert isinstance(error, StoreRefusedError)
    assert error.code == "object-too-large"


def test_deleting_twice_is_fine(store: Transport):
    store.put("dsa1/a/b", b"one")
    store.put("dsa1/a/c", b"two")
    store.delete("dsa1/a/b")
    store.delete("dsa1/a/b")
    store.delete("dsa1/never/there")
    assert store.list("") == ("dsa1/a/c",)
    assert not store.has("dsa1/a/b")


def test_a_deleted_name_may_be_written_again(store: Transport):
    store.put("dsa1/a/b", b"one")
    store.delete("dsa1/a/b")
    store.put("dsa1/a/b", b"two")
    assert store.get("dsa1/a/b", 3) == b"two"


def test_lists_are_sorted_by_whole_name_and_begin_after_a_name(store: Transport):
    names = tuple(
        f"dsa1/{name}"
        for name in (
            "a-b/x",
            "a.b/x",
            "a/y",
            "a/z/1",
            "a/z/2",
            "ab",
            "b/n/20260301/0001-aa",
            "b/n/20260302/0002-bb",
            "b/n0/c",
        )
    )
    for name in reversed(names):
        store.put(name, b"x")
    assert store.list("") == tuple(sorted(names))
    for number, name in enumerate(sorted(names)):
        assert store.list("", after=name) == tuple(sorted(names))[number + 1 :]
    assert store.list("dsa1/b/n/", after="dsa1/b/n/20260301/zzz") == ("dsa1/b/n/20260302/0002-bb",)
    assert store.list("", after="zz") == ()


def test_a_prefix_is_the_beginning_of_a_name_and_need_not_be_a_folder(store: Transport):
    for name in ("dsa1/b/n/20260301/x", "dsa1/b/n/20260302/y", "dsa1/b/n0/z", "dsa1/c"):
        store.put(name, b"x")
    assert store.list("dsa1/b/n") == ("dsa1/b/n/20260301/x", "dsa1/b/n/20260302/y", "dsa1/b/n0/z")
    assert store.list("dsa1/b/n/") == ("dsa1/b/n/20260301/x", "dsa1/b/n/20260302/y")
    assert store.list("dsa1/b/n/202603") == ("dsa1/b/n/20260301/x", "dsa1/b/n/20260302/y")
    assert store.list("dsa1/b/n/20260302/y") == ("dsa1/b/n/20260302/y",)
    assert store.list("dsa1/nothing/here/") == ()


@pytest.mark.parametrize(
    "name",
    ["", "/", "a", "box/a", "dsa1", "dsa1/", "dsa1//a", "/dsa1/a", "../dsa1/a", "dsa1/../a", "dsa1/.", "DSA1/a", "dsa1/A", "dsa1/a b",
     "dsa1/a\\b", "dsa1\\a", "dsa1/a:b", "dsa1/a\n", "dsa1/é", "dsa1/.tmp-1", "dsa1/a/.b", "dsa1/a.", "dsa1/a./b", "dsa1/nul",
     "dsa1/a/con.txt", "dsa1/com1", "dsa1/store.json", "dsa1/" + "a" * 101, "dsa1" + "/a" * 100, "dsa1/a\0b", "dsa1/-a", "dsa1/%2e%2e",
     "dsa2/a", "dsa10/a"],
)  # fmt: skip
def test_a_name_that_some_store_could_not_hold_is_refused_by_every_act(store: Transport, name: str):
    acts: tuple[Callable[[], object], ...] = (
        lambda: store.put(name, b"x"), lambda: store.get(name, 9), lambda: store.has(name), lambda: store.delete(name),
    )  # fmt: skip
    for act in acts:
        error = refusal(act)
        assert isinstance(error, StoreRefusedError)
        assert error.code == "name-invalid"


@pytest.mark.parametrize(
    "prefix", ["../", "dsa1/../", "/", "D", "dsa1//", "dsa1/.tmp-/", "dsa1/a b", "x", "dsa2", "dsa1/" + "x" * 196]
)
def test_a_prefix_that_leads_elsewhere_is_refused(store: Transport, prefix: str):
    assert refusal(lambda: store.list(prefix)).code == "name-invalid"


def test_the_longest_names_are_held(store: Transport):
    name = "/".join(["dsa1", "a" * 94, "b" * 100])
    store.put(name, b"x")
    assert store.list("dsa1/a") == (name,)


_COMPONENT = st.sampled_from(["a", "b", "a-b", "a.b", "0"])
_NAMES = st.lists(_COMPONENT, min_size=1, max_size=3).map(lambda parts: "/".join(["dsa1", *parts]))
_STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "put", "delete", "list"]), _NAMES, st.sampled_from([b"", b"x", b"y"])),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_a_folder_does_what_memory_does(steps: list[tuple[str, str, bytes]]):
    with TemporaryDirectory() as folder:
        stores: tuple[Transport, ...] = (
            FolderTransport.prepare(Path(folder), "store-0001", MADE_AT),
            MemoryTransport(),
        )
        deleted = False
        for act, name, data in steps:
            # An emptied folder keeps its name, which is the one thing that memory does not do.
            deleted = deleted or act == "delete"
            answers = [_answer(store, act, name, data) for store in stores]
            assert answers[0] == answers[1] or (deleted and answers[0] == "name-taken")
            if answers[0] != answers[1]:
                return
            assert stores[0].list("") == stores[1].list("")


def _answer(store: Transport, act: str, name: str, data: bytes) -> object:
    try:
        if act == "put":
            return store.put(name, data)
        if act == "delete":
            return store.delete(name)
        return store.list(name), store.list("", after=name), store.has(name)
    except StoreError as error:
        return error.code


def test_a_poll_gives_every_name_at_first_and_misses_none_that_comes(store: Transport):
    box, cursor, seen = "dsa1/box/n/", "", set()
    for day in ("20260301", "20260302"):
        for number in range(3):
            name = f"{box}{day}/{1772323200000 + number:013d}-{'a' * 31}{number}"
            store.put(name, b"x")
            names, cursor = store.poll(box, cursor)
            assert list(names) == sorted(names)
            seen.update(names)
            assert name in names
    assert seen == set(store.list(box)) == set(store.poll(box, "")[0]) == set(store.poll(box, "no cursor of ours")[0])


def test_a_poll_of_an_inbox_into_which_nothing_has_come_finds_nothing(store: Transport):
    names, cursor = store.poll("dsa1/box/n/", "")
    assert names == ()
    assert store.poll("dsa1/box/n/", cursor)[0] == ()
