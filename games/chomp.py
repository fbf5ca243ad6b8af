"""Chomp: bite a corner off a chocolate bar; who eats the poisoned square loses.

3 rows, 4 columns; square 1 is poisoned, a bite takes a square and all that lie right of it or below:

    1  2  3  4
    5  6  7  8        (an action's int is the square's number - 1)
    9 10 11 12

David Gale (1974), as divisors Fred Schuh (1952). The first seat wins every bar but 1x1, by strategy stealing.
State notation: how many squares each row still has, from the top, then who moves next: '4-2-2:2'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from games.base import Action, Outcome, ParameterError, Seat, SequentialGame
from games.layout import Cell, Grid
from games.notation import parse_number, split_seat, with_seat
from games.wording import plural


@dataclass(frozen=True, slots=True)
class Bar:
    """How many squares each row still has, from the top, and who moves next."""

    rows: tuple[int, ...]
    seat: Seat


@dataclass(frozen=True)
class Chomp(SequentialGame[Bar]):
    """Chomp on a rectangle."""

    m: int = 3
    """Rows."""
    n: int = 4
    """Columns."""

    name: ClassVar[str] = "chomp"
    draws: ClassVar[bool] = False
    action_noun = "square"

    def __post_init__(self) -> None:
        if not (1 <= self.m <= 9 and 1 <= self.n <= 9):
            raise ParameterError(f"{self.spec}: m and n are 1 to 9")

    @property
    def title(self) -> str:
        return f"Chomp {self.m}x{self.n}"

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"A chocolate bar has {plural(self.m, 'row')} and {plural(self.n, 'column')} of squares. "
            "Squares that have been eaten are shown as x.",
            "Two players move in turn: First and Second. First moves first.",
            "In each turn the player names a square that is left and eats it together with all squares that "
            "lie neither above it nor left of it.",
            "The top left square is poisoned: whoever eats it loses, and the game is over.",
            "There are no draws.",
        )

    @property
    def action_help(self) -> str:
        return f"a square number from 1 to {self.m * self.n}, counted row by row from the top left"

    @property
    def max_plies(self) -> int:
        return self.m * self.n

    # Play

    def initial_state(self) -> Bar:
        return Bar((self.n,) * self.m, 0)

    def seat_to_move(self, state: Bar) -> Seat:
        return state.seat

    def actions(self, state: Bar) -> tuple[Action, ...]:
        return tuple(row * self.n + column for row, left in enumerate(state.rows) for column in range(left))

    def next_state(self, state: Bar, action: Action) -> Bar:
        if action not in self.actions(state):
            raise self.illegal(state, action, "there is no such square, or it is eaten")
        row, column = divmod(action, self.n)
        below = (min(left, column) for left in state.rows[row:])
        return Bar((*state.rows[:row], *below), 1 - state.seat)

    def outcome(self, state: Bar) -> Outcome | None:
        if state.rows[0]:
            return None
        reason = f"{self.seat_names[1 - state.seat]} ate the poisoned square"
        return Outcome((1.0, -1.0) if state.seat == 0 else (-1.0, 1.0), reason)

    # Text

    def format_action(self, state: Bar, action: Action) -> str:
        return str(action + 1)

    def parse_action(self, state: Bar, text: str) -> Action:
        return parse_number(self, state, text, self.m * self.n) - 1

    def format_state(self, state: Bar) -> str:
        return with_seat("-".join(map(str, state.rows)), state.seat)

    def parse_state(self, text: str) -> Bar:
        form = f"{self.m} row lengths with '-' between them"
        board, seat = split_seat(self, text, form)
        if not re.fullmatch("-".join(["[0-9]"] * self.m), board, re.ASCII):
            raise self.not_a_state(text, form)
        rows = tuple(map(int, board.split("-")))
        if list(rows) != sorted(rows, reverse=True) or rows[0] > self.n:
            raise self.impossible(
                text, "a bite takes all squares below, so no row is longer than the one above"
            )
        fewest, most = (
            len(set(rows) - {self.n}),
            self.m * self.n - sum(rows),
        )  # bites: a corner each, a square each
        if not any(bites % 2 == seat for bites in (fewest, min(fewest + 1, most))):
            raise self.impossible(text, "the other seat is to move after that many bites")
        return Bar(rows, seat)

    def layout(self, state: Bar) -> tuple[Grid, ...]:
        """The squares that are left show their numbers, the others that they are gone."""
        left = set(self.actions(state))
        cells = (
            Cell(label=str(square + 1)) if square in left else Cell("x") for square in range(self.m * self.n)
        )
        return (Grid(self.m, self.n, tuple(cells)),)
