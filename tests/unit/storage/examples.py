"""Vaults to test with, and records that fill them."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import BoxId, BundleId, DeviceId, EventId, ObjectId, OrganisationId, RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Side
from dsadesk.host.memory import FixedClock, SeededEntropy
from dsadesk.ports import (
    AttachedSample,
    DeliveryState,
    Draft,
    KeyWrap,
    ListGroup,
    OutboxItem,
    OutboxObject,
    PinnedCard,
    QuarantinedBundle,
    RequestRow,
    StoredEvent,
    Vault,
    VaultHeader,
    VaultPlace,
)
from dsadesk.storage.memory import MemoryPlace
from dsadesk.storage.vault import SqlcipherPlace, SqlcipherVault

KEY = hashlib.sha256(b"the vault's key").digest()
OTHER_KEY = hashlib.sha256(b"another key").digest()
AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
REQUEST = RequestId("0195a000-0000-7000-8000-000000000001")
OTHER_REQUEST = RequestId("0195a000-0000-7000-8000-000000000002")
SUPPLIER = OrganisationId("uk-met-office")
REQUESTER = OrganisationId("uk-cardiff-council")
DEVICE = DeviceId("device-1")
BOX = BoxId("box-1")
SMALL_RESERVE = 256 * 1024

ADAPTERS = ("memory", "sqlcipher")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def header(vault_id: str = "vault-1", **changes: Any) -> VaultHeader:
    fields = {
        "wraps": (KeyWrap(kind="passphrase", sealed="-----BEGIN AGE ENCRYPTED FILE-----\n…\n"),),
        "backend": "memory",
    }
    return VaultHeader(id=vault_id, created_by="dsadesk 0.1.0", **(fields | changes))


@dataclass
class Machine:
    """The place of a vault with its clock."""

    place: SqlcipherPlace
    clock: FixedClock


def machine(folder: Path, **options: Any) -> Machine:
    clock = FixedClock(AT)
    options.setdefault("reserve_bytes", SMALL_RESERVE)
    return Machine(SqlcipherPlace(folder, clock, SeededEntropy(str(folder)), **options), clock)


def make_place(adapter: str, folder: Path) -> VaultPlace:
    return MemoryPlace() if adapter == "memory" else machine(folder).place


@contextlib.contextmanager
def new_vault(adapter: str, folder: Path) -> Iterator[Vault]:
    vault = make_place(adapter, folder).create(header(), KEY)
    try:
        yield vault
    finally:
        vault.close()


@contextlib.contextmanager
def opened(folder: Path, **options: Any) -> Iterator[SqlcipherVault]:
    """The vault in a folder, made first when there is none."""
    place = machine(folder, **options).place
    vault = place.open(KEY) if place.exists() else place.create(header(), KEY)
    try:
        yield vault
    finally:
        vault.close()


def event(n: int, request: RequestId = REQUEST, **changes: Any) -> StoredEvent:
    fields: dict[str, Any] = {
        "id": EventId(f"0195a000-0000-7000-9000-{n:012d}"),
        "request": request,
        "type": "QuestionAsked",
        "at": "2026-03-02T09:30:15Z",
        "org": SUPPLIER,
        "device": DEVICE,
        "seq": n,
        "sha256": digest(f"event {n}"),
        "envelope": f'{{"payload":"{n}"}}'.encode(),
    }
    return StoredEvent(**(fields | changes))


def dataset(n: int = 1, title: str = "Flood risk areas", **changes: Any) -> Dataset:
    fields: dict[str, Any] = {"identifier": f"dataset-{n}", "title": title, "publisher": "Natural Resources Wales"}
    return Dataset(**(fields | changes))


def draft(request: RequestId = REQUEST, **changes: Any) -> Draft:
    fields: dict[str, Any] = {
        "request": request,
        "reference": "DSA-2026-0001",
        "title": "Flood warnings for schools",
        "supplier": SUPPLIER,
        "supplier_name": "Met Office",
        "dataset": dataset(),
        "question_set": "data-sharing/1",
        "marking": Marking.OFFICIAL_SENSITIVE,
        "created_at": AT,
        "updated_at": AT,
    }
    return Draft(**(fields | changes))


def keep_object(vault: Vault, content: bytes = b"encrypted") -> ObjectId:
    name = ObjectId(hashlib.sha256(content).hexdigest())
    writer = vault.objects.create()
    writer.file.write(content)
    writer.commit(name)
    return name


def sample(object_id: ObjectId, n: int = 1, request: RequestId = REQUEST, **changes: Any) -> AttachedSample:
    fields: dict[str, Any] = {
        "request": request,
        "n": n,
        "name": "sampl â.csv",
        "media": "text/csv",
        "size": 1234,
        "sha256": digest("plain"),
        "object": object_id,
        "file_key": b"k" * 16,
        "kind": "synthetic",
        "profile": {"rows": 3, "columns": [{"name": "a"}]},
    }
    return AttachedSample(**(fields | changes))


def outbox_item(n: int = 1, box: BoxId = BOX, **changes: Any) -> OutboxItem:
    fields: dict[str, Any] = {
        "id": BundleId(f"bundle-{n}"),
        "box": box,
        "org": SUPPLIER,
        "request": REQUEST,
        "kind": "request",
        "seq": n,
        "manifest_sha256": digest(f"manifest {n}"),
        "sealed": f"sealed {n}".encode(),
        "objects": (
            OutboxObject(n=0, object=ObjectId(digest("a")), header=b"header 0", payload_size=10),
            OutboxObject(n=1, object=ObjectId(digest("b")), header=b"header 1", payload_size=20),
        ),
        "state": DeliveryState.QUEUED,
        "created_at": AT,
        "changed_at": AT,
    }
    return OutboxItem(**(fields | changes))


def failed_bundle(n: int = 1, **changes: Any) -> QuarantinedBundle:
    fields: dict[str, Any] = {
        "id": f"bundle/../{n}",
        "door": "signature",
        "code": "signature-missing",
        "fields": {"keyid": "abc", "position": 3},
        "size": 7,
        "sha256": digest("content"),
        "source": "folder",
        "at": AT,
    }
    return QuarantinedBundle(**(fields | changes))


def card(org: OrganisationId = SUPPLIER, **changes: Any) -> PinnedCard:
    fields: dict[str, Any] = {
        "org": org,
        "name": "Met Office",
        "fingerprint": "fingerprint-1",
        "version": 1,
        "envelope": b"card 1",
        "first_seen_at": AT,
        "updated_at": AT,
    }
    return PinnedCard(**(fields | changes))


def row(n: int = 1, **changes: Any) -> RequestRow:
    fields: dict[str, Any] = {
        "request": RequestId(f"0195a000-0000-7000-8000-{n:012d}"),
        "reference": f"DSA-2026-{n:04d}",
        "title": "Flood warnings for schools",
        "counterpart": "Met Office",
        "side": Side.REQUESTER,
        "stage": Stage.DRAFT,
        "group": ListGroup.DRAFTS,
        "needs_you": True,
        "updated_at": later(n),
        "detail": "3 of 12 answered",
    }
    return RequestRow(**(fields | changes))
