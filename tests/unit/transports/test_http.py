from __future__ import annotations

import socket
import ssl
import struct
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from time import monotonic

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
from dsadesk.ports import NO_ACCESS, Flow, StoreAccess
from dsadesk.transports.http import MAX_FAULT_BYTES, Answer, HttpConnection
from dsadesk.transports.proxies import Proxy, proxy_for
from dsadesk.transports.trust import trusted_context
from dsadesk.transports.web_address import WebAddress
from dsadesk.transports.wire import Patience
from tests.support.machine import LONG
from tests.support.servers.certificates import Authority
from tests.support.servers.raw import RawServer, Say, read_request

PATIENT = Patience(stall_seconds=LONG, head_seconds=LONG)
IMPATIENT = Patience(stall_seconds=0.4, head_seconds=0.8, pace_seconds=0.5, pace_bytes=64)
DATE = b"Date: Mon, 02 Mar 2026 09:30:00 GMT\r\n"


def ok(body: bytes = b"", headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (headers, len(body), body)


def connect(
    server: RawServer, access: StoreAccess = NO_ACCESS, flow: Flow | None = None, patience: Patience = PATIENT
) -> HttpConnection:
    return HttpConnection(WebAddress.parse(server.url), access, flow, patience)


def fault(connection: HttpConnection, method: str = "GET", body: bytes = b"", limit: int = 1000) -> StoreError:
    with pytest.raises(StoreError) as caught:
        connection.ask(method, "/x", body=body, limit=limit)
    connection.close()
    return caught.value


@contextmanager
def served(*behaviours: Say) -> Iterator[RawServer]:
    with RawServer(*behaviours) as server:
        yield server


def says(*pieces: bytes, then_close: bool = True) -> Say:
    """Waits for a request, sends pieces, and closes or waits for ever."""

    def behave(conversation: socket.socket) -> None:
        read_request(conversation)
        for piece in pieces:
            conversation.sendall(piece)
        if then_close:
            conversation.close()

    return behave


# ---------------------------------------------------------------- what works


def test_one_connection_serves_many_questions() -> None:
    with RawServer().answers(ok(b"one", DATE), ok(b"two")) as server:
        connection = connect(server)
        assert connection.ask("GET", "/a", limit=10).body == b"one"
        assert connection.ask("PUT", "/b", body=b"x" * 100_000, limit=10).body == b"two"
        assert connection.ask("PUT", "/c", body=b"", limit=10).status == 200
        assert server.connections == 1
        assert server.requests[1].endswith(b"\r\n\r\n" + b"x" * 100_000)
        assert b"Content-Length: 0" in server.requests[2]
        assert b"Content-Length" not in server.requests[0]
        connection.close()


def test_an_answer_in_chunks_is_put_together() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n"
    with RawServer().answers(chunked) as server:
        connection = connect(server)
        assert connection.ask("GET", "/", limit=7) == connection.ask("GET", "/", limit=7)
        assert connection.ask("GET", "/", limit=7).body == b"one two"
        assert not connection.ask("GET", "/", limit=6).is_whole
        connection.close()


def test_a_body_longer_than_the_limit_is_not_taken_in() -> None:
    with RawServer().answers(ok(b"x" * 1_000_000)) as server:
        connection = connect(server)
        answer = connection.ask("GET", "/", limit=999_999)
        assert not answer.is_whole
        assert answer.body == b""
        assert connection.ask("GET", "/", limit=1_000_000).body == b"x" * 1_000_000
        connection.close()


def test_the_answer_to_a_head_has_no_body_whatever_its_length_says() -> None:
    with RawServer().answers(b"HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n") as server:
        connection = connect(server)
        assert connection.ask("HEAD", "/").headers["content-length"] == "4711"
        assert connection.ask("HEAD", "/").status == 200
        assert server.connections == 1
        connection.close()


def test_the_servers_clock_is_learnt_and_goes_on() -> None:
    with RawServer().answers(ok(headers=DATE)) as server:
        connection = connect(server)
        assert connection.store_time() is None
        connection.ask("GET", "/")
        told = connection.store_time()
        assert told is not None
        assert timedelta(0) <= told - datetime(2026, 3, 2, 9, 30, tzinfo=UTC) < timedelta(seconds=30)
        connection.close()


@pytest.mark.parametrize(
    "date", [b"yesterday", b"", b"Mon, 02 Mar 9999 23:59:59 GMT", b"Mon, 02 Mar 0001 00:00:00 +2359", b"\xff" * 99]
)
def test_a_time_that_makes_no_sense_is_not_learnt(date: bytes) -> None:
    with RawServer().answers(ok(headers=b"Date: " + date + b"\r\n")) as server:
        connection = connect(server)
        connection.ask("GET", "/")
        assert connection.store_time() is None
        connection.close()


# ---------------------------------------------------------------- connections that end


def test_a_connection_that_the_server_closed_between_questions_is_made_anew() -> None:
    with RawServer().answers(ok(b"one"), then_close=True) as server:
        connection = connect(server)
        for _ in range(3):
            assert connection.ask("GET", "/", limit=9).body == b"one"
        assert server.connections == 3
        connection.close()


def test_a_kept_connection_that_ends_under_a_question_is_asked_once_more() -> None:
    def once_then_cut(conversation: socket.socket) -> None:
        read_request(conversation)
        conversation.sendall(ok(b"one"))
        read_request(conversation)
        conversation.close()

    with served(once_then_cut, says(ok(b"two"))) as server:
        connection = connect(server)
        assert connection.ask("GET", "/", limit=9).body == b"one"
        assert connection.ask("PUT", "/", body=b"x", limit=9).body == b"two"
        connection.close()


def test_a_question_is_not_asked_again_when_part_of_an_answer_came() -> None:
    def half(conversation: socket.socket) -> None:
        read_request(conversation)
        conversation.sendall(ok(b"one"))
        read_request(conversation)
        conversation.sendall(b"HTTP/1.1 20")
        conversation.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        conversation.close()

    with served(half, says(ok(b"two"))) as server:
        connection = connect(server)
        connection.ask("GET", "/", limit=9)
        assert fault(connection).code in {"connection-lost", "store-answer"}
        assert server.connections == 1


def test_a_new_connection_that_ends_is_not_tried_for_ever() -> None:
    with served(says()) as server:
        assert fault(connect(server)).code == "connection-lost"
        assert server.connections == 1


def test_a_change_that_was_sent_whole_and_not_answered_may_have_been_made() -> None:
    with served(says()) as server:
        error = fault(connect(server), "PUT", b"x" * 40_000)
        assert isinstance(error, StoreUnreachableError)
        assert error.code == "answer-lost"


def test_bytes_that_nobody_asked_for_end_the_connection_and_answer_no_question() -> None:
    def forge(conversation: socket.socket) -> None:
        read_request(conversation)
        conversation.sendall(ok(b"one") + ok(b"forged"))
        read_request(conversation)
        conversation.close()

    with served(forge, says(ok(b"two"))) as server:
        connection = connect(server)
        assert connection.ask("GET", "/", limit=9).body == b"one"
        assert connection.ask("GET", "/", limit=9).body == b"two"
        connection.close()


def test_an_answer_that_comes_before_the_body_was_taken_is_heard() -> None:
    def refuse_early(conversation: socket.socket) -> None:
        conversation.recv(1000)
        conversation.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        conversation.shutdown(socket.SHUT_WR)
        while conversation.recv(65536):
            pass

    with served(refuse_early) as server:
        connection = connect(server)
        answer = connection.ask("PUT", "/", body=b"x" * 5_000_000)
        assert answer.status == 413
        assert connection.fault(answer).code == "part-too-large"
        connection.close()


# ---------------------------------------------------------------- servers that lie


ENDLESS = 400_000


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ([b"SSH-2.0-OpenSSH_9.2\r\n"], "store-answer"),
        ([b"\x15\x03\x01\x00\x02\x02\x28"], "store-answer"),
        ([b"HTTP/1.1 2x0 OK\r\n\r\n"], "store-answer"),
        ([b"HTTP/1.1 20 OK\r\n\r\n"], "store-answer"),
        ([b"HTTP/9.9 200 OK\r\n\r\n"], "store-answer"),
        ([b"HTTP/1.1 200 OK\r\n\r\nno end is known"], "store-answer"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"], "store-answer"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc"], "store-answer"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"], "store-answer"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"], "answer-short"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc"], "store-answer"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"], "answer-short"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc"], "answer-short"),
        ([b"HTTP/1.1 200 OK\r\n", *repeat(b"A: b\r\n", ENDLESS)], "store-answer"),
        ([b"HTTP/1.1 200 OK\r\nA: ", *repeat(b"x" * 1000, ENDLESS)], "store-answer"),
        ([*repeat(b"x" * 1000, ENDLESS)], "store-answer"),
        ([*repeat(b"HTTP/1.1 100 Continue\r\n\r\n", ENDLESS)], "store-answer"),
        (
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", *repeat(b"A: b\r\n", ENDLESS)],
            "store-answer",
        ),
        (
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *repeat(b"1;" + b"x" * 60_000 + b"\r\na\r\n", 99)],
            "store-answer",
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else value[0][:40].decode("latin-1").strip() + f"x{len(value)}",
)  # fmt: skip
def test_a_lying_server_is_an_error_in_bounded_time_and_memory(lie: list[bytes], code: str) -> None:
    with served(says(*lie)) as server:
        connection = connect(server)
        tracemalloc.start()
        started = monotonic()
        error = fault(connection)
        took, (_, peak) = monotonic() - started, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert error.code == code
        assert took < 20
        assert peak < 4_000_000


