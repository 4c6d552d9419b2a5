"""The tree that a document is: headings, paragraphs and tables, and nothing that depends on how it is shown.

The tree of an agreement is what both parties sign (docs/formats/agreement.md), and it arrives from the other party. So a block cannot
hold text that hides something, and `from_tree` takes nothing that `to_tree` would not have made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from dsadesk.documents.wording import Language, clean
from dsadesk.domain.marking import Marking
from dsadesk.errors import ContentsError
from dsadesk.questions.flow import Flow, flow_of

FORMAT = "dsadesk-document/1"
MAX_BLOCKS = 5_000
MAX_TEXT = 20_000
MAX_LINE = 500
MAX_ITEMS = 2_000
MAX_ROWS = 5_000
MAX_COLUMNS = 12
MAX_STEPS = 16
MAX_BYTES = 2_000_000
"""Of all texts together in UTF-8, so that the event which carries the tree stays within its own limit."""
MAX_VERSION = 1_000_000

Kind = Literal["agreement", "decision", "request", "record"]
Tone = Literal["note", "warning", "gap"]
Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Cell = Annotated[str, Meta(max_length=MAX_TEXT)]
Line = Annotated[str, Meta(min_length=1, max_length=MAX_LINE)]
MaybeLine = Annotated[str, Meta(max_length=MAX_LINE)]
Level = Literal[1, 2, 3]


class Heading(Struct, frozen=True, tag_field="block", tag="heading", forbid_unknown_fields=True):
    """A heading. The document's own title stands above level 1."""

    level: Level
    text: Line

    def __post_init__(self) -> None:
        _set_line(self, "text")


class Paragraph(Struct, frozen=True, tag_field="block", tag="paragraph", forbid_unknown_fields=True):
    """A paragraph. A line end in it starts a new line."""

    text: Text

    def __post_init__(self) -> None:
        _set_text(self, "text")


class Bullets(Struct, frozen=True, tag_field="block", tag="bullets", forbid_unknown_fields=True):
    """A list in which order does not matter."""

    items: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=MAX_ITEMS)]

    def __post_init__(self) -> None:
        force_setattr(self, "items", tuple(clean(item) for item in self.items))


class Table(Struct, frozen=True, tag_field="block", tag="table", forbid_unknown_fields=True):
    """A table with one row of column headings; the first cell of each row names the row."""

    caption: Line
    columns: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=MAX_COLUMNS)]
    rows: Annotated[tuple[tuple[Cell, ...], ...], Meta(min_length=1, max_length=MAX_ROWS)]

    def __post_init__(self) -> None:
        _set_line(self, "caption")
        force_setattr(self, "columns", tuple(clean(column, one_line=True) for column in self.columns))
        force_setattr(self, "rows", tuple(tuple(clean(cell) for cell in row) for row in self.rows))


class Facts(Struct, frozen=True, tag_field="block", tag="facts", forbid_unknown_fields=True):
    """Pairs of a label and what it is."""

    rows: Annotated[tuple[tuple[Line, Text], ...], Meta(min_length=1, max_length=MAX_ITEMS)]

    def __post_init__(self) -> None:
        force_setattr(self, "rows", tuple((clean(label, one_line=True), clean(text)) for label, text in self.rows))


class Quote(Struct, frozen=True, tag_field="block", tag="quote", forbid_unknown_fields=True):
    """Words that somebody said, as they said them."""

    text: Text

    def __post_init__(self) -> None:
        _set_text(self, "text")


class Callout(Struct, frozen=True, tag_field="block", tag="callout", forbid_unknown_fields=True):
    """Something to notice: a note, a warning, or a gap where the request is silent."""

    tone: Tone
    text: Text

    def __post_init__(self) -> None:
        _set_text(self, "text")


