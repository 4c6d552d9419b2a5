"""The bad link that other tests stand on: it must be as bad as it says."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable

import pytest

from dsadesk.transports.reaching import reach
from tests.support.link import SERVER, Cut, Link, Quality, why_not
from tests.support.machine import LONG, takes_at_most

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "a link can be made")

PORT = 9000
SIZE = 100_000


class Sink:
    """Takes one connection after the other at the server's end and counts what comes."""

    def __init__(self, link: Link) -> None:
        self.taken = 0
        self.ended: list[str] = []
        self.begun, self.done = threading.Event(), threading.Event()
        self._accepted: socket.socket | None = None
        self._listener = link.server.run(lambda: socket.create_server((SERVER, PORT)))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            self._accepted = accepted
            with accepted:
                try:
                    while data := accepted.recv(65536):
                        self.taken += len(data)
                        self.begun.set()
                    self.ended.append("closed")
                    accepted.sendall(b"k")
                except OSError as error:
                    self.ended.append(type(error).__name__)
            self.done.set()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._accepted is not None:
            with contextlib.suppress(OSError):
                self._accepted.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)


def connect(link: Link, timeout: float = LONG) -> socket.socket:
    return link.client.run(lambda: socket.create_connection((SERVER, PORT), timeout))


def send(link: Link, size: int = SIZE) -> float:
    started = time.monotonic()
    with connect(link) as sock:
        sock.sendall(bytes(size))
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(1) == b"k"
    return time.monotonic() - started


def over(quality: Quality, act: Callable[[Link, Sink], None]) -> None:
    with Link(quality) as link:
        sink = Sink(link)
        try:
            act(link, sink)
        finally:
            sink.close()


def test_a_clean_link_takes_its_rate_and_its_delay():
    quality = Quality(rate=1_000_000, round_trip=0.2)

    def act(link: Link, sink: Sink) -> None:
        started = time.monotonic()
        connect(link).close()
        assert time.monotonic() - started >= 0.2
        first = send(link)
        assert first >= quality.ideal(SIZE) + 0.2
        assert sink.taken == SIZE
        takes_at_most(6 * quality.ideal(SIZE), lambda: send(link), tries=5)
        assert link.upstream.offered > SIZE
        assert link.upstream.lost == 0

    over(quality, act)


def test_losses_are_repaired_by_the_ends_and_cost_time():
    def act(link: Link, sink: Sink) -> None:
        send(link)
        assert sink.taken == SIZE
        assert link.upstream.lost > 0
        assert link.upstream.offered > SIZE

    over(Quality(rate=4_000_000, round_trip=0.02, loss=0.1), act)


def test_a_queue_that_is_full_drops():
    def act(link: Link, sink: Sink) -> None:
        send(link, 4 * SIZE)
        assert sink.taken == 4 * SIZE
        assert link.upstream.dropped > 0

    over(Quality(rate=2_000_000, round_trip=0.05, queue_seconds=0.02), act)


def test_a_cut_resets_both_ends_and_the_link_comes_back():
    def act(link: Link, sink: Sink) -> None:
        with connect(link) as sock:
            sock.sendall(b"x")
            assert sink.begun.wait(LONG)
            link.cut_now()
            sock.settimeout(LONG)
            with pytest.raises(ConnectionResetError):
                sock.recv(1)
        assert sink.done.wait(LONG)
        assert sink.ended == ["ConnectionResetError"]
        send(link, 1000)
        assert link.cuts == 1

    over(Quality(rate=10_000_000, round_trip=0.01, outage=0.2), act)


def test_a_silent_cut_swallows_what_stands_and_lets_new_connections_through():
    def act(link: Link, sink: Sink) -> None:
        with connect(link) as sock:
            sock.sendall(b"x")
            assert sink.begun.wait(LONG)
            link.cut_now()
            sock.settimeout(0.6)
            with pytest.raises(TimeoutError):
                sock.recv(1)
            link.client.run(lambda: None)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        assert not sink.ended  # the server has heard nothing, and waits

    over(Quality(rate=10_000_000, round_trip=0.01, outage=0.05, cut=Cut.SILENT), act)


def test_a_link_that_comes_back_is_found_long_before_the_system_by_itself_asks_again():
    """Systems ask after 1, 3 and 7 seconds at best, so a link that is away for 3.4 would be found after 7."""

    def act(link: Link, sink: Sink) -> None:
        del sink

        def away_and_back() -> float:
            before = link.cuts
            link.cut_now()
            link.wait_for_cuts(before + 1)
            started = time.monotonic()
            asked = lambda: reach(  # noqa: E731
                SERVER, PORT, seconds=25.0, first_seconds=10.0, stall_seconds=25.0, is_aborted=lambda: False
            )
            link.client.run(asked)[0].close()
            return time.monotonic() - started

        takes_at_most(6.0, away_and_back, tries=3)

    over(Quality(rate=10_000_000, round_trip=0.01, outage=3.4), act)


def test_cuts_come_about_as_often_as_planned():
    def act(link: Link, sink: Sink) -> None:
        del sink

        def five_cuts() -> float:
            before, started = link.cuts, time.monotonic()
            link.wait_for_cuts(before + 5, LONG)
            return time.monotonic() - started

        assert five_cuts() >= 4 * 0.7 * 0.1
        takes_at_most(5 * (1.3 * 0.1 + 0.02) + 0.1, five_cuts)

    over(Quality(rate=1_000_000, round_trip=0.01, cut_every=0.1, outage=0.02), act)
