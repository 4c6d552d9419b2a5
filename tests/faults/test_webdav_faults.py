"""What real nginx and Apache do when something is wrong, and that it is told apart."""

from __future__ import annotations

import base64
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
    TransferStoppedError,
)
from dsadesk.ports import Flow, StoreAccess
from dsadesk.transports import webdav_folders
from dsadesk.transports.folder import FolderTransport
from dsadesk.transports.gate import SETTLING_SECONDS
from dsadesk.transports.http import HttpConnection
from dsadesk.transports.webdav import FEW_FOLDERS, QUICK_SECONDS, WebDavTransport
from dsadesk.transports.wire import Patience
from tests.support.servers import web
from tests.support.servers.certificates import Authority
from tests.support.servers.raw import RawServer, read_request
from tests.support.servers.web import PASSWORD, WebServer

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
STORE_ID = "store-0001"


@contextmanager
def opened(
    server: WebServer, folder: str, access: StoreAccess | None = None, flow: Flow | None = None, **more: object
) -> Iterator[WebDavTransport]:
    transport = WebDavTransport(
        server.url(folder), access=access or server.access, flow=flow, patience=Patience(stall_seconds=60), **more
    )
    try:
        yield transport
    finally:
        transport.close()


def prepared(server: WebServer, stem: str = "dav") -> str:
    """A store in a new folder of the server; the folder's name."""
    folder = server.fresh(stem)
    WebDavTransport.prepare(server.url(folder), STORE_ID, MADE_AT, access=server.access).close()
    return folder


def by_hand(server: WebServer, stem: str) -> str:
    """The same made on the server's own disk, which has the same form."""
    folder = server.fresh(stem)
    FolderTransport.prepare(server.path(folder), STORE_ID, MADE_AT)
    for path in (server.path(folder), *server.path(folder).rglob("*")):
        path.chmod(0o777)
    return folder


def part(data: bytes) -> str:
    digest = base64.b32encode(hashlib.sha256(data).digest()).decode().lower().rstrip("=")
    return f"dsa1/box/p/20260302/{digest}"


def fault(act: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        act()
    assert PASSWORD not in f"{caught.value!s}{caught.value!r}{caught.value.fields}"
    return caught.value


# ---------------------------------------------------------------- who we are, and who answers


def test_a_wrong_password_is_told(web_server: WebServer):
    folder = prepared(web_server)
    for wrong in (StoreAccess(user="office", secret="pass-word"), StoreAccess()):
        with opened(web_server, folder, replace(wrong, authority=web_server.authority.pem)) as store:
            error = fault(store.check)
            assert (type(error), error.code) == (StoreRefusedError, "access-refused")


def test_a_server_of_another_authority_is_not_trusted(web_server: WebServer):
    folder = prepared(web_server)
    for stranger in (Authority.new().pem, ""):
        with opened(web_server, folder, replace(web_server.access, authority=stranger)) as store:
            assert fault(store.check).code == "certificate-untrusted"


def test_a_certificate_that_has_run_out_says_to_look_at_the_clock(nginx: WebServer):
    folder = prepared(nginx)
    with opened(replace(nginx, port=nginx.other_port), folder) as store:
        assert fault(store.check).code == "certificate-expired"


@pytest.mark.parametrize(
    ("stem", "code"), [("moved", "redirected"), ("portal", "answer-foreign"), ("busy", "server-busy")]
)
def test_what_the_world_puts_in_between_is_never_taken_for_the_store(nginx: WebServer, stem: str, code: str):
    with opened(nginx, stem) as store:
        acts: tuple[Callable[[], object], ...] = (
            store.check, lambda: store.put(part(b"x"), b"x"), lambda: store.list(""), lambda: store.get("dsa1/a", 9),
            lambda: store.has("dsa1/a"), lambda: store.poll("dsa1/a/", ""), lambda: store.delete("dsa1/a"),
            lambda: WebDavTransport.prepare(nginx.url(stem), STORE_ID, MADE_AT, access=nginx.access),
        )  # fmt: skip
        for act in acts:
            assert fault(act).code == code


def test_a_portal_that_comes_up_later_is_no_success(tmp_path: Path):
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<p>Sign in</p>"
    marker = b'{"v":1,"id":"store-0001","made":"2026-03-02T09:30:00Z"}'
    good = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(marker), marker)
    acts: tuple[Callable[[WebDavTransport], object], ...] = (
        lambda s: s.put(part(b"x"), b"x"), lambda s: s.list(""), lambda s: s.poll("dsa1/a/", ""), lambda s: s.delete("dsa1/a"),
    )  # fmt: skip
    for act in acts:
        with RawServer().answers(good, page) as server:
            store = WebDavTransport(server.url)
            store.check()
            assert fault(lambda act=act, store=store: act(store)).code == "answer-foreign"
            store.close()


