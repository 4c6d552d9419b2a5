"""The frozen SQL that made every vault what it is. Steps are applied in order, each once, and never edited after a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Step:
    """One change of the tables, by the name of its file here, or with its SQL at hand."""

    n: int
    name: str
    text: str = ""

    @property
    def sql(self) -> str:
        """The statements."""
        return self.text or read_sql(self.name)


STEPS: Final = (Step(1, "0001_cases"),)


def read_sql(name: str) -> str:
    """A file of this package, wherever the program was installed."""
    from importlib import resources

    return resources.files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
