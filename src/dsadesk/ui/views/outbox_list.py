"""Deliveries in a list: each with where it is, how far, what holds it up and what comes next, and the handles on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from dsadesk.sync.orders import Key
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.outbox import ItemMotion, WaitingItem
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text


class ItemCard(Card):
    """One delivery. What changes about it is changed in place, so that the keyboard stays where it is."""

    save_wanted = Signal(object)  # its key
    request_wanted = Signal(str)  # the id of its request
    pause_wanted = Signal(object, bool)  # its key, and whether to pause it or to let it go on
    leave_wanted = Signal(object, bool)  # its key, and whether to leave it or to send it after all

    def __init__(self, item: WaitingItem, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.item = item
        self._motion: ItemMotion | None = None
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        self._title = Text("", "strong", heading=True)
        self.pill = Pill(item.status, item.tone)
        head.addWidget(self._title, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(head)
        self._whom, self.sentence = Text("", "meta"), Text("", "text")
        self._why, self._following = Text("", "problem"), Text("", "hint")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        for part in (self._whom, self.bar, self.sentence, self._why, self._following, self._handles()):
            self.add(part)
        self.show_item(item)

    def show_item(self, item: WaitingItem) -> None:
        """Show what the vault knows of it."""
        self.item = item
        self._title.setText(item.title)
        self._whom.setText(translate("Exchange", "To {whom}", whom=item.whom))
        self._why.setText(item.why)
        self._why.setVisible(bool(item.why))
        self._following.setText(item.following)
        self._following.setVisible(bool(item.following))
        self.bar.setAccessibleName(translate("Exchange", "How much of it is in the store: {title}", title=item.title))
        self._name_handles()
        self._show_state()

    def show_motion(self, motion: ItemMotion | None) -> None:
        """Show how far it is at this moment; nothing when it does not go on now."""
        if motion != self._motion:
            self._motion = motion
            self._show_state()

    def _show_state(self) -> None:
        item, motion = self.item, self._motion
        if motion is None:
            self.pill.show_status(item.status, item.tone)
            self.sentence.setText(item.sentence)
        else:
            self.pill.show_status(motion.status, motion.tone)
            self.sentence.setText(motion.sentence)
        permille = None if motion is None else motion.permille
        self.bar.setVisible(permille is not None)
        self.bar.setValue(permille or 0)
        is_under_way = permille is not None and motion is not None
        is_paused = motion is not None and motion.is_paused
        is_turned = self.window().focusWidget() in (self.pause, self.resume)
        self.pause.setVisible(is_under_way and not is_paused)
        self.resume.setVisible(is_paused)
        if is_turned and is_under_way:
            # One stands where the other stood; the keyboard does not go on to what is beside them.
            (self.resume if is_paused else self.pause).setFocus(Qt.FocusReason.OtherFocusReason)

    def _handles(self) -> QWidget:
        handles = QWidget()
        flow = Flow(handles, spacing=Space.LARGE)

        def link(icon: str) -> Button:
            button = Button("", "link", icon_name=icon, small=True)
            flow.addWidget(button)
            return button

        self.pause, self.resume = link("hourglass"), link("send")
        self.leave, self.after_all = link("clock"), link("send")
        self.save, self.open = link("usb"), link("arrow-right")
        self.pause.clicked.connect(lambda: self.pause_wanted.emit(self.item.key, True))
        self.resume.clicked.connect(lambda: self.pause_wanted.emit(self.item.key, False))
        self.leave.clicked.connect(lambda: self.leave_wanted.emit(self.item.key, True))
        self.after_all.clicked.connect(lambda: self.leave_wanted.emit(self.item.key, False))
        self.save.clicked.connect(lambda: self.save_wanted.emit(self.item.key))
        self.open.clicked.connect(lambda: self.request_wanted.emit(self.item.request or ""))
        return handles

    def _name_handles(self) -> None:
        item = self.item
        for button, words in (
            (self.pause, translate("Exchange", "Pause")),
            (self.resume, translate("Exchange", "Go on")),
            (self.leave, translate("Exchange", "Leave for later")),
            (self.after_all, translate("Exchange", "Send it after all")),
            (self.save, translate("Exchange", "Put it on a stick…")),
            (self.open, translate("Exchange", "Open the request")),
        ):
            button.set_words(words)
            button.setAccessibleName(f"{words.rstrip('…')}: {item.title}")
        self.leave.setVisible(item.can_leave and not item.is_left)
        self.after_all.setVisible(item.is_left)
        self.open.setVisible(item.request is not None)


class ItemList(QWidget):
    """Deliveries under a heading, or no room."""

    save_wanted = Signal(object)
    request_wanted = Signal(str)
    pause_wanted = Signal(object, bool)
    leave_wanted = Signal(object, bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[Key, ItemCard] = {}
        self._order: list[Key] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.MEDIUM)
        self._column.addWidget(Text(title, "heading", heading=True))
        self._more = Text("", "meta")
        self._column.addWidget(self._more)
        self.hide()

    def show_items(self, items: Sequence[WaitingItem], more: int = 0) -> None:
        """Show these deliveries, and say how many there are besides."""
        wanted = [item.key for item in items]
        for key in [key for key in self._cards if key not in set(wanted)]:
            card = self._cards.pop(key)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for item in items:
            known = self._cards.get(item.key)
            if known is None:
                self._cards[item.key] = self._card(item)
            elif known.item != item:
                known.show_item(item)
        if wanted != self._order:
            for place, key in enumerate(wanted):
                self._column.insertWidget(1 + place, self._cards[key])
            self._order = wanted
        self._more.setText(translate("Exchange", "{n} more wait behind these.", n=f"{more:,}"))
        self._more.setVisible(more > 0)
        self.setVisible(bool(items))

    def show_motions(self, motions: Mapping[Key, ItemMotion]) -> None:
        """Show how far they are at this moment."""
        for key, card in self._cards.items():
            card.show_motion(motions.get(key))

    def items(self) -> tuple[WaitingItem, ...]:
        """Return what is shown."""
        return tuple(self._cards[key].item for key in self._order)

    def cards(self) -> tuple[ItemCard, ...]:
        """Return the cards in their order."""
        return tuple(self._cards[key] for key in self._order)

    def _card(self, item: WaitingItem) -> ItemCard:
        card = ItemCard(item)
        card.save_wanted.connect(self.save_wanted)
        card.request_wanted.connect(self.request_wanted)
        card.pause_wanted.connect(self.pause_wanted)
        card.leave_wanted.connect(self.leave_wanted)
        return card