def test_the_way_leads_through_a_proxy_with_a_password(apache: WebServer, nginx: WebServer):
    folder = prepared(nginx)
    before = len((apache.root / "error.log").read_text())
    through = replace(nginx.access, proxy=apache.proxy)
    with opened(nginx, folder, through) as store:
        store.put(part(b"x" * 100_000), b"x" * 100_000)
        assert store.get(part(b"x" * 100_000), 100_000) == b"x" * 100_000
    assert "CONNECT" not in (apache.root / "error.log").read_text()[before:]
    nobody = f"http://127.0.0.1:{apache.other_port}"
    for proxy in (nobody, nobody.replace("//", "//office:wrong@")):
        with opened(nginx, folder, replace(nginx.access, proxy=proxy)) as store:
            error = fault(store.check)
            assert (type(error), error.code) == (StoreRefusedError, "proxy-access-refused")
            assert "wrong" not in str(error)


def test_a_proxy_that_cannot_reach_the_store_says_so(apache: WebServer):
    access = replace(apache.access, proxy=apache.proxy)
    store = WebDavTransport("https://localhost:1/dav", access=access)
    assert fault(store.check).code == "proxy-cannot-reach"
    store.close()


# ---------------------------------------------------------------- which store


def test_places_that_are_no_store_are_told_apart(web_server: WebServer):
    empty = web_server.fresh()
    codes = {}
    for name, folder in {"missing": f"{empty}/never", "empty": empty, "other": prepared(web_server)}.items():
        with opened(web_server, folder, expected_id="store-0002") as store:
            codes[name] = fault(store.check).code
    assert codes == {"missing": "folder-missing", "empty": "marker-missing", "other": "other-store"}
    damaged = by_hand(web_server, "dav")
    (web_server.path(damaged) / "dsa1/store.json").write_bytes(b'{"v":1}')
    with opened(web_server, damaged) as store:
        assert fault(store.check).code == "marker-damaged"
    (web_server.path(damaged) / "dsa1/store.json").write_bytes(b"[" * 90_000)
    with opened(web_server, damaged) as store:
        assert fault(store.check).code == "marker-damaged"


def test_a_store_is_made_once(web_server: WebServer):
    folder = prepared(web_server)
    again = fault(
        lambda: WebDavTransport.prepare(web_server.url(folder), "store-0002", MADE_AT, access=web_server.access)
    )
    assert again.code == "already-a-store"
    used = web_server.fresh()
    (web_server.path(used) / "dsa1/box").mkdir(parents=True)
    left = fault(lambda: WebDavTransport.prepare(web_server.url(used), STORE_ID, MADE_AT, access=web_server.access))
    assert left.code == "folder-in-use"
    made = f"{web_server.fresh()}/new"
    WebDavTransport.prepare(web_server.url(made), STORE_ID, MADE_AT, access=web_server.access).close()
    assert FolderTransport(web_server.path(made)).store_id() == STORE_ID


