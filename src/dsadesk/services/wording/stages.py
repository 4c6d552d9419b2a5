"""What a stage is called, what happens in it, and who acts next: for each side, in whole sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Side
from dsadesk.services.wording.plain import NAME_LIMIT, plain

Tone = Literal["neutral", "info", "good", "warn", "bad", "purple"]
"""How a word is coloured. The words say the same without the colour."""

_NAMES: Mapping[Stage, str] = {
    Stage.DRAFT: "Draft",
    Stage.READY: "Ready to seal",
    Stage.SEALED: "Sealed",
    Stage.SENT: "Sent",
    Stage.RECEIVED: "Received",
    Stage.ASSESSING: "Being assessed",
    Stage.CLARIFYING: "Waiting for a reply",
    Stage.RETURNED: "Returned",
    Stage.AGREED_IN_PRINCIPLE: "Agreed in principle",
    Stage.DRAFTING_AGREEMENT: "Agreement being drafted",
    Stage.SIGNED: "Signed",
    Stage.ACTIVE: "Sharing",
    Stage.SUSPENDED: "Paused",
    Stage.AMENDING: "Being amended",
    Stage.RENEWING: "Being renewed",
    Stage.EXPIRING: "About to end",
    Stage.CLOSED: "Closed",
    Stage.REJECTED: "Refused",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.REFERRED: "Referred elsewhere",
}

_WORDS: Mapping[Side, Mapping[Stage, tuple[str, Tone]]] = {
    Side.REQUESTER: {
        Stage.DRAFT: ("Draft", "neutral"),
        Stage.READY: ("Ready to seal", "info"),
        Stage.SEALED: ("Waiting to send", "info"),
        Stage.SENT: ("Sent", "info"),
        Stage.RECEIVED: ("Received", "info"),
        Stage.ASSESSING: ("Being assessed", "purple"),
        Stage.CLARIFYING: ("Needs your reply", "warn"),
        Stage.RETURNED: ("Returned to you", "warn"),
        Stage.AGREED_IN_PRINCIPLE: ("Agreed in principle", "good"),
        Stage.DRAFTING_AGREEMENT: ("Agreement being drafted", "purple"),
        Stage.SIGNED: ("Signed by both", "good"),
        Stage.ACTIVE: ("Sharing", "good"),
        Stage.SUSPENDED: ("Sharing paused", "warn"),
        Stage.AMENDING: ("Being amended", "purple"),
        Stage.RENEWING: ("Being renewed", "purple"),
        Stage.EXPIRING: ("About to end", "warn"),
        Stage.CLOSED: ("Closed", "neutral"),
        Stage.REJECTED: ("Refused", "bad"),
        Stage.WITHDRAWN: ("Withdrawn", "neutral"),
        Stage.REFERRED: ("Referred elsewhere", "neutral"),
    },
    Side.SUPPLIER: {
        Stage.DRAFT: ("Draft", "neutral"),
        Stage.READY: ("Ready to seal", "neutral"),
        Stage.SEALED: ("Arrived", "warn"),
        Stage.SENT: ("Arrived", "warn"),
        Stage.RECEIVED: ("New", "warn"),
        Stage.ASSESSING: ("You are assessing", "warn"),
        Stage.CLARIFYING: ("Waiting for their reply", "info"),
        Stage.RETURNED: ("Returned to them", "info"),
        Stage.AGREED_IN_PRINCIPLE: ("Agreed in principle", "good"),
        Stage.DRAFTING_AGREEMENT: ("Agreement being drafted", "purple"),
        Stage.SIGNED: ("Signed by both", "good"),
        Stage.ACTIVE: ("Sharing", "good"),
        Stage.SUSPENDED: ("Sharing paused", "warn"),
        Stage.AMENDING: ("Being amended", "purple"),
        Stage.RENEWING: ("Being renewed", "purple"),
        Stage.EXPIRING: ("About to end", "warn"),
        Stage.CLOSED: ("Closed", "neutral"),
        Stage.REJECTED: ("Refused by you", "neutral"),
        Stage.WITHDRAWN: ("Withdrawn by them", "neutral"),
        Stage.REFERRED: ("Referred elsewhere", "neutral"),
    },
}

_SENTENCES: Mapping[Side, Mapping[Stage, str]] = {
    Side.REQUESTER: {
        Stage.DRAFT: "Only this laptop has seen this draft, and {them} learns nothing of it until you seal it.",
        Stage.READY: "The draft is complete, and you can check it and seal it for {them}.",
        Stage.SEALED: "The request is sealed and goes to {them} the next time you send.",
        Stage.SENT: "The request is on its way, and {them} has not confirmed yet that it arrived.",
        Stage.RECEIVED: "The request arrived whole, and {them} has not begun to assess it.",
        Stage.ASSESSING: "The request is with {them}, which is assessing it and acts next.",
        Stage.CLARIFYING: "You have been asked a question, and {them} waits for your reply.",
        Stage.RETURNED: "The request came back, and {them} says what to change before you seal it again.",
        Stage.AGREED_IN_PRINCIPLE: "You have a yes in principle, and {them} normally drafts the agreement next; you may draft it too.",
        Stage.DRAFTING_AGREEMENT: "The agreement holds once you and {them} have both signed the same text.",
        Stage.SIGNED: "Both of you have signed, and {them} says when the first data is shared.",
        Stage.ACTIVE: "The agreement with {them} is in force, and the data is shared under it.",
        Stage.SUSPENDED: "Sharing is paused, and you or {them} can resume or close it.",
        Stage.AMENDING: "A change is proposed, and it holds once you and {them} have both signed the new text.",
        Stage.RENEWING: "A renewal is proposed, and it holds once you and {them} have both signed the new text.",
        Stage.EXPIRING: "The agreement is about to end, and you or {them} can propose to renew it or close it.",
        Stage.CLOSED: "Sharing with {them} has ended, and the certificate says what happened to the data.",
        Stage.REJECTED: "The request was refused, and {them} gives the reasons.",
        Stage.WITHDRAWN: "You took this request back, and {them} has nothing more to do.",
        Stage.REFERRED: "This data is not theirs to share, and {them} names whom to ask instead.",
    },
    Side.SUPPLIER: {
        Stage.DRAFT: "This is still a draft of {them}.",
        Stage.READY: "This is still a draft of {them}, which has not sealed it.",
        Stage.SEALED: "The request arrived, and {them} has not been told so yet.",
        Stage.SENT: "The request arrived, and {them} has not been told so yet.",
        Stage.RECEIVED: "The request arrived whole, {them} has been told, and it waits for you to assess it.",
        Stage.ASSESSING: "You are assessing this request, and {them} waits for a question or a decision from you.",
        Stage.CLARIFYING: "You have asked a question, and {them} replies next; you can still decide.",
        Stage.RETURNED: "You sent the request back, and {them} changes it and seals it again.",
        Stage.AGREED_IN_PRINCIPLE: "You said yes in principle, and {them} waits for you to draft the agreement.",
        Stage.DRAFTING_AGREEMENT: "The agreement holds once you and {them} have both signed the same text.",
        Stage.SIGNED: "Both of you have signed, and {them} waits for you to say when the first data is shared.",
        Stage.ACTIVE: "The agreement with {them} is in force, and the data is shared under it.",
        Stage.SUSPENDED: "Sharing is paused, and you or {them} can resume or close it.",
        Stage.AMENDING: "A change is proposed, and it holds once you and {them} have both signed the new text.",
        Stage.RENEWING: "A renewal is proposed, and it holds once you and {them} have both signed the new text.",
        Stage.EXPIRING: "The agreement is about to end, and you or {them} can propose to renew it or close it.",
        Stage.CLOSED: "Sharing with {them} has ended, and the certificate says what happened to the data.",
        Stage.REJECTED: "You refused this request and gave {them} your reasons.",
        Stage.WITHDRAWN: "The request was taken back by {them}, and there is nothing more for you to do.",
        Stage.REFERRED: "You told {them} whom to ask instead.",
    },
}

_NOBODY_YET = "the organisation that you choose"

_ACTIONS: Mapping[str, str] = {
    "RequestSubmitted": "Seal the request",
    "RequestReceived": "Confirm that it arrived",
    "AssessmentStarted": "Begin to assess",
    "QuestionAsked": "Ask a question",
    "QuestionAnswered": "Reply to a question",
    "RemarkMade": "Make a remark",
    "RequestReturned": "Return for changes",
    "RequestApproved": "Agree in principle",
    "RequestRejected": "Refuse",
    "RequestReferred": "Refer elsewhere",
    "RequestWithdrawn": "Withdraw",
    "AgreementDrafted": "Draft the agreement",
    "AgreementSigned": "Sign the agreement",
    "SharingStarted": "Start sharing",
    "SharingSuspended": "Pause sharing",
    "SharingResumed": "Resume sharing",
    "AmendmentProposed": "Propose a change",
    "AmendmentDropped": "Drop the proposal",
    "RenewalProposed": "Propose a renewal",
    "ExpiryNoticed": "Note the end",
    "SharingClosed": "Close sharing",
    "HeadsJoined": "Join the two lines",
    "SignOffAsked": "Ask for a sign-off",
    "SignOffGiven": "Answer about a sign-off",
    "Revise": "Make a new version",
}


def stage_name(stage: Stage) -> str:
    """What a stage is called, whoever looks."""
    return _NAMES[stage]


def stage_words(stage: Stage, side: Side) -> str:
    """The short status that one side sees."""
    return _WORDS[side][stage][0]


def tone_of(stage: Stage, side: Side) -> Tone:
    """How the short status is coloured for one side: `warn` is what wants attention."""
    return _WORDS[side][stage][1]


def stage_sentence(stage: Stage, side: Side, counterpart: str) -> str:
    """What happens now and who acts next, for one side. `counterpart` is the other organisation's name, perhaps not chosen yet."""
    return _SENTENCES[side][stage].format(them=plain(counterpart, NAME_LIMIT) or _NOBODY_YET)


def action_name(action: str) -> str:
    """What the act is called that a type of event stands for."""
    return _ACTIONS.get(action) or plain(action, NAME_LIMIT)
