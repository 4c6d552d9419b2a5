"""A store on a WebDAV server, such as nginx or Apache on an office's own machine.

The marker is looked at before the first act of each transport, and at every `check`; only making a store writes it, and nothing else makes
the folder that it lies in. A change counts as made by the exact status alone. docs/formats/store.md has what each server does differently.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import ClassVar

from dsadesk.errors import StoreError, StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.ports import NO_ACCESS, Flow, Parts, StoreAccess
from dsadesk.transports.gate import look
from dsadesk.transports.http import Answer, HttpConnection
from dsadesk.transports.marker import MAX_MARKER_BYTES, StoreMarker, require_store
from dsadesk.transports.names import (
    MARKER_NAME,
    STORE_FOLDER,
    check_name,
    check_prefix,
)
from dsadesk.transports.web_address import WebAddress
from dsadesk.transports.webdav_folders import DavFolders, DavTree, is_a_page
from dsadesk.transports.wire import PATIENCE, Patience

FEW_FOLDERS = 3
"""As long as an inbox has no more folders than these, and none of today, each poll asks about them all."""

CHEAP_BYTES = 128 * 1024
"""So much is sent without asking first whether its folder is there: nearly always it is, and to ask takes a round trip."""

QUICK_SECONDS = 600.0
"""Else for so long only the folder of the store's own day is asked about, where commits come that are sent at once: less than a kilobyte."""

_OLD = timedelta(minutes=1)
_MADE = frozenset({201, 204})
_FOLDER_THERE = frozenset({201, 405})
_NO_PLACE = frozenset({404, 409, 500})
_PERHAPS_A_FOLDER = frozenset({400, 403, 404, 405, 409, 500})


