"""The wizard that puts a delivery on a stick, without a window: what it shows of each state, and what it leaves."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from dsadesk.domain.ids import BundleId
from dsadesk.ports import RemovableDrive
from dsadesk.services import taking_in
from dsadesk.services.naming import delivery_name
from dsadesk.services.wording.handing_over import NO_STICK
from dsadesk.ui.presenters.hand_over import HandOverPresenter
from tests.support.desks import Pair, sealed_request, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame

MIB = 1 << 20


def stick(place: Path, name: str = "STICK", *, free: int = 100 * MIB, is_read_only: bool = False) -> RemovableDrive:
    return RemovableDrive(folder=place, name=name, free=free, size=200 * MIB, is_read_only=is_read_only)


class Wizard:
    """A presenter with a view that remembers, over sticks that a test plugs in and out."""

    def __init__(self, pair: Pair, *, held: bool = False) -> None:
        self.sticks: list[RemovableDrive] = []
        desk, session = pair.requester, pair.asks
        session.world = replace(session.world, removable_drives=lambda: tuple(self.sticks))
        self.lane = None
        if held:
            frame, self.seen, self.lane = held_frame(desk)
        else:
            frame, self.seen = inline_frame(desk)
        self.item = session.vault.outbox.unfinished()[0]
        self.view = Recorder()
        self.page = HandOverPresenter(self.view, frame, self.item.id, self.item.box)

    @property
    def shown(self):
        return self.view.shown["show_sticks"]


@pytest.fixture
def pair() -> Pair:
    made = two_desks()
    sealed_request(made)
    return made


def test_the_state_of_every_stick_is_told_apart(pair: Pair, tmp_path: Path) -> None:
    wizard = Wizard(pair)
    wizard.page.look()
    assert (wizard.shown.sentence, wizard.shown.sticks) == (NO_STICK, ())
    wizard.sticks = [stick(tmp_path)]
    wizard.page.look()
    assert wizard.shown.sentence == "One stick is plugged in."
    assert [(row.name, row.sentence, row.is_ready) for row in wizard.shown.sticks] == [("STICK", "100MB free.", True)]
    wizard.sticks = [stick(tmp_path, "A"), stick(tmp_path, "B", is_read_only=True), stick(tmp_path, "C", free=99)]
    wizard.page.look()
    assert wizard.shown.sentence == "Choose the stick that it goes on."
    _, locked, full = wizard.shown.sticks
    assert not locked.is_ready
    assert "write-protected" in locked.sentence
    assert not full.is_ready
    assert f"99 bytes free, and the delivery needs {wizard.shown.size}" in full.sentence
    wizard.sticks = wizard.sticks[1:]
    wizard.page.look()
    assert "cannot go on any stick" in wizard.shown.sentence


def test_looking_again_and_again_draws_only_what_changed(pair: Pair, tmp_path: Path) -> None:
    wizard = Wizard(pair)
    for _ in range(3):
        wizard.page.look()
    assert wizard.view.calls.count("show_sticks") == 1
    wizard.sticks = [stick(tmp_path)]
    wizard.page.look()
    assert wizard.view.calls.count("show_sticks") == 2


def test_the_last_page_says_what_was_written_and_what_to_do_with_it(pair: Pair, tmp_path: Path) -> None:
    wizard = Wizard(pair)
    wizard.page.write_to(tmp_path)
    handed = wizard.view.shown["show_handed_over"]
    (file,) = tmp_path.iterdir()
    assert handed.name == file.name == delivery_name(pair.asks, wizard.item)
    assert handed.sha256.replace(" ", "") == hashlib.sha256(file.read_bytes()).hexdigest()
    assert [len(group) for group in handed.sha256.split()] == [8] * 8
    assert "Only Environment Agency can open it" in handed.todo[0]
    assert any("eject" in sentence for sentence in handed.todo)
    assert wizard.seen.said == [f"{file.name} is written and read back."]
    with file.open("rb") as handle:
        assert taking_in.import_bundle(pair.holds, handle, file.name) is not None


def test_a_file_that_is_there_already_is_left_as_it_is(pair: Pair, tmp_path: Path) -> None:
    wizard = Wizard(pair)
    wizard.page.write_to(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"mine")
    wizard.page.write_to(tmp_path)
    assert "already" in wizard.view.shown["show_error"].what
    assert file.read_bytes() == b"mine"


def test_a_folder_that_is_gone_is_explained_and_another_can_be_chosen(pair: Pair, tmp_path: Path) -> None:
    wizard = Wizard(pair)
    wizard.page.write_to(tmp_path / "gone")
    assert wizard.view.shown["show_error"].todo
    assert wizard.view.shown["show_writing"] == ""
    wizard.page.write_to(tmp_path)
    assert wizard.view.shown["show_handed_over"].size


def test_a_delivery_that_is_not_there_is_explained(pair: Pair, tmp_path: Path) -> None:
    wizard = Wizard(pair)
    frame, _ = inline_frame(pair.requester)
    page = HandOverPresenter(wizard.view, frame, BundleId("0" * 32), wizard.item.box)
    page.look()
    assert wizard.view.shown["show_error"].what


def test_stopping_leaves_nothing_and_says_so(pair: Pair, tmp_path: Path) -> None:
    wizard = Wizard(pair, held=True)
    wizard.page.write_to(tmp_path)
    assert "Leave the stick" in wizard.view.shown["show_writing"]
    wizard.page.write_to(tmp_path)
    wizard.page.look()
    wizard.page.stop()
    assert wizard.lane is not None
    assert len(wizard.lane.waiting) == 1, "nothing else is begun meanwhile"
    wizard.lane.run()
    assert "stopped" in wizard.view.shown["show_error"].what
    assert list(tmp_path.iterdir()) == []


def test_how_far_it_is_is_told_when_asked(pair: Pair) -> None:
    wizard = Wizard(pair, held=True)
    wizard.page.tick()
    assert "show_progress" not in wizard.view.shown
    wizard.page.write_to(Path("/nowhere"))
    wizard.page._note(512 * 1024, MIB)
    wizard.page.tick()
    assert wizard.view.shown["show_progress"] == (512 * 1024, MIB, "512KB of 1MB")
    wizard.page._note(MIB, MIB)
    wizard.page.tick()
    assert "read back" in wizard.view.shown["show_progress"][2]
