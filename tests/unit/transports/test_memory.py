from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dsadesk.errors import StoreError, StoreFullError, StoreMissingError, StoreUnreachableError
from dsadesk.ports import Transport
from dsadesk.transports.memory import FaultyTransport, LossyTransport, MemoryTransport
from dsadesk.transports.recorded import Call, RecordedTransport

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def five_acts(store: Transport) -> None:
    store.check()
    store.put("dsa1/a", b"x")
    store.has("dsa1/a")
    store.list("")
    store.get("dsa1/a", 1)


def test_a_store_with_a_problem_answers_nothing_until_it_is_gone():
    store = MemoryTransport()
    store.put("dsa1/a", b"x")
    store.problem = StoreMissingError("folder-missing")
    for act in (
        store.check,
        lambda: store.get("dsa1/a", 9),
        lambda: store.put("dsa1/b", b""),
        lambda: store.list(""),
        store.store_time,
    ):
        with pytest.raises(StoreMissingError):
            act()
    store.problem = None
    assert store.list("") == ("dsa1/a",)


def test_a_store_in_memory_has_the_clock_it_was_given():
    assert MemoryTransport(now=lambda: NOON).store_time() == NOON
    assert MemoryTransport().store_time() is None


def test_a_changed_buffer_does_not_change_what_was_put():
    store = MemoryTransport()
    data = bytearray(b"one")
    store.put("dsa1/a", data)
    data[0] = 0
    assert store.get("dsa1/a", 3) == b"one"


@pytest.mark.parametrize("fail_at", [1, 2, 3, 4, 5])
def test_exactly_the_numbered_call_fails_and_reaches_nothing(fail_at: int):
    inner = RecordedTransport(MemoryTransport())
    store = FaultyTransport(inner, fail_at, StoreFullError("store-full"))
    with pytest.raises(StoreFullError):
        five_acts(store)
    assert store.calls == fail_at
    assert len(inner.calls) == fail_at - 1
    five_acts(store)


def test_a_sweep_ends_when_no_call_is_left_to_fail():
    fail_at = 0
    while True:
        fail_at += 1
        store = FaultyTransport(MemoryTransport(), fail_at, StoreFullError("store-full"))
        try:
            five_acts(store)
        except StoreError:
            continue
        if store.calls < fail_at:
            break
    assert fail_at == 6


def test_a_lost_answer_leaves_the_change_made():
    inner = MemoryTransport()
    store = LossyTransport(inner, lost_acks={1, 3})
    with pytest.raises(StoreUnreachableError, match="answer-lost"):
        store.put("dsa1/a", b"x")
    assert inner.list("") == ("dsa1/a",)
    store.put("dsa1/a", b"x")
    with pytest.raises(StoreUnreachableError, match="answer-lost"):
        store.delete("dsa1/a")
    assert inner.list("") == ()
    store.delete("dsa1/a")


def test_a_hidden_object_is_not_found_and_comes_back():
    store = LossyTransport(MemoryTransport(), hidden={"dsa1/a"})
    store.put("dsa1/a", b"x")
    store.put("dsa1/b", b"y")
    assert (store.list(""), store.has("dsa1/a"), store.has("dsa1/b")) == (("dsa1/b",), False, True)
    with pytest.raises(StoreMissingError, match="object-missing"):
        store.get("dsa1/a", 9)
    store.hidden.clear()
    assert (store.list(""), store.get("dsa1/a", 9)) == (("dsa1/a", "dsa1/b"), b"x")


def test_a_recording_has_a_line_for_each_call_and_no_contents():
    store = RecordedTransport(MemoryTransport())
    five_acts(store)
    with pytest.raises(StoreMissingError):
        store.get("dsa1/b", 1)
    store.delete("dsa1/a")
    store.store_time()
    assert store.calls == [
        Call("check"), Call("put", "dsa1/a", 1), Call("has", "dsa1/a", 1), Call("list", "", 1), Call("get", "dsa1/a", 1),
        Call("get", "dsa1/b", 0, "object-missing"), Call("delete", "dsa1/a"), Call("store_time"),
    ]  # fmt: skip


def test_a_wrapper_goes_by_the_name_of_what_it_wraps():
    inner = MemoryTransport("the office share")
    wrappers: tuple[Transport, ...] = (
        RecordedTransport(inner),
        LossyTransport(inner),
        FaultyTransport(inner, 0, StoreError("x")),
    )
    assert {wrapper.address for wrapper in wrappers} == {"the office share"}
