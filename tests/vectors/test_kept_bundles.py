"""A bundle file that was written once and is never written anew: every later version opens it and finds the same in it.

It is what somebody has on a stick from years ago. When the format gets another version, its bundle is laid beside this one, by
`python -m tests.vectors.test_kept_bundles`, which never writes over a file that is there.
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from dsadesk import age
from dsadesk.bundle.container import BundleFile, write_container
from dsadesk.bundle.identity import identity_from_seed
from dsadesk.bundle.manifest import VERSION
from dsadesk.bundle.unseal import open_object, unseal
from tests.support.parties import DWP, NOW, VOA, Known, sample, sealed

KEPT = Path(__file__).parents[1] / "data/bundles"
SEED = hashlib.sha256(b"valuation-office-agency/organisation").digest()
"""The supplier's, for these files alone: whoever reads this may open them."""


def kept() -> list[Path]:
    return sorted(KEPT.glob("*.json"))


def found_in(path: Path) -> dict[str, Any]:
    """What a bundle says and holds, through all doors."""
    identity = identity_from_seed(SEED)
    with path.open("rb") as file:
        parcel = BundleFile(file)
        bundle = unseal(
            parcel.sealed, box=VOA.card.box, identities=(identity.hybrid,), directory=Known(DWP, VOA), now=NOW
        )
        parcel.require(bundle.manifest.files)
        samples = {}
        for entry in bundle.manifest.files:
            with parcel.payload(entry.n) as payload:
                data = payload.read()
            file_key = open_object(entry, parcel.header(entry.n), io.BytesIO(data), (identity.hybrid,))
            plain = io.BytesIO()
            age.decrypt_payload(file_key, io.BytesIO(data), plain)
            samples[entry.name] = plain.getvalue().decode()
    return {
        "kind": bundle.manifest.kind,
        "request": bundle.manifest.request,
        "created": bundle.manifest.created,
        "from": bundle.manifest.sender.org,
        "signed by": bundle.evidence.official.name,
        "events": [each.event.body.text for each in bundle.events],
        "samples": samples,
    }


def test_the_format_of_today_has_a_kept_bundle() -> None:
    assert f"format-{VERSION}" in {path.stem for path in kept()}


@pytest.mark.parametrize("about", kept(), ids=lambda path: path.stem)
def test_a_kept_bundle_is_opened_and_holds_what_it_held(about: Path) -> None:
    assert found_in(about.with_suffix(".dsabundle")) == json.loads(about.read_text("utf-8"))


def main() -> None:
    """Writes the bundle of today's format."""
    plain = sample(b"site_id,sampled_on,ecoli\nUK00001,2026-07-01,12\n", "bathing-water.csv")
    made = sealed(samples=(plain,))
    path = KEPT / f"format-{VERSION}.dsabundle"
    with path.open("xb") as sink:
        parts = [(header, io.BytesIO(plain.payload), len(plain.payload)) for header in made.headers]
        write_container(sink, made.sealed, parts)
    path.with_suffix(".json").write_text(json.dumps(found_in(path), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
