"""The near end of a bad link: a desk over a real vault that sends one sealed request with one sample. Reads its order as JSON, says `ready`
and the inbox that it will send to, reads for how many seconds it may go on, and says `committed` when the store has acknowledged all of it.
"""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import os
import sys
from pathlib import Path

from dsadesk import bootstrap
from dsadesk.host.clock import SystemPulse
from dsadesk.ports import DeliveryState, Flow, StoreAccess, Transport
from dsadesk.services import attaching, drafting, exchanging, keeping_cards, sealing
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import World
from dsadesk.sync.runner import Runner
from tests.support.desks import ANSWERS, SUPPLIER, FixedClock, Stores, folder_world, two_desks

LINE = 60


def csv(size: int) -> bytes:
    """A table of this many bytes that no compression would make smaller."""
    text = base64.b64encode(os.urandom(size * 3 // 4))
    rows = [b"note"] + [text[start : start + LINE] for start in range(0, len(text), LINE)]
    return b"\n".join(rows)[: size - 1] + b"\n"


def main() -> None:
    """Does what this module says."""
    order = json.loads(sys.stdin.readline())
    order["access"]["host_keys"] = tuple(order["access"]["host_keys"])
    access, address, folder = StoreAccess(**order["access"]), order["address"], Path(order["folder"])

    def world(name: str, stores: Stores, clock: FixedClock) -> World:
        made = folder_world(folder / name, stores=stores, clock=clock, seed=name)
        if name != "requester":
            return made

        def opened(place: str, expected: str, _: StoreAccess = access, flow: Flow | None = None) -> Transport:
            return bootstrap.open_transport(place, expected, access, flow)

        return dataclasses.replace(made, open_transport=opened, pulse=SystemPulse(), drive=Runner())

    pair = two_desks(world)
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, address)
    draft = drafting.start(pair.asks, title="A delivery over a bad link")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    attaching.attach(pair.asks, draft.request, io.BytesIO(csv(order["size"])), "delivery.csv")
    sealing.seal_request(pair.asks, draft.request)
    print(f"ready {pair.holds.box}", flush=True)
    patience = float(sys.stdin.readline())
    done = exchanging.send_all(pair.asks, Exchange(), patience=patience)
    states = {item.state for item in pair.asks.vault.outbox.all()}
    print("committed" if states == {DeliveryState.COMMITTED} else f"{states} {done.problems}"[:500], flush=True)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
