from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dsadesk.errors import DamagedVaultError, NewerVaultError
from dsadesk.storage.header import parse_header, read_header, rewrite_header, serialise_header, write_new_header
from dsadesk.storage.keys import anchor_key, catalogue_key, key_check
from tests.unit.storage.examples import KEY, OTHER_KEY, header

CHECK = key_check(KEY, "vault-1")


def written(**changes: Any) -> bytes:
    fields = json.loads(serialise_header(header(), CHECK, {}))
    return json.dumps({name: value for name, value in (fields | changes).items() if value is not ...}).encode()


def test_a_header_comes_back_as_it_was_written() -> None:
    read = parse_header(serialise_header(header(), CHECK, {}))
    assert (read.header, read.key_check) == (header(), CHECK)
    assert serialise_header(read.header, read.key_check, read.fields) == serialise_header(header(), CHECK, {})


def test_fields_of_a_later_version_are_kept(tmp_path: Path) -> None:
    write_new_header(tmp_path, header(), CHECK)
    (tmp_path / "vault.json").write_bytes(written(colour="blue"))
    rewrite_header(tmp_path, header(backend="other"))
    read = read_header(tmp_path)
    assert (read.header.backend, read.key_check, read.fields["colour"]) == ("other", CHECK, "blue")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"12",
        b"\xff\xfe{}",
        b"{}",
        written(format="something else"),
        written(version="1"),
        written(version=True, format=...),
        written(key_check="abc"),
        written(key_check="\u00e9" * 64),
        written(key_check=...),
        written(id=""),
        written(id=3),
        written(wraps=[{"kind": "passphrase"}]),
        written(wraps="none"),
        written(padding="x" * 1024 * 1024),
    ],
)
def test_what_is_not_a_header_is_damage(data: bytes) -> None:
    with pytest.raises(DamagedVaultError) as caught:
        parse_header(data)
    assert caught.value.code == "header"


def test_a_header_of_a_newer_version_is_refused_as_newer_and_not_as_damage(tmp_path: Path) -> None:
    newer = written(version=2, key_check=..., wraps={"changed": "shape"})
    (tmp_path / "vault.json").write_bytes(newer)
    for ask in (lambda: read_header(tmp_path), lambda: rewrite_header(tmp_path, header())):
        with pytest.raises(NewerVaultError) as caught:
            ask()
        assert (caught.value.code, caught.value.fields["version"]) == ("header-version", 2)
    assert (tmp_path / "vault.json").read_bytes() == newer


def test_the_header_holds_nothing_that_opens_the_vault_alone() -> None:
    data = serialise_header(header(), CHECK, {})
    assert KEY not in data
    assert KEY.hex().encode() not in data


def test_each_use_of_the_key_has_a_value_of_its_own() -> None:
    derived = [key_check(KEY, "a"), key_check(KEY, "b"), key_check(OTHER_KEY, "a")]
    derived += [anchor_key(KEY, "a").hex(), catalogue_key(KEY, "a").hex(), KEY.hex()]
    assert len(set(derived)) == len(derived)
    assert all(len(value) == 64 for value in derived)
