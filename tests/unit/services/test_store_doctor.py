from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dsadesk import bootstrap
from dsadesk.errors import RuleError, StoreReadOnlyError, StoreRefusedError, StoreUnreachableError
from dsadesk.host.entropy import SystemEntropy
from dsadesk.ports import NO_ACCESS, StoreAccess, Transport
from dsadesk.services import keeping_cards, sending, store_checks, store_doctor, stores
from dsadesk.services.session import Session
from dsadesk.services.store_findings import Diagnosis, Level
from dsadesk.services.wording.stores import LEVEL_WORDS, VERDICTS, finding_sentences
from dsadesk.transports.folder import FolderTransport
from dsadesk.transports.memory import LossyTransport, MemoryTransport
from dsadesk.transports.recorded import RecordedTransport
from tests.support.desks import SUPPLIER, Pair, memory_world, two_desks
from tests.support.servers.buckets import new_address
from tests.support.servers.sshd import Sshd
from tests.support.servers.sshd import why_not as sshd_is_missing
from tests.support.servers.web import WebServer

ADDRESS = "store-of-a-test"
MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def levels(found: Diagnosis) -> dict[str, Level]:
    return {finding.about: finding.level for finding in found.findings}


def tried(store: Transport, *, own: bool = True) -> tuple[Session, Diagnosis]:
    pair = two_desks()
    pair.stores.by_address[ADDRESS] = store
    if own:
        keeping_cards.set_inbox_address(pair.asks, ADDRESS)
    else:
        keeping_cards.set_partner_address(pair.asks, pair.holds.profile.organisation.id, ADDRESS)
    return pair.asks, store_doctor.examine(pair.asks, ADDRESS)


# ---------------------------------------------------------------- sound stores


def real_world(name: str, stores_: object, clock: object):
    return memory_world(stores=stores_, clock=clock, seed=name, open_transport=bootstrap.open_transport)


@pytest.fixture
def pair() -> Pair:
    return two_desks(real_world)


def nginx_store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, StoreAccess]:
    server: WebServer = request.getfixturevalue("nginx")
    return server.url(server.fresh()), server.access


def apache_store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, StoreAccess]:
    server: WebServer = request.getfixturevalue("apache")
    return server.url(server.fresh()), server.access


def swift_store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, StoreAccess]:
    server = request.getfixturevalue("swift_server")
    return new_address(server), server.access


def rclone_store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, StoreAccess]:
    server = request.getfixturevalue("rclone_server")
    return new_address(server), server.access


def sftp_store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, StoreAccess]:
    server: Sshd = request.getfixturevalue("sshd")
    server.folder("doctor")
    return server.address("doctor"), server.access


def folder_store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, StoreAccess]:
    return str(tmp_path), NO_ACCESS


@pytest.fixture(scope="module")
def sshd() -> Iterator[Sshd]:
    if sshd_is_missing():
        pytest.skip(sshd_is_missing())
    with Sshd() as server:
        yield server


@pytest.mark.parametrize(
    "make",
    [folder_store, nginx_store, apache_store, swift_store, rclone_store, sftp_store],
    ids=lambda make: make.__name__,
)
def test_every_kind_of_store_is_tried_and_what_it_does_is_told(
    make: Callable[[pytest.FixtureRequest, Path], tuple[str, StoreAccess]],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    pair: Pair,
):
    address, access = make(request, tmp_path)
    bootstrap.prepare_store(address, pair.clock, SystemEntropy(), access).close()
    stores.keep_store(pair.asks, address, access)
    keeping_cards.set_inbox_address(pair.asks, address)
    for _ in range(2):
        found = store_doctor.examine(pair.asks, address)
        told = levels(found)
        # The clock of these desks stands in March, so a server's is far off.
        assert told.pop("clock", Level.BEARABLE) is Level.BEARABLE
        if make is rclone_store:
            assert told.pop("other-bytes") is Level.BEARABLE
        assert {about: level for about, level in told.items() if level is not Level.FINE} == {}
        assert set(told) >= {"marker", "put", "get", "again", "second-look", "list", "poll", "cut", "delete"}
        assert ("room" in told) == (make in {folder_store, sftp_store})
        assert found.store_id
    left = pair.asks.world.open_transport(address, "", stores.access_of(pair.asks, address))
    assert left.list("") == ()
    left.close()


