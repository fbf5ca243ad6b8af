"""The coach: tells a person what every legal action is worth, and does not hold up the match meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from games.base import Game, Seat
from games.solvers import Budget, Solver, UnsolvedError, solver_for
from games.values import Value
from players.aside import aside

BUDGET = Budget(states=500_000, seconds=10.0)
"""What a question may cost: a person waits for the answer."""
ASKED = "asked the coach"
"""What the record notes of an action that was chosen with the values before one's eyes."""


class NoAdviceError(Exception):
    """The coach does not know; the message says why."""


class Coach:
    """Answers from a solver of its own: solvers keep one question's state, and players ask theirs."""

    def __init__(self, budget: Budget = BUDGET) -> None:
        self._budget = budget
        self._solvers: dict[str, Solver[Any]] = {}
        self._one_question = threading.Lock()

    async def values(self, game: Game[Any], state: Any, seat: Seat) -> Mapping[str, Value]:
        """The value of every legal action, by its notation; NoAdviceError where it is not known."""
        return await aside(lambda: self._solved(game, state, seat), "coach")

    def _solved(self, game: Game[Any], state: Any, seat: Seat) -> Mapping[str, Value]:
        with self._one_question:
            try:
                if game.spec not in self._solvers:
                    self._solvers[game.spec] = solver_for(game, self._budget)
                values = self._solvers[game.spec].action_values(state, seat)
            except UnsolvedError as error:
                raise NoAdviceError(f"the coach does not know: {error}") from error
        return {game.format_action(state, action): value for action, value in values.items()}


def best_of(values: Mapping[str, Value]) -> tuple[str, ...]:
    """The actions that none is better than."""
    most = max(values.values())
    return tuple(name for name, value in values.items() if value == most)


def gave_away(values: Mapping[str, Value], name: str) -> str:
    """What an action cost, in words.

    >>> gave_away({"1": Value(1, 3), "2": Value(0, 5)}, "2")
    '2: win in 3 -> draw; better: 1'
    """
    best = best_of(values)
    if name in best:
        return f"{name}: optimal, {values[name]}"
    return f"{name}: {values[best[0]]} -> {values[name]}; better: {', '.join(best)}"
