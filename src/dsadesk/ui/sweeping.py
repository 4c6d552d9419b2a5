"""When Python looks for what it left behind: between two events, on the window's thread.

By itself Python looks in the middle of whatever is being done, on whichever thread. A widget that is found and destroyed while Qt goes through
a list of all widgets and asks each of them, as when the theme changes, is still on that list, and the program ends there. Besides,
looking through everything stops all threads, for a tenth of a second in a program of this size: that is done while nobody touches the window,
and what was there at the start is not looked through again.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QObject

from dsadesk.ui.idle import IdleWatch

_REST_SECONDS = 10
_PAUSE_SECONDS = 1.0
_MADE = 2_000  # things made and kept since the last look after which it is worth looking through them
_LOOKS = 10  # looks through the youngest after which what outlived them is looked through as well, at a pause
_MOST_LOOKS = 100  # and without one


@contextmanager
def held_off() -> Iterator[None]:
    """Let Python look for nothing while Qt goes through all widgets, where no `Sweeper` sees to that."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Sweeper(QObject):
    """Looks when the window has nothing to do, and through everything at a rest.

    It sets how the whole process does it, so only the program itself makes one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dispatcher = QCoreApplication.eventDispatcher()
        self._idle = IdleWatch(lambda: _REST_SECONDS, self)
        self._idle.expired.connect(self._on_rested)

    def start(self) -> None:
        """Begin, once what the program is made of has been loaded."""
        gc.disable()
        gc.freeze()
        self._dispatcher.aboutToBlock.connect(self._on_about_to_block)
        self._idle.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._idle.stop()
        self._dispatcher.aboutToBlock.disconnect(self._on_about_to_block)
        gc.unfreeze()
        gc.enable()

    def _on_about_to_block(self) -> None:
        made, looks, _ = gc.get_count()
        if made < _MADE:
            return
        # Ten looks' worth takes up to 20 ms, which whoever types would notice.
        enough = _LOOKS if self._idle.untouched_seconds() >= _PAUSE_SECONDS else _MOST_LOOKS
        gc.collect(1 if looks >= enough else 0)

    def _on_rested(self) -> None:
        # Where hardly anything was made since the last time there is nothing to find, and a laptop is let sleep.
        made, *looks = gc.get_count()
        if made >= _MADE or any(looks):
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        self._idle.start()
