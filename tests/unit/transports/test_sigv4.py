"""Signatures against the worked examples of Amazon's S3 API reference, and what must change a signature."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from dsadesk.transports.sigv4 import UNSIGNED, SigningKey, encode_query, sign

KEY = SigningKey(id="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region="us-east-1")
HOST = {"Host": "examplebucket.s3.amazonaws.com"}
MAY_24 = datetime(2013, 5, 24, tzinfo=UTC)
EMPTY = hashlib.sha256(b"").hexdigest()
WELCOME = hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
DATE = {"Date": "Fri, 24 May 2013 00:00:00 GMT"}


@pytest.mark.parametrize(
    ("asked", "headers", "payload", "signed", "signature"),
    [
        ("GET /test.txt", {"Range": "bytes=0-9"}, EMPTY, "host;range;x-amz-content-sha256;x-amz-date",
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("PUT /test%24file.text", {**DATE, "x-amz-storage-class": "REDUCED_REDUNDANCY"}, WELCOME,
         "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        ("GET /?lifecycle=", {}, EMPTY, "host;x-amz-content-sha256;x-amz-date",
         "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET /?" + encode_query([("prefix", "J"), ("max-keys", "2")]), {}, EMPTY,
         "host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
    ids=["get-object", "put-object", "get-lifecycle", "list-objects"],
)  # fmt: skip
def test_the_published_examples_come_out(
    asked: str, headers: dict[str, str], payload: str, signed: str, signature: str
):
    method, target = asked.split(" ")
    given = sign(method, target, {**HOST, **headers}, payload, key=KEY, at=MAY_24)
    assert given == {
        "x-amz-content-sha256": payload,
        "x-amz-date": "20130524T000000Z",
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders={signed},Signature={signature}",
    }


def signature(**changed: object) -> str:
    given = {"method": "GET", "target": "/b/k?a=1", "headers": HOST, "payload_sha256": EMPTY, "key": KEY, "at": MAY_24}
    return sign(**{**given, **changed})["Authorization"].rpartition("=")[2]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [{"method": "PUT"}, {"target": "/b/l?a=1"}, {"target": "/b/k?a=2"}, {"headers": {"Host": "elsewhere"}},
     {"headers": {**HOST, "If-None-Match": "*"}}, {"payload_sha256": WELCOME}, {"payload_sha256": UNSIGNED},
     {"at": MAY_24 + timedelta(seconds=1)}, {"key": SigningKey(id=KEY.id, secret="other", region=KEY.region)},
     {"key": SigningKey(id=KEY.id, secret=KEY.secret, region="eu-west-2")}],
)  # fmt: skip
def test_whatever_is_changed_changes_the_signature(changed: dict[str, object]):
    assert signature(**changed) != signature()


def test_times_are_signed_in_utc_and_spaces_in_headers_do_not_matter():
    assert signature(at=MAY_24.astimezone(timezone(timedelta(hours=5)))) == signature()
    assert signature(headers={**HOST, "X-A": " b   c "}) == signature(headers={**HOST, "x-a": "b c"})


def test_a_query_is_sorted_and_every_doubtful_byte_encoded():
    assert encode_query([("start-after", "dsa1/b c+é~"), ("prefix", b"\xff/"), ("a", "")]) == (
        "a=&prefix=%FF%2F&start-after=dsa1%2Fb%20c%2B%C3%A9~"
    )


def test_a_key_does_not_show_its_secret():
    assert KEY.secret not in repr(KEY)
