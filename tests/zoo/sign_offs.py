"""Sign-offs that are not what they say: over another draft, by somebody else, with a condition left out, or from outside."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from dsadesk.bundle.sign_off import digest_of_draft, sign_statement
from dsadesk.codec.events import time_text
from dsadesk.domain.events import SignOff, SignOffAsked, SignOffGiven
from dsadesk.domain.ids import EventId, RequestId
from dsadesk.domain.sign_off import review_of
from tests.support.events import REQUEST
from tests.support.parties import Party
from tests.zoo.kit import Kit, add, case, someone

OTHER_REQUEST = RequestId("018f3d2a-1111-7abc-8def-0123456789ab")


def statement(kit: Kit, by: Party | None = None, **changes: object) -> SignOff:
    """A good sign-off over the kit's submission, but for the changes, which come before the signature."""
    author = by or kit.sender
    made = SignOff(
        area="legal",
        request=REQUEST,
        digest=digest_of_draft(REQUEST, kit.submitted()),
        outcome="conditions",
        conditions=("Delete it by June.",),
        by=author.official,
        org=author.card.org.id,
        device=author.device.device,
        at=time_text(kit.now),
    )
    return sign_statement(replace(made, **changes), author.device)


def named_otherwise(kit: Kit) -> SignOff:
    good = replace(statement(kit), by=someone(), signatures=())
    return sign_statement(good, kit.sender.device)


def with_sign_offs(kit: Kit, *statements: SignOff) -> bytes:
    return kit.with_events(kit.event(kit.submitted(sign_offs=statements)))


def carried(name: str, wrong: str, code: str, make: Callable[[Kit], SignOff]) -> None:
    add(f"sign_off_{name}", wrong, "contents", code, lambda kit: with_sign_offs(kit, make(kit)))


carried("of_another_draft", "a sign-off that was given for other answers", "sign-off-other-draft",
        lambda kit: statement(kit, digest=digest_of_draft(REQUEST, kit.submitted(title="Another"))))  # fmt: skip
carried("of_another_request", "a sign-off that was given for another request", "sign-off-other-draft",
        lambda kit: statement(kit, request=OTHER_REQUEST))  # fmt: skip
carried("by_a_stranger", "a stranger signs off for the requester", "sign-off-signature",
        lambda kit: statement(kit, kit.stranger))  # fmt: skip
carried("by_a_stranger_in_their_name", "a stranger signs off and says that they belong to the requester", "sign-off-signature",
        lambda kit: statement(kit, kit.stranger, org=kit.sender.card.org.id))  # fmt: skip
carried("with_a_strangers_key", "the requester's official is named, and a stranger signed", "sign-off-signature",
        lambda kit: replace(statement(kit), signatures=statement(kit, kit.stranger).signatures))  # fmt: skip
carried("in_anothers_name", "an official signs off in the name of somebody else", "sign-off-signature",
        named_otherwise)  # fmt: skip
carried("without_its_condition", "the condition was taken out after signing", "sign-off-signature",
        lambda kit: replace(statement(kit), conditions=()))  # fmt: skip
carried("made_a_grant", "the outcome was changed after signing", "sign-off-signature",
        lambda kit: replace(statement(kit), outcome="granted"))  # fmt: skip
carried("of_another_area", "a legal sign-off is shown as one for security", "sign-off-signature",
        lambda kit: replace(statement(kit), area="security"))  # fmt: skip
carried("with_one_signature", "only one of the two algorithms signed", "event-body",
        lambda kit: replace(statement(kit), signatures=statement(kit).signatures[:1]))  # fmt: skip
carried("with_a_bad_digest", "the digest is no digest", "event-body",
        lambda kit: statement(kit, digest="0" * 63))  # fmt: skip


@case("contents", "event-body")
def sign_off_twice_in_one_area(kit: Kit) -> bytes:
    """Two sign-offs in one area."""
    return with_sign_offs(kit, statement(kit), statement(kit))


@case("contents", "sign-off-stranger")
def sign_off_asked_from_outside(kit: Kit) -> bytes:
    """Another organisation asks for a sign-off, to have its own draft read as a colleague's."""
    draft = kit.submitted()
    body = SignOffAsked(area="legal", of=kit.sender.official, draft=draft, draft_of=REQUEST)
    review = review_of(REQUEST)
    return kit.with_events(kit.event(body, change={"request": review}), kind="sign-off", request=review)


@case("contents", "sign-off-astray")
def sign_off_among_replies(kit: Kit) -> bytes:
    """A sign-off that was meant for colleagues stands in the conversation with the supplier."""
    given = SignOffGiven(asked=EventId(str(REQUEST)), statement=statement(kit), remark="Between us.")
    first = kit.submission()
    return kit.with_events(first, kit.event(given, after=(first,)))


@case("contents", "sign-off-stranger")
def sign_off_kind_for_a_request(kit: Kit) -> bytes:
    """A request that is sent as if it were a colleague's sign-off."""
    return kit.file(bundle=kit.bundle(kind="sign-off"))
