"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from typing import Any

from games.base import Game, SequentialGame
from games.k_in_a_row import KInARow
from games.solvers.base import DEFAULT_BUDGET, Solver, UnsolvedError
from games.solvers.negamax import NegamaxSolver

__all__ = ["DEFAULT_BUDGET", "NegamaxSolver", "Solver", "UnsolvedError", "solver_for"]


def solver_for(game: Game[Any], budget: int | None = None) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind.

    A compiled kernel where there is one, else the generic solver. `budget` is what one question may cost, in
    states or nodes; None takes the solver's own, which is about 15 seconds.
    """
    if isinstance(game, KInARow) and game.gravity and game.k == 4:
        from games.solvers.connect4 import Connect4Solver, plays_connect_four  # compiled: import when needed

        if plays_connect_four(game):
            return Connect4Solver(game) if budget is None else Connect4Solver(game, budget)
    if isinstance(game, SequentialGame):
        return NegamaxSolver(game, DEFAULT_BUDGET if budget is None else budget)
    raise UnsolvedError(f"no exact solver for {game.spec}")