def test_a_store_is_tried_before_it_is_trusted_and_each_week(tmp_path: Path, pair: Pair):
    FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    address = str(tmp_path)
    found = store_doctor.try_out(pair.asks, address, NO_ACCESS)
    assert found.level is Level.FINE
    assert address not in [store.address for store in stores.known_stores(pair.asks)]
    assert store_checks.last_check(pair.asks, address) is None
    stores.keep_store(pair.asks, address, NO_ACCESS, found.store_id)
    store_checks.keep_check(pair.asks, found)
    assert address not in store_checks.due_stores(pair.asks)
    pair.clock.advance(timedelta(days=7).total_seconds())
    assert address in store_checks.due_stores(pair.asks)
    store_doctor.examine(pair.asks, address)
    assert address not in store_checks.due_stores(pair.asks)


# ---------------------------------------------------------------- stores that fall short


class ReadOnly(MemoryTransport):
    def put(self, name: str, data: bytes) -> None:
        raise StoreReadOnlyError("store-read-only", address=ADDRESS)


class Garbling(MemoryTransport):
    def get(self, name: str, limit: int) -> bytes:
        return super().get(name, limit)[::-1]


class Overwriting(MemoryTransport):
    def put(self, name: str, data: bytes) -> None:
        self._objects[name] = data


class Once(MemoryTransport):
    """Refuses the same bytes again."""

    def put(self, name: str, data: bytes) -> None:
        if name in self._objects:
            raise StoreRefusedError("name-taken", name=name)
        super().put(name, data)


class Unsorted(MemoryTransport):
    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        return super().list(prefix, "")[::-1]


class Blind(MemoryTransport):
    """Its poll shows nothing."""

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        return (), cursor


class Keeping(MemoryTransport):
    def delete(self, name: str) -> None:
        raise StoreReadOnlyError("store-read-only", address=ADDRESS)


class Cramped(MemoryTransport):
    def __init__(self, room: int | None = 3 * 1024 * 1024) -> None:
        super().__init__()
        self._room = room

    def room(self) -> int | None:
        return self._room


class Dropbox(MemoryTransport):
    """A place to leave things and see nothing."""

    def get(self, name: str, limit: int) -> bytes:
        raise StoreRefusedError("access-refused", address=ADDRESS)

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        raise StoreRefusedError("access-refused", address=ADDRESS)


