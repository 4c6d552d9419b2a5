"""Looking for what is new on a real SFTP server: what it costs when there is nothing, and that nothing is missed in the grain of a second."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dsadesk.transports.sftp.transport import SftpTransport
from tests.support.servers.relay import Relay
from tests.support.servers.sshd import Sshd, why_not

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BOX = "dsa1/box/n/"
LONG_AGO = 1_700_000_000

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "sshd can be started")


@pytest.fixture
def server() -> Iterator[Sshd]:
    with Sshd() as made:
        SftpTransport(made.address(), access=made.access).prepare("store-0001", MADE_AT)
        yield made


@pytest.fixture
def relay(server: Sshd) -> Iterator[Relay]:
    with Relay(server.port) as made:
        yield made


@pytest.fixture
def reader(server: Sshd, relay: Relay) -> Iterator[SftpTransport]:
    transport = SftpTransport(server.address(port=relay.port), access=server.access)
    yield transport
    transport.close()


def fill(server: Sshd, days: int, each: int) -> None:
    """Commits of many days, as old as can be."""
    top = server.inbox / BOX
    for day in range(days):
        folder = top / f"202601{day + 1:02}"
        folder.mkdir(parents=True)
        for number in range(each):
            (folder / f"{number:013}-aa").touch()
        os.utime(folder, (LONG_AGO, LONG_AGO))
    os.utime(top, (LONG_AGO, LONG_AGO))
    for path in (server.inbox / "dsa1/box").rglob("*"):
        if path.is_dir():
            shutil.chown(path, "nobody")
    shutil.chown(server.inbox / "dsa1/box", "nobody")
    os.utime(top, (LONG_AGO, LONG_AGO))


def test_an_idle_poll_is_one_exchange_of_less_than_a_kilobyte(server: Sshd, relay: Relay, reader: SftpTransport):
    fill(server, 20, 500)
    names, cursor = reader.poll(BOX, "")
    assert len(names) == 10_000
    for _ in range(3):
        up, down = relay.up, relay.down
        assert reader.poll(BOX, cursor) == ((), cursor)
        assert (relay.up - up) + (relay.down - down) < 1024


def test_a_new_name_costs_its_day_and_no_other(server: Sshd, relay: Relay, reader: SftpTransport):
    fill(server, 20, 100)
    _, cursor = reader.poll(BOX, "")
    with_new = f"{BOX}20260120/0000000000999-aa"
    reader.put(with_new, b"sealed")
    down = relay.down
    names, _ = reader.poll(BOX, cursor)
    assert with_new in names
    assert {name.split("/")[3] for name in names} == {"20260120"}
    assert relay.down - down < 30_000


def test_what_comes_late_into_an_old_day_is_found_on_the_first_poll_after_opening(server: Sshd, reader: SftpTransport):
    fill(server, 20, 1)
    _, cursor = reader.poll(BOX, "")
    late = f"{BOX}20260103/0000000000999-aa"
    reader.put(late, b"sealed")
    again = SftpTransport(server.address(), access=server.access)
    try:
        assert late in again.poll(BOX, cursor)[0]
    finally:
        again.close()


def test_seventy_commits_that_race_with_polls_are_all_seen(server: Sshd, reader: SftpTransport):
    """Looking for a changed time alone misses four of five of these.

    The writer waits for a poll to begin after every ten commits, so that the two race however fast either is.
    """
    names = [f"{BOX}20260302/{number:013}-aa" for number in range(70)]
    reader.put(f"{BOX}20260302/{999:013}-aa", b"first")
    seen: set[str] = set()
    done = threading.Event()
    polling = threading.Semaphore(0)

    def write() -> None:
        writer = SftpTransport(server.address(), access=server.access)
        try:
            for number, name in enumerate(names):
                if number % 10 == 0:
                    assert polling.acquire(timeout=60), "nobody polls"
                writer.put(name, b"x")
        finally:
            writer.close()
            done.set()

    thread = threading.Thread(target=write)
    thread.start()
    cursor, polls = "", 0
    while not done.is_set():
        polling.release()
        found, cursor = reader.poll(BOX, cursor)
        seen.update(found)
        polls += 1
    thread.join()
    found, cursor = reader.poll(BOX, cursor)
    assert seen.union(found) >= set(names)
    assert polls > 5


def test_folders_and_names_in_them_that_are_not_ours_are_left_out(server: Sshd, reader: SftpTransport):
    fill(server, 2, 1)
    odd = server.inbox / BOX / "20260101"
    for name in (".tmp-00000000-0000000000000000", "Häuser", "UPPER", "con", "a b"):
        (odd / name).touch()
    (odd / "link").symlink_to("/etc/passwd")
    (odd / "folder").mkdir()
    (odd / "folder" / "deep").touch()
    names, cursor = reader.poll(BOX, "")
    assert names == reader.list(BOX)
    assert names == (f"{BOX}20260101/{0:013}-aa", f"{BOX}20260101/folder/deep", f"{BOX}20260102/{0:013}-aa")
    (odd / "folder" / "deeper").touch()  # which the day's own time does not show
    assert f"{BOX}20260101/folder/deeper" in reader.poll(BOX, cursor)[0]


def test_a_box_that_has_nothing_yet_is_no_fault(reader: SftpTransport):
    assert reader.poll(BOX, "") == ((), "")
