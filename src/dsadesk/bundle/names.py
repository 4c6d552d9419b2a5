"""What names that other people chose may look like: of people and organisations, and of files that will one day be written to a disk.

A name that breaks these rules is refused with the bundle or card that carries it, so that nothing behind the doors has to think of it. The
rules depend on no version of Unicode: a character that is new to this program is let through.
"""

from __future__ import annotations

import unicodedata

MAX_NAME = 200
_FORBIDDEN = frozenset('<>:"|?*/\\')
# Control characters, line and paragraph separators, and halves of surrogate pairs.
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
# What turns the direction of text around it: a name with one can read as another name (Unicode Technical Report 36, section 2.5).
_TURNS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
# Source: Microsoft, "Naming Files, Paths, and Namespaces".
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def is_shown_name(text: str) -> bool:
    """Whether a text can stand as the name or post of somebody: not blank, not long, in one line, and turning nothing around."""
    return bool(text.strip()) and len(text) <= MAX_NAME and is_one_line(text)


def is_one_line(text: str) -> bool:
    """Whether a text has no line ends, no control characters and nothing that turns the text around it."""
    return not any(_is_unseen(c) or c in _TURNS for c in text)


def is_file_name(text: str) -> bool:
    """Whether a text can be a file's name on every system: no folder, no device, nothing that is not seen, not too long."""
    return (
        0 < len(text) <= MAX_NAME
        and text == text.strip(" .")
        and not any(c in _FORBIDDEN or _is_unseen(c) or unicodedata.category(c) == "Cf" for c in text)
        and text.partition(".")[0].lower() not in _DEVICES
    )


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN
