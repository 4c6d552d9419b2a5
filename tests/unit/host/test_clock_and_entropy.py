from __future__ import annotations

from datetime import UTC, timedelta

from dsadesk.host.clock import SystemClock
from dsadesk.host.entropy import SystemEntropy


def test_the_machines_time_is_aware_and_in_utc_and_does_not_stand_still_for_ever() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(minutes=1)


def test_the_machines_randomness_has_the_size_asked_for_and_does_not_repeat() -> None:
    assert len(SystemEntropy().token(10)) == 10
    assert SystemEntropy().token(32) != SystemEntropy().token(32)
