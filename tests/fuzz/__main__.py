"""Hands altered inputs to every parser until so many were looked at: python -m tests.fuzz [COUNT] [--seconds N] [--only NAME…] [--seed TEXT].

Each core has a process. Within one the parsers take turns by time, so that the costly ones (which sign or encrypt what they look at) do
not hold up the others; the table at the end says how many each was given. An input that brings out anything but a parser's own error is
written to out/fuzz, with what it brought out, and ends the run with status 1. `--again FILE` looks at one such input again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import secrets
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.running import work
from tests.fuzz.targets import targets

COUNT = 10_000_000


def main() -> int:
    """Runs and counts."""
    words = argparse.ArgumentParser(prog="./test fuzz")
    words.add_argument("count", nargs="?", type=int, default=COUNT)
    words.add_argument("--seconds", type=float, default=float("inf"))
    words.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    words.add_argument("--seed", default=secrets.token_hex(4))
    words.add_argument("--only", nargs="+", default=sorted(targets()), choices=sorted(targets()))
    words.add_argument("--again", type=Path)
    asked = words.parse_args()
    if asked.again:
        name = asked.again.name.split(".")[0]
        targets()[name].check(asked.again.read_bytes())
        return 0
    each = -(-asked.count // asked.processes)
    shares = [(f"{asked.seed}-{n}", each, asked.seconds, tuple(asked.only)) for n in range(asked.processes)]
    # A process that dies of what it was given ends the run here; multiprocessing.Pool would wait for it for ever.
    with ProcessPoolExecutor(asked.processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        results = list(pool.map(work, shares))
    total = sum((done for done, _ in results), Counter[str]())
    found = [text for _, text in results if text]
    print(json.dumps({"inputs": total.total(), "seed": asked.seed, "found": found, "of": dict(sorted(total.items()))}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
