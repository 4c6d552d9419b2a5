from __future__ import annotations

import pytest

from dsadesk.age import ArmorError, armor, dearmor

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----\n"
END = b"-----END AGE ENCRYPTED FILE-----\n"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 47, 48, 49, 95, 96, 97, 10_000])
def test_armour_comes_off_again(size: int) -> None:
    text = armor(bytes(size))

    assert dearmor(text) == bytes(size)
    assert max(len(line) for line in text.splitlines()) <= 64
    assert text.endswith(END)


def test_other_line_ends_and_space_around_are_allowed() -> None:
    text = armor(bytes(100))

    assert dearmor(b" \t\r\n" + text.replace(b"\n", b"\r\n") + b"\n \n") == bytes(100)
    assert dearmor(text.rstrip()) == bytes(100)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "armor-markers"),
        (BEGIN, "armor-markers"),
        (END, "armor-markers"),
        (b"x" + BEGIN + END, "armor-markers"),
        (BEGIN + END + b"x", "armor-markers"),
        (BEGIN + END + BEGIN + END, "armor-line-length"),
        (BEGIN.lower() + END.lower(), "armor-markers"),
        (BEGIN.replace(b"AGE", b"PGP") + END, "armor-markers"),
        (BEGIN.strip() + b" \n" + END, "armor-markers"),
        (BEGIN + b"\n" + END, "armor-line-length"),
        (BEGIN + b"QUJD\nQUJD\n" + END, "armor-line-length"),
        (BEGIN + b"A" * 68 + b"\n" + END, "armor-line-length"),
        (BEGIN + b"QUI\n" + END, "armor-encoding"),
        (BEGIN + b"QUJ=\n" + END, "armor-encoding"),
        (BEGIN + b"QUJD \n" + END, "armor-encoding"),
        (BEGIN + b" QUJD\n" + END, "armor-encoding"),
        (BEGIN + b"QU-D\n" + END, "armor-encoding"),
        (BEGIN + b"QUJD\r\r\n" + END, "armor-encoding"),
        (BEGIN + b"QQ==QUJD\n" + END, "armor-encoding"),
    ],
)
def test_anything_else_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(ArmorError) as caught:
        dearmor(text)

    assert caught.value.code == code
