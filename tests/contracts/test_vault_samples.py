"""What every vault promises about samples and the encrypted objects that they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.domain.ids import ObjectId
from dsadesk.errors import DamagedVaultError
from dsadesk.ports import DeliveryState, OutboxObject, Vault
from tests.unit.storage.examples import (
    ADAPTERS,
    AT,
    BOX,
    OTHER_REQUEST,
    REQUEST,
    digest,
    keep_object,
    new_vault,
    outbox_item,
    sample,
)


@pytest.fixture(params=ADAPTERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    with new_vault(request.param, tmp_path / "vault") as made:
        yield made


def test_samples_come_back_as_they_went_in_by_number(vault: Vault) -> None:
    name = keep_object(vault)
    second, first, other = sample(name, 2), sample(name, 1), sample(name, 1, OTHER_REQUEST)
    for each in (second, first, other):
        vault.samples.put(each)
    assert vault.samples.of_request(REQUEST) == (first, second)
    assert vault.samples.of_request(OTHER_REQUEST) == (other,)


def test_a_sample_can_be_put_again_and_removed_twice(vault: Vault) -> None:
    name = keep_object(vault)
    vault.samples.put(sample(name))
    vault.samples.put(sample(name, name="renamed.csv"))
    assert [each.name for each in vault.samples.of_request(REQUEST)] == ["renamed.csv"]
    vault.samples.remove(REQUEST, 1)
    vault.samples.remove(REQUEST, 1)
    assert vault.samples.of_request(REQUEST) == ()


def test_a_sample_whose_object_is_not_in_place_is_refused(vault: Vault) -> None:
    with pytest.raises(DamagedVaultError) as caught:
        vault.samples.put(sample(ObjectId(digest("absent"))))
    assert caught.value.code == "object-missing"


def test_the_file_key_is_not_shown(vault: Vault) -> None:
    name = keep_object(vault)
    vault.samples.put(sample(name, file_key=b"very secret key!"))
    assert "very secret" not in repr(vault.samples.of_request(REQUEST))


def test_objects_are_named_by_samples_and_by_bundles_on_their_way(vault: Vault) -> None:
    name = keep_object(vault)
    carried = ObjectId(digest("carried"))
    item = outbox_item(objects=(OutboxObject(n=0, object=carried, header=b"h", payload_size=1),))
    vault.samples.put(sample(name))
    vault.outbox.put(item)
    assert vault.samples.object_ids() == {name, carried}
    vault.outbox.mark(item.id, BOX, DeliveryState.COMMITTED, AT)
    assert carried in vault.samples.object_ids()
    vault.outbox.mark(item.id, BOX, DeliveryState.DELIVERED, AT)
    vault.samples.remove(REQUEST, 1)
    assert vault.samples.object_ids() == frozenset()


def test_an_object_is_there_once_it_is_committed_and_not_before(vault: Vault) -> None:
    name = ObjectId(digest("content"))
    writer = vault.objects.create()
    writer.file.write(b"con")
    writer.file.write(b"tent")
    assert writer.file.tell() == 7
    assert not vault.objects.has(name)
    writer.commit(name)
    writer.abort()
    assert vault.objects.has(name)
    assert vault.objects.size(name) == 7
    with vault.objects.open(name) as file:
        file.seek(3)
        assert file.read() == b"tent"


def test_an_aborted_object_leaves_nothing(vault: Vault) -> None:
    writer = vault.objects.create()
    writer.file.write(b"x" * 1_000_000)
    writer.abort()
    writer.abort()
    assert vault.objects.sweep(frozenset()) == 0


def test_a_name_that_exists_is_kept_and_the_new_bytes_are_dropped(vault: Vault) -> None:
    name = keep_object(vault, b"first")
    writer = vault.objects.create()
    writer.file.write(b"second")
    writer.commit(name)
    with vault.objects.open(name) as file:
        assert file.read() == b"first"
    assert vault.objects.sweep(frozenset({name})) == 0


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "0" * 65])
def test_a_name_that_is_not_sixty_four_hexadecimal_digits_is_refused(vault: Vault, name: str) -> None:
    bad = ObjectId(name)
    writer = vault.objects.create()
    with pytest.raises(ValueError, match="hexadecimal"):
        writer.commit(bad)
    writer.abort()
    for ask in (vault.objects.open, vault.objects.size, vault.objects.has, vault.objects.remove):
        with pytest.raises(ValueError, match="hexadecimal"):
            ask(bad)


def test_an_object_that_is_missing_is_named(vault: Vault) -> None:
    name = ObjectId(digest("absent"))
    for ask in (vault.objects.open, vault.objects.size):
        with pytest.raises(DamagedVaultError) as caught:
            ask(name)
        assert (caught.value.code, caught.value.fields) == ("object-missing", {"object": name})
    vault.objects.remove(name)


def test_sweeping_removes_what_no_record_names_and_spares_what_is_being_written(vault: Vault) -> None:
    kept, unwanted = keep_object(vault, b"kept"), keep_object(vault, b"unwanted")
    writing = vault.objects.create()
    writing.file.write(b"still being written")
    assert vault.objects.sweep(frozenset({kept})) == 1
    assert vault.objects.has(kept)
    assert not vault.objects.has(unwanted)
    writing.commit(ObjectId(digest("done")))
    assert vault.objects.has(ObjectId(digest("done")))


def test_a_check_finds_objects_that_are_missing_and_objects_that_nothing_names(vault: Vault) -> None:
    name = keep_object(vault, b"named")
    vault.samples.put(sample(name))
    assert vault.check() == ()
    vault.objects.remove(name)
    keep_object(vault, b"unclaimed")
    problems = vault.check()
    assert [each.code for each in problems] == ["object-missing", "object-unclaimed"]
    assert all(each.detail.endswith(".") and each.fix.endswith(".") for each in problems)


def test_a_check_finds_an_object_that_is_not_what_its_name_says(vault: Vault) -> None:
    writer = vault.objects.create()
    writer.file.write(b"other bytes")
    writer.commit(ObjectId(digest("these bytes")))
    vault.samples.put(sample(ObjectId(digest("these bytes"))))
    assert [each.code for each in vault.check()] == ["object-damaged"]
