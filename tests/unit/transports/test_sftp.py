"""SFTP without a server: addresses, what a hostile server may say, cursors, keys, and what starts when."""

from __future__ import annotations

import struct
import subprocess
import sys
from base64 import b64decode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsadesk.errors import StoreRefusedError
from dsadesk.host.memory import SeededEntropy
from dsadesk.ports import StoreAccess
from dsadesk.services.store_keys import client_line, make_client_key
from dsadesk.transports.sftp.address import SftpAddress
from dsadesk.transports.sftp.protocol import Ask, Attributes, ProtocolError, Reply, StatusError
from dsadesk.transports.sftp.session import Session
from dsadesk.transports.sftp.transport import SftpTransport, writer_name
from dsadesk.transports.sftp.watching import Cursor, Moment
from dsadesk.transports.sftp.writing import Acknowledged, file_mode

# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("text", "user", "host", "port", "path"),
    [
        ("sftp://ann@files.gov.uk/inboxes/dwp", "ann", "files.gov.uk", 22, "/inboxes/dwp"),
        ("sftp://files.gov.uk:2222/inboxes/", "", "files.gov.uk", 2222, "/inboxes"),
        ("sftp://ann%40dwp@files.gov.uk/~/in", "ann@dwp", "files.gov.uk", 22, "in"),
        ("sftp://ann@[2001:db8::1]:2222/a%20b", "ann", "2001:db8::1", 2222, "/a b"),
        ("sftp://ann@files.gov.uk", "ann", "files.gov.uk", 22, "/"),
        ("sftp://ann@files.gov.uk/~", "ann", "files.gov.uk", 22, "."),
    ],
)
def test_an_address_says_where_and_as_whom(text: str, user: str, host: str, port: int, path: str):
    read = SftpAddress.parse(text)
    assert (read.user, read.host, read.port, read.path) == (user, host, port, path)


@pytest.mark.parametrize(
    "text",
    ["sftp://ann:secret@host/x", "sftp:///x", "ftp://host/x", "sftp://host/a/../b", "sftp://host/x?y", "sftp://host/x#y",
     "sftp://host:0/x", "sftp://host:99999/x", "sftp://ho st/x", "sftp://host/%00", "sftp://host/%2e%2e/b", "sftp://an%0an@host/x",
     "sftp://-oProxyCommand=x/y", "sftp://host/" + "x" * 2000, "sftp://host/%ff"],
)  # fmt: skip
def test_an_address_that_hides_something_is_refused_and_its_secret_is_not_repeated(text: str):
    with pytest.raises(StoreRefusedError) as caught:
        SftpAddress.parse(text)
    assert caught.value.code == "sftp-address-invalid"
    assert "secret" not in str(caught.value)


# ---------------------------------------------------------------- what a server says


class Scripted:
    """A channel on which everything that the server ever says is there already."""

    def __init__(self, said: bytes) -> None:
        self._said = said
        self.heard = b""

    def sendall(self, data: bytes) -> None:
        self.heard += data

    def recv(self, size: int) -> bytes:
        piece, self._said = self._said[:size], self._said[size:]
        return piece

    def recv_ready(self) -> bool:
        return bool(self._said)


def packet(kind: int, body: bytes) -> bytes:
    return struct.pack(">IB", len(body) + 1, kind) + body


VERSION = packet(Reply.VERSION, struct.pack(">I", 3))


def conversation(*said: bytes) -> Session:
    session = Session(Scripted(VERSION + b"".join(said)))
    session.start()
    return session


@given(st.binary(max_size=200))
@example(b"\xff\xff\xff\xff")
@example(b"\0\0\0\0")
@example(packet(Reply.NAME, struct.pack(">II", 1, 0xFFFFFFFF)))
@example(packet(Reply.ATTRIBUTES, struct.pack(">III", 1, 0x80000000, 0xFFFFFFFF)))
def test_whatever_a_server_says_ends_in_an_answer_or_an_expected_fault(said: bytes):
    for act in (lambda s: s.look_at(["/x"]), lambda s: s.entries(["/x"]), lambda s: s.space_at("/x")):
        try:
            act(conversation(said))
        except (ProtocolError, StatusError, EOFError):
            continue


def test_a_packet_too_large_is_not_taken_into_memory():
    channel = Scripted(VERSION + struct.pack(">IB", 300_000, Reply.DATA) + bytes(1000))
    session = Session(channel)
    session.start()
    with pytest.raises(ProtocolError):
        session.look_at(["/x"])


def test_an_answer_to_what_nobody_asked_ends_the_conversation():
    with pytest.raises(ProtocolError):
        conversation(packet(Reply.STATUS, struct.pack(">II", 99, 0))).look_at(["/x"])


def test_more_bytes_than_were_asked_for_are_refused():
    session = conversation(packet(Reply.DATA, struct.pack(">II", 1, 5) + b"12345"))
    with pytest.raises(ProtocolError):
        session.data(session.ask(Ask.READ), 4)


