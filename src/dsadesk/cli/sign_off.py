"""`dsadesk request sign-off …`: ask colleagues to look at a draft before it is sealed, and answer them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dsadesk.cli.output import Context, pass_context
from dsadesk.domain.ids import RequestId
from dsadesk.domain.sign_off import review_of
from dsadesk.errors import RuleError
from dsadesk.services import exchanging, handing_over, signing_off
from dsadesk.services.drafting import question_set
from dsadesk.services.projecting import is_sign_off
from dsadesk.services.reading import find_request
from dsadesk.services.session import Session
from dsadesk.services.signing_off import AreaState, Asked
from dsadesk.services.viewing import answer_lines
from dsadesk.services.wording.sign_offs import area_name, outcome_words, standing_sentence


@click.group("sign-off")
def group() -> None:
    """Sign-offs by colleagues before a request is sealed."""


@group.command("list")
@click.argument("request", required=False)
@pass_context
def list_(context: Context, request: str | None) -> None:
    """How the sign-offs of a draft stand; without REQUEST, what colleagues ask of you."""
    session = context.session
    if request is None:
        asked = [each for row in _rows(session) for each in signing_off.asked_of_us(session, row) if each.is_latest]
        lines = [_asked_line(each) for each in asked] or ["Nobody asks for your sign-off."]
        context.tell(lines, [_asked_value(each) for each in asked])
        return
    states = signing_off.areas(session, find_request(session, request))
    shown = [state for state in states if state.is_needed or state.asked]
    lines = [f"{area_name(state.area)}: {_sentence(state)}" for state in shown]
    context.tell(lines or ["The answers call for no sign-off."], [_area_value(state) for state in states])


@group.command("ask")
@click.argument("request")
@click.argument("area", type=click.Choice(signing_off.AREAS))
@click.option("--of", "name", help="Whom; not needed while your card names only one person for it.")
@click.option("--note", default="", help="What to look at. It stays within your organisation.")
@click.option(
    "--save", type=click.Path(path_type=Path, dir_okay=False), help="Write the sealed question to a file as well."
)
@pass_context
def ask(context: Context, request: str, area: str, name: str | None, note: str, save: Path | None) -> None:
    """Ask a colleague to sign off the draft as it stands."""
    session, request_id = context.session, find_request(context.session, request)
    found = [entry.official for entry in signing_off.candidates(session, area)]
    chosen = [who for who in found if name is None or who.name.casefold() == name.casefold()]
    if len({who.id for who in chosen}) != 1:
        raise RuleError("sign-off-no-role" if not chosen else "sign-off-whom", area=area)
    event = signing_off.ask(session, request_id, area, chosen[0].id, note)
    lines = [f"{chosen[0].name} is asked for the sign-off: {area_name(area)}.", *_carry(session, event.request, save)]
    context.tell(lines, {"area": area, "of": chosen[0].name, "event": event.id})


@group.command("show")
@click.argument("request")
@pass_context
def show(context: Context, request: str) -> None:
    """Read a draft that a colleague asked you to sign off."""
    session = context.session
    asked = _find(session, request, None)
    draft = asked.draft
    lines = [f"{draft.marking.value}   {draft.reference}   {draft.title}", _asked_line(asked)]
    lines += [f"Note: {asked.ask.body.note}"] if asked.ask.body.note else []
    shown = answer_lines(question_set(session, draft.supplier.id), draft.answers)
    for line in shown:
        lines.append(f"  {line.question}")
        lines += [f"    {text}" for text in line.answer.splitlines()]
        lines += ["    " + "; ".join(f"{label}: {cell}" for label, cell in row.items()) for row in line.table]
    lines += [f"Sample {each.n}: {each.name}" for each in draft.samples]
    context.tell(lines, _asked_value(asked) | {"answers": draft.answers, "digest": asked.ask.digest})


@group.command("give")
@click.argument("request")
@click.argument("outcome", type=click.Choice(signing_off.OUTCOMES))
@click.option("--area", type=click.Choice(signing_off.AREAS), help="Needed when you are asked for more than one.")
@click.option("--condition", "conditions", multiple=True, help="May be given more than once; the supplier reads them.")
@click.option("--remark", default="", help="For your colleagues only; needed for a refusal.")
@click.option(
    "--save", type=click.Path(path_type=Path, dir_okay=False), help="Write the sealed answer to a file as well."
)
@pass_context
def give(
    context: Context,
    request: str,
    outcome: str,
    area: str | None,
    conditions: tuple[str, ...],
    remark: str,
    save: Path | None,
) -> None:
    """Answer a colleague who asked for your sign-off."""
    session = context.session
    asked = _find(session, request, area)
    event = signing_off.give(session, asked.review, asked.ask.event.id, outcome, conditions=conditions, remark=remark)
    said = f"{area_name(asked.ask.body.area)}: {outcome_words(outcome)}. Your signature is over exactly this draft."
    context.tell([said, *_carry(session, event.request, save)], {"event": event.id, "outcome": outcome})


@group.command("without")
@click.argument("request")
@click.argument("area", type=click.Choice(signing_off.AREAS))
@click.argument("reason")
@pass_context
def without(context: Context, request: str, area: str, reason: str) -> None:
    """Say why the request is to be sealed without a sign-off. The supplier reads it; an empty REASON takes it back."""
    signing_off.go_without(context.session, find_request(context.session, request), area, reason)
    context.tell("Kept. It goes with the request when it is sealed.", {"area": area, "reason": reason})


def _sentence(state: AreaState) -> str:
    return standing_sentence(
        state.standing,
        asked=state.last_asked,
        statement=state.given.statement if state.given else None,
        lacks_role=state.lacks_role,
        named=state.named,
        is_needed=state.is_needed,
    )


def _rows(session: Session) -> list[RequestId]:
    shown = session.vault.projections
    return [row.request for row in shown.rows(shown.ids()) if is_sign_off(row)]


def _find(session: Session, name: str, area: str | None) -> Asked:
    """The newest question about a draft that this person may answer, by the draft's reference or id."""
    shown = session.vault.projections
    wanted = name.strip().lower()
    reviews = [
        row.request
        for row in shown.rows(shown.ids())
        if is_sign_off(row) and wanted in (row.reference.lower(), row.request.lower())
    ]
    if not reviews:
        reviews = [review_of(find_request(session, name))]
    found = [each for each in signing_off.asked_of_us(session, reviews[0]) if each.is_latest]
    chosen = [each for each in found if area is None or each.ask.body.area == area]
    if len(chosen) != 1:
        raise RuleError("sign-off-not-asked" if not chosen else "sign-off-which", count=len(chosen))
    return chosen[0]