class Journey(Struct, frozen=True, tag_field="block", tag="journey", forbid_unknown_fields=True):
    """The journey of the data, to be drawn: for each step from whom, to whom, what moves and how. A renderer that cannot draw says it in words."""

    caption: Line
    steps: Annotated[tuple[tuple[Line, Line, Cell, Cell], ...], Meta(min_length=1, max_length=MAX_STEPS)]

    def __post_init__(self) -> None:
        _set_line(self, "caption")
        force_setattr(self, "steps", tuple(tuple(clean(cell, one_line=True) for cell in step) for step in self.steps))

    def flow(self) -> Flow:
        """The parties and steps."""
        return flow_of([dict(zip(("from", "to", "what", "how"), step, strict=True)) for step in self.steps])


Block = Heading | Paragraph | Bullets | Table | Facts | Quote | Callout | Journey


class Document(Struct, frozen=True, kw_only=True, tag_field="format", tag=FORMAT, forbid_unknown_fields=True):
    """A whole document. `version` 0 means that versions are not counted."""

    kind: Kind
    title: Line
    subtitle: MaybeLine
    reference: MaybeLine
    version: Annotated[int, Meta(ge=0, le=MAX_VERSION)]
    marking: Marking
    language: Language
    blocks: Annotated[tuple[Block, ...], Meta(max_length=MAX_BLOCKS)]

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "reference"):
            _set_line(self, name)


def to_tree(document: Document) -> dict[str, Any]:
    """The document as plain values that canonical JSON takes: ASCII keys, no fraction, no null.

    Raises: ContentsError when `from_tree` would refuse it, so that nobody signs what the other side cannot read.
    """
    tree: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    from_tree(tree)
    return tree


def from_tree(tree: object) -> Document:
    """Reads a tree that may come from a stranger.

    Raises: ContentsError with a `path` into the tree: "document-format" for another format or version of it, "document-shape" for a
        missing, unknown or wrong field or block, or one beyond its limit, "document-table" for a row that is not as long as its
        heading, "document-headings" for a level that was skipped, "document-too-large" for too much text in all, and
        "document-text" for text that hides something or is not in the form that we write.
    """
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise ContentsError("document-format", path="format")
    try:
        document = msgspec.convert(tree, Document)
    except msgspec.ValidationError as error:
        raise ContentsError("document-shape", path=_path_of(error)) from None
    _check_blocks(document)
    total = 0
    for path, theirs, ours in _texts(tree, msgspec.to_builtins(document), ""):
        total += len(theirs.encode("utf-8", "surrogatepass"))
        if total > MAX_BYTES:
            raise ContentsError("document-too-large", path=path, max_bytes=MAX_BYTES)
        if theirs != ours or not _is_unicode(theirs):
            raise ContentsError("document-text", path=path)
    return document


def _check_blocks(document: Document) -> None:
    level = 0
    for place, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            if block.level > level + 1:
                raise ContentsError("document-headings", path=f"blocks[{place}].level")
            level = block.level
        if isinstance(block, Table):
            for number, row in enumerate(block.rows):
                if len(row) != len(block.columns):
                    raise ContentsError("document-table", path=f"blocks[{place}].rows[{number}]")


def _texts(theirs: Any, ours: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Every string of two trees of the same shape, side by side."""
    if isinstance(theirs, str):
        yield path, theirs, ours
    elif isinstance(theirs, dict):
        for key, value in theirs.items():
            yield from _texts(value, ours[key], f"{path}.{key}" if path else key)
    elif isinstance(theirs, list | tuple):
        for place, value in enumerate(theirs):
            yield from _texts(value, ours[place], f"{path}[{place}]")


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _path_of(error: msgspec.ValidationError) -> str:
    found = re.search(r"at `\$\.?(.*)`\Z", str(error), re.DOTALL)
    return found.group(1)[:200] if found else ""


def _set_text(block: Struct, name: str) -> None:
    force_setattr(block, name, clean(getattr(block, name)))


def _set_line(block: Struct, name: str) -> None:
    force_setattr(block, name, clean(getattr(block, name), one_line=True))
