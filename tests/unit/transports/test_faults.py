from __future__ import annotations

import errno
import os

import pytest

from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
)
from dsadesk.transports.faults import as_store_errors, store_error


class WindowsFoldedError(OSError):
    """An error as Windows gives it: a number of its own beside the one that it was folded into."""

    def __init__(self, winerror: int, folded: int) -> None:
        super().__init__(folded, "as Windows says it")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (errno.ENOSPC, StoreFullError, "store-full"),
        (errno.EDQUOT, StoreFullError, "quota-full"),
        (errno.EROFS, StoreReadOnlyError, "store-read-only"),
        (errno.EACCES, StoreReadOnlyError, "store-read-only"),
        (errno.EPERM, StoreReadOnlyError, "store-read-only"),
        (errno.ENOENT, StoreMissingError, "store-missing"),
        (errno.ENOTDIR, StoreMissingError, "store-missing"),
        (errno.ELOOP, StoreRefusedError, "link-in-store"),
        (errno.EFBIG, StoreRefusedError, "object-too-large"),
        (errno.ENAMETOOLONG, StoreRefusedError, "path-too-long"),
        (errno.EIO, StoreUnreachableError, "store-unreachable"),
        (errno.ENODEV, StoreUnreachableError, "store-unreachable"),
        (errno.ESTALE, StoreUnreachableError, "store-unreachable"),
        (errno.ETIMEDOUT, StoreUnreachableError, "store-unreachable"),
    ],
)
def test_each_fault_of_writing_has_its_own_error(number: int, kind: type[StoreError], code: str):
    error = store_error(OSError(number, os.strerror(number)), writing=True, address="/mnt/stick")
    assert (type(error), error.code) == (kind, code)
    assert error.fields == {"address": "/mnt/stick", "reason": errno.errorcode[number]}


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_being_refused_a_read_is_not_called_read_only(number: int):
    error = store_error(OSError(number, "no"), writing=False, address="x")
    assert (type(error), error.code) == (StoreUnreachableError, "no-access")


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_error_number_escapes_the_seam(number: int):
    with pytest.raises(StoreError), as_store_errors("x", writing=True):
        raise OSError(number, "any")


@pytest.mark.parametrize("fault", [OSError("no number"), OSError(99_999, "unheard of"), TimeoutError()])
def test_a_fault_that_no_table_knows_is_a_place_that_cannot_be_reached(fault: OSError):
    error = store_error(fault, writing=True, address="x")
    assert (type(error), error.code, error.fields["reason"]) == (StoreUnreachableError, "store-unreachable", "unknown")


@pytest.mark.parametrize(
    ("winerror", "folded", "code"),
    [
        (19, errno.EACCES, "store-read-only"), (21, errno.EACCES, "store-unreachable"), (32, errno.EACCES, "store-busy"),
        (53, errno.ENOENT, "store-unreachable"), (64, errno.ENOENT, "store-unreachable"), (112, errno.ENOSPC, "store-full"),
        (206, errno.ENOENT, "path-too-long"), (5, errno.EACCES, "store-read-only"), (2, errno.ENOENT, "store-missing"),
    ],
)  # fmt: skip
def test_what_windows_folds_together_is_told_apart(winerror: int, folded: int, code: str):
    assert store_error(WindowsFoldedError(winerror, folded), writing=True, address="x").code == code


def test_the_systems_own_error_stays_as_the_cause():
    cause = OSError(errno.EIO, "i/o")
    with pytest.raises(StoreUnreachableError) as caught, as_store_errors("x"):
        raise cause
    assert caught.value.__cause__ is cause


def test_a_bug_is_not_dressed_up_as_a_fault_of_the_store():
    with pytest.raises(KeyError), as_store_errors("x"):
        raise KeyError("bug")
