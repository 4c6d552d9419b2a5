"""Comparing a server's key and letting this laptop in, as typed by a person and as called by a program, against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from tests.cli.conftest import Laptop
from tests.support.servers.sshd import Sshd, fingerprint_of, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "sshd can be started")


@pytest.fixture
def server() -> Iterator[Sshd]:
    with Sshd() as made:
        yield made


def test_a_key_that_its_keeper_gave_is_pinned_when_it_is_the_one_shown(requester: Laptop, server: Sshd) -> None:
    right, wrong = fingerprint_of(server.host_keys[0]), "SHA256:" + "A" * 43
    assert not requester.json("store", "host-key", server.address())["pinned"]
    said = requester("store", "host-key", server.address(), "--pin", wrong)
    assert said.code == 4
    assert right in said.err
    assert not requester.json("store", "host-key", server.address())["pinned"]
    assert requester.json("store", "host-key", server.address(), "--pin", right)["pinned"]
    assert requester.json("store", "host-key", server.address()) == {
        "fingerprint": right, "kind": "ED25519", "pinned": True, "before": [right],
    }  # fmt: skip


@pytest.mark.parametrize("answer", [True, False])
def test_a_key_is_pinned_only_after_a_yes(
    requester: Laptop, server: Sshd, monkeypatch: pytest.MonkeyPatch, *, answer: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(click, "confirm", lambda text, **_: asked.append(text) or answer)
    said = requester("store", "host-key", server.address())
    assert fingerprint_of(server.host_keys[0]) in said.out
    assert len(asked) == 1
    assert requester.json("store", "host-key", server.address())["pinned"] is answer


def test_a_laptop_has_one_line_and_gets_in_with_it(requester: Laptop, server: Sshd) -> None:
    line = requester.json("store", "client-key", server.address())["line"]
    assert line.startswith("ssh-ed25519 ")
    assert requester.json("store", "client-key", server.address("other"))["line"] == line
    assert "PRIVATE" not in requester("store", "client-key", server.address()).out
    pin = fingerprint_of(server.host_keys[0])
    assert requester("store", "host-key", server.address(), "--pin", pin).code == 0
    refused = requester("store", "check", server.address())
    assert "client-key" in refused.out + refused.err
    server.authorise(line)
    said = requester("store", "add", server.address(), "--prepare", "--inbox")
    assert said.code == 0, said
    assert (server.inbox / "dsa1/store.json").exists()
    assert requester("inbox", "fetch").code == 0


def test_a_changed_key_is_shown_beside_the_old_one(requester: Laptop, server: Sshd) -> None:
    old = fingerprint_of(server.host_keys[0])
    requester("store", "host-key", server.address(), "--pin", old)
    server.change_key()
    new = fingerprint_of(server.host_keys[0])
    shown = requester.json("store", "host-key", server.address())
    assert (shown["fingerprint"], shown["before"], shown["pinned"]) == (new, [old], False)
    assert requester.json("store", "host-key", server.address(), "--pin", new)["before"] == [old]
    assert requester.json("store", "host-key", server.address())["before"] == [new]
