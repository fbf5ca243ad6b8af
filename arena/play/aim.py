"""From the places of a board to the actions that lie there: what a click means.

A click takes one place. Where several actions begin with the places taken so far, they are what is left to
choose from: on the board, from the chips beside it, or by clicking the same place again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from arena.replay.layout import Area
from games.base import Game
from renderers.scene import Scene
from renderers.shapes import Placed, places_of

Path: TypeAlias = tuple[str, ...]
"""Labels of the places that have been clicked, in order."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A legal action, and the places of the board on which it lies."""

    name: str
    """Its notation."""
    places: Path
    """Labels; () where it lies nowhere on this board."""


class Clicked(NamedTuple):
    """What a click came to."""

    path: Path
    """The places that are taken now."""
    name: str | None = None
    """The action that was chosen by it."""


def choices(game: Game[Any], names: Iterable[str], labels: Collection[str]) -> tuple[Choice, ...]:
    """The actions with their places on a board that has these labels."""
    found = ((name, game.where(name)) for name in names)
    return tuple(Choice(name, where if set(where) <= set(labels) else ()) for name, where in found)


def aimed(among: Iterable[Choice], path: Path) -> tuple[Choice, ...]:
    """The actions that begin with the places taken; all where none is."""
    return tuple(choice for choice in among if choice.places[: len(path)] == path)


def clicked(among: tuple[Choice, ...], path: Path, label: str) -> Clicked:
    """One more place; the same one again plays the action that ends there, or puts it back."""
    if path and label == path[-1]:
        ends = [choice for choice in among if choice.places == path]
        return Clicked((), ends[0].name if len(ends) == 1 else None)
    for longer in ((*path, label), (label,)):
        found = aimed(among, longer)
        if len(found) == 1 and found[0].places == longer:
            return Clicked((), found[0].name)
        if found:
            return Clicked(longer)
    return Clicked(())


def open_places(among: tuple[Choice, ...], path: Path) -> frozenset[str]:
    """The labels that one may click next."""
    found = aimed(among, path)
    return frozenset(choice.places[len(path)] for choice in found if len(choice.places) > len(path))


def labels_of(scene: Scene) -> frozenset[str]:
    """Every label of a cell or a column."""
    cells = (cell.label for grid in scene.grids for cell in grid.cells)
    columns = (label for grid in scene.grids for label in grid.column_labels)
    return frozenset(filter(None, (*cells, *columns)))


def areas_of(scene: Scene, board: Area, margin: float, *, headed: bool = False) -> Iterator[tuple[str, Area]]:
    """Where each label lies in the window, cells before columns, which reach over all of their cells.

    Headed columns reach over their names as well.
    """
    placed = places_of(scene, board.width, board.height, labels=True, margin=margin)
    for grid, place in zip(scene.grids, placed, strict=True):
        for number, cell in enumerate(grid.cells):
            if cell.label:
                yield cell.label, cell_area(place, number, board)
    for grid, place in zip(scene.grids, placed, strict=True):
        for number, label in enumerate(grid.column_labels):
            if label:
                yield label, _column(place, number, board, margin if headed else 0)


def cell_area(place: Placed, cell: int, board: Area) -> Area:
    """Where a cell of a grid lies in the window."""
    left, top, side = place.spot(cell)
    return Area(board.left + left, board.top + top, side, side)


def _column(place: Placed, number: int, board: Area, heading: float) -> Area:
    left, top, side = place.spot(number)
    return Area(board.left + left, board.top + top - heading, side, heading + side * place.rows)


def label_at(
    areas: Iterable[tuple[str, Area]], wanted: Collection[str], point: tuple[float, float]
) -> str | None:
    """The label under a point; one of those that are wanted before another."""
    under = [label for label, area in areas if area.holds(*point)]
    return next((label for label in under if label in wanted), next(iter(under), None))
