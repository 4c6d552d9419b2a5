"""`dsadesk agreement …`: generate, read, sign and keep the agreement."""

from __future__ import annotations

from pathlib import Path

import click

from dsadesk.cli.named import request_id_of
from dsadesk.cli.output import Context, pass_context, write_file
from dsadesk.services import agreeing
from dsadesk.services.naming import file_name
from dsadesk.services.reading import require_state


@click.group("agreement")
def group() -> None:
    """Generate, read, sign and export agreements."""


@group.command("draft")
@click.argument("request")
@pass_context
def draft(context: Context, request: str) -> None:
    """Generate the agreement from the answers and propose it to the other side."""
    request_id = request_id_of(context, request)
    agreeing.draft(context.session, request_id)
    agreement = agreeing.require_agreement(require_state(context.session, request_id))
    line = f"Version {agreement.body.version} of the agreement is generated. Read it, then sign it."
    context.tell(line, {"version": agreement.body.version, "sha256": agreement.body.sha256})


@group.command("show")
@click.argument("request")
@pass_context
def show(context: Context, request: str) -> None:
    """Show the agreement's text and who has signed it."""
    files = agreeing.files(context.session, request_id_of(context, request))
    context.tell(files.markdown.decode(), {"markdown": files.markdown.decode()})


@group.command("sign")
@click.argument("request")
@pass_context
def sign(context: Context, request: str) -> None:
    """Sign exactly the text that lies there."""
    request_id = request_id_of(context, request)
    agreeing.sign_agreement(context.session, request_id)
    state = require_state(context.session, request_id)
    agreement = agreeing.require_agreement(state)
    signers = [body.signatory.name for _, _, body in agreement.signatures]
    both = "Both sides have signed." if state.stage.value == "signed" else "The other side has not signed yet."
    context.tell(f"Signed. {both}", {"stage": state.stage.value, "signed_by": signers, "sha256": agreement.body.sha256})


@group.command("export")
@click.argument("request")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@pass_context
def export(context: Context, request: str, folder: Path) -> None:
    """Write the agreement as HTML, PDF and Markdown, with the signed envelope for checking without dsadesk."""
    request_id = request_id_of(context, request)
    files = agreeing.files(context.session, request_id)
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for suffix, data in (
        ("html", files.html),
        ("pdf", files.pdf),
        ("md", files.markdown),
        ("dsse.json", files.envelope),
    ):
        target = folder / file_name(context.session, request_id, f"agreement.{suffix}")
        write_file(target, data)
        written[suffix] = str(target)
    context.tell([f"Written: {path}" for path in written.values()], written)
