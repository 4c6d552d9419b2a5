"""When Python looks for what it left behind: while nobody waits for the window.

Looking through everything stops all threads, for a tenth of a second in a program of this size, and by itself Python does it in the middle of
whatever is being done. What was there at the start is not looked through again; all the rest is when nobody has touched the window for a while.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject

from dsadesk.ui.idle import IdleWatch

_REST_SECONDS = 10
_YOUNG = (
    2_000,
    10,
    1_000,
)  # what was just made is still looked through as it comes; everything, after 20 million things at the latest


class Sweeper(QObject):
    """Puts off the long search until a rest. It sets how the whole process does it, so only the program itself makes one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = gc.get_threshold()
        self._idle = IdleWatch(lambda: _REST_SECONDS, self)
        self._idle.expired.connect(self._on_rested)

    def start(self) -> None:
        """Begin, once what the program is made of has been loaded."""
        gc.set_threshold(*_YOUNG)
        gc.freeze()
        self._idle.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._idle.stop()
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def _on_rested(self) -> None:
        # Where hardly anything was made since the last time there is nothing to find, and a laptop is let sleep.
        if any(gc.get_count()[1:]):
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        self._idle.start()
