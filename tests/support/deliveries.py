"""What lies in a store, as whoever owns the inbox can read it."""

from __future__ import annotations

from collections.abc import Sequence

from dsadesk import age
from dsadesk.sync.commit import name_of_part, open_part_list, parse_commit


def parts_named(name: str, data: bytes, identities: Sequence[age.Identity]) -> list[str]:
    """The names of all parts that a commit needs: of its manifest, then of its objects. Raises: ContainerError, DecryptError."""
    commit = parse_commit(name, data)
    found = open_part_list(commit, identities)
    parts = [*found.manifest, *(part for ref in found.objects for part in ref.parts)]
    return [name_of_part(commit.box, found.day, part.hash) for part in parts]
