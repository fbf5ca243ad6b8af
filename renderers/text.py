"""A Scene as text, in the notations that prompts and terminals use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from games.layout import Grid
from renderers.scene import Scene


def rows(scene: Scene) -> str:
    """One line a row, marks with spaces between them, '-' where a cell is empty."""
    return _each_grid(scene, _grid_rows)


def boxed(scene: Scene) -> str:
    """A ruled board; empty cells show their labels, columns theirs above."""
    return _each_grid(scene, _grid_boxed)


def coordinates(scene: Scene) -> str:
    """What lies where, as (row,column) counted from 1 at the top left, a line for each mark.

    The first line says so: actions name cells in another way.
    """
    if not scene.grids:
        return scene.notation
    each = " in each part" if len(scene.grids) > 1 else ""
    return f"(row,column), from (1,1) at the top left{each}:\n{_each_grid(scene, _grid_coordinates)}"


def line(scene: Scene) -> str:
    """The one-line notation of the state."""
    return scene.notation


VIEWS: Mapping[str, Callable[[Scene], str]] = {
    "rows": rows,
    "boxed": boxed,
    "coordinates": coordinates,
    "line": line,
}
"""The text views by name."""


def _each_grid(scene: Scene, draw: Callable[[Grid], str]) -> str:
    if not scene.grids:
        return scene.notation
    parts = [f"{grid.title}:\n{draw(grid)}" if grid.title else draw(grid) for grid in scene.grids]
    return "\n".join(parts)


def _grid_rows(grid: Grid) -> str:
    marks = [cell.mark or "-" for cell in grid.cells]
    width = max(map(len, marks))
    return "\n".join(
        " ".join(mark.ljust(width) for mark in marks[start : start + grid.columns]).rstrip()
        for start in range(0, len(marks), grid.columns)
    )


def _grid_boxed(grid: Grid) -> str:
    texts = [cell.mark or cell.label for cell in grid.cells]
    width = max(map(len, (*texts, *grid.column_labels)))
    rule = "+" + ("-" * (width + 2) + "+") * grid.columns
    lines = [_boxed_row(grid.column_labels, width, " ")] if grid.column_labels else []
    for start in range(0, len(texts), grid.columns):
        lines += [rule, _boxed_row(texts[start : start + grid.columns], width, "|")]
    return "\n".join([*lines, rule])


def _boxed_row(texts: tuple[str, ...] | list[str], width: int, edge: str) -> str:
    return (edge + edge.join(f" {text:^{width}} " for text in texts) + edge).rstrip()


def _grid_coordinates(grid: Grid) -> str:
    places: dict[str, list[str]] = {}
    for index, cell in enumerate(grid.cells):
        row, column = divmod(index, grid.columns)
        places.setdefault(cell.mark, []).append(f"({row + 1},{column + 1})")
    empty = places.pop("", [])
    lines = [f"{mark}: {' '.join(where)}" for mark, where in sorted(places.items(), reverse=True)]
    return "\n".join([*lines, f"empty: {' '.join(empty) or 'none'}"])
