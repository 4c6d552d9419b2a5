"""The dialog in which a place for deliveries is filled in, tried, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.add_store import (
    FIELDS,
    SECRETS,
    AddStorePresenter,
    FindingShown,
    Purpose,
    StoreForm,
    StoreKind,
)
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.theme import Space, set_look
from dsadesk.ui.views.choose_file import choose_file, choose_folder
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.passphrase_row import PassphraseRow
from dsadesk.ui.views.reading import trim
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Tone
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.answers import Choice
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.controls import CheckOption
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text

_NETWORK = ("authority", "proxy", "proxy-user", "proxy-secret")
_ICONS = {Tone.GOOD: ("circle-check", "good"), Tone.WARN: ("triangle-alert", "warn"), Tone.BAD: ("circle-alert", "bad")}


class AddStoreDialog(FittedDialog):
    """Asks what a place of the chosen kind needs, tries it in the background, and keeps it only when it can be used."""

    kept = Signal(str)  # the sentence to say about it
    _found = Signal(object)  # a finding, from another thread

    def __init__(
        self, frame: Frame, purpose: Purpose, form: StoreForm | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(_title(purpose), _sentence(purpose), safe=translate("AddStore", "Cancel"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self._purpose = purpose
        self._presenter = AddStorePresenter(self, frame, purpose)
        self._found.connect(self._on_found)
        self._reached: QWidget | None = None
        self._scroll.verticalScrollBar().rangeChanged.connect(self._on_room_changed)
        spec = QuestionSpec("kind", Kind.CHOICE, translate("AddStore", "What kind of place is it?"), options=_kinds())
        self.resumed = Text(
            translate(
                "AddStore", "What you filled in last time is here again. Passwords are not kept until the place is."
            ),
            "hint",
        )
        self.resumed.hide()
        self.kind = Choice(spec, look="strong")
        self.body.addWidget(self.kind)
        self.body.addWidget(self.resumed)
        self.rows: dict[str, FormRow] = {}
        self.lines: dict[str, QLineEdit] = {}
        self._make_rows()
        self.own_key = _OwnKeyCard()
        self.body.addWidget(self.own_key)
        self.more = CheckOption(
            Option("more", translate("AddStore", "Our office has a proxy, or a certificate authority of its own"))
        )
        self.body.addWidget(self.more)
        for name in _NETWORK:
            self.body.addWidget(self.rows[name])
        self.error = Notice()
        self.host_key = _HostKeyCard()
        self.results = _Results()
        for part in (self.error, self.host_key, self.results):
            self.body.addWidget(part)
        self.try_button = self._add_button(translate("AddStore", "Try it"), "primary")
        self.stop_button = self._add_button(translate("AddStore", "Stop trying"), "secondary")
        self.keep_button = self._add_button(translate("AddStore", "Use this place"), "primary")
        self.try_button.clicked.connect(self._on_try_clicked)
        self.stop_button.clicked.connect(self._presenter.stop)
        self.keep_button.clicked.connect(self._presenter.keep)
        self.kind.changed.connect(lambda _: self._on_kind_changed())
        self.more.toggled.connect(lambda _: self._on_kind_changed())
        self.host_key.same.clicked.connect(self._on_same_clicked)
        for line in self.findChildren(QLineEdit):
            line.textEdited.connect(lambda _: self._forget_results())
        self.rejected.connect(lambda: self._presenter.remember(self.form()))
        self.finished.connect(lambda _: self._presenter.stop())
        self.fill_in(form or StoreForm(StoreKind.FOLDER))
        self.show_trying(False)
        self._untouched = self.form()
        self._presenter.resume()

    # ------------------------------------------------------------ what is filled in

    def fill_in(self, form: StoreForm) -> None:
        """Show a form as it is filled in."""
        self.kind.set_value(form.kind.value)
        for name, line in self.lines.items():
            line.setText(form.typed.get(name, ""))
        self.more.setChecked(any(form[name] for name in _NETWORK))
        self._on_kind_changed()
        if not form.typed:
            self.start_at(self.kind.fields()[0])
            return
        missing = [name for name in ("user", "secret") if name in FIELDS[form.kind] and not form[name]]
        first = missing[0] if missing else FIELDS[form.kind][-1]
        self.start_at(self.lines[first])
        self._reached = self.rows[first]

    def form(self) -> StoreForm:
        """Return what is filled in. A hidden field says nothing."""
        shown = {name: line.text() for name, line in self.lines.items() if not self.rows[name].isHidden()}
        return StoreForm(StoreKind(self.kind.value() or StoreKind.FOLDER), shown)

    # ------------------------------------------------------------ what the presenter asks

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say by field what is missing; the keyboard goes to the first."""
        for name, row in self.rows.items():
            row.show_problem(problems.get(name, ""))
        first = next((name for name in self.rows if name in problems), None)
        if first is not None:
            self.lines[first].setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit_soon()

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, unless the dialog is gone by now."""
        if not isValid(self):
            return
        self.error.explain(explanation)
        if explanation is not None:
            self._reach(self.error)

    def show_trying(self, trying: bool) -> None:  # noqa: FBT001 - a state, not an option
        """Say that it is being tried."""
        if trying:
            self._forget_results()
            self.results.begin()
            self._reach(self.results)
        else:
            self.results.end()
        self.try_button.setVisible(not trying)
        self.stop_button.setVisible(trying)
        if self.isVisible():
            (self.stop_button if trying else self.try_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit_soon()

    def show_finding(self, finding: FindingShown) -> None:
        """Add one thing that was tried. May be called from any thread."""
        self._found.emit(finding)

    def show_verdict(self, sentence: str, tone: Tone, *, usable: bool) -> None:
        """Say how it came out."""
        self.results.conclude(sentence, tone)
        announce(self, sentence)
        self.keep_button.setVisible(usable)
        if usable:
            set_look(self.try_button, look="plain")
            self.keep_button.setDefault(True)
            self.keep_button.setFocus(Qt.FocusReason.TabFocusReason)
        self._reach(self.results)

    def offer_untried(self) -> None:
        """Offer to keep it although it could not be tried now."""
        self.keep_button.set_words(translate("AddStore", "Keep it, and try when it is needed"))
        self.keep_button.show()

    def resume(self, form: StoreForm) -> None:
        """Fill in what was begun and left, unless the dialog is gone or somebody was quicker."""
        if isValid(self) and self.form() == self._untouched:
            self.fill_in(form)
            self.resumed.show()
            self.fit_soon()

    def show_own_key(self, line: str) -> None:
        """Show the line of this laptop's key, unless the dialog is gone by now."""
        if not isValid(self):
            return
        self.own_key.show_line(line)
        self.fit_soon()

    def ask_host_key(self, fingerprint: str, kind: str) -> None:
        """Have the server's key compared."""
        self.results.clear()
        self.host_key.show_key(fingerprint, kind)
        self.host_key.same.setFocus(Qt.FocusReason.TabFocusReason)
        self._reach(self.host_key)

    def show_kept(self, sentence: str) -> None:
        """Close: it is kept."""
        self.kept.emit(sentence)
        self.accept()

    # ------------------------------------------------------------ inside

    def _make_rows(self) -> None:
        for name, (label, hint) in _fields().items():
            row: FormRow
            if name in SECRETS:
                row = hidden = PassphraseRow(label, hint, look="strong")
                self.lines[name] = hidden.field
            else:
                row = FormRow(label, hint, look="strong")
                self.lines[name] = QLineEdit()
                row.set_field(self.lines[name])
            if name in {"folder", "authority"}:
                browse = Button(translate("AddStore", "Browse…"), icon_name="folder-open", small=True)
                browse.setAccessibleName(translate("AddStore", "Browse: {label}", label=label))
                browse.clicked.connect(lambda _=False, name=name: self._browse(name))
                row.column.addWidget(browse, 0, Qt.AlignmentFlag.AlignLeft)
            self.rows[name] = row
            if name not in _NETWORK:
                self.body.addWidget(row)

    def _add_button(self, words: str, look: str) -> Button:
        button = Button(words, look)
        self._actions.removeWidget(self._safe)
        self._actions.addWidget(button)
        self._actions.addWidget(self._safe)
        QWidget.setTabOrder(button, self._safe)
        return button

    def _on_kind_changed(self) -> None:
        kind = StoreKind(self.kind.value() or StoreKind.FOLDER)
        is_distant = kind is not StoreKind.FOLDER
        self.more.setVisible(is_distant)
        more = is_distant and self.more.isChecked()
        for name, row in self.rows.items():
            row.setVisible(more if name in _NETWORK else name in FIELDS[kind])
        label, hint = _server_words(kind)
        self.rows["server"].relabel(label, hint)
        self.rows["user"].relabel(*_user_words(kind))
        self.rows["secret"].relabel(*_secret_words(kind))
        self.own_key.setVisible(kind is StoreKind.FILES)
        if kind is StoreKind.FILES:
            self._presenter.want_key(self.form())
        self._forget_results()

    def _forget_results(self) -> None:
        """What was tried was another place."""
        self._reached = None
        self.keep_button.set_words(translate("AddStore", "Use this place"))
        self.keep_button.hide()
        set_look(self.try_button, look="primary")
        self.try_button.setDefault(True)
        self.results.clear()
        self.host_key.hide()
        self.error.clear()
        self.fit_soon()

    def _on_try_clicked(self) -> None:
        self._presenter.try_it(self.form())

    def _on_same_clicked(self) -> None:
        self.host_key.hide()
        self._presenter.believe()

    def _on_found(self, finding: object) -> None:
        if isinstance(finding, FindingShown):
            self.results.add(finding)
            self._reach(self.results)

    def _browse(self, name: str) -> None:
        choose = choose_folder if name == "folder" else choose_file
        choose(self, _fields()[name][0], lambda chosen: self._take_chosen(name, chosen))

    def _take_chosen(self, name: str, chosen: Path) -> None:
        self.lines[name].setText(str(chosen))
        self._forget_results()

    def _reach(self, part: QWidget) -> None:
        """Bring the end of a part into view, now and while texts still grow to their lines."""
        self._reached = part
        self.fit_soon()
        QTimer.singleShot(0, self, self._bring)

    def _on_room_changed(self) -> None:
        if self._settling.isActive():
            self._bring()

    def _bring(self) -> None:
        inner = self._scroll.widget()
        if inner is not None and self._reached is not None and self._reached.isVisible():
            end = self._reached.mapTo(inner, self._reached.rect().bottomLeft())
            self._scroll.ensureVisible(0, end.y(), 0, Space.GUTTER)


