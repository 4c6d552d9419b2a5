"""Reading JSON from strangers: size and depth are bounded before parsing, and a key that stands twice is reported."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from dsadesk.errors import InputError

_STRING = re.compile(rb'"(?:[^"\\]++|\\[\s\S])*+"')
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_BRACKET = re.compile(rb"[\[\]{}]")
_LONGEST_INTEGER = 20
_LONGEST_SHOWN = 80
_BOM = b"\xef\xbb\xbf"


class Parsed(Struct, frozen=True):
    """A JSON value, and the keys that stood more than once in one object."""

    value: Any
    repeated: tuple[str, ...]


def parse_json(data: bytes, *, max_bytes: int, max_depth: int, error: type[InputError]) -> Parsed:
    """Return the one JSON value in `data`.

    A byte order mark is allowed, because Windows editors write one. A whole number too long to be meant comes back as a
    float, which no reader of ours accepts.

    Raises:
        InputError: of the class `error`; `file-too-large`, `file-too-deep`, `file-not-text` or `file-not-json`.
    """
    if len(data) > max_bytes:
        raise error("file-too-large", max_bytes=max_bytes)
    data = data.removeprefix(_BOM)
    if _depth(data) > max_depth:
        raise error("file-too-deep", max_depth=max_depth)
    repeated: list[str] = []

    def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                repeated.append(shown(key))
            found[key] = value
        return found

    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=once, parse_int=_whole_number, parse_constant=_refuse)
    except UnicodeDecodeError as fault:
        raise error("file-not-text", byte=fault.start) from None
    except json.JSONDecodeError as fault:
        raise error("file-not-json", line=fault.lineno, column=fault.colno) from None
    except _NotANumber:
        raise error("file-not-json", line=0, column=0) from None
    half = _HALF.search(data)
    if half is not None and not _is_text(value):
        raise error("file-not-text", byte=half.start())
    return Parsed(value, tuple(repeated))


def _is_text(value: Any) -> bool:
    """Whether no string holds half a character, which an escape can name and no file can hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(key: str) -> str:
    """Return a stranger's key so that it can be printed: no control characters, no half characters, not too long."""
    safe = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in key)
    return safe if len(safe) <= _LONGEST_SHOWN else f"{safe[:_LONGEST_SHOWN]}…"


def _depth(data: bytes) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", data)):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


class _NotANumber(Exception):  # noqa: N818 - it never leaves this module
    pass


def _refuse(_constant: str) -> float:
    raise _NotANumber
