"""Makes the vault that later versions must open for ever, and writes down what is in it.

    python -m tests.data.vaults.make NAME

makes tests/data/vaults/NAME, its backup NAME.backup and NAME.json with the program as it is now. A vault that was released is never made again: the next format
gets a name of its own beside it.
"""

from __future__ import annotations

import base64
import json
import shutil
import sys
from hashlib import sha256, shake_256
from pathlib import Path
from typing import Any

import msgspec

from dsadesk import age
from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import (
    BoxId,
    BundleId,
    DeviceId,
    EventId,
    ObjectId,
    OrganisationId,
    QuestionId,
    RequestId,
)
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Side
from dsadesk.host.memory import FixedClock, SeededEntropy
from dsadesk.ports import (
    AttachedSample,
    CardCheck,
    ChainHead,
    DeliveryState,
    Draft,
    KeyWrap,
    ListGroup,
    OutboxItem,
    OutboxObject,
    PinnedCard,
    QuarantinedBundle,
    RequestRow,
    SentPart,
    StoredEvent,
    Vault,
    VaultHeader,
)
from dsadesk.storage.vault import SqlcipherPlace

FOLDER = Path(__file__).parent
DATA_KEY = sha256(b"the data key of the vault of version 1").digest()
PASSPHRASE = "a passphrase for ever"
VAULT_ID = "6f1d3b5a79c8e0124f6a8bd0c2e4f613"
WORK_FACTOR = 10
ENTROPY = SeededEntropy("golden vault")
CLOCK = FixedClock()

CARDIFF, MET_OFFICE = OrganisationId("cardiff-council"), OrganisationId("met-office")
LAPTOP, OTHER_LAPTOP = DeviceId("d7a1c0"), DeviceId("9be442")
BOX = BoxId("k3v7n2q5wz6b4m8c1x9d0f2g7h")
DRAFTED, SENT, AGREED = (RequestId(f"0195a000-0000-7000-8000-00000000000{n}") for n in (1, 2, 3))
SAMPLE_BYTES = shake_256(b"an encrypted sample").digest(9000)
OBJECT = ObjectId(sha256(SAMPLE_BYTES).hexdigest())
SEARCHES = ("flood", "dwr", "DSA-2026-0003", "met", "nothing of this kind")


def header() -> VaultHeader:
    recipient = age.ScryptRecipient(PASSPHRASE, WORK_FACTOR)
    sealed = age.armor(age.encrypt(DATA_KEY, (recipient,), ENTROPY.token)).decode()
    return VaultHeader(
        id=VAULT_ID, wraps=(KeyWrap(kind="passphrase", sealed=sealed),), backend="", created_by="dsadesk 0.1.0"
    )


def fill(vault: Vault) -> None:
    """A few requests, events, drafts and a sample, and at least one record in every table."""
    with vault.transaction():
        _events(vault)
        _drafts(vault)
        _exchange(vault)
        _cards(vault)
        vault.settings.write("profile", b'{"organisation": "cardiff-council"}')
        vault.settings.write("counter", (41).to_bytes(8, "big"))
        vault.settings.write("empty", b"")


def _events(vault: Vault) -> None:
    kinds = ("RequestSubmitted", "RequestAcknowledged", "QuestionAsked", "QuestionAnswered", "A type of next year")
    for n, kind in enumerate(kinds, 1):
        envelope = json.dumps({"payload": base64.b64encode(b"event %d " % n * 40).decode(), "signatures": []}).encode()
        event = StoredEvent(
            id=EventId(f"0195a000-0000-7000-9000-{n:012d}"),
            request=SENT if n % 2 else AGREED,
            type=kind,
            at=f"2026-03-0{n}T09:00:00.000000Z",
            org=CARDIFF if n % 2 else MET_OFFICE,
            device=LAPTOP if n % 2 else OTHER_LAPTOP,
            seq=n,
            sha256=sha256(envelope).hexdigest(),
            envelope=envelope,
            bundle=None if n % 2 else BundleId(f"bundle-in-{n}"),
        )
        vault.events.append((event,))


