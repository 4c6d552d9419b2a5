"""Writes a request as a "Data Share" record, the form in which the government's data marketplace lists what is shared.

Source: co-cddo/data-catalogue-metadata, data_share_schema.json and cataloged_resource_schema.json. Texts that are too
long for it are cut at a word; an identifier cannot be cut, so one that does not fit is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dsadesk.catalogue.model import CONTACT_ROLES, MARKETPLACE_ACCESS_RIGHTS, SECURITY_CLASSIFICATIONS
from dsadesk.domain.events import Dataset
from dsadesk.errors import CatalogueError

MAX_IDENTIFIER = 50

_EMAIL = re.compile(r"[a-zA-Z0-9_.+\-]+@[a-zA-Z0-9\-]+\.[a-zA-Z0-9\-.]+\Z")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_YEAR = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, kw_only=True)
class ShareContact:
    """Someone to ask about a share; `role` is owner, contact or approver."""

    name: str
    email: str
    role: str = "contact"


def data_share_record(
    *,
    reference: str,
    title: str,
    description: str,
    dataset: Dataset,
    requester: str,
    contacts: Sequence[ShareContact],
    created: date,
    status: str = "Draft",
) -> dict[str, Any]:
    """The record of one request for one dataset. `requester` is the name of the organisation that asks.

    Raises: CatalogueError("identifier-too-long" | "contact-missing" | "email-invalid" | "role-unknown").
    """
    record: dict[str, Any] = {
        "type": ["Data Share"],
        "title": _cut(title, 200),
        "description": _cut(description, 4096),
        "identifier": _identifier(reference),
        "relatedResource": _identifier(dataset.identifier),
        "contactPoint": [_contact(contact) for contact in _all_contacts(contacts, dataset)],
        "creator": _cut(requester, 75),
        "created": created.isoformat(),
        "status": status,
    }
    if dataset.publisher:
        record["publisher"] = _cut(dataset.publisher, 75)
    if dataset.access_rights in MARKETPLACE_ACCESS_RIGHTS:
        record["accessRights"] = dataset.access_rights
    if dataset.security_classification in SECURITY_CLASSIFICATIONS:
        record["securityClassification"] = dataset.security_classification
    if _YEAR.match(dataset.modified):
        record["modified"] = dataset.modified
    return record


def _identifier(text: str) -> str:
    """The identifier itself, or the one UUID inside it when the whole is too long (data.gov.uk addresses hold theirs)."""
    if len(text) <= MAX_IDENTIFIER:
        return text
    inside: set[str] = set(_UUID.findall(text.lower()))
    if len(inside) == 1:
        return inside.pop()
    raise CatalogueError("identifier-too-long", identifier=text[:200], limit=MAX_IDENTIFIER)


def _all_contacts(contacts: Sequence[ShareContact], dataset: Dataset) -> tuple[ShareContact, ...]:
    """The request's own contacts, and the dataset's owner as the catalogue names it."""
    if not contacts:
        raise CatalogueError("contact-missing")
    if any(contact.role == "owner" for contact in contacts) or _EMAIL.match(dataset.contact_email) is None:
        return tuple(contacts)
    name = dataset.contact_name or dataset.contact_email
    return (*contacts, ShareContact(name=name, email=dataset.contact_email, role="owner"))


def _contact(contact: ShareContact) -> dict[str, str]:
    if _EMAIL.match(contact.email) is None:
        raise CatalogueError("email-invalid", value=contact.email[:120])
    if contact.role not in CONTACT_ROLES:
        raise CatalogueError("role-unknown", value=contact.role[:60])
    return {"name": _cut(contact.name, 50), "email": contact.email, "role": contact.role}


def _cut(text: str, limit: int) -> str:
    """The text, or its first words and an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(None, 1)[0][: limit - 1] + "…"
