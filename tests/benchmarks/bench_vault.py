"""The vault beside plain SQLite in one run: opening with a raw key, and inserting, reading and searching requests' rows."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Side
from dsadesk.host.entropy import SystemEntropy
from dsadesk.host.memory import FixedClock
from dsadesk.ports import ListGroup, RequestRow, Vault, VaultHeader
from dsadesk.storage.vault import SqlcipherPlace

ROWS, OPENINGS, READS = 2000, 40, 400
KEY = bytes(range(32))
WORDS = ("bathing", "water", "warm", "homes", "streets", "school", "transport", "air", "quality", "flood", "care", "tŷ")
_START = datetime(2026, 3, 2, tzinfo=UTC)
_PEER = "sqlite3, WAL, synchronous=FULL, the same rows and words"


def run() -> list[dict[str, Any]]:
    """Milliseconds at the median; the opening also as what it takes beyond plain SQLite."""
    folder = Path(tempfile.mkdtemp(prefix="dsadesk-bench-", dir=Path.cwd() if Path(".git").exists() else None))
    try:
        return _measure(folder)
    finally:
        shutil.rmtree(folder)


def _measure(folder: Path) -> list[dict[str, Any]]:
    place = SqlcipherPlace(folder / "vault", FixedClock(), SystemEntropy(), reserve_bytes=65536)
    vault, peer = place.create(VaultHeader(id="bench", wraps=()), KEY), _plain(folder / "plain.db")
    rows = [_row(n) for n in range(ROWS)]
    inserts = _both(rows, vault.projections.put, lambda row: _insert(peer, row))
    wanted = [tuple(row.request for row in rows[n : n + 60]) for n in range(0, ROWS - 60, (ROWS - 60) // READS)]
    reads = _both(wanted, vault.projections.rows, lambda each: _read(peer, each))
    searches = _both(
        [WORDS[n % len(WORDS)] for n in range(READS)],
        lambda word: vault.projections.ids(search=word),
        lambda word: _search(peer, word),
    )
    peer.close()
    vault.close()
    opened = _both(range(OPENINGS), lambda _: _open(place).close(), lambda _: _plain(folder / "plain.db").close())
    return [
        _line("vault, opening with a raw key", *opened),
        {**_line("vault, opening beyond plain", *opened), "ours": round(_median(opened[0]) - _median(opened[1]), 3), "limit": 50},
        _line("vault, one row inserted and flushed", *inserts),
        _line("vault, 60 rows read", *reads),
        _line("vault, one search", *searches),
    ]  # fmt: skip


def _open(place: SqlcipherPlace) -> Vault:
    """Opens as far as the first list: pragmas, migration check, anchor, and the counts that the window shows."""
    vault = place.open(KEY)
    vault.projections.counts()
    return vault


def _row(n: int) -> RequestRow:
    title = " ".join(WORDS[(n * step) % len(WORDS)] for step in (1, 5, 7))
    return RequestRow(
        request=RequestId(f"0195a000-0000-7000-8000-{n:012d}"),
        reference=f"DSA-2026-{n:04d}",
        title=f"{title} {n}",
        counterpart="Environment Agency",
        side=Side.REQUESTER,
        stage=Stage.DRAFT,
        group=ListGroup.DRAFTS,
        needs_you=False,
        updated_at=_START + timedelta(seconds=n),
    )


def _plain(path: Path) -> sqlite3.Connection:
    peer = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-32000"):
        peer.execute(f"PRAGMA {pragma}")
    peer.executescript(
        "CREATE TABLE IF NOT EXISTS request_row(n INTEGER PRIMARY KEY, request TEXT UNIQUE, reference TEXT, title TEXT, at TEXT, list TEXT);"
        "CREATE VIRTUAL TABLE IF NOT EXISTS row_words USING fts5(words, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3');"
    )
    peer.execute("SELECT list, count(*) FROM request_row GROUP BY list").fetchall()
    return peer


def _insert(peer: sqlite3.Connection, row: RequestRow) -> None:
    peer.execute("BEGIN IMMEDIATE")
    values = (row.request, row.reference, row.title, row.updated_at.isoformat(), row.group.value)
    made = peer.execute("INSERT INTO request_row(request, reference, title, at, list) VALUES(?, ?, ?, ?, ?)", values)
    words = f"{row.title} {row.reference} {row.counterpart}"
    peer.execute("INSERT INTO row_words(rowid, words) VALUES(?, ?)", (made.lastrowid, words))
    peer.execute("COMMIT")


def _read(peer: sqlite3.Connection, wanted: tuple[RequestId, ...]) -> None:
    marks = ",".join("?" * len(wanted))
    peer.execute(f"SELECT * FROM request_row WHERE request IN ({marks})", wanted).fetchall()  # noqa: S608 - only marks


def _search(peer: sqlite3.Connection, word: str) -> None:
    sql = "SELECT r.request FROM row_words JOIN request_row AS r ON r.n = row_words.rowid WHERE row_words MATCH ? ORDER BY r.at DESC"
    peer.execute(sql, (f'"{word}"*',)).fetchall()


def _both(items: Any, ours: Callable[[Any], object], plain: Callable[[Any], object]) -> tuple[list[float], list[float]]:
    """Times both for each item, one after the other, so that what else the machine does falls on both."""
    times: tuple[list[float], list[float]] = ([], [])
    for item in items:
        for act, spent in zip((ours, plain), times, strict=True):
            started = time.perf_counter()
            act(item)
            spent.append((time.perf_counter() - started) * 1000)
    return times


def _median(values: list[float]) -> float:
    return statistics.median(values)


def _line(name: str, ours: list[float], peer: list[float]) -> dict[str, Any]:
    one, other = _median(ours), _median(peer)
    return {
        "name": name,
        "ours": round(one, 3),
        "peer": round(other, 3),
        "ratio": round(one / other, 2),
        "unit": "ms",
        "against": _PEER,
    }
