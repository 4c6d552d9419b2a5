from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
import typst
from pikepdf import Dictionary, Name

from dsadesk.documents.layout import Callout, Facts, Heading, Paragraph, Table
from dsadesk.errors import InputError
from tests.unit.documents import pdf_ua
from tests.unit.documents.documents import (
    MADE_AT,
    NASTY,
    WELSH,
    document,
    everything,
    make_pdf,
    text_of_pdf,
)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("\u200b", ""))


def test_the_pdf_passes_every_rule_of_the_gate():
    data = make_pdf(everything("Some words that say something"))
    assert pdf_ua.faults(data) == set()
    kinds = set(pdf_ua.elements(data))
    assert {"Document", "H1", "H2", "H3", "P", "L", "LI", "Table", "TH", "TD", "Caption", "BlockQuote"} <= kinds


def test_a_pdf_without_tags_fails_the_gate():
    plain = typst.compile(
        b'#set document(title: "x")\n= Heading\nText', format="pdf", pdf_tags=False, timestamp=MADE_AT
    )
    found = pdf_ua.faults(plain)
    assert {
        "no structure",
        "not marked as tagged",
        "something is painted outside the tags",
        "does not say PDF/UA-1",
    } <= found


def _without(change) -> set[str]:
    """The faults of a good file after one thing in it was spoiled."""
    made = document(
        Heading(1, "A"),
        Heading(2, "B"),
        Table("T", ("x", "y"), (("1", "2"),)),
        *[Heading(1, f"S{n}") for n in range(6)],
    )
    with pikepdf.open(io.BytesIO(make_pdf(made))) as file:
        change(file)
        out = io.BytesIO()
        file.save(out)
    return pdf_ua.faults(out.getvalue())


def _elements(file, kind):
    return [element for element in pdf_ua._walk(file.Root.StructTreeRoot) if kind == element.S]


def _delete(holder, key):
    del holder[key]


def _unembed(file):
    for font in file.pages[0].Resources.Font.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if key in descriptor:
                del descriptor[key]


def _forget_metadata(file):
    with file.open_metadata() as metadata:
        del metadata["pdfuaid:part"]
        del metadata["dc:title"]
        del metadata["pdfaid:part"]


def _without_headings(file):
    for kind in (Name.H1, Name.H2):
        for element in _elements(file, kind):
            element.S = Name.P


def _paint_outside(file):
    page = file.pages[0]
    page.contents_add(b"0 0 10 10 re f", prepend=False)


def _orphan(file):
    _elements(file, Name.H2)[0].K = pikepdf.Array([])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda file: _delete(file.Root, "/Lang"), "no language"),
        (lambda file: _delete(file.Root, "/MarkInfo"), "not marked as tagged"),
        (lambda file: _delete(file.Root, "/StructTreeRoot"), "no structure"),
        (lambda file: _delete(file.Root, "/OutputIntents"), "no output intent"),
        (lambda file: _delete(file.Root, "/AF"), "an attachment that the document does not own"),
        (lambda file: _delete(file.Root.ViewerPreferences, "/DisplayDocTitle"), "the title is not displayed"),
        (lambda file: _delete(_elements(file, Name.TH)[0], "/A"), "a table heading without a scope"),
        (lambda file: setattr(_elements(file, Name.H2)[0], "S", Name.H3), "a heading level is skipped"),
        (lambda file: [setattr(cell, "S", Name.TD) for cell in _elements(file, Name.TH)], "a table without headings"),
        (lambda file: setattr(_elements(file, Name.P)[0], "S", Name.Figure), "a figure without a description"),
        (lambda file: _delete(file.pages[0].obj.Annots[0], "/Contents"), "a link without a description"),
        (lambda file: _delete(file.pages[0].obj.Annots[0], "/StructParent"), "an annotation outside the structure"),
        (lambda file: _delete(file.pages[0].obj, "/Tabs"), "the tab order is not that of the structure"),
        (_unembed, "a font is not embedded"),
        (lambda file: [_delete(font, "/ToUnicode") for font in file.pages[0].Resources.Font.values()], "a font without Unicode"),
        (_forget_metadata, "does not say PDF/UA-1"),
        (_forget_metadata, "no title"),
        (_forget_metadata, "does not say PDF/A-3a"),
        (_without_headings, "no heading"),
        (lambda file: _delete(file.Root.AF[0], "/AFRelationship"), "an attachment without a relationship"),
        (_paint_outside, "something is painted outside the tags"),
        (_orphan, "marked content that no element owns"),
        (lambda file: setattr(file.Root, "MarkInfo", Dictionary(Marked=True, Suspects=True)), "tags are suspect"),
    ],
)  # fmt: skip
def test_each_rule_of_the_gate_bites(change, fault):
    assert fault in _without(change)


def test_an_encrypted_file_fails_the_gate():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf(document(Heading(1, "A"))))) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    assert "encrypted" in pdf_ua.faults(out.getvalue())


def test_text_stays_literal_everywhere(tmp_path: Path):
    said = _squeezed(text_of_pdf(make_pdf(everything(NASTY)), tmp_path, "-raw"))
    assert said.count(_squeezed(NASTY)) >= 10
    assert "Head of Data <b>" in text_of_pdf(make_pdf(document()), tmp_path)


def test_a_paragraph_is_drawn_word_for_word(tmp_path: Path):
    said = text_of_pdf(make_pdf(document(Paragraph(NASTY))), tmp_path)
    assert NASTY in re.sub(r"\s+", " ", said)


