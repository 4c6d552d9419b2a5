"""The process that reads a sample: `python -m dsadesk.inspection.child`, or the frozen program with `CHILD_ARGUMENT`.

On its standard input comes one line of JSON (an `Order`) and then the sample's bytes; on its standard output goes one JSON
object (an `Answer`). It may not write files, so that nothing of a sample reaches the disk, nor leave a core dump.
"""

from __future__ import annotations

import contextlib
import gc
import sys

import msgspec
from msgspec import Struct

from dsadesk.errors import SampleError
from dsadesk.inspection.profile import profile_table
from dsadesk.inspection.tables import Limits
from dsadesk.ports import TableProfile

CHILD_ARGUMENT = "inspect-sample"
MAX_ORDER_BYTES = 65_536


class Order(Struct, frozen=True, kw_only=True):
    """What to read: the sample's name for its ending, and what it and the process may be at most."""

    name: str
    limits: Limits
    memory: int


class Answer(Struct, frozen=True, kw_only=True):
    """The profile, or the code and fields of a refusal."""

    profile: TableProfile | None = None
    code: str = ""
    fields: dict[str, str | int | bool | list[str]] = {}


def restrict(memory: int) -> None:
    """Takes away what reading a table does not need, as far as the system can: memory beyond a bound, files, processes, dumps.

    On Linux the limit on dumps is one byte and not none: a crash handler behind a pipe heeds only that one (core(5)).
    """
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's time limit and the size limits hold there too
        return
    dump = 1 if sys.platform == "linux" else 0
    for name, wanted in (("RLIMIT_AS", memory), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", dump), ("RLIMIT_NPROC", 0)):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            number = getattr(resource, name)
            _, most = resource.getrlimit(number)
            limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
            resource.setrlimit(number, (limit, limit))


def main() -> int:
    """Answers one order."""
    source = sys.stdin.buffer
    order = msgspec.json.decode(source.readline(MAX_ORDER_BYTES), type=Order)
    restrict(order.memory)
    # Rows make no cycles, and looking for some among millions of them costs more than reading them.
    gc.disable()
    try:
        answer = Answer(profile=profile_table(source, order.name, order.limits))
    except SampleError as error:
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in error.fields.items()}
        answer = Answer(code=error.code, fields=fields)
    except MemoryError:
        answer = Answer(code="sample-too-complex")
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
