"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from typing import Any

from games.base import Game, SequentialGame
from games.k_in_a_row import KInARow
from games.solvers.base import DEFAULT_BUDGET, Solver, UnsolvedError
from games.solvers.negamax import NegamaxSolver

__all__ = ["DEFAULT_BUDGET", "NegamaxSolver", "Solver", "UnsolvedError", "solver_for"]


SMALL_CELLS = 9
"""Up to so many cells the generic solver is done before numba is imported."""
DENSE_CELLS = 16
"""Up to so many cells a full table is built, variants included."""


def solver_for(game: Game[Any], budget: int | None = None) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind.

    A compiled kernel where there is one, else the generic solver. `budget` is what one question may cost, in
    states or nodes; None takes the solver's own, which is about 15 seconds.
    """
    if isinstance(game, KInARow) and (kernel := _kernel_for(game, budget)) is not None:
        return kernel
    if isinstance(game, SequentialGame) and hasattr(game, "packed_rules"):
        from games.solvers.packed import PackedSolver

        return PackedSolver(game, game.packed_rules(), *(() if budget is None else (budget,)))
    if isinstance(game, SequentialGame):
        return NegamaxSolver(game, DEFAULT_BUDGET if budget is None else budget)
    raise UnsolvedError(f"no exact solver for {game.spec}")


def _kernel_for(game: KInARow, budget: int | None) -> Solver[Any] | None:
    """The compiled solver of a k-in-a-row game; imported here, because compiling takes seconds once."""
    given = () if budget is None else (budget,)
    if game.size.cells <= SMALL_CELLS:
        return None
    if game.gravity and game.k == 4:
        from games.solvers.connect4 import Connect4Solver, plays_connect_four

        if plays_connect_four(game):
            return Connect4Solver(game, *given)
    if game.size.cells <= DENSE_CELLS:
        from games.solvers.dense import DenseSolver

        return DenseSolver(game)
    if not (game.gravity or game.misere or game.wild):
        from games.solvers.k_in_a_row import SearchSolver, is_plain

        if is_plain(game):
            return SearchSolver(game, *given)
    return None
