"""What every store does, whatever carries the bytes. Each adapter runs all of it; add a factory to `STORES` to join."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
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

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FAULT = StoreError("never")

STORES: dict[str, Callable[[Path], Transport]] = {
    "folder": lambda folder: FolderTransport.prepare(folder, "store-0001", MADE_AT),
    "memory": lambda _: MemoryTransport(),
    "recorded": lambda _: RecordedTransport(MemoryTransport()),
    "faulty": lambda _: FaultyTransport(MemoryTransport(), 0, FAULT),
    "lossy": lambda folder: LossyTransport(FolderTransport.prepare(folder, "store-0001", MADE_AT)),
}


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Transport:
    return STORES[request.param](tmp_path)


def refusal(call: Callable[[], object]) -> DsadeskError:
    with pytest.raises(StoreError) as caught:
        call()
    return caught.value


def test_a_new_store_is_empty_and_in_order(store: Transport):
    store.check()
    assert store.list("") == ()
    assert store.address
    assert store.store_time() is None


def test_what_was_put_is_read_back(store: Transport):
    store.put("box/n/20260302/a-1", b"sealed")
    store.put("box/n/20260302/a-2", b"")
    assert store.get("box/n/20260302/a-1", 6) == b"sealed"
    assert store.get("box/n/20260302/a-2", 0) == b""
    assert store.has("box/n/20260302/a-1")


def test_every_byte_survives(store: Transport):
    data = bytes(range(256)) * 8192
    store.put("box/p/x", data)
    assert store.get("box/p/x", len(data)) == data


def test_the_same_bytes_again_are_fine_and_change_nothing(store: Transport):
    store.put("a/b", b"one")
    store.put("a/b", b"one")
    assert store.list("") == ("a/b",)


@pytest.mark.parametrize("other", [b"two", b"", b"on", b"one more"])
def test_an_object_never_changes(store: Transport, other: bytes):
    store.put("a/b", b"one")
    assert refusal(lambda: store.put("a/b", other)).code == "name-taken"
    assert store.get("a/b", 10) == b"one"


def test_a_name_is_not_both_an_object_and_a_folder_of_objects(store: Transport):
    store.put("a/b", b"one")
    assert refusal(lambda: store.put("a", b"two")).code == "name-taken"
    assert refusal(lambda: store.put("a/b/c", b"three")).code == "name-taken"
    assert not store.has("a")
    assert not store.has("a/b/c")
    assert refusal(lambda: store.get("a", 9)).code == "object-missing"
    assert refusal(lambda: store.get("a/b/c", 9)).code == "object-missing"
    assert store.list("") == ("a/b",)


def test_a_missing_object_is_not_there(store: Transport):
    assert not store.has("a/b")
    error = refusal(lambda: store.get("a/b", 10))
    assert isinstance(error, StoreMissingError)
    assert error.code == "object-missing"


def test_an_object_over_the_limit_is_not_handed_over(store: Transport):
    store.put("a", b"12345")
    assert store.get("a", 5) == b"12345"
    error = refusal(lambda: store.get("a", 4))
    assert isinstance(error, StoreRefusedError)
    assert error.code == "object-too-large"


def test_deleting_twice_is_fine(store: Transport):
    store.put("a/b", b"one")
    store.put("a/c", b"two")
    store.delete("a/b")
    store.delete("a/b")
    store.delete("never/there")
    assert store.list("") == ("a/c",)
    assert not store.has("a/b")


def test_a_deleted_name_may_be_written_again(store: Transport):
    store.put("a/b", b"one")
    store.delete("a/b")
    store.put("a/b", b"two")
    assert store.get("a/b", 3) == b"two"


def test_lists_are_sorted_by_whole_name_and_begin_after_a_name(store: Transport):
    names = ("a-b/x", "a.b/x", "a/y", "a/z/1", "a/z/2", "ab", "b/n/20260301/0001-aa", "b/n/20260302/0002-bb", "b/n0/c")
    for name in reversed(names):
        store.put(name, b"x")
    assert store.list("") == tuple(sorted(names))
    for number, name in enumerate(sorted(names)):
        assert store.list("", after=name) == tuple(sorted(names))[number + 1 :]
    assert store.list("b/n/", after="b/n/20260301/zzz") == ("b/n/20260302/0002-bb",)
    assert store.list("", after="zz") == ()


def test_a_prefix_is_the_beginning_of_a_name_and_need_not_be_a_folder(store: Transport):
    for name in ("b/n/20260301/x", "b/n/20260302/y", "b/n0/z", "c"):
        store.put(name, b"x")
    assert store.list("b/n") == ("b/n/20260301/x", "b/n/20260302/y", "b/n0/z")
    assert store.list("b/n/") == ("b/n/20260301/x", "b/n/20260302/y")
    assert store.list("b/n/202603") == ("b/n/20260301/x", "b/n/20260302/y")
    assert store.list("b/n/20260302/y") == ("b/n/20260302/y",)
    assert store.list("nothing/here/") == ()


@pytest.mark.parametrize(
    "name",
    ["", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", ".", "a/./b", "A", "a b", "a\\b", "a:b", "a\n", "é", ".tmp-1", "a/.b",
     "a.", "a./b", "nul", "a/con.txt", "com1", "store.json", "a" * 101, "a/" * 100 + "a", "a\0b", "-a", "%2e%2e"],
)  # fmt: skip
def test_a_name_that_some_store_could_not_hold_is_refused_by_every_act(store: Transport, name: str):
    acts: tuple[Callable[[], object], ...] = (
        lambda: store.put(name, b"x"), lambda: store.get(name, 9), lambda: store.has(name), lambda: store.delete(name),
    )  # fmt: skip
    for act in acts:
        error = refusal(act)
        assert isinstance(error, StoreRefusedError)
        assert error.code == "name-invalid"


@pytest.mark.parametrize("prefix", ["../", "a/../", "/", "A", "a//", ".tmp-/", "a b", "x" * 201])
def test_a_prefix_that_leads_elsewhere_is_refused(store: Transport, prefix: str):
    assert refusal(lambda: store.list(prefix)).code == "name-invalid"


def test_the_longest_names_are_held(store: Transport):
    name = "/".join(["a" * 99, "b" * 100])
    store.put(name, b"x")
    assert store.list("a") == (name,)


_COMPONENT = st.sampled_from(["a", "b", "a-b", "a.b", "0"])
_NAMES = st.lists(_COMPONENT, min_size=1, max_size=3).map("/".join)
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
