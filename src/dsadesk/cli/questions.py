"""`dsadesk questions …`: questions that an organisation asks of whoever wants its data, beside those that ship."""

from __future__ import annotations

from pathlib import Path

import click

from dsadesk.cli.output import Context, pass_context, read_file, table, write_file
from dsadesk.domain.ids import OrganisationId
from dsadesk.questions.pack import QuestionPack
from dsadesk.services import question_packs


@click.group("questions")
def group() -> None:
    """Suppliers' own questions: sign yours, take in theirs."""


@group.command("sign")
@click.argument("pack", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def sign(context: Context, pack: Path, target: Path) -> None:
    """Check your own questions in a JSON file, sign them with your organisation's key, and write them for partners."""
    write_file(target, question_packs.sign_pack(context.session, read_file(str(pack))))
    held = question_packs.pack_of(context.session, context.session.profile.organisation.id)
    said = f"{_says(held)} Give {target} to whoever will ask you for data." if held else ""
    context.tell(said, {"questions": str(target), "version": held.version if held else ""})


@group.command("take")
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def take(context: Context, file: Path) -> None:
    """Take in a partner's own questions. Their signature is checked by the card that you hold."""
    pack = question_packs.take_pack(context.session, read_file(str(file)))
    context.tell(f"{_says(pack)} They are asked in each request to {pack.org}.", _value(pack))


@group.command("list")
@pass_context
def list_(context: Context) -> None:
    """List whose own questions are held here."""
    session = context.session
    held = [
        pack for card in session.vault.cards.all() if (pack := question_packs.pack_of(session, card.org)) is not None
    ]
    rows = [(pack.org, pack.version, f"{pack.count} questions", pack.title.en) for pack in held]
    context.tell(table(rows) or ["Nobody's own questions are held here."], [_value(pack) for pack in held])


@group.command("drop")
@click.argument("organisation")
@pass_context
def drop(context: Context, organisation: str) -> None:
    """Stop asking an organisation's own questions. Answers stay in their drafts and are no longer sealed."""
    had = question_packs.drop_pack(context.session, OrganisationId(organisation))
    context.tell("They are no longer asked." if had else "There were none.", {"dropped": had})


def _says(pack: QuestionPack) -> str:
    return f"“{pack.title.en}”, version {pack.version}: {pack.count} questions."


def _value(pack: QuestionPack) -> dict[str, object]:
    return {"org": pack.org, "version": pack.version, "questions": pack.count, "title": pack.title.en}
