"""Who signed, how we know, since when, and what to mind: one sentence a fact, and never a bare tick."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple

from dsadesk.bundle.trust import Evidence, HowKnown
from dsadesk.services.wording.dates import long_date, on, when
from dsadesk.services.wording.filling import fill
from dsadesk.services.wording.plain import LABEL_LIMIT, plain
from dsadesk.services.wording.stages import Tone

NOT_CHECKED = "not-checked"

_SIGNED = "Signed by {official}, {post}, {org}."
_UNCHANGED = "Nothing has been changed since {official} signed it."
_SINCE = "This laptop has known the key of {org} since {since}."
_KNEW = "This laptop knew the key that {org} had then from {since} until {until}."
_OURS = "The key is your own organisation's."
_IMPORTED = "The key came in a card file, and nobody here has checked with {org} that it is theirs."
_INTRODUCED = "The key came with the bundle itself, and nobody here has checked with {org} that it is theirs."
_COMPARED: Mapping[str, str] = {
    "in-person": "{by} compared the key with {org} in person {at}.",
    "phone": "{by} compared the key with {org} by phone {at}.",
    "introducer": "{by} took the key of {org} from someone who vouched for it {at}.",
}
_VOUCHED = "{by} took the key of {org} from {who}, who vouched for it {at}."
_COMPARED_OTHERWISE = "{by} checked the key of {org} {at}."

_WARNINGS: Mapping[str, str] = {
    NOT_CHECKED: "Ring {org} on a number that you already have and compare the words of the key before you rely on this.",
    "card-expired": "The card of {org} has run out since, so ask them for their newest one.",
    "key-change-pending": "Another key has since come for {org}, and nobody here has decided about it; ring them before you rely on this.",
    "key-replaced": "It was signed with the key that {org} had until {until}; somebody here has believed another key since.",
    "signer-left-since": "{official} no longer signs for {org}, but did when this was signed.",
    "other-readers": "{org} says that somebody beside you and them can read this too, so ask {official} who that is.",
    "gap": "An earlier delivery from {org} has not arrived yet, so something may be missing.",
}
_OUR_WARNINGS: Mapping[str, str] = {
    "card-expired": "Your own organisation's card has run out, so have a new one issued.",
    "key-change-pending": "Another key has come for your own organisation; tell whoever looks after its key at once.",
}
_WARNING_OTHERWISE = (
    "There is something to mind about this signature that this version of dsadesk has no sentence for ({code})."
)

_CANNOT_CHECK: Mapping[str, str] = {
    "event-version": "It is of a version that this dsadesk does not know.",
    "key-changed": "It was signed with another key than the one that you know for this organisation.",
    "role-missing": "The card did not name the official who signed it for saying this.",
    "signer-left": "The official who signed it had stopped signing for this organisation.",
    "signer-not-on-card": "The laptop that signed it is not on the card that you hold of this organisation.",
    "signer-unknown": "You hold no card of the organisation that signed it.",
}
_CANNOT_CHECK_OTHERWISE = "This laptop cannot check who signed it."
_ALTERED: Mapping[str, str] = {
    "event-other-request": "It belongs to another request.",
    "other-official": "It names someone other than the official whose key signed it.",
    "signature-bad": "A signature does not match what stands here.",
    "signature-missing": "One of its two signatures is missing.",
    "signature-twice": "It bears two signatures of the same key.",
}
_ALTERED_OTHERWISE = "It no longer reads the way it was signed."
# What says of the bytes themselves that they are not what was signed, beside the codes that have a sentence above.
_BROKEN = frozenset(
    {
        "duplicate-key", "envelope-fields", "envelope-json", "envelope-signatures", "envelope-type", "event-after", "event-author",
        "event-body", "event-chain", "event-encoding", "event-envelope", "event-fields", "event-id", "event-json",
        "event-signature", "fraction", "integer-too-large", "key-not-ascii", "not-an-object", "not-canonical", "not-json",
        "not-unicode", "null", "time", "too-deep", "too-large",
    }
)  # fmt: skip


class Verdict(NamedTuple):
    """What a check of a signature came to, in words, and how the words are coloured."""

    word: str
    tone: Tone


VALID = Verdict("Valid", "good")
VALID_WITH_WARNING = Verdict("Valid, with a warning", "warn")
CANNOT_BE_CHECKED = Verdict("Cannot be checked here", "warn")
ALTERED = Verdict("Altered", "bad")


def verdict(evidence: Evidence | None, problem: str = "") -> Verdict:
    """The verdict on a signature. Without evidence, a problem that is not known to mean "altered" means that it cannot be checked."""
    if problem in _ALTERED or problem in _BROKEN:
        return ALTERED
    if evidence is None or problem:
        return CANNOT_BE_CHECKED
    return VALID_WITH_WARNING if evidence.warnings else VALID


def unproven_sentence(problem: str) -> str:
    """Why a signature does not count, for a problem that `verdict` calls altered or not to be checked."""
    if problem in _ALTERED or problem in _BROKEN:
        return _ALTERED.get(problem, _ALTERED_OTHERWISE)
    return _CANNOT_CHECK.get(problem, _CANNOT_CHECK_OTHERWISE)


def evidence_sentences(
    evidence: Evidence, now: datetime, zone: tzinfo | None = None, *, warnings: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Who signed, how the key is known, since when, that nothing changed, and each warning, most telling first.

    `warnings` are further ones that the delivery brought, such as a gap before it.
    """
    fields = {
        "official": plain(evidence.official.name),
        "post": plain(evidence.official.post),
        "org": plain(evidence.org.name),
        "since": when(evidence.known_since, now, zone),
        "until": when(evidence.replaced_at, now, zone) if evidence.replaced_at is not None else "",
    }
    minded = tuple(dict.fromkeys((*evidence.warnings, *warnings)))
    sentences = [fill(_SIGNED, fields), how_known_sentence(evidence, now, zone)]
    if NOT_CHECKED in minded:
        sentences.append(fill(_WARNINGS[NOT_CHECKED], fields))
    sentences += [fill(_SINCE if evidence.replaced_at is None else _KNEW, fields), fill(_UNCHANGED, fields)]
    sentences += [warning_sentence(code, evidence) for code in minded if code != NOT_CHECKED]
    return tuple(sentences)


