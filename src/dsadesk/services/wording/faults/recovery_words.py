"""What is wrong with recovery words and shares as they were typed."""

from __future__ import annotations

from collections.abc import Mapping

from dsadesk.services.wording.faults.saying import Saying

RECOVERY_WORDS: Mapping[str, Saying] = {
    "founder-or-card": Saying(
        "The words do not say whether you set dsadesk up for your organisation or a colleague let you in.",
        "Give your organisation's card, which any colleague can save to a file; or say that you set it up, only if you did.",
        command="dsadesk keys export FILE, at a colleague's; then --card FILE here, or --founder",
    ),
    "recovery-word-unknown": Saying(
        "Word {position} is not one of the words that recovery words are made of.",
        "Check its spelling on your paper.",
    ),
    "recovery-words-check": Saying(
        "All 24 words are known, but they do not belong together in this order.",
        "Check each word and its place against your paper.",
    ),
    "recovery-words-count": Saying(
        "There must be 24 recovery words, or two shares of 33, and {count:# was|# were} typed.",
        "Type all the words in their order.",
    ),
    "share-alone": Saying(
        "That is one share of three, and one alone opens nothing.",
        "Find a second share and type both, one after the other.",
    ),
    "share-check": Saying(
        "All words of the {which} share are known, but some are wrong or out of their places.",
        "Check each word and its place against your paper.",
    ),
    "share-other-kind": Saying(
        "The {which} share is sound, but it was not made by dsadesk for a vault.",
        "Look for a sheet that says “Share” and the name of your organisation.",
    ),
    "share-word-unknown": Saying(
        "Word {position} of the {which} share is not one of the words that shares are made of.",
        "Check its spelling on your paper.",
    ),
    "share-word-wrong": Saying(
        "One word of the {which} share does not fit the others, most likely word {position}.",
        "Check it against your paper.",
    ),
    "share-words-count": Saying(
        "The {which} share must have 33 words, and {count:# was|# were} typed.",
        "Type all the words in their order.",
    ),
    "shares-check": Saying(
        "Both shares are sound, but they do not belong together.",
        "Look for a second share that begins with the same two words.",
    ),
    "shares-other-set": Saying(
        "These two shares are of different sets: one begins with “{first}”, the other with “{second}”.",
        "Find two sheets that begin with the same two words.",
    ),
    "shares-same": Saying(
        "Both are share {number}, and the same share twice opens nothing.",
        "Find one of the other two sheets.",
    ),
    "words-not-of-card": Saying(
        "These 24 words are sound, but nobody on this card has them.",
        "Ask a colleague for your organisation's newest card; if nobody has let you in yet, join as a newcomer.",
    ),
}
"""By code of an `InputError`."""