def test_answers_out_of_turn_find_their_questions():
    session = conversation(*(packet(Reply.STATUS, struct.pack(">II", n, n - 1)) for n in (2, 1)))
    first, second = session.ask(Ask.REMOVE), session.ask(Ask.REMOVE)
    session.done(first)
    with pytest.raises(StatusError):
        session.done(second)


def test_what_was_dropped_is_passed_over_when_it_comes():
    session = conversation(*(packet(Reply.STATUS, struct.pack(">II", n, 0)) for n in (1, 2)))
    session.ask(Ask.REMOVE)
    session.drop_answers()
    session.done(session.ask(Ask.REMOVE))


# ---------------------------------------------------------------- cursors


def moment(seconds: float, later: float = 0) -> Moment:
    times = iter([seconds, seconds + later])
    return Moment(lambda: next(times))


@given(st.text(max_size=60))
@example('{"v":1,"p":"dsa1/x/","t":{"a":[1,2,3]}}')
@example('{"v":1,"p":"dsa1/x/","t":{"a":[1e999,2]}}')
@example("[" * 5000)
def test_a_cursor_that_is_none_of_ours_counts_as_none(text: str):
    assert Cursor.parse(text, "dsa1/x/").seen == {}


def test_a_cursor_is_for_its_own_folder():
    text = Cursor("dsa1/x/", {"20260302": (100, 0)}).text()
    assert Cursor.parse(text, "dsa1/x/").is_settled("20260302", Attributes(modified=100))
    assert Cursor.parse(text, "dsa1/y/").seen == {}


@pytest.mark.parametrize(
    ("accessed", "seconds", "since", "is_settled"),
    [
        (0, 1000, 990, False),  # seen ten seconds ago
        (0, 1000, 985, True),
        (0, 1000, 2000, False),  # our clock was put back
        (100, 1000, 0, False),  # first seen; listed in the second in which it changed
        (114, 1000, 0, False),
        (115, 1000, 0, True),  # listed long after, by the server's own clock
    ],
)
def test_a_folder_is_settled_when_it_was_listed_long_after_it_changed(
    accessed: int, seconds: int, since: int, *, is_settled: bool
):
    known = Cursor("dsa1/x/", {"day": (100, since)} if since else {})
    before = Attributes(modified=100, accessed=50)
    seen = known.after_listing("day", before, Attributes(modified=100, accessed=accessed), moment(seconds))
    assert (seen[1] == 0) is is_settled


def test_a_folder_that_changed_while_it_was_listed_is_listed_again():
    seen = Cursor("dsa1/x/").after_listing(
        "day", Attributes(modified=100), Attributes(modified=101, accessed=500), moment(9)
    )
    assert seen != (101, 0)


def test_a_slow_listing_does_not_settle_a_folder_by_the_time_of_its_end():
    after = Attributes(modified=100, accessed=120)
    assert Cursor("dsa1/x/").after_listing("day", Attributes(modified=100), after, moment(1000, later=30))[1] != 0


# ---------------------------------------------------------------- keys, rights, memory


def test_a_key_is_made_for_one_laptop_and_its_line_can_be_shown_again():
    key = make_client_key(SeededEntropy("laptop"))
    kind, public, _ = key.line.split()
    assert kind == "ssh-ed25519"
    assert b64decode(public).startswith(b"\0\0\0\x0bssh-ed25519\0\0\0 ")
    assert client_line(StoreAccess(key=key.private)) == key.line
    assert "PRIVATE" in key.private
    assert "PRIVATE" not in repr(key)
    with pytest.raises(StoreRefusedError):
        client_line(StoreAccess(key="nonsense"))


def test_each_device_has_a_name_of_its_own_for_its_temporary_files_and_keeps_it():
    one, other = (StoreAccess(key=make_client_key(SeededEntropy(name)).private) for name in ("one", "other"))
    assert writer_name(one) == writer_name(one) != writer_name(other)
    assert len(writer_name(StoreAccess(user="ann", secret="x"))) == 8
    assert writer_name(StoreAccess(user="ann", secret="x")) == writer_name(StoreAccess(user="ann", secret="y"))


@pytest.mark.parametrize(
    ("folder", "file"), [(0o755, 0o644), (0o1733, 0o644), (0o700, 0o600), (0o750, 0o640), (0o2770, 0o640)]
)
def test_a_file_may_be_read_by_whoever_may_enter_its_folder(folder: int, file: int):
    assert file_mode(folder) == file


def test_what_was_acknowledged_is_remembered_within_bounds():
    memory = Acknowledged()
    for number in range(5000):
        memory.note("host", f"{number}", number + 1)
    assert memory.of("host", "0") == 0
    assert memory.of("host", "4999") == 5000
    memory.note("host", "4999", 0)
    assert memory.of("host", "4999") == 0


def test_nothing_is_connected_before_the_first_act_and_paramiko_is_not_even_loaded():
    code = (
        "import sys; import dsadesk.bootstrap as b; b.open_transport('sftp://ann@127.0.0.1:1/x', '');"
        "sys.exit('paramiko' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_closing_what_was_never_opened_is_fine():
    transport = SftpTransport("sftp://ann@127.0.0.1:1/x")
    transport.close()
    transport.close()
