from __future__ import annotations

import errno
import io
from dataclasses import replace
from pathlib import Path

import pytest

from dsadesk.errors import RuleError, SampleError
from dsadesk.services import attaching, drafting
from tests.support.desks import SAMPLE, Pair, received_request, two_desks


@pytest.fixture
def pair() -> Pair:
    return two_desks()


def test_a_sample_is_written_in_clear_only_where_it_is_asked_for_and_never_over_a_file(
    pair: Pair, tmp_path: Path
) -> None:
    request = received_request(pair)
    target = tmp_path / "sample.csv"
    assert attaching.save_sample(pair.holds, request, 1, target) == SAMPLE.stat().st_size
    assert target.read_bytes() == SAMPLE.read_bytes()
    target.write_text("mine", "utf-8")
    with pytest.raises(RuleError, match="file-exists"):
        attaching.save_sample(pair.holds, request, 1, target)
    assert target.read_text("utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["sample.csv"]


def test_a_folder_that_is_not_there_leaves_nothing_behind(pair: Pair, tmp_path: Path) -> None:
    request = received_request(pair)
    with pytest.raises(RuleError, match="file-unwritable"):
        attaching.save_sample(pair.holds, request, 1, tmp_path / "none" / "sample.csv")


def test_a_disk_that_fills_up_under_a_sample_is_said_to_be_full_and_keeps_no_half_of_it(
    pair: Pair, tmp_path: Path
) -> None:
    request = received_request(pair)

    def full(_: Path) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    session = replace(pair.holds, world=replace(pair.holds.world, mark_as_foreign=full))
    with pytest.raises(RuleError, match="file-no-room"):
        attaching.save_sample(session, request, 1, tmp_path / "sample.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_refused_sample_leaves_no_object(pair: Pair) -> None:
    draft = drafting.start(pair.asks, title="Draft")
    with pytest.raises(SampleError):
        attaching.attach(pair.asks, draft.request, io.BytesIO(b"%PDF-1.7\n"), "x.csv")
    assert not pair.asks.vault.samples.of_request(draft.request)
    assert pair.asks.vault.objects.sweep(frozenset()) == 0


def test_a_detached_sample_is_gone_with_its_object(pair: Pair) -> None:
    draft = drafting.start(pair.asks, title="Draft")
    with SAMPLE.open("rb") as source:
        sample = attaching.attach(pair.asks, draft.request, source, SAMPLE.name)
    attaching.detach(pair.asks, draft.request, sample.n)
    assert not pair.asks.vault.objects.has(sample.object)
    with pytest.raises(RuleError, match="no-such-sample"):
        attaching.find(pair.asks, draft.request, sample.n)


def test_the_same_file_attached_twice_is_two_objects_under_two_keys(pair: Pair) -> None:
    draft = drafting.start(pair.asks, title="Draft")
    first, second = (
        attaching.attach(pair.asks, draft.request, io.BytesIO(SAMPLE.read_bytes()), "a.csv") for _ in range(2)
    )
    assert first.sha256 == second.sha256
    assert first.object != second.object
    assert first.file_key != second.file_key


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\data.csv", "data.csv"),
        ("con.csv", "sample.csv"),
        ("NUL", "sample.csv"),
        ("report\u202egpj.csv", "reportgpj.csv"),
        ("tab\tand\nline.csv", "tabandline.csv"),
        ("trailing. . ", "trailing"),
        ("", "sample.csv"),
        ("a" * 300 + ".csv", "a" * 100 + ".csv"),
        ("a" * 200 + "." + "b" * 15 + " cd", "a" * 100 + "." + "b" * 15),
        ("a" * 99 + " " + "b" * 100, "a" * 99),
        ('what<is>"this"?.csv', "whatisthis.csv"),
        ("dŵr.csv", "dŵr.csv"),
    ],
)
def test_a_file_name_is_one_that_every_system_takes(given: str, kept: str) -> None:
    assert attaching.clean_name(given) == kept


def test_a_sample_keeps_no_key_in_what_it_shows(pair: Pair) -> None:
    draft = drafting.start(pair.asks, title="Draft")
    sample = attaching.attach(pair.asks, draft.request, io.BytesIO(SAMPLE.read_bytes()), "a.csv")
    assert sample.file_key.hex() not in repr(sample)
    assert repr(sample.file_key) not in repr(sample)


@pytest.mark.parametrize("claim", [{"encoding": "no-such"}, {"delimiter": ""}, {"delimiter": "long"}, {"encoding": 7}])
def test_a_profile_that_claims_nonsense_is_no_crash(pair: Pair, claim: dict[str, object]) -> None:
    request = received_request(pair)
    sample = attaching.find(pair.holds, request, 1)
    pair.holds.vault.samples.put(replace(sample, profile=dict(sample.profile) | claim))
    with pytest.raises(SampleError, match="sample-unreadable"):
        attaching.preview(pair.holds, request, 1)
