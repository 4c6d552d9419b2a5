"""`dsadesk keys export-inbox-key`: the key that opens bundles without dsadesk. It is written locked, never in clear."""

from __future__ import annotations

from pathlib import Path

import click

from dsadesk import age
from dsadesk.bundle.identity import identity_from_seed
from dsadesk.cli.output import Context, pass_context, read_file, write_file
from dsadesk.services import keeping_keys, wrapping_keys
from dsadesk.services.session import Session


@click.command("export-inbox-key")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--key-passphrase-file",
    type=click.Path(path_type=Path),
    required=True,
    help="A file with the passphrase that will lock the key.",
)
@pass_context
def export_inbox_key(context: Context, target: Path, key_passphrase_file: Path) -> None:
    """Write your inbox's key to a locked file, for opening bundles without dsadesk.

    Whoever has the file and its passphrase can read everything that is sent to your inbox. They can sign nothing with it.
    """
    passphrase = read_file(str(key_passphrase_file)).decode("utf-8", "replace").rstrip("\r\n")
    write_file(target, locked_inbox_key(context.session, passphrase))
    lines = [
        f"Your inbox's key is in {target}, locked with the passphrase that you gave.",
        "Keep the two apart. How to use it is in docs/opening-without-dsadesk.md.",
    ]
    context.tell(lines, {"key": str(target)})


def locked_inbox_key(session: Session, passphrase: str) -> bytes:
    """Every key that the inbox has had, newest first, as an age identity file that only the passphrase opens.

    Raises: InputError("passphrase-short"), RuleError("not-admitted").
    """
    wrapping_keys.check_passphrase(passphrase)
    session.require_inbox()
    lines = [f"# inbox key of {session.profile.organisation.id}"]
    for seed in keeping_keys.inbox_seeds(session.vault):
        hybrid = identity_from_seed(seed).hybrid
        lines += [f"# public key: {hybrid.recipient}", hybrid.encode()]
    recipient = age.ScryptRecipient(passphrase, session.world.settings.work_factor)
    return age.armor(age.encrypt("\n".join([*lines, ""]).encode(), (recipient,), session.world.entropy.token))
