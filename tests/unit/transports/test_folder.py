from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dsadesk.errors import DsadeskError, StoreError, StoreMissingError, StoreRefusedError, TransferStoppedError
from dsadesk.sync.pace import Pacer
from dsadesk.sync.stepping import PassingTime
from dsadesk.transports.folder import FolderTransport, StoreMarker, _publish

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def prepared(root: Path, store_id: str = "store-0001") -> FolderTransport:
    return FolderTransport.prepare(root, store_id, MADE_AT)


def refusal(call: Callable[[], object]) -> DsadeskError:
    with pytest.raises(StoreError) as caught:
        call()
    return caught.value


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


# ---------------------------------------------------------------- which store is this


def test_a_prepared_folder_says_which_store_it_is(tmp_path: Path):
    transport = FolderTransport.prepare(tmp_path, "store-0001", MADE_AT.astimezone(timezone(timedelta(hours=1))))
    assert (tmp_path / "dsa1" / "store.json").read_bytes() == b'{"v":1,"id":"store-0001","made":"2026-03-02T09:30:00Z"}'
    assert files(tmp_path) == ["dsa1/store.json"]
    assert transport.marker() == StoreMarker(id="store-0001", made="2026-03-02T09:30:00Z")
    assert FolderTransport(tmp_path, expected_id=None).marker().id == "store-0001"
    assert transport.address == str(tmp_path)


def test_a_folder_that_is_a_store_is_not_made_one_again(tmp_path: Path):
    prepared(tmp_path).put("dsa1/a", b"x")
    assert refusal(lambda: prepared(tmp_path, "store-0002")).code == "already-a-store"
    assert prepared_id(tmp_path) == "store-0001"


def prepared_id(root: Path) -> str:
    return FolderTransport(root, expected_id=None).marker().id


def test_a_lost_marker_is_not_made_anew_over_what_it_marked(tmp_path: Path):
    prepared(tmp_path).put("dsa1/a", b"x")
    (tmp_path / "dsa1" / "store.json").unlink()
    assert refusal(lambda: prepared(tmp_path)).code == "folder-in-use"


def test_a_folder_whose_making_was_cut_off_can_be_made_again(tmp_path: Path):
    (tmp_path / "dsa1").mkdir()
    (tmp_path / "dsa1" / ".tmp-00000000-0123456789abcdef").write_bytes(b'{"v"')
    prepared(tmp_path).check()


def test_what_stands_in_the_way_of_a_store_is_not_touched(tmp_path: Path):
    (tmp_path / "dsa1").write_bytes(b"mine")
    assert refusal(lambda: prepared(tmp_path)).code == "folder-in-use"
    assert (tmp_path / "dsa1").read_bytes() == b"mine"


def test_a_store_is_made_only_in_a_folder_that_is_there(tmp_path: Path):
    assert refusal(lambda: prepared(tmp_path / "unplugged")).code == "folder-missing"
    (tmp_path / "file").touch()
    assert refusal(lambda: prepared(tmp_path / "file")).code == "not-a-folder"
    assert refusal(lambda: prepared(tmp_path, "Not an id")).code == "store-id-invalid"
    with pytest.raises(ValueError, match="aware"):
        FolderTransport.prepare(tmp_path, "store-0001", datetime(2026, 3, 2, 9, 30))  # noqa: DTZ001
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def no_folder(root: Path) -> None:
    root.rmdir()


def a_file_instead(root: Path) -> None:
    root.rmdir()
    root.touch()


def nothing_in_it(root: Path) -> None:
    del root


def other_files_in_it(root: Path) -> None:
    (root / "holiday.jpg").touch()


def a_store_folder_without_a_marker(root: Path) -> None:
    (root / "dsa1").mkdir()


def another_store(root: Path) -> None:
    prepared(root, "store-0002")


def marker(content: str) -> Callable[[Path], None]:
    def write(root: Path) -> None:
        (root / "dsa1").mkdir()
        (root / "dsa1" / "store.json").write_text(content)

    return write


def a_linked_store(root: Path) -> None:
    (root / "elsewhere").mkdir()
    (root / "dsa1").symlink_to(root / "elsewhere")


