from __future__ import annotations

import threading
from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication

from dsadesk.ui.jobs import JobRunner, Lane

PATIENCE_SECONDS = 60


@pytest.fixture
def runner(qapp):
    made = JobRunner(pool_workers=2)
    yield made
    made.shutdown(wait=True)


@pytest.fixture
def heard():
    return []


def held(started: Event, door: Event) -> int:
    """Say that it runs, wait for the door, and return the thread it ran on."""
    started.set()
    assert door.wait(PATIENCE_SECONDS)
    return threading.get_ident()


def test_a_result_comes_back_on_the_thread_of_the_window(runner, qtbot, heard):
    # Held until it is handed in whole, so that it is the worker that reports its end.
    door = Event()
    runner.submit(lambda: held(Event(), door), then=lambda ran_on: heard.append((ran_on, threading.get_ident())))
    door.set()
    qtbot.waitUntil(lambda: bool(heard))
    ran_on, told_on = heard[0]
    assert told_on == threading.get_ident()
    assert ran_on != told_on


def test_the_vault_lane_never_runs_two_jobs_at_once(runner, qtbot, heard):
    started, door = Event(), Event()
    runner.submit(lambda: held(started, door), then=heard.append)
    assert started.wait(PATIENCE_SECONDS)
    # The first is held, so a second worker would take this one.
    runner.submit(lambda: held(Event(), door), then=heard.append)
    door.set()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[0] == heard[1]


def test_the_pool_lane_runs_while_the_vault_lane_is_busy(runner, qtbot, heard):
    vault_started, vault_door = Event(), Event()
    runner.submit(lambda: held(vault_started, vault_door))
    assert vault_started.wait(PATIENCE_SECONDS)
    runner.submit(lambda: "done", lane=Lane.POOL, then=heard.append)
    qtbot.waitUntil(lambda: heard == ["done"])
    vault_door.set()


def test_the_pool_lane_runs_several_jobs_at_once(runner, qtbot, heard):
    started, door = (Event(), Event()), Event()
    for each in started:
        runner.submit(lambda each=each: held(each, door), lane=Lane.POOL, then=heard.append)
    assert all(each.wait(PATIENCE_SECONDS) for each in started)
    door.set()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[0] != heard[1]


def test_results_of_the_vault_lane_come_in_order(runner, qtbot, heard):
    for number in range(20):
        runner.submit(lambda number=number: number, then=heard.append)
    qtbot.waitUntil(lambda: len(heard) == 20)
    assert heard == list(range(20))


def test_a_callback_is_never_called_before_submit_returns(runner, qtbot, heard):
    done = Event()
    runner.submit(done.set, then=lambda _: heard.append("told"))
    assert done.wait(PATIENCE_SECONDS)
    runner.submit(lambda: None, then=lambda _: heard.append("told"))
    assert heard == []
    qtbot.waitUntil(lambda: len(heard) == 2)


def test_an_exception_goes_to_fail_on_the_thread_of_the_window(runner, qtbot, heard):
    door = Event()

    def broken() -> None:
        assert door.wait(PATIENCE_SECONDS)
        raise OSError("no disk")

    runner.submit(
        broken,
        then=lambda _: heard.append("then"),
        fail=lambda error: heard.append((type(error), str(error), threading.get_ident())),
    )
    door.set()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(OSError, "no disk", threading.get_ident())]


def test_an_exception_that_nobody_takes_is_raised_on_the_thread_of_the_window(runner, qtbot):
    def broken() -> None:
        raise ValueError("nobody listens")

    with qtbot.captureExceptions() as raised:
        job = runner.submit(broken)
        qtbot.waitUntil(lambda: job.is_delivered)
    assert [str(error) for _, error, _ in raised] == ["nobody listens"]


