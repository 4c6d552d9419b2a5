"""The partners page: our own organisation and every partner at the left, one of them with its key at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.domain.ids import OrganisationId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.add_store import Purpose, StoreForm, form_for, own_purpose
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.presenters.partners import (
    APPLICATION_SUFFIX,
    CARD_SUFFIX,
    INTRODUCTION_SUFFIX,
    PASS_SUFFIX,
    QUESTIONS_SUFFIX,
    PartnersPresenter,
)
from dsadesk.ui.presenters.partners_shown import ApplicationShown, NewKeyShown, PartnerShown, PartnersShown
from dsadesk.ui.theme import Space
from dsadesk.ui.views.add_store_dialog import AddStoreDialog
from dsadesk.ui.views.choose_file import choose_file, choose_folder, choose_place
from dsadesk.ui.views.leave_dialog import leave_dialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.partners_dialogs import (
    AdmitDialog,
    KeepKeyDialog,
    compare_new_key,
    compare_partner,
)
from dsadesk.ui.views.partners_pages import OwnPage, PartnerPage
from dsadesk.ui.views.team_dialogs import LeaveDialog, RolesDialog, RotateDialog
from dsadesk.ui.views.two_panes import Pane, TwoPanes
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListModel, CardListView
from dsadesk.ui.widgets.dialog import Dialog

_TAKEN = frozenset({QUESTIONS_SUFFIX, CARD_SUFFIX, INTRODUCTION_SUFFIX, APPLICATION_SUFFIX, PASS_SUFFIX})
_MARGINS = (Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.MEDIUM)


class PartnersView(QWidget):
    """Shows who is who, and how that is known."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._frame = frame
        self._presenter = PartnersPresenter(self, frame)
        self._shown: PartnersShown | None = None
        self._chosen: OrganisationId | None = None
        self._dialog: Dialog | None = None
        self._pane = Pane(translate("Partners", "Partners"))
        self.panes = TwoPanes(self._pane, translate("Partners", "All partners"))
        self.take_in = Button(translate("Partners", "Take in a card…"), "brand", icon_name="plus", small=True)
        self.take_in.setShortcut("Alt+T")
        self._pane.add_button(self.take_in)
        self._model = CardListModel()
        self.list = CardListView(translate("Partners", "Organisations"))
        self.list.setModel(self._model)
        self._pane.add_list(self.list)
        self.own = OwnPage()
        self.partner = PartnerPage()
        self._error, self._done, self._alarm = (Notice(margins=_MARGINS) for _ in range(3))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for part in (self._alarm, self._error, self._done):
            outer.addWidget(part)
        outer.addWidget(self.panes, 1)
        self.panes.show_page(self.own, opened=False)
        self._connect()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show an organisation; the part may begin importing, comparing or choosing the inbox."""
        self._presenter.open(place.org, place.part)
        if place.org is not None:
            self.panes.open_page()

    def refresh(self, changes: Changes) -> None:
        """Follow changes."""
        self._presenter.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the open organisation, or on the list where only that is seen."""
        page = self.panes.pages.currentWidget()
        if isinstance(page, OwnPage | PartnerPage) and page.isVisible():
            page.focus_first()
        else:
            self._pane.title.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_partners(self, shown: PartnersShown, chosen: OrganisationId) -> None:
        """Show the list, and one of its entries."""
        self._shown = shown
        self._chosen = chosen
        self._model.set_cards(shown.cards)
        self._select(chosen)
        self._sound_alarm(shown)
        partner = shown.partner(chosen)
        page: QWidget = self.own if partner is None else self.partner
        if partner is None:
            self.own.show_own(shown.own)
        else:
            self.partner.show_partner(partner)
        if page is not self.panes.pages.currentWidget():
            self.panes.show_page(page, opened=not self._pane.isVisible())

    def show_notice(self, sentence: str, details: str) -> None:
        """Say what was done."""
        self._done.say(sentence, Tone.GOOD, details=details)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        if explanation is not None:
            self._done.clear()
        self._error.explain(explanation)

    def ask_check(self, partner: PartnerShown) -> None:
        """Have it recorded that somebody compared the words."""
        dialog = compare_partner(partner, self.window())
        dialog.compared.connect(lambda method, whom: self._presenter.check(partner.org, method, whom))
        self._open(dialog)

    def ask_admit(self, application: ApplicationShown) -> None:
        """Have the words compared with a newcomer."""
        dialog = AdmitDialog(application, self.window())
        dialog.admitted.connect(lambda admin, roles: self._ask_pass(application, admin=admin, roles=roles))
        self._open(dialog)

    def ask_new_key(self, found: NewKeyShown) -> None:
        """Have the words of another key compared."""
        dialog = compare_new_key(found, self.window())
        dialog.compared.connect(lambda method, whom: self._presenter.take_new_key(found, method, whom))
        self._open(dialog)

    def ask_card(self) -> None:
        """Have a card file chosen, or an introduction."""
        filters = [
            translate(
                "Partners",
                "Cards and introductions (*{card} *{introduction})",
                card=CARD_SUFFIX,
                introduction=INTRODUCTION_SUFFIX,
            ),
            translate("Partners", "All files (*)"),
        ]
        choose_file(self.window(), translate("Partners", "Take in a card"), self.import_card, filters)

    def ask_inbox(self) -> None:
        """Have a place chosen for our inbox."""
        self._open_store(own_purpose(self._frame), None)

    # ------------------------------------------------------------ files

    def import_card(self, file: Path) -> None:
        """Take in a card from a file."""
        self._presenter.import_card(file)

    def export_card(self, file: Path) -> None:
        """Save our card as a file."""
        self._presenter.export_card(file)

    def read_application(self, file: Path) -> None:
        """Look at a colleague's application."""
        self._presenter.read_application(file)

    def admit(self, application: ApplicationShown, target: Path, *, admin: bool, roles: Sequence[str]) -> None:
        """Let a colleague in, and save their pass."""
        self._presenter.admit(application, target, admin=admin, roles=roles)

    def read_new_key(self, org: OrganisationId, file: Path) -> None:
        """Look at a card with another key."""
        self._presenter.read_new_key(org, file)

    def save_application(self, file: Path) -> None:
        """Save our own application."""
        self._presenter.save_application(file)

    def open_pass(self, file: Path) -> None:
        """Take the pass that a colleague made."""
        self._presenter.open_pass(file)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take cards, applications and passes, and nothing else."""
        if _files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what was dropped."""
        acts: dict[str, Callable[[Path], None]] = {
            CARD_SUFFIX: self.import_card,
            QUESTIONS_SUFFIX: self.take_questions,
            INTRODUCTION_SUFFIX: self.import_card,
            APPLICATION_SUFFIX: self.read_application,
            PASS_SUFFIX: self.open_pass,
        }
        for file in _files(event):
            acts[file.suffix.lower()](file)
        event.acceptProposedAction()

    # ------------------------------------------------------------ within

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no dialog behind."""
        leave_dialog(self._dialog, event)
        super().hideEvent(event)

    def dialog(self) -> Dialog | None:
        """Return the dialog opened last."""
        return self._dialog

    def _connect(self) -> None:
        self.take_in.clicked.connect(self.ask_card)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_activated)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.panes.went_back.connect(self.list.setFocus)
        self.own.export_wanted.connect(self._on_export_wanted)
        self.own.inbox_wanted.connect(self.ask_inbox)
        self.own.admit_wanted.connect(self.ask_application)
        self.partner.questions_wanted.connect(self._on_questions_wanted)
        self.own.questions_wanted.connect(self._on_own_questions_wanted)
        self.own.roles_wanted.connect(self.ask_roles)
        self.own.leave_wanted.connect(self.ask_leave)
        self.own.rotate_wanted.connect(self.ask_rotate)
        self.own.apply_wanted.connect(self._on_apply_wanted)
        self.own.pass_wanted.connect(self._on_pass_wanted)
        self.partner.check_wanted.connect(lambda: self._with_partner(self.ask_check))
        self.partner.address_wanted.connect(lambda: self._with_partner(self._on_address_wanted))
        self.partner.card_wanted.connect(self.ask_card)
        self.partner.vouch_wanted.connect(lambda: self._with_partner(self._on_vouch_wanted))
        self.own.renew_wanted.connect(self._presenter.renew)
        self.partner.keep_wanted.connect(lambda: self._with_partner(self._on_keep_wanted))
        self.partner.new_key_wanted.connect(lambda: self._with_partner(self._on_new_key_wanted))
        self._alarm.action_chosen.connect(self._on_alarm_chosen)

    def _sound_alarm(self, shown: PartnersShown) -> None:
        # The page of the partner itself says it louder still.
        changed = [each for each in shown.partners if each.has_changed and each.org != self._chosen]
        if not changed:
            self._alarm.clear()
            return
        forms = translate(
            "Partners",
            "The key of {n} partner has changed. Nothing is sealed for them until you decide.|The keys of {n} partners have changed. Nothing is sealed for them until you decide.",
        )
        self._alarm.say(counted(forms, len(changed)), Tone.BAD, action=translate("Partners", "Look at it"))

    def _on_alarm_chosen(self) -> None:
        changed = [each for each in self._shown.partners if each.has_changed] if self._shown is not None else []
        if changed:
            self._presenter.choose(changed[0].org)
            self.panes.show_page(self.partner)
            self.partner.focus_first()

    def _org(self, row: int) -> OrganisationId | None:
        if self._shown is None or row < 0:
            return None
        return self._shown.own.org if row == 0 else self._shown.partners[row - 1].org

    def _select(self, org: OrganisationId) -> None:
        row = next((row for row in range(self._model.rowCount()) if self._org(row) == org), -1)
        selection = self.list.selectionModel()
        blocked = selection.blockSignals(True)
        selection.setCurrentIndex(self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        self.list.viewport().update()

    def _on_chosen(self, index: QModelIndex) -> None:
        org = self._org(index.row())
        if org is not None:
            self._presenter.choose(org)
            self.panes.open_page()

    def _on_activated(self, index: QModelIndex) -> None:
        self._on_chosen(index)
        self.focus_first()

    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        org = self._org(index.row()) if index.isValid() and self.list.hasFocus() else None
        if org is not None and org != self._chosen and self.panes.shows_both:
            self._presenter.choose(org)

    def _with_partner(self, act: Callable[[PartnerShown], None]) -> None:
        partner = self._shown.partner(self._chosen) if self._shown is not None else None
        if partner is not None:
            act(partner)

    def _open(self, dialog: Dialog) -> None:
        self._dialog = dialog
        dialog.open()

    def _on_keep_wanted(self, partner: PartnerShown) -> None:
        dialog = KeepKeyDialog(partner, self.window())
        dialog.confirmed.connect(lambda: self._presenter.keep_key(partner.org))
        self._open(dialog)

    def _on_vouch_wanted(self, partner: PartnerShown) -> None:
        title = translate("Partners", "Save an introduction of {name}", name=partner.name)
        name = f"{partner.org}{INTRODUCTION_SUFFIX}"
        choose_place(
            self.window(),
            title,
            name,
            lambda file: self._presenter.vouch(partner.org, file),
            suffix=INTRODUCTION_SUFFIX,
        )

    def _on_new_key_wanted(self, partner: PartnerShown) -> None:
        filters = [
            translate("Partners", "Cards (*{suffix})", suffix=CARD_SUFFIX),
            translate("Partners", "All files (*)"),
        ]
        title = translate("Partners", "Open their new card")
        choose_file(self.window(), title, lambda file: self.read_new_key(partner.org, file), filters)

    def _on_address_wanted(self, partner: PartnerShown) -> None:
        address = partner.address or partner.card_address.partition(",")[0]
        purpose = Purpose(partner.org, partner.name, is_own=False, address=address)
        self._open_store(purpose, form_for(address) if address else None)

    def _open_store(self, purpose: Purpose, form: StoreForm | None) -> None:
        dialog = AddStoreDialog(self._frame, purpose, form, self.window())
        dialog.kept.connect(lambda sentence: self.show_notice(sentence, ""))
        self._open(dialog)

    def take_questions(self, file: Path) -> None:
        """Take in a partner's own questions."""
        self._presenter.take_questions(file)

    def sign_questions(self, file: Path, target: Path) -> None:
        """Sign our own questions and save them for partners."""
        self._presenter.sign_questions(file, target)

    def _on_questions_wanted(self) -> None:
        filters = [
            translate("Partners", "Signed questions (*{suffix})", suffix=QUESTIONS_SUFFIX),
            translate("Partners", "All files (*)"),
        ]
        choose_file(self.window(), translate("Partners", "Open their questions"), self.take_questions, filters)

    def _on_own_questions_wanted(self) -> None:
        filters = [translate("Partners", "Questions as JSON (*.json)"), translate("Partners", "All files (*)")]
        name = f"{self._presenter.own}{QUESTIONS_SUFFIX}"

        def chosen(file: Path) -> None:
            title = translate("Partners", "Save your signed questions")
            choose_place(
                self.window(), title, name, lambda target: self.sign_questions(file, target), suffix=QUESTIONS_SUFFIX
            )

        choose_file(self.window(), translate("Partners", "Open your questions"), chosen, filters)

    def ask_roles(self) -> None:
        """Have it said who may say what."""
        if self._shown is not None:
            dialog = RolesDialog(self._shown.own.officials, self.window())
            dialog.chosen.connect(self._presenter.team.set_roles)
            self._open(dialog)

    def ask_leave(self) -> None:
        """Have it said who leaves, and where the new passes go."""
        if self._shown is not None:
            dialog = LeaveDialog(self._shown.own.officials, self._presenter.own_device, self.window())
            dialog.chosen.connect(self._on_leave_chosen)
            self._open(dialog)

    def ask_rotate(self) -> None:
        """Ask whether the inbox is to have new keys, and where the new passes go."""
        dialog = RotateDialog(self.window())
        dialog.confirmed.connect(self._on_rotate_confirmed)
        self._open(dialog)

    def _on_leave_chosen(self, device: str) -> None:
        title = translate("Partners", "Choose a folder for the new passes")
        choose_folder(self.window(), title, lambda folder: self._presenter.team.remove(device, folder))

    def _on_rotate_confirmed(self) -> None:
        choose_folder(
            self.window(), translate("Partners", "Choose a folder for the new passes"), self._presenter.team.rotate
        )

    def ask_application(self) -> None:
        """Have a colleague's application chosen."""
        filters = [
            translate("Partners", "Applications (*{suffix})", suffix=APPLICATION_SUFFIX),
            translate("Partners", "All files (*)"),
        ]
        choose_file(self.window(), translate("Partners", "Open an application"), self.read_application, filters)

    def _on_pass_wanted(self) -> None:
        filters = [
            translate("Partners", "Passes (*{suffix})", suffix=PASS_SUFFIX),
            translate("Partners", "All files (*)"),
        ]
        choose_file(self.window(), translate("Partners", "Open your pass"), self.open_pass, filters)

    def _on_export_wanted(self) -> None:
        name = f"{self._presenter.own}{CARD_SUFFIX}"
        choose_place(self.window(), translate("Partners", "Save your card"), name, self.export_card, suffix=CARD_SUFFIX)

    def _on_apply_wanted(self) -> None:
        name = f"application{APPLICATION_SUFFIX}"
        title = translate("Partners", "Save your application")
        choose_place(self.window(), title, name, self.save_application, suffix=APPLICATION_SUFFIX)

    def _ask_pass(self, application: ApplicationShown, *, admin: bool, roles: Sequence[str]) -> None:
        title = translate("Partners", "Save the pass of {name}", name=application.name)
        choose_place(
            self.window(),
            title,
            f"pass{PASS_SUFFIX}",
            lambda file: self.admit(application, file, admin=admin, roles=roles),
            suffix=PASS_SUFFIX,
        )


def _files(event: QDropEvent) -> list[Path]:
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() in _TAKEN]
