"""What the rules of the conversation, or of the program, do not allow."""

from __future__ import annotations

from dsadesk.errors import NotAllowedInStageError, RuleError
from dsadesk.services.wording.faults.saying import ANY, Saying, Sayings

_REPORT = "Nothing was changed; report it with the time, because dsadesk should not have tried."
_CHECK_NAME = "Check the name, or choose from the list."
_GET_CARD = "Import their card from a file and compare its words with someone there."

RULES: Sayings = {
    RuleError: {
        ANY: Saying("The rules do not allow this now.", "Open the request to see what can be done and who acts next."),
        "agreement-version": Saying(
            "There is a newer text of the agreement than version {version}.", "Read the newest text, then draft again."
        ),
        "already-answered": Saying(
            "This question has been replied to already.", "Make a remark if there is something to add."
        ),
        "already-left": Saying(
            "{official} stopped signing on this laptop on {until:date} already.", "There is nothing more to do."
        ),
        "comment-empty": Saying("A comment without words was not kept.", "Write what you have to say."),
        "comment-unnamed": Saying("The comment has no name, so it was not kept.", "Type your name."),
        "comments-full": Saying(
            "This draft has {limit} comments already, and no more were kept.", "Remove those that are dealt with."
        ),
        "no-such-template": Saying(
            "The template is gone, so it was not used.", "Choose another one, or begin with a blank page."
        ),
        "template-untitled": Saying("The template has no title, so it was not kept.", "Give it a short title."),
        "templates-full": Saying(
            "You have {limit} templates already, and no more were kept.", "Remove one that you no longer use."
        ),
        "dictionary-full": Saying(
            "Your own dictionary holds {limit} words already, and more were not added.",
            "Take out words that you no longer use.",
        ),
        "already-sealed": Saying(
            "This request is sealed and can no longer be edited.",
            "Make a new version if it is returned to you, or make a remark now.",
        ),
        "already-signed": Saying(
            "This text of the agreement already bears the signature of {org:org}.", "There is nothing more to sign."
        ),
        "already-signed/ours": Saying(
            "Your organisation has signed this text of the agreement already.", "There is nothing more for you to sign."
        ),
        "ambiguous-request": Saying(
            "The name “{request}” fits {count:# request|# requests}.", "Type more of the reference, or all of it."
        ),
        "certificate-missing": Saying(
            "Sharing cannot be closed before you say what happened to the data.",
            "Write how it was destroyed or returned, by whom and when, then close again.",
        ),
        "commit-fixed": Saying("This delivery was fixed with other bytes already, and those stay.", _REPORT),
        "device-left": Saying(
            "The laptop of {official} stopped signing on {until:date}, and a key that has ended is not taken up again.",
            "Have a new vault made on it, and admit the application that comes from there.",
        ),
        "discard-unconfirmed": Saying(
            "Throwing this draft away would lose {answers:# answer|# answers}, so nothing was done.",
            "Say that you mean it, and do it again.",
        ),
        "file-unreadable": Saying(
            "The file “{name}” could not be read.", "Check its name, and that you may read it, then try again."
        ),
        "no-stick": Saying(
            "No stick is plugged in.", "Plug one in, or name the folder or file that the delivery is to be written to."
        ),
        "several-sticks": Saying(
            "More than one stick is plugged in: {names}.", "Name the one that the delivery is to be written to."
        ),
        "file-exists": Saying(
            "There is a file “{name}” already, and it was left as it is.", "Choose another name or another folder."
        ),
        "file-no-room": Saying(
            "The disk is full: there is no room for the file “{name}” in that folder.",
            "Free some space on the disk, or choose a folder on another.",
        ),
        "file-unwritable": Saying(
            "The file “{name}” could not be written.", "Check that the folder is there and that you may write to it."
        ),
        "internal": Saying("This stays within your organisation and is never said to the other party.", _REPORT),
        "sign-off-area": Saying(
            "There is no sign-off in the area “{area}”.", "Choose legal, data_protection, security or analysis."
        ),
        "sign-off-no-role": Saying(
            "Your organisation's card does not name this person for sign-offs of that kind.",
            "Whoever looks after your card can name them, under Partners, your own organisation.",
            command="dsadesk keys roles",
        ),
        "sign-off-not-asked": Saying(
            "Nobody asked you for this sign-off, or the question has not arrived yet.",
            "Send and fetch, then look in your inbox.",
        ),
        "sign-off-whom": Saying(
            "Your organisation's card names more than one person for this sign-off.", "Say which of them to ask."
        ),
        "sign-off-which": Saying(
            "You are asked for {count:# sign-off|# sign-offs} on this draft.", "Say in which area you answer."
        ),
        "sign-off-words": Saying(
            "This answer is not complete yet.",
            "Name each condition, or say why you refuse; conditions belong only to a sign-off with conditions.",
        ),
        "sign-offs-missing": Saying(
            "The answers call for {count:# sign-off|# sign-offs} that nobody has given for this draft: {areas}.",
            "Ask a colleague, or say for each why you go without; the supplier will read that.",
        ),
        "older-questions": Saying(
            "Version {version} of the questions of {org:org} is here already, and this file is not newer.",
            "Ask for their newest file; if you made this one, raise its version.",
        ),
        "official-ambiguous": Saying(
            "More than one person of the name “{name}” signs for your organisation.",
            "Name one by the beginning of their laptop's id.",
            command="dsadesk keys officials",
        ),
        "no-such-official": Saying(
            "Nobody of the name “{name}” signs for your organisation.",
            "Look who does.",
            command="dsadesk keys officials",
        ),
        "findings": Saying(
            "The request has {count:# thing|# things} to put right before it can be sealed.",
            "Open the list of what is missing and start with the first; everything you wrote is saved.",
        ),
        "host-key-differs": Saying(
            "The server shows another key than the one that you gave, {shown}, so nothing was pinned.",
            "Compare again with the server's keeper, and give no password until you know.",
            otherwise=Saying(
                "The server shows another key than the one that you gave, so nothing was pinned.",
                "Compare again with the server's keeper, and give no password until you know.",
            ),
        ),
        "history-unconfirmed": Saying(
            "The history of your vault is not what it was, and you have not said that you take it so.",
            "Find out why first, then say so.",
            command="dsadesk vault accept-history --yes",
        ),
        "in-transaction": Saying("This cannot be done in the middle of another change to your vault.", _REPORT),
        "introducer-not-met": Saying(
            "Nobody here has compared the words of {org:org} with them in person, so they cannot introduce anybody.",
            "Meet someone from there, compare their words and record it, then open the introduction again.",
        ),
        "kit-needs-passphrase": Saying(
            "A recovery kit needs a passphrase, and the two must be given together.",
            "Name the kit's file and the file with its passphrase, or neither.",
        ),
        "last-way-in": Saying(
            "This is the last way into your vault beside the recovery words, so it stays.",
            "Set up another way in first: a passphrase, or the key store of this computer.",
        ),
        "locked": Saying("Your vault is locked.", "Unlock it and try again."),
        "marking-too-high": Saying(
            "This program may not hold or send anything marked {marking}, because nobody has approved it for that.",
            "Ask your security team for the right system, or choose the marking again if it was a slip; your answers are kept.",
        ),
        "marking-unknown": Saying(
            "“{marking}” is not a security marking that this program knows.", "Choose OFFICIAL or OFFICIAL-SENSITIVE."
        ),
        "older-copy": Saying(
            "This vault is an older copy: the other side holds deliveries of yours that it does not remember.",
            "Restore it with your recovery words, so that it takes a new key; until then nothing is sent to them.",
        ),
        "no-address": Saying(
            "It is not known where the inbox of {org:org} lies.",
            "Ask them for its address, and enter it under Partners; or put the delivery on a stick.",
        ),
        "no-address/ours": Saying(
            "It is not known where your own inbox lies.",
            "Choose the place that others deliver to, under Exchange.",
        ),
        "no-agreement": Saying(
            "There is no agreement to this request yet.", "Draft it once the request is agreed in principle."
        ),
        "no-changed-key": Saying(
            "No other key has come for this organisation, so there is nothing to decide.",
            "Import the card with the new key first, and compare its words with someone there.",
        ),
        "no-card": Saying("You hold no card of {org:org}.", _GET_CARD),
        "no-card/ours": Saying(
            "Your own organisation has no card in this vault.", "Accept the pass that a colleague makes for you."
        ),
        "no-decision": Saying("The request has not been decided yet.", "Look again once the supplier has decided."),
        "no-passphrase": Saying(
            "This vault has no passphrase.", "Open it with your computer's key store, or with your 24 recovery words."
        ),
        "no-recovery": Saying(
            "This vault cannot be opened by recovery words.",
            "Open it with your computer's key store or its passphrase.",
        ),
        "no-such-store": Saying(
            "No store is known at {address}.",
            "Look at the list of places, or add it first.",
            otherwise=Saying(
                "No such store is known.", "Look at the list of places, or add it first.", command="dsadesk store list"
            ),
            command="dsadesk store list",
        ),
        "no-such-bundle": Saying("There is no bundle “{bundle}” here.", _CHECK_NAME),
        "no-such-card": Saying("You hold no card of {org:org}.", _GET_CARD),
        "no-such-dataset": Saying("There is no dataset “{identifier}” in your catalogue.", _CHECK_NAME),
        "no-such-draft": Saying("There is no draft of this request on this laptop.", _CHECK_NAME),
        "no-such-outbox-item": Saying(
            "This delivery is not in your outbox.", "Look at the deliveries of the request to see where it is."
        ),
        "no-such-question": Saying(
            "The question that this replies to is not part of the request.", "Open the request and reply from there."
        ),
        "no-such-request": Saying("There is no request “{request}” on this laptop.", _CHECK_NAME),
        "no-such-sample": Saying(
            "There is no sample number {n} with this request.", "Look at the list of its samples."
        ),
        "no-supplier": Saying(
            "The request does not say yet whom you ask.", "Choose the organisation that holds the data, then seal."
        ),
        "not-a-party": Saying(
            "This request is between two other organisations than {org:org}.",
            "Only the two of them can say anything in it.",
        ),
        "not-a-party/ours": Saying(
            "Your organisation is neither the requester nor the supplier of this request.",
            "Only the two of them can say anything in it.",
        ),
        "not-admin": Saying(
            "This laptop does not hold the key of your organisation.",
            "Ask a colleague who administers the keys to do this.",
        ),
        "not-compared": Saying(
            "Nobody here has compared the words of {org:org} with them, so you cannot vouch for their key.",
            "Compare the words with someone there, in person or by phone, and record it.",
        ),
        "not-admitted": Saying(
            "Your organisation has not let this laptop in yet, so it cannot read or send.",
            "Send your application to a colleague who administers the keys, and accept the pass that they make.",
        ),
        "open-again": Saying(
            "Your vault has to be opened anew before its ways in can be changed.", "Lock it, open it and try again."
        ),
        "own-device": Saying(
            "This is the laptop that you are working on, and it cannot end itself.",
            "Ask a colleague who administers the keys to do this on theirs.",
        ),
        "older-card": Saying(
            "This card of {org:org} is older than the one that you hold.",
            "Nothing was changed; ask them for their newest card.",
        ),
        "other-agreement": Saying(
            "The signature is for another text than the agreement as it stands.", "Read the newest text and sign that."
        ),
        "other-organisation": Saying(
            "This paper is for {org:org}, which is another organisation.", "Ask for one of your own."
        ),
        "other-parties": Saying(
            "A new version of a request stays between the same two organisations.",
            "Start a new request to ask another organisation.",
        ),
        "other-vault": Saying(
            "This belongs to another vault, and nothing was changed.", "Choose the folder of that vault."
        ),
        "outbox-item-differs": Saying(
            "This delivery is in your outbox with other bytes already, and those stay.", _REPORT
        ),
        "passphrase-file": Saying(
            "The file with the passphrase, “{name}”, could not be read.",
            "Name a text file with the passphrase on its first line.",
            otherwise=Saying(
                "No file with the passphrase was named.", "Name a text file with the passphrase on its first line."
            ),
        ),
        "pinned-key": Saying(
            "The key of {org:org} is not the one that you hold, and the one that you hold stays.",
            "Ring them on a number that you already have and compare the words of their new key.",
        ),
        "quarantine-not-kept": Saying(
            "Only the evidence of this bundle was kept, and not the bundle itself.",
            "Open the file again if you still have it, or ask the sender to send it again.",
        ),
        "record-exempt": Saying(
            "The request says that no record of it may be published.",
            "Change that answer with the other side first, if the reason is gone.",
        ),
        "record-delayed": Saying(
            "The request says that its record is published later.",
            "Say that what it was put off for is over, if it is.",
        ),
        "reasons-missing": Saying("This needs reasons.", "Write them for the other side to read, then try again."),
        "same-key": Saying("This is the key of {org:org} that you hold already.", "There is nothing to replace."),
        "same-party": Saying(
            "An organisation cannot ask itself for data.", "Choose the organisation that holds the data."
        ),
        "sample-identifiable": Saying(
            "The file “{name}” looks like real data about people, in {columns}.",
            "Attach a made-up file of the same shape, or take those columns out; no agreement covers real data yet.",
        ),
        "role-missing": Saying(
            "Your organisation's card does not name you for saying this.",
            "Ask a colleague who looks after the keys to give you the role, or to say it themselves.",
        ),
        "role-missing/decider": Saying(
            "Your organisation's card does not name you as someone who decides.",
            "Ask a colleague who looks after the keys to give you that role, or whoever has it to decide.",
        ),
        "role-missing/signatory": Saying(
            "Your organisation's card does not name you as someone who signs agreements.",
            "Ask a colleague who looks after the keys to give you that role, or whoever has it to sign.",
        ),
        "salvage-without-keys": Saying(
            "What could be read was brought back, but your own keys were on the part that is lost.",
            "Restore your newest backup, or come back with your 24 words; the damaged vault is kept as “{aside}”.",
        ),
        "seal-not-verified": Saying(
            "The sealed copy of “{name}” did not open again, so nothing was sealed.",
            "Attach the file again and seal anew.",
        ),
        "text-missing": Saying("There is nothing written yet.", "Write what you want to say, then try again."),
        "vault-exists": Saying(
            "There is something in this folder already, and it was left as it is.",
            "Open it, or choose an empty folder.",
        ),
        "vault-unfinished": Saying(
            "This vault was never finished, because its making was cut off.", "Set it aside and make a new one."
        ),
        "which-question": Saying(
            "There {count:is # question|are # questions} waiting, so it is not clear which one is meant.",
            "Name the question that you reply to.",
        ),
        "words-missing": Saying(
            "The recovery words were not given.",
            "Name a file with the 24 words, or your recovery kit with its passphrase.",
        ),
    },
    NotAllowedInStageError: {
        ANY: Saying(
            "The request does not allow this now.", "Open the request to see what can be done and who acts next."
        ),
        "not-in-stage": Saying(
            "“{action:action}” is not possible here while the request stands at “{stage:stage}”.",
            "Open the request to see what can be done and who acts next.",
        ),
    },
}
