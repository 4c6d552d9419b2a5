"""Adding a place for deliveries without a window: what each kind asks for, trying it on real servers, and keeping it only then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dsadesk import bootstrap
from dsadesk.host.clock import SystemClock
from dsadesk.host.entropy import SystemEntropy
from dsadesk.ports import StoreAccess
from dsadesk.services import exchanging, store_keys, stores
from dsadesk.services.delivering import Deliverer
from dsadesk.services.keeping_cards import address_of as reached_at
from dsadesk.services.session import STORE_BEGUN
from dsadesk.ui.presenters.add_store import (
    AddStorePresenter,
    Purpose,
    StoreForm,
    StoreKind,
    access_of,
    address_of,
    form_for,
    own_purpose,
    problems_of,
)
from dsadesk.ui.vocabulary import Tone
from tests.support.desks import REQUESTER, SUPPLIER, memory_world, two_desks
from tests.support.servers import sshd as sshd_server
from tests.support.servers import web
from tests.support.servers.sshd import Sshd
from tests.unit.ui.frames import Recorder, held_frame, inline_frame

needs_sshd = pytest.mark.skipif(bool(sshd_server.why_not()), reason=sshd_server.why_not() or "a server can be started")
CLOCK, ENTROPY = SystemClock(), SystemEntropy()
FILES = {"server": "files.example.gov.uk:2222", "path": "/srv/inbox", "user": "office"}
BUCKET = {"server": "https://s3.example.org", "bucket": "inbox", "path": "a/b", "user": "KEY", "secret": "S"}


def real_world(name, shared, clock):
    """A world whose stores are real ones."""
    return replace(
        memory_world(stores=shared, clock=clock, seed=name),
        open_transport=bootstrap.open_transport,
        prepare_store=lambda address, *access: bootstrap.prepare_store(address, CLOCK, ENTROPY, *access),
    )


@pytest.fixture
def pair():
    return two_desks(real_world)


class Adding:
    """The dialog open over one side's desk."""

    def __init__(self, desk, purpose=None, *, held=False):
        self.view, self.lane = Recorder(), None
        if held:
            self.frame, _, self.lane = held_frame(desk)
        else:
            self.frame, _ = inline_frame(desk)
        self.found = []
        self.view.show_finding = self.found.append
        self.session = desk.session
        self.page = AddStorePresenter(self.view, self.frame, purpose or own_purpose(self.frame))

    def try_it(self, kind, **typed):
        self.page.try_it(StoreForm(kind, typed))

    @property
    def said(self):
        return [finding.sentence for finding in self.found]


def theirs(address="inbox-of-supplier"):
    return Purpose(SUPPLIER.id, SUPPLIER.name, is_own=False, address=address)


# ---------------------------------------------------------------- what is filled in


@pytest.mark.parametrize(
    ("form", "address"),
    [
        (StoreForm(StoreKind.FOLDER, {"folder": " /mnt/stick "}), "/mnt/stick"),
        (StoreForm(StoreKind.WEB, {"server": "https://files.example/inbox/"}), "https://files.example/inbox"),
        (StoreForm(StoreKind.BUCKET, BUCKET), "s3+https://s3.example.org/inbox/a/b"),
        (StoreForm(StoreKind.FILES, FILES), "sftp://office@files.example.gov.uk:2222/srv/inbox"),
        (StoreForm(StoreKind.FILES, {**FILES, "server": "sftp://me@files.example"}), "sftp://office@files.example/srv/inbox"),
    ],
)  # fmt: skip
def test_fields_make_an_address_and_an_address_fills_the_fields(form, address):
    assert problems_of(form) == {}
    assert address_of(form) == address
    again = form_for(address, access_of(form, "", ()))
    assert again.kind is form.kind
    assert address_of(again) == address
    assert "S" not in again.typed.values()