def test_an_endless_body_is_cut_at_the_limit() -> None:
    endless = [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        *repeat(b"400\r\n" + b"x" * 1024 + b"\r\n", 99_999),
    ]
    with served(says(*endless)) as server:
        connection = connect(server)
        answer = connection.ask("GET", "/", limit=5000)
        assert (answer.is_whole, len(answer.body)) == (False, 5000)
        connection.close()


def test_little_is_read_of_an_answer_that_is_no_success() -> None:
    with served(says(b"HTTP/1.1 500 Oh\r\nContent-Length: 99999999\r\n\r\n", *repeat(b"x" * 9999, 9999))) as server:
        connection = connect(server)
        answer = connection.ask("GET", "/", limit=10**9)
        assert len(answer.body) <= MAX_FAULT_BYTES
        assert connection.fault(answer).code == "server-fault"
        connection.close()


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
def test_a_server_that_falls_silent_is_given_up(head: bytes) -> None:
    with served(says(head, then_close=False)) as server:
        started = monotonic()
        assert fault(connect(server, patience=IMPATIENT)).code == "store-silent"
        assert 0.3 < monotonic() - started < 10


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"])
def test_a_slow_drip_is_given_up_although_it_never_stalls(beginning: bytes) -> None:
    stop = threading.Event()

    def drip(conversation: socket.socket) -> None:
        read_request(conversation)
        conversation.sendall(beginning)
        while not stop.wait(0.05):
            conversation.sendall(b"x")

    with served(drip) as server:
        started = monotonic()
        assert fault(connect(server, patience=IMPATIENT)).code in {"store-too-slow", "store-silent"}
        assert monotonic() - started < 10
        stop.set()


