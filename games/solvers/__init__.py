"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from games.base import Game, SequentialGame
from games.solvers.base import DEFAULT_BUDGET, Solver, UnsolvedError
from games.solvers.negamax import NegamaxSolver

__all__ = ["DEFAULT_BUDGET", "KERNELS", "NegamaxSolver", "Solver", "UnsolvedError", "solver_for"]


def _impartial(game: Any, budget: int) -> Solver[Any]:
    from games.solvers.grundy import impartial_solver

    return impartial_solver(game, budget)


KERNELS: dict[str, Callable[[Game[Any], int], Solver[Any]]] = {
    "nim": _impartial,
    "wythoff": _impartial,
    "kayles": _impartial,
    "grundy": _impartial,
}
"""Game name -> how to build its own solver; each imports it only then. The rest gets the generic one."""


def solver_for(game: Game[Any], budget: int = DEFAULT_BUDGET) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind."""
    if game.name in KERNELS:
        return KERNELS[game.name](game, budget)
    if isinstance(game, SequentialGame):
        return NegamaxSolver(game, budget)
    raise UnsolvedError(f"no exact solver for {game.spec}")
