"""A real OpenSSH server on loopback with its own keys and one account's files, started and stopped by the test that uses it.

It runs as root, because only so can it let another account in, and that account has no rights but those of the files: read-only
folders and foreign ones are then real. Its place is below /run, since sshd wants a chroot to lie in folders that are root's alone.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

import psutil
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from dsadesk.host.memory import SeededEntropy
from dsadesk.ports import StoreAccess
from dsadesk.services.store_keys import ClientKey, make_client_key

SSHD = "/usr/sbin/sshd"
ACCOUNT = "nobody"

HostPrivate = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def why_not() -> str:
    """Why no server can be started here, "" when one can."""
    if os.name == "nt" or os.geteuid() != 0:
        return "sshd lets other accounts in only when root starts it"
    return "" if Path(SSHD).exists() else "openssh-server is not installed"


def fingerprint_of(key: HostPrivate) -> str:
    """A host key's fingerprint, worked out without the code that is tested."""
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    digest = hashlib.sha256(base64.b64decode(line.split()[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


class Sshd:
    """One server. `address` names the folder `inbox` of the account; `access` is what gets in."""

    def __init__(self, *, lines: Sequence[str] = (), chroot: bool = False, host: str = "127.0.0.1") -> None:
        self.host = host
        self.place = Path(tempfile.mkdtemp(prefix="dsadesk-sshd-", dir="/run"))
        self.place.chmod(0o755)
        self.host_keys: list[HostPrivate] = [ed25519.Ed25519PrivateKey.generate()]
        self.client: ClientKey = make_client_key(SeededEntropy("client"))
        self.let_in = [self.client.line]
        self.lines = [*lines, *([f"ChrootDirectory {self.place}/files"] if chroot else [])]
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.files = self.place / "files"
        self.files.mkdir()
        self.files.chmod(0o755)  # whatever umask an earlier test left
        self.inbox = self.folder("inbox")
        self._root = "" if chroot else str(self.files)

    # ------------------------------------------------------------ what a client needs

    @property
    def access(self) -> StoreAccess:
        return StoreAccess(
            user=ACCOUNT, key=self.client.private, host_keys=tuple(fingerprint_of(key) for key in self.host_keys)
        )

    def address(self, folder: str = "inbox", port: int | None = None) -> str:
        return f"sftp://{ACCOUNT}@{self.host}:{port or self.port}{self._root}/{folder}"

    def access_of(self, name: str) -> StoreAccess:
        """Lets another laptop in, by a key of its own, from the next connection on."""
        key = make_client_key(SeededEntropy(name))
        self.authorise(key.line)
        return replace(self.access, key=key.private)

    def authorise(self, line: str) -> None:
        """Lets a key in by its line, as the keeper does."""
        self.let_in.append(line)
        self._write_authorized()

    def folder(self, name: str, mode: int = 0o755) -> Path:
        made = self.files / name
        made.mkdir(exist_ok=True)
        shutil.chown(made, ACCOUNT)
        made.chmod(mode)
        return made

    # ------------------------------------------------------------ its life

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.place, ignore_errors=True)

    def start(self) -> None:
        """Starts it and waits until it listens."""
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        config = self.place / "sshd.conf"
        config.write_text("\n".join(self._configuration()) + "\n")
        with (self.place / "log").open("ab") as log:
            self._process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=log, umask=0o022)
        while True:
            with suppress(OSError), socket.create_connection((self.host, self.port), 1):
                return
            assert self._process.poll() is None, (self.place / "log").read_text()
            self.wait(0.02)

    def wait(self, seconds: float) -> None:
        """Waits for the server to end, so long at most."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def kill(self) -> None:
        """Kills it and every conversation that it has."""
        if self._process is None:
            return
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(self._process.pid)
            for each in [family, *family.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
        self._process.wait()
        self._process = None

    def change_key(self) -> None:
        """Comes back with another key of the same kind."""
        self.kill()
        self.host_keys = [ed25519.Ed25519PrivateKey.generate()]
        self.start()

    @property
    def log(self) -> str:
        return (self.place / "log").read_text("utf-8", "replace")

    def _configuration(self) -> list[str]:
        authorized = self._write_authorized()
        names = []
        for number, key in enumerate(self.host_keys):
            path = self.place / f"host_key_{number}"
            path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
            path.chmod(0o600)
            names.append(f"HostKey {path}")
        return [
            f"Port {self.port}", f"ListenAddress {self.host}", *names, "PidFile none", f"AuthorizedKeysFile {authorized}",
            "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
            f"AllowUsers {ACCOUNT}", "MaxStartups 100:30:200", "Subsystem sftp internal-sftp", *self.lines, "ForceCommand internal-sftp",
        ]  # fmt: skip

    def _write_authorized(self) -> Path:
        authorized = self.place / "authorized"
        authorized.write_text("\n".join(self.let_in) + "\n")
        authorized.chmod(0o644)
        return authorized


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
