"""`dsadesk request …`: write a request, seal it, and read what has become of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from dsadesk.cli import request_papers, request_talk
from dsadesk.cli.named import label_of, request_id_of
from dsadesk.cli.output import Context, pass_context, read_file, table
from dsadesk.cli.sign_off import group as sign_off_group
from dsadesk.domain.events import Event
from dsadesk.domain.ids import OrganisationId, QuestionId, RequestId
from dsadesk.errors import RuleError
from dsadesk.ports import ListGroup
from dsadesk.questions.sentences import say as say_finding
from dsadesk.services import attaching, discovering, drafting, sealing, signing_off, viewing
from dsadesk.services.naming import marking_and_reference
from dsadesk.services.projecting import highest_marking
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session
from dsadesk.services.viewing import RequestView, VerifiedLine
from dsadesk.services.wording import (
    delivery_sentence,
    event_sentence,
    evidence_sentences,
    line_details,
    sample_warning_sentence,
    size_words,
    stage_sentence,
    verdict,
)
from dsadesk.services.wording.sign_offs import area_name, statement_sentence, unsigned_sentence


@click.group("request")
def group() -> None:
    """Write, seal, discuss and decide requests."""


group.add_command(sign_off_group)
for command in (*request_talk.COMMANDS, *request_papers.COMMANDS):
    group.add_command(command)


def _marked(session: Session, request: RequestId) -> str:
    """The line that everything about a request begins with."""
    marking, reference = marking_and_reference(session, request)
    return f"{marking.value}   {reference}"


# ---------------------------------------------------------------- writing


@group.command("new")
@click.option("--dataset", help="Identifier of a catalogue record to start from.")
@click.option("--to", "supplier", help="Register identifier of the organisation that is asked.")
@click.option("--title", default="")
@pass_context
def new(context: Context, dataset: str | None, supplier: str | None, title: str) -> None:
    """Start a request."""
    session = context.session
    record = discovering.dataset(session, dataset) if dataset else None
    if supplier:
        drafting.partner_name(session, OrganisationId(supplier))  # before there is a draft that nobody wanted
    draft = drafting.start(session, dataset=record, title=title)
    if supplier:
        draft = drafting.address_to(session, draft.request, OrganisationId(supplier))
    context.tell(
        f"{draft.reference} is started: {draft.title}",
        {"request": draft.request, "reference": draft.reference, "title": draft.title},
    )


@group.command("list")
@click.option("--group", "wanted", type=click.Choice([g.value for g in ListGroup]), help="Only this list.")
@click.option("--search", default="")
@pass_context
def list_(context: Context, wanted: str | None, search: str) -> None:
    """List requests, newest change first."""
    shown = context.session.vault.projections
    ids = shown.ids(groups=frozenset({ListGroup(wanted)}) if wanted else None, search=search)
    rows = shown.rows(ids)
    lines = [
        (row.reference, row.stage.value, "needs you" if row.needs_you else "", row.title, row.counterpart)
        for row in rows
    ]
    marked = highest_marking(context.session).value
    context.tell(
        [marked, *table(lines)] if lines else ["Nothing here yet."], [msgspec.to_builtins(row) for row in rows]
    )


@group.command("answer")
@click.argument("request")
@click.argument("question")
@click.argument("value")
@pass_context
def answer(context: Context, request: str, question: str, value: str) -> None:
    """Answer one question. VALUE is text, or JSON for anything that is not text."""
    try:
        given = json.loads(value)
    except ValueError:
        given = value
    if isinstance(given, float) or given is None:
        given = value
    drafting.save_answer(context.session, request_id_of(context, request), QuestionId(question), given)
    context.tell("Saved.", {"question": question})


@group.command("answers")
@click.argument("request")
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def answers(context: Context, request: str, file: Path) -> None:
    """Take answers from a JSON file, all or none."""
    count = drafting.load_answers(context.session, request_id_of(context, request), read_file(str(file)))
    context.tell(f"{count} answers are saved.", {"answers": count})


@group.command("attach")
@click.argument("request")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--real", is_flag=True, help="The sample is real data, not made up.")
@pass_context
def attach(context: Context, request: str, file: Path, real: bool) -> None:
    """Attach a CSV sample. It is checked, and encrypted as it is read."""
    kind = attaching.REAL if real else attaching.SYNTHETIC
    try:
        with file.open("rb") as source:
            sample = attaching.attach(context.session, request_id_of(context, request), source, file.name, kind=kind)
    except OSError as error:
        raise RuleError("file-unreadable", name=file.name, why=error.strerror or "") from error
    profile = sample.profile
    columns = [
        (c["name"], c["looks_like"], f"{c['blanks']} blank", "about people" if c["personal"] else "")
        for c in profile["columns"]
    ]
    lines = [f"{sample.name}: {profile['rows']} rows, {size_words(sample.size)}, encrypted.", *table(columns)]
    context.tell(
        [*lines, *(sample_warning_sentence(code) for code in profile["warnings"])],
        {"n": sample.n, "sha256": sample.sha256, "profile": profile},
    )


@group.command("check")
@click.argument("request")
@pass_context
def check(context: Context, request: str) -> None:
    """Say what is still missing, in the order of where to go, and what the supplier will look at twice."""
    session, request_id = context.session, request_id_of(context, request)
    needed = sealing.what_is_missing(session, request_id)
    flags, far = drafting.flags(session, request_id), drafting.how_far(session, request_id)
    found = [f for f in drafting.findings(session, request_id) if f.severity != "must" or f in needed]
    must = [finding for finding in found if finding.severity == "must"]
    unsigned = [area.area for area in signing_off.areas(session, request_id) if area.is_open]
    lines = [
        _marked(session, request_id),
        f"{far.answered} of {far.total} questions answered, about {far.minutes_left} minutes left.",
    ]
    lines += [f"  {'Must' if f.severity == 'must' else 'Should'}: {f.question_id}: {say_finding(f)}" for f in found]
    lines += [f"  The supplier will notice: {flag.sentence}" for flag in flags]
    lines += [f"  Not signed off yet: {area_name(area)}" for area in unsigned]
    if must or not unsigned:
        lines.append("Ready to seal." if not must else f"{len(must)} answers are needed before you can seal.")
    else:
        lines.append("Ask for the sign-offs, or say why you go without: dsadesk request sign-off --help")
    value = {
        "ready": not must and not unsigned,
        "unsigned": unsigned,
        "findings": [
            {"question": f.question_id, "severity": f.severity, "code": f.code, "says": say_finding(f)} for f in found
        ],
        "flags": [flag.sentence for flag in flags],
        "answered": far.answered,
        "total": far.total,
    }
    context.tell(lines, value)


@group.command("seal")
@click.argument("request")
@pass_context
def seal(context: Context, request: str) -> None:
    """Sign and encrypt the request for the supplier and keep it for sending."""
    request_id = request_id_of(context, request)
    body = sealing.seal_request(context.session, request_id)
    line = f"{body.reference} is sealed for {body.supplier.name} and waits to be sent. It can no longer be changed."
    lines = [
        line,
        *(statement_sentence(each) for each in body.sign_offs or ()),
        *(unsigned_sentence(each) for each in body.unsigned or ()),
    ]
    value = {
        "request": request_id,
        "version": body.version,
        "supplier": body.supplier.id,
        "sign_offs": [each.area for each in body.sign_offs or ()],
        "without": [each.area for each in body.unsigned or ()],
    }
    context.tell(lines, value)


@group.command("revise")
@click.argument("request")
@pass_context
def revise(context: Context, request: str) -> None:
    """Open a returned request for a new version."""
    draft = drafting.revise(context.session, request_id_of(context, request))
    context.tell(f"{draft.reference} is open for a new version.", {"request": draft.request})


@group.command("discard")
@click.argument("request")
@click.option("--yes", is_flag=True, help="Really throw the draft away.")
@pass_context
def discard(context: Context, request: str, yes: bool) -> None:
    """Throw a draft away."""
    request_id = request_id_of(context, request)
    if not yes:
        answered = len(context.session.vault.drafts.answers(request_id))
        raise RuleError("discard-unconfirmed", answers=answered)
    drafting.discard(context.session, request_id)
    context.tell("The draft is gone.", {"request": request_id})


# ---------------------------------------------------------------- reading


@group.command("show")
@click.argument("request")
@pass_context
def show(context: Context, request: str) -> None:
    """Show a request: every answer, the samples, the questions, where it stands."""
    shown = viewing.view(context.session, request_id_of(context, request))
    context.tell(_show_lines(context, shown), _show_value(shown))


def _show_lines(context: Context, shown: RequestView) -> list[str]:
    now = context.session.world.clock.now()
    lines = [
        f"{shown.marking}   {shown.reference}   {shown.title}",
        stage_sentence(shown.stage, shown.side, shown.counterpart),
        "",
    ]
    section = ""
    for answer_line in shown.answers:
        if answer_line.section != section:
            section = answer_line.section
            lines.append(section.upper())
        lines.append(f"  {answer_line.question}  [{answer_line.question_id}]")
        lines += [f"    {text}" for text in answer_line.answer.splitlines()]
        lines += ["    " + "; ".join(f"{label}: {cell}" for label, cell in row.items()) for row in answer_line.table]
        if answer_line.revised:
            lines.append("    (revised in a reply)")
    for sample in shown.samples:
        lines.append(
            f"Sample {sample.n}: {sample.name}, {size_words(sample.size)}, {sample.kind}. Encrypted on this computer."
        )
    if shown.state:
        for question in shown.state.questions:
            lines.append(f"Question {question.asked.id}: {question.body.text}")
            lines.append(f"  Reply: {question.answer.text}" if question.answer else "  No reply yet.")
    if shown.has_parted:
        lines.append("Two lines of events were made apart. Join them with: dsadesk request join")
    lines += [delivery_sentence(item, now) for item in shown.deliveries]
    return lines


def _show_value(shown: RequestView) -> dict[str, Any]:
    state = shown.state
    return {
        "request": shown.request,
        "reference": shown.reference,
        "title": shown.title,
        "marking": shown.marking,
        "side": shown.side.value,
        "stage": shown.stage.value,
        "counterpart": shown.counterpart,
        "heads": list(state.heads) if state else [],
        "answers": [
            {
                "id": a.question_id,
                "question": a.question,
                "answer": a.answer,
                "rows": list(a.table),
                "revised": a.revised,
            }
            for a in shown.answers
        ],
        "samples": [
            {"n": s.n, "name": s.name, "size": s.size, "sha256": s.sha256, "kind": s.kind} for s in shown.samples
        ],
        "questions": [
            {
                "id": q.asked.id,
                "about": q.body.question,
                "text": q.body.text,
                "reply": q.answer.text if q.answer else "",
            }
            for q in (state.questions if state else ())
        ],
        "deliveries": [{"bundle": d.id, "to": d.org, "kind": d.kind, "state": d.state.value} for d in shown.deliveries],
        "next": sorted(fact.value for fact in shown.open_facts),
    }


@group.command("sample")
@click.argument("request")
@click.argument("n", type=int, default=1)
@click.option("--rows", type=click.IntRange(1, 1000), default=10)
@pass_context
def sample(context: Context, request: str, n: int, rows: int) -> None:
    """Show the first rows of a sample. It is decrypted in memory only."""
    found = viewing_rows(context, request, n, rows)
    marked = _marked(context.session, request_id_of(context, request))
    context.tell([marked, *table([row for row in found if len(row) == len(found[0])])], [list(row) for row in found])


@group.command("save-sample")
@click.argument("request")
@click.argument("n", type=int)
@click.argument("target", type=click.Path(path_type=Path))
@pass_context
def save_sample(context: Context, request: str, n: int, target: Path) -> None:
    """Write a sample to a file in clear. From then on it is yours to guard."""
    size = attaching.save_sample(context.session, request_id_of(context, request), n, target)
    line = f"{target.name}, {size_words(size)}, is written in clear. It came from someone else: keep it safe, and delete it when done."
    context.tell(line, {"file": str(target), "size": size})


def viewing_rows(context: Context, request: str, n: int, rows: int) -> tuple[tuple[str, ...], ...]:
    """The first rows of a sample, the header first."""
    return attaching.preview(context.session, request_id_of(context, request), n, rows)


@group.command("history")
@click.argument("request")
@click.option(
    "--every", is_flag=True, help="Check both signatures of each event, also of those that a later one names by hash."
)
@pass_context
def history(context: Context, request: str, every: bool) -> None:
    """Show everything that was said, and prove again now who said it."""
    session, request_id = context.session, request_id_of(context, request)
    state = require_state(session, request_id)
    lines = viewing.history(session, request_id, every=every)
    label = label_of(session, state.supplier.id)
    shown = [_marked(session, request_id)]
    for line in lines:
        shown.append(f"{line.event.at}  {event_sentence(line.event, state, label)}")
        shown += [f"    {name}: {text}" for name, text in line_details(line.line, label)]
        shown += [f"    {text}" for text in _evidence(session, line)]
    digest = viewing.history_digest(session, request_id)
    shown.append(f"History {digest[:16]}, {len(lines)} events, {len(state.heads)} newest.")
    value = {
        "digest": digest,
        "stage": state.stage.value,
        "heads": list(state.heads),
        "faults": [msgspec.to_builtins(fault) for fault in state.faults],
        "events": [_event_value(line) for line in lines],
    }
    context.tell(shown, value)


def _evidence(session: Session, line: VerifiedLine) -> tuple[str, ...]:
    now = session.world.clock.now()
    word = verdict(line.evidence, line.problem).word
    return (word, *(evidence_sentences(line.evidence, now) if line.evidence else ()))


def _event_value(line: VerifiedLine) -> dict[str, Any]:
    event: Event = line.event
    return {
        "id": event.id,
        "type": event.type,
        "at": event.at,
        "org": event.org,
        "by": event.by.name,
        "device": event.device,
        "effect": line.effect.value,
        "reason": line.line.reason,
        "stage": line.line.stage.value,
        "sha256": event.sha256,
        "verified": line.evidence is not None,
        "how_known": line.evidence.how.value if line.evidence else "",
    }
