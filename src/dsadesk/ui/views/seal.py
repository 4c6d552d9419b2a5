"""Check and seal: first what is missing, then what the supplier will look at, then exactly what is sealed and for whom, then the seal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.services.wording.fingerprints import spelled
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.form import Problem
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.seal import Sealed, SealPresenter, SealSheet, Supplier
from dsadesk.ui.presenters.sign_off import ShownArea
from dsadesk.ui.theme import Space
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.seal_sign_offs import AskDialog, SignOffsCard
from dsadesk.ui.views.tab_order import tab_stops, tab_through
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button, GraveButton
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import Text

_FIRST_SHOWN = 12


class SealView(QWidget):
    """The last page of the form."""

    sealed = Signal(object)  # Sealed
    whole_wanted = Signal()

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = SealPresenter(self, frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._page = ScrollColumn(width=760)
        column.addWidget(self._page, 1)
        self._foot = QFrame()
        self._foot.setProperty("look", "footer")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._foot.setSizePolicy(policy)
        flow = Flow(self._foot, spacing=Space.MEDIUM)
        flow.setContentsMargins(Space.GUTTER, Space.MEDIUM, Space.GUTTER, Space.MEDIUM)
        self._send = GraveButton(translate("Seal", "Seal and send now"), "primary", icon_name="send")
        self._keep = GraveButton(translate("Seal", "Seal and keep for sending"), icon_name="lock")
        self._busy = Text("", "meta", wrap=False)
        self._send.clicked.connect(lambda: self._presenter.seal(send=True))
        self._keep.clicked.connect(lambda: self._presenter.seal(send=False))
        for each in (self._send, self._keep, self._busy):
            flow.addWidget(each)
        column.addWidget(self._foot)
        self._foot.hide()  # until it is known whether there is anything to seal
        self._title, self._notice = Text("", "title", heading=True), Notice()
        self._begin(translate("Seal", "Check and seal"))
        self._pressed = self._send
        self.sign_offs: SignOffsCard | None = None

    def show_request(self, request: RequestId) -> None:
        """Look at a draft."""
        self._presenter.open(request)

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_sheet(self, sheet: SealSheet) -> None:
        """Show everything that stands before the seal."""
        self._begin(translate("Seal", "Check and seal"))
        ready = sheet.can_seal
        if sheet.missing:
            self._page.add(self._problems(sheet.missing, _missing_words(len(sheet.missing)), Tone.WARN))
        if sheet.hindrance is not None:
            notice = Notice()
            self._page.add(notice)
            notice.explain(sheet.hindrance, action=translate("Seal", "Go to partners"), tone=Tone.WARN)
            org = sheet.supplier.identifier if sheet.supplier else ""
            notice.action_chosen.connect(lambda: self._presenter.go_to_partner(org))
        if ready:
            self._page.add(_ready_banner(sheet.unsigned))
        if sheet.sign_offs:
            self._page.add(self._sign_offs(sheet))
        if sheet.flags:
            self._page.add(self._flags(sheet))
        if sheet.supplier is not None:
            self._page.add(self._whom(sheet.supplier))
        self._page.add(self._contents(sheet))
        if sheet.advised:
            title = counted(
                translate("Seal", "{n} thing could be better|{n} things could be better"), len(sheet.advised)
            )
            self._page.add(self._problems(sheet.advised, title, Tone.INFO))
        plain = Button(translate("Seal", "Plain English in the whole request…"), icon_name="spell-check")
        plain.clicked.connect(self.whole_wanted)
        self._page.column.insertWidget(self._page.column.count() - 1, plain, 0, Qt.AlignmentFlag.AlignLeft)
        self._offer(ready=ready, can_send=sheet.can_send)
        tab_through([*tab_stops(self._page), self._send, self._keep])

    def show_asked(self, sentence: str) -> None:
        """Say that a colleague is asked."""
        self._notice.say(sentence, Tone.GOOD, action=translate("Seal", "Send and fetch"))
        self._notice.action_chosen.connect(self._presenter.send_question)
        self._page.reveal(self._notice)

    def refresh(self, changes: Changes) -> None:
        """Follow what colleagues answered."""
        self._presenter.refresh(changes)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done. The keyboard waits there, and goes back to the button that was pressed if that is still there."""
        self._busy.setText(sentence)
        buttons = (self._send, self._keep)
        pressed = next((button for button in buttons if button.hasFocus()), None)
        if sentence and pressed is not None:
            self._pressed = pressed
            self._busy.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in buttons:
            button.setEnabled(not sentence)
        if not sentence and self._busy.hasFocus():
            self._pressed.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_sealed(self, sealed: Sealed) -> None:
        """Say that it is sealed, and what now."""
        holder: QWidget | None = self.window().focusWidget()
        had_keyboard = holder is None or self.isAncestorOf(holder)
        title = translate("Seal", "Sealed")
        if sealed.is_sent:
            title = translate("Seal", "Sealed and sent")
        elif sealed.is_on_its_way:
            title = translate("Seal", "Sealed, and being sent")
        self._begin(title)
        what = translate(
            "Seal", "“{title}” is signed and encrypted for {supplier}.", title=sealed.title, supplier=sealed.supplier
        )
        self._page.add(
            Banner(
                what,
                Tone.GOOD,
                details=translate(
                    "Seal",
                    "It cannot be changed. If something has to change, make a new version; this one stays as it is.",
                ),
            )
        )
        if sealed.problem is not None:
            notice = Notice()
            self._page.add(notice)
            kept = translate("Seal", "It is kept and waits to be sent.")
            notice.explain(Explanation(what=sealed.problem.what, todo=f"{sealed.problem.todo} {kept}"), tone=Tone.WARN)
        self._page.add(Text(_next_words(sealed), "body"))
        row = QWidget()
        flow = Flow(row, spacing=Space.MEDIUM)
        see = Button(translate("Seal", "See the request"), "primary")
        see.clicked.connect(lambda: self._presenter.see(sealed.request))
        flow.addWidget(see)
        self._page.add(row)
        self._foot.hide()
        self.sealed.emit(sealed)
        if had_keyboard:
            see.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong. Nothing was sealed."""
        self._notice.explain(explanation)
        self._page.reveal(self._notice)

    # ------------------------------------------------------------ within

    def _begin(self, title: str) -> None:
        had_focus = self._title.hasFocus()
        self._page.clear()
        self._title = Text(title, "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._notice = Notice()
        self._page.add(self._title)
        self._page.add(self._notice)
        if had_focus:
            self.focus_first()

    def _offer(self, *, ready: bool, can_send: bool) -> None:
        self._foot.setVisible(ready)
        self._send.setVisible(can_send)
        look = "plain" if can_send else "primary"
        self._keep.setProperty("look", look)
        self._keep.style().unpolish(self._keep)
        self._keep.style().polish(self._keep)

    def _problems(self, problems: Sequence[Problem], title: str, tone: Tone) -> QWidget:
        card = Card(title, icon_name="list-checks", shade=tone.value)
        for problem in problems[:_FIRST_SHOWN]:
            card.add(self._link(problem.sentence, problem.question))
        rest = problems[_FIRST_SHOWN:]
        if rest:
            more = Button(counted(translate("Seal", "Show {n} more|Show {n} more"), len(rest)), small=True)

            def show_all() -> None:
                links = [self._link(problem.sentence, problem.question) for problem in rest]
                for link in links:
                    card.add(link)
                tab_through([more, *links])
                links[0].setFocus(Qt.FocusReason.OtherFocusReason)
                more.hide()

            more.clicked.connect(show_all)
            card.column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _sign_offs(self, sheet: SealSheet) -> QWidget:
        card = SignOffsCard(sheet.sign_offs)
        card.ask_wanted.connect(self._on_ask_wanted)
        card.reason_changed.connect(self._presenter.go_without)
        card.roles_wanted.connect(lambda: self._presenter.go_to_partner(""))
        self.sign_offs = card
        return card

    def _on_ask_wanted(self, area: object) -> None:
        if isinstance(area, ShownArea):
            dialog = AskDialog(area, self.window())
            dialog.asked.connect(lambda person, note: self._presenter.ask(area.area, person, note))
            dialog.open()

    def _flags(self, sheet: SealSheet) -> QWidget:
        card = Card(translate("Seal", "What the supplier will look at twice"), icon_name="eye", shade="warn")
        card.add(
            Text(
                translate("Seal", "None of this stops the request. A clear answer here saves a question later."), "hint"
            )
        )
        for flag in sheet.flags:
            card.add(self._link(flag.sentence, flag.question, "triangle-alert"))
        return card

    def _link(self, sentence: str, question: str, icon_name: str = "arrow-right") -> LinkLine:
        link = LinkLine(sentence, icon_name)
        link.clicked.connect(lambda: self._presenter.go_to(question))
        return link

    def _whom(self, supplier: Supplier) -> QWidget:
        card = Card(translate("Seal", "For whom it is sealed"), icon_name="key-round", shade="brand")
        words = " ".join(supplier.words)
        facts = KeyValueTable(
            translate("Seal", "The supplier"),
            (
                (translate("Seal", "Organisation"), f"{supplier.name}\n{supplier.identifier}"),
                (translate("Seal", "Words of its key"), words),
                (translate("Seal", "Card valid until"), supplier.expires),
            ),
        )
        card.add(facts)
        for text in facts.findChildren(Text):
            if text.said() == words:
                text.setAccessibleName(spelled(supplier.words))
        tone = Tone.GOOD if supplier.is_checked else Tone.WARN
        action = "" if supplier.is_checked else translate("Seal", "Compare the words")
        banner = Banner(supplier.checked, tone, action=action)
        banner.action_chosen.connect(lambda: self._presenter.go_to_partner(supplier.identifier))
        card.add(banner)
        return card

    def _contents(self, sheet: SealSheet) -> QWidget:
        title = translate("Seal", "What is sealed")
        if sheet.version > 1:
            title = translate("Seal", "What is sealed: version {n}", n=sheet.version)
        card = Card(title, icon_name="file-lock", shade="brand")
        card.add(KeyValueTable(title, sheet.contents))
        return card


def _next_words(sealed: Sealed) -> str:
    if sealed.is_sent:
        return translate(
            "Seal",
            "{supplier} will find it the next time they fetch. Their receipt comes back the next time you do.",
            supplier=sealed.supplier,
        )
    if sealed.is_on_its_way:
        return translate(
            "Seal",
            "It is large and goes on by itself while you work; the strip below says how far it is. If you lock or close dsadesk, it goes on from there the next time.",
        )
    return translate(
        "Seal",
        "It waits on this computer until it is sent: by itself, or when you press “Send and fetch” in the strip below. You can also put it on a stick and hand it over.",
    )


def _ready_banner(unsigned: int) -> Banner:
    if unsigned:
        forms = translate(
            "Seal",
            "The answers are complete, and {n} sign-off is open|The answers are complete, and {n} sign-offs are open",
        )
        details = translate("Seal", "Ask a colleague, or say why you seal it without. The supplier reads the reason.")
        return Banner(counted(forms, unsigned), Tone.WARN, details=details)
    details = translate(
        "Seal", "Read it through once more. After the seal it cannot be changed; a change is a new version."
    )
    return Banner(translate("Seal", "Everything that has to be there is there"), Tone.GOOD, details=details)


def _missing_words(count: int) -> str:
    return counted(
        translate(
            "Seal", "{n} thing is missing before this can be sealed|{n} things are missing before this can be sealed"
        ),
        count,
    )
