"""Looking into an inbox of 100,000 names into which nothing has come: bytes and round trips over a connection that is already open.

`ours` is the bytes of one idle poll both ways, counted on the socket by a relay (with what TLS and SSH add); `peer` is what a look at every name
took; `round_trips` is how often the server was waited for. `limit` is of `ours`, and `within` also asks for a single round trip. For a folder
`ours` is the number of folders that were opened. DSADESK_BENCH_NAMES sets how many names there are (100000).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dsadesk.ports import Transport
from dsadesk.transports.folder import FolderTransport
from dsadesk.transports.s3 import S3Transport
from dsadesk.transports.sftp.transport import SftpTransport
from dsadesk.transports.webdav import WebDavTransport
from tests.support.servers import rclone, swift, web
from tests.support.servers.buckets import BUCKET, MADE_AT, Server, address_in, make_bucket
from tests.support.servers.relay import Relay
from tests.support.servers.sshd import Sshd, why_not

NAMES = int(os.environ.get("DSADESK_BENCH_NAMES", "100000"))
DAYS = 50
LIMIT_BYTES = 1000
IDLE_POLLS = 5
BOX = f"dsa1/{'b' * 26}/n/"
ID = "store-0001"
MARKER = f'{{"v":1,"id":"{ID}","made":"2026-03-02T09:30:00Z"}}'

Row = dict[str, Any]


class Waits(Relay):
    """A relay that also counts round trips: runs of bytes up that come after bytes down."""

    round_trips = 0
    _was_down = True

    def _count(self, data: bytes, is_up: bool) -> bytes:
        self.round_trips += is_up and self._was_down
        self._was_down = not is_up
        return super()._count(data, is_up)


class Seconds:
    """A clock that each poll finds a minute later, so that folders settle without anybody waiting."""

    def __init__(self) -> None:
        self.time = time.time()

    def __call__(self) -> float:
        return self.time


def run() -> Iterator[Row]:
    """A row for each carrier that can run here."""
    for carrier in (in_a_folder, over_webdav, over_sftp, over_swift, over_rclone):
        yield from carrier()


# ---------------------------------------------------------------- carriers


def in_a_folder() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="dsadesk-bench-") as root:
        fill(Path(root))
        seconds, opened = Seconds(), 0
        scandir = os.scandir

        def counting(path: str) -> Any:
            nonlocal opened
            opened += 1
            return scandir(path)

        os.scandir = counting  # type: ignore[assignment]
        try:
            transport, cursor = FolderTransport(Path(root), seconds=seconds), ""
            for _ in range(3):
                everything = opened
                _, cursor = transport.poll(BOX, cursor)
                everything, opened = opened - everything, 0
                seconds.time += 60
            names, _ = transport.poll(BOX, cursor)
        finally:
            os.scandir = scandir
    yield row("folder", opened, DAYS + 1, "folders opened", 0, is_idle=not names and everything == 0)


def over_webdav() -> Iterator[Row]:
    with web.nginx() as server:
        if isinstance(server, str):
            return
        folder = server.fresh()
        fill(server.path(folder))
        with Waits(server.port) as relay:
            seconds = Seconds()
            address = f"https://localhost:{relay.port}/{folder}"
            yield measured(
                "WebDAV (nginx, TLS)", WebDavTransport(address, access=server.access, seconds=seconds), relay, seconds
            )


def over_sftp() -> Iterator[Row]:
    if why_not():
        return
    with Sshd() as server:
        fill(server.inbox)
        with Waits(server.port) as relay:
            seconds = Seconds()
            transport = SftpTransport(server.address(port=relay.port), access=server.access, seconds=seconds)
            yield measured("SFTP (OpenSSH)", transport, relay, seconds)


def over_swift() -> Iterator[Row]:
    with folder_for_server() as folder:
        if swift.missing() or swift.lacks_attributes(folder):
            return
        server = swift.Swift(folder)
        try:
            server.start()
            make_bucket(server)
            S3Transport.prepare(address_in(server), ID, MADE_AT, server.access).close()
            swift.fill_listing(server, BOX, [f"{day:%Y%m%d}" for day in days()], names_of(days()[0])[0], NAMES)
            yield over_s3("S3 (OpenStack Swift)", server, server.port)
        finally:
            server.stop()


def over_rclone() -> Iterator[Row]:
    with folder_for_server() as folder:
        if rclone.missing():
            return
        fill(folder / "buckets" / BUCKET)
        server = rclone.Rclone(folder)
        try:
            server.start()
            # A look at everything would walk the folder for each of a hundred pages: the polls begin where it would have ended.
            last = f"1 {days()[-1]:%Y%m%d}/{names_of(days()[-1])[-1]:013d}"
            yield over_s3("S3 (rclone serve s3)", server, server.port, last)
        finally:
            server.stop()


def over_s3(name: str, server: Server, port: int, cursor: str = "") -> Row:
    with Waits(port) as relay:
        transport = S3Transport(f"s3+http://127.0.0.1:{relay.port}/{BUCKET}", server.access)
        return measured(name, transport, relay, Seconds(), cursor)


@contextmanager
def folder_for_server() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dsadesk-bench-") as name:
        yield Path(name)


# ---------------------------------------------------------------- the inbox


def days() -> list[datetime]:
    """The days on which something came, today last: the carriers ask about the store's own day."""
    today = datetime.fromtimestamp(time.time(), UTC)
    return [today - timedelta(days=n) for n in range(DAYS)][::-1]


