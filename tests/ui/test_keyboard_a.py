"""What an accessibility review would look for on the window's own pages: names, plain text, room, targets, order."""

from __future__ import annotations

import pytest

from dsadesk.services import attaching, drafting
from dsadesk.services.desk import Desk
from dsadesk.ui import theme
from dsadesk.ui.presenters.first_run import Step
from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import ANSWERS, SAMPLE, SUPPLIER, memory_world, two_desks
from tests.ui import audit
from tests.ui.windows import window_over

LOOKS = [(theme.Theme.LIGHT, 100), (theme.Theme.LIGHT, 200)]
CHECKS = (audit.unnamed, audit.rich, audit.clipped, audit.small_targets)


def faults(widget):
    return {check.__name__: found for check in CHECKS if (found := check(widget))}


@pytest.fixture(scope="module")
def written():
    pair = two_desks()
    full = drafting.start(pair.asks, title="x", supplier=SUPPLIER.id).request
    drafting.load_answers(pair.asks, full, ANSWERS.read_bytes())
    with SAMPLE.open("rb") as source:
        attaching.attach(pair.asks, full, source, SAMPLE.name)
    draft = drafting.start(pair.asks, title="A draft", supplier=SUPPLIER.id).request
    return pair, full, draft


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_every_part_of_the_form_can_be_read_reached_and_hit(written, tmp_path, wear, look, percent):
    pair, full, draft = written
    wear(look, percent)
    with window_over(pair.requester, tmp_path) as shown:
        for part in ("about", "purpose", "data", "protection", "risks", "samples", "check"):
            shown.go(Place(Page.EDITOR, request=full, part=part))
            assert faults(shown.window) == {}, part
        shown.go(Place(Page.EDITOR, request=draft, part="check"))
        assert faults(shown.window) == {}


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_every_dialog_and_the_pages_of_the_window_can_be_read_and_hit(written, tmp_path, wear, look, percent):
    pair, _, draft = written
    wear(look, percent)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        assert faults(shown.window) == {}
        for page in (Page.SETTINGS, Page.ABOUT):
            shown.go(Place(page))
            assert faults(shown.window) == {}, page
        shown.go(Place(Page.EDITOR, request=draft))
        editor = shown.page("requests")._editor
        for open_it in (
            shown.page("requests").start_new,
            shown.window._on_keys_wanted,
            editor._presenter.preview,
            editor._presenter.ask_discard,
        ):
            open_it()
            shown.settle()
            assert faults(shown.dialog()) == {}, open_it
            shown.dialog().reject()
            shown.settle()


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_every_step_of_the_first_start_can_be_read_and_hit(tmp_path, wear, look, percent):
    wear(look, percent)
    with window_over(Desk(memory_world()), tmp_path) as shown:
        page = shown.page("first-run")
        page.show_words(["abandon"] * 24)
        page.ask_words((3, 9))
        page.opening.secret.show()
        page.show_application(("one", "two"), "")
        for step in Step:
            page._stack.setCurrentWidget(page._steps[step])
            shown.settle()
            assert faults(shown.window) == {}, step


def test_the_tab_key_goes_through_a_draft_from_the_rail_to_the_strip(written, tmp_path):
    pair, _, draft = written
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
        page = shown.page("requests")
        shown.window._rail._entries["requests"].setFocus()
        stops = [shown.window._rail._entries["requests"], *audit.tab_stops(shown.window)]

        def first(widget):
            return next(n for n, stop in enumerate(stops) if stop is widget or widget.isAncestorOf(stop))

        order = [
            shown.window._rail,
            page._pane.new,
            page._pane.search,
            page._pane.filter,
            page._pane.list,
            page._editor._head,
            page._editor._sections,
            page._editor._form.questions()["purpose.aim"],
            page._editor._form.questions()["purpose.help"],
            page._editor._foot,
            shown.window._strip,
        ]
        places = [first(widget) for widget in order]
        assert places == sorted(places)


def test_no_page_needs_to_be_wider_than_the_smallest_official_laptop(written, tmp_path):
    pair, full, _ = written
    with window_over(pair.requester, tmp_path) as shown:
        for place in (
            Place(Page.REQUESTS),
            Place(Page.EDITOR, request=full, part="protection"),
            Place(Page.EDITOR, request=full, part="samples"),
            Place(Page.EDITOR, request=full, part="check"),
            Place(Page.SETTINGS),
            Place(Page.ABOUT),
        ):
            shown.go(place)
            shown.window.resize(1366, 768)
            shown.settle()
            assert shown.window.width() == 1366, place
            assert shown.window.height() == 768, place