def a_linked_marker(root: Path) -> None:
    (root / "dsa1").mkdir()
    (root / "real.json").write_text(json.dumps({"v": 1, "id": "store-0001", "made": "x"}))
    (root / "dsa1" / "store.json").symlink_to(root / "real.json")


@pytest.mark.parametrize(
    ("arrange", "code"),
    [
        (no_folder, "folder-missing"),
        (a_file_instead, "not-a-folder"),
        (nothing_in_it, "folder-empty"),
        (other_files_in_it, "marker-missing"),
        (a_store_folder_without_a_marker, "marker-missing"),
        (another_store, "other-store"),
        (marker(""), "marker-damaged"),
        (marker("{"), "marker-damaged"),
        (marker("[]"), "marker-damaged"),
        (marker("[" * 4000), "marker-damaged"),
        (marker('{"v":1,"id":"store-0001"}'), "marker-damaged"),
        (marker('{"v":1,"id":"no","made":"x"}'), "marker-damaged"),
        (marker('{"v":1,"id":7,"made":"x"}'), "marker-damaged"),
        (marker('{"v":0,"id":"store-0001","made":"x"}'), "marker-damaged"),
        (marker('{"v":1,"id":"store-0001","made":"x"}' + " " * 5000), "marker-damaged"),
        (marker('{"v":2,"id":"store-0001","made":"x"}'), "marker-newer"),
        (a_linked_store, "store-is-a-link"),
        (a_linked_marker, "store-is-a-link"),
    ],
)
def test_a_wrong_or_missing_place_is_told_apart_and_nothing_is_written_there(
    tmp_path: Path, arrange: Callable[[Path], None], code: str
):
    root = tmp_path / "drive"
    root.mkdir()
    arrange(root)
    before = sorted(tmp_path.rglob("*"))
    transport = FolderTransport(root, expected_id="store-0001")
    acts: tuple[Callable[[], object], ...] = (
        transport.check, lambda: transport.put("dsa1/a/b", b"x"), lambda: transport.get("dsa1/a/b", 9), lambda: transport.has("dsa1/a/b"),
        lambda: transport.list(""), lambda: transport.list("dsa1/a/"), lambda: transport.delete("dsa1/a/b"),
        lambda: transport.sweep(MADE_AT),
    )  # fmt: skip
    for act in acts:
        error = refusal(act)
        assert isinstance(error, StoreMissingError)
        assert (error.code, error.fields["address"], error.fields["expected"]) == (code, str(root), "store-0001")
    assert sorted(tmp_path.rglob("*")) == before


def test_the_other_store_is_named(tmp_path: Path):
    another_store(tmp_path)
    error = refusal(FolderTransport(tmp_path, expected_id="store-0001").check)
    assert error.fields["found"] == "store-0002"


def test_unknown_fields_in_a_marker_are_left_for_later_versions(tmp_path: Path):
    marker('{"v":1,"id":"store-0001","made":"x","retention":60}')(tmp_path)
    FolderTransport(tmp_path, expected_id="store-0001").check()


def test_a_drive_pulled_between_two_acts_is_not_written_to_as_a_plain_folder(tmp_path: Path):
    root = tmp_path / "drive"
    root.mkdir()
    transport = prepared(root)
    transport.put("dsa1/a/b", b"x")
    root.rename(tmp_path / "pulled")
    root.mkdir()
    assert refusal(lambda: transport.put("dsa1/a/c", b"y")).code == "folder-empty"
    assert list(root.iterdir()) == []


def test_a_check_leaves_nothing_behind(tmp_path: Path):
    transport = prepared(tmp_path)
    transport.check()
    assert files(tmp_path) == ["dsa1/store.json"]


# ---------------------------------------------------------------- what lies in the folder besides


