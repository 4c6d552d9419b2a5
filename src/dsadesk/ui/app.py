"""Starting and ending the window. Nothing slow is imported before the first paint."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QEvent, QStandardPaths, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from dsadesk import __version__
from dsadesk.ui import i18n, theme
from dsadesk.ui.crash import CrashLog
from dsadesk.ui.icons import icon
from dsadesk.ui.jobs import JobRunner
from dsadesk.ui.main_window import MainWindow
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.single_instance import SingleInstance
from dsadesk.ui.sweeping import Sweeper

if TYPE_CHECKING:
    from dsadesk.services.desk import Desk

MakeDesk = Callable[[Path], "Desk"]
_NAME = "dsadesk"
_VAULT_OPTION = "--vault"


@dataclass(frozen=True)
class Folders:
    """Where this person's things lie, found without importing what finds them for the rest of the program."""

    vault: Path
    config: Path
    logs: Path


@dataclass(frozen=True)
class Asked:
    """What the start was asked for."""

    vault: Path | None = None
    file: str = ""


def run(arguments: Sequence[str], make_desk: MakeDesk | None = None, folders: Folders | None = None) -> int:
    """Open the window and return its exit code. A second start for one vault hands over its file and ends."""
    app = _Application([_NAME, *arguments])
    asked, folders = read_arguments(arguments), folders or own_folders()
    vault = asked.vault or folders.vault
    _begin_among_own_files()
    crash = CrashLog(folders.logs)
    crash.install()
    instance = SingleInstance(vault, folders.config)
    try:
        if not instance.acquire():
            return 0 if instance.hand_over(asked.file) else 1
        started = _Started(
            app,
            crash=crash,
            instance=instance,
            preferences=Preferences(folders.config / "window.ini"),
            make_desk=lambda: (make_desk or _desk_of_program)(vault),
        )
        return started.run(asked.file)
    finally:
        instance.release()
        crash.uninstall()


def read_arguments(arguments: Sequence[str]) -> Asked:
    """Return what the arguments ask for: `--vault FOLDER`, and a file to open. Anything else is left alone."""
    left = list(arguments)
    vault: Path | None = None
    if _VAULT_OPTION in left:
        place = left.index(_VAULT_OPTION)
        if place + 1 < len(left):
            vault = Path(left[place + 1]).absolute()
        del left[place : place + 2]
    file = next((each for each in left if not each.startswith("-")), "")
    return Asked(vault, str(Path(file).absolute()) if file else "")


def own_folders() -> Folders:
    """Return where the platform wants a person's data, preferences and logs."""
    data = _place(QStandardPaths.StandardLocation.GenericDataLocation)
    if sys.platform == "win32":
        return Folders(data / "vault", data / "config", data / "logs")
    if sys.platform == "darwin":
        return Folders(data / "vault", data / "config", Path.home() / "Library" / "Logs" / _NAME)
    config = _place(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Folders(data / "vault", config, _place(QStandardPaths.StandardLocation.GenericStateLocation) / "logs")


def _begin_among_own_files() -> None:
    """Have choosers of files begin where a person keeps theirs, not where the program was started."""
    places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
    _ = any(QDir.setCurrent(place) for place in (*places, QDir.homePath()))


class _Started:
    """One run of the window: what is made at the start and let go of at the end."""

    def __init__(
        self,
        app: _Application,
        *,
        crash: CrashLog,
        instance: SingleInstance,
        preferences: Preferences,
        make_desk: Callable[[], Desk],
    ) -> None:
        self._app = app
        self._crash = crash
        self._make_desk = make_desk
        self._desk: Desk | None = None
        self._preferences = preferences
        self._wear()
        i18n.install(app, i18n.Language.ENGLISH)
        self._jobs = JobRunner()
        self._sweeper = Sweeper(app)
        self._window = MainWindow(self._preferences, self._jobs, self._wear)
        self._window.first_painted.connect(self._on_first_painted)
        instance.handed_over.connect(self._window.take_file)
        app.file_opened.connect(self._window.take_file)
        crash.crashed.connect(self._on_crashed)

    def run(self, file: str) -> int:
        """Show the window until it is closed, then finish what was begun."""
        self._window.show_first()
        if file:
            self._window.take_file(file)
        code = self._app.exec()
        self._sweeper.stop()
        if self._desk is not None:
            self._jobs.submit(self._desk.lock)
        self._jobs.shutdown(wait=True)
        return code

    def _wear(self) -> None:
        theme.apply(self._app, self._preferences.theme, self._preferences.text_percent)

    def _on_first_painted(self) -> None:
        self._jobs.submit(self._make_desk, then=self._on_desk_made, fail=self._on_desk_failed)

    def _on_desk_made(self, desk: Desk) -> None:
        self._desk = desk
        self._window.begin(desk)
        self._sweeper.start()
        report = self._crash.waiting_report()
        if report:
            self._crash.acknowledge()
            self._show_crash(report, earlier=True)

    def _on_desk_failed(self, error: Exception) -> None:
        self._window.fail_to_begin("Your desk cannot be opened on this computer. The report says where it failed.")
        raise error

    def _on_crashed(self, report: str) -> None:
        self._crash.acknowledge()
        self._show_crash(report, earlier=False)

    def _show_crash(self, report: str, *, earlier: bool) -> None:
        from dsadesk.ui.views.dialogs import CrashDialog

        CrashDialog(report, earlier=earlier, parent=self._window).open()


class _Application(QApplication):
    """The application, which on macOS is told by an event which file to open."""

    file_opened = Signal(str)

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.setApplicationName(_NAME)
        self.setApplicationVersion(__version__)
        self.setDesktopFileName(_NAME)
        self.setWindowIcon(icon("file-lock", "brand"))

    def event(self, event: QEvent) -> bool:
        """Take a file to open."""
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(event.file())
            return True
        return super().event(event)


def _desk_of_program(vault: Path) -> Desk:
    from dsadesk.bootstrap import make_desk

    return make_desk(vault)


def _place(location: QStandardPaths.StandardLocation) -> Path:
    return Path(QStandardPaths.writableLocation(location)) / _NAME
