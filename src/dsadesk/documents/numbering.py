"""Numbers for sections and paragraphs, so that two people can speak of "paragraph 4.2" whatever format each of them reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dsadesk.documents.layout import Block, Document, Heading, Journey, Paragraph, Table


class Numbered(NamedTuple):
    """A block with the number that it is known by, or "" where it has none."""

    number: str
    block: Block


def numbered(document: Document) -> Iterator[Numbered]:
    """Yields every block of the document with its number.

    Tables count through the whole document, and so do figures. In an agreement the sections count too, and the paragraphs within each section.
    """
    counts_sections = document.kind == "agreement"
    section = paragraph = table = figure = 0
    for block in document.blocks:
        number = ""
        if isinstance(block, Table):
            table += 1
            number = str(table)
        elif isinstance(block, Journey):
            figure += 1
            number = str(figure)
        elif counts_sections and isinstance(block, Heading) and block.level == 1:
            section += 1
            paragraph = 0
            number = str(section)
        elif counts_sections and section and isinstance(block, Paragraph):
            paragraph += 1
            number = f"{section}.{paragraph}"
        yield Numbered(number, block)


def wants_contents(document: Document) -> bool:
    """Whether the document is long enough that a reader is helped by a list of its sections."""
    return sum(isinstance(block, Heading) and block.level == 1 for block in document.blocks) > 5