class WebDavTransport:
    """The store below an address. With `expected_id` only that store will do. `seconds` counts the time between polls."""

    NOT_PREPARED: ClassVar[frozenset[str]] = frozenset({"folder-missing", "marker-missing"})
    """Codes of a place that holds no store."""

    def __init__(
        self,
        address: str,
        *,
        expected_id: str | None = None,
        access: StoreAccess = NO_ACCESS,
        flow: Flow | None = None,
        patience: Patience = PATIENCE,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self._http = HttpConnection(WebAddress.parse(address), access, flow, patience)
        self._folders = DavFolders(self._http, access)
        self._expected_id = expected_id
        self._seconds = seconds
        self._marker: StoreMarker | None = None
        self._known_folders: set[str] = set()

    @classmethod
    def prepare(
        cls, address: str, store_id: str, made_at: datetime, *, access: StoreAccess = NO_ACCESS
    ) -> WebDavTransport:
        """Makes a store in a folder of a server; the folder itself is made when only it is missing.

        Raises: StoreRefusedError("already-a-store" | "folder-in-use" | "store-id-invalid"), and what a put raises.
        """
        marker = StoreMarker.new(store_id, made_at).to_bytes()
        made = cls(address, expected_id=store_id, access=access)
        try:
            made._make_store(marker)
        except BaseException:
            made.close()
            raise
        return made

    @property
    def address(self) -> str:
        """The address as it was understood."""
        return self._http.address.text

    @property
    def parts(self) -> Parts:
        """As large as the link bears."""
        return Parts.HTTP

    def marker(self) -> StoreMarker:
        """Which store this is, asked anew.

        Raises: StoreMissingError("folder-missing" | "marker-missing" | "marker-damaged" | "marker-newer" | "other-store"),
        StoreUnreachableError("answer-foreign") for a sign-in page, and what the connection raises.
        """
        about = {"address": self.address} | ({"expected": self._expected_id} if self._expected_id else {})
        answer = self._folders.ask("GET", MARKER_NAME, limit=MAX_MARKER_BYTES)
        if answer.status == 404:
            raise StoreMissingError("marker-missing" if self._folders.stamps("", "0") else "folder-missing", **about)
        if answer.status != 200:
            raise self._http.fault(answer)
        if is_a_page(answer):
            raise StoreUnreachableError("answer-foreign", address=self.address)
        body = answer.body if answer.is_whole else b""
        self._marker = require_store(StoreMarker.parse(body, about), self._expected_id, about)
        return self._marker

    def check(self) -> None:
        """Says whether this is the store that is meant. Nothing is written. Raises: what `marker` raises."""
        self.marker()

    def store_id(self) -> str:
        """The marker's id. Raises: what `marker` raises."""
        return (self._marker or self.marker()).id

    def put(self, name: str, data: bytes) -> None:
        """Makes an object visible whole or not at all. The same name with the same bytes again is fine.

        A name that holds the hash of these very bytes is written at once, and what lay under it is replaced by servers that cannot be told not
        to; for any other name the server is asked first. Raises: StoreRefusedError("name-taken" | "name-invalid"), StoreFullError,
        StoreReadOnlyError, what `marker` raises.
        """
        check_name(name)
        self._require_marker()
        if not _is_named_for(name, data) and self._holds(name, data):
            return
        folder = name.rpartition("/")[0]
        was_known = folder in self._known_folders
        if len(data) > CHEAP_BYTES:
            self._make_folders(name)
        answer = self._put(name, data)
        if answer.status in _NO_PLACE and not (was_known and self._folders.is_folder(folder)):
            if was_known:  # it was there and is gone, perhaps with the whole store
                self._known_folders.clear()
                self.marker()
            self._make_folders(name)
            answer = self._put(name, data)
        if answer.status in _MADE:
            self._known_folders.add(folder)
            return
        if answer.status == 412 and self._holds(name, data):
            return
        self._require_free(answer, name)
        raise self._change_fault(answer)

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes. Raises: StoreMissingError("object-missing"), StoreRefusedError("object-too-large" | "name-invalid"), and as `put`."""
        check_name(name)
        self._require_marker()
        try:
            answer = self._folders.ask("GET", name, limit=limit)
        except StoreRefusedError as error:
            if error.code == "redirected" and self._folders.is_folder(name):
                raise StoreMissingError("object-missing", name=name) from None
            raise
        if answer.status == 404:
            raise StoreMissingError("object-missing", name=name)
        if answer.status != 200:
            raise self._http.fault(answer)
        if not answer.is_whole:
            raise StoreRefusedError("object-too-large", name=name, limit=limit)
        return answer.body

    def has(self, name: str) -> bool:
        """Whether an object is visible. Raises: as `get`, but never for a missing object."""
        check_name(name)
        self._require_marker()
        return self._folders.is_object(name)

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """The names that begin with a prefix and sort after `after`. Folders that lie wholly before `after` are not opened.

        Raises: StoreRefusedError("name-invalid" | "store-answer"), and as `get`.
        """
        check_prefix(prefix)
        self._require_marker()
        names = tuple(sorted(self._folders.names_below(prefix.rpartition("/")[0] or STORE_FOLDER, prefix, after)))
        if not names:
            self.marker()  # nothing is there, or the whole store is gone
        return names

    def delete(self, name: str) -> None:
        """Removes an object; removing twice is fine. A folder is never removed. Raises: as `put`."""
        check_name(name)
        self._require_marker()
        if self._folders.is_folder(name):
            return  # some servers would remove it with everything in it
        answer = self._folders.ask("DELETE", name)
        is_gone = answer.status in {204, 404} or (answer.status == 200 and not self.has(name))
        if not is_gone:
            raise self._change_fault(answer)

    def round_trip(self) -> float | None:
        """How far away it is, in seconds."""
        return self._http.round_trip()

    def cuts(self) -> int:
        """How often a body was broken off and sent again since this was asked last."""
        return self._http.cuts()

    def ready(self, name: str) -> None:
        """Makes the folders that a name lies in. Raises: as `put`."""
        check_name(name)
        self._require_marker()
        self._make_folders(name)

    def store_time(self) -> datetime | None:
        """The server's clock, asked for when nothing was asked before. Raises: what `marker` raises."""
        if self._http.store_time() is None:
            self.marker()
        return self._http.store_time()

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Names that may have come since. One question when nothing has: about all folders, or about the one of the store's day.

        Raises: as `list`.
        """
        top, _, rest = prefix.rpartition("/")
        if rest or not top:
            return self.list(prefix), ""
        check_prefix(prefix)
        self._require_marker()
        tree = DavTree(self._folders, top)
        old = _parse_cursor(cursor)
        now, store_time = self._seconds(), self.store_time()
        day = f"{store_time:%Y%m%d}" if store_time else ""
        if day and old["day"] == day and 0 <= now - float(old["at"]) < QUICK_SECONDS:
            names, today = look(tree, f"{top}/{day}", str(old["today"]), self._seconds, self._is_old)
            moved = cursor if today == old["today"] else _write_cursor(old | {"today": today})
            return names, moved
        names, gate = look(tree, top, str(old["gate"]), self._seconds, self._is_old)
        if not tree.is_there:
            self.marker()  # nobody wrote to this inbox yet, or the whole store is gone
        is_quick = f"{top}/{day}" in tree.folders or len(tree.folders) > FEW_FOLDERS
        return names, _write_cursor({"gate": gate, "day": day, "at": now, "today": ""} if is_quick else {"gate": gate})

    def _is_old(self, modified: str) -> bool:
        """Whether a folder's time is well past by the server's own clock, so that what comes from now on gives it another."""
        now = self._http.store_time()
        try:
            return now is not None and now - parsedate_to_datetime(modified) >= _OLD
        except (ValueError, TypeError, OverflowError):
            return False

    def close(self) -> None:
        """Drops the connection, from any thread."""
        self._http.close()

    # ------------------------------------------------------------ making things

    def _make_store(self, marker: bytes) -> None:
        try:
            self.marker()
        except StoreMissingError as error:
            if error.code == "other-store":
                raise StoreRefusedError("already-a-store", address=self.address) from None
            if error.code not in self.NOT_PREPARED:
                raise
            if error.code == "folder-missing":
                self._make_folder("")
        else:
            raise StoreRefusedError("already-a-store", address=self.address)
        if any(self._folders.read(STORE_FOLDER)):
            raise StoreRefusedError("folder-in-use", address=self.address)
        self._make_folder(STORE_FOLDER)
        answer = self._folders.ask("PUT", MARKER_NAME, {"If-None-Match": "*"}, marker)
        if answer.status not in {*_MADE, 412}:
            raise self._change_fault(answer)
        self.marker()  # if two made a store at once, one of them is another store

    def _make_folders(self, name: str) -> None:
        """Makes the folders of a name below the store's own, which is never made here: it may be on a disk that is not there now."""
        ways = [name[:at] for at, each in enumerate(name) if each == "/"]
        missing = [each for each in ways if each != STORE_FOLDER and each not in self._known_folders]
        # The innermost alone is missing on most days; where it is not, all of them are made, outermost first.
        if missing and not self._try_to_make(missing[-1]):
            for each in missing:
                if not self._try_to_make(each):
                    return  # the put will fail and find out why

    def _try_to_make(self, folder: str) -> bool:
        """False when what it lies in is missing."""
        answer = self._folders.make(folder)
        # Apache says 403 to the second of two that make one folder at once.
        if answer.status in _FOLDER_THERE or (answer.status == 403 and self._folders.is_folder(folder)):
            self._known_folders.add(folder)
            return True
        if answer.status in {404, 409} or (
            answer.status in {400, 403} and self._folders.is_below_an_object(f"{folder}/x")
        ):
            return False
        raise self._change_fault(answer)

    def _make_folder(self, folder: str) -> None:
        answer = self._folders.make(folder)
        if answer.status not in _FOLDER_THERE:
            raise self._change_fault(answer)

    def _put(self, name: str, data: bytes) -> Answer:
        try:
            return self._folders.ask("PUT", name, {"If-None-Match": "*"}, data)
        except StoreRefusedError as error:
            if error.code == "redirected" and self._folders.is_folder(name):
                raise StoreRefusedError("name-taken", name=name) from None
            raise

    def _holds(self, name: str, data: bytes) -> bool:
        """Whether the name exists with these bytes. Raises: StoreRefusedError("name-taken") when it holds anything else."""
        try:
            same = self.get(name, len(data)) == data
        except StoreMissingError:
            return False
        except StoreRefusedError as error:
            if error.code != "object-too-large":
                raise
            same = False
        if not same:
            raise StoreRefusedError("name-taken", name=name)
        return True

    def _require_free(self, answer: Answer, name: str) -> None:
        """Finds out whether a put failed because of what lies under its name or on the way to it."""
        if answer.status in _PERHAPS_A_FOLDER and (
            self._folders.is_folder(name) or self._folders.is_below_an_object(name)
        ):
            raise StoreRefusedError("name-taken", name=name)

    # ------------------------------------------------------------ asking

    def _require_marker(self) -> None:
        if self._marker is None:
            self.marker()

    def _change_fault(self, answer: Answer) -> StoreError:
        if answer.status == 200:
            return StoreUnreachableError("answer-foreign", address=self.address)
        return self._http.fault(answer, writing=True)


def _is_named_for(name: str, data: bytes) -> bool:
    """Whether the name holds the hash of the bytes, as those of parts and commits do."""
    digest = base64.b32encode(hashlib.sha256(data).digest()).decode().lower().rstrip("=")
    piece = name.rpartition("/")[2]
    return piece == digest or piece.rpartition("-")[2] == digest[:32]


_NO_CURSOR: dict[str, str | float] = {"gate": "", "day": "", "at": 0.0, "today": ""}


def _parse_cursor(text: str) -> dict[str, str | float]:
    try:
        found = json.loads(text)
        if found.keys() == _NO_CURSOR.keys() and all(type(found[key]) is type(_NO_CURSOR[key]) for key in found):
            return dict(found)
    except (ValueError, AttributeError, RecursionError):
        pass
    return dict(_NO_CURSOR)


def _write_cursor(cursor: dict[str, str | float]) -> str:
    return json.dumps(_NO_CURSOR | cursor, separators=(",", ":"), sort_keys=True)
