"""What fixed policies would measure, exactly: the lines to read a model's numbers against.

By dynamic programming over the whole game, from both seats, so there is no interval. A share of turns is the
expected number of turns that count for it over the expected number of turns: what the pooled share of ever
more matches comes to.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import Any

from arena.measures import SKILL, Decision
from arena.record import Attempt, Ply
from arena.referee import judge
from games.base import Action, Game, Seat
from games.solvers import UnsolvedError, shared_solver
from games.tree import Policy, expected_sums, outcome_distribution
from players.baselines import GreedyPlayer, MinimaxPlayer, PolicyPlayer, RandomPlayer

BASELINES: tuple[PolicyPlayer, ...] = (
    RandomPlayer("random"),
    GreedyPlayer("greedy"),
    MinimaxPlayer("minimax"),
)
STATES = 50_000
"""So many states a game may have for its baselines to be worked out: some seconds."""


def exact_measures(
    game: Game[Any], player: PolicyPlayer, opponent: PolicyPlayer, limit: int = STATES
) -> dict[str, float | None]:
    """The points and every measure of skill of a policy against another, half the matches from each seat.

    None for a share of turns that never come up. Raises UnsolvedError where more than `limit` states are met,
    the solver gives up, or the game is not one of two seats.
    """
    if game.num_seats != 2:
        raise UnsolvedError(
            f"baselines are worked out for games of two seats; {game.spec} has {game.num_seats}"
        )
    count = _counter(game)
    points, sums = 0.0, [0.0] * (2 * len(SKILL))
    for own in (0, 1):
        seated = (player, opponent) if own == 0 else (opponent, player)
        policies = [_policy(p, game) for p in seated]
        points += _points(outcome_distribution(game, policies, limit), own) / 2
        added = expected_sums(game, policies, partial(count, own), limit)
        sums = [old + new for old, new in zip(sums, added, strict=True)]
    shares = [total / units if units else None for total, units in zip(sums[::2], sums[1::2], strict=True)]
    return {"points": points, **dict(zip((measure.name for measure in SKILL), shares, strict=True))}


def baselines(
    game: Game[Any], opponent: PolicyPlayer, limit: int = STATES
) -> dict[str, dict[str, float | None]]:
    """Uniform-legal, greedy and minimax play against an opponent, by name; UnsolvedError likewise."""
    return {player.name: exact_measures(game, player, opponent, limit) for player in BASELINES}


def _policy(player: PolicyPlayer, game: Game[Any]) -> Policy[Any]:
    return cache(lambda state, seat: player.policy(game, state, seat))


def _points(results: dict[tuple[float, ...], float], own: Seat) -> float:
    """Expected points; play that never ends counts as drawn."""
    return sum(p * _score(returns, own) for returns, p in results.items())


def _score(returns: tuple[float, ...], own: Seat) -> float:
    if not returns or returns[own] == returns[1 - own]:
        return 0.5
    return float(returns[own] > returns[1 - own])


@lru_cache(maxsize=2)
def _counter(game: Game[Any]) -> Any:
    """What an action counts for: total and units of every measure of skill; zeros for the other seat's."""
    solver = shared_solver(game)

    @cache
    def judged(state: Any, seat: Seat, action: Action) -> tuple[float, ...]:
        decision = _decision(game, solver, state, seat, action)
        numbers = [measure.of(decision) for measure in SKILL]
        return tuple(x for number in numbers for x in ((0.0, 0.0) if number is None else (number, 1.0)))

    def count(own: Seat, state: Any, seat: Seat, action: Action) -> tuple[float, ...]:
        return judged(state, seat, action) if seat == own else (0.0,) * (2 * len(SKILL))

    return count


def _decision(game: Game[Any], solver: Any, state: Any, seat: Seat, action: Action) -> Decision:
    """The turn as a record would hold it."""
    name = game.format_action(state, action)
    attempt = Attempt(name, name, None, "", None, 0.0)
    verdict = judge(game, solver, state, seat, action)
    ply = Ply(0, seat, game.format_state(state), name, (attempt,), verdict=verdict)
    return Decision(ply, "", None, game.return_range)
