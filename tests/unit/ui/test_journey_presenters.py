"""The whole conversation through the presenters of the pages: ask, reply, approve, agree, sign on both sides."""

from __future__ import annotations

from dsadesk.domain.ids import QuestionId
from dsadesk.services import viewing
from dsadesk.ui.presenters.agreement import DRAFT, SIGN, AgreementPresenter
from dsadesk.ui.presenters.agreements import AgreementsPresenter
from dsadesk.ui.presenters.decide import Act, DecidePresenter
from dsadesk.ui.presenters.exchange import ExchangePresenter
from dsadesk.ui.presenters.inbox import InboxPresenter
from dsadesk.ui.presenters.request import RequestPresenter
from dsadesk.ui.presenters.request_shown import Go
from tests.support.desks import sealed_request, two_desks
from tests.unit.ui.frames import Recorder, inline_frame

AIM = QuestionId("purpose.aim")


class Desk:
    """One side with its pages. A page hears of every change, as in the window."""

    def __init__(self, desk):
        self.frame, self.seen = inline_frame(desk)
        self.views = {name: Recorder() for name in ("inbox", "request", "agreement", "agreements", "exchange")}
        self.inbox = InboxPresenter(self.views["inbox"], self.frame)
        self.request = RequestPresenter(self.views["request"], self.frame)
        self.agreement = AgreementPresenter(self.views["agreement"], self.frame)
        self.agreements = AgreementsPresenter(self.views["agreements"], self.frame)
        self.exchange = ExchangePresenter(self.views["exchange"], self.frame)
        self.inbox.start()
        self.agreements.start()
        self.exchange.open()

    def listen(self):
        while self.seen.changes:
            changes = self.seen.changes.pop(0)
            for page in (self.inbox, self.request, self.agreement, self.agreements, self.exchange):
                page.refresh(changes)
        return self

    def send_and_fetch(self):
        self.exchange.exchange()
        self.listen()
        return self.views["exchange"].shown["show_result"]

    def say(self, act, values, about=""):
        """Fill a form as the dialog does."""
        self.request.begin(act, about)
        form, words, asked = self.views["request"].shown["open_form"]
        view = Recorder()
        dialog = DecidePresenter(view, self.frame, words, asked)
        dialog.open(form)
        dialog.submit(values)
        self.request.said(view.shown["said"])
        self.listen()

    @property
    def shown(self):
        return self.views["request"].shown["show_request"]

    @property
    def agreed(self):
        return self.views["agreement"].shown["show_agreement"]


def test_two_organisations_come_to_an_agreement_through_their_pages():
    pair = two_desks()
    request = sealed_request(pair)
    asks, holds = Desk(pair.requester), Desk(pair.supplier)

    assert asks.send_and_fetch().title == "1 sent"
    holds.inbox.fetch()
    holds.listen()
    assert holds.views["inbox"].shown["show_list"][0] == (request,)
    holds.inbox.choose(request)
    holds.request.open(holds.seen.places[-1].request)
    assert holds.shown.head.primary.words == "Start the assessment"
    holds.request.do(Go.ASSESS)
    holds.listen()
    assert holds.shown.head.status == "You are assessing"

    holds.say(Act.ASK, {"text": "Which beaches?"}, about=AIM)
    assert holds.shown.head.status == "Waiting for their reply"
    holds.send_and_fetch()
    asks.request.open(request)
    result = asks.send_and_fetch()
    assert any(line.sentence.startswith("A question came from Environment Agency") for line in result.lines)
    assert asks.shown.head.primary.words == "Reply to the question"
    talk = asks.shown.talks[0]
    assert asks.request.reply(talk.id, "The two at Weston.", "We want swimmers at Weston to see where water is tested.")
    asks.listen()
    asks.send_and_fetch()
    holds.send_and_fetch()
    assert holds.shown.answer(AIM).is_revised
    assert holds.shown.answer(AIM).talks[0].reply == "The two at Weston."

    holds.say(Act.APPROVE, {"reasons": "It protects swimmers.", "conditions": [{"conditions": "Name the source."}]})
    assert holds.shown.glance.decision.title == "Agreed in principle"
    assert holds.views["agreements"].shown["show_list"][0] == (request,)
    holds.agreement.open(request)
    holds.agreement.do(DRAFT)
    holds.listen()
    holds.agreement.do(SIGN)
    holds.agreement.sign(holds.agreed.digest)
    holds.listen()
    assert holds.agreed.signed == 1
    holds.send_and_fetch()

    asks.send_and_fetch()
    asks.agreement.open(request)
    assert asks.agreed.can_sign
    assert asks.agreed.digest == holds.agreed.digest
    asks.agreement.sign(asks.agreed.digest)
    asks.listen()
    asks.send_and_fetch()
    holds.send_and_fetch()

    for side in (asks, holds):
        assert side.agreed.signed == 2
        assert side.agreed.head.status == "Signed by both"
        assert all(signature.status == "Signed" for signature in side.agreed.signatures)
    holds.say(Act.START, {"note": ""})
    holds.send_and_fetch()
    asks.send_and_fetch()
    assert asks.shown.head.status == holds.shown.head.status == "Sharing"
    assert asks.shown.history.words == holds.shown.history.words
    assert viewing.history_digest(pair.asks, request) == viewing.history_digest(pair.holds, request)
    for side in (asks, holds):
        assert all(view.shown.get("show_error") is None for view in side.views.values())
        assert all(entry.who == "Signature: valid" for entry in side.shown.history.entries)
