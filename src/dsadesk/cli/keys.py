"""`dsadesk keys …`: whose keys are whose, and how that is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.cli.output import Context, pass_context, read_file, table, write_file
from dsadesk.domain.ids import OrganisationId
from dsadesk.ports import PinnedCard
from dsadesk.services import admitting, keeping_keys
from dsadesk.services.wording import long_date


@click.group("keys")
def group() -> None:
    """Organisation cards, fingerprints and colleagues."""


@group.command("show")
@pass_context
def show(context: Context) -> None:
    """Show your own organisation's fingerprint, to read out to others."""
    card = context.session.card
    words = fingerprint_words(card.fingerprint)
    officials = [f"{o.official.name}, {o.official.post}" for o in card.officials]
    lines = [
        card.org.name,
        " ".join(words),
        f"Card version {card.version}, valid until {card.expires[:10]}.",
        *officials,
    ]
    value = {
        "org": card.org.id,
        "fingerprint": card.fingerprint,
        "words": list(words),
        "version": card.version,
        "box": card.box,
    }
    context.tell(lines, value)


@group.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def export(context: Context, target: Path) -> None:
    """Write your organisation's card to a file for others."""
    write_file(target, context.session.card_bytes)
    context.tell(
        f"Your card is in {target}. Send it to whom you will ask, and read them your words.", {"card": str(target)}
    )


@group.command("import")
@click.argument("card", type=click.Path(path_type=Path))
@pass_context
def import_(context: Context, card: Path) -> None:
    """Take in another organisation's card."""
    pinned = keeping_keys.import_card(context.session, read_file(str(card)))
    words = " ".join(fingerprint_words(pinned.fingerprint))
    lines = [
        f"The card of {pinned.name} is kept. Its words are:",
        f"  {words}",
        "Compare them with someone there before you rely on it, then record it with: dsadesk keys check",
    ]
    context.tell(lines, _card_value(pinned))


@group.command("list")
@pass_context
def list_(context: Context) -> None:
    """List the organisations whose cards you hold, and how each is known."""
    cards = context.session.vault.cards.all()
    rows = [(card.name, card.org, " ".join(fingerprint_words(card.fingerprint)), _how(card)) for card in cards]
    context.tell(table(rows), [_card_value(card) for card in cards])


@group.command("check")
@click.argument("organisation")
@click.option("--method", type=click.Choice(keeping_keys.CHECK_METHODS), required=True)
@click.option("--note", default="", help="With whom, and anything worth keeping.")
@pass_context
def check(context: Context, organisation: str, method: str, note: str) -> None:
    """Record that you compared an organisation's words with someone there."""
    keeping_keys.check_card(context.session, OrganisationId(organisation), method, note)
    context.tell("Recorded. It will be shown wherever their key is used.", {"org": organisation, "method": method})


@group.command("inbox-at")
@click.argument("address")
@click.option("--of", "organisation", help="Another organisation's inbox, as this laptop reaches it.")
@click.option("--prepare", is_flag=True, help="Make the folder into an inbox if it is not one yet.")
@pass_context
def inbox_at(context: Context, address: str, organisation: str | None, prepare: bool) -> None:
    """Say where your inbox, or another organisation's, lies."""
    session = context.session
    if prepare:
        session.world.prepare_folder(address)
    if organisation:
        keeping_keys.set_partner_address(session, OrganisationId(organisation), address)
    else:
        keeping_keys.set_inbox_address(session, address)
    context.tell(
        f"The inbox is at {address}.", {"org": organisation or session.profile.organisation.id, "address": address}
    )


@group.command("apply")
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def apply(context: Context, target: Path) -> None:
    """Write your application to join colleagues who hold your organisation's keys."""
    data = admitting.apply(context.session)
    words = " ".join(admitting.read_application(data).words)
    write_file(target, data)
    context.tell(
        [f"Give {target} to a colleague who administers the keys, and read them these words:", f"  {words}"],
        {"words": words},
    )


@group.command("admit")
@click.argument("application", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--admin", is_flag=True, help="Let them admit others too.")
@pass_context
def admit(context: Context, application: Path, target: Path, admin: bool) -> None:
    """Let a colleague in: writes a pass that only they can open."""
    data = read_file(str(application))
    who = admitting.read_application(data)
    write_file(target, admitting.admit(context.session, data, admin=admin))
    context.tell(
        f"The pass for {who.official.name} is in {target}.", {"official": who.official.name, "pass": str(target)}
    )


@group.command("accept")
@click.argument("pass_file", type=click.Path(path_type=Path))
@pass_context
def accept(context: Context, pass_file: Path) -> None:
    """Take the pass that a colleague made for you."""
    session = admitting.accept(context.session, read_file(str(pass_file)))
    context.desk.take(session)
    context.tell(f"You can now read and write for {session.profile.organisation.name}.", {"admitted": True})


def _how(card: PinnedCard) -> str:
    newest = max(card.checks, key=lambda c: c.at, default=None)
    if newest is None:
        return "yours"
    if newest.method in keeping_keys.CHECK_METHODS:
        return f"compared {newest.method.replace('-', ' ')} by {newest.by}, {long_date(newest.at)}"
    return f"not compared yet; came by {newest.method}, {long_date(newest.at)}"


def _card_value(card: PinnedCard) -> dict[str, Any]:
    return {
        "org": card.org,
        "name": card.name,
        "fingerprint": card.fingerprint,
        "words": list(fingerprint_words(card.fingerprint)),
        "version": card.version,
        "checks": [{"method": c.method, "by": c.by, "at": c.at.isoformat(), "note": c.note} for c in card.checks],
        "changed_to": card.changed_to,
    }
