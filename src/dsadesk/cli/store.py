"""`dsadesk store …`: the places that bundles are delivered to, how this laptop is let in there, and what they can do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from dsadesk.cli.output import Context, pass_context, read_file, table
from dsadesk.cli.store_keys import client_key, host_key, with_keys
from dsadesk.errors import RuleError
from dsadesk.ports import StoreAccess
from dsadesk.services import keeping_cards, store_checks, store_doctor, stores
from dsadesk.services.inbox_store import prepare_inbox
from dsadesk.services.session import Session
from dsadesk.services.store_findings import Diagnosis, Level
from dsadesk.services.wording import long_date
from dsadesk.services.wording.stores import LEVEL_WORDS, finding_sentences, verdict_of

_UNUSABLE = 8


@click.group("store")
def group() -> None:
    """Add, check, list and forget the places that bundles are delivered to."""


group.add_command(host_key)
group.add_command(client_key)


@group.command("add")
@click.argument("address")
@click.option("--user", default="", help="Your name there, or the id of an S3 key.")
@click.option("--secret-stdin", is_flag=True, help="Read the password, or the secret S3 key, from standard input.")
@click.option("--region", default="", help="The region of a bucket, where the server wants one.")
@click.option("--authority", type=click.Path(path_type=Path), help="A certificate authority of your office, in PEM.")
@click.option("--proxy", default="", help="Your office's proxy, as http://server:port, when not the system's.")
@click.option("--proxy-user", default="", help="Your name at the proxy; its password is asked for.")
@click.option("--key", type=click.Path(path_type=Path), help="Another private key for SFTP than this laptop's own.")
@click.option("--host-key", "host_keys", multiple=True, help="The key of an SFTP server, as SHA256:…, from its keeper.")
@click.option("--prepare", is_flag=True, help="Make the place into a store if it is not one yet.")
@click.option("--inbox", is_flag=True, help="Make it your own inbox, and put its address on your card.")
@pass_context
def add(context: Context, /, address: str, **given: Any) -> None:
    """Try a store, and remember how to get in when it can be used. A password is asked for, and never typed in the command."""
    session = context.session
    address = address.rstrip("/") or address
    access = _access(session, address, given)
    if given["prepare"]:
        prepare_inbox(session, address, access)
    found = store_doctor.try_out(session, address, access)
    _tell(context, [found])
    if found.level is Level.UNUSABLE:
        raise click.exceptions.Exit(_UNUSABLE)
    stores.keep_store(session, address, access, found.store_id)
    if given["inbox"]:
        keeping_cards.set_inbox_address(session, address)
        stores.keep_store(session, address, access, found.store_id)
    store_checks.keep_check(session, found)


@group.command("check")
@click.argument("address", required=False)
@click.option("--due", is_flag=True, help="Only those that were not tried for a week.")
@pass_context
def check(context: Context, address: str | None, due: bool) -> None:
    """Try a store, or all of them, and say what each does and does not do."""
    session = context.session
    known = [store.address for store in stores.known_stores(session)]
    if address is not None and address.rstrip("/") not in known:
        raise RuleError("no-such-store", address=address)
    wanted = [address.rstrip("/")] if address else [*store_checks.due_stores(session)] if due else known
    found = [store_doctor.examine(session, each) for each in wanted]
    _tell(context, found)
    if any(each.level is Level.UNUSABLE for each in found):
        raise click.exceptions.Exit(_UNUSABLE)


@group.command("list")
@pass_context
def list_(context: Context) -> None:
    """List the stores that you know, whose inboxes lie there, and when each was tried."""
    session = context.session
    rows: list[tuple[str, ...]] = []
    values: list[dict[str, Any]] = []
    for store in stores.known_stores(session):
        check = store_checks.last_check(session, store.address)
        tried = f"{LEVEL_WORDS[check.level]} on {long_date(check.at)}" if check else "Never tried"
        rows.append((store.address, ", ".join(store.orgs) or "no inbox", store.user or "no name", tried))
        values.append(
            {
                "address": store.address,
                "store": store.store_id,
                "user": store.user,
                "has_secret": store.has_secret,
                "orgs": list(store.orgs),
                "checked": check.at.isoformat() if check else None,
                "level": check.level if check else None,
            }
        )
    context.tell(table(rows) or ["No store is known yet."], values)


@group.command("forget")
@click.argument("address")
@pass_context
def forget(context: Context, address: str) -> None:
    """Forget how to get in at a store. What waits for it stays in your outbox."""
    stores.forget_store(context.session, address)
    context.tell(f"Forgotten: {address}.", {"forgotten": address})


def _access(session: Session, address: str, given: dict[str, Any]) -> StoreAccess:
    access = StoreAccess(
        user=given["user"],
        secret=_secret(given),
        key=read_file(str(given["key"])).decode("ascii", "replace") if given["key"] else "",
        host_keys=tuple(given["host_keys"]),
        authority=read_file(str(given["authority"])).decode("ascii", "replace") if given["authority"] else "",
        proxy=_proxy(given["proxy"], given["proxy_user"]),
        region=given["region"],
    )
    return with_keys(session, address, access) if address.startswith("sftp://") else access


def _secret(given: dict[str, Any]) -> str:
    if given["secret_stdin"]:
        return sys.stdin.readline().rstrip("\r\n")
    if given["user"] and not given["key"]:
        return str(click.prompt("Password", hide_input=True, err=True))
    return ""


def _proxy(address: str, user: str) -> str:
    if not (address and user):
        return address
    password = str(click.prompt("Password at the proxy", hide_input=True, err=True))
    return stores.proxy_with_login(address, user, password)


def _tell(context: Context, found: list[Diagnosis]) -> None:
    lines: list[str] = []
    for each in found:
        lines += [f"{each.address}: {verdict_of(each)}"]
        for finding in each.findings:
            sentences = finding_sentences(finding)
            lines.append(f"  {LEVEL_WORDS[finding.level.value]}: {' '.join(sentences)}")
            if finding.error is not None and (command := context.explain(finding.error).command):
                lines.append(f"    {command}")
    context.tell(lines or ["No store is due."], [_value(each) for each in found])


def _value(found: Diagnosis) -> dict[str, Any]:
    return {
        "address": found.address,
        "store": found.store_id,
        "level": found.level.value,
        "findings": [
            {
                "about": each.about,
                "level": each.level.value,
                "said": list(finding_sentences(each)),
                "error": each.error.code if each.error else None,
            }
            for each in found.findings
        ],
    }
