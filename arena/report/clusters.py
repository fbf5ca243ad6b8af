"""Means with intervals over pairs of matches, in memory that does not grow with the run.

The two matches of a pair share an opening, so pairs are what varies independently. Beyond MOST pairs they
are put into MOST batches by a hash of their id: sums of pairs that vary independently do so themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias
from zlib import crc32

from arena.report.data import Estimate
from arena.stats import Interval, bootstrap, wilson

MOST = 400
Sums: TypeAlias = tuple[float, int]
"""The sum of a quantity, and how many it is over."""


class Clusters:
    """Sums of one quantity by pair of matches."""

    def __init__(self, *, share: bool = False) -> None:
        self._sums: dict[str | int, Sums] = {}
        self._batched = False
        self._share = share
        """The quantity lies between 0 and 1."""

    def add(self, pair: str, value: float, n: int = 1) -> None:
        """Count a value, or the sum of n of them."""
        self._put(_batch(pair) if self._batched else pair, value, n)
        if not self._batched and len(self._sums) > MOST:
            self._batched, before = True, self._sums
            self._sums = {}
            for key, (total, many) in before.items():
                self._put(_batch(str(key)), total, many)

    def _put(self, key: str | int, value: float, n: int) -> None:
        total, many = self._sums.get(key, (0.0, 0))
        self._sums[key] = (total + value, many + n)

    def merge(self, other: Clusters) -> None:
        """Count what other clusters hold as well."""
        for key, (total, many) in other._sums.items():
            self.add(str(key), total, many)

    def estimate(self, evidence: str = "") -> Estimate | None:
        """The mean over all; None if there is nothing."""
        sums = list(self._sums.values())
        value, n = _mean(sums), sum(many for _, many in sums)
        if value is None:
            return None
        interval = self._interval(value, sums)
        low, high = (interval.low, interval.high) if interval else (None, None)
        return Estimate(value, n, low, high, evidence)

    def _interval(self, value: float, sums: Sequence[Sums]) -> Interval | None:
        if self._share and value in (0.0, 1.0):  # a bootstrap of units that are all alike knows no doubt
            return wilson(round(value * len(sums)), len(sums))
        return bootstrap(sums, _mean)


def shares() -> Clusters:
    """Of a quantity between 0 and 1, such as points or whether an action was optimal."""
    return Clusters(share=True)


def _batch(pair: str) -> int:
    return crc32(pair.encode()) % MOST


def _mean(sums: Sequence[Sums]) -> float | None:
    n = sum(many for _, many in sums)
    return sum(total for total, _ in sums) / n if n else None
