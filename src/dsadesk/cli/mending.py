"""`dsadesk vault backup | restore | salvage | check | accept-history`: keeping a copy, coming back, and what to do with damage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dsadesk.cli.output import Context, pass_context, read_file
from dsadesk.cli.typed import given_words, words_options
from dsadesk.domain.ids import OrganisationId, PersonId
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.services import doubting, mending, recovering
from dsadesk.services.mending import Mended, Way
from dsadesk.services.recovering import Restored
from dsadesk.services.session import Profile, Session, World
from dsadesk.services.viewing import title_of
from dsadesk.services.wording import salvage_sentences
from dsadesk.services.wording.placements import placement_words

_SEND_CARD = (
    "This laptop signs with a key of its own from now on. Send your partners your new card: dsadesk keys export"
)
_APPLY = "Apply to a colleague who administers the keys: dsadesk keys apply"


@click.command("check")
@pass_context
def check(context: Context) -> None:
    """Look for damage, orphans and a rolled-back file."""
    problems = context.session.vault.check()
    value = [{"code": p.code, "detail": p.detail, "fix": p.fix} for p in problems]
    lines = [f"{p.detail} {p.fix}" for p in problems] or ["The vault is sound."]
    context.tell([*lines, *placement_lines(context.desk.world)], value)
    if problems:
        raise click.exceptions.Exit(6)


def placement_lines(world: World) -> list[str]:
    """What is said of the vault's folder where it is a bad place for one."""
    return [line for line in placement_words(world.placement, is_made=True) if line]


@click.command("accept-history")
@click.option("--yes", is_flag=True, help="You have found out why, and take the history as it is now.")
@pass_context
def accept_history(context: Context, *, yes: bool) -> None:
    """Take the history as it is, after a check said that it went back in time or is not the same."""
    found = doubting.accept_history(context.session, confirmed=yes)
    if not found:
        context.tell("The history is as it was left. There is nothing to accept.", {"accepted": False})
        return
    lines = ["The history is taken as it is now. The record that disagreed is kept in the vault's folder."]
    context.tell([*lines, *(problem.detail for problem in found)], {"accepted": True})


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def backup(context: Context, target: Path) -> None:
    """Write an encrypted copy of the whole vault to one file."""
    context.session.vault.backup(target)
    lines = [f"The vault is copied to {target}. The same passphrase, key store or recovery words open it."]
    context.tell([*lines, "Put it back with: dsadesk vault restore --backup"], {"backup": str(target)})


@click.command("salvage")
@words_options
@pass_context
def salvage(context: Context, words_file: str | None, kit: Path | None, kit_passphrase_file: Path | None) -> None:
    """Bring what can still be read of a damaged vault into a new one, and list what is lost. Nothing is deleted.

    It opens by the words, by --passphrase-file, or by this computer's key store.
    """
    mended, found = mending.salvage(context.desk.world, _way(context, words_file, kit, kit_passphrase_file))
    session = context.desk.take(mended.session)
    said = salvage_sentences(found, lambda request: title_of(session, request))
    value = _mended_value(mended) | {
        "whole": found.is_whole,
        "pages": found.pages,
        "damaged_pages": found.damaged_pages,
        "rows": dict(found.rows),
        "losses": [{"table": e.table, "request": e.request, "rows": e.rows, "why": e.why} for e in found.losses],
    }
    context.tell([said.sentence, *said.lines, *_kept_aside(mended), *_device(mended)], value)


