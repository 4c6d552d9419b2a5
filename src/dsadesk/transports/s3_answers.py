"""What an S3 server says, read without believing it: a page of a listing, and the code of a fault. No word of it goes into an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreRefusedError,
    StoreUnreachableError,
)

MAX_DEPTH = 8
Row = tuple[type[StoreError], str]

_REFUSED: Row = (StoreRefusedError, "access-refused")
_BUSY: Row = (StoreUnreachableError, "server-busy")
_ALTERED: Row = (StoreUnreachableError, "write-altered")
_QUOTA: Row = (StoreFullError, "quota-full")

_BY_CODE: Mapping[str, Row] = {
    "AccountProblem": _REFUSED,
    "AllAccessDisabled": _REFUSED,
    "ExpiredToken": _REFUSED,
    "InvalidAccessKeyId": _REFUSED,
    "InvalidToken": _REFUSED,
    "SignatureDoesNotMatch": _REFUSED,
    "AuthorizationHeaderMalformed": (StoreRefusedError, "region-wrong"),
    "RequestExpired": (StoreRefusedError, "clock-wrong"),
    "RequestTimeTooSkewed": (StoreRefusedError, "clock-wrong"),
    "InvalidBucketName": (StoreMissingError, "bucket-missing"),
    "NoSuchBucket": (StoreMissingError, "bucket-missing"),
    "NoSuchKey": (StoreMissingError, "object-missing"),
    "EntityTooLarge": (StoreRefusedError, "part-too-large"),
    "QuotaExceeded": _QUOTA,
    "ServiceQuotaExceeded": _QUOTA,
    "XMinioAdminBucketQuotaExceeded": _QUOTA,
    "InsufficientStorage": (StoreFullError, "store-full"),
    "XMinioStorageFull": (StoreFullError, "store-full"),
    "BadDigest": _ALTERED,
    "IncompleteBody": _ALTERED,
    "XAmzContentChecksumMismatch": _ALTERED,
    "XAmzContentSHA256Mismatch": _ALTERED,
    "ConditionalRequestConflict": _BUSY,
    "OperationAborted": _BUSY,
    "RequestTimeout": _BUSY,
    "SlowDown": _BUSY,
}
REGION = re.compile(r"[a-z0-9-]{1,40}\Z")


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a listing: keys as they came, and what to ask the next page with, "" on the last."""

    keys: tuple[str, ...]
    token: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What an answer that is not a success says in its body: a code, and a region where it names one."""

    code: str = ""
    region: str = ""

    @property
    def row(self) -> Row | None:
        """The error that the code stands for, None where the status must do."""
        return _BY_CODE.get(self.code)


def parse_page(body: bytes, *, is_first_version: bool = False) -> Page:
    """Reads an answer to ListObjectsV2, or to ListObjects, whose first version goes on after the last key of a page. Raises: ValueError for anything else, and for a page that says there is more and not where."""
    leaves = _leaves(body, "ListBucketResult")
    said = dict(leaves)
    keys = [text for path, text in leaves if path == "Contents/Key"]
    if said.get("EncodingType", "") == "url":
        keys = [unquote_to_bytes(key).decode("utf-8", "replace") for key in keys]
    further = keys[-1] if keys and is_first_version else said.get("NextContinuationToken", "")
    token = further if said.get("IsTruncated") == "true" else ""
    if said.get("IsTruncated") not in ("true", "false") or (said["IsTruncated"] == "true" and not (token and keys)):
        raise ValueError("a page that does not say how it goes on")
    return Page(keys=tuple(keys), token=token)


def parse_fault(body: bytes) -> Fault:
    """Reads what it can of an error's body; what cannot be read says nothing."""
    try:
        said = dict(_leaves(body, "Error"))
    except ValueError:
        return Fault()
    region = said.get("Region", "")
    return Fault(code=said.get("Code", ""), region=region if REGION.match(region) else "")


def _leaves(body: bytes, root: str) -> list[tuple[str, str]]:
    """The texts of a document's elements by their paths below its root, which must have this name. Raises: ValueError."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise ValueError("not a document") from None
    if reader.root != root:
        raise ValueError("another document")
    return reader.leaves


class _Reader:
    """Gathers texts. Definitions, from which a small document could grow without end, are refused before they are read."""

    def __init__(self) -> None:
        self.root = ""
        self.leaves: list[tuple[str, str]] = []
        self._path: list[str] = []
        self._text: list[str] = []

    def refuse(self, *_: object) -> None:
        raise ValueError("a document with definitions")

    def start(self, name: str, _: dict[str, str]) -> None:
        if len(self._path) == MAX_DEPTH:
            raise ValueError("too deep")
        self._path.append(name.rpartition(":")[2])
        self._text.clear()

    def end(self, _: str) -> None:
        if len(self._path) == 1:
            self.root = self._path[0]
        else:
            self.leaves.append(("/".join(self._path[1:]), "".join(self._text)))
        self._path.pop()
        self._text.clear()

    def text(self, text: str) -> None:
        self._text.append(text)
