"""One window for a vault: the first start holds a lock and listens, a later start hands over what it was asked to open and ends."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_MOST_BYTES = 32 * 1024
_WAIT_MILLISECONDS = 2_000


class SingleInstance(QObject):
    """The lock and the ear of one vault's window. The lock lies in a folder of this person's own."""

    handed_over = Signal(str)  # the path that a later start was asked to open, or nothing when it only wants to be seen

    def __init__(self, vault: Path, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(f"{folder.absolute()}\0{vault.absolute()}".encode()).hexdigest()
        self._name = f"dsadesk-{digest[:24]}"
        self._lock = QLockFile(str(folder / f"{self._name}.lock"))
        self._lock.setStaleLockTime(0)  # only a holder that is gone makes it stale, however long it holds
        self._server: QLocalServer | None = None
        self._heard: dict[QLocalSocket, bytes] = {}

    def acquire(self) -> bool:
        """Become the one window of the vault, or say that there is one."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_server_new_connection)
        self._server.listen(self._name)
        return True

    def hand_over(self, path: str) -> bool:
        """Ask the window that is there to open a file and come to the front; say whether it took it."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WAIT_MILLISECONDS):
            return False
        socket.write(json.dumps(path).encode() + b"\n")
        taken = socket.waitForBytesWritten(_WAIT_MILLISECONDS)
        socket.disconnectFromServer()
        if socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
            socket.waitForDisconnected(_WAIT_MILLISECONDS)
        return taken

    def release(self) -> None:
        """Stop listening and let another window have the vault."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _on_server_new_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(self._on_socket_ready_read)
            socket.disconnected.connect(self._on_socket_disconnected)
            self._listen(socket)

    def _on_socket_ready_read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._listen(socket)

    def _on_socket_disconnected(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._listen(socket)
            self._heard.pop(socket, None)
            socket.deleteLater()

    def _listen(self, socket: QLocalSocket) -> None:
        if socket not in self._heard:
            return
        self._heard[socket] += bytes(socket.readAll().data())
        line, end, _ = self._heard[socket].partition(b"\n")
        if end:
            del self._heard[socket]
            self._take(line)
        elif len(self._heard[socket]) > _MOST_BYTES:
            del self._heard[socket]
            socket.abort()

    def _take(self, line: bytes) -> None:
        try:
            path = json.loads(line)
        except ValueError:
            return
        if isinstance(path, str):
            self.handed_over.emit(path)