def test_temporary_and_foreign_files_are_not_listed(tmp_path: Path):
    transport = prepared(tmp_path)
    transport.put("dsa1/box/n/x", b"1")
    folder = tmp_path / "dsa1" / "box" / "n"
    for name in (".tmp-00000000-0123456789abcdef", "Thumbs.db", "x (1)", "desktop.INI", "x.", ".DS_Store", "nul"):
        (folder / name).write_bytes(b"?")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(folder / "x")
    (tmp_path / "dsa1" / "linked").symlink_to(folder)
    (tmp_path / "dsa1" / ".hidden").mkdir()
    assert transport.list("") == ("dsa1/box/n/x",)
    assert not transport.has("dsa1/box/n/pipe")
    assert refusal(lambda: transport.get("dsa1/box/n/pipe", 9)).code == "object-missing"


def test_files_beside_the_store_are_not_seen(tmp_path: Path):
    transport = prepared(tmp_path)
    (tmp_path / "report").write_bytes(b"x")
    assert transport.list("") == ()
    assert not transport.has("dsa1/report")


def test_links_inside_the_store_are_refused_by_every_act(tmp_path: Path):
    root, outside = tmp_path / "drive", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(b"mine")
    transport = prepared(root)
    (root / "dsa1" / "box").symlink_to(outside)
    (root / "dsa1" / "one").symlink_to(outside / "secret")
    acts: tuple[Callable[[], object], ...] = (
        lambda: transport.put("dsa1/box/new", b"x"), lambda: transport.get("dsa1/box/secret", 9), lambda: transport.get("dsa1/one", 9),
        lambda: transport.put("dsa1/one", b"mine"), lambda: transport.has("dsa1/one"), lambda: transport.delete("dsa1/box/secret"),
        lambda: transport.delete("dsa1/one"), lambda: transport.list("dsa1/box/"),
    )  # fmt: skip
    for act in acts:
        error = refusal(act)
        assert isinstance(error, StoreRefusedError)
        assert error.code == "link-in-store"
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert (outside / "secret").read_bytes() == b"mine"


def test_a_dangling_link_is_not_written_through(tmp_path: Path):
    root = tmp_path / "drive"
    root.mkdir()
    transport = prepared(root)
    (root / "dsa1" / "a").symlink_to(tmp_path / "made-by-link")
    assert refusal(lambda: transport.put("dsa1/a", b"x")).code == "link-in-store"
    assert not (tmp_path / "made-by-link").exists()


def test_the_root_itself_may_be_a_link_of_the_owners(tmp_path: Path):
    (tmp_path / "real").mkdir()
    prepared(tmp_path / "real")
    (tmp_path / "shortcut").symlink_to(tmp_path / "real")
    FolderTransport(tmp_path / "shortcut", expected_id="store-0001").check()


# ---------------------------------------------------------------- writing


def test_a_finished_put_leaves_no_temporary_file(tmp_path: Path):
    transport = prepared(tmp_path)
    transport.put("dsa1/a/b", b"x")
    transport.put("dsa1/a/b", b"x")
    refusal(lambda: transport.put("dsa1/a/b", b"y"))
    assert files(tmp_path) == ["dsa1/a/b", "dsa1/store.json"]


def test_a_temporary_name_says_what_it_is_for_and_does_not_meet_anothers(tmp_path: Path):
    tokens = iter([b"\0\0\0\1", b"\0\0\0\2"])
    transport = FolderTransport.prepare(tmp_path, "store-0001", MADE_AT, token=lambda size: next(tokens)[:size])
    taken = tmp_path / "dsa1" / ".tmp-00000002-2d711642b726b044"
    taken.write_bytes(b"another writer's")
    error = refusal(lambda: transport.put("dsa1/a", b"x"))
    assert (error.code, taken.read_bytes()) == ("store-busy", b"another writer's")


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists instead of modes")
@pytest.mark.parametrize(
    ("folder", "file"), [(0o755, 0o644), (0o775, 0o664), (0o777, 0o666), (0o700, 0o600), (0o733, 0o666)]
)
def test_what_is_written_is_as_open_as_the_folder_it_lies_in_whatever_the_programs_own_mask(
    tmp_path: Path, folder: int, file: int
):
    tmp_path.chmod(folder)
    mask = os.umask(0o077)
    try:
        prepared(tmp_path).put("dsa1/a/b", b"x")
    finally:
        os.umask(mask)
    for path, mode in (("dsa1", folder), ("dsa1/a", folder), ("dsa1/a/b", file), ("dsa1/store.json", file)):
        assert (tmp_path / path).stat().st_mode & 0o777 == mode


