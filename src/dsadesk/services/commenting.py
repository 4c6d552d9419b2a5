"""What colleagues write beside a draft on this laptop. It stays in the vault: no event, no bundle and no document ever has a word of it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.errors import RuleError
from dsadesk.services.session import Session

PREFIX = "comments."
MAX_COMMENTS = 500
MAX_AUTHOR = 80
MAX_LETTERS = 2_000


class Comment(Struct, frozen=True, kw_only=True):
    """A remark about one answer, by somebody who sat at this laptop. The name is what they typed: nobody signed it."""

    id: str
    question: str
    author: str
    text: str
    at: datetime
    is_done: bool = False


def comments(session: Session, request: RequestId) -> tuple[Comment, ...]:
    """Every comment beside a draft, oldest first."""
    kept = session.vault.settings.read(PREFIX + request)
    return tuple(msgspec.json.decode(kept, type=list[Comment])) if kept else ()


def add(session: Session, request: RequestId, question: QuestionId, author: str, text: str) -> Comment:
    """Writes a comment. Raises: RuleError("comment-empty" | "comment-unnamed" | "comments-full")."""
    kept = comments(session, request)
    name, said = author.strip()[:MAX_AUTHOR], text.strip()[:MAX_LETTERS]
    if not said:
        raise RuleError("comment-empty")
    if not name:
        raise RuleError("comment-unnamed")
    if len(kept) >= MAX_COMMENTS:
        raise RuleError("comments-full", limit=MAX_COMMENTS)
    now, number = session.world.clock.now(), session.world.entropy.token(8).hex()
    made = Comment(id=number, question=question, author=name, text=said, at=now)
    _write(session, request, (*kept, made))
    return made


def mark_done(session: Session, request: RequestId, comment: str, *, is_done: bool) -> None:
    """Says that a comment is dealt with, or not yet."""
    kept = comments(session, request)
    changed = tuple(msgspec.structs.replace(each, is_done=is_done) if each.id == comment else each for each in kept)
    _write(session, request, changed)


def remove(session: Session, request: RequestId, comment: str) -> None:
    """Takes a comment away. Removing twice is fine."""
    _write(session, request, tuple(each for each in comments(session, request) if each.id != comment))


def remove_all(session: Session, request: RequestId) -> None:
    """Takes away every comment beside a draft that is thrown away."""
    session.vault.settings.remove(PREFIX + request)


def _write(session: Session, request: RequestId, kept: tuple[Comment, ...]) -> None:
    if kept:
        session.vault.settings.write(PREFIX + request, msgspec.json.encode(kept))
    else:
        remove_all(session, request)
