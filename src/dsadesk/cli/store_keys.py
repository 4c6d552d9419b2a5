"""`dsadesk store host-key` and `client-key`: whose server answers, and the key that lets this laptop in."""

from __future__ import annotations

from dataclasses import replace

import click

from dsadesk.cli.output import Context, pass_context
from dsadesk.ports import StoreAccess
from dsadesk.services import store_keys, stores
from dsadesk.services.session import Session


@click.command("host-key")
@click.argument("address")
@click.option("--pin", metavar="SHA256:…", help="Pin this key, as its keeper gave it, when it is the one shown.")
@pass_context
def host_key(context: Context, address: str, pin: str | None) -> None:
    """Show the key of an SFTP server, to compare it with its keeper's, and pin it after a yes."""
    session = context.session
    shown = store_keys.shown_host_key(session, address)
    lines = [f"The server shows the key {shown.fingerprint} ({shown.kind})."]
    if shown.is_pinned:
        lines.append("It is the one that is pinned here.")
    elif shown.pins:
        lines += [
            f"Another one is pinned here: {', '.join(shown.pins)}.",
            "Ask the server's keeper, by phone, whether it was changed, before you say yes.",
        ]
    if pin is None and not shown.is_pinned and not context.as_json:
        for line in lines:
            click.echo(line)
        lines = []
        if click.confirm("Is it the one that the server's keeper told you?", err=True):
            pin = shown.fingerprint
    is_pinned = shown.is_pinned
    if pin is not None and not shown.is_pinned:
        store_keys.pin_host_key(session, address, pin)
        is_pinned = True
        lines.append("Pinned: from now on only a server with this key is spoken to there.")
    elif not shown.is_pinned:
        lines.append("Nothing was pinned.")
    context.tell(
        lines, {"fingerprint": shown.fingerprint, "kind": shown.kind, "pinned": is_pinned, "before": list(shown.pins)}
    )


@click.command("client-key")
@click.argument("address")
@pass_context
def client_key(context: Context, address: str) -> None:
    """Show the line that lets this laptop in at an SFTP server, making its key first where there is none."""
    key = store_keys.use_client_key(context.session, address)
    lines = ["Give this line to whoever looks after the server; there is no secret in it:", f"  {key.line}"]
    context.tell(lines, {"address": address, "line": key.line})


def with_keys(session: Session, address: str, access: StoreAccess) -> StoreAccess:
    """What lets us in at an SFTP server: the server's key as it was pinned or is now confirmed, and ours unless a password was given."""
    kept = stores.access_of(session, address)
    own = kept.key or store_keys.client_key(session).private
    access = replace(
        access,
        host_keys=access.host_keys or kept.host_keys,
        key=access.key or ("" if access.secret else own),
        proxy=access.proxy or kept.proxy,
    )
    if access.host_keys:
        return access
    shown = store_keys.host_key(session.world.open_transport, address, access)
    click.echo(f"The server shows the key {shown.fingerprint} ({shown.kind}).", err=True)
    click.confirm("Is it the one that its keeper told you?", abort=True, err=True)
    return replace(access, host_keys=(shown.fingerprint,))
