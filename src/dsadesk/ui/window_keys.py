"""What the keys do wherever the keyboard is: the shortcuts of the window, and going round its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from dsadesk.ui.actions import ACTIONS, Scope


def make_shortcuts(window: QWidget, acts: Mapping[str, Callable[[], None]], go: Callable[[str], None]) -> None:
    """Have the keys of the window do what they say: `acts` by the action's name, and `go` to a page by its name."""
    for action in ACTIONS:
        if action.scope is not Scope.WINDOW:
            continue
        shortcut = QShortcut(QKeySequence(action.keys), window)
        if action.id.startswith("go."):
            home = action.id.removeprefix("go.")
            shortcut.activated.connect(lambda home=home: go(home))
        else:
            shortcut.activated.connect(acts[action.id])


def go_round(parts: Sequence[QWidget], holder: QWidget | None) -> None:
    """Put the keyboard, which `holder` has now, in the next part that is seen and takes it."""
    stops = [(part, stop) for part in parts if part.isVisible() and (stop := first_stop(part)) is not None]
    if not stops:
        return
    here = next((n for n, (part, _) in enumerate(stops) if holder is not None and part.isAncestorOf(holder)), -1)
    stops[(here + 1) % len(stops)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)


def panes(page: QWidget | None) -> list[QWidget]:
    """Return the parts of a page: frames with a look of their own, else the page itself."""
    if page is None:
        return []
    looks = {"pane", "header", "side", "footer", "guide", "column"}
    found = [each for each in page.findChildren(QFrame) if each.property("look") in looks and each.isVisible()]
    inner = [each for each in found if not any(other is not each and other.isAncestorOf(each) for other in found)]
    return list(inner) or [page]


def first_stop(part: QWidget) -> QWidget | None:
    """Return where the Tab key comes to first in a part."""
    return next(
        (
            each
            for each in part.findChildren(QWidget)
            if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        ),
        None,
    )