def names_of(day: datetime) -> list[int]:
    """The times of a day's names, in milliseconds, none of the last quarter of an hour."""
    start = int(day.timestamp() * 1000) - 900_000 - NAMES
    return [start + n for n in range(NAMES // DAYS)]


def fill(root: Path) -> None:
    """A store in a folder with all the names, empty: polls do not read them."""
    (root / BOX).mkdir(parents=True)
    (root / "dsa1/store.json").write_text(MARKER)
    for day in days():
        folder = root / BOX / f"{day:%Y%m%d}"
        folder.mkdir()
        for at in names_of(day):
            os.close(os.open(folder / f"{at:013d}-{'a' * 32}", os.O_CREAT | os.O_WRONLY, 0o644))


# ---------------------------------------------------------------- measuring


def measured(name: str, transport: Transport, relay: Waits, seconds: Seconds, begin: str = "") -> Row:
    """Looks at everything unless it is told where to begin, lets folders settle, and then polls for nothing; the dearest poll counts."""
    transport.check()
    before = relay.up + relay.down
    names, cursor = transport.poll(BOX, begin)
    everything = relay.up + relay.down - before
    for _ in range(3):
        seconds.time += 60
        _, cursor = transport.poll(BOX, cursor)
    costs = [one_poll(transport, relay, seconds, cursor) for _ in range(IDLE_POLLS)]
    transport.close()
    return row(
        name,
        max(size for size, _, _ in costs),
        None if begin else everything,
        "B",
        LIMIT_BYTES,
        is_idle=(bool(begin) or len(names) == NAMES) and not any(found for _, _, found in costs),
        round_trips=max(trips for _, trips, _ in costs),
    )


def one_poll(transport: Transport, relay: Waits, seconds: Seconds, cursor: str) -> tuple[int, int, int]:
    """Bytes, round trips, and how many names were given."""
    seconds.time += 60
    before, trips = relay.up + relay.down, relay.round_trips
    names, _ = transport.poll(BOX, cursor)
    return relay.up + relay.down - before, relay.round_trips - trips, len(names)


def row(name: str, ours: int, peer: int | None, unit: str, limit: int, *, is_idle: bool, round_trips: int = 0) -> Row:
    """One line of JSON."""
    return {
        "name": f"idle poll of {NAMES:,} names: {name}",
        "ours": ours,
        "peer": peer,
        "ratio": None if peer is None else round(ours / peer, 6),
        "unit": unit,
        "against": "a look at every name",
        "round_trips": round_trips,
        "limit": limit,
        "limited": "ours",
        "within": is_idle and ours <= limit and round_trips <= 1,
    }
