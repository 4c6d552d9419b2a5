"""The document as PDF/A-3a and PDF/UA-1 in one, by typst, with the same document for machines inside.

What goes in comes out as the same bytes each time. Texts reach typst as strings of a JSON value, so none of them can become markup.
Fonts come from one folder and from those that typst carries, never from the system. PDF/A allows no character that no font can draw:
such a character is replaced by its name in brackets, which can be read; the attached file has the character itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dsadesk.documents.drawing import draw
from dsadesk.documents.layout import Bullets, Callout, Document, Facts, Heading, Journey, Paragraph, Quote, Table
from dsadesk.documents.numbering import numbered, wants_contents
from dsadesk.documents.signatures import SignatureLine
from dsadesk.documents.wording import WORDS
from dsadesk.errors import InputError
from dsadesk.questions.flow import in_words

_STANDARDS = ["a-3a", "ua-1"]
_PAGE_WIDTH = 470
_TALLEST = 600
_CELL_INSET = 12
_TENTHS_OF_A_CHARACTER = 57
_NEW_LINE = 8
"""In points: the width of the text on the page, what a cell keeps free, and ten times the usual width of a letter in a table;\nand how many letters a line end is worth."""
_LONGEST_WORD = 40
_LONGEST_LABEL = 23
_SHORT_TITLE = 40
_DATE_LENGTH = 17
_FEW_COLUMNS = 5
_NARROWEST = 9
_WHOLE_ROW = 700
"""A row with fewer characters than this is not split between two pages."""
_PROBES = 200
_BREAK = "\u200b"
_AFTER = re.compile(r"(?<=[/._\-@&=?,:;+])(?=[^\s])")
_PLAIN = re.compile(r"[\n -~\u00a0-\u017f\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac]+")
_NAMES = MappingProxyType(
    {"agreement": "agreement.json", "decision": "decision.json", "request": "request.json", "record": "record.json"}
)


def render(
    document: Document,
    signatures: Sequence[SignatureLine],
    *,
    template: bytes,
    fonts: Path,
    made_at: datetime,
    attachment: bytes,
) -> bytes:
    """The PDF. `attachment` is JSON in UTF-8; empty for none. `made_at` is aware and becomes the date in the file.

    Raises: InputError("attachment-not-text") when the attachment is not UTF-8, InputError("pdf-not-made") when typst refuses.
    """
    import typst

    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])

    def compile_pdf(source: bytes, inputs: dict[str, str]) -> bytes | None:
        try:
            return bytes(
                typst.compile(  # type: ignore[call-overload]  # its stubs want the root to be bytes when the source is
                    source,
                    format="pdf",
                    root=fonts,
                    font_paths=faces,
                    sys_inputs=inputs,
                    pdf_standards=_STANDARDS,
                    timestamp=made_at,
                )
            )
        except typst.TypstError:
            return None

    data = _data(document, signatures, attachment)
    strange = sorted(_strange_characters(data))
    unknown = _undrawable(strange, lambda text: compile_pdf(_PROBE, {"text": text}) is not None)
    try:
        inputs = {"document": _dump(_replace(data, unknown)), "attachment": attachment.decode()}
    except UnicodeDecodeError:
        raise InputError("attachment-not-text") from None
    made = compile_pdf(template, inputs)
    if made is None and strange:  # each could be drawn alone, and not together: say them all by name
        made = compile_pdf(template, inputs | {"document": _dump(_replace(data, frozenset(strange)))})
    if made is None:
        raise InputError("pdf-not-made")
    return made


_PROBE = b"""#set document(title: "probe")
#set text(font: ("Atkinson Hyperlegible Next", "DejaVu Sans Mono"), lang: "en")
#sys.inputs.text"""


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _data(document: Document, signatures: Sequence[SignatureLine], attachment: bytes) -> dict[str, Any]:
    words = WORDS[document.language]
    version = f"{words['version']} {document.version}" if document.version else ""
    kind = document.subtitle or document.title
    name = _NAMES[document.kind] if attachment else ""
    shows_signatures = bool(signatures) or document.kind == "agreement"
    sha256 = hashlib.sha256(attachment).hexdigest()
    return {
        "title": _breakable(document.title, 30),
        "full-title": " \N{EN DASH} ".join(part for part in (document.title, document.subtitle) if part),
        "short-title": _shortened(document.title),
        "subtitle": _breakable(document.subtitle, _LONGEST_WORD),
        "description": " \N{EN DASH} ".join(part for part in (kind, document.reference, version) if part),
        "authors": sorted({line.organisation for line in signatures if line.organisation}),
        "reference": _shortened(document.reference),
        "edition": version,
        "edition-long": "     ".join(part for part in (document.reference, version) if part),
        "marking": document.marking.value,
        "lang": document.language,
        "contents": wants_contents(document),
        "blocks": list(_blocks(document)),
        "signed-heading": words["signatures"] if shows_signatures else "",
        "signatures": [
            {
                "organisation": _breakable(line.organisation, 30),
                "person": _breakable(line.person, 30),
                "when": line.when(document.language),
                "key": _breakable(line.fingerprint_words, 30),
            }
            for line in signatures
        ],
        "attachment-name": name,
        "attached": words["attached"].format(name=name, sha256=_breakable(sha256, 8)) if name else "",
        "words": dict(words),
    }


