"""Geometry of rectangular boards: lines of cells and symmetries, on bit sets and cell numbers.

Cells are numbered row by row from the top left, layer after layer: (layer * rows + row) * columns + column.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple


class Size(NamedTuple):
    """The extent of a board; flat boards have one layer."""

    layers: int
    rows: int
    columns: int

    @property
    def cells(self) -> int:
        return self.layers * self.rows * self.columns

    def cell(self, layer: int, row: int, column: int) -> int:
        return (layer * self.rows + row) * self.columns + column

    def place(self, number: int) -> tuple[int, int, int]:
        """(layer, row, column) of a cell; the inverse of `cell`."""
        layer, rest = divmod(number, self.rows * self.columns)
        return (layer, *divmod(rest, self.columns))


def lines(size: Size, k: int) -> tuple[int, ...]:
    """Every straight line of k cells, along axes and diagonals, as bit sets.

    >>> [bin(line) for line in lines(Size(1, 2, 2), 2)][:2]
    ['0b11', '0b101']
    """
    directions = [d for d in itertools.product((-1, 0, 1), repeat=3) if d > (0, 0, 0)]
    found: dict[int, None] = {}
    for start in itertools.product(*map(range, size)):
        for step in directions:
            cells = [
                (start[0] + i * step[0], start[1] + i * step[1], start[2] + i * step[2]) for i in range(k)
            ]
            if all(0 <= p < extent for cell in cells for p, extent in zip(cell, size, strict=True)):
                found[sum(1 << size.cell(*cell) for cell in cells)] = None
    return tuple(found)


def symmetries(size: Size, *, upright: bool = False) -> tuple[tuple[int, ...], ...]:
    """Every symmetry as a tuple cell -> cell, the identity first; upright: rows keep their order."""
    found: dict[tuple[int, ...], None] = {}
    for axes in itertools.permutations(range(3)):
        if tuple(size[a] for a in axes) != size or (upright and axes != (0, 1, 2)):
            continue
        for flips in itertools.product((False, True), repeat=3):
            if not (upright and flips[1]):
                found[tuple(_moved(size, cell, axes, flips) for cell in range(size.cells))] = None
    return tuple(found)


def _moved(size: Size, cell: int, axes: tuple[int, ...], flips: tuple[bool, ...]) -> int:
    turned = [size.place(cell)[a] for a in axes]
    layer, row, column = (e - 1 - p if flip else p for p, e, flip in zip(turned, size, flips, strict=True))
    return size.cell(layer, row, column)


def permute(cells: int, symmetry: tuple[int, ...]) -> int:
    """A bit set of cells after a symmetry."""
    moved = 0
    while cells:
        low = cells & -cells
        moved |= 1 << symmetry[low.bit_length() - 1]
        cells ^= low
    return moved
