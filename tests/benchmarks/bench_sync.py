"""What sending does to the window, how exactly a limit is kept, and how soon a stop is felt.

The gaps are those of a timer of 5 ms on the window's thread, beyond the 5 ms, while the window's own deliverer sends a sample of 60 MB from a
real vault into a folder, and over TLS into nginx where it is installed; `peer` is the same timer with nothing to do, so on a busy machine the
limit means nothing unless `peer` is far below it. On loopback 60 MB are gone in half a second, which is eighty gaps: too few to speak of one
in a hundred. So the sample is sent anew until there are enough of them. The limit is kept by four connections into a store in memory. A stop is timed from the press to the end of the run while a put hangs. DSADESK_BENCH_MB sets another size.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from dsadesk import bootstrap
from dsadesk.host.clock import SystemClock, SystemPulse
from dsadesk.host.entropy import SystemEntropy
from dsadesk.host.memory import FixedClock, SeededEntropy
from dsadesk.ports import Flow, Parts
from dsadesk.services import attaching, drafting, exchanging, keeping_cards, sealing, stores
from dsadesk.services.delivering import Deliverer, in_a_thread
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import Session, World
from dsadesk.storage.vault import SqlcipherPlace
from dsadesk.sync.controls import Controls
from dsadesk.sync.pace import Pacer
from dsadesk.sync.runner import Runner
from dsadesk.transports.memory import MemoryTransport
from dsadesk.ui.jobs import JobRunner, Lane
from tests.support.desks import ANSWERS, SUPPLIER, Pair, Stores, memory_world, two_desks
from tests.support.servers.web import nginx

MB = 1_000_000
SIZE = int(os.environ.get("DSADESK_BENCH_MB", "60")) * MB
TICK_MS = 5
ENOUGH = 500
MOST_GAP_MS, MOST_OFF, MOST_STOP_MS = 8.0, 0.02, 100.0
Row = dict[str, Any]


def run() -> list[Row]:
    """Gaps while sending, the limit's accuracy, and the time to a stop."""
    app = QApplication.instance() or QApplication([])
    idle = _percentile(_gaps_while(app, _nothing(4.0)))
    rows = [_gap_row("a folder", idle, _enough(partial(_sending_to_a_folder, app)))]
    over_tls = _enough(partial(_sending_to_nginx, app))
    if over_tls:
        rows.append(_gap_row("nginx over TLS", idle, over_tls))
    return [*rows, _limit_row(), _stop_row()]


# ---------------------------------------------------------------- the window's gaps


def _gap_row(where: str, idle: float, gaps: list[float]) -> Row:
    ours = _percentile(gaps)
    return {
        "name": f"window's gap while {SIZE // MB} MB go to {where}, p99",
        "ours": round(ours, 2),
        "peer": round(idle, 2),
        "ratio": round(ours / max(idle, 0.01), 1),
        "unit": "ms",
        "against": "the same timer with nothing to do",
        "worst": round(max(gaps), 2),
        "limit": MOST_GAP_MS,
        "within": ours <= MOST_GAP_MS,
    }


def _enough(send: Callable[[], list[float]]) -> list[float]:
    gaps = send()
    while gaps and len(gaps) < ENOUGH:
        gaps += send()
    return gaps


def _percentile(gaps: list[float]) -> float:
    return quantiles(gaps, n=100, method="inclusive")[98]