def test_a_server_that_takes_nothing_is_given_up() -> None:
    hold = threading.Event()

    def take_nothing(conversation: socket.socket) -> None:
        hold.wait(LONG)

    with served(take_nothing) as server:
        assert fault(connect(server, patience=IMPATIENT), "PUT", b"x" * 30_000_000).code == "store-silent"
        hold.set()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with served() as trap:
        answer = b"HTTP/1.1 %d Elsewhere\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n" % (status, trap.url.encode())
        with RawServer().answers(answer) as server:
            error = fault(connect(server))
            assert isinstance(error, StoreRefusedError)
            assert error.code == "redirected"
            assert trap.connections == 0


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, StoreRefusedError, "access-refused"), (403, StoreRefusedError, "access-refused"),
        (404, StoreMissingError, "object-missing"), (405, StoreRefusedError, "act-not-offered"),
        (412, StoreRefusedError, "name-taken"), (413, StoreRefusedError, "part-too-large"),
        (418, StoreRefusedError, "store-answer"), (429, StoreUnreachableError, "server-busy"),
        (500, StoreUnreachableError, "server-fault"), (501, StoreRefusedError, "act-not-offered"),
        (503, StoreUnreachableError, "server-busy"), (507, StoreFullError, "store-full"),
        (206, StoreRefusedError, "store-answer"), (999, StoreRefusedError, "store-answer"),
    ],
)  # fmt: skip
def test_each_status_is_an_error_of_its_own(status: int, kind: type[StoreError], code: str) -> None:
    with RawServer().answers(b"HTTP/1.1 %d Hm\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n" % status) as server:
        connection = connect(server)
        error = connection.fault(connection.ask("GET", "/"))
        assert (type(error), error.code, error.fields["seconds"]) == (kind, code, 30)
        connection.close()


