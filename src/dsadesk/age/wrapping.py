"""Wraps a file key into a complete header, and takes it out again.

The cost does not depend on the payload: a new header over an unchanged payload is how one sample goes to many recipients.
docs/formats/age.md says what that costs in secrecy.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dsadesk.age.entropy import Entropy
from dsadesk.age.errors import AgeError, HeaderError, HmacError, NoMatchError
from dsadesk.age.header import Header, Stanza, authenticated_part, serialise_header, serialise_stanza
from dsadesk.age.keys import FILE_KEY_SIZE, Family, Identity, Recipient
from dsadesk.age.passphrase import TYPE as PASSPHRASE_TYPE

PAD_TYPE = "dsadesk-pad"
_BODY_LINE = 65
_BYTES_PER_BODY_LINE = 48
_SMALLEST_PAD = len(serialise_stanza(Stanza(PAD_TYPE, ("x",), b"")))


def _mac(file_key: bytes, stanzas: Sequence[Stanza]) -> HMAC:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"header").derive(file_key)
    mac = HMAC(key, SHA256())
    mac.update(authenticated_part(stanzas))
    return mac


def require_file_key(file_key: bytes) -> None:
    """Raises: ValueError unless this can be a file key."""
    if len(file_key) != FILE_KEY_SIZE:
        raise ValueError("a file key is 16 bytes")


def wrap(
    file_key: bytes,
    recipients: Sequence[Recipient],
    entropy: Entropy,
    *,
    allow_mixed: bool = False,
    pad_to: int | None = None,
) -> bytes:
    """A complete header with its MAC. With `pad_to` it is exactly that long, by one stanza that nobody opens.

    Raises: AgeError for no recipients, for a passphrase beside anything else, for hybrid beside classic recipients
    (unless `allow_mixed`), and for a header that does not fit `pad_to`; HeaderError past the limits of a header.
    """
    require_file_key(file_key)
    _require_company(recipients, allow_mixed=allow_mixed, padded=pad_to is not None)
    stanzas = [recipient.wrap(file_key, entropy) for recipient in recipients]
    if pad_to is not None:
        stanzas += _padding(stanzas, pad_to)
    return serialise_header(Header(tuple(stanzas), _mac(file_key, stanzas).finalize()))


def _require_company(recipients: Sequence[Recipient], *, allow_mixed: bool, padded: bool) -> None:
    families = {recipient.family for recipient in recipients}
    if not families:
        raise AgeError("recipients-missing")
    if Family.PASSPHRASE in families and (len(recipients) > 1 or padded):
        raise AgeError("recipients-passphrase-not-alone")
    if len(families) > 1 and not allow_mixed:
        raise AgeError("recipients-mixed")


def _padding(stanzas: Sequence[Stanza], size: int) -> list[Stanza]:
    missing = size - len(serialise_header(Header(tuple(stanzas), bytes(32))))
    if missing == 0:
        return []
    if missing < _SMALLEST_PAD:
        raise AgeError("padding-too-small", limit=size)
    lines, letters = divmod(missing - _SMALLEST_PAD, _BODY_LINE)
    return [Stanza(PAD_TYPE, ("x" * (1 + letters),), bytes(lines * _BYTES_PER_BODY_LINE))]


def unwrap(header: Header, identities: Sequence[Identity]) -> bytes:
    """The file key of a header that is unaltered.

    Raises: HeaderError for a malformed stanza of a type that an identity can use, and for a passphrase that is not alone;
    NoMatchError when no identity opens a stanza; HmacError when the header was altered after it was sealed.
    """
    if len(header.stanzas) > 1 and any(stanza.type == PASSPHRASE_TYPE for stanza in header.stanzas):
        raise HeaderError("stanza-passphrase-not-alone", type=PASSPHRASE_TYPE)
    file_key = _first_match(header, identities)
    try:
        _mac(file_key, header.stanzas).verify(header.mac)
    except InvalidSignature:
        raise HmacError("header-altered") from None
    return file_key


def _first_match(header: Header, identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                return file_key
    raise NoMatchError("no-identity-matches")
