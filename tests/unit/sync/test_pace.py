"""The pace is kept whatever the runs and the threads; whoever waits is stopped, freed or paced anew at once."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.errors import TransferStoppedError
from dsadesk.host.clock import SystemPulse
from dsadesk.sync.pace import Pacer, Valve
from dsadesk.sync.stepping import PassingTime

RUN = 16 * 1024
LONG = 30.0


class Watched(SystemPulse):
    """Real time; tells when somebody begins to wait."""

    def __init__(self) -> None:
        self.waits = threading.Event()

    def wait(self, door: threading.Condition, seconds: float) -> None:
        self.waits.set()
        super().wait(door, seconds)


def waiting(pacer: Pacer, valve: Valve, pulse: Watched) -> tuple[threading.Thread, list[str]]:
    """A thread that waits for its bytes, and what will come of it."""
    ends: list[str] = []

    def carry() -> None:
        try:
            valve.pass_on(RUN)
            ends.append("passed")
        except TransferStoppedError as error:
            ends.append(error.code)

    thread = threading.Thread(target=carry)
    thread.start()
    assert pulse.waits.wait(LONG)
    with pacer._door:  # it let go of the door: it waits
        assert not ends
    return thread, ends


@given(st.integers(2_000, 10_000_000), st.lists(st.integers(1, 16 * 1024), min_size=1, max_size=60))
def test_the_average_is_the_limit_to_within_what_may_be_saved(limit: int, runs: list[int]) -> None:
    pulse = PassingTime()
    valve = Pacer(pulse, limit).valve()
    for size in runs:
        valve.pass_on(size)
    assert pulse.elapsed() == pytest.approx(sum(runs) / limit, rel=1e-6, abs=16 * 1024 / limit)


@pytest.mark.parametrize("limit", [8_000, 64_000, 200_000, 5_000_000])
def test_a_megabyte_takes_as_long_as_the_limit_says(limit: int) -> None:
    pulse = PassingTime()
    pacer = Pacer(pulse, limit)
    valves = [pacer.valve() for _ in range(4)]
    for n in range(64):
        valves[n % 4].pass_on(RUN)
    assert pulse.elapsed() == pytest.approx(64 * RUN / limit, rel=0.02)


def test_without_a_limit_nobody_waits() -> None:
    pulse = PassingTime()
    valve = Pacer(pulse).valve()
    for _ in range(1000):
        valve.pass_on(RUN)
    assert pulse.elapsed() == 0.0


def test_time_that_was_not_used_is_not_made_up_for_by_a_burst() -> None:
    pulse = PassingTime()
    valve = Pacer(pulse, 100_000).valve()
    pulse.advance(3600)
    for _ in range(100):
        valve.pass_on(RUN)
    assert pulse.elapsed() - 3600 == pytest.approx(100 * RUN / 100_000, rel=0.02)


@pytest.mark.parametrize("reason", ["paused", "cancelled"])
def test_whoever_waits_is_stopped_at_once(reason: str) -> None:
    pulse = Watched()
    pacer = Pacer(pulse, 1)
    valve = pacer.valve()
    thread, ends = waiting(pacer, valve, pulse)
    valve.shut(reason)
    thread.join(LONG)
    assert ends == [reason]
    with pytest.raises(TransferStoppedError, match=reason):
        valve.pass_on(1)


def test_one_valve_is_shut_and_the_others_go_on() -> None:
    pacer = Pacer(PassingTime())
    first, second = pacer.valve(), pacer.valve()
    first.shut("paused")
    second.pass_on(RUN)
    with pytest.raises(TransferStoppedError):
        first.pass_on(RUN)
    first.open()
    first.pass_on(RUN)


def test_a_limit_that_is_lifted_frees_whoever_waits() -> None:
    pulse = Watched()
    pacer = Pacer(pulse, 1)
    thread, ends = waiting(pacer, pacer.valve(), pulse)
    pacer.set_limit(None)
    thread.join(LONG)
    assert ends == ["passed"]


def test_several_threads_share_one_limit() -> None:
    pulse, limit = SystemPulse(), 2_000_000
    pacer, began = Pacer(pulse, limit), pulse.elapsed()

    def carry(valve: Valve) -> None:
        for _ in range(8):
            valve.pass_on(RUN)

    threads = [threading.Thread(target=carry, args=(pacer.valve(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    # Never faster; how much slower is the machine's affair, and the benchmark's.
    assert pulse.elapsed() - began >= 0.98 * (32 * RUN - 0.05 * limit) / limit


def test_a_limit_of_nothing_is_a_pause_and_is_refused() -> None:
    with pytest.raises(ValueError, match="pause"):
        Pacer(PassingTime()).set_limit(0)


def test_a_sign_of_life_counts_as_moving_and_carries_nothing() -> None:
    pulse = PassingTime()
    pacer = Pacer(pulse, 1000.0)
    valve = pacer.valve()
    began = valve.moved_at
    pulse.advance(4.0)
    valve.sign_of_life()
    assert valve.moved_at == began + 4.0
