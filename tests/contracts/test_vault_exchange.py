"""What every vault promises about bundles on their way out and bundles that came in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dsadesk.domain.ids import BoxId, BundleId, DeviceId
from dsadesk.errors import RuleError
from dsadesk.ports import ChainHead, DeliveryState, SentPart, Vault
from tests.unit.storage.examples import (
    ADAPTERS,
    AT,
    BOX,
    DEVICE,
    OTHER_REQUEST,
    REQUEST,
    SUPPLIER,
    digest,
    failed_bundle,
    later,
    new_vault,
    outbox_item,
)

OTHER_BOX = BoxId("box-2")
FIRST = outbox_item(1)


@pytest.fixture(params=ADAPTERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    with new_vault(request.param, tmp_path / "vault") as made:
        yield made


def part(n: int, offset: int) -> SentPart:
    return SentPart(n=n, offset=offset, length=5, sha256=digest("part"), name=f"p/{n}-{offset}")


def test_an_item_comes_back_as_it_went_in(vault: Vault) -> None:
    full = outbox_item(
        2, request=None, attempts=3, problem="store-full", commit_name="c/1", commit=b"c", parts=(part(0, 0),)
    )
    vault.outbox.put(FIRST)
    vault.outbox.put(full)
    assert vault.outbox.get(FIRST.id, BOX) == FIRST
    assert vault.outbox.get(FIRST.id, OTHER_BOX) is None
    assert vault.outbox.all() == (FIRST, full)
    assert vault.outbox.bundles_of_request(REQUEST) == (FIRST,)
    assert vault.outbox.bundles_of_request(OTHER_REQUEST) == ()


def test_one_bundle_for_two_boxes_is_two_items(vault: Vault) -> None:
    vault.outbox.put(FIRST)
    vault.outbox.put(outbox_item(1, OTHER_BOX))
    vault.outbox.mark(FIRST.id, OTHER_BOX, DeliveryState.DELIVERED, AT)
    assert [item.state for item in vault.outbox.all()] == [DeliveryState.QUEUED, DeliveryState.DELIVERED]


def test_an_item_that_is_journalled_again_keeps_its_state(vault: Vault) -> None:
    vault.outbox.put(FIRST)
    vault.outbox.mark(FIRST.id, BOX, DeliveryState.COMMITTED, later(1))
    vault.outbox.put(FIRST)
    assert [item.state for item in vault.outbox.all()] == [DeliveryState.COMMITTED]


def test_an_item_with_other_bytes_than_the_journalled_one_is_refused(vault: Vault) -> None:
    vault.outbox.put(FIRST)
    with pytest.raises(RuleError) as caught:
        vault.outbox.put(replace(FIRST, sealed=b"something else"))
    assert caught.value.code == "outbox-item-differs"
    assert vault.outbox.all() == (FIRST,)


def test_unfinished_items_are_those_still_to_be_committed_oldest_first(vault: Vault) -> None:
    for n, state in enumerate(DeliveryState, 1):
        vault.outbox.put(outbox_item(n))
        vault.outbox.mark(BundleId(f"bundle-{n}"), BOX, state, AT)
    unfinished = [item.state for item in vault.outbox.unfinished()]
    assert unfinished == [DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED]


def test_acknowledged_parts_are_kept_in_order_and_once(vault: Vault) -> None:
    vault.outbox.put(FIRST)
    for each in (part(1, 0), part(0, 5), part(0, 0), part(0, 5)):
        vault.outbox.record_part(FIRST.id, BOX, each)
    item = vault.outbox.get(FIRST.id, BOX)
    assert item is not None
    assert item.parts == (part(0, 0), part(0, 5), part(1, 0))


def test_a_commit_is_fixed_once(vault: Vault) -> None:
    vault.outbox.put(FIRST)
    vault.outbox.fix_commit(FIRST.id, BOX, "c/1", b"commit")
    vault.outbox.fix_commit(FIRST.id, BOX, "c/1", b"commit")
    for name, commit in (("c/2", b"commit"), ("c/1", b"other")):
        with pytest.raises(RuleError) as caught:
            vault.outbox.fix_commit(FIRST.id, BOX, name, commit)
        assert caught.value.code == "commit-fixed"
    item = vault.outbox.get(FIRST.id, BOX)
    assert item is not None
    assert (item.commit_name, item.commit) == ("c/1", b"commit")


def test_moving_to_sending_counts_an_attempt_and_other_moves_do_not(vault: Vault) -> None:
    vault.outbox.put(FIRST)
    for n, state in enumerate((DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.SENDING), 1):
        vault.outbox.mark(FIRST.id, BOX, state, later(n), "store-unreachable" if n == 2 else "")
    item = vault.outbox.get(FIRST.id, BOX)
    assert item is not None
    assert (item.attempts, item.state, item.changed_at, item.problem) == (2, DeliveryState.SENDING, later(3), "")


def test_an_item_that_is_not_there_cannot_be_changed(vault: Vault) -> None:
    for change in (
        lambda: vault.outbox.record_part(FIRST.id, BOX, part(0, 0)),
        lambda: vault.outbox.fix_commit(FIRST.id, BOX, "c/1", b"commit"),
        lambda: vault.outbox.mark(FIRST.id, BOX, DeliveryState.SENDING, AT),
    ):
        with pytest.raises(RuleError) as caught:
            change()
        assert caught.value.code == "no-such-outbox-item"


def test_a_bundle_is_seen_for_ever(vault: Vault) -> None:
    bundle = BundleId("in-1")
    assert not vault.inbox.has_seen(bundle)
    vault.inbox.mark_seen(bundle, SUPPLIER, AT)
    vault.inbox.mark_seen(bundle, SUPPLIER, later(1))
    assert vault.inbox.has_seen(bundle)


def test_a_commits_name_is_remembered_by_box(vault: Vault) -> None:
    vault.inbox.mark_looked_at(BOX, "c/1", AT)
    vault.inbox.mark_looked_at(BOX, "c/1", AT)
    assert vault.inbox.has_looked_at(BOX, "c/1")
    assert not vault.inbox.has_looked_at(OTHER_BOX, "c/1")
    assert not vault.inbox.has_looked_at(BOX, "c/2")


def test_a_chain_head_moves(vault: Vault) -> None:
    assert vault.inbox.chain_head(BOX, DEVICE) is None
    for seq in (1, 2):
        vault.inbox.move_chain_head(BOX, DEVICE, ChainHead(seq=seq, manifest_sha256=digest(str(seq))))
    assert vault.inbox.chain_head(BOX, DEVICE) == ChainHead(seq=2, manifest_sha256=digest("2"))
    assert vault.inbox.chain_head(BOX, DeviceId("device-2")) is None


def test_failed_bundles_come_back_with_their_evidence_newest_first(vault: Vault) -> None:
    older, newer = failed_bundle(1), failed_bundle(2, at=later(60), fields={})
    vault.inbox.quarantine(older, b"content")
    vault.inbox.quarantine(newer, b"other content")
    assert vault.inbox.quarantined() == (newer, older)


def test_the_same_failed_bundle_twice_is_one_record_the_first(vault: Vault) -> None:
    vault.inbox.quarantine(failed_bundle(), b"content")
    vault.inbox.quarantine(failed_bundle(code="other", at=later(5)), b"content")
    assert vault.inbox.quarantined() == (failed_bundle(),)


def test_what_is_in_quarantine_can_be_read_back_as_it_came(vault: Vault) -> None:
    vault.inbox.quarantine(failed_bundle(1), b"content")
    vault.inbox.quarantine(failed_bundle(1), b"other content under a name that is taken")
    vault.inbox.quarantine(failed_bundle(2), b"content")
    assert vault.inbox.quarantined_content(failed_bundle(1).id) == b"content"
    assert vault.inbox.quarantined_content(failed_bundle(2).id) == b"content"
    with pytest.raises(RuleError) as caught:
        vault.inbox.quarantined_content("nothing of this name")
    assert caught.value.code == "no-such-bundle"


def test_what_was_not_kept_in_quarantine_after_all_is_not_there(vault: Vault) -> None:
    with contextlib.suppress(LookupError), vault.transaction():
        vault.inbox.quarantine(failed_bundle(), b"content")
        raise LookupError
    with pytest.raises(RuleError):
        vault.inbox.quarantined_content(failed_bundle().id)
