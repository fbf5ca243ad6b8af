"""Puzzles of one seat: the fewest moves to the goal from every position.

All positions below the one asked for are visited once, then distances spread backwards from the goals, one
ring after the other. What no ring reaches is dead: the goal can't be reached any more.

Values: a win in as many plies as the fewest moves; where the goal is out of reach, or beyond the limit of
moves, a loss of no particular length (plies None), for every way to lose a puzzle is as bad as the other.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Generic, TypeVar

from games.base import Action, Seat
from games.puzzle import Progress, Puzzle
from games.solvers.base import DEFAULT_BUDGET, Budget, Meter
from games.values import Value

P = TypeVar("P", bound=Hashable)

LOST = Value(-1)


class ShortestPathSolver(Generic[P]):
    """Fewest moves, kept for every position met."""

    def __init__(self, game: Puzzle[P], budget: Budget = DEFAULT_BUDGET) -> None:
        self.game = game
        self.budget = budget
        self._distances: dict[P, int | None] = {}

    def value(self, state: Progress[P]) -> Value:
        distance = self.distance(state.position)
        if distance is None or distance > self.game.limit - state.moves:
            return LOST
        return Value(1, distance)

    def action_values(self, state: Progress[P], seat: Seat) -> dict[Action, Value]:
        return {
            action: self.value(self.game.next_state(state, action)).one_ply_earlier()
            for action in self.game.legal_actions(state, seat)
        }

    def distance(self, position: P) -> int | None:
        """The fewest moves to the goal, whatever the limit; None where the goal is out of reach."""
        if position not in self._distances:
            self._explore(position)
        return self._distances[position]

    def _explore(self, start: P) -> None:
        before: dict[P, list[P]] = {}
        meter = Meter(self.game.spec, self.budget)
        for position, followers in self.game.positions(start):
            meter.spend(partial(self.game.format_position, position))
            before.setdefault(position, [])
            for after in followers:
                before.setdefault(after, []).append(position)
        self._distances |= dict.fromkeys(before)
        self._spread(before)

    def _spread(self, before: dict[P, list[P]]) -> None:
        """Ring after ring backwards from the goals: a position is as far as the ring that meets it first."""
        ring, distance = [position for position in before if self.game.is_solved(position)], 0
        self._distances |= dict.fromkeys(ring, 0)
        while ring:
            distance += 1
            ring = list(dict.fromkeys(p for q in ring for p in before[q] if self._distances[p] is None))
            self._distances |= dict.fromkeys(ring, distance)
