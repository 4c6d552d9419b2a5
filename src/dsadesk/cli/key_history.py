"""`dsadesk keys history`: the keys that a partner had before, and those that were turned down."""

from __future__ import annotations

import click

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.cli.output import Context, pass_context
from dsadesk.domain.ids import OrganisationId
from dsadesk.services.key_history import key_history
from dsadesk.services.wording import long_date, plain
from dsadesk.services.wording.cards import check_words


@click.command("history")
@click.argument("organisation")
@pass_context
def history(context: Context, organisation: str) -> None:
    """Show which keys an organisation had before, which came in its name and were turned down, and who decided, how and when."""
    session = context.session
    found, now = key_history(session, OrganisationId(organisation)), session.world.clock.now().astimezone()
    lines = []
    for key in found.former:
        since, until = long_date(key.since.astimezone()), long_date(key.until.astimezone())
        lines += [f"Believed from {since} to {until}:", f"  {' '.join(fingerprint_words(key.fingerprint))}"]
        lines += [f"  {how}: {said}" for how, said in (check_words(each, now) for each in key.checks)]
        if key.replaced_by is not None:
            lines.append("  Another key took its place. {}: {}".format(*check_words(key.replaced_by, now)))
    for each in found.turned_down:
        lines += [
            f"Turned down on {long_date(each.at.astimezone())}:",
            f"  {' '.join(fingerprint_words(each.fingerprint))}",
        ]
        lines.append(f"  {plain(each.by)}: {plain(each.why)}".rstrip(": "))
    value = {
        "former": [
            {
                "fingerprint": key.fingerprint,
                "since": key.since.isoformat(),
                "until": key.until.isoformat(),
                "replaced_by": None
                if key.replaced_by is None
                else {"method": key.replaced_by.method, "by": key.replaced_by.by, "note": key.replaced_by.note},
            }
            for key in found.former
        ],
        "turned_down": [
            {"fingerprint": e.fingerprint, "by": e.by, "at": e.at.isoformat(), "why": e.why} for e in found.turned_down
        ],
    }
    context.tell(lines or ["They have had one key since you know them, and none was turned down."], value)
