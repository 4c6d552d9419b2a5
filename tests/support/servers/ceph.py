"""Ceph's S3 gateway over one monitor, one manager and one store in memory: the strict S3 server, for the long runs only."""

from __future__ import annotations

import shutil
import subprocess
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from dsadesk.ports import StoreAccess
from tests.support.servers.processes import Running, free_port

USER = "AKEYOFATEST"
SECRET = "a-secret-of-a-test"
PROGRAMS = ("ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin", "monmaptool", "ceph")

_CONF = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon_port}/0]
auth cluster required = none
auth service required = none
auth client required = none
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
ms mon client mode = crc
keyring = {folder}/keyring
run dir = {folder}
admin socket =
log file = {folder}/$name.ceph.log
log to stderr = false
mon data = {folder}/mon
mgr data = {folder}/mgr
osd data = {folder}/osd
osd objectstore = memstore
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
rgw rados pool pg num min = 1
rgw enable usage log = false
rgw data = {folder}/rgw
"""


def missing() -> str:
    """Why it cannot run here, "" when it can."""
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"no {', '.join(lacking)}: apt-get install radosgw ceph-mon ceph-osd ceph-mgr" if lacking else ""


@dataclass
class Ceph:
    """The four daemons over a folder."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self._running: list[Running] = []

    @property
    def endpoint(self) -> str:
        """Where S3 is spoken."""
        return f"127.0.0.1:{self.port}"

    @property
    def access(self) -> StoreAccess:
        """What lets the owner of the buckets in."""
        return StoreAccess(user=USER, secret=SECRET)

    def start(self) -> Ceph:
        """Makes a cluster and waits until the gateway listens."""
        fsid, osd, mon_port = str(uuid.uuid4()), str(uuid.uuid4()), free_port()
        for name in ("mon", "mgr", "osd", "rgw"):
            (self.folder / name).mkdir()
        (self.folder / "ceph.conf").write_text(_CONF.format(fsid=fsid, mon_port=mon_port, folder=self.folder))
        monmap = self.folder / "monmap"
        self._do("monmaptool", "--create", "--addv", "a", f"[v2:127.0.0.1:{mon_port}/0]", "--fsid", fsid, monmap)
        self._do("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap)
        self._run("ceph-mon", "-f", "-i", "a").wait_for_port(mon_port)
        self._do("ceph", "osd", "new", osd)
        self._do("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        self._run("ceph-mgr", "-f", "-i", "x")
        self._run("ceph-osd", "-f", "-i", "0")
        self._do(
            "radosgw-admin", "user", "create", "--uid", "a-test", "--display-name", "A test",
            "--access-key", USER, "--secret-key", SECRET,
        )  # fmt: skip
        gateway = self._run("radosgw", "-f", "-n", "client.rgw.a", "--rgw-frontends", f"beast endpoint={self.endpoint}")
        gateway.wait_for_port(self.port)
        return self

    def stop(self) -> None:
        """Ends all of them; the gateway first."""
        while self._running:
            self._running.pop().kill()

    def _do(self, program: str, *words: str | Path) -> None:
        command = [program, "-c", self.folder / "ceph.conf", *words]
        done = subprocess.run(command, check=False, capture_output=True, timeout=120, cwd=self.folder)
        assert done.returncode == 0, (command, done.stderr[-2000:])

    def _run(self, program: str, *words: str) -> Running:
        command = [program, "-c", self.folder / "ceph.conf", *words]
        self._running.append(Running(command, self.folder / f"{program}.log"))
        self._running[-1].start()
        return self._running[-1]
