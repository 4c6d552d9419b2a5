"""The `dsadesk` command: one group a noun."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from dsadesk import __version__
from dsadesk.cli import agreement, bundle, catalogue, inbox, keys, questions, request, store, vault
from dsadesk.cli.output import EXIT_CODES, Context, report
from dsadesk.errors import DsadeskError
from dsadesk.services.desk import Desk

_EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code}  {meaning}" for code, meaning in EXIT_CODES)


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--vault", type=click.Path(path_type=Path), help="The vault's folder; yours by default.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="A file with the vault's passphrase.")
@click.option("--json", "as_json", is_flag=True, help="Print results, and errors, as JSON.")
@click.version_option(__version__, prog_name="dsadesk")
@click.pass_obj
def root(context: Context, vault: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Draft, seal, deliver, discuss and sign data sharing requests, offline first.

    Without a command the window opens.
    """
    context.vault, context.passphrase_file, context.as_json = vault, passphrase_file, as_json


for _group in (
    vault.group,
    keys.group,
    catalogue.group,
    request.group,
    questions.group,
    bundle.group,
    inbox.group,
    agreement.group,
    store.group,
):
    root.add_command(_group)


def run(arguments: Sequence[str], make_desk: Callable[[Path | None], Desk]) -> int:
    """Runs one command and returns its exit code."""
    context = Context(make_desk=make_desk, vault=None, passphrase_file=None, as_json="--json" in arguments)
    try:
        result = root.main(args=list(arguments), prog_name="dsadesk", standalone_mode=False, obj=context)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 1
    except DsadeskError as error:
        return report(error, context.explain(error), as_json=context.as_json)
    finally:
        context.close()
    return result if isinstance(result, int) else 0


def main(make_desk: Callable[[Path | None], Desk]) -> int:
    """Runs the command that was typed."""
    return run(sys.argv[1:], make_desk)
