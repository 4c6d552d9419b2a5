"""`dsadesk keys …`: whose keys are whose, how that is known, and what happens when one changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from dsadesk.bundle.card import Card, CardOfficial, read_card
from dsadesk.bundle.identity import fingerprint_words
from dsadesk.cli import held
from dsadesk.cli.inbox_key import export_inbox_key
from dsadesk.cli.key_history import history
from dsadesk.cli.output import Context, pass_context, read_file, table, write_file
from dsadesk.domain.ids import DeviceId, OrganisationId, PersonId
from dsadesk.domain.roles import DRAFTER
from dsadesk.errors import RuleError
from dsadesk.ports import PinnedCard
from dsadesk.services import admitting, giving_roles, keeping_cards, recovering, retrying, rotating, stores
from dsadesk.services.giving_roles import GIVEN_ROLES
from dsadesk.services.inbox_store import prepare_inbox
from dsadesk.services.keeping_cards import INTRODUCER, REFUSED
from dsadesk.services.rotating import ChangedKey, Passes
from dsadesk.services.wording import card_notice_sentence, long_date
from dsadesk.services.wording.officials import standing_sentences


@click.group("keys")
def group() -> None:
    """Organisation cards, fingerprints, colleagues, and keys that change."""


for _command in (history, export_inbox_key, held.retry, held.held, held.save_held, held.discard_held):
    group.add_command(_command)


@group.command("show")
@pass_context
def show(context: Context) -> None:
    """Show your own organisation's fingerprint, to read out to others."""
    session = context.session
    card = session.card
    words = fingerprint_words(card.fingerprint)
    notices = [
        card_notice_sentence(each.code, each.org.name, each.expires)
        for each in rotating.card_notices(session, session.world.clock.now())
    ]
    lines = [
        card.org.name,
        " ".join(words),
        f"Card version {card.version}, valid until {card.expires[:10]}.",
        *_officials(card),
        *notices,
    ]
    value = {
        "org": card.org.id,
        "fingerprint": card.fingerprint,
        "words": list(words),
        "version": card.version,
        "expires": card.expires,
        "box": card.box,
        "officials": [_official_value(entry) for entry in card.officials],
        "notices": notices,
    }
    context.tell(lines, value)


@group.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--of", "organisation", help="Another organisation's card that you hold, to give back to them.")
@pass_context
def export(context: Context, target: Path, organisation: str | None) -> None:
    """Write your organisation's card to a file for others."""
    session = context.session
    if organisation is None:
        write_file(target, session.card_bytes)
        said = f"Your card is in {target}. Send it to whom you will ask, and read them your words."
    else:
        pinned = session.vault.cards.get(OrganisationId(organisation))
        if pinned is None:
            raise RuleError("no-card", org=organisation)
        write_file(target, pinned.envelope)
        said = f"The card of {pinned.name}, as you hold it, is in {target}."
    context.tell(said, {"card": str(target)})


@group.command("import")
@click.argument("card", type=click.Path(path_type=Path))
@pass_context
def import_(context: Context, card: Path) -> None:
    """Take in another organisation's card."""
    pinned = keeping_cards.import_card(context.session, read_file(str(card)))
    taken = retrying.retry_held(context.session, {"signer-unknown"}, pinned.org)
    words = " ".join(fingerprint_words(pinned.fingerprint))
    compared = any(check.method in keeping_cards.CHECK_METHODS for check in pinned.checks)
    lines = [
        f"The card of {pinned.name} is kept. Its words are:",
        f"  {words}",
        "They are the ones that were compared before."
        if compared
        else "Compare them with someone there before you rely on it, then record it with: dsadesk keys check",
        *([f"Taken in after all: {taken}."] if taken else []),
    ]
    context.tell(lines, _card_value(pinned))


@group.command("list")
@pass_context
def list_(context: Context) -> None:
    """List the organisations whose cards you hold, how each is known, and which cards end."""
    session = context.session
    cards = session.vault.cards.all()
    rows = [(card.name, card.org, " ".join(fingerprint_words(card.fingerprint)), _how(card)) for card in cards]
    notices = rotating.card_notices(session, session.world.clock.now())
    lines = [card_notice_sentence(notice.code, notice.org.name, notice.expires) for notice in notices]
    context.tell([*table(rows), *lines], [_card_value(card) for card in cards])


