"""`dsadesk request …`: what is written about a request for people to read: the request itself, the decision letter, the public record."""

from __future__ import annotations

from pathlib import Path

import click

from dsadesk.cli.named import request_id_of
from dsadesk.cli.output import Context, pass_context, write_file
from dsadesk.documents import markdown
from dsadesk.domain.ids import RequestId
from dsadesk.services import publishing
from dsadesk.services.naming import record_name
from dsadesk.services.papers import Paper, paper, paper_files
from dsadesk.services.reading import state_of

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("letter")
@click.argument("request")
@click.argument("folder", type=_FOLDER, required=False)
@pass_context
def letter(context: Context, request: str, folder: Path | None) -> None:
    """Show the decision letter with its reasons and conditions, or write it to FOLDER as PDF, HTML and Markdown."""
    _tell(context, request_id_of(context, request), Paper.LETTER, folder)


@click.command("paper")
@click.argument("request")
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--draft", is_flag=True, help="The new version that is being written, not the one that was sealed.")
@pass_context
def paper_(context: Context, request: str, folder: Path | None, *, draft: bool) -> None:
    """Show the whole request to read through, or write it to FOLDER as PDF, HTML and Markdown."""
    request_id = request_id_of(context, request)
    is_draft = draft or state_of(context.session, request_id) is None
    _tell(context, request_id, Paper.DRAFT if is_draft else Paper.REQUEST, folder)


def _tell(context: Context, request: RequestId, which: Paper, folder: Path | None) -> None:
    if folder is None:
        text = markdown.render(paper(context.session, request, which)).decode()
        context.tell(text, {"markdown": text})
        return
    made = paper_files(context.session, request, which)
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for suffix, name, data in made.files:
        write_file(folder / name, data)
        written[suffix] = str(folder / name)
    context.tell([*(f"Written: {path}" for path in written.values()), "These files are not encrypted."], written)


@click.command("record")
@click.argument("request")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--details", is_flag=True, help="Both sides agreed to publish more of a request marked OFFICIAL-SENSITIVE."
)
@click.option("--now", is_flag=True, help="What the publication was put off for is over.")
@pass_context
def record(context: Context, request: str, folder: Path, *, details: bool, now: bool) -> None:
    """Write the public record of a decided request as HTML, PDF, Markdown, JSON and CSV."""
    request_id = request_id_of(context, request)
    files = publishing.record_files(context.session, request_id, details=details, now=now)
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for suffix, data in files.by_suffix().items():
        target = folder / record_name(context.session, request_id, suffix)
        write_file(target, data)
        written[suffix] = str(target)
    held = [] if files.is_whole else ["Parts of the request are held back, because it is marked OFFICIAL-SENSITIVE."]
    context.tell(
        [*(f"Written: {path}" for path in written.values()), *held, "Read it before you publish it."],
        {**written, "is_whole": files.is_whole},
    )


COMMANDS = (letter, paper_, record)
