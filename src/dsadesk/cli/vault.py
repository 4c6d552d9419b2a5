"""`dsadesk vault …`: make, look at, check and keep the vault, and the ways into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from dsadesk.bundle.identity import seed_to_words, words_to_seed
from dsadesk.cli import mending
from dsadesk.cli.mending import placement_lines
from dsadesk.cli.output import Context, pass_context, write_file
from dsadesk.cli.typed import given_words, secret_line, words_options, write_private
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import DsadeskError, RuleError
from dsadesk.secret import Secret
from dsadesk.services import keeping_keys, receipts, recovering, rehearsing, splitting, wrapping_keys
from dsadesk.services.session import Session
from dsadesk.services.wording import long_date
from dsadesk.services.wrapping_keys import KEYRING, PASSPHRASE, RECOVERY

F = TypeVar("F", bound=Callable[..., None])

_WAYS = {
    KEYRING: "this computer's key store",
    PASSPHRASE: "the passphrase",
    RECOVERY: "the 24 recovery words",
}


@click.group("vault")
def group() -> None:
    """Make, check and back up this laptop's vault, and choose how it opens."""


for _command in (mending.check, mending.backup, mending.restore, mending.salvage, mending.accept_history):
    group.add_command(_command)


# ---------------------------------------------------------------- making


@group.command("init")
@click.option("--organisation", required=True, help="Register identifier, like environment-agency.")
@click.option("--organisation-name", required=True, help="The organisation's name in full.")
@click.option("--name", required=True, help="Your name.")
@click.option("--post", required=True, help="Your post.")
@click.option("--kit", type=click.Path(path_type=Path), help="Where to write the recovery kit (passphrase-locked).")
@click.option("--kit-passphrase-file", type=click.Path(path_type=Path), help="A file with the kit's passphrase.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Where to write the words as a PDF to print, in clear.")
@click.option(
    "--shares",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder for three shares as PDFs to print, in clear. Any two of them do what the words do.",
)
@click.option(
    "--joining", is_flag=True, help="Colleagues have the organisation's keys already; you will apply to them."
)
@pass_context
def init(
    context: Context,
    organisation: str,
    organisation_name: str,
    name: str,
    post: str,
    kit: Path | None,
    kit_passphrase_file: Path | None,
    sheet: Path | None,
    shares: Path | None,
    joining: bool,
) -> None:
    """Make a vault with your identity and its recovery words: on the screen, or as a kit or a sheet; and as shares too."""
    if (kit is None) != (kit_passphrase_file is None):
        raise RuleError("kit-needs-passphrase")
    kit_passphrase = "" if kit_passphrase_file is None else secret_line(str(kit_passphrase_file))
    if kit is not None:
        wrapping_keys.check_passphrase(kit_passphrase)
    made = context.desk.first_run(
        Organisation(OrganisationId(organisation), organisation_name),
        name,
        post,
        passphrase=context.passphrase() if context.passphrase_file else None,
        joining=joining,
    )
    lines = [f"The vault is made for {name}, {post}, {organisation_name}.", *placement_lines(context.desk.world)]
    value: dict[str, Any] = {"organisation": organisation, "device": made.session.device.device}
    value |= {"kit": str(kit or ""), "sheet": str(sheet or ""), "placement": context.desk.world.placement}
    try:
        if kit is not None:
            write_file(kit, keeping_keys.recovery_kit(context.desk.world, made.words, kit_passphrase))
            lines.append(f"The recovery kit is in {kit}. Keep it away from this laptop.")
        if sheet is not None:
            write_private(sheet, recovering.sheet(made.session, made.words))
            lines.append(_printed(sheet))
        if shares is not None:
            value["shares"] = [str(file) for file in _write_shares(made.session, made.words, shares)]
            lines += _split_words(shares)
    except DsadeskError:
        # The vault is there now, and these words are told this once: they are not lost for want of a place to write them.
        context.tell([*lines, *_words(made.words)], value | {"words": made.words.reveal()})
        raise
    if kit is None and sheet is None:
        lines += _words(made.words)
        value["words"] = made.words.reveal()
    context.tell(lines, value)


