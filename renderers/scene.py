"""The plain data between a state and every output, so that text and pictures can't disagree."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from games.base import Game
from games.layout import Cell, Grid

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen: grids of cells, what changed last, and words around them."""

    notation: str
    """The state in one line."""
    grids: tuple[Grid, ...] = ()
    changed: frozenset[tuple[int, int]] = frozenset()
    """(grid, cell) of what the last ply changed."""
    caption: str = ""


def scene_of(game: Game[S], state: S, *, before: S | None = None, caption: str = "") -> Scene:
    """The scene of a state; with the state before it, what the last ply changed is marked."""
    grids = game.layout(state)
    old = grids if before is None else game.layout(before)
    changed = {
        (g, c)
        for g, (new_grid, old_grid) in enumerate(zip(grids, old, strict=False))
        for c, (new, was) in enumerate(zip(new_grid.cells, old_grid.cells, strict=False))
        if new.mark != was.mark
    }
    return Scene(game.format_state(state), grids, frozenset(changed), caption)


def with_notes(scene: Scene, notes: Mapping[str, str]) -> Scene:
    """The scene with texts in place of the labels they are keyed by: {'5': 'draw'} writes into empty cell 5.

    A board whose actions are columns gets the notes above its columns.
    """
    return replace(scene, grids=tuple(_noted(grid, notes) for grid in scene.grids))


def _noted(grid: Grid, notes: Mapping[str, str]) -> Grid:
    cells = tuple(_noted_cell(cell, notes) for cell in grid.cells)
    columns = tuple(notes.get(label, label) for label in grid.column_labels)
    return replace(grid, cells=cells, column_labels=columns)


def _noted_cell(cell: Cell, notes: Mapping[str, str]) -> Cell:
    return cell if cell.mark or cell.label not in notes else replace(cell, label=notes[cell.label])
