"""The errors of the age library. It stands alone, so they are not part of `dsadesk.errors`.

    AgeError            a key that cannot be read, recipients that may not stand together
    ├── ArmorError      the text armour breaks the format
    ├── HeaderError     the header or one of its stanzas breaks the format or a limit
    ├── NoMatchError    the header is sound, and none of the identities opens it
    ├── HmacError       the file key was found, but the header was altered
    └── PayloadError    a chunk of the payload is damaged, missing, or one too many

The five subclasses are the outcome classes of the public age test vectors (C2SP/CCTV). A wrong argument from our own code
(a file key that is not 16 bytes, say) is a bug, and a ValueError.
"""

from __future__ import annotations

Field = str | int | bool


class AgeError(Exception):
    """An expected fault: `code` names the broken rule, `fields` say where. No secret may stand in a field."""

    def __init__(self, code: str, **fields: Field) -> None:
        self.code = code
        self.fields: dict[str, Field] = fields
        super().__init__(code)

    def __str__(self) -> str:
        details = " ".join(f"{name}={value!r}" for name, value in self.fields.items())
        return f"{self.code} {details}".rstrip()


class ArmorError(AgeError):
    """The text armour breaks the format."""


class HeaderError(AgeError):
    """The header, or a stanza in it, breaks the format or one of our limits."""


class NoMatchError(AgeError):
    """None of the identities opens this header."""


class HmacError(AgeError):
    """An identity gave a file key, but the header is not the one that was sealed with it."""


class PayloadError(AgeError):
    """The payload is damaged, cut short or followed by something, or is larger than allowed."""
