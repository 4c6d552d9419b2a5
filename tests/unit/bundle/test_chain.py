from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.bundle.chain import MAX_GAPS, Chain, Gap, gaps_from_bytes, gaps_to_bytes
from dsadesk.bundle.manifest import Addressee, Sender
from dsadesk.domain.ids import BoxId, DeviceId, KeyId, OrganisationId
from dsadesk.errors import TrustError

SENDER = Sender(org=OrganisationId("a-council"), device=DeviceId("d" * 32), kid=(KeyId("0"), KeyId("1")))


def digest(seq: int, version: str = "") -> str:
    return hashlib.sha256(f"{seq}{version}".encode()).hexdigest() if seq else ""


def place(seq: int, prev: str | None = None) -> Addressee:
    before = digest(seq - 1) if prev is None else prev
    return Addressee(org=OrganisationId("b-council"), rid="", box=BoxId("b" * 26), seq=seq, prev=before)


def after(*seqs: int) -> Chain:
    chain = Chain()
    for seq in seqs:
        chain = chain.with_next(place(seq), digest(seq), SENDER)
    return chain


@given(st.permutations(range(1, 9)))
def test_deliveries_may_come_in_any_order(order: list[int]) -> None:
    chain = after(*order)
    assert chain == Chain(seq=8, manifest_sha256=digest(8))


@given(st.lists(st.integers(1, 30), unique=True, max_size=12))
def test_what_is_missing_is_known(seqs: list[int]) -> None:
    chain = after(*seqs)
    missing = {n for gap in chain.gaps for n in range(gap.first, gap.last + 1)}
    assert missing == set(range(1, max(seqs, default=0))) - set(seqs)
    assert gaps_from_bytes(gaps_to_bytes(chain.gaps)) == chain.gaps


@given(st.lists(st.integers(1, 30), unique=True, min_size=1, max_size=12), st.data())
def test_no_position_is_taken_twice(seqs: list[int], data: st.DataObject) -> None:
    seq = data.draw(st.sampled_from(seqs))
    with pytest.raises(TrustError, match="two-contents") as caught:
        after(*seqs).with_next(place(seq), digest(seq, "other"), SENDER)
    assert caught.value.fields == {"org": SENDER.org, "device": SENDER.device, "seq": seq}


@pytest.mark.parametrize(
    ("came", "seq", "prev", "sha256"),
    [
        ((1,), 2, digest(7), digest(2)),
        ((1, 5), 2, digest(7), digest(2)),
        ((1, 5), 4, digest(3), digest(4, "other")),
        ((1, 5, 3), 4, digest(7), digest(4)),
        ((1, 5, 3), 4, digest(3), digest(4, "other")),
        ((3,), 2, digest(1), digest(2, "other")),
    ],
)
def test_a_delivery_that_does_not_follow_on_is_refused(came: tuple[int, ...], seq: int, prev: str, sha256: str) -> None:
    with pytest.raises(TrustError, match="chain-broken"):
        after(*came).with_next(place(seq, prev), sha256, SENDER)


def test_a_gap_remembers_what_lies_on_both_its_sides() -> None:
    assert after(1, 5).gaps == (Gap(first=2, last=4, before=digest(1), after=digest(4)),)
    assert after(1, 5, 3).gaps == (
        Gap(first=2, last=2, before=digest(1), after=digest(2)),
        Gap(first=4, last=4, before=digest(3), after=digest(4)),
    )


def test_gaps_without_end_are_refused() -> None:
    chain = after(*range(1, 2 * MAX_GAPS + 2, 2))
    assert len(chain.gaps) == MAX_GAPS
    with pytest.raises(TrustError, match="chain-broken"):
        chain.with_next(place(2 * MAX_GAPS + 5), digest(2 * MAX_GAPS + 5), SENDER)