@group.command("check")
@click.argument("organisation")
@click.option("--method", type=click.Choice(keeping_cards.CHECK_METHODS), required=True)
@click.option("--note", default="", help="With whom, and anything worth keeping.")
@pass_context
def check(context: Context, organisation: str, method: str, note: str) -> None:
    """Record that you compared an organisation's words with someone there."""
    keeping_cards.check_card(context.session, OrganisationId(organisation), method, note)
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
        prepare_inbox(session, address, stores.access_of(session, address))
    if organisation:
        keeping_cards.set_partner_address(session, OrganisationId(organisation), address)
    else:
        keeping_cards.set_inbox_address(session, address)
    context.tell(
        f"The inbox is at {address}.", {"org": organisation or session.profile.organisation.id, "address": address}
    )


# ---------------------------------------------------------------- colleagues


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
@click.option("--admin", is_flag=True, help="Let them look after the keys, decide and sign.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(GIVEN_ROLES),
    multiple=True,
    help="What they may say and sign off; drafter by default.",
)
@pass_context
def admit(context: Context, application: Path, target: Path, admin: bool, roles: tuple[str, ...]) -> None:
    """Let a colleague in: writes a pass that only they can open."""
    data = read_file(str(application))
    who = admitting.read_application(data)
    standing = admitting.standing_of(context.session.card, who)
    write_file(target, admitting.admit(context.session, data, admin=admin, roles=roles or (DRAFTER,)))
    lines = [f"The pass for {who.official.name} is in {target}.", *standing_sentences(standing)]
    if standing.namesake is not None:
        lines.append(f"If it is one person, end this laptop with: dsadesk keys remove {who.keys.device[:8]}")
    value = {"official": who.official.name, "pass": str(target), "namesake": standing.namesake is not None}
    context.tell(lines, value | {"other_laptops": standing.laptops})


@group.command("accept")
@click.argument("pass_file", type=click.Path(path_type=Path))
@pass_context
def accept(context: Context, pass_file: Path) -> None:
    """Take the pass that a colleague made for you, and read what the keys in it open."""
    session = context.desk.take(admitting.accept(context.session, read_file(str(pass_file))))
    card = session.card
    words = " ".join(fingerprint_words(card.fingerprint))
    taken = retrying.retry_held(session, {"not-for-us"})
    lines = [
        f"You can now read and write for {card.org.name}. Its words are:",
        f"  {words}",
        "Compare them with the colleague who made the pass before you rely on it.",
    ]
    if taken:
        lines.append(f"Taken in after all: {taken}.")
    context.tell(lines, {"admitted": True, "words": words.split(), "taken": taken})


@group.command("officials")
@pass_context
def officials(context: Context) -> None:
    """List who signs for your organisation, laptop by laptop."""
    card = context.session.card
    context.tell(_officials(card), [_official_value(entry) for entry in card.officials])


@group.command("roles")
@click.argument("official")
@click.argument("roles", nargs=-1, type=click.Choice(GIVEN_ROLES), required=True)
@pass_context
def roles(context: Context, official: str, roles: tuple[str, ...]) -> None:
    """Say everything that an official may say and sign off for your organisation from now on.

    OFFICIAL is a name, or the beginning of a laptop's id. What they said before stays valid.
    """
    session = context.session
    person = _person(session.card, official)
    card = giving_roles.set_roles(session, {person: roles})
    lines = [
        *_officials(card),
        "Colleagues' laptops learn it with your next delivery to them. Send your partners your new card: dsadesk keys export",
    ]
    context.tell(lines, [_official_value(entry) for entry in card.officials])


@group.command("remove")
@click.argument("device")
@click.argument("passes", type=click.Path(path_type=Path, file_okay=False))
@pass_context
def remove(context: Context, device: str, passes: Path) -> None:
    """End an official's laptop, give the inbox new keys, and write new passes for everyone who stays."""
    session = context.session
    leaving = rotating.remove_official(session, _device(session.card, device))
    name = leaving.official.official.name
    lines = [
        f"{name} no longer signs for {session.profile.organisation.name}. What was signed before stays valid.",
        *_write_passes(leaving.passes, passes),
        "Send your partners your new card; until they have it they believe the old one: dsadesk keys export",
    ]
    if leaving.held_key:
        lines.append(f"{name} held your organisation's key and could still sign cards in its name: tell your partners.")
    value = {"official": name, "version": leaving.card.version, "held_key": leaving.held_key}
    context.tell(lines, value | _passes_value(leaving.passes))


