"""Bundles that stopped at a check on their way in. Each names the check, says what it found, and that nothing of the bundle was believed.

A file that is no bundle at all lies in quarantine too, with its hash and what was wrong; there is nothing in it to ask for again.
"""

from __future__ import annotations

from dsadesk.errors import (
    BundleError,
    ContainerError,
    ContentsError,
    DecryptError,
    ManifestError,
    SignatureError,
    TrustError,
)
from dsadesk.services.wording.faults.saying import ANY, Saying, Sayings

_FILE_AGAIN = "Nothing in it was believed and nothing was taken in; ask the sender for the file again."
_SEND_AGAIN = "Nothing in it was believed and it is kept in quarantine; ask the sender to seal and send it again."
_STORE_CHANGED = (
    "Nothing in it was believed and it is kept in quarantine; tell the sender, and whoever looks after the store."
)
_WARN_SENDER = "Nothing in it was believed and it is kept in quarantine; tell the sender by phone, using a number that you already have."
_NEWER = (
    "Nothing in it was believed and it is kept in quarantine; "
    "install the newest version of dsadesk, then ask for it to be sent again."
)
_NEWEST_CARD = (
    "Nothing in it was believed and it is kept in quarantine; "
    "get their newest card, compare its words with them, and ask for the bundle again."
)
_DRAFT_ANEW = "Do not sign or rely on this text; have the agreement drafted anew."

DOORS = {
    "container": "outer form",
    "decrypt": "opening",
    "manifest": "list of contents",
    "signature": "signatures",
    "trust": "who signed",
    "contents": "contents",
}
"""What each check looks at, by the name of its door."""

STORED = Saying(
    "Something kept in your vault no longer reads the way it was signed.",
    "Do not rely on it; check the vault, and restore your newest backup into a new folder.",
)
"""What is said when the fault is in something taken in long ago, not in something arriving."""

_CONTAINER = {
    ANY: Saying("This bundle stopped at the check of its outer form.", _SEND_AGAIN),
    "never-completed": Saying(
        "This bundle stopped at the check of its outer form: a part that it names has not come for {days:# day|# days}.",
        _SEND_AGAIN,
    ),
    "too-many-waiting": Saying(
        "This bundle stopped at the check of its outer form: too many deliveries already wait for parts that have not come.",
        _STORE_CHANGED,
    ),
    "commit-hash": Saying(
        "This bundle stopped at the check of its outer form: its contents do not match its name in the store.",
        _STORE_CHANGED,
    ),
    "commit-name": Saying(
        "This bundle stopped at the check of its outer form: its name in the store is not one that dsadesk gives.",
        _STORE_CHANGED,
    ),
    "commit-shape": Saying(
        "This bundle stopped at the check of its outer form: it is cut short, or not built as bundles are.",
        _STORE_CHANGED,
    ),
    "commit-version": Saying(
        "This bundle stopped at the check of its outer form: another version of dsadesk wrote it.",
        "Nothing in it was believed and it is kept in quarantine; get the newest version and check it again, or have it sent as a file.",
    ),
    "member-name": Saying(
        "This bundle stopped at the check of its outer form: a file in it has a name that no bundle uses.", _FILE_AGAIN
    ),
    "member-order": Saying(
        "This bundle stopped at the check of its outer form: its files are not the ones that a bundle has, in their order.",
        _FILE_AGAIN,
    ),
    "member-packed": Saying(
        "This bundle stopped at the check of its outer form: a file in it is packed, and in a bundle none is.",
        _FILE_AGAIN,
    ),
    "member-twice": Saying(
        "This bundle stopped at the check of its outer form: two files in it have the same name.", _FILE_AGAIN
    ),
    "mimetype": Saying(
        "This bundle stopped at the check of its outer form: it does not say that it is a bundle.", _FILE_AGAIN
    ),
    "not-a-bundle": Saying(
        "This file stopped at the check of its outer form: it is not a bundle, or it is cut short.", _FILE_AGAIN
    ),
    "object-header": Saying(
        "This bundle stopped at the check of its outer form: encrypted file {n} does not begin as it must.", _SEND_AGAIN
    ),
    "object-missing": Saying(
        "This bundle stopped at the check of its outer form: encrypted file {n} should be in it and is not.",
        _SEND_AGAIN,
    ),
    "part-altered": Saying(
        "This bundle stopped at the check of its outer form: one of its parts was changed in the store.", _STORE_CHANGED
    ),
    "part-list": Saying(
        "This bundle stopped at the check of its outer form: the list of its parts is not sound.", _SEND_AGAIN
    ),
    "part-list-encrypted": Saying(
        "This bundle stopped at the check of its outer form: none of your keys opens the list of its parts.",
        _SEND_AGAIN,
    ),
    "part-list-time": Saying(
        "This bundle stopped at the check of its outer form: its name in the store gives another time than it does itself.",
        _STORE_CHANGED,
    ),
    "too-large": Saying(
        "This bundle stopped at the check of its outer form: it is larger than the limit of {limit:size}.", _FILE_AGAIN
    ),
    "trailing-bytes": Saying(
        "This bundle stopped at the check of its outer form: something was put before, between or after its files.",
        _FILE_AGAIN,
    ),
}