def _words(words: Secret[str]) -> list[str]:
    found = words.reveal().split()
    rows = [
        "   ".join(f"{n + 1:2} {found[n]:10}" for n in range(start, start + 6)).rstrip() for start in range(0, 24, 6)
    ]
    return ["", "Write these 24 words on paper and keep the paper safe. They are shown this once.", "", *rows]


def _printed(sheet: Path) -> str:
    return f"The sheet is in {sheet}, in clear. Print it, keep the paper away from this laptop, and delete the file."


# ---------------------------------------------------------------- looking at it


@group.command("status")
@pass_context
def status(context: Context) -> None:
    """Say whose vault this is and what it holds."""
    session = context.session
    vault, profile = session.vault, session.profile
    counts = {group.value: count for group, count in vault.projections.counts().items()}
    due = rehearsing.is_due(session, session.world.clock.now())
    late = len(receipts.overdue(session, session.world.clock.now()))
    value = {
        "organisation": profile.organisation.id,
        "official": profile.official.name,
        "admitted": session.inbox is not None,
        "requests": counts,
        "events": vault.events.count(),
        "datasets": vault.catalogue.count(),
        "waiting_to_send": len(vault.outbox.unfinished()),
        "overdue": late,
        "folder": str(vault.folder or ""),
        "ways_in": list(keeping_keys.ways_in(session.world)),
        "words_due": due,
        "placement": session.world.placement,
    }
    lines = [
        f"{profile.official.name}, {profile.official.post}, {profile.organisation.name}",
        f"Vault: {vault.folder}",
        *placement_lines(session.world),
        f"Requests: {sum(counts.values())}. Signed events: {vault.events.count()}. Datasets: {vault.catalogue.count()}.",
        f"Sealed and waiting to send: {len(vault.outbox.unfinished())}.",
    ]
    if late:
        lines.append(f"Sent, and not confirmed for a week: {late}. See: dsadesk bundle list")
    if due:
        lines.append("Prove that you still have your recovery words: dsadesk vault rehearse")
    context.tell(lines, value)


# ---------------------------------------------------------------- ways in


@group.command("ways")
@pass_context
def ways(context: Context) -> None:
    """Say how this vault opens."""
    _tell_ways(context, [])


@group.command("passphrase")
@click.option("--new-passphrase-file", required=True, help="A file with the new passphrase; - for standard input.")
@pass_context
def passphrase(context: Context, new_passphrase_file: str) -> None:
    """Change the passphrase, or give the vault one. Opened by its passphrase, the vault asks for that one first."""
    new, session = secret_line(new_passphrase_file), context.session
    if context.passphrase_file is not None:
        keeping_keys.change_passphrase(session, context.passphrase(), new)
    else:
        keeping_keys.use_passphrase(session, new)
    _tell_ways(context, ["The passphrase is set."])


@group.command("use-key-store")
@pass_context
def use_key_store(context: Context) -> None:
    """Let this computer's key store open the vault."""
    keeping_keys.use_key_store(context.session)
    _tell_ways(context, ["The key store opens this vault now."])


@group.command("stop-key-store")
@pass_context
def stop_key_store(context: Context) -> None:
    """No longer let this computer's key store open the vault. There must be a passphrase."""
    gone = keeping_keys.stop_using_key_store(context.session)
    left = "The key store did not answer, so a secret that opens nothing any more still lies in it."
    _tell_ways(context, ["The key store no longer opens this vault.", *([] if gone else [left])])


@group.command("stop-passphrase")
@pass_context
def stop_passphrase(context: Context) -> None:
    """No longer let a passphrase open the vault. The key store must open it."""
    keeping_keys.stop_using_passphrase(context.session)
    _tell_ways(context, ["No passphrase opens this vault any more."])


def _tell_ways(context: Context, lines: Sequence[str]) -> None:
    kinds = keeping_keys.ways_in(context.desk.world)
    named = [f"It opens by {_WAYS[kind]}." for kind in kinds if kind in _WAYS]
    context.tell([*lines, *named], {"ways_in": list(kinds)})


# ---------------------------------------------------------------- words


