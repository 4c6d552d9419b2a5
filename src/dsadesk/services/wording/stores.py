"""What the store doctor found, in words: what was tried, how it came out, and what that means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dsadesk.services.wording.amounts import count_words, size_words
from dsadesk.services.wording.errors import explain

if TYPE_CHECKING:
    from dsadesk.services.store_findings import Diagnosis, Finding

LEVEL_WORDS: Mapping[str, str] = {
    "fine": "Fine",
    "can-live-with": "Can live with",
    "must-not-be-used": "Must not be used",
}

VERDICTS: Mapping[str, str] = {
    "fine": "This store does all that is asked of it.",
    "can-live-with": "This store can be used; read below what it does not do.",
    "must-not-be-used": "This store must not be used as it is.",
}
_NOT_TRIED = "This store could not be reached for long enough to try it."

_FINE: Mapping[str, str] = {
    "marker": "It is the store that is meant.",
    "put": "It takes what is written.",
    "get": "It gives back what was written, byte for byte.",
    "again": "Sending something a second time does no harm.",
    "other-bytes": "Nobody can write over what lies there without being noticed at once.",
    "second-look": "What was written is seen at once over another connection.",
    "list": "It lists what lies there, in order.",
    "poll": "A look for news shows what came since the last one.",
    "cut": "A transfer that breaks off leaves nothing half-done to be seen.",
    "clock": "Its clock agrees with this laptop's.",
    "delete": "What was fetched can be tidied away.",
    "room": "It has room.",
}

_NOT: Mapping[str, str] = {
    "marker": "It is not a store that can be used now.",
    "put": "It does not take what is written, so nothing can be delivered there.",
    "get": "It does not give back what was written.",
    "again": "Sending something a second time fails, so a broken transfer could never be finished.",
    "other-bytes": "It lets what lies there be written over; whoever reads notices by the content, and asks for it again.",
    "second-look": "What was written is not seen over another connection.",
    "list": "It does not list what lies there, so nothing that arrives would be found.",
    "poll": "A look for news misses what came since the last one, so news is noticed up to six hours late.",
    "cut": "A transfer that breaks off leaves half of a file to be seen under its name.",
    "delete": "What was fetched cannot be tidied away, so the store fills up.",
    "room": "It does not say how much room it has.",
}
_NOT_OURS = "This account may not read there, which is enough for leaving things in somebody else's inbox."
_LITTLE_ROOM = "It has only # left; tell whoever looks after it before a large sample is sent."
_FAST = "This laptop's clock is # ahead of the store's; set the right time on whichever is wrong."
_SLOW = "This laptop's clock is # behind the store's; set the right time on whichever is wrong."
_READING = frozenset({"get", "second-look", "list"})


def verdict_of(found: Diagnosis) -> str:
    """What the trial of a store comes to."""
    return _NOT_TRIED if found.is_cut_off else VERDICTS[found.level.value]


def worse_sentence(address: str) -> str:
    """That a store does less than it did, said before what that is."""
    return f"The place {address} does less than when it was last tried."


def finding_sentences(finding: Finding) -> tuple[str, ...]:
    """What was found, and what the store said where it refused."""
    if finding.level.value == "fine":
        return (_FINE[finding.about],)
    if finding.about == "room" and finding.error is None:
        return (_LITTLE_ROOM.replace("#", size_words(finding.room)),)
    if finding.about == "clock":
        return (_clock(finding.minutes) if finding.error is None else explain(finding.error).what,)
    is_theirs = finding.about in _READING and finding.level.value == "can-live-with"
    said = (_NOT_OURS if is_theirs else _NOT[finding.about],)
    if finding.error is None:
        return said
    explained = explain(finding.error)
    return (*said, explained.what, explained.todo)


def _clock(minutes: int) -> str:
    away = abs(minutes)
    if away < 120:
        amount = count_words(away, "# minute", "# minutes")
    elif away < 48 * 60:
        amount = count_words(away // 60, "# hour", "# hours")
    else:
        amount = count_words(away // (24 * 60), "# day", "# days")
    return (_FAST if minutes > 0 else _SLOW).replace("#", amount)