def test_a_store_that_vanished_under_a_sender_is_not_made_anew(web_server: WebServer):
    folder = prepared(web_server)
    with opened(web_server, folder) as store:
        store.put(part(b"one"), b"one")
        (web_server.path(folder) / "dsa1").rename(web_server.path(folder) / "unplugged")
        error = fault(lambda: store.put(part(b"two"), b"two"))
        assert (type(error), error.code) == (StoreMissingError, "marker-missing")
        assert not (web_server.path(folder) / "dsa1").exists()
        (web_server.path(folder) / "unplugged").rename(web_server.path(folder) / "dsa1")
        store.put(part(b"two"), b"two")


def test_a_store_that_vanished_is_not_taken_for_an_empty_inbox(web_server: WebServer):
    folder = prepared(web_server)
    with opened(web_server, folder) as store:
        store.put("dsa1/box/n/20260302/a", b"x")
        _, cursor = store.poll("dsa1/box/n/", "")
        (web_server.path(folder) / "dsa1").rename(web_server.path(folder) / "unplugged")
        assert fault(lambda: store.poll("dsa1/box/n/", cursor)).code == "marker-missing"
        assert fault(lambda: store.poll("dsa1/box/n/", "")).code == "marker-missing"
        assert fault(lambda: store.list("dsa1/box/n/")).code == "marker-missing"


def test_a_folder_that_the_owner_tidied_away_is_made_again(web_server: WebServer):
    folder = prepared(web_server)
    with opened(web_server, folder) as store:
        store.put(part(b"one"), b"one")
        store.delete(part(b"one"))
        (web_server.path(folder) / "dsa1/box/p/20260302").rmdir()
        store.put(part(b"two"), b"two")
        assert store.list("") == (part(b"two"),)


# ---------------------------------------------------------------- writing


def test_a_store_that_may_only_be_read_can_be_read(web_server: WebServer):
    folder = by_hand(web_server, "locked")
    FolderTransport(web_server.path(folder)).put("dsa1/box/n/20260302/a", b"sealed")
    with opened(web_server, folder) as store:
        assert store.get("dsa1/box/n/20260302/a", 9) == b"sealed"
        assert store.list("") == ("dsa1/box/n/20260302/a",)
        for act in (lambda: store.put(part(b"x"), b"x"), lambda: store.delete("dsa1/box/n/20260302/a")):
            error = fault(act)
            assert (type(error), error.code) == (StoreReadOnlyError, "store-read-only")


def test_a_full_disk_is_an_error_and_its_leavings_are_no_objects(nginx: WebServer):
    small = nginx.path("small")
    if not small.is_mount():
        pytest.skip("no small disk: mounting one needs root")
    folder = prepared(nginx, "small")
    fits, data = b"y" * 100_000, b"x" * 6_000_000
    with opened(nginx, folder) as store:
        store.put(part(fits), fits)
        error = fault(lambda: store.put(part(data), data))
        assert isinstance(error, StoreUnreachableError | StoreFullError)
        assert store.list("") == (part(fits),)
        assert not store.has(part(data))
        (nginx.path(folder) / "dsa1/box/p/20260302" / f"{part(data).rpartition('/')[2]}.0000002890").write_bytes(b"x")
        assert store.list("") == (part(fits),)


def test_a_file_over_the_servers_limit_is_refused_by_name(nginx: WebServer):
    folder, data = prepared(nginx), bytes(65 * 1024 * 1024)
    with opened(nginx, folder) as store:
        error = fault(lambda: store.put(part(data), data))
        assert (type(error), error.code) == (StoreRefusedError, "part-too-large")


