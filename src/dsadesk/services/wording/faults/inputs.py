"""Files and values that people give us. It is said what is wrong with them, where, and that nothing was taken from them."""

from __future__ import annotations

from dsadesk.codec.canonical import CanonicalError
from dsadesk.errors import (
    AnswersError,
    CardError,
    CatalogueError,
    DsadeskError,
    FieldsError,
    InputError,
    SampleError,
    SpellingError,
)
from dsadesk.services.wording.faults.recovery_words import RECOVERY_WORDS
from dsadesk.services.wording.faults.saying import ANY, Saying, Sayings

_QUESTION_SET = "Ask whoever made the set of questions to put it right; nothing was taken from it."
_STANDING_TERMS = "Ask whoever made the file of standing terms to put it right; nothing was taken from it."
_FIELDS = "Choose a CSV file or a description of its table, or type in the fields."
_FILE = "Ask whoever made the file to put it right; nothing was taken from it."
_CATALOGUE = "Put it right and import the file again; your catalogue is as it was."
_CATALOGUE_SPLIT = "Split the file and import the parts; your catalogue is as it was."
_SAVE_AS = "Save it anew as CSV, JSON or YAML and import that; your catalogue is as it was."
_ANSWERS = "Correct the file and load it again; the draft is as it was."
_SAMPLE_FIX = "Put it right and attach the file again."
_SAMPLE_LESS = "Attach fewer rows or columns."
_SAMPLE_SAVE = "Save it anew as CSV in UTF-8 and attach that."
_CARD_AGAIN = "Ask them for the card again, and compare its words with someone there."
_APPLICATION_AGAIN = "Ask your colleague to make the application again and to bring it another way."
_PASS_AGAIN = "Ask the colleague who administers the keys to make the pass again."  # noqa: S105 - a sentence
_TYPED = "Type the text anew where it was pasted from another program, then try again."
_SIGNED_DATA = "Nothing was taken from it; ask whoever made it for a sound copy."

EVERYTHING: Sayings = {
    DsadeskError: {
        ANY: Saying(
            "Something was refused, and this version of dsadesk has no sentence for why.",
            "Report it with the time and this name: {code}.",
        ),
    },
}

