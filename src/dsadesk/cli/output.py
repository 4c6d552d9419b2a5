"""Prints results as text or JSON from the same values, and errors as a sentence, what to do, and an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from dsadesk.errors import DsadeskError, RuleError
from dsadesk.services.desk import Desk
from dsadesk.services.file_faults import unwritable
from dsadesk.services.keeping_cards import card_names
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, explain

T = TypeVar("T")

EXIT_CODES = (
    (0, "done"),
    (1, "something that should not happen; please report it"),
    (2, "the command was not typed right"),
    (3, "a file or a value that was given cannot be used"),
    (4, "the rules of the conversation do not allow it now"),
    (5, "a bundle was refused at one of its checks"),
    (6, "the vault cannot be used as it is"),
    (7, "the operating system's key store does not give the key"),
    (8, "the place that bundles go to cannot be used now"),
)


@dataclass
class Context:
    """What every command is given: where the vault is, how to open it, and how to print."""

    make_desk: Callable[[Path | None], Desk]
    vault: Path | None
    passphrase_file: Path | None
    as_json: bool
    _desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """The desk, made once."""
        if self._desk is None:
            self._desk = self.make_desk(self.vault)
        return self._desk

    @property
    def session(self) -> Session:
        """The open session, unlocking the vault when it is not open yet. Raises: DsadeskError."""
        if not self.desk.is_open:
            if self.passphrase_file is not None:
                self.desk.unlock_with_passphrase(self.passphrase())
            else:
                self.desk.unlock_with_key_store()
        return self.desk.session

    def passphrase(self) -> str:
        """The passphrase from its file, without the line's end. Raises: RuleError("passphrase-file")."""
        if self.passphrase_file is None:
            raise RuleError("passphrase-file")
        try:
            return self.passphrase_file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise RuleError("passphrase-file", name=self.passphrase_file.name) from error

    def tell(self, text: str | Sequence[str], value: Any) -> None:
        """Prints a result: `text` for people, `value` for programs."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
        else:
            click.echo(_harmless(text if isinstance(text, str) else "\n".join(text)))

    def explain(self, error: DsadeskError) -> Explanation:
        """An error in words, with organisations by their names where the vault is open."""
        if not self.desk.is_open:
            return explain(error)
        session = self.desk.session
        return explain(error, own=session.profile.organisation.id, name_of=card_names(session))

    def close(self) -> None:
        """Locks the vault."""
        if self._desk is not None:
            self._desk.lock()


pass_context = click.make_pass_decorator(Context)


def report(error: DsadeskError, said: Explanation, *, as_json: bool) -> int:
    """Prints an expected error and returns its exit code."""
    if as_json:
        shown: dict[str, Any] = {"error": error.code, "what": said.what, "todo": said.todo}
        shown |= {"command": said.command, "fields": dict(error.fields)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2), err=True)
    else:
        command = [f"  {said.command}"] if said.command else []
        click.echo("\n".join([said.what, *(f"  {line}" for line in said.details), said.todo, *command]), err=True)
    return error.exit_code


def read_file(path: str) -> bytes:
    """A file's bytes; `-` is standard input. Raises: RuleError("file-unreadable", name, why)."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise RuleError("file-unreadable", name=Path(path).name, why=error.strerror or "") from error


def write_file(path: Path, data: bytes) -> None:
    """Writes a file whole, beside its final name first. Raises: RuleError("file-no-room" | "file-unwritable", name)."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise unwritable(path.name, error) from error


def _harmless(text: str) -> str:
    """Text without what a terminal would obey: other people's titles and answers may hold escape sequences."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable())


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with aligned columns."""
    if not rows:
        return []
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
