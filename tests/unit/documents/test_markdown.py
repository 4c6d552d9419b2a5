from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.documents import markdown
from dsadesk.documents.layout import Bullets, Callout, Facts, Heading, Paragraph, Quote, Table
from dsadesk.documents.wording import clean
from tests.unit.documents.documents import NASTY, SIGNATURES, WELSH, document, everything

reader = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")

MARKUP = (
    st.text(st.sampled_from("#*$@<>&{}`_~|![]()\\\"'-+=1.) \n:/abwhtps"), min_size=1, max_size=40)
    .map(clean)
    .filter(bool)
)


def _tokens(data: bytes):
    parser = reader.MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").enable("strikethrough")
    return parser.parse(data.decode())


def _said(data: bytes) -> list[str]:
    """The text of each inline run, line ends as such; anything but text in a run is an error."""
    said = []
    for token in _tokens(data):
        if token.type == "inline":
            assert {child.type for child in token.children} <= {
                "text", "text_special", "hardbreak", "softbreak", "strong_open", "strong_close", "html_inline",
            }  # fmt: skip
            assert all(child.content == "<br>" for child in token.children if child.type == "html_inline")
            parts = ["\n" if child.type in {"hardbreak", "html_inline"} else child.content for child in token.children]
            said.append("".join(parts).replace("\u00a0", ""))
        assert token.type not in {"html_block", "fence", "code_block", "hr"}
    return said


def test_text_stays_literal_everywhere():
    said = _said(markdown.render(everything(NASTY), SIGNATURES))
    assert sum(NASTY in text for text in said) >= 17


@given(MARKUP)
def test_no_text_can_become_markup(text):
    made = document(Paragraph(text), Quote(text), Bullets((text,)), Facts((("L", text),)), kind="request")
    said = _said(markdown.render(made))
    lines = "\n".join(line.strip() for line in text.split("\n"))
    assert sum("\n".join(part.strip() for part in run.split("\n")).endswith(lines) for run in said) == 4


@given(MARKUP)
def test_no_cell_can_leave_its_table(text):
    made = document(Table("Caption", ("A", "B"), ((text, "x"), ("y", text))), kind="request")
    tokens = [token.type for token in _tokens(markdown.render(made))]
    assert tokens.count("td_open") == 4
    assert tokens.count("tr_open") == 3


def test_welsh_letters_are_kept():
    assert WELSH.encode() in markdown.render(document(Paragraph(WELSH)))


def test_headings_tables_and_lists_are_real():
    made = document(Heading(1, "A"), Paragraph("p"), Heading(2, "B"), Table("T", ("x",), (("1",),)), Bullets(("i",)))
    tokens = _tokens(markdown.render(made))
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h3", "h2"]
    assert b"## 1 A\n\n1.1 p\n\n### B" in markdown.render(made)
    assert any(token.type == "table_open" for token in tokens)


def test_the_marking_stands_first_and_last():
    lines = markdown.render(document(Callout("gap", "x"))).decode().strip().split("\n")
    assert lines[0] == lines[-1] == "**Marking: OFFICIAL-SENSITIVE**"


def test_one_changed_word_changes_one_line():
    before = markdown.render(document(Heading(1, "A"), Paragraph("one"), Paragraph("two"))).splitlines()
    after = markdown.render(document(Heading(1, "A"), Paragraph("one"), Paragraph("three"))).splitlines()
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1