@pytest.mark.parametrize(
    ("store", "about", "level"),
    [
        (ReadOnly(), "put", Level.UNUSABLE), (Garbling(), "get", Level.UNUSABLE), (Overwriting(), "other-bytes", Level.BEARABLE),
        (Once(), "again", Level.UNUSABLE), (Unsorted(), "list", Level.UNUSABLE), (Blind(), "poll", Level.BEARABLE),
        (Keeping(), "delete", Level.BEARABLE), (Dropbox(), "list", Level.UNUSABLE), (Cramped(), "room", Level.BEARABLE),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_a_store_does_not_do_is_found(store: Transport, about: str, level: Level):
    _, found = tried(store)
    assert levels(found)[about] is level
    assert found.level is level
    sound = {each.about for each in found.findings if each.level is Level.FINE}
    assert about not in sound


def test_a_place_that_only_takes_things_will_do_for_somebody_elses_inbox():
    _, found = tried(Dropbox(), own=False)
    assert found.level is Level.BEARABLE


@pytest.mark.parametrize(
    ("ahead", "level"), [(4, Level.FINE), (-4, Level.FINE), (6, Level.BEARABLE), (-60 * 24 * 400, Level.BEARABLE)]
)
def test_a_clock_that_is_more_than_five_minutes_off_is_told(ahead: int, level: Level):
    pair = two_desks()
    theirs = pair.clock.now() - timedelta(minutes=ahead)
    pair.stores.by_address[ADDRESS] = MemoryTransport(ADDRESS, now=lambda: theirs)
    found = store_doctor.examine(pair.asks, ADDRESS)
    finding = next(each for each in found.findings if each.about == "clock")
    assert (finding.level, finding.minutes) == (level, ahead)
    said = finding_sentences(finding)[0]
    if level is Level.BEARABLE:
        assert ("6 minutes ahead" in said) if ahead > 0 else ("400 days behind" in said)


def test_a_store_that_is_not_there_is_told_and_nothing_more_is_tried():
    gone = MemoryTransport()
    gone.problem = StoreUnreachableError("connection-refused", address=ADDRESS)
    recorded = RecordedTransport(gone)
    _, found = tried(recorded)
    assert [each.about for each in found.findings] == ["marker"]
    assert found.level is Level.UNUSABLE
    assert "put" not in {call.method for call in recorded.calls}
    assert "no store answers" in " ".join(finding_sentences(found.findings[0]))


@pytest.mark.parametrize(("room", "level"), [(None, None), (10**9, Level.FINE), (0, Level.BEARABLE)])
def test_little_room_is_told_where_it_is_known(room: int | None, level: Level | None):
    _, found = tried(Cramped(room))
    assert levels(found).get("room") is level


def test_what_a_cut_off_writer_left_a_week_ago_is_removed_from_our_own_inbox(tmp_path: Path, pair: Pair):
    address = str(tmp_path / "inbox")
    bootstrap.prepare_store(address, pair.clock, SystemEntropy()).close()
    keeping_cards.set_inbox_address(pair.asks, address)
    old, new = (tmp_path / "inbox/dsa1" / f".tmp-{name}-0123456789abcdef" for name in ("00000001", "00000002"))
    for path, days in ((old, 8), (new, 6)):
        path.write_bytes(b"half")
        then = (pair.clock.now() - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    assert store_doctor.examine(pair.asks, address).level is Level.FINE
    assert not old.exists()
    assert new.exists()


def test_a_store_that_hides_what_was_written_is_found():
    class Hiding(LossyTransport):
        def put(self, name: str, data: bytes) -> None:
            super().put(name, data)
            self.hidden.add(name)

    _, found = tried(Hiding(MemoryTransport()))
    assert found.level is Level.UNUSABLE


def test_every_finding_has_its_words():
    for store in (
        MemoryTransport(),
        ReadOnly(),
        Garbling(),
        Overwriting(),
        Once(),
        Unsorted(),
        Blind(),
        Keeping(),
        Dropbox(),
    ):
        for own in (True, False):
            _, found = tried(store, own=own)
            assert VERDICTS[found.level.value]
            for finding in found.findings:
                assert LEVEL_WORDS[finding.level.value]
                for sentence in finding_sentences(finding):
                    assert sentence.endswith("."), sentence
                    assert len(sentence.split()) <= 27, sentence


# ---------------------------------------------------------------- how to get in


def test_how_to_get_in_is_kept_by_address_and_shown_without_secrets(pair: Pair):
    access = StoreAccess(user="me", secret="pass-word", proxy=stores.proxy_with_login("http://p:1", "me", "a:b@c"))
    assert access.proxy == "http://me:a%3Ab%40c@p:1"
    stores.keep_store(pair.asks, "https://store.example/x/", access, "store-0001")
    assert stores.access_of(pair.asks, "https://store.example/x") == access
    assert stores.access_of(pair.asks, "https://store.example/y") == NO_ACCESS
    known = next(each for each in stores.known_stores(pair.asks) if each.address == "https://store.example/x")
    assert (known.user, known.has_secret) == ("me", True)
    assert "pass-word" not in repr(known)
    stores.forget_store(pair.asks, "https://store.example/x")
    assert stores.access_of(pair.asks, "https://store.example/x") == NO_ACCESS
    with pytest.raises(RuleError) as caught:
        stores.forget_store(pair.asks, "https://store.example/x")
    assert caught.value.code == "no-such-store"


def test_the_way_to_a_store_is_what_was_kept_for_its_address(pair: Pair):
    access = StoreAccess(user="me", secret="pass-word")
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, ADDRESS)
    stranger = sending.route_to(pair.asks, SUPPLIER.id)
    assert (stranger.expected_id, stranger.access, stranger.is_known) == ("", NO_ACCESS, False)
    stores.keep_store(pair.asks, ADDRESS, access, "store-0001")
    route = sending.route_to(pair.asks, SUPPLIER.id)
    assert (route.address, route.expected_id, route.access, route.is_known) == (ADDRESS, "store-0001", access, True)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://a.example/x", "webdav"), ("http://localhost/x", "webdav"), ("s3+https://a.example/b", "s3"),
        ("sftp://me@a.example/x", "sftp"), (r"\\server\share", "folder"), ("/media/stick", "folder"),
    ],
)  # fmt: skip
def test_the_kind_of_an_inbox_on_a_card_follows_its_address(address: str, kind: str, pair: Pair):
    card = keeping_cards.set_inbox_address(pair.asks, address)
    assert (card.inboxes[0].kind, card.inboxes[0].address) == (kind, address)
