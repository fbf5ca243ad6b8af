"""Exact results of baselines, worked out by dynamic programming, to stand beside what was played."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, islice

from arena.report.data import Cell, Table
from games.registry import AnyGame, parse_game
from games.solvers import UnsolvedError
from games.tree import outcome_distribution, reachable
from players.base import PlayerError
from players.baselines import PolicyPlayer
from players.specs import make_player

STATES = 20_000
"""Games with more are left out: some seconds for a game."""
NAMES = ("random", "greedy", "minimax")


def baseline_table(spec: str) -> Table | None:
    """Points a match of each baseline against each other, seats swapped; None where that is too much."""
    game = parse_game(spec)
    if game.num_seats != 2 or sum(1 for _ in islice(reachable(game, STATES), STATES)) >= STATES:
        return None
    try:
        points = {pair: _points(game, *pair) for pair in combinations(NAMES, 2)}
    except (UnsolvedError, PlayerError):
        return None
    rows = tuple((Cell(name), *(_cell(points, name, other) for other in NAMES)) for name in NAMES)
    note = "Points a match over both seats, worked out and not played: no interval. Rows against columns."
    return Table("Exact baselines", ("player", *NAMES), rows, note)


def _cell(points: Mapping[tuple[str, str], float], name: str, other: str) -> Cell:
    """Both seats together, a player gets half of the points against itself."""
    found = 0.5 if name == other else points.get((name, other))
    return Cell(f"{1 - points[other, name] if found is None else found:.3f}")


def _points(game: AnyGame, name: str, other: str) -> float:
    first = _first_points(_met(game, name, other))
    second = 1 - _first_points(_met(game, other, name))
    return (first + second) / 2


def _met(game: AnyGame, first: str, second: str) -> Mapping[tuple[float, ...], float]:
    players = [make_player(first), make_player(second)]
    policies = [
        (lambda state, seat, p=player: p.policy(game, state, seat))
        for player in players
        if isinstance(player, PolicyPlayer)
    ]
    return outcome_distribution(game, policies, 50 * STATES)


def _first_points(shares: Mapping[tuple[float, ...], float]) -> float:
    """Of the first seat; play that never ends is a draw."""
    won = sum(p for returns, p in shares.items() if returns and returns[0] > returns[1])
    lost = sum(p for returns, p in shares.items() if returns and returns[0] < returns[1])
    return won + (1 - won - lost) / 2
