"""A small gate for PDF/UA-1 and PDF/A-3a on pikepdf alone. It finds many faults and proves no conformance; each rule has a test that it bites."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

PAINTS = frozenset({"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "INLINE IMAGE"})


def faults(data: bytes) -> set[str]:
    """Every rule that the file breaks, in words."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return {*_catalogue(file), *_pages(file), *_structure(file), *_attachments(file)}


def elements(data: bytes) -> list[str]:
    """The types of the structure elements in reading order."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return [str(element.S)[1:] for element in _walk(file.Root.get("/StructTreeRoot"))]


def attached(data: bytes) -> dict[str, bytes]:
    """The attached files."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return {name: spec.get_file().read_bytes() for name, spec in file.attachments.items()}


def page_count(data: bytes) -> int:
    """How many pages there are."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return len(file.pages)


def _catalogue(file: pikepdf.Pdf) -> Iterator[str]:
    root = file.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield "not marked as tagged"
    if root.get("/MarkInfo", Dictionary()).get("/Suspects", False):
        yield "tags are suspect"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False):
        yield "the title is not displayed"
    with file.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "no title"
        if metadata.get("pdfuaid:part") != "1":
            yield "does not say PDF/UA-1"
        if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("3", "A"):
            yield "does not say PDF/A-3a"
    if "/OutputIntents" not in root:
        yield "no output intent"
    if file.is_encrypted:
        yield "encrypted"


def _pages(file: pikepdf.Pdf) -> Iterator[str]:
    marked: set[tuple[int, int]] = set()
    for place, page in enumerate(file.pages):
        if page.obj.get("/Annots") and page.obj.get("/Tabs") != Name.S:
            yield "the tab order is not that of the structure"
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") == Name.Link and "/Contents" not in annotation:
                yield "a link without a description"
            if "/StructParent" not in annotation:
                yield "an annotation outside the structure"
        yield from _content(page, place, marked)
        yield from _fonts(page.obj.get("/Resources", Dictionary()))
    owned = {
        (int(number), int(kid))
        for element in _walk(file.Root.get("/StructTreeRoot"))
        for number, kid in _content_kids(file, element)
    }
    if marked - owned:
        yield "marked content that no element owns"


def _content(page: Any, place: int, marked: set[tuple[int, int]]) -> Iterator[str]:
    inside: list[bool] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BDC", "BMC"}:
            properties = operands[1] if len(operands) > 1 and isinstance(operands[1], Dictionary) else Dictionary()
            if "/MCID" in properties:
                marked.add((place, int(properties.MCID)))
            inside.append(operands[0] == Name.Artifact or "/MCID" in properties)
        elif name == "EMC":
            inside.pop()
        elif name in PAINTS and not any(inside):
            yield "something is painted outside the tags"


def _fonts(resources: Any) -> Iterator[str]:
    for font in resources.get("/Font", Dictionary()).values():
        descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = descendant.get("/FontDescriptor", Dictionary())
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield "a font is not embedded"
        if "/ToUnicode" not in font:
            yield "a font without Unicode"


def _structure(file: pikepdf.Pdf) -> Iterator[str]:
    root = file.Root.get("/StructTreeRoot")
    if root is None:
        yield "no structure"
        return
    level = 0
    for element in _walk(root):
        kind = str(element.S)[1:]
        if kind[0] == "H" and kind[1:].isdigit():
            if int(kind[1:]) > level + 1:
                yield "a heading level is skipped"
            level = int(kind[1:])
        if kind in {"Figure", "Formula"} and not (element.get("/Alt") or element.get("/ActualText")):
            yield "a figure without a description"
        if kind == "TH" and not any("/Scope" in attribute for attribute in _attributes(element)):
            yield "a table heading without a scope"
        if kind == "Table" and not any(str(inner.S) == "/TH" for inner in _walk(element)):
            yield "a table without headings"
    if level == 0:
        yield "no heading"


def _attachments(file: pikepdf.Pdf) -> Iterator[str]:
    if len(file.attachments) and "/AF" not in file.Root:
        yield "an attachment that the document does not own"
    for specification in file.Root.get("/AF", []):
        if "/AFRelationship" not in specification:
            yield "an attachment without a relationship"


def _walk(node: Any) -> Iterator[Any]:
    """Every element below a node, in reading order."""
    for kid in _kids(node):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from _walk(kid)


def _kids(node: Any) -> list[Any]:
    kids = node.get("/K") if isinstance(node, Dictionary) else None
    if kids is None:
        return []
    return list(kids) if isinstance(kids, Array) else [kids]


def _content_kids(file: pikepdf.Pdf, element: Any) -> Iterator[tuple[int, int]]:
    pages = {page.obj.objgen: place for place, page in enumerate(file.pages)}
    for kid in _kids(element):
        if isinstance(kid, int) and "/Pg" in element:
            yield pages[element.Pg.objgen], kid
        elif isinstance(kid, Dictionary) and kid.get("/Type") == Name.MCR:
            page = kid.Pg if "/Pg" in kid else element.Pg
            yield pages[page.objgen], int(kid.MCID)


def _attributes(element: Any) -> list[Any]:
    attributes = element.get("/A")
    found = list(attributes) if isinstance(attributes, Array) else [attributes]
    return [attribute for attribute in found if isinstance(attribute, Dictionary)]