def _carry(session: Session, review: RequestId, save: Path | None) -> list[str]:
    """How it reaches the other laptop."""
    items = exchanging.deliveries(session, review)
    if not items:
        return ["Nobody else signs for your organisation, so nothing has to be sent."]
    if save is None:
        return ["It is sealed for your own inbox and waits to be sent: dsadesk inbox exchange"]
    written = handing_over.export_to(session, items[-1], save)
    return [f"It is also in {save}, {written.size:,} bytes. Only colleagues can open it: dsadesk bundle import"]


def _asked_line(asked: Asked) -> str:
    whom = "you" if asked.is_mine else asked.ask.body.of.name
    state = outcome_words(asked.answer.statement.outcome) if asked.answer else "not answered yet"
    by = asked.ask.event.by.name
    return f"{asked.draft.reference}  {area_name(asked.ask.body.area)}: {by} asks {whom} about “{asked.draft.title}”: {state}."


def _asked_value(asked: Asked) -> dict[str, Any]:
    return {
        "review": asked.review,
        "reference": asked.draft.reference,
        "area": asked.ask.body.area,
        "by": asked.ask.event.by.name,
        "of": asked.ask.body.of.name,
        "note": asked.ask.body.note,
        "answered": asked.answer.statement.outcome if asked.answer else "",
    }


def _area_value(state: AreaState) -> dict[str, Any]:
    given = state.given
    return {
        "area": state.area,
        "needed": state.is_needed,
        "standing": state.standing.value,
        "covered": state.covered is not None,
        "named": state.named,
        "open": state.is_open,
        "by": given.statement.by.name if given else "",
        "outcome": given.statement.outcome if given else "",
        "conditions": list(given.statement.conditions) if given else [],
        "remark": given.body.remark if given else "",
    }
