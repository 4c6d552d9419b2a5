from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser

import msgspec
import pytest

from dsadesk.documents import html, markdown
from dsadesk.documents.layout import Bullets, Callout, Heading, Paragraph, Table
from tests.unit.documents.documents import NASTY, SIGNATURES, WELSH, document, everything

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Reads a page and keeps what a browser would build of it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(data.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip() and self.open and self.open[-1] != "style":
            self.texts.append((self.open[-1], data))

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def test_text_stays_literal_everywhere():
    page = Page(html.render(everything(NASTY), SIGNATURES))
    assert sum(NASTY in text for _, text in page.texts) >= 18
    assert page.named("script") == []
    assert page.named("b") == []


def test_welsh_letters_are_kept():
    assert WELSH.encode() in html.render(document(Paragraph(WELSH)))


def test_the_page_can_load_nothing_and_its_style_is_the_one_it_allows():
    data = html.render(everything(NASTY), SIGNATURES).decode()
    style = re.search(r"<style>(.*?)</style>", data, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policy = next(meta["content"] for meta in Page(data.encode()).named("meta") if "http-equiv" in meta)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = Page(data.encode())
    for tag, attributes in page.elements:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "form", "svg"}
        assert not {"src", "style", "srcset"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert str(attributes.get("href", "#")).startswith("#")
    assert "url(" not in data
    assert "@import" not in data


def test_headings_go_down_one_level_at_a_time_below_one_title():
    page = Page(html.render(everything("Words")))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_have_a_caption_and_headings_with_a_scope():
    page = Page(html.render(document(Heading(1, "Data"), Table("Items", ("A", "B"), (("1", "2"), ("3", "4"))))))
    assert [heading["scope"] for heading in page.named("th")] == ["col", "col", "row", "row"]
    assert len(page.named("td")) == 2
    assert ("caption", "Table 1: Items") in page.texts


@pytest.mark.parametrize(("language", "code", "word"), [("en", "en-GB", "Signatures"), ("cy", "cy", "Llofnodion")])
def test_the_page_says_its_language_and_speaks_it(language, code, word):
    data = html.render(document(language=language))
    assert f'<html lang="{code}">'.encode() in data
    assert word.encode() in data


def test_the_marking_stands_above_and_below_and_on_every_printed_page():
    data = html.render(document(Paragraph("x"))).decode()
    assert data.count('<p class="marking"><span>OFFICIAL-SENSITIVE</span></p>') == 2
    assert '@top-center{content:"OFFICIAL-SENSITIVE"' in data
    assert data.index("OFFICIAL-SENSITIVE</span>") < data.index("<header>")


def test_signatures_say_who_when_and_by_which_key():
    page = Page(html.render(document(), SIGNATURES))
    said = [text for _, text in page.texts]
    assert "Gwenllïan Ŵyn-Jones, Head of Data <b>" in said
    assert "Signed on 22 November 2026 at 14:05 UTC" in said
    assert "Key in words: anchor ribbon walnut copper" in said


def test_a_signature_by_a_key_that_is_not_known_here_has_no_key_in_words():
    unknown = msgspec.structs.replace(SIGNATURES[0], fingerprint_words="")
    for render in (html.render, markdown.render):
        made = render(document(), (unknown,))
        assert b"Priya Shah" in made
        assert b"Key in words" not in made


def test_an_agreement_without_signatures_says_so_and_a_letter_does_not():
    assert b"Nobody has signed this text yet." in html.render(document())
    assert b"Signatures" not in html.render(document(kind="decision"))


def test_a_long_document_lists_its_sections_and_each_entry_leads_to_one():
    made = document(*(Heading(1, f"Part {n}") for n in range(7)))
    page = Page(html.render(made))
    targets = [str(link["href"]).removeprefix("#") for link in page.named("a")]
    assert len(targets) == 7
    assert set(targets) <= {attributes.get("id") for _, attributes in page.elements}


def test_paragraphs_of_an_agreement_are_numbered_by_section():
    made = document(
        Callout("note", "x"), Paragraph("p"), Heading(1, "A"), Paragraph("p"), Heading(2, "a"), Paragraph("p"), Heading(1, "B"),
        Bullets(("x",)), Paragraph("p"),
    )  # fmt: skip
    page = Page(html.render(made))
    assert [text for tag, text in page.texts if tag == "span"][1:-1] == ["1", "1.1", "1.2", "2", "2.1"]


def test_a_line_end_is_kept():
    assert b"one<br>two" in html.render(document(Paragraph("one\ntwo")))