@pytest.mark.parametrize(("theirs", "code"), [(b"x", None), (b"y", "name-taken")])
def test_a_writer_overtaken_in_the_middle_of_a_put_replaces_nothing(tmp_path: Path, theirs: bytes, code: str | None):
    other = prepared(tmp_path)

    def overtaken(size: int) -> bytes:
        other.put("dsa1/a/b", theirs)
        return bytes(size)

    overtaken_one = FolderTransport(tmp_path, expected_id="store-0001", token=overtaken)
    if code is None:
        overtaken_one.put("dsa1/a/b", b"x")
    else:
        assert refusal(lambda: overtaken_one.put("dsa1/a/b", b"x")).code == code
    assert other.get("dsa1/a/b", 1) == theirs
    assert files(tmp_path) == ["dsa1/a/b", "dsa1/store.json"]


def no_links(temporary: Path, path: Path) -> None:
    raise OSError(errno.EPERM, "as FAT says it", temporary, None, path)


def test_where_there_are_no_hard_links_a_name_is_still_given_once(tmp_path: Path):
    first, second, name = tmp_path / "first", tmp_path / "second", tmp_path / "name"
    first.write_bytes(b"1")
    second.write_bytes(b"2")
    assert _publish(first, name, no_links) is True
    assert _publish(second, name, no_links) is False
    assert (name.read_bytes(), first.exists()) == (b"1", False)


def test_a_fault_of_linking_that_is_no_lack_of_links_is_not_worked_around(tmp_path: Path):
    def fails(temporary: Path, path: Path) -> None:
        raise OSError(errno.EIO, "i/o", temporary, None, path)

    with pytest.raises(OSError, match="i/o"):
        _publish(tmp_path / "a", tmp_path / "b", fails)


def test_leftovers_of_cut_off_writers_are_swept_by_age(tmp_path: Path):
    transport = prepared(tmp_path)
    transport.put("dsa1/box/x", b"1")
    old, new = (tmp_path / "dsa1" / "box" / f".tmp-0000000{n}-0123456789abcdef" for n in (1, 2))
    for path, at in ((old, MADE_AT - timedelta(days=1)), (new, MADE_AT + timedelta(days=1))):
        path.write_bytes(b"half")
        os.utime(path, (at.timestamp(), at.timestamp()))
    (tmp_path / "dsa1" / ".tmp-folder").mkdir()
    assert transport.sweep(MADE_AT) == 1
    assert not old.exists()
    assert new.exists()
    assert transport.list("") == ("dsa1/box/x",)


def test_a_poll_opens_only_folders_that_can_hold_later_names(tmp_path: Path):
    transport = prepared(tmp_path)
    for day in (1, 2, 3):
        transport.put(f"dsa1/box/n/2026030{day}/x", b"1")
    transport.put("dsa1/box/p/20260301/part", b"2")
    opened: list[str] = []
    is_watching = True

    def announced(event: str, arguments: tuple[object, ...]) -> None:
        if is_watching and event == "os.scandir":
            opened.append(str(arguments[0]))

    sys.addaudithook(announced)
    try:
        found = transport.list("dsa1/box/n/", after="dsa1/box/n/20260302/a")
    finally:
        is_watching = False
    assert found == ("dsa1/box/n/20260302/x", "dsa1/box/n/20260303/x")
    assert {Path(path).name for path in opened} == {"n", "20260302", "20260303"}


# ---------------------------------------------------------------- polling

N = "dsa1/box/n/"


class Seconds:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