_DECRYPT = {
    ANY: Saying("This bundle stopped at the opening check.", _SEND_AGAIN),
    "damaged": Saying(
        "This bundle stopped at the opening check: it was damaged or changed on its way.",
        _SEND_AGAIN,
    ),
    "not-for-us": Saying(
        "This bundle stopped at the opening check: none of your keys opens it.",
        "Nothing in it was believed and it is kept in quarantine; ask the sender whether they sealed it with your newest card.",
    ),
    "too-large": Saying(
        "This bundle stopped at the opening check: its list of contents is larger than the limit of {limit:size}.",
        _SEND_AGAIN,
    ),
}

_MANIFEST = {
    ANY: Saying("This bundle stopped at the check of its list of contents.", _SEND_AGAIN),
    "card": Saying(
        "This bundle stopped at the check of its list of contents: the sender's card in it is not sound.", _SEND_AGAIN
    ),
    "envelope-fields": Saying(
        "This bundle stopped at the check of its list of contents: the list is not wrapped as signed lists are.",
        _SEND_AGAIN,
    ),
    "envelope-json": Saying(
        "This bundle stopped at the check of its list of contents: the wrapping of the list cannot be read.",
        _SEND_AGAIN,
    ),
    "envelope-signatures": Saying(
        "This bundle stopped at the check of its list of contents: the list bears no signature, or far too many.",
        _SEND_AGAIN,
    ),
    "envelope-type": Saying(
        "This bundle stopped at the check of its list of contents: what was signed is not such a list.", _WARN_SENDER
    ),
    "forwarded": Saying(
        "This bundle stopped at the check of its list of contents: it is addressed to other inboxes and not to yours.",
        "Nothing in it was believed and it is kept in quarantine; ask its sender to seal it for you if you should have it.",
    ),
    "manifest-fields": Saying(
        "This bundle stopped at the check of its list of contents: the list says something that no such list may say.",
        _SEND_AGAIN,
    ),
    "manifest-json": Saying(
        "This bundle stopped at the check of its list of contents: the list cannot be read.", _SEND_AGAIN
    ),
    "manifest-limits": Saying(
        "This bundle stopped at the check of its list of contents: it lists more than a bundle may carry.", _SEND_AGAIN
    ),
    "manifest-version": Saying(
        "This bundle stopped at the check of its list of contents: it is of a version that this dsadesk does not know.",
        _NEWER,
    ),
}