class StopAfter:
    """A flow that stops the transfer once so many bytes have passed."""

    def __init__(self, size: int) -> None:
        self.left = size

    def pass_on(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TransferStoppedError("stopped")


def test_a_put_that_is_cut_is_never_seen(web_server: WebServer):
    folder, data = prepared(web_server), b"x" * 3_000_000
    for after in (10_000, 100_000, 1_000_000, 2_900_000):
        with opened(web_server, folder, flow=StopAfter(after)) as store, pytest.raises(TransferStoppedError):
            store.put(part(data), data)
        with opened(web_server, folder) as store:
            assert not store.has(part(data))
            assert store.list("") == ()
    with opened(web_server, folder) as store:
        store.put(part(data), data)
        assert store.get(part(data), len(data)) == data


def test_a_cut_put_leaves_what_lay_under_the_name(web_server: WebServer):
    folder, data = prepared(web_server), b"x" * 3_000_000
    with opened(web_server, folder) as store:
        store.put(part(data), data)
    with opened(web_server, folder, flow=StopAfter(1_000_000)) as store, pytest.raises(TransferStoppedError):
        store.put(part(data), data)
    with opened(web_server, folder) as store:
        assert store.get(part(data), len(data)) == data


def test_what_was_damaged_under_the_name_of_its_hash_is_told_or_mended(web_server: WebServer):
    folder, data = prepared(web_server), b"x" * 1000
    with opened(web_server, folder) as store:
        store.put(part(data), data)
        (web_server.path(folder) / part(data)).write_bytes(b"damaged")
        if web_server.name == "apache":
            assert fault(lambda: store.put(part(data), data)).code == "name-taken"
        else:  # nginx cannot be told not to replace
            store.put(part(data), data)
            assert store.get(part(data), 1000) == data


def test_many_writers_at_once_all_succeed(web_server: WebServer):
    folder = prepared(web_server)
    datas = [bytes([n % 7]) * 50_000 for n in range(28)]
    failed: list[Exception] = []

    def write(mine: list[bytes]) -> None:
        try:
            with opened(web_server, folder) as store:
                for data in mine:
                    store.put(part(data), data)
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(datas[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with opened(web_server, folder) as store:
        assert store.list("") == tuple(sorted({part(data) for data in datas}))


def test_a_server_that_is_killed_and_comes_back_goes_on_being_used():
    with web.nginx() as server:
        if isinstance(server, str):
            pytest.skip(server)
        folder = prepared(server)
        with opened(server, folder) as store:
            store.put(part(b"one"), b"one")
            server.process.kill()
            error = fault(lambda: store.put(part(b"two"), b"two"))
            assert (type(error), error.code) == (StoreUnreachableError, "connection-refused")
            server.process.start()
            server.process.wait_for_port(server.port)
            store.put(part(b"two"), b"two")
            assert store.list("") == tuple(sorted((part(b"one"), part(b"two"))))


# ---------------------------------------------------------------- listings


@pytest.mark.parametrize(
    "listing",
    [
        b"", b"no xml", b"<html/>", b'<multistatus xmlns="DAV:">', b'<multistatus xmlns="other"/>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><multistatus xmlns="DAV:">&a;</multistatus>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><multistatus xmlns="DAV:"/>',
        b'<?xml version="1.0" encoding="x-unknown"?><multistatus xmlns="DAV:"/>',
        b'<multistatus xmlns="DAV:">' + b"<a>" * 1000 + b"</a>" * 1000 + b"</multistatus>",
        b'<multistatus xmlns="DAV:"><response><href>' + b"x" * 9000 + b"</href></response></multistatus>",
        b'<multistatus xmlns="DAV:"><response><href>/%ff</href></response></multistatus>',
        b'<multistatus xmlns="DAV:">' + b"<response/>" * 200_001 + b"</multistatus>",
    ],
    ids=range(12),
)  # fmt: skip
def test_a_listing_that_is_none_is_not_believed(listing: bytes):
    marker = b'{"v":1,"id":"store-0001","made":"2026-03-02T09:30:00Z"}'
    good = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(marker), marker)
    answer = b"HTTP/1.1 207 Multi-Status\r\nContent-Length: %d\r\n\r\n%s" % (len(listing), listing)
    with RawServer().answers(good, answer) as server:
        store = WebDavTransport(server.url)
        assert fault(lambda: store.list("")).code == "store-answer"
        store.close()


def test_names_that_lead_elsewhere_are_left_out_of_a_listing():
    hrefs = [
        "/dsa1/", "/dsa1/a", "/dsa1/../b", "/dsa1/%2e%2e%2fc", "/other/d", "http://elsewhere.example/dsa1/e", "/dsa1/f/g",
        "/dsa1/.davfs.tmp1234", "/dsa1/UPPER", "/dsa1/x.0000000017", "/dsa1/store.json", "/dsa1/h%0Ai", "dsa1/j",
    ]  # fmt: skip
    listing = "".join(f"<response><href>{href}</href></response>" for href in hrefs)
    body = f'<multistatus xmlns="DAV:">{listing}</multistatus>'.encode()
    marker = b'{"v":1,"id":"store-0001","made":"2026-03-02T09:30:00Z"}'
    good = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(marker), marker)
    answer = b"HTTP/1.1 207 Multi-Status\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with RawServer().answers(good, answer) as server:
        store = WebDavTransport(server.url)
        assert store.list("") == ("dsa1/a", "dsa1/e")
        store.close()


def test_a_server_that_makes_up_folders_without_end_is_not_followed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webdav_folders, "MAX_FOLDERS", 300)
    marker = b'{"v":1,"id":"store-0001","made":"2026-03-02T09:30:00Z"}'
    good = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(marker), marker)

    def endless(conversation) -> None:
        answer = good
        while request := read_request(conversation):
            if b"PROPFIND" in request[:10]:
                path = request.split(b" ")[1]
                inner = b"".join(
                    b"<response><href>%s%d</href><propstat><prop><resourcetype><collection/></resourcetype></prop></propstat></response>"
                    % (path, n)
                    for n in range(10)
                )
                body = b'<multistatus xmlns="DAV:">%s</multistatus>' % inner
                answer = b"HTTP/1.1 207 Multi-Status\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            conversation.sendall(answer)

    with RawServer(endless) as server:
        store = WebDavTransport(server.url)
        assert fault(lambda: store.list("")).code == "store-answer"
        store.close()


