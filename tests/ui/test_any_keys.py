"""Whatever keys are pressed on whatever page: nothing raises, nothing hangs, and the keyboard is somewhere."""

from __future__ import annotations

import random  # noqa: TID251  # a seeded walk, the same each time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from shiboken6 import isValid

from dsadesk.host.clock import SystemPulse
from dsadesk.services import drafting
from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import ANSWERS, SUPPLIER, memory_world, received_request, two_desks
from tests.ui.windows import window_over

EVERY_RUN, SOAK = 2, 100
PRESSES, A_PAGE = 400, 60
PAGES = (Page.REQUESTS, Page.INBOX, Page.AGREEMENTS, Page.CATALOGUE, Page.PARTNERS, Page.EXCHANGE, Page.SETTINGS)
PARTS = ("purpose", "data", "risks", "check", "samples")

Key, Held = Qt.Key, Qt.KeyboardModifier
OFTEN = {Key.Key_Tab: 14, Key.Key_Space: 8, Key.Key_Down: 6, Key.Key_Return: 5, Key.Key_Backtab: 3, Key.Key_Up: 3, Key.Key_Escape: 3,
         Key.Key_Left: 2, Key.Key_Right: 2, Key.Key_A: 1, Key.Key_7: 1, Key.Key_Delete: 1, Key.Key_Home: 1, Key.Key_End: 1,
         Key.Key_PageDown: 1, Key.Key_PageUp: 1, Key.Key_F1: 1, Key.Key_F3: 1, Key.Key_F6: 1, Key.Key_F7: 1}  # fmt: skip
WITH = {Held.ControlModifier: "123456,NFSZY.MHGPVA", Held.AltModifier: "NDMFOT12345"}
"""All but what locks, ends or opens a file: those end the walk."""

ALL = [
    *((key, Held.NoModifier) for key, times in OFTEN.items() for _ in range(times)),
    *((Key(ord(letter)), held) for held, letters in WITH.items() for letter in letters),
    *((key, Held.ControlModifier) for key in (Key.Key_Return, Key.Key_PageDown, Key.Key_PageUp, Key.Key_F7)),
]


def seeds():
    return [pytest.param(seed, marks=[pytest.mark.soak] if seed >= EVERY_RUN else []) for seed in range(SOAK)]


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("side", ["requester", "supplier"])
def test_any_keys_on_any_page_raise_nothing(tmp_path, side, seed):
    chance = random.Random(seed)  # noqa: S311
    pair = two_desks(
        lambda name, stores, clock: replace(memory_world(stores=stores, clock=clock, seed=name), pulse=SystemPulse())
    )
    received_request(pair)
    draft = drafting.start(pair.asks, title="Water", supplier=SUPPLIER.id).request
    if seed % 2:
        drafting.load_answers(pair.asks, draft, ANSWERS.read_bytes())
    places = [Place(page) for page in PAGES]
    if side == "requester":
        places += [Place(Page.EDITOR, request=draft, part=part) for part in PARTS]
    with window_over(getattr(pair, side), tmp_path) as shown:
        shown.window.activateWindow()
        for press in range(PRESSES):
            if press % A_PAGE == 0:
                close(shown, QDialog)
                shown.go(chance.choice(places))
            front = QApplication.activePopupWidget() or QApplication.activeModalWidget() or shown.window
            QTest.keyClick(front.focusWidget() or front, *chance.choice(ALL))
            shown.settle()
            close(shown, QFileDialog)
        close(shown, QDialog)
        assert shown.window.isVisible()
        assert shown.window.focusWidget() is not None


def close(shown, kind):
    for dialog in shown.window.findChildren(kind):
        if isValid(dialog) and dialog.isVisible():
            dialog.reject()
            shown.settle()
