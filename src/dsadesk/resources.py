"""Where the files that ship and are not code lie: in the wheel, in the frozen program, in the source tree."""

from __future__ import annotations

import functools
from pathlib import Path

from dsadesk.questions.model import LegalPack, QuestionSet
from dsadesk.questions.parse import parse_pack, parse_set

_PACKAGE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Return the place of a shipped file or folder. Nothing is read, and it need not exist."""
    packed = _PACKAGE / "_resources"
    root = packed if packed.is_dir() else _PACKAGE.parents[1] / "resources"
    return root.joinpath(*parts)


class ShippedLibrary:
    """What ships with the program, read once when it is first asked for. Implements `ports.Library`."""

    def question_set(self, name: str = "core") -> QuestionSet:
        """The newest released question set of this name."""
        return _question_set(name)

    def clauses(self) -> bytes:
        """The clauses that agreements are made from: the newest dated file."""
        return max(path("documents").glob("clauses-*.json")).read_bytes()

    def document_template(self) -> bytes:
        """The typesetting template of documents."""
        return path("documents", "document.typ").read_bytes()

    def templates(self) -> tuple[bytes, ...]:
        """Answers to begin a request with, by the names of their files."""
        return tuple(file.read_bytes() for file in sorted(path("templates").glob("*.json")))

    def fonts(self) -> Path:
        """The folder of fonts that ship."""
        return path("fonts")


@functools.cache
def _question_set(name: str) -> QuestionSet:
    newest = max(path("questions", name).glob("*.json"), key=_version)
    return parse_set(newest.read_bytes(), _packs())


@functools.cache
def _packs() -> dict[str, LegalPack]:
    newest = max(path("legal").glob("*.json"))
    return {"legal": parse_pack(newest.read_bytes())}


def _version(file: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in file.stem.split("."))