@group.command("rotate-inbox")
@click.argument("passes", type=click.Path(path_type=Path, file_okay=False))
@pass_context
def rotate_inbox(context: Context, passes: Path) -> None:
    """Give the inbox new keys, and write new passes for your colleagues. What came before stays readable."""
    card = rotating.rotate_inbox(context.session)
    made = rotating.passes_for_members(context.session)
    lines = [
        "The inbox has new keys.",
        *_write_passes(made, passes),
        "Send your partners your new card: dsadesk keys export",
    ]
    context.tell(lines, {"version": card.version} | _passes_value(made))


@group.command("passes")
@click.argument("passes", type=click.Path(path_type=Path, file_okay=False))
@pass_context
def passes(context: Context, passes: Path) -> None:
    """Write the passes for your colleagues again."""
    made = rotating.passes_for_members(context.session)
    context.tell(_write_passes(made, passes) or ["There is no colleague to write a pass for."], _passes_value(made))


@group.command("renew")
@pass_context
def renew(context: Context) -> None:
    """Sign your organisation's card for another year."""
    card = rotating.renew_card(context.session)
    line = f"Version {card.version} of your card is valid until {card.expires[:10]}. Send it to your partners: dsadesk keys export"
    context.tell(line, {"version": card.version, "expires": card.expires})


def _write_passes(made: Passes, folder: Path) -> list[str]:
    lines = []
    for entry, data in made.made:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / _pass_name(entry)
        write_file(target, data)
        lines.append(f"{entry.official.name} reads on with the pass in {target}.")
    return lines + [
        f"{entry.official.name} has to apply again: this laptop cannot make a pass for them."
        for entry in made.must_apply
    ]


def _pass_name(entry: CardOfficial) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", entry.official.name.lower()).strip("-")[:40]
    return f"{name or 'colleague'}-{entry.device[:8]}.pass"


def _passes_value(made: Passes) -> dict[str, Any]:
    return {
        "passes": {entry.device: _pass_name(entry) for entry, _ in made.made},
        "must_apply": [entry.device for entry in made.must_apply],
    }


def _person(card: Card, text: str) -> PersonId:
    """Who is meant by a name, or by the beginning of a laptop's id. Raises: RuleError("no-such-official" | "official-ambiguous")."""
    named = {e.official.id for e in card.officials if not e.until and admitting.is_same_name(e.official.name, text)}
    if len(named) > 1:
        raise RuleError("official-ambiguous", name=text[:80])
    entry = card.official_of(_device(card, text))
    if named:
        return named.pop()
    if entry is None:
        raise RuleError("no-such-official", name=text[:80])
    return entry.official.id


def _device(card: Card, text: str) -> DeviceId:
    """A device by the beginning of its name, where only one begins so."""
    found = [entry.device for entry in card.officials if text and entry.device.startswith(text)]
    return found[0] if len(found) == 1 else DeviceId(text)


# ---------------------------------------------------------------- keys of others that change


@group.command("changed")
@pass_context
def changed(context: Context) -> None:
    """List the organisations whose key changed and waits for your decision, with the words of both keys."""
    session = context.session
    found = [rotating.changed_key(session, card.org) for card in session.vault.cards.all() if card.changed_to]
    waiting = [each for each in found if each is not None]
    lines = [line for each in waiting for line in _changed(each)]
    value = [
        {"org": e.org, "known_words": list(e.known_words), "new_words": list(e.new_words), "new": e.new}
        for e in waiting
    ]
    context.tell(lines or ["No key waits for a decision."], value)


def _changed(key: ChangedKey) -> list[str]:
    return [
        f"{key.name} ({key.org}): another key has come, and nothing is sealed to them until you decide.",
        f"  you know:  {' '.join(key.known_words)}",
        f"  has come:  {' '.join(key.new_words)}",
        "  Ring them on a number that you already have. Then: dsadesk keys accept-key, or dsadesk keys refuse-key",
    ]


