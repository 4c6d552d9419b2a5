"""Connecting to somebody who does not answer at once, or ever; and how much the system may hold of what is sent far away."""

from __future__ import annotations

import errno
import selectors
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic

import pytest

from dsadesk.transports import reaching
from dsadesk.transports.reaching import (
    FAR_SEND_BUFFER,
    MOST_ASKING,
    SEND_BUFFER,
    ClosedByUsError,
    SendBuffer,
    StalledError,
    reach,
)


@pytest.fixture
def busy() -> Iterator[socket.socket]:
    """A listener with no room for anybody more: who asks to be connected hears nothing until somebody is let in."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener


def asked(listener: socket.socket, seconds: float, is_aborted=lambda: False):
    host, port = listener.getsockname()
    return reach(host, port, seconds=seconds, first_seconds=1.0, stall_seconds=25.0, is_aborted=is_aborted)


def test_who_answers_is_connected_and_how_far_away_they_are_is_known() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made, seconds = asked(listener, 5.0)
        with made:
            assert made.getpeername() == listener.getsockname()
            assert 0 <= seconds < 1.0


def test_a_refusal_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
    with pytest.raises(ConnectionRefusedError):
        reach(host, port, seconds=5.0, first_seconds=5.0, stall_seconds=25.0, is_aborted=lambda: False)


def test_who_never_answers_is_given_up_in_time(busy: socket.socket) -> None:
    began = monotonic()
    with pytest.raises(StalledError):
        asked(busy, 0.3)
    assert 0.3 <= monotonic() - began < 5.0


def test_asking_ends_when_somebody_says_so(busy: socket.socket) -> None:
    began = monotonic()
    with pytest.raises(ClosedByUsError):
        asked(busy, 60.0, lambda: monotonic() - began > 0.1)
    assert monotonic() - began < 5.0


def test_fresh_sockets_ask_and_no_more_than_a_few_wait_at_a_time(
    busy: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[socket.socket] = []
    prepared = reaching._prepared

    def noted(one: socket.socket, stall_seconds: float) -> socket.socket:
        made.append(one)
        assert sum(each.fileno() >= 0 for each in made) <= MOST_ASKING
        return prepared(one, stall_seconds)

    monkeypatch.setattr(reaching, "_prepared", noted)
    monkeypatch.setattr(reaching, "FRESH_AFTER_SECONDS", 0.02)
    with pytest.raises(StalledError):
        asked(busy, 0.8)
    assert len(made) > MOST_ASKING
    assert all(each.fileno() < 0 for each in made), "nothing is left open"


def test_far_away_less_is_held_and_more_once_that_is_what_holds_us_up() -> None:
    sizes: list[int] = []
    near = SendBuffer(0.001, sizes.append)
    near.went(SEND_BUFFER, 10.0)
    assert sizes == []
    far = SendBuffer(0.5, sizes.append)
    assert sizes == [FAR_SEND_BUFFER]
    far.went(FAR_SEND_BUFFER, 60.0)
    assert sizes == [FAR_SEND_BUFFER], "the line was slow, not the buffer small"
    far.went(FAR_SEND_BUFFER, 0.5)
    assert sizes == [FAR_SEND_BUFFER, 2 * FAR_SEND_BUFFER]


def counted(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[int, socket.socket], socket.socket]
) -> list[socket.socket]:
    """The sockets that ask, of which each may be changed by its number."""
    made: list[socket.socket] = []
    prepared = reaching._prepared

    def noted(one: socket.socket, stall_seconds: float) -> socket.socket:
        made.append(change(len(made), one))
        return prepared(made[-1], stall_seconds)

    monkeypatch.setattr(reaching, "_prepared", noted)
    monkeypatch.setattr(reaching, "FRESH_AFTER_SECONDS", 0.02)
    return made


def test_the_socket_that_asked_first_waits_for_as_long_as_there_is_patience(
    busy: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a modem with a full queue an answer may take longer than all the fresh ones wait."""
    made = counted(monkeypatch, lambda _, one: one)
    waits: list[bool] = []

    def seen() -> bool:
        waits.append(not made or made[0].fileno() >= 0)
        return len(made) > 3 * MOST_ASKING

    with pytest.raises(ClosedByUsError):
        asked(busy, 60.0, seen)
    assert all(waits)


class Unrouted(socket.socket):
    """A socket for which there is no way at the moment."""

    def connect(self, address: object, /) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")


def unrouted(one: socket.socket) -> socket.socket:
    one.close()
    return Unrouted(socket.AF_INET, socket.SOCK_STREAM)


def test_a_fresh_socket_that_has_no_way_leaves_those_that_wait_alone(
    busy: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch, lambda number, one: unrouted(one) if number == 1 else one)
    with pytest.raises(StalledError):
        asked(busy, 0.3)


def test_when_no_socket_is_left_that_could_be_answered_it_is_said_why(
    busy: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch, lambda _, one: unrouted(one))
    with pytest.raises(OSError, match="unreachable"):
        asked(busy, 60.0)


def test_a_socket_that_cannot_be_watched_is_closed_and_said(
    busy: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(selectors.SelectSelector):
        def register(self, fileobj: object, events: int, data: object = None) -> selectors.SelectorKey:
            raise OSError(errno.ENOSPC, "no more can be watched")

    made = counted(monkeypatch, lambda _, one: one)
    monkeypatch.setattr(reaching.selectors, "DefaultSelector", Full)
    with pytest.raises(OSError, match="watched"):
        asked(busy, 5.0)
    assert made[0].fileno() < 0
