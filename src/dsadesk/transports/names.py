"""The names that objects may have in any store: safe on every file system, in every address, in any letter case.

docs/formats/store.md has the rules. The store's marker is not an object, so its name is not an object's name.
"""

from __future__ import annotations

import re

from dsadesk.errors import StoreRefusedError

MARKER_NAME = "store.json"
MAX_NAME = 200
MAX_COMPONENT = 100

_PREFIX = re.compile(r"[a-z0-9./-]{0,200}\Z")
_COMPONENT = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}(?<![.])\Z")
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})


def is_component(text: str) -> bool:
    """Says whether the text can stand between two slashes of a name. A leading dot is for temporary names only."""
    return _COMPONENT.match(text) is not None and text.split(".", 1)[0] not in _DEVICES


def is_name(text: str) -> bool:
    """Says whether the text is an object's name."""
    return len(text) <= MAX_NAME and text != MARKER_NAME and all(is_component(part) for part in text.split("/"))


def check_name(text: str) -> None:
    """Refuses what is not an object's name.

    Raises: StoreRefusedError("name-invalid").
    """
    if not is_name(text):
        raise StoreRefusedError("name-invalid", name=text[:MAX_NAME])


def check_prefix(text: str) -> None:
    """Refuses what no name can begin with.

    Raises: StoreRefusedError("name-invalid").
    """
    folders = text.split("/")[:-1]
    if _PREFIX.match(text) is None or not all(is_component(part) for part in folders):
        raise StoreRefusedError("name-invalid", name=text[:MAX_NAME])
