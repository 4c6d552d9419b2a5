from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dsadesk.host.process import harden

CRASH = "from dsadesk.host.process import harden; import os; harden(); os.abort()"
WRITE = "from dsadesk.host.process import harden; harden(); open('new', 'w').close()"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no core limit and no umask")


def test_a_process_that_crashes_leaves_no_core(tmp_path: Path) -> None:
    crashed = subprocess.Popen([sys.executable, "-c", CRASH], cwd=tmp_path, stderr=subprocess.DEVNULL)
    _, status = os.waitpid(crashed.pid, 0)
    crashed.returncode = status
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == []


def test_new_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITE], cwd=tmp_path, check=True)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_hardening_twice_is_fine() -> None:
    code = "from dsadesk.host.process import harden; harden(); harden()"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert callable(harden)
