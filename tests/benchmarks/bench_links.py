"""Deliveries over bad links, beside the programs that people use for it: curl, rclone, rsync and sftp, each told to go on until it is done.

Each row is one program on one link (tests/support/link.py): two networks of this machine, joined by a process that delays, loses and cuts.
`ours` is seconds from the first act to the last acknowledgement, `peer` the ideal: the bytes over the rate of the link, as if it carried nothing
else and never failed; `ratio` is ours / peer and null when it did not finish in `cap` seconds. `limit` is what the ratio may be.
`wire` is how many bytes were offered upstream for each byte of the delivery, `carried` how many took the link's time, `idle` for how many seconds
it was up and had nothing to carry, `cuts` how often it was cut. Programs run several at a time,
each on a link of its own: they use hardly any processor. Needs root; a machine that gives no network of its own gets one row that says so.

DSADESK_BENCH_LINKS=poor,clean runs those links only; DSADESK_BENCH_TOOLS=webdav,sftp those programs only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.link import Cut, Quality, why_not

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 6
MB = 1_000_000
OURS = ("webdav", "s3", "sftp")
PEERS = ("curl", "rclone", "rsync", "sftp-reput")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A link, how much goes over it, what each of ours may take of the ideal, and after how many times the ideal a program is given up."""

    quality: Quality
    size: int
    limits: dict[str, float]
    give_up: float


_POOR = Quality(rate=512_000, round_trip=0.6, loss=0.02, cut_every=45.0, outage=4.0)

SCENARIOS = {
    "poor": Scenario(quality=_POOR, size=20 * MB, limits={"webdav": 1.4, "s3": 1.4, "sftp": 1.6}, give_up=1.8),
    "lossy": Scenario(
        quality=replace(_POOR, loss=0.1, cut_every=0.0), size=4 * MB, limits={"webdav": 1.5, "s3": 1.5}, give_up=4.0
    ),
    "thin": Scenario(
        quality=replace(_POOR, rate=64_000, cut_every=30.0, outage=3.0),
        size=2 * MB,
        limits={"webdav": 1.75, "s3": 1.75},
        give_up=2.2,
    ),
    "silent": Scenario(
        quality=replace(_POOR, cut=Cut.SILENT), size=4 * MB, limits={"webdav": 1.6, "s3": 1.6}, give_up=4.0
    ),
    "clean": Scenario(
        quality=replace(_POOR, loss=0.0, cut_every=0.0), size=4 * MB, limits={"webdav": 1.2, "s3": 1.2}, give_up=4.0
    ),
}


def run() -> Iterator[dict[str, Any]]:
    """A row for each program on each link, as they end."""
    if missing := why_not():
        yield {"name": "links", "ours": None, "peer": None, "ratio": None, "unit": "s", "against": missing}
        return
    links = _chosen("DSADESK_BENCH_LINKS", tuple(SCENARIOS))
    tools = _chosen("DSADESK_BENCH_TOOLS", (*OURS, *PEERS))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda pair: measure(*pair), [(link, tool) for link in links for tool in tools])


def measure(link: str, tool: str) -> dict[str, Any]:
    """One program on one link, in a process of its own."""
    scenario = SCENARIOS[link]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.link_run", link, tool],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 and done.stdout else {}
    ideal = scenario.quality.ideal(scenario.size)
    seconds = found.get("seconds")
    ratio = round(seconds / ideal, 3) if seconds else None
    limit = scenario.limits.get(tool)
    return {
        "name": f"{scenario.size // MB} MB over a {link} link by {'dsadesk, ' if tool in OURS else ''}{tool}",
        "ours": seconds and round(seconds, 1),
        "peer": round(ideal, 1),
        "ratio": ratio,
        "unit": "s",
        "against": "the ideal: bytes over rate",
        "limit": limit,
        "within": None if limit is None else ratio is not None and ratio <= limit,
        **{key: found[key] for key in ("wire", "carried", "idle", "cuts", "why") if key in found},
        **({} if found.get("seconds") else {"said": done.stderr[-300:]}),
    }


def _chosen(name: str, every: tuple[str, ...]) -> tuple[str, ...]:
    wanted = os.environ.get(name, "")
    return tuple(each for each in every if not wanted or each in wanted.split(","))