def _gaps_while(app: QCoreApplication, is_over: Callable[[], bool]) -> list[float]:
    """How late a timer of 5 ms comes on this thread, each time, until it is over. In milliseconds."""
    del app
    gaps: list[float] = []
    last, loop, timer = time.perf_counter(), QEventLoop(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(max(0.0, (now - last) * 1000 - TICK_MS))
        last = now
        if is_over():
            loop.quit()

    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    loop.exec()
    timer.stop()
    return gaps


def _nothing(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() > end


def _sending_to_a_folder(app: QCoreApplication) -> list[float]:
    with _desks() as (pair, jobs, folder):
        for name in ("inbox-of-requester", "inbox-of-supplier"):
            bootstrap.prepare_store(str(folder / name), SystemClock(), SystemEntropy())
        _address(pair, jobs, lambda name: str(folder / name))
        return _send(app, pair.asks, jobs)


def _sending_to_nginx(app: QCoreApplication) -> list[float]:
    with _desks() as (pair, jobs, _), nginx() as server:
        if isinstance(server, str):
            return []
        places = {name: server.url(server.fresh()) for name in ("inbox-of-requester", "inbox-of-supplier")}
        for address in places.values():
            bootstrap.prepare_store(address, SystemClock(), SystemEntropy(), server.access).close()
            jobs.post(partial(stores.keep_store, pair.asks, address, server.access))
        _address(pair, jobs, lambda name: places[name])
        return _send(app, pair.asks, jobs)


@contextmanager
def _desks() -> Iterator[tuple[Pair, JobRunner, Path]]:
    """Two desks, the requester's over a real vault, its vault on the window's lane, with a sealed sample to send."""
    folder, jobs = Path(tempfile.mkdtemp(prefix="dsadesk-bench-")), JobRunner()

    def world(name: str, stores: Stores, clock: FixedClock) -> World:
        made = memory_world(stores=stores, clock=clock, seed=name, open_transport=bootstrap.open_transport)
        entropy = SeededEntropy(name)
        if name == "requester":
            made = replace(made, place=SqlcipherPlace(folder / "vault", clock, entropy, reserve_bytes=65536))
        return replace(made, pulse=SystemPulse(), drive=Runner(), patience=20.0)

    try:
        yield jobs.post(lambda: two_desks(world)), jobs, folder
    finally:
        jobs.shutdown(wait=True)
        shutil.rmtree(folder, ignore_errors=True)


def _address(pair: Pair, jobs: JobRunner, place: Callable[[str], str]) -> None:
    def work() -> None:
        keeping_cards.set_inbox_address(pair.asks, place("inbox-of-requester"))
        keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, place("inbox-of-supplier"))
        draft = drafting.start(pair.asks, title="A large sample")
        drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
        drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
        attaching.attach(pair.asks, draft.request, io.BytesIO(_table()), "large.csv")
        sealing.seal_request(pair.asks, draft.request)

    jobs.post(work)


def _table() -> bytes:
    row = b"UK000123,2026-07-14,142,Bathing water sample taken at the usual place and time of day\n"
    return b"site,sampled_on,ecoli,note\n" + row * (SIZE // len(row))


def _send(app: QCoreApplication, session: Session, jobs: JobRunner) -> list[float]:
    deliverer, ends = Deliverer(session, jobs.post, beside=in_a_thread), []
    jobs.submit(deliverer.round, lane=Lane.POOL, then=ends.append, fail=ends.append)
    gaps = _gaps_while(app, lambda: bool(ends))
    done = ends[0]
    if not isinstance(done, Exchange) or [item.kind for item in done.sent] != ["request"]:
        raise RuntimeError(f"nothing was sent: {done}")
    return gaps


# ---------------------------------------------------------------- the limit, and a stop


def _limit_row() -> Row:
    limit, size, run_bytes = 400_000, 1_600_000, 16 * 1024
    pulse = SystemPulse()
    pacer, began = Pacer(pulse, limit), pulse.elapsed()
    runs = -(-size // run_bytes)

    def carry(flow: Flow) -> None:
        for _ in range(runs // 4):
            flow.pass_on(run_bytes)

    threads = [threading.Thread(target=carry, args=(pacer.valve(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, ideal = pulse.elapsed() - began, runs // 4 * 4 * run_bytes / limit
    return {
        "name": "time under a limit of 400 kB/s, four connections",
        "ours": round(took, 3),
        "peer": round(ideal, 3),
        "ratio": round(took / ideal, 4),
        "unit": "s",
        "against": "bytes over limit",
        "limit": 1 + MOST_OFF,
        "within": abs(took / ideal - 1) <= MOST_OFF,
    }


class _Hanging(MemoryTransport):
    """Takes a put and does not end it."""

    def __init__(self) -> None:
        super().__init__("inbox-of-supplier")
        self.parts_like = Parts.HTTP
        self.begun, self.may_end = threading.Event(), threading.Event()

    def put(self, name: str, data: bytes) -> None:
        self.begun.set()
        self.may_end.wait(30)
        super().put(name, data)


def _stop_row() -> Row:
    times = []
    for _ in range(5):
        pair, store = two_desks(), _Hanging()
        object.__setattr__(pair.asks.world, "drive", Runner())
        pair.stores.by_address["inbox-of-supplier"] = store
        draft = drafting.start(pair.asks, title="Anything")
        drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
        drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
        sealing.seal_request(pair.asks, draft.request)
        controls = Controls(SystemPulse())
        thread = threading.Thread(
            target=exchanging.send_all, args=(pair.asks, Exchange()), kwargs={"controls": controls}
        )
        thread.start()
        store.begun.wait(30)
        began = time.perf_counter()
        controls.cancel()
        thread.join()
        times.append((time.perf_counter() - began) * 1000)
        store.may_end.set()
    worst = max(times)
    return {
        "name": "from a stop to the end of the run while a put hangs, worst of five",
        "ours": round(worst, 1),
        "peer": MOST_STOP_MS,
        "ratio": round(worst / MOST_STOP_MS, 2),
        "unit": "ms",
        "against": "a tenth of a second",
        "median": round(median(times), 1),
        "limit": MOST_STOP_MS,
        "within": worst <= MOST_STOP_MS,
    }
