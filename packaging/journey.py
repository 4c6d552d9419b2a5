"""The whole main job in a terminal: two officials, two vaults, two inboxes, from first run to an agreement that both have signed.

Every step is a command that a person could type; it is printed before it runs. Real catalogue records are used where they lie beside the
project; the names of the officials are made up.
"""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from dsadesk.bootstrap import make_desk  # noqa: E402
from dsadesk.cli.main import run  # noqa: E402
from dsadesk.services.desk import Desk  # noqa: E402

CATALOGUES = (
    ROOT.parent / "shared/data/catalogue/environment-agency-datasets.csv",
    ROOT / "tests/data/catalogue/demo.csv",
)
ANSWERS = ROOT / "tests/data/answers/bathing-water.json"
SAMPLE = ROOT / "tests/data/samples/bathing-water-samples.csv"
DATASET = "Bathing Water Monitoring Locations"
STEPS = 22


def desk(vault: Path | None) -> Desk:
    """A desk whose passphrases are hashed cheaply: every command here unlocks a vault of its own, and nothing in it is worth guarding."""
    return make_desk(vault, work_factor=12)


class Journey:
    """Runs commands for either side and keeps count."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.step = 0
        self.requester = (
            "--vault",
            str(folder / "requester-vault"),
            "--passphrase-file",
            str(folder / "requester.pass"),
        )
        self.supplier = ("--vault", str(folder / "supplier-vault"), "--passphrase-file", str(folder / "supplier.pass"))

    def say(self, text: str) -> None:
        """Announces the next step."""
        self.step += 1
        click.secho(f"\n[{self.step}/{STEPS}] {text}", bold=True)

    def do(self, who: tuple[str, ...], *command: str) -> Any:
        """Prints and runs a command, shows what it says, and returns its JSON from a second look where there is one."""
        side = "requester" if who is self.requester else "supplier"
        click.secho(f"  {side}$ dsadesk {shlex.join(command)}", fg="cyan")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = run([*who, *command], desk)
        lines = out.getvalue().rstrip().splitlines()
        for line in lines[:14]:
            click.echo(f"    {line}")
        if len(lines) > 14:
            click.echo(f"    … {len(lines) - 14} more lines")
        if code != 0:
            click.secho(f"    stopped with exit code {code}", fg="red", err=True)
            sys.exit(code)

    def ask(self, who: tuple[str, ...], *command: str) -> Any:
        """The JSON answer of a command, not shown."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = run([*who, "--json", *command], desk)
        if code != 0:
            sys.exit(code)
        return json.loads(out.getvalue())


def prepare(folder: Path) -> None:
    """Makes an empty place for the journey; only a folder that an earlier journey made is cleared."""
    mark = folder / "this-is-a-dsadesk-demonstration"
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            click.echo(f"{folder} is not empty and was not made by this command. Name another folder.", err=True)
            sys.exit(2)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    for name in ("requester", "supplier"):
        secret = folder / f"{name}.pass"
        secret.touch(mode=0o600)
        secret.write_text(f"a demonstration passphrase for the {name}\n", "utf-8")


def first_runs(j: Journey) -> None:
    """Both sides make their vaults and exchange cards."""
    f = j.folder
    j.say("First run on the requester's laptop: an identity and its recovery kit")
    j.do(
        j.requester, "vault", "init", "--organisation", "severn-wye-public-health", "--organisation-name", "Severn and Wye Regional Public Health Office",
        "--name", "Catrin Beynon", "--post", "Environmental Health Analyst", "--kit", str(f / "requester-recovery-kit.age"),
        "--kit-passphrase-file", str(f / "requester.pass"),
    )  # fmt: skip
    j.say("First run on the supplier's laptop")
    j.do(
        j.supplier, "vault", "init", "--organisation", "environment-agency", "--organisation-name", "Environment Agency",
        "--name", "Gwen Ellis", "--post", "Information asset owner", "--kit", str(f / "supplier-recovery-kit.age"),
        "--kit-passphrase-file", str(f / "supplier.pass"),
    )  # fmt: skip
    j.say("Each side says where its inbox lies: a folder, as on a share or a stick")
    j.do(j.requester, "keys", "inbox-at", str(f / "inbox-of-requester"), "--prepare")
    j.do(j.supplier, "keys", "inbox-at", str(f / "inbox-of-supplier"), "--prepare")
    j.say("They exchange cards and compare the words on them by phone")
    j.do(j.requester, "keys", "export", str(f / "severn-wye-public-health.dsacard"))
    j.do(j.supplier, "keys", "export", str(f / "environment-agency.dsacard"))
    j.do(j.requester, "keys", "import", str(f / "environment-agency.dsacard"))
    j.do(j.supplier, "keys", "import", str(f / "severn-wye-public-health.dsacard"))
    j.do(j.requester, "keys", "check", "environment-agency", "--method", "phone", "--note", "Spoke to Gwen Ellis")
    j.do(
        j.supplier, "keys", "check", "severn-wye-public-health", "--method", "phone", "--note", "Spoke to Catrin Beynon"
    )


