"""Finds the rows of every table in a damaged database: along its trees, and on the pages that no tree leads to any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from dsadesk.storage.page_file import USABLE_BYTES, PageFile
from dsadesk.storage.table_shapes import Index, Table, fits_index
from dsadesk.storage.tree_pages import OF_TABLES, Kind, MalformedPageError, RawRow, TreePage, kind_of, read_page, walk

_FREE_TRUNK, _FREE_COUNT, _VERSION = slice(32, 36), slice(36, 40), slice(60, 64)


@dataclass
class Found:
    """What was found: rows by table and entries by index, and what cannot be read.

    `torn` trees have a page that cannot be read; `broken` ones too, or nobody knows where they begin. Of a `stray` damaged page nobody
    knows whose it is.
    """

    rows: dict[str, list[RawRow]] = field(default_factory=lambda: defaultdict(list))
    cut: dict[str, list[RawRow]] = field(default_factory=lambda: defaultdict(list))
    entries: dict[str, list[RawRow]] = field(default_factory=lambda: defaultdict(list))
    broken: set[str] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)
    stray: set[int] = field(default_factory=set)
    torn: set[str] = field(default_factory=set)
    unplaced: int = 0

    def add(self, table: Table, rows: Sequence[RawRow]) -> None:
        """Adds the rows of a page of a table."""
        for row in rows:
            (self.rows if row.is_whole else self.cut)[table.name].append(row)


def stored_version_of(pages: PageFile) -> int | None:
    """The version of the tables by the first page, None when that is damaged."""
    first = pages.page(1)
    return None if first is None else int.from_bytes(first[_VERSION], "big")


def find_rows(pages: PageFile, tables: Sequence[Table]) -> Found:
    """Reads everything that can be read."""
    return _Search(pages, tables).run()


class _Search:
    def __init__(self, pages: PageFile, tables: Sequence[Table]) -> None:
        self._pages = pages
        self._tables = {table.name: table for table in tables}
        self._indexes = {index.name: index for table in tables for index in table.indexes}
        self._seen: set[int] = set()
        self._found = Found()

    def run(self) -> Found:
        roots = self._roots()
        for name, root in roots.items():
            self._tree(name, root)
        missing = (self._tables.keys() | self._indexes.keys()) - roots.keys()
        # What the engine makes when it likes is not missed.
        self._found.broken |= {name for name in missing if not name.startswith("sqlite_stat")}
        self._seen |= self._free_pages()
        for n in range(1, self._pages.count + 1):
            page = self._pages.page(n)
            if page is None:
                self._found.damaged.add(n)
            elif n not in self._seen:
                self._orphan(n, page)
        self._found.stray = self._found.damaged - self._seen
        return self._found

    def _roots(self) -> dict[str, int]:
        """Where each tree begins, by the engine's own table of tables."""
        roots: dict[str, int] = {}
        for n, page in walk(1, self._pages.page):
            self._note("sqlite_schema", n, page)
            for row in page.rows if page else ():
                if len(row.values) > 3 and isinstance(row.values[1], str) and isinstance(row.values[3], int):
                    roots[row.values[1]] = row.values[3]
        return {name: root for name, root in roots.items() if root > 0}

    def _tree(self, name: str, root: int) -> None:
        table, index = self._tables.get(name), self._indexes.get(name)
        for n, page in walk(root, self._pages.page):
            if n in self._seen:
                continue
            self._note(name, n, page)
            if page is None:
                continue
            if table is not None and (page.kind in OF_TABLES) == table.has_rowid:
                self._found.add(table, page.rows)
            elif index is not None and page.kind not in OF_TABLES:
                self._found.entries[name] += page.rows

    def _note(self, name: str, n: int, page: TreePage | None) -> None:
        self._seen.add(n)
        if page is None:
            self._found.broken.add(name)
            self._found.torn.add(name)
        else:
            self._seen |= page.further

    def _free_pages(self) -> set[int]:
        """The pages on the list of free ones, as far as it can be read. What lay on a page is wiped when it becomes free."""
        first = self._pages.page(1)
        if first is None or not int.from_bytes(first[_FREE_COUNT], "big"):
            return set()
        free: set[int] = set()
        trunk = int.from_bytes(first[_FREE_TRUNK], "big")
        while trunk and trunk not in free:
            free.add(trunk)
            page = self._pages.page(trunk)
            if page is None:
                break
            leaves = min(int.from_bytes(page[4:8], "big"), USABLE_BYTES // 4 - 2)
            free |= {int.from_bytes(page[8 + 4 * k : 12 + 4 * k], "big") for k in range(leaves)}
            trunk = int.from_bytes(page[:4], "big")
        return free

    def _orphan(self, n: int, page: bytes) -> None:
        """A page of some tree whose upper page is lost: its rows say whose it is."""
        if kind_of(n, page) in (None, Kind.TABLE_INNER):
            return
        try:
            read = read_page(n, page, self._pages.page)
        except MalformedPageError:
            return
        if not read.rows:
            return
        self._seen |= read.further
        owner = self._owner(read)
        if isinstance(owner, Table):
            self._found.add(owner, read.rows)
        elif isinstance(owner, Index):
            self._found.entries[owner.name] += read.rows
        else:
            self._found.unplaced += len(read.rows)

    def _owner(self, page: TreePage) -> Table | Index | None:
        tables = [
            table
            for table in self._tables.values()
            if table.is_ours
            and table.name in self._found.broken
            and table.has_rowid == (page.kind in OF_TABLES)
            and all(table.fits(row) for row in page.rows)
        ]
        if tables or page.kind in OF_TABLES:
            return tables[0] if len(tables) == 1 else None
        indexes = [
            index
            for index in self._indexes.values()
            if index.name in self._found.broken and all(fits_index(index, row) for row in page.rows)
        ]
        return indexes[0] if len(indexes) == 1 else None
