"""The public record for machines: JSON that is JSON-LD too, and one line of CSV in the fields of the Digital Economy Act register."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from dsadesk.documents.public_record import BENEFIT_HEADS, RISK_HEADS, PublicRecord

FORMAT = "dsadesk-public-record/1"
_DCT, _DPV, _SCHEMA = "http://purl.org/dc/terms/", "https://w3id.org/dpv#", "https://schema.org/"
_CONTEXT = {
    "id": "@id",
    "title": f"{_DCT}title",
    "reference": f"{_DCT}identifier",
    "summary": f"{_DCT}description",
    "requester": f"{_DPV}hasRecipient",
    "supplier": f"{_DCT}publisher",
    "purpose": f"{_DPV}hasPurpose",
    "law": f"{_DPV}hasLegalBasis",
    "risks": f"{_DPV}hasRisk",
    "contact": f"{_DCT}accessRights",
    "decided": f"{_DCT}dateAccepted",
    "starts": f"{_SCHEMA}startDate",
    "ends": f"{_SCHEMA}endDate",
}
FIELDS = (
    "id",
    "name",
    "purpose",
    "benefits",
    "legal_power",
    "information",
    "controllers",
    "method",
    "retention",
    "start_date",
    "end_date",
    "review_date",
    "contact",
    "areas",
    "status",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(record: PublicRecord, request: str) -> bytes:
    """The record as JSON in UTF-8. Names in `@context` say what a field is to a reader of linked data; everything else can be read as it stands."""
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "format": FORMAT,
        "id": f"urn:uuid:{request}",
        "title": record.title,
        "reference": record.reference,
        "requester": record.requester,
        "supplier": record.supplier,
        "status": record.status,
        **dict(record.days),
        "summary": record.summary,
        "contact": record.contact,
        "purpose": dict(record.why),
        "data": dict(record.data),
        "items": [{"item": name, "meaning": meaning} for name, meaning in record.items],
        "law": dict(record.law),
        "people": dict(record.people),
        "dates": dict(record.dates),
        "benefits": [_row(BENEFIT_HEADS, row) for row in record.benefits],
        "risks": [_row(RISK_HEADS, row) for row in record.risks],
        "is_whole": record.is_whole,
    }
    kept = {name: value for name, value in found.items() if value not in ("", [], {})}
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(record: PublicRecord) -> bytes:
    """The record as a heading and one line, with a mark before what a spreadsheet would take for a formula."""
    data, law, days, why = (dict(part) for part in (record.data, record.law, record.days, record.why))
    line = (
        record.reference,
        record.title,
        why.get("What it is for", "") or record.summary,
        "; ".join(", ".join(filter(None, row)) for row in record.benefits),
        "; ".join(filter(None, (law.get("Where it stands") or law.get("Power to receive"), law.get("Power to give")))),
        "; ".join(name for name, _ in record.items) or data.get("The data holds", ""),
        f"{record.requester}; {record.supplier}",
        data.get("How it is sent", ""),
        days.get("kept_until", ""),
        days.get("starts", "") or days.get("signed", ""),
        days.get("ends", ""),
        days.get("review", ""),
        record.contact,
        data.get("Nations", ""),
        record.status,
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    writer.writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line)
    return out.getvalue().encode()


def _row(heads: tuple[str, ...], row: tuple[str, ...]) -> dict[str, str]:
    return {head: cell for head, cell in zip(heads, row, strict=True) if cell}
