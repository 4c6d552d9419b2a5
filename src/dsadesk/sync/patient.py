"""Reading from a store over a link that is cut now and then: what fails for a while is tried again, part by part, and nothing is begun anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from dsadesk.errors import StoreError, TransferStoppedError
from dsadesk.ports import Transport
from dsadesk.sync.controls import CANCELLED, Controls
from dsadesk.sync.orders import Key, Remedy, remedy_of
from dsadesk.sync.pace import Valve
from dsadesk.sync.policy import BackOff

T = TypeVar("T")


class Reader(Protocol):
    """A store as far as taking in needs it; a `Transport` is one."""

    def get(self, name: str, limit: int) -> bytes:
        """As of a `Transport`."""
        ...

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """As of a `Transport`."""
        ...

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """As of a `Transport`."""
        ...


class PatientReader:
    """Implements `Reader`: tries again for `patience` seconds since something last came. Pausing does not stop it; cancelling does.

    `valve` is what the transport's bytes pass, where there is one.
    """

    def __init__(
        self,
        transport: Transport,
        controls: Controls,
        patience: float,
        jitter: Callable[[], float],
        valve: Valve | None = None,
    ) -> None:
        self._transport = transport
        self._valve = valve
        self._controls = controls
        self._pulse = controls.pulse
        self._patience = patience
        self._jitter = jitter
        self._door = threading.Condition()
        self._back_off = BackOff()
        self._last_good = self._pulse.elapsed()
        if valve is not None:
            valve.open()
        self._forget = controls.listen(self._on_wish)

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes. Raises: StoreError once patience has passed, TransferStoppedError when it was cancelled."""
        return self._try(lambda: self._transport.get(name, limit))

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """Names. Raises: as `get`."""
        return self._try(lambda: self._transport.list(prefix, after))

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Names, and the next cursor. Raises: as `get`."""
        return self._try(lambda: self._transport.poll(prefix, cursor))

    def end(self) -> None:
        """Listens no more to what is wished."""
        self._forget()

    def _try(self, act: Callable[[], T]) -> T:
        while True:
            if self._controls.is_cancelled:
                raise TransferStoppedError("cancelled")
            try:
                result = act()
            except StoreError as error:
                if self._controls.is_cancelled:
                    raise TransferStoppedError("cancelled") from error
                now = self._pulse.elapsed()
                if remedy_of(error) is not Remedy.AGAIN or now - self._last_good >= self._patience:
                    raise
                self._transport.close()
                self._back_off.fault(now, self._jitter())
                self._wait()
            else:
                self._back_off.success()
                self._last_good = self._pulse.elapsed()
                return result

    def _wait(self) -> None:
        with self._door:
            while (left := self._back_off.not_before - self._pulse.elapsed()) > 0 and not self._controls.is_cancelled:
                self._pulse.wait(self._door, left)

    def _on_wish(self, reason: str, key: Key | None) -> None:
        with self._door:
            if key is None:
                self._back_off.poke()
            self._door.notify_all()
        if reason == CANCELLED and key is None:
            if self._valve is not None:
                self._valve.shut(CANCELLED)
            self._transport.close()
