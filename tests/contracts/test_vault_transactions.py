"""What every vault promises about changes that happen together, and about its place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.domain.ids import BundleId, QuestionId
from dsadesk.errors import (
    RuleError,
    StoreError,
    VaultBusyError,
    VaultMissingError,
    WrongKeyError,
)
from dsadesk.ports import ChainHead, Vault, VaultPlace
from tests.unit.storage.examples import (
    ADAPTERS,
    AT,
    BOX,
    DEVICE,
    KEY,
    OTHER_KEY,
    REQUEST,
    SUPPLIER,
    card,
    draft,
    event,
    failed_bundle,
    header,
    keep_object,
    make_place,
    new_vault,
    outbox_item,
    row,
    sample,
)


class UnexpectedError(Exception):
    pass


@contextlib.contextmanager
def failing_at_its_end(vault: Vault) -> Iterator[None]:
    with contextlib.suppress(UnexpectedError), vault.transaction():
        yield
        raise UnexpectedError


@pytest.fixture(params=ADAPTERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    with new_vault(request.param, tmp_path / "vault") as made:
        yield made


@pytest.fixture(params=ADAPTERS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> VaultPlace:
    return make_place(request.param, tmp_path / "vault")


def change_everything(vault: Vault) -> None:
    vault.events.append((event(1),))
    vault.drafts.put(draft())
    vault.drafts.save_answer(REQUEST, QuestionId("title"), "Floods", AT)
    vault.samples.put(sample(keep_object(vault)))
    vault.outbox.put(outbox_item())
    vault.inbox.mark_seen(BundleId("in-1"), SUPPLIER, AT)
    vault.inbox.mark_looked_at(BOX, "c/1", AT)
    vault.inbox.move_chain_head(BOX, DEVICE, ChainHead(seq=1, manifest_sha256="m"))
    vault.inbox.quarantine(failed_bundle(), b"content")
    vault.cards.put(card())
    vault.settings.write("profile", b"value")
    vault.projections.put(row(1))


def everything(vault: Vault) -> list[object]:
    return [
        tuple(vault.events.all()),
        vault.events.head(),
        vault.drafts.all(),
        vault.drafts.answers(REQUEST),
        vault.drafts.revisions(REQUEST),
        vault.samples.of_request(REQUEST),
        vault.outbox.all(),
        vault.inbox.has_seen(BundleId("in-1")),
        vault.inbox.has_looked_at(BOX, "c/1"),
        vault.inbox.chain_head(BOX, DEVICE),
        vault.inbox.quarantined(),
        vault.cards.all(),
        vault.settings.read("profile"),
        vault.projections.ids(search="flood"),
    ]


def test_what_happens_in_a_transaction_stays(vault: Vault) -> None:
    with vault.transaction():
        change_everything(vault)
    assert all(everything(vault))


def test_a_transaction_that_fails_leaves_everything_as_it_was(vault: Vault) -> None:
    empty = everything(vault)
    with failing_at_its_end(vault):
        change_everything(vault)
        assert all(everything(vault))
    assert everything(vault) == empty


def test_changes_of_what_was_there_are_undone_too(vault: Vault) -> None:
    change_everything(vault)
    before = everything(vault)
    with failing_at_its_end(vault):
        vault.drafts.save_answer(REQUEST, QuestionId("title"), "Other", AT)
        vault.drafts.discard(REQUEST)
        vault.samples.remove(REQUEST, 1)
        vault.cards.flag_change(SUPPLIER, "other")
        vault.settings.remove("profile")
        vault.projections.remove(row(1).request)
    assert everything(vault) == before


def test_nested_transactions_join_the_outer_one(vault: Vault) -> None:
    with failing_at_its_end(vault), vault.transaction():
        change_everything(vault)
    assert not any(everything(vault))


def test_a_nested_transaction_that_fails_undoes_itself_alone(vault: Vault) -> None:
    with vault.transaction():
        vault.settings.write("outer", b"kept")
        with failing_at_its_end(vault):
            change_everything(vault)
            with vault.transaction():
                vault.settings.write("inner", b"gone")
        vault.settings.write("after", b"kept")
    assert not any(everything(vault))
    assert (vault.settings.read("outer"), vault.settings.read("inner")) == (b"kept", None)
    assert vault.settings.read("after") == b"kept"


def test_a_vault_can_be_used_after_a_transaction_failed(vault: Vault) -> None:
    with pytest.raises(RuleError), vault.transaction():
        vault.drafts.save_answer(REQUEST, QuestionId("title"), "no draft", AT)
    change_everything(vault)
    assert all(everything(vault))


def test_objects_and_the_catalogue_stand_outside_transactions(vault: Vault) -> None:
    with failing_at_its_end(vault):
        name = keep_object(vault)
    assert vault.objects.has(name)


def test_a_place_without_a_vault_says_so(place: VaultPlace) -> None:
    assert not place.exists()
    for ask in (place.header, lambda: place.open(KEY), lambda: place.write_header(header())):
        with pytest.raises(VaultMissingError):
            ask()


def test_what_was_kept_is_there_when_the_vault_is_opened_again(place: VaultPlace) -> None:
    first = place.create(header(), KEY)
    change_everything(first)
    before = everything(first)
    first.close()
    first.close()
    again = place.open(KEY)
    assert everything(again) == before
    assert again.id == "vault-1"
    assert again.folder == place.folder
    again.close()


def test_the_header_comes_back_and_can_be_replaced(place: VaultPlace) -> None:
    place.create(header(), KEY).close()
    assert place.exists()
    assert place.header() == header()
    place.write_header(header(wraps=(), backend="other"))
    assert place.header() == header(wraps=(), backend="other")
    place.open(KEY).close()


def test_the_header_of_another_vault_is_refused(place: VaultPlace) -> None:
    place.create(header(), KEY).close()
    with pytest.raises(RuleError) as caught:
        place.write_header(header("vault-2"))
    assert caught.value.code == "other-vault"
    place.open(KEY).close()


def test_a_vault_is_not_made_over_another(place: VaultPlace) -> None:
    place.create(header(), KEY).close()
    with pytest.raises(RuleError) as caught:
        place.create(header("vault-2"), OTHER_KEY)
    assert caught.value.code == "vault-exists"
    place.open(KEY).close()


def test_a_wrong_key_is_refused_and_the_right_one_still_opens(place: VaultPlace) -> None:
    place.create(header(), KEY).close()
    with pytest.raises(WrongKeyError) as caught:
        place.open(OTHER_KEY)
    assert caught.value.code == "wrong-key"
    place.open(KEY).close()


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_a_key_of_another_length_is_refused_when_making_and_when_opening(place: VaultPlace, size: int) -> None:
    with pytest.raises(WrongKeyError) as caught:
        place.create(header(), bytes(size))
    assert caught.value.code == "key-length"
    assert not place.exists()
    place.create(header(), KEY).close()
    with pytest.raises(WrongKeyError) as caught:
        place.open(KEY[:size] if size < 32 else KEY + bytes(size - 32))
    assert caught.value.code == "key-length"


def test_an_open_vault_cannot_be_opened_again_or_set_aside(place: VaultPlace) -> None:
    first = place.create(header(), KEY)
    with pytest.raises(VaultBusyError):
        place.open(KEY)
    with pytest.raises(VaultBusyError):
        place.set_aside("old")
    first.close()
    place.open(KEY).close()


def test_a_vault_that_is_set_aside_makes_room_for_a_new_one(place: VaultPlace) -> None:
    assert place.set_aside("2026-03-02") is None
    for n in (1, 2):
        place.create(header(f"vault-{n}"), KEY).close()
        place.set_aside("2026-03-02")
        assert not place.exists()
    place.create(header("vault-3"), OTHER_KEY).close()


def test_a_fresh_vault_has_no_problems(vault: Vault) -> None:
    assert vault.check() == ()


def test_a_backup_goes_where_it_can_or_is_refused(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        vault.backup(tmp_path / "absent" / "backup")
    assert not (tmp_path / "absent").exists()
