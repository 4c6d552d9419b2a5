"""A writer killed at any moment of a put leaves the object whole or invisible, and a retry finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsadesk.transports.folder import FolderTransport

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and limits")

MADE_AT = datetime(2026, 3, 2, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
NAME = "dsa1/box/n/20260302/0001-abcd"
DATA = b"sealed" * 50_000
SOURCES = Path(__file__).parents[2] / "src"

# The writer kills itself just before its n-th act on a file of the store, as the interpreter announces each.
AT_AN_ACT = """
import os, signal, sys
from pathlib import Path
from dsadesk.transports.folder import FolderTransport

root, kill_at, seen = sys.argv[1], int(sys.argv[2]), 0
transport = FolderTransport(Path(root), expected_id="store-0001")

def announced(event, args):
    global seen
    if event in ("open", "os.mkdir", "os.chmod", "os.link", "os.rename", "os.remove") and str(args[0]).startswith(root):
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(announced)
transport.put(sys.argv[3], b"sealed" * 50_000)
"""

# The system kills the writer in the middle of its bytes, at a file size that it may not pass.
IN_THE_BYTES = """
import resource, signal, sys
from pathlib import Path
from dsadesk.transports.folder import FolderTransport

signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
FolderTransport(Path(sys.argv[1]), expected_id="store-0001").put(sys.argv[3], b"sealed" * 50_000)
"""


def write_and_die(script: str, root: Path, moment: int) -> int:
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", script, str(root), str(moment), NAME]
    return subprocess.run(command, env=environment, check=False, timeout=60, capture_output=True).returncode


def assert_whole_or_invisible_and_mended_by_a_retry(root: Path) -> bool:
    reader = FolderTransport(root, expected_id="store-0001")
    visible = reader.list("") == (NAME,)
    assert visible or reader.list("") == ()
    assert reader.has(NAME) is visible
    if visible:
        assert reader.get(NAME, len(DATA)) == DATA
    reader.put(NAME, DATA)
    assert reader.list("") == (NAME,)
    assert reader.get(NAME, len(DATA)) == DATA
    reader.sweep(LATER)
    left = sorted(path.name for path in root.rglob("*") if path.is_file())
    assert left == ["0001-abcd", "store.json"]
    return visible


def test_a_writer_killed_before_any_act_of_a_put_leaves_no_half_object(tmp_path: Path):
    visible = []
    for kill_at in range(1, 100):
        root = tmp_path / str(kill_at)
        root.mkdir()
        FolderTransport.prepare(root, "store-0001", MADE_AT)
        code = write_and_die(AT_AN_ACT, root, kill_at)
        assert code in (0, -signal.SIGKILL)
        visible.append(assert_whole_or_invisible_and_mended_by_a_retry(root))
        if code == 0:
            break
    # Before the name is given nothing is seen, afterwards all of it: there is one turning point.
    assert visible == sorted(visible)
    assert visible[0] is False
    assert visible[-1] is True
    assert len(visible) > 8


@pytest.mark.parametrize("size", [1, 4096, len(DATA) - 1])
def test_a_writer_killed_in_the_middle_of_its_bytes_leaves_nothing_to_see(tmp_path: Path, size: int):
    FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    assert write_and_die(IN_THE_BYTES, tmp_path, size) == -signal.SIGXFSZ
    (leftover,) = (path for path in tmp_path.rglob(".tmp-*"))
    assert leftover.stat().st_size == size
    assert assert_whole_or_invisible_and_mended_by_a_retry(tmp_path) is False
