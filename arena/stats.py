"""Intervals for proportions and means. No number goes without its n."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import TypeVar

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval."""

    low: float
    high: float


def wilson(successes: int, n: int) -> Interval | None:
    """The Wilson score interval of a proportion of independent units; None for n = 0.

    >>> wilson(0, 10)
    Interval(low=0.0, high=0.2775327998628892)
    """
    if n == 0:
        return None
    p, z2 = successes / n, Z95 * Z95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


def bootstrap(
    clusters: Sequence[T], statistic: Callable[[Sequence[T]], float | None], *, draws: int = 1000
) -> Interval | None:
    """The percentile interval of a statistic over clusters (pairs of matches), drawn with replacement.

    None with fewer than two clusters, or where the statistic is undefined on most draws. The same clusters
    always give the same interval.
    """
    if len(clusters) < 2:
        return None
    rng = Random(len(clusters))
    drawn = (statistic(rng.choices(clusters, k=len(clusters))) for _ in range(draws))
    values = sorted(value for value in drawn if value is not None)
    if len(values) < draws / 2:
        return None
    return Interval(values[int(0.025 * len(values))], values[int(0.975 * len(values))])
