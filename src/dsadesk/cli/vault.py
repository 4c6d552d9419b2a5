"""`dsadesk vault …`: make, look at, check and keep the vault."""

from __future__ import annotations

from pathlib import Path

import click

from dsadesk.cli.output import Context, pass_context, read_file, write_file
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import RuleError
from dsadesk.secret import Secret
from dsadesk.services import keeping_keys


@click.group("vault")
def group() -> None:
    """Make, check and back up this laptop's vault."""


@group.command("init")
@click.option("--organisation", required=True, help="Register identifier, like environment-agency.")
@click.option("--organisation-name", required=True, help="The organisation's name in full.")
@click.option("--name", required=True, help="Your name.")
@click.option("--post", required=True, help="Your post.")
@click.option("--kit", type=click.Path(path_type=Path), help="Where to write the recovery kit (passphrase-locked).")
@click.option("--kit-passphrase-file", type=click.Path(path_type=Path), help="A file with the kit's passphrase.")
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
    joining: bool,
) -> None:
    """Make a vault with your identity and its recovery kit."""
    if (kit is None) != (kit_passphrase_file is None):
        raise RuleError("kit-needs-passphrase")
    made = context.desk.first_run(
        Organisation(OrganisationId(organisation), organisation_name),
        name,
        post,
        passphrase=context.passphrase() if context.passphrase_file else None,
        joining=joining,
    )
    if kit is not None and kit_passphrase_file is not None:
        passphrase = read_file(str(kit_passphrase_file)).decode().rstrip("\r\n")
        write_file(kit, keeping_keys.recovery_kit(context.desk.world, made.words, passphrase))
    lines = [f"The vault is made for {name}, {post}, {organisation_name}."]
    if kit is None:
        lines += _words(made.words)
    else:
        lines.append(f"The recovery kit is in {kit}. Keep it away from this laptop.")
    context.tell(lines, {"organisation": organisation, "device": made.session.device.device, "kit": str(kit or "")})


def _words(words: Secret[str]) -> list[str]:
    found = words.reveal().split()
    rows = [
        "   ".join(f"{n + 1:2} {found[n]:10}" for n in range(start, start + 6)).rstrip() for start in range(0, 24, 6)
    ]
    return ["", "Write these 24 words on paper and keep the paper safe. They are shown this once.", "", *rows]


@group.command("status")
@pass_context
def status(context: Context) -> None:
    """Say whose vault this is and what it holds."""
    session = context.session
    vault, profile = session.vault, session.profile
    counts = {group.value: count for group, count in vault.projections.counts().items()}
    value = {
        "organisation": profile.organisation.id,
        "official": profile.official.name,
        "admitted": session.inbox is not None,
        "requests": counts,
        "events": vault.events.count(),
        "datasets": vault.catalogue.count(),
        "waiting_to_send": len(vault.outbox.unfinished()),
        "folder": str(vault.folder or ""),
    }
    lines = [
        f"{profile.official.name}, {profile.official.post}, {profile.organisation.name}",
        f"Vault: {vault.folder}",
        f"Requests: {sum(counts.values())}. Signed events: {vault.events.count()}. Datasets: {vault.catalogue.count()}.",
        f"Sealed and waiting to send: {len(vault.outbox.unfinished())}.",
    ]
    context.tell(lines, value)


@group.command("check")
@pass_context
def check(context: Context) -> None:
    """Look for damage, orphans and a rolled-back file."""
    problems = context.session.vault.check()
    value = [{"code": p.code, "detail": p.detail, "fix": p.fix} for p in problems]
    lines = [f"{p.detail} {p.fix}" for p in problems] or ["The vault is sound."]
    context.tell(lines, value)
    if problems:
        raise click.exceptions.Exit(6)


@group.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def backup(context: Context, target: Path) -> None:
    """Write an encrypted copy of the whole vault to one file."""
    context.session.vault.backup(target)
    context.tell(f"The vault is copied to {target}. The same key or recovery words open it.", {"backup": str(target)})


@group.command("recover")
@click.option("--kit", type=click.Path(path_type=Path), required=True, help="The recovery kit.")
@click.option("--kit-passphrase-file", type=click.Path(path_type=Path), required=True)
@pass_context
def recover(context: Context, kit: Path, kit_passphrase_file: Path) -> None:
    """Open the vault with its recovery kit, when the key store or the passphrase is lost."""
    passphrase = read_file(str(kit_passphrase_file)).decode().rstrip("\r\n")
    words = keeping_keys.words_of_kit(read_file(str(kit)), passphrase)
    session = context.desk.unlock_with_words(words.reveal())
    name = session.profile.official.name
    context.tell(f"The recovery kit opens this vault. It belongs to {name}.", {"opens": True, "official": name})
