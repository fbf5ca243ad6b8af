"""What a result counts in points: the one rule for schedules, scoreboards, measures, ratings and reports."""

from __future__ import annotations

from collections.abc import Sequence


def points(returns: Sequence[float], seat: int) -> float:
    """1 if the seat has the highest return, 1/2 if it shares it, else 0; alone, 1 for a positive return.

    >>> [points((1, -1), 0), points((0, 0), 1), points((3, 5), 0), points((1,), 0)]
    [1.0, 0.5, 0.0, 1.0]
    """
    own, *others = returns[seat], *returns[:seat], *returns[seat + 1 :]
    if not others:
        return float(own > 0)
    return 0.5 if own == max(others) else float(own > max(others))
