"""arena solve --table: every state of a game, solved and counted."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from arena.cli.output import console, print_json

if TYPE_CHECKING:
    from games.registry import AnyGame
    from games.solvers import Solver
    from games.solvers.statistics import TableStatistics

STATES = 200_000
"""States that are walked one by one; some seconds. Solvers that hold a full table of their own count it."""


def print_table(game: AnyGame, *, json: bool) -> None:
    """Count what every state is worth; UnsolvedError where there is no such table or it is too large."""
    counts = full_table(game)
    if json:
        print_json({"game": game.spec, **asdict(counts)})
        return
    console().print(f"{game.title}: every state that play can reach", markup=False)
    margins = not game.speed_matters
    lines = {
        "states": f"{counts.states:,}",
        "not over": f"{counts.decisions:,}",
        "won for the seat to move": f"{counts.wins:,}",
        "drawn": f"{counts.draws:,}",
        "lost": f"{counts.losses:,}",
        "longest win, in plies": "-, speed is no part of its values" if margins else f"{counts.longest_win}",
        "with one best action only": f"{counts.unique_best:,}",
    }
    for what, number in lines.items():
        console().print(f"  {what:26}{number:>12}", markup=False)


def full_table(game: AnyGame) -> TableStatistics:
    """The statistics of all states within the budget of walking them; UnsolvedError otherwise."""
    from games.base import SequentialGame
    from games.solvers import UnsolvedError, kind_of, solver_for
    from games.solvers.statistics import table_statistics

    if not isinstance(game, SequentialGame):
        raise UnsolvedError(
            f"no table for {game.spec}: it is a game of the kind '{kind_of(game)}', "
            "and tables are for games where one seat moves at a time and sees everything, without chance"
        )
    solver = solver_for(game)
    _check_size(game, solver)
    return table_statistics(game, solver)


def _check_size(game: AnyGame, solver: Solver[Any]) -> None:
    from games.solvers import UnsolvedError
    from games.tree import reachable

    if hasattr(solver, "statistics"):
        return
    if sum(1 for _ in reachable(game, STATES + 1)) > STATES:
        raise UnsolvedError(f"no table for {game.spec}: it has more than {STATES:,} states")
