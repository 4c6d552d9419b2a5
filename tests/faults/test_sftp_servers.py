"""A real OpenSSH server that shows another key, does not know ours, dies, is cut off, is full, is read-only; and connections that lie or stall."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from dsadesk import bootstrap
from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
    TransferStoppedError,
)
from dsadesk.host.memory import SeededEntropy
from dsadesk.ports import StoreAccess
from dsadesk.services.store_keys import host_key, make_client_key
from dsadesk.transports.sftp.layout import Layout
from dsadesk.transports.sftp.session import Session
from dsadesk.transports.sftp.transport import SftpTransport
from dsadesk.transports.sftp.wire import Wire
from dsadesk.transports.sftp.writing import Acknowledged
from tests.support.machine import LONG, takes_at_most
from tests.support.servers.relay import Relay
from tests.support.servers.sshd import Sshd, fingerprint_of, why_not
from tests.support.servers.web import WebServer

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PART = "dsa1/box/p/20260302/part"

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "sshd can be started")


@pytest.fixture
def server() -> Iterator[Sshd]:
    with Sshd() as made:
        yield made


@pytest.fixture
def opened() -> Iterator[Callable[..., SftpTransport]]:
    """Opens transports that are closed at the end."""
    made: list[SftpTransport] = []

    def open_one(address: str, access: StoreAccess, **more: object) -> SftpTransport:
        made.append(SftpTransport(address, access=access, acknowledged=Acknowledged(), **more))  # type: ignore[arg-type]
        return made[-1]

    yield open_one
    for each in made:
        each.close()


@pytest.fixture
def store(server: Sshd, opened: Callable[..., SftpTransport]) -> SftpTransport:
    transport = opened(server.address(), server.access)
    transport.prepare("store-0001", MADE_AT)
    return transport


def refusal(call: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        call()
    return caught.value


def leftovers(server: Sshd) -> list[str]:
    return [path.name for path in server.inbox.rglob(".tmp-*")]


def once(relay: Relay, up: int, act: Callable[[], None]) -> threading.Event:
    """Acts when so many bytes have gone up, and says when that is done."""
    done = threading.Event()

    def look(now: int) -> None:
        if now > up:
            relay.on_up = lambda _: None
            act()
            done.set()

    relay.on_up = look
    return done


def stranger(server: Sshd, **changes: object) -> StoreAccess:
    return replace(server.access, **changes)  # type: ignore[arg-type]


# ---------------------------------------------------------------- who answers, and who we are


def test_a_server_that_nobody_compared_is_named_by_its_fingerprint_and_hears_nothing_of_ours(
    server: Sshd, opened: Callable[..., SftpTransport]
):
    error = refusal(opened(server.address(), stranger(server, host_keys=())).check)
    assert (type(error), error.code) == (StoreRefusedError, "host-key-unknown")
    assert error.fields["fingerprint"] == fingerprint_of(server.host_keys[0])
    server.kill()
    assert "publickey" not in server.log
    assert "nobody" not in server.log


def test_a_server_whose_key_changed_is_refused_in_other_words_and_never_believed(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    known = server.access
    server.change_key()
    transport = opened(server.address(), known)
    for _ in range(2):  # asking again changes nothing
        error = refusal(transport.check)
        assert (type(error), error.code) == (StoreRefusedError, "host-key-changed")
        assert error.fields["fingerprint"] == fingerprint_of(server.host_keys[0])
    assert server.log.count("Accepted publickey") == 1  # from before the change


def test_a_pinned_key_counts_whatever_other_keys_the_server_has_got_since(
    server: Sshd, opened: Callable[..., SftpTransport]
):
    old = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    server.kill()
    server.host_keys = [old, ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())]
    server.start()
    opened(server.address(), stranger(server, host_keys=(fingerprint_of(old),))).prepare("store-0001", MADE_AT)
    assert (server.inbox / "dsa1/store.json").exists()


def test_a_key_that_the_server_does_not_know_is_told_apart_from_a_wrong_password(
    server: Sshd, opened: Callable[..., SftpTransport]
):
    other = make_client_key(SeededEntropy("another laptop")).private
    assert refusal(opened(server.address(), stranger(server, key=other)).check).code == "client-key-refused"
    assert refusal(opened(server.address(), stranger(server, key="", secret="guess")).check).code == "access-refused"
    assert refusal(opened(server.address(), stranger(server, key="")).check).code == "login-missing"
    assert refusal(opened(server.address(), stranger(server, key="-----BEGIN")).check).code == "client-key-unreadable"


def test_no_secret_shows_in_an_error_or_a_repr(server: Sshd, opened: Callable[..., SftpTransport]):
    access = stranger(server, key="", secret="Tr0ub4dor", proxy="http://ann:pr0xyword@127.0.0.1:9")
    transport = opened(server.address(), access)
    shown = f"{refusal(transport.check)!r} {refusal(transport.check)} {transport!r} {access!r} {transport.__dict__!r}"
    with pytest.raises(StoreRefusedError) as caught:
        SftpTransport("sftp://ann:Sw0rdfish@host/folder")
    shown += f"{caught.value} {caught.value!r}"
    for secret in ("Tr0ub4dor", "pr0xyword", "Sw0rdfish"):
        assert secret not in shown


# ---------------------------------------------------------------- what the place is


def test_a_missing_folder_a_file_an_empty_folder_and_another_store_are_told_apart(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    (server.files / "file").write_text("x")
    server.folder("empty")
    (server.folder("used") / "notes.txt").write_text("x")
    found = {
        name: refusal(opened(server.address(name), server.access, expected_id="store-0001").check).code
        for name in ("missing", "file", "empty", "used")
    }
    assert found == {
        "missing": "folder-missing",
        "file": "not-a-folder",
        "empty": "folder-empty",
        "used": "marker-missing",
    }
    assert refusal(opened(server.address(), server.access, expected_id="store-0002").check).code == "other-store"


def test_a_store_behind_a_chroot_is_found_below_its_root(opened: Callable[..., SftpTransport]):
    with Sshd(chroot=True) as server:
        assert server.address().endswith(f":{server.port}/inbox")
        transport = opened(server.address(), server.access)
        transport.prepare("store-0001", MADE_AT)
        transport.put(PART, b"sealed")
        assert (server.inbox / PART).read_bytes() == b"sealed"
        error = refusal(lambda: opened(server.address(""), server.access).prepare("store-0001", MADE_AT))
        assert isinstance(error, StoreReadOnlyError)  # the root of a chroot is the keeper's


def test_a_store_whose_disk_went_away_behind_the_server_is_missing_and_not_empty(server: Sshd, store: SftpTransport):
    store.put(PART, b"sealed")
    _, cursor = store.poll("dsa1/box/p/", "")
    server.inbox.rename(server.files / "unmounted")
    server.folder("inbox")
    acts: tuple[Callable[[], object], ...] = (
        store.check, lambda: store.get(PART, 9), lambda: store.has(PART), lambda: store.list("dsa1/box/"),
        lambda: store.poll("dsa1/box/p/", cursor), lambda: store.put("dsa1/new/a", b"x"), lambda: store.delete(PART),
    )  # fmt: skip
    for act in acts:
        assert isinstance(refusal(act), StoreMissingError)
    assert list(server.inbox.iterdir()) == []


def test_a_connection_that_is_made_again_reads_no_marker_that_lies_there_as_it_did(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport], monkeypatch: pytest.MonkeyPatch
):
    """Far away each round trip after a cut is one in which nothing is sent."""
    read: list[Layout] = []
    marker = Layout.marker
    monkeypatch.setattr(Layout, "marker", lambda self: read.append(self) or marker(self))
    again = opened(server.address(), server.access, expected_id="store-0001")
    for number in range(3):
        again.put(f"{PART}{number}", b"sealed")
        again.close()
    assert len(read) == 1


def test_another_store_that_came_between_two_connections_is_found_out(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    again = opened(server.address(), server.access, expected_id="store-0001")
    again.put(PART, b"sealed")
    again.close()
    marker = server.inbox / "dsa1/store.json"
    marker.write_bytes(marker.read_bytes().replace(b"store-0001", b"store-0002"))
    os.utime(marker, (1, 1))
    assert refusal(lambda: again.put(f"{PART}2", b"more")).code == "other-store"


def test_a_link_that_came_between_two_connections_is_not_followed(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    again = opened(server.address(), server.access)
    again.put(PART, b"sealed")
    again.close()
    box = server.inbox / "dsa1/box"
    box.rename(server.files / "elsewhere")
    box.symlink_to("../../elsewhere")
    assert refusal(lambda: again.put(f"{PART}2", b"more")).code == "link-in-store"


def test_a_read_only_folder_and_a_closed_one_are_told_apart(server: Sshd, store: SftpTransport):
    store.put(PART, b"sealed")
    folder = (server.inbox / PART).parent
    shutil.chown(folder, "root")
    error = refusal(lambda: store.put(f"{PART}2", b"more"))
    assert (type(error), error.code) == (StoreReadOnlyError, "store-read-only")
    assert store.get(PART, 9) == b"sealed"
    folder.chmod(0o700)
    error = refusal(lambda: store.get(PART, 9))
    assert (type(error), error.code) == (StoreUnreachableError, "no-access")


def test_a_link_in_the_store_is_not_followed(server: Sshd, store: SftpTransport):
    store.put(PART, b"sealed")
    outside = server.folder("outside")
    (server.inbox / "dsa1/box/link").symlink_to(outside)
    (server.inbox / "dsa1/box/p/20260302/leaf").symlink_to(outside / "leaf")
    for name in ("dsa1/box/link/a", "dsa1/box/p/20260302/leaf"):
        assert refusal(lambda name=name: store.put(name, b"x")).code == "link-in-store"
        assert refusal(lambda name=name: store.get(name, 9)).code == "link-in-store"
    assert store.list("") == (PART,)
    assert list(outside.iterdir()) == []


@pytest.fixture
def small_disk(server: Sshd) -> Iterator[Path]:
    place = server.folder("small")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k,mode=777", "tmpfs", str(place)], check=False)
    if mounted.returncode:
        pytest.skip("this account cannot mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_told_and_nothing_half_is_left(
    server: Sshd, small_disk: Path, opened: Callable[..., SftpTransport]
):
    transport = opened(server.address("small"), server.access)
    transport.prepare("store-0001", MADE_AT)
    transport.put(PART, os.urandom(200_000))
    error = refusal(lambda: transport.put(f"{PART}2", os.urandom(400_000)))
    assert (type(error), error.code) == (StoreFullError, "store-full")
    assert transport.list("") == (PART,)
    assert list(small_disk.rglob(".tmp-*")) == []
    transport.delete(PART)
    transport.put(f"{PART}2", os.urandom(400_000))  # and goes on when there is room again


def test_a_disk_that_is_mounted_read_only_is_no_full_one(
    server: Sshd, small_disk: Path, opened: Callable[..., SftpTransport]
):
    transport = opened(server.address("small"), server.access)
    transport.prepare("store-0001", MADE_AT)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert isinstance(refusal(transport.check), StoreReadOnlyError)
    assert isinstance(refusal(lambda: transport.put(PART, b"x" * 1000)), StoreReadOnlyError)


# ---------------------------------------------------------------- cuts


def test_a_server_that_is_killed_in_the_middle_of_a_part_gets_only_the_rest_of_it(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    data = os.urandom(1_000_000)
    with Relay(server.port) as relay:
        transport = opened(server.address(port=relay.port), server.access)
        transport.check()
        killed = once(relay, 600_000, server.kill)
        assert isinstance(refusal(lambda: transport.put(PART, data)), StoreUnreachableError)
        assert killed.wait(LONG)
        assert not (server.inbox / PART).exists()
        [left] = server.inbox.rglob(".tmp-*")
        already = left.stat().st_size
        assert 0 < already < 700_000
        assert data.startswith(left.read_bytes())
        server.start()
        before = relay.up
        transport.put(PART, data)
        resent = relay.up - before - (len(data) - already)
    assert (server.inbox / PART).read_bytes() == data
    assert leftovers(server) == []
    assert resent < 30_000, f"{resent} bytes more than were missing"  # a handshake and 64 requests
    assert transport.last_written.sent == len(data) - already


def test_seven_cuts_leave_every_part_whole_and_no_temporary_file(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    parts = {f"dsa1/box/p/20260302/{n:02}": os.urandom(150_000) for n in range(19)}
    cuts = 0
    with Relay(server.port) as relay:

        def cut() -> None:
            nonlocal cuts
            cuts += 1
            relay.cut()
            if cuts < 7:
                once(relay, relay.up + 330_000, cut)

        once(relay, 250_000, cut)
        transport = opened(server.address(port=relay.port), server.access)
        for name, data in parts.items():
            while True:
                try:
                    transport.put(name, data)
                    break
                except StoreUnreachableError:
                    continue
    assert cuts == 7
    assert {name: (server.inbox / name).read_bytes() for name in parts} == parts
    assert leftovers(server) == []


def test_what_nobody_acknowledged_is_read_back_and_repaired_before_it_gets_its_name(server: Sshd, store: SftpTransport):
    """A crash or a careless server can leave holes below a file's length."""
    data = os.urandom(400_000)
    store.put("dsa1/box/p/20260302/first", b"x")  # makes the folder
    left = server.inbox / "dsa1/box/p/20260302" / f".tmp-{store._writer}-{hashlib.sha256(data).hexdigest()[:16]}"
    holed = bytearray(data[:300_000])
    holed[100_000:120_000] = bytes(20_000)
    left.write_bytes(holed)
    shutil.chown(left, "nobody")
    store.put(PART, data)
    assert (server.inbox / PART).read_bytes() == data
    assert store.last_written.read_back == 300_000
    assert store.last_written.sent < 100_000 + 64 * 1024  # the rest, and the runs around the hole
    assert leftovers(server) == []


