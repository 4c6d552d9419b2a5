from __future__ import annotations

import errno

import pytest
from sqlcipher3 import dbapi2 as driver

from dsadesk.errors import DamagedVaultError, DiskFullError, VaultBusyError, VaultError
from dsadesk.storage.engine import ENGINE_ERRORS
from dsadesk.storage.faults import (
    ENGINE_FAULTS,
    SYSTEM_FAULTS,
    UNCODED_FAULTS,
    engine_fault,
    is_disk_full,
    system_fault,
)

# Every primary result code but OK, ROW and DONE, which are no errors: sqlite.org/rescode.html.
RESULT_CODES = range(1, 29)


def coded(code: int) -> Exception:
    error = driver.OperationalError("what the engine said")
    error.sqlite_errorcode = code  # type: ignore[attr-defined]
    return error


def test_every_result_code_is_mapped() -> None:
    assert set(ENGINE_FAULTS) == set(RESULT_CODES)
    assert all(isinstance(engine_fault(coded(code)), VaultError) for code in RESULT_CODES)


def test_extended_codes_count_as_their_primary_one() -> None:
    for extended in (266, 522, 778, 10 | 26 << 8):
        assert engine_fault(coded(extended)).code == "disk-error"


def test_every_error_class_of_the_driver_is_mapped() -> None:
    classes = [each for each in vars(driver).values() if isinstance(each, type) and issubclass(each, driver.Error)]
    assert len(classes) >= 8
    for each in classes:
        assert issubclass(each, ENGINE_ERRORS)
        assert isinstance(engine_fault(each("x")), VaultError)


def test_every_error_that_the_seam_catches_is_mapped() -> None:
    assert set(ENGINE_ERRORS) == {driver.Error, *UNCODED_FAULTS}


@pytest.mark.parametrize(
    ("code", "kind"),
    [(5, VaultBusyError), (6, VaultBusyError), (11, DamagedVaultError), (26, DamagedVaultError), (13, DiskFullError)],
)
def test_the_codes_that_a_person_can_do_something_about_have_their_own_class(code: int, kind: type[VaultError]) -> None:
    assert type(engine_fault(coded(code))) is kind


def test_the_engines_own_words_are_not_repeated() -> None:
    assert "said" not in str(engine_fault(coded(1)))


@pytest.mark.parametrize("number", SYSTEM_FAULTS)
def test_errors_of_the_operating_system_are_mapped(number: int) -> None:
    assert isinstance(system_fault(OSError(number, "x")), VaultError)


def test_an_error_that_nobody_thought_of_is_a_fault_of_the_disk_with_its_name() -> None:
    fault = system_fault(OSError(errno.EIO, "x"))
    assert (fault.code, fault.fields) == ("disk-error", {"errno": "EIO"})
    assert system_fault(OSError("no number")).code == "disk-error"


def test_no_room_and_no_quota_are_a_full_disk() -> None:
    assert is_disk_full(OSError(errno.ENOSPC, "x"))
    assert is_disk_full(OSError(errno.EDQUOT, "x"))
    assert not is_disk_full(OSError(errno.EIO, "x"))
