"""Which solver a k-in-a-row game gets: the first of four that can do it."""

from __future__ import annotations

from typing import Any

from games.k_in_a_row import KInARow
from games.solvers.base import Budget, Solver
from games.solvers.negamax import NegamaxSolver

SMALL_CELLS = 9
"""Up to so many cells the generic solver is done before numba is imported."""
DENSE_CELLS = 16
"""Up to so many cells a full table is built, variants included."""

SEARCH_COST = 6
"""A node of the general search takes as long as so many of other kernels."""


def solver(game: KInARow, budget: Budget) -> Solver[Any]:
    """A compiled kernel where there is one, imported only then; else the generic solver."""
    if game.size.cells <= SMALL_CELLS:
        return NegamaxSolver(game, budget)
    return _connect_four(game, budget) or _table(game) or _search(game, budget) or NegamaxSolver(game, budget)


def _connect_four(game: KInARow, budget: Budget) -> Solver[Any] | None:
    if not (game.gravity and game.k == 4):
        return None
    from games.solvers.connect4 import Connect4Solver, plays_connect_four

    return Connect4Solver(game, budget.compiled) if plays_connect_four(game) else None


def _table(game: KInARow) -> Solver[Any] | None:
    if game.size.cells > DENSE_CELLS:
        return None
    from games.solvers.dense import DenseSolver

    return DenseSolver(game)


def _search(game: KInARow, budget: Budget) -> Solver[Any] | None:
    if game.gravity or game.misere or game.wild:
        return None
    from games.solvers.k_in_a_row import SearchSolver, is_plain

    return SearchSolver(game, budget.compiled // SEARCH_COST) if is_plain(game) else None