def _drafts(vault: Vault) -> None:
    dataset = Dataset(
        identifier="flood-warnings", title="Flood warnings", publisher="Met Office", description="Rhybuddion llifogydd"
    )
    now = CLOCK.now()
    named = Draft(
        request=DRAFTED,
        reference="DSA-2026-0001",
        title="Ansawdd dŵr: ysgolion",
        supplier=MET_OFFICE,
        supplier_name="Met Office",
        dataset=dataset,
        question_set="core/1",
        marking=Marking.OFFICIAL_SENSITIVE,
        created_at=now,
        updated_at=now,
    )
    vault.drafts.put(named)
    empty = {"reference": "DSA-2026-0004", "title": "", "supplier": None, "supplier_name": "", "dataset": None}
    fields = {name: getattr(named, name) for name in Draft.__dataclass_fields__}
    other = RequestId("0195a000-0000-7000-8000-000000000004")
    vault.drafts.put(Draft(**(fields | empty | {"request": other, "marking": Marking.OFFICIAL})))
    typed: tuple[tuple[str, Any], ...] = (
        ("purpose.aim", "Tell schools"),
        ("purpose.aim", "Tell schools about floods, ŵy 日本 😀"),
        ("data.columns", ["postcode", "level"]),
        ("legal.bases", {"article-6": ["public-task"], "confirmed": True}),
        ("retention.days", 365),
        ("contact.note", "to be cleared"),
        ("contact.note", None),
    )
    for n, (question, value) in enumerate(typed):
        CLOCK.advance(n + 0.25)
        vault.drafts.save_answer(DRAFTED, QuestionId(question), value, CLOCK.now())


def _exchange(vault: Vault) -> None:
    writer = vault.objects.create()
    writer.file.write(SAMPLE_BYTES)
    writer.commit(OBJECT)
    vault.samples.put(
        AttachedSample(
            request=DRAFTED,
            n=1,
            name="sampl â.csv",
            media="text/csv",
            size=4321,
            sha256=sha256(b"plain").hexdigest(),
            object=OBJECT,
            file_key=b"k" * 16,
            kind="synthetic",
            profile={"rows": 3, "columns": [{"name": "postcode", "blanks": 0}]},
        )
    )
    for n, (state, request) in enumerate(
        ((DeliveryState.QUEUED, SENT), (DeliveryState.DELIVERED, AGREED), (DeliveryState.FAILED, None)), 1
    ):
        vault.outbox.put(_item(n, state, request))
    vault.outbox.mark(BundleId("bundle-1"), BOX, DeliveryState.SENDING, CLOCK.now())
    vault.inbox.mark_seen(BundleId("bundle-in-2"), MET_OFFICE, CLOCK.now())
    vault.inbox.mark_looked_at(BOX, "dsa1/box/n/00000001/0000000000001-abc", CLOCK.now())
    vault.inbox.move_chain_head(BOX, OTHER_LAPTOP, ChainHead(seq=2, manifest_sha256=sha256(b"m").hexdigest()))
    refused = b"a bundle that nobody could verify " * 20
    vault.inbox.quarantine(
        QuarantinedBundle(
            id="bundle-x",
            door="signature",
            code="signature-missing",
            fields={"position": 3},
            size=len(refused),
            sha256=sha256(refused).hexdigest(),
            source="folder",
            at=CLOCK.now(),
        ),
        refused,
    )
    for n, (request, group, side) in enumerate(
        (
            (DRAFTED, ListGroup.DRAFTS, Side.REQUESTER),
            (SENT, ListGroup.SENT, Side.REQUESTER),
            (AGREED, ListGroup.AGREED, Side.SUPPLIER),
        ),
        1,
    ):
        vault.projections.put(
            RequestRow(
                request=request,
                reference=f"DSA-2026-000{n}",
                title=("Ansawdd dŵr: ysgolion", "Flood warnings for schools", "NO₂ levels near roads")[n - 1],
                counterpart="Met Office",
                side=side,
                stage=(Stage.DRAFT, Stage.SENT, Stage.ACTIVE)[n - 1],
                group=group,
                needs_you=n == 1,
                updated_at=CLOCK.now(),
                detail=f"{n}",
            )
        )


