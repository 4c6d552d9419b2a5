"""Reading a paper about a request in front of the page, and saving it to a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.documents.layout import Document
from dsadesk.domain.ids import RequestId
from dsadesk.services.papers import Paper
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.files import SavedFile
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.papers import PapersPresenter
from dsadesk.ui.views.agreement_document import Chapter, chapters
from dsadesk.ui.views.choose_file import choose_folder
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.reading import trim
from dsadesk.ui.views.saved_files import SavedFilesDialog
from dsadesk.ui.widgets.dialog import Dialog

_SAVE = "save"
_WIDTH = 720


class Papers(QObject):
    """Opens the dialogs over the window that a page is in."""

    failed = Signal(object)  # Explanation

    def __init__(self, frame: Frame, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._presenter = PapersPresenter(self, frame)
        self.dialog: Dialog | None = None

    def open(self, request: RequestId, which: Paper) -> None:
        """Show the letter to read; of the request itself, which the page shows, have it chosen where its paper is saved."""
        if which is Paper.LETTER:
            self._presenter.read(request, which)
        else:
            self._choose(request, which)

    def save(self, request: RequestId, which: Paper, folder: Path) -> None:
        """Save a paper to a folder."""
        self._presenter.save(request, which, folder)

    # ------------------------------------------------------------ what the presenter asks

    def show_paper(self, request: RequestId, which: Paper, document: Document) -> None:
        """Show a paper to read."""
        dialog = PaperDialog(document, self._page.window())
        dialog.answered.connect(lambda answer: self._choose(request, which) if answer == _SAVE else None)
        self._open(dialog)

    def show_saved(self, folder: str, files: Sequence[SavedFile]) -> None:
        """Say which files lie where."""
        sentence = translate("Papers", "These files are in {folder}. They are not encrypted.", folder=folder)
        self._open(SavedFilesDialog(translate("Papers", "The paper is saved"), sentence, files, self._page.window()))

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self.failed.emit(explanation)

    # ------------------------------------------------------------ within

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.open()

    def _choose(self, request: RequestId, which: Paper) -> None:
        title = (
            translate("Papers", "Save the decision letter to a folder")
            if which is Paper.LETTER
            else translate("Papers", "Save the request as a paper to a folder")
        )
        choose_folder(self._page.window(), title, lambda folder: self.save(request, which, folder))


class PaperDialog(FittedDialog):
    """A paper as it would be saved, to read first."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        sentence = " · ".join(part for part in (document.marking.value, document.reference, document.subtitle) if part)
        super().__init__(document.title, sentence, safe=translate("Papers", "Close"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self.widen(_WIDTH)
        for _, blocks in chapters(document):
            self.body.addWidget(Chapter(blocks))
        self.button = self.add_action(_SAVE, translate("Papers", "Save to a folder…"))
        self.button.set_icon("download")