INPUTS: Sayings = {
    InputError: {
        ANY: Saying("What was given cannot be used, and nothing was changed.", "Check it and try again."),
        "attachment-not-text": Saying(
            "The signed text that goes inside the PDF is not text, so no PDF was made.", "Draft the agreement anew."
        ),
        "check-method": Saying("“{method}” is not a way to compare a key.", "Choose one of these: {allowed}."),
        "clauses-format": Saying(
            "The file of standing terms is not of a form that this dsadesk knows.", _STANDING_TERMS
        ),
        "clauses-id-twice": Saying(
            "The file of standing terms uses the name at {path} a second time.", _STANDING_TERMS
        ),
        "clauses-key-twice": Saying("The file of standing terms says {path} more than once.", _STANDING_TERMS),
        "clauses-section-unknown": Saying(
            "The file of standing terms names a section at {path} that agreements do not have.", _STANDING_TERMS
        ),
        "clauses-shape": Saying("The file of standing terms is not built as it must be at {path}.", _STANDING_TERMS),
        "clauses-trait-unknown": Saying(
            "The file of standing terms has a condition at {path} that dsadesk does not know.", _STANDING_TERMS
        ),
        "clauses-type-missing": Saying(
            "The file of standing terms must name the kind of agreement “{type}” exactly once.", _STANDING_TERMS
        ),
        "code-malformed": Saying(
            "The set of questions has a code at {path} that is not written as codes are.", _QUESTION_SET
        ),
        "column-unknown": Saying(
            "The set of questions names a column at {path} that its table does not have.", _QUESTION_SET
        ),
        "columns-misplaced": Saying(
            "The set of questions has columns at {path} where none belong, or none where they do.", _QUESTION_SET
        ),
        "condition-cycle": Saying(
            "The set of questions has a condition at {path} that depends on itself.", _QUESTION_SET
        ),
        "condition-form": Saying(
            "The set of questions has a condition at {path} that is not built as they are.", _QUESTION_SET
        ),
        "condition-kind": Saying(
            "The set of questions has a condition at {path} that its question cannot meet.", _QUESTION_SET
        ),
        "condition-unnamed": Saying(
            "The set of questions uses a condition at {path} that it does not define.", _QUESTION_SET
        ),
        "file-not-json": Saying("The file is not JSON; the fault is near line {line}, column {column}.", _FILE),
        "file-not-text": Saying("The file is not UTF-8 text.", _FILE),
        "file-too-deep": Saying("The file has lists inside lists more than {max_depth} deep.", _FILE),
        "file-too-large": Saying("The file is larger than the limit of {max_bytes:size}.", _FILE),
        "id-malformed": Saying(
            "The set of questions has a name at {path} that is not written as names are.", _QUESTION_SET
        ),
        "id-not-own": Saying(
            "The question pack uses the name “{id}” at {path}, and every name in it must begin with “{own}”.",
            "Rename it in the file; a pack adds to our questions and never takes their place.",
        ),
        "pack-too-long": Saying(
            "The question pack has {count} questions, and {limit} are the most that a supplier may add.",
            "Leave out what the standing questions ask already.",
        ),
        "id-twice": Saying("The set of questions uses the name at {path} a second time.", _QUESTION_SET),
        "key-encoding": Saying("This is not a signing key.", "Ask for the card or the application again."),
        "key-twice": Saying("The set of questions says {path} more than once.", _QUESTION_SET),
        "kit-passphrase": Saying(
            "That is not the passphrase of this recovery kit.", "Type it again, or use the 24 words on paper."
        ),
        "kit-unreadable": Saying(
            "This file is not a recovery kit, or it is damaged.",
            "Use another copy of the kit, or the 24 words on paper.",
        ),
        "limit-misplaced": Saying(
            "The set of questions has a limit at {path} that does not fit its question.", _QUESTION_SET
        ),
        "limit-missing": Saying("The set of questions sets no length at {path}.", _QUESTION_SET),
        "list-unknown": Saying(
            "The set of questions takes choices at {path} from a list that is not there.", _QUESTION_SET
        ),
        "name-missing": Saying(
            "A vault needs your name, your post and your organisation's name.", "Fill in all three and try again."
        ),
        "name-unfit": Saying(
            "“{name}” cannot stand on a card: it is longer than 200 characters, or has some that cannot be shown.",
            "Type it anew, and shorter if it is long.",
        ),
        "no-such-device": Saying(
            "There is no laptop “{device}” on your organisation's card.", "Choose one from the list of officials."
        ),
        "no-such-role": Saying(
            "“{role}” is not a role that an official can be given.",
            "Choose one or more of drafter, decider, signatory.",
        ),
        "option-unknown": Saying(
            "The set of questions names a choice at {path} that it does not offer.", _QUESTION_SET
        ),
        "options-misplaced": Saying(
            "The set of questions has choices at {path} where none belong, or none where they do.", _QUESTION_SET
        ),
        "organisation-id": Saying(
            "“{value}” is not an organisation's identifier.",
            "Use 3 to 100 small letters, digits and hyphens, like environment-agency.",
        ),
        "passphrase-differs": Saying("The two passphrases are not the same.", "Type both again."),
        "passphrase-short": Saying(
            "The passphrase is too short.", "Use at least {least} characters; four unrelated words do well."
        ),
        "pdf-not-made": Saying(
            "The PDF could not be made.", "Use the HTML form for now, and report it with the request's reference."
        ),
        "prerequisite-later": Saying(
            "The set of questions needs an earlier answer at {path} that comes only later.", _QUESTION_SET
        ),
        "question-unknown": Saying(
            "The set of questions names a question at {path} that it does not have.", _QUESTION_SET
        ),
        **RECOVERY_WORDS,
        "seconds-missing": Saying("The set of questions has no sound reading time at {path}.", _QUESTION_SET),
        "section-empty": Saying("The set of questions has nothing at {path}.", _QUESTION_SET),
        "shape-wrong": Saying("The set of questions is not built as it must be at {path}.", _QUESTION_SET),
        "source-unknown": Saying("The set of questions names a source at {path} that it does not list.", _QUESTION_SET),
        "text-missing": Saying("The set of questions has no text at {path}.", _QUESTION_SET),
        "version-malformed": Saying(
            "The set of questions has a version that is not written as versions are.", _QUESTION_SET
        ),
    },
    AnswersError: {
        ANY: Saying("The answers cannot be used, and the draft is as it was.", _ANSWERS),
        "answer-misfit": Saying(
            "The answer to {question} does not fit its question.",
            "Give {expected}.",
        ),
        "answer-unknown": Saying(
            "There is no question {question} in the set that this request uses.", "Check the question's name."
        ),
        "answers-not-an-object": Saying("The answers file has no question names with answers beside them.", _ANSWERS),
        "answers-refused": Saying(
            "The answers file has {count:# thing|# things} that cannot be used.",
            "Correct what is listed here and load the file again; the draft is as it was.",
        ),
        "file-not-json": Saying(
            "The answers file is not JSON; the fault is near line {line}, column {column}.", _ANSWERS
        ),
        "file-not-text": Saying("The answers file is not UTF-8 text.", _ANSWERS),
        "file-too-deep": Saying("The answers file has lists inside lists more than {max_depth} deep.", _ANSWERS),
        "file-too-large": Saying("The answers file is larger than the limit of {max_bytes:size}.", _ANSWERS),
    },
    CatalogueError: {
        ANY: Saying("The catalogue file cannot be used.", _CATALOGUE),
        "catalogue-binary": Saying("This is not a text file, so it is not a catalogue.", _SAVE_AS),
        "catalogue-empty": Saying("The catalogue file is empty.", "Choose another file; your catalogue is as it was."),
        "catalogue-too-large": Saying("The catalogue file is larger than the limit of {limit:size}.", _CATALOGUE_SPLIT),
        "column-repeated": Saying(
            "Line {line} of the catalogue file heads more than one column with {columns}.", _CATALOGUE
        ),
        "columns-missing": Saying("Line {line} of the catalogue file lacks the headings {columns}.", _CATALOGUE),
        "csv-broken": Saying("The quotation marks do not match up near line {line} of the catalogue file.", _CATALOGUE),
        "encoding-unknown": Saying("The characters of the catalogue file cannot be read.", _SAVE_AS),
        "json-broken": Saying(
            "The catalogue file is not JSON; the fault is near line {line}.",
            _CATALOGUE,
            otherwise=Saying("The catalogue file has a number in it that JSON does not have.", _CATALOGUE),
        ),
        "key-not-text": Saying(
            "Something other than a word stands for a name in line {line} of the catalogue file.", _CATALOGUE
        ),
        "key-repeated": Saying(
            "The name “{key}” stands a second time in one record, in line {line} of the catalogue file.",
            _CATALOGUE,
            otherwise=Saying("The name “{key}” stands more than once in one record of the catalogue file.", _CATALOGUE),
        ),
        "no-records": Saying(
            "None of the records in “{name}” can be used.",
            "Put them right and import the file again; your catalogue is as it was.",
        ),
        "not-a-record": Saying("The catalogue file holds something that is not a record: “{value}”.", _CATALOGUE),
        "row-ragged": Saying(
            "Line {line} of the catalogue file has {cells} cells and should have {expected}.", _CATALOGUE
        ),
        "too-deep": Saying("The catalogue file has lists inside lists more than {limit} deep.", _CATALOGUE),
        "too-large": Saying("The catalogue file “{name}” is larger than the limit of {limit:size}.", _CATALOGUE_SPLIT),
        "too-many-columns": Saying("The catalogue file has {columns} columns, and {limit} are the most.", _CATALOGUE),
        "too-many-records": Saying("The catalogue file has more than {limit} records.", _CATALOGUE_SPLIT),
        "too-many-rows": Saying("The catalogue file has more than {limit} rows.", _CATALOGUE_SPLIT),
        "too-many-values": Saying("The catalogue file has more than {limit} values.", _CATALOGUE_SPLIT),
        "yaml-alias": Saying(
            "Line {line} of the catalogue file refers to another place in it, which catalogues may not.", _CATALOGUE
        ),
        "yaml-broken": Saying("The catalogue file is not YAML; the fault is near line {line}.", _CATALOGUE),
        "yaml-tag": Saying("Line {line} of the catalogue file has a tag, which catalogues may not.", _CATALOGUE),
    },
    FieldsError: {
        ANY: Saying("The fields in this file could not be read, and your table is as it was.", _FIELDS),
        "fields-none": Saying("This file names no field, and your table is as it was.", _FIELDS),
        "fields-too-large": Saying("The file is larger than {limit:size}, so it was not read.", _FIELDS),
        "fields-too-many": Saying(
            "The file names {count} fields, and {limit} is the most.", "Ask for fewer, or type in those that you need."
        ),
        "fields-unreadable": Saying("This has neither the headings of a table nor a description of them.", _FIELDS),
    },
    SpellingError: {
        ANY: Saying(
            "Spelling could not be checked, and nothing was changed.", "Go on writing; it is tried again later."
        ),
        "spelling-language": Saying(
            "There is no dictionary for the language {language}.", "Go on writing; only spelling is left out."
        ),
        "spelling-unavailable": Saying(
            "The spelling checker did not answer, so spelling is not checked now.",
            "Go on writing; it is tried again when you open a request.",
        ),
    },
    SampleError: {
        ANY: Saying("The sample file cannot be used, and it was not attached.", _SAMPLE_SAVE),
        "encoding-unknown": Saying("The characters of the sample file cannot be read.", _SAMPLE_SAVE),
        "field-too-large": Saying("A cell near line {line} of the sample file holds far too much text.", _SAMPLE_FIX),
        "header-missing": Saying(
            "The sample file has no column headings in line {line}.",
            "Give each column a heading and attach the file again.",
        ),
        "inspection-failed": Saying("The sample file could not be looked into, so it was not attached.", _SAMPLE_SAVE),
        "inspection-timeout": Saying(
            "Looking into the sample file took longer than {seconds} seconds, so it was not attached.", _SAMPLE_LESS
        ),
        "line-too-long": Saying("The sample file has a line of more than {limit} characters.", _SAMPLE_FIX),
        "not-a-table": Saying("The sample file is not a table of text but of the kind {kind}.", _SAMPLE_SAVE),
        "quote-misplaced": Saying(
            "A quotation mark stands where none belongs, near line {line} of the sample file.", _SAMPLE_FIX
        ),
        "quote-unterminated": Saying(
            "A quotation mark is opened and never closed, near line {line} of the sample file.", _SAMPLE_FIX
        ),
        "row-ragged": Saying(
            "Line {line} of the sample file has {cells} cells and should have {expected}.", _SAMPLE_FIX
        ),
        "sample-binary": Saying("The sample file is not text.", _SAMPLE_SAVE),
        "sample-damaged": Saying(
            "The encrypted file of “{name}” is damaged in your vault.",
            "Attach the file again, or ask for it to be sent again.",
        ),
        "sample-empty": Saying("The sample file is empty.", "Choose another file."),
        "sample-one-line": Saying("The sample file has headings and no rows.", "Add a few rows and attach it again."),
        "sample-too-large": Saying(
            "“{name}” is {size:size} and the limit is {limit:size}, so it was not attached.",
            _SAMPLE_LESS,
            otherwise=Saying(
                "The sample file is larger than the limit of {limit:size}, so it was not attached.", _SAMPLE_LESS
            ),
        ),
        "sample-unreadable": Saying("“{name}” could not be read, and it was not attached.", _SAMPLE_SAVE),
        "too-many-columns": Saying("The sample file has {columns} columns, and {limit} are the most.", _SAMPLE_LESS),
    },
    CardError: {
        ANY: Saying("This card cannot be used, and nothing was changed.", _CARD_AGAIN),
        "application-altered": Saying("This application was changed after it was signed.", _APPLICATION_AGAIN),
        "application-other-person": Saying(
            "The application of {name} claims to be from someone who is on your card under another name.",
            "Ask your colleague in person; if they did not send it, tell whoever looks after security with you.",
        ),
        "application-unreadable": Saying(
            "This file is not an application to join, or it is damaged.", _APPLICATION_AGAIN
        ),
        "card-altered": Saying("This card was changed after it was signed, and it was not taken in.", _CARD_AGAIN),
        "card-expired": Saying(
            "The card of {org:org} ran out on {expires:date}, so nothing may be sealed to them.",
            "Ask them for their newest card and import it; what you wrote is kept.",
        ),
        "card-expired/ours": Saying(
            "Your own organisation's card ran out on {expires:date}, so nothing may be sealed with it.",
            "Ask a colleague who administers your keys to issue a new one; what you wrote is kept.",
        ),
        "card-fields": Saying("This card says something that no card may say, and it was not taken in.", _CARD_AGAIN),
        "card-forgets": Saying(
            "This card of {org:org} no longer names everyone who ever signed for them, and it was not taken in.",
            "Give them the card of theirs that you hold, so that they can renew that one.",
        ),
        "card-key-changed": Saying(
            "The card that came for {org:org} has another key than the one that you know, and it was not taken in.",
            "Ring them on a number that you already have and compare the words; until then nothing goes to them.",
        ),
        "card-key-changed/ours": Saying(
            "A card came for your own organisation with another key than yours, and it was not taken in.",
            "Tell whoever looks after your organisation's key at once.",
        ),
        "card-key-pending": Saying(
            "A card with another key came for {org:org}, and nobody here has decided about it yet.",
            "Compare the words of their new key with them under Partners; until then nothing goes to them.",
        ),
        "card-key-refused": Saying(
            "The card that came for {org:org} has a key that somebody here has refused, and it was not taken in.",
            "Ring them if you doubt that decision; you can still accept the key after comparing its words.",
        ),
        "card-other-key": Saying(
            "This card of {org:org} has a third key, not the one that waits for your decision.",
            "Ask them which card is theirs, and compare the words of its key with them.",
        ),
        "card-own": Saying("This is your own organisation's card.", "Give it to others; you need not import it."),
        "card-unreadable": Saying("This file is not a card, or it is damaged.", _CARD_AGAIN),
        "card-version": Saying(
            "This card is of a version that this dsadesk does not know.",
            "Install the newest version and import it again.",
        ),
        "introduction-altered": Saying(
            "This introduction was changed after {org:org} signed it.", "Ask them to make it again."
        ),
        "questions-altered": Saying(
            "These questions were changed after they were signed, or another key than the one of {org:org} signed them.",
            "Ask {org:org} to send the file again, and take in their newest card first.",
        ),
        "questions-unreadable": Saying(
            "This file is no signed question pack, or it is damaged.", "Ask whoever gave it to you to send it again."
        ),
        "introduction-unreadable": Saying(
            "This file is not an introduction, or it is damaged.", "Ask whoever gave it to you to make it again."
        ),
        "introduction-untrusted": Saying(
            "Whoever signed this introduction does not sign for {org:org} by the card that you hold.",
            "Get their newest card, then open the introduction again.",
        ),
        "pass-altered": Saying("This pass was changed after it was signed, and it was not taken in.", _PASS_AGAIN),
        "pass-without-you": Saying(
            "This pass is for your laptop, but the card in it does not name it as one that signs.", _PASS_AGAIN
        ),
        "pass-unreadable": Saying("This file is not a pass for this laptop, or it is damaged.", _PASS_AGAIN),
    },
    CanonicalError: {
        ANY: Saying("The data is not in the form that can be signed.", _SIGNED_DATA),
        "duplicate-key": Saying(
            "The data says “{key}” twice in one place, so it is not clear what was signed.", _SIGNED_DATA
        ),
        "fraction": Saying(
            "The data has a number with a fraction in it, which signed data may not have.", _SIGNED_DATA
        ),
        "integer-too-large": Saying("The data has a number in it that is too large to be signed.", _SIGNED_DATA),
        "key-not-ascii": Saying(
            "The data has a name in it, “{key}”, with letters that names may not have.", _SIGNED_DATA
        ),
        "not-canonical": Saying("The data is not written in the one way that signed data is written.", _SIGNED_DATA),
        "not-json": Saying("The data cannot be read.", _SIGNED_DATA),
        "not-unicode": Saying("The text has characters in it that cannot be signed.", _TYPED),
        "null": Saying("The data has an empty value in it, which signed data may not have.", _SIGNED_DATA),
        "too-deep": Saying("The data has lists inside lists deeper than signed data may have.", _SIGNED_DATA),
        "too-large": Saying("The data is larger than the limit of {limit:size}.", _SIGNED_DATA),
    },
}
