"""The agreement of a request: its text, who has signed it and how that is known, generating, signing and exporting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.codec.events import parse_time
from dsadesk.documents.layout import Document, from_tree
from dsadesk.domain.events import AgreementDrafted, AgreementSigned, Event
from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Fact, Stage
from dsadesk.domain.organisation import Side
from dsadesk.domain.request import AgreementState, RequestState
from dsadesk.errors import RuleError
from dsadesk.services import agreeing, publishing, viewing
from dsadesk.services.changes import Changes
from dsadesk.services.giving_roles import own_say, who_has
from dsadesk.services.naming import file_name, record_name
from dsadesk.services.publishing import Consent
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session
from dsadesk.services.viewing import RequestView, VerifiedLine
from dsadesk.services.wording import (
    Explanation,
    evidence_sentences,
    plain,
    size_words,
    spelled,
    stage_sentence,
    stage_words,
    tone_of,
    unproven_sentence,
    verdict,
    when,
)
from dsadesk.services.wording import on as said_on
from dsadesk.services.wording.officials import lacking_sentence
from dsadesk.ui.presenters.decide import sealed_sentence
from dsadesk.ui.presenters.files import SavedFile, write_file
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.request_shown import Head, Step
from dsadesk.ui.vocabulary import Tone

DRAFT, DRAFT_ANEW, SIGN, EXPORT, RECORD, REQUEST = "draft", "draft-anew", "sign", "export", "record", "request"


@dataclass(frozen=True)
class ShownSignature:
    """One party's signature, or its absence, with the words of the evidence."""

    organisation: str
    person: str
    when: str
    status: str
    tone: Tone
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ShownAgreement:
    """The whole page. `document` is None while no text has been generated."""

    request: RequestId
    head: Head
    document: Document | None
    version: int
    drafted: str
    digest: str
    words: tuple[str, ...]
    spelled: str
    signatures: tuple[ShownSignature, ...]
    can_draft: bool
    can_sign: bool
    consent: Consent
    them: str
    reference: str

    @property
    def signed(self) -> int:
        """How many have signed this text."""
        return sum(bool(signature.person) for signature in self.signatures)


class AgreementPage(Protocol):
    """What the presenter asks of the page."""

    def show_nothing(self) -> None:
        """Show an empty page while an agreement is on its way to it."""

    def show_agreement(self, shown: ShownAgreement) -> None:
        """Show the agreement as it stands."""

    def ask_sign(self, shown: ShownAgreement) -> None:
        """Say what signing means, and have it confirmed."""

    def ask_draft(self, shown: ShownAgreement) -> None:
        """Ask before a text takes the place of one that is there."""

    def ask_folder(self) -> None:
        """Have a folder chosen for the files."""

    def ask_record(self, shown: ShownAgreement) -> None:
        """Say what the public record is, have decided what it may say, and have a folder chosen."""

    def show_record(self, folder: str, files: Sequence[SavedFile]) -> None:
        """Say which files of the public record lie where."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_notice(self, sentence: str, action: str) -> None:
        """Say what was done; `action` offers to send it."""

    def show_exported(self, folder: str, files: Sequence[SavedFile]) -> None:
        """Say which files lie where, and what each is for."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""


