"""The document as one HTML5 page that needs nothing else: no script, no font, no picture, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from string import Template

from dsadesk.documents.drawing import draw
from dsadesk.documents.layout import Bullets, Callout, Document, Facts, Heading, Journey, Paragraph, Quote, Table
from dsadesk.documents.numbering import numbered, wants_contents
from dsadesk.documents.signatures import SignatureLine
from dsadesk.documents.wording import WORDS
from dsadesk.questions.flow import in_words

_LANGUAGES = {"en": "en-GB", "cy": "cy"}

_STYLE = Template("""
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;max-width:52rem;padding:1rem 1.25rem 2rem;background:#fff;color:#0b0c0c;line-height:1.5;
font-family:"Atkinson Hyperlegible Next","Source Sans 3",system-ui,-apple-system,"Segoe UI",Arial,sans-serif;font-size:1.125rem}
p,li,td,th,dd,dt,h1,h2,h3,h4{unicode-bidi:plaintext;overflow-wrap:anywhere}
.marking{font-weight:700;font-size:.95rem;text-align:center;margin:0 0 1rem}
footer .marking{margin:2rem 0 0}
header{background:#0f2940;color:#fff;border-radius:6px;padding:1.25rem 1.5rem;margin-bottom:2rem}
header h1{font-size:2rem;line-height:1.2;margin:.25rem 0 .5rem}
header p{margin:0}
header ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 2rem;margin:0;padding:0}
h2{font-size:1.5rem;line-height:1.25;margin:2.5rem 0 .75rem}
h3{font-size:1.2rem;margin:1.75rem 0 .5rem}
h4{font-size:1.05rem;margin:1.25rem 0 .5rem}
p{margin:0 0 .9rem}
.n{display:inline-block;min-width:2.75rem;font-weight:700;color:#484949}
h2 .n{color:inherit;min-width:2.25rem}
a{color:#1a65a6}
nav ol{list-style:none;padding:0;columns:2}
table{border-collapse:collapse;width:100%;margin:0 0 1.5rem;font-size:1rem}
caption{text-align:left;font-weight:700;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #b1b9c0}
thead th{background:#f3f5f8}
tbody th{font-weight:400}
dl.facts{display:grid;grid-template-columns:minmax(9rem,1fr) 3fr;margin:0 0 1.5rem}
dl.facts>div{display:contents}
dl.facts dt,dl.facts dd{margin:0;padding:.5rem .75rem;border-bottom:1px solid #b1b9c0}
dl.facts dt{font-weight:700}
blockquote{margin:0 0 1.25rem;padding:.25rem 0 .25rem 1rem;border-left:5px solid #1a65a6}
blockquote p:last-child,.callout p:last-child{margin-bottom:0}
figure{margin:0 0 1.5rem}
figcaption{font-weight:700;padding:.5rem 0}
svg{display:block;max-width:100%;height:auto}
.callout{margin:0 0 1.25rem;padding:.75rem 1rem;border:1px solid #b1b9c0;border-left:5px solid #1a65a6;border-radius:4px;background:#f3f5f8}
.warning,.gap{border-left-color:#a85800;background:#fdf5e6}
.signatures{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem;list-style:none;padding:0}
.signatures li{border:1px solid #b1b9c0;border-radius:6px;padding:1rem}
.signatures p{margin:0 0 .25rem}
.small{font-size:.95rem;color:#484949}
@media (max-width:36rem){nav ol{columns:1}dl.facts{grid-template-columns:1fr}dl.facts dt{border-bottom:0;padding-bottom:0}}
@page{size:A4;margin:22mm 20mm;@top-center{content:"$marking";font:700 9pt sans-serif}
@bottom-left{content:"$marking";font:700 9pt sans-serif}@bottom-right{content:"$page " counter(page) " $of " counter(pages);font:9pt sans-serif}}
@media print{body{font-size:11pt;max-width:none;padding:0}nav{display:none}thead{display:table-header-group}
h2,h3,h4,caption{break-after:avoid}tr,.signatures li,.callout{break-inside:avoid}
header{background:#fff;color:#000;border:2px solid #000}a{color:inherit}}
""")


def render(document: Document, signatures: Sequence[SignatureLine] = ()) -> bytes:
    """The whole page in UTF-8. Every text is escaped, and the page forbids itself to load anything."""
    words = WORDS[document.language]
    style = _style(document)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    marking = f'<p class="marking"><span>{escape(document.marking.value)}</span></p>'
    page = [
        "<!DOCTYPE html>",
        f'<html lang="{_LANGUAGES[document.language]}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_line(_full_title(document))}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        marking,
        "<header>",
        *_band(document),
        "</header>",
        *_contents(document),
        "<main>",
        *_blocks(document),
        *_signatures(document, signatures),
        "</main>",
        f'<footer aria-label="{escape(words["marking"])}">{marking}</footer>',
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(page).encode()


def _style(document: Document) -> str:
    words = WORDS[document.language]
    return _STYLE.substitute(marking=document.marking.value, page=words["page"], of=words["page-of"])


def _full_title(document: Document) -> str:
    return " \N{EN DASH} ".join(part for part in (document.title, document.subtitle, document.reference) if part)


def _band(document: Document) -> list[str]:
    words = WORDS[document.language]
    facts = [f"{words['reference']}: {document.reference}"] if document.reference else []
    facts += [f"{words['version']} {document.version}"] if document.version else []
    lines = [f"<p>{_line(document.subtitle)}</p>"] if document.subtitle else []
    lines.append(f"<h1>{_line(document.title)}</h1>")
    if facts:
        lines.append("<ul>" + "".join(f"<li>{_line(fact)}</li>" for fact in facts) + "</ul>")
    return lines


def _contents(document: Document) -> list[str]:
    if not wants_contents(document):
        return []
    label = escape(WORDS[document.language]["contents"])
    entries = [
        f'<li><a href="#{_anchor(place)}">{_number(item.number)}{_line(item.block.text)}</a></li>'
        for place, item in enumerate(numbered(document))
        if isinstance(item.block, Heading) and item.block.level == 1
    ]
    return [f'<nav aria-labelledby="contents"><h2 id="contents">{label}</h2>', "<ol>", *entries, "</ol>", "</nav>"]


def _anchor(place: int) -> str:
    return f"block-{place}"


def _blocks(document: Document) -> Iterable[str]:
    table_word = WORDS[document.language]["table"]
    for place, item in enumerate(numbered(document)):
        match item.block:
            case Heading(level=level, text=text):
                yield f'<h{level + 1} id="{_anchor(place)}">{_number(item.number)}{_line(text)}</h{level + 1}>'
            case Paragraph(text=text):
                yield f"<p>{_number(item.number)}{_text(text)}</p>"
            case Bullets(items=items):
                yield "<ul>" + "".join(f"<li>{_text(entry)}</li>" for entry in items) + "</ul>"
            case Table() as table:
                yield _table(table, f"{table_word} {item.number}: ")
            case Facts(rows=rows):
                pairs = (f"<div><dt>{_line(label)}</dt><dd>{_text(text)}</dd></div>" for label, text in rows)
                yield f'<dl class="facts">{"".join(pairs)}</dl>'
            case Journey(caption=caption) as journey:
                figure = f"{WORDS[document.language]['figure']} {item.number}: "
                yield _figure(journey, f"{escape(figure)}{_line(caption)}")
            case Quote(text=text):
                yield f"<blockquote><p>{_text(text)}</p></blockquote>"
            case Callout(tone=tone, text=text):
                label = escape(WORDS[document.language][tone])
                yield f'<div class="callout {tone}"><p><strong>{label}:</strong> {_text(text)}</p></div>'


def _table(table: Table, label: str) -> str:
    head = "".join(f'<th scope="col">{_line(column)}</th>' for column in table.columns)
    rows = []
    for first, *rest in table.rows:
        cells = "".join(f"<td>{_text(cell)}</td>" for cell in rest)
        rows.append(f'<tr><th scope="row">{_text(first)}</th>{cells}</tr>')
    body = "\n".join(rows)
    return (
        f"<table><caption>{escape(label)}{_line(table.caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    )


def _figure(journey: Journey, caption: str) -> str:
    """The drawing, with its words as its label for who cannot see it; the words alone where it cannot be drawn."""
    flow = journey.flow()
    said = in_words(flow)
    if flow.can_be_drawn:
        shown = draw(flow, " ".join((journey.caption, *said))).svg
    else:
        shown = "<ul>" + "".join(f"<li>{_text(sentence)}</li>" for sentence in said) + "</ul>"
    return f"<figure><figcaption>{caption}</figcaption>{shown}</figure>"


def _signatures(document: Document, signatures: Sequence[SignatureLine]) -> Iterable[str]:
    if not signatures and document.kind != "agreement":
        return
    words = WORDS[document.language]
    yield f"<h2>{escape(words['signatures'])}</h2>"
    if not signatures:
        yield f'<div class="callout note"><p>{escape(words["unsigned"])}</p></div>'
        return
    yield '<ul class="signatures">' + "".join(_signature(line, document) for line in signatures) + "</ul>"


def _signature(line: SignatureLine, document: Document) -> str:
    words = WORDS[document.language]["key"]
    key = f'<p class="small">{escape(words)}: {_line(line.fingerprint_words)}</p>' if line.fingerprint_words else ""
    return (
        f"<li><p><strong>{_line(line.organisation)}</strong></p><p>{_line(line.person)}</p>"
        f'<p class="small">{_line(line.when(document.language))}</p>'
        f"{key}</li>"
    )


def _number(number: str) -> str:
    return f'<span class="n">{escape(number)}</span> ' if number else ""


def _line(text: str) -> str:
    return escape(text)


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")
