"""`dsadesk request …`: talk about a request, and decide it."""

from __future__ import annotations

import json
from typing import Any

import click

from dsadesk.cli.named import label_of, request_id_of
from dsadesk.cli.output import Context, pass_context
from dsadesk.domain.events import Event
from dsadesk.domain.ids import EventId, QuestionId
from dsadesk.errors import RuleError
from dsadesk.services import reviewing
from dsadesk.services.reading import require_state
from dsadesk.services.wording import event_sentence


def _said(context: Context, event: Event) -> None:
    state = require_state(context.session, event.request)
    sentence = event_sentence(event, state, label_of(context.session, state.supplier.id))
    context.tell(
        [sentence, "It is sealed and waits to be sent."],
        {"event": event.id, "type": event.type, "stage": state.stage.value},
    )


@click.command("assess")
@click.argument("request")
@pass_context
def assess(context: Context, request: str) -> None:
    """Say that you have begun to assess a request."""
    _said(context, reviewing.start_assessment(context.session, request_id_of(context, request)))


@click.command("ask")
@click.argument("request")
@click.argument("text")
@click.option("--about", default="", help="The id of the question whose answer you ask about.")
@pass_context
def ask(context: Context, request: str, text: str, about: str) -> None:
    """Ask the requester about an answer."""
    _said(context, reviewing.ask(context.session, request_id_of(context, request), QuestionId(about), text))


@click.command("reply")
@click.argument("request")
@click.argument("text")
@click.option("--to", "asked", help="The question's id; not needed while only one is open.")
@click.option("--answer", "revised", help="A new answer in place of the one that was asked about (text or JSON).")
@pass_context
def reply(context: Context, request: str, text: str, asked: str | None, revised: str | None) -> None:
    """Reply to a question, perhaps revising the answer."""
    session, request_id = context.session, request_id_of(context, request)
    if asked is None:
        waiting = require_state(session, request_id).open_questions
        if len(waiting) != 1:
            raise RuleError("which-question", count=len(waiting))
        asked = waiting[0].asked.id
    value: Any = None
    if revised is not None:
        try:
            value = json.loads(revised)
        except ValueError:
            value = revised
    _said(context, reviewing.answer(session, request_id, EventId(asked), text, value))


@click.command("remark")
@click.argument("request")
@click.argument("text")
@pass_context
def remark(context: Context, request: str, text: str) -> None:
    """Say something that both sides may read and that changes nothing."""
    _said(context, reviewing.remark(context.session, request_id_of(context, request), text))


@click.command("approve")
@click.argument("request")
@click.option("--reasons", required=True)
@click.option("--condition", "conditions", multiple=True, help="May be given more than once.")
@pass_context
def approve(context: Context, request: str, reasons: str, conditions: tuple[str, ...]) -> None:
    """Agree in principle, with reasons and perhaps conditions."""
    _said(context, reviewing.approve(context.session, request_id_of(context, request), reasons, conditions))


@click.command("return")
@click.argument("request")
@click.option("--reasons", required=True)
@click.option("--change", "changes", multiple=True, help="Something that has to change; may be given more than once.")
@pass_context
def return_(context: Context, request: str, reasons: str, changes: tuple[str, ...]) -> None:
    """Send the request back to be changed."""
    _said(context, reviewing.give_back(context.session, request_id_of(context, request), reasons, changes))


@click.command("reject")
@click.argument("request")
@click.option("--reasons", required=True)
@click.option("--alternatives", default="", help="What else the requester could do.")
@pass_context
def reject(context: Context, request: str, reasons: str, alternatives: str) -> None:
    """Refuse, with reasons."""
    _said(context, reviewing.reject(context.session, request_id_of(context, request), reasons, alternatives))


@click.command("refer")
@click.argument("request")
@click.option("--reasons", required=True)
@click.option("--owner", required=True, help="Who the right owner is.")
@pass_context
def refer(context: Context, request: str, reasons: str, owner: str) -> None:
    """Name the right owner of the data."""
    _said(context, reviewing.refer(context.session, request_id_of(context, request), reasons, owner))


@click.command("withdraw")
@click.argument("request")
@click.option("--reasons", required=True)
@pass_context
def withdraw(context: Context, request: str, reasons: str) -> None:
    """Take your request back."""
    _said(context, reviewing.withdraw(context.session, request_id_of(context, request), reasons))


@click.command("join")
@click.argument("request")
@pass_context
def join(context: Context, request: str) -> None:
    """Join lines of events that were made apart."""
    _said(context, reviewing.join_heads(context.session, request_id_of(context, request)))


COMMANDS = (assess, ask, reply, remark, approve, return_, reject, refer, withdraw, join)
