"""What happened and what to do now, for every error that dsadesk raises on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dsadesk.errors import (
    AnswersError,
    BundleError,
    ContainerError,
    ContentsError,
    DecryptError,
    DsadeskError,
    ManifestError,
    SignatureError,
    StoreError,
    TrustError,
)
from dsadesk.ports import QuarantinedBundle
from dsadesk.questions.sentences import say_refusal
from dsadesk.services.wording.faults.buckets import BUCKETS
from dsadesk.services.wording.faults.bundles import BUNDLES, DOORS, STORED
from dsadesk.services.wording.faults.inputs import EVERYTHING, INPUTS
from dsadesk.services.wording.faults.rules import RULES
from dsadesk.services.wording.faults.saying import ANY, Saying, Sayings
from dsadesk.services.wording.faults.servers import SERVERS
from dsadesk.services.wording.faults.sftp import SFTP
from dsadesk.services.wording.faults.stores import STORES
from dsadesk.services.wording.faults.vault import VAULT
from dsadesk.services.wording.filling import NameOf, fill, needs
from dsadesk.services.wording.plain import plain

_PLACES: Sayings = {
    kind: {**STORES.get(kind, {}), **SERVERS.get(kind, {}), **BUCKETS.get(kind, {}), **SFTP.get(kind, {})}
    for kind in (*STORES, *SERVERS, *BUCKETS, *SFTP)
}

SAYINGS: Sayings = {**EVERYTHING, **INPUTS, **RULES, **BUNDLES, **VAULT, **_PLACES}
"""Every sentence there is for an error."""

_AT_DOOR: Mapping[str, type[BundleError]] = {
    kind.door: kind for kind in (ContainerError, DecryptError, ManifestError, SignatureError, TrustError, ContentsError)
}
_DETAIL_LIMIT = 300
_OURS = "ours"


@dataclass(frozen=True)
class Explanation:
    """What happened, what to do now, the command that does it where there is one, and, where there are several faults, one sentence for each."""

    what: str
    todo: str
    details: tuple[str, ...] = ()
    command: str = ""


def explain(error: DsadeskError, *, own: str = "", name_of: NameOf = str, stored: bool = False) -> Explanation:
    """Explains an error in plain words. Never fails, whatever the error carries.

    `own` is the reader's organisation, so that "yours" and "theirs" are told apart; `name_of` gives an organisation's name by its
    identifier. `stored` says that the fault was met in something kept long ago, not in something arriving.
    """
    if stored and isinstance(error, BundleError) and not error.code.startswith("document-"):
        return Explanation(STORED.what, STORED.todo)
    what, todo, command = _filled(type(error), error.code, error.fields, own=own, name_of=name_of)
    return Explanation(what, todo, _details(error), command)


def explain_quarantined(held: QuarantinedBundle, *, own: str = "", name_of: NameOf = str) -> Explanation:
    """Explains why a bundle lies in quarantine."""
    what, todo, command = _filled(
        _AT_DOOR.get(held.door, BundleError), held.code, held.fields, own=own, name_of=name_of
    )
    return Explanation(what, todo, command=command)


def problem_words(code: str) -> str:
    """What stopped a delivery, from the code that the outbox keeps of it."""
    for kind, sayings in SAYINGS.items():
        if issubclass(kind, StoreError) and code in sayings and code != ANY:
            return _fitting(sayings[code], {}).what
    return SAYINGS[StoreError][ANY].what


def door_words(door: str) -> str:
    """What the check at a door looks at."""
    return DOORS.get(door) or plain(door)


def own_saying(kind: type[DsadeskError], code: str) -> Saying | None:
    """The sentence that belongs to this code of this class or of one above it; None when only a general one would be said."""
    return next((SAYINGS[above][code] for above in _family(kind) if code != ANY and code in SAYINGS[above]), None)


def _filled(
    kind: type[DsadeskError], code: str, fields: Mapping[str, Any], *, own: str, name_of: NameOf
) -> tuple[str, str, str]:
    told = {**fields, "code": code}
    saying = _fitting(_saying(kind, code, fields, own), told)
    return fill(saying.what, told, name_of), fill(saying.todo, told, name_of), saying.command


def _saying(kind: type[DsadeskError], code: str, fields: Mapping[str, Any], own: str) -> Saying:
    names = [code]
    names[:0] = [f"{code}/{fields[name]}" for name in ("why", "reason") if fields.get(name, _OURS) != _OURS]
    if own and fields.get("org") == own:
        names.insert(0, f"{code}/{_OURS}")
    family = list(_family(kind))
    for above in family:
        for name in names:
            if name in SAYINGS[above] and name != ANY:
                return SAYINGS[above][name]
    return next(SAYINGS[above][ANY] for above in family if ANY in SAYINGS[above])


def _fitting(saying: Saying, fields: Mapping[str, Any]) -> Saying:
    """The most telling form whose fields are all there; a form that lacks one is only said when there is no other."""
    while saying.otherwise is not None and not needs(saying.what) | needs(saying.todo) <= fields.keys():
        saying = saying.otherwise
    return saying


def _family(kind: type[DsadeskError]) -> Iterator[type[DsadeskError]]:
    return (above for above in kind.__mro__ if above in SAYINGS)


def _details(error: DsadeskError) -> tuple[str, ...]:
    if not isinstance(error, AnswersError) or error.code != "answers-refused":
        return ()
    try:
        said = say_refusal(error)
    except (KeyError, ValueError, IndexError):
        return ()
    total = error.fields.get("count")
    more = total - len(said) if isinstance(total, int) else 0
    lines = [plain(sentence, _DETAIL_LIMIT) for sentence in said]
    return (*lines, fill("There {more:is # more|are # more}.", {"more": more})) if more > 0 else tuple(lines)