def write_request(j: Journey) -> str:
    """The requester finds a dataset, answers the questions, attaches a sample and seals."""
    catalogue = next(path for path in CATALOGUES if path.exists())
    j.say("The requester imports a catalogue and finds a dataset")
    j.do(j.requester, "catalogue", "import", str(catalogue))
    j.do(j.requester, "catalogue", "search", "bathing", "water")
    found = j.ask(j.requester, "catalogue", "search", *DATASET.split()) or j.ask(j.requester, "catalogue", "search")
    identifier = found[0]["identifier"]
    j.say("A request is started from the record")
    j.do(j.requester, "request", "new", "--dataset", identifier, "--to", "environment-agency")
    reference = str(j.ask(j.requester, "request", "list")[0]["reference"])
    j.say("The questions are answered from a file")
    j.do(j.requester, "request", "answers", reference, str(ANSWERS))
    j.say("A sample is attached: checked, and encrypted as it is read")
    j.do(j.requester, "request", "attach", reference, str(SAMPLE))
    j.say("Check and seal")
    j.do(j.requester, "request", "check", reference)
    j.do(j.requester, "request", "seal", reference)
    j.say("Delivered to the supplier's inbox")
    j.do(j.requester, "inbox", "exchange")
    return reference


def talk(j: Journey, reference: str) -> None:
    """The supplier opens the request, asks, and decides."""
    j.say("The supplier's side finds it and says who signed and how that is known")
    j.do(j.supplier, "inbox", "exchange")
    j.say("It shows every answer")
    j.do(j.supplier, "request", "show", reference)
    j.say("It opens the sample")
    j.do(j.supplier, "request", "sample", reference, "1", "--rows", "5")
    j.say("The supplier asks about one answer")
    about = next(
        a["id"] for a in j.ask(j.supplier, "request", "show", reference)["answers"] if a["id"].startswith("purpose.")
    )
    j.do(j.supplier, "request", "assess", reference)
    j.do(j.supplier, "request", "ask", reference, "Which local teams will see the results?", "--about", about)
    j.do(j.supplier, "inbox", "exchange")
    j.say("The requester replies")
    j.do(j.requester, "inbox", "exchange")
    j.do(j.requester, "request", "reply", reference, "The two coastal health protection teams, six people in all.")
    j.do(j.requester, "inbox", "exchange")
    j.say("The supplier decides, with reasons and conditions")
    j.do(j.supplier, "inbox", "exchange")
    j.do(
        j.supplier, "request", "approve", reference, "--reasons", "It protects swimmers and moves no personal data.",
        "--condition", "Say where the data came from in anything you publish.", "--condition", "Tell us of errors you find.",
    )  # fmt: skip


def agree(j: Journey, reference: str) -> None:
    """The agreement is generated and signed by both."""
    j.say("An agreement is generated from the answers")
    j.do(j.supplier, "agreement", "draft", reference)
    j.say("The supplier signs and sends")
    j.do(j.supplier, "agreement", "sign", reference)
    j.do(j.supplier, "inbox", "exchange")
    j.say("The requester reads and signs")
    j.do(j.requester, "inbox", "exchange")
    j.do(j.requester, "agreement", "show", reference)
    j.do(j.requester, "agreement", "sign", reference)
    j.do(j.requester, "inbox", "exchange")
    j.do(j.supplier, "inbox", "exchange")
    j.say("Both keep it as HTML, PDF and a signed envelope")
    j.do(j.requester, "agreement", "export", reference, str(j.folder / "agreement-of-requester"))
    j.do(j.supplier, "agreement", "export", reference, str(j.folder / "agreement-of-supplier"))


def compare(j: Journey, reference: str) -> None:
    """Both sides must show the same."""
    j.do(j.requester, "inbox", "exchange")
    j.say("Both show the same state and the same history, every signature checked")
    mine = j.ask(j.requester, "request", "history", reference)
    theirs = j.ask(j.supplier, "request", "history", reference)
    for name in ("digest", "stage", "heads"):
        click.echo(f"    {name:8} requester {mine[name]}\n             supplier  {theirs[name]}")
        if mine[name] != theirs[name]:
            click.secho("    The two sides differ.", fg="red", err=True)
            sys.exit(1)
    if mine["stage"] != "signed" or not all(event["verified"] for event in mine["events"] + theirs["events"]):
        click.secho("    The journey did not end with a verified, signed agreement.", fg="red", err=True)
        sys.exit(1)
    j.do(j.supplier, "request", "history", reference)


def main() -> int:
    """Runs the journey in a folder and says where everything is."""
    folder = Path(sys.argv[1]).resolve()
    prepare(folder)
    j = Journey(folder)
    first_runs(j)
    reference = write_request(j)
    talk(j, reference)
    agree(j, reference)
    compare(j, reference)
    j.say("Done. Everything is here")
    for label, name in (
        ("The requester's vault", "requester-vault"),
        ("The supplier's vault", "supplier-vault"),
        ("The supplier's inbox folder", "inbox-of-supplier"),
        ("The requester's inbox folder", "inbox-of-requester"),
        ("The agreement", f"agreement-of-requester/{reference}-agreement.pdf"),
        ("The same as HTML", f"agreement-of-requester/{reference}-agreement.html"),
    ):
        click.echo(f"    {label + ':':30} {folder / name}")
    click.echo(f"    {'Logs:':30} {make_desk(folder / 'requester-vault').world.settings.logs}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