class _OwnKeyCard(Card):
    """The public line of this laptop's key, to be given to the keeper of the server."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("AddStore", "This laptop's key"), icon_name="key-round", parent=parent)
        sentence = translate(
            "AddStore",
            "Send this line to whoever looks after the server, and try the place once they have let it in. It is not a secret.",
        )
        self.add(Text(sentence, "hint"))
        self.line = Text("", "text")
        self.line.let_copy()
        self.add(self.line)
        self.copy = Button(translate("AddStore", "Copy the line"), icon_name="copy", small=True)
        self.copy.setEnabled(False)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.add(self.copy)

    def show_line(self, line: str) -> None:
        """Show the line."""
        self.line.setText(line)
        self.copy.setEnabled(True)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.line.said())
        announce(self, translate("AddStore", "The line is copied."))


class _HostKeyCard(Card):
    """The key that a server shows, beside the question whether it is the right one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("AddStore", "Is this the server's key?"), icon_name="key-round", parent=parent)
        self.add(
            Text(
                translate(
                    "AddStore",
                    "Ask whoever looks after the server, by phone, to read you its key. Go on only if it is the same, letter by letter.",
                ),
                "text",
            )
        )
        self.fingerprint = Text("", "text")
        self.fingerprint.let_copy()
        self.add(self.fingerprint)
        self.same = Button(translate("AddStore", "It is the same: go on"), icon_name="circle-check", small=True)
        self.add(self.same)
        self.hide()

    def show_key(self, fingerprint: str, kind: str) -> None:
        """Show a key."""
        self.fingerprint.setText(f"{fingerprint} ({kind})")
        self.show()
        announce(self, translate("AddStore", "The server shows a key. Compare it before you go on."))


