"""What a person is told while a delivery is put on a stick: about each stick, and at the end what to do with the file."""

from __future__ import annotations

from dsadesk.services.handing_over import Fitness, Stick
from dsadesk.services.wording.amounts import size_words
from dsadesk.services.wording.plain import plain

NO_STICK = "No stick is plugged in. Plug one in and it shows here, or choose a folder."
_GROUP = 8


def stick_sentence(stick: Stick, needed: int) -> str:
    """One stick: its room, and what speaks against it. Its name stands beside it."""
    free = size_words(stick.drive.free)
    match stick.fitness:
        case Fitness.READY:
            return f"{free} free."
        case Fitness.READ_ONLY:
            return "It is write-protected. If it has a small switch on its side, slide it and plug the stick in again."
        case Fitness.FULL:
            return f"It has {free} free, and the delivery needs {size_words(needed)}. Remove something from it, or use another."


def sticks_sentence(found: tuple[Stick, ...]) -> str:
    """All the sticks in one sentence, above the list of them."""
    ready = sum(stick.is_ready for stick in found)
    if not found:
        return NO_STICK
    if not ready:
        return "The delivery cannot go on any stick that is plugged in; below is why."
    return "One stick is plugged in." if len(found) == 1 else "Choose the stick that it goes on."


def digest_words(sha256: str) -> str:
    """A digest in groups, as two people read it to each other."""
    return " ".join(sha256[at : at + _GROUP] for at in range(0, len(sha256), _GROUP))


def handing_over_sentences(whom: str) -> tuple[str, ...]:
    """What to do with the file."""
    name = plain(whom)
    return (
        f"Give the file to {name} on the stick, by e-mail or any other way. Only {name} can open it.",
        f"{name} can check with the size and the SHA-256 that it reached them whole, and opens it in the Inbox or by a double click.",
        "Have the system eject the stick before you take it out. The confirmation comes back to you the same way.",
    )
