"""A store as it lies on a server: its marker, its folders, its names. One for each connection, so that what it remembers is fresh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dsadesk.errors import StoreMissingError, StoreRefusedError
from dsadesk.transports.marker import MAX_MARKER_BYTES, StoreMarker, require_store
from dsadesk.transports.names import MARKER_NAME, MAX_NAME, STORE_FOLDER, is_component, is_name
from dsadesk.transports.sftp.address import SftpAddress
from dsadesk.transports.sftp.protocol import READ, Ask, Attributes, text
from dsadesk.transports.sftp.session import Session
from dsadesk.transports.sftp.writing import TEMPORARY_PREFIX, read_opened

Entry = tuple[str, Attributes]

_MAX_REMEMBERED = 10_000
_MOST_SEEN = 16


@dataclass
class Seen:
    """What an earlier connection of the same transport saw: the size and time of the marker that it read, and folders that it used."""

    marker: tuple[int, int] | None = None
    folders: dict[str, None] = field(default_factory=dict)

    def note(self, folder: str) -> None:
        """Notes a folder; the ones that were noted first are forgotten first."""
        self.folders[folder] = None
        if len(self.folders) > _MOST_SEEN:
            del self.folders[next(iter(self.folders))]


class Layout:
    """The store below an address. Every method may raise what `Session` raises."""

    def __init__(self, session: Session, address: SftpAddress, expected_id: str | None, seen: Seen) -> None:
        self.session = session
        self._address = address
        self._expected_id = expected_id
        self._seen = seen
        self._modes: dict[str, int] = {}

    # ------------------------------------------------------------ which store it is

    def marker(self) -> StoreMarker:
        """Which store this is, in two round trips.

        Raises: StoreMissingError("folder-missing" | "not-a-folder" | "folder-empty" | "marker-missing" | "store-is-a-link" |
        "marker-damaged" | "marker-newer" | "other-store").
        """
        session, path = self.session, self._address.below(MARKER_NAME)
        asked = [
            session.ask(Ask.STAT, text(self._address.path)),
            session.ask(Ask.LSTAT, text(self._address.below(STORE_FOLDER))),
            session.ask(Ask.LSTAT, text(path)),
        ]
        opened = session.open(path, READ)
        root, base, marker = (session.attributes(each) for each in asked)
        self._require_folder(root)
        if (base and base.is_link) or (marker and marker.is_link):
            raise StoreMissingError("store-is-a-link", **self.about())
        if marker is None or not marker.is_file:
            code = "marker-missing" if self._holds_something() else "folder-empty"
            raise StoreMissingError(code, **self.about())
        data = read_opened(session, session.handle(opened), min(marker.size, MAX_MARKER_BYTES + 1), lambda _: None)
        found = require_store(StoreMarker.parse(data, self.about()), self._expected_id, self.about())
        self._seen.marker = (marker.size, marker.modified)
        return found

    def recognise(self) -> bool:
        """Whether the marker that an earlier connection read lies there still, as long and as old, in one round trip.

        The folders that were used then are looked at with it. A cut costs so much less where each round trip takes long.
        """
        session, folders = self.session, list(self._seen.folders)
        root = session.ask(Ask.STAT, text(self._address.path))
        base, marker, *ways = session.look_at(map(self.path, (STORE_FOLDER, MARKER_NAME, *folders)))
        there = session.attributes(root)
        if there is None or not there.is_folder or base is None or not base.is_folder:
            return False
        if marker is None or not marker.is_file or (marker.size, marker.modified) != self._seen.marker:
            return False
        for folder, way in zip(folders, ways, strict=True):
            # What is no folder any more, or lies behind a link now, is not remembered, and looked into when it is wanted.
            above = folder.rpartition("/")[0]
            if way is not None and way.is_folder and (not above or above in self._modes):
                self._remember(folder, way.mode)
        return True

    def require_marker(self) -> None:
        """Looks again whether the store is there at all, after something in it was not. Raises: as `marker`."""
        if self.session.look_at([self._address.below(MARKER_NAME)])[0] is None:
            self.marker()

    def require_unused(self) -> None:
        """Refuses to make a second store, and to make a lost marker anew over what it marked."""
        self._require_folder(self.session.follow(self._address.path))
        found = self.session.look_at([self._address.below(STORE_FOLDER)])[0]
        if found is None:
            return
        entries = self.session.entries([self._address.below(STORE_FOLDER)])[0] if found.is_folder else None
        names = {name for name, _ in entries} if entries is not None else {STORE_FOLDER}
        if MARKER_NAME.rpartition("/")[2] in names:
            raise StoreRefusedError("already-a-store", address=self._address.text)
        if any(not name.startswith(TEMPORARY_PREFIX) for name in names - {".", ".."}):
            raise StoreRefusedError("folder-in-use", address=self._address.text)

    def about(self) -> dict[str, str]:
        """What errors say of the store."""
        return {"address": self._address.text} | ({"expected": self._expected_id} if self._expected_id else {})

    def _require_folder(self, root: Attributes | None) -> None:
        if root is None:
            raise StoreMissingError("folder-missing", **self.about())
        if not root.is_folder:
            raise StoreMissingError("not-a-folder", **self.about())

    def _holds_something(self) -> bool:
        entries = self.session.entries([self._address.path])[0] or []
        return any(name not in {".", ".."} for name, _ in entries)

    # ------------------------------------------------------------ folders

    def path(self, name: str) -> str:
        """Where a name lies on the server."""
        return self._address.below(name)

    def mode_of(self, folder: str, *, about: str) -> int | None:
        """The mode of a folder in the store, None when it is not there. What was seen is remembered.

        Raises: StoreRefusedError("link-in-store") when a link stands on the way to it.
        """
        if folder in self._modes:
            return self._modes[folder]
        self._look_at_ways(list(_ways_to(folder)), about)
        return self._modes.get(folder)

    def make(self, folder: str, *, about: str) -> int:
        """Makes a folder and those on the way to it, as open as the one that each lies in, and gives its mode.

        The store's own folder is never made here. Raises: StoreRefusedError("name-taken" | "link-in-store").
        """
        self._modes.clear()
        ways = list(_ways_to(folder))
        found = self._look_at_ways(ways, about)
        mode = self._modes.get(STORE_FOLDER)
        if mode is None:
            self.marker()
            raise StoreMissingError("store-missing", **self.about())
        missing = []
        for way, there in zip(ways, found, strict=True):
            if there is None:
                missing.append((way, self.session.make_folder(self.path(way))))
                self.session.set_mode(self.path(way), mode)
            elif there.is_folder:
                mode = there.mode
            else:
                raise StoreRefusedError("name-taken", name=about)
        self._settle_made(missing, about)
        return self._modes[folder]

    def _settle_made(self, made: Sequence[tuple[str, int]], about: str) -> None:
        """Looks at what was asked to be made. Whoever was quicker made it; what is neither there nor made fails as the server says."""
        found = self._look_at_ways([way for way, _ in made], about)
        for (_, asked), there in zip(made, found, strict=True):
            if there is None:
                self.session.done(asked)
            if there is None or not there.is_folder:
                raise StoreRefusedError("name-taken", name=about)

    def _look_at_ways(self, ways: Sequence[str], about: str) -> list[Attributes | None]:
        """What lies on the way to a folder, remembering the folders. Raises: StoreRefusedError("link-in-store")."""
        found = self.session.look_at(self.path(way) for way in ways)
        for way, there in zip(ways, found, strict=True):
            if there is not None and there.is_link:
                raise StoreRefusedError("link-in-store", name=about)
            if there is not None and there.is_folder:
                self._remember(way, there.mode)
        return found

    def make_base(self, mode: int) -> None:
        """Makes the store's own folder, unless it is there."""
        path = self.path(STORE_FOLDER)
        asked = self.session.make_folder(path)
        self.session.set_mode(path, mode)
        if self.session.look_at([path])[0] is None:
            self.session.done(asked)

    def forget(self) -> None:
        """Forgets which folders were there."""
        self._modes.clear()

    def _remember(self, folder: str, mode: int) -> None:
        if len(self._modes) >= _MAX_REMEMBERED:
            self._modes.clear()
        self._modes[folder] = mode
        self._seen.note(folder)

    # ------------------------------------------------------------ names

    def walk(self, tops: Sequence[str], prefix: str, after: str = "") -> Iterator[str]:
        """The names of objects below some folders that begin with a prefix and sort after a name. Folders of one depth are read together."""
        level = list(tops)
        while level:
            deeper: list[str] = []
            for folder, entries in zip(level, self.inside(level), strict=True):
                for entry, attributes in entries:
                    name = f"{folder}/{entry}"
                    if attributes.is_folder and _may_hold(f"{name}/", prefix, after):
                        deeper.append(name)
                    elif attributes.is_file and name.startswith(prefix) and name > after and is_name(name):
                        yield name
            level = deeper

    def inside(self, folders: Sequence[str]) -> list[list[Entry]]:
        """What lies in each of some folders and may be part of a name; nothing for a folder that is not there."""
        found = self.session.entries([self.path(folder) for folder in folders])
        return [[each for each in entries or () if is_component(each[0])] for entries in found]

    def temporaries(self, writer: str) -> Iterator[Entry]:
        """The temporary files that a writer left anywhere in the store, with their paths on the server."""
        level = [STORE_FOLDER]
        while level:
            deeper: list[str] = []
            for folder, entries in zip(level, self.session.entries([self.path(each) for each in level]), strict=True):
                for entry, attributes in entries or ():
                    if entry.startswith(f"{TEMPORARY_PREFIX}{writer}-") and attributes.is_file:
                        yield self.path(f"{folder}/{entry}"), attributes
                    elif is_component(entry) and attributes.is_folder and len(folder) < MAX_NAME:
                        deeper.append(f"{folder}/{entry}")
            level = deeper


def _ways_to(folder: str) -> Iterator[str]:
    parts = folder.split("/")
    return ("/".join(parts[: n + 1]) for n in range(len(parts)))


def _may_hold(folder: str, prefix: str, after: str) -> bool:
    """Whether a folder can hold names that begin with `prefix` and sort after `after`, and is not too deep to hold any."""
    holds_prefix = folder.startswith(prefix) or prefix.startswith(folder)
    return holds_prefix and (after < folder or after.startswith(folder)) and len(folder) < MAX_NAME
