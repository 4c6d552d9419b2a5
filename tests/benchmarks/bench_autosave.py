"""One autosave, acknowledged and flushed, beside the same rows written by plain SQLite with the same durability."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from dsadesk.domain.ids import QuestionId
from dsadesk.services import drafting
from tests.support.desks import folder_world, two_desks

ROUNDS, WARM = 600, 50


def run() -> list[dict[str, Any]]:
    """Milliseconds at the median and the 99th percentile, interleaved with the peer."""
    folder = Path(tempfile.mkdtemp(prefix="dsadesk-bench-", dir=Path.cwd() if Path(".git").exists() else None))
    try:
        ours, plain = _measure(folder)
    finally:
        shutil.rmtree(folder)
    return [
        _line("autosave, median", statistics.median(ours), statistics.median(plain)),
        _line("autosave, 99th percentile", _p99(ours), _p99(plain)),
    ]


def _measure(folder: Path) -> tuple[list[float], list[float]]:
    pair = two_desks(lambda name, stores, clock: folder_world(folder / name, stores=stores, clock=clock, seed=name))
    draft = drafting.start(pair.asks, title="Typed")
    peer = sqlite3.connect(folder / "plain.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=1000"):
        peer.execute(f"PRAGMA {pragma}")
    peer.executescript(
        "CREATE TABLE answer(request TEXT, question TEXT, value TEXT, at TEXT, PRIMARY KEY(request, question));"
        "CREATE TABLE revision(n INTEGER PRIMARY KEY, request TEXT, question TEXT, value TEXT, at TEXT);"
        "CREATE TABLE row(request TEXT PRIMARY KEY, title TEXT, at TEXT);"
    )
    ours, plain = [], []
    for n in range(ROUNDS + WARM):
        text = f"An answer that grows as it is typed, version {n}. " * 4
        started = time.perf_counter()
        drafting.save_answer(pair.asks, draft.request, QuestionId("purpose.aim"), text)
        middle = time.perf_counter()
        peer.execute("BEGIN IMMEDIATE")
        peer.execute("INSERT OR REPLACE INTO answer VALUES('r', 'purpose.aim', ?, ?)", (text, str(n)))
        peer.execute(
            "INSERT INTO revision(request, question, value, at) VALUES('r', 'purpose.aim', ?, ?)", (text, str(n))
        )
        peer.execute("INSERT OR REPLACE INTO row VALUES('r', 'Typed', ?)", (str(n),))
        peer.execute("COMMIT")
        ended = time.perf_counter()
        if n >= WARM:
            ours.append((middle - started) * 1000)
            plain.append((ended - middle) * 1000)
    peer.close()
    return ours, plain


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def _line(name: str, ours: float, peer: float) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "ratio": round(ours / peer, 2),
        "unit": "ms",
        "against": "sqlite3, WAL, synchronous=FULL, the same rows",
    }
