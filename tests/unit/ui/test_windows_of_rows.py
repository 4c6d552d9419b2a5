"""A window of rows whose words could not be had, on each page with a long list: it is said, and asked for again."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dsadesk.errors import VaultBusyError
from dsadesk.services.wording import explain
from dsadesk.ui.presenters.agreements import AgreementsPresenter
from dsadesk.ui.presenters.inbox import InboxPresenter
from dsadesk.ui.presenters.requests import RequestsPresenter
from tests.support.desks import received_request, two_desks
from tests.unit.ui.frames import Recorder, inline_frame


class BusyRows:
    """Projections whose rows cannot be had now."""

    def rows(self, wanted):
        raise VaultBusyError("vault-busy")


@pytest.mark.parametrize(
    ("kind", "fetch"),
    [(RequestsPresenter, "fetch"), (InboxPresenter, "window"), (AgreementsPresenter, "window")],
)
def test_a_window_that_could_not_be_had_is_given_up_so_that_the_next_look_asks_again(kind, fetch):
    pair = two_desks()
    request = received_request(pair, sample=False)
    frame, _ = inline_frame(pair.supplier)
    view = Recorder()
    presenter = kind(view, frame)
    session = pair.holds
    whole = session.vault
    session.vault = SimpleNamespace(projections=BusyRows())
    getattr(presenter, fetch)(3, [request])
    assert view.shown["give_up"] == 3
    assert view.shown["show_error"] == explain(VaultBusyError("vault-busy"))
    assert "show_cards" not in view.calls
    session.vault = whole
    getattr(presenter, fetch)(3, [request])
    assert view.shown["show_cards"][0] == 3
