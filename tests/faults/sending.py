"""Sends whatever waits in a vault, over real connections: a process to be killed. Run as a program: `python -m tests.faults.sending FOLDER`.

Writes a dot before each run of bytes that it hands over or takes in, so that whoever started it can choose the instant; "!" when it is done.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from dsadesk import bootstrap
from dsadesk.host.clock import SystemPulse
from dsadesk.ports import NO_ACCESS, Flow, StoreAccess, Transport
from dsadesk.services import exchanging
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.sync.runner import Runner
from tests.faults.killing import desk
from tests.support.desks import PASSPHRASE

PATIENCE_SECONDS = 20.0


class Ticking:
    """Says that bytes are about to pass, and passes the question on."""

    def __init__(self, inner: Flow | None) -> None:
        self._inner = inner

    def pass_on(self, size: int) -> None:
        os.write(1, b".")
        if self._inner is not None:
            self._inner.pass_on(size)


def web_desk(folder: Path, who: str, *, ticking: bool = False) -> Desk:
    """A desk over a real vault that reaches real stores, as the program does."""

    def opened(address: str, expected_id: str, access: StoreAccess = NO_ACCESS, flow: Flow | None = None) -> Transport:
        return bootstrap.open_transport(address, expected_id, access, Ticking(flow) if ticking else flow)

    return Desk(
        replace(
            desk(folder, who).world,
            open_transport=opened,
            pulse=SystemPulse(),
            drive=Runner(),
            patience=PATIENCE_SECONDS,
        )
    )


if __name__ == "__main__":
    sender = web_desk(Path(sys.argv[1]), "requester", ticking=True)
    sender.unlock_with_passphrase(PASSPHRASE)
    done = exchanging.send_all(sender.session, Exchange())
    sender.lock()
    if done.problems:
        sys.exit(f"not sent: {done.problems}")
    os.write(1, b"!")
