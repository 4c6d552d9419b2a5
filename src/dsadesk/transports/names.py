"""The names that objects may have in any store: safe on every file system, in every address, in any letter case.

docs/formats/store.md has the rules. Every name lies below the store's own folder, so that what lies beside it in the same
place is never seen. The store's marker is not an object, so its name is not an object's name.
"""

from __future__ import annotations

import re

from dsadesk.errors import StoreRefusedError

STORE_FOLDER = "dsa1"
MARKER_NAME = f"{STORE_FOLDER}/store.json"
MAX_NAME = 200

_BEGINNING = f"{STORE_FOLDER}/"
_PREFIX = re.compile(r"[a-z0-9./-]{0,200}\Z")
_COMPONENT = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}(?<![.])\Z")
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})


def is_component(text: str) -> bool:
    """Says whether the text can stand between two slashes of a name. A leading dot is for temporary names only."""
    return _COMPONENT.match(text) is not None and text.split(".", 1)[0] not in _DEVICES


def is_name(text: str) -> bool:
    """Says whether the text is an object's name."""
    is_below = text.startswith(_BEGINNING) and text != MARKER_NAME and len(text) <= MAX_NAME
    return is_below and all(is_component(part) for part in text.split("/"))


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
    can_begin = _BEGINNING.startswith(text) or text.startswith(_BEGINNING)
    folders = text.split("/")[:-1]
    if not can_begin or _PREFIX.match(text) is None or not all(is_component(part) for part in folders):
        raise StoreRefusedError("name-invalid", name=text[:MAX_NAME])


def may_hold(folder: str, prefix: str, after: str) -> bool:
    """Whether a folder, with a slash at its end, can hold names that begin with `prefix` and sort after `after`, and is not too deep for any."""
    holds_prefix = folder.startswith(prefix) or prefix.startswith(folder)
    return holds_prefix and (after < folder or after.startswith(folder)) and len(folder) < MAX_NAME
