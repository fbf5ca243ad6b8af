"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from games.base import Game, SequentialGame
from games.solvers.base import DEFAULT_BUDGET, Budget, Solver, UnsolvedError
from games.solvers.negamax import NegamaxSolver

__all__ = [
    "DEFAULT_BUDGET",
    "Budget",
    "NegamaxSolver",
    "Solver",
    "UnsolvedError",
    "shared_solver",
    "solver_for",
]


def solver_for(game: Game[Any], budget: Budget | None = None) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind."""
    if isinstance(game, SequentialGame):
        return NegamaxSolver(game, budget or DEFAULT_BUDGET)
    raise UnsolvedError(f"no exact solver for {game.spec}")


@lru_cache(maxsize=16)
def shared_solver(game: Game[Any]) -> Solver[Any]:
    """One solver for everybody in this process who asks about a game: what one solved the others know."""
    return solver_for(game)
