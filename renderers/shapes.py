"""A Scene as shapes: lines, rings and words in a box, each with the role of its colour.

Pictures, windows and web pages paint these and decide nothing, so that a board looks the same everywhere.
Marks are told apart by shape, and what is said of an action by a word, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from games.layout import Cell, Grid
from renderers.forms import Box as Box
from renderers.forms import Line as Line
from renderers.forms import Placed as Placed
from renderers.forms import Point as Point
from renderers.forms import Ring as Ring
from renderers.forms import Shape as Shape
from renderers.forms import Spot as Spot
from renderers.forms import Words as Words
from renderers.forms import moved as moved
from renderers.scene import Scene, Sign
from renderers.signs import ROLE_OF_TONE as ROLE_OF_TONE
from renderers.signs import signed

TITLE_LETTERS, TITLE_LINES = 44, 20
"""Longest line of a title, and how many lines of titles would fill a picture."""


def shapes_of(
    scene: Scene,
    width: float,
    height: float,
    *,
    labels: bool = False,
    thinnest: float = 1.0,
    margin: float | None = None,
) -> Iterator[Shape]:
    """The shapes of a scene in a box at (0, 0), back to front; lengths in the units of the box.

    The margin around each grid, in which columns are named, is a part of the box if none is given.
    """
    return _Artist(labels, thinnest, margin).scene(scene, width, height)


def places_of(
    scene: Scene, width: float, height: float, *, labels: bool = False, margin: float | None = None
) -> tuple[Placed, ...]:
    """Where shapes_of draws each grid of a scene, for whoever asks what lies under a point."""
    artist = _Artist(labels, 1.0, margin)
    share = artist.share(scene, width, height)
    return tuple(artist.placed(grid, number * share, width, share) for number, grid in enumerate(scene.grids))


@dataclass(frozen=True, slots=True)
class _Artist:
    """How everything is drawn."""

    labels: bool
    """Whether empty cells and columns say their notation."""
    thinnest: float
    margin: float | None

    def scene(self, scene: Scene, width: float, height: float) -> Iterator[Shape]:
        footer = width // 12 if scene.caption else 0
        if not scene.grids:
            yield Words(scene.notation, width / 2, (height - footer) / 2, width // 12, "ink", width)
        share = self.share(scene, width, height)
        for number, grid in enumerate(scene.grids):
            changed = {cell for where, cell in scene.changed if where == number}
            signs = [sign for sign in scene.signs if number in {g for g, _ in sign.cells + sign.columns}]
            yield from self.grid(grid, changed, signs, number * share, width, share)
        if footer:
            yield Words(scene.caption, width / 2, height - footer / 2, width // 22, "ink", width)

    def share(self, scene: Scene, width: float, height: float) -> float:
        """The height that each grid gets."""
        return (height - (width // 12 if scene.caption else 0)) / max(len(scene.grids), 1)

    def placed(self, grid: Grid, top: float, width: float, height: float) -> Placed:
        margin, heading = self.margins(grid, width, height)
        step = min((width - 2 * margin) / grid.columns, (height - 2 * margin - heading) / grid.rows)
        left = (width - step * grid.columns) / 2
        return Placed(
            left, top + heading + (height - heading - step * grid.rows) / 2, step, grid.rows, grid.columns
        )

    def margins(self, grid: Grid, width: float, height: float) -> tuple[float, float]:
        """What is left free around a grid, and above it for its title and the names of its columns."""
        margin = self.margin or min(width, height) / 14
        lines = len(wrap(grid.title, TITLE_LETTERS))
        return margin, lines * width / TITLE_LINES + self.names_columns(grid) * margin

    def names_columns(self, grid: Grid) -> bool:
        """Whether room is left above a grid for the names of its columns."""
        return bool(grid.column_labels) and (self.labels or not grid.title)

    def grid(
        self, grid: Grid, changed: set[int], signs: list[Sign], top: float, width: float, height: float
    ) -> Iterator[Shape]:
        place, named = self.placed(grid, top, width, height), self.names_columns(grid)
        margin, _ = self.margins(grid, width, height)
        left, top, step = place.left, place.top, place.step
        yield from _title(wrap(grid.title, TITLE_LETTERS), top - named * margin, width)
        if named and self.labels:
            yield from self.column_labels(grid, left, top, step, min(margin * 0.7, step * 0.4))
        spots = [place.spot(cell) for cell in range(len(grid.cells))]
        for index, (cell, spot) in enumerate(zip(grid.cells, spots, strict=True)):
            yield from self.cell(cell, spot, index in changed)
        yield from self.rules(grid, left, top, step)
        for sign in signs:
            yield from signed(sign, place, changed, margin)

    def column_labels(self, grid: Grid, left: float, top: float, step: float, size: float) -> Iterator[Shape]:
        for column, label in enumerate(grid.column_labels):
            yield Words(label, left + (column + 0.5) * step, top - int(size), size, "faint", step)

    def rules(self, grid: Grid, left: float, top: float, step: float) -> Iterator[Shape]:
        thick = max(round(step / 40), self.thinnest)
        right, bottom = left + step * grid.columns, top + step * grid.rows
        for column in range(grid.columns + 1):
            x = left + column * step
            yield Line((x, top), (x, bottom), "ink", thick)
        for row in range(grid.rows + 1):
            y = top + row * step
            yield Line((left, y), (right, y), "ink", thick)

    def cell(self, cell: Cell, spot: Spot, changed: bool) -> Iterator[Shape]:
        left, top, step = spot
        if cell.lit or changed:
            yield Box(left, top, step, step, fill="lit" if cell.lit else "changed")
        x, y = left + step / 2, top + step / 2
        if cell.mark == "X":
            arm = step * 0.29
            for slope in (1, -1):
                start, end = (x - arm, y - slope * arm), (x + arm, y + slope * arm)
                yield Line(start, end, "first", round(step * 0.1), rounded=True)
        elif cell.mark == "O":
            yield Ring(x, y, step * 0.34, "second", round(step * 0.1))
        elif cell.mark:
            yield Words(cell.mark, x, y, step * 0.5, "ink", step)
        elif self.labels and cell.label:
            yield Words(cell.label, x, y, step * 0.28, "faint", step)


def _title(lines: list[str], bottom: float, width: float) -> Iterator[Shape]:
    """The lines above a grid, which say what it shows: as large above three grids as above one."""
    height = width / TITLE_LINES
    for number, line in enumerate(reversed(lines)):
        y = bottom - (number + 0.6) * height
        yield Words(line, width / 2, y, height * 0.7, "ink", width)