def test_welsh_letters_are_drawn(tmp_path: Path):
    assert WELSH in text_of_pdf(make_pdf(document(Paragraph(WELSH), title=WELSH)), tmp_path)


def test_the_same_document_gives_the_same_bytes():
    assert make_pdf(everything(NASTY)) == make_pdf(everything(NASTY))


def test_another_word_gives_other_bytes():
    assert make_pdf(document(Paragraph("one"))) != make_pdf(document(Paragraph("two")))


def test_a_character_that_no_font_draws_is_named_and_the_rest_is_drawn(tmp_path: Path):
    data = make_pdf(document(Paragraph("a → b ≥ c ✓ Ελλ Жд 😀 漢 \ue000 end"), Callout("note", "😀")))
    said = re.sub(r"\s+", " ", text_of_pdf(data, tmp_path))
    assert "a → b ≥ c ✓ Ελλ Жд [grinning face] [cjk unified ideograph-6f22] [character U+E000] end" in said
    assert pdf_ua.faults(data) == set()


def test_a_flood_of_unknown_characters_still_makes_a_pdf(tmp_path: Path):
    text = "".join(chr(0x4E00 + n) for n in range(2_000))
    said = re.sub(r"\s+", " ", text_of_pdf(make_pdf(document(Paragraph(text + " end"))), tmp_path))
    assert "ideograph-4e00]" in said
    assert said.count("[cjk") == 2_000


def test_a_table_of_1500_rows_runs_over_pages_and_keeps_its_headings(tmp_path: Path):
    rows = tuple((f"item-{n}", "Needed for the match of homes with records", "No", "12 months") for n in range(1_500))
    data = make_pdf(document(Heading(1, "Data"), Table("Items", ("Item", "Reason", "Personal", "Kept"), rows)))
    pages = text_of_pdf(data, tmp_path, "-layout").split("\f")[:-1]
    assert pdf_ua.page_count(data) == len(pages) > 30
    whole = "\n".join(pages)
    assert all(re.search(rf"item-{n}\b", whole) for n in range(1_500))
    assert all("Reason" in page for page in pages[:-1])
    assert pdf_ua.faults(data) == set()


def test_one_cell_longer_than_a_page_loses_nothing(tmp_path: Path):
    words = " ".join(f"word{n}" for n in range(2_500))
    data = make_pdf(document(Heading(1, "Data"), Table("Items", ("Item", "Reason"), (("a", words),))))
    said = text_of_pdf(data, tmp_path)
    assert all(re.search(rf"\bword{n}\b", said) for n in range(2_500))


def test_long_words_break_inside_the_page_and_their_cell(tmp_path: Path):
    word = "abcdefghij" * 40
    made = document(
        Heading(1, word),
        Paragraph(word),
        Facts((("A", word), (word, word))),
        Table("T", ("a", "b", "c"), ((word, word, "x"),)),
        title=word,
    )
    data = make_pdf(made)
    boxes = text_of_pdf(data, tmp_path, "-bbox")
    width = float(re.search(r'page width="([\d.]+)"', boxes).group(1))  # type: ignore[union-attr]
    assert all(float(right) <= width - 50 for right in re.findall(r'xMax="([\d.]+)"', boxes))


def test_the_marking_stands_twice_on_every_page(tmp_path: Path):
    made = document(*[Paragraph("Some words. " * 60) for _ in range(12)])
    pages = text_of_pdf(make_pdf(made), tmp_path).split("\f")[:-1]
    assert len(pages) > 2
    assert all(page.count("OFFICIAL-SENSITIVE") == 2 for page in pages)
    assert f"Page 2 of {len(pages)}" in pages[1]


def test_the_attached_file_is_the_one_given():
    attachment = '{"title":"Ŵyn # * \\"q\\"","n":1}'.encode()
    data = make_pdf(document(Paragraph("x")), attachment=attachment)
    assert pdf_ua.attached(data) == {"agreement.json": attachment}


def test_without_an_attachment_nothing_is_attached():
    assert pdf_ua.attached(make_pdf(document(Paragraph("x"), Heading(1, "y")), attachment=b"")) == {}


def test_an_attachment_that_is_not_text_is_refused():
    with pytest.raises(InputError, match="attachment-not-text"):
        make_pdf(document(), attachment=b"\xff")


def test_signatures_are_drawn_or_said_to_be_missing(tmp_path: Path):
    signed = text_of_pdf(make_pdf(document()), tmp_path)
    assert "Gwenllïan Ŵyn-Jones" in signed
    assert "Signed on 22 November 2026 at 14:05 UTC" in signed
    assert "Nobody has signed this text yet." in text_of_pdf(make_pdf(document(), ()), tmp_path)
    letter = text_of_pdf(make_pdf(document(Heading(1, "Decision"), kind="decision"), ()), tmp_path)
    assert "Signatures" not in letter


def test_a_welsh_document_says_so_and_counts_its_pages_in_welsh(tmp_path: Path):
    data = make_pdf(document(Heading(1, "Data"), Paragraph("Geiriau"), language="cy"))
    with pikepdf.open(io.BytesIO(data)) as file:
        assert str(file.Root.Lang) == "cy-GB"
    assert "Tudalen 1 o 1" in text_of_pdf(data, tmp_path)


def test_no_signature_is_needed_to_name_the_document():
    with pikepdf.open(io.BytesIO(make_pdf(document(Heading(1, "a")), ()))) as file, file.open_metadata() as metadata:
        assert metadata["dc:title"] == "Fuel poverty support \N{EN DASH} One-way data sharing agreement"
