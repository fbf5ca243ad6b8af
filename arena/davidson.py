"""The fit behind the ratings: Davidson's model as a log-linear one, on whole pairs of matches.

Counts go in by the line, so that all resamples of a bootstrap are fitted at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[Any]

PRIOR = 0.5
"""Matches that every player is taken to have played from each seat against an average one, a third of them
won, a third drawn, a third lost: what keeps the rating of a perfect score finite. One match in all."""
Match: TypeAlias = tuple[tuple[str, str], float]
"""(first, second) and the points of the first: 1, 0.5 or 0."""
Pattern: TypeAlias = tuple[Match, ...]
"""How one pair of matches turned out."""


def patterns_of(pairs: Iterable[Sequence[Match]]) -> tuple[list[Pattern], Array]:
    """The different ways pairs turned out, each with how many did: all that a bootstrap needs to know."""
    import numpy as np

    counted = Counter(tuple(sorted(pair)) for pair in pairs)
    patterns = sorted(counted)
    return patterns, np.array([counted[pattern] for pattern in patterns], float)


def resampled(weights: Array, draws: int) -> Array:
    """How often each pattern is drawn when as many pairs are drawn with replacement, draw by draw."""
    import numpy as np

    pairs = int(weights.sum())
    rng = np.random.default_rng(pairs)
    return rng.multinomial(pairs, weights / pairs, size=draws if pairs > 1 else 0).astype(float)


class DavidsonModel:
    """The log-linear model, with the prior's matches behind the played ones.

    A match touches four parameters: the log strengths of its two players, the log advantage of the first seat
    and the log propensity to draw. FEATURES says how each result counts them; `_touched` where they stand.
    """

    FEATURES = ((1, 0, 1, 0), (0.5, 0.5, 0.5, 1), (0, 1, 0, 0))
    """Won, drawn, lost by the first seat; by columns: first, second, advantage, draw."""

    def __init__(self, names: Sequence[str], seatings: Sequence[tuple[str, str]]) -> None:
        import numpy as np

        self._place = {seats: i for i, seats in enumerate(seatings)}
        index = {name: i for i, name in enumerate(names)}
        self.size = len(names) + 2
        average = self.size  # a column behind the parameters that stays 0
        ends = [(index[a], index[b]) for a, b in seatings]
        ends += [seats for i in range(len(names)) for seats in ((i, average), (average, i))]
        self._touched = np.array([(*seats, self.size - 2, self.size - 1) for seats in ends])
        self._prior = np.zeros((len(ends), 3))
        self._prior[len(seatings) :] = PRIOR / 3
        wide = self.size + 1
        self._sum = _scatter(self._touched, wide)
        self._sum_squares = _scatter(wide * self._touched[:, :, None] + self._touched[:, None, :], wide**2)

    def counts(self, pattern: Pattern) -> Array:
        """The matches of one pair as counts of (seating, result), flat."""
        import numpy as np

        counts = np.zeros(self._prior.shape)
        for seats, points in pattern:
            counts[self._place[seats], round(2 * (1 - points))] += 1
        return counts.ravel()

    def fit(self, counts: Array, start: Array | float = 0.0, within: float = 1e-9) -> Array:
        """The parameters of highest posterior for each line of counts, within so much of a log strength."""
        import numpy as np

        lines = max(1, 2_000_000 // (16 * len(self._touched) + self.size**2))  # what stays near the processor
        parts = [self._newton(counts[i : i + lines], start, within) for i in range(0, len(counts), lines)]
        return np.vstack(parts) if parts else np.zeros((0, self.size))

    def _newton(self, counts: Array, start: Array | float, within: float) -> Array:
        """Newton's method on all lines at once.

        The log posterior is concave and, with the prior, has its one maximum at finite parameters; steps are
        kept short, so that none goes astray.
        """
        import numpy as np

        counted = counts.reshape(len(counts), *self._prior.shape) + self._prior
        parameters = np.zeros((len(counts), self.size + 1))
        parameters[:, :-1] = start
        for _ in range(200):
            step = self._step(counted, parameters)
            longest = np.abs(step).max(axis=1, keepdims=True)
            parameters[:, :-1] += step * np.minimum(1, 1 / np.maximum(longest, 1e-12))
            if longest.max() < within:
                return parameters[:, :-1]
        raise ArithmeticError("ratings did not converge")  # our own fault: the function is concave

    def _step(self, counted: Array, parameters: Array) -> Array:
        """Newton's step at these parameters: information^-1 gradient, line by line."""
        import numpy as np

        features, matches = np.array(self.FEATURES), counted.sum(axis=2, keepdims=True)
        odds = parameters[:, self._touched] @ features.T
        shares = np.exp(odds - odds.max(axis=2, keepdims=True))
        shares /= shares.sum(axis=2, keepdims=True)
        means = shares @ features
        gradient = (counted - matches * shares) @ features
        squares = shares @ (features[:, :, None] * features[:, None, :]).reshape(3, 16)
        spread = squares - (means[..., :, None] * means[..., None, :]).reshape(squares.shape)
        lines, wide = len(counted), self.size + 1
        slope = (gradient.reshape(lines, -1) @ self._sum)[:, :-1]
        information = ((matches * spread).reshape(lines, -1) @ self._sum_squares).reshape(lines, wide, wide)
        return np.asarray(np.linalg.solve(information[:, :-1, :-1], slope[:, :, None])[:, :, 0])


def _scatter(places: Array, size: int) -> Any:
    """The sparse matrix that adds up what belongs to the same place."""
    import numpy as np
    from scipy.sparse import csr_array

    flat = places.ravel()
    return csr_array((np.ones(flat.size), (np.arange(flat.size), flat)), shape=(flat.size, size))
