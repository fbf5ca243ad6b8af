"""A Scene as SVG for web pages: shapes whose colours the page gives to classes.

A class for each role: `board-ink` for what is filled with it, `board-ink-line` for what is drawn with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import NamedTuple, TypeAlias

from renderers.scene import Scene
from renderers.shapes import TITLE_LETTERS, TITLE_LINES, Box, Line, Ring, Shape, Words, shapes_of
from renderers.signs import CAPITAL, LETTER
from renderers.theme import ROLES, Role, theme_of

MARGIN = 22
"""Around each grid; columns are named in it."""
LEAST, MOST = 44, 64
"""Side of a cell."""
WIDEST, TITLED = 460, 330
"""Width of a board, and of one whose title has to fit."""
Attributes: TypeAlias = tuple[tuple[str, str], ...]


class Element(NamedTuple):
    """An element of SVG in plain texts, which are escaped where they are written."""

    tag: str
    attributes: Attributes
    text: str = ""


def board_svg(scene: Scene) -> str:
    """The scene as one <svg> element, with labels."""
    width, height, elements = board_elements(scene)
    parts = "".join(map(_written, elements))
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


def board_elements(scene: Scene) -> tuple[float, float, Iterator[Element]]:
    """Width, height and what is drawn, for pages that draw for themselves."""
    width, height = _size(scene)
    shapes = shapes_of(scene, width, height, labels=True, margin=MARGIN)
    return width, height, (element for shape in shapes for element in _elements(shape))


def _written(element: Element) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes)
    if element.text:
        return f"<{element.tag}{attributes}>{escape(element.text)}</{element.tag}>"
    return f"<{element.tag}{attributes}/>"


def _elements(shape: Shape) -> Iterator[Element]:
    match shape:
        case Box():
            yield from _box(shape)
        case Line((x1, y1), (x2, y2), role, thick, rounded):
            cap = (("stroke-linecap", "round"),) if rounded else ()
            ends = zip(("x1", "y1", "x2", "y2"), map(_short, (x1, y1, x2, y2)), strict=True)
            yield Element("line", (*_drawn(role, thick), *ends, *cap))
        case Ring(x, y, radius, role, thick):
            middle = (("cx", _short(x)), ("cy", _short(y)), ("r", _short(radius - thick / 2)))
            yield Element("circle", (*_drawn(role, thick), *middle))
        case Words():
            yield _words(shape)


def _short(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")


def _drawn(role: Role, thick: float) -> Attributes:
    return (("class", f"board-{role}-line"), ("stroke-width", _short(thick)))


def _box(box: Box) -> Iterator[Element]:
    left, top = box.left + box.thick / 2, box.top + box.thick / 2
    sides = (left, top, box.width - box.thick, box.height - box.thick)
    place = tuple(zip(("x", "y", "width", "height"), map(_short, sides), strict=True))
    if box.fill:
        yield Element("rect", (("class", f"board-{box.fill}"), *place))
    if box.stroke:
        yield Element("rect", (*_drawn(box.stroke, box.thick), *place))


def _words(words: Words) -> Element:
    letter = CAPITAL if words.text.isupper() else LETTER
    size = min(words.size, words.room * 0.94 / (letter * max(len(words.text), 1)))
    place = zip(("x", "y", "font-size"), map(_short, (words.x, words.y + size * 0.35, size)), strict=True)
    return Element("text", (("class", f"board-{words.role}"), ("text-anchor", "middle"), *place), words.text)
