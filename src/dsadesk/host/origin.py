"""Marks a file that came from someone else, so that the system warns before it is opened.

Windows keeps the mark in an alternate data stream (Zone.Identifier, zone 3: the internet), macOS in an extended attribute
(com.apple.quarantine). Linux has none that anything minds; there the file's rights are narrowed to its owner.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

ZONE_STREAM = ":Zone.Identifier"
ZONE_MARK = b"[ZoneTransfer]\r\nZoneId=3\r\n"
QUARANTINE = "0081;00000000;dsadesk;"


def mark_as_foreign(path: Path, platform: str = sys.platform) -> bool:
    """Marks a file; says whether the system took the mark. A file system that keeps no marks is no error."""
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    if platform == "win32":
        with contextlib.suppress(OSError):
            Path(str(path) + ZONE_STREAM).write_bytes(ZONE_MARK)
            return True
    if platform == "darwin":
        with contextlib.suppress(OSError):
            command = ["/usr/bin/xattr", "-w", "com.apple.quarantine", QUARANTINE, os.fspath(path)]
            return subprocess.run(command, check=False, capture_output=True).returncode == 0
    return False
