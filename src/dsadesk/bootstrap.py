"""The composition root: the only place where the core meets its adapters."""

from __future__ import annotations

import os
from pathlib import Path

from dsadesk.directory.cards import CardDirectory
from dsadesk.errors import StoreError, StoreMissingError
from dsadesk.host.clock import SystemClock, SystemPulse
from dsadesk.host.drives import removable_drives
from dsadesk.host.entropy import SystemEntropy
from dsadesk.host.keyring import KeyringSecretStore
from dsadesk.host.origin import mark_as_foreign
from dsadesk.host.paths import log_folder, placement_warning, vault_folder
from dsadesk.host.process import harden
from dsadesk.host.spelling import ProcessSpeller
from dsadesk.inspection.inspector import ProcessInspector
from dsadesk.ports import NO_ACCESS, Clock, Entropy, Flow, StoreAccess, Transport
from dsadesk.resources import ShippedLibrary, path
from dsadesk.services.desk import Desk
from dsadesk.services.session import World
from dsadesk.settings import Settings
from dsadesk.storage.vault import SqlcipherPlace
from dsadesk.sync.runner import Runner
from dsadesk.transports import s3
from dsadesk.transports.exported_file import export_file
from dsadesk.transports.folder import FolderTransport
from dsadesk.transports.sftp.transport import SftpTransport, prepare_on_server
from dsadesk.transports.webdav import WebDavTransport

WEB = ("https://", "http://")

PATIENCE_SECONDS = 60.0
"""How long one sending goes on trying a store that does nothing at all. Longer outages are for the next sending."""


def make_desk(vault: Path | None = None, *, work_factor: int = 18) -> Desk:
    """A desk over the vault in a folder, by default the one of this person on this machine. Nothing is opened yet."""
    harden()
    folder = vault if vault is not None else vault_folder()
    clock, entropy = SystemClock(), SystemEntropy()
    world = World(
        settings=Settings(vault=folder, logs=log_folder(), work_factor=work_factor),
        clock=clock,
        entropy=entropy,
        secrets=KeyringSecretStore(),
        place=SqlcipherPlace(folder, clock, entropy),
        library=ShippedLibrary(),
        inspector=ProcessInspector(),
        directory_of=lambda opened, own: CardDirectory(opened.cards, own),
        open_transport=open_transport,
        prepare_store=lambda address, access=NO_ACCESS: prepare_store(address, clock, entropy, access),
        mark_as_foreign=mark_as_foreign,
        export_file=export_file,
        speller=ProcessSpeller(path("dictionaries")),
        pulse=SystemPulse(),
        drive=Runner(),
        patience=PATIENCE_SECONDS,
        removable_drives=removable_drives,
        placement=_placement(folder),
    )
    return Desk(world)


def _placement(folder: Path) -> str:
    """Why a folder, or the one that a link leads to, is a bad place for a vault; see `placement_warning`."""
    return placement_warning(folder.absolute()) or placement_warning(Path(os.path.realpath(folder)))


def open_transport(
    address: str, expected_id: str, access: StoreAccess = NO_ACCESS, flow: Flow | None = None
) -> Transport:
    """The transport for an address: a bucket (`s3+https://…`), an SFTP or WebDAV (`https://…`) server, or else a folder: a share or a stick.

    With an expected id only the store of that id will do. Raises: StoreMissingError("address-kind") for an address of a kind that this
    version cannot reach, StoreRefusedError for one that cannot be read.
    """
    if address.startswith(s3.KIND):
        return s3.S3Transport(address, access, expected_id=expected_id or None, flow=flow)
    if address.startswith("sftp://"):
        return SftpTransport(address, expected_id=expected_id or None, access=access, flow=flow)
    if address.startswith(WEB):
        return WebDavTransport(address, expected_id=expected_id or None, access=access, flow=flow)
    if "://" in address:
        raise StoreMissingError("address-kind", address=address.split("://", 1)[0])
    return FolderTransport(Path(address), expected_id=expected_id or None, flow=flow)


def prepare_store(address: str, clock: Clock, entropy: Entropy, access: StoreAccess = NO_ACCESS) -> Transport:
    """Makes a place into a store, or opens the store that it already is. A folder is made where what it lies in is there, a bucket never.

    Raises: StoreError.
    """
    if address.startswith(s3.KIND):
        return _prepare_bucket(address, clock, entropy, access)
    if address.startswith("sftp://"):
        return prepare_on_server(SftpTransport(address, access=access), entropy.token(16).hex(), clock.now())
    if address.startswith(WEB):
        return _prepare_on_the_web(address, clock, entropy, access)
    if "://" in address:
        raise StoreMissingError("address-kind", address=address.split("://", 1)[0])
    root = Path(address)
    transport = FolderTransport(root)
    try:
        transport.check()
    except StoreMissingError as error:
        if error.code not in FolderTransport.NOT_PREPARED:
            raise
        # A missing parent is a drive that is not plugged in, not a folder to be made.
        if error.code == "folder-missing" and root.parent.is_dir():
            root.mkdir()
        FolderTransport.prepare(root, entropy.token(16).hex(), clock.now())
    return transport


def _prepare_bucket(address: str, clock: Clock, entropy: Entropy, access: StoreAccess) -> Transport:
    bucket = s3.S3Transport(address, access)
    try:
        bucket.check()
    except StoreError as error:
        bucket.close()
        if error.code not in s3.S3Transport.NOT_PREPARED:
            raise
        # A laptop's clock may be wrong by years; the store's is known by now.
        made_at = bucket.store_time() or clock.now()
        return s3.S3Transport.prepare(address, entropy.token(16).hex(), made_at, access)
    return bucket


def _prepare_on_the_web(address: str, clock: Clock, entropy: Entropy, access: StoreAccess) -> Transport:
    server = WebDavTransport(address, access=access)
    try:
        server.check()
    except StoreError as error:
        server.close()
        if error.code not in WebDavTransport.NOT_PREPARED:
            raise
        made_at = server.store_time() or clock.now()
        return WebDavTransport.prepare(address, entropy.token(16).hex(), made_at, access=access)
    return server
