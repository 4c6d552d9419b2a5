"""A document as a PDF, in the template and the fonts that come with dsadesk. It is written nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dsadesk.documents import pdf
from dsadesk.documents.layout import Document
from dsadesk.documents.signatures import SignatureLine
from dsadesk.ports import Library


def as_pdf(
    library: Library,
    document: Document,
    *,
    made_at: datetime,
    signatures: Sequence[SignatureLine] = (),
    attachment: bytes = b"",
) -> bytes:
    """The PDF; see `documents.pdf.render`. Raises: InputError("attachment-not-text" | "pdf-not-made")."""
    return pdf.render(
        document,
        signatures,
        template=library.document_template(),
        fonts=library.fonts(),
        made_at=made_at,
        attachment=attachment,
    )
