"""What a full table says about a game: how many states, how they are worth, how sharp they are."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

from games.base import SequentialGame
from games.solvers.base import Solver
from games.tree import reachable
from games.values import Result

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True)
class TableStatistics:
    """Counts over all states that play can reach, finished ones included; values for the seat to move."""

    states: int
    decisions: int
    """States that are not over."""
    wins: int
    draws: int
    losses: int
    longest_win: int
    """The most plies that a win takes under best play."""
    unique_best: int
    """Decisions with a single best action (distance counts among wins and losses; draws are all equal)."""


def table_statistics(game: SequentialGame[S], solver: Solver[S]) -> TableStatistics:
    """The same counts for any game whose states can be walked, from its solver's values.

    >>> from games.k_in_a_row import KInARow
    >>> from games.solvers.negamax import NegamaxSolver
    >>> table_statistics(KInARow(m=2, n=2, k=2), NegamaxSolver(KInARow(m=2, n=2, k=2)))
    TableStatistics(states=29, decisions=17, wins=13, draws=0, losses=16, longest_win=3, unique_best=0)
    """
    if (full_table := getattr(solver, "statistics", None)) is not None:
        return full_table()  # type: ignore[no-any-return]
    results = {Result.WIN: 0, Result.DRAW: 0, Result.LOSS: 0}
    decisions = unique = longest = 0
    for state in reachable(game):
        value = solver.value(state)
        results[value.result] += 1
        if value.result is Result.WIN:
            longest = max(longest, value.plies or 0)
        for seat in game.seats_to_move(state):
            decisions += 1
            values = list(solver.action_values(state, seat).values())
            unique += values.count(max(values)) == 1
    return TableStatistics(
        sum(results.values()),
        decisions,
        results[Result.WIN],
        results[Result.DRAW],
        results[Result.LOSS],
        longest,
        unique,
    )
