"""What is given to a command as a file and is secret: the 24 words, a recovery kit, a passphrase; and files for one reader."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from dsadesk.cli.output import read_file
from dsadesk.errors import InputError, RuleError
from dsadesk.secret import Secret
from dsadesk.services import keeping_keys
from dsadesk.services.file_faults import unwritable

F = TypeVar("F", bound=Callable[..., None])


def words_options(command: F) -> F:
    """Where a command takes the 24 words from: a file, standard input, or a recovery kit."""
    for option in (
        click.option(
            "--kit-passphrase-file", type=click.Path(path_type=Path), help="A file with the kit's passphrase."
        ),
        click.option("--kit", type=click.Path(path_type=Path), help="A recovery kit with the words."),
        click.option("--words-file", help="A file with the 24 words, or with two shares; - for standard input."),
    ):
        command = option(command)
    return command


def given_words(words_file: str | None, kit: Path | None, kit_passphrase_file: Path | None) -> Secret[str]:
    """The words from wherever they were said to be. Raises: RuleError("kit-needs-passphrase" | "words-missing"), InputError."""
    if (kit is None) != (kit_passphrase_file is None):
        raise RuleError("kit-needs-passphrase")
    if kit is not None:
        return keeping_keys.words_of_kit(read_file(str(kit)), secret_line(str(kit_passphrase_file)))
    if words_file is None:
        raise RuleError("words-missing")
    return Secret(_text_of(words_file))


def secret_line(path: str) -> str:
    """A passphrase from a file, without the line's end. Raises: InputError("file-not-text"), RuleError("file-unreadable")."""
    return _text_of(path).rstrip("\r\n")


def _text_of(path: str) -> str:
    try:
        return read_file(path).decode()
    except UnicodeDecodeError:
        raise InputError("file-not-text") from None


def write_private(path: Path, data: bytes) -> None:
    """Writes a file whole that only its owner may read. Raises: RuleError("file-no-room" | "file-unwritable", name)."""
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise unwritable(path.name, error) from error
