"""The connection of one transport: made when it is first needed, used by one thread at a time, ended by any, and made again after a loss."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dsadesk.errors import StoreError, TransferStoppedError
from dsadesk.ports import Flow, StoreAccess, hears_life
from dsadesk.transports.names import STORE_FOLDER
from dsadesk.transports.proxies import Proxy, ProxySaidNoError
from dsadesk.transports.reaching import ClosedByUsError
from dsadesk.transports.sftp.address import SftpAddress
from dsadesk.transports.sftp.faults import link_error, status_error
from dsadesk.transports.sftp.layout import Layout, Seen
from dsadesk.transports.sftp.login import Link
from dsadesk.transports.sftp.protocol import ProtocolError, Status, StatusError
from dsadesk.transports.sftp.tunnel import ask_for_tunnel
from dsadesk.transports.sftp.wire import Wire


@dataclass
class _Open:
    """A link, the store over it once it is open, and whether that is known to be the right one."""

    link: Link
    layout: Layout | None = None
    is_known: bool = False


class Connection:
    """Gives the store to whoever acts on it, and tells every fault inside as a store's."""

    def __init__(
        self,
        address: SftpAddress,
        *,
        expected_id: str | None,
        access: StoreAccess,
        flow: Flow | None,
        stall_seconds: float,
    ) -> None:
        self._address = address
        self._expected_id = expected_id
        self._access = access
        self._proxy = Proxy.parse(access.proxy) if access.proxy else None
        self._flow = flow
        self._life = hears_life(flow)
        self._stall_seconds = stall_seconds
        self._lock = threading.Lock()
        self._open: _Open | None = None
        self._seen = Seen()

    @contextmanager
    def act(self, *, writing: bool = False, wanted: int = 0, any_place: bool = False) -> Iterator[Layout]:
        """The store, connected and, unless any place will do, known to be the right one. `wanted` is how many bytes are to be written.

        Raises: StoreError.
        """
        held = self._begin()
        try:
            layout = self._connected(held)
            with held.link.wire.awaiting():
                try:
                    if not (held.is_known or any_place):
                        if self._seen.marker is None or not layout.recognise():
                            layout.marker()
                        held.is_known = True
                    yield layout
                except StatusError as error:
                    raise _refusal(layout, error, self._address.text, writing=writing, wanted=wanted) from None
        except TransferStoppedError:
            self._drop(held)
            raise
        except StoreError:
            if held.layout is None:
                self._drop(held)
            raise
        except (OSError, EOFError, ProtocolError, ProxySaidNoError) as error:
            lost = ClosedByUsError() if held.link.is_aborted else held.link.wire.why_lost or error
            self._drop(held)
            raise link_error(lost, address=self._address, proxy=self._proxy.name if self._proxy else "") from None
        finally:
            if held.layout is not None:
                held.layout.session.drop_answers()

    def pass_on(self, size: int) -> None:
        """Asks the flow before a run. Raises: TransferStoppedError, ClosedByUsError when another thread closed meanwhile."""
        held = self._open
        if held is None:
            raise ClosedByUsError
        if self._flow is not None:
            with held.link.wire.resting():
                self._flow.pass_on(size)
        if held.link.is_aborted:
            raise ClosedByUsError

    def went(self, size: int, seconds: float) -> None:
        """So many bytes were sent and answered in so long."""
        held = self._open
        if held is not None:
            held.link.wire.went(size, seconds)

    def round_trip(self) -> float | None:
        """Seconds that connecting took, told once for each connection."""
        with self._lock:
            held = self._open
        if held is None:
            return None
        taken, held.link.wire.round_trip = held.link.wire.round_trip, None
        return taken

    def close(self) -> None:
        """Ends the connection and whatever waits on it, from any thread."""
        with self._lock:
            held, self._open = self._open, None
        if held is not None:
            held.link.abort()
            held.link.drop()

    def _begin(self) -> _Open:
        with self._lock:
            old = self._open
            if old is not None and old.link.is_alive:
                return old
            self._open = made = _Open(Link(self._stall_seconds, self._life))
        if old is not None:
            old.link.drop()
        return made

    def _connected(self, held: _Open) -> Layout:
        if held.layout is None:
            session = held.link.open(self._address, self._access, self._dial)
            held.layout = Layout(session, self._address, self._expected_id, self._seen)
        return held.layout

    def _dial(self, wire: Wire) -> None:
        """Connects, where there is a proxy through it. Raises: ProxySaidNoError, OSError."""
        proxy = self._proxy
        if proxy is None:
            wire.dial(self._address.host, self._address.port)
        else:
            wire.dial(proxy.host, proxy.port)
            ask_for_tunnel(wire, proxy, self._address.host, self._address.port)

    def _drop(self, held: _Open) -> None:
        with self._lock:
            if self._open is held:
                self._open = None
        held.link.drop()


def _refusal(layout: Layout, error: StatusError, address: str, *, writing: bool, wanted: int) -> StoreError:
    """The error for a server's no; after a failed write the disk is asked how it stands, unless that was done in time."""
    layout.session.drop_answers()
    space = error.space
    if writing and space is None and error.status == Status.FAILURE:
        space = layout.session.space_at(layout.path(STORE_FOLDER))
    return status_error(error.status, address=address, writing=writing, space=space, wanted=wanted)
