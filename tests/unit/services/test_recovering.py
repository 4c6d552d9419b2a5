from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest

from dsadesk.bundle.card import recipient_of
from dsadesk.bundle.identity import derive, identity_from_seed, seed_to_words
from dsadesk.codec.events import parse_time
from dsadesk.documents.layout import Table, to_tree
from dsadesk.documents.recovery_sheet import recovery_sheet
from dsadesk.domain.ids import OrganisationId, QuestionId
from dsadesk.errors import CardError, DsadeskError, InputError, KeyStoreError, RuleError, WrongKeyError
from dsadesk.host.memory import START, FixedClock, MemorySecretStore
from dsadesk.ports import DeliveryState, KeyStoreState
from dsadesk.services import (
    admitting,
    drafting,
    exchanging,
    keeping_cards,
    keeping_keys,
    recovering,
    reviewing,
    rotating,
    viewing,
)
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.reading import read_event, require_state
from dsadesk.services.session import Profile, Session, World
from dsadesk.services.wrapping_keys import KEYRING, PASSPHRASE, RECOVERY
from tests.support.desks import PASSPHRASE as FIRST
from tests.support.desks import (
    REQUESTER,
    SUPPLIER,
    Pair,
    Stores,
    folder_world,
    memory_world,
    received_request,
    sealed_request,
    second_laptop,
    two_desks,
)

NEW = "a passphrase for the new laptop"


class Words:
    """Both sides' recovery words: what `two_desks` makes, made with the words kept."""

    def __init__(self, world_of: Callable[[str, Stores, FixedClock], World] | None = None) -> None:
        self.by_name: dict[str, str] = {}
        make = world_of or (lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=name))
        self.pair = two_desks(make)
        for name in ("requester", "supplier"):
            # The first thing that a vault draws from its source of randomness is the seed of the words.
            self.by_name[name] = seed_to_words(memory_world(seed=name).entropy.token(32))


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def pair(words: Words) -> Pair:
    return words.pair


def a_new_laptop(pair: Pair, seed: str = "new laptop") -> World:
    return memory_world(stores=pair.stores, clock=pair.clock, seed=seed)


def profile_of(session: Session) -> Profile:
    """What somebody would type: the names, and not the id that the words give."""
    official = msgspec.structs.replace(session.profile.official, id="typed anew")
    return Profile(organisation=session.profile.organisation, official=official)


# ---------------------------------------------------------------- the sheet


def a_sheet(words: list[str] | None = None) -> Any:
    return recovery_sheet(
        words or [f"word{n}" for n in range(1, 25)],
        organisation=REQUESTER,
        official=two_desks().asks.profile.official,
        vault_id="0123456789abcdef",
        made_on=FixedClock().now().date(),
    )


def test_the_sheet_has_the_words_in_their_order_once_each() -> None:
    document = a_sheet()
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    numbered = {int(row[n]): row[n + 1] for row in table.rows for n in (0, 2, 4)}
    assert numbered == {n: f"word{n}" for n in range(1, 25)}


def test_the_sheet_says_whose_it_is_what_for_where_to_keep_it_and_when_and_no_more() -> None:
    tree = str(to_tree(a_sheet()))
    for told in (
        "Priya Shah",
        "Public Health Wales",
        "2 March 2026",
        "01234567",
        "What they are for",
        "Where to keep them",
    ):
        assert told in tree
    assert "0123456789abcdef" not in tree
    assert FIRST not in tree


def test_the_sheet_prints_on_one_tagged_page_and_nothing_is_written_anywhere(tmp_path: Path) -> None:
    clock = FixedClock(START.replace(microsecond=123_456))
    world = folder_world(tmp_path / "vault", stores=Stores(), clock=clock, seed="desk")
    run = keeping_keys.first_run(world, REQUESTER, "Priya Shah", "Analyst", passphrase=FIRST)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    data = recovering.sheet(run.session, run.words)
    assert data.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) == 1
        assert document.Root.MarkInfo.Marked
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    sample = run.words.reveal().split()[0].encode()
    assert all(sample not in path.read_bytes() for path in before)


