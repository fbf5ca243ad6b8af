"""A Scene as SVG for web pages: shapes and words without colours, which the page gives to classes.

Classes: board, cell, lit, best, played, first (X), second (O), mark, label, word. What was best and what was
played is said by a word in its cell as well, so that nothing hangs on colour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape

from games.layout import Cell, Grid
from renderers.scene import Scene

STEP = 46
"""Side of a cell."""
HEAD = 30
"""Height of a title or of the labels of columns."""
GAP = 12
LETTER = 8.5
"""Width of a letter of a notation that has no board, roughly."""


def board_svg(scene: Scene, *, played: str = "", best: Collection[str] = ()) -> str:
    """The scene as one <svg> element; `played` and `best` are notations of places or columns to be marked."""
    parts: list[str] = []
    top, width = 1.0, 0.0
    for grid in scene.grids:
        head = HEAD if grid.title or grid.column_labels else 0
        parts += _grid(grid, top + head, played, best)
        top += head + grid.rows * STEP + GAP
        width = max(width, grid.columns * STEP, LETTER * len(grid.title))
    if not scene.grids:
        parts.append(_text(scene.notation, 4, 24, "mark", anchor="start"))
        top, width = 46, 12 + LETTER * len(scene.notation)
    size = f'width="{width + 2:.0f}" height="{top - GAP + 2:.0f}"'
    box = f'viewBox="0 0 {width + 2:.0f} {top - GAP + 2:.0f}"'
    name = escape(scene.notation)
    return f'<svg class="board" role="img" aria-label="{name}" {size} {box}>{"".join(parts)}</svg>'


def _grid(grid: Grid, top: float, played: str, best: Collection[str]) -> Iterator[str]:
    if grid.title and not grid.column_labels:
        yield _text(grid.title, 1, top - 10, "label", anchor="start")
    for column, label in enumerate(grid.column_labels):
        word = _word(label, played, best)
        middle = 1 + (column + 0.5) * STEP
        yield _text(label, middle, top - 17, f"label {word}")
        if word:
            yield _text(word, middle, top - 5, f"word {word}")
    for index, cell in enumerate(grid.cells):
        row, column = divmod(index, grid.columns)
        yield from _cell(cell, 1 + column * STEP, top + row * STEP, _word(cell.label, played, best))


def _word(label: str, played: str, best: Collection[str]) -> str:
    if not label:
        return ""
    return "played" if label == played else "best" if label in best else ""


def _cell(cell: Cell, left: float, top: float, word: str) -> Iterator[str]:
    kind = " ".join(
        name for name in ("cell", "lit" if cell.lit else "", word if not cell.mark else "") if name
    )
    yield f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{STEP}" height="{STEP}"/>'
    x, y = left + STEP / 2, top + STEP / 2
    if cell.mark == "X":
        arm = STEP * 0.27
        yield f'<path class="first" d="M{x - arm:g} {y - arm:g}L{x + arm:g} {y + arm:g}'
        yield f'M{x + arm:g} {y - arm:g}L{x - arm:g} {y + arm:g}"/>'
    elif cell.mark == "O":
        yield f'<circle class="second" cx="{x:g}" cy="{y:g}" r="{STEP * 0.29:g}"/>'
    elif cell.mark:
        yield _text(cell.mark, x, y + 6, "mark", room=STEP - 4)
    elif cell.label:
        yield _text(cell.label, x, y + (0 if word else 4), f"label {word}", room=STEP - 6)
        if word:
            yield _text(word, x, y + 14, f"word {word}")


def _text(text: str, x: float, y: float, kind: str, *, anchor: str = "middle", room: float = 0) -> str:
    fit = f' textLength="{room:g}" lengthAdjust="spacingAndGlyphs"' if 0 < room < LETTER * len(text) else ""
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
    return f'<text class="{kind.strip()}" {place}{fit}>{escape(text)}</text>'
