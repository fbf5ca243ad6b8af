"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

from games.base import Game, SequentialGame
from games.solvers.base import DEFAULT_BUDGET, TOLERANCE, Budget, MixedSolver, Solver, UnsolvedError
from games.solvers.kinds import Kind, kind_of, solver_of_kind
from games.solvers.negamax import NegamaxSolver

__all__ = [
    "DEFAULT_BUDGET",
    "OWN_SOLVERS",
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

OWN_SOLVERS: Mapping[str, str] = {
    "tictactoe": "lines",
    "connect4": "lines",
    "nim": "grundy",
    "wythoff": "grundy",
    "kayles": "grundy",
    "grundy": "grundy",
    "notakto": "notakto",
    "orderchaos": "placement",
    "hex": "placement",
    "dotsandboxes": "dotsandboxes",
    "othello": "othello",
    "kalah": "kalah",
    "breakthrough": "breakthrough",
    "chessending": "chess_table",
}
"""Game name -> the module here with its own solver(game, budget); others get that of their kind."""


def solver_for(game: Game[Any], budget: Budget | None = None) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for its kind."""
    given = budget or DEFAULT_BUDGET
    if game.name in OWN_SOLVERS:  # imported only now: most of them compile, or import numpy
        own: Solver[Any] = import_module(f"games.solvers.{OWN_SOLVERS[game.name]}").solver(game, given)
        return own
    if isinstance(game, SequentialGame) and hasattr(
        game, "packed_rules"
    ):  # a game on 56 bits with jittable rules, see games/solvers/packed.py
        from games.solvers.packed import DEFAULT_STATES, PackedSolver

        return PackedSolver(game, game.packed_rules(), min(given.compiled, DEFAULT_STATES))
    if isinstance(game, SequentialGame) and kind_of(game) is Kind.SEQUENTIAL:
        return NegamaxSolver(game, given)
    return solver_of_kind(game, given)


@lru_cache(maxsize=16)
def shared_solver(game: Game[Any]) -> Solver[Any]:
    """One solver for everybody in this process who asks about a game: what one solved the others know."""
    return solver_for(game)