_SIGNATURE = {
    ANY: Saying("This bundle stopped at the signature check.", _WARN_SENDER),
    "envelope-fields": Saying(
        "This bundle stopped at the signature check: what was signed is not wrapped as it must be.", _SEND_AGAIN
    ),
    "envelope-json": Saying(
        "This bundle stopped at the signature check: the wrapping of what was signed cannot be read.", _SEND_AGAIN
    ),
    "envelope-signatures": Saying(
        "This bundle stopped at the signature check: it bears no signature, or far too many.", _SEND_AGAIN
    ),
    "envelope-type": Saying(
        "This bundle stopped at the signature check: it was signed as something else than it is used for.", _WARN_SENDER
    ),
    "signature-bad": Saying(
        "This bundle stopped at the signature check: a signature does not match, so something was changed or wrongly signed.",
        _WARN_SENDER,
    ),
    "signature-missing": Saying(
        "This bundle stopped at the signature check: one of the two signatures that it must bear is missing.",
        _WARN_SENDER,
    ),
    "signature-twice": Saying(
        "This bundle stopped at the signature check: it bears two signatures of the same key.", _WARN_SENDER
    ),
    "signer-keys": Saying(
        "This bundle stopped at the signature check: it names other keys than those on the card of {org:org}.",
        _NEWEST_CARD,
    ),
}

_TRUST = {
    ANY: Saying("This bundle stopped at the check of who signed it.", _WARN_SENDER),
    "card-of-another": Saying(
        "This bundle stopped at the check of who signed it: it says {org:org}, but the card in it is that of {card:org}.",
        _WARN_SENDER,
    ),
    "card-forgets": Saying(
        "This bundle stopped at the check of who signed it: the card in it no longer names everyone who ever signed for {org:org}.",
        "Nothing in it was believed and it is kept in quarantine; "
        "give them the card of theirs that you hold, so that they can renew that one.",
    ),
    "chain-broken": Saying(
        "This bundle stopped at the check of who signed it: it does not follow on from the last one from {org:org}.",
        "Nothing in it was believed and it is kept in quarantine; ask them whether a laptop was restored from an old copy.",
    ),
    "key-changed": Saying(
        "This bundle stopped at the check of who signed it: {org:org} uses another key than the one that you know.",
        "Nothing in it was believed, it is kept in quarantine, and nothing more goes to them until you have compared their new key.",
        otherwise=Saying(
            "This bundle stopped at the check of who signed it: its sender uses another key than the one that you know.",
            "Nothing in it was believed, it is kept in quarantine, "
            "and nothing more goes to them until you have compared their new key.",
        ),
    ),
    "key-changed/ours": Saying(
        "This bundle stopped at the check of who signed it: it bears another key for your own organisation than yours.",
        "Nothing in it was believed and it is kept in quarantine; tell whoever looks after your organisation's key at once.",
    ),
    "key-doubted": Saying(
        "This bundle stopped at the check of who signed it: it bears yet another key for {org:org}, soon after somebody here refused one.",
        "Nothing in it was believed, it is kept in quarantine, and deliveries to them go on; "
        "if their key has really changed, import their new card.",
    ),
    "key-refused": Saying(
        "This bundle stopped at the check of who signed it: it bears a key for {org:org} that somebody here has refused.",
        "Nothing in it was believed and it is kept in quarantine; "
        "ring them if you doubt that decision, and take it anew.",
    ),
    "signer-left": Saying(
        "This bundle stopped at the check of who signed it: {official} had stopped signing for {org:org} on {until:date}.",
        "Nothing in it was believed and it is kept in quarantine; ask the organisation to have it sealed by someone in post.",
    ),
    "signer-not-on-card": Saying(
        "This bundle stopped at the check of who signed it: the laptop that sealed it is not on the card of {org:org}.",
        _NEWEST_CARD,
    ),
    "signer-unknown": Saying(
        "This bundle stopped at the check of who signed it: you hold no card of {org:org}.",
        _NEWEST_CARD,
    ),
    "two-contents": Saying(
        "This bundle stopped at the check of who signed it: delivery {seq} from {org:org} came before with other contents.",
        _WARN_SENDER,
    ),
}

