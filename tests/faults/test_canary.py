"""No plaintext anywhere: unique words are planted in answers, titles, samples and passphrases; the whole journey runs; nothing on disk holds them."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks import ANSWERS

ROOT = Path(__file__).resolve().parents[2]
CANARIES = {
    "answer": "canarylanternmeadow",
    "title": "canaryvelvetharbour",
    "sample": "canarycopperthistle",
    "question": "canaryamberwillow",
    "reason": "canarysilverotter",
    "passphrase": "canarygraniteheron phrase",
    "kit": "canarymarblefinch phrase",
    "file": "canaryquartzbadger",
}


# The program as it is, but for a passphrase hash that does not take a second for each of thirty commands.
CHEAP = (
    "import sys; from dsadesk.bootstrap import make_desk; from dsadesk.cli.main import run;"
    "sys.exit(run(sys.argv[1:], lambda vault: make_desk(vault, work_factor=8)))"
)


def traces(word: str) -> Iterator[bytes]:
    """A word as it could lie on disk: plain, in other encodings, and inside base64 at each of its three alignments."""
    plain = word.encode()
    yield plain
    yield word.upper().encode()
    yield word.encode("utf-16-le")
    yield plain.hex().encode()
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + plain)
        yield encoded[(lead * 8 + 5) // 6 + 1 : -4]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "laptop"
    for name in ("tmp", "home", "data", "cache", "config", "state", "run"):
        (home / name).mkdir(parents=True)
    return home


def run(home: Path, who: str, outside: Path, *command: str) -> str:
    places = {
        "HOME": "home",
        "TMPDIR": "tmp",
        "XDG_DATA_HOME": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
    }
    places |= {"XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run"}
    env = {name: value for name, value in os.environ.items() if name not in places}
    env |= {name: str(home / folder) for name, folder in places.items()}
    env["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run(
        [
            sys.executable, "-c", CHEAP, "--vault", str(home / f"{who}-vault"),
            "--passphrase-file", str(outside / "pass"), *command,
        ],
        env=env, cwd=home / "home", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def journey(home: Path, outside: Path) -> None:
    (outside / "pass").write_text(CANARIES["passphrase"], "utf-8")
    (outside / "kit-pass").write_text(CANARIES["kit"], "utf-8")
    answers = json.loads(ANSWERS.read_text("utf-8"))
    answers = answers.get("answers", answers)
    answers["purpose.aim"] = f"We will warn swimmers. {CANARIES['answer']}"
    answers["about.title"] = f"Swim map {CANARIES['title']}"
    (outside / "answers.json").write_text(json.dumps(answers), "utf-8")
    sample = outside / f"{CANARIES['file']}.csv"
    rows = "".join(f"{n},{CANARIES['sample']},{n * 3}\n" for n in range(8000))
    sample.write_text("site,name,ecoli\n" + rows, "utf-8")
    for who, org, name in (("requester", "public-health-wales", "Priya"), ("supplier", "environment-agency", "Gwen")):
        run(home, who, outside, "vault", "init", "--organisation", org, "--organisation-name", org, "--name", name,
            "--post", "Analyst", "--kit", str(home / f"{who}.kit"), "--kit-passphrase-file", str(outside / "kit-pass"))  # fmt: skip
        run(home, who, outside, "keys", "inbox-at", str(home / f"inbox-{who}"), "--prepare")
        run(home, who, outside, "keys", "export", str(home / f"{org}.card"))
    run(home, "requester", outside, "keys", "import", str(home / "environment-agency.card"))
    run(home, "supplier", outside, "keys", "import", str(home / "public-health-wales.card"))
    made = run(home, "requester", outside, "--json", "request", "new", "--to", "environment-agency")
    request = json.loads(made)["request"]
    run(home, "requester", outside, "request", "answers", request, str(outside / "answers.json"))
    run(home, "requester", outside, "request", "attach", request, str(sample))
    run(home, "requester", outside, "request", "seal", request)
    run(home, "requester", outside, "inbox", "exchange")
    run(home, "supplier", outside, "inbox", "exchange")
    assert CANARIES["answer"] in run(home, "supplier", outside, "request", "show", request)
    assert CANARIES["sample"] in run(home, "supplier", outside, "request", "sample", request)
    run(home, "supplier", outside, "request", "ask", request, f"Which teams? {CANARIES['question']}")
    run(home, "supplier", outside, "inbox", "exchange")
    run(home, "requester", outside, "inbox", "exchange")
    run(home, "requester", outside, "request", "reply", request, "Two.")
    run(home, "requester", outside, "inbox", "exchange")
    run(home, "supplier", outside, "inbox", "exchange")
    run(home, "supplier", outside, "request", "approve", request, "--reasons", f"Yes. {CANARIES['reason']}")
    run(home, "supplier", outside, "agreement", "draft", request)
    run(home, "supplier", outside, "agreement", "sign", request)
    run(home, "supplier", outside, "inbox", "exchange")
    run(home, "requester", outside, "vault", "backup", str(home / "backup.dsavault"))


def hits(folder: Path) -> list[tuple[str, str]]:
    """Every file below a folder, and every file name, that holds a planted word."""
    found = []
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for what, word in CANARIES.items():
            if word in path.name or any(trace in data for trace in traces(word)):
                found.append((what, str(path.relative_to(folder))))
    return found


def test_the_whole_journey_leaves_no_plaintext_on_the_disk(home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "what-people-brought"
    outside.mkdir()
    journey(home, outside)
    assert len([path for path in home.rglob("*") if path.is_file()]) > 20, "the journey left files to search"
    assert hits(home) == []


@pytest.mark.parametrize("lead", [0, 1, 2])
def test_the_search_finds_a_word_even_inside_base64(tmp_path: Path, lead: int) -> None:
    """The check above must be able to fail."""
    hidden = base64.b64encode(b"x" * lead + CANARIES["answer"].encode() + b" and more")
    (tmp_path / "leak").write_bytes(b"..." + hidden + b"...")
    assert ("answer", "leak") in hits(tmp_path)
