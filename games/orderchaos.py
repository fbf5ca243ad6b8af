"""Order and Chaos, small: both seats put X or O; Order wants a line of equal marks, Chaos wants none.

    1 2 3
    4 5 6        'X5' and 'O5' put a mark on cell 5 (an action's int is 2 * (cell - 1), + 1 for O)
    7 8 9

Stephen Sniderman (1981) on 6x6 with five in a row; here a line spans the board unless k says otherwise, and a
longer line counts too. State notation: rows from the top, '/' between rows, '.' for empty: 'X.O/.../...'.
Who moves next follows from the number of marks.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.boards import Size, lines, permute, symmetries
from games.k_in_a_row import MARKS, Marks
from games.layout import Cell, Grid
from games.notation import join_rows, split_rows

ORDER, CHAOS = "Order", "Chaos"


@dataclass(frozen=True)
class OrderAndChaos(SequentialGame[Marks]):
    """Order and Chaos on a square board."""

    size: int = 3
    """Rows and columns."""
    k: int = 3
    """Equal marks in a line that Order needs."""
    first: str = "order"
    """Who moves first: order or chaos."""

    name: ClassVar[str] = "orderchaos"
    draws: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not 2 <= self.size <= 6 or not 2 <= self.k <= self.size:
            raise ParameterError(f"{self.spec}: size is 2 to 6, and k is 2 to size")
        if self.first not in ("order", "chaos"):
            raise ParameterError(f"{self.spec}: first is order or chaos, not {self.first!r}")

    @property
    def title(self) -> str:
        return f"Order and Chaos on {self.size}x{self.size}, {self.k} in a row, {self.seat_names[0]} first"

    @property
    def seat_names(self) -> tuple[str, ...]:
        return (ORDER, CHAOS) if self.first == "order" else (CHAOS, ORDER)

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"The board has {self.size} rows and {self.size} columns.",
            f"Two players move in turn: Order and Chaos. {self.seat_names[0]} moves first.",
            "In each turn the player puts an X or an O, whichever they like, into an empty cell.",
            f"As soon as there is a line of {self.k} equal marks, horizontally, vertically or diagonally, "
            "Order wins, whoever completed it, and the game is over.",
            "If the board is full and there is no such line, Chaos wins, and the game is over.",
            "There are no draws.",
        )

    @property
    def action_noun(self) -> str:
        return "mark"

    @property
    def action_help(self) -> str:
        number = f"a cell number from 1 to {self.cells}, counted row by row from the top left"
        return f"a mark and {number}, like X1 or O{self.cells}"

    # The board, worked out once

    @property
    def cells(self) -> int:
        return self.size * self.size

    @property
    def max_plies(self) -> int:
        return self.cells

    @cached_property
    def board(self) -> Size:
        return Size(1, self.size, self.size)

    @cached_property
    def lines(self) -> tuple[int, ...]:
        return lines(self.board, self.k)

    @cached_property
    def order(self) -> Seat:
        """The seat of Order."""
        return self.seat_names.index(ORDER)

    # Play

    def initial_state(self) -> Marks:
        return Marks(0, 0)

    def seat_to_move(self, state: Marks) -> Seat:
        return state.plies % 2

    def actions(self, state: Marks) -> tuple[Action, ...]:
        if self.completed_line(state):
            return ()
        empty = (cell for cell in range(self.cells) if not state.taken >> cell & 1)
        return tuple(action for cell in empty for action in (2 * cell, 2 * cell + 1))

    def next_state(self, state: Marks, action: Action) -> Marks:
        cell, mark = divmod(action, 2)
        if not 0 <= cell < self.cells:
            raise self.illegal(state, action, "there is no such cell")
        if state.taken >> cell & 1:
            raise self.illegal(state, action, "the cell is taken")
        if self.completed_line(state):
            raise self.illegal(state, action, "the game is over")
        bit = 1 << cell
        return Marks(state.x, state.o | bit) if mark else Marks(state.x | bit, state.o)

    def outcome(self, state: Marks) -> Outcome | None:
        if self.completed_line(state):
            winner, reason = self.order, f"there is a line of {self.k}, so Order wins"
        elif state.plies == self.cells:
            winner, reason = 1 - self.order, f"the board is full without a line of {self.k}, so Chaos wins"
        else:
            return None
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), reason)

    def completed_line(self, state: Marks) -> int:
        """The cells of the completed lines as a bit set, 0 where there is none."""
        found = 0
        for line in self.lines:
            if state.x & line == line or state.o & line == line:
                found |= line
        return found

    # Text

    def format_action(self, state: Marks, action: Action) -> str:
        return f"{MARKS[action % 2]}{action // 2 + 1}"

    def parse_action(self, state: Marks, text: str) -> Action:
        match = re.fullmatch(r"([XxOo])([1-9][0-9]?)", text, re.ASCII)
        if match is None or int(match[2]) > self.cells:
            raise self.not_an_action(state, text)
        return 2 * (int(match[2]) - 1) + MARKS.index(match[1].upper())

    def where(self, notation: str) -> tuple[str, ...]:
        return (notation[1:],)

    def format_state(self, state: Marks) -> str:
        return join_rows([self._mark(state, cell) or "." for cell in range(self.cells)], self.size)

    def _mark(self, state: Marks, cell: int) -> str:
        return MARKS[0] if state.x >> cell & 1 else MARKS[1] if state.o >> cell & 1 else ""

    def parse_state(self, text: str) -> Marks:
        letters = split_rows(self, text, text, self.board, MARKS + ".")
        x, o = (sum(1 << i for i, letter in enumerate(letters) if letter == mark) for mark in MARKS)
        state = Marks(x, o)
        if self.completed_line(state) and not any(self._lineless_before(state)):
            raise self.impossible(text, "the game was over before the last mark")
        return state

    def _lineless_before(self, state: Marks) -> Iterator[bool]:
        for cell in range(self.cells):
            bit = 1 << cell
            if state.taken & bit:
                yield not self.completed_line(Marks(state.x & ~bit, state.o & ~bit))

    # Drawing and symmetry

    def layout(self, state: Marks) -> tuple[Grid, ...]:
        lit = self.completed_line(state)
        cells = (
            Cell(self._mark(state, cell), str(cell + 1), bool(lit >> cell & 1)) for cell in range(self.cells)
        )
        return (Grid(self.size, self.size, tuple(cells)),)

    @cached_property
    def _symmetries(self) -> tuple[tuple[int, ...], ...]:
        return symmetries(self.board)

    def images(self, state: Marks) -> Iterator[Image[Marks]]:
        """Turns and mirrors of the board, each also with X and O exchanged, as both seats may put both."""
        for symmetry in self._symmetries:
            x, o = permute(state.x, symmetry), permute(state.o, symmetry)
            yield Image(Marks(x, o), partial(_map_action, symmetry, 0))
            yield Image(Marks(o, x), partial(_map_action, symmetry, 1))

    def canonical_key(self, state: Marks) -> Hashable:
        return min((image.state.x, image.state.o) for image in self.images(state))


def _map_action(symmetry: tuple[int, ...], swap: int, action: Action) -> Action:
    return 2 * symmetry[action // 2] + (action % 2 ^ swap)