@pytest.mark.parametrize(
    ("kind", "typed", "missing"),
    [
        (StoreKind.FOLDER, {}, {"folder"}),
        (StoreKind.WEB, {"server": "files.example"}, {"server"}),
        (StoreKind.BUCKET, {"server": "https://s3.example.org"}, {"bucket", "user", "secret"}),
        (StoreKind.FILES, {"server": "files.example"}, {"path", "user"}),
        (StoreKind.FOLDER, {"folder": "a", "proxy-user": "me"}, {"proxy"}),
    ],
)
def test_what_is_missing_is_said_by_field_and_nothing_is_tried(pair, kind, typed, missing):
    adding = Adding(pair.requester)
    adding.try_it(kind, **typed)
    assert set(adding.view.shown["show_problems"]) == missing
    assert "show_trying" not in adding.view.calls


def test_a_form_shows_no_secret_when_it_is_printed():
    assert "tops3cret" not in repr(StoreForm(StoreKind.WEB, {"secret": "tops3cret"}))


# ---------------------------------------------------------------- a folder


def test_a_folder_is_tried_and_becomes_the_inbox_once_somebody_says_so(pair, tmp_path):
    before = pair.asks.card.version
    adding = Adding(pair.requester)
    adding.try_it(StoreKind.FOLDER, folder=str(tmp_path / "inbox"))
    assert "It takes what is written." in adding.said
    assert adding.view.shown["show_verdict"] == ("This store does all that is asked of it.", Tone.GOOD, True)
    assert pair.asks.card.version == before
    adding.page.keep()
    assert pair.asks.card.version == before + 1
    assert pair.asks.card.inboxes[0].address == str(tmp_path / "inbox")
    assert "send it to your partners" in adding.view.shown["show_kept"]


def test_a_folder_that_cannot_be_made_is_an_error_and_not_kept(pair):
    adding = Adding(pair.requester)
    adding.try_it(StoreKind.FOLDER, folder="/proc/nowhere/inbox")
    assert adding.view.shown["show_error"].todo
    adding.page.keep()
    assert reached_at(pair.asks, REQUESTER.id) == "inbox-of-requester"
    assert "offer_untried" not in adding.view.calls


def test_a_partners_folder_is_not_made_for_them(pair, tmp_path):
    adding = Adding(pair.requester, theirs())
    adding.try_it(StoreKind.FOLDER, folder=str(tmp_path))
    assert adding.view.shown["show_verdict"][1] is Tone.BAD
    assert list(tmp_path.iterdir()) == []


def test_a_partners_stick_that_is_not_in_is_told_by_what_was_tried(pair, tmp_path):
    adding = Adding(pair.requester, theirs())
    adding.try_it(StoreKind.FOLDER, folder=str(tmp_path / "no-stick"))
    assert adding.found[0].tone is Tone.BAD
    assert adding.found[0].details


def test_stopping_leaves_the_form_and_drops_what_comes_later(pair, tmp_path):
    adding = Adding(pair.requester, held=True)
    adding.try_it(StoreKind.FOLDER, folder=str(tmp_path / "inbox"))
    adding.page.stop()
    adding.lane.run()
    assert adding.view.shown["show_trying"] is False
    assert "show_verdict" not in adding.view.calls
    adding.page.keep()
    assert reached_at(pair.asks, REQUESTER.id) == "inbox-of-requester"


# ---------------------------------------------------------------- real servers


def test_a_web_server_is_tried_and_a_wrong_password_is_said(pair, nginx):
    folder = nginx.fresh()
    typed = {"server": nginx.url(folder), "user": web.USER, "authority": authority_file(nginx)}
    adding = Adding(pair.requester)
    adding.try_it(StoreKind.WEB, **typed, secret="wrong")
    assert "password" in adding.view.shown["show_error"].what
    adding.try_it(StoreKind.WEB, **typed, secret=web.PASSWORD)
    assert adding.view.shown["show_verdict"][1] is not Tone.BAD
    adding.page.keep()
    assert pair.asks.card.inboxes[0].address == nginx.url(folder)
    assert stores.access_of(pair.asks, nginx.url(folder)).secret == web.PASSWORD
    assert exchanging.exchange(pair.asks).problems == []
    pair.asks.let_go()


