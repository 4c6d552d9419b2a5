"""First paint and resident memory of the main window over a vault of 10,000 requests, beside a bare Qt window on the same machine.

Each start is a process of its own, warm (the second of two counts), offscreen. First paint is from the start of the process to the first paint
event that shows the list of requests.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REQUESTS, STARTS = 10_000, 5


def run() -> list[dict[str, Any]]:
    """Medians of five interleaved starts."""
    folder = Path(tempfile.mkdtemp(prefix="dsadesk-bench-"))
    try:
        _start("prepare", folder)
        ours, bare = [], []
        for n in range(STARTS + 1):
            measured = _start("window", folder), _start("bare", folder)
            if n:
                ours.append(measured[0])
                bare.append(measured[1])
    finally:
        shutil.rmtree(folder)
    lines = []
    for name, key, unit in (
        ("window, first paint with the vault open", "paint_ms", "ms"),
        ("window, frame painted before the vault is open", "frame_ms", "ms"),
        ("window, resident memory when idle", "rss_mb", "MB"),
    ):
        mine, theirs = statistics.median(m[key] for m in ours), statistics.median(m[key] for m in bare)
        lines.append(
            {
                "name": name,
                "ours": round(mine, 1),
                "peer": round(theirs, 1),
                "ratio": round(mine / theirs, 2),
                "unit": unit,
                "against": f"a bare QMainWindow with a label; {REQUESTS:,} requests in ours",
            }
        )
    return lines


def _start(what: str, folder: Path) -> dict[str, float]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    env["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")  # a warm start has its modules compiled
    env["STARTED_AT"] = repr(time.time())  # a process's own start time is kept to the second of the machine's boot only
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.starting", what, str(folder)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))
