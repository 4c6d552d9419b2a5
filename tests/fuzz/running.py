"""One process of a fuzzing run: the parsers take turns by time, so that the costly ones do not hold up the others."""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections import Counter
from pathlib import Path
from time import monotonic

from dsadesk.codec import canonical
from tests.fuzz.altering import Alterer
from tests.fuzz.targets import Target, targets

TURN_SECONDS = 0.25
OUT = Path("out/fuzz")


class FoundError(Exception):
    """A parser did what it may not."""


def look(name: str, target: Target, data: bytes) -> None:
    """Hands over one input. Raises: FoundError, the input being written down."""
    try:
        target.check(data)
    except Exception as error:
        OUT.mkdir(parents=True, exist_ok=True)
        path = OUT / f"{name}.{hashlib.sha256(data).hexdigest()[:16]}"
        path.write_bytes(data)
        path.with_name(f"{path.name}.txt").write_text(f"{name}\n{traceback.format_exc()}")
        raise FoundError(f"{path}: {type(error).__name__}") from error


def work(share: tuple[str, int, float, tuple[str, ...]]) -> tuple[Counter[str], str]:
    """One process: how many inputs each parser was given, and what was found, if anything."""
    seed, count, seconds, names = share
    chosen = {name: target for name, target in targets().items() if name in names}
    alterers = {name: Alterer(target, values(target), f"{seed}/{name}") for name, target in chosen.items()}
    done: Counter[str] = Counter()
    end = monotonic() + seconds
    try:
        for name, target in chosen.items():
            for original in target.originals:
                look(name, target, original)
        while done.total() < count and monotonic() < end:
            for name, target in chosen.items():
                turn = monotonic() + TURN_SECONDS
                while monotonic() < turn and done.total() < count:
                    look(name, target, alterers[name].next())
                    done[name] += 1
            say(seed, done)
    except FoundError as error:
        return done, str(error)
    return done, ""


def values(target: Target) -> list[object]:
    """The originals as values, where they are JSON."""
    return [canonical.decode_loose(original) for original in target.originals] if target.is_json else []


def say(seed: str, done: Counter[str]) -> None:
    """A line now and then, for whoever watches."""
    print(f"{seed}: {done.total():,}", file=sys.stderr, flush=True)