_CONTENTS = {
    ANY: Saying("This bundle stopped at the check of its contents.", _SEND_AGAIN),
    "agreement-digest": Saying(
        "This bundle stopped at the check of its contents: the agreement in it is not the text that it says it is.",
        _WARN_SENDER,
    ),
    "agreement-signature": Saying(
        "This bundle stopped at the check of its contents: a signature under the agreement does not match its text.",
        _WARN_SENDER,
    ),
    "agreement-tree": Saying(
        "This bundle stopped at the check of its contents: the agreement in it is not built as agreements are.",
        _SEND_AGAIN,
    ),
    "document-format": Saying(
        "This agreement is not in a form that this version of dsadesk knows.",
        "Install the newest version and open it again.",
    ),
    "document-headings": Saying("The headings of this agreement skip a level.", _DRAFT_ANEW),
    "document-shape": Saying("This agreement is not built as agreements are.", _DRAFT_ANEW),
    "document-table": Saying("A table in this agreement has rows of different lengths.", _DRAFT_ANEW),
    "document-text": Saying("This agreement has characters in it that hide or turn its text.", _DRAFT_ANEW),
    "document-too-large": Saying("This agreement is longer than an agreement may be.", _DRAFT_ANEW),
    "event-after": Saying(
        "This bundle stopped at the check of its contents: an entry of the history does not say properly what came before it.",
        _SEND_AGAIN,
    ),
    "event-author": Saying(
        "This bundle stopped at the check of its contents: the author of an entry of the history cannot be believed.",
        _WARN_SENDER,
    ),
    "event-author/key-changed": Saying(
        "This bundle stopped at the check of its contents: the author of an entry uses another key than the one that you know.",
        _NEWEST_CARD,
    ),
    "event-author/other-official": Saying(
        "This bundle stopped at the check of its contents: an entry of the history names someone other than who signed it.",
        _WARN_SENDER,
    ),
    "event-author/role-missing": Saying(
        "This bundle stopped at the check of its contents: the card does not name the author of an entry for saying it.",
        "Nothing in it was believed and it is kept in quarantine; "
        "ask the organisation to have it said by someone whom its card names for it.",
    ),
    "event-author/signer-left": Saying(
        "This bundle stopped at the check of its contents: an entry of the history was signed by someone who had left.",
        _WARN_SENDER,
    ),
    "event-author/signer-not-on-card": Saying(
        "This bundle stopped at the check of its contents: an entry was signed on a laptop that is not on the author's card.",
        _NEWEST_CARD,
    ),
    "event-author/signer-unknown": Saying(
        "This bundle stopped at the check of its contents: an entry of the history is by an organisation whose card you lack.",
        _NEWEST_CARD,
    ),
    "event-body": Saying(
        "This bundle stopped at the check of its contents: an entry of the history does not say what entries of its type must say.",
        _SEND_AGAIN,
    ),
    "event-chain": Saying(
        "This bundle stopped at the check of its contents: an entry of the history is not numbered as it must be.",
        _SEND_AGAIN,
    ),
    "event-encoding": Saying(
        "This bundle stopped at the check of its contents: an entry of the history is garbled.", _SEND_AGAIN
    ),
    "event-envelope": Saying(
        "This bundle stopped at the check of its contents: an entry of the history is not wrapped as signed entries are.",
        _SEND_AGAIN,
    ),
    "event-fields": Saying(
        "This bundle stopped at the check of its contents: an entry of the history lacks something that every entry has.",
        _SEND_AGAIN,
    ),
    "event-id": Saying(
        "This bundle stopped at the check of its contents: an entry of the history has a name that is not sound.",
        _SEND_AGAIN,
    ),
    "event-json": Saying(
        "This bundle stopped at the check of its contents: an entry of the history cannot be read.", _SEND_AGAIN
    ),
    "event-other-request": Saying(
        "This bundle stopped at the check of its contents: an entry of the history belongs to another request.",
        _WARN_SENDER,
    ),
    "event-signature": Saying(
        "This bundle stopped at the check of its contents: an entry of the history is not signed as it must be.",
        _WARN_SENDER,
    ),
    "event-signature/signature-bad": Saying(
        "This bundle stopped at the check of its contents: an entry of the history was changed after it was signed.",
        _WARN_SENDER,
    ),
    "event-signature/signature-missing": Saying(
        "This bundle stopped at the check of its contents: an entry of the history lacks one of its two signatures.",
        _WARN_SENDER,
    ),
    "event-version": Saying(
        "This bundle stopped at the check of its contents: an entry of the history is of a version that this dsadesk does not know.",
        _NEWER,
    ),
    "object-altered": Saying(
        "This bundle stopped at the check of its contents: the file “{name}” was changed after it was sealed.",
        _WARN_SENDER,
        otherwise=Saying(
            "This bundle stopped at the check of its contents: a file in it was changed after it was sealed.",
            _WARN_SENDER,
        ),
    ),
    "object-header": Saying(
        "This bundle stopped at the check of its contents: your keys do not open the file “{name}”.",
        _SEND_AGAIN,
        otherwise=Saying(
            "This bundle stopped at the check of its contents: your keys do not open a file in it.", _SEND_AGAIN
        ),
    ),
    "object-plaintext": Saying(
        "This bundle stopped at the check of its contents: the file “{name}” is not the one that the sender signed for.",
        _WARN_SENDER,
        otherwise=Saying(
            "This bundle stopped at the check of its contents: a file in it is not the one that the sender signed for.",
            _WARN_SENDER,
        ),
    ),
    "object-size": Saying(
        "This bundle stopped at the check of its contents: the file “{name}” has another size than the sender signed for.",
        _SEND_AGAIN,
        otherwise=Saying(
            "This bundle stopped at the check of its contents: a file in it has another size than the sender signed for.",
            _SEND_AGAIN,
        ),
    ),
    "event-rewritten": Saying(
        "This bundle stopped at the check of its contents: an entry of the history differs from what came before.",
        _WARN_SENDER,
    ),
    "sign-off-astray": Saying(
        "This bundle stopped at the check of its contents: sign-offs stay within an organisation, and this mixes them with other entries.",
        _WARN_SENDER,
    ),
    "sign-off-other-draft": Saying(
        "This bundle stopped at the check of its contents: a sign-off in it is over another draft than the request it came with.",
        _WARN_SENDER,
    ),
    "sign-off-signature": Saying(
        "This bundle stopped at the check of its contents: a sign-off in it was not signed by the official that it names.",
        _WARN_SENDER,
    ),
    "sign-off-stranger": Saying(
        "This bundle stopped at the check of its contents: only colleagues may ask for a sign-off, and {org:org} is another organisation.",
        _WARN_SENDER,
        otherwise=Saying(
            "This bundle stopped at the check of its contents: only colleagues may ask for a sign-off or give one.",
            _WARN_SENDER,
        ),
    ),
    "not-our-request": Saying(
        "This bundle stopped at the check of its contents: the request in it is not addressed to your organisation.",
        _WARN_SENDER,
    ),
    "sender-not-a-party": Saying(
        "This bundle stopped at the check of its contents: its sender takes no part in the request it is about.",
        _WARN_SENDER,
    ),
    "party-name": Saying(
        "This bundle stopped at the check of its contents: the request calls its sender by another name than their card does.",
        _WARN_SENDER,
    ),
    "sample-missing": Saying(
        "This bundle stopped at the check of its contents: the sample “{name}” that the request names is not in it.",
        _SEND_AGAIN,
    ),
    "time": Saying(
        "This bundle stopped at the check of its contents: a time in it is not written as times are.", _SEND_AGAIN
    ),
}

BUNDLES: Sayings = {
    BundleError: {ANY: Saying("This bundle stopped at one of the checks.", _SEND_AGAIN)},
    ContainerError: _CONTAINER,
    DecryptError: _DECRYPT,
    ManifestError: _MANIFEST,
    SignatureError: _SIGNATURE,
    TrustError: _TRUST,
    ContentsError: _CONTENTS,
}
