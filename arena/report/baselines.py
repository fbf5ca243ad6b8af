"""Exact results of baselines, worked out by dynamic programming, to stand beside what was played.

They are a supplement: no report waits for them longer than SECONDS, and what is left out is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations, islice
from time import monotonic
from typing import Any, TypeAlias

from arena.report.data import Cell, Table
from games.registry import AnyGame, parse_game
from games.solvers import UnsolvedError
from games.tree import Policy, outcome_distribution, reachable
from players.base import PlayerError
from players.baselines import GreedyPlayer, MinimaxPlayer, RandomPlayer

STATES = 20_000
"""Games with more are left out: some seconds for a game."""
SECONDS = 60.0
"""For all games of a report together."""
PLAYERS = (RandomPlayer("random"), GreedyPlayer("greedy"), MinimaxPlayer("minimax"))
NAMES = tuple(player.name for player in PLAYERS)
Points: TypeAlias = Mapping[tuple[str, str], float]


def baseline_tables(specs: Iterable[str], seconds: float = SECONDS) -> Iterator[tuple[str, Table | str]]:
    """For each game its table, or why there is none."""
    until = monotonic() + seconds
    for spec in specs:
        try:
            yield spec, baseline_table(spec, until - monotonic())
        except (UnsolvedError, PlayerError) as error:
            yield spec, str(error)


def baseline_table(spec: str, seconds: float = SECONDS) -> Table:
    """Points a match of each baseline against each other, seats swapped; UnsolvedError says why not."""
    game, until = parse_game(spec), monotonic() + seconds
    _check_size(game)
    policies = {player.name: _asked_once(player, game) for player in PLAYERS}
    points = {
        (name, other): _points(game, policies[name], policies[other], until)
        for name, other in combinations(NAMES, 2)
    }
    rows = tuple((Cell(name), *(_cell(points, name, other) for other in NAMES)) for name in NAMES)
    note = "Points a match over both seats, worked out and not played: no interval. Rows against columns."
    return Table("Exact baselines", ("player", *NAMES), rows, note)


def _check_size(game: AnyGame) -> None:
    if game.num_seats != 2:
        raise UnsolvedError("baselines are worked out for games of two seats")
    if sum(1 for _ in islice(reachable(game, STATES), STATES)) >= STATES:
        raise UnsolvedError(f"{game.spec} has more than {STATES:,} states")


def _asked_once(player: RandomPlayer | GreedyPlayer | MinimaxPlayer, game: AnyGame) -> Policy[Any]:
    """A policy that remembers: it meets the same states from both seats and against both others."""
    return cache(lambda state, seat: player.policy(game, state, seat))


def _cell(points: Points, name: str, other: str) -> Cell:
    """Both seats together, a player gets half of the points against itself."""
    found = 0.5 if name == other else points.get((name, other))
    return Cell(f"{1 - points[other, name] if found is None else found:.3f}")


def _points(game: AnyGame, own: Policy[Any], other: Policy[Any], until: float) -> float:
    first = _first_points(_met(game, own, other, until))
    return (first + 1 - _first_points(_met(game, other, own, until))) / 2


def _met(
    game: AnyGame, first: Policy[Any], second: Policy[Any], until: float
) -> Mapping[tuple[float, ...], float]:
    return outcome_distribution(game, [first, second], STATES, max(0.0, until - monotonic()))


def _first_points(shares: Mapping[tuple[float, ...], float]) -> float:
    """Of the first seat; play that never ends is a draw."""
    won = sum(p for returns, p in shares.items() if returns and returns[0] > returns[1])
    lost = sum(p for returns, p in shares.items() if returns and returns[0] < returns[1])
    return won + (1 - won - lost) / 2
