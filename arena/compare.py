"""Two players, pair by pair, until it is known which is stronger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from arena.estimates import Estimate, Unit, mean_of
from arena.match import MatchSpec
from arena.measures import Appearance
from arena.record import MatchRecord
from arena.sprt import Decision, Sprt, SprtState, advance, elo_of_score, run_test
from arena.stats import Interval


@dataclass(frozen=True, slots=True)
class WholePair:
    """Two scored matches of two players, one from each seat."""

    pair: str
    points: tuple[float, float]
    """Of the player asked about: in the first seat, in the second."""
    course: tuple[tuple[str | None, ...], ...]
    """The actions of both matches, opening included."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the whole pairs of two players say of the first of them."""

    pairs: int
    score: Estimate
    """The share of the points, with its interval by pair."""
    elo: float | None
    """Logistic Elo of the score: infinite for all points or none; None without a pair."""
    elo_interval: Interval | None
    counts: tuple[int, ...]
    """Pairs by points: 0, 1/2, 1, 3/2, 2."""
    different: int
    """Pairs that differ from each other in some action: a pair that is repeated adds no evidence."""
    state: SprtState | None
    """Of the sequential test, if one was asked for; it does not look at pairs after its decision."""


def compare(records: Iterable[MatchRecord], a: str, b: str, test: Sprt | None = None) -> Comparison:
    """Player a against player b, from their records against each other; other records are left out."""
    whole = whole_pairs(records, a, b)
    score = mean_of([Unit(points, p.pair) for p in whole for points in p.points], (0.0, 1.0))
    totals = [sum(p.points) for p in whole]
    interval = score.interval
    return Comparison(
        pairs=len(whole),
        score=score,
        elo=None if score.value is None else elo_of_score(score.value),
        elo_interval=interval and Interval(elo_of_score(interval.low), elo_of_score(interval.high)),
        counts=tuple(totals.count(half / 2) for half in range(5)),
        different=len({p.course for p in whole}),
        state=run_test(test, totals) if test else None,
    )


def whole_pairs(records: Iterable[MatchRecord], a: str, b: str) -> list[WholePair]:
    """The pairs of a and b of which both matches are scored, in the order of their first records."""
    met: dict[str, dict[int, MatchRecord]] = defaultdict(dict)
    for record in records:
        if record.returns is not None and sorted(record.players) == sorted((a, b)):
            met[record.pair_id][record.players.index(a)] = record
    return [_whole(pair, legs) for pair, legs in met.items() if len(legs) == 2]


def _whole(pair: str, legs: dict[int, MatchRecord]) -> WholePair:
    first, second = (Appearance(legs[seat], seat).points for seat in (0, 1))
    course = tuple((*legs[seat].opening, *(ply.action for ply in legs[seat].plies)) for seat in (0, 1))
    return WholePair(pair, (first, second), course)


class Watcher:
    """Follows a sequential test while many matches are under way.

    Pairs are taken in as they were scheduled, whichever finishes first: else quick matches would decide, and
    the result would depend on how many are played at once.
    """

    def __init__(self, test: Sprt, schedule: Sequence[MatchSpec], a: str) -> None:
        self.test = test
        self.state = SprtState()
        self._a = a
        self._waiting = list(dict.fromkeys(spec.pair_id for spec in schedule))[::-1]
        self._points: dict[str, list[float]] = defaultdict(list)

    @property
    def known(self) -> bool:
        """The test has decided."""
        return self.state.decision is not Decision.CONTINUE

    def finished(self, record: MatchRecord) -> None:
        """Take in a match; one that is not scored leaves its pair waiting."""
        if record.returns is None:
            return
        self._points[record.pair_id].append(Appearance(record, record.players.index(self._a)).points)
        while not self.known and self._waiting and len(self._points[self._waiting[-1]]) == 2:
            self.state = advance(self.test, self.state, sum(self._points[self._waiting.pop()]))


class UntilKnown(Sequence[MatchSpec]):
    """Matches to play, of which no further pair is begun once it is known; begun pairs are played out."""

    def __init__(self, specs: Sequence[MatchSpec], known: Callable[[], bool]) -> None:
        self._specs = specs
        self._known = known

    def __len__(self) -> int:
        return len(self._specs)

    @overload
    def __getitem__(self, index: int) -> MatchSpec: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[MatchSpec]: ...
    def __getitem__(self, index: int | slice) -> MatchSpec | Sequence[MatchSpec]:
        return self._specs[index]

    def __iter__(self) -> Iterator[MatchSpec]:
        for spec in self._specs:
            if spec.leg == 0 and self._known():
                return
            yield spec