def _blocks(document: Document) -> Iterable[dict[str, Any]]:
    counts_paragraphs = document.kind == "agreement"
    inset = 0
    for number, block in numbered(document):
        if isinstance(block, Heading) and counts_paragraphs:
            inset = 1
        match block:
            case Heading(level=level, text=text):
                yield {"block": "heading", "level": level, "number": number, "text": _breakable(text, 30)}
            case Paragraph(text=text):
                yield {"block": "paragraph", "number": number, "text": _breakable(text)}
            case Bullets(items=items):
                yield {"block": "bullets", "inset": inset, "items": [_breakable(item) for item in items]}
            case Quote(text=text):
                yield {"block": "quote", "inset": inset, "text": _breakable(text)}
            case Callout(tone=tone, text=text):
                yield {"block": "callout", "inset": inset, "tone": tone, "text": _breakable(text)}
            case Facts(rows=rows):
                stacked = any(len(label) > _LONGEST_LABEL for label, _ in rows)
                pairs = [[_breakable(label, 20), _breakable(text, 44)] for label, text in rows]
                yield {"block": "facts", "inset": inset, "stacked": stacked, "rows": pairs}
            case Table() as table:
                yield _table(table)
            case Journey() as journey:
                yield from _figure(journey)


def _figure(journey: Journey) -> Iterable[dict[str, Any]]:
    flow = journey.flow()
    said = in_words(flow)
    if not flow.can_be_drawn:
        yield {"block": "bullets", "inset": 1, "items": [_breakable(step) for step in said]}
        return
    drawn = draw(flow)
    tall = drawn.height * _PAGE_WIDTH // drawn.width
    share = min(100, 100 * _TALLEST // max(tall, 1))
    alt = " ".join((journey.caption, *said))
    yield {"block": "figure", "caption": journey.caption, "svg": drawn.svg, "share": share, "alt": alt}


def _table(table: Table) -> dict[str, Any]:
    widths = _widths([[column, *(row[place] for row in table.rows)] for place, column in enumerate(table.columns)])
    room = [max(4, (width - _CELL_INSET) * 10 // _TENTHS_OF_A_CHARACTER) for width in widths]

    def fitted(cells: Sequence[str]) -> list[str]:
        return [_breakable(cell, width) for cell, width in zip(cells, room, strict=True)]

    rows = [[sum(map(len, row)) < _WHOLE_ROW, fitted(row)] for row in table.rows]
    return {
        "block": "table",
        "caption": table.caption,
        "columns": fitted(table.columns),
        "rows": rows,
        "widths": widths,
    }


def _widths(columns: Sequence[Sequence[str]]) -> list[int]:
    """Points for each column: first what its longest word or date needs, then a little more to whichever would have the most lines."""
    longest_kept = _DATE_LENGTH if len(columns) <= _FEW_COLUMNS else 0
    needs = [_need([max(map(len, _pieces(cell, longest_kept)), default=1) for cell in cells]) for cells in columns]
    widths = [min(need, _LONGEST_WORD) * _TENTHS_OF_A_CHARACTER // 10 + _CELL_INSET + 2 for need in needs]
    cap = max(widths)
    while sum(min(width, cap) for width in widths) > _PAGE_WIDTH:
        cap -= 1
    widths = [min(width, cap) for width in widths]
    lengths = [_usual_length(cells) for cells in columns]
    while sum(widths) < _PAGE_WIDTH:
        longest = max(range(len(widths)), key=lambda place: lengths[place] * 100 // (widths[place] - _CELL_INSET))
        widths[longest] += 1
    return widths


def _need(lengths: Sequence[int]) -> int:
    """The longest piece of the usual cell, and of any cell unless that is unusually long: such a piece may break."""
    return max(sorted(lengths)[len(lengths) * 9 // 10], min(max(lengths), _DATE_LENGTH), _NARROWEST)


def _pieces(cell: str, longest_kept: int) -> list[str]:
    """What should stay together on a line: each word, and a short line such as a date as a whole."""
    lines = cell.split("\n")
    return [piece for entry in lines for piece in ([entry] if len(entry) <= longest_kept else entry.split())]


def _usual_length(cells: Sequence[str]) -> int:
    """How much there is in a cell of a column; of ten cells one may have more."""
    lengths = sorted(len(cell) + _NEW_LINE * cell.count("\n") for cell in cells)
    return lengths[len(lengths) * 9 // 10]


def _breakable(text: str, limit: int = _LONGEST_WORD) -> str:
    """Lets words that are longer than a line break: after punctuation, and otherwise anywhere."""
    if len(text) <= limit:
        return text
    return re.sub(rf"\S{{{limit + 1},}}", lambda found: _broken(found.group(), limit), text)


def _broken(word: str, limit: int) -> str:
    pieces: list[str] = []
    for piece in _AFTER.split(word):
        pieces += [piece[start : start + limit] for start in range(0, len(piece), limit)]
    return _BREAK.join(pieces)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHORT_TITLE else text[: _SHORT_TITLE - 1].rstrip() + "…"


def _strange_characters(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(_PLAIN.sub("", value)) - {_BREAK}
    if isinstance(value, dict):
        return frozenset().union(*map(_strange_characters, value.values()))
    return frozenset().union(*map(_strange_characters, value)) if isinstance(value, list) else frozenset()


def _undrawable(characters: Sequence[str], can_draw: Callable[[str], bool]) -> frozenset[str]:
    """The characters that no font can draw, found by halving. When that takes too long, the rest counts as undrawable."""
    found: set[str] = set()
    groups = [characters] if characters else []
    for _ in range(_PROBES):
        if not groups:
            return frozenset(found)
        group = groups.pop()
        if can_draw(" ".join(group)):
            continue
        if len(group) == 1:
            found.add(group[0])
        else:
            groups += [group[: len(group) // 2], group[len(group) // 2 :]]
    return frozenset(found).union(*groups)


def _replace(value: Any, unknown: frozenset[str]) -> Any:
    if not unknown:
        return value
    table = str.maketrans({character: _named(character) for character in unknown})

    def replaced(part: Any) -> Any:
        if isinstance(part, str):
            return part.translate(table)
        if isinstance(part, dict):
            return {key: replaced(item) for key, item in part.items()}
        return [replaced(item) for item in part] if isinstance(part, list) else part

    return replaced(value)


def _named(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"[{name}]" if name else f"[character U+{ord(character):04X}]"