def how_known_sentence(evidence: Evidence, now: datetime, zone: tzinfo | None = None) -> str:
    """How it is known that the key belongs to the organisation: by whom, how and when it was checked, or that nobody here did."""
    org = plain(evidence.org.name)
    match evidence.how:
        case HowKnown.OURS:
            return _OURS
        case HowKnown.IMPORTED:
            return fill(_IMPORTED, {"org": org})
        case HowKnown.INTRODUCED_ITSELF:
            return fill(_INTRODUCED, {"org": org})
        case HowKnown.CHECKED:
            at = on(evidence.check_at or evidence.known_since, now, zone)
            sentence = _COMPARED.get(evidence.check_method, _COMPARED_OTHERWISE)
            who = plain(evidence.check_note, LABEL_LIMIT)
            if evidence.check_method == "introducer" and who:
                sentence = _VOUCHED
            return fill(sentence, {"by": plain(evidence.check_by), "org": org, "at": at, "who": who})


def warning_sentence(code: str, evidence: Evidence) -> str:
    """One thing to mind about a signature."""
    fields = {"official": plain(evidence.official.name), "org": plain(evidence.org.name), "code": code}
    if evidence.replaced_at is not None:
        fields["until"] = long_date(evidence.replaced_at.astimezone())
    ours = _OUR_WARNINGS.get(code) if evidence.how is HowKnown.OURS else None
    return fill(ours or _WARNINGS.get(code, _WARNING_OTHERWISE), fields)
