"""Whatever a server says, a connection gives an answer or one of our errors, and a listing gives names of ours or one of our errors."""

from __future__ import annotations

import contextlib
import socket

from hypothesis import given, settings
from hypothesis import strategies as st

from dsadesk.errors import StoreError, StoreRefusedError
from dsadesk.transports.http import HttpConnection
from dsadesk.transports.multistatus import parse_multistatus
from dsadesk.transports.web_address import WebAddress
from dsadesk.transports.wire import Patience
from tests.support.servers.raw import RawServer

LIMIT = 2000
LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK", b"HTTP/1.0 200", b"HTTP/1.1 207 Multi-Status", b"HTTP/1.1 100 Continue", b"HTTP/1.1 204 No", b"HTTP/1.1 999 ",
        b"HTTP/1.1 302 Found", b"Content-Length: 5", b"Content-Length: 99999999999999999999", b"Content-Length: -1", b"Content-Length: \xb2",
        b"Transfer-Encoding: chunked", b"Transfer-Encoding: CHUNKED", b"Connection: close", b"Date: Mon, 02 Mar 2026 09:30:00 GMT",
        b"Date: Mon, 99 Foo 0000 99:99:99 +9999", b"Date: \x00", b": no name", b" folded", b"\tfolded", b"No colon", b"\xff\xfe: \x00",
        b"Content-Encoding: gzip", b"Content-Type: multipart/mixed; boundary=x", b"--x", b"", b"", b"5", b"0", b"ffffffffffffffffffff", b"-1",
        b"5;ext=1", b"hello", b"0x5", b"Retry-After: 9e9",
    ]
)  # fmt: skip
ANSWERS = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(LINES, st.binary(max_size=20)), max_size=14).map(b"\r\n".join),
    st.lists(LINES, max_size=10).map(lambda lines: b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(lines)),
    st.lists(LINES, max_size=10).map(
        lambda lines: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"\r\n".join(lines)
    ),
)
PATIENCE = Patience(stall_seconds=60, head_seconds=60)


@settings(max_examples=300)
@given(ANSWERS, st.sampled_from(["GET", "HEAD", "PUT", "DELETE", "PROPFIND"]))
def test_whatever_comes_is_an_answer_or_an_error_of_ours(said: bytes, method: str) -> None:
    def say(conversation: socket.socket) -> None:
        conversation.recv(65536)
        conversation.sendall(said)
        conversation.shutdown(socket.SHUT_WR)
        conversation.recv(1)

    with RawServer(say) as server:
        connection = HttpConnection(WebAddress.parse(server.url), patience=PATIENCE)
        with contextlib.suppress(StoreError):
            answer = connection.ask(method, "/x", body=b"x" if method == "PUT" else b"", limit=LIMIT)
            assert len(answer.body) <= 16 * 1024
            assert answer.status >= 300 or len(answer.body) <= LIMIT
            connection.fault(answer)
        connection.store_time()
        connection.close()


TAGS = st.sampled_from(
    [
        "D:multistatus",
        "D:response",
        "D:href",
        "D:propstat",
        "D:prop",
        "D:resourcetype",
        "D:collection",
        "D:getlastmodified",
        "x",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["/dsa1/a", "/dsa1/a/", "http://[::1", "%ff", "%2e%2e/", "&amp;", "&lt;", "]]>"]),
)
ELEMENTS = st.recursive(
    TEXTS,
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(lambda t: f"<{t[0]}>{''.join(t[1])}</{t[0]}>"),
    max_leaves=12,
)


@settings(max_examples=500)
@given(
    st.one_of(
        st.binary(max_size=200),
        ELEMENTS.map(lambda inner: f'<D:multistatus xmlns:D="DAV:">{inner}</D:multistatus>'.encode("utf-8", "replace")),
    )
)
def test_whatever_a_listing_says_is_entries_or_a_refusal(said: bytes) -> None:
    with contextlib.suppress(StoreRefusedError):
        for entry in parse_multistatus(said, "address"):
            assert len(entry.path) <= 8000