def test_to_be_let_in_and_not_to_write_is_read_only() -> None:
    with RawServer().answers(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") as server:
        connection = connect(server)
        assert isinstance(connection.fault(connection.ask("PUT", "/"), writing=True), StoreReadOnlyError)
        connection.close()


@pytest.mark.parametrize("wait", ["-1", "soon", "9" * 400, "²", "99999"])
def test_a_strange_wish_to_wait_is_bounded(wait: str) -> None:
    connection = HttpConnection(WebAddress.parse("http://localhost:1"))
    error = connection.fault(Answer(status=503, headers={"retry-after": wait}, body=b""))
    assert 0 <= int(str(error.fields.get("seconds", 0))) <= 3600


# ---------------------------------------------------------------- stopping, and how fast


class Counter:
    """A flow that counts, and stops the transfer after so many bytes."""

    def __init__(self, stop_after: int = 10**12) -> None:
        self.total = 0
        self.largest = 0
        self.stop_after = stop_after

    def pass_on(self, size: int) -> None:
        self.total += size
        self.largest = max(self.largest, size)
        if self.total > self.stop_after:
            raise TransferStoppedError("stopped")


def test_every_byte_passes_the_flow_in_small_runs() -> None:
    with RawServer().answers(ok(b"y" * 200_000)) as server:
        flow = Counter()
        connection = connect(server, flow=flow)
        connection.ask("PUT", "/", body=b"x" * 300_000, limit=200_000)
        assert 500_000 < flow.total < 501_000
        assert flow.largest <= 16 * 1024
        connection.close()


def test_a_stopped_transfer_is_a_cut_for_the_server() -> None:
    seen: list[bytes] = []
    ended = threading.Event()

    def listen(conversation: socket.socket) -> None:
        try:
            seen.append(read_request(conversation))
        except OSError:
            seen.append(b"reset")
        ended.set()

    with served(listen) as server:
        connection = connect(server, flow=Counter(100_000))
        with pytest.raises(TransferStoppedError):
            connection.ask("PUT", "/", body=b"x" * 3_000_000)
        assert ended.wait(LONG)
        assert seen in ([b""], [b"reset"])


@pytest.mark.parametrize("where", ["answer", "body"])
def test_another_thread_ends_a_wait_at_once(where: str) -> None:
    waiting = threading.Event()

    def hold(conversation: socket.socket) -> None:
        if where == "answer":
            read_request(conversation)
        else:
            conversation.recv(10)
        waiting.set()

    with served(hold) as server:
        connection = connect(server, patience=Patience())
        caught: list[StoreError] = []

        def ask() -> None:
            try:
                connection.ask("PUT", "/", body=b"x" * 30_000_000 if where == "body" else b"")
            except StoreError as error:
                caught.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert waiting.wait(LONG)
        connection.close()
        connection.close()
        thread.join(LONG)
        assert [error.code for error in caught] == ["connection-closed"]


def test_a_closed_connection_connects_again() -> None:
    with RawServer().answers(ok(b"one")) as server:
        connection = connect(server)
        connection.close()
        connection.ask("GET", "/", limit=9)
        connection.close()
        connection.ask("GET", "/", limit=9)
        assert server.connections == 2
        connection.close()


def test_no_descriptor_is_left_open() -> None:
    def count() -> int:
        return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0

    with served(says()) as server:
        before = count()
        for _ in range(20):
            fault(connect(server))
        for _ in range(5):
            fault(HttpConnection(WebAddress.parse("http://127.0.0.1:1")))
        # The server's own ends close in its own time.
        assert count() - before <= 25


# ---------------------------------------------------------------- where, and through what


def test_a_computer_without_a_server_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert fault(HttpConnection(WebAddress.parse(f"http://127.0.0.1:{port}"))).code == "connection-refused"


def test_a_name_that_nobody_knows_is_said() -> None:
    error = fault(HttpConnection(WebAddress.parse("https://no-such-host.invalid/x")))
    assert (error.code, error.fields["host"]) == ("host-unknown", "no-such-host.invalid")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ftp://localhost/", "address-invalid"), ("https://", "address-invalid"), ("https:///x", "address-invalid"),
        ("https://me:word@host/", "address-invalid"), ("https://host:99999/", "address-invalid"),
        ("https://host/?a", "address-invalid"), ("https://host/#a", "address-invalid"), ("https://host/a b", "address-invalid"),
        ("https://host/../x", "address-invalid"), ("https://host/%2e%2E/x", "address-invalid"),
        ("https://ho\nst/", "address-invalid"), ("https://[::1/", "address-invalid"), ("https://-x/", "address-invalid"),
        ("https://" + "a" * 3000, "address-invalid"), ("https://host/" + "a" * 3000, "address-invalid"),
        ("http://example.org/", "address-not-encrypted"), ("http://192.168.1.4/", "address-not-encrypted"),
        ("http://127.0.0.1.example.org/", "address-not-encrypted"),
    ],
)  # fmt: skip
def test_an_address_that_is_not_sound_is_refused_and_shows_no_password(text: str, code: str) -> None:
    with pytest.raises(StoreRefusedError) as caught:
        WebAddress.parse(text)
    assert caught.value.code == code
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://Example.ORG/Données/x/", "https://example.org/Donn%C3%A9es/x"),
        ("https://bücher.example:8443", "https://xn--bcher-kva.example:8443"),
        ("http://[::1]:8080/a%20b", "http://[::1]:8080/a%20b"),
        ("http://localhost/", "http://localhost"),
        ("https://10.0.0.7:443/dav//", "https://10.0.0.7/dav"),
    ],
)
def test_an_address_has_one_spelling(text: str, shown: str) -> None:
    assert WebAddress.parse(text).text == shown
    assert WebAddress.parse(shown).text == shown


