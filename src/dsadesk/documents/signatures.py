"""The line that a renderer prints for each signature. Whether a signature is good is decided elsewhere, before this is made."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import force_setattr

from dsadesk.documents.wording import WORDS, Language, clean, long_date


class SignatureLine(Struct, frozen=True, kw_only=True):
    """Who signed, for whom, when (aware), and the words that their organisation's key is known by."""

    organisation: str
    name: str
    post: str
    at: datetime
    fingerprint_words: str

    def __post_init__(self) -> None:
        for field in ("organisation", "name", "post", "fingerprint_words"):
            force_setattr(self, field, clean(getattr(self, field), one_line=True))

    @property
    def person(self) -> str:
        """The signatory with their post."""
        return ", ".join(part for part in (self.name, self.post) if part)

    def when(self, language: Language) -> str:
        """The sentence that says when it was signed."""
        at = self.at.astimezone(UTC)
        return WORDS[language]["signed"].format(date=long_date(at.date(), language), time=f"{at:%H:%M}")
