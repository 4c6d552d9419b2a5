"""A real socket server on loopback that says exactly what a test wants, byte for byte: truths, lies and silence."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Say = Callable[[socket.socket], None]


def read_request(conversation: socket.socket) -> bytes:
    """One request with its body, or b"" when the client went away."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = conversation.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    while len(body) < length:
        piece = conversation.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


class RawServer:
    """Takes the next behaviour of a list for each connection; the last one stays. `requests` is what came in, in order."""

    def __init__(self, *behaviours: Say) -> None:
        self.behaviours = list(behaviours)
        self.requests: list[bytes] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for conversation in self._open:
            with suppress(OSError):
                conversation.shutdown(socket.SHUT_RDWR)
            conversation.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                conversation, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(conversation)
            behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            threading.Thread(target=self._converse, args=(behaviour, conversation), daemon=True).start()

    def _converse(self, behaviour: Say, conversation: socket.socket) -> None:
        with suppress(OSError):
            behaviour(conversation)

    # ------------------------------------------------------------ behaviours

    def answers(self, *answers: bytes, then_close: bool = False) -> RawServer:
        """Each request gets the next answer; the last one stays, or the connection is closed after it."""

        def behave(conversation: socket.socket) -> None:
            left = list(answers)
            while request := read_request(conversation):
                self.requests.append(request)
                conversation.sendall(left[0])
                if len(left) > 1:
                    left.pop(0)
                elif then_close:
                    conversation.close()
                    return

        self.behaviours.append(behave)
        return self
