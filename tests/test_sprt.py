"""The sequential test: its likelihood ratio, its bounds and its decisions."""

from __future__ import annotations

from math import inf, log
from random import Random

import pytest

from arena.sprt import (
    Decision,
    Sprt,
    SprtError,
    elo_of_score,
    expected_score,
    log_likelihood_ratio,
    parse_sprt,
    run_test,
)

COUNTS = (10, 60, 200, 80, 15)


def test_elo_and_score_are_inverse() -> None:
    assert expected_score(0) == 0.5
    assert expected_score(400) == pytest.approx(10 / 11)
    assert [elo_of_score(expected_score(elo)) for elo in (-300, 0, 12.5)] == pytest.approx([-300, 0, 12.5])
    assert (elo_of_score(0), elo_of_score(1)) == (-inf, inf)


def test_the_likelihood_is_that_of_the_best_distribution_with_the_expectation() -> None:
    """Against a general optimiser over the five probabilities."""
    import numpy as np
    from scipy.optimize import minimize

    values, counts = np.arange(5) / 4, np.array(COUNTS, float)

    def best(score: float) -> float:
        constraints = [
            {"type": "eq", "fun": lambda p: p.sum() - 1},
            {"type": "eq", "fun": lambda p: p @ values - score},
        ]
        found = minimize(
            lambda p: -(counts @ np.log(p)) / counts.sum(),
            counts / counts.sum(),
            bounds=[(1e-9, 1)] * 5,
            constraints=constraints,
            options={"ftol": 1e-14, "maxiter": 500},
        )
        return float(-found.fun * counts.sum())

    ours = log_likelihood_ratio(COUNTS, 0.5, 0.55)
    assert ours == pytest.approx(best(0.55) - best(0.5), abs=1e-4)


def test_near_the_middle_it_is_the_normal_approximation() -> None:
    """(s1 - s0)(2 s - s0 - s1) / 2 variance per pair, which holds for close hypotheses."""
    n = sum(COUNTS)
    mean = sum(i / 4 * c for i, c in enumerate(COUNTS)) / n
    variance = sum((i / 4 - mean) ** 2 * c for i, c in enumerate(COUNTS)) / n
    s0, s1 = 0.515, 0.52
    normal = n * (s1 - s0) * (2 * mean - s0 - s1) / (2 * variance)
    assert log_likelihood_ratio(COUNTS, s0, s1) == pytest.approx(normal, rel=0.02)


def test_swapping_the_players_swaps_the_hypotheses() -> None:
    ratio = log_likelihood_ratio(COUNTS, 0.5, 0.6)
    assert log_likelihood_ratio(COUNTS[::-1], 0.4, 0.5) == pytest.approx(-ratio)
    assert log_likelihood_ratio((0,) * 5, 0.4, 0.5) == 0


def test_bounds_are_walds() -> None:
    assert Sprt(0, 5, 0.05, 0.1).bounds == (log(0.1 / 0.95), log(0.9 / 0.05))


@pytest.mark.parametrize(
    ("points", "decision"),
    [
        ([2.0] * 50, Decision.H1),
        ([0.0] * 50, Decision.H0),
        ([1.0] * 300, Decision.H0),
        ([2.0, 0.0], Decision.CONTINUE),
    ],
)
def test_decisions(points: list[float], decision: Decision) -> None:
    assert run_test(Sprt(0, 100), points).decision is decision


def test_pairs_after_the_decision_are_not_looked_at() -> None:
    state = run_test(Sprt(0, 100), [2.0] * 50 + [0.0] * 500)
    assert (state.decision, state.counts[0]) == (Decision.H1, 0)
    assert state.pairs < 50


def test_errors_are_as_rare_as_stated() -> None:
    """A small version of benchmarks/interval_coverage.py."""
    rng, test = Random(0), Sprt(0, 150)
    wrong = 0
    for _ in range(100):
        pairs = (rng.choice((0.0, 0.5, 1.0)) + rng.choice((0.0, 0.5, 1.0)) for _ in range(2000))
        wrong += run_test(test, pairs).decision is Decision.H1
    assert wrong <= 12, "5 expected; more than 12 of 100 come up once in 700"


def test_how_it_is_written() -> None:
    assert parse_sprt("0,50") == Sprt(0, 50)
    assert parse_sprt("-10, 30,0.01,0.1") == Sprt(-10, 30, 0.01, 0.1)


@pytest.mark.parametrize(
    "text", ["", "1", "0,1,2", "a,b", "50,0", "0,50,0,0.1", "0,50,0.6,0.1", "0,inf", "0,9e9"]
)
def test_what_makes_no_test(text: str) -> None:
    with pytest.raises(SprtError):
        parse_sprt(text)
