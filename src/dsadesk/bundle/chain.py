"""One device's deliveries to one box, as far as they came: in any order, each position once, each naming the one before by its hash.

The store decides what arrives when, so a position may come late. What it may not do is come twice with different contents, or be followed
by one that names another predecessor: that is a laptop restored from an old copy, or somebody who says two things at once.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from dsadesk.bundle.manifest import Addressee, Sender
from dsadesk.codec import canonical
from dsadesk.errors import TrustError

MAX_GAPS = 1000
_MAX_BYTES = 1024 * 1024


class Gap(Struct, frozen=True, kw_only=True):
    """Positions that have not come. `before` is the hash of the one before the first, `after` the hash that the last must have."""

    first: int
    last: int
    before: str
    after: str


class Chain(Struct, frozen=True, kw_only=True):
    """The newest position that came, with its hash, and the gaps before it in order. Position 0 is the beginning."""

    seq: int = 0
    manifest_sha256: str = ""
    gaps: tuple[Gap, ...] = ()

    def with_next(self, to: Addressee, manifest_sha256: str, sender: Sender) -> Chain:
        """The chain with one more delivery.

        Raises: TrustError("two-contents") for a position that came before, TrustError("chain-broken") for a hash that does not fit.
        """
        if to.seq <= self.seq:
            return self._filled(to, manifest_sha256, sender)
        gaps = self.gaps
        if to.seq > self.seq + 1:
            gaps += (Gap(first=self.seq + 1, last=to.seq - 1, before=self.manifest_sha256, after=to.prev),)
        if (to.seq == self.seq + 1 and to.prev != self.manifest_sha256) or len(gaps) > MAX_GAPS:
            raise _broken(to, sender)
        return Chain(seq=to.seq, manifest_sha256=manifest_sha256, gaps=gaps)

    def _filled(self, to: Addressee, manifest_sha256: str, sender: Sender) -> Chain:
        gaps: list[Gap] = []
        for gap in self.gaps:
            gaps += _parts(gap, to, manifest_sha256, sender) if gap.first <= to.seq <= gap.last else [gap]
        if tuple(gaps) == self.gaps:
            raise TrustError("two-contents", org=sender.org, device=sender.device, seq=to.seq)
        return Chain(seq=self.seq, manifest_sha256=self.manifest_sha256, gaps=tuple(gaps))


def gaps_to_bytes(gaps: tuple[Gap, ...]) -> bytes:
    """Gaps as canonical JSON."""
    return canonical.encode(gaps)


def gaps_from_bytes(data: bytes) -> tuple[Gap, ...]:
    """Gaps as they were kept. Raises: CanonicalError, msgspec.ValidationError for what `gaps_to_bytes` did not write."""
    return msgspec.convert(canonical.decode(data, max_bytes=_MAX_BYTES), tuple[Gap, ...], strict=True)


def _parts(gap: Gap, to: Addressee, manifest_sha256: str, sender: Sender) -> list[Gap]:
    """What is left of a gap when one position in it has come."""
    is_first, is_last = to.seq == gap.first, to.seq == gap.last
    if (is_first and to.prev != gap.before) or (is_last and manifest_sha256 != gap.after):
        raise _broken(to, sender)
    left = [] if is_first else [Gap(first=gap.first, last=to.seq - 1, before=gap.before, after=to.prev)]
    right = [] if is_last else [Gap(first=to.seq + 1, last=gap.last, before=manifest_sha256, after=gap.after)]
    return [*left, *right]


def _broken(to: Addressee, sender: Sender) -> TrustError:
    return TrustError("chain-broken", org=sender.org, device=sender.device, seq=to.seq)
