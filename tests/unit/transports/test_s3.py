"""A bucket whose server says what it likes: nothing of it is believed, and every fault has a name."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from dsadesk.errors import DsadeskError, StoreError
from dsadesk.ports import StoreAccess
from dsadesk.transports.s3 import S3Transport
from dsadesk.transports.wire import Patience
from tests.support.machine import LONG
from tests.support.servers.certificates import Authority
from tests.support.servers.raw import RawServer, read_request

ACCESS = StoreAccess(user="key", secret="the-secret", region="eu-west-2")
IMPATIENT = Patience(stall_seconds=0.5, head_seconds=1.0)
PATIENT = Patience(stall_seconds=LONG, head_seconds=LONG)
DATE = b"Date: Mon, 02 Mar 2026 09:30:00 GMT\r\n"
MARKER = b'{"v":1,"id":"store-0001","made":"2026-03-02T09:30:00Z"}'
MARCH = 1772443800.0


def said(status: int, body: bytes = b"", headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d Said\r\n%sContent-Length: %d\r\n%s\r\n%s" % (status, DATE, len(body), headers, body)


def error(status: int, code: str, more: str = "") -> bytes:
    return said(status, f"<Error><Code>{code}</Code><Message>words of a server</Message>{more}</Error>".encode())


def page(*keys: str, token: str = "") -> bytes:
    more = "<IsTruncated>true</IsTruncated>" if token else "<IsTruncated>false</IsTruncated>"
    inside = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in keys)
    return said(
        200,
        f"<ListBucketResult>{more}<NextContinuationToken>{token}</NextContinuationToken>{inside}</ListBucketResult>".encode(),
    )


WELCOME = said(200, MARKER)


def bucket(
    server: RawServer,
    access: StoreAccess = ACCESS,
    expected: str | None = None,
    now: float = MARCH,
    patience: Patience = PATIENT,
) -> S3Transport:
    return S3Transport(f"s3+{server.url}/bk/office", access, expected_id=expected, patience=patience, now=lambda: now)


def refusal(server: RawServer, act: Callable[[S3Transport], object], **how: object) -> DsadeskError:
    transport = bucket(server, **how)  # type: ignore[arg-type]
    with pytest.raises(StoreError) as caught:
        act(transport)
    transport.close()
    return caught.value


def heads(server: RawServer) -> list[str]:
    return [request.split(b"\r\n")[0].decode().removesuffix(" HTTP/1.1") for request in server.requests]


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("address", "code"),
    [("s3+https://host", "address-invalid"), ("s3+https://host/", "address-invalid"), ("s3+https://host/b", None),
     ("s3+https://host:9000/a.bucket/an/office", None), ("s3+https://host/bucket/", None), ("s3+https://host/b/../c", "address-invalid"),
     ("s3+https://key:secret@host/bucket", "address-invalid"), ("s3+https://host/bucket?x=1", "address-invalid"),
     ("s3+https://host/b%20c", "address-invalid"), ("https://host/bucket", "address-invalid"), ("s3+ftp://host/bucket", "address-invalid"),
     ("s3+http://host/bucket", "address-not-encrypted"), ("s3+http://127.0.0.1:1/bucket", None), ("s3+https://host/-bucket", "address-invalid"),
     ("s3+", "address-invalid")],
)  # fmt: skip
def test_an_address_names_a_server_a_bucket_and_perhaps_a_prefix(address: str, code: str | None):
    if code is None:
        assert S3Transport(address + "x").address == (address + "x").rstrip("/")
        return
    with pytest.raises(StoreError) as caught:
        S3Transport(address)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


def test_nothing_shows_the_secret_and_nothing_is_connected_before_the_first_act():
    with RawServer().answers(WELCOME) as server:
        transport = bucket(server)
        assert "the-secret" not in repr(vars(transport)) + repr(transport)
        assert server.connections == 0
        transport.check()
        assert b"the-secret" not in server.requests[0]
        transport.close()


@pytest.mark.parametrize(
    ("access", "code"),
    [(StoreAccess(), "access-refused"), (StoreAccess(user="key"), "access-refused"),
     (StoreAccess(user="kéy", secret="s"), "access-refused"), (StoreAccess(user="a b\r\nX: y", secret="s"), "access-refused"),
     (StoreAccess(user="key", secret="s", region="eu west\r\n"), "region-wrong")],
)  # fmt: skip
def test_keys_that_no_server_could_take_are_refused_here(access: StoreAccess, code: str):
    with RawServer().answers(WELCOME) as server:
        assert refusal(server, lambda t: t.check(), access=access).code == code
        assert server.requests == []


def test_amazons_own_addresses_name_their_region():
    for host, region in (("s3.eu-west-2.amazonaws.com", "eu-west-2"), ("s3.amazonaws.com", ""), ("s3.evil.com", "")):
        assert S3Transport(f"s3+https://{host}/bucket")._region == region


# ---------------------------------------------------------------- whose store


@pytest.mark.parametrize(
    ("answers", "code"),
    [([error(404, "NoSuchKey")], "marker-missing"), ([error(404, "NoSuchBucket")], "bucket-missing"), ([said(404)], "marker-missing"),
     ([said(200, b"<html>Welcome to our wireless network</html>")], "marker-damaged"), ([said(200, MARKER.replace(b"0001", b"0002"))], "other-store"),
     ([said(200, MARKER.replace(b'"v":1', b'"v":2'))], "marker-newer"), ([said(200, b"x" * 5000)], "object-too-large"),
     ([said(302, headers=b"Location: http://127.0.0.1:1/b\r\n")], "redirected"), ([said(204)], "store-answer"), ([said(206, MARKER)], "store-answer"),
     ([error(403, "AccessDenied")], "access-refused"), ([error(403, "InvalidAccessKeyId")], "access-refused"),
     ([error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-9</Region>")], "region-wrong"),
     ([error(503, "SlowDown")], "server-busy"), ([said(500)], "server-fault"), ([b"SSH-2.0-x\r\n"], "store-answer")],
)  # fmt: skip
def test_a_place_that_is_not_the_store_is_told_apart_and_nothing_is_written(answers: list[bytes], code: str):
    for act in (
        lambda t: t.check(),
        lambda t: t.put("dsa1/a", b"x"),
        lambda t: t.list(""),
        lambda t: t.delete("dsa1/a"),
    ):
        with RawServer().answers(*answers, then_close=True) as server:
            fault = refusal(server, act, expected="store-0001")
            assert fault.code == code
            assert "words of a server" not in str(fault)
            assert str(fault.fields.get("address", "s3+")).startswith("s3+")
            assert all(head.startswith("GET /bk/office/dsa1/store.json") for head in heads(server))


def test_the_marker_is_read_once_and_again_after_a_fault_on_the_way():
    with RawServer().answers(WELCOME, said(404), said(404), then_close=True) as server:
        transport = bucket(server)
        assert not transport.has("dsa1/a")
        assert not transport.has("dsa1/a")
        assert heads(server) == ["GET /bk/office/dsa1/store.json", "HEAD /bk/office/dsa1/a", "HEAD /bk/office/dsa1/a"]
        server.behaviours[:] = [lambda conversation: conversation.close()]
        with pytest.raises(StoreError):
            transport.has("dsa1/a")
        server.behaviours.clear()
        server.answers(said(200, b"<html>Sign in</html>"))
        with pytest.raises(StoreError, match="marker-damaged"):
            transport.has("dsa1/a")
        transport.close()


def test_who_showed_a_certificate_is_not_asked_for_the_marker_again_after_a_cut(tmp_path: Path):
    authority = Authority.new()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue(tmp_path, "server"))
    asked: list[str] = []

    def one_answer(conversation: socket.socket) -> None:
        with context.wrap_socket(conversation, server_side=True) as secure:
            asked.append(read_request(secure).split(b" HTTP")[0].decode())
            secure.sendall(WELCOME if "store.json" in asked[-1] else said(404))

    with RawServer(one_answer) as server:
        address = f"s3+https://localhost:{server.port}/bk/office"
        transport = S3Transport(address, replace(ACCESS, authority=authority.pem), patience=PATIENT, now=lambda: MARCH)
        for _ in range(3):
            assert not transport.has("dsa1/a")
        transport.close()
    assert asked == ["GET /bk/office/dsa1/store.json"] + 3 * ["HEAD /bk/office/dsa1/a"]


# ---------------------------------------------------------------- the clock and the region


def test_a_clock_that_is_wrong_by_years_is_put_right_by_the_first_refusal_and_stays_right():
    with RawServer().answers(error(403, "RequestTimeTooSkewed"), WELCOME, said(404)) as server:
        transport = bucket(server, now=MARCH - 20 * 365 * 86400)
        assert not transport.has("dsa1/a")
        dates = [request.partition(b"x-amz-date: ")[2][:8] for request in server.requests]
        assert dates == [b"20060307", b"20260302", b"20260302"]
        transport.close()


def test_a_server_that_goes_on_refusing_our_time_is_asked_twice_and_no_more():
    with RawServer().answers(error(403, "RequestTimeTooSkewed")) as server:
        assert refusal(server, lambda t: t.check(), now=0.0).code == "clock-wrong"
        assert len(server.requests) == 2
    with RawServer().answers(error(403, "RequestTimeTooSkewed")) as server:
        assert refusal(server, lambda t: t.check()).code == "clock-wrong"
        assert len(server.requests) == 1


def test_a_region_that_was_not_given_is_learnt_once():
    malformed = error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-9</Region>")
    with RawServer().answers(malformed, WELCOME) as server:
        transport = bucket(server, StoreAccess(user="key", secret="s"))
        transport.check()
        assert [b"us-east-1/s3" in server.requests[0], b"eu-west-9/s3" in server.requests[1]] == [True, True]
        transport.close()
    with RawServer().answers(malformed) as server:
        assert refusal(server, lambda t: t.check(), access=StoreAccess(user="key", secret="s")).code == "region-wrong"
        assert len(server.requests) == 2


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize(
    ("answer", "code"),
    [(said(201, headers=b'ETag: "x"\r\n'), "store-answer"), (said(200), "store-answer"), (said(200, b"<html>Sign in</html>"), "store-answer"),
     (error(403, "AccessDenied"), "store-read-only"), (error(403, "SignatureDoesNotMatch"), "access-refused"),
     (error(403, "QuotaExceeded"), "quota-full"), (said(507), "store-full"), (error(400, "EntityTooLarge"), "part-too-large"),
     (error(413, "EntityTooLarge"), "part-too-large"), (error(400, "BadDigest"), "write-altered"), (error(409, "OperationAborted"), "server-busy"),
     (error(404, "NoSuchBucket"), "bucket-missing"), (said(418), "store-answer")],
)  # fmt: skip
def test_a_write_counts_only_with_the_exact_answer(answer: bytes, code: str):
    with RawServer().answers(WELCOME, answer) as server:
        assert refusal(server, lambda t: t.put("dsa1/a", b"x")).code == code


def test_a_server_that_offers_no_conditions_is_asked_without_from_then_on():
    done = said(200, headers=b'ETag: "x"\r\n')
    for status, code in ((501, "NotImplemented"), (400, "InvalidArgument")):
        with RawServer().answers(WELCOME, error(status, code), done) as server:
            transport = bucket(server)
            transport.put("dsa1/a", b"x")
            transport.put("dsa1/b", b"x")
            conditions = [b"If-None-Match: *" in request for request in server.requests]
            assert conditions == [False, True, False, False]
            transport.close()


@pytest.mark.parametrize(
    ("held", "code"),
    [(said(200, b"mine"), None), (said(200, b"other"), "name-taken"), (said(200, b"oth"), "name-taken"), (said(404), "write-lost"),
     (error(503, "SlowDown"), "server-busy")],
)  # fmt: skip
def test_a_name_that_is_taken_is_compared(held: bytes, code: str | None):
    with RawServer().answers(WELCOME, error(412, "PreconditionFailed"), held) as server:
        transport = bucket(server)
        if code is None:
            transport.put("dsa1/a", b"mine")
        else:
            with pytest.raises(StoreError) as caught:
                transport.put("dsa1/a", b"mine")
            assert caught.value.code == code
        transport.close()


def test_where_we_may_only_leave_things_a_name_that_is_taken_gets_the_same_bytes_once_more():
    answers = (error(412, "PreconditionFailed"), error(403, "AccessDenied"), said(200, headers=b'ETag: "x"\r\n'))
    with RawServer().answers(WELCOME, *answers) as server:
        transport = bucket(server)
        transport.put("dsa1/a", b"mine")
        assert [head.split()[0] for head in heads(server)] == ["GET", "PUT", "GET", "PUT"]
        assert [b"If-None-Match" in request for request in server.requests] == [False, True, False, False]
        transport.close()


# ---------------------------------------------------------------- listing

BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"a" * 1000
    + b'"><!ENTITY b "'
    + b"&a;" * 1000
    + b'">]><ListBucketResult>&b;</ListBucketResult>'
)


@pytest.mark.parametrize("body", [b"", b"<html/>", BOMB, b"<ListBucketResult/>", b"\xff" * 100], ids=range(5))
def test_a_listing_that_is_none_is_no_empty_store(body: bytes):
    with RawServer().answers(WELCOME, said(200, body)) as server:
        assert refusal(server, lambda t: t.list("")).code == "store-answer"


def test_a_listing_that_is_too_large_to_be_one_is_not_taken_in():
    with RawServer().answers(WELCOME, said(200, b" " * (9 * 1024 * 1024))) as server:
        assert refusal(server, lambda t: t.list("")).code == "store-answer"


def test_pages_are_followed_by_the_servers_token_and_sorted_here():
    pages = (page("office/dsa1/b", "office/dsa1/a", token="t+/="), page("office/dsa1/a-b/x", "office/dsa1/c"))
    with RawServer().answers(WELCOME, *pages) as server:
        transport = bucket(server)
        assert transport.list("") == ("dsa1/a", "dsa1/a-b/x", "dsa1/b", "dsa1/c")
        assert heads(server)[1:] == [
            "GET /bk?encoding-type=url&list-type=2&prefix=office%2Fdsa1%2F",
            "GET /bk?continuation-token=t%2B%2F%3D&encoding-type=url&list-type=2&prefix=office%2Fdsa1%2F",
        ]
        transport.close()


def test_a_listing_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("dsadesk.transports.s3.MAX_PAGES", 5)
    with RawServer().answers(WELCOME, page("office/dsa1/a", token="again")) as server:
        assert refusal(server, lambda t: t.list("")).code == "store-answer"
        assert len(server.requests) == 6


def test_foreign_temporary_and_unasked_names_are_left_out():
    keys = ("dsa1/outside", "office/dsa1/.tmp-1", "office/dsa1/UP", "office/dsa1/../x", "office/dsa1/store.json", "office/other/x", "office/dsa1/",
            "office/dsa1/box/n/0", "office/dsa1/a", "office/dsa1/box/n/2", "office/dsa1/box/n/2")  # fmt: skip
    with RawServer().answers(WELCOME, page(*keys)) as server:
        transport = bucket(server)
        assert transport.list("dsa1/box/n/", after="dsa1/box/n/1") == ("dsa1/box/n/2",)
        transport.close()


def test_an_idle_poll_is_one_request_and_keeps_its_cursor():
    box = "dsa1/box/n/"
    old = f"office/{box}20260301/1772323200000-{'a' * 32}"
    with RawServer().answers(WELCOME, page(old), page()) as server:
        transport = bucket(server)
        names, cursor = transport.poll(box, "")
        assert names == (old.removeprefix("office/"),)
        before = len(server.requests)
        assert transport.poll(box, cursor) == ((), cursor)
        assert heads(server)[before:] == [
            "GET /bk?marker=office%2Fdsa1%2Fbox%2Fn%2F20260301%2F1772323200000.&prefix=office%2Fdsa1%2Fbox%2Fn%2F"
        ]
        transport.close()


BOX, CURSOR = "dsa1/box/n/", "1 20260301/1772323200000"


def commit_of(number: int) -> str:
    return f"office/{BOX}20260302/{1772443200000 + number:013}-{'a' * 32}"


def test_news_of_more_than_one_page_goes_on_after_the_last_key():
    first = page(commit_of(1), commit_of(2), token="not for the first version")
    with RawServer().answers(WELCOME, first, page(commit_of(3))) as server:
        transport = bucket(server)
        assert len(transport.poll(BOX, CURSOR)[0]) == 3
        assert heads(server)[2].startswith(f"GET /bk?marker={quote(commit_of(2), safe='')}&")
        transport.close()


@pytest.mark.parametrize("status", [405, 501])
def test_a_server_that_does_not_know_the_first_version_is_asked_in_the_second_from_then_on(status: int):
    with RawServer().answers(WELCOME, said(status), page(commit_of(1)), page(commit_of(1))) as server:
        transport = bucket(server)
        assert len(transport.poll(BOX, CURSOR)[0]) == 1
        assert len(transport.poll(BOX, CURSOR)[0]) == 1
        assert ["list-type=2" in head for head in heads(server)[1:]] == [False, True, True]
        transport.close()


def test_a_look_for_news_says_nothing_that_a_server_need_not_know():
    with RawServer().answers(WELCOME, page()) as server:
        transport = bucket(server)
        transport.poll(BOX, CURSOR)
        named = [line.split(b":")[0].lower() for line in server.requests[1].split(b"\r\n")[1:] if line]
        assert named == [b"host", b"x-amz-content-sha256", b"x-amz-date", b"authorization"]
        transport.close()


def test_a_key_that_spoils_a_brief_listing_does_not_stop_a_poll():
    spoilt = page("office/dsa1/box/n/20260301/1&#1;")
    whole = said(
        200,
        b"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>office/dsa1/box/n/%01</Key>"
        b"</Contents><Contents><Key>office/dsa1/box/n/20260301/a</Key></Contents></ListBucketResult>",
    )
    with RawServer().answers(WELCOME, spoilt, whole) as server:
        transport = bucket(server)
        assert transport.poll("dsa1/box/n/", "")[0] == ("dsa1/box/n/20260301/a",)
        assert "encoding-type=url" in heads(server)[2]
        transport.close()


def test_a_server_that_holds_back_its_answer_is_given_up_and_closing_twice_is_fine():
    with RawServer(lambda conversation: conversation.recv(1)) as server:
        transport = bucket(server, patience=IMPATIENT)
        with pytest.raises(StoreError):
            transport.check()
        transport.close()
        transport.close()