# ---------------------------------------------------------------- polling


class Counted:
    """A flow that counts the bytes of requests and answers."""

    def __init__(self) -> None:
        self.size = 0

    def pass_on(self, size: int) -> None:
        self.size += size


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def day_folders(server: WebServer, folder: str, days: list[str], names: int = 1) -> None:
    direct = FolderTransport(server.path(folder))
    for day in days:
        for n in range(names):
            direct.put(f"dsa1/box/n/{day}/{n:05}-a", b"x")
    for path in server.path(folder).rglob("*"):
        path.chmod(0o777)


def let_an_hour_pass(server: WebServer, folder: str) -> None:
    """Puts the times of all folders back, so that whatever comes next has another time."""
    for path in server.path(folder).rglob("*"):
        if path.is_dir():
            os.utime(path, (path.stat().st_mtime - 3600,) * 2)


def test_an_idle_poll_is_one_question_of_less_than_a_kilobyte(web_server: WebServer, monkeypatch: pytest.MonkeyPatch):
    folder, seconds, wire = prepared(web_server), Seconds(), Counted()
    asked: list[str] = []
    real = HttpConnection.ask
    monkeypatch.setattr(
        HttpConnection, "ask", lambda self, method, *a, **k: (asked.append(method), real(self, method, *a, **k))[1]
    )
    with opened(web_server, folder, seconds=seconds, flow=wire) as store:
        today = f"{store.store_time():%Y%m%d}"
        for days in (1, FEW_FOLDERS, 40):
            day_folders(
                web_server, folder, [*(f"2026{1 + n // 28:02}{1 + n % 28:02}" for n in range(days - 1)), today], 5
            )
            cursor = ""
            for _ in range(6):
                _, cursor = store.poll("dsa1/box/n/", cursor)
                seconds.now += SETTLING_SECONDS + 1
            asked.clear()
            wire.size = 0
            assert store.poll("dsa1/box/n/", cursor) == ((), cursor)
            assert asked == ["PROPFIND"]
            assert wire.size < 1024


