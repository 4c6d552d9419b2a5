"""One organisation: our own with card, inbox and colleagues, or a partner with how its key is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.partners_shown import OwnShown, PartnerShown, ShownOfficial
from dsadesk.ui.theme import TONE_ICONS, Space
from dsadesk.ui.views.partners_words import WordsCard
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.text import Text

_WIDTH = 760


class OrganisationPage(ReadingColumn):
    """A title, and parts under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(width=_WIDTH, parent=parent)
        self._title: Text | None = None

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        if self._title is not None:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, eyebrow: str, title: str) -> None:
        holder: QWidget | None = self.window().focusWidget()
        was_here = holder is not None and self.isAncestorOf(holder)
        self.clear()
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(Text(eyebrow, "eyebrow"))
        self._title = Text(title, "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addWidget(self._title)
        self.add(head)
        if was_here:
            # The button that was pressed is gone with the page it stood on.
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)


class OwnPage(OrganisationPage):
    """Our own organisation."""

    export_wanted = Signal()
    inbox_wanted = Signal()
    admit_wanted = Signal()
    renew_wanted = Signal()
    apply_wanted = Signal()
    pass_wanted = Signal()
    questions_wanted = Signal()
    roles_wanted = Signal()
    leave_wanted = Signal()
    rotate_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: OwnShown | None = None
        self.words: WordsCard | None = None

    def show_own(self, own: OwnShown) -> None:
        """Show it."""
        if own == self._shown:
            return
        self._shown = own
        self._begin(translate("Partners", "Your own card"), own.name)
        if not own.is_admitted:
            self._show_join(own)
            return
        if own.warning:
            banner = Banner(own.warning, Tone.BAD, action=translate("Partners", "Renew it") if own.can_renew else "")
            banner.action_chosen.connect(self.renew_wanted)
            self.add(banner)
        self.add(self._card(own))
        self.add(self._inbox(own))
        self.add(self._colleagues(own))

    def _card(self, own: OwnShown) -> Card:
        card = Card(translate("Partners", "Your card"), icon_name="fingerprint", shade="brand")
        sentence = translate(
            "Partners",
            "Your card is a small file that lets others seal requests for you. When they ring, read them these words: they show that the card is yours.",
        )
        card.add(Text(sentence, "text"))
        self.words = WordsCard(own.words, own.spelled)
        card.add(self.words)
        card.add(KeyValueTable(translate("Partners", "Your card"), own.facts))
        buttons = [(translate("Partners", "Save your card as a file…"), "primary", "download", self.export_wanted.emit)]
        if own.is_admin:
            words = translate("Partners", "Sign questions of your own…")
            buttons.append((words, "plain", "list-checks", self.questions_wanted.emit))
        card.add(_buttons(*buttons))
        return card

    def _inbox(self, own: OwnShown) -> Card:
        card = Card(translate("Partners", "Your inbox"), icon_name="inbox")
        if own.inbox:
            where = Text(translate("Partners", "Others send to {address}.", address=own.inbox), "text")
            where.let_copy()
            card.add(where)
        else:
            words = translate(
                "Partners",
                "You have no inbox yet, so nothing can be sent to you but files. Choose a shared folder, a stick or a server that your partners can write to and you can read.",
            )
            card.add(Text(words, "text"))
        if own.is_admin:
            words = (
                translate("Partners", "Choose another place…")
                if own.inbox
                else translate("Partners", "Choose a place…")
            )
            look = "plain" if own.inbox else "primary"
            card.add(_buttons((words, look, "folder-open", self.inbox_wanted.emit)))
        else:
            card.add(Text(translate("Partners", "A colleague who looks after the keys can change it."), "hint"))
        return card

    def _colleagues(self, own: OwnShown) -> Card:
        card = Card(translate("Partners", "Officials on your card"), icon_name="users")
        card.add(_officials(own.officials))
        if own.is_admin:
            words = translate(
                "Partners", "A colleague makes an application on their own laptop and gives you the file."
            )
            card.add(Text(words, "hint"))
            card.add(
                _buttons(
                    (translate("Partners", "Open an application…"), "plain", "user-check", self.admit_wanted.emit),
                    (translate("Partners", "Who may say what…"), "plain", "user-check", self.roles_wanted.emit),
                    (translate("Partners", "Somebody leaves…"), "plain", "x", self.leave_wanted.emit),
                    (translate("Partners", "New keys for the inbox…"), "plain", "key-round", self.rotate_wanted.emit),
                )
            )
        return card

    def _show_join(self, own: OwnShown) -> None:
        sentence = translate("Partners", "A colleague who looks after the keys has to let this laptop in.")
        details = translate(
            "Partners", "You can write drafts meanwhile. Sealing, sending and fetching wait until then."
        )
        self.add(Banner(sentence, Tone.WARN, details=details))
        card = Card(translate("Partners", "Join your organisation"), icon_name="users", shade="brand")
        steps = translate(
            "Partners",
            "1. Save your application and give the file to your colleague.\n2. Read them these eight words, best face to face.\n3. Open the pass that they give you.",
        )
        card.add(Text(steps, "text"))
        self.words = WordsCard(own.words, own.spelled)
        card.add(self.words)
        card.add(
            _buttons(
                (translate("Partners", "Save your application…"), "primary", "download", self.apply_wanted.emit),
                (translate("Partners", "Open your pass…"), "plain", "lock-open", self.pass_wanted.emit),
            )
        )
        self.add(card)


