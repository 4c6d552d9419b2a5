"""`dsadesk catalogue …`: the datasets that lie on this laptop."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from dsadesk.catalogue.describe import summary_lines
from dsadesk.cli.output import Context, pass_context, read_file, table
from dsadesk.services import discovering
from dsadesk.services.wording import record_problem_sentence


@click.group("catalogue")
def group() -> None:
    """Import and search catalogue records."""


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def import_(context: Context, file: Path) -> None:
    """Take in a catalogue file (CSV, JSON or YAML of the UK metadata exchange model)."""
    done = discovering.import_catalogue(context.session, read_file(str(file)), file.name)
    lines = [f"{done.records} datasets taken in from {file.name}."]
    lines += [f"  {record_problem_sentence(problem)}" for problem in done.problems[:20]]
    context.tell(lines, {"records": done.records, "problems": msgspec.to_builtins(done.problems)})


@group.command("search")
@click.argument("words", nargs=-1)
@pass_context
def search(context: Context, words: tuple[str, ...]) -> None:
    """Find datasets by words."""
    found = discovering.search(context.session, " ".join(words))
    rows = [(dataset.identifier, dataset.title[:70], dataset.publisher) for dataset in found]
    context.tell(table(rows) or ["Nothing matches."], msgspec.to_builtins(found))


@group.command("show")
@click.argument("identifier")
@pass_context
def show(context: Context, identifier: str) -> None:
    """Show a dataset: who owns it and on what terms."""
    found = discovering.dataset(context.session, identifier)
    context.tell(
        [found.title, *(f"{label}: {text}" for label, text in summary_lines(found))], msgspec.to_builtins(found)
    )
