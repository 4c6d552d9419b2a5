"""Preferences outlive the window and survive a broken file."""

from __future__ import annotations

from PySide6.QtCore import QByteArray

from dsadesk.ui.preferences import Preferences
from dsadesk.ui.theme import Theme


def test_preferences_are_read_again_by_the_next_window(tmp_path):
    file = tmp_path / "config" / "window.ini"
    first = Preferences(file)
    first.theme, first.text_percent, first.idle_minutes, first.shows_guidance = Theme.DARK, 150, 30, False
    first.geometry = QByteArray(b"where it was")
    del first
    again = Preferences(file)
    assert (again.theme, again.text_percent, again.idle_minutes) == (Theme.DARK, 150, 30)
    assert not again.shows_guidance
    assert again.geometry == QByteArray(b"where it was")


def test_what_was_never_chosen_follows_the_computer(tmp_path):
    fresh = Preferences(tmp_path / "window.ini")
    assert (fresh.theme, fresh.text_percent, fresh.idle_minutes) == (Theme.SYSTEM, 100, 15)
    assert fresh.shows_guidance
    assert fresh.geometry.isEmpty()


def test_what_makes_no_sense_counts_as_not_chosen(tmp_path):
    file = tmp_path / "window.ini"
    file.write_text("[look]\ntheme=mauve\ntext=9000\n[lock]\nminutes=never\n[window]\ngeometry=left\n")
    odd = Preferences(file)
    assert (odd.theme, odd.text_percent, odd.idle_minutes) == (Theme.SYSTEM, 100, 15)
    assert odd.geometry.isEmpty()
