"""The vault and the operating system's key store: always the reader's own. What is untouched is said so."""

from __future__ import annotations

from dsadesk.errors import (
    DamagedVaultError,
    DiskFullError,
    KeyStoreError,
    NewerVaultError,
    VaultBusyError,
    VaultError,
    VaultMissingError,
    WrongKeyError,
)
from dsadesk.services.wording.faults.saying import ANY, Saying, Sayings

_BACKUP_OR_REST = "Restore your newest backup, or bring back what can be read."
_SALVAGE = "dsadesk vault salvage"
_RESTORE = "Leave the vault's folder as it is, and restore your newest backup into a new folder."
_REPORT = "Close dsadesk and open it again, and report it with the time if it happens once more."
_NEWER = "Install the newer version and open the vault with that."
_OTHER_WAY_IN = "Open the vault with your 24 recovery words, or with its passphrase if it has one."

VAULT: Sayings = {
    VaultError: {
        ANY: Saying("Your vault cannot be used as it is.", _REPORT),
        "cannot-open": Saying(
            "A file of your vault could not be opened.",
            "Check that the drive is there and that no other program holds the folder, then try again.",
        ),
        "database-internal": Saying(
            "Your vault stopped because of a fault in dsadesk, and nothing was changed.", _REPORT
        ),
        "database-interrupted": Saying(
            "The work on your vault was cut off before it was done, and nothing was changed.", "Do it again."
        ),
        "database-misused": Saying(
            "Your vault refused a step that dsadesk should not have taken, and nothing was changed.", _REPORT
        ),
        "database-rule": Saying(
            "A rule that protects the history in your vault forbids this change, and nothing was changed.", _REPORT
        ),
        "database-statement": Saying(
            "Your vault did not understand a step of dsadesk, and nothing was changed.", _REPORT
        ),
        "disk-error": Saying(
            "The disk did not read or write what your vault asked of it.",
            "Make a backup to another drive if you can, and have this disk checked.",
        ),
        "out-of-memory": Saying(
            "The computer ran out of memory, and nothing was changed.", "Close other programs and try again."
        ),
        "value-not-text": Saying(
            "Your text has characters that cannot be kept, and nothing was changed.",
            "Type the text anew where it was pasted from another program.",
        ),
        "value-too-big": Saying(
            "This is too large for your vault to keep, and nothing was changed.", "Make it shorter and try again."
        ),
        "vault-closed": Saying("Your vault is locked.", "Unlock it and try again."),
        "vault-read-only": Saying(
            "Your vault's folder can be read and not written to.",
            "Ask whoever looks after this computer to let you write there, then open the vault again.",
        ),
    },
    WrongKeyError: {
        ANY: Saying(
            "That key does not open this vault, and the vault is untouched.",
            "Try another way in: the key store, the passphrase, or your 24 recovery words.",
        ),
        "key-length": Saying(
            "The key that was found is not as long as a vault's key, so it was not tried and the vault is untouched.",
            _OTHER_WAY_IN,
        ),
        "other-secret": Saying(
            "Your key store holds a key under this vault's name that does not open it, and the vault is untouched.",
            _OTHER_WAY_IN,
        ),
        "wrong-key": Saying(
            "That key does not open this vault, and the vault is untouched.",
            "Try another way in: the key store, the passphrase, or your 24 recovery words.",
        ),
        "passphrase": Saying(
            "That is not this vault's passphrase, and the vault is untouched.",
            "Type it again, or open the vault with your 24 recovery words.",
        ),
        "recovery-word": Saying(
            "That is not word {place} of the words that open this vault, and nothing is locked.",
            "Look at your sheet again; if it is lost, follow “If the words are lost” in the manual while your vault still opens.",
        ),
        "recovery-words": Saying(
            "Those 24 words are sound but belong to another vault, and this vault is untouched.",
            "Find the words that were written down when this vault was made.",
        ),
    },
    DamagedVaultError: {
        ANY: Saying("Part of your vault is damaged, and nothing in it was changed.", _BACKUP_OR_REST, command=_SALVAGE),
        "backup-damaged": Saying(
            "This backup is damaged or cut short, and nothing was made of it.",
            "Fetch the backup again from where it is kept, or use an older one.",
        ),
        "catalogue-version": Saying(
            "The catalogue in your vault does not fit this version of dsadesk, and your requests are not affected.",
            "Import the catalogue again.",
        ),
        "database-damaged": Saying(
            "Part of your vault's file is damaged, and the rest can still be read.", _BACKUP_OR_REST, command=_SALVAGE
        ),
        "database-empty": Saying("Your vault's file is there but has nothing in it.", _RESTORE),
        "database-missing": Saying("Your vault's own file is gone, while what belongs to it is there.", _RESTORE),
        "database-unreadable": Saying(
            "Your key is the right one, but the start of your vault's file is damaged.",
            _BACKUP_OR_REST,
            command=_SALVAGE,
        ),
        "event-rewritten": Saying(
            "Something already kept in your vault was offered again with other contents, and it was refused.",
            "What you have is unchanged; tell the other side, and whoever looks after security with you.",
        ),
        "header": Saying("The small file that says how your vault opens is damaged.", _RESTORE),
        "header/missing": Saying(
            "The small file that says how your vault opens is gone, while the vault is there.", _RESTORE
        ),
        "header/other-vault": Saying(
            "The small file that says how your vault opens belongs to another vault than the file beside it.", _RESTORE
        ),
        "not-a-vault": Saying(
            "The file in your vault's place was made by another program.",
            "Check that this is the right folder, and restore your newest backup into a new folder if it is.",
        ),
        "object-altered": Saying(
            "An encrypted file of your vault is no longer what it was, so nothing of it was sent.",
            "Check the vault to see what is affected, and restore your newest backup into a new folder.",
        ),
        "object-missing": Saying(
            "An encrypted file that your vault should hold is not there.",
            "Check the vault to see what is affected, and restore your newest backup into a new folder.",
        ),
    },
    NewerVaultError: {
        ANY: Saying("A newer version of dsadesk made this vault, and this version left it untouched.", _NEWER),
        "backup-version": Saying(
            "A newer version of dsadesk made this backup, and nothing was made of it.",
            "Install the newer version and restore the backup with that.",
        ),
        "header-version": Saying(
            "A newer version of dsadesk made this vault, and this version left it untouched.", _NEWER
        ),
        "vault-version": Saying(
            "A newer version of dsadesk has worked on this vault, and this version left it untouched.", _NEWER
        ),
    },
    VaultMissingError: {
        ANY: Saying(
            "There is no vault in this folder.", "Choose the folder that holds your vault, or make a new vault."
        ),
        "backup-missing": Saying("There is no backup under that name.", "Choose the backup file itself."),
        "vault-missing": Saying(
            "There is no vault in this folder.", "Choose the folder that holds your vault, or make a new vault."
        ),
    },
    VaultBusyError: {
        ANY: Saying("Another dsadesk is using this vault.", "Close the other window or command, then try again."),
        "vault-busy": Saying(
            "Another dsadesk is using this vault.", "Close the other window or command, then try again."
        ),
    },
    DiskFullError: {
        ANY: Saying("The disk is full, and everything saved before is kept.", "Free some space on it and try again."),
        "disk-full": Saying(
            "The disk is full, and everything saved before is kept.", "Free some space on it and try again."
        ),
    },
    KeyStoreError: {
        ANY: Saying(
            "Your computer's key store does not give the key to your vault, and nothing is lost.", _OTHER_WAY_IN
        ),
        "backend-changed": Saying(
            "Your vault's key was put into the key store {before}, but your computer now uses {now}.",
            "Switch back to the first key store, or open the vault with your 24 recovery words.",
            otherwise=Saying(
                "Your computer uses another key store than the one that your vault's key was put into.",
                "Switch back to the first key store, or open the vault with your 24 recovery words.",
            ),
        ),
        "dismissed": Saying(
            "Your key store asked to be unlocked, and the question was closed without an answer.",
            "Try again and answer it, or open the vault with your 24 recovery words.",
        ),
        "fails": Saying("Your computer's key store answered with a fault, and nothing is lost.", _OTHER_WAY_IN),
        "item-missing": Saying("Your key store is open, but your vault's key is no longer in it.", _OTHER_WAY_IN),
        "locked": Saying(
            "Your computer's key store is locked, so it cannot give the key to your vault.",
            "Unlock the key store and try again, or open the vault with your 24 recovery words.",
        ),
        "no-backend": Saying(
            "Your computer has no key store that dsadesk can use.",
            "Choose a passphrase for a new vault, and use your 24 recovery words for one that you have.",
        ),
        "not-used": Saying("This vault does not use your computer's key store.", _OTHER_WAY_IN),
        "refused-backend": Saying(
            "The key store that your computer offers, {backend}, would keep the key unprotected, so dsadesk does not use it.",
            "Choose a passphrase instead, or ask whoever looks after this computer to turn on its own key store.",
            otherwise=Saying(
                "The key store that your computer offers would keep the key unprotected, so dsadesk does not use it.",
                "Choose a passphrase instead, or ask whoever looks after this computer to turn on its own key store.",
            ),
        ),
    },
}
