"""A bad link for tests: two network namespaces on this machine, joined by a process of ours that delays, loses and cuts what passes.

    CLIENT 10.77.0.1  ──tun──  this process  ──tun──  10.77.0.2 SERVER

Each way has a rate, a delay, a queue that drops what does not fit, and losses; at times the link is cut. A cut by RESET sends a reset to both
ends of every connection, as a modem that redials does; a SILENT one forgets the connections that stand, as an address translator does, so that
whatever they send is swallowed. After a cut nothing passes for `outage` seconds. `tc netem` would do half of this where a kernel has it.

TCP runs with cubic, forced on the route: BBR as a machine's default would hide the losses. Needs root and /dev/net/tun; `why_not` says what is missing.
"""

from __future__ import annotations

import ctypes
import fcntl
import heapq
import os
import random  # noqa: TID251  losses that a seed repeats, not secrets
import select
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self, TypeVar

T = TypeVar("T")

CLIENT, SERVER = "10.77.0.1", "10.77.0.2"
MTU = 1400

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_TUN = Path("/dev/net/tun")
_TCP = 6
_RST, _SYN, _FIN, _ACK = 0x04, 0x02, 0x01, 0x10


class Cut(Enum):
    """What a cut does to the connections that stand."""

    RESET = "reset"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How bad a link is. `rate` is in bit/s, times are in seconds, `loss` is a share each way, `cut_every` is a mean (0 never), ± 30 %."""

    rate: float
    round_trip: float
    loss: float = 0.0
    cut_every: float = 0.0
    outage: float = 4.0
    cut: Cut = Cut.RESET
    queue_seconds: float = 1.0
    seed: int = 1

    def ideal(self, size: int) -> float:
        """Seconds that so many bytes would take if the link carried nothing else and never failed."""
        return size * 8 / self.rate


@dataclass
class Passed:
    """What one direction has seen so far: packets, bytes offered, packets lost and dropped, bytes carried, and seconds in which it stood idle."""

    packets: int = 0
    offered: int = 0
    lost: int = 0
    dropped: int = 0
    carried: int = 0
    idle: float = 0.0


@dataclass
class _Way:
    """One direction."""

    source: int
    target: int
    free_at: float = 0.0
    passed: Passed = field(default_factory=Passed)


def why_not() -> str:
    """Why no link can be made here, or "" if one can."""
    if os.geteuid() != 0:
        return "a link needs root"
    if not _TUN.exists():
        return "a link needs /dev/net/tun"
    tried = subprocess.run(
        ["unshare", "--net", "ip", "tuntap", "add", "dev", "dsatun", "mode", "tun"], capture_output=True, check=False
    )
    return "" if tried.returncode == 0 else "this machine lets nobody make a network of their own"


class Place:
    """One end of the link. `run` calls a function inside its network; processes that the function starts stay there."""

    def __init__(self, name: str, address: str) -> None:
        self.address = address
        self.tun = -1
        self._calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=f"link {name}", daemon=True)
        self._thread.start()

    def run(self, call: Callable[[], T]) -> T:
        """What the function returns, called by the thread that lives in this network."""
        future: Future[T] = Future()
        self._calls.put((call, future))
        return future.result()

    def command(self, words: Sequence[str], **more: Any) -> subprocess.CompletedProcess[bytes]:
        """Runs a command in this network."""
        return self.run(lambda: subprocess.run(list(words), **more))  # noqa: PLW1510  callers say what they check

    def close(self) -> None:
        """Ends the thread; the network goes with the last process in it."""
        self._calls.put(None)
        self._thread.join(5)
        if self.tun >= 0:
            os.close(self.tun)
            self.tun = -1

    def _serve(self) -> None:
        while (item := self._calls.get()) is not None:
            call, future = item
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001  it belongs to whoever called
                future.set_exception(error)

    def enter(self) -> None:
        """Makes the network. The thread's own: the rest of this program stays where it was."""

        def make() -> int:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.unshare(_CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "unshare")
            tun = os.open(_TUN, os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH14x", b"dsalink", _IFF_TUN | _IFF_NO_PI))
            for words in (
                "link set lo up",
                f"link set dsalink mtu {MTU}",
                f"addr add {self.address}/24 dev dsalink",
                "link set dsalink up",
                f"route replace 10.77.0.0/24 dev dsalink src {self.address} congctl cubic",
            ):
                subprocess.run(["ip", *words.split()], check=True, capture_output=True)
            return tun

        self.tun = self.run(make)


class Link:
    """The link while it stands: `client` and `server` are its ends. A context manager."""

    def __init__(self, quality: Quality) -> None:
        self.quality = quality
        self.client, self.server = Place("client", CLIENT), Place("server", SERVER)
        self._cuts = 0
        self._was_cut = threading.Condition()
        self._random = random.Random(quality.seed)  # noqa: S311
        self._on_way: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self._acked: dict[tuple[bytes, int, bytes, int], int] = {}
        self._dead: set[frozenset[tuple[bytes, int]]] = set()
        self._down_until = 0.0
        self._wake = os.pipe()
        self._closing = False
        self._thread = threading.Thread(target=self._forward, name="link", daemon=True)

    def __enter__(self) -> Self:
        self.client.enter()
        self.server.enter()
        self._up, self._down = (
            _Way(self.client.tun, self.server.tun),
            _Way(self.server.tun, self.client.tun),
        )
        self._next_cut = self._plan_cut(time.monotonic())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        os.write(self._wake[1], b"x")
        self._thread.join(5)
        self.client.close()
        self.server.close()
        for end in self._wake:
            os.close(end)

    @property
    def upstream(self) -> Passed:
        """What the client has offered so far, in IP bytes."""
        return self._up.passed

    @property
    def downstream(self) -> Passed:
        """What the server has offered so far."""
        return self._down.passed

    @property
    def cuts(self) -> int:
        """How often it was cut."""
        return self._cuts

    def wait_for_cuts(self, count: int, timeout: float = 30) -> None:
        """Waits until it was cut so often. Raises: TimeoutError."""
        with self._was_cut:
            if not self._was_cut.wait_for(lambda: self._cuts >= count, timeout):
                raise TimeoutError(f"{self._cuts} cuts of {count}")

    def cut_now(self) -> None:
        """Cuts the link at once, whatever was planned."""
        self._next_cut = 0.0
        os.write(self._wake[1], b"x")

    # ------------------------------------------------------------ the loop

    def _forward(self) -> None:
        ways = {self._up.source: self._up, self._down.source: self._down}
        while not self._closing:
            now = time.monotonic()
            if now >= self._next_cut:
                self._cut(now)
            while self._on_way and self._on_way[0][0] <= now:
                _, _, target, packet = heapq.heappop(self._on_way)
                _write(target, packet)
            due = min(self._next_cut, self._on_way[0][0] if self._on_way else now + 3600)
            ready, _, _ = select.select([*ways, self._wake[0]], [], [], max(0.0, min(due - time.monotonic(), 1.0)))
            for source in ready:
                if source == self._wake[0]:
                    os.read(source, 64)
                else:
                    self._take(ways[source])

    def _take(self, way: _Way) -> None:
        for _ in range(64):
            try:
                packet = os.read(way.source, 65536)
            except BlockingIOError:
                return
            if packet[0] >> 4 == 4:  # what the kernel says by IPv6 on a new interface is nobody's business
                self._pass(way, packet)

    def _pass(self, way: _Way, packet: bytes) -> None:
        now, quality, passed = time.monotonic(), self.quality, way.passed
        passed.packets += 1
        passed.offered += len(packet)
        ends = self._note(packet)
        if now < self._down_until or (ends is not None and ends in self._dead):
            passed.lost += 1
            return
        if way.free_at:
            passed.idle += max(0.0, now - max(way.free_at, self._down_until))
        begins = max(now, way.free_at)
        if begins - now > quality.queue_seconds:
            passed.dropped += 1
            return
        way.free_at = begins + len(packet) * 8 / quality.rate
        passed.carried += len(packet)
        if self._random.random() < quality.loss:
            passed.lost += 1
            return
        self._count += 1
        heapq.heappush(self._on_way, (way.free_at + quality.round_trip / 2, self._count, way.target, packet))

    # ------------------------------------------------------------ connections and cuts

    def _note(self, packet: bytes) -> frozenset[tuple[bytes, int]] | None:
        """Remembers what each end of a connection expects next: only a reset at exactly that number is believed (RFC 5961)."""
        if packet[9] != _TCP:
            return None
        start = (packet[0] & 15) * 4
        source, target = packet[12:16], packet[16:20]
        here, there = struct.unpack_from("!HH", packet, start)
        flags = packet[start + 13]
        ends = frozenset({(source, here), (target, there)})
        if flags & _SYN and not flags & _ACK:
            self._dead.discard(ends)  # the port is used anew
        if flags & _ACK:
            self._acked[source, here, target, there] = struct.unpack_from("!I", packet, start + 8)[0]
        return ends

    def _cut(self, now: float) -> None:
        self._on_way.clear()
        for (source, here, target, there), number in self._acked.items():
            if self.quality.cut is Cut.SILENT:
                self._dead.add(frozenset({(source, here), (target, there)}))
            else:
                tun = self.client.tun if source == socket.inet_aton(CLIENT) else self.server.tun
                _write(tun, reset(target, there, source, here, number))
        self._acked.clear()
        self._down_until = now + self.quality.outage
        self._up.free_at = self._down.free_at = now
        self._next_cut = self._plan_cut(self._down_until)
        with self._was_cut:
            self._cuts += 1
            self._was_cut.notify_all()

    def _plan_cut(self, now: float) -> float:
        every = self.quality.cut_every
        return now + every * self._random.uniform(0.7, 1.3) if every else float("inf")


def reset(source: bytes, here: int, target: bytes, there: int, number: int) -> bytes:
    """An IPv4 packet that resets the connection between two ends: from `source` to `target`, at the number that `target` expects next."""
    tcp = struct.pack("!HHIIBBHHH", here, there, number, 0, 5 << 4, _RST, 0, 0, 0)
    tcp = (
        tcp[:16]
        + struct.pack("!H", _checksum(source + target + struct.pack("!BBH", 0, _TCP, len(tcp)) + tcp))
        + tcp[18:]
    )
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, _TCP, 0) + source + target
    return ip[:10] + struct.pack("!H", _checksum(ip)) + ip[12:] + tcp


def _checksum(data: bytes) -> int:
    """The Internet's checksum (RFC 1071)."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _write(tun: int, packet: bytes) -> None:
    try:
        os.write(tun, packet)
    except OSError:
        return  # its end has gone, or its queue is full: a packet more that is lost


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that was started at one of the places, with whatever it started in its group."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