# ---------------------------------------------------------------- a new laptop with the old files


@pytest.fixture
def folders(tmp_path: Path) -> Words:
    return Words(lambda name, stores, clock: folder_world(tmp_path / name, stores=stores, clock=clock, seed=name))


def copied(folders: Words, tmp_path: Path, seed: str = "new laptop") -> World:
    """The requester's vault, closed, as a copy on another laptop."""
    folders.pair.requester.lock()
    shutil.copytree(tmp_path / "requester", tmp_path / seed)
    folders.pair.requester.unlock_with_passphrase(FIRST)
    return folder_world(tmp_path / seed, stores=folders.pair.stores, clock=folders.pair.clock, seed=seed)


@pytest.mark.parametrize("passphrase", [None, NEW])
def test_a_vault_with_its_files_opens_on_a_new_laptop_in_a_new_way(
    passphrase: str | None, folders: Words, tmp_path: Path
) -> None:
    request = received_request(folders.pair)
    keeping_keys.use_key_store(folders.pair.asks)
    world = copied(folders, tmp_path)
    restored = recovering.restore(world, folders.by_name["requester"], passphrase=passphrase)
    assert restored.with_files
    assert not restored.must_apply
    assert len(viewing.view(restored.session, request).samples) == 1
    restored.session.vault.close()
    kinds = set(keeping_keys.ways_in(world))
    assert kinds == ({RECOVERY, PASSPHRASE, KEYRING} if passphrase is None else {RECOVERY, PASSPHRASE})
    if passphrase is None:
        keeping_keys.unlock_with_key_store(world).vault.close()
    keeping_keys.unlock_with_passphrase(world, passphrase or FIRST).vault.close()


def test_a_restored_laptop_takes_a_device_of_its_own_and_ends_the_old_one(folders: Words, tmp_path: Path) -> None:
    old = folders.pair.asks
    before = old.card
    restored = recovering.restore(copied(folders, tmp_path), folders.by_name["requester"], passphrase=NEW)
    session = restored.session
    assert session.device.device != old.device.device
    assert [entry.device for entry in restored.ended] == [old.device.device]
    card = session.card
    assert card.version > before.version
    assert (card.keys, card.box, card.hybrid) == (before.keys, before.box, before.hybrid)
    ended, fresh = card.official_of(old.device.device), card.official_of(session.device.device)
    assert ended is not None
    assert parse_time(ended.until) == folders.pair.clock.now()
    assert fresh is not None
    assert (fresh.until, fresh.roles, fresh.official) == ("", ended.roles, ended.official)
    session.vault.close()


def test_no_chain_forks_when_the_old_laptop_said_more_after_the_copy_was_made(folders: Words, tmp_path: Path) -> None:
    """The copy does not know what the old laptop sent later. Both speak; nobody sees one place with two contents."""
    pair = folders.pair
    request = received_request(pair)
    world = copied(folders, tmp_path)
    reviewing.remark(pair.asks, request, "Said by the old laptop after the copy.")
    pair.carry()
    pair.clock.advance(60)
    restored = recovering.restore(world, folders.by_name["requester"], passphrase=NEW).session
    reviewing.remark(restored, request, "Said by the new laptop.")
    exchanging.send_all(restored, Exchange())
    done = exchanging.fetch(pair.holds, Exchange())
    assert not done.quarantined
    assert not done.problems
    events = [read_event(stored) for stored in pair.holds.vault.events.of_request(request)]
    places = Counter((event.device, event.seq) for event in events)
    assert max(places.values()) == 1
    state = require_state(pair.holds, request)
    assert not state.faults
    assert {line.event.body.text for line in state.history if hasattr(line.event.body, "text")} >= {
        "Said by the old laptop after the copy.",
        "Said by the new laptop.",
    }

    pair.clock.advance(60)
    reviewing.remark(pair.asks, request, "Said by whoever found the old laptop.")
    exchanging.send_all(pair.asks, Exchange())
    found = exchanging.fetch(pair.holds, Exchange())
    assert [(held.door, held.code) for held in found.quarantined] == [("trust", "signer-left")]
    restored.vault.close()


