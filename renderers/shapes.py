"""A Scene as shapes: lines, rings and words in a box, each with the role of its colour.

Pictures, windows and web pages paint these and decide nothing, so that a board looks the same everywhere.
Marks are told apart by shape, and what is said of an action by a word, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, sin
from textwrap import wrap
from typing import NamedTuple, TypeAlias

from games.layout import Cell, Grid
from renderers.scene import Scene, Sign, Tone
from renderers.theme import Role

Point: TypeAlias = tuple[float, float]
TITLE_LETTERS, TITLE_LINES = 44, 20
"""Longest line of a title, and how many lines of titles would fill a picture."""


@dataclass(frozen=True, slots=True)
class Box:
    """A filled or framed rectangle."""

    left: float
    top: float
    width: float
    height: float
    fill: Role | None = None
    stroke: Role | None = None
    thick: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """From one point to another."""

    start: Point
    end: Point
    role: Role
    thick: float
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle's line, inside of the radius."""

    x: float
    y: float
    radius: float
    role: Role
    thick: float


@dataclass(frozen=True, slots=True)
class Words:
    """Text centred on a point, or beginning there; the painter makes it smaller until it fits its room."""

    text: str
    x: float
    y: float
    size: float
    role: Role
    room: float
    left: bool = False
    """The text begins at x; y is its middle either way."""


Shape: TypeAlias = Box | Line | Ring | Words
Spot: TypeAlias = tuple[float, float, float]
"""Where a cell is: left, top and side."""


class Placed(NamedTuple):
    """Where a grid lies: its left, its top, the side of its cells, and how many there are."""

    left: float
    top: float
    step: float
    rows: int
    columns: int

    def spot(self, cell: int) -> Spot:
        """Where one of its cells is."""
        row, column = divmod(cell, self.columns)
        return self.left + column * self.step, self.top + row * self.step, self.step


def moved(shape: Shape, x: float, y: float) -> Shape:
    """The shape somewhere else."""
    match shape:  # written out: `replace` takes several times as long, and a board has a thousand shapes
        case Box(left, top, width, height, fill, stroke, thick):
            return Box(left + x, top + y, width, height, fill, stroke, thick)
        case Line((x1, y1), (x2, y2), role, thick, rounded):
            return Line((x1 + x, y1 + y), (x2 + x, y2 + y), role, thick, rounded)
        case Ring(across, down, radius, role, thick):
            return Ring(across + x, down + y, radius, role, thick)
        case Words(text, across, down, size, role, room, left):
            return Words(text, across + x, down + y, size, role, room, left)


ROLE_OF_TONE: dict[Tone, Role] = {
    Tone.BEST: "good",
    Tone.OPTIMAL: "good",
    Tone.WEAKER: "warn",
    Tone.REGRET: "bad",
    Tone.BLUNDER: "bad",
    Tone.ILLEGAL: "bad",
    Tone.PLAYED: "ink",
}


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
            yield from _signed(sign, spots, grid.rows)

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


def _signed(sign: Sign, spots: list[Spot], rows: int) -> Iterator[Shape]:
    """A frame and a word where the action lies; an arrow from where it begins."""
    ends = [spots[cell] for _, cell in sign.cells if cell < len(spots)]  # heaps come and go
    if len(ends) > 1:
        yield from _arrow(ends[0], ends[-1], ROLE_OF_TONE[sign.tone])
    for left, top, step in ends[-1:]:
        yield from _framed(sign.tone, left, top, step, step)
    for left, top, step in [spots[column] for _, column in sign.columns]:
        yield from _framed(sign.tone, left, top, step, rows * step)


def _title(lines: list[str], bottom: float, width: float) -> Iterator[Shape]:
    """The lines above a grid, which say what it shows: as large above three grids as above one."""
    height = width / TITLE_LINES
    for number, line in enumerate(reversed(lines)):
        y = bottom - (number + 0.6) * height
        yield Words(line, width / 2, y, height * 0.7, "ink", width)


def _framed(tone: Tone, left: float, top: float, width: float, height: float) -> Iterator[Shape]:
    """A frame and a word. Best and illegal are no moves that were made: their frames are broken lines."""
    role, unmade = ROLE_OF_TONE[tone], tone in (Tone.BEST, Tone.ILLEGAL)
    inset, thick = width * (0.09 if unmade else 0.04), max(1.0, width * (0.03 if unmade else 0.06))
    frame = Box(left + inset, top + inset, width - 2 * inset, height - 2 * inset, stroke=role, thick=thick)
    yield from _broken(frame, width / 10) if unmade else (frame,)
    # what was refused is said at the top, all else at the foot
    yield from _word(
        tone, left + width / 2, top + (width * 0.16 if tone is Tone.ILLEGAL else height - width * 0.16), width
    )


def _word(tone: Tone, x: float, y: float, width: float) -> Iterator[Shape]:
    """The word on a ground of its own, over whatever lies there."""
    text = tone.value.upper() if tone is Tone.BLUNDER else tone.value
    wide, high = min(0.86, 0.12 * len(text) + 0.08) * width, 0.21 * width
    yield Box(x - wide / 2, y - high / 2, wide, high, fill="ground")
    yield Words(text, x, y, width * 0.19, ROLE_OF_TONE[tone], wide)


def _broken(box: Box, dash: float) -> Iterator[Shape]:
    right, bottom = box.left + box.width, box.top + box.height
    corners = [
        (box.left, box.top),
        (right, box.top),
        (right, bottom),
        (box.left, bottom),
        (box.left, box.top),
    ]
    for start, end in pairwise(corners):
        yield from _dashes(start, end, dash, box.stroke or "ink", box.thick)


def _dashes(start: Point, end: Point, dash: float, role: Role, thick: float) -> Iterator[Shape]:
    length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    count = 2 * max(1, round(length / dash / 2)) + 1
    for number in range(0, count, 2):
        yield Line(_along(start, end, number / count), _along(start, end, (number + 1) / count), role, thick)


def _arrow(start: Spot, end: Spot, role: Role) -> Iterator[Shape]:
    """From one cell into another."""
    a, b, step = _middle(start), _middle(end), start[2]
    length = max(hypot(b[0] - a[0], b[1] - a[1]), step)
    # what lies in the two cells stays readable
    tail, tip = _along(a, b, 0.3 * step / length), _along(a, b, 1 - 0.4 * step / length)
    yield Line(tail, tip, role, step * 0.06, rounded=True)
    angle = atan2(tail[1] - tip[1], tail[0] - tip[0])
    for turn in (-0.5, 0.5):
        barb = (tip[0] + cos(angle + turn) * step * 0.2, tip[1] + sin(angle + turn) * step * 0.2)
        yield Line(tip, barb, role, step * 0.06, rounded=True)


def _middle(spot: Spot) -> Point:
    return spot[0] + spot[2] / 2, spot[1] + spot[2] / 2


def _along(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
