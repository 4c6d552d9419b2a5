"""Small question sets for tests, as the JSON-like shapes that a file holds."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from dsadesk.questions.model import LegalPack, QuestionSet
from dsadesk.questions.parse import parse_pack, parse_set

ROOT = Path(__file__).parents[3]
ANSWERS = ROOT / "tests" / "data" / "answers"

SMALL_PACK: dict[str, Any] = {
    "format": "dsadesk-legal/1",
    "id": "small",
    "title": {"en": "A small pack"},
    "dated": "2026-11-20",
    "notice": {"en": "This is not legal advice."},
    "lists": [
        {
            "name": "bases",
            "title": {"en": "Bases"},
            "source": "A law",
            "url": "https://www.example.gov.uk/",
            "entries": [
                {"value": "task", "label": {"en": "Task"}, "law": "A law", "url": "https://www.example.gov.uk/"},
                {
                    "value": "none",
                    "label": {"en": "None"},
                    "law": "A law",
                    "url": "https://www.example.gov.uk/",
                    "alone": True,
                },
            ],
        }
    ],
}


def released_pack() -> LegalPack:
    """Return the legal pack that ships."""
    return parse_pack((ROOT / "resources" / "legal" / "uk-2026-11.json").read_bytes())


def released_set(name: str) -> QuestionSet:
    """Return a question set that ships."""
    return parse_set((ROOT / "resources" / "questions" / name / "1.0.0.json").read_bytes(), {"legal": released_pack()})


def question(question_id: str, kind: str = "text", **fields: Any) -> dict[str, Any]:
    """Return a question as it stands in a file, with whatever its kind cannot do without."""
    shape: dict[str, Any] = {
        "id": question_id,
        "codes": ["B1"],
        "type": kind,
        "label": {"en": f"The question {question_id}?"},
        "why": {"en": "Because."},
        "hint": {"en": "A hint."},
        "required": "always",
    }
    if kind in {"text", "long"}:
        shape["limits"] = {"max_words": 20}
    if kind in {"choice", "checks"}:
        shape["options"] = [
            {"value": "red", "label": {"en": "Red", "cy": "Coch"}},
            {"value": "blue", "label": {"en": "Blue", "cy": "Glas"}},
            {"value": "none", "label": {"en": "None"}, "alone": True},
        ]
    if kind == "repeat":
        shape["columns"] = [
            {
                "id": "kind",
                "type": "choice",
                "label": {"en": "Kind"},
                "required": True,
                "options": copy.deepcopy(COLOURS),
            },
            {"id": "note", "type": "text", "label": {"en": "Note"}, "required": True, "max_chars": 20},
            {"id": "day", "type": "date", "label": {"en": "Day", "cy": "Diwrnod"}},
            {"id": "count", "type": "number", "label": {"en": "Count"}},
            {"id": "email", "type": "email", "label": {"en": "Email"}},
        ]
    return shape | fields


COLOURS = [
    {"value": "red", "label": {"en": "Red", "cy": "Coch"}},
    {"value": "blue", "label": {"en": "Blue", "cy": "Glas"}},
]

SECONDS = {
    "text": 60, "long": 180, "choice": 20, "checks": 30, "yesno": 10,
    "date": 15, "number": 15, "confirm": 10, "repeat": 360, "organisation": 20,
}  # fmt: skip


def set_shape(*questions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a set with one section that holds these questions."""
    return {
        "format": "dsadesk-questions/1",
        "id": "small",
        "version": "1.0.0",
        "title": {"en": "A small set"},
        "released": "2026-11-20",
        "seconds": SECONDS,
        "sources": [{"id": "ICO", "title": "A code", "url": "https://www.example.gov.uk/"}],
        "sections": [{"id": "one", "title": {"en": "One"}, "lead": {"en": "A lead."}, "questions": list(questions)}],
    } | fields


def parsed(*questions: dict[str, Any], **fields: Any) -> QuestionSet:
    """Return the set with one section that holds these questions, read through the door."""
    pack = parse_pack(json.dumps(SMALL_PACK).encode())
    return parse_set(json.dumps(set_shape(*questions, **fields)).encode(), {"legal": pack})
