from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.domain.marking import Marking
from dsadesk.errors import (
    DamagedVaultError,
    DsadeskError,
    NewerVaultError,
    RuleError,
    VaultBusyError,
    VaultMissingError,
    WrongKeyError,
)
from dsadesk.host.memory import FixedClock
from dsadesk.ports import Loss, Salvaged
from dsadesk.storage.losses import ALTERED, DAMAGED, RECORD_LOST
from dsadesk.storage.migrations import STEPS, Step
from dsadesk.storage.page_file import PAGE_BYTES, PageFile, fitting_keys
from dsadesk.storage.salvage import salvage
from dsadesk.storage.tree_pages import RawRow, walk
from dsadesk.storage.vault import SqlcipherVault
from tests.faults.power_cut import held, scratch
from tests.unit.storage.examples import (
    AT,
    BOX,
    KEY,
    OTHER_KEY,
    OTHER_REQUEST,
    REQUEST,
    SUPPLIER,
    card,
    draft,
    event,
    failed_bundle,
    header,
    keep_object,
    later,
    machine,
    opened,
    outbox_item,
    row,
    sample,
)
from tests.unit.storage.failing import FailingDisk, Plan

AIM = QuestionId("purpose.aim")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A vault with a little of everything, closed."""
    with opened(tmp_path / "vault") as vault:
        fill(vault)
    return tmp_path / "vault"


def fill(vault: SqlcipherVault) -> None:
    vault.events.append(
        [event(n, REQUEST if n % 2 else OTHER_REQUEST, envelope=b"e%d" % n * 150) for n in range(1, 60)]
    )
    for request in (REQUEST, OTHER_REQUEST):
        vault.drafts.put(draft(request))
        vault.drafts.save_answer(request, AIM, "first", AT)
        vault.drafts.save_answer(request, AIM, f"the aim of {request}", later(1))
        vault.projections.put(row(1, request=request, title="As the list shows it", counterpart="Met Office"))
    vault.samples.put(sample(keep_object(vault, b"encrypted" * 99)))
    vault.outbox.put(outbox_item(1, objects=()))
    vault.cards.put(card())
    vault.inbox.quarantine(failed_bundle(), b"content")
    vault.settings.write("profile", b"value")


def contents(folder: Path) -> str:
    with opened(folder) as vault:
        found = held(machine(folder).place, vault) + str(vault.settings.read("profile"))
        return found.replace("needs_fresh_device=True", "needs_fresh_device=False")


def rescued(folder: Path) -> Salvaged:
    return salvage(folder, KEY, folder.with_name("new"), FixedClock(AT))


def rows_of(folder: Path, table: str) -> list[RawRow]:
    with (folder / "cases.db").open("rb", buffering=0) as file:
        keys = fitting_keys(file, KEY, [file.read(16)])
        assert keys is not None
        pages = PageFile(file, None, keys)
        schema = {raw.values[1]: raw.values[3] for _, page in walk(1, pages.page) if page for raw in page.rows}
        return [raw for _, page in walk(schema[table], pages.page) if page for raw in page.rows]


def wipe(folder: Path, *pages: int) -> None:
    data = bytearray((folder / "cases.db").read_bytes())
    for n in pages:
        data[(n - 1) * PAGE_BYTES : n * PAGE_BYTES] = bytes(PAGE_BYTES)
    (folder / "cases.db").write_bytes(data)


# ---------------------------------------------------------------- nothing is lost where nothing is damaged


def test_a_sound_vault_comes_back_whole(folder: Path) -> None:
    before = contents(folder)
    found = rescued(folder)
    assert found.is_whole
    assert (found.damaged_pages, found.losses, found.mended, found.unplaced, found.history) == (0, (), {}, 0, None)
    assert (found.folder, found.files) == (folder.with_name("new"), 2)
    assert found.rows["event"] == 59
    assert contents(found.folder) == before
    with opened(found.folder) as vault:
        assert (vault.open_problems, vault.check()) == ((), ())
        vault.events.append((event(99),))


def test_what_was_still_in_the_journal_comes_back(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        fill(vault)
        before = held(machine(tmp_path / "vault").place, vault)
        shutil.copytree(tmp_path / "vault", tmp_path / "crashed")
    found = rescued(tmp_path / "crashed")
    assert found.is_whole
    assert contents(found.folder).startswith(before)


def test_the_damaged_vault_is_left_as_it_is(folder: Path) -> None:
    wipe(folder, 3, 9)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    rescued(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_setting_aside_and_salvaging_is_the_way_on(folder: Path) -> None:
    before = contents(folder)
    place = machine(folder).place
    found, aside = place.salvage(KEY, "damaged")
    assert found.is_whole
    assert found.folder == folder
    assert contents(folder) == before
    assert aside.exists()


# ---------------------------------------------------------------- what is lost is listed


def test_lost_rows_are_listed_by_table_and_request(folder: Path) -> None:
    lost = rows_of(folder, "event")[20:26]
    wipe(folder, *{raw.pages[0] for raw in lost})
    gone = [raw for raw in rows_of_before(folder, lost) if raw]
    found = rescued(folder)
    told = {loss.request: loss.rows for loss in found.losses if loss.table == "event"}
    expected = {
        request: sum(raw.values[2] == request for raw in gone) for request in {str(raw.values[2]) for raw in gone}
    }
    assert told == expected
    assert {loss.why for loss in found.losses} == {DAMAGED}
    assert not found.is_whole
    assert found.rows["event"] == 59 - len(gone)


def rows_of_before(folder: Path, lost: list[RawRow]) -> list[RawRow]:
    """Every row that lay on the pages of these, from a vault made in the same way."""
    pages = {raw.pages[0] for raw in lost}
    with scratch() as again:
        with opened(again / "vault") as vault:
            fill(vault)
        return [raw for raw in rows_of(again / "vault", "event") if raw.pages[0] in pages]


def test_a_row_whose_end_is_lost_is_listed_under_its_request(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.events.append([event(n, envelope=b"long" * 4000) for n in (1, 2, 3)])
    broken = rows_of(tmp_path / "vault", "event")[1]
    wipe(tmp_path / "vault", broken.pages[-1])
    found = rescued(tmp_path / "vault")
    assert found.losses == (Loss("event", REQUEST, 1),)
    with opened(found.folder) as vault:
        assert [each.seq for each in vault.events.all()] == [1, 3]


def test_lost_events_leave_the_old_anchor_aside_as_evidence_and_the_new_vault_without_complaint(folder: Path) -> None:
    anchor = (folder / "anchor.json").read_bytes()
    wipe(folder, rows_of(folder, "event")[30].pages[0])
    found = rescued(folder)
    assert found.history is not None
    assert found.history.code == "rolled-back"
    assert "59 events" in found.history.detail
    assert (found.folder / "anchor-set-aside.json").read_bytes() == anchor
    with opened(found.folder) as vault:
        assert (vault.open_problems, vault.check()) == ((), ())


def test_answers_are_taken_from_their_history_when_their_own_page_is_lost(folder: Path) -> None:
    wipe(folder, rows_of(folder, "answer")[0].pages[0])
    found = rescued(folder)
    assert found.mended == {"answer": 2}
    assert found.is_whole
    with opened(found.folder) as vault:
        assert vault.drafts.answers(REQUEST) == {AIM: f"the aim of {REQUEST}"}


def test_what_was_typed_is_kept_although_the_drafts_own_record_is_lost(folder: Path) -> None:
    wipe(folder, rows_of(folder, "draft")[0].pages[0])
    found = rescued(folder)
    assert found.mended == {"draft": 2}
    assert {(loss.table, loss.request, loss.rows) for loss in found.losses} == {
        ("draft", REQUEST, 1),
        ("draft", OTHER_REQUEST, 1),
    }
    with opened(found.folder) as vault:
        made = vault.drafts.get(REQUEST)
        assert made is not None
        assert (made.title, made.supplier_name, made.supplier) == ("As the list shows it", "Met Office", None)
        assert made.marking is Marking.OFFICIAL_SENSITIVE
        assert (made.created_at, made.updated_at) == (AT, AT)
        assert vault.drafts.answers(REQUEST) == {AIM: f"the aim of {REQUEST}"}
        assert len(vault.drafts.revisions(REQUEST)) == 1  # both were saved within one stretch of typing


def test_rows_that_belong_to_a_lost_record_are_listed_with_it(folder: Path) -> None:
    with opened(folder) as vault:
        vault.outbox.put(outbox_item(2))
    wipe(folder, *{raw.pages[0] for raw in rows_of(folder, "outbox")})
    found = rescued(folder)
    assert Loss("outbox_object", None, 2, RECORD_LOST) in found.losses
    assert Loss("outbox", REQUEST, 2) in found.losses


def test_an_event_that_was_altered_by_someone_with_the_key_is_not_passed_off_as_sound(folder: Path) -> None:
    with opened(folder) as vault:
        vault._database.execute("DROP TRIGGER event_keeps")
        vault._database.execute("UPDATE event SET envelope = ? WHERE n = 7", (b"something else",))
    found = rescued(folder)
    assert found.losses == (Loss("event", REQUEST, 1, ALTERED),)
    with opened(found.folder) as vault:
        assert 7 not in [each.seq for each in vault.events.all()]


def test_files_that_are_gone_or_altered_are_listed_and_never_taken_for_sound(folder: Path) -> None:
    target = next((folder / "objects").iterdir())
    target.write_bytes(target.read_bytes()[:-1] + b"?")
    next((folder / "quarantine").iterdir()).unlink()
    found = rescued(folder)
    assert set(found.losses) == {Loss("object", REQUEST, 1, ALTERED), Loss("quarantine-file", None, 1, DAMAGED)}
    assert found.files == 0
    assert list((found.folder / "objects").iterdir()) == []
    with opened(found.folder) as vault:
        # Under its name there is nothing, so the sound one can be put there again.
        keep_object(vault, b"encrypted" * 99)
        assert {each.code for each in vault.check()} == {"quarantine-missing"}


# ---------------------------------------------------------------- the journal


def crashed(tmp_path: Path, events: int = 30) -> Path:
    """A vault whose journal holds a commit for each event."""
    with opened(tmp_path / "first") as vault:
        vault._database.query("PRAGMA wal_autocheckpoint = 0")
        for n in range(1, events + 1):
            vault.events.append((event(n, envelope=b"e%d" % n * 300),))
        shutil.copytree(tmp_path / "first", tmp_path / "vault")
    return tmp_path / "vault"


def numbers(folder: Path) -> list[int]:
    with opened(folder) as vault:
        return [each.seq for each in vault.events.all()]


def frame_count(folder: Path) -> int:
    return ((folder / "cases.db-wal").stat().st_size - 32) // (24 + PAGE_BYTES)


def test_a_flipped_byte_in_the_journal_costs_what_lies_there_and_not_every_later_change(tmp_path: Path) -> None:
    folder = crashed(tmp_path)
    data = bytearray((folder / "cases.db-wal").read_bytes())
    data[32 + (24 + PAGE_BYTES) * (frame_count(folder) // 2) + 900] ^= 1
    (folder / "cases.db-wal").write_bytes(data)
    shutil.copytree(folder, tmp_path / "by the engine")
    found = rescued(folder)
    assert len(numbers(tmp_path / "by the engine")) < 20
    assert len(numbers(found.folder)) >= 27
    assert max(numbers(found.folder)) == 30


@pytest.mark.parametrize("at", [5, 17, 32 + 3, 32 + 9])
def test_a_damaged_header_in_the_journal_costs_nothing(tmp_path: Path, at: int) -> None:
    folder = crashed(tmp_path)
    data = bytearray((folder / "cases.db-wal").read_bytes())
    frame = 24 + PAGE_BYTES
    data[at + frame * 7 if at >= 32 else at] ^= 0x55
    (folder / "cases.db-wal").write_bytes(data)
    assert numbers(rescued(folder).folder) == list(range(1, 31))


def test_a_commit_that_was_torn_by_a_power_cut_was_never_kept_and_spoils_nothing(tmp_path: Path) -> None:
    folder = crashed(tmp_path)
    data = (folder / "cases.db-wal").read_bytes()
    (folder / "cases.db-wal").write_bytes(data[: -PAGE_BYTES // 2])
    assert numbers(rescued(folder).folder) == list(range(1, 30))
    shutil.rmtree(folder.with_name("new"))
    torn = bytearray(data)
    torn[-2 * PAGE_BYTES - 100] ^= 1
    (folder / "cases.db-wal").write_bytes(torn)
    assert numbers(rescued(folder).folder) == list(range(1, 30))


def test_frames_of_an_older_turn_of_the_journal_are_not_taken_for_new(tmp_path: Path) -> None:
    with opened(tmp_path / "first") as vault:
        vault.events.append([event(n, envelope=b"e" * 900) for n in range(1, 80)])
        vault._database.query("PRAGMA wal_checkpoint(RESTART)")
        vault.settings.write("a", b"b")
        shutil.copytree(tmp_path / "first", tmp_path / "vault")
    assert frame_count(tmp_path / "vault") > 20
    found = rescued(tmp_path / "vault")
    assert found.is_whole
    assert numbers(found.folder) == list(range(1, 80))


def test_what_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        for n in range(60):
            vault.drafts.put(draft(RequestId(f"gone-{n}"), title="secret " * 300))
        vault.drafts.put(draft())
        for n in range(60):
            vault.drafts.discard(RequestId(f"gone-{n}"))
    wipe(tmp_path / "vault", 1)
    found = rescued(tmp_path / "vault")
    assert found.rows["draft"] == 1
    with opened(found.folder) as vault:
        assert [each.request for each in vault.drafts.all()] == [REQUEST]


# ---------------------------------------------------------------- what is refused


def refusal(folder: Path, key: bytes = KEY, target: Path | None = None) -> DsadeskError:
    target = target or folder.with_name("new")
    with pytest.raises(DsadeskError) as caught:
        salvage(folder, key, target, FixedClock(AT))
    assert not folder.with_name("new").exists()
    assert not target.with_name(target.name + ".salvaging").exists()
    return caught.value


def test_a_wrong_key_salvages_nothing(folder: Path) -> None:
    assert type(refusal(folder, OTHER_KEY)) is WrongKeyError
    assert refusal(folder, KEY[:31]).code == "key-length"


def test_what_lies_at_the_target_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "other") as vault:
        vault.settings.write("a", b"b")
    for target in (tmp_path / "other", folder):
        error = refusal(folder, target=target)
        assert (type(error), error.code) == (RuleError, "vault-exists")
    (tmp_path / "empty").mkdir()
    assert salvage(folder, KEY, tmp_path / "empty", FixedClock(AT)).is_whole


def test_an_open_vault_is_not_salvaged(folder: Path) -> None:
    with opened(folder):
        assert type(refusal(folder)) is VaultBusyError


def test_a_vault_that_is_not_there_or_has_no_database_is_named(folder: Path, tmp_path: Path) -> None:
    assert type(refusal(tmp_path / "absent")) is VaultMissingError
    (folder / "cases.db").unlink()
    error = refusal(folder)
    assert (type(error), error.code) == (DamagedVaultError, "database-missing")


@pytest.mark.parametrize("data", [b"", b"x" * 100_000, bytes(PAGE_BYTES * 3)])
def test_a_file_without_one_genuine_page_is_unreadable(folder: Path, data: bytes) -> None:
    (folder / "cases.db").write_bytes(data)
    error = refusal(folder)
    assert (type(error), error.code) == (DamagedVaultError, "database-unreadable")


def test_a_newer_vault_is_refused_as_newer(tmp_path: Path) -> None:
    newer = Step(2, "0002_next", "CREATE TABLE next (a TEXT) STRICT;")
    machine(tmp_path / "vault", steps=(*STEPS, newer)).place.create(header(), KEY).close()
    error = refusal(tmp_path / "vault")
    assert (type(error), error.code) == (NewerVaultError, "vault-version")


def test_a_damaged_header_is_named(folder: Path) -> None:
    (folder / "vault.json").write_bytes(b"{")
    assert refusal(folder).code == "header"


# ---------------------------------------------------------------- a disk that fails meanwhile


@pytest.mark.parametrize(
    "number", [pytest.param(errno.EIO, id="EIO"), pytest.param(errno.ENOSPC, id="ENOSPC", marks=pytest.mark.soak)]
)
def test_any_call_of_the_disk_may_fail_while_salvaging(tmp_path: Path, number: int) -> None:
    with opened(tmp_path / "vault") as vault:
        vault.events.append((event(1),))
        vault.samples.put(sample(keep_object(vault)))
        vault.drafts.put(draft())
    before = contents(tmp_path / "vault")
    for at in range(1, 400):
        plan = Plan()
        plan.arm(at)
        target = tmp_path / f"new-{at}"
        try:
            found = salvage(tmp_path / "vault", KEY, target, FixedClock(AT), FailingDisk(plan, number))
        except DsadeskError:
            if target.exists():  # only the last flush failed: it is there, whole, and nobody was told that it is
                assert contents(target) == before
                shutil.rmtree(target)
            found = salvage(tmp_path / "vault", KEY, target, FixedClock(AT))
        assert not target.with_name(target.name + ".salvaging").exists()
        # A place that cannot be read is a loss that is told; anything else is whole.
        if found.is_whole:
            assert contents(target) == before
        shutil.rmtree(target)
        if not plan.failures:
            assert found.is_whole
            return
    raise AssertionError("it never ends")


def test_the_names_of_organisations_and_boxes_are_told_apart_when_no_tree_is_left(tmp_path: Path) -> None:
    with opened(tmp_path / "vault") as vault:
        for n in range(5):
            vault.inbox.mark_seen(f"bundle-{n}", SUPPLIER, AT)
            vault.inbox.mark_looked_at(BOX, f"dsa1/box/n/{n}", AT)
    wipe(tmp_path / "vault", 1)
    found = rescued(tmp_path / "vault")
    assert (found.rows["inbox_seen"], found.rows["inbox_looked_at"]) == (5, 5)
