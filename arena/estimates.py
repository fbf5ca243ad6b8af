"""Measures of a player as estimates: a mean, its 95 % interval, and how many units and pairs it rests on.

The pair of matches is what is drawn at random: turns of one match, and the two matches of a pair, are not
independent. Which interval: Wilson's for shares of independent units (one a pair at most); for other bounded
numbers Wilson's with the effective number of units; for unbounded ones the studentised bootstrap over pairs.
docs/statistics.md says how often each covers the truth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeVar

from arena.measures import (
    ALL_TURNS,
    MATCHES,
    Appearance,
    Decision,
    MatchMeasure,
    Measure,
    appearances,
    decisions,
)
from arena.points import points
from arena.record import Ending, MatchRecord
from arena.results import MatchResult
from arena.stats import Cluster, Interval, bootstrap_t, clustered_wilson, wilson

K = TypeVar("K", bound=Hashable)

ENOUGH_PAIRS, ENOUGH_UNBOUNDED, ENOUGH_DIFFER = 20, 50, 20
"""With fewer pairs (50 for unbounded numbers), or with fewer than 20 and than half of them that differ from
the commonest, the coverage of an interval is not promised."""
NOTHING = Cluster(0.0, 0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval. No number goes without what it rests on."""

    value: float | None
    """None for n = 0."""
    n: int
    """Turns, or matches."""
    pairs: int
    interval: Interval | None
    differ: int = 0
    """Pairs whose own mean is not the commonest one: what an interval can learn from."""
    method: str = ""
    """wilson, clustered wilson or bootstrap-t; '' without an interval."""

    @property
    def enough(self) -> bool:
        """The interval's stated coverage can be trusted."""
        least = ENOUGH_UNBOUNDED if self.method == "bootstrap-t" else ENOUGH_PAIRS
        return self.pairs >= least and self.differ >= min(ENOUGH_DIFFER, self.pairs / 2)


class Unit(NamedTuple):
    """One number, and the pair of matches that it comes from."""

    number: float
    pair: str


def estimate(measure: Measure, turns: Iterable[Decision]) -> Estimate:
    """The mean of a measure over the turns that count."""
    counted = [(d, number) for d in turns if (number := measure.of(d)) is not None]
    bounds = None
    if measure.bounds is not None:
        bounds = max((measure.bounds(d) for d, _ in counted), default=(0.0, 1.0))
    return mean_of([Unit(number, d.pair) for d, number in counted], bounds)


def estimate_by(
    measure: Measure, key: Callable[[Decision], K | None], turns: Iterable[Decision]
) -> dict[K, Estimate]:
    """A measure for the turns of each key, keys ascending; turns without a key are left out."""
    groups: dict[K, list[Decision]] = defaultdict(list)
    for turn in turns:
        if (value := key(turn)) is not None:
            groups[value].append(turn)
    estimates = {value: estimate(measure, groups[value]) for value in sorted(groups)}  # type: ignore[type-var]
    return {value: found for value, found in estimates.items() if found.n}


def estimate_matches(measure: MatchMeasure, matches: Iterable[Appearance]) -> Estimate:
    """The mean of a measure over the matches that count."""
    units = [Unit(number, a.pair) for a in matches if (number := measure.of(a)) is not None]
    return mean_of(units, (0.0, 1.0))


def player_estimates(records: Sequence[MatchRecord], player: str) -> dict[str, Estimate]:
    """Every measure of a player, by name: of matches first, then of turns."""
    seats, turns = list(appearances(records, player)), list(decisions(records, player))
    return {measure.name: estimate_matches(measure, seats) for measure in MATCHES} | {
        measure.name: estimate(measure, turns) for measure in ALL_TURNS
    }


def unscored(records: Iterable[MatchRecord], player: str) -> int:
    """Matches of a player that a fault of the world ended; they are in no measure of matches."""
    return sum(r.ending is Ending.ERROR and player in r.players for r in records)


def points_of_all(results: Iterable[MatchResult | MatchRecord]) -> dict[str, Estimate]:
    """Everybody's share of the points, in one pass over a run of any length: its pairs are kept as sums.

    One that meets itself counts for both seats.
    """
    pairs: dict[str, dict[str, Cluster]] = {}
    for result in results:
        for seat, name in enumerate(result.players):
            own = pairs.setdefault(name, {})
            if result.returns is not None:
                _count(own, Unit(points(result.returns, seat), result.pair_id))
    return {name: mean_of_pairs(list(own.values()), (0.0, 1.0)) for name, own in pairs.items()}


def mean_of(units: Iterable[Unit], bounds: tuple[float, float] | None) -> Estimate:
    """The mean of the units, with the interval that suits them; bounds None for unbounded numbers."""
    pairs: dict[str, Cluster] = {}
    for unit in units:
        _count(pairs, unit)
    return mean_of_pairs(list(pairs.values()), bounds)


def _count(pairs: dict[str, Cluster], unit: Unit) -> None:
    before = pairs.get(unit.pair, NOTHING)
    pairs[unit.pair] = _cluster(before.total + unit.number, before.units + 1)


_cluster = lru_cache(maxsize=4096)(Cluster)
"""Pairs often count the same: one object for all of these."""


def mean_of_pairs(pairs: Sequence[Cluster], bounds: tuple[float, float] | None) -> Estimate:
    """The same of sums by pair, which is all that an interval needs to know."""
    n, total = int(sum(pair.units for pair in pairs)), sum(pair.total for pair in pairs)
    interval, method = _interval(pairs, bounds)
    means = Counter(pair.total / pair.units for pair in pairs)
    differ = len(pairs) - max(means.values(), default=0)
    return Estimate(total / n if n else None, n, len(pairs), interval, differ, method if interval else "")


def _interval(pairs: Sequence[Cluster], bounds: tuple[float, float] | None) -> tuple[Interval | None, str]:
    if bounds is None:
        return bootstrap_t(pairs), "bootstrap-t"
    if bounds == (0, 1) and all(pair.units == 1 and pair.total in (0, 1) for pair in pairs):
        return wilson(round(sum(pair.total for pair in pairs)), len(pairs)), "wilson"
    return clustered_wilson(pairs, *bounds), "clustered wilson"


# What measures are broken down by -------------------------------------------------------------------------


def proof_depth(d: Decision) -> int | None:
    """Plies to the end under best play, before the move: how far one has to look. None where speed
    has no part in the value.
    """
    return None if d.value is None else d.value.plies


def ply_number(d: Decision) -> int | None:
    """The turn's number in the match, from 0, opening included."""
    return d.ply.number


def legal_actions(d: Decision) -> int | None:
    """How many actions there were; None where they were not judged."""
    return None if d.ply.verdict is None else len(d.ply.verdict.values)


BREAKDOWNS: dict[str, Callable[[Decision], int | None]] = {
    "depth": proof_depth,
    "ply": ply_number,
    "actions": legal_actions,
}
"""By the word that stands for them on the command line."""
