"""A Scene as SVG for web pages: shapes whose colours the page gives to classes.

A class for each role: `board-ink` for what is filled with it, `board-ink-line` for what is drawn with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from renderers.scene import Scene
from renderers.shapes import TITLE_LETTERS, TITLE_LINES, Box, Line, Ring, Shape, Words, shapes_of
from renderers.theme import ROLES, Role, theme_of

MARGIN = 22
"""Around each grid; columns are named in it."""
LEAST, MOST = 44, 64
"""Side of a cell."""
WIDEST, TITLED = 460, 330
"""Width of a board, and of one whose title has to fit."""
LETTER = 0.56
"""Width of a letter, as a share of its height, roughly."""


def board_svg(scene: Scene) -> str:
    """The scene as one <svg> element, with labels."""
    width, height = _size(scene)
    shapes = shapes_of(scene, width, height, labels=True, margin=MARGIN)
    parts = "".join(map(_element, shapes))
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return f'<svg class="board" role="img" aria-label="{escape(scene.notation)}" {size}>{parts}</svg>'


def board_rules() -> str:
    """The style rules of boards, for a page that has their colours."""
    fill = "".join(f".board-{role}{{fill:var(--board-{role})}}" for role in ROLES)
    line = "".join(f".board-{role}-line{{stroke:var(--board-{role});fill:none}}" for role in ROLES)
    return (
        f"{fill}{line}svg.board{{max-width:100%;height:auto;display:block}}.board text{{font-family:inherit}}"
    )


def board_colours(theme: str) -> str:
    """The variables that hold the colours of a theme."""
    return "".join(f"--board-{role}:{colour};" for role, colour in theme_of(theme).items())


def _size(scene: Scene) -> tuple[float, float]:
    """A box that fits the grids closely."""
    if not scene.grids:
        return min(WIDEST, max(TITLED, 14 * len(scene.notation))), 60
    columns, rows = max(g.columns for g in scene.grids), max(g.rows for g in scene.grids)
    step = min(MOST, max(LEAST, (WIDEST - 2 * MARGIN) / max(columns, rows)))
    width = max(columns * step + 2 * MARGIN, TITLED * any(grid.title for grid in scene.grids))
    lines = max(len(wrap(grid.title, TITLE_LETTERS)) for grid in scene.grids)
    named = any(grid.column_labels for grid in scene.grids)
    heading = lines * width / TITLE_LINES + named * MARGIN
    return width, len(scene.grids) * (rows * step + 2 * MARGIN + heading)


def _element(shape: Shape) -> str:
    match shape:
        case Box():
            return "".join(_box(shape))
        case Line((x1, y1), (x2, y2), role, thick, rounded):
            cap = ' stroke-linecap="round"' if rounded else ""
            ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            return f"<line {_drawn(role, thick)} {ends}{cap}/>"
        case Ring(x, y, radius, role, thick):
            middle = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius - thick / 2:.1f}"'
            return f"<circle {_drawn(role, thick)} {middle}/>"
        case Words():
            return _words(shape)


def _drawn(role: Role, thick: float) -> str:
    return f'class="board-{role}-line" stroke-width="{thick:.1f}"'


def _box(box: Box) -> Iterator[str]:
    inset = box.thick / 2
    place = f'x="{box.left + inset:.1f}" y="{box.top + inset:.1f}"'
    size = f'width="{box.width - box.thick:.1f}" height="{box.height - box.thick:.1f}"'
    if box.fill:
        yield f'<rect class="board-{box.fill}" {place} {size}/>'
    if box.stroke:
        yield f"<rect {_drawn(box.stroke, box.thick)} {place} {size}/>"


def _words(words: Words) -> str:
    size = min(words.size, words.room * 0.94 / (LETTER * max(len(words.text), 1)))
    place = f'x="{words.x:.1f}" y="{words.y + size * 0.35:.1f}" font-size="{size:.1f}"'
    return f'<text class="board-{words.role}" text-anchor="middle" {place}>{escape(words.text)}</text>'
