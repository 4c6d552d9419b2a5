"""What every vault promises about signed events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.domain.ids import BundleId, DeviceId
from dsadesk.errors import DamagedVaultError
from dsadesk.ports import Vault
from tests.unit.storage.examples import ADAPTERS, DEVICE, OTHER_REQUEST, REQUEST, event, new_vault


@pytest.fixture(params=ADAPTERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    with new_vault(request.param, tmp_path / "vault") as made:
        yield made


def test_events_come_back_as_they_went_in_and_in_order_of_arrival(vault: Vault) -> None:
    third, first, second = event(3, bundle=BundleId("b")), event(1, OTHER_REQUEST), event(2)
    assert vault.events.append((third, first)) == (third.id, first.id)
    assert vault.events.append((second,)) == (second.id,)
    assert tuple(vault.events.all()) == (third, first, second)
    assert vault.events.of_request(REQUEST) == (third, second)
    assert vault.events.requests() == (REQUEST, OTHER_REQUEST)
    assert vault.events.count() == 3


def test_an_event_that_is_known_already_is_not_new(vault: Vault) -> None:
    vault.events.append((event(1),))
    assert vault.events.append((event(1), event(2), event(2))) == (event(2).id,)
    assert vault.events.count() == 2


def test_an_event_with_a_known_id_and_other_bytes_is_refused_with_all_that_came_with_it(vault: Vault) -> None:
    vault.events.append((event(1),))
    with pytest.raises(DamagedVaultError) as caught:
        vault.events.append((event(2), event(1, envelope=b"rewritten")))
    assert caught.value.code == "event-rewritten"
    assert tuple(vault.events.all()) == (event(1),)


def test_two_events_of_one_id_and_other_bytes_in_one_call_are_refused(vault: Vault) -> None:
    with pytest.raises(DamagedVaultError):
        vault.events.append((event(1), event(1, envelope=b"rewritten")))
    assert vault.events.count() == 0


def test_the_last_event_of_a_device_is_the_one_with_the_highest_number(vault: Vault) -> None:
    other = DeviceId("device-2")
    vault.events.append((event(2), event(1), event(9, device=other), event(7, OTHER_REQUEST)))
    assert vault.events.last_of_device(REQUEST, DEVICE) == event(2)
    assert vault.events.last_of_device(REQUEST, other) == event(9, device=other)
    assert vault.events.last_of_device(OTHER_REQUEST, other) is None


def test_when_a_device_forked_the_later_arrival_is_its_last_event(vault: Vault) -> None:
    fork = event(8, seq=2)
    vault.events.append((event(2), fork))
    assert vault.events.last_of_device(REQUEST, DEVICE) == fork


def test_the_head_is_a_chain_over_all_events_in_order_of_arrival(vault: Vault) -> None:
    assert vault.events.head() == ""
    expected = ""
    for n in (2, 1, 3):
        vault.events.append((event(n),))
        expected = hashlib.sha256((expected + event(n).sha256).encode()).hexdigest()
        assert vault.events.head() == expected


def test_events_may_be_appended_while_all_of_them_are_being_read(vault: Vault) -> None:
    vault.events.append(tuple(event(n) for n in range(1, 4)))
    reading = vault.events.all()
    assert next(reading) == event(1)
    vault.events.append((event(4),))
    assert [each.seq for each in reading][:2] == [2, 3]


def test_more_events_than_one_page_come_back_whole(vault: Vault) -> None:
    many = tuple(event(n) for n in range(1, 1203))
    vault.events.append(many)
    assert tuple(vault.events.all()) == many


def test_an_empty_vault_has_no_events(vault: Vault) -> None:
    assert tuple(vault.events.all()) == ()
    assert vault.events.requests() == ()
    assert vault.events.append(()) == ()