@group.command("rehearse")
@click.option("--word-file", help="A file with the one word that is asked for; - for standard input.")
@words_options
@pass_context
def rehearse(
    context: Context, word_file: str | None, words_file: str | None, kit: Path | None, kit_passphrase_file: Path | None
) -> None:
    """Prove that you still have the words that open this vault. Without options, say which word is asked for."""
    session = context.session
    place = rehearsing.question(session).place
    if place is not None and words_file is None and kit is None:
        if word_file is None:
            lines = [f"Find the sheet and give word number {place}: dsadesk vault rehearse --word-file -"]
            context.tell(lines, {"proven": False, "asked": place})
            return
        rehearsing.answer(session, place, secret_line(word_file))
        said = f"That is word {place}."
    else:
        recovering.rehearse(session, given_words(words_file, kit, kit_passphrase_file).reveal())
        said = "These words open this vault."
    again = long_date(session.world.clock.now() + rehearsing.REHEARSE_EVERY)
    context.tell(f"{said} You will be asked again on {again}.", {"proven": True})


@group.command("sheet")
@click.argument("target", type=click.Path(path_type=Path))
@words_options
@pass_context
def sheet(
    context: Context, target: Path, words_file: str | None, kit: Path | None, kit_passphrase_file: Path | None
) -> None:
    """Write the words, which you give, as a PDF to print."""
    words = given_words(words_file, kit, kit_passphrase_file)
    recovering.rehearse(context.session, words.reveal())
    words = Secret(seed_to_words(words_to_seed(words.reveal())))  # of two shares, the words that they stand for
    write_private(target, recovering.sheet(context.session, words))
    context.tell(_printed(target), {"sheet": str(target)})


def _write_shares(session: Session, words: Secret[str], folder: Path) -> tuple[Path, ...]:
    shares = splitting.split(words)
    files = [folder / f"share-{share.number}-of-3-{share.set_name.replace(' ', '-')}.pdf" for share in shares]
    for share, file in zip(shares, files, strict=True):
        write_private(file, splitting.sheet(session, share))
    return tuple(files)


def _split_words(folder: Path) -> list[str]:
    return [
        f"The three shares are in {folder}, in clear. Print them, keep the papers in three places, and delete the files.",
        "Then prove with two of the papers that they open this vault: dsadesk vault rehearse --words-file -",
    ]


@group.command("split")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@words_options
@pass_context
def split(
    context: Context, folder: Path, words_file: str | None, kit: Path | None, kit_passphrase_file: Path | None
) -> None:
    """Write the words, which you give, as three shares to print. Any two of the three do what the words do."""
    words = given_words(words_file, kit, kit_passphrase_file)
    recovering.rehearse(context.session, words.reveal())
    sheets = _write_shares(context.session, words, folder)
    context.tell(_split_words(folder), {"sheets": [str(file) for file in sheets]})


@group.command("recover")
@words_options
@click.option("--new-passphrase-file", help="A file with a new passphrase for the vault.")
@click.option("--key-store", is_flag=True, help="Let this computer's key store open the vault from now on.")
@pass_context
def recover(
    context: Context,
    words_file: str | None,
    kit: Path | None,
    kit_passphrase_file: Path | None,
    new_passphrase_file: str | None,
    key_store: bool,
) -> None:
    """Open the vault on its own laptop with the words or the kit, when the key store or the passphrase is lost."""
    new = None if new_passphrase_file is None else secret_line(new_passphrase_file)
    session = context.desk.unlock_with_words(given_words(words_file, kit, kit_passphrase_file).reveal())
    if new is not None:
        keeping_keys.use_passphrase(session, new)
    if key_store:
        keeping_keys.use_key_store(session)
    name = session.profile.official.name
    opens = "The recovery kit opens" if kit is not None else "These words open"
    lines = [f"{opens} this vault. It belongs to {name}."]
    if new is None and not key_store:
        lines.append("Nothing was changed. Give it another way in with --new-passphrase-file or --key-store.")
    context.tell(lines, {"opens": True, "official": name, "ways_in": list(keeping_keys.ways_in(context.desk.world))})
