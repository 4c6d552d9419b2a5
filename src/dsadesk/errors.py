"""The errors that dsadesk raises on purpose. Each carries a code and fields; the sentences live in `services/wording`.

    DsadeskError
    ├── InputError                 what a person or a file gave us cannot be used
    │   ├── AnswersError           an answers file
    │   ├── CatalogueError         a catalogue file
    │   ├── FieldsError            a file that describes fields
    │   ├── SampleError            a sample file
    │   └── CardError              an organisation card
    ├── RuleError                  the rules of the conversation say no
    │   └── NotAllowedInStageError
    ├── BundleError                a bundle stopped at a door
    │   ├── ContainerError  DecryptError  ManifestError  SignatureError  TrustError  ContentsError
    ├── VaultError                 this laptop's own store
    │   ├── WrongKeyError  DamagedVaultError  NewerVaultError  VaultMissingError  DiskFullError  VaultBusyError
    ├── KeyStoreError              the operating system's key store
    ├── SpellingError              the dictionaries
    └── StoreError                 a place that bundles are delivered to
        ├── StoreMissingError  StoreReadOnlyError  StoreFullError  StoreRefusedError  StoreUnreachableError

An expected fault is one of these. Anything else that escapes is a bug of ours and is reported as one.
"""

from __future__ import annotations

from typing import ClassVar

Field = str | int | bool | tuple[str, ...]


class DsadeskError(Exception):
    """An expected fault: `code` names the broken rule, `fields` say where. No secret may stand in a field."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **fields: Field) -> None:
        self.code = code
        self.fields: dict[str, Field] = fields
        super().__init__(code)

    def __str__(self) -> str:
        details = " ".join(f"{name}={value!r}" for name, value in self.fields.items())
        return f"{self.code} {details}".rstrip()


class InputError(DsadeskError):
    """What a person or a file gave us cannot be used."""

    exit_code = 3


class AnswersError(InputError):
    """An answers file has unknown or malformed answers."""


class CatalogueError(InputError):
    """A catalogue file cannot be read or a record in it breaks the metadata model."""


class FieldsError(InputError):
    """A file that should describe the fields of a dataset does not."""


class SampleError(InputError):
    """A sample file is not what it is said to be, or is too large."""


class CardError(InputError):
    """An organisation card is damaged, altered, expired or not a card."""


class RuleError(DsadeskError):
    """The rules of the conversation do not allow this."""

    exit_code = 4


class NotAllowedInStageError(RuleError):
    """A command that the request's stage does not allow."""


class BundleError(DsadeskError):
    """A bundle stopped at one of the ordered doors; the class says at which."""

    exit_code = 5
    door: ClassVar[str] = ""


class ContainerError(BundleError):
    """The outer container breaks the format."""

    door = "container"


class DecryptError(BundleError):
    """The bundle cannot be decrypted with the keys that this vault holds."""

    door = "decrypt"


class ManifestError(BundleError):
    """The signed manifest breaks the format."""

    door = "manifest"


class SignatureError(BundleError):
    """A signature that must be there is missing or does not verify."""

    door = "signature"


class TrustError(BundleError):
    """The signatures hold, but not by keys that we may believe for this sender."""

    door = "trust"


class ContentsError(BundleError):
    """An event or object in the bundle is not what the manifest promised."""

    door = "contents"


class VaultError(DsadeskError):
    """This laptop's own store cannot be used as it is."""

    exit_code = 6


class WrongKeyError(VaultError):
    """The key does not open this vault. The vault is untouched."""


class DamagedVaultError(VaultError):
    """The vault's file is damaged, whatever the key."""


class NewerVaultError(VaultError):
    """A newer version of dsadesk made this vault."""


class VaultMissingError(VaultError):
    """There is no vault at this place."""


class VaultBusyError(VaultError):
    """Another running dsadesk holds this vault."""


class DiskFullError(VaultError):
    """The disk is full. Everything acknowledged so far is kept."""


class KeyStoreError(DsadeskError):
    """The operating system's key store does not give or take the vault's key."""

    exit_code = 7


class SpellingError(DsadeskError):
    """Spelling cannot be checked now; nothing else is touched by it."""


class StoreError(DsadeskError):
    """A place that bundles are delivered to cannot be used now."""

    exit_code = 8


class StoreMissingError(StoreError):
    """The folder, drive or marker is not there."""


class StoreReadOnlyError(StoreError):
    """The place may be read and not written."""


class StoreFullError(StoreError):
    """The place has no room left."""


class StoreRefusedError(StoreError):
    """The place said no in a way that trying again will not change."""


class TransferStoppedError(StoreError):
    """Somebody paused or cancelled the transfer; what was acknowledged stays."""


class StoreUnreachableError(StoreError):
    """The place cannot be reached now; trying again may work."""
