"""Where the window's pages are: what stands on the rail, and which page and which entry a place belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from dsadesk.ui.vocabulary import NavEntry

ENTRIES = (
    NavEntry("requests", "Requests", "file-text", "Requests that you write or answer"),
    NavEntry("inbox", "Inbox", "inbox", "What has come in"),
    NavEntry("agreements", "Agreements", "handshake", "What both sides have signed"),
    NavEntry("catalogue", "Catalogue", "database", "Datasets that you can ask for"),
    NavEntry("partners", "Partners", "users", "Organisations and their keys"),
    NavEntry("exchange", "Exchange", "refresh-cw", "Send and fetch"),
)
FOOT = (
    NavEntry("about", "Help", "circle-help", "Help, shortcuts and version"),
    NavEntry("settings", "Settings", "settings", "Colours, text size, locking, backup"),
)
_HOME: Mapping[str, str] = {"editor": "requests", "request": "requests"}
_RAIL: Mapping[str, str] = {"editor": "requests", "request": "requests", "agreement": "agreements", "sign-off": "inbox"}


def home_of(page: str) -> str:
    """Return the page that a kind of place is shown on."""
    return _HOME.get(page, page)


def entry_of(page: str) -> str:
    """Return the entry of the rail that a kind of place belongs to."""
    return _RAIL.get(page, page)


def words_of(page: str) -> str:
    """Return what the rail calls a kind of place, or nothing where it has no entry."""
    return next((entry.label for entry in (*ENTRIES, *FOOT) if entry.id == entry_of(page)), "")