def test_a_partners_server_out_of_reach_may_be_kept_for_later(pair):
    adding = Adding(pair.requester, theirs())
    adding.try_it(StoreKind.WEB, server="https://localhost:9", user="office", secret="s")
    assert adding.found[0].tone is Tone.BAD
    assert "offer_untried" in adding.view.calls
    adding.page.keep()
    assert reached_at(pair.asks, SUPPLIER.id) == "https://localhost:9"


@needs_sshd
def test_a_file_servers_key_is_compared_before_anything_is_sent_there(pair):
    adding = Adding(pair.requester)
    with Sshd() as server:
        adding.page.want_key(StoreForm(StoreKind.FILES, {}))
        (server.place / "authorized").write_text(adding.view.shown["show_own_key"] + "\n")
        host = f"127.0.0.1:{server.port}"
        adding.try_it(StoreKind.FILES, server=host, path=str(server.inbox), user="nobody")
        fingerprint, kind = adding.view.shown["ask_host_key"]
        assert fingerprint == server.access.host_keys[0]
        assert "show_verdict" not in adding.view.calls
        adding.page.believe()
        assert adding.view.shown["show_verdict"][1] is not Tone.BAD
        adding.page.keep()
        in_haste = Adding(pair.requester)  # before the line is shown
        in_haste.try_it(StoreKind.FILES, server=host, path=str(server.inbox), user="nobody")
        in_haste.page.believe()
        assert in_haste.view.shown["show_verdict"][1] is not Tone.BAD
    assert kind
    address = pair.asks.card.inboxes[0].address
    assert stores.access_of(pair.asks, address).host_keys == (fingerprint,)


def test_another_way_into_the_same_inbox_is_no_news_for_partners(pair, tmp_path):
    place = str(tmp_path / "inbox")
    said = []
    for _ in range(2):
        adding = Adding(pair.requester)
        adding.try_it(StoreKind.FOLDER, folder=place)
        adding.page.keep()
        said.append((adding.view.shown["show_kept"], pair.asks.card.version))
    (first, version), (second, same) = said
    assert "Your card says so now" in first
    assert second == f"This laptop reaches your inbox at {place}."
    assert same == version


def line_shown(desk, form=None):
    adding = Adding(desk)
    adding.page.want_key(form or StoreForm(StoreKind.FILES, {}))
    return adding.view.shown["show_own_key"]


def test_this_laptops_line_is_the_same_each_time(pair):
    """Its keeper may take days to let it in, and the dialog is closed meanwhile."""
    line = line_shown(pair.requester)
    assert line.startswith("ssh-ed25519 ")
    assert line_shown(pair.requester) == line
    assert store_keys.client_key(pair.asks).line == line
    assert line_shown(pair.supplier) != line


def test_a_key_that_was_given_for_a_place_stays_its_key(pair):
    form = StoreForm(StoreKind.FILES, FILES)
    given = store_keys.make_client_key(ENTROPY)
    stores.keep_store(pair.asks, address_of(form), StoreAccess(user="office", key=given.private))
    assert line_shown(pair.requester, form) == given.line
    assert line_shown(pair.requester) != given.line


def test_a_key_that_cannot_be_read_makes_room_for_a_new_one(pair):
    form = StoreForm(StoreKind.FILES, FILES)
    stores.keep_store(pair.asks, address_of(form), StoreAccess(user="office", key="-----BEGIN"))
    pair.asks.vault.settings.write(store_keys.CLIENT_KEY, b"\xff nonsense")
    line = line_shown(pair.requester, form)
    assert line == line_shown(pair.requester, form)
    assert store_keys.use_client_key(pair.asks, address_of(form)).line == line
    assert store_keys.client_line(stores.access_of(pair.asks, address_of(form))) == line


def authority_file(server):
    path = server.root / "authority.pem"
    path.write_text(server.authority.pem)
    return str(path)


