from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from dsadesk.transports.gate import MAX_WATCHED, SETTLING_SECONDS, look


@dataclass
class Days:
    """Folders whose stamps are set by hand; `read_folders` says what was read."""

    folders: dict[str, list[str]]
    stamps: dict[str, str] = field(default_factory=dict)
    read_folders: list[str] = field(default_factory=list)
    time: float = 0.0
    cursor: str = ""

    def stamp(self, folder: str) -> str | None:
        known = folder == "n" or folder.removeprefix("n/") in self.folders
        return self.stamps.get(folder, "first") if known else None

    def read(self, folder: str) -> tuple[list[str], list[str]]:
        self.read_folders.append(folder)
        if folder == "n":
            return [], [f"n/{day}" for day in self.folders]
        return [f"{folder}/{name}" for name in self.folders[folder.removeprefix("n/")]], []

    def poll(self, later: float = SETTLING_SECONDS) -> tuple[str, ...]:
        self.time += later
        self.read_folders.clear()
        names, self.cursor = look(self, "n", self.cursor, lambda: self.time)
        return names


def settled(folders: dict[str, list[str]]) -> Days:
    days = Days(folders)
    days.poll()
    days.poll()
    return days


def test_with_no_cursor_every_name_is_given():
    assert Days({"1": ["a", "b"], "2": ["c"]}).poll() == ("n/1/a", "n/1/b", "n/2/c")


def test_a_folder_that_has_not_changed_is_read_once_more_and_then_left():
    days = Days({"1": ["a"]})
    days.poll()
    assert days.poll() == ("n/1/a",)
    assert days.poll() == ()
    assert days.read_folders == []


def test_a_folder_is_read_until_its_stamp_is_old_enough_to_be_trusted():
    days = Days({"1": ["a"]})
    for _ in range(4):
        days.poll(SETTLING_SECONDS / 4)
        assert days.read_folders == ["n", "n/1"]
    days.poll(SETTLING_SECONDS / 4)
    days.poll(0)
    assert days.read_folders == []


def test_only_what_changed_is_read_again():
    days = settled({"1": ["a"], "2": ["b"]})
    days.folders["2"].append("c")
    days.stamps["n/2"] = "second"
    assert days.poll() == ("n/2/b", "n/2/c")
    assert days.read_folders == ["n/2"]


def test_a_new_folder_is_found_and_a_removed_one_forgotten():
    days = settled({"1": ["a"], "2": ["b"]})
    del days.folders["1"]
    days.folders["3"] = ["c"]
    days.stamps["n"] = "second"
    assert days.poll() == ("n/3/c",)
    days.poll()
    assert "/1" not in days.cursor


def test_a_folder_that_nothing_can_be_told_of_is_read_every_time():
    days = Days({"1": ["a"]}, {"n": "", "n/1": ""})
    for _ in range(4):
        assert days.poll() == ("n/1/a",)


def test_a_place_that_is_not_there_yet_is_looked_for_every_time():
    class Nothing(Days):
        def stamp(self, folder: str) -> str | None:
            return None if not self.folders else super().stamp(folder)

    days = Nothing({})
    assert days.poll() == ()
    days.folders["1"] = ["a"]
    assert days.poll() == ("n/1/a",)


def test_only_the_newest_folders_are_watched_and_a_cursor_stays_small():
    days = settled({f"{day:05d}": ["a"] for day in range(1000)})
    assert len(days.cursor) < 64 * 40
    days.folders["00500"].append("late")
    days.stamps["n/00500"] = "second"
    assert days.poll() == ()
    days.folders["01000"] = ["new"]
    days.stamps["n"] = "second"
    assert days.poll() == ("n/01000/new",)
    days.cursor = ""
    assert "n/00500/late" in days.poll()
    assert len(days.read_folders) == 1002


def test_a_late_folder_among_few_is_found():
    days = settled({"5": ["a"], "7": ["b"]})
    days.folders["1"] = ["late"]
    days.stamps["n"] = "second"
    assert days.poll() == ("n/1/late",)
    assert MAX_WATCHED > 3


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "[]", "{}", "null", "1", '{"v":2,"top":"n","folders":{}}', '{"v":1,"top":"m","folders":{"/1":["first",null,""]}}',
     '{"v":1,"top":"n","folders":[]}', '{"v":1,"top":"n","folders":{"":1}}', '{"v":1,"top":"n","folders":{"":["first",null]}}',
     '{"v":1,"top":"n","folders":{"":[1,null,""]}}', '{"v":1,"top":"n","folders":{"":["first","x",""]}}', "[" * 100_000],
)  # fmt: skip
def test_a_cursor_that_is_not_understood_counts_as_none(cursor: str):
    days = Days({"1": ["a"]}, cursor=cursor)
    assert days.poll() == ("n/1/a",)