@click.command("restore")
@words_options
@click.option("--backup", "backup_file", type=click.Path(path_type=Path), help="A backup that was made of the vault.")
@click.option(
    "--card",
    type=click.Path(path_type=Path),
    help="Your organisation's newest card; the administrator, a colleague or a partner can export it.",
)
@click.option(
    "--founder",
    is_flag=True,
    help="Without a card: you set dsadesk up for your organisation, and its key is made again from these words.",
)
@click.option("--organisation", help="Register identifier, where there is neither a card nor the old vault.")
@click.option("--organisation-name", help="The organisation's name in full.")
@click.option("--beside", is_flag=True, help="You go on using your other laptop: both are you, and none is ended.")
@click.option("--name", help="Your name, as it was.")
@click.option("--post", help="Your post.")
@pass_context
def restore(
    context: Context,
    words_file: str | None,
    kit: Path | None,
    kit_passphrase_file: Path | None,
    backup_file: Path | None,
    card: Path | None,
    founder: bool,
    beside: bool,
    organisation: str | None,
    organisation_name: str | None,
    name: str | None,
    post: str | None,
) -> None:
    """Come back: with a backup, with the old vault's folder and the words, or with the words alone.

    With the words, the vault then opens by --passphrase-file, or by this computer's key store where none is given. A backup without the
    words opens by the passphrase or the key store that it had. A vault that is there is renamed aside.

    The words alone do for whoever set dsadesk up for the organisation, who says --founder. Whoever was let in by a colleague gives the
    organisation's --card, which the administrator or any colleague writes with: dsadesk keys export FILE
    """
    desk = context.desk
    if backup_file is not None and words_file is None and kit is None:
        mended = mending.restore_backup(desk.world, backup_file, _way(context, None, None, None))
        who = desk.take(mended.session).profile.official
        lines = [f"The vault of {who.name} is back as it was when {backup_file.name} was made.", *_kept_aside(mended)]
        context.tell([*lines, *_device(mended)], _mended_value(mended))
        return
    profile = None
    if organisation and organisation_name and name and post:
        profile = Profile(
            organisation=Organisation(OrganisationId(organisation), organisation_name),
            official=Official(PersonId(""), name, post),
        )
    restored = recovering.restore(
        desk.world,
        given_words(words_file, kit, kit_passphrase_file).reveal(),
        profile,
        passphrase=context.passphrase() if context.passphrase_file else None,
        card=None if card is None else read_file(str(card)),
        backup=backup_file,
        beside=beside,
        founder=founder,
    )
    session = desk.take(restored.session)
    context.tell(_restored(session, restored, beside=beside), _restored_value(session, restored))


def _way(context: Context, words_file: str | None, kit: Path | None, kit_passphrase_file: Path | None) -> Way:
    if words_file is not None or kit is not None:
        return mending.by_words(given_words(words_file, kit, kit_passphrase_file).reveal())
    if context.passphrase_file is not None:
        return mending.by_passphrase(context.passphrase())
    return mending.by_key_store(context.desk.world)


def _kept_aside(mended: Mended) -> list[str]:
    return [] if mended.aside is None else [f"The vault that was here is kept in {mended.aside}."]


def _device(mended: Mended) -> list[str]:
    return [_SEND_CARD] if mended.signs else [_APPLY]


def _mended_value(mended: Mended) -> dict[str, Any]:
    session = mended.session
    return {
        "official": session.profile.official.name,
        "device": session.device.device,
        "aside": str(mended.aside or ""),
        "must_apply": not mended.signs,
    }


def _restored(session: Session, restored: Restored, *, beside: bool) -> list[str]:
    who = session.profile.official
    lines = [f"The vault of {who.name}, {who.post}, {session.profile.organisation.name} is back."]
    if not restored.with_files:
        lines.append("It was made anew from the words, so drafts and history are not in it yet.")
    if restored.must_apply:
        return [*lines, _APPLY]
    lines.append(_SEND_CARD)
    if beside:
        lines.append("Your other laptop goes on as it is. Take the same card in there: dsadesk keys import")
    if not restored.with_files:
        lines.append(
            "Then fetch what lies in your inbox (dsadesk inbox fetch), and ask each partner for: dsadesk keys give-back"
        )
    return lines


def _restored_value(session: Session, restored: Restored) -> dict[str, Any]:
    return {
        "official": session.profile.official.name,
        "organisation": session.profile.organisation.id,
        "device": session.device.device,
        "with_files": restored.with_files,
        "ended": [entry.device for entry in restored.ended],
        "must_apply": restored.must_apply,
    }