def test_whoever_chose_a_place_need_not_wait_for_the_next_look(pair, tmp_path):
    adding, poked = Adding(pair.requester), []
    deliverer = Deliverer(pair.asks)
    deliverer.controls.listen(lambda *wish: poked.append(wish))
    adding.frame = adding.page._frame = replace(adding.frame, delivering=lambda: deliverer)
    adding.try_it(StoreKind.FOLDER, folder=str(tmp_path / "inbox"))
    assert not poked
    adding.page.keep()
    assert poked


# ---------------------------------------------------------------- what was begun


def begun_by(desk, purpose=None):
    adding = Adding(desk, purpose)
    adding.page.resume()
    return adding.view.shown.get("resume")


def test_what_was_filled_in_and_left_is_there_again_without_its_secrets(pair):
    typed = {**FILES, "secret": "tops3cret", "proxy": "proxy.example:8080", "proxy-secret": "als0", "region": ""}
    Adding(pair.requester).page.remember(StoreForm(StoreKind.FILES, typed))
    again = begun_by(pair.requester)
    assert again == StoreForm(StoreKind.FILES, {**FILES, "proxy": "proxy.example:8080"})
    kept = pair.asks.vault.settings.read(STORE_BEGUN + REQUESTER.id)
    assert b"tops3cret" not in kept
    assert b"als0" not in kept


def test_what_was_begun_is_of_one_inbox_and_goes_when_everything_is_wiped_out(pair):
    Adding(pair.requester).page.remember(StoreForm(StoreKind.WEB, {"server": "https://files.example"}))
    assert begun_by(pair.requester, theirs()) is None
    Adding(pair.requester).page.remember(StoreForm(StoreKind.WEB, {"server": " "}))
    assert begun_by(pair.requester) is None


def test_what_was_begun_beside_another_address_is_not_offered(pair):
    Adding(pair.requester, theirs()).page.remember(StoreForm(StoreKind.FILES, FILES))
    assert begun_by(pair.requester, theirs()) == StoreForm(StoreKind.FILES, FILES)
    assert begun_by(pair.requester, theirs("sftp://files.example/new")) is None


def test_a_kind_of_place_that_a_later_version_knows_is_not_filled_in(pair):
    stores.keep_begun(pair.asks, REQUESTER.id, stores.BegunStore(kind="tape", typed={"reel": "7"}))
    assert begun_by(pair.requester) is None


def test_leaving_a_place_whose_way_in_is_kept_changes_nothing(pair):
    stores.keep_store(pair.asks, "inbox-of-supplier", StoreAccess(user="office"))
    Adding(pair.requester, theirs()).page.remember(StoreForm(StoreKind.FILES, FILES))
    assert begun_by(pair.requester, theirs()) is None


def test_a_place_that_is_tried_is_begun_and_one_that_is_kept_is_not_any_more(pair, tmp_path):
    folder = str(tmp_path / "inbox")
    adding = Adding(pair.requester)
    adding.try_it(StoreKind.FOLDER, folder=folder)
    assert begun_by(pair.requester) == StoreForm(StoreKind.FOLDER, {"folder": folder})
    adding.page.keep()
    assert begun_by(pair.requester) is None


@needs_sshd
def test_the_key_that_was_compared_is_not_compared_again_the_next_day(pair):
    with Sshd() as server:
        typed = {"server": f"127.0.0.1:{server.port}", "path": str(server.inbox), "user": "nobody"}
        first = Adding(pair.requester)
        first.try_it(StoreKind.FILES, **typed)
        first.page.believe()  # refused: the keeper has not let its line in
        first.page.remember(StoreForm(StoreKind.FILES, typed))
        again = Adding(pair.requester)
        again.page.resume()
        again.page.try_it(again.view.shown["resume"])
        assert "ask_host_key" not in again.view.calls
        elsewhere = Adding(pair.requester)
        elsewhere.page.resume()
        elsewhere.try_it(StoreKind.FILES, **{**typed, "server": f"localhost:{server.port}"})
        assert elsewhere.view.shown["ask_host_key"]