def test_a_failure_in_then_is_not_taken_for_a_failure_of_the_work(runner, qtbot, heard):
    def stumble(_: object) -> None:
        raise ValueError("in then")

    with qtbot.captureExceptions() as raised:
        job = runner.submit(lambda: 1, then=stumble, fail=heard.append)
        qtbot.waitUntil(lambda: job.is_delivered)
    assert [str(error) for _, error, _ in raised] == ["in then"]
    assert heard == []


def test_waiting_work_that_is_cancelled_never_runs(runner, qtbot, heard):
    started, door = Event(), Event()
    runner.submit(lambda: held(started, door), then=lambda _: heard.append("first"))
    assert started.wait(PATIENCE_SECONDS)
    waiting = runner.submit(lambda: heard.append("ran"), then=lambda _: heard.append("told"))
    waiting.cancel()
    door.set()
    runner.submit(lambda: None, then=lambda _: heard.append("last"))
    qtbot.waitUntil(lambda: "last" in heard)
    assert heard == ["first", "last"]
    assert waiting.is_cancelled
    assert not waiting.is_delivered


def test_running_work_that_is_cancelled_is_told_and_its_outcome_dropped(runner, qtbot, heard):
    started, stop = Event(), Event()

    def until_stopped() -> str:
        started.set()
        assert stop.wait(PATIENCE_SECONDS)
        return "stopped early"

    job = runner.submit(until_stopped, then=heard.append, fail=heard.append, stop=stop)
    assert started.wait(PATIENCE_SECONDS)
    job.cancel()
    runner.submit(lambda: None, then=lambda _: heard.append("next"))
    qtbot.waitUntil(lambda: heard == ["next"])


def test_cancelling_after_the_outcome_has_come_changes_nothing(runner, qtbot, heard):
    job = runner.submit(lambda: 1, then=heard.append)
    qtbot.waitUntil(lambda: heard == [1])
    job.cancel()
    assert not job.is_cancelled


def test_cancelling_from_a_callback_drops_an_outcome_already_on_its_way(runner, qtbot, heard):
    started, door = Event(), Event()
    jobs = []
    runner.submit(lambda: held(started, door), then=lambda _: jobs[0].cancel())
    assert started.wait(PATIENCE_SECONDS)
    jobs.append(runner.submit(lambda: 2, then=heard.append))
    runner.submit(lambda: 3, then=heard.append)
    door.set()
    qtbot.waitUntil(lambda: 3 in heard)
    assert heard == [3]


def test_nothing_is_told_after_shutdown(qapp, heard):
    runner = JobRunner()
    started, door = Event(), Event()
    runner.submit(lambda: held(started, door), then=heard.append, fail=heard.append)
    runner.submit(lambda: 1, lane=Lane.POOL, then=heard.append)
    assert started.wait(PATIENCE_SECONDS)
    door.set()
    runner.shutdown(wait=True)
    QCoreApplication.sendPostedEvents(runner)
    QCoreApplication.processEvents()
    assert heard == []


def test_shutdown_finishes_what_waits_for_the_vault_and_drops_what_waits_for_the_pool(qapp, heard):
    runner = JobRunner(pool_workers=1)
    vault_started, pool_started, door, stop = Event(), Event(), Event(), Event()
    runner.submit(lambda: held(vault_started, door))
    runner.submit(lambda: heard.append("vault"))
    runner.submit(lambda: (pool_started.set(), stop.wait(PATIENCE_SECONDS)), lane=Lane.POOL, stop=stop)
    runner.submit(lambda: heard.append("pool"), lane=Lane.POOL)
    assert vault_started.wait(PATIENCE_SECONDS)
    assert pool_started.wait(PATIENCE_SECONDS)
    runner.shutdown(wait=False)
    assert stop.is_set()
    door.set()
    runner.shutdown(wait=True)
    assert heard == ["vault"]


def test_work_handed_in_after_shutdown_is_refused(qapp):
    runner = JobRunner()
    runner.shutdown(wait=True)
    with pytest.raises(RuntimeError):
        runner.submit(lambda: None)
