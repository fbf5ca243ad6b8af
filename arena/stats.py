"""Intervals for proportions and means. No number goes without its n.

Which interval for what was chosen by measured coverage: benchmarks/interval_coverage.py, docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""

FEWEST = 8
"""Clusters that a studentised bootstrap needs: of fewer, some resamples hardly vary, and it is endless."""


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


@dataclass(frozen=True, slots=True)
class Cluster:
    """What one pair of matches adds to a mean: the sum of its units and how many they are."""

    total: float
    units: float


def clustered_wilson(clusters: Sequence[Cluster], low: float = 0.0, high: float = 1.0) -> Interval | None:
    """The interval of a mean of units that lie between `low` and `high`, drawn in clusters.

    Wilson's score interval with the effective number of units: as many independent ones as would vary as
    much as the clusters do (N. Dean and M. Pagano, "Evaluating confidence interval methods for binomial
    proportions in clustered surveys", Journal of Survey Statistics and Methodology 3, 2015), and Student's t
    for clusters - 1 degrees of freedom in place of the normal. Where no cluster differs from the others
    each counts as one unit, so that a perfect score keeps an honest width. None with fewer than two
    clusters that have units.
    """
    clusters = [cluster for cluster in clusters if cluster.units]
    n = len(clusters)
    if n < 2:
        return None
    mean, error = _mean_and_error(clusters)
    p, spread = (mean - low) / (high - low), error / (high - low)
    effective = p * (1 - p) / spread**2 if spread > 1e-12 else float(n)
    z2 = t975(n - 1) ** 2
    middle = (p + z2 / (2 * effective)) / (1 + z2 / effective)
    half = sqrt(z2 * (p * (1 - p) / effective + z2 / (4 * effective**2))) / (1 + z2 / effective)
    return Interval(
        low + (high - low) * max(middle - half, 0.0), low + (high - low) * min(middle + half, 1.0)
    )


def _mean_and_error(clusters: Sequence[Cluster]) -> tuple[float, float]:
    """The pooled mean of the units, and its standard error from the differences between clusters."""
    n, units = len(clusters), sum(c.units for c in clusters)
    mean = sum(c.total for c in clusters) / units
    squares = sum((c.total - mean * c.units) ** 2 for c in clusters)
    return mean, sqrt(squares * n / (n - 1)) / units


def bootstrap_t(clusters: Sequence[Cluster], *, draws: int = 2000) -> Interval | None:
    """The studentised bootstrap interval of a pooled mean without bounds, clusters drawn with replacement.

    For seconds, tokens and the like, whose long tails it follows (P. Hall, "Theoretical comparison of
    bootstrap confidence intervals", Annals of Statistics 16, 1988). The same clusters always give the same
    interval. None with fewer than FEWEST clusters that have units.
    """
    import numpy as np

    clusters = [cluster for cluster in clusters if cluster.units]
    n = len(clusters)
    if n < FEWEST:
        return None
    mean, error = _mean_and_error(clusters)
    x = np.array([c.total for c in clusters])
    m = np.array([c.units for c in clusters])
    sums = _resamples(n, draws) @ np.stack([x, m, x * x, x * m, m * m], axis=1)
    means = sums[:, 0] / sums[:, 1]
    squares = np.maximum(sums[:, 2] - 2 * means * sums[:, 3] + means**2 * sums[:, 4], 0)
    errors = np.maximum(np.sqrt(squares * n / (n - 1)) / sums[:, 1], 1e-9 * (error or 1))
    t_low, t_high = np.quantile((means - mean) / errors, (0.025, 0.975))
    return Interval(float(mean - t_high * error), float(mean - t_low * error))


@lru_cache(maxsize=4)
def _resamples(n: int, draws: int) -> Any:
    """How often each of n clusters is drawn, draw by draw."""
    import numpy as np

    return np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=draws).astype(float)


@lru_cache(maxsize=1024)
def t975(freedom: int) -> float:
    """The 97.5 % point of Student's t with so many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))
