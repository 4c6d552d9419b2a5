"""Takes the names and addresses of officials out of a text that is to be published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dsadesk.domain.events import AgreementSigned, RequestApproved, RequestRejected
from dsadesk.domain.request import RequestState

AN_OFFICIAL = "[an official]"
AN_ADDRESS = "[address left out]"
_EMAIL = re.compile(r"[^\s<>()\"',;]+@[^\s<>()\"',;]+\.[^\s<>()\"',;.]+")
_NAME_COLUMNS = (
    ("about.people", "name"),
    ("risks.table", "accepter"),
    ("assurance.reviews", "name"),
    ("benefits.table", "reporter"),
)
_SHORTEST = 3


class Nameless:
    """Knows everyone who is named in a request or said something about it."""

    def __init__(self, names: frozenset[str]) -> None:
        whole = sorted((name for name in names if len(name) >= _SHORTEST), key=len, reverse=True)
        self._names = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, whole))})(?!\w)", re.IGNORECASE) if whole else None
        )

    @classmethod
    def of(cls, state: RequestState) -> Nameless:
        """Everyone in the history, the sign-offs and the tables that ask for people."""
        return cls(frozenset(" ".join(name.split()) for name in _names(state) if name.strip()))

    def without_names(self, text: str) -> str:
        """The text with a word in place of each name and each e-mail address."""
        text = _EMAIL.sub(AN_ADDRESS, text)
        return self._names.sub(AN_OFFICIAL, text) if self._names is not None else text


def _names(state: RequestState) -> Iterator[str]:
    for entry in state.history:
        yield entry.event.by.name
        match entry.event.body:
            case RequestApproved(decided_by=official) | RequestRejected(decided_by=official):
                yield official.name
            case AgreementSigned(signatory=official):
                yield official.name
    for signed in state.submission.sign_offs or ():
        yield signed.by.name
    for question, column in _NAME_COLUMNS:
        rows: Any = state.answers.get(question)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get(column), str):
                yield row[column]
