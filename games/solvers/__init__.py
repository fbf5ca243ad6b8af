"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from games.base import Game, SequentialGame
from games.solvers.base import DEFAULT_BUDGET, Solver, UnsolvedError
from games.solvers.negamax import NegamaxSolver

__all__ = ["DEFAULT_BUDGET", "KERNELS", "NegamaxSolver", "Solver", "UnsolvedError", "solver_for"]


def _own(module: str, game: Any, budget: int) -> Solver[Any]:
    """The solver a module makes for a game; UnsolvedError where the compiler it needs is not installed."""
    try:
        solver: Solver[Any] = import_module(f"games.solvers.{module}").solver(game, budget)
    except ModuleNotFoundError as error:
        if error.name not in ("numba", "numpy"):
            raise
        raise UnsolvedError(f"the solver of {game.spec} needs {error.name}: pip install numba") from error
    return solver


KERNELS: dict[str, Callable[[Game[Any], int], Solver[Any]]] = {
    "nim": partial(_own, "grundy"),
    "wythoff": partial(_own, "grundy"),
    "kayles": partial(_own, "grundy"),
    "grundy": partial(_own, "grundy"),
    "notakto": partial(_own, "notakto_kernel"),
    "orderchaos": partial(_own, "placement_kernel"),
    "dotsandboxes": partial(_own, "dotsandboxes_kernel"),
    "othello": partial(_own, "othello_kernel"),
    "hex": partial(_own, "placement_kernel"),
    "kalah": partial(_own, "kalah_kernel"),
    "breakthrough": partial(_own, "breakthrough_kernel"),
}
"""Game name -> how to build its own solver; each imports it only then. The rest gets the generic one."""


def solver_for(game: Game[Any], budget: int = DEFAULT_BUDGET) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind."""
    if game.name in KERNELS:
        return KERNELS[game.name](game, budget)
    if isinstance(game, SequentialGame):
        return NegamaxSolver(game, budget)
    raise UnsolvedError(f"no exact solver for {game.spec}")
