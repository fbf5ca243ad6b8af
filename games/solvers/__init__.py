"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from typing import Any

from games.base import Game, SequentialGame
from games.solvers.base import DEFAULT_BUDGET, Solver, UnsolvedError
from games.solvers.negamax import NegamaxSolver

__all__ = ["DEFAULT_BUDGET", "NegamaxSolver", "Solver", "UnsolvedError", "solver_for"]


def solver_for(game: Game[Any], budget: int = DEFAULT_BUDGET) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind."""
    if isinstance(game, SequentialGame):
        return NegamaxSolver(game, budget)
    raise UnsolvedError(f"no exact solver for {game.spec}")