def test_restoring_twice_from_one_copy_gives_two_devices(folders: Words, tmp_path: Path) -> None:
    devices = set()
    for name in ("one laptop", "another laptop"):
        world = copied(folders, tmp_path, name)
        session = recovering.restore(world, folders.by_name["requester"], passphrase=NEW).session
        devices.add(session.device.device)
        session.vault.close()
    assert len(devices) == 2


def test_restoring_that_cannot_end_changes_nothing(folders: Words, tmp_path: Path) -> None:
    world = copied(folders, tmp_path)
    before = (tmp_path / "new laptop" / "vault.json").read_bytes()
    attempts: list[tuple[type[DsadeskError], Callable[[], object]]] = [
        (WrongKeyError, lambda: recovering.restore(world, folders.by_name["supplier"], passphrase=NEW)),
        (InputError, lambda: recovering.restore(world, folders.by_name["requester"], passphrase="short")),
        (InputError, lambda: recovering.restore(world, "only three words", passphrase=NEW)),
        (
            KeyStoreError,
            lambda: recovering.restore(
                replace(world, secrets=MemorySecretStore(KeyStoreState.NO_BACKEND)),
                folders.by_name["requester"],
                passphrase=None,
            ),
        ),
    ]
    for kind, attempt in attempts:
        with pytest.raises(kind):
            attempt()
    assert (tmp_path / "new laptop" / "vault.json").read_bytes() == before
    session = keeping_keys.unlock_with_passphrase(world, FIRST)
    assert session.device.device == folders.pair.asks.device.device
    session.vault.close()


def test_a_colleague_without_the_organisations_key_restores_and_applies_again(folders: Words, tmp_path: Path) -> None:
    pair = folders.pair
    world = folder_world(tmp_path / "member", stores=pair.stores, clock=pair.clock, seed="member")
    laptop = second_laptop(pair, pair.requester, "Dafydd Rees", world)
    before = laptop.session.device.device
    words = seed_to_words(memory_world(seed="member").entropy.token(32))
    laptop.lock()
    restored = recovering.restore(world, words, passphrase=NEW)
    assert restored.must_apply
    assert restored.session.device.device != before
    given_pass = admitting.admit(pair.asks, admitting.apply(restored.session))
    session = admitting.accept(restored.session, given_pass)
    assert session.card.official_of(session.device.device) is not None
    rotating.remove_official(pair.asks, before)
    session.vault.close()


# ---------------------------------------------------------------- a new laptop with nothing but the words


def restored_from_card(words: Words, name: str = "requester", **given_more: Any) -> Session:
    pair = words.pair
    desk = pair.requester if name == "requester" else pair.supplier
    card = desk.session.card_bytes
    desk.lock()
    result = recovering.restore(a_new_laptop(pair), words.by_name[name], passphrase=NEW, card=card, **given_more)
    assert not result.with_files
    assert not result.must_apply
    return result.session


def test_the_words_and_a_card_bring_back_every_key_but_the_device(words: Words, pair: Pair) -> None:
    old, before = pair.asks, pair.asks.card
    session = restored_from_card(words)
    assert session.organisation is not None
    assert session.organisation.signing.public == before.keys
    assert session.box == before.box
    assert session.require_inbox().hybrid.recipient == recipient_of(before)
    assert session.device.device != old.device.device
    assert session.profile == old.profile
    assert session.card.version > before.version
    assert session.card.inboxes == before.inboxes
    assert [bool(entry.until) for entry in session.card.officials] == [True, False]
    assert keeping_cards.address_of(session, REQUESTER.id) == "inbox-of-requester"


