"""The few shapes that boards, windows and cards are made of, and where grids lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from renderers.theme import Role

Point: TypeAlias = tuple[float, float]


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
