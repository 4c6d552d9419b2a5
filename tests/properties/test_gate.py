"""No name is missed for ever by a reader who leaves folders unread, however coarse the stamps, stale the answers and racing the writers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsadesk.transports import gate

TOP = "dsa1/box/n"
DAYS = ("20260301", "20260302", "20260303")


@dataclass
class Share:
    """Folders on another machine: its clock is `ahead` of ours, its times are cut to `grain`, and what it shows may be `stale` seconds old."""

    grain: float
    ahead: float
    stale: float = 0.0
    time: float = 1_000_000.0
    written: list[tuple[float, str]] = field(default_factory=list)
    before_each_act: Callable[[], None] = lambda: None

    def write(self, day: str) -> None:
        self.written.append((self.time, f"{TOP}/{day}/{len(self.written):04d}"))

    def pass_time(self, seconds: float) -> None:
        self.time += seconds

    def stamp(self, folder: str) -> str | None:
        self.before_each_act()
        times = [at for at, name in self._shown() if self._changed(folder, at, name)]
        if not times:
            return "made" if folder == TOP else None
        return str((max(times) + self.ahead) // self.grain)

    def read(self, folder: str) -> tuple[list[str], list[str]]:
        self.before_each_act()
        names = [name for _, name in self._shown()]
        inside = [name for name in names if name.rpartition("/")[0] == folder]
        return inside, sorted({name.rpartition("/")[0] for name in names}) if folder == TOP else []

    def seconds(self) -> float:
        return self.time

    def _changed(self, folder: str, at: float, name: str) -> bool:
        """A folder's time moves when a name comes into it: a file, or the first file's folder."""
        if folder != TOP:
            return name.startswith(f"{folder}/")
        day = name.rpartition("/")[0]
        return at == min(time for time, other in self.written if other.startswith(f"{day}/"))

    def _shown(self) -> list[tuple[float, str]]:
        return [(at, name) for at, name in self.written if at <= self.time - self.stale]


def polled(share: Share, steps: list[tuple[str, float]], races: list[tuple[str, float]]) -> set[str]:
    """What a reader found who polled as the steps say, while writers came in between its own acts."""
    found: set[str] = set()
    cursor = ""
    pending = list(races)

    def race() -> None:
        if pending:
            day, wait = pending.pop()
            share.pass_time(wait)
            if day:
                share.write(day)

    for day, wait in steps:
        share.pass_time(wait)
        if day:
            share.write(day)
            continue
        share.before_each_act = race
        names, cursor = gate.look(share, TOP, cursor, share.seconds)
        share.before_each_act = lambda: None
        found |= set(names)
    # Quiet at last, and two polls: whatever has been missed by now is missed for ever.
    for _ in range(2):
        share.pass_time(60)
        names, cursor = gate.look(share, TOP, cursor, share.seconds)
        found |= set(names)
    return found


WAITS = st.sampled_from([0.0, 0.0, 0.001, 0.3, 0.9, 1.1, 2.1, 7.0, 14.9, 15.0, 16.0, 40.0])
STEPS = st.lists(st.tuples(st.sampled_from(["", "", *DAYS]), WAITS), max_size=30)
RACES = st.lists(st.tuples(st.sampled_from(["", *DAYS]), st.sampled_from([0.0, 0.0, 0.001, 0.5])), max_size=30)
SHARES = st.builds(
    Share,
    grain=st.sampled_from([1e-7, 0.004, 0.01, 1.0, 2.0]),
    ahead=st.sampled_from([0.0, 0.7, -3600.0, 1e8]),
    stale=st.sampled_from([0.0, 0.0, 1.0, 10.0]),
)


@settings(max_examples=300)
@given(SHARES, STEPS, RACES)
def test_no_name_is_missed_for_ever(share: Share, steps: list[tuple[str, float]], races: list[tuple[str, float]]):
    assert polled(share, steps, races) == {name for _, name in share.written}


@pytest.mark.parametrize("settling", [0.0, 1.0])
def test_the_check_would_see_a_gate_that_trusts_a_coarse_time_too_soon(
    monkeypatch: pytest.MonkeyPatch, settling: float
):
    monkeypatch.setattr(gate, "SETTLING_SECONDS", settling)
    share = Share(grain=2.0, ahead=0.0)
    steps = [(DAYS[0], 0.0), ("", 0.0), ("", 1.0), (DAYS[0], 0.1), ("", 0.0)]
    assert polled(share, steps, []) != {name for _, name in share.written}


def test_a_clock_of_ours_that_is_put_back_delays_and_does_not_miss():
    share = Share(grain=2.0, ahead=0.0)
    share.write(DAYS[0])
    _, cursor = gate.look(share, TOP, "", share.seconds)
    share.write(DAYS[0])
    _, cursor = gate.look(share, TOP, cursor, lambda: share.time - 86_400)
    share.pass_time(60)
    names, _ = gate.look(share, TOP, cursor, lambda: share.time - 86_400)
    assert names == tuple(name for _, name in share.written)
