"""Where things lie on a board: plain data that every renderer draws from.

A game that has a board says in `Game.layout` which mark lies in which cell and which action goes there.
It says nothing of colours, fonts or pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

EMPTY = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a grid."""

    mark: str = EMPTY
    """What lies there, as one short word ('X', 'O', '3'); '' when empty."""
    label: str = EMPTY
    """The notation of the place, shown in an empty cell ('5'); '' when it has none."""
    lit: bool = False
    """Part of what decided the game (a completed line)."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of cells, row-major from the top left."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    title: str = ""
    """Names the grid where a board has several ('layer 1')."""
    column_labels: tuple[str, ...] = ()
    """Notation of the columns, shown above them; for games in which a column is what one plays."""

    def __post_init__(self) -> None:
        if len(self.cells) != self.rows * self.columns:
            raise ValueError(f"{self.rows}x{self.columns} grid with {len(self.cells)} cells")
