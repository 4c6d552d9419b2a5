"""Which files were written, and what each is for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.files import SavedFile
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.reading import trim
from dsadesk.ui.widgets.key_value_table import KeyValueTable


class SavedFilesDialog(FittedDialog):
    """Lists them, after they are written."""

    def __init__(self, title: str, sentence: str, files: Sequence[SavedFile], parent: QWidget | None = None) -> None:
        super().__init__(title, sentence, safe=translate("Agreement", "Close"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        rows = [(file.name, f"{file.purpose} {file.size}.") for file in files]
        self.body.addWidget(KeyValueTable(title, rows))
