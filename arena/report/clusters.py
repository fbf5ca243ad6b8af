"""Sums by pair of matches, kept while a run is read: arena/estimates.py makes means and intervals of them.

The two matches of a pair share an opening, so pairs are what varies independently.
"""

from __future__ import annotations

from functools import lru_cache
from sys import intern

from arena.estimates import mean_of_pairs
from arena.report.data import Estimate
from arena.stats import Cluster

SHARE = (0.0, 1.0)
"""The bounds of points, and of whether something is so."""


class Clusters:
    """Sums of one quantity, which lies between bounds, by pair of matches."""

    def __init__(self, bounds: tuple[float, float] = SHARE) -> None:
        self._bounds = bounds
        self._sums: dict[str, Cluster] = {}
        """By the pair's id, one object for all quantities: long runs have many pairs."""

    def add(self, pair: str, value: float) -> None:
        """Count a value."""
        self._put(intern(pair), float(value), 1)

    def merge(self, other: Clusters) -> None:
        """Count what other clusters hold as well."""
        for key, sums in other._sums.items():
            self._put(key, sums.total, sums.units)

    def _put(self, key: str, total: float, units: float) -> None:
        before = self._sums.get(key, NOTHING)
        self._sums[key] = _cluster(before.total + total, before.units + units)

    def estimate(self, evidence: str = "") -> Estimate | None:
        """The mean over all; None if there is nothing."""
        found = mean_of_pairs(list(self._sums.values()), self._bounds)
        if found.value is None:
            return None
        low, high = (found.interval.low, found.interval.high) if found.interval else (None, None)
        return Estimate(found.value, found.n, low, high, evidence, found.pairs, found.enough)


@lru_cache(maxsize=4096)
def _cluster(total: float, units: float) -> Cluster:
    """One object for all pairs with the same sums, of which there are few."""
    return Cluster(total, units)


NOTHING = Cluster(0.0, 0)
