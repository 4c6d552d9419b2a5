"""Writing in the editor: from a key to its paint beside a bare text field, handing an answer over, changing section, opening a request.

The vault is real, on disk; autosave, spelling in its own process and the plain English check are on. The request has 60 answers and 5,000 words;
rows with more answers are of a request of every module. A key's time runs from when it was due, not from when the window got round to it. One process
of its own, offscreen. Aims: key to paint 8 ms and section switch 50 ms at the 99th percentile, opening 150 ms.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def run() -> list[dict[str, Any]]:
    """The lines of one run."""
    folder = Path(tempfile.mkdtemp(prefix="dsadesk-bench-", dir=ROOT))
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.writing", str(folder)],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
    finally:
        shutil.rmtree(folder)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return [_line(**each) for each in json.loads(done.stdout.splitlines()[-1])]


def _line(*, name: str, ours: float, peer: float, against: str) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "ratio": round(ours / peer, 2),
        "unit": "ms",
        "against": against,
    }
