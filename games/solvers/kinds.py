"""The kinds of games, and the generic solver for every kind but the sequential one."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec
from typing import Any

from games.base import Game, SequentialGame
from games.extras import install
from games.mastermind import Mastermind
from games.puzzle import Puzzle
from games.solvers.backward import BackwardSolver
from games.solvers.base import Budget, Solver, UnsolvedError
from games.solvers.deduction import DeductionSolver
from games.solvers.sequence_form import SequenceFormSolver
from games.solvers.shortest_path import ShortestPathSolver
from games.solvers.value_iteration import ValueIterationSolver


class Kind(StrEnum):
    """What makes a game hard to solve."""

    SEQUENTIAL = "sequential"
    CHANCE = "chance"
    SIMULTANEOUS = "simultaneous"
    HIDDEN = "hidden"
    ONE_SEAT = "one seat"


def kind_of(game: Game[Any]) -> Kind:
    """The kind of a game, from what its class says of itself; of several the one that decides the solver."""
    if game.num_seats == 1:
        return Kind.ONE_SEAT
    if game.hidden:
        return Kind.HIDDEN
    if game.simultaneous:
        return Kind.SIMULTANEOUS
    return Kind.SEQUENTIAL if isinstance(game, SequentialGame) else Kind.CHANCE


def solver_of_kind(game: Game[Any], budget: Budget) -> Solver[Any]:
    """The generic solver for a game of this kind; UnsolvedError if there is none or a package is missing."""
    kind = kind_of(game)
    if isinstance(game, Puzzle):
        return ShortestPathSolver(game, budget)
    if isinstance(game, Mastermind):
        return DeductionSolver(game, budget)
    if kind is Kind.CHANCE and not game.endless:
        return BackwardSolver(game, budget)
    if kind in (Kind.ONE_SEAT, Kind.SEQUENTIAL):
        raise UnsolvedError(f"no exact solver for {game.spec}, a game of the kind {kind!r}")
    return _numerical_solver(game, kind, budget)


def _numerical_solver(game: Game[Any], kind: Kind, budget: Budget) -> Solver[Any]:
    if find_spec("scipy") is None:
        raise UnsolvedError(f"the solver of {game.spec} needs scipy: {install('solvers')}")
    if kind is Kind.HIDDEN:
        return SequenceFormSolver(game, budget)
    return ValueIterationSolver(game, budget) if game.endless else BackwardSolver(game, budget)
