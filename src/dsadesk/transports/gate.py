"""Leaves folders unread in which nothing can have come since they were last read. docs/formats/store.md has the rule and why it holds.

A folder's stamp is what its store says of its last change: a time, a tag. Stamps are coarse, so a name can come after a folder was read
without changing its stamp. A folder is therefore taken for settled only when it was read at least `SETTLING_SECONDS` after its stamp was
first seen. Only lengths of time are compared, never the store's clock with ours, so it does not matter when either is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

SETTLING_SECONDS = 15.0
"""More than the coarsest stamp (2 s, FAT) and the longest time for which a share may show an old listing (10 s, Windows) together."""

MAX_WATCHED = 64
"""So many of the newest folders in a folder are watched; whatever comes into older ones is found by a full look."""

_VERSION = 1


class Tree(Protocol):
    """Folders in a store, by names without a slash at the end."""

    def stamp(self, folder: str) -> str | None:
        """What changes when a name comes into the folder: None where there is no folder, "" where nothing tells, so that it is always read."""
        ...

    def read(self, folder: str) -> tuple[Sequence[str], Sequence[str]]:
        """The whole names of the objects in the folder itself, and of the folders in it."""
        ...


@dataclass(frozen=True)
class _Seen:
    """A folder as last seen: its stamp, when that was first seen (None: settled), and the oldest folder in it that is watched ("": all)."""

    stamp: str
    since: float | None
    oldest: str


def look(
    tree: Tree, top: str, cursor: str, seconds: Callable[[], float], is_old: Callable[[str], bool] = lambda _: False
) -> tuple[tuple[str, ...], str]:
    """The names below a folder that may have come since a cursor was given, sorted, and the next cursor. `seconds` counts on, also between runs.

    `is_old` says that a stamp is of a time that has long passed by the clock that made it: one reading then settles the folder.
    """
    old = _parse(cursor, top)
    new: dict[str, _Seen] = {}
    names: list[str] = []
    todo = [top]
    while todo:
        folder = todo.pop()
        stamp = tree.stamp(folder)
        if stamp is None:
            continue
        known = old.get(folder)
        if known is not None and known.since is None and known.stamp == stamp != "":
            new[folder] = known
            todo += [each for each in old if each.rpartition("/")[0] == folder]
            continue
        began = seconds()
        found, folders = tree.read(folder)
        names += found
        oldest = known.oldest if known is not None else ""
        todo += [each for each in folders if each >= oldest]
        since = None if is_old(stamp) else _since(known, stamp, began)
        new[folder] = _Seen(stamp, since, _oldest_watched(folders))
    return tuple(sorted(names)), _write(top, new)


def _since(known: _Seen | None, stamp: str, began: float) -> float | None:
    """When a folder's stamp was first seen, or None when the reading that began at a time has settled it."""
    if known is None or known.since is None or known.stamp != stamp or known.since > began:
        return began
    return None if began - known.since >= SETTLING_SECONDS else known.since


def _oldest_watched(folders: Sequence[str]) -> str:
    return sorted(folders)[-MAX_WATCHED] if len(folders) > MAX_WATCHED else ""


def _write(top: str, new: Mapping[str, _Seen]) -> str:
    """The cursor, without the folders that are no longer watched."""
    kept = {
        folder.removeprefix(top): [seen.stamp, seen.since, seen.oldest]
        for folder, seen in new.items()
        if folder == top or folder >= new[folder.rpartition("/")[0]].oldest
    }
    return json.dumps({"v": _VERSION, "top": top, "folders": kept}, separators=(",", ":"), sort_keys=True)


def _parse(cursor: str, top: str) -> dict[str, _Seen]:
    """What a cursor says of the folders below `top`: nothing, when it is not one of ours or of another place."""
    try:
        content = json.loads(cursor)
        if content["v"] != _VERSION or content["top"] != top:
            return {}
        return {top + below: _Seen(*_entry(*row)) for below, row in content["folders"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _entry(stamp: object, since: object, oldest: object) -> tuple[str, float | None, str]:
    if not isinstance(stamp, str) or not isinstance(oldest, str) or not isinstance(since, float | int | None):
        raise TypeError("not an entry of a cursor")
    return stamp, since, oldest
