"""The journey of the data as a drawing in SVG: a column for each party, an arrow for each step. What it shows stands in words beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from msgspec import Struct

from dsadesk.questions.flow import Flow, FlowStep

WIDTH = 720
FONTS = "Atkinson Hyperlegible Next, Source Sans 3, Arial, DejaVu Sans Mono, sans-serif"
_INK, _BLUE, _LINE = "#0b0c0c", "#1a65a6", "#85909a"
_SIZE, _LEADING, _PAD = 13, 17, 10
_LETTER = 0.53  # of the size: a little more than the usual width of a letter
_LOOP = 24
_HEAD_LINES, _STEP_LINES = 3, 6


class Drawing(Struct, frozen=True):
    """SVG without styles or scripts, and its size in its own units."""

    svg: str
    width: int
    height: int


def draw(flow: Flow, label: str = "") -> Drawing:
    """Draws a flow that can be drawn. With a `label` a screen reader is told that in place of the shapes."""
    column = WIDTH / len(flow.parties)
    heads = [_lines(name, column - 3 * _PAD, _HEAD_LINES) for name in flow.parties]
    top = max(map(len, heads)) * _LEADING + 2 * _PAD
    said: list[tuple[list[str], FlowStep]] = []
    for step in flow.steps:
        wide = max(abs(step.end - step.start), 1) * column - 2 * _PAD
        said.append((_lines(_words(step), wide, _STEP_LINES), step))
    height = round(top + sum(_height(lines, step) for lines, step in said) + 2 * _PAD)
    role = f' role="img" aria-label="{escape(label)}"' if label else ""
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONTS}" font-size="{_SIZE}"{role}>',
        *_parties(heads, column, top, height),
        *_steps(said, column, top),
        "</svg>",
    ]
    return Drawing("".join(parts), WIDTH, height)


def _parties(heads: list[list[str]], column: float, top: float, height: int) -> Iterator[str]:
    for place, lines in enumerate(heads):
        x, box = (place + 0.5) * column, top - _PAD
        yield (
            f'<line x1="{x:.1f}" y1="{box:.1f}" x2="{x:.1f}" y2="{height - 4}" stroke="{_LINE}" stroke-dasharray="5 4"/>'
            f'<rect x="{place * column + _PAD / 2:.1f}" y="4" width="{column - _PAD:.1f}" height="{box - 4:.1f}" rx="5"'
            f' fill="#ffffff" stroke="{_BLUE}" stroke-width="1.5"/>'
        )
        first = 4 + (box - 4 - len(lines) * _LEADING) / 2 + _SIZE
        yield from _text(lines, x, first, ' font-weight="600"')


def _steps(said: list[tuple[list[str], FlowStep]], column: float, top: float) -> Iterator[str]:
    y = top
    for lines, step in said:
        left, right = sorted(((step.start + 0.5) * column, (step.end + 0.5) * column))
        if step.start == step.end:
            left, right = left - column / 2, right + column / 2
        words = len(lines) * _LEADING
        yield (
            f'<rect x="{left + _PAD:.1f}" y="{y + 4:.1f}" width="{right - left - 2 * _PAD:.1f}" height="{words}" fill="#ffffff"/>'
        )
        yield from _text(lines, (left + right) / 2, y + 4 + _SIZE, "")
        yield from _arrow(step, column, y + words + _PAD)
        y += _height(lines, step)


def _arrow(step: FlowStep, column: float, y: float) -> Iterator[str]:
    start, end = (step.start + 0.5) * column, (step.end + 0.5) * column
    if step.start == step.end:
        low = y + _LOOP * 0.6
        yield (
            f'<path d="M{start:.1f} {y:.1f}h{_LOOP}v{_LOOP * 0.6:.1f}h-{_LOOP}" fill="none" stroke="{_BLUE}" stroke-width="2"/>'
        )
        yield f'<path d="M{start:.1f} {low:.1f}l9 -5v10z" fill="{_BLUE}"/>'
        return
    way = -1 if end > start else 1
    yield f'<line x1="{start:.1f}" y1="{y:.1f}" x2="{end:.1f}" y2="{y:.1f}" stroke="{_BLUE}" stroke-width="2"/>'
    yield f'<path d="M{end:.1f} {y:.1f}l{9 * way} -5v10z" fill="{_BLUE}"/>'


def _text(lines: list[str], x: float, y: float, look: str) -> Iterator[str]:
    for number, line in enumerate(lines):
        at = y + number * _LEADING
        yield f'<text x="{x:.1f}" y="{at:.1f}" text-anchor="middle" fill="{_INK}"{look}>{escape(line)}</text>'


def _height(lines: list[str], step: FlowStep) -> float:
    return len(lines) * _LEADING + (_LOOP if step.start == step.end else 0) + 2.4 * _PAD


def _words(step: FlowStep) -> str:
    what = step.what or "data"
    return f"{step.number}. {what} ({step.how})" if step.how else f"{step.number}. {what}"


def _lines(text: str, room: float, most: int) -> list[str]:
    """The text in lines of about this width; what does not fit in the last of them ends with dots."""
    limit = max(6, int(room / (_SIZE * _LETTER)))
    lines = [""]
    for word in (piece for each in text.split() for piece in _pieces(each, limit)):
        if len(lines[-1]) + len(word) + bool(lines[-1]) > limit and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: limit - 1]}…"]
    return lines


def _pieces(word: str, limit: int) -> list[str]:
    return [word[start : start + limit] for start in range(0, len(word), limit)]
