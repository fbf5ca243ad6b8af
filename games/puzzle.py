"""Puzzles: one seat, no chance, a goal to reach in as few moves as possible, and a limit of moves.

A puzzle says where one may step from a position; this class adds the count of moves and the end. A state is a
position and the moves made; its notation is the position's, and ':' with the moves if there were any.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from games.base import Action, Outcome, ParameterError, Seat, SequentialGame

P = TypeVar("P", bound=Hashable)
MOST_MOVES = 999


@dataclass(frozen=True, slots=True)
class Progress(Generic[P]):
    """A state of a puzzle."""

    position: P
    moves: int
    """Moves made so far."""


class Puzzle(SequentialGame[Progress[P]]):
    """A game of one seat that is won (+1) at the goal and lost (-1) at the limit or where no move is left."""

    limit: int
    """Moves after which the puzzle is lost; a parameter of every puzzle."""
    num_seats: ClassVar[int] = 1
    zero_sum: ClassVar[bool] = False

    # What a puzzle says of itself

    @property
    @abstractmethod
    def start(self) -> P:
        """The position before the first move; not solved."""

    @abstractmethod
    def steps(self, position: P) -> tuple[Action, ...]:
        """The actions that are possible in a position, ascending, its being solved set aside."""

    @abstractmethod
    def step(self, position: P, action: Action) -> P:
        """The position after one of `steps`."""

    @abstractmethod
    def is_solved(self, position: P) -> bool:
        """Whether this is the goal."""

    @abstractmethod
    def format_position(self, position: P) -> str:
        """The notation of a position, without ':'."""

    @abstractmethod
    def parse_position(self, text: str) -> P:
        """The position of a notation; NotationError or ImpossibleStateError otherwise."""

    # What follows from it

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_MOVES:
            raise ParameterError(f"{self.spec}: limit is from 1 to {MOST_MOVES}")

    @property
    def seat_names(self) -> tuple[str, ...]:
        return ("Player",)

    @property
    def endings(self) -> tuple[str, ...]:
        """The rules on how a puzzle ends, for the end of `rules`."""
        return (
            "When the goal is reached, the puzzle is solved and the game is over; "
            "the fewer moves the better.",
            f"If the goal is not reached after {self.limit} moves, or no move is left, the puzzle has failed "
            "and the game is over.",
        )

    @property
    def max_plies(self) -> int:
        return self.limit

    def initial_state(self) -> Progress[P]:
        return Progress(self.start, 0)

    def seat_to_move(self, state: Progress[P]) -> Seat:
        return 0

    def actions(self, state: Progress[P]) -> tuple[Action, ...]:
        if state.moves >= self.limit or self.is_solved(state.position):
            return ()
        return self.steps(state.position)

    def next_state(self, state: Progress[P], action: Action) -> Progress[P]:
        legal = self.actions(state)
        if action not in legal:
            words = ", ".join(self.format_action(state, a) for a in legal)
            raise self.illegal(state, action, f"possible is: {words}" if words else "the game is over")
        return Progress(self.step(state.position, action), state.moves + 1)

    def outcome(self, state: Progress[P]) -> Outcome | None:
        if self.is_solved(state.position):
            return Outcome((1.0,), f"solved in {state.moves} moves")
        if state.moves >= self.limit:
            return Outcome((-1.0,), f"not solved in {self.limit} moves")
        if not self.steps(state.position):
            return Outcome((-1.0,), "no move is left")
        return None

    def positions(self, start: P) -> Iterator[tuple[P, list[P]]]:
        """Every position that can be reached from one, nearest first, and what follows it."""
        seen, waiting = {start}, [start]
        for position in waiting:  # grows as it is read
            followers = self.followers(position)
            yield position, followers
            new = list(dict.fromkeys(after for after in followers if after not in seen))
            seen.update(new)
            waiting += new

    def followers(self, position: P) -> list[P]:
        """The positions one move on; none from the goal."""
        if self.is_solved(position):
            return []
        return [self.step(position, action) for action in self.steps(position)]

    def format_state(self, state: Progress[P]) -> str:
        moves = f":{state.moves}" if state.moves else ""
        return self.format_position(state.position) + moves

    def parse_state(self, text: str) -> Progress[P]:
        match = re.fullmatch(r"([^:]*)(?::([1-9][0-9]{0,2}))?", text, re.ASCII)
        if match is None:
            raise self.not_a_state(text, "a position, and after ':' the moves made, if any")
        state = Progress(self.parse_position(match[1]), int(match[2] or 0))
        if state.moves > self.limit:
            raise self.impossible(text, f"the limit is {self.limit} moves")
        if state.moves == 0 and self.outcome(state) is not None:
            raise self.impossible(text, "a puzzle is not over before the first move")
        return state
