"""A process that is killed while it writes: whatever it was told is kept is there afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dsadesk.domain.ids import ObjectId
from dsadesk.host.memory import SeededEntropy
from tests.unit.storage.examples import REQUEST, digest, draft, opened

KILLS = 20

# Writes an event, an answer and an object for each number, and says the number only after all three calls have returned.
WRITER = """
import sys
from pathlib import Path
from dsadesk.domain.ids import ObjectId, QuestionId
from tests.unit.storage.examples import AT, KEY, REQUEST, digest, event, machine
ours = machine(Path(sys.argv[1]))
vault = ours.place.open(KEY)
n = vault.events.count()
while True:
    n += 1
    ours.clock.advance(3)
    vault.events.append((event(n),))
    vault.drafts.save_answer(REQUEST, QuestionId("count"), n, AT)
    writer = vault.objects.create()
    writer.file.write(f"{n} ".encode() * 1000)
    writer.commit(ObjectId(digest(f"{n} " * 1000)))
    sys.stdout.write(f"{n}\\n")
    sys.stdout.flush()
"""


def run_and_kill(folder: Path, acknowledgements: int) -> list[int]:
    """Lets the writer go on for so many acknowledgements, kills it, and returns every number that it said."""
    started = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=Path(__file__).parents[2],
    )
    with started:
        assert started.stdout is not None
        said = [started.stdout.readline() for _ in range(acknowledgements)]
        started.kill()
        said += started.stdout.read().splitlines(keepends=True)
    assert started.returncode == -signal.SIGKILL
    return [int(line) for line in said if line.endswith("\n")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_nothing_that_was_acknowledged_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with opened(folder) as vault:
        vault.drafts.put(draft())
    instants = SeededEntropy("instants").token(KILLS)
    acknowledged: list[int] = []
    for instant in instants:
        acknowledged += run_and_kill(folder, 1 + instant % 40)
        last = acknowledged[-1]
        with opened(folder) as vault:
            # One more may be there: kept, and killed before it could say so.
            kept = vault.events.count()
            assert kept in (last, last + 1)
            assert [each.seq for each in vault.events.all()] == list(range(1, kept + 1))
            assert vault.drafts.answers(REQUEST)["count"] in (last, last + 1)
            assert all(vault.objects.has(ObjectId(digest(f"{n} " * 1000))) for n in acknowledged)
            assert {problem.code for problem in vault.check()} == {"object-unclaimed"}
    assert len(acknowledged) > KILLS
