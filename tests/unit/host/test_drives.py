"""Removable drives are found by what the kernel says of them, here in a /sys and a mount table that a test wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dsadesk.host.drives import of_linux, removable_drives
from dsadesk.ports import RemovableDrive


class Machine:
    """A /sys/dev/block and a mount table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.devices = folder / "sys/dev/block"
        self.devices.mkdir(parents=True)
        self.table = folder / "mountinfo"
        self.lines: list[str] = ["22 1 0:20 / /proc rw - proc proc rw", "broken"]

    def disk(self, number: str, place: str, *, removable: bool, partition: str = "") -> None:
        disk = self.folder / "sys/devices" / place
        disk.mkdir(parents=True, exist_ok=True)
        (disk / "removable").write_text("1\n" if removable else "0\n")
        device = disk
        if partition:
            device = disk / partition
            device.mkdir()
            (device / "partition").write_text("1\n")
        (self.devices / number).symlink_to(device)

    def mapping(self, number: str, beneath: str) -> None:
        """What encryption puts over a device."""
        mapped = self.folder / f"sys/devices/virtual/block/dm-{number.split(':')[1]}"
        (mapped / "slaves").mkdir(parents=True)
        (mapped / "slaves" / "sdb1").symlink_to((self.devices / beneath).resolve())
        (self.devices / number).symlink_to(mapped)

    def mount(self, number: str, name: str, options: str = "rw,nosuid") -> Path:
        place = self.folder / "media" / name
        place.mkdir(parents=True, exist_ok=True)
        written = str(place).replace("\\", "\\134").replace(" ", "\\040")
        self.lines.append(f"40 22 {number} / {written} {options} shared:1 - vfat /dev/x rw")
        return place

    def drives(self) -> list[RemovableDrive]:
        self.table.write_text("\n".join(self.lines), "utf-8")
        return list(of_linux(self.table, self.devices))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_a_stick_there_is_none(machine: Machine) -> None:
    machine.disk("259:1", "pci0/nvme0/nvme0n1", removable=False, partition="nvme0n1p1")
    machine.mount("259:1", "data")
    assert machine.drives() == []


def test_a_stick_is_found_with_its_name_and_its_room(machine: Machine) -> None:
    machine.disk("8:17", "pci0/usb2/host6/sdb", removable=True, partition="sdb1")
    place = machine.mount("8:17", "MY STICK")
    (drive,) = machine.drives()
    room = shutil.disk_usage(place)
    assert (drive.folder, drive.name, drive.size) == (place, "MY STICK", room.total)
    assert 0 < drive.free <= drive.size
    assert not drive.is_read_only


def test_a_card_in_a_reader_that_is_built_in_is_found(machine: Machine) -> None:
    machine.disk("179:1", "pci0/mmc_host/mmcblk0", removable=True, partition="mmcblk0p1")
    machine.mount("179:1", "card")
    assert [drive.name for drive in machine.drives()] == ["card"]


def test_a_hard_disk_in_a_case_is_found_though_it_calls_itself_fixed(machine: Machine) -> None:
    machine.disk("8:33", "pci0/usb1/host7/sdc", removable=False, partition="sdc1")
    machine.mount("8:33", "case")
    assert [drive.name for drive in machine.drives()] == ["case"]


def test_an_encrypted_stick_is_found_beneath_its_mapping(machine: Machine) -> None:
    machine.disk("8:17", "pci0/usb2/host6/sdb", removable=True, partition="sdb1")
    machine.mapping("253:0", "8:17")
    machine.mount("253:0", "secret")
    assert [drive.name for drive in machine.drives()] == ["secret"]


def test_an_encrypted_disk_of_the_machine_is_none(machine: Machine) -> None:
    machine.disk("8:1", "pci0/ata1/sda", removable=False, partition="sda1")
    machine.mapping("253:1", "8:1")
    machine.mount("253:1", "home")
    assert machine.drives() == []


def test_a_stick_without_partitions_is_found_and_a_second_place_of_it_is_not(machine: Machine) -> None:
    machine.disk("8:16", "pci0/usb2/host6/sdb", removable=True)
    machine.mount("8:16", "first")
    machine.mount("8:16", "again")
    assert [drive.name for drive in machine.drives()] == ["first"]


def test_a_write_protected_stick_says_so(machine: Machine) -> None:
    machine.disk("8:17", "pci0/usb2/host6/sdb", removable=True, partition="sdb1")
    machine.mount("8:17", "locked", "ro,nosuid")
    assert [drive.is_read_only for drive in machine.drives()] == [True]


def test_a_stick_that_went_a_moment_ago_is_left_out(machine: Machine) -> None:
    machine.disk("8:17", "pci0/usb2/host6/sdb", removable=True, partition="sdb1")
    machine.mount("8:17", "gone").rmdir()
    assert machine.drives() == []


def test_a_machine_without_a_mount_table_has_none(tmp_path: Path) -> None:
    assert list(of_linux(tmp_path / "none", tmp_path)) == []


def test_this_machine_can_be_asked() -> None:
    assert all(drive.folder.is_dir() for drive in removable_drives())
