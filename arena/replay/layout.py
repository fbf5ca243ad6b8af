"""Where the parts of a replay stand in a window of any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Area(NamedTuple):
    """A rectangle, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of the window; the board on the left, words on the right, the course of the match below."""

    letter: int
    """Height of a letter; all else follows from it."""
    header: Area
    bar: Area
    board: Area
    told: Area
    moves: Area
    tabs: Area
    pane: Area
    course: Area
    footer: Area


SMALLEST = (480, 360)
"""In a window that is smaller no part would be readable."""
NARROW = 0.8
"""With less width than this share of the height, the words stand below the board."""

HEADING, ROW = 1.6, 1.85
"""Heights of the heading of the actions, and of a row of them, in letters."""


def layout_of(width: int, height: int, rows: int = 4) -> Layout:
    """The layout of a window, with room for so many rows of actions if that is not too much."""
    letter = int(min(max(min(width * 0.6, height) / 44, 11), 40))
    gap = letter
    header = Area(gap, gap * 0.6, width - 2 * gap, letter * 3.1)
    footer = Area(gap, height - letter * 2, width - 2 * gap, letter * 1.6)
    course = Area(gap, footer.top - letter * 3.2, width - 2 * gap, letter * 2.8)
    top = header.bottom + gap * 0.5
    middle = Area(gap, top, width - 2 * gap, course.top - top - gap * 0.6)
    if width < NARROW * height:
        board = Area(gap + letter * 2, middle.top, middle.width - letter * 2, middle.height * 0.55)
        words = Area(gap, board.bottom + gap, middle.width, middle.bottom - board.bottom - gap)
    else:
        side = min(middle.height, middle.width * 0.56)
        board = Area(gap + letter * 2, middle.top, side, middle.height)
        words = Area(
            board.right + gap * 1.5, middle.top, middle.right - board.right - gap * 1.5, middle.height
        )
    return _with_words(letter, header, board, words, course, footer, rows)


def _with_words(
    letter: int, header: Area, board: Area, words: Area, course: Area, footer: Area, rows: int
) -> Layout:
    """What was done, then the values of all actions, then what the players said."""
    told = Area(words.left, words.top, words.width, min(letter * 11, words.height * 0.36))
    wanted = letter * (HEADING + rows * ROW + 0.3)
    moves = Area(words.left, told.bottom, words.width, min(wanted, words.height * 0.28))
    tabs = Area(words.left, moves.bottom, words.width, letter * 2.2)
    pane = Area(words.left, tabs.bottom, words.width, max(words.bottom - tabs.bottom, 0))
    bar = Area(board.left - letter * 2, board.top, letter * 1.2, board.height)
    return Layout(letter, header, bar, board, told, moves, tabs, pane, course, footer)


def in_a_row(area: Area, count: int, widest: float) -> list[Area]:
    """So many equal areas beside each other, from the left."""
    width = min(widest, area.width / max(count, 1))
    return [Area(area.left + n * width, area.top, width, area.height) for n in range(count)]
