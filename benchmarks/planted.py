"""Matches whose statistics are known exactly, for benchmarks/interval_coverage.py.

A Pool holds, for two policies at tic-tac-toe, the joint distribution of what a match counts for one of them,
by dynamic programming from every opening of two plies. Drawing from it is drawing whole matches.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arena.referee import judge
from games.base import Seat
from games.registry import parse_game
from games.solvers import shared_solver
from games.values import parse_value
from players.baselines import PolicyPlayer
from players.specs import make_player

Array: TypeAlias = NDArray[Any]
GAME = parse_game("tictactoe")
COUNTED = ("points", "optimal choices", "choices", "regret", "wins kept", "wins that could be spoilt")
"""What a match counts for its player."""
Distribution: TypeAlias = dict[tuple[float, ...], float]


class Pool:
    """Pairs of matches of `player` against `other`: a random opening, from both seats."""

    def __init__(self, player: str, other: str) -> None:
        distributions = [self._distribution(player, other, seat) for seat in (0, 1)]
        self._tables = [
            [(np.array(list(d)), np.cumsum(list(d.values()))) for d in (of(state) for of in distributions)]
            for state in openings()
        ]
        means = [np.diff(shares, prepend=0.0) @ values for legs in self._tables for values, shares in legs]
        self.expected: Array = np.mean(means, axis=0)
        """What one match counts for on average, in the order of COUNTED."""

    def pairs(self, rng: np.random.Generator, sims: int, pairs: int) -> Array:
        """The counts of so many pairs, so many times over."""
        first, second = self._legs(rng, sims * pairs)
        return (first + second).reshape(sims, pairs, len(COUNTED))

    def points(self, rng: np.random.Generator, pairs: int) -> Array:
        """The player's points in each leg of so many pairs."""
        first, second = self._legs(rng, pairs)
        return np.stack([first[:, 0], second[:, 0]], axis=1)

    def _legs(self, rng: np.random.Generator, pairs: int) -> tuple[Array, Array]:
        opening = rng.integers(len(self._tables), size=pairs)
        legs = np.zeros((2, pairs, len(COUNTED)))
        for number, tables in enumerate(self._tables):
            here = np.flatnonzero(opening == number)
            for leg, (values, shares) in zip(legs, tables, strict=True):
                drawn = np.searchsorted(shares, rng.random(len(here)) * shares[-1])
                leg[here] = values[np.minimum(drawn, len(values) - 1)]
        return legs[0], legs[1]

    @staticmethod
    def _distribution(player: str, other: str, own: Seat) -> Any:
        """state -> the joint distribution of what the rest of a match counts for the player."""
        seated = [make_player(name) for name in ((player, other) if own == 0 else (other, player))]

        @cache
        def rest(state: Any) -> Distribution:
            if (outcome := GAME.outcome(state)) is not None:
                return {((outcome.returns[own] + 1) / 2, 0, 0, 0, 0, 0): 1.0}
            (seat,) = GAME.seats_to_move(state)
            policy = seated[seat]
            assert isinstance(policy, PolicyPlayer)
            totals: Distribution = defaultdict(float)
            for action, share in policy.policy(GAME, state, seat).items():
                counts = counted(state, seat, action) if seat == own else (0.0,) * len(COUNTED)
                ((_, after),) = GAME.transitions(state, {seat: action})
                for later, p in rest(after).items():
                    totals[tuple(a + b for a, b in zip(later, counts, strict=True))] += share * p
            return {counts: p for counts, p in totals.items() if p > 0}

        return rest


@cache
def counted(state: Any, seat: Seat, action: int) -> tuple[float, ...]:
    """What one action counts for, in the order of COUNTED."""
    verdict = judge(GAME, shared_solver(GAME), state, seat, action)
    if not verdict.choice:
        return (0.0,) * len(COUNTED)
    won = parse_value(verdict.best).payoff > 0
    return (0, verdict.optimal, 1, verdict.regret, won and not verdict.blunder, won)


def openings() -> list[Any]:
    """Every state after two plies, one of each kind."""
    start = GAME.initial_state()
    found: dict[Any, Any] = {}
    for first in GAME.legal_actions(start, 0):
        ((_, state),) = GAME.transitions(start, {0: first})
        for second in GAME.legal_actions(state, 1):
            ((_, after),) = GAME.transitions(state, {1: second})
            found.setdefault(GAME.canonical_key(after), after)
    return list(found.values())


def davidson(strength: float, ahead: float, draw: float) -> Array:
    """Probabilities of a win, a draw and a loss of the first seat, stronger by log strength + ahead."""
    odds = np.array([np.exp((strength + ahead) / 2), draw, np.exp(-(strength + ahead) / 2)])
    shares: Array = odds / odds.sum()
    return shares


def davidson_pairs(strength: float, ahead: float, draw: float, rng: np.random.Generator, pairs: int) -> Array:
    """Points of A in both legs of so many pairs: first seat, then second."""
    home = rng.choice((1.0, 0.5, 0.0), size=pairs, p=davidson(strength, ahead, draw))
    away = rng.choice((0.0, 0.5, 1.0), size=pairs, p=davidson(-strength, ahead, draw))
    return np.stack([home, away], axis=1)


def strength_of_score(score: float, ahead: float, draw: float) -> float:
    """The log strength at which a pair's expected share of the points is such."""
    low, high = -20.0, 20.0
    for _ in range(100):
        middle = (low + high) / 2
        home, away = davidson(middle, ahead, draw), davidson(-middle, ahead, draw)
        share = (home[0] + home[1] / 2 + away[2] + away[1] / 2) / 2
        low, high = (middle, high) if share < score else (low, middle)
    return (low + high) / 2