def polled(transport: FolderTransport, seconds: Seconds, times: int = 2) -> str:
    """A cursor of a store that has been quiet for long."""
    cursor = ""
    for _ in range(times):
        seconds.time += 60
        _, cursor = transport.poll(N, cursor)
    return cursor


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were opened since."""
    scandir, found = os.scandir, []

    def counting(path: str | os.PathLike[str]):
        found.append(os.fspath(path).rpartition("dsa1")[2])
        return scandir(path)

    monkeypatch.setattr(os, "scandir", counting)
    return found


def test_an_idle_poll_opens_no_folder(tmp_path: Path, opened: list[str]):
    FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    transport = FolderTransport(tmp_path, seconds=(seconds := Seconds()))
    for day in range(20260301, 20260321):
        transport.put(f"{N}{day}/0001-a", b"x")
    cursor = polled(transport, seconds)
    opened.clear()
    assert transport.poll(N, cursor) == ((), cursor)
    assert opened == []
    transport.put(f"{N}20260305/0002-b", b"x")
    assert transport.poll(N, cursor)[0] == (f"{N}20260305/0001-a", f"{N}20260305/0002-b")
    assert opened == ["/box/n/20260305"]


def test_a_poll_finds_what_comes_where_nothing_was(tmp_path: Path):
    FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    transport = FolderTransport(tmp_path, seconds=(seconds := Seconds()))
    cursor = polled(transport, seconds)
    transport.put(f"{N}20260301/0001-a", b"x")
    assert transport.poll(N, cursor)[0] == (f"{N}20260301/0001-a",)


def test_a_folder_whose_time_is_coarse_is_opened_every_time_since_it_may_never_move(tmp_path: Path):
    FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    transport = FolderTransport(tmp_path, seconds=(seconds := Seconds()))
    transport.put(f"{N}20260301/0001-a", b"x")
    day = tmp_path / N / "20260301"
    os.utime(day, (1_780_000_000, 1_780_000_000))
    cursor = polled(transport, seconds, 4)
    transport.put(f"{N}20260301/0002-b", b"x")
    os.utime(day, (1_780_000_000, 1_780_000_000))
    assert transport.poll(N, cursor)[0] == (f"{N}20260301/0001-a", f"{N}20260301/0002-b")


def test_a_time_that_was_put_back_by_whoever_synchronises_the_folder_hides_nothing(tmp_path: Path):
    FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    transport = FolderTransport(tmp_path, seconds=(seconds := Seconds()))
    transport.put(f"{N}20260301/0001-a", b"x")
    day = tmp_path / N / "20260301"
    os.utime(day, ns=(1, 1_780_000_000_123_456_789))
    cursor = polled(transport, seconds)
    assert transport.poll(N, cursor)[0] == ()
    transport.put(f"{N}20260301/0002-b", b"x")
    os.utime(day, ns=(1, 1_780_000_000_123_456_789))
    assert f"{N}20260301/0002-b" in transport.poll(N, cursor)[0]


def test_a_poll_refuses_what_a_listing_refuses(tmp_path: Path):
    prepared(tmp_path).put(f"{N}20260301/0001-a", b"x")
    assert refusal(lambda: prepared_at(tmp_path).poll("dsa1/../", "")).code == "name-invalid"
    (tmp_path / N / "20260301" / "0001-a").unlink()
    (tmp_path / N / "20260301").rmdir()
    (tmp_path / N).rmdir()
    (tmp_path / N).symlink_to(tmp_path)
    assert refusal(lambda: prepared_at(tmp_path).poll(N, "")).code == "link-in-store"
    (tmp_path / "dsa1" / "store.json").unlink()
    assert refusal(lambda: prepared_at(tmp_path).poll(N, "")).code == "marker-missing"


def prepared_at(root: Path) -> FolderTransport:
    return FolderTransport(root, expected_id=None)


def test_a_write_that_is_stopped_leaves_nothing_under_its_name(tmp_path: Path):
    FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    valve = Pacer(PassingTime()).valve()
    store = FolderTransport(tmp_path, flow=valve)
    store.put("dsa1/a/b", b"x" * 100_000)
    valve.shut("cancelled")
    with pytest.raises(TransferStoppedError):
        store.put("dsa1/a/c", b"y" * 100_000)
    assert store.list("") == ("dsa1/a/b",)
    assert not list(tmp_path.rglob(".tmp-*"))
