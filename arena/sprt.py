"""The sequential test on pairs of matches: is A stronger than B by elo1, or only by elo0?

The generalised sequential probability ratio test as chess engines are tested with it: pairs of matches with
the seats swapped give 0, 1/2, 1, 3/2 or 2 points, and the likelihood of each hypothesis about the expected
score is maximised over every distribution of the five results with that expectation (M. Van den Bergh's
notes for fishtest, proposition 1.1 of "support MLE multinomial"; X. Li, J. Liu and Z. Ying, "Generalized
sequential probability ratio test for separate families of hypotheses", Sequential Analysis 33, 2014).
Pairs, not matches, because two matches from one opening are no two samples.

Elo is that of the expected score, the logistic one: a score of s is 400 log10(s / (1 - s)).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isfinite, log, log10

EPSILON = 1e-3
"""Taken for a result that was never seen, so that no hypothesis is impossible."""
LEAST_PAIRS = 16
"""No decision before so many pairs: the distribution of the results is itself estimated from them."""
ESTIMATED = 3
"""So many pairs' worth of evidence is taken off for that; without it the errors come out at the stated risks
or just above them (docs/statistics.md)."""


class SprtError(ValueError):
    """The test was asked for with numbers that make no test."""


class Decision(StrEnum):
    """What is known after some pairs."""

    CONTINUE = "continue"
    H0 = "H0"
    """A is not stronger than by elo0 (or weaker still)."""
    H1 = "H1"
    """A is stronger by elo1 or more."""


@dataclass(frozen=True, slots=True)
class Sprt:
    """The test's two hypotheses and its two risks."""

    elo0: float
    elo1: float
    alpha: float = 0.05
    """Risk of accepting H1 though A is stronger by elo0 only."""
    beta: float = 0.05
    """Risk of accepting H0 though A is stronger by elo1."""

    def __post_init__(self) -> None:
        if not -2000 < self.elo0 < self.elo1 < 2000:
            raise SprtError(
                f"elo0 is to be below elo1, both within 2000, not {self.elo0:g} and {self.elo1:g}"
            )
        if not (0 < self.alpha < 0.5 and 0 < self.beta < 0.5):
            raise SprtError(f"alpha and beta lie between 0 and 0.5, not {self.alpha:g} and {self.beta:g}")

    @property
    def bounds(self) -> tuple[float, float]:
        """Log-likelihood ratios at which H0 and H1 are accepted (Wald's)."""
        return log(self.beta / (1 - self.alpha)), log((1 - self.beta) / self.alpha)

    def llr(self, counts: Sequence[int]) -> float:
        """The log-likelihood ratio of H1 to H0 given how many pairs brought 0, 1/2, 1, 3/2 and 2 points.

        It is discounted by what estimating the distribution costs (ESTIMATED).
        """
        pairs = sum(counts)
        ratio = log_likelihood_ratio(counts, expected_score(self.elo0), expected_score(self.elo1))
        return ratio * max(0, pairs - ESTIMATED) / pairs if pairs else 0.0

    def decide(self, counts: Sequence[int]) -> Decision:
        """What is known after these pairs, taken by themselves."""
        low, high = self.bounds
        llr = self.llr(counts)
        if sum(counts) < LEAST_PAIRS or low < llr < high:
            return Decision.CONTINUE
        return Decision.H1 if llr >= high else Decision.H0


@dataclass(frozen=True, slots=True)
class SprtState:
    """How far the test has come."""

    counts: tuple[int, ...] = (0, 0, 0, 0, 0)
    """Pairs by points: 0, 1/2, 1, 3/2, 2."""
    llr: float = 0.0
    decision: Decision = Decision.CONTINUE

    @property
    def pairs(self) -> int:
        return sum(self.counts)


def advance(test: Sprt, state: SprtState, points: float) -> SprtState:
    """The state after one more pair, which brought 0 to 2 points."""
    counts = list(state.counts)
    counts[round(2 * points)] += 1
    return SprtState(tuple(counts), test.llr(counts), test.decide(counts))


def run_test(test: Sprt, points: Iterable[float]) -> SprtState:
    """Take in the points of one pair after the other; pairs after the decision are not looked at.

    >>> run_test(Sprt(0, 200), [2.0] * 20).decision
    <Decision.H1: 'H1'>
    """
    state = SprtState()
    for won in points:
        if state.decision is not Decision.CONTINUE:
            break
        state = advance(test, state, float(won))
    return state


def parse_sprt(text: str) -> Sprt:
    """The test written as elo0,elo1 or elo0,elo1,alpha,beta; SprtError otherwise."""
    try:
        numbers = [float(word) for word in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 4) or not all(map(isfinite, numbers)):
        raise SprtError(f"--sprt is elo0,elo1 or elo0,elo1,alpha,beta, as in 0,50,0.05,0.05, not {text!r}")
    return Sprt(*numbers)


def expected_score(elo: float) -> float:
    """The expected share of the points of a player stronger by so much logistic Elo."""
    return float(1 / (1 + 10 ** (-elo / 400)))


def elo_of_score(score: float) -> float:
    """The logistic Elo of a share of the points; infinite for 0 and 1."""
    if score <= 0 or score >= 1:
        return inf if score >= 1 else -inf
    return 400 * log10(score / (1 - score))


def log_likelihood_ratio(counts: Sequence[int], score0: float, score1: float) -> float:
    """Of the expected share of points score1 to score0, each with the distribution that suits it best."""
    pairs = sum(counts)
    if pairs == 0:
        return 0.0
    weights = [max(count, EPSILON) for count in counts]
    shares = [weight / sum(weights) for weight in weights]
    values = [i / (len(counts) - 1) for i in range(len(counts))]
    tilt0, tilt1 = (_tilt(values, shares, score) for score in (score0, score1))
    return sum(
        weight * log((1 + tilt0 * (value - score0)) / (1 + tilt1 * (value - score1)))
        for weight, value in zip(weights, values, strict=True)
    )


def _tilt(values: Sequence[float], shares: Sequence[float], score: float) -> float:
    """x such that the distribution share / (1 + x (value - score)) has the expectation `score`.

    The root of a falling function between its two poles: Newton's method, kept inside by bisection.
    """
    away = [value - score for value in values]
    low, high, x = -1 / max(away), -1 / min(away), 0.0
    for _ in range(200):
        terms = [d / (1 + x * d) for d in away]
        height = sum(p * t for p, t in zip(shares, terms, strict=True))
        low, high = (x, high) if height > 0 else (low, x)
        step = height / sum(p * t * t for p, t in zip(shares, terms, strict=True))
        new = x + step if low < x + step < high else (low + high) / 2
        if abs(new - x) < 1e-12:
            break
        x = new
    return x
