"""Two officials with a window and a vault in a folder each, and between them nothing but a real WebDAV server."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import replace

import pytest

from dsadesk import bootstrap
from dsadesk.domain.lifecycle import Stage
from dsadesk.host.clock import SystemPulse
from dsadesk.host.entropy import SystemEntropy
from dsadesk.services import attaching, drafting, keeping_cards, sealing, stores, viewing
from dsadesk.sync.runner import Runner
from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import ANSWERS, SUPPLIER, folder_world, two_desks
from tests.support.servers.processes import free_port
from tests.support.servers.relay import Relay
from tests.ui.windows import window_over

SAMPLE = b"site,ecoli\n" + b"".join(b"UK%06d,%d\n" % (n, n % 300) for n in range(40_000))


@pytest.fixture
def relay(nginx):
    with Relay(nginx.port) as made:
        yield made


@pytest.fixture
def pair(tmp_path, nginx, relay):
    """Real vaults, several connections, an inbox each on the server, and a line to it that can be cut."""

    def world(name, unused, clock):
        made = folder_world(tmp_path / name, stores=unused, clock=clock, seed=name)
        return replace(
            made, open_transport=bootstrap.open_transport, pulse=SystemPulse(), drive=Runner(), patience=60.0
        )

    made = two_desks(world)
    places = {
        name: nginx.url(nginx.fresh()).replace(f":{nginx.port}/", f":{relay.port}/") for name in ("asks", "holds")
    }
    for name, address in places.items():
        bootstrap.prepare_store(address, made.clock, SystemEntropy(), nginx.access).close()
        for session in (made.asks, made.holds):
            stores.keep_store(session, address, nginx.access)
        keeping_cards.set_inbox_address(getattr(made, name), address)
    keeping_cards.import_card(made.asks, made.holds.card_bytes)
    keeping_cards.import_card(made.holds, made.asks.card_bytes)
    yield made
    # Which also ends the connections to their own inboxes, that are kept between two looks.
    for desk in (made.requester, made.supplier):
        if desk.is_open:
            desk.lock()


@pytest.fixture
def request_to_send(pair):
    draft = drafting.start(pair.asks, title="Bathing water results", supplier=SUPPLIER.id).request
    drafting.load_answers(pair.asks, draft, ANSWERS.read_bytes())
    attaching.attach(pair.asks, draft, io.BytesIO(SAMPLE), "results.csv")
    sealing.seal_request(pair.asks, draft)
    return draft


def press(shown, qtbot):
    """Presses the one button, and gives what the page then says."""
    shown.go(Place(Page.EXCHANGE))
    page = shown.page("exchange")
    page.result.show_result(None)
    page.go.click()
    qtbot.waitUntil(lambda: page.result.result() is not None)
    shown.settle()
    return page.result.result()


def test_a_request_goes_and_its_confirmation_comes_back_by_two_presses_on_each_side(
    qtbot, tmp_path, pair, request_to_send
):
    with ExitStack() as stack:
        asks = stack.enter_context(window_over(pair.requester, tmp_path))
        holds = stack.enter_context(window_over(pair.supplier, tmp_path))
        assert press(asks, qtbot).title == "1 sent"
        pair.clock.advance(60)
        came = press(holds, qtbot)
        assert came.title == "1 sent, 1 came in"
        assert any("A request came from Public Health Wales" in line.sentence for line in came.lines)
        with attaching.open_sample(pair.holds, request_to_send, 1) as plain:
            assert plain.read() == SAMPLE
        pair.clock.advance(60)
        assert press(asks, qtbot).title == "1 sent, 1 came in"
        asks.go(Place(Page.REQUEST, request=request_to_send))
        assert viewing.view(pair.asks, request_to_send).stage is Stage.RECEIVED
        asks.go(Place(Page.EXCHANGE))
        page = asks.page("exchange")
        assert page.waiting.items() == ()
        assert ["Delivered" in item.status for item in page.sent.items()] == [True]


def test_what_the_line_cuts_goes_on_by_itself_and_arrives_while_both_windows_do_nothing(
    qtbot, tmp_path, pair, relay, request_to_send
):
    with ExitStack() as stack:
        began, cuts = relay.up, []

        def cut_now_and_then(up):
            if len(cuts) < 3 and up - began > 80_000 * (len(cuts) + 1):
                cuts.append(up)
                relay.cut()

        relay.on_up = cut_now_and_then
        stack.enter_context(window_over(pair.requester, tmp_path, poll_minutes=1))
        qtbot.waitUntil(lambda: len(cuts) >= 3)
        holds = stack.enter_context(window_over(pair.supplier, tmp_path, poll_minutes=1))

        def has_come():
            holds.window._frame.deliverer().look_now()
            return " news" in " | ".join(item.text for item in holds.window._strip.waiting)

        qtbot.waitUntil(has_come)
        with attaching.open_sample(pair.holds, request_to_send, 1) as plain:
            assert plain.read() == SAMPLE


@pytest.mark.usefixtures("request_to_send")
def test_a_server_that_is_gone_is_said_on_the_page_and_nothing_is_lost(qtbot, tmp_path, pair, nginx, relay):
    object.__setattr__(pair.requester.world, "patience", 0.0)
    with window_over(pair.requester, tmp_path) as shown:
        relay.target = free_port()
        said = press(shown, qtbot)
        assert said.title == "2 problems"
        assert {line.sentence.partition(":")[0] for line in said.lines} == {"Fetching", "Sending to Environment Agency"}
        assert len(shown.page("exchange").waiting.items()) == 1
        relay.target = nginx.port
        assert press(shown, qtbot).title == "1 sent"
