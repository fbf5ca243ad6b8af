"""Kalah: sow seeds round the board, gather more of them in your store than the other.

3 pits a side, 3 seeds each; First's row is the lower one, and both rows are counted by the columns as drawn:

          1 2 3
      0 | 3 3 3 |        Second sows to the left, its store is the left one
        | 3 3 3 | 0      First sows to the right, its store is the right one
                         (an action's int is the column - 1)

The return is the margin of seeds. Rule variants differ much; here a lap refills the pit it started from, and
empty_capture says whether a last seed is banked when there is nothing opposite. Geoffrey Irving, Jeroen
Donkers and Jos Uiterwijk, "Solving Kalah" (2000), count the variant with it.

State notation: Second's pits by column, '+', its store, '/', First's pits, '+', its store, then who moves
next: '3,3,3+0/3,3,3+0:1'.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from games.base import Action, Outcome, ParameterError, Seat, SequentialGame
from games.layout import Cell, Grid
from games.notation import parse_number, split_seat, with_seat


@dataclass(frozen=True, slots=True)
class Pits:
    """Seeds in the pits of each seat, by column, in the stores, and who moves next."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    stores: tuple[int, int]
    seat: Seat

    @property
    def sides(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(own pits, the other's) for the seat to move, each in its owner's direction of sowing."""
        sides = self.first, self.second[::-1]
        return sides if self.seat == 0 else sides[::-1]


@dataclass(frozen=True)
class Kalah(SequentialGame[Pits]):
    """Kalah for the margin."""

    pits: int = 3
    """Pits a side."""
    seeds: int = 3
    """Seeds in each pit at the start."""
    empty_capture: bool = False
    """A last seed in an own empty pit is banked even if the pit opposite is empty."""

    name: ClassVar[str] = "kalah"
    speed_matters = False

    def __post_init__(self) -> None:
        if not (1 <= self.pits <= 6 and 1 <= self.seeds <= 6):
            raise ParameterError(f"{self.spec}: 1 to 6 pits, 1 to 6 seeds")

    @property
    def title(self) -> str:
        variant = ", empty capture" if self.empty_capture else ""
        return f"Kalah with {self.pits} pits and {self.seeds} seeds{variant}"

    @property
    def rules(self) -> tuple[str, ...]:
        nothing = "is captured alone" if self.empty_capture else "stays where it is and nothing is captured"
        return (
            f"Each player has a row of {self.pits} pits and a store. At the start there are {self.seeds} "
            "seeds in each pit and none in the stores. "
            "First has the lower row and the store on the right, Second the upper row and the store on "
            f"the left. Columns are numbered from 1 to {self.pits} from the left, for both rows.",
            "Two players move in turn: First and Second. First moves first.",
            "In each turn the player takes all seeds from one of their own pits that holds any and sows them "
            "one by one, counterclockwise (First to the right, Second to the left): into the next own pits, "
            "the own store, the other's pits, then again into the own pits, the pit they came from included. "
            "The other's store is left out.",
            "If the last seed falls into the own store, the player moves again.",
            "If the last seed falls into an empty pit of their own, that seed and all seeds in the pit "
            "opposite (same column, other row) go to the own store; if the pit opposite is empty, the seed "
            f"{nothing}.",
            "When the player to move has no seeds in their pits, the game is over: all seeds left in the "
            "pits go to the other player's store.",
            "The player with more seeds wins by the difference; with equally many it is a draw.",
        )

    @property
    def action_noun(self) -> str:
        return "pit"

    @property
    def action_help(self) -> str:
        return f"the column of an own pit, from 1 to {self.pits}"

    @property
    def total(self) -> int:
        """All seeds of the game."""
        return 2 * self.pits * self.seeds

    @property
    def return_range(self) -> tuple[float, float]:
        return (-float(self.total), float(self.total))

    @property
    def max_plies(self) -> int:
        """A ply that banks no seed moves some nearer to a store, at most pits steps for each seed left."""
        return sum(self.pits * left + 1 for left in range(1, self.total + 1))

    # Play

    def initial_state(self) -> Pits:
        row = (self.seeds,) * self.pits
        return Pits(row, row, (0, 0), 0)

    def seat_to_move(self, state: Pits) -> Seat:
        return state.seat

    def actions(self, state: Pits) -> tuple[Action, ...]:
        row = state.second if state.seat else state.first
        return tuple(column for column in range(self.pits) if row[column])

    def next_state(self, state: Pits, action: Action) -> Pits:
        if action not in self.actions(state):
            there = 0 <= action < self.pits
            raise self.illegal(state, action, "the pit is empty" if there else "there is no such pit")
        own, other = map(list, state.sides)
        pit = self.pits - 1 - action if state.seat else action
        banked, again = self._sow(own, other, pit)
        stores = list(state.stores)
        stores[state.seat] += banked
        seat = state.seat if again else 1 - state.seat
        if not any(own if again else other):  # nothing left to the next mover: the rest is the other's
            stores[1 - seat] += sum(own) + sum(other)
            own, other = [0] * self.pits, [0] * self.pits
        first, second = (own, other) if state.seat == 0 else (other, own)
        return Pits(tuple(first), tuple(second[::-1]), (stores[0], stores[1]), seat)

    def _sow(self, own: list[int], other: list[int], pit: int) -> tuple[int, bool]:
        """Sow from an own pit, in place; (seeds banked, whether the last one fell into the store)."""
        seeds, own[pit] = own[pit], 0
        banked, at = 0, pit
        for _ in range(seeds):
            at = (at + 1) % (2 * self.pits + 1)  # own pits, the own store, the other's pits
            if at < self.pits:
                own[at] += 1
            elif at == self.pits:
                banked += 1
            else:
                other[at - self.pits - 1] += 1
        if at < self.pits and own[at] == 1:
            banked += self._captured(own, other, at)
        return banked, at == self.pits

    def _captured(self, own: list[int], other: list[int], at: int) -> int:
        """Seeds taken when the last seed fell into the empty own pit `at`."""
        opposite = self.pits - 1 - at
        taken = other[opposite] + 1
        if taken == 1 and not self.empty_capture:
            return 0
        own[at] = other[opposite] = 0
        return taken

    def outcome(self, state: Pits) -> Outcome | None:
        if any(state.first) or any(state.second):
            return None
        first, second = state.stores
        reason = f"no seeds are left in the pits, First has {first} and Second {second}"
        return Outcome((float(first - second), float(second - first)), reason)

    def threats(self, state: Pits, seat: Seat) -> tuple[Action, ...]:
        """No single ply wins in general; the margin counts."""
        return ()

    # Text

    def format_action(self, state: Pits, action: Action) -> str:
        return str(action + 1)

    def parse_action(self, state: Pits, text: str) -> Action:
        return parse_number(self, state, text, self.pits) - 1

    def format_state(self, state: Pits) -> str:
        rows = (state.second, state.stores[1]), (state.first, state.stores[0])
        return with_seat("/".join(f"{','.join(map(str, row))}+{store}" for row, store in rows), state.seat)

    def parse_state(self, text: str) -> Pits:
        form = f"{self.pits} pits with ',' between, '+' and the store for Second, '/', the same for First"
        board, seat = split_seat(self, text, form)
        number = "(?:0|[1-9][0-9]?)"
        row = rf"({','.join([number] * self.pits)})\+({number})"
        match = re.fullmatch(f"{row}/{row}", board, re.ASCII)
        if match is None:
            raise self.not_a_state(text, form)
        second, first = (tuple(map(int, match[group].split(","))) for group in (1, 3))
        state = Pits(first, second, (int(match[4]), int(match[2])), seat)
        if problem := self._problem(state):
            raise self.impossible(text, problem)
        return state

    def _problem(self, state: Pits) -> str | None:
        """Why no play leads here, as far as it is decided."""
        there = sum(state.first) + sum(state.second) + sum(state.stores)
        if there != self.total:
            return f"there are {there} seeds, not {self.total}"
        if not any(state.sides[0]) and any(state.sides[1]):
            return "the player to move has no seeds, so the rest had gone to the other"
        start = self.initial_state()
        if (state.first, state.second, state.seat) == (start.first, start.second, 1):
            return "First moves first"
        return None

    # Drawing and symmetry

    def layout(self, state: Pits) -> tuple[Grid, ...]:
        """Two rows of pits between the stores, the left one Second's, the right one First's."""
        first, second = (tuple(Cell(str(seeds)) for seeds in row) for row in (state.first, state.second))
        left, right = Cell(str(state.stores[1])), Cell(str(state.stores[0]))
        labels = ("", *(str(column + 1) for column in range(self.pits)), "")
        cells = (left, *second, Cell(), Cell(), *first, right)
        return (Grid(2, self.pits + 2, cells, column_labels=labels),)

    def canonical_key(self, state: Pits) -> Hashable:
        """As the seat to move sees it: the board is the same from both sides."""
        own, other = state.stores if state.seat == 0 else state.stores[::-1]
        return (*state.sides, own, other)