class PartnerPage(OrganisationPage):
    """A partner."""

    check_wanted = Signal()
    address_wanted = Signal()
    card_wanted = Signal()
    questions_wanted = Signal()
    keep_wanted = Signal()
    new_key_wanted = Signal()
    vouch_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: PartnerShown | None = None

    def show_partner(self, partner: PartnerShown) -> None:
        """Show it."""
        if partner == self._shown:
            return
        self._shown = partner
        self._begin(translate("Partners", "Partner"), partner.name)
        if partner.has_changed:
            self._show_change(partner)
        if partner.is_expired:
            details = translate("Partners", "Ask them for their newest card and take it in.")
            self.add(
                Banner(
                    translate("Partners", "Their card has run out, so nothing is sealed for them."),
                    Tone.BAD,
                    details=details,
                )
            )
        self.add(self._key(partner))
        if partner.history:
            self.add(self._history(partner))
        self.add(self._inbox(partner))
        self.add(self._card(partner))

    def _show_change(self, partner: PartnerShown) -> None:
        sentence = translate("Partners", "A card with another key came in the name of {name}.", name=partner.name)
        details = translate(
            "Partners",
            "Nothing is sealed for them until you decide. Ring them on a number that you had before and ask whether their key has changed. If it has not, somebody pretends to be them.",
        )
        self.add(Banner(sentence, Tone.BAD, details=details))
        card = Card(translate("Partners", "The words of the other key"), icon_name="shield-alert", shade="bad")
        card.add(WordsCard(partner.changed_words, partner.changed_spelled))
        card.add(
            _buttons(
                (
                    translate("Partners", "Their key has changed: open the new card…"),
                    "plain",
                    "folder-open",
                    self.new_key_wanted.emit,
                ),
                (translate("Partners", "Their key has not changed…"), "plain", "shield-check", self.keep_wanted.emit),
            )
        )
        self.add(card)

    def _key(self, partner: PartnerShown) -> Card:
        title = (
            translate("Partners", "The words of their key")
            if not partner.has_changed
            else translate("Partners", "The words of the key that you know")
        )
        card = Card(title, icon_name="fingerprint", shade="brand")
        card.add(WordsCard(partner.words, partner.spelled))
        how = Text(partner.how, "text")
        card.add(_marked(partner.how_tone, how))
        words = (
            translate("Partners", "Compare the words again…")
            if partner.is_compared
            else translate("Partners", "Compare the words…")
        )
        buttons = [(words, "plain" if partner.is_compared else "primary", "phone", self.check_wanted.emit)]
        if partner.can_vouch:
            vouch = translate("Partners", "Vouch for them to a partner…")
            buttons.append((vouch, "plain", "user-check", self.vouch_wanted.emit))
        if not partner.has_changed:
            card.add(_buttons(*buttons))
        if partner.checks:
            card.add(Text(translate("Partners", "How this key became known"), "strong", heading=True))
            card.add(KeyValueTable(translate("Partners", "How this key became known"), partner.checks))
        return card

    def _history(self, partner: PartnerShown) -> Card:
        """Other keys that this partner had, or that came in their name."""
        card = Card(translate("Partners", "Other keys in their name"), icon_name="history")
        hint = translate(
            "Partners",
            "None of these is believed now. They are kept, so that it can be shown who decided what, and when.",
        )
        card.add(Text(hint, "hint"))
        for key in partner.history:
            card.add(Text(key.title, "strong", heading=True))
            words = Text(" ".join(key.words), "text")
            words.setAccessibleName(key.spelled)
            words.let_copy()
            card.add(words)
            card.add(KeyValueTable(key.title, key.facts))
        return card

    def _inbox(self, partner: PartnerShown) -> Card:
        card = Card(translate("Partners", "Their inbox"), icon_name="inbox")
        if partner.address:
            words = translate("Partners", "This laptop reaches it at {address}.", address=partner.address)
        elif partner.card_address:
            words = translate("Partners", "Their card says {address}.", address=partner.card_address)
        else:
            words = translate(
                "Partners", "Their card names no inbox. Save deliveries as files, or say where this laptop reaches it."
            )
        where = Text(words, "text")
        where.let_copy()
        card.add(where)
        if partner.address and partner.card_address:
            card.add(Text(translate("Partners", "Their card says {address}.", address=partner.card_address), "meta"))
        hint, button = _way_in(partner)
        card.add(Text(hint, "hint"))
        card.add(_buttons((button, "plain", "folder-open", self.address_wanted.emit)))
        return card

    def _card(self, partner: PartnerShown) -> Card:
        card = Card(translate("Partners", "Their card"), icon_name="file-text")
        card.add(KeyValueTable(translate("Partners", "Their card"), partner.facts))
        card.add(Text(translate("Partners", "Officials"), "strong", heading=True))
        card.add(_officials(partner.officials))
        card.add(
            _buttons(
                (translate("Partners", "Take in a newer card…"), "plain", "upload", self.card_wanted.emit),
                (
                    translate("Partners", "Take in their questions…"),
                    "plain",
                    "list-checks",
                    self.questions_wanted.emit,
                ),
            )
        )
        return card


