"""Notakto: both seats put an X; who completes a line on the last open board loses.

    1 2 3   10 11 12   19 20 21
    4 5 6   13 14 15   22 23 24     (an action's int is the cell's number - 1)
    7 8 9   16 17 18   25 26 27

A line of three closes its board: nobody plays there any more. Thane Plambeck and Greg Whitehead, "The Secrets
of Notakto" (2013). State notation: rows from the top, '/' between rows, '//' between boards: 'X../.../...'.
Who moves next follows from the number of marks.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.boards import Size, lines, permute, symmetries
from games.layout import Cell, Grid
from games.notation import join_rows, parse_number, split_rows

BOARD = Size(1, 3, 3)
LINES = lines(BOARD, 3)
SYMMETRIES = symmetries(BOARD)
CELLS, FULL = 9, 0b111_111_111
MARK = "X"


@dataclass(frozen=True, slots=True)
class Crosses:
    """The marks as a bit set: bit 9 * board + cell, both from 0."""

    marks: int


@dataclass(frozen=True)
class Notakto(SequentialGame[Crosses]):
    """Notakto on one to three boards of 3x3."""

    boards: int = 1

    name: ClassVar[str] = "notakto"
    draws: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not 1 <= self.boards <= 3:
            raise ParameterError(f"{self.spec}: 1 to 3 boards")

    @property
    def title(self) -> str:
        return f"Notakto on {self.boards} board{'s' if self.boards > 1 else ''}"

    @property
    def rules(self) -> tuple[str, ...]:
        several = self.boards > 1
        where = f"one of {self.boards} boards of" if several else "a board of"
        closes = "When a line on a board is complete, that board is closed and takes no more marks."
        last = (
            "When the last open board gets its line, whoever completed it"
            if several
            else "Whoever completes a line"
        )
        return (
            f"Both players put the mark X on {where} 3 rows and 3 columns.",
            "Two players move in turn: First and Second. First moves first.",
            f"In each turn the player puts an X into an empty cell{' of an open board' if several else ''}.",
            "A line of 3 X may run horizontally, vertically or diagonally."
            if several
            else "A line is 3 X in a row, horizontally, vertically or diagonally.",
            *((closes,) if several else ()),
            f"{last} loses, and the game is over.",
            "There are no draws.",
        )

    @property
    def action_noun(self) -> str:
        return "cell"

    @property
    def action_help(self) -> str:
        through = ", and on through the boards" if self.boards > 1 else ""
        return f"a cell number from 1 to {self.cells}, counted row by row from the top left{through}"

    @property
    def cells(self) -> int:
        return CELLS * self.boards

    @property
    def max_plies(self) -> int:
        """A board without a line holds at most 6 marks; one more completes a line."""
        return 7 * self.boards

    # Play

    def initial_state(self) -> Crosses:
        return Crosses(0)

    def seat_to_move(self, state: Crosses) -> Seat:
        return state.marks.bit_count() % 2

    def board(self, state: Crosses, number: int) -> int:
        """The marks of one board as a bit set of its 9 cells."""
        return state.marks >> CELLS * number & FULL

    def actions(self, state: Crosses) -> tuple[Action, ...]:
        closed = [bool(completed(self.board(state, board))) for board in range(self.boards)]
        return tuple(
            cell for cell in range(self.cells) if not closed[cell // CELLS] and not state.marks >> cell & 1
        )

    def next_state(self, state: Crosses, action: Action) -> Crosses:
        if not 0 <= action < self.cells:
            raise self.illegal(state, action, "there is no such cell")
        if state.marks >> action & 1:
            raise self.illegal(state, action, "the cell is taken")
        if completed(self.board(state, action // CELLS)):
            raise self.illegal(state, action, "the board is closed")
        return Crosses(state.marks | 1 << action)

    def outcome(self, state: Crosses) -> Outcome | None:
        if not all(completed(self.board(state, board)) for board in range(self.boards)):
            return None
        winner = self.seat_to_move(state)
        where = "a line on the last open board" if self.boards > 1 else "a line"
        reason = f"{self.seat_names[1 - winner]} completed {where}, so {self.seat_names[winner]} wins"
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), reason)

    # Text

    def format_action(self, state: Crosses, action: Action) -> str:
        return str(action + 1)

    def parse_action(self, state: Crosses, text: str) -> Action:
        return parse_number(self, state, text, self.cells) - 1

    def format_state(self, state: Crosses) -> str:
        marks = [MARK if state.marks >> cell & 1 else "." for cell in range(self.cells)]
        return "//".join(join_rows(marks[i : i + CELLS], 3) for i in range(0, self.cells, CELLS))

    def parse_state(self, text: str) -> Crosses:
        boards = text.split("//")
        if len(boards) != self.boards:
            raise self.not_a_state(text, f"{self.boards} boards with '//' between them")
        letters = "".join(split_rows(self, text, board, BOARD, MARK + ".") for board in boards)
        state = Crosses(sum(1 << i for i, letter in enumerate(letters) if letter == MARK))
        for number in range(self.boards):
            if not _arises(self.board(state, number)):
                raise self.impossible(text, f"board {number + 1} was closed before its last mark")
        return state

    # Drawing and symmetry

    def layout(self, state: Crosses) -> tuple[Grid, ...]:
        return tuple(self._grid(state, board) for board in range(self.boards))

    def _grid(self, state: Crosses, number: int) -> Grid:
        marks, first = self.board(state, number), CELLS * number
        line = completed(marks)
        cells = (
            Cell(MARK if marks >> i & 1 else "", "" if line else str(first + i + 1), bool(line >> i & 1))
            for i in range(CELLS)
        )
        return Grid(3, 3, tuple(cells), title=f"board {number + 1}" if self.boards > 1 else "")

    @cached_property
    def _turns(self) -> tuple[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]], ...]:
        """Every order of the boards with a symmetry for each; the identity first."""
        orders = itertools.permutations(range(self.boards))
        return tuple(itertools.product(orders, itertools.product(SYMMETRIES, repeat=self.boards)))

    def images(self, state: Crosses) -> Iterator[Image[Crosses]]:
        """Boards change places and turn, each on its own: board i goes to place order[i]."""
        boards = [self.board(state, number) for number in range(self.boards)]
        for order, turns in self._turns:
            moved = sum(
                permute(board, turn) << CELLS * place
                for board, turn, place in zip(boards, turns, order, strict=True)
            )
            yield Image(Crosses(moved), partial(_map_action, order, turns))

    def canonical_key(self, state: Crosses) -> Hashable:
        """The open boards, each turned to its least image, in order; closed boards no longer matter."""
        boards = (self.board(state, number) for number in range(self.boards))
        return tuple(sorted(_least_image(board) for board in boards if not completed(board)))


def _map_action(order: tuple[int, ...], turns: tuple[tuple[int, ...], ...], action: Action) -> Action:
    board, cell = divmod(action, CELLS)
    return CELLS * order[board] + turns[board][cell]


@cache
def completed(board: int) -> int:
    """The cells of the completed lines of one board, 0 where it is open."""
    return sum(1 << cell for cell in range(CELLS) if any(board & x == x and x >> cell & 1 for x in LINES))


@cache
def _least_image(board: int) -> int:
    return min(permute(board, symmetry) for symmetry in SYMMETRIES)


@cache
def _arises(board: int) -> bool:
    """Whether the board is open, or was before one of its marks."""
    befores = (board & ~(1 << cell) for cell in range(CELLS) if board >> cell & 1)
    return not completed(board) or any(not completed(before) for before in befores)