def test_a_folder_that_rests_by_the_servers_clock_is_read_once(web_server: WebServer, monkeypatch: pytest.MonkeyPatch):
    folder, asked = prepared(web_server), []
    real = HttpConnection.ask
    monkeypatch.setattr(
        HttpConnection, "ask", lambda self, method, *a, **k: (asked.append(method), real(self, method, *a, **k))[1]
    )
    day_folders(web_server, folder, [f"202601{n:02}" for n in range(1, 31)])
    let_an_hour_pass(web_server, folder)
    seconds = Seconds()
    with opened(web_server, folder, seconds=seconds) as store:
        names, cursor = store.poll("dsa1/box/n/", "")
        assert len(names) == 30
        asked.clear()
        seconds.now += QUICK_SECONDS
        assert store.poll("dsa1/box/n/", cursor)[0] == ()
        assert asked == ["PROPFIND"]
        store.put("dsa1/box/n/20260105/99999-late", b"x")
        seconds.now += QUICK_SECONDS
        for _ in range(2):  # its time is young: it is read until it has settled
            found, cursor = store.poll("dsa1/box/n/", cursor)
            assert found == ("dsa1/box/n/20260105/00000-a", "dsa1/box/n/20260105/99999-late")
            seconds.now += QUICK_SECONDS


def test_a_poll_shows_what_came_since(web_server: WebServer):
    folder, seconds = prepared(web_server), Seconds()
    with opened(web_server, folder, seconds=seconds) as store:
        assert store.poll("dsa1/box/n/", "")[0] == ()
        _, cursor = store.poll("dsa1/box/n/", "")
        for n in range(12):
            name = f"dsa1/box/n/2026030{1 + n % 2}/{n:05}-a"
            store.put(name, b"x")
            found, cursor = store.poll("dsa1/box/n/", cursor)
            assert name in found
            let_an_hour_pass(web_server, folder)
            for _ in range(4):
                found, cursor = store.poll("dsa1/box/n/", cursor)
                seconds.now += SETTLING_SECONDS + 1
            assert found == ()


def test_of_many_folders_the_stores_own_day_is_seen_at_once_and_every_other_soon(web_server: WebServer):
    folder, seconds = prepared(web_server), Seconds()
    day_folders(web_server, folder, [f"202601{n:02}" for n in range(1, 20)])
    with opened(web_server, folder, seconds=seconds) as store:
        today = f"{store.store_time():%Y%m%d}"
        cursor = ""
        for _ in range(6):
            _, cursor = store.poll("dsa1/box/n/", cursor)
            seconds.now += SETTLING_SECONDS + 1
        store.put(f"dsa1/box/n/{today}/00001-a", b"x")
        found, cursor = store.poll("dsa1/box/n/", cursor)
        assert found == (f"dsa1/box/n/{today}/00001-a",)
        let_an_hour_pass(web_server, folder)
        store.put("dsa1/box/n/20260105/99999-late", b"x")
        seconds.now += QUICK_SECONDS
        found, cursor = store.poll("dsa1/box/n/", cursor)
        assert "dsa1/box/n/20260105/99999-late" in found


@pytest.mark.parametrize(
    "cursor", ["", "x", "{}", "[]", "null", '{"gate":1,"day":"","at":0.0,"today":""}', "[" * 9000, '{"at":"x"}']
)
def test_a_cursor_that_is_not_understood_counts_as_none(nginx: WebServer, cursor: str):
    folder = prepared(nginx)
    day_folders(nginx, folder, ["20260302"])
    with opened(nginx, folder) as store:
        assert store.poll("dsa1/box/n/", cursor)[0] == ("dsa1/box/n/20260302/00000-a",)
