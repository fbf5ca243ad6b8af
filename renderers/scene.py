"""The plain data between a state and every output, so that text and pictures can't disagree."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, TypeVar

from games.base import Game
from games.layout import Cell, Grid

S = TypeVar("S", bound=Hashable)
Where: TypeAlias = tuple[int, int]
"""A grid by its number, and one of its cells or columns."""


class Tone(StrEnum):
    """What is said of an action on the board; the word itself is what a picture says."""

    BEST = "best"
    """Not played, and none is better."""
    OPTIMAL = "optimal"
    WEAKER = "weaker"
    """The result is kept, but a win comes later or a loss sooner than it need."""
    REGRET = "regret"
    BLUNDER = "blunder"
    PLAYED = "played"
    """Without a verdict."""
    ILLEGAL = "illegal"
    """Tried and refused."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something said of an action where it lies on the board."""

    tone: Tone
    cells: tuple[Where, ...] = ()
    """Of a move the cell it leaves first, the cell it reaches last."""
    columns: tuple[Where, ...] = ()
    """For games in which a column is what one plays."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen: grids of cells, what changed last, and words around them."""

    notation: str
    """The state in one line."""
    grids: tuple[Grid, ...] = ()
    changed: frozenset[Where] = frozenset()
    """(grid, cell) of what the last ply changed."""
    caption: str = ""
    signs: tuple[Sign, ...] = ()
    """What is said of actions, the most important last."""


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


def with_signs(scene: Scene, signs: Iterable[tuple[Tone, tuple[str, ...]]]) -> Scene:
    """The scene with tones where actions lie that are named by labels of cells or columns (Game.where).

    What lies nowhere on the board is left out. To be called before with_notes, which writes over the labels.
    """
    cells = {
        cell.label: (g, c)
        for g, grid in enumerate(scene.grids)
        for c, cell in enumerate(grid.cells)
        if cell.label
    }
    columns = {
        label: (g, c) for g, grid in enumerate(scene.grids) for c, label in enumerate(grid.column_labels)
    }
    found = (
        Sign(
            tone,
            tuple(cells[place] for place in places if place in cells),
            tuple(columns[place] for place in places if place in columns and place not in cells),
        )
        for tone, places in signs
    )
    return replace(scene, signs=tuple(sign for sign in found if sign.cells or sign.columns))


def with_notes(scene: Scene, notes: Mapping[str, str]) -> Scene:
    """The scene with texts in place of the labels they are keyed by: {'5': 'draw'} writes into empty cell 5.

    A board whose actions are columns gets the notes above its columns; above a full one then stands nothing,
    for its number would look like a value.
    """
    return replace(scene, grids=tuple(_noted(grid, notes) for grid in scene.grids))


def _noted(grid: Grid, notes: Mapping[str, str]) -> Grid:
    cells = tuple(_noted_cell(cell, notes) for cell in grid.cells)
    labels = grid.column_labels
    told = grid.rows > 1 and any(label in notes for label in labels)  # in one row a label is its cell's name
    columns = tuple(
        notes.get(label, "" if told and _is_full(grid, n) else label) for n, label in enumerate(labels)
    )
    return replace(grid, cells=cells, column_labels=columns)


def _is_full(grid: Grid, column: int) -> bool:
    return all(cell.mark for cell in grid.cells[column :: grid.columns])


def _noted_cell(cell: Cell, notes: Mapping[str, str]) -> Cell:
    return cell if cell.mark or cell.label not in notes else replace(cell, label=notes[cell.label])
