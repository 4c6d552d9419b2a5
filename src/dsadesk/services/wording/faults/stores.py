"""Places that bundles are delivered to, and that backups are written to. What waits is never lost by their faults, and it is said so."""

from __future__ import annotations

from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
    TransferStoppedError,
)
from dsadesk.services.wording.faults.saying import ANY, Saying, Sayings
from dsadesk.sync.receive import IncompleteError

_RIGHT_ONE = "Connect the right drive or choose the right folder, then try again; whatever waits is kept."
_TELL_KEEPER = "Tell whoever looks after the store; whatever waits is kept."
_LATER = "Try again when the connection is back; whatever waits is kept."
_LOOKS_FIRST = "Send again: dsadesk looks at the store first, so nothing is sent twice."
_GOES_ON = "Send again whenever you like; it goes on from where it was."
_REPORT = "Report it with the time, because dsadesk should not have tried; whatever waits is kept."
_FREE_SPACE = "Free some space there and try again; whatever waits is kept."

STORES: Sayings = {
    StoreError: {
        ANY: Saying("The place that bundles go to cannot be used now.", _LATER),
        "backup-failed": Saying(
            "The backup could not be written, and your vault is untouched.",
            "Try again, or choose another place for it.",
        ),
    },
    StoreMissingError: {
        ANY: Saying("The place that bundles go to is not there.", _RIGHT_ONE),
        "address-kind": Saying(
            "This version of dsadesk cannot deliver to an address that begins with “{address}”.",
            "Use a folder, or an address that begins with https://, s3+https:// or sftp://.",
            otherwise=Saying(
                "This version of dsadesk cannot deliver to an address of that kind.",
                "Use a folder, or an address that begins with https://, s3+https:// or sftp://.",
            ),
        ),
        "folder-empty": Saying(
            "The folder {address} is empty, as it is when its drive or share is not connected.",
            _RIGHT_ONE,
            otherwise=Saying("The folder is empty, as it is when its drive or share is not connected.", _RIGHT_ONE),
        ),
        "folder-missing": Saying(
            "There is no folder at {address}.",
            "Connect the drive or the network and try again; whatever waits is kept.",
            otherwise=Saying(
                "The folder that bundles go to is not there.",
                "Connect the drive or the network and try again; whatever waits is kept.",
            ),
        ),
        "marker-damaged": Saying(
            "The file that says which store lies at {address} is damaged, so nothing was sent or fetched.",
            "Ask whoever set the store up to put that file back; do not set it up anew.",
            otherwise=Saying(
                "The file that says which store this is is damaged, so nothing was sent or fetched.",
                "Ask whoever set the store up to put that file back; do not set it up anew.",
            ),
        ),
        "marker-missing": Saying(
            "The folder {address} is there, but the store that was set up in it is not.",
            "Check that it is the right drive or folder; do not set the store up anew unless you know that it is gone.",
            otherwise=Saying(
                "The folder is there, but the store that was set up in it is not.",
                "Check that it is the right drive or folder; do not set the store up anew unless you know that it is gone.",
            ),
        ),
        "marker-newer": Saying(
            "A newer version of dsadesk set up the store at {address}.",
            "Install the newer version to use this store.",
            otherwise=Saying(
                "A newer version of dsadesk set this store up.", "Install the newer version to use this store."
            ),
        ),
        "not-a-folder": Saying(
            "There is a file at {address} where a folder was expected.",
            "Choose the folder that the store was set up in.",
            otherwise=Saying(
                "There is a file where a folder was expected.", "Choose the folder that the store was set up in."
            ),
        ),
        "object-missing": Saying(
            "A file that was expected in the store is not there.",
            "Look again later, and tell whoever looks after the store if it stays away.",
        ),
        "other-store": Saying(
            "The folder {address} holds another store than the one expected, and nothing was written to it.",
            _RIGHT_ONE,
            otherwise=Saying("This is another store than the one expected, and nothing was written to it.", _RIGHT_ONE),
        ),
        "store-is-a-link": Saying(
            "The store at {address} is a link that leads somewhere else, so it was not used.",
            "Choose the real folder, and find out who put the link there.",
            otherwise=Saying(
                "The store is a link that leads somewhere else, so it was not used.",
                "Choose the real folder, and find out who put the link there.",
            ),
        ),
        "store-missing": Saying(
            "There is nothing at {address}.",
            _RIGHT_ONE,
            otherwise=Saying(
                "The place that you chose is not there.", "Choose another place, or connect its drive first."
            ),
        ),
    },
    IncompleteError: {
        ANY: Saying(
            "A bundle has not reached the store whole yet, and nothing is wrong.", "Fetch again later to take it in."
        ),
        "part-missing": Saying(
            "Part of a bundle has not reached the store yet, and nothing is wrong.", "Fetch again later to take it in."
        ),
    },
    StoreReadOnlyError: {
        ANY: Saying("The place that you chose can be read and not written to.", _TELL_KEEPER),
        "stick-read-only": Saying(
            "The stick “{name}” is write-protected.",
            "If it has a small switch on its side, slide it and plug the stick in again; otherwise use another.",
            otherwise=Saying(
                "The stick is write-protected.",
                "If it has a small switch on its side, slide it and plug the stick in again; otherwise use another.",
            ),
        ),
        "store-read-only": Saying(
            "The place {address} can be read and not written to.",
            "Ask whoever looks after it to let you write there; whatever waits is kept.",
            otherwise=Saying(
                "The place that you chose can be read and not written to.",
                "Choose another place, or ask to be allowed to write there.",
            ),
        ),
    },
    StoreFullError: {
        ANY: Saying("There is no room left in the place that you chose.", _FREE_SPACE),
        "stick-full": Saying(
            "The stick “{name}” has {free:size} free, and the delivery needs {needed:size}.",
            "Remove something from it, or use another stick.",
            otherwise=Saying(
                "The stick has too little room for the delivery.", "Remove something from it, or use another stick."
            ),
        ),
        "quota-full": Saying(
            "Your share of the space at {address} is used up.",
            _FREE_SPACE,
            otherwise=Saying("Your share of the space in that place is used up.", _FREE_SPACE),
        ),
        "store-full": Saying(
            "There is no room left at {address}.",
            _FREE_SPACE,
            otherwise=Saying(
                "There is no room left in the place that you chose.", "Free some space there, or choose another place."
            ),
        ),
    },
    StoreRefusedError: {
        ANY: Saying("The store refuses this, and trying again will not change that.", _TELL_KEEPER),
        "already-a-store": Saying(
            "The folder {address} is a store already.",
            "Use it as it is, or choose another folder for the new store.",
            otherwise=Saying(
                "This folder is a store already.", "Use it as it is, or choose another folder for the new store."
            ),
        ),
        "folder-in-use": Saying(
            "The folder {address} holds what is left of an earlier store.",
            "Find out whose it was before anything is removed, or choose an empty folder.",
            otherwise=Saying(
                "This folder holds what is left of an earlier store.",
                "Find out whose it was before anything is removed, or choose an empty folder.",
            ),
        ),
        "link-in-store": Saying(
            "Something in the store is a link that leads somewhere else, so it was not followed.", _TELL_KEEPER
        ),
        "memory-only": Saying(
            "This vault lies only in the computer's memory, so there is nothing to copy.",
            "Use a vault in a folder to keep it.",
        ),
        "name-invalid": Saying("A name was used that no store may hold, so nothing was sent or read.", _REPORT),
        "name-taken": Saying(
            "The store holds something else under the name of what was to be sent, and nothing was overwritten.",
            _TELL_KEEPER,
        ),
        "not-in-outbox": Saying(
            "This delivery is no longer in your outbox.", "Look at the deliveries of the request to see where it is."
        ),
        "object-too-large": Saying("A file in the store is larger than any of ours, so it was not read.", _TELL_KEEPER),
        "path-too-long": Saying(
            "The path to {address} is too long for this computer.",
            "Have the store moved to a folder with a shorter path; whatever waits is kept.",
            otherwise=Saying(
                "The path to the store is too long for this computer.",
                "Have the store moved to a folder with a shorter path; whatever waits is kept.",
            ),
        ),
        "store-id-invalid": Saying("The new store was given a name that is not sound, so it was not set up.", _REPORT),
    },
    TransferStoppedError: {
        ANY: Saying("The transfer was stopped here.", _GOES_ON),
        "export-stopped": Saying(
            "The writing was stopped, and nothing of the file is left.", "Begin again when you like."
        ),
        "cancelled": Saying("The transfer was cancelled here; what the store has already is kept.", _GOES_ON),
        "paused": Saying("The transfer is paused here; what the store has already is kept.", _GOES_ON),
    },
    StoreUnreachableError: {
        "read-back-differs": Saying(
            "What was written did not come back as it went in, so the stick or drive cannot be relied on.",
            "Nothing was lost here; write the file again to another stick or drive.",
        ),
        ANY: Saying("The place that bundles go to cannot be reached now.", _LATER),
        "answer-lost": Saying(
            "The connection broke before the store answered, so it is not known yet whether the bundle is there.",
            _LOOKS_FIRST,
        ),
        "no-access": Saying(
            "The account that you are signed in with may not read {address}.",
            "Sign in there with an account that may, then try again; whatever waits is kept.",
            otherwise=Saying(
                "The account that you are signed in with may not read that place.",
                "Sign in there with an account that may, then try again; whatever waits is kept.",
            ),
        ),
        "store-busy": Saying(
            "Another program, often a virus scanner, holds a file at {address}.",
            "Wait a moment and try again; whatever waits is kept.",
            otherwise=Saying(
                "Another program, often a virus scanner, holds a file of the store.",
                "Wait a moment and try again; whatever waits is kept.",
            ),
        ),
        "store-unreachable": Saying(
            "The place {address} cannot be reached now.",
            _LATER,
            otherwise=Saying("The place that bundles go to cannot be reached now.", _LATER),
        ),
        "write-lost": Saying("The store took a file and does not show it.", _LOOKS_FIRST),
        "write-short": Saying("The store kept only part of a file.", _LOOKS_FIRST),
    },
}
