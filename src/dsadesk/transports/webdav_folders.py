"""What a WebDAV server shows of the folders of a store. All of it is the word of somebody who may lie: bounded, and sorted out by strict names."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote

from dsadesk.errors import StoreRefusedError, StoreUnreachableError
from dsadesk.ports import StoreAccess
from dsadesk.transports.http import Answer, HttpConnection
from dsadesk.transports.multistatus import Entry, parse_multistatus
from dsadesk.transports.names import MAX_NAME, is_component, is_name, may_hold

MAX_LISTING_BYTES = 48 * 1024 * 1024
MAX_FOLDERS = 20_000
"""So many folders are read for one list; a server that shows more makes them up."""

_JUNK = re.compile(r"\.[0-9]{10}\Z")
"""What nginx leaves of a file when its disk is full."""
_NOT_A_FOLDER = frozenset({400, 404, 409})
"""What servers say to a file's name with a slash at its end: Apache 400, nginx 404."""
_NAMES = b'<propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>'
_STAMPS = b'<propfind xmlns="DAV:"><prop><resourcetype/><getlastmodified/></prop></propfind>'


class DavFolders:
    """The folders below an address. Names have no slash at the end; "" is the folder that the address names."""

    def __init__(self, connection: HttpConnection, access: StoreAccess) -> None:
        self._http = connection
        self._login = _basic(access)

    def ask(
        self, method: str, name: str, headers: dict[str, str] | None = None, body: bytes = b"", *, limit: int = 0
    ) -> Answer:
        """Asks for a name below the address, as whoever the store knows us as. Raises: StoreError."""
        target = f"{self._http.address.path}/{name.removeprefix('/')}" if name else self._http.address.path or "/"
        return self._http.ask(method, target, headers={**self._login, **(headers or {})}, body=body, limit=limit)

    def make(self, folder: str) -> Answer:
        """Asks for a folder to be made; "" is the one that the address names."""
        return self.ask("MKCOL", f"{folder}/" if folder else "/")

    def stamps(self, folder: str, depth: str) -> list[Entry]:
        """A folder and, with depth "1", what is in it, with stamps; nothing when it is not there."""
        return self._propfind(folder, depth, _STAMPS)

    def read(self, folder: str) -> tuple[list[str], list[str]]:
        """The whole names of the objects in a folder, and of the folders in it."""
        return self.split(folder, self._propfind(folder, "1", _NAMES))

    def split(self, folder: str, entries: list[Entry]) -> tuple[list[str], list[str]]:
        """Entries of a folder as names of objects and names of folders; what is not ours or lies elsewhere is left out."""
        start = unquote(f"{self._http.address.path}/{folder}/")
        names: list[str] = []
        folders: list[str] = []
        for entry in entries:
            piece = entry.path.removeprefix(start)
            name = f"{folder}/{piece}"
            if not entry.path.startswith(start) or not is_component(piece) or len(name) > MAX_NAME:
                continue
            if entry.is_folder:
                folders.append(name)
            elif is_name(name) and _JUNK.search(piece) is None:
                names.append(name)
        return names, folders

    def names_below(self, top: str, prefix: str, after: str) -> Iterator[str]:
        """The names of objects that begin with a prefix and sort after `after`. Raises: StoreRefusedError("store-answer")."""
        todo, count = [top], 0
        while todo:
            count += 1
            if count > MAX_FOLDERS:
                raise StoreRefusedError("store-answer", address=self._http.address.text)
            names, folders = self.read(todo.pop())
            yield from (name for name in names if name.startswith(prefix) and name > after)
            todo += [each for each in folders if may_hold(f"{each}/", prefix, after)]

    def is_folder(self, name: str) -> bool:
        """Whether a folder lies under a name."""
        found = self._propfind(name, "0", _NAMES, absent=_NOT_A_FOLDER)
        return bool(found) and found[0].is_folder

    def is_object(self, name: str) -> bool:
        """Whether an object lies under a name. Raises: StoreError for any answer but yes and no."""
        try:
            answer = self.ask("HEAD", name)
        except StoreRefusedError as error:
            # Servers point from a folder's name to the same with a slash.
            if error.code == "redirected" and self.is_folder(name):
                return False
            raise
        if answer.status not in {200, 404}:
            raise self._http.fault(answer)
        return answer.status == 200

    def is_below_an_object(self, name: str) -> bool:
        """Whether one of the folders of a name is an object."""
        parts = name.split("/")
        for end in range(len(parts) - 1, 1, -1):
            folder = "/".join(parts[:end])
            if self.is_folder(folder):
                return False
            if self.is_object(folder):
                return True
        return False

    def _propfind(
        self, folder: str, depth: str, wanted: bytes, *, absent: frozenset[int] = frozenset({404})
    ) -> list[Entry]:
        headers = {"Depth": depth, "Content-Type": "application/xml"}
        # With a slash at the end: Apache redirects from a folder's name without one, and a file is not there under a name with one.
        answer = self.ask("PROPFIND", f"{folder}/", headers, wanted, limit=MAX_LISTING_BYTES)
        if answer.status in absent:
            return []
        if answer.status == 200 and is_a_page(answer):
            raise StoreUnreachableError("answer-foreign", address=self._http.address.text)
        if answer.status != 207 or not answer.is_whole:
            raise self._http.fault(answer)
        return parse_multistatus(answer.body, self._http.address.text)


class DavTree:
    """The folders of an inbox, as `gate.Tree`. One question shows the stamps of the top folder and of all that lie in it."""

    def __init__(self, store: DavFolders, top: str) -> None:
        self._store = store
        self._top = top
        self._stamps: dict[str, str] = {}
        self.folders: frozenset[str] = frozenset()
        self.is_there = False

    def stamp(self, folder: str) -> str | None:
        """The folder's time as the server tells it, None where there is no folder."""
        if folder == self._top:
            return self._look_at_the_top()
        if folder not in self._stamps:
            found = self._store.stamps(folder, "0")
            return found[0].modified if found and found[0].is_folder else None
        return self._stamps.pop(folder)

    def read(self, folder: str) -> tuple[list[str], list[str]]:
        """Asked anew, because the gate counts from when a reading began."""
        return self._store.read(folder)

    def _look_at_the_top(self) -> str | None:
        entries = self._store.stamps(self._top, "1")
        own = None
        for entry in entries:
            if not entry.is_folder:
                continue
            _, folders = self._store.split(self._top, [entry])
            if folders:
                self._stamps[folders[0]] = entry.modified
            elif entry.path.endswith(f"/{self._top}"):
                own = entry.modified
        self.folders = frozenset(self._stamps)
        self.is_there = own is not None
        return own


def is_a_page(answer: Answer) -> bool:
    """Whether an answer is made for people, as a sign-in page is."""
    return answer.headers.get("content-type", "").lower().startswith("text/html") or answer.body.lstrip()[:1] == b"<"


def _basic(access: StoreAccess) -> dict[str, str]:
    if not access.user:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(f"{access.user}:{access.secret}".encode()).decode()}
