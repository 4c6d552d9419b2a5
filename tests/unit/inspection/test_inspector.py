from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from dsadesk.errors import SampleError
from dsadesk.inspection.inspector import LocalInspector, ProcessInspector
from dsadesk.inspection.tables import Limits
from dsadesk.ports import Inspector

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
SOURCES = Path(__file__).parents[3] / "src"
LARGE = b"a,b\n" + b"1,2\n" * 500_000

INSPECTORS: dict[str, Callable[[Limits | None], Inspector]] = {
    "local": LocalInspector,
    "process": lambda limits: ProcessInspector(limits=limits),
}


@pytest.fixture(params=sorted(INSPECTORS))
def make(request: pytest.FixtureRequest) -> Callable[[Limits | None], Inspector]:
    return INSPECTORS[request.param]


def refusal(inspector: Inspector, source: BinaryIO | bytes, name: str = "s.csv") -> SampleError:
    with pytest.raises(SampleError) as caught:
        inspector.profile(io.BytesIO(source) if isinstance(source, bytes) else source, name)
    return caught.value


def test_every_inspector_says_the_same_of_every_sample():
    local, process = LocalInspector(), ProcessInspector()
    for path in sorted(SAMPLES.glob("*.[ct]sv")):
        answers = []
        for inspector in (local, process):
            try:
                with path.open("rb") as source:
                    answers.append(inspector.profile(source, path.name))
            except SampleError as error:
                answers.append((error.code, error.fields))
        assert answers[0] == answers[1], path.name


def test_limits_hold_in_every_inspector(make: Callable[[Limits | None], Inspector]):
    error = refusal(make(Limits(bytes=1000)), LARGE)
    assert (error.code, error.fields) == ("sample-too-large", {"limit": 1000})


def test_a_large_sample_is_streamed_through(make: Callable[[Limits | None], Inspector]):
    assert make(None).profile(io.BytesIO(LARGE), "s.csv").rows == 500_000


def script(text: str, seconds: float = 30) -> ProcessInspector:
    return ProcessInspector(command=[sys.executable, "-c", text], seconds=seconds)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("import os; os._exit(3)", 3),
        ("import sys; sys.stdin.buffer.read(); sys.exit(4)", 4),
        ("import sys; sys.stdin.buffer.read(100); raise RuntimeError('quotes the sample')", 1),
        ("import sys; sys.stdin.buffer.read()", 0),
        ("import sys; sys.stdin.buffer.read(); print('{}')", 0),
        ("import sys; sys.stdin.buffer.read(); print('not an answer')", 0),
        ('import sys; sys.stdin.buffer.read(); print(\'{"profile": {"rows": "many"}}\')', 0),
        ('import sys; sys.stdin.buffer.read(); print(\'{"code": "x"}\'); sys.exit(5)', 5),
        ("import sys; sys.stdin.buffer.read(); sys.stdout.write('[' * 9_000_000)", None),
    ],
)
def test_a_reader_that_fails_is_one_failed_inspection(text: str, code: int | None):
    error = refusal(script(text), LARGE)
    assert error.code == "inspection-failed"
    assert code is None or error.fields == {"exit": code}


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_a_reader_that_crashes_is_one_failed_inspection():
    crash = "import os, signal, sys; sys.stdin.buffer.read(10); os.kill(os.getpid(), signal.SIGSEGV)"
    assert refusal(script(crash), LARGE).code == "inspection-failed"


def test_a_reader_that_cannot_be_started_is_one_failed_inspection(tmp_path: Path):
    error = refusal(ProcessInspector(command=[str(tmp_path / "nothing-here")]), b"a,b\n1,2\n")
    assert (error.code, error.fields) == ("inspection-failed", {"exit": -1})


@pytest.mark.parametrize(
    "text",
    [
        "import threading; threading.Event().wait()",
        "import sys, threading; sys.stdin.buffer.read(); threading.Event().wait()",
    ],
)
def test_a_reader_that_hangs_is_stopped(text: str):
    error = refusal(script(text, seconds=0.3), LARGE)
    assert error.code == "inspection-timeout"


def test_a_fault_of_the_source_is_the_sources_own_and_leaves_no_process():
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 0:
                raise ConnectionError("torn")
            return super().read(size)

    with pytest.raises(ConnectionError, match="torn"):
        ProcessInspector().profile(Torn(LARGE), "s.csv")


def test_an_odd_name_reaches_the_reader_as_it_is():
    name = "Ynys Môn\n“1”" + "x" * 5000 + ".tsv"
    assert ProcessInspector().profile(io.BytesIO(b"a\nb\n"), name).delimiter == "\t"


def in_a_restricted_process(text: str) -> subprocess.CompletedProcess[str]:
    code = f"from dsadesk.inspection.child import restrict\nrestrict(512 * 1024 * 1024)\n{text}"
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_a_reader_cannot_write_files(tmp_path: Path):
    target = tmp_path / "leak"
    done = in_a_restricted_process(f"import os\nos.write(os.open({str(target)!r}, os.O_CREAT | os.O_WRONLY), b'plain')")
    assert "File too large" in done.stderr
    assert target.stat().st_size == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has crash handlers behind a pipe")
def test_a_reader_leaves_no_dump_even_to_a_handler_behind_a_pipe():
    import resource

    before = resource.getrlimit(resource.RLIMIT_CORE)[1]
    done = in_a_restricted_process("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))")
    assert done.stdout == f"{(0, 0) if before == 0 else (1, 1)}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's address space dependably")
def test_a_reader_cannot_take_all_memory():
    done = in_a_restricted_process("try:\n    bytearray(2**30)\nexcept MemoryError:\n    print('bounded')")
    assert done.stdout == "bounded\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's address space dependably")
def test_a_reader_without_memory_is_one_refused_sample():
    error = refusal(ProcessInspector(memory=1024 * 1024), LARGE)
    assert error.code in ("sample-too-complex", "inspection-failed")


def test_nothing_of_a_sample_is_left_in_the_temporary_folder(tmp_path: Path):
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(tmp_path)
    try:
        ProcessInspector().profile(io.BytesIO(LARGE), "s.csv")
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
    assert list(tmp_path.iterdir()) == []
