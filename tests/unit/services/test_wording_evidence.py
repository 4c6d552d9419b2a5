from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from dsadesk.bundle.trust import Evidence, HowKnown
from dsadesk.domain.ids import DeviceId, OrganisationId, PersonId
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.services.wording import evidence_sentences, unproven_sentence, verdict, warning_sentence

NOW = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
SINCE = datetime(2026, 3, 2, 9, 41, tzinfo=UTC)
EVIDENCE = Evidence(
    org=Organisation(OrganisationId("hm-land-registry"), "HM Land Registry"),
    official=Official(PersonId("p"), "Tom Ellis", "Analyst"),
    device=DeviceId("d" * 32),
    fingerprint="ab" * 32,
    how=HowKnown.CHECKED,
    known_since=SINCE,
    check_method="in-person",
    check_by="Priya Shah",
    check_at=SINCE + timedelta(days=1),
)
WARNINGS = ("signer-left-since", "card-expired", "key-change-pending", "not-checked", "other-readers", "gap")


def known(**changes: Any) -> Evidence:
    return msgspec.structs.replace(EVIDENCE, **changes)


def test_a_good_signature_says_who_how_since_when_and_that_nothing_changed() -> None:
    assert evidence_sentences(EVIDENCE, NOW) == (
        "Signed by Tom Ellis, Analyst, HM Land Registry.",
        "Priya Shah compared the key with HM Land Registry in person on 3 March 2026.",
        "This laptop has known the key of HM Land Registry since 2 March 2026.",
        "Nothing has been changed since Tom Ellis signed it.",
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"check_method": "phone"}, "Priya Shah compared the key with HM Land Registry by phone on 3 March 2026."),
        ({"check_method": "introducer"}, "Priya Shah took the key of HM Land Registry from someone who vouched for it on 3 March 2026."),
        ({"check_method": "carrier-pigeon"}, "Priya Shah checked the key of HM Land Registry on 3 March 2026."),
        ({"check_at": NOW}, "Priya Shah compared the key with HM Land Registry in person today at 12:30pm."),
        ({"how": HowKnown.OURS}, "The key is your own organisation's."),
        ({"how": HowKnown.IMPORTED}, "The key came in a card file, and nobody here has checked with HM Land Registry that it is theirs."),
        (
            {"how": HowKnown.INTRODUCED_ITSELF},
            "The key came with the bundle itself, and nobody here has checked with HM Land Registry that it is theirs.",
        ),
    ],
)  # fmt: skip
def test_how_a_key_is_known_is_told_for_every_way(changes: dict[str, Any], sentence: str) -> None:
    assert evidence_sentences(known(**changes), NOW)[1] == sentence


def test_every_way_of_knowing_a_key_has_a_sentence() -> None:
    assert len({evidence_sentences(known(how=how), NOW)[1] for how in HowKnown}) == len(HowKnown)


def test_a_key_that_nobody_checked_says_at_once_what_to_do() -> None:
    sentences = evidence_sentences(known(how=HowKnown.IMPORTED, warnings=("not-checked",)), NOW)
    assert sentences[2] == (
        "Ring HM Land Registry on a number that you already have and compare the words of the key before you rely on this."
    )
    assert len(sentences) == 5


def test_each_warning_has_a_sentence_and_is_said_once() -> None:
    quiet = evidence_sentences(EVIDENCE, NOW)
    for code in WARNINGS:
        told = evidence_sentences(known(warnings=(code, code)), NOW)
        assert len(told) == len(quiet) + 1
        assert warning_sentence(code, EVIDENCE) in told
    assert len({warning_sentence(code, EVIDENCE) for code in WARNINGS}) == len(WARNINGS)


def test_warnings_of_the_delivery_come_after_those_of_the_signature() -> None:
    told = evidence_sentences(known(warnings=("card-expired",)), NOW, warnings=("card-expired", "gap"))
    assert told[-2:] == (warning_sentence("card-expired", EVIDENCE), warning_sentence("gap", EVIDENCE))


def test_a_warning_of_a_later_version_is_not_swallowed() -> None:
    assert evidence_sentences(known(warnings=("of-next-year",)), NOW)[-1].endswith("(of-next-year).")


def test_an_expired_card_of_ones_own_is_not_asked_for_from_others() -> None:
    ours = known(how=HowKnown.OURS)
    assert warning_sentence("card-expired", ours).startswith("Your own organisation's card")
    assert "ring them" not in warning_sentence("key-change-pending", ours)
    assert warning_sentence("gap", ours) == warning_sentence("gap", EVIDENCE)


def test_times_are_told_in_the_zone_of_the_reader() -> None:
    late = known(check_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    now, summer = datetime(2026, 7, 4, 9, tzinfo=UTC), timezone(timedelta(hours=1))
    assert "on 30 June 2026" in evidence_sentences(late, now)[1]
    assert "on 1 July 2026" in evidence_sentences(late, now, summer)[1]


def test_hostile_names_are_made_plain_in_every_sentence() -> None:
    name = "HM\u202e Treasury\n\x1b[2J{by}" + "x" * 900
    evidence = known(
        org=Organisation(EVIDENCE.org.id, name),
        official=Official(PersonId("p"), name, name),
        check_by=name,
        warnings=WARNINGS,
    )
    for sentence in evidence_sentences(evidence, NOW):
        assert len(sentence) < 450
        assert not {"\u202e", "\n", "\x1b"} & set(sentence)


# ---------------------------------------------------------------- verdicts


def test_the_verdict_is_one_of_four_and_always_in_words() -> None:
    assert verdict(EVIDENCE, "") == ("Valid", "good")
    assert verdict(known(warnings=("not-checked",)), "") == ("Valid, with a warning", "warn")
    assert verdict(None, "signer-unknown") == ("Cannot be checked here", "warn")
    assert verdict(None, "signature-bad") == ("Altered", "bad")


@pytest.mark.parametrize(
    "problem", ["signer-unknown", "signer-not-on-card", "key-changed", "signer-left", "event-version", "", "new"]
)
def test_what_cannot_be_checked_is_neither_called_valid_nor_altered(problem: str) -> None:
    assert verdict(None, problem).word == "Cannot be checked here"
    assert unproven_sentence(problem).endswith(".")


@pytest.mark.parametrize(
    "problem",
    [
        "signature-bad",
        "signature-missing",
        "signature-twice",
        "other-official",
        "not-canonical",
        "envelope-json",
        "event-body",
        "time",
    ],
)
def test_bytes_that_are_not_what_was_signed_are_called_altered(problem: str) -> None:
    assert verdict(None, problem).word == "Altered"
    assert unproven_sentence(problem) != unproven_sentence("new")


def test_a_problem_outweighs_evidence() -> None:
    assert verdict(EVIDENCE, "signature-bad").word == "Altered"
    assert verdict(EVIDENCE, "new").word == "Cannot be checked here"
