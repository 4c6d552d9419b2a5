"""What the editor opens beside the form: comments, earlier versions, answers of other requests, templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from dsadesk.services import reusing
from dsadesk.services.reusing import Template
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.comments import CommentsPresenter, Remarked
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.views.comments import CommentsDialog, write_dialog
from dsadesk.ui.views.copy_answers import CopyAnswersDialog
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.fill_items import FillItemsDialog
from dsadesk.ui.views.guidance import GuidancePane
from dsadesk.ui.views.set_aside import SetAsideDialog
from dsadesk.ui.views.versions import VersionsDialog
from dsadesk.ui.views.whole_draft import WholeDraftDialog
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.form_row import FormRow


class EditorExtras(QObject):
    """Opens the dialogs over the window that the editor is in."""

    failed = Signal(object)  # Explanation
    place_chosen = Signal(object)  # Found

    def __init__(self, frame: Frame, editor: EditorPresenter, pane: GuidancePane, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame, self._editor, self._pane, self._page = frame, editor, pane, parent
        self._comments: tuple[Remarked, ...] = ()
        self._presenter = CommentsPresenter(self, frame)
        self._listed: CommentsDialog | None = None
        self.dialog: Dialog | None = None
        pane.comments_wanted.connect(self.open_comments)

    def follow(self) -> None:
        """Show what is said about the question that has the keyboard now."""
        self._presenter.open(self._editor.request)
        self._pane.show_comments([each for each in self._comments if each.question == self._editor.focus])

    def show_comments(self, comments: Sequence[Remarked]) -> None:
        """Show these comments wherever comments are shown."""
        self._comments = tuple(comments)
        self.follow()
        if self._listed is not None and isValid(self._listed):
            self._listed.show_comments(self._comments)

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self.failed.emit(explanation)

    def open_comments(self) -> None:
        """Show every comment; where there is none, begin one."""
        question = self._editor.focus
        if not self._comments and question:
            self._write()
            return
        self._listed = CommentsDialog(self._presenter, self._editor.label_of(question), self._page.window())
        self._listed.place_chosen.connect(self._editor.open_question)
        self._listed.add_wanted.connect(self._write)
        self._listed.show_comments(self._comments)
        self._listed.open()

    def open_versions(self) -> None:
        """Compare versions."""
        self._open(VersionsDialog(self._frame, self._editor, self._page.window()))

    def open_copying(self) -> None:
        """Copy answers."""
        self._open(CopyAnswersDialog(self._frame, self._editor, self._page.window()))

    def open_set_aside(self) -> None:
        """List the answers that no question asks for any more."""
        self._open(SetAsideDialog(self._editor.set_aside(), self._page.window()))

    def open_whole(self) -> None:
        """List what could be plainer in the whole request."""
        if self._editor.request is None:
            return
        dialog = WholeDraftDialog(self._editor.section_title, self._page.window())
        dialog.place_chosen.connect(self.place_chosen)
        self._open(dialog)
        self._editor.read_whole(lambda found: dialog.show_found(found) if isValid(dialog) else None)

    def open_filling(self) -> None:
        """Fill the table of data items."""
        self._open(FillItemsDialog(self._frame, self._editor, self._page.window()))

    def open_template(self) -> None:
        """Ask for the title of a template."""
        title = FormRow(translate("Template", "Title"), translate("Template", "How you will know it again."))
        title.set_field(QLineEdit())
        about = FormRow(translate("Template", "What is it for? (optional)"))
        about.set_field(QLineEdit())
        dialog = FieldsDialog(
            translate("Template", "Save as a template"),
            translate(
                "Template",
                "It keeps your answers for other requests, on this computer. Title, supplier, dates and sign-offs are left out.",
            ),
            {"title": title, "about": about},
            words=translate("Template", "Save the template"),
            done=self._save_template,
            parent=self._page.window(),
        )
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.open()

    def _write(self) -> None:
        question = self._editor.focus
        self._open(write_dialog(self._presenter, question, self._editor.label_of(question), self._page.window()))

    def _save_template(self, given: Mapping[str, str]) -> None:
        request, session, dialog = self._editor.request, self._frame.desk.session, self.dialog
        if request is None or not isinstance(dialog, FieldsDialog):
            return

        def saved(made: Template) -> None:
            dialog.accept()
            self._frame.announce(translate("Template", "“{title}” is saved as a template.", title=made.title.en))

        def save() -> Template:
            return reusing.save_template(session, request, given["title"], given["about"])

        self._editor.flush()
        self._frame.work(save, saved, lambda why: dialog.show_problems({"title": f"{why.what} {why.todo}"}))