def test_a_rotated_inbox_is_read_again_from_words_and_card(words: Words, pair: Pair) -> None:
    request = sealed_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    rotating.rotate_inbox(pair.holds)
    rotating.rotate_inbox(pair.holds)
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    reviewing.remark(pair.asks, request, "Sealed to the newest key.")
    exchanging.send_all(pair.asks, Exchange())
    session = restored_from_card(words, "supplier")
    done = exchanging.fetch(session, Exchange())
    assert not done.quarantined
    assert {event for taken in done.taken for event in taken.event_types} == {"RequestSubmitted", "RemarkMade"}
    assert len(viewing.view(session, request).samples) == 1


def test_what_lies_in_the_inbox_comes_back_and_partners_give_back_the_rest(words: Words, pair: Pair) -> None:
    request = received_request(pair)
    question = reviewing.ask(pair.holds, request, QuestionId(""), "Which teams?")
    pair.carry()
    reviewing.answer(pair.asks, request, question.id, "Two coastal teams.")
    pair.carry()
    before = require_state(pair.asks, request)
    session = restored_from_card(words)
    exchanging.fetch(session, Exchange())
    held = {event.id for event in map(read_event, session.vault.events.of_request(request))}
    assert question.id in held, "what the supplier said lies in the inbox"

    keeping_cards.import_card(pair.holds, session.card_bytes)
    given_back = recovering.give_back(pair.holds, REQUESTER.id)
    assert given_back.requests == (request,)
    assert given_back.left_out == ()
    exchanging.exchange(pair.holds)
    done = exchanging.fetch(session, Exchange())
    assert not done.quarantined
    after = require_state(session, request)
    assert after.submission == before.submission
    assert [q.answer is not None for q in after.questions] == [True]
    assert len(viewing.view(session, request).samples) == 1
    assert all(line.evidence is not None for line in viewing.history(session, request))


def test_the_conversation_goes_on_from_the_new_laptop(words: Words, pair: Pair) -> None:
    request = received_request(pair, sample=False)
    session = restored_from_card(words)
    keeping_cards.import_card(pair.holds, session.card_bytes)
    recovering.give_back(pair.holds, REQUESTER.id)
    exchanging.exchange(pair.holds)
    exchanging.exchange(session)
    question = reviewing.ask(pair.holds, request, QuestionId(""), "Still there?")
    exchanging.exchange(pair.holds)
    exchanging.exchange(session)
    reviewing.answer(session, request, question.id, "Yes, on a new laptop.")
    for _ in range(2):
        exchanging.exchange(session)
        exchanging.exchange(pair.holds)
    mine, theirs = require_state(session, request), require_state(pair.holds, request)
    assert mine.questions[-1].answer is not None
    assert mine == theirs
    assert not mine.faults


def test_words_alone_bring_back_an_organisation_of_one(words: Words, pair: Pair) -> None:
    """Nobody has our card to give: the first device is derived again, and the version is above all that anybody holds."""
    request = received_request(pair, sample=False)
    old = pair.asks
    profile, before = profile_of(old), old.card
    pair.requester.lock()
    laptop = a_new_laptop(pair)
    result = recovering.restore(laptop, words.by_name["requester"], profile, passphrase=NEW, founder=True)
    session = result.session
    assert [entry.device for entry in result.ended] == [old.device.device]
    assert session.profile.official.id == old.profile.official.id
    assert session.card.version > before.version
    keeping_cards.set_inbox_address(session, "inbox-of-requester")
    keeping_cards.import_card(session, pair.holds.card_bytes)
    keeping_cards.import_card(pair.holds, session.card_bytes)
    recovering.give_back(pair.holds, REQUESTER.id)
    exchanging.exchange(pair.holds)
    done = exchanging.exchange(session)
    assert not done.quarantined
    assert all(line.evidence is not None for line in viewing.history(session, request))
    drafting.start(session, title="The next one")


