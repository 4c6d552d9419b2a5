"""A short run of what `./test fuzz` does for ten million inputs, and that such a run would see what it looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.altering import Alterer
from tests.fuzz.running import FoundError, look, values, work
from tests.fuzz.targets import Target, targets

TARGETS = targets()
A_FEW = 150


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_parser_gives_a_value_or_an_error_of_its_own(name: str) -> None:
    target = TARGETS[name]
    alterer = Alterer(target, values(target), f"suite/{name}")
    for data in (*target.originals, *(alterer.next() for _ in range(A_FEW))):
        target.check(data)


def test_a_seed_gives_the_same_inputs_again() -> None:
    target = TARGETS["manifest"]
    one, other = (Alterer(target, values(target), "seed") for _ in range(2))
    assert [one.next() for _ in range(20)] == [other.next() for _ in range(20)]


def test_what_a_parser_may_not_do_is_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(data: bytes) -> None:
        raise KeyError(data)

    monkeypatch.chdir(tmp_path)
    with pytest.raises(FoundError, match="KeyError"):
        look("careless", Target(careless, [b"x"]), b"abc")
    data, told = sorted(Path("out/fuzz").iterdir())
    assert data.read_bytes() == b"abc"
    assert "KeyError" in told.read_text()


def test_a_run_counts_what_it_looked_at() -> None:
    done, found = work(("run", 30, 60.0, ("marker", "age-key")))
    assert (done.total(), found) == (30, "")