def test_the_systems_proxy_is_used_unless_it_is_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:s%40cret@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "near.example,.inside.example")
    far = proxy_for(WebAddress.parse("https://far.example"), "")
    assert far == Proxy(host="proxy.example", port=3128, user="me", password="s@cret")
    assert "s@cret" not in repr(far)
    assert proxy_for(WebAddress.parse("https://near.example"), "") is None
    assert proxy_for(WebAddress.parse("https://a.inside.example"), "") is None
    assert proxy_for(WebAddress.parse("https://localhost"), "") is None
    own = proxy_for(WebAddress.parse("https://near.example"), "other.example:8080")
    assert own == Proxy(host="other.example", port=8080)


@pytest.mark.parametrize("text", ["socks5://host:1", "https://host:1", "http://", "http://host:x", "http://host/path"])
def test_a_proxy_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(StoreRefusedError) as caught:
        Proxy.parse(text)
    assert caught.value.code == "proxy-invalid"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", "proxy-access-refused"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "proxy-refused"),
        (b"HTTP/1.1 302 Sign in\r\nLocation: http://portal/\r\n\r\n", "proxy-refused"),
        (b"HTTP/1.1 504 No\r\nContent-Length: 0\r\n\r\n", "proxy-cannot-reach"),
        (b"what?\r\n\r\n", "store-answer"),
        (b"", "connection-lost"),
    ],
)
def test_what_a_proxy_refuses_is_said_and_its_password_never(answer: bytes, code: str) -> None:
    with served(says(answer)) as proxy:
        access = StoreAccess(proxy=f"http://me:pass-word@127.0.0.1:{proxy.port}")
        connection = HttpConnection(WebAddress.parse("https://far.example"), access, None, PATIENT)
        error = fault(connection)
        assert error.code == code
        assert "pass-word" not in f"{error!s}{error!r}{connection!r}{access!r}{error.__cause__!r}"


# ---------------------------------------------------------------- who answers


@contextmanager
def tls_server(certificate: tuple[Path, Path], version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.maximum_version = version

    def encrypted(conversation: socket.socket) -> None:
        with context.wrap_socket(conversation, server_side=True) as secure:
            while read_request(secure):
                secure.sendall(ok(b"secret"))

    with served(encrypted) as server:
        yield server


def over_tls(server: RawServer, authority: str) -> HttpConnection:
    address = WebAddress.parse(f"https://localhost:{server.port}")
    return HttpConnection(address, StoreAccess(authority=authority), None, PATIENT)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_an_office_s_own_authority_is_trusted_when_it_is_given(tmp_path: Path, version: ssl.TLSVersion) -> None:
    authority = Authority.new()
    with tls_server(authority.issue(tmp_path, "server"), version) as server:
        connection = over_tls(server, authority.pem)
        for _ in range(3):
            assert connection.ask("GET", "/", limit=9).body == b"secret"
        assert connection.ask("PUT", "/", body=b"x" * 3_000_000, limit=9).status == 200
        assert server.connections == 1
        connection.close()


def test_a_connection_that_is_made_anew_goes_on_with_its_session(tmp_path: Path) -> None:
    authority, resumed = Authority.new(), []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue(tmp_path, "server"))

    def once(conversation: socket.socket) -> None:
        with context.wrap_socket(conversation, server_side=True) as secure:
            resumed.append(secure.session_reused)
            read_request(secure)
            secure.sendall(ok(b"one"))

    with served(once) as server:
        connection = over_tls(server, authority.pem)
        for _ in range(3):
            assert connection.ask("GET", "/", limit=9).body == b"one"
        connection.close()
    assert resumed == [False, True, True]


