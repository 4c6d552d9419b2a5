"""What lies beside a request's answers: its samples, its history, and its deliveries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.request_shown import ShownDelivery, ShownHistory
from dsadesk.ui.presenters.samples import PREVIEW_ROWS, PROFILE_HEADING, ShownSample
from dsadesk.ui.theme import Space
from dsadesk.ui.views.partners_words import WordsCard
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.views.samples import table
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text
from dsadesk.ui.widgets.timeline import Timeline

_WIDE = 860


class SamplesPane(ReadingColumn):
    """The samples that came with a request. What is opened is decrypted in memory and forgotten when it is closed."""

    open_wanted = Signal(int)  # the number of a sample

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(width=_WIDE, parent=parent)
        self._shown: tuple[ShownSample, ...] | None = None
        self._cards: dict[int, _SampleCard] = {}
        self._title: Text | None = None

    def show_samples(self, samples: Sequence[ShownSample]) -> None:
        """Show these samples."""
        if tuple(samples) == self._shown:
            return
        self._shown = tuple(samples)
        self.clear()
        self._cards = {}
        if not samples:
            words = translate("Request", "The request was sealed without sample data.")
            self.add(EmptyState("file-spreadsheet", translate("Request", "No samples"), words))
            return
        self._title = _title(self, translate("Request", "Sample data"))
        for sample in samples:
            card = _SampleCard(sample, self.open_wanted.emit)
            self._cards[sample.n] = card
            self.add(card)

    def show_rows(self, n: int, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Show the first rows of a sample in its card."""
        if n in self._cards:
            self._cards[n].show_rows(name, rows)

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        if self._shown and self._title is not None:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)


class _SampleCard(Card):
    """One sample: what it is, what was found in it, and its first rows when asked for."""

    def __init__(self, sample: ShownSample, open_sample: Callable[[int], None]) -> None:
        super().__init__(sample.name, icon_name="file-spreadsheet", shade="brand")
        self._sample = sample
        self._open = open_sample
        self._rows: QWidget | None = None
        line = QWidget()
        flow = Flow(line, spacing=Space.MEDIUM)
        flow.addWidget(Pill(sample.kind, Tone.INFO))
        flow.addWidget(Text(sample.facts, "meta", wrap=False))
        self.add(line)
        for warning in sample.warnings:
            self.add(Banner(warning, Tone.WARN))
        if sample.columns:
            name = translate("Request", "Columns of {name}", name=sample.name)
            self.add(table(name, PROFILE_HEADING, sample.columns))
        self._button = Button("", icon_name="table-2")
        self._button.clicked.connect(self._on_button_clicked)
        self.column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self._name_button()

    def show_rows(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        self._close()
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.SMALL)
        words = translate(
            "Request",
            "The first {n} rows. They are decrypted in memory only; nothing is written to the disk.",
            n=PREVIEW_ROWS,
        )
        column.addWidget(Text(words, "hint"))
        shown = table(translate("Request", "First rows of {name}", name=name), rows[0] if rows else (), rows[1:])
        column.addWidget(shown)
        self.add(box)
        self._rows = box
        self._name_button()
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_button_clicked(self) -> None:
        if self._rows is None:
            self._open(self._sample.n)
        else:
            self._close()
            self._name_button()

    def _close(self) -> None:
        if self._rows is not None:
            self.column.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
            self._rows = None

    def _name_button(self) -> None:
        words = (
            translate("Request", "Open the sample") if self._rows is None else translate("Request", "Close the sample")
        )
        self._button.set_words(words)
        self._button.setAccessibleName(f"{words}: {self._sample.name}")


class HistoryPane(ReadingColumn):
    """Everything that was said, newest first, and whether both sides hold the same."""

    join_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(width=760, parent=parent)
        self._shown: ShownHistory | None = None
        self._title: Text | None = None

    def show_history(self, history: ShownHistory, them: str) -> None:
        """Show the history."""
        if history == self._shown:
            return
        self._shown = history
        self.clear()
        self._title = _title(self, translate("Request", "History"))
        if history.has_parted:
            self.add(self._parted())
        for alarm in history.alarms:
            todo = translate("Request", "Do not rely on this request before you have spoken to them.")
            self.add(Banner(alarm, Tone.BAD, details=todo))
        for gap in history.gaps:
            todo = translate("Request", "Send and fetch again later. If it does not come, ask them to send it anew.")
            self.add(Banner(gap, Tone.WARN, details=todo))
        self.add(Timeline(translate("Request", "What was said, newest first"), history.entries))
        self.add(self._compare(history, them))

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        if self._title is not None:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _parted(self) -> Banner:
        banner = Banner(
            translate("Request", "Two people said something at the same time, so the history has two ends."),
            Tone.WARN,
            details=translate(
                "Request", "Nothing is lost. Read both ends below, then join them so that all go on from one."
            ),
            action=translate("Request", "Join them"),
        )
        banner.action_chosen.connect(self.join_wanted)
        return banner

    @staticmethod
    def _compare(history: ShownHistory, them: str) -> Card:
        card = Card(translate("Request", "Do both sides hold the same?"), icon_name="phone")
        sentence = translate(
            "Request",
            "Ring {them} and read these words to each other. They stand at the foot of the history on both sides. The same words mean the same history, to the last letter.",
            them=them,
        )
        card.add(Text(sentence, "text"))
        card.add(WordsCard(history.words, history.spelled))
        digest = Text(translate("Request", "SHA-256 {digest}", digest=history.digest), "meta")
        digest.let_copy()
        card.add(digest)
        return card


class DeliveriesPane(ReadingColumn):
    """What was sealed for the other side, newest first, and where it is."""

    save_wanted = Signal(str, str)  # the bundle, the box
    send_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(width=760, parent=parent)
        self._shown: tuple[ShownDelivery, ...] | None = None
        self._title: Text | None = None

    def show_deliveries(self, deliveries: Sequence[ShownDelivery], them: str) -> None:
        """Show these deliveries."""
        if tuple(deliveries) == self._shown:
            return
        self._shown = tuple(deliveries)
        self.clear()
        if not deliveries:
            words = translate("Request", "What you seal for {them} stands here with where it is on its way.", them=them)
            self.add(EmptyState("send", translate("Request", "Nothing was sealed on this computer"), words))
            return
        self._title = _title(self, translate("Request", "Deliveries"))
        for delivery in deliveries:
            self.add(self._card(delivery))

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        if self._shown and self._title is not None:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card(self, delivery: ShownDelivery) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(Text(delivery.title, "strong", heading=True), 1)
        head.addWidget(Pill(delivery.status, delivery.tone), 0, Qt.AlignmentFlag.AlignTop)
        card.column.addLayout(head)
        card.add(Text(delivery.sentence, "text"))
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.LARGE)
        if delivery.waits:
            send = Button(translate("Request", "Send and fetch"), "link", icon_name="send", small=True)
            send.clicked.connect(self.send_wanted)
            flow.addWidget(send)
        save = Button(translate("Request", "Put it on a stick…"), "link", icon_name="save", small=True)
        save.setAccessibleName(translate("Request", "Save as a file: {title}", title=delivery.title))
        save.clicked.connect(lambda: self.save_wanted.emit(delivery.id, delivery.box))
        flow.addWidget(save)
        card.add(buttons)
        return card


def _title(page: ReadingColumn, words: str) -> Text:
    title = Text(words, "title", heading=True)
    title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    page.add(title)
    return title
