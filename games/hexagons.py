"""Hex: connect your two sides of a rhombus; there is always exactly one winner.

X connects the top row with the bottom row, O the left column with the right column. Cells are numbered row by
row, each row half a cell further to the right (an action's int is the number - 1):

    1 2 3
     4 5 6          5 touches 2, 3, 4, 6, 7 and 8
      7 8 9

Drawn as a square, a cell touches its neighbours above, below, left and right, and those up right and down
left. Piet Hein (1942), John Nash (1948). No swap rule. State notation: rows from the top: 'X../.O./...'. Who
moves next follows from the number of stones.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.boards import Size, permute
from games.k_in_a_row import MARKS, Marks
from games.layout import Cell, Grid
from games.notation import join_rows, parse_number, split_rows

TOUCHING = ((-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0))
"""(down, right) of the six neighbours."""


@dataclass(frozen=True)
class Hex(SequentialGame[Marks]):
    """Hex on a small rhombus."""

    size: int = 3
    """Rows and columns."""

    name: ClassVar[str] = "hex"
    draws: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not 2 <= self.size <= 5:
            raise ParameterError(f"{self.spec}: size is 2 to 5")

    @property
    def title(self) -> str:
        return f"Hex {self.size}x{self.size}"

    @property
    def seat_names(self) -> tuple[str, ...]:
        return tuple(MARKS)

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"The board has {self.size} rows and {self.size} columns. A cell touches the cells left, right, "
            "above and below, and also those up right and down left of it (never up left or down right).",
            "Two players move in turn: X and O. X moves first.",
            "In each turn the player puts a stone of their own on an empty cell; stones never move.",
            "X wins by connecting the top row with the bottom row by a chain of touching X stones; "
            "O wins by connecting the left column with the right column by a chain of touching O stones. "
            "Then the game is over.",
            "There are no draws: a full board always holds exactly one of these chains.",
        )

    @property
    def action_noun(self) -> str:
        return "cell"

    @property
    def action_help(self) -> str:
        return f"a cell number from 1 to {self.cells}, counted row by row from the top left"

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
    def neighbours(self) -> tuple[int, ...]:
        """The cells each cell touches, as bit sets."""
        return tuple(self._neighbours(*divmod(cell, self.size)) for cell in range(self.cells))

    def _neighbours(self, row: int, column: int) -> int:
        places = ((row + down, column + right) for down, right in TOUCHING)
        return sum(1 << self.size * r + c for r, c in places if 0 <= r < self.size and 0 <= c < self.size)

    @cached_property
    def _sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """For each seat the two sides to connect, as bit sets."""
        row = (1 << self.size) - 1
        column = sum(1 << self.size * r for r in range(self.size))
        return (row, row << self.size * (self.size - 1)), (column, column << self.size - 1)

    def connected(self, stones: int, seat: Seat) -> int:
        """The stones in chains from the first side of a seat, if one reaches the second side; else 0."""
        start, goal = self._sides[seat]
        chain, grown = 0, stones & start
        while grown != chain:
            chain = grown
            for cell in range(self.cells):
                if chain >> cell & 1:
                    grown |= self.neighbours[cell] & stones
        return chain if chain & goal else 0

    # Play

    def initial_state(self) -> Marks:
        return Marks(0, 0)

    def seat_to_move(self, state: Marks) -> Seat:
        return state.plies % 2

    def winner(self, state: Marks) -> Seat | None:
        """Only who moved last can have connected, but parse_state asks for any board."""
        return 0 if self.connected(state.x, 0) else 1 if self.connected(state.o, 1) else None

    def actions(self, state: Marks) -> tuple[Action, ...]:
        if self.winner(state) is not None:
            return ()
        return tuple(cell for cell in range(self.cells) if not state.taken >> cell & 1)

    def next_state(self, state: Marks, action: Action) -> Marks:
        if not 0 <= action < self.cells:
            raise self.illegal(state, action, "there is no such cell")
        if state.taken >> action & 1:
            raise self.illegal(state, action, "the cell is taken")
        if self.winner(state) is not None:
            raise self.illegal(state, action, "the game is over")
        stone = 1 << action
        return Marks(state.x, state.o | stone) if state.plies % 2 else Marks(state.x | stone, state.o)

    def outcome(self, state: Marks) -> Outcome | None:
        winner = self.winner(state)
        if winner is None:
            return None
        sides = ("top and bottom", "left and right")[winner]
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), f"{MARKS[winner]} connected {sides}")

    # Text

    def format_action(self, state: Marks, action: Action) -> str:
        return str(action + 1)

    def parse_action(self, state: Marks, text: str) -> Action:
        return parse_number(self, state, text, self.cells) - 1

    def format_state(self, state: Marks) -> str:
        return join_rows([self._mark(state, cell) or "." for cell in range(self.cells)], self.size)

    def _mark(self, state: Marks, cell: int) -> str:
        return MARKS[0] if state.x >> cell & 1 else MARKS[1] if state.o >> cell & 1 else ""

    def parse_state(self, text: str) -> Marks:
        letters = split_rows(self, text, text, self.board, MARKS + ".")
        x, o = (sum(1 << i for i, letter in enumerate(letters) if letter == mark) for mark in MARKS)
        state = Marks(x, o)
        if x.bit_count() - o.bit_count() not in (0, 1):
            raise self.impossible(text, "X moves first and they take turns")
        if self.winner(state) is not None and not any(self._open_before(state)):
            raise self.impossible(text, "the game was over before the last stone")
        return state

    def _open_before(self, state: Marks) -> Iterator[bool]:
        """For each stone of who moved last: whether the game was open without it."""
        x_moved = state.plies % 2 == 1
        for cell in range(self.cells):
            stone = 1 << cell
            if (state.x if x_moved else state.o) & stone:
                yield self.winner(Marks(state.x & ~stone, state.o & ~stone)) is None

    # Drawing and symmetry

    def layout(self, state: Marks) -> tuple[Grid, ...]:
        lit = self.connected(state.x, 0) | self.connected(state.o, 1)
        cells = (
            Cell(self._mark(state, cell), str(cell + 1), bool(lit >> cell & 1)) for cell in range(self.cells)
        )
        return (Grid(self.size, self.size, tuple(cells)),)

    def images(self, state: Marks) -> Iterator[Image[Marks]]:
        """The board, and the board turned by half a circle."""
        yield Image(state, lambda action: action)
        turn = tuple(range(self.cells - 1, -1, -1))
        yield Image(Marks(permute(state.x, turn), permute(state.o, turn)), partial(tuple.__getitem__, turn))

    def canonical_key(self, state: Marks) -> Hashable:
        return min((image.state.x, image.state.o) for image in self.images(state))
