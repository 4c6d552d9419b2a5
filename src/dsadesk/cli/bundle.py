"""`dsadesk bundle …`: sealed bundles as files, what waits, and what was refused."""

from __future__ import annotations

from pathlib import Path

import click

from dsadesk.cli.output import Context, pass_context, table
from dsadesk.errors import RuleError
from dsadesk.ports import OutboxItem
from dsadesk.services import handing_over, receipts, taking_in
from dsadesk.services.naming import delivery_name
from dsadesk.services.wording import delivery_sentence, evidence_sentences, plain, size_words, unheard_sentence
from dsadesk.services.wording.handing_over import NO_STICK, digest_words, handing_over_sentences, stick_sentence


@click.group("bundle")
def group() -> None:
    """Sealed bundles: what waits, export to a stick, open a file."""


@group.command("list")
@pass_context
def list_(context: Context) -> None:
    """List what was sealed and where it is on its way."""
    now = context.session.world.clock.now()
    items = context.session.vault.outbox.all()
    late = {(item.id, item.box) for item in receipts.overdue(context.session, now)}
    value, lines = [], []
    for item in items:
        is_late = (item.id, item.box) in late
        said = f"{item.id[:8]}  {delivery_sentence(item, now)}"
        lines.append(f"{said} {unheard_sentence(item, now)}" if is_late else said)
        value.append(
            {
                "bundle": item.id,
                "to": item.org,
                "kind": item.kind,
                "state": item.state.value,
                "problem": item.problem,
                "overdue": is_late,
            }
        )
    context.tell(lines or ["Nothing was sealed yet."], value)


@group.command("sticks")
@click.argument("bundle")
@pass_context
def sticks(context: Context, bundle: str) -> None:
    """List the sticks that are plugged in, and whether this bundle can go there."""
    item = _find(context, bundle)
    found = handing_over.sticks(context.session, item)
    value = [
        {"folder": str(s.drive.folder), "name": s.drive.name, "free": s.drive.free, "fitness": s.fitness} for s in found
    ]
    lines = [
        f"{stick.drive.folder} ({plain(stick.drive.name)}): {stick_sentence(stick, handing_over.size_of(item))}"
        for stick in found
    ]
    context.tell(lines or [NO_STICK], value)


@group.command("export")
@click.argument("bundle")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@pass_context
def export(context: Context, bundle: str, target: Path | None) -> None:
    """Write a sealed bundle to one file, for a stick or an e-mail: TARGET is a file or a folder; without it, the one stick that is plugged in."""
    session, item = context.session, _find(context, bundle)
    if target is None:
        target = handing_over.the_stick(session, item)
    if target.is_dir():
        target /= delivery_name(session, item)
    if target.exists():
        raise RuleError("file-exists", name=target.name)
    done = handing_over.export_to(session, item, target)
    to = session.vault.cards.get(item.org)
    lines = [
        f"{target}, {size_words(done.size)}, written and read back.",
        f"SHA-256 {digest_words(done.sha256)}",
        *handing_over_sentences(to.name if to is not None else item.org),
    ]
    context.tell(lines, {"file": str(target), "size": done.size, "sha256": done.sha256})


@group.command("open")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_context
def open_(context: Context, file: Path) -> None:
    """Take in a `.dsabundle` file that someone handed you."""
    try:
        with file.open("rb") as handle:
            taken = taking_in.import_bundle(context.session, handle, file.name)
    except OSError as error:
        raise RuleError("file-unreadable", name=file.name, why=error.strerror or "") from error
    if taken is None:
        context.tell("This bundle was taken in before. Nothing changed.", {"taken": False})
        return
    now = context.session.world.clock.now()
    value = {"taken": True, "request": taken.request, "from": taken.evidence.org.id, "warnings": list(taken.warnings)}
    context.tell(list(evidence_sentences(taken.evidence, now)), value)


@group.command("quarantine")
@pass_context
def quarantine(context: Context) -> None:
    """List bundles that were refused, and at which check."""
    held = context.session.vault.inbox.quarantined()
    rows = [(q.id[:8], q.door, q.code, size_words(q.size), q.source) for q in held]
    value = [{"id": q.id, "door": q.door, "code": q.code, "source": q.source, "at": q.at.isoformat()} for q in held]
    context.tell(table(rows) or ["Nothing was refused."], value)


def _find(context: Context, name: str) -> OutboxItem:
    found = [item for item in context.session.vault.outbox.all() if item.id.startswith(name.lower())]
    if not found:
        raise RuleError("no-such-bundle", bundle=name[:40])
    return found[-1]