def test_a_temporary_file_that_is_too_long_is_begun_afresh(server: Sshd, store: SftpTransport):
    data = os.urandom(50_000)
    store.put("dsa1/box/p/20260302/first", b"x")
    left = server.inbox / "dsa1/box/p/20260302" / f".tmp-{store._writer}-{hashlib.sha256(data).hexdigest()[:16]}"
    left.write_bytes(os.urandom(60_000))
    shutil.chown(left, "nobody")
    store.put(PART, data)
    assert (server.inbox / PART).read_bytes() == data


def test_what_was_acknowledged_is_not_read_back(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    data = os.urandom(1_000_000)
    with Relay(server.port) as relay:
        transport = opened(server.address(port=relay.port), server.access)
        transport.check()
        once(relay, 600_000, relay.cut)
        refusal(lambda: transport.put(PART, data))
        transport.put(PART, data)
    assert transport.last_written.read_back < 300_000
    assert (server.inbox / PART).read_bytes() == data


def test_a_flipped_bit_on_the_way_breaks_the_connection_and_leaves_nothing_wrong(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    data = os.urandom(300_000)
    with Relay(server.port) as relay:
        transport = opened(server.address(port=relay.port), server.access)
        transport.check()
        relay.flip_up_at = relay.up + 150_000
        assert isinstance(refusal(lambda: transport.put(PART, data)), StoreUnreachableError)
        assert not transport.has(PART)
        transport.put(PART, data)
    assert (server.inbox / PART).read_bytes() == data


def test_a_connection_that_goes_silent_is_given_up(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    with Relay(server.port) as relay:
        transport = opened(server.address(port=relay.port), server.access, stall_seconds=1.0)
        transport.check()

        def give_up() -> float:
            relay.is_silent = False
            transport.check()
            relay.is_silent = True
            began_at = monotonic()
            assert refusal(lambda: transport.put(PART, os.urandom(500_000))).code == "store-silent"
            return monotonic() - began_at

        takes_at_most(5.0, give_up, tries=5)
        relay.is_silent = False
        transport.put(PART, b"after all")
        assert transport.get(PART, 99) == b"after all"


def test_writing_runs_no_further_ahead_than_a_cut_may_cost(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    with Relay(server.port) as relay:
        transport = opened(server.address(port=relay.port), server.access, stall_seconds=1.0)
        transport.check()

        def fall_silent() -> None:
            relay.is_silent = True

        once(relay, relay.up + 20_000, fall_silent)
        refusal(lambda: transport.put(PART, os.urandom(900_000)))
        assert 16 * 1024 < transport.last_written.sent < 12 * 16 * 1024


def test_what_does_not_speak_ssh_is_not_a_server_that_is_away(opened: Callable[..., SftpTransport], server: Sshd):
    from tests.support.servers.raw import RawServer

    def portal(conversation: object) -> None:
        conversation.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")  # type: ignore[attr-defined]

    with RawServer(portal) as raw:
        assert refusal(opened(server.address(port=raw.port), server.access).check).code == "answer-foreign"
    assert refusal(opened(server.address(port=raw.port), server.access).check).code == "connection-refused"


# ---------------------------------------------------------------- stopping


class StopsAfter:
    """Lets so many bytes pass and then stops the transfer, noting when."""

    def __init__(self, size: int) -> None:
        self._left = size
        self.stopped_at = 0.0

    def pass_on(self, size: int) -> None:
        assert size <= 16 * 1024
        self._left -= size
        if self._left < 0:
            self.stopped_at = monotonic()
            raise TransferStoppedError("paused")


def test_a_flow_that_stops_midway_ends_it_within_a_tenth_of_a_second_and_it_can_go_on(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    data = os.urandom(900_000)
    numbers = count()

    def stop_midway() -> float:
        flow, part = StopsAfter(500_000), f"{PART}{next(numbers)}"
        transport = opened(server.address(), server.access, flow=flow)
        with pytest.raises(TransferStoppedError):
            transport.put(part, data)
        assert not (server.inbox / part).exists()
        return monotonic() - flow.stopped_at

    takes_at_most(0.1, stop_midway)
    going_on = opened(server.address(), server.access)
    going_on.put(f"{PART}0", data)
    assert going_on.last_written.sent < len(data)
    with pytest.raises(TransferStoppedError):
        opened(server.address(), server.access, flow=StopsAfter(400_000)).get(f"{PART}0", len(data))


def closed_after(transport: SftpTransport, act: Callable[[], object], is_waiting: threading.Event) -> float:
    """How long an act goes on after its connection was closed, once it waits."""
    ended: list[tuple[str, float]] = []
    thread = threading.Thread(target=lambda: ended.append((refusal(act).code, monotonic())))
    thread.start()
    assert is_waiting.wait(LONG)
    began_at = monotonic()
    transport.close()
    thread.join(LONG)
    [(code, ended_at)] = ended
    assert code == "connection-closed"
    return ended_at - began_at


def test_closing_from_another_thread_ends_what_waits_within_a_tenth_of_a_second(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    with Relay(server.port) as relay:
        transport = opened(server.address(port=relay.port), server.access)

        def close_while_it_waits() -> float:
            relay.is_silent = False
            transport.check()
            relay.is_silent = True
            blocked = once(relay, relay.up + 100, lambda: None)
            return closed_after(transport, lambda: transport.put(PART, os.urandom(3_000_000)), blocked)

        takes_at_most(0.1, close_while_it_waits)
        relay.is_silent = False
        transport.put(PART, b"after all")


def test_closing_ends_a_connection_that_is_still_being_made(server: Sshd, opened: Callable[..., SftpTransport]):
    with Relay(server.port) as relay:
        relay.is_silent = True
        transport = opened(server.address(port=relay.port), server.access)

        def close_while_it_connects() -> float:
            return closed_after(transport, transport.check, once(relay, relay.up + 10, lambda: None))

        takes_at_most(0.3, close_while_it_connects)


# ---------------------------------------------------------------- time, sweeping, rights


def test_the_servers_clock_is_told_by_a_write_of_ours_and_by_a_touch_before_the_first(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport]
):
    # The server's clock is this machine's, and tells whole seconds.
    before = datetime.now(UTC)  # noqa: TID251
    told = opened(server.address(), server.access).store_time()
    after = datetime.now(UTC)  # noqa: TID251
    assert told is not None
    assert before - timedelta(seconds=2) < told < after + timedelta(seconds=2)
    assert leftovers(server) == []


def test_every_answer_of_a_greeting_is_a_sign_of_life(server: Sshd, store: SftpTransport):
    """Far away a greeting takes ten round trips, in which nothing of ours passes: whoever counts only that takes the line for dead."""
    signs: list[int] = []

    class Life:
        passed = 0

        def pass_on(self, size: int) -> None:
            self.passed += size

        def sign_of_life(self) -> None:
            signs.append(self.passed)

    again = SftpTransport(server.address(), access=server.access, flow=Life())
    again.check()
    again.close()
    assert signs.count(0) >= 5


def test_a_connection_that_is_closed_without_a_word_gave_no_sign_of_life():
    """A server that is full closes at once: that says nothing of the line."""
    signs: list[bool] = []

    class Life:
        def sign_of_life(self) -> None:
            signs.append(True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(life=Life())
        wire.dial(*listener.getsockname())
        listener.accept()[0].close()
        assert wire.recv(100) == b""
        wire.close()
    assert not signs


def test_two_connections_that_ask_for_the_time_at_once_both_learn_it(
    server: Sshd, store: SftpTransport, opened: Callable[..., SftpTransport], monkeypatch: pytest.MonkeyPatch
):
    """The touched file has one name for all connections of a device: whoever is second finds it gone."""
    close = Session.close

    def close_late(self: Session, handle: bytes) -> None:
        close(self, handle)
        for touched in leftovers(server):
            (server.inbox / "dsa1" / touched).unlink()

    monkeypatch.setattr(Session, "close", close_late)
    assert opened(server.address(), server.access).store_time() is not None


def test_only_old_temporary_files_of_this_device_are_swept(server: Sshd, store: SftpTransport):
    store.put(PART, b"sealed")
    folder = (server.inbox / PART).parent
    for name, age in (
        (f".tmp-{store._writer}-{1:016x}", 90_000),
        (f".tmp-{store._writer}-{2:016x}", 10),
        (f".tmp-{0:08x}-{3:016x}", 90_000),
    ):
        made = folder / name
        made.write_bytes(b"half")
        shutil.chown(made, "nobody")
        then = datetime.now(UTC).timestamp() - age  # noqa: TID251
        os.utime(made, (then, then))
    assert store.sweep(datetime.now(UTC) - timedelta(days=1)) == 1  # noqa: TID251
    assert sorted(path.name for path in folder.iterdir()) == [
        f".tmp-{0:08x}-{3:016x}",
        f".tmp-{store._writer}-{2:016x}",
        "part",
    ]


def test_the_other_side_can_read_what_is_written_and_not_change_it(server: Sshd, opened: Callable[..., SftpTransport]):
    server.inbox.chmod(0o1733)  # a drop: anybody may put something in and only its owner see what there is
    transport = opened(server.address(), server.access)
    transport.prepare("store-0001", MADE_AT)
    transport.put(PART, b"sealed")
    assert (server.inbox / PART).stat().st_mode & 0o777 == 0o644
    assert (server.inbox / PART).parent.stat().st_mode & 0o7777 == 0o1733


# ---------------------------------------------------------------- through a proxy


def test_a_store_behind_a_proxy_is_reached_by_name_and_password(
    server: Sshd, apache: WebServer, opened: Callable[..., SftpTransport]
):
    transport = opened(server.address(), stranger(server, proxy=apache.proxy))
    transport.prepare("store-0001", MADE_AT)
    data = os.urandom(300_000)
    transport.put(PART, data)
    assert transport.get(PART, len(data)) == data
    assert host_key(bootstrap.open_transport, server.address(), stranger(server, proxy=apache.proxy)).is_pinned


def test_a_proxy_that_will_not_and_one_that_cannot_are_told_apart(
    server: Sshd, apache: WebServer, opened: Callable[..., SftpTransport]
):
    wrong = f"http://nobody:guess@127.0.0.1:{apache.other_port}"
    error = refusal(opened(server.address(), stranger(server, proxy=wrong)).check)
    assert (type(error), error.code) == (StoreRefusedError, "proxy-access-refused")
    assert "guess" not in str(error)
    server.kill()
    error = refusal(opened(server.address(), stranger(server, proxy=apache.proxy)).check)
    assert (type(error), error.code) == (StoreUnreachableError, "proxy-cannot-reach")


# ---------------------------------------------------------------- comparing keys


def test_a_servers_key_is_shown_to_be_compared_and_our_login_is_not_tried(server: Sshd):
    shown = host_key(bootstrap.open_transport, server.address(), stranger(server, host_keys=()))
    assert shown.fingerprint == fingerprint_of(server.host_keys[0])
    assert shown.kind == "ED25519"
    assert not shown.is_pinned
    assert host_key(bootstrap.open_transport, server.address(), server.access).is_pinned
    assert "publickey" not in server.log
