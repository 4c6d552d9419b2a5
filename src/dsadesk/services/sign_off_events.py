"""What is checked of an event about a sign-off before it is kept: that it stays at home, and that the statement in it is its author's."""

from __future__ import annotations

from dsadesk.bundle.manifest import SIGN_OFF
from dsadesk.bundle.sign_off import check_statement
from dsadesk.domain.events import Event, SignOffAsked, SignOffGiven
from dsadesk.domain.sign_off import BODIES, review_of
from dsadesk.errors import ContentsError
from dsadesk.services.session import Session


def check_sign_off_event(session: Session, event: Event, kind: str) -> None:
    """Checks an event of a bundle of this kind. Everything else passes.

    Raises: ContentsError("sign-off-astray" | "sign-off-stranger" | "sign-off-other-draft" | "sign-off-signature").
    """
    body = event.body
    if (kind == SIGN_OFF) != isinstance(body, BODIES):
        raise ContentsError("sign-off-astray", event=event.id, type=event.type)
    if isinstance(body, BODIES) and event.org != session.profile.organisation.id:
        raise ContentsError("sign-off-stranger", org=event.org)
    if isinstance(body, SignOffAsked) and review_of(body.draft_of) != event.request:
        raise ContentsError("sign-off-other-draft", event=event.id, area=body.area[:40])
    if isinstance(body, SignOffGiven):
        said = body.statement
        if (said.by, said.device, review_of(said.request)) != (event.by, event.device, event.request):
            raise ContentsError("sign-off-signature", event=event.id, why="other-official")
        check_statement(said, directory=session.directory, introduced=None, signed_by=event.org, event=event.id)
