"""The strip under the match that is shown: how far the run is, how fast, who leads; and the help over all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from arena.replay.layout import Area, layout_of
from arena.report.safe_text import one_line
from arena.watch.controls import HINT, KEYS, Control
from renderers.shapes import Box, Shape, Words

ROWS = 4
"""Players of the table that there is room for."""
LINES = 8.0
"""Height of the strip, in letters."""
LARGEST_SHARE = 0.3
"""Of the window; the match needs the rest."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is."""

    over: int = 0
    total: int = 0
    progress: str = "waiting for a run ..."
    """Matches, pace and time left, in words."""
    rows: tuple[tuple[str, float, int], ...] = ()
    """Players with their points and matches, the best first."""
    told: tuple[str, ...] = ()
    """Faults, and that nobody plays."""
    number: int = 0
    """Of the match that is shown."""


def split(width: int, height: int) -> tuple[int, int]:
    """The height of the strip, and of its letters."""
    letter = layout_of(width, height).letter
    return int(min(letter * LINES, height * LARGEST_SHARE)), letter


def strip(standing: Standing, control: Control, doing: str, area: Area) -> Iterator[Shape]:
    """Progress and what is being done on the left, the table of points on the right."""
    line = area.height / LINES
    left = Area(area.left + line, area.top + line * 0.7, area.width * 0.56 - line, area.height - line)
    yield Box(area.left, area.top, area.width, 1, fill="rule")
    yield from _bar(standing, Area(*left[:3], line * 0.8))
    told = "   ".join(one_line(text, 200) for text in standing.told)
    rows = ((standing.progress, "ink"), (told, "warn"), (_doing(standing, control, doing), "ink"))
    for number, (text, role) in enumerate((*rows, (HINT, "faint"))):
        y = left.top + line * (1.7 + 1.5 * number)
        yield Words(text, left.left, y, line * 0.95, role, left.width, left=True)
    x = left.right + line * 2
    yield from _table(standing, Area(x, left.top, area.right - x - line, left.height), line)


def _bar(standing: Standing, area: Area) -> Iterator[Shape]:
    done = min(1.0, standing.over / standing.total) if standing.total else 0.0
    yield Box(*area, fill="panel", stroke="rule", thick=1)
    if done:
        yield Box(area.left, area.top, area.width * done, area.height, fill="second")


def _doing(standing: Standing, control: Control, doing: str) -> str:
    """Which match it is, and whether it goes on: '||' stands where it does not."""
    match = f"match {standing.number}   " if standing.number else ""
    if control.paused:
        return f"{match}|| paused (space goes on)"
    return f"{match}{doing}   {control.speed:g} a second"


def _table(standing: Standing, area: Area, line: float) -> Iterator[Shape]:
    """The best players; how many more there are."""
    more = len(standing.rows) - ROWS
    head = f"points of the first {ROWS} of {len(standing.rows)} players" if more > 0 else "points"
    if standing.rows:
        yield Words(head, area.left, area.top + line * 0.4, line * 0.9, "faint", area.width, left=True)
    for number, (name, points, played) in enumerate(standing.rows[:ROWS]):
        y = area.top + line * (1.7 + 1.5 * number)
        yield Words(f"{points:g} of {played}", area.left, y, line, "ink", line * 6, left=True)
        room = area.width - line * 6.5
        yield Words(one_line(name, 60), area.left + line * 6.5, y, line, "ink", room, left=True)


def help_panel(width: int, height: int, letter: int) -> Iterator[Shape]:
    """The keys, over everything."""
    wide, high = min(width, letter * 30), letter * 1.8 * (len(KEYS) + 2)
    left, top = (width - wide) / 2, (height - high) / 2
    yield Box(left, top, wide, high, fill="ground", stroke="ink", thick=2)
    yield Words("Keys", left + letter, top + letter * 1.6, letter * 1.3, "ink", wide, left=True)
    for number, (key, does) in enumerate(KEYS.items()):
        y = top + letter * 1.8 * (number + 2)
        yield Words(key, left + letter, y, letter, "ink", letter * 6, left=True)
        yield Words(does, left + letter * 8, y, letter, "ink", wide - letter * 9, left=True)
