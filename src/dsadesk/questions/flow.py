"""The journey of the data as something to draw: who takes part, and each step from one to another. The text says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

FLOW = "setting.flow"
MOST_PARTIES = 8


class FlowStep(Struct, frozen=True):
    """One step: from and to are places in the list of parties, the same one where data stays in the house."""

    number: int
    start: int
    end: int
    what: str
    how: str


class Flow(Struct, frozen=True):
    """The parties in the order in which the data meets them, and the steps that are complete."""

    parties: tuple[str, ...]
    steps: tuple[FlowStep, ...]

    @property
    def can_be_drawn(self) -> bool:
        """Whether there is something to draw, and not more than can be read."""
        return bool(self.steps) and len(self.parties) <= MOST_PARTIES


def flow_of(rows: Sequence[Mapping[str, str]]) -> Flow:
    """Return the flow that rows of the question describe. Names that differ in case or spaces only are one party."""
    parties: list[str] = []
    places: dict[str, int] = {}
    steps: list[FlowStep] = []

    def place(name: str) -> int:
        key = " ".join(name.split()).casefold()
        if key not in places:
            places[key] = len(parties)
            parties.append(" ".join(name.split()))
        return places[key]

    for number, row in enumerate(rows, start=1):
        start, end = row.get("from", "").strip(), row.get("to", "").strip()
        if start and end:
            what, how = " ".join(row.get("what", "").split()), " ".join(row.get("how", "").split())
            steps.append(FlowStep(number, place(start), place(end), what, how))
    return Flow(tuple(parties), tuple(steps))


def in_words(flow: Flow) -> tuple[str, ...]:
    """Return a sentence for each step: what a reader who cannot see the drawing is told."""
    said = []
    for step in flow.steps:
        what, how = step.what.rstrip(".") or "data", f" ({step.how.rstrip('.')})" if step.how else ""
        start, end = flow.parties[step.start], flow.parties[step.end]
        where = f"at {start}" if step.start == step.end else f"from {start} to {end}"
        said.append(f"Step {step.number}, {where}: {what}{how}.")
    return tuple(said)