class AgreementPresenter:
    """Shows one agreement and does what its buttons say."""

    def __init__(self, view: AgreementPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._request: RequestId | None = None
        self._shown: ShownAgreement | None = None
        self._asked = 0

    @property
    def shown(self) -> ShownAgreement | None:
        """The agreement on the page now."""
        return self._shown

    def open(self, request: RequestId) -> None:
        """Show the agreement of a request."""
        if request != self._request:
            self._request, self._shown = request, None
            self._view.show_nothing()
        self._load()

    def refresh(self, changes: Changes) -> None:
        """Show it anew when something was said or a card changed."""
        if self._request is not None and (self._request in changes.requests or changes.cards):
            self._load()

    def do(self, step: str) -> None:
        """Do what a button or an entry of the menu says."""
        shown = self._shown
        if shown is None:
            return
        if step == DRAFT:
            self.draft()
        elif step == DRAFT_ANEW:
            self._view.ask_draft(shown)
        elif step == SIGN:
            self._view.ask_sign(shown)
        elif step == EXPORT:
            self._view.ask_folder()
        elif step == RECORD:
            self._view.ask_record(shown)
        elif step == REQUEST:
            self._frame.go(Place(Page.REQUEST, request=shown.request))

    def draft(self) -> None:
        """Generate the text from the answers and propose it."""
        if self._request is not None:
            request, session = self._request, self._frame.desk.session
            self._begin("Writing the agreement from the answers…")
            self._frame.work(lambda: agreeing.draft(session, request), self._said, self._failed)

    def sign(self, digest: str) -> None:
        """Sign exactly the text that was asked about, by its digest. One that came in its place meanwhile is not signed unseen."""
        if self._request is not None:
            request, session = self._request, self._frame.desk.session
            self._begin("Signing…")
            self._frame.work(lambda: _sign(session, request, digest), self._said, self._failed)

    def export(self, folder: Path) -> None:
        """Write the agreement in every form into a folder."""
        shown, session = self._shown, self._frame.desk.session
        if shown is None:
            return
        self._begin("Setting the documents…")

        def done(files: tuple[SavedFile, ...]) -> None:
            self._view.show_busy("")
            self._view.show_exported(str(folder), files)

        self._frame.work(lambda: _export(session, shown, folder), done, self._failed)

    def export_record(self, folder: Path, *, details: bool, now: bool) -> None:
        """Write the public record in every form into a folder."""
        shown, session = self._shown, self._frame.desk.session
        if shown is None:
            return
        self._begin("Setting the documents…")

        def done(files: tuple[SavedFile, ...]) -> None:
            self._view.show_busy("")
            self._view.show_record(str(folder), files)

        work = self._frame.work
        work(lambda: _export_record(session, shown.request, folder, details=details, now=now), done, self._failed)

    def _begin(self, sentence: str) -> None:
        self._view.show_error(None)
        self._view.show_busy(sentence)

    def _said(self, event: Event) -> None:
        sentence = sealed_sentence(event)
        self._view.show_busy("")
        self._view.show_notice(sentence, "Send and fetch")
        self._frame.announce(sentence)

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_busy("")
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)

    def _load(self) -> None:
        if self._request is None:
            return
        request, session = self._request, self._frame.desk.session
        self._asked += 1
        asked = self._asked

        def done(shown: ShownAgreement | None) -> None:
            if asked != self._asked:
                return
            if shown is None:
                self._frame.go(Place(Page.EDITOR, request=request))
                return
            self._shown = shown
            self._view.show_agreement(shown)

        self._frame.work(lambda: look(session, request), done, self._failed)


def look(session: Session, request: RequestId) -> ShownAgreement | None:
    """Make the page of a request's agreement, or nothing while the request is only a draft. Raises: RuleError, ContentsError."""
    view = viewing.view(session, request)
    state = view.state
    if state is None:
        return None
    now = session.world.clock.now().astimezone()
    agreement = state.agreement
    own = state.requester.id if view.side is Side.REQUESTER else state.supplier.id
    say, to_draft = own_say(session), Fact.DRAFTED in view.open_facts
    to_sign = agreement is not None and Fact.SIGNED in view.open_facts and not agreement.signed_by(own)
    not_draft, not_sign = say.lacks(AgreementDrafted) if to_draft else "", say.lacks(AgreementSigned) if to_sign else ""
    can_draft, can_sign = to_draft and not not_draft, to_sign and not not_sign
    lacking = dict.fromkeys(role for role in (not_draft, not_sign) if role)
    notes = tuple(lacking_sentence(role, who_has(session, role)) for role in lacking)
    words = fingerprint_words(agreement.body.sha256) if agreement is not None else ()
    return ShownAgreement(
        request=request,
        head=_head(view, state, can_draft=can_draft, can_sign=can_sign, notes=notes),
        document=from_tree(agreement.body.document) if agreement is not None else None,
        version=agreement.body.version if agreement is not None else 0,
        drafted=_drafted(state, agreement, now) if agreement is not None else "",
        digest=agreement.body.sha256 if agreement is not None else "",
        words=words,
        spelled=spelled(words),
        signatures=_signatures(session, state, agreement, now) if agreement is not None else (),
        can_draft=can_draft,
        can_sign=can_sign,
        consent=publishing.consent_wanted(session, request),
        them=plain(view.counterpart),
        reference=view.reference,
    )


def _sign(session: Session, request: RequestId, digest: str) -> Event:
    if agreeing.require_agreement(require_state(session, request)).body.sha256 != digest:
        raise RuleError("other-agreement")
    return agreeing.sign_agreement(session, request)


def _head(view: RequestView, state: RequestState, *, can_draft: bool, can_sign: bool, notes: tuple[str, ...]) -> Head:
    has_text = state.agreement is not None
    steps = []
    if can_sign:
        steps.append(Step(SIGN, "Sign this text", "stamp"))
    if can_draft and not has_text:
        steps.append(Step(DRAFT, "Generate the agreement", "file-text", asks=False))
    if has_text:
        steps.append(Step(EXPORT, "Export", "download", pressing=False))
    if state.approval is not None:
        steps.append(Step(RECORD, "Make the public record", "globe"))
    steps.append(Step(REQUEST, "Open the request", "arrow-right", asks=False, pressing=False))
    if can_draft and has_text:
        steps.append(Step(DRAFT_ANEW, "Generate it anew", "file-text"))
    return Head(
        reference=view.reference,
        marking=view.marking,
        status=stage_words(view.stage, view.side),
        tone=Tone(tone_of(view.stage, view.side)),
        title=view.title,
        parties=f"{plain(state.requester.name)} and {plain(state.supplier.name)}",
        sentence=_turn(view, state) or stage_sentence(view.stage, view.side, view.counterpart)
        if has_text or can_draft
        else "There is no agreement yet. It is drafted once the request is agreed in principle.",
        primary=steps[0],
        decisions=(),
        more=tuple(steps[1:]),
        notes=notes,
    )


