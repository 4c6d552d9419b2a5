"""A small age-encryption.org/v1 library on the primitives of `cryptography`. It imports nothing of dsadesk outside itself.

What it covers, its limits and the rules for file keys are in docs/formats/age.md. It is neither a command nor a plugin
host, and it keeps no keys.
"""

from __future__ import annotations

from dsadesk.age.chunks import payload_size, plain_size
from dsadesk.age.entropy import Entropy
from dsadesk.age.errors import AgeError, ArmorError, HeaderError, HmacError, NoMatchError, PayloadError
from dsadesk.age.files import decrypt, decrypt_stream, encrypt, encrypt_stream
from dsadesk.age.header import Header, Stanza, parse_header, read_header, serialise_header
from dsadesk.age.hybrid import HybridIdentity, HybridRecipient
from dsadesk.age.key_strings import parse_identity, parse_recipient
from dsadesk.age.keys import Identity, Recipient
from dsadesk.age.parallel import decrypt_file, encrypt_file
from dsadesk.age.passphrase import ScryptIdentity, ScryptRecipient
from dsadesk.age.payload import PayloadInfo, decrypt_payload, encrypt_payload
from dsadesk.age.reader import PayloadReader
from dsadesk.age.text_armor import armor, dearmor
from dsadesk.age.wrapping import unwrap, wrap
from dsadesk.age.x25519 import X25519Identity, X25519Recipient

__all__ = [
    "AgeError",
    "ArmorError",
    "Entropy",
    "Header",
    "HeaderError",
    "HmacError",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "NoMatchError",
    "PayloadError",
    "PayloadInfo",
    "PayloadReader",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "Stanza",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "dearmor",
    "decrypt",
    "decrypt_file",
    "decrypt_payload",
    "decrypt_stream",
    "encrypt",
    "encrypt_file",
    "encrypt_payload",
    "encrypt_stream",
    "parse_header",
    "parse_identity",
    "parse_recipient",
    "payload_size",
    "plain_size",
    "read_header",
    "serialise_header",
    "unwrap",
    "wrap",
]
