"""Sealing, verifying, and reading at random places: what must not depend on the size of a sample, and how long it may take.

`ours` and `peer` are medians of interleaved rounds in seconds, `cpu` is the processor time of ours, `ratio` is ours / peer. `limit` is the most
that the figure named by `limited` may be, and `within` says whether it was; limits are of processor time, so that a busy machine does not change
the verdict. They stand in docs/formats/bundle.md. DSADESK_BENCH_MIB sets the size of the large sample (1024). The age program includes its
own start; ours runs inside a process that is already there, as it does in the desktop.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

from dsadesk import age
from dsadesk.bundle.manifest import PAYLOAD_TYPE
from dsadesk.bundle.objects import object_name
from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.seal import Destination, SampleToSeal, SealedBundle, seal
from dsadesk.bundle.signature import parse_envelope, require_pair, sign_envelope
from dsadesk.bundle.unseal import unseal
from dsadesk.codec.events import encode_event
from dsadesk.domain.events import Event, RemarkMade
from dsadesk.domain.ids import EventId, RequestId, uuid7
from dsadesk.services import viewing
from dsadesk.services.reading import read_event
from dsadesk.services.session import Session
from dsadesk.services.speaking import stored_event
from tests.benchmarks.bench_age import DEFAULT_MIB, place
from tests.support.desks import received_request, two_desks
from tests.support.events import REQUEST
from tests.support.parties import DWP, MALLORY, NOW, VOA, Known, party, signed_event

MIB = 1 << 20
ROUNDS = 9
EVENTS = 1000
ATTACHMENTS = 100
READERS = (VOA, MALLORY, party("a-council", "A Council", "Ann"), party("an-agency", "An Agency", "Ben"))
OWN_CARD = DWP.card_bytes
ONE_EVENT = signed_event(DWP)
EVERYONE = Known(DWP, *READERS)

Act = Callable[[], object]
Row = dict[str, Any]


@dataclass(frozen=True)
class OnDisk:
    """A sample as a vault keeps it: its payload in a file, and what a bundle says of it. `plain` is for the peer."""

    plain: Path
    payload: Path
    entry: SampleToSeal

    @staticmethod
    def make(folder: Path, mib: int) -> OnDisk:
        """Encrypts a file of that size."""
        plain, payload, key = folder / f"{mib}.csv", folder / f"{mib}.payload", os.urandom(16)
        nonce = os.urandom(16)
        with plain.open("wb") as handle:
            for _ in range(mib):
                handle.write(os.urandom(MIB))
        with plain.open("rb") as source, payload.open("wb") as sink:
            info = age.encrypt_file(key, nonce, source, sink, sha256=True, cipher_sha256=False)
        entry = SampleToSeal(
            object=object_name(key, nonce, info.plain_size, info.plain_sha256 or b""),
            payload_size=payload.stat().st_size,
            name=plain.name,
            media="text/csv",
            size=info.plain_size,
            sha256=(info.plain_sha256 or b"").hex(),
            file_key=key,
        )
        return OnDisk(plain, payload, entry)


def run() -> list[Row]:
    """All rows."""
    mib = int(os.environ.get("DSADESK_BENCH_MIB", DEFAULT_MIB))
    with tempfile.TemporaryDirectory(prefix="dsadesk-bench-", dir=place(mib)) as name:
        small, large = OnDisk.make(Path(name), 1), OnDisk.make(Path(name), mib)
        rows = [*sealing(small, large, mib), *reading(large, mib)]
        return [*rows, *attachments(small), *signatures(), *history()]


# ---------------------------------------------------------------- sealing


def sealing(small: OnDisk, large: OnDisk, mib: int) -> list[Row]:
    """A sample for four organisations and oneself, sealed and opened again as the program does before it counts."""
    of_large, of_small = rounds(lambda: seal_and_open([large.entry]), lambda: seal_and_open([small.entry]))
    (alone,) = rounds(lambda: seal_only([large.entry]))
    title = f"seal {mib} MiB for four organisations and oneself"
    program = shutil.which("age")
    theirs = rounds(lambda: encrypt_by(program, large))[0] if program else None
    return [
        row(f"{title}, and open it again", of_large, of_small, "the same with 1 MiB", 2.0, limited="ratio"),
        row(title, alone, theirs, "age -e of the same file to five X25519 recipients", 0.010),
    ]


def attachments(small: OnDisk) -> list[Row]:
    """A hundred samples in one bundle."""
    many = [small.entry] * ATTACHMENTS
    taken, one = rounds(lambda: seal_only(many), lambda: seal_only(many[:1]))
    return [
        row(f"seal {ATTACHMENTS} attachments for four organisations and oneself", taken, one, "one attachment", 0.150)
    ]


def seal_only(samples: Sequence[SampleToSeal]) -> SealedBundle:
    """Signs and encrypts; no payload is touched."""
    return seal(
        kind="request",
        request=REQUEST,
        events=(ONE_EVENT,),
        samples=samples,
        own_card=OWN_CARD,
        own_org=DWP.card.org.id,
        own_recipient=DWP.organisation.hybrid.recipient,
        signer=DWP.device,
        destinations=[Destination(card=reader.card, seq=1, prev="") for reader in READERS],
        now=NOW,
        entropy=os.urandom,
    )


def seal_and_open(samples: Sequence[SampleToSeal]) -> None:
    """Seals, and opens our own copy and its headers."""
    made = seal_only(samples)
    ours = (DWP.organisation.hybrid,)
    unseal(made.sealed, box=VOA.card.box, identities=ours, directory=EVERYONE, now=NOW)
    for header in made.headers:
        age.unwrap(age.parse_header(header)[0], ours)


def encrypt_by(program: str, sample: OnDisk) -> None:
    """What it would cost to encrypt the sample anew."""
    keys = [str(reader.organisation.x25519.recipient) for reader in (DWP, *READERS)]
    target = sample.plain.with_suffix(".age")
    words = [word for key in keys for word in ("-r", key)]
    subprocess.run([program, *words, "-o", str(target), str(sample.plain)], check=True)
    target.unlink()


# ---------------------------------------------------------------- reading


def reading(large: OnDisk, mib: int) -> list[Row]:
    """4 KiB at seven tenths of a large payload, whose file key the vault has: what a preview needs."""

    def at_random() -> None:
        with large.payload.open("rb") as handle:
            reader = age.PayloadReader(large.entry.file_key, handle, 0, large.entry.payload_size)
            reader.seek(mib * MIB * 7 // 10)
            reader.read(4096)

    def all_of_it() -> None:
        with large.payload.open("rb") as handle, Path(os.devnull).open("wb") as sink:
            age.decrypt_payload(large.entry.file_key, handle, sink, sha256=False, cipher_sha256=False)

    taken, whole = rounds(at_random, all_of_it, count=5)
    return [row(f"read 4 KiB of {mib} MiB", taken, whole, "decrypting all of it", 0.001)]


# ---------------------------------------------------------------- verifying


def signatures() -> list[Row]:
    """One pair made and one pair checked."""
    payload = b'"' + b"a" * 2100 + b'"'
    data = sign_envelope(PAYLOAD_TYPE, payload, DWP.device.signing)
    keys = DWP.device.signing.public

    def verify() -> None:
        require_pair(parse_envelope(data, payload_type=PAYLOAD_TYPE, max_bytes=100_000), keys)

    made, checked = rounds(lambda: sign_envelope(PAYLOAD_TYPE, payload, DWP.device.signing), verify, count=200)
    return [
        row("sign 2 KiB with both algorithms", made, None, "", 0.003),
        row("verify 2 KiB with both algorithms", checked, None, "", 0.001),
    ]


def history() -> list[Row]:
    """Who said each of a thousand events and their order, as the history of a request is shown; and again with every signature checked."""
    pair = two_desks()
    request = received_request(pair, sample=False)
    say_much(pair.asks, request)
    envelopes = [stored.envelope for stored in pair.asks.vault.events.of_request(request)]
    shown, every, only = rounds(
        lambda: viewing.history(pair.asks, request),
        lambda: viewing.history(pair.asks, request, every=True),
        lambda: check_pairs(pair.asks, envelopes),
        count=3,
    )
    assert all(line.evidence for line in viewing.history(pair.asks, request))
    peer = "the two signatures of each alone"
    return [
        row(f"verify a history of {EVENTS:,} events", shown, only, peer, 0.2),
        row(f"verify a history of {EVENTS:,} events, every signature", every, only, peer, 2.0),
    ]


def say_much(session: Session, request: RequestId) -> None:
    """Remarks by one laptop, each after the one before, kept as they would have been."""
    events = [read_event(stored) for stored in session.vault.events.of_request(request)]
    last = [event for event in events if event.device == session.device.device][-1]
    after, seq, prev = events[-1].id, last.seq, last.sha256
    while len(session.vault.events.of_request(request)) < EVENTS:
        batch = []
        for _ in range(100):
            seq += 1
            event = Event(
                id=EventId(uuid7(1_780_000_000_000 + seq, os.urandom(10))),
                request=request,
                type="RemarkMade",
                schema=1,
                at=last.at,
                by=last.by,
                org=last.org,
                device=last.device,
                seq=seq,
                prev=prev,
                after=(after,),
                body=RemarkMade(text=f"Remark {seq}: " + "we looked at it again. " * 10),
            )
            payload = encode_event(event)
            prev, after = hashlib.sha256(payload).hexdigest(), event.id
            envelope = sign_envelope(EVENT_TYPE, payload, session.device.signing)
            signed = Event(**{name: getattr(event, name) for name in event.__struct_fields__} | {"sha256": prev})
            batch.append(stored_event(signed, envelope))
        session.vault.events.append(batch[: EVENTS - len(session.vault.events.of_request(request))])


def check_pairs(session: Session, envelopes: Sequence[bytes]) -> None:
    """The least that verification can cost: both signatures of each envelope."""
    keys = {
        entry.keys.ids: entry.keys
        for pinned in session.vault.cards.all()
        if (known := session.directory.known(pinned.org)) is not None
        for entry in known.card.officials
    }
    for data in envelopes:
        envelope = parse_envelope(data, payload_type=EVENT_TYPE, max_bytes=1 << 20)
        pair = (envelope.signatures[0].keyid, envelope.signatures[1].keyid)
        require_pair(envelope, next(held for ids, held in keys.items() if tuple(ids) == pair))


# ---------------------------------------------------------------- measuring


class Taken(NamedTuple):
    """Medians in seconds: on the wall, and of this process's time on a processor."""

    wall: float
    cpu: float


def rounds(*acts: Act, count: int = ROUNDS) -> list[Taken]:
    """The median of each act, interleaved, after one round that does not count."""
    times: list[list[Taken]] = [[] for _ in acts]
    for n in range(count + 1):
        for taken, act in zip(times, acts, strict=True):
            started, busy = perf_counter(), process_time()
            act()
            if n:
                taken.append(Taken(perf_counter() - started, process_time() - busy))
    return [Taken(median(one.wall for one in taken), median(one.cpu for one in taken)) for taken in times]


def row(name: str, ours: Taken, peer: Taken | None, against: str, limit: float, *, limited: str = "cpu") -> Row:
    """One line of JSON."""
    ratio = None if peer is None else round(ours.wall / peer.wall, 4)
    measured = ratio if limited == "ratio" else ours.cpu
    return {
        "name": name,
        "ours": round(ours.wall, 6),
        "peer": None if peer is None else round(peer.wall, 6),
        "ratio": ratio,
        "unit": "s",
        "against": against,
        "cpu": round(ours.cpu, 6),
        "limit": limit,
        "limited": limited,
        "within": measured is not None and measured <= limit,
    }
