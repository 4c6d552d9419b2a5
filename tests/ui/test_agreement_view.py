"""An agreement as widgets: its text is plain, signing needs a confirmation, and exports say what they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from dsadesk.documents.layout import (
    Bullets,
    Callout,
    Document,
    Facts,
    Heading,
    Journey,
    Paragraph,
    Quote,
    Table,
)
from dsadesk.domain.marking import Marking
from dsadesk.services import agreeing, reviewing
from dsadesk.services.publishing import Consent
from dsadesk.services.reading import require_state
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.agreement import AgreementView, RecordDialog, SignDialog
from dsadesk.ui.views.agreement_document import Chapter, chapters
from dsadesk.ui.views.agreements import AgreementsView
from dsadesk.ui.views.saved_files import SavedFilesDialog
from dsadesk.ui.widgets.flow_diagram import FlowDiagram
from tests.support.desks import received_request, two_desks
from tests.ui.windows import window_over
from tests.unit.ui.frames import inline_frame


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def drafted(pair):
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "It protects swimmers.", ["Name <b>the source</b> & the date."])
    agreeing.draft(pair.holds, request)
    return request


class Opened:
    def __init__(self, qtbot, pair, request, kind=AgreementView, page=Page.AGREEMENT):
        self.frame, self.seen = inline_frame(pair.supplier)
        self.view = kind(self.frame)
        qtbot.addWidget(self.view)
        self.view.resize(1270, 700)
        self.view.show()
        self.view.show_place(Place(page, request=request))

    def listen(self):
        while self.seen.changes:
            self.view.refresh(self.seen.changes.pop(0))


def said(widget):
    return [label.said() for label in widget.findChildren(QLabel) if hasattr(label, "said")]


def test_every_block_of_a_document_has_its_widget(qtbot):
    blocks = (
        Paragraph(text="Before the first heading."),
        Heading(level=1, text="One"),
        Paragraph(text="A <b>bold</b> claim &amp; more"),
        Heading(level=2, text="One and a half"),
        Bullets(items=("first", "second")),
        Heading(level=1, text="Two"),
        Table(caption="Items", columns=("A", "B"), rows=(("a1", "b1"), ("a2", "b2"))),
        Facts(rows=(("Key", "Value"),)),
        Quote(text="As they said"),
        Callout(tone="gap", text="Not said"),
        Journey(caption="Drawn", steps=(("We", "They", "a list", ""),)),
    )
    document = Document(
        kind="agreement",
        title="T",
        subtitle="",
        reference="",
        version=1,
        marking=Marking.OFFICIAL,
        language="en",
        blocks=blocks,
    )
    parts = chapters(document)
    assert [title for title, _ in parts] == ["", "One", "Two"]
    found = []
    for _, part in parts:
        chapter = Chapter(part)
        qtbot.addWidget(chapter)
        found += said(chapter)
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in chapter.findChildren(QLabel))
    for words in (
        "One",
        "Two",
        "A <b>bold</b> claim &amp; more",
        "second",
        "Items",
        "b2",
        "Value",
        "As they said",
        "Not said",
    ):
        assert words in found


def test_the_text_is_read_by_its_parts(qtbot, pair, drafted):
    page = Opened(qtbot, pair, drafted)
    page.view.text.finish()
    parts = [title for _, title in page.view.text.parts()]
    assert parts[0] == "Signatures"
    assert "In short" in parts
    assert "Name <b>the source</b> & the date." in " ".join(said(page.view.text))
    page.view.text.go_to(page.view.text.parts()[-1][0])
    qtbot.waitUntil(lambda: page.view.text.verticalScrollBar().value() > 0)


def test_signing_needs_an_explicit_yes(qtbot, pair, drafted):
    page = Opened(qtbot, pair, drafted)
    page.view.head._primary.click()
    dialog = page.view.dialog()
    assert isinstance(dialog, SignDialog)
    assert not dialog.button.isEnabled()
    digest = require_state(pair.holds, drafted).agreement.body.sha256
    assert any(digest in words for words in said(dialog))
    dialog.reject()
    assert not require_state(pair.holds, drafted).agreement.signatures
    page.view.head._primary.click()
    dialog = page.view.dialog()
    dialog.confirm.click()
    dialog.button.click()
    page.listen()
    assert len(require_state(pair.holds, drafted).agreement.signatures) == 1
    assert "Your signature is sealed." in page.view._done.said()
    assert page.view.head._aside.said() == "Export"
    assert not page.view.head._primary.isVisible()


def test_a_new_text_says_what_lapses(qtbot, pair, drafted):
    agreeing.sign_agreement(pair.holds, drafted)
    page = Opened(qtbot, pair, drafted)
    page.view._presenter.do("draft-anew")
    dialog = page.view.dialog()
    assert "1 signature under it no longer counts." in " ".join(said(dialog))
    dialog.reject()
    assert require_state(pair.holds, drafted).agreement.body.version == 1


def test_an_empty_page_generates_the_agreement(qtbot, pair):
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "Yes.")
    page = Opened(qtbot, pair, request)
    assert page.view.text.parts() == []
    page.view.text.draft_wanted.emit()
    page.listen()
    assert page.view.text.parts()


def test_an_export_lists_its_files(qtbot, pair, drafted, tmp_path):
    page = Opened(qtbot, pair, drafted)
    page.view.export(tmp_path)
    dialog = page.view.dialog()
    assert isinstance(dialog, SavedFilesDialog)
    assert any("not encrypted" in words for words in said(dialog))
    assert len(list(tmp_path.iterdir())) == 4
    dialog.reject()


def test_an_export_that_fails_leaves_the_keyboard_where_it_was_chosen(pair, drafted, tmp_path):
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.AGREEMENT, request=drafted))
        view = shown.page("agreement")
        before = shown.window.focusWidget()
        assert view.head.isAncestorOf(before)
        view.export(tmp_path / "gone")
        assert not view.head.isEnabled()
        shown.settle()
        assert view._error.isVisible()
        assert shown.window.focusWidget() is before


def test_a_journey_is_drawn_with_its_steps_in_words(qtbot):
    chapter = Chapter((Heading(level=1, text="One"), Journey(caption="Drawn", steps=(("We", "They", "a list", ""),))))
    qtbot.addWidget(chapter)
    chapter.resize(800, 600)
    chapter.show()
    assert "Step 1, from We to They: a list." in said(chapter)
    assert chapter.findChild(FlowDiagram).isVisible()


def test_the_public_record_is_made_from_its_menu(qtbot, pair, drafted, tmp_path):
    page = Opened(qtbot, pair, drafted)
    page.view._presenter.do("record")
    dialog = page.view.dialog()
    assert isinstance(dialog, RecordDialog)
    assert dialog.button.isEnabled()
    assert not dialog._details.isVisible()
    dialog.reject()
    page.view.export_record(tmp_path, details=False, now=False)
    assert sorted(path.name.rsplit(".", 1)[1] for path in tmp_path.iterdir()) == ["csv", "html", "json", "md", "pdf"]
    assert all(path.name.startswith("OFFICIAL-DSR-") for path in tmp_path.iterdir())
    assert any("before you publish" in words for words in said(page.view.dialog()))
    page.view.dialog().reject()


def test_what_a_sensitive_or_delayed_record_may_say_is_asked(qtbot):
    dialog = RecordDialog(Consent(details=True, now=True))
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.button.isEnabled()
    assert (dialog.details, dialog.now) == (False, False)
    dialog._details.click()
    dialog._now.click()
    assert dialog.button.isEnabled()
    assert (dialog.details, dialog.now) == (True, True)


def test_the_list_opens_an_agreement_beside_it(qtbot, pair, drafted):
    page = Opened(qtbot, pair, None, AgreementsView, Page.AGREEMENTS)
    assert page.view.list.model().rowCount() == 1
    page.view.list.activated.emit(page.view._model.index(0))
    assert page.seen.places == [Place(Page.AGREEMENTS, request=drafted)]
    page.view.show_place(page.seen.places[0])
    assert page.view.agreement.isVisible()
    assert page.view.list.currentIndex().row() == 0
