"""Drafts in the vault's database: one row an answer, one row a revision."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import OrganisationId, QuestionId, RequestId
from dsadesk.domain.marking import Marking
from dsadesk.errors import RuleError
from dsadesk.ports import Draft, Revision
from dsadesk.storage.database import Database, Row
from dsadesk.storage.json_text import from_json, to_json
from dsadesk.storage.moments import from_stored, to_stored

KEPT_REVISIONS = 200
TYPING = timedelta(seconds=30)

_PUT = """
INSERT INTO draft (request, reference, title, supplier, supplier_name, dataset, question_set, marking, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (request) DO UPDATE SET reference = excluded.reference, title = excluded.title, supplier = excluded.supplier,
  supplier_name = excluded.supplier_name, dataset = excluded.dataset, question_set = excluded.question_set,
  marking = excluded.marking, created_at = excluded.created_at, updated_at = excluded.updated_at
"""
_SAVE = """
INSERT INTO answer (request, question, value) VALUES (?, ?, ?)
ON CONFLICT (request, question) DO UPDATE SET value = excluded.value
"""
# Somebody who types saves with every letter: what stood for less than half a minute would fill the history and say nothing.
_TYPE_ON = """
UPDATE revision SET value = :value WHERE at > :since AND at <= :at AND value LIKE '"%' AND n = (
  SELECT MAX (n) FROM revision WHERE request = :request AND question = :question)
"""
_FORGET_OLDEST = """
DELETE FROM revision WHERE request = :request AND question = :question AND n <= (
  SELECT n FROM revision WHERE request = :request AND question = :question ORDER BY n DESC LIMIT 1 OFFSET :kept)
"""


class SqlcipherDrafts:
    """Implements `ports.Drafts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, draft: Draft) -> None:
        """Makes a draft or changes its own fields."""
        dataset = None if draft.dataset is None else to_json(draft.dataset)
        times = to_stored(draft.created_at), to_stored(draft.updated_at)
        fields = (draft.request, draft.reference, draft.title, draft.supplier, draft.supplier_name, dataset)
        self._database.execute(_PUT, (*fields, draft.question_set, draft.marking.value, *times))

    def get(self, request: RequestId) -> Draft | None:
        """A draft."""
        row = self._database.first("SELECT * FROM draft WHERE request = ?", (request,))
        return None if row is None else _from_row(row)

    def all(self) -> tuple[Draft, ...]:
        """Every draft, newest change first."""
        rows = self._database.query("SELECT * FROM draft ORDER BY updated_at DESC, request DESC")
        return tuple(_from_row(row) for row in rows)

    def save_answer(self, request: RequestId, question: QuestionId, value: Any, at: datetime) -> None:
        """Saves one answer and adds a revision, or types on in the last one; None clears it. Raises: RuleError("no-such-draft")."""
        text = None if value is None else to_json(value)
        moment = to_stored(at)
        with self._database.together():
            if not self._database.execute("UPDATE draft SET updated_at = ? WHERE request = ?", (moment, request)):
                raise RuleError("no-such-draft", request=request)
            if text is None:
                self._database.execute("DELETE FROM answer WHERE request = ? AND question = ?", (request, question))
            else:
                self._database.execute(_SAVE, (request, question, text))
            if text is not None and text.startswith('"'):
                window = {"request": request, "question": question, "since": to_stored(at - TYPING), "at": moment}
                if self._database.execute(_TYPE_ON, {**window, "value": text}):
                    return
            self._database.execute(
                "INSERT INTO revision (request, question, value, at) VALUES (?, ?, ?, ?)",
                (request, question, text, moment),
            )
            kept = {"request": request, "question": question, "kept": KEPT_REVISIONS}
            self._database.execute(_FORGET_OLDEST, kept)

    def answers(self, request: RequestId) -> dict[str, Any]:
        """The answers as they stand."""
        rows = self._database.query("SELECT question, value FROM answer WHERE request = ?", (request,))
        return {row["question"]: from_json(row["value"]) for row in rows}

    def revisions(self, request: RequestId, question: QuestionId | None = None) -> tuple[Revision, ...]:
        """What was saved before, oldest first; the last 200 of each question are kept."""
        if question is None:
            rows = self._database.query("SELECT * FROM revision WHERE request = ? ORDER BY n", (request,))
        else:
            sql = "SELECT * FROM revision WHERE request = ? AND question = ? ORDER BY n"
            rows = self._database.query(sql, (request, question))
        return tuple(
            Revision(
                question=QuestionId(row["question"]),
                value=None if row["value"] is None else from_json(row["value"]),
                at=from_stored(row["at"]),
            )
            for row in rows
        )

    def discard(self, request: RequestId) -> None:
        """Removes a draft with its answers and revisions."""
        self._database.execute("DELETE FROM draft WHERE request = ?", (request,))


def _from_row(row: Row) -> Draft:
    return Draft(
        request=RequestId(row["request"]),
        reference=row["reference"],
        title=row["title"],
        supplier=None if row["supplier"] is None else OrganisationId(row["supplier"]),
        supplier_name=row["supplier_name"],
        dataset=None if row["dataset"] is None else msgspec.json.decode(row["dataset"], type=Dataset),
        question_set=row["question_set"],
        marking=Marking(row["marking"]),
        created_at=from_stored(row["created_at"]),
        updated_at=from_stored(row["updated_at"]),
    )
