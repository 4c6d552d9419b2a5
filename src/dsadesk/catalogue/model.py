"""The words of the metadata exchange model: its lists of allowed values, the shapes that records come in, and what a problem is.

Sources: UK Cross-Government Metadata Exchange Model (co-cddo/ukgov-metadata-exchange-model, Open Government Licence v3.0)
for the exchange shape; co-cddo/data-catalogue-metadata (schema/*.json) for the marketplace shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dsadesk.errors import Field

Record = dict[str, Any]
"""One record as it was read: every value is text, None, a boolean, a list or another record."""


class Shape(StrEnum):
    """How a record was written down. The names of its properties and what is required depend on it."""

    EXCHANGE = "exchange"
    TEMPLATE = "template"
    MARKETPLACE = "marketplace"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a record: where (`2/contactPoint/email` is in the second record), which rule, and details.

    A problem that refuses keeps its record out of the catalogue; any other is told and the record is kept.
    """

    path: str
    code: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    refuses: bool = True


ACCESS_RIGHTS = ("INTERNAL", "OPEN", "COMMERCIAL")
MARKETPLACE_ACCESS_RIGHTS = ("RESTRICTED", *ACCESS_RIGHTS)
SECURITY_CLASSIFICATIONS = ("OFFICIAL", "SECRET", "TOP_SECRET", "NOT_APPLICABLE")
UPDATE_FREQUENCIES = tuple(
    f"freq:{term}"
    for term in (
        "triennial", "biennial", "annual", "semiannual", "threeTimesAYear", "quarterly", "bimonthly", "monthly",
        "semimonthly", "biweekly", "threeTimesAMonth", "weekly", "semiweekly", "threeTimesAWeek", "daily", "continuous",
        "irregular",
    )
)  # fmt: skip
DATASET_TYPES = ("dcat:Dataset", "http://www.w3.org/ns/dcat#Dataset")
OTHER_TYPES = ("dcat:DataService", "http://www.w3.org/ns/dcat#DataService")
MARKETPLACE_DATASET_TYPE = "Data Set"
MARKETPLACE_TYPES = (MARKETPLACE_DATASET_TYPE, "Data Service", "Data Group", "Data Share")
CONTACT_ROLES = ("owner", "contact", "approver")
DATA_SHARE_AGREEMENT = "DATA_SHARE_AGREEMENT"

MAX_TEXT = 1_000
MAX_DESCRIPTION = 20_000
"""Characters. A record travels inside each request about it, so it has bounds that no honest record meets."""