@group.command("accept-key")
@click.argument("card", type=click.Path(path_type=Path))
@click.option("--method", type=click.Choice(admitting.DIRECT_METHODS), required=True)
@click.option("--note", default="", help="With whom, and anything worth keeping.")
@pass_context
def accept_key(context: Context, card: Path, method: str, note: str) -> None:
    """Believe an organisation's new key, after comparing its words with someone there."""
    session = context.session
    pinned = rotating.accept_new_key(session, read_file(str(card)), method, note)
    taken = retrying.retry_held(session, {"key-changed", "key-refused", "key-doubted"}, pinned.org)
    lines = [f"The new key of {pinned.name} is believed. What was compared of the old one has lapsed."]
    if taken:
        lines.append(f"Taken in after all: {taken}.")
    context.tell(lines, _card_value(pinned) | {"taken": taken})


@group.command("refuse-key")
@click.argument("organisation")
@click.option("--note", default="", help="Whom you asked, and what they said.")
@pass_context
def refuse_key(context: Context, organisation: str, note: str) -> None:
    """Stay with the key that you know. The other one is remembered as refused."""
    rotating.refuse_new_key(context.session, OrganisationId(organisation), note)
    context.tell("The key that you know stays, and the other is refused from now on.", {"org": organisation})


@group.command("give-back")
@click.argument("organisation")
@pass_context
def give_back(context: Context, organisation: str) -> None:
    """Seal every request that you share with an organisation for it again, because it lost its laptop."""
    given = recovering.give_back(context.session, OrganisationId(organisation))
    lines = [f"Requests sealed again: {len(given.requests)}. They go out with: dsadesk inbox send"]
    if given.left_out:
        lines.append(f"Left out, because a sample is no longer here: {', '.join(given.left_out)}.")
    context.tell(lines, {"requests": list(given.requests), "left_out": list(given.left_out)})


# ---------------------------------------------------------------- introductions


@group.command("introduce")
@click.argument("organisation")
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def introduce(context: Context, organisation: str, target: Path) -> None:
    """Vouch for an organisation whose words you compared, in a file for a partner who has met you."""
    write_file(target, admitting.introduce(context.session, OrganisationId(organisation)))
    context.tell(f"The introduction is in {target}.", {"introduction": str(target)})


@group.command("introduced")
@click.argument("introduction", type=click.Path(path_type=Path))
@pass_context
def introduced(context: Context, introduction: Path) -> None:
    """Take in a card that a partner vouches for, whose own words you compared in person."""
    pinned = admitting.import_introduction(context.session, read_file(str(introduction)))
    lines = [f"The card of {pinned.name} is kept: {_how(pinned)}.", "Compare the words yourself when you can."]
    context.tell(lines, _card_value(pinned))


# ---------------------------------------------------------------- how things are shown


def _officials(card: Card) -> list[str]:
    rows = []
    for entry in card.officials:
        ended = f"ended {entry.until[:10]}" if entry.until else ""
        rows.append((entry.device[:8], f"{entry.official.name}, {entry.official.post}", ", ".join(entry.roles), ended))
    return table(rows)


def _official_value(entry: CardOfficial) -> dict[str, Any]:
    who = {"name": entry.official.name, "post": entry.official.post, "device": entry.device}
    return who | {"roles": list(entry.roles), "since": entry.since, "until": entry.until}


def _how(card: PinnedCard) -> str:
    newest = max((c for c in card.checks if c.method != REFUSED), key=lambda c: c.at, default=None)
    if newest is None:
        return "yours"
    if newest.method == INTRODUCER:
        who = f" by {newest.note}" if newest.note else ""
        return f"vouched for{who}; taken in by {newest.by}, {long_date(newest.at)}"
    if newest.method in keeping_cards.CHECK_METHODS:
        return f"compared {newest.method.replace('-', ' ')} by {newest.by}, {long_date(newest.at)}"
    return f"not compared yet; came by {newest.method}, {long_date(newest.at)}"


def _card_value(card: PinnedCard) -> dict[str, Any]:
    return {
        "org": card.org,
        "name": card.name,
        "fingerprint": card.fingerprint,
        "words": list(fingerprint_words(card.fingerprint)),
        "version": card.version,
        "expires": read_card(card.envelope).expires,
        "checks": [{"method": c.method, "by": c.by, "at": c.at.isoformat(), "note": c.note} for c in card.checks],
        "changed_to": card.changed_to,
    }