def _item(n: int, state: DeliveryState, request: RequestId | None) -> OutboxItem:
    carried = (OutboxObject(n=0, object=OBJECT, header=b"age header %d" % n, payload_size=9000),) if n == 1 else ()
    part = SentPart(n=0, offset=0, length=4096, sha256=sha256(b"part").hexdigest(), name="dsa1/box/p/x")
    return OutboxItem(
        id=BundleId(f"bundle-{n}"),
        box=BOX,
        org=MET_OFFICE,
        request=request,
        kind="request" if request else "card",
        seq=n,
        manifest_sha256=sha256(b"manifest %d" % n).hexdigest(),
        sealed=b"sealed %d " % n * 50,
        objects=carried,
        state=state,
        created_at=CLOCK.now(),
        changed_at=CLOCK.now(),
        attempts=n,
        problem="store-full" if state is DeliveryState.FAILED else "",
        commit_name=f"dsa1/box/n/{n}" if n == 2 else "",
        commit=b"commit" if n == 2 else b"",
        parts=(part,) if n == 2 else (),
    )


def _cards(vault: Vault) -> None:
    now = CLOCK.now()
    card = PinnedCard(
        org=MET_OFFICE,
        name="Met Office",
        fingerprint="first fingerprint",
        version=3,
        envelope=b"card 3",
        first_seen_at=now,
        updated_at=now,
        checks=(CardCheck(method="phone", by="Priya Shah", at=now, note="Spoke to Gwen Ellis"),),
    )
    vault.cards.put(card)
    fields = {name: getattr(card, name) for name in PinnedCard.__dataclass_fields__}
    second = {"fingerprint": "second fingerprint", "version": 1, "checks": ()}
    vault.cards.replace_key(PinnedCard(**(fields | second)))
    vault.cards.flag_change(MET_OFFICE, "third fingerprint")


def contents(vault: Vault) -> Any:
    """Everything that can be read from the vault, as plain JSON values."""
    requests = sorted({*vault.events.requests(), *(draft.request for draft in vault.drafts.all()), AGREED})
    found = {
        "id": vault.id,
        "events": list(vault.events.all()),
        "count": vault.events.count(),
        "head": vault.events.head(),
        "requests": vault.events.requests(),
        "last of device": [vault.events.last_of_device(SENT, LAPTOP), vault.events.last_of_device(SENT, OTHER_LAPTOP)],
        "drafts": vault.drafts.all(),
        "answers": {request: vault.drafts.answers(request) for request in requests},
        "revisions": {request: vault.drafts.revisions(request) for request in requests},
        "samples": {request: vault.samples.of_request(request) for request in requests},
        "objects": {name: _digest(vault, name) for name in sorted(vault.samples.object_ids())},
        "outbox": vault.outbox.all(),
        "unfinished": [item.id for item in vault.outbox.unfinished()],
        "seen": [vault.inbox.has_seen(BundleId(f"bundle-in-{n}")) for n in (1, 2)],
        "looked at": vault.inbox.has_looked_at(BOX, "dsa1/box/n/00000001/0000000000001-abc"),
        "chain head": vault.inbox.chain_head(BOX, OTHER_LAPTOP),
        "quarantined": vault.inbox.quarantined(),
        "quarantined content": [vault.inbox.quarantined_content(each.id) for each in vault.inbox.quarantined()],
        "cards": vault.cards.all(),
        "settings": {name: vault.settings.read(name) for name in ("profile", "counter", "empty", "absent")},
        "rows": vault.projections.rows(vault.projections.ids()),
        "counts": vault.projections.counts(),
        "searches": {words: vault.projections.ids(search=words) for words in SEARCHES},
    }
    return json.loads(msgspec.json.encode(found))


def _digest(vault: Vault, name: ObjectId) -> str:
    with vault.objects.open(name) as file:
        return sha256(file.read()).hexdigest()


def main(name: str) -> None:
    folder = FOLDER / name
    if folder.exists():
        sys.exit(f"{name} is there; a vault that was released is never made again")
    place = SqlcipherPlace(folder, CLOCK, ENTROPY, reserve_bytes=0)
    vault = place.create(header(), DATA_KEY)
    fill(vault)
    written = json.dumps(contents(vault), indent=1, ensure_ascii=False, sort_keys=True)
    (FOLDER / f"{name}.json").write_text(written + "\n", encoding="utf-8")
    vault.backup(FOLDER / f"{name}.backup")
    vault.close()
    for unneeded in ("lock", "reserve"):
        (folder / unneeded).unlink(missing_ok=True)
    for made in folder.iterdir():
        if made.is_dir() and not any(made.iterdir()):
            shutil.rmtree(made)


if __name__ == "__main__":
    main(sys.argv[1])
