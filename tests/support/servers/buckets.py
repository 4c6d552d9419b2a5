"""Buckets on real S3 servers, and stores in them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Protocol

from dsadesk.ports import StoreAccess
from dsadesk.transports.s3 import S3Transport

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BUCKET = "a-bucket"
_NUMBERS = count(1)


class Server(Protocol):
    """A server that speaks S3."""

    @property
    def endpoint(self) -> str: ...

    @property
    def access(self) -> StoreAccess: ...


def address_in(server: Server, bucket: str = BUCKET, prefix: str = "") -> str:
    """The address of a place in a bucket."""
    return f"s3+http://{server.endpoint}/{bucket}{prefix}"


def make_bucket(server: Server, bucket: str = BUCKET) -> None:
    """Makes a bucket, as whoever looks after the server would."""
    keeper = S3Transport(address_in(server, bucket), server.access)
    assert keeper._ask("PUT", "").status == 200
    keeper.close()


def new_address(server: Server) -> str:
    """A place in the bucket that nobody has used."""
    return address_in(server, prefix=f"/t{next(_NUMBERS)}")


def new_store(server: Server) -> S3Transport:
    """A new store in a place of its own."""
    return S3Transport.prepare(new_address(server), "store-0001", MADE_AT, server.access)
