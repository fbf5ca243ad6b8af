"""Breakthrough, small: walk a pawn to the far row, or capture all of the other's.

4x4 with one row of pawns; columns are lettered from a, rows numbered from 1 at the bottom:

    4 B B B B
    3 . . . .         'a1b2' moves a pawn from a1 to b2
    2 . . . .         (an action's int is 3 * cell + 0, 1 or 2 for left, straight, right as seen from below;
    1 W W W W          cells count from a1, row by row upwards)
      a b c d

Dan Troyka (2000). The winner depends on the number of rows of pawns. State notation: rows from the top, then
who moves next: 'BBBB/..../..../WWWW:1'.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.boards import Size, permute
from games.layout import Cell, Grid
from games.notation import format_square, join_rows, parse_square, split_rows, split_seat, with_seat

MARKS = "WB"
MOST_CELLS = 25
LEFT, STRAIGHT, RIGHT = range(3)


@dataclass(frozen=True, slots=True)
class Pawns:
    """The pawns of W and of B as bit sets (bit 0 is a1, bit 1 is b1), and who moves next."""

    white: int
    black: int
    seat: Seat

    @property
    def sides(self) -> tuple[int, int]:
        """(own pawns, the other's) for the seat to move."""
        return (self.white, self.black) if self.seat == 0 else (self.black, self.white)


@dataclass(frozen=True)
class Breakthrough(SequentialGame[Pawns]):
    """Breakthrough on a small board."""

    rows: int = 4
    columns: int = 4
    pawn_rows: int = 1
    """Rows of pawns each player starts with."""

    name: ClassVar[str] = "breakthrough"
    draws: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not (3 <= self.rows <= 8 and 2 <= self.columns <= 8) or self.cells > MOST_CELLS:
            raise ParameterError(
                f"{self.spec}: 3 to 8 rows, 2 to 8 columns, at most {MOST_CELLS} squares in all"
            )
        if not 1 <= self.pawn_rows <= min(2, self.rows // 2):
            raise ParameterError(f"{self.spec}: 1 or 2 rows of pawns, for both sides on the board")

    @property
    def title(self) -> str:
        pawns = "2 rows of pawns" if self.pawn_rows == 2 else "1 row of pawns"
        return f"Breakthrough {self.rows}x{self.columns}, {pawns}"

    @property
    def seat_names(self) -> tuple[str, ...]:
        return tuple(MARKS)

    @property
    def rules(self) -> tuple[str, ...]:
        one = self.pawn_rows == 1
        start = "the lowest row, B on the highest" if one else "the two lowest rows, B on the two highest"
        return (
            f"The board has {self.rows} rows and {self.columns} columns; columns are lettered from a, rows "
            f"are numbered from 1 at the bottom. W starts with pawns on every square of {start}.",
            "Two players move in turn: W and B. W moves first.",
            "In each turn the player moves one pawn one row forward (W upwards, B downwards): straight or "
            "diagonally to an empty square, or diagonally to a square with a pawn of the other, which is "
            "captured and leaves the board. A pawn does not capture straight ahead.",
            f"Whoever moves a pawn to the far row (W row {self.rows}, B row 1) wins, and the game is over.",
            "Whoever captures the other's last pawn wins, and the game is over.",
            "There are no draws.",
        )

    @property
    def action_noun(self) -> str:
        return "move"

    @property
    def action_help(self) -> str:
        return "two squares, where the pawn stands and where it goes, like a1b2"

    # The board, worked out once

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    @property
    def max_plies(self) -> int:
        """Every ply takes one pawn one row forward."""
        return 2 * self.pawn_rows * self.columns * (self.rows - 1)

    @cached_property
    def _home(self) -> tuple[int, int]:
        """The squares each seat's pawns start on."""
        white = (1 << self.pawn_rows * self.columns) - 1
        return white, white << (self.rows - self.pawn_rows) * self.columns

    @cached_property
    def _goals(self) -> tuple[int, int]:
        """The far row of each seat."""
        row = (1 << self.columns) - 1
        return row << (self.rows - 1) * self.columns, row

    def _target(self, seat: Seat, action: Action) -> int | None:
        """The cell an action leads to, None if off the board."""
        row, column = divmod(action // 3, self.columns)
        row, column = row + (1 if seat == 0 else -1), column + action % 3 - 1
        inside = 0 <= row < self.rows and 0 <= column < self.columns
        return row * self.columns + column if inside else None

    # Play

    def initial_state(self) -> Pawns:
        return Pawns(*self._home, 0)

    def seat_to_move(self, state: Pawns) -> Seat:
        return state.seat

    def winner(self, state: Pawns) -> Seat | None:
        for seat, (own, other) in enumerate(((state.white, state.black), (state.black, state.white))):
            if own & self._goals[seat] or not other:
                return seat
        return None

    def actions(self, state: Pawns) -> tuple[Action, ...]:
        """The foremost pawn always has a diagonal, so there is an action while the game is on."""
        if self.winner(state) is not None:
            return ()
        own = state.sides[0]
        candidates = (3 * cell + way for cell in range(self.cells) if own >> cell & 1 for way in range(3))
        return tuple(action for action in candidates if self._problem_of(state, action) is None)

    def _problem_of(self, state: Pawns, action: Action) -> str | None:
        """Why an action is not allowed while the game is on, None if it is."""
        if not 0 <= action < 3 * self.cells:
            return "there is no such square"
        own, other = state.sides
        target = self._target(state.seat, action)
        if not own >> action // 3 & 1:
            return "the player has no pawn there"
        if target is None:
            return "it leaves the board"
        if own >> target & 1 or (action % 3 == STRAIGHT and other >> target & 1):
            return "a pawn is in the way"
        return None

    def next_state(self, state: Pawns, action: Action) -> Pawns:
        if problem := self._problem_of(state, action):
            raise self.illegal(state, action, problem)
        if self.winner(state) is not None:
            raise self.illegal(state, action, "the game is over")
        target = self._target(state.seat, action)
        assert target is not None
        own, other = state.sides
        own, other = own & ~(1 << action // 3) | 1 << target, other & ~(1 << target)
        return Pawns(own, other, 1) if state.seat == 0 else Pawns(other, own, 0)

    def outcome(self, state: Pawns) -> Outcome | None:
        winner = self.winner(state)
        if winner is None:
            return None
        pawns = state.white if winner == 0 else state.black
        how = "reached the far row" if pawns & self._goals[winner] else "captured the last pawn"
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), f"{MARKS[winner]} {how}")

    # Text

    def _square(self, cell: int) -> str:
        return format_square(*divmod(cell, self.columns))

    def format_action(self, state: Pawns, action: Action) -> str:
        target = self._target(state.seat, action)
        return self._square(action // 3) + ("" if target is None else self._square(target))

    def parse_action(self, state: Pawns, text: str) -> Action:
        word = text.lower()
        start, target = (parse_square(part, self.rows, self.columns) for part in (word[:2], word[2:]))
        if start is None or target is None:
            raise self.not_an_action(state, text)
        (row, column), (to_row, to_column) = start, target
        if abs(to_column - column) > 1 or to_row - row != (1 if state.seat == 0 else -1):
            raise self.not_an_action(state, text)
        return 3 * (row * self.columns + column) + to_column - column + 1

    def format_state(self, state: Pawns) -> str:
        return with_seat(join_rows([mark or "." for mark in self._marks(state)], self.columns), state.seat)

    def _marks(self, state: Pawns) -> list[str]:
        """The marks of the cells from the top left, as one reads."""
        return [
            MARKS[0] if state.white >> cell & 1 else MARKS[1] if state.black >> cell & 1 else ""
            for cell in self._reading
        ]

    @cached_property
    def _reading(self) -> tuple[int, ...]:
        """The cells from the top left, row by row downwards."""
        rows = range(self.rows - 1, -1, -1)
        return tuple(row * self.columns + column for row in rows for column in range(self.columns))

    def parse_state(self, text: str) -> Pawns:
        board, seat = split_seat(self, text, f"{self.rows} rows of {self.columns} of W, B and '.'")
        letters = split_rows(self, text, board, Size(1, self.rows, self.columns), MARKS + ".")
        places = list(zip(self._reading, letters, strict=True))
        white, black = (sum(1 << cell for cell, letter in places if letter == mark) for mark in MARKS)
        state = Pawns(white, black, seat)
        if problem := self._problem(state):
            raise self.impossible(text, problem)
        return state

    # Which states can arise, as far as it is decided

    def _problem(self, state: Pawns) -> str | None:
        sides = (state.white, state.black)
        for seat in (0, 1):
            if not self._walked(sides[seat], seat):
                return f"the pawns of {MARKS[seat]} can't have walked there"
        mover, waiter = state.seat, 1 - state.seat
        if not sides[waiter] or sides[mover] & self._goals[mover]:
            return f"{MARKS[mover]} would have won before"
        if (sides[waiter] & self._goals[waiter]).bit_count() > 1:
            return "one pawn on the far row ends the game"
        plies = sum(self._steps(sides[seat], seat) for seat in (0, 1))
        if state.white.bit_count() == state.black.bit_count() == self._home[0].bit_count():
            first, second = (self._steps(sides[seat], seat) for seat in (0, 1))
            if first - second not in (0, 1) or plies % 2 != mover:
                return "W moves first and they take turns"
        return None

    def _steps(self, pawns: int, seat: Seat) -> int:
        """Rows that the pawns have walked, where none is lost."""
        return abs(self._rows_sum(pawns) - self._rows_sum(self._home[seat]))

    def _rows_sum(self, pawns: int) -> int:
        return sum(cell // self.columns for cell in range(self.cells) if pawns >> cell & 1)

    def _walked(self, pawns: int, seat: Seat) -> bool:
        """Whether every pawn has a start of its own: a matching by augmenting paths."""
        owner: dict[int, int] = {}

        def settle(cell: int, tried: set[int]) -> bool:
            for start in range(self.cells):
                if start not in tried and self._home[seat] >> start & 1 and self._leads(start, cell, seat):
                    tried.add(start)
                    if start not in owner or settle(owner[start], tried):
                        owner[start] = cell
                        return True
            return False

        return all(settle(cell, set()) for cell in range(self.cells) if pawns >> cell & 1)

    def _leads(self, start: int, cell: int, seat: Seat) -> bool:
        (row, column), (to_row, to_column) = divmod(start, self.columns), divmod(cell, self.columns)
        forward = to_row - row if seat == 0 else row - to_row
        return forward >= abs(to_column - column)

    # Drawing and symmetry

    def layout(self, state: Pawns) -> tuple[Grid, ...]:
        marks = zip(self._marks(state), self._reading, strict=True)
        return (Grid(self.rows, self.columns, tuple(Cell(mark, self._square(cell)) for mark, cell in marks)),)

    def where(self, notation: str) -> tuple[str, ...]:
        return notation[:2], notation[2:]

    @cached_property
    def _mirror(self) -> tuple[int, ...]:
        columns = self.columns
        return tuple(cell - cell % columns + columns - 1 - cell % columns for cell in range(self.cells))

    def images(self, state: Pawns) -> Iterator[Image[Pawns]]:
        """The board, and its mirror image, left and right exchanged."""
        yield Image(state, lambda action: action)
        white, black = permute(state.white, self._mirror), permute(state.black, self._mirror)
        yield Image(Pawns(white, black, state.seat), partial(_mirror_action, self._mirror))

    def canonical_key(self, state: Pawns) -> Hashable:
        return min((image.state.white, image.state.black, state.seat) for image in self.images(state))


def _mirror_action(mirror: tuple[int, ...], action: Action) -> Action:
    return 3 * mirror[action // 3] + 2 - action % 3
