from __future__ import annotations

import dataclasses

import pytest

from dsadesk.age import (
    AgeError,
    Header,
    HeaderError,
    HmacError,
    HybridIdentity,
    NoMatchError,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    parse_header,
    serialise_header,
    unwrap,
    wrap,
)
from dsadesk.age.header import MAX_STANZAS
from tests.unit.age.seeded import SeededEntropy

FILE_KEY = b"YELLOW SUBMARINE"
ENTROPY = SeededEntropy()
CLASSIC = [X25519Identity.generate(ENTROPY) for _ in range(3)]
HYBRID = [HybridIdentity.generate(ENTROPY) for _ in range(2)]


def wrapped(*recipients: Recipient, allow_mixed: bool = False, pad_to: int | None = None) -> Header:
    data = wrap(FILE_KEY, recipients, ENTROPY, allow_mixed=allow_mixed, pad_to=pad_to)
    header, size = parse_header(data)
    assert size == len(data)
    return header


def test_each_recipient_of_a_header_finds_the_file_key() -> None:
    for pairs in (CLASSIC, HYBRID):
        header = wrapped(*(pair.recipient for pair in pairs))
        for pair in pairs:
            assert unwrap(header, [pair]) == FILE_KEY


def test_one_matching_identity_among_several_is_enough() -> None:
    assert unwrap(wrapped(CLASSIC[0].recipient), [HYBRID[0], CLASSIC[1], CLASSIC[0]]) == FILE_KEY


def test_nobody_else_finds_the_file_key() -> None:
    header = wrapped(CLASSIC[0].recipient)

    with pytest.raises(NoMatchError):
        unwrap(header, [CLASSIC[1], HYBRID[0], ScryptIdentity("x")])
    with pytest.raises(NoMatchError):
        unwrap(header, [])


def test_a_header_without_recipients_is_not_made() -> None:
    with pytest.raises(AgeError, match="recipients-missing"):
        wrapped()


def test_hybrid_and_classic_recipients_are_mixed_only_where_the_caller_says_so() -> None:
    both = (HYBRID[0].recipient, CLASSIC[0].recipient)

    with pytest.raises(AgeError, match="recipients-mixed"):
        wrapped(*both)

    header = wrapped(*both, allow_mixed=True)
    assert unwrap(header, [CLASSIC[0]]) == unwrap(header, [HYBRID[0]]) == FILE_KEY


def test_a_passphrase_stands_alone() -> None:
    passphrase = ScryptRecipient("hunter2", 1)

    assert unwrap(wrapped(passphrase), [CLASSIC[0], ScryptIdentity("hunter2")]) == FILE_KEY
    for company in ([passphrase, passphrase], [passphrase, CLASSIC[0].recipient], [HYBRID[0].recipient, passphrase]):
        with pytest.raises(AgeError, match="recipients-passphrase-not-alone"):
            wrapped(*company, allow_mixed=True)
    with pytest.raises(AgeError, match="recipients-passphrase-not-alone"):
        wrapped(passphrase, pad_to=4096)


def test_a_received_passphrase_stanza_that_is_not_alone_is_refused_whoever_reads_it() -> None:
    classic, passphrase = wrapped(CLASSIC[0].recipient), wrapped(ScryptRecipient("x", 1))
    mixed = Header(classic.stanzas + passphrase.stanzas, classic.mac)

    for identities in ([CLASSIC[0]], [ScryptIdentity("x")], []):
        with pytest.raises(HeaderError, match="stanza-passphrase-not-alone"):
            unwrap(mixed, identities)


def test_a_header_with_a_stanza_taken_away_added_or_moved_is_refused() -> None:
    header = wrapped(*(identity.recipient for identity in CLASSIC))
    first, second, third = header.stanzas
    for stanzas in (
        (first,),
        (first, third, second),
        (*header.stanzas, first),
        (first, dataclasses.replace(second, type="x")),
    ):
        with pytest.raises(HmacError):
            unwrap(dataclasses.replace(header, stanzas=stanzas), [CLASSIC[0]])


def test_a_header_with_another_mac_is_refused() -> None:
    header = wrapped(CLASSIC[0].recipient)

    with pytest.raises(HmacError):
        unwrap(dataclasses.replace(header, mac=bytes(32)), [CLASSIC[0]])


def test_a_header_beyond_the_limits_is_not_made() -> None:
    recipients = [CLASSIC[0].recipient] * MAX_STANZAS

    assert len(wrapped(*recipients).stanzas) == MAX_STANZAS
    with pytest.raises(HeaderError, match="header-too-many-stanzas"):
        wrapped(*recipients, CLASSIC[0].recipient)
    with pytest.raises(HeaderError, match="header-too-many-stanzas"):
        wrapped(*recipients, pad_to=1 << 18)


@pytest.mark.parametrize("pad_to", [168, *range(186, 330), 4096, 16384, 1 << 20])
def test_a_padded_header_has_exactly_the_size_asked_for(pad_to: int) -> None:
    header = wrapped(CLASSIC[0].recipient, pad_to=pad_to)

    assert len(serialise_header(header)) == pad_to
    assert unwrap(header, [CLASSIC[0]]) == FILE_KEY


def test_a_header_that_already_has_the_size_is_not_padded() -> None:
    size = len(serialise_header(wrapped(CLASSIC[0].recipient)))

    assert len(wrapped(CLASSIC[0].recipient, pad_to=size).stanzas) == 1


@pytest.mark.parametrize("pad_to", [0, 167, 169, 185])
def test_padding_that_cannot_be_had_is_refused(pad_to: int) -> None:
    with pytest.raises(AgeError, match="padding-too-small"):
        wrapped(CLASSIC[0].recipient, pad_to=pad_to)


def test_padding_beyond_the_largest_header_is_refused() -> None:
    with pytest.raises(HeaderError, match="header-too-large"):
        wrapped(CLASSIC[0].recipient, pad_to=(1 << 20) + 1)


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_file_key_of_another_size_is_a_bug(size: int) -> None:
    with pytest.raises(ValueError, match="file key"):
        wrap(bytes(size), [CLASSIC[0].recipient], ENTROPY)
