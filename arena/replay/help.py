"""The help that lies over a replay: keys, mouse, and what the signs mean; written from the table of keys."""

from __future__ import annotations

from collections.abc import Iterator

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


def help_shapes(width: float, height: float) -> Iterator[Shape]:
    """A panel over everything."""
    keys = [(key, wish.value) for key, wish in keys_of_wishes()]
    signs = [*MOUSE.items(), ("", ""), *SIGNS.items()]
    letter = min(height / (max(len(keys), len(signs)) + 7) / 1.4, width / 74)
    wide, high = min(width, letter * 72), letter * 1.4 * (max(len(keys), len(signs)) + 4)
    panel = Area((width - wide) / 2, (height - high) / 2, wide, high)
    yield Box(*panel, fill="ground", stroke="ink", thick=2)
    yield Words("Keys", panel.left + letter, panel.top + letter * 1.6, letter * 1.3, "ink", wide, left=True)
    middle = panel.left + wide * 0.42
    yield Words("Mouse and signs", middle, panel.top + letter * 1.6, letter * 1.3, "ink", wide / 2, left=True)
    yield from _pairs(keys, Area(panel.left + letter, panel.top, wide * 0.42 - letter * 2, high), 8, letter)
    yield from _pairs(signs, Area(middle, panel.top, panel.right - middle - letter, high), 14.5, letter)


def _pairs(pairs: list[tuple[str, str]], area: Area, split: float, letter: float) -> Iterator[Shape]:
    for number, (left, right) in enumerate(pairs):
        y = area.top + (number + 2.8) * letter * 1.4
        key = Area(area.left, y - letter * 0.6, (split - 0.6) * letter, letter * 1.2)
        yield Box(*key, fill="panel" if left else None)
        yield Words(left, key.left + letter * 0.3, y, letter * 0.95, "ink", key.width, left=True)
        room = area.width - split * letter
        yield Words(right, area.left + split * letter, y, letter, "ink", room, left=True)