def test_words_alone_do_not_make_partners_forget_colleagues(words: Words, pair: Pair) -> None:
    """A card made without knowing of colleagues is refused, so somebody who has our card has to give it back first."""
    second_laptop(pair, pair.requester, "Dafydd Rees")
    keeping_cards.import_card(pair.holds, pair.asks.card_bytes)
    profile = profile_of(pair.asks)
    pair.requester.lock()
    laptop = a_new_laptop(pair)
    session = recovering.restore(laptop, words.by_name["requester"], profile, passphrase=NEW, founder=True).session
    with pytest.raises(CardError, match="card-forgets"):
        keeping_cards.import_card(pair.holds, session.card_bytes)
    held = pair.holds.vault.cards.get(REQUESTER.id)
    assert held is not None
    again = recovering.restore(
        a_new_laptop(pair, "third"), words.by_name["requester"], passphrase=NEW, card=held.envelope
    ).session
    assert keeping_cards.import_card(pair.holds, again.card_bytes).version == again.card.version
    assert [entry.official.name for entry in again.card.officials if not entry.until] == ["Dafydd Rees", "Priya Shah"]


def test_a_second_restoring_ends_the_first(words: Words, pair: Pair) -> None:
    first = restored_from_card(words)
    pair.clock.advance(1)
    second = recovering.restore(
        a_new_laptop(pair, "third"), words.by_name["requester"], passphrase=NEW, card=first.card_bytes
    )
    assert [entry.device for entry in second.ended] == [first.device.device]
    assert second.session.card.version > first.card.version
    assert len(second.session.card.officials) == 3
    keeping_cards.import_card(pair.holds, first.card_bytes)
    keeping_cards.import_card(pair.holds, second.session.card_bytes)


def test_a_colleagues_words_bring_back_a_vault_that_has_to_be_let_in(words: Words, pair: Pair) -> None:
    second_laptop(pair, pair.requester, "Dafydd Rees")
    member = seed_to_words(memory_world(seed="Dafydd Rees").entropy.token(32))
    result = recovering.restore(a_new_laptop(pair), member, passphrase=NEW, card=pair.asks.card_bytes)
    assert result.must_apply
    assert result.session.profile.official.name == "Dafydd Rees"
    assert result.session.organisation is None
    assert result.session.inbox is None


@pytest.mark.parametrize("founder", [False, True])
def test_a_colleague_never_makes_a_key_in_the_organisations_name(founder: bool, words: Words, pair: Pair) -> None:
    """Partners would see a changed key. The card decides, also against what somebody claims."""
    laptop = second_laptop(pair, pair.requester, "Dafydd Rees")
    profile, world = profile_of(laptop.session), a_new_laptop(pair)
    member = seed_to_words(memory_world(seed="Dafydd Rees").entropy.token(32))
    with pytest.raises(InputError, match="founder-or-card"):
        recovering.restore(world, member, profile, passphrase=NEW)
    assert not world.place.exists()
    result = recovering.restore(world, member, profile, passphrase=NEW, card=pair.asks.card_bytes, founder=founder)
    assert (result.must_apply, result.session.organisation) == (True, None)


def test_words_and_a_card_that_do_not_belong_together_make_nothing(words: Words, pair: Pair) -> None:
    world = a_new_laptop(pair)
    attempts: list[tuple[str, Callable[[], object]]] = [
        ("words-not-of-card", lambda: recovering.restore(
            world, words.by_name["requester"], passphrase=NEW, card=pair.holds.card_bytes)),
        ("words-not-of-card", lambda: recovering.restore(
            world, seed_to_words(bytes(32)), profile_of(pair.asks), passphrase=NEW, card=pair.asks.card_bytes)),
        ("other-organisation", lambda: recovering.restore(
            world, words.by_name["requester"], profile_of(pair.holds), passphrase=NEW, card=pair.asks.card_bytes)),
        ("founder-or-card", lambda: recovering.restore(
            world, words.by_name["requester"], profile_of(pair.asks), passphrase=NEW)),
        ("name-missing", lambda: recovering.restore(world, words.by_name["requester"], passphrase=NEW, founder=True)),
        ("card-unreadable", lambda: recovering.restore(
            world, words.by_name["requester"], passphrase=NEW, card=b"not a card")),
    ]  # fmt: skip
    for code, attempt in attempts:
        with pytest.raises((InputError, RuleError), match=code):
            attempt()
    assert not world.place.exists()


