"""Documents that the tests of this folder share."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsadesk.documents import pdf
from dsadesk.documents.layout import Block, Bullets, Callout, Document, Facts, Heading, Paragraph, Quote, Table
from dsadesk.documents.signatures import SignatureLine
from dsadesk.domain.marking import Marking
from dsadesk.resources import path

NASTY = "# one * two $x$ @three < four > five & six {{ seven }} <script>eight</script> \\ nine \"ten\" 'eleven' _a_ `b` | ~c~ [d](e) ![f](g)"
"""Markup of every language that a renderer writes; it has to come out as it went in."""

WELSH = "Ŵyn ŷ ŵ Ŷ â ê î ô û Llanfair"
MADE_AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
SIGNATURES = (
    SignatureLine(
        organisation="Department for Work and Pensions",
        name="Priya Shah",
        post="Deputy Director",
        at=MADE_AT,
        fingerprint_words="anchor ribbon walnut copper",
    ),
    SignatureLine(
        organisation="Asiantaeth y Swyddfa Brisio",
        name="Gwenllïan Ŵyn-Jones",
        post="Head of Data <b>",
        at=MADE_AT,
        fingerprint_words="meadow lantern harbour violin",
    ),
)


def document(*blocks: Block, **changes: object) -> Document:
    """An agreement of these blocks."""
    fields = {
        "kind": "agreement",
        "title": "Fuel poverty support",
        "subtitle": "One-way data sharing agreement",
        "reference": "DSR-2026-0147",
        "version": 2,
        "marking": Marking.OFFICIAL_SENSITIVE,
        "language": "en",
        "blocks": blocks,
    }
    return Document(**(fields | changes))  # type: ignore[arg-type]


def everything(text: str) -> Document:
    """A document that has this text in every place that takes one."""
    return document(
        Heading(1, text),
        Paragraph(text),
        Bullets((text, text)),
        Heading(2, text),
        Table(text, (text, "Second"), ((text, text), ("a", text))),
        Facts(((text, text), ("Label", text))),
        Heading(3, text),
        Quote(text),
        Callout("note", text),
        Callout("warning", text),
        Callout("gap", text),
        title=text,
        subtitle=text,
        reference=text,
    )


def make_pdf(
    made: Document, signatures: tuple[SignatureLine, ...] = SIGNATURES, attachment: bytes = b'{"a":1}'
) -> bytes:
    """The PDF with the template and fonts that ship."""
    return pdf.render(
        made,
        signatures,
        template=path("documents", "document.typ").read_bytes(),
        fonts=path("fonts"),
        made_at=MADE_AT,
        attachment=attachment,
    )


def text_of_pdf(data: bytes, tmp_path: Path, *options: str) -> str:
    """What a PDF says, by poppler."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    place = tmp_path / "made.pdf"
    place.write_bytes(data)
    done = subprocess.run([tool, *options, str(place), "-"], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()
