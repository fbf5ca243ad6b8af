"""Othello: outflank the other's discs; when nobody can move, the margin of discs counts.

    a4 b4 c4 d4 ...     rows count from the top: a1 is the top left square
                        (an action's int is row * size + column, both from 0; size * size is the pass)

The four centre squares start with O X / X O, as in the game for 8x8; X moves first. A player without a move
passes, which is an action of its own. State notation: rows from the top, then who moves next:
'..../.OX./.XO./....:1'.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.boards import Size, permute, symmetries
from games.layout import Cell, Grid
from games.notation import format_square, join_rows, parse_square, split_rows, split_seat, with_seat

MARKS = "XO"
PASS = "pass"
DIRECTIONS = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0))


@dataclass(frozen=True, slots=True)
class Discs:
    """The discs of X and of O as bit sets (bit 0 is a1, bit 1 is b1), and who moves next."""

    x: int
    o: int
    seat: Seat

    @property
    def sides(self) -> tuple[int, int]:
        """(own discs, the other's) for the seat to move."""
        return (self.x, self.o) if self.seat == 0 else (self.o, self.x)


@dataclass(frozen=True)
class Othello(SequentialGame[Discs]):
    """Othello for the margin, on 4x4, 6x6 or 8x8."""

    size: int = 4
    """Rows and columns."""

    name: ClassVar[str] = "othello"
    speed_matters = False

    def __post_init__(self) -> None:
        if self.size not in (4, 6, 8):
            raise ParameterError(f"{self.spec}: size is 4, 6 or 8")

    @property
    def title(self) -> str:
        return f"Othello {self.size}x{self.size}"

    @property
    def seat_names(self) -> tuple[str, ...]:
        return tuple(MARKS)

    @property
    def rules(self) -> tuple[str, ...]:
        low, high = self.size // 2 - 1, self.size // 2
        ours = " and ".join(format_square(*place) for place in ((low, high), (high, low)))
        theirs = " and ".join(format_square(*place) for place in ((low, low), (high, high)))
        return (
            f"The board has {self.size} rows and {self.size} columns; columns are lettered from a, rows are "
            f"numbered from 1 at the top. X starts with discs on {ours}, O on {theirs}.",
            "Two players move in turn: X and O. X moves first.",
            "In each turn the player puts a disc on an empty square so that at least one straight line of "
            "the other's discs, horizontal, vertical or diagonal, without gaps, lies between the new disc "
            "and another disc of the player. All discs in all such lines change to the player's.",
            "A player who can't do so must pass, and may only then.",
            "When neither player can put a disc, the game is over. The player with more discs on the board "
            "wins by the difference; with equally many it is a draw. Empty squares count for nobody.",
        )

    @property
    def action_noun(self) -> str:
        return "square"

    @property
    def action_help(self) -> str:
        return f"a square from a1 to {format_square(self.size - 1, self.size - 1)}, or pass"

    @property
    def return_range(self) -> tuple[float, float]:
        return (-float(self.squares), float(self.squares))

    # The board, worked out once

    @property
    def squares(self) -> int:
        return self.size * self.size

    @property
    def max_plies(self) -> int:
        """A pass is always followed by a disc."""
        return 2 * (self.squares - 4)

    @cached_property
    def board(self) -> Size:
        return Size(1, self.size, self.size)

    @cached_property
    def _rays(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each square, the squares one meets going in each direction, two at least."""
        rays = (
            tuple(self._ray(square, *direction) for direction in DIRECTIONS) for square in range(self.squares)
        )
        return tuple(tuple(ray for ray in near if len(ray) > 1) for near in rays)

    def _ray(self, square: int, down: int, right: int) -> tuple[int, ...]:
        _, row, column = self.board.place(square)
        found = []
        while 0 <= (row := row + down) < self.size and 0 <= (column := column + right) < self.size:
            found.append(self.board.cell(0, row, column))
        return tuple(found)

    def _flipped(self, state: Discs, square: int) -> int:
        """The discs that a disc of the seat to move on this square would turn, as a bit set."""
        own, other = state.sides
        turned = 0
        if (own | other) >> square & 1:
            return 0
        for ray in self._rays[square]:
            line = 0
            for cell in ray:
                if other >> cell & 1:
                    line |= 1 << cell
                    continue
                if own >> cell & 1:
                    turned |= line
                break
        return turned

    # Play

    def initial_state(self) -> Discs:
        low, high = self.size // 2 - 1, self.size // 2
        x, o = ((low, high), (high, low)), ((low, low), (high, high))
        first, second = (sum(1 << self.board.cell(0, *place) for place in places) for places in (x, o))
        return Discs(first, second, 0)

    def seat_to_move(self, state: Discs) -> Seat:
        return state.seat

    def _placements(self, state: Discs) -> tuple[Action, ...]:
        return tuple(square for square in range(self.squares) if self._flipped(state, square))

    def actions(self, state: Discs) -> tuple[Action, ...]:
        if placements := self._placements(state):
            return placements
        return (self.squares,) if self._placements(_passed(state)) else ()

    def next_state(self, state: Discs, action: Action) -> Discs:
        if action == self.squares:
            if self.actions(state) != (action,):
                raise self.illegal(state, action, "one may pass only where one can't put a disc")
            return _passed(state)
        if not 0 <= action < self.squares:
            raise self.illegal(state, action, "there is no such square")
        turned = self._flipped(state, action)
        if not turned:
            raise self.illegal(state, action, f"a disc on {self._square(action)} turns no disc")
        own, other = state.sides
        own, other = own | turned | 1 << action, other & ~turned
        return Discs(own, other, 1) if state.seat == 0 else Discs(other, own, 0)

    def outcome(self, state: Discs) -> Outcome | None:
        if self.actions(state):
            return None
        x, o = state.x.bit_count(), state.o.bit_count()
        return Outcome((float(x - o), float(o - x)), f"nobody can move, {x} X and {o} O")

    # Text

    def _square(self, cell: int) -> str:
        return format_square(*divmod(cell, self.size))

    def format_action(self, state: Discs, action: Action) -> str:
        return PASS if action == self.squares else self._square(action)

    def parse_action(self, state: Discs, text: str) -> Action:
        word = text.lower()
        if word == PASS:
            return self.squares
        place = parse_square(word, self.size, self.size)
        if place is None:
            raise self.not_an_action(state, text)
        return self.board.cell(0, *place)

    def format_state(self, state: Discs) -> str:
        marks = [self._mark(state, cell) or "." for cell in range(self.squares)]
        return with_seat(join_rows(marks, self.size), state.seat)

    def _mark(self, state: Discs, cell: int) -> str:
        return MARKS[0] if state.x >> cell & 1 else MARKS[1] if state.o >> cell & 1 else ""

    def parse_state(self, text: str) -> Discs:
        board, seat = split_seat(self, text, f"{self.size} rows of {self.size} of X, O and '.'")
        letters = split_rows(self, text, board, self.board, MARKS + ".")
        x, o = (sum(1 << i for i, letter in enumerate(letters) if letter == mark) for mark in MARKS)
        state = Discs(x, o, seat)
        if problem := self._problem(state):
            raise self.impossible(text, problem)
        return state

    def _problem(self, state: Discs) -> str | None:
        """Why no play leads here, as far as it is decided; passes make the turn free."""
        start, taken = self.initial_state(), state.x | state.o
        centre = start.x | start.o
        if taken & centre != centre:
            return "discs never leave the board, and the four centre squares start with discs"
        if taken == centre and state != start:
            return "with four discs only the start can arise"
        if self._connected(centre, taken) != taken:
            return "every disc is put next to another one"
        return None

    def _connected(self, some: int, taken: int) -> int:
        """The taken squares that one reaches from some of them in steps to neighbours."""
        reached = 0
        while some != reached:
            reached = some
            for cell in range(self.squares):
                if reached >> cell & 1:
                    some |= sum(1 << n for n in self._neighbours(cell)) & taken
        return reached

    def _neighbours(self, cell: int) -> Iterator[int]:
        _, row, column = self.board.place(cell)
        for down, right in DIRECTIONS:
            if 0 <= row + down < self.size and 0 <= column + right < self.size:
                yield self.board.cell(0, row + down, column + right)

    # Drawing and symmetry

    def layout(self, state: Discs) -> tuple[Grid, ...]:
        cells = (Cell(self._mark(state, cell), self._square(cell)) for cell in range(self.squares))
        return (Grid(self.size, self.size, tuple(cells)),)

    @cached_property
    def _symmetries(self) -> tuple[tuple[int, ...], ...]:
        """The symmetries that keep the start as it is, and the pass a pass."""
        start = self.initial_state()
        turns = (turn for turn in symmetries(self.board) if permute(start.x, turn) == start.x)
        return tuple((*turn, self.squares) for turn in turns)

    def images(self, state: Discs) -> Iterator[Image[Discs]]:
        for symmetry in self._symmetries:
            turned = Discs(permute(state.x, symmetry), permute(state.o, symmetry), state.seat)
            yield Image(turned, partial(tuple.__getitem__, symmetry))

    def canonical_key(self, state: Discs) -> Hashable:
        return min((image.state.x, image.state.o, state.seat) for image in self.images(state))


def _passed(state: Discs) -> Discs:
    return Discs(state.x, state.o, 1 - state.seat)
