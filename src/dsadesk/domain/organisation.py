"""Organisations and the officials who speak for them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dsadesk.domain.ids import OrganisationId, PersonId


class Side(StrEnum):
    """Which side of a request an organisation stands on."""

    REQUESTER = "requester"
    SUPPLIER = "supplier"

    @property
    def other(self) -> Side:
        """The side across the table."""
        return Side.SUPPLIER if self is Side.REQUESTER else Side.REQUESTER


class Organisation(Struct, frozen=True):
    """A department, agency, council or board, by its register identifier."""

    id: OrganisationId
    name: str


class Official(Struct, frozen=True):
    """A named person with a post in one organisation."""

    id: PersonId
    name: str
    post: str
