"""Runs benchmarks: python -m tests.benchmarks [NAME…]. One line of JSON each: name, ours, peer, ratio, unit, and who the peer is."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Runs the named modules, or all of them."""
    found = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    unknown = [name for name in names if name not in found]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(found)}", file=sys.stderr)
        return 2
    for name in names or found:
        for result in importlib.import_module(f"tests.benchmarks.bench_{name}").run():
            print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
