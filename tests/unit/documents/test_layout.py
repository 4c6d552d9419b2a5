from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.codec import canonical
from dsadesk.documents import layout
from dsadesk.documents.layout import (
    Bullets,
    Callout,
    Document,
    Facts,
    Heading,
    Paragraph,
    Quote,
    Table,
    from_tree,
    to_tree,
)
from dsadesk.documents.wording import clean
from dsadesk.domain.marking import Marking
from dsadesk.errors import ContentsError
from tests.unit.documents.documents import NASTY, document, everything

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).map(clean).filter(bool)
lines = texts.map(lambda text: clean(text, one_line=True)).filter(bool)
columns = st.integers(1, 4)
tables = columns.flatmap(
    lambda width: st.builds(
        Table,
        lines,
        st.tuples(*[lines] * width),
        st.lists(st.tuples(*[texts] * width), min_size=1, max_size=4).map(tuple),
    )
)
blocks = st.one_of(
    st.builds(Heading, st.just(1), lines),
    st.builds(Paragraph, texts),
    st.builds(Bullets, st.lists(texts, min_size=1, max_size=4).map(tuple)),
    tables,
    st.builds(Facts, st.lists(st.tuples(lines, texts), min_size=1, max_size=4).map(tuple)),
    st.builds(Quote, texts),
    st.builds(Callout, st.sampled_from(["note", "warning", "gap"]), texts),
)
documents = st.builds(
    Document,
    kind=st.sampled_from(["agreement", "decision", "request"]),
    title=lines,
    subtitle=lines,
    reference=lines,
    version=st.integers(0, layout.MAX_VERSION),
    marking=st.sampled_from(Marking),
    language=st.sampled_from(["en", "cy"]),
    blocks=st.lists(blocks, max_size=8).map(tuple),
)


@given(documents)
def test_a_tree_reads_back_as_the_document_it_was_made_from(made):
    assert from_tree(to_tree(made)) == made


