from __future__ import annotations

import xml.etree.ElementTree as ET

import pikepdf
import pytest

from dsadesk.documents import html, markdown
from dsadesk.documents.agreement import draft_agreement
from dsadesk.documents.building import journey
from dsadesk.documents.drawing import WIDTH, draw
from dsadesk.documents.layout import MAX_STEPS, Heading, Journey, Table, from_tree, to_tree
from dsadesk.documents.wording import WORDS
from dsadesk.errors import ContentsError
from dsadesk.questions.flow import flow_of, in_words
from tests.unit.documents import pdf_ua
from tests.unit.documents.documents import NASTY, WELSH, document, make_pdf, text_of_pdf
from tests.unit.documents.states import DRAFTED_ON, answers, core, standing_terms
from tests.unit.documents.test_public_record import story

STEPS = (
    ("Wenlow District Council", "Aldershire County Council", "The list of homes", "sealed bundle"),
    ("Aldershire County Council", "aldershire county council", "Letters are written", ""),
    ("Aldershire County Council", "Wenlow District Council", "Addresses that came back", "sealed bundle"),
)
DRAWN = Journey("The journey of the data, drawn", STEPS)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - we made it


def texts(svg: str) -> str:
    return " ".join(each.text or "" for each in parsed(svg).iter(f"{SVG}text"))


def test_every_party_and_step_stands_in_the_drawing():
    drawn = draw(DRAWN.flow())
    said = texts(drawn.svg)
    for words in ("Wenlow District Council", "Aldershire County Council", "1. The list of homes (sealed bundle)"):
        assert words in said
    assert len(parsed(drawn.svg).findall(f"{SVG}path")) == 4, "a head each, and the loop of what stays"


def test_nothing_is_drawn_outside_the_picture():
    rows = [{"from": f"Party {n}", "to": f"Party {(n * 3) % 8}", "what": "x " * 60, "how": "y"} for n in range(16)]
    drawn = draw(flow_of(rows))
    for each in parsed(drawn.svg).iter():
        if each.tag in {f"{SVG}text", f"{SVG}rect"}:
            assert 0 <= float(each.get("x", "0")) <= WIDTH
            assert 0 <= float(each.get("y", "0")) <= drawn.height


def test_markup_in_a_name_is_text_in_the_page_and_the_drawing():
    bad = '"/><script>alert(1)</script><x a="'
    made = html.render(document(Heading(1, "One"), Journey("Drawn", ((bad, NASTY, bad, bad),)))).decode()
    assert "<script" not in made
    svg = made[made.index("<svg") : made.index("</svg>") + 6]
    assert "script" in texts(svg)
    assert "style=" not in svg
    parsed(svg)


def test_the_page_tells_a_screen_reader_every_step():
    made = html.render(document(Heading(1, "One"), DRAWN)).decode()
    svg = parsed(made[made.index("<svg") : made.index("</svg>") + 6])
    assert svg.get("role") == "img"
    assert all(step in (svg.get("aria-label") or "") for step in in_words(DRAWN.flow()))
    assert "<figcaption>Figure 1: The journey of the data, drawn</figcaption>" in made


def test_markdown_says_it_in_words():
    made = markdown.render(document(Heading(1, "One"), DRAWN)).decode()
    assert "Figure 1: The journey of the data, drawn" in made
    assert "- Step 2, at Aldershire County Council: Letters are written" in made


def test_the_pdf_has_it_as_a_tagged_figure_with_its_words(tmp_path):
    made = make_pdf(document(Heading(1, "One"), DRAWN))
    assert pdf_ua.faults(made) == set()
    assert "Figure" in pdf_ua.elements(made)
    place = tmp_path / "x.pdf"
    place.write_bytes(made)
    with pikepdf.open(place) as file:
        alternatives = [
            str(each.Alt) for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
        ]
    assert any(all(step in found for step in in_words(DRAWN.flow())) for found in alternatives)
    assert "Wenlow District" in text_of_pdf(made, tmp_path)


@pytest.mark.parametrize("text", [NASTY, WELSH, "\N{DESERET CAPITAL LETTER LONG I} \N{CJK UNIFIED IDEOGRAPH-4E00}"])
def test_the_pdf_takes_any_text_in_a_drawing(text: str):
    made = make_pdf(document(Heading(1, "One"), Journey(text, ((text, "b", text, text),))))
    assert pdf_ua.faults(made) == set()


def test_a_tall_drawing_stays_on_its_page():
    rows = tuple((f"Party {n % 8}", f"Party {(n + 1) % 8}", "what moves here " * 8, "sealed") for n in range(MAX_STEPS))
    assert pdf_ua.page_count(make_pdf(document(Heading(1, "One"), Journey("Drawn", rows)))) <= 3


def test_a_journey_too_long_or_with_too_many_parties_is_not_drawn():
    long = [["a", "b", "x", ""]] * (MAX_STEPS + 1)
    many = [[f"p{n}", f"q{n}", "x", ""] for n in range(5)]
    assert list(journey("Drawn", long)) == []
    assert list(journey("Drawn", many)) == []
    assert list(journey("Drawn", [["", "b", "x", ""]])) == []
    assert len(list(journey("Drawn", many[:4]))) == 1


def test_a_stranger_s_journey_without_parties_is_said_in_words():
    odd = document(Heading(1, "One"), Journey("Drawn", tuple((f"p{n}", f"q{n}", "x", "") for n in range(9))))
    assert "<svg" not in html.render(odd).decode()
    assert pdf_ua.faults(make_pdf(odd)) == set()


def test_the_tree_comes_back_as_it_went_and_a_wrong_one_is_refused():
    made = document(Heading(1, "One"), DRAWN)
    tree = to_tree(made)
    assert from_tree(tree) == made
    tree["blocks"][1]["steps"] = []
    with pytest.raises(ContentsError):
        from_tree(tree)
    hidden = to_tree(made)
    hidden["blocks"][1]["steps"][0][0] = "A\u202eB"
    with pytest.raises(ContentsError):
        from_tree(hidden)


def test_an_agreement_draws_the_journey_before_its_table():
    state = story(answers("pupils-education-and-care")).state()
    made = draft_agreement(state, core(), version=1, drafted_on=DRAFTED_ON, clauses=standing_terms())
    place = next(n for n, block in enumerate(made.blocks) if isinstance(block, Journey))
    after = made.blocks[place + 1]
    assert isinstance(after, Table)
    assert after.caption == "The journey of the data"
    assert len(after.rows) == len(made.blocks[place].steps)


def test_both_languages_have_a_word_for_it():
    assert {WORDS["en"]["figure"], WORDS["cy"]["figure"]} == {"Figure", "Ffigur"}
