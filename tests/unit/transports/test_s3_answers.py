from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.errors import StoreFullError, StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.transports.s3_answers import Fault, parse_fault, parse_page

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
PAGE = (
    HEAD
    + b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><EncodingType>url</EncodingType>'
    b"<IsTruncated>%s</IsTruncated>%s<Contents><Key>dsa1/a%%20b</Key><Size>1</Size></Contents>"
    b"<Contents><Key>dsa1/%%01%%FF</Key></Contents></ListBucketResult>"
)


def test_a_page_gives_its_keys_decoded_and_where_it_goes_on():
    page = parse_page(PAGE % (b"true", b"<NextContinuationToken>t/1=</NextContinuationToken>"))
    assert page.keys == ("dsa1/a b", "dsa1/\x01\ufffd")
    assert page.token == "t/1="
    assert parse_page(PAGE % (b"false", b"<NextContinuationToken>t</NextContinuationToken>")).token == ""


def test_keys_that_were_not_encoded_are_taken_as_they_are():
    body = (PAGE % (b"false", b"")).replace(b"<EncodingType>url</EncodingType>", b"")
    assert parse_page(body).keys[0] == "dsa1/a%20b"


def nested(depth: int) -> bytes:
    return b"<ListBucketResult>" + b"<a>" * depth + b"</a>" * depth + b"</ListBucketResult>"


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 9))


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"<html><body>Sign in</body></html>", HEAD, PAGE[:200], PAGE % (b"maybe", b""), PAGE % (b"true", b""),
     b"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>",
     b'<!DOCTYPE l [<!ENTITY l0 "ha">' + LAUGHS + b"]><ListBucketResult><IsTruncated>false</IsTruncated>&l8;</ListBucketResult>",
     b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><ListBucketResult/>', nested(9), nested(100_000),
     b"\xff\xfe" + "<ListBucketResult/>".encode("utf-16-le"), b"<ListBucketResult>&x;</ListBucketResult>", b"\0" * 100],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_page_is_refused(body: bytes):
    with pytest.raises(ValueError, match=r"."):
        parse_page(body)
    assert parse_fault(body) == Fault()


@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_bytes_make_the_reader_fail_otherwise(data: bytes, at: int):
    for body in (data, (PAGE % (b"false", b""))[:at] + data + (PAGE % (b"false", b""))[at:]):
        parse_fault(body)
        try:
            parse_page(body)
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("code", "row"),
    [("NoSuchBucket", (StoreMissingError, "bucket-missing")), ("QuotaExceeded", (StoreFullError, "quota-full")),
     ("SignatureDoesNotMatch", (StoreRefusedError, "access-refused")), ("SlowDown", (StoreUnreachableError, "server-busy")),
     ("BadDigest", (StoreUnreachableError, "write-altered")), ("SomethingNew", None)],
)  # fmt: skip
def test_the_code_decides_what_went_wrong(code: str, row: object):
    body = HEAD + f"<Error><Code>{code}</Code><Message>anything</Message><Region>eu-west-2</Region></Error>".encode()
    assert parse_fault(body).row == row
    assert parse_fault(body).region == "eu-west-2"


def test_a_region_of_another_form_is_not_believed():
    assert parse_fault(b"<Error><Code>A</Code><Region>ring 0800 now</Region></Error>").region == ""
