"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from games.base import Game, SequentialGame
from games.chess_endings import ChessEnding
from games.solvers.base import DEFAULT_BUDGET, TOLERANCE, Budget, MixedSolver, Solver, UnsolvedError
from games.solvers.kinds import Kind, kind_of, solver_of_kind
from games.solvers.negamax import NegamaxSolver

__all__ = [
    "DEFAULT_BUDGET",
    "TOLERANCE",
    "Budget",
    "Kind",
    "MixedSolver",
    "NegamaxSolver",
    "Solver",
    "UnsolvedError",
    "kind_of",
    "shared_solver",
    "solver_for",
]


def solver_for(game: Game[Any], budget: Budget | None = None) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind."""
    given = budget or DEFAULT_BUDGET
    if isinstance(game, ChessEnding):
        from games.solvers.chess_table import solver  # imports numpy

        return solver(game, given)
    if isinstance(game, SequentialGame) and kind_of(game) is Kind.SEQUENTIAL:
        return NegamaxSolver(game, given)
    return solver_of_kind(game, given)


@lru_cache(maxsize=16)
def shared_solver(game: Game[Any]) -> Solver[Any]:
    """One solver for everybody in this process who asks about a game: what one solved the others know."""
    return solver_for(game)
