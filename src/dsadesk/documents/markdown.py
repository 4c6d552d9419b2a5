"""The document as Markdown (CommonMark with pipe tables), one block a line where it can be, so that two versions compare well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dsadesk.documents.layout import Bullets, Callout, Document, Facts, Heading, Journey, Paragraph, Quote, Table
from dsadesk.documents.numbering import numbered
from dsadesk.documents.signatures import SignatureLine
from dsadesk.documents.wording import WORDS
from dsadesk.questions.flow import in_words

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$@&!]")
_LINE_START = re.compile(r"^(\s*)(?:([-+=:])|(\d{1,9})([.)]))", re.MULTILINE)
_LINK = re.compile(r"\b(https?|ftp)://|\bwww\.", re.IGNORECASE)


def render(document: Document, signatures: Sequence[SignatureLine] = ()) -> bytes:
    """The document in UTF-8. Whatever would be markup in a text is escaped, so that it reads as it was written."""
    return ("\n\n".join(_parts(document, signatures)) + "\n").encode()


def _parts(document: Document, signatures: Sequence[SignatureLine]) -> Iterable[str]:
    words = WORDS[document.language]
    marking = f"**{words['marking']}: {document.marking.value}**"
    yield marking
    yield f"# {_line(document.title)}"
    if document.subtitle:
        yield _line(document.subtitle)
    facts = [f"- {words['reference']}: {_line(document.reference)}"] if document.reference else []
    facts += [f"- {words['version']} {document.version}"] if document.version else []
    if facts:
        yield "\n".join(facts)
    yield from _blocks(document)
    yield from _signatures(document, signatures)
    yield marking


def _blocks(document: Document) -> Iterable[str]:
    words = WORDS[document.language]
    for number, block in numbered(document):
        lead = f"{number} " if number else ""
        match block:
            case Heading(level=level, text=text):
                yield f"{'#' * (level + 1)} {lead}{_line(text)}"
            case Paragraph(text=text):
                yield f"{lead}{_text(text)}"
            case Bullets(items=items):
                yield "\n".join(f"- {_text(item, indent='  ')}" for item in items)
            case Table() as table:
                yield _table(table, f"{words['table']} {number}: ")
            case Facts(rows=rows):
                yield "\n".join(f"- **{_line(label)}:** {_text(text, indent='  ')}" for label, text in rows)
            case Journey(caption=caption) as journey:
                lines = [f"{words['figure']} {number}: {_line(caption)}", ""]
                yield "\n".join([*lines, *(f"- {_text(step, indent='  ')}" for step in in_words(journey.flow()))])
            case Quote(text=text):
                yield "> " + _text(text, indent="> ")
            case Callout(tone=tone, text=text):
                yield f"> **{words[tone]}:** " + _text(text, indent="> ")


def _table(table: Table, label: str) -> str:
    head = _row(table.columns)
    rule = "|" + " --- |" * len(table.columns)
    return "\n".join([f"{label}{_line(table.caption)}", "", head, rule, *(_row(row) for row in table.rows)])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join("<br>".join(_inline(line) for line in cell.split("\n")) for cell in cells) + " |"


def _signatures(document: Document, signatures: Sequence[SignatureLine]) -> Iterable[str]:
    if not signatures and document.kind != "agreement":
        return
    words = WORDS[document.language]
    yield f"## {words['signatures']}"
    if not signatures:
        yield words["unsigned"]
    for line in signatures:
        when = line.when(document.language)
        if line.fingerprint_words:
            when += f". {words['key']}: {_line(line.fingerprint_words)}"
        yield f"- **{_line(line.organisation)}**, {_line(line.person)}\n  {when}"


def _line(text: str) -> str:
    return _inline(text)


def _text(text: str, indent: str = "") -> str:
    """A text in which a line end is a hard one and an empty line stays inside its block."""
    return f"\\\n{indent}".join(_escape(line) or "&nbsp;" for line in text.split("\n"))


def _escape(text: str) -> str:
    """A text that may stand at the start of a line."""
    return _LINE_START.sub(_unlisted, _inline(text))


def _inline(text: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINK.sub(lambda found: found.group().replace(":", "\\:").replace(".", "\\."), text)


def _unlisted(found: re.Match[str]) -> str:
    blanks, sign, digits, point = found.groups()
    return f"{blanks}\\{sign}" if sign else f"{blanks}{digits}\\{point}"
