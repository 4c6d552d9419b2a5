"""Everything that has a shortcut, as rows: what it is called, its keys, and where it works. The window and the F1 list read the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsadesk.ui.i18n import translate


class Scope(StrEnum):
    """Where a shortcut works."""

    WINDOW = "Anywhere"
    FORM = "In a form"
    PAGE = "On a page"
    LIST = "In lists"


@dataclass(frozen=True)
class Action:
    """One thing to do by keyboard. An action without an id is the widget's own and only listed."""

    id: str
    words: str
    keys: str
    scope: Scope


ACTIONS: tuple[Action, ...] = (
    Action("go.requests", "Go to Requests", "Ctrl+1", Scope.WINDOW),
    Action("go.inbox", "Go to Inbox", "Ctrl+2", Scope.WINDOW),
    Action("go.agreements", "Go to Agreements", "Ctrl+3", Scope.WINDOW),
    Action("go.catalogue", "Go to Catalogue", "Ctrl+4", Scope.WINDOW),
    Action("go.partners", "Go to Partners", "Ctrl+5", Scope.WINDOW),
    Action("go.exchange", "Go to Send and fetch", "Ctrl+6", Scope.WINDOW),
    Action("go.settings", "Go to Settings", "Ctrl+,", Scope.WINDOW),
    Action("new", "Start a new request", "Ctrl+N", Scope.WINDOW),
    Action("search", "Search the requests", "Ctrl+F", Scope.WINDOW),
    Action("open-file", "Open a file that was sent to you", "Ctrl+O", Scope.WINDOW),
    Action("pane", "Move to the next part of the page", "F6", Scope.WINDOW),
    Action("lock", "Lock now", "Ctrl+L", Scope.WINDOW),
    Action("keys", "List the keyboard shortcuts", "F1", Scope.WINDOW),
    Action("quit", "Close dsadesk", "Ctrl+Q", Scope.WINDOW),
    Action("save", "Save now (every change is saved by itself too)", "Ctrl+S", Scope.FORM),
    Action("continue", "Save and continue", "Ctrl+Return", Scope.FORM),
    Action("section.next", "Go to the next section", "Ctrl+PgDown", Scope.FORM),
    Action("section.previous", "Go to the section before", "Ctrl+PgUp", Scope.FORM),
    Action("undo", "Undo, wherever in the request it was", "Ctrl+Z", Scope.FORM),
    Action("redo", "Do again what was undone", "Ctrl+Y", Scope.FORM),
    Action("", "Find in this request", "Ctrl+F", Scope.FORM),
    Action("find.next", "Go to the next place found", "F3", Scope.FORM),
    Action("find.previous", "Go to the place found before", "Shift+F3", Scope.FORM),
    Action("mark.next", "Go to the next spelling or plain English mark", "F7", Scope.FORM),
    Action("mark.previous", "Go to the mark before", "Shift+F7", Scope.FORM),
    Action("marks", "List what could be plainer in the whole request", "Ctrl+F7", Scope.FORM),
    Action("suggest", "Choose another word for the marked one", "Ctrl+.", Scope.FORM),
    Action("comments", "Read and write comments", "Ctrl+M", Scope.FORM),
    Action("versions", "Compare with earlier versions", "Ctrl+H", Scope.FORM),
    Action("guidance", "Show or hide the guidance", "Ctrl+G", Scope.FORM),
    Action("preview", "Read the request as it stands", "Ctrl+P", Scope.FORM),
    Action("check", "Check and seal", "Ctrl+Shift+S", Scope.FORM),
    Action("", "Choose an option", "Space", Scope.FORM),
    Action("", "Move a row up or down", "Alt+Up, Alt+Down", Scope.FORM),
    Action("", "Do what comes next for the open request", "Alt+N", Scope.PAGE),
    Action("", "Decide on the open request", "Alt+D", Scope.PAGE),
    Action("", "Open what else can be done with it", "Alt+M", Scope.PAGE),
    Action("", "Go to a tab of the open request", "Alt+1 to Alt+5", Scope.PAGE),
    Action("", "Fetch, in the inbox", "Alt+F", Scope.PAGE),
    Action("", "Open a file, in the inbox", "Alt+O", Scope.PAGE),
    Action("", "Take in a file, under Catalogue and Partners", "Alt+T", Scope.PAGE),
    Action("", "Ask for the dataset that is shown, under Catalogue", "Alt+N", Scope.PAGE),
    Action("", "Send and fetch now, under Exchange", "Alt+N", Scope.PAGE),
    Action("", "Move through a list", "Up, Down, Home, End", Scope.LIST),
    Action("", "Open what is chosen", "Enter", Scope.LIST),
    Action("", "Clear the search", "Esc", Scope.LIST),
)

_BY_ID = {action.id: action for action in ACTIONS if action.id}


def keys_of(action_id: str) -> str:
    """Return the keys of an action.

    Raises:
        KeyError: there is no such action.
    """
    return _BY_ID[action_id].keys


def listed() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return every shortcut in words, by where it works, for the list that F1 shows."""
    return tuple(
        (
            translate("Actions", scope.value),
            tuple((translate("Actions", row.words), row.keys) for row in ACTIONS if row.scope is scope),
        )
        for scope in Scope
    )
