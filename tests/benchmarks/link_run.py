"""One program on one bad link: python -m tests.benchmarks.link_run LINK TOOL. Prints one line of JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dsadesk import bootstrap
from dsadesk.domain.ids import BoxId
from dsadesk.host.clock import SystemClock
from dsadesk.host.entropy import SystemEntropy
from dsadesk.ports import Readies, StoreAccess
from dsadesk.sync.commit import inbox_places
from tests.benchmarks.bench_links import OURS, SCENARIOS, Scenario
from tests.support.link import SERVER, Link, end
from tests.support.servers import web
from tests.support.servers.certificates import Authority
from tests.support.servers.rclone import Rclone
from tests.support.servers.sshd import Sshd

FILE = "delivery.bin"


class Place:
    """A server at the far end: where a program sends to, and how much of the delivery lies there whole."""

    def __init__(self, address: str, access: StoreAccess, folder: Path) -> None:
        self.address = address
        self.access = access
        self.folder = folder


def main(link_name: str, tool: str) -> dict[str, Any]:
    """Brings a delivery over the link by a program; what came of it."""
    scenario = SCENARIOS[link_name]
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dsadesk-link-")))
        link = stack.enter_context(Link(scenario.quality))
        act = (ours if tool in OURS else peer)(tool, scenario, link, work, stack)
        begun = time.monotonic()
        is_done = act(scenario.quality.ideal(scenario.size) * scenario.give_up)
        seconds = time.monotonic() - begun
        return {
            "seconds": seconds if is_done else None,
            "wire": round(link.upstream.offered / scenario.size, 3),
            "carried": round(link.upstream.carried / scenario.size, 3),
            "idle": round(link.upstream.idle, 1),
            "cuts": link.cuts,
            **({} if is_done else {"why": f"did not finish in {seconds:.0f} s"}),
        }


# ---------------------------------------------------------------- ours


def ours(tool: str, scenario: Scenario, link: Link, work: Path, stack: ExitStack) -> Callable[[float], bool]:
    """Our own engine in a process at the near end, over a real vault. It is ready before the clock starts."""
    place = at_far_end(tool, link, work, stack)
    inbox = link.server.run(
        lambda: bootstrap.prepare_store(place.address, SystemClock(), SystemEntropy(), place.access)
    )
    order = {
        "address": place.address,
        "access": asdict(place.access),
        "size": scenario.size,
        "folder": str(work),
    }
    sender = link.client.run(
        lambda: subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.link_sender"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    )
    stack.callback(end, sender)
    assert sender.stdin is not None
    assert sender.stdout is not None
    sender.stdin.write(json.dumps(order).encode() + b"\n")
    sender.stdin.flush()
    word, box = sender.stdout.readline().decode().split()
    assert word == "ready"
    # As the owner's program does when it makes its inbox (services.inbox_store.prepare_inbox).
    if isinstance(inbox, Readies):
        link.server.run(lambda: [inbox.ready(each) for each in inbox_places(BoxId(box))])
    inbox.close()

    def act(seconds: float) -> bool:
        assert sender.stdin is not None
        sender.stdin.write(f"{seconds}\n".encode())
        sender.stdin.flush()
        try:
            said, _ = sender.communicate(timeout=seconds + 30)
        except subprocess.TimeoutExpired:
            return False
        if said.strip() != b"committed":
            print(said.decode(errors="replace"), file=sys.stderr)
            return False
        require_whole(place, scenario.size)
        return True

    return act


def require_whole(place: Place, size: int) -> None:
    """Every part has the bytes that its name says, and a commit is there."""
    parts = [each for each in place.folder.glob("dsa1/*/p/*/*") if "." not in each.name]
    for part in parts:
        digest = base64.b32encode(hashlib.sha256(part.read_bytes()).digest()).decode().lower().rstrip("=")
        assert part.name == digest, part
    assert sum(part.stat().st_size for part in parts) >= size
    # A server may still hold the rest of a second copy that was cut off, under a name of its own.
    assert len([each for each in place.folder.glob("dsa1/*/n/*/*") if "." not in each.name]) == 1


def at_far_end(tool: str, link: Link, work: Path, stack: ExitStack) -> Place:
    """The server for one of our carriers, started in the far network."""
    if tool == "webdav":
        server = link.server.run(lambda: stack.enter_context(web.nginx(SERVER)))
        assert not isinstance(server, str), server
        folder = server.fresh()
        return Place(server.url(folder), server.access, server.path(folder))
    if tool == "sftp":
        sshd = link.server.run(lambda: stack.enter_context(Sshd(host=SERVER)))
        return Place(sshd.address(), sshd.access, sshd.inbox)
    authority = Authority.new()
    (work / "s3").mkdir()
    served = Rclone(work / "s3", host=SERVER, certificate=authority.issue(work, "s3", host=SERVER))
    link.server.run(served.start)
    stack.callback(served.stop)
    (work / "s3/buckets/bucket").mkdir()
    access = replace(served.access, authority=authority.pem)
    return Place(f"s3+https://{served.endpoint}/bucket", access, work / "s3/buckets/bucket")


# ---------------------------------------------------------------- what people use


def peer(tool: str, scenario: Scenario, link: Link, work: Path, stack: ExitStack) -> Callable[[float], bool]:
    """Another program, asked again whenever it gives up."""
    source = work / FILE
    source.write_bytes(os.urandom(scenario.size))
    words, target = (by_web if tool in {"curl", "rclone"} else by_ssh)(tool, source, link, work, stack)

    def act(seconds: float) -> bool:
        loop = f"until {words}; do sleep 1; done"
        process = link.client.run(
            lambda: subprocess.Popen(
                ["sh", "-c", loop], stdout=subprocess.DEVNULL, stderr=(work / "said").open("wb"), start_new_session=True
            )
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            end(process)
        return target.read_bytes() == source.read_bytes()

    return act


def by_web(tool: str, source: Path, link: Link, work: Path, stack: ExitStack) -> tuple[str, Path]:
    """A PUT over WebDAV by curl or rclone."""
    server = link.server.run(lambda: stack.enter_context(web.nginx(SERVER)))
    assert not isinstance(server, str), server
    folder = server.fresh()
    authority = work / "authority.pem"
    authority.write_text(server.authority.pem)
    access = server.access
    if tool == "curl":
        login = work / "netrc"
        login.write_text(f'user = "{access.user}:{access.secret}"\n')
        words = (
            f"curl --fail --silent --config {login} --cacert {authority} --speed-limit 1 --speed-time 25"
            f" --upload-file {source} {server.url(folder)}/{FILE}"
        )
    else:
        hidden = subprocess.run(["rclone", "obscure", access.secret], capture_output=True, text=True, check=True)
        words = (
            f"rclone --config /dev/null --ca-cert {authority} --timeout 30s --contimeout 30s copyto"
            f" --webdav-url {server.url(folder)} --webdav-user {access.user} --webdav-pass {hidden.stdout.strip()}"
            f" {source} :webdav:{FILE}"
        )
    return words, server.path(folder) / FILE


def by_ssh(tool: str, source: Path, link: Link, work: Path, stack: ExitStack) -> tuple[str, Path]:
    """rsync, or OpenSSH's own sftp that goes on where it was; both may enter as the administrator, for a shell."""
    sshd = link.server.run(
        lambda: stack.enter_context(
            Sshd(host=SERVER, lines=["ForceCommand none", "AllowUsers root", "PermitRootLogin prohibit-password"])
        )
    )
    key = work / "key"
    key.write_text(sshd.access.key)
    key.chmod(0o600)
    shell = (
        f"-i {key} -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=30"
        " -o ServerAliveInterval=10 -o ServerAliveCountMax=2 -o LogLevel=ERROR"
    )
    target = sshd.inbox / FILE
    if tool == "rsync":
        return (
            f"rsync --partial --inplace --timeout=30 -e 'ssh -p {sshd.port} {shell}' {source} root@{SERVER}:{target}",
            target,
        )
    batch = work / "batch"
    batch.write_text(f"reput {source} {target}\n")
    first = work / "first"
    first.write_text(f"put {source} {target}\n")
    start = f"sftp -q -P {sshd.port} {shell} -b"
    return f"{{ {start} {batch} root@{SERVER} || {{ test ! -e {target} && {start} {first} root@{SERVER}; }}; }}", target


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2])), flush=True)