class _Results(QWidget):
    """What was tried so far, and how it came out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self._working = Text(translate("AddStore", "Trying it. This can take a minute over a bad link…"), "hint")
        self._column.addWidget(self._working)
        self.said: list[str] = []
        self.hide()

    def begin(self) -> None:
        """A trial begins."""
        self.clear()
        self._working.show()
        self.show()

    def end(self) -> None:
        """It is over."""
        self._working.hide()

    def add(self, finding: FindingShown) -> None:
        """Add one line."""
        self.said.append(finding.sentence)
        self._column.addWidget(_line_of(finding))

    def conclude(self, sentence: str, tone: Tone) -> None:
        """Add what it comes to."""
        self.said.append(sentence)
        notice = Notice()
        self._column.addWidget(notice)
        notice.say(sentence, tone)
        self.show()

    def clear(self) -> None:
        """Show nothing."""
        self.said.clear()
        while self._column.count() > 1:
            taken = self._column.takeAt(1)
            if taken is not None and (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._working.hide()
        self.hide()


def _line_of(finding: FindingShown) -> QWidget:
    held = QWidget()
    row = QHBoxLayout(held)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(Glyph(*_ICONS.get(finding.tone, ("info", "info"))), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Text(finding.sentence, "text"))
    if finding.details:
        words.addWidget(Text(finding.details, "hint"))
    row.addLayout(words, 1)
    return held


# ---------------------------------------------------------------- words


def _title(purpose: Purpose) -> str:
    if purpose.is_own:
        return translate("AddStore", "Where should others send to?")
    return translate("AddStore", "How do we reach the inbox of {name}?", name=purpose.name)


def _sentence(purpose: Purpose) -> str:
    if purpose.is_own:
        return translate(
            "AddStore",
            "Choose a place that your partners can write to and you can read. Everything in it is sealed: whoever looks after it can read nothing. It is tried before it is used.",
        )
    return translate(
        "AddStore",
        "Enter what {name} gave you. It is tried before it is used, and what lets you in stays encrypted on this laptop.",
        name=purpose.name,
    )


def _kinds() -> tuple[Option, ...]:
    return (
        Option(StoreKind.FOLDER, translate("AddStore", "A folder, a share or a stick")),
        Option(StoreKind.WEB, translate("AddStore", "A web server (WebDAV)"), translate("AddStore", "Its address begins with https://")),
        Option(StoreKind.BUCKET, translate("AddStore", "A bucket (S3)"), translate("AddStore", "At Amazon or any service that speaks the same")),
        Option(StoreKind.FILES, translate("AddStore", "A file server (SFTP)")),
    )  # fmt: skip


def _fields() -> dict[str, tuple[str, str]]:
    return {
        "folder": (translate("AddStore", "Folder"), ""),
        "server": _server_words(StoreKind.WEB),
        "bucket": (translate("AddStore", "Bucket"), ""),
        "path": (translate("AddStore", "Folder there"), ""),
        "user": _user_words(StoreKind.WEB),
        "secret": _secret_words(StoreKind.WEB),
        "region": (translate("AddStore", "Region"), translate("AddStore", "Leave it empty unless the service asks for one.")),
        "authority": (
            translate("AddStore", "Certificate authority"),
            translate("AddStore", "A .pem file from your IT department, if your office has its own."),
        ),
        "proxy": (translate("AddStore", "Proxy"), translate("AddStore", "Like proxy.example.gov.uk:8080. Empty: the system's.")),
        "proxy-user": (translate("AddStore", "Your name at the proxy"), ""),
        "proxy-secret": (translate("AddStore", "Your password at the proxy"), ""),
    }  # fmt: skip


def _server_words(kind: StoreKind) -> tuple[str, str]:
    label = translate("AddStore", "Address of the server")
    if kind is StoreKind.FILES:
        return label, translate("AddStore", "Like files.example.gov.uk, or files.example.gov.uk:2222")
    if kind is StoreKind.BUCKET:
        return label, translate("AddStore", "Like https://s3.eu-west-2.amazonaws.com")
    return label, translate("AddStore", "Like https://files.example.gov.uk/inbox")


def _user_words(kind: StoreKind) -> tuple[str, str]:
    if kind is StoreKind.BUCKET:
        return translate("AddStore", "Access key id"), ""
    return translate("AddStore", "Your name there"), ""


def _secret_words(kind: StoreKind) -> tuple[str, str]:
    if kind is StoreKind.BUCKET:
        return translate("AddStore", "Secret access key"), ""
    if kind is StoreKind.FILES:
        return translate("AddStore", "Password"), translate(
            "AddStore", "Leave it empty to be let in by this laptop's key."
        )
    return translate("AddStore", "Password"), ""
