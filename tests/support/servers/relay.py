"""Stands between a client and a server on loopback: counts bytes, cuts connections, goes silent, flips bits, slows down to a rate."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

_RESET = struct.pack("ii", 1, 0)


class Relay:
    """Passes everything on to a port. `up` and `down` are bytes so far; `on_up` is called with `up` after each piece that went up."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.up = 0
        self.down = 0
        self.connections = 0
        self.is_silent = False
        self.flip_up_at = -1
        self.on_up: Callable[[int], None] = lambda _: None
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(5)

    def cut(self) -> None:
        """Resets every connection in the middle of what it is doing. The server sees it too."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for each in pair:
                with suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    each.shutdown(socket.SHUT_RDWR)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                client.close()
                continue
            # Small, so that what was counted is nearly what arrived.
            server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * 1024)
            self.connections += 1
            with self._lock:
                self._pairs.append((client, server))
            self._start(self._pump, client, server, True)
            self._start(self._pump, server, client, False)

    def _pump(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                counted = self._count(data, is_up)
                if not self.is_silent:
                    sink.sendall(counted)
                if is_up:
                    self.on_up(self.up)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        if is_up:
            for each in (source, sink):
                each.close()

    def _count(self, data: bytes, is_up: bool) -> bytes:
        if not is_up:
            self.down += len(data)
            return data
        start, self.up = self.up, self.up + len(data)
        if start <= self.flip_up_at < self.up:
            flipped = bytearray(data)
            flipped[self.flip_up_at - start] ^= 1
            return bytes(flipped)
        return data
