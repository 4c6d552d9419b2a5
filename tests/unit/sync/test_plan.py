"""Whatever was acknowledged, exactly the rest is sent, and the commit comes after it; ranges that fail are cut anew and no byte goes twice."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dsadesk.sync.plan import (
    INLINE_BYTES,
    Journal,
    ObjectSize,
    Pool,
    Range,
    missing,
    rides_inside,
    urgency,
)


def journal(*sizes: int, acknowledged: tuple[Range, ...] = (), fixed: bool = False, finished: bool = False) -> Journal:
    objects = tuple(ObjectSize(n, size) for n, size in enumerate(sizes, 1))
    return Journal(is_finished=finished, commit_is_fixed=fixed, objects=objects, acknowledged=acknowledged)


def test_a_small_bundle_goes_in_one_commit() -> None:
    assert missing(journal()) == ()
    assert missing(journal(1000, 2000)) == ()
    assert rides_inside([ObjectSize(1, INLINE_BYTES)])
    assert not rides_inside([ObjectSize(1, INLINE_BYTES + 1)])


def test_only_the_hole_is_sent_again() -> None:
    beyond = (Range(1, 300_000, 100_000), Range(1, 0, 100_000))
    assert missing(journal(400_000, acknowledged=beyond)) == (Range(1, 100_000, 200_000),)


def covers(ranges: list[Range], size: int) -> bool:
    ordered = sorted(ranges)
    begins = not ordered or ordered[0].offset == 0
    return (
        begins
        and all(a.end == b.offset for a, b in itertools.pairwise(ordered))
        and sum(r.length for r in ordered) == size
    )


@given(st.integers(50_000, 400_000), st.data())
def test_ranges_that_fail_in_any_order_are_sent_whole_in_the_end_and_never_twice(
    size: int, data: st.DataObject
) -> None:
    state = journal(size)
    pool, out, arrived = Pool(missing(state)), [], []
    for _ in range(data.draw(st.integers(0, 60))):
        match data.draw(st.sampled_from(["cut", "arrive", "fail", "kill"])):
            case "cut":
                cut = pool.cut(data.draw(st.integers(1, 120_000)))
                out += [cut] if cut else []
            case "arrive" if out:
                arrived.append(out.pop(data.draw(st.integers(0, len(out) - 1))))
            case "fail" if out:
                pool.give_back(out.pop(data.draw(st.integers(0, len(out) - 1))))
            case "kill":
                pool, out = Pool(missing(replace(state, acknowledged=tuple(arrived)))), []
            case _:
                pass
        assert pool.left + sum(r.length for r in (*out, *arrived)) == (0 if rides_inside(state.objects) else size)
    while cut := pool.cut(50_000):
        arrived.append(cut)
    arrived += out
    assert rides_inside(state.objects) or covers(arrived, size)
    assert missing(replace(state, acknowledged=tuple(arrived))) == ()


@given(st.lists(st.integers(1, 300_000), min_size=1, max_size=4))
def test_a_range_never_spans_two_objects(sizes: list[int]) -> None:
    pool = Pool(missing(journal(*sizes)))
    cuts = []
    while cut := pool.cut(100_000):
        cuts.append(cut)
    for n, size in enumerate(sizes, 1):
        assert rides_inside(journal(*sizes).objects) or covers([c for c in cuts if c.n == n], size)


def test_what_was_given_back_joins_what_lies_beside_it() -> None:
    pool = Pool((Range(1, 0, 300),))
    first, second, third = pool.cut(100), pool.cut(100), pool.cut(100)
    for each in (third, first, second):
        assert each is not None
        pool.give_back(each)
    assert pool.cut(1000) == Range(1, 0, 300)


def test_small_events_go_before_samples_and_small_samples_before_large_ones() -> None:
    sizes = [
        urgency(20_000, rides_inside=True),
        urgency(60_000, rides_inside=False),
        urgency(6 * 10**7, rides_inside=False),
    ]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3
