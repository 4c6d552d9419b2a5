"""Faults of real S3 servers: keys, regions, clocks, full disks, servers that die in the middle of a write."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Barrier

import pytest

from dsadesk.errors import DsadeskError, StoreError, StoreRefusedError, StoreUnreachableError, TransferStoppedError
from dsadesk.ports import Flow, StoreAccess
from dsadesk.transports.s3 import S3Transport
from tests.support.servers import rclone, swift
from tests.support.servers.buckets import MADE_AT, Server, address_in, make_bucket, new_address, new_store
from tests.support.servers.certificates import Authority
from tests.support.servers.relay import Relay

DATA = bytes(range(256)) * 2048
"""512 KiB: many runs of the flow, so that something can happen in the middle."""


@pytest.fixture(params=["swift_server", "rclone_server", pytest.param("ceph_server", marks=pytest.mark.soak)])
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def own_swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[swift.Swift]:
    """A Swift whose servers may be killed and whose disk may be full."""
    folder = tmp_path_factory.mktemp("own-swift")
    if reason := swift.missing() or swift.lacks_attributes(folder):
        pytest.skip(reason)
    server = swift.Swift(folder)
    try:
        server.start()
        make_bucket(server)
        yield server
    finally:
        server.stop()


@pytest.fixture
def own_rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rclone.Rclone]:
    if reason := rclone.missing():
        pytest.skip(reason)
    server = rclone.Rclone(tmp_path_factory.mktemp("own-rclone"))
    try:
        server.start()
        make_bucket(server)
        yield server
    finally:
        server.stop()


@dataclass
class After:
    """A flow that does something once, when so many bytes have passed."""

    size: int
    act: Callable[[], None]
    passed: int = 0
    is_done: bool = False

    def pass_on(self, size: int) -> None:
        self.passed += size
        if self.passed > self.size and not self.is_done:
            self.is_done = True
            self.act()


def cut() -> None:
    raise TransferStoppedError("cancelled")


def writer(server: Server, address: str, flow: Flow | None = None) -> S3Transport:
    return S3Transport(address, server.access, flow=flow)


def refusal(act: Callable[[], object]) -> DsadeskError:
    with pytest.raises(StoreError) as caught:
        act()
    return caught.value


# ---------------------------------------------------------------- keys, region, bucket, clock


@pytest.mark.parametrize("wrong", [{"secret": "another-secret"}, {"user": "nobody:here"}])
def test_wrong_keys_are_told_apart_from_a_missing_store(server: Server, wrong: dict[str, str]):
    address = new_address(server)
    S3Transport.prepare(address, "store-0001", MADE_AT, server.access).close()
    transport = S3Transport(address, replace(server.access, **wrong))
    for act in (transport.check, lambda: transport.put("dsa1/a", b"x")):
        error = refusal(act)
        assert isinstance(error, StoreRefusedError)
        assert error.code == "access-refused"
    transport.close()


def test_a_missing_bucket_is_not_an_empty_store_and_is_not_made(server: Server):
    transport = S3Transport(address_in(server, "no-such-bucket"), server.access)
    for _ in range(2):
        assert refusal(transport.check).code == "bucket-missing"
        assert refusal(lambda: transport.put("dsa1/a", b"x")).code == "bucket-missing"
    transport.close()
    prepare = lambda: S3Transport.prepare(transport.address, "store-0001", MADE_AT, server.access)  # noqa: E731
    assert refusal(prepare).code == "bucket-missing"


def test_a_wrong_region_is_named_and_none_is_learnt(swift_server: swift.Swift):
    address = new_address(swift_server)
    S3Transport.prepare(address, "store-0001", MADE_AT, swift_server.access).close()
    wrong = S3Transport(address, replace(swift_server.access, region="mars-1"))
    error = refusal(wrong.check)
    assert (error.code, error.fields["region"]) == ("region-wrong", swift.REGION)
    wrong.close()
    none = S3Transport(address, replace(swift_server.access, region=""))
    assert none.store_id() == "store-0001"
    none.close()


def test_somebody_elses_keys_do_not_see_the_bucket(swift_server: swift.Swift):
    theirs = StoreAccess(user=swift.STRANGER, secret=swift.STRANGERS_SECRET, region=swift.REGION)
    transport = S3Transport(address_in(swift_server), theirs)
    assert refusal(transport.check).code == "bucket-missing"
    transport.close()


@pytest.mark.parametrize("wrong_by", [-20 * 365 * 86_400, -3_600, 1_200, 30 * 365 * 86_400])
def test_a_clock_that_is_wrong_by_hours_or_years_does_no_harm(server: Server, wrong_by: float):
    address = new_address(server)
    S3Transport.prepare(address, "store-0001", MADE_AT, server.access).close()
    transport = S3Transport(address, server.access, now=lambda: time.time() + wrong_by)
    transport.put("dsa1/a", DATA)
    assert transport.get("dsa1/a", len(DATA)) == DATA
    store_time = transport.store_time()
    assert store_time is not None
    assert abs(store_time.timestamp() - time.time()) < 60
    transport.close()


def test_a_store_is_made_once(server: Server):
    address = new_address(server)
    S3Transport.prepare(address, "store-0001", MADE_AT, server.access).close()
    again = lambda: S3Transport.prepare(address, "store-0002", MADE_AT, server.access)  # noqa: E731
    assert refusal(again).code == "already-a-store"
    transport = S3Transport(address, server.access)
    assert transport.store_id() == "store-0001"
    transport.put("dsa1/a", b"x")
    transport._ask("DELETE", transport._base + "dsa1/store.json")
    assert refusal(again).code == "folder-in-use"
    transport.close()
    other = S3Transport(address, server.access, expected_id="store-0002")
    assert refusal(other.check).code == "marker-missing"
    other.close()


# ---------------------------------------------------------------- cut in the middle


def test_a_write_that_is_cut_off_is_invisible_and_can_be_done_again(server: Server):
    store = new_store(server)
    cancelled = writer(server, store.address, After(len(DATA) // 2, cut))
    with pytest.raises(TransferStoppedError):
        cancelled.put("dsa1/box/p/a", DATA)
    assert not store.has("dsa1/box/p/a")
    assert store.list("") == ()
    cancelled.put("dsa1/box/p/a", DATA)
    assert store.get("dsa1/box/p/a", len(DATA)) == DATA
    cancelled.close()
    store.close()


@pytest.mark.parametrize("kind", ["object", "proxy"])
def test_a_swift_that_dies_in_the_middle_of_a_write_shows_nothing_and_takes_it_again(own_swift: swift.Swift, kind: str):
    store = new_store(own_swift)
    cut_off = writer(own_swift, store.address, After(len(DATA) // 2, lambda: own_swift.kill_one(kind)))
    error = refusal(lambda: cut_off.put("dsa1/box/p/a", DATA))
    assert isinstance(error, StoreUnreachableError)
    own_swift.start_one(kind)
    assert store.list("") == ()
    assert not store.has("dsa1/box/p/a")
    cut_off.put("dsa1/box/p/a", DATA)
    assert store.get("dsa1/box/p/a", len(DATA)) == DATA
    cut_off.close()
    store.close()


def test_an_rclone_that_dies_in_the_middle_of_a_write_shows_nothing_and_takes_it_again(own_rclone: rclone.Rclone):
    store = new_store(own_rclone)
    cut_off = writer(own_rclone, store.address, After(len(DATA) // 2, own_rclone.kill))
    error = refusal(lambda: cut_off.put("dsa1/box/p/a", DATA))
    assert isinstance(error, StoreUnreachableError)
    own_rclone.start()
    assert store.list("") == ()
    assert not store.has("dsa1/box/p/a")
    cut_off.put("dsa1/box/p/a", DATA)
    assert store.get("dsa1/box/p/a", len(DATA)) == DATA
    cut_off.close()
    store.close()


# ---------------------------------------------------------------- full


def test_a_full_swift_takes_nothing_keeps_what_it_has_and_goes_on_when_there_is_room(own_swift: swift.Swift):
    store = new_store(own_swift)
    store.put("dsa1/box/p/before", b"kept")
    own_swift.kill_one("object")
    own_swift.reserve = "99.999%"
    own_swift.start_one("object")
    try:
        error = refusal(lambda: store.put("dsa1/box/p/a", DATA))
        # Swift keeps to itself that a disk is full: its proxy says that it cannot do it now.
        assert error.code == "server-busy"
        assert not store.has("dsa1/box/p/a")
        assert store.get("dsa1/box/p/before", 10) == b"kept"
    finally:
        own_swift.kill_one("object")
        own_swift.reserve = "0"
        own_swift.start_one("object")
    store.put("dsa1/box/p/a", DATA)
    assert store.get("dsa1/box/p/a", len(DATA)) == DATA
    store.close()


# ---------------------------------------------------------------- many at once


def test_writers_of_the_same_bytes_who_race_all_succeed(server: Server):
    store = new_store(server)
    start = Barrier(6)

    def write(_: int) -> None:
        with closing(writer(server, store.address)) as transport:
            transport.check()
            start.wait()
            try:
                transport.put("dsa1/box/p/same", DATA)
            except StoreUnreachableError as error:
                # The sloppy one, overtaken between its file and its rename, says 500 now and then. The client says "again", and that helps.
                if (type(server), error.code) != (rclone.Rclone, "server-fault"):
                    raise
                transport.put("dsa1/box/p/same", DATA)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert store.get("dsa1/box/p/same", len(DATA)) == DATA
    assert store.list("") == ("dsa1/box/p/same",)
    store.close()


def test_a_listing_of_more_than_a_page_is_whole(own_rclone: rclone.Rclone):
    store = new_store(own_rclone)
    folder = own_rclone.folder / "buckets" / "a-bucket" / store.address.rpartition("/")[2] / "dsa1/box/n/20260301"
    own_rclone.stop()
    folder.mkdir(parents=True)
    for number in range(2_345):
        (folder / f"{1772323200000 + number}-{'a' * 32}").touch()
    own_rclone.start()
    names = store.list("dsa1/box/n/")
    assert len(names) == 2_345
    assert store.list("dsa1/box/n/", after=names[1_999]) == names[2_000:]
    assert store.poll("dsa1/box/n/", "")[0] == names
    store.close()


# ---------------------------------------------------------------- TLS, and a small disk


def test_over_tls_only_a_server_whose_certificate_is_trusted_gets_anything(tmp_path_factory: pytest.TempPathFactory):
    if reason := rclone.missing():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("tls-rclone")
    authority = Authority.new()
    server = rclone.Rclone(folder, certificate=authority.issue(folder, "server"))
    (folder / "buckets/a-bucket").mkdir(parents=True)
    address = f"s3+https://localhost:{server.port}/a-bucket/office"
    trusting = replace(server.access, authority=authority.pem)
    try:
        server.start()
        store = S3Transport.prepare(address, "store-0001", MADE_AT, trusting)
        store.put("dsa1/box/p/a", DATA)
        assert store.get("dsa1/box/p/a", len(DATA)) == DATA
        assert store.poll("dsa1/box/n/", "")[0] == ()
        store.close()
        for access in (server.access, replace(server.access, authority=Authority.new("another").pem)):
            stranger = S3Transport(address, access)
            assert refusal(stranger.check).code == "certificate-untrusted"
            stranger.close()
    finally:
        server.stop()


def test_a_bucket_on_a_full_disk_shows_nothing_half_and_keeps_what_it_has(tmp_path_factory: pytest.TempPathFactory):
    if reason := rclone.missing():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("small-rclone")
    disk = folder / "buckets/a-bucket"
    disk.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.name == "nt" or os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    server = rclone.Rclone(folder)
    try:
        server.start()
        store = S3Transport.prepare(address_in(server), "store-0001", MADE_AT, server.access)
        store.put("dsa1/box/p/before", b"kept")
        error = refusal(lambda: store.put("dsa1/box/p/a", DATA * 3))
        # rclone says no more than that something went wrong with it.
        assert (type(error), error.code) == (StoreUnreachableError, "server-fault")
        assert not store.has("dsa1/box/p/a")
        assert store.list("") == ("dsa1/box/p/before",)
        assert store.get("dsa1/box/p/before", 10) == b"kept"
        store.put("dsa1/box/p/small", DATA[:1000])
        store.close()
    finally:
        server.stop()
        subprocess.run(["umount", str(disk)], check=True)


_THE_SERVERS_OWN = {"Swift": 110, "Rclone": 520, "Ceph": 10}
"""Bytes of an answer beyond the listing itself that only a server can leave out: numbers of the request, headers for web browsers."""


def test_an_idle_poll_is_one_exchange_and_one_thousand_bytes_but_for_what_the_server_adds(server: Server):
    box = "dsa1/" + "a" * 26 + "/n/"
    with closing(new_store(server)) as made:
        address = made.address
    with Relay(server.port) as relay:
        transport = writer(server, address.replace(f":{server.port}/", f":{relay.port}/"))
        try:
            now = datetime.now(UTC)  # noqa: TID251
            before = int(now.timestamp() * 1000) - 3_600_000
            for n in range(3):
                transport.put(f"{box}{now:%Y%m%d}/{before + n:013}-{'b' * 31}{n + 2}", b"x")
            names, cursor = transport.poll(box, "")
            assert len(names) == 3
            for _ in range(3):
                up, down, connections = relay.up, relay.down, relay.connections
                assert transport.poll(box, cursor) == ((), cursor)
                assert relay.connections == connections
                assert relay.up - up <= 480
                # The aim is of a store at the top of its bucket: a prefix like this one stands in it four times.
                place = 4 * len("/t12") + 12
                assert relay.up - up + relay.down - down <= 1_000 + place + _THE_SERVERS_OWN[type(server).__name__]
        finally:
            transport.close()
