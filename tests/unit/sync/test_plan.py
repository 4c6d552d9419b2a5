from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dsadesk.sync.plan import (
    INLINE_BYTES,
    FixCommit,
    Journal,
    Nothing,
    ObjectSize,
    Range,
    SendCommit,
    SendPart,
    next_step,
    rides_inside,
)


def journal(*sizes: int, acknowledged: tuple[Range, ...] = (), fixed: bool = False, finished: bool = False) -> Journal:
    objects = tuple(ObjectSize(n, size) for n, size in enumerate(sizes, 1))
    return Journal(is_finished=finished, commit_is_fixed=fixed, objects=objects, acknowledged=acknowledged)


def test_a_small_bundle_goes_in_one_commit() -> None:
    assert next_step(journal()) == FixCommit()
    assert next_step(journal(1000, 2000)) == FixCommit()
    assert rides_inside([ObjectSize(1, INLINE_BYTES)])
    assert not rides_inside([ObjectSize(1, INLINE_BYTES + 1)])


def test_a_fixed_commit_is_sent_and_never_made_again() -> None:
    assert next_step(journal(10**7, fixed=True)) == SendCommit()


def test_a_finished_item_needs_nothing() -> None:
    assert next_step(journal(10**7, fixed=True, finished=True)) == Nothing()


def test_what_lies_beyond_a_hole_is_sent_again() -> None:
    beyond = (Range(1, 0, 100_000), Range(1, 300_000, 100_000))
    assert next_step(journal(400_000, acknowledged=beyond), 100_000) == SendPart(Range(1, 100_000, 100_000))


@given(st.lists(st.integers(0, 400_000), max_size=4), st.integers(1_000, 200_000))
def test_following_the_plan_acknowledges_every_byte_once_and_then_commits(sizes: list[int], part_bytes: int) -> None:
    state, sent = journal(*sizes), []
    while isinstance(step := next_step(state, part_bytes), SendPart):
        sent.append(step.range)
        state = replace(state, acknowledged=(*state.acknowledged, step.range))
    assert step == FixCommit()
    if rides_inside(state.objects):
        assert not sent
        return
    for entry in state.objects:
        mine = [part for part in sent if part.n == entry.n]
        assert sum(part.length for part in mine) == entry.size
        assert all(a.offset + a.length == b.offset for a, b in itertools.pairwise(mine))


@given(st.integers(50_000, 900_000), st.integers(10_000, 200_000), st.integers(0, 40))
def test_a_sender_that_stops_anywhere_goes_on_where_it_was(size: int, part_bytes: int, stop: int) -> None:
    whole, halved = journal(size), journal(size)
    steps = 0
    while isinstance(step := next_step(halved, part_bytes), SendPart) and steps < stop:
        halved = replace(halved, acknowledged=(*halved.acknowledged, step.range))
        steps += 1
    while isinstance(step := next_step(halved, 30_000), SendPart):  # a new run may cut what is left differently
        halved = replace(halved, acknowledged=(*halved.acknowledged, step.range))
    assert sum(part.length for part in halved.acknowledged) == (0 if rides_inside(whole.objects) else size)
