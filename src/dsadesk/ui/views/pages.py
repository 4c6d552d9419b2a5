"""What every page of the window is, and where each page's class lies. A page is imported when it is first gone to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol, cast

from PySide6.QtWidgets import QWidget

from dsadesk.services.changes import Changes
from dsadesk.ui.presenters.frame import Frame, Page, Place

_PACKAGE = "dsadesk.ui.views"
VIEWS: Mapping[Page, tuple[str, str]] = {
    Page.INBOX: ("inbox", "InboxView"),
    Page.REQUEST: ("request", "RequestView"),
    Page.SIGN_OFF: ("sign_off", "SignOffView"),
    Page.AGREEMENTS: ("agreements", "AgreementsView"),
    Page.AGREEMENT: ("agreement", "AgreementView"),
    Page.CATALOGUE: ("catalogue", "CatalogueView"),
    Page.PARTNERS: ("partners", "PartnersView"),
    Page.EXCHANGE: ("exchange", "ExchangeView"),
}


class PageView(Protocol):
    """A page: it shows a place, follows changes, and knows where the keyboard begins."""

    def show_place(self, place: Place) -> None:
        """Show what the place is about."""

    def refresh(self, changes: Changes) -> None:
        """Follow what changed in the vault."""

    def focus_first(self) -> None:
        """Put the keyboard where reading or work on the page begins."""


def make_view(page: Page, frame: Frame) -> QWidget:
    """Make the view of a page that needs nothing but the frame.

    Raises:
        KeyError: the window makes this page itself.
    """
    module, name = VIEWS[page]
    made = cast("Callable[[Frame], QWidget]", getattr(import_module(f"{_PACKAGE}.{module}"), name))
    return made(frame)


def as_page(view: QWidget | None) -> PageView:
    """Return a page's widget as a page."""
    return cast("PageView", view)
