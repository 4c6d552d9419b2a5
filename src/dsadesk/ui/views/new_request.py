"""The dialog that starts a request."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.new_request import NewRequest, NewRequestPresenter
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.tab_order import tab_through
from dsadesk.ui.vocabulary import Card, Kind, Option, QuestionSpec
from dsadesk.ui.widgets.answers import Pick
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListModel, CardListView
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.text import Text

_LIST_HEIGHT = 210


class NewRequestDialog(FittedDialog):
    """Asks for as little as it takes: everything can be changed in the form."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("NewRequest", "Start a request"),
            translate("NewRequest", "You can change all of this later. Nothing is sent until you seal it."),
            safe=translate("NewRequest", "Cancel"),
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = NewRequestPresenter(self, frame)
        self._notice = Notice()
        self.body.addWidget(self._notice)
        self._catalogue = FormRow(
            translate("NewRequest", "Which data is it about?"),
            translate("NewRequest", "Search the catalogue, or leave this empty to begin with a blank page."),
        )
        self._search = SearchField(translate("NewRequest", "Search the catalogue"))
        self._search.searched.connect(self._presenter.search)
        self._catalogue.set_field(self._search)
        self._found = CardListModel(parent=self)
        self._list = CardListView(translate("NewRequest", "Datasets found"), uniform=True)
        self._list.setModel(self._found)
        self._list.clicked.connect(self._on_dataset_chosen)
        self._list.activated.connect(self._on_dataset_chosen)
        self._list.hide()
        self._catalogue.column.addWidget(self._list)
        self._forget = Button(translate("NewRequest", "Begin with a blank page instead"), "link", small=True)
        self._forget.clicked.connect(self._on_forget_clicked)
        self._forget.hide()
        self._catalogue.column.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._catalogue)
        self._title = build(
            QuestionSpec(
                "title",
                Kind.SHORT,
                translate("NewRequest", "Short title"),
                translate("NewRequest", "Say what the data is and what it is for."),
                required=False,
            )
        )
        self.body.addWidget(self._title)
        self._supplier: Pick | None = None
        self._template: Pick | None = None
        self._start = Button(translate("NewRequest", "Start the request"), "primary")
        self._actions.removeWidget(self._safe)
        self._start.clicked.connect(self._on_start_clicked)
        self._actions.addWidget(self._start)
        self._actions.addWidget(self._safe)
        QWidget.setTabOrder(self._start, self._safe)
        self._start.setDefault(True)
        self._catalogue.hide()
        self._presenter.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter look for data or choose it, where it would otherwise start the request."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not (is_enter and self.focusWidget() in {self._search, self._list}):
            super().keyPressEvent(event)

    # ------------------------------------------------------------ what the presenter asks

    def show_choices(self, choices: NewRequest) -> None:
        """Offer the partners, and the catalogue if there is one."""
        self._catalogue.setVisible(bool(choices.datasets))
        hint = translate("NewRequest", "You can choose later.")
        if not choices.partners:
            hint = translate("NewRequest", "You have no partners yet. Their cards come in on the Partners page.")
        spec = QuestionSpec(
            "supplier",
            Kind.CHOICE,
            translate("NewRequest", "Who holds the data?"),
            hint,
            options=choices.partners,
            required=False,
        )
        self._supplier = Pick(spec, look="subtitle")
        self.body.addWidget(self._supplier)
        self._offer_templates(choices.templates)
        # The choices came after the buttons were made, and stand before them.
        stops = [*self._title.fields(), *self._supplier.fields()]
        if self._template is not None:
            stops += [*self._template.fields(), self._remove]
        tab_through([*stops, self._start, self._safe])
        first = self._search if choices.datasets else self._title.fields()[0]
        self.start_at(first)
        first.setFocus(Qt.FocusReason.TabFocusReason)
        self.fit_soon()

    def show_found(self, cards: Sequence[Card]) -> None:
        """Show the datasets that match."""
        self._found.set_cards(cards)
        self._list.setFixedHeight(theme.px(_LIST_HEIGHT))
        self._list.setVisible(bool(cards))
        if self._search.text().strip():
            said = counted(translate("NewRequest", "{n} dataset found|{n} datasets found"), len(cards))
            self._catalogue.show_problem("" if cards else translate("NewRequest", "No dataset has these words"))
            self._search.setAccessibleDescription(said)
        self.fit_soon()

    def show_chosen(self, title: str, supplier: str) -> None:
        """Fill in what the dataset suggests."""
        self._title.set_value(title)
        if self._supplier is not None and supplier:
            self._supplier.set_value(supplier)
        self._forget.show()

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)

    def done_with(self) -> None:
        """Close."""
        self.accept()

    # ------------------------------------------------------------ within

    def _offer_templates(self, templates: tuple[Option, ...]) -> None:
        if not templates:
            return
        blank = Option("", translate("NewRequest", "No template"))
        spec = QuestionSpec(
            "template",
            Kind.CHOICE,
            translate("NewRequest", "Begin with a template?"),
            translate("NewRequest", "It answers what is often the same. You can change every answer."),
            options=(blank, *templates),
            required=False,
        )
        self._template = Pick(spec, look="subtitle")
        self._about = Text("", "hint")
        self._about.hide()
        self._template.column.addWidget(self._about)
        self._remove = Button(translate("NewRequest", "Remove this template of yours"), "link", small=True)
        self._remove.hide()
        self._remove.clicked.connect(self._on_remove_clicked)
        self._template.column.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignLeft)
        self._template.changed.connect(self._on_template_chosen)
        self.body.addWidget(self._template)

    def _on_template_chosen(self, template: str) -> None:
        if self._template is None:
            return
        about = next((each.hint for each in self._template.spec.options if each.value == template), "")
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._remove.setVisible(template.startswith("own-"))
        self.fit_soon()

    def _on_remove_clicked(self) -> None:
        if self._template is not None:
            self._presenter.remove_template(self._template.value())
            left = tuple(each for each in self._template.spec.options if each.value != self._template.value())
            self.body.removeWidget(self._template)
            self._template.hide()
            self._template.deleteLater()
            self._template = None
            self._offer_templates(left[1:])

    def _on_dataset_chosen(self, index: QModelIndex) -> None:
        self._presenter.choose(index.row())
        self._title.take_focus()

    def _on_forget_clicked(self) -> None:
        self._presenter.choose_none()
        self._list.clearSelection()
        self._forget.hide()
        self._title.set_value("")
        self._title.take_focus()

    def _on_start_clicked(self) -> None:
        supplier = self._supplier.value() if self._supplier is not None else ""
        template = self._template.value() if self._template is not None else ""
        self._presenter.create(self._title.value(), supplier, template)
