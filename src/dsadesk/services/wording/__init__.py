"""Every sentence that the window and the command line share. Why they live here: docs/adr/0003.

The core speaks in codes, facts and times; here they become plain English, each sentence whole in one table. What other people wrote
comes through `plain` before it stands in a sentence.
"""

from __future__ import annotations

from dsadesk.services.wording.amounts import count_words, duration_words, size_words
from dsadesk.services.wording.cards import card_notice_sentence
from dsadesk.services.wording.dates import clock_words, day_of, long_date, on, when
from dsadesk.services.wording.deliveries import (
    delivery_sentence,
    delivery_tone,
    delivery_words,
    kind_words,
    unheard_sentence,
)
from dsadesk.services.wording.errors import Explanation, door_words, explain, explain_quarantined, problem_words
from dsadesk.services.wording.events import (
    Parties,
    answer_text,
    crossed_sentence,
    event_details,
    event_sentence,
    fault_sentence,
    line_details,
)
from dsadesk.services.wording.evidence import (
    Verdict,
    evidence_sentences,
    how_known_sentence,
    unproven_sentence,
    verdict,
    warning_sentence,
)
from dsadesk.services.wording.fingerprints import spelled
from dsadesk.services.wording.losses import salvage_sentences
from dsadesk.services.wording.plain import plain
from dsadesk.services.wording.records import record_problem_sentence, sample_warning_sentence
from dsadesk.services.wording.stages import Tone, action_name, stage_name, stage_sentence, stage_words, tone_of

__all__ = [
    "Explanation",
    "Parties",
    "Tone",
    "Verdict",
    "action_name",
    "answer_text",
    "card_notice_sentence",
    "clock_words",
    "count_words",
    "crossed_sentence",
    "day_of",
    "delivery_sentence",
    "delivery_tone",
    "delivery_words",
    "door_words",
    "duration_words",
    "event_details",
    "event_sentence",
    "evidence_sentences",
    "explain",
    "explain_quarantined",
    "fault_sentence",
    "how_known_sentence",
    "kind_words",
    "line_details",
    "long_date",
    "on",
    "plain",
    "problem_words",
    "record_problem_sentence",
    "salvage_sentences",
    "sample_warning_sentence",
    "size_words",
    "spelled",
    "stage_name",
    "stage_sentence",
    "stage_words",
    "tone_of",
    "unheard_sentence",
    "unproven_sentence",
    "verdict",
    "warning_sentence",
    "when",
]