@given(documents)
def test_a_tree_is_canonical_json_and_survives_it(made):
    data = canonical.encode(to_tree(made))
    assert to_tree(from_tree(canonical.decode(data, max_bytes=1 << 20))) == json.loads(data)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)
    assert clean(clean(text, one_line=True), one_line=True) == clean(text, one_line=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u202c", "ab"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("a\x00\x07\x1b[31mb", "a[31mb"),
        ("soft\u00adhyphen\u200b\ufeff", "softhyphen"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("tab\tstop", "tab stop"),
        ("  a  \n b \n", "a\n b"),
        ("w\u0302y\u0302", "ŵŷ"),
        ("half\ud800", "half"),
        ("tag\U000e0041", "tag"),
        ("non\uffff\ufdd0\U0001fffe", "non"),
        ("filler\u3164\ufe0f\U000e0101", "filler"),
        ("کت\u200cب", "کت\u200cب"),
    ],
)
def test_what_hides_or_reorders_text_is_taken_out_and_the_rest_stays(text, shown):
    assert clean(text) == shown


def test_a_single_line_has_no_line_end():
    assert Heading(1, "one\n\n two\u2003three").text == "one two three"


def test_no_block_can_hold_text_that_hides_something():
    hidden = "a\u202e\x07b"
    made = document(
        Heading(1, hidden),
        Paragraph(hidden),
        Bullets((hidden,)),
        Table(hidden, (hidden,), ((hidden,),)),
        Facts(((hidden, hidden),)),
        Quote(hidden),
        Callout("note", hidden),
        title=hidden,
        subtitle=hidden,
        reference=hidden,
    )
    tree = json.dumps(to_tree(made))
    assert "u202e" not in tree
    assert "u0007" not in tree


def test_every_tree_names_its_format():
    assert to_tree(document())["format"] == "dsadesk-document/1"


def _with(place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    tree: Any = to_tree(
        document(
            Heading(1, "One"),
            Paragraph("Text"),
            Table("Caption", ("A", "B"), (("1", "2"), ("3", "4"))),
            Facts((("Label", "Text"),)),
            Bullets(("x",)),
            Callout("note", "Text"),
        )
    )
    whole = tree
    for step in place[:-1]:
        tree = tree[step]
    if value is ...:
        del tree[place[-1]]
    elif place[-1] == "append":
        tree.append(value)
    else:
        tree[place[-1]] = value
    return whole


@pytest.mark.parametrize(
    ("place", "value", "code", "path"),
    [
        (("format",), "dsadesk-document/2", "document-format", "format"),
        (("format",), ..., "document-format", "format"),
        (("title",), ..., "document-shape", ""),
        (("title",), "", "document-shape", "title"),
        (("title",), 7, "document-shape", "title"),
        (("title",), None, "document-shape", "title"),
        (("title",), "x" * 501, "document-shape", "title"),
        (("surprise",), "x", "document-shape", ""),
        (("kind",), "poster", "document-shape", "kind"),
        (("language",), "fr", "document-shape", "language"),
        (("marking",), "SECRET", "document-shape", "marking"),
        (("version",), -1, "document-shape", "version"),
        (("version",), 1.5, "document-shape", "version"),
        (("version",), True, "document-shape", "version"),
        (("blocks",), "x", "document-shape", "blocks"),
        (("blocks",), [{"block": "paragraph", "text": "x"}] * 5_001, "document-shape", "blocks"),
        (("blocks", 0, "block"), "script", "document-shape", "blocks[0].block"),
        (("blocks", 0, "block"), ..., "document-shape", "blocks[0]"),
        (("blocks", 0, "level"), 4, "document-shape", "blocks[0].level"),
        (("blocks", 0, "level"), 2, "document-headings", "blocks[0].level"),
        (("blocks", 0, "colour"), "red", "document-shape", "blocks[0]"),
        (("blocks", 1, "text"), "", "document-shape", "blocks[1].text"),
        (("blocks", 1, "text"), "x" * 20_001, "document-shape", "blocks[1].text"),
        (("blocks", 1, "text"), ["x"], "document-shape", "blocks[1].text"),
        (("blocks", 1, "text"), {"text": "x"}, "document-shape", "blocks[1].text"),
        (("blocks", 1, "text"), "a\u202eb", "document-text", "blocks[1].text"),
        (("blocks", 1, "text"), "a\x00b", "document-text", "blocks[1].text"),
        (("blocks", 1, "text"), "a\ud800b", "document-text", "blocks[1].text"),
        (("blocks", 1, "text"), "w\u0302", "document-text", "blocks[1].text"),
        (("blocks", 1, "text"), " a", "document-text", "blocks[1].text"),
        (("blocks", 2, "rows", 1), ["only one"], "document-table", "blocks[2].rows[1]"),
        (("blocks", 2, "rows", 1), ["1", "2", "3"], "document-table", "blocks[2].rows[1]"),
        (("blocks", 2, "rows"), [], "document-shape", "blocks[2].rows"),
        (("blocks", 2, "rows", 0, 1), None, "document-shape", "blocks[2].rows[0][1]"),
        (("blocks", 2, "rows", 0, 1), "\u202e", "document-text", "blocks[2].rows[0][1]"),
        (("blocks", 2, "columns"), [], "document-shape", "blocks[2].columns"),
        (("blocks", 2, "columns"), ["A"] * 13, "document-shape", "blocks[2].columns"),
        (("blocks", 2, "caption"), "", "document-shape", "blocks[2].caption"),
        (("blocks", 3, "rows", 0), ["only a label"], "document-shape", "blocks[3].rows[0]"),
        (("blocks", 3, "rows", 0, 0), "line\nend", "document-text", "blocks[3].rows[0][0]"),
        (("blocks", 4, "items"), [], "document-shape", "blocks[4].items"),
        (("blocks", 4, "items"), ["x"] * 2_001, "document-shape", "blocks[4].items"),
        (("blocks", 5, "tone"), "panic", "document-shape", "blocks[5].tone"),
    ],
)
def test_a_malformed_tree_is_refused_with_the_place(place, value, code, path):
    with pytest.raises(ContentsError) as caught:
        from_tree(_with(place, value))
    assert (caught.value.code, caught.value.fields["path"]) == (code, path)


@pytest.mark.parametrize("tree", [None, [], "x", 3, {}, {"format": 1}])
def test_what_is_not_a_tree_is_refused(tree):
    with pytest.raises(ContentsError, match="document-format"):
        from_tree(tree)


def test_a_tree_that_is_too_large_in_all_is_refused():
    tree = _with(("blocks",), [{"block": "paragraph", "text": "x" * 20_000}] * 101)
    with pytest.raises(ContentsError, match="document-too-large"):
        from_tree(tree)


def test_a_heading_may_go_up_any_number_of_levels():
    made = document(Heading(1, "a"), Heading(2, "b"), Heading(3, "c"), Heading(1, "d"))
    assert from_tree(to_tree(made)) == made


def test_nobody_makes_a_tree_that_the_other_side_would_refuse():
    with pytest.raises(ContentsError, match="document-headings"):
        to_tree(document(Heading(2, "too deep")))
    with pytest.raises(ContentsError, match="document-shape"):
        to_tree(document(Paragraph("\u202e")))


def test_reading_a_tree_does_not_change_it():
    tree = to_tree(everything(NASTY))
    before = copy.deepcopy(tree)
    from_tree(tree)
    assert tree == before
