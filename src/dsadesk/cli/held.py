"""`dsadesk keys held | retry | save-held | discard-held`: bundles that stopped at a check."""

from __future__ import annotations

from pathlib import Path

import click

from dsadesk.cli.output import Context, pass_context, write_file
from dsadesk.services import holding, keeping_cards, retrying
from dsadesk.services.wording import explain_quarantined


@click.command("held")
@pass_context
def held(context: Context) -> None:
    """List what stopped at a check: which, why, and what to do."""
    session = context.session
    found = holding.held_back(session)
    names = keeping_cards.card_names(session)
    said = [explain_quarantined(each, own=session.profile.organisation.id, name_of=names) for each in found]
    lines = [
        line
        for each, words in zip(found, said, strict=True)
        for line in (each.id, f"  {words.what}", f"  {words.todo}")
    ]
    more = holding.turned_away(session)
    if more:
        lines.append(f"There was no room to keep {more} more. Discard what you do not need: dsadesk keys discard-held")
    value = [{"id": e.id, "door": e.door, "code": e.code, "source": e.source} for e in found]
    context.tell(lines or ["Nothing is held back."], value)


@click.command("retry")
@click.argument("bundle")
@pass_context
def retry(context: Context, bundle: str) -> None:
    """Try a bundle that was held back again, as it lies in your inbox or as it was kept."""
    taken = retrying.retry_quarantine(context.session, bundle)
    if taken is None:
        context.tell("It was taken in meanwhile.", {"taken": False})
    else:
        context.tell(
            f"Taken in: {', '.join(taken.event_types) or taken.kind}.", {"taken": True, "request": taken.request}
        )


@click.command("save-held")
@click.argument("bundle")
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def save_held(context: Context, bundle: str, target: Path) -> None:
    """Write a bundle that was held back to a file, exactly as it came, as evidence for whoever looks into it."""
    content = holding.evidence(context.session, bundle)
    write_file(target, content)
    lines = [f"The bundle is in {target}, exactly as it came. Open it nowhere but here."]
    context.tell(lines, {"file": str(target), "size": len(content)})


@click.command("discard-held")
@click.argument("bundles", nargs=-1, required=True)
@pass_context
def discard_held(context: Context, bundles: tuple[str, ...]) -> None:
    """Throw bundles that were held back away, with their evidence."""
    for bundle in bundles:
        holding.discard(context.session, bundle)
    context.tell(f"Thrown away: {len(bundles)}.", {"discarded": list(bundles)})
