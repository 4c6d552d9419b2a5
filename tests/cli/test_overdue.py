"""What nobody has confirmed for a week, from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dsadesk.bootstrap import make_desk
from dsadesk.cli.main import run
from dsadesk.host.memory import FixedClock
from dsadesk.services.desk import Desk
from tests.cli.conftest import Laptop, Said
from tests.cli.test_keys import sealed
from tests.support.desks import WORK_FACTOR


def later(laptop: Laptop, days: int, *command: str) -> Said:
    """The command on a laptop on which so many days have gone by."""

    def desk(vault: Path | None) -> Desk:
        world = make_desk(vault, work_factor=WORK_FACTOR).world
        return Desk(replace(world, clock=FixedClock(datetime.now(UTC) + timedelta(days=days))))  # noqa: TID251

    secret = laptop.folder / f"{laptop.vault.name}.pass"
    laptop.capsys.readouterr()
    code = run(["--vault", str(laptop.vault), "--passphrase-file", str(secret), *command], desk)
    captured = laptop.capsys.readouterr()
    return Said(code, captured.out, captured.err)


def test_a_delivery_that_nobody_confirmed_for_a_week_is_told_until_they_have(pair: tuple[Laptop, Laptop]) -> None:
    asks, holds = pair
    sealed(asks)
    assert asks("inbox", "send").code == 0
    assert "Nothing was heard" not in later(asks, 6, "bundle", "list").out
    assert "not confirmed" not in later(asks, 6, "vault", "status").out

    assert "Nothing was heard for 8 days. Ring them" in later(asks, 8, "bundle", "list").out
    assert "Sent, and not confirmed for a week: 1. See: dsadesk bundle list" in later(asks, 8, "vault", "status").out
    (row,) = json.loads(later(asks, 8, "--json", "bundle", "list").out)
    assert row["overdue"] is True

    for laptop in (holds, asks):
        assert laptop("inbox", "exchange").code == 0
    assert "Nothing was heard" not in later(asks, 8, "bundle", "list").out