def test_what_one_store_trusts_another_does_not(tmp_path: Path) -> None:
    authority = Authority.new()
    with tls_server(authority.issue(tmp_path, "server")) as server:
        trusting = over_tls(server, authority.pem)
        assert trusting.ask("GET", "/", limit=9).status == 200
        trusting.close()
        assert fault(over_tls(server, "")).code == "certificate-untrusted"
        assert fault(over_tls(server, Authority.new().pem)).code == "certificate-untrusted"


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_system_has_somebody_to_believe(platform: str) -> None:
    context = trusted_context("", platform)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert (type(context) is ssl.SSLContext) == (platform == "linux")


def test_certificates_that_do_not_hold_are_told_apart(tmp_path: Path) -> None:
    authority, now = Authority.new(), datetime.now(UTC)  # noqa: TID251
    wrong = {
        "certificate-expired": authority.issue(tmp_path, "old", days=30),
        "certificate-not-yet": authority.issue(tmp_path, "early", start=now + timedelta(days=9)),
        "certificate-name": authority.issue(tmp_path, "other", host="other.example"),
        "certificate-untrusted": Authority.new().issue(tmp_path, "stranger"),
    }
    for code, certificate in wrong.items():
        with tls_server(certificate) as server:
            error = fault(over_tls(server, authority.pem))
            assert isinstance(error, StoreRefusedError)
            assert error.code == code
            assert server.requests == []


def test_a_server_that_does_not_encrypt_is_not_spoken_to() -> None:
    def speak_plainly(conversation: socket.socket) -> None:
        conversation.recv(10)
        conversation.sendall(b"HTTP/1.1 400 This is plain\r\n\r\n")

    with served(speak_plainly) as server:
        assert fault(over_tls(server, "")).code == "encryption-failed"


def test_a_server_that_does_not_finish_its_greeting_is_given_up() -> None:
    with served(lambda conversation: conversation.recv(10)) as server:
        address = WebAddress.parse(f"https://localhost:{server.port}")
        assert fault(HttpConnection(address, NO_ACCESS, None, IMPATIENT)).code == "store-silent"


def test_an_authority_that_is_no_certificate_is_refused() -> None:
    with served(says()) as server:
        assert fault(over_tls(server, "not a certificate")).code == "authority-unreadable"


@pytest.mark.parametrize("target", ["/a b", "/a\r\nX: y", "", "/é"])
def test_a_request_cannot_be_given_a_second_line(target: str) -> None:
    connection = HttpConnection(WebAddress.parse("http://localhost:1"))
    with pytest.raises(ValueError, match="single lines"):
        connection.ask("GET", target)
    with pytest.raises(ValueError, match="single lines"):
        connection.ask("GET", "/", headers={"X": "a\r\nY: b"})


def test_a_body_that_was_broken_off_and_sent_again_is_told_of_once() -> None:
    """Whoever sizes parts would otherwise think that the line never breaks."""

    def once_and_then_gone(conversation: socket.socket) -> None:
        read_request(conversation)
        conversation.sendall(ok())
        conversation.recv(10)
        conversation.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        conversation.close()

    with served(once_and_then_gone, repeat_ok) as server:
        connection = connect(server)
        body = b"x" * 40_000
        assert connection.ask("PUT", "/a", body=body, limit=0).status == 200
        assert connection.cuts() == 0
        assert connection.ask("PUT", "/b", body=body, limit=0).status == 200
        assert connection.cuts() == 1
        assert connection.cuts() == 0
        connection.close()


def repeat_ok(conversation: socket.socket) -> None:
    while read_request(conversation):
        conversation.sendall(ok())
