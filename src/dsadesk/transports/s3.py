"""A store in a bucket that is spoken to as S3: Amazon's, or any server of that kind. Path style, one kept connection, signed requests.

Nothing is believed of a store but what this page needs: that an object appears whole or not at all, and that a listing begins after a name.
Conditional writes are asked for where they may be had and relied on nowhere. docs/formats/store.md and ADR 0018 say what that leaves out.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from http import HTTPStatus
from typing import ClassVar

from dsadesk.errors import StoreError, StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.ports import NO_ACCESS, Flow, Parts, StoreAccess
from dsadesk.transports.http import Answer, HttpConnection
from dsadesk.transports.marker import MAX_MARKER_BYTES, StoreMarker, require_store
from dsadesk.transports.names import MARKER_NAME, STORE_FOLDER, check_name, check_prefix, is_name
from dsadesk.transports.s3_answers import REGION, Fault, parse_fault, parse_page
from dsadesk.transports.s3_cursor import next_cursor, place_of
from dsadesk.transports.sigv4 import UNSIGNED, SigningKey, encode_query, sign
from dsadesk.transports.web_address import WebAddress, without_secrets
from dsadesk.transports.wire import PATIENCE, Patience

KIND = "s3+"
DEFAULT_REGION = "us-east-1"
MAX_PAGE_BYTES = 8 * 1024 * 1024
MAX_PAGES = 10_000

_PLACE = re.compile(r"/(?P<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,254})(?P<prefix>(/[A-Za-z0-9._-]{1,100}){0,8})\Z")
_AMAZON = re.compile(r"s3[.-](?P<region>[a-z]{2}(-[a-z]+)+-[0-9])\.amazonaws\.com\Z")
_KEY_ID = re.compile(r"[\x21-\x7e]{1,256}\Z")
_TOO_SKEWED = timedelta(minutes=4)
_DOUBTED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})
_BARE = {"User-Agent": "", "Accept-Encoding": ""}
"""What a server need not be told: who asks, and that the answer is to come as it is."""
_NO_CONDITIONS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_IMPLEMENTED})


@dataclass(frozen=True)
class _Way:
    """One way to ask for a listing: what is asked for, where it begins, and where it goes on."""

    asked: Sequence[tuple[str, str]]
    after: str = "start-after"
    further: str = "continuation-token"
    is_first_version: bool = False
    is_bare: bool = False


class _Telling(Enum):
    """How much an answer tells: any key that there may be; keys that XML can hold; or the least that a look for news needs."""

    ANYTHING = _Way((("list-type", "2"), ("encoding-type", "url")))
    MUCH = _Way((("list-type", "2"),))
    LITTLE = _Way((), after="marker", further="marker", is_first_version=True, is_bare=True)


class S3Transport:
    """The store in a bucket, below an optional prefix. With `expected_id` only that store will do. `now` is this machine's clock."""

    NOT_PREPARED: ClassVar[frozenset[str]] = frozenset({"marker-missing"})
    """Codes of a place that holds no store."""

    def __init__(
        self,
        address: str,
        access: StoreAccess = NO_ACCESS,
        *,
        expected_id: str | None = None,
        flow: Flow | None = None,
        patience: Patience = PATIENCE,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Nothing is connected yet. Raises: StoreRefusedError("address-invalid" | "address-not-encrypted")."""
        server = WebAddress.parse(address.removeprefix(KIND))
        place = _PLACE.match(server.path)
        if place is None or not address.startswith(KIND):
            raise StoreRefusedError("address-invalid", address=without_secrets(address))
        self._server = server
        self._bucket = f"/{place['bucket']}"
        self._base = f"{place['prefix']}/".removeprefix("/")
        self._access = access
        self._expected_id = expected_id
        self._now = now
        self._http = HttpConnection(server, access, flow, patience)
        self._region = access.region or _region_of(server.host)
        self._marker: StoreMarker | None = None
        self._is_conditional = True
        self._tells_little = True

    @classmethod
    def prepare(cls, address: str, store_id: str, made_at: datetime, access: StoreAccess = NO_ACCESS) -> S3Transport:
        """Makes a store in an existing bucket. A place that holds a store, or the remains of one, is refused.

        Raises: StoreRefusedError("already-a-store" | "folder-in-use" | "store-id-invalid"), StoreMissingError("bucket-missing"), and as `put`.
        """
        marker = StoreMarker.new(store_id, made_at).to_bytes()
        transport = cls(address, access, expected_id=store_id)
        try:
            transport._make_store(marker)
        except BaseException:
            transport.close()
            raise
        return transport

    @property
    def address(self) -> str:
        """The address as a person would write it."""
        return f"{KIND}{self._server.text}"

    @property
    def parts(self) -> Parts:
        """As large as the link bears."""
        return Parts.HTTP

    def check(self) -> None:
        """Reads the marker anew. That it may be written to shows only when it is.

        Raises: StoreMissingError("bucket-missing" | "marker-missing" | "marker-damaged" | "marker-newer" | "other-store"), StoreRefusedError,
        StoreUnreachableError.
        """
        self._marker = None
        self._require_store()

    def store_id(self) -> str:
        """The marker's id. Raises: as `check`."""
        return self._require_store().id

    def put(self, name: str, data: bytes) -> None:
        """Makes an object visible whole or not at all. The same name with the same bytes again is fine.

        Other bytes under a name are refused by stores that know conditional writes, and replaced by those that do not: names come from the
        contents, so nobody who keeps to the format has other bytes for one.
        Raises: StoreRefusedError("name-taken" | "name-invalid" | "part-too-large"), StoreFullError, StoreReadOnlyError, and as `check`.
        """
        check_name(name)
        self._require_store()
        if self._write(name, data):
            return
        try:
            is_same = self.get(name, len(data)) == data
        except StoreMissingError:
            raise StoreUnreachableError("write-lost", address=self.address) from None
        except StoreRefusedError as error:
            if error.code == "access-refused":
                # We may leave things here and not look at them. The same bytes once more do no harm.
                self._write(name, data, is_new=False)
                return
            if error.code != "object-too-large":
                raise
            is_same = False
        if not is_same:
            raise StoreRefusedError("name-taken", name=name)

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes. Raises: StoreMissingError("object-missing"), StoreRefusedError("object-too-large" | "name-invalid"), as `check`."""
        check_name(name)
        self._require_store()
        data = self._read(name, limit)
        if data is None:
            raise StoreMissingError("object-missing", name=name)
        return data

    def has(self, name: str) -> bool:
        """Whether an object is visible. Raises: as `get`, but never for a missing object."""
        check_name(name)
        self._require_store()
        answer = self._ask("HEAD", self._base + name)
        if answer.status not in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
            raise self._fault(answer)
        return answer.status == HTTPStatus.OK

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """The names that begin with a prefix and sort after `after`. Raises: StoreRefusedError("name-invalid"), and as `check`."""
        check_prefix(prefix)
        self._require_store()
        return self._names(prefix, after)

    def delete(self, name: str) -> None:
        """Removes an object; removing twice is fine. Raises: as `put`."""
        check_name(name)
        self._require_store()
        answer = self._ask("DELETE", self._base + name)
        is_gone = answer.status == HTTPStatus.NOT_FOUND and parse_fault(answer.body).code != "NoSuchBucket"
        if answer.status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT) and not is_gone:
            raise self._fault(answer, writing=True)

    def round_trip(self) -> float | None:
        """How far away it is, in seconds."""
        return self._http.round_trip()

    def cuts(self) -> int:
        """How often a body was broken off and sent again since this was asked last."""
        return self._http.cuts()

    def store_time(self) -> datetime | None:
        """The store's clock as its last answer told it. None before the first."""
        return self._http.store_time()

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Names that may have come since: one listing, from ten minutes before the last look at which something came. Raises: as `list`."""
        check_prefix(prefix)
        self._require_store()
        place = place_of(cursor)
        names = self._names_told_briefly(prefix, prefix + place if place else "")
        return names, next_cursor(cursor, [name.removeprefix(prefix) for name in names], self._http.store_time())

    def close(self) -> None:
        """Drops the connection, from any thread."""
        self._http.close()

    # ------------------------------------------------------------ the marker

    def _require_store(self) -> StoreMarker:
        """The marker, read once; unencrypted, for as long as nothing goes wrong on the way."""
        if self._marker is None:
            marker = self._read_marker()
            if marker is None:
                raise StoreMissingError("marker-missing", **self._expectation())
            self._marker = require_store(marker, self._expected_id, self._expectation())
        return self._marker

    def _make_store(self, marker: bytes) -> None:
        if self._read_marker() is not None:
            raise StoreRefusedError("already-a-store", address=self.address)
        if any(True for _ in self._keys(f"{STORE_FOLDER}/", "")):
            raise StoreRefusedError("folder-in-use", address=self.address)
        if not self._write(MARKER_NAME, marker):
            raise StoreRefusedError("already-a-store", address=self.address)
        self.check()

    def _read_marker(self) -> StoreMarker | None:
        data = self._read(MARKER_NAME, MAX_MARKER_BYTES)
        return None if data is None else StoreMarker.parse(data, self._expectation())

    def _expectation(self) -> dict[str, str]:
        return {"address": self.address} | ({"expected": self._expected_id} if self._expected_id else {})

    # ------------------------------------------------------------ objects

    def _read(self, name: str, limit: int) -> bytes | None:
        """An object's bytes, None when there is no such object."""
        answer = self._ask("GET", self._base + name, limit=limit)
        if answer.status == HTTPStatus.OK:
            if not answer.is_whole:
                raise StoreRefusedError("object-too-large", name=name, limit=limit)
            return answer.body
        fault = self._fault(answer)
        if isinstance(fault, StoreMissingError) and fault.code == "object-missing":
            return None
        raise fault

    def _write(self, name: str, data: bytes, *, is_new: bool = True) -> bool:
        """Writes an object; false when it should be new and the name was there already."""
        condition = {"If-None-Match": "*"} if is_new and self._is_conditional else {}
        answer = self._ask("PUT", self._base + name, headers=condition, body=data)
        if answer.status == HTTPStatus.OK and "etag" in answer.headers:
            return True
        if answer.status == HTTPStatus.PRECONDITION_FAILED:
            return False
        said = parse_fault(answer.body).code
        if condition and answer.status in _NO_CONDITIONS and said in ("NotImplemented", "InvalidArgument"):
            self._is_conditional = False
            return self._write(name, data)
        raise self._fault(answer, writing=True)

    def _names_told_briefly(self, prefix: str, after: str) -> tuple[str, ...]:
        """The names in fewer bytes. Somebody's key that XML cannot hold spoils such an answer; then it is asked for in full.

        Of what is left to find little is told twice in the first version of a listing, and much of what is new in the second.
        """
        try:
            return self._names(prefix, after, _Telling.LITTLE if after and self._tells_little else _Telling.MUCH)
        except StoreRefusedError as error:
            if error.code not in ("store-answer", "act-not-offered"):
                raise
            self._tells_little = self._tells_little and error.code == "store-answer"
        return self._names(prefix, after)

    def _names(self, prefix: str, after: str, telling: _Telling = _Telling.ANYTHING) -> tuple[str, ...]:
        beginning = prefix if prefix.startswith(f"{STORE_FOLDER}/") else f"{STORE_FOLDER}/"
        keys = self._keys(beginning, after if after >= beginning else "", telling)
        found = (key.removeprefix(self._base) for key in keys)
        return tuple(sorted({name for name in found if name.startswith(prefix) and name > after and is_name(name)}))

    def _keys(self, prefix: str, after: str, telling: _Telling = _Telling.ANYTHING) -> Iterator[str]:
        """Every key that begins with a prefix below ours, in the order of the store, which need not be ours."""
        way = telling.value
        asked = [("prefix", self._base + prefix), *way.asked]
        begin = [(way.after, self._base + after)] if after else []
        for _ in range(MAX_PAGES):
            answer = self._ask("GET", "", query=[*asked, *begin], limit=MAX_PAGE_BYTES, is_bare=way.is_bare)
            if answer.status != HTTPStatus.OK:
                raise self._fault(answer)
            try:
                page = parse_page(answer.body if answer.is_whole else b"", is_first_version=way.is_first_version)
            except ValueError:
                break
            yield from (key for key in page.keys if key.startswith(self._base))
            if not page.token:
                return
            begin = [(way.further, page.token)]
        raise StoreRefusedError("store-answer", address=self.address)

    # ------------------------------------------------------------ asking

    def _ask(
        self,
        method: str,
        key: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limit: int = 0,
        is_bare: bool = False,
    ) -> Answer:
        """Asks, `is_bare` in as few bytes as will do, and once more when only our clock or the region was wrong and the answer says what is right."""
        if not (_KEY_ID.match(self._access.user) and self._access.secret):
            raise StoreRefusedError("access-refused", address=self.address)
        if self._region and not REGION.match(self._region):
            raise StoreRefusedError("region-wrong", address=self.address)
        target = f"{self._bucket}/{key}" if key else self._bucket
        target += f"?{encode_query(query)}" if query else ""
        digest = hashlib.sha256(body).hexdigest() if method == "PUT" else UNSIGNED
        for _ in range(2):
            at = self._http.store_time() or datetime.fromtimestamp(self._now(), UTC)
            signing = SigningKey(
                id=self._access.user, secret=self._access.secret, region=self._region or DEFAULT_REGION
            )
            signed = {"Host": self._server.host_header, **(headers or {})}
            given = {
                **(_BARE if is_bare else {}),
                **(headers or {}),
                **sign(method, target, signed, digest, key=signing, at=at),
            }
            try:
                answer = self._http.ask(method, target, headers=given, body=body, limit=limit)
            except StoreError as error:
                if not self._server.is_encrypted:
                    # Whoever answers next may be somebody else. Where it is encrypted, the certificate says who.
                    self._marker = None
                raise self._ours(error) from None
            if answer.status not in _DOUBTED or not self._has_learnt(answer, at):
                break
        return answer

    def _has_learnt(self, answer: Answer, signed_at: datetime) -> bool:
        """Whether a refusal told us the time or the region that we should have signed with."""
        theirs = self._http.store_time()
        if theirs is not None and abs(theirs - signed_at) > _TOO_SKEWED:
            return True
        region = parse_fault(answer.body).region
        if self._region or not region:
            return False
        self._region = region
        return True

    def _fault(self, answer: Answer, *, writing: bool = False) -> StoreError:
        """The error for an answer that is not the one that was asked for: by the code in it, else by its status."""
        fault: Fault = parse_fault(answer.body)
        if fault.row is None:
            return self._ours(self._http.fault(answer, writing=writing))
        kind, code = fault.row
        about = {"address": self.address} | ({"region": fault.region} if fault.region else {})
        return kind(code, **about, status=answer.status)

    def _ours(self, error: StoreError) -> StoreError:
        """An error of the connection under the address that people know."""
        if "address" in error.fields:
            error.fields["address"] = self.address
        return error


def _region_of(host: str) -> str:
    """The region that one of Amazon's own addresses names, else ""."""
    amazon = _AMAZON.match(host)
    return amazon["region"] if amazon else ""
