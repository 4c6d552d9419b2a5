"""The zoo: hostile bundles by name. `python -m tests.zoo.make FOLDER` writes them all to a folder, each beside a few lines that describe it.

Each is made for the receiver of `tests.support.desks.two_desks()`, whose keys come from a fixed seed. They are tried by test_zoo.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.desks import two_desks
from tests.zoo import containers, contents, envelopes, manifests, sign_offs, stores
from tests.zoo.kit import CASES, Case, Kit

FAMILIES = (containers, envelopes, manifests, contents, sign_offs, stores)
ZOO: tuple[Case, ...] = tuple(CASES.values())


def describe(case: Case) -> str:
    """The lines that go with a case."""
    expect = case.door if not case.code else f"{case.door} {case.code}"
    return f"name: {case.name}\nwrong: {case.wrong}\nexpect: {expect}\nafter: {len(case.first)} honest deliveries\n"


def write(folder: Path) -> int:
    """Writes every case and says how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in ZOO:
        kit = Kit.of(two_desks())
        for n, honest in enumerate(case.first, 1):
            _put(folder / f"{case.name}.before-{n}", honest(kit))
        _put(folder / case.name, case.build(kit))
        (folder / f"{case.name}.txt").write_text(describe(case), "utf-8")
    return len(ZOO)


def _put(target: Path, made: bytes | dict[str, bytes]) -> None:
    if isinstance(made, bytes):
        target.with_name(f"{target.name}.dsabundle").write_bytes(made)
        return
    for n, (name, data) in enumerate(made.items(), 1):
        target.with_name(f"{target.name}.store-{n}").write_bytes(name.encode() + b"\n" + data)


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]))} cases are in {sys.argv[1]}.")