def _turn(view: RequestView, state: RequestState) -> str:
    """Whose signature is awaited while one side has signed the text; nothing where the stage says it."""
    if view.stage is not Stage.DRAFTING_AGREEMENT or state.agreement is None:
        return ""
    ours, theirs = state.requester.id, state.supplier.id
    if view.side is Side.SUPPLIER:
        ours, theirs = theirs, ours
    them = plain(view.counterpart)
    if state.agreement.signed_by(ours):
        return f"You have signed this text, and it holds once {them} has signed it too."
    return f"{them} has signed this text, and it waits for your signature." if state.agreement.signed_by(theirs) else ""


def _drafted(state: RequestState, agreement: AgreementState, now: datetime) -> str:
    event = next(line.event for line in state.history if line.event.id == agreement.event)
    party = state.requester if agreement.drafted_by == state.requester.id else state.supplier
    return f"Generated by {plain(event.by.name)}, {plain(party.name)}, {said_on(parse_time(event.at), now)}."


def _signatures(
    session: Session, state: RequestState, agreement: AgreementState, now: datetime
) -> tuple[ShownSignature, ...]:
    lines = {line.event.id: line for line in viewing.history(session, state.id)}
    made = []
    for party in (state.requester, state.supplier):
        found = next(((event, body) for org, event, body in agreement.signatures if org == party.id), None)
        if found is None:
            made.append(ShownSignature(plain(party.name), "", "", "Not signed yet", Tone.NEUTRAL, ()))
            continue
        event, body = found
        person = f"{plain(body.signatory.name)}, {plain(body.signatory.post)}"
        at = when(parse_time(event.at), now)
        made.append(_signature(plain(party.name), person, at[:1].upper() + at[1:], lines.get(event.id), now))
    return tuple(made)


def _signature(organisation: str, person: str, at: str, line: VerifiedLine | None, now: datetime) -> ShownSignature:
    evidence, problem = (line.evidence, line.problem) if line is not None else (None, "")
    judged = verdict(evidence, problem)
    sentences = evidence_sentences(evidence, now)[1:] if evidence is not None else (unproven_sentence(problem),)
    status = "Signed" if evidence is not None and not evidence.warnings else f"Signed. {judged.word}"
    return ShownSignature(organisation, person, at, status, Tone(judged.tone), sentences)


_FORMS = (
    ("pdf", "To read, print and file. The signed text is inside it for machines, too."),
    ("html", "To read in a browser."),
    ("md", "To compare two versions line by line."),
    ("dsse.json", "The signed text with its signatures, to check without dsadesk."),
)


def _export(session: Session, shown: ShownAgreement, folder: Path) -> tuple[SavedFile, ...]:
    files = agreeing.files(session, shown.request)
    contents = {"pdf": files.pdf, "html": files.html, "md": files.markdown, "dsse.json": files.envelope}
    made = []
    for suffix, purpose in _FORMS:
        name = file_name(session, shown.request, f"agreement-{shown.version}.{suffix}")
        write_file(folder / name, contents[suffix])
        made.append(SavedFile(name, size_words(len(contents[suffix])), purpose))
    return tuple(made)


_RECORD_FORMS = {
    "html": "To put on a website.",
    "pdf": "To print, and to hand to people who are not online.",
    "md": "To compare two versions line by line.",
    "json": "For registers and other programs; it is linked data (JSON-LD) too.",
    "csv": "One line for a register kept as a table.",
}


def _export_record(
    session: Session, request: RequestId, folder: Path, *, details: bool, now: bool
) -> tuple[SavedFile, ...]:
    files = publishing.record_files(session, request, details=details, now=now)
    made = []
    for suffix, data in files.by_suffix().items():
        name = record_name(session, request, suffix)
        write_file(folder / name, data)
        made.append(SavedFile(name, size_words(len(data)), _RECORD_FORMS[suffix]))
    return tuple(made)


HAS_AGREEMENT = frozenset(
    {
        Stage.AGREED_IN_PRINCIPLE,
        Stage.DRAFTING_AGREEMENT,
        Stage.SIGNED,
        Stage.ACTIVE,
        Stage.SUSPENDED,
        Stage.AMENDING,
        Stage.RENEWING,
        Stage.EXPIRING,
        Stage.CLOSED,
    }
)
"""The stages of a request that has an agreement, or is ready for one."""