def _officials(officials: Sequence[ShownOfficial]) -> KeyValueTable:
    return KeyValueTable(translate("Partners", "Officials"), [(each.name, each.facts) for each in officials])


def _way_in(partner: PartnerShown) -> tuple[str, str]:
    """What may still be needed to reach their inbox from here, and the button for it."""
    if "://" not in (partner.address or partner.card_address):
        return (
            translate("Partners", "A shared drive may have another letter or path on this laptop than on theirs."),
            translate("Partners", "Say where it is on this laptop…"),
        )
    if partner.gets_in:
        return (
            translate("Partners", "This laptop has a name and a password or a key for it."),
            translate("Partners", "Change how this laptop gets in…"),
        )
    return (
        translate("Partners", "A server lets this laptop in by a name and a password or a key. Ask them for yours."),
        translate("Partners", "Say how this laptop gets in…"),
    )


def _buttons(*buttons: tuple[str, str, str, Callable[[], None]]) -> QWidget:
    box = QWidget()
    flow = Flow(box, spacing=Space.MEDIUM)
    for words, look, icon_name, act in buttons:
        button = Button(words, look, icon_name=icon_name)
        button.clicked.connect(lambda _=False, act=act: act())
        flow.addWidget(button)
    return box


def _marked(tone: Tone, text: Text) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(Glyph(TONE_ICONS[tone], tone.value, size=17), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return line
