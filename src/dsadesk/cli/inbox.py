"""`dsadesk inbox …`: send what waits and take in what has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from dsadesk.cli.output import Context, pass_context
from dsadesk.services import exchanging
from dsadesk.services.exchanging import Exchange
from dsadesk.services.wording import count_words, delivery_sentence, evidence_sentences


@click.group("inbox")
def group() -> None:
    """Send what is sealed and take in what has come."""


@group.command("exchange")
@pass_context
def exchange(context: Context) -> None:
    """Send everything that waits, then take in everything new."""
    _tell(context, exchanging.exchange(context.session))


@group.command("send")
@pass_context
def send(context: Context) -> None:
    """Send everything that waits."""
    _tell(context, exchanging.send_all(context.session, Exchange()))


@group.command("fetch")
@pass_context
def fetch(context: Context) -> None:
    """Take in everything new, and say who signed it and how that is known."""
    _tell(context, exchanging.fetch(context.session, Exchange()))


def _tell(context: Context, done: Exchange) -> None:
    now = context.session.world.clock.now()
    lines = [f"{item.kind.capitalize()} to {item.org}: {delivery_sentence(item, now)}" for item in done.sent]
    lines += _came_in(done, now)
    lines += [f"Refused at the {held.door} check: {held.code}. It is kept in quarantine." for held in done.quarantined]
    lines += [f"{name.rsplit('/', 1)[-1]} is not complete yet; look again later." for name in done.incomplete]
    for problem in done.problems:
        said = context.explain(problem.error)
        lines += [f"{problem.about}: {said.what} {said.todo}", *([f"  {said.command}"] if said.command else [])]
    context.tell(lines or ["Nothing to send and nothing new."], _value(done))
    if done.problems:
        raise click.exceptions.Exit(done.problems[0].error.exit_code)
    if done.quarantined:
        raise click.exceptions.Exit(5)


def _came_in(done: Exchange, now: datetime) -> list[str]:
    """What came in, by signer; receipts are counted and nothing more is said of them."""
    lines: list[str] = []
    receipts = sum(taken.kind == "receipt" for taken in done.taken)
    if receipts:
        lines.append(count_words(receipts, "# receipt came in.", "# receipts came in."))
    signers: dict[tuple[str, ...], list[str]] = {}
    for taken in done.taken:
        if taken.event_types:
            signers.setdefault(tuple(evidence_sentences(taken.evidence, now)), []).extend(taken.event_types)
    for sentences, types in signers.items():
        lines += [f"Came in: {', '.join(types)}", *(f"  {sentence}" for sentence in sentences)]
    return lines


def _value(done: Exchange) -> dict[str, Any]:
    return {
        "sent": [{"bundle": i.id, "to": i.org, "kind": i.kind, "state": i.state.value} for i in done.sent],
        "taken": [
            {
                "bundle": t.bundle,
                "request": t.request,
                "kind": t.kind,
                "from": t.evidence.org.id,
                "official": t.evidence.official.name,
                "how_known": t.evidence.how.value,
                "events": list(t.event_types),
                "warnings": list(t.warnings),
            }
            for t in done.taken
        ],
        "quarantined": [{"id": q.id, "door": q.door, "code": q.code} for q in done.quarantined],
        "incomplete": list(done.incomplete),
        "problems": [{"about": p.about, "code": p.error.code} for p in done.problems],
    }
