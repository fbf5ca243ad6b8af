"""The help that lies over a replay: keys, mouse, and what the signs mean; written from the table of keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from arena.replay.keys import MOUSE, keys_of_wishes
from arena.replay.layout import Area
from renderers.shapes import Box, Shape, Words

SIGNS = {
    "W3, D, L2": "with best play: a win in 3 plies, a draw, a loss in 2",
    "+0.5": "points that may be expected from here on",
    "regret": "what the action gave away; 0 is optimal",
    "BLUNDER": "a win became a draw or a loss, or a draw a loss",
    "best": "broken frame: no action was better",
    "illegal": "broken frame: tried, and refused",
    "bar on the left": "what the seat at its foot may expect",
}
"""What is written on a board -> what it means."""


ROW = 1.4
"""Height of a row, in letters."""
READABLE, MOST = 9, 36
"""Heights of letters in pixels: what is smaller is arranged otherwise, and larger they need not be."""


class Column(NamedTuple):
    """Rows below each other; one without words on the right is a heading."""

    rows: tuple[tuple[str, str], ...]
    split: float
    """Where the words on the right begin, in letters."""
    width: float
    """In letters."""


def help_shapes(width: float, height: float) -> Iterator[Shape]:
    """A panel over everything, arranged so that it can be read."""
    letter, columns = _arranged(width, height)
    wide = letter * (sum(column.width for column in columns) + 1)
    high = letter * ROW * (_rows(columns) + 1)
    panel = Area((width - wide) / 2, (height - high) / 2, wide, high)
    yield Box(*panel, fill="ground", stroke="ink", thick=2)
    left = panel.left + letter
    for column in columns:
        yield from _column(column, Area(left, panel.top, letter * (column.width - 1), high), letter)
        left += letter * column.width


def _arranged(width: float, height: float) -> tuple[float, tuple[Column, ...]]:
    """Two columns, or one where it is narrow, or the keys alone where it is small."""
    keys = (("Keys", ""), *((key, wish.value) for key, wish in keys_of_wishes()))
    signs = (("Mouse", ""), *MOUSE.items(), ("Signs", ""), *SIGNS.items())
    ways = (
        (Column(keys, 8, 28), Column(signs, 14.5, 44)),
        (Column((*keys, *signs), 14.5, 44),),
        (Column(keys, 8, 28),),
    )
    sizes = [
        min(height / ROW / (_rows(way) + 2), width / (sum(column.width for column in way) + 2), MOST)
        for way in ways
    ]
    best = next((n for n, size in enumerate(sizes) if size >= READABLE), sizes.index(max(sizes)))
    return sizes[best], ways[best]


def _rows(columns: tuple[Column, ...]) -> int:
    return max(len(column.rows) for column in columns)


def _column(column: Column, area: Area, letter: float) -> Iterator[Shape]:
    for number, (left, right) in enumerate(column.rows):
        y = area.top + (number + 1) * letter * ROW
        if not right:
            yield Words(left, area.left, y, letter * 1.2, "ink", area.width, left=True)
            continue
        key = Area(area.left, y - letter * 0.6, (column.split - 0.6) * letter, letter * 1.2)
        yield Box(*key, fill="panel")
        yield Words(left, key.left + letter * 0.3, y, letter * 0.95, "ink", key.width, left=True)
        room = area.width - column.split * letter
        yield Words(right, area.left + column.split * letter, y, letter, "ink", room, left=True)
