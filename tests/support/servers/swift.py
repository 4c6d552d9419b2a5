"""OpenStack Swift with its S3 interface: a real proxy, account, container and object server, the store that every test run meets.

It needs no memcached and no keystone. Its conditional writes are racy, which makes it a good adversary. Its files need extended attributes.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from dsadesk.ports import StoreAccess
from tests.support.servers.processes import SERVERS, Running, free_port

USER = "test:tester"
SECRET = "testing-the-secret"
STRANGER = "other:stranger"
STRANGERS_SECRET = "a-strangers-secret"
REGION = "eu-west-2"

_RINGS = """
import sys
from swift.common.ring import RingBuilder
folder = sys.argv[1]
for name, port in zip(("account", "container", "object"), sys.argv[2:]):
    ring = RingBuilder(1, 1, 0)
    ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "d1", "weight": 1})
    ring.rebalance()
    ring.get_ring().save(f"{folder}/{name}.ring.gz")
"""

_COMMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
disable_fallocate = {no_reserve}
fallocate_reserve = {reserve}
user = {user}
log_udp_host = 127.0.0.1
log_udp_port = {nowhere}
log_level = WARNING
"""

_STORAGE = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

_PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck listing_formats s3api tempauth bulk proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
error_suppression_interval = 0
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = {region}
auth_pipeline_check = false
cors_preflight_allow_origin =
[filter:tempauth]
use = egg:swift#tempauth
user_{user} = {secret} .admin
user_{stranger} = {strangers} .admin
"""


def missing() -> str:
    """Why Swift cannot run here, "" when it can."""
    if not (SERVERS / "bin/swift-proxy-server").exists():
        return "Swift is not in .venv-servers: ./test sets it up"
    return ""


def lacks_attributes(folder: Path) -> str:
    """Why Swift cannot keep its files in a folder, "" when it can."""
    probe = folder / "probe"
    probe.touch()
    try:
        os.setxattr(probe, "user.swift.metadata", b"x" * 1024)
    except (OSError, AttributeError):
        return f"no extended attributes on the file system of {folder}, which Swift needs"
    finally:
        probe.unlink()
    return ""


@dataclass
class Swift:
    """The four servers over a folder."""

    folder: Path
    port: int = field(default_factory=free_port)
    reserve: str = "0"

    def __post_init__(self) -> None:
        self._ports = {kind: free_port() for kind in ("account", "container", "object")}
        self._running: dict[str, Running] = {}

    @property
    def endpoint(self) -> str:
        """Where S3 is spoken."""
        return f"127.0.0.1:{self.port}"

    @property
    def access(self) -> StoreAccess:
        """What lets the owner of the buckets in."""
        return StoreAccess(user=USER, secret=SECRET, region=REGION)

    def start(self) -> Swift:
        """Starts all four and waits until they listen."""
        (self.folder / "devices/d1").mkdir(parents=True, exist_ok=True)
        (self.folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = a-test\n")
        ports = [str(port) for port in self._ports.values()]
        python = SERVERS / "bin/python"
        subprocess.run([python, "-W", "ignore", "-c", _RINGS, self.folder, *ports], check=True)
        for kind in (*self._ports, "proxy"):
            self.start_one(kind, wait=False)
        for kind in (*self._ports, "proxy"):
            self._running[kind].wait_for_port(self._port(kind))
        return self

    def start_one(self, kind: str, *, wait: bool = True) -> None:
        """Starts one of them: proxy, account, container or object."""
        (self.folder / f"{kind}.conf").write_text(self._config(kind))
        command = [SERVERS / f"bin/swift-{kind}-server", self.folder / f"{kind}.conf", "-v"]
        env = {**os.environ, "PYTHONWARNINGS": "ignore", "TMPDIR": str(self.folder)}
        self._running[kind] = Running(command, self.folder / f"{kind}.log", env)
        self._running[kind].start()
        if wait:
            self._running[kind].wait_for_port(self._port(kind))

    def kill_one(self, kind: str) -> None:
        """Ends one of them as a power cut would."""
        self._running[kind].kill()

    def stop(self) -> None:
        """Ends all of them."""
        for running in self._running.values():
            running.stop()

    def _port(self, kind: str) -> int:
        return self._ports.get(kind, self.port)

    def _config(self, kind: str) -> str:
        common = _COMMON.format(
            port=self._port(kind),
            folder=self.folder,
            user=_me(),
            nowhere=9,
            reserve=self.reserve,
            no_reserve="false" if self.reserve != "0" else "true",
        )
        if kind != "proxy":
            return common + _STORAGE.format(kind=kind)
        return common + _PROXY.format(
            region=REGION,
            user=USER.replace(":", "_"),
            secret=SECRET,
            stranger=STRANGER.replace(":", "_"),
            strangers=STRANGERS_SECRET,
        )


def _me() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


_FILL = """
import os, sys
from swift.common.utils import Timestamp
from swift.container.backend import ContainerBroker
prefix, first, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
broker = ContainerBroker(sys.argv[1])
for start in range(0, count, 10_000):
    broker.merge_items([
        {"name": f"{prefix}{sys.argv[5 + n % (len(sys.argv) - 5)]}/{first + n:013d}-{'a' * 32}", "created_at": Timestamp.now().internal,
         "size": 1, "content_type": "application/octet-stream", "etag": "0" * 32, "deleted": 0, "storage_policy_index": 0}
        for n in range(start, min(start + 10_000, count))
    ])
"""


def fill_listing(server: Swift, prefix: str, days: list[str], first: int, count: int) -> None:
    """Enters objects into the only bucket's own listing, without their bytes: a hundred thousand writes would take an hour."""
    (database,) = (server.folder / "devices/d1/containers").rglob("*.db")
    python = SERVERS / "bin/python"
    words = [database, prefix, str(first), str(count), *days]
    subprocess.run([python, "-W", "ignore", "-c", _FILL, *words], check=True)
