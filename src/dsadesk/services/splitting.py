"""The recovery words in three shares, any two of which do what the words do: made, printed, and proved to be on paper."""

from __future__ import annotations

from collections.abc import Sequence

from dsadesk.bundle.identity import words_to_seed
from dsadesk.bundle.shares import SHARE_WORDS, TELLING_WORDS, Share, split_seed
from dsadesk.documents.recovery_sheet import share_sheet
from dsadesk.secret import Secret
from dsadesk.services.printing import as_pdf
from dsadesk.services.rehearsing import one_word
from dsadesk.services.session import Session


def split(words: Secret[str]) -> tuple[Share, ...]:
    """Three new shares of the words. Earlier shares of the same words go on working, among themselves. Raises: as `words_to_seed`."""
    return split_seed(words_to_seed(words.reveal()))


def sheet(session: Session, share: Share) -> bytes:
    """One share as a sheet to print, in PDF. It is not written anywhere. Raises: InputError("pdf-not-made")."""
    world, profile = session.world, session.profile
    now = world.clock.now().replace(microsecond=0)
    document = share_sheet(
        share.words,
        number=share.number,
        set_name=share.set_name,
        organisation=profile.organisation,
        official=profile.official,
        vault_id=session.vault.id,
        made_on=now.date(),
    )
    return as_pdf(world.library, document, made_at=now)


def places_to_ask(token: bytes, count: int) -> tuple[int, ...]:
    """One place for each share, from four random bytes for each: never among the first words, which say nothing of its value."""
    if len(token) < 4 * count:
        raise ValueError("each place needs four random bytes")
    span = SHARE_WORDS - TELLING_WORDS
    numbers = (int.from_bytes(token[4 * n : 4 * n + 4], "big") for n in range(count))
    return tuple(TELLING_WORDS + 1 + number % span for number in numbers)


def wrong_answers(shares: Sequence[Share], places: Sequence[int], answers: Sequence[str]) -> tuple[int, ...]:
    """The numbers of the shares whose word at the place asked for was not what was answered."""
    asked = zip(shares, places, answers, strict=True)
    return tuple(share.number for share, place, answer in asked if share.words[place - 1] != one_word(answer))