def test_restored_with_the_key_store_the_vault_opens_by_it(words: Words, pair: Pair) -> None:
    world, card = a_new_laptop(pair), pair.asks.card_bytes
    result = recovering.restore(world, words.by_name["requester"], passphrase=None, card=card)
    result.session.vault.close()
    session = keeping_keys.unlock_with_key_store(world)
    assert session.device.device == result.session.device.device
    session.vault.close()
    keeping_keys.unlock_with_words(world, words.by_name["requester"]).vault.close()


# ---------------------------------------------------------------- giving back


def test_giving_back_leaves_others_requests_alone(pair: Pair) -> None:
    received_request(pair, sample=False)
    assert recovering.give_back(pair.holds, OrganisationId("hm-treasury")).requests == ()
    count = len(pair.holds.vault.outbox.all())
    assert recovering.give_back(pair.holds, REQUESTER.id).requests
    assert len(pair.holds.vault.outbox.all()) == count + 1


def test_giving_back_twice_changes_nothing_on_the_other_side(pair: Pair) -> None:
    request = received_request(pair)
    before = viewing.history_digest(pair.asks, request)
    for _ in range(2):
        recovering.give_back(pair.holds, REQUESTER.id)
    pair.carry()
    assert viewing.history_digest(pair.asks, request) == before
    assert not pair.asks.vault.inbox.quarantined()


def test_a_request_whose_sample_is_gone_is_named_and_stops_no_other(pair: Pair) -> None:
    without, kept = received_request(pair), received_request(pair, sample=False)
    pair.holds.vault.samples.remove(without, 1)
    given_back = recovering.give_back(pair.holds, REQUESTER.id)
    assert (given_back.requests, given_back.left_out) == ((kept,), (without,))


def test_a_partner_with_a_new_key_gets_what_waited_for_the_old_one(pair: Pair) -> None:
    """Their own laptop and words are gone for good. What we had sealed for the old key, nobody can open any more."""
    request = sealed_request(pair)
    other = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="new key"))
    other.first_run(SUPPLIER, "Gwen Ellis", "Information asset owner", passphrase=FIRST)
    keeping_cards.set_inbox_address(other.session, "inbox-of-supplier")
    with pytest.raises(CardError, match="card-key-changed"):
        keeping_cards.import_card(pair.asks, other.session.card_bytes)
    rotating.accept_new_key(pair.asks, other.session.card_bytes, "in-person")
    recovering.give_back(pair.asks, SUPPLIER.id)
    states = [item.state for item in viewing.view(pair.asks, request).deliveries]
    assert states == [DeliveryState.CANCELLED, DeliveryState.QUEUED]
    keeping_cards.import_card(other.session, pair.asks.card_bytes)
    exchanging.exchange(pair.asks)
    done = exchanging.fetch(other.session, Exchange())
    assert not done.quarantined
    assert len(viewing.view(other.session, request).samples) == 1


def test_what_is_derived_from_the_words_never_changes() -> None:
    """Sheets lie in safes for years: these are promises."""
    seed = bytes(range(32))
    assert seed_to_words(seed).split()[:3] == ["abandon", "amount", "liar"]
    organisation = derive(seed, "organisation")
    assert derive(seed, "device").hex()[:16] == "eb8fd41930104086"
    assert organisation.hex()[:16] == "a84a19fb86c1629f"
    assert derive(seed, "inbox").hex()[:16] == "88984a876dd93117"
    assert rotating.inbox_seed(organisation, 1).hex()[:16] == "69b771403e3157f5"
    assert keeping_keys.person_of(seed) == "b1944de23f647859e6e4fbd0c32db489"
    assert identity_from_seed(seed).device == "32465e3b4a12d85e5b6e7337dcd82b64"
