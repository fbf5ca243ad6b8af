"""Exact solvers: one protocol, and the solver that a game gets."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from games.base import Game, SequentialGame
from games.chess_endings import ChessEnding
from games.mastermind import Mastermind
from games.puzzle import Puzzle
from games.solvers.backward import BackwardSolver
from games.solvers.base import DEFAULT_BUDGET, TOLERANCE, MixedSolver, Solver, UnsolvedError
from games.solvers.deduction import DeductionSolver
from games.solvers.negamax import NegamaxSolver
from games.solvers.sequence_form import SequenceFormSolver
from games.solvers.shortest_path import ShortestPathSolver
from games.solvers.value_iteration import ValueIterationSolver

__all__ = [
    "DEFAULT_BUDGET",
    "TOLERANCE",
    "BackwardSolver",
    "DeductionSolver",
    "Kind",
    "MixedSolver",
    "NegamaxSolver",
    "SequenceFormSolver",
    "ShortestPathSolver",
    "Solver",
    "UnsolvedError",
    "ValueIterationSolver",
    "kind_of",
    "solver_for",
]


class Kind(StrEnum):
    """What makes a game hard to solve; every kind has its solver."""

    SEQUENTIAL = "sequential"
    CHANCE = "chance"
    SIMULTANEOUS = "simultaneous"
    HIDDEN = "hidden"
    ONE_SEAT = "one seat"


def kind_of(game: Game[Any]) -> Kind:
    """The kind of a game, from what its class says of itself."""
    if game.num_seats == 1:
        return Kind.ONE_SEAT
    if game.hidden:
        return Kind.HIDDEN
    if game.simultaneous:
        return Kind.SIMULTANEOUS
    return Kind.SEQUENTIAL if isinstance(game, SequentialGame) else Kind.CHANCE


def solver_for(game: Game[Any], budget: int = DEFAULT_BUDGET) -> Solver[Any]:
    """The exact solver for a game; UnsolvedError if the arena has none for it."""
    if isinstance(game, ChessEnding):
        from games.solvers.chess_table import ChessEndingSolver  # imports numpy

        return ChessEndingSolver(game)
    if isinstance(game, SequentialGame) and kind_of(game) is Kind.SEQUENTIAL:
        return NegamaxSolver(game, budget)
    if kind_of(game) in (Kind.CHANCE, Kind.SIMULTANEOUS):
        return ValueIterationSolver(game, budget) if game.endless else BackwardSolver(game, budget)
    if kind_of(game) is Kind.HIDDEN:
        return SequenceFormSolver(game, budget)
    if isinstance(game, Puzzle):
        return ShortestPathSolver(game, budget)
    if isinstance(game, Mastermind):
        return DeductionSolver(game, budget)
    raise UnsolvedError(f"no exact solver for {game.spec}")
