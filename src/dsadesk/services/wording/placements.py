"""What is said of a folder that is a bad place for a vault. The codes are those of `World.placement`."""

from __future__ import annotations

from collections.abc import Mapping

_SAID: Mapping[str, tuple[str, str]] = {
    "network-folder": (
        "The vault's folder lies on the network.",
        "When the line is cut while something is written, the vault can be damaged.",
    ),
    "synced-folder": (
        "The vault's folder is synchronised with other places.",
        "It is copied file by file while something is written, and an older file that is put back can damage the vault.",
    ),
}
_TO_START = "Close dsadesk, and start it with a folder on this computer's own disk: dsadesk --vault FOLDER"
_TO_MOVE = "Close dsadesk, move the folder to this computer's own disk, and start it there: dsadesk --vault FOLDER"


def placement_words(code: str, *, is_made: bool) -> tuple[str, str]:
    """What is wrong with the folder, and why that matters with what to do; both "" where nothing is. `is_made`: a vault lies there already."""
    if code not in _SAID:
        return "", ""
    sentence, why = _SAID[code]
    return sentence, f"{why} {_TO_MOVE if is_made else _TO_START}"
