"""Ratings: Bradley-Terry with draws and a first mover's advantage, on the Elo scale.

The model is Davidson's ("On extending the Bradley-Terry model to accommodate ties in paired comparison
experiments", Journal of the American Statistical Association 65, 1970), with the advantage of the first
seat as a factor (Davidson and Beaver, Biometrics 33, 1977). With strengths a and b, an advantage g and a
propensity to draw d: first wins : second wins : draw = a g : b : d sqrt(a g b). The likelihood is that of a
log-linear model (arena/davidson.py), so it has one maximum.

A rating is 400 log10 of a strength: a player 400 points above another wins ten times as often as it loses,
draws apart. Where draws are common that is NOT the Elo of the expected score, which is nearer to 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING, Any, TypeAlias

from arena.davidson import DavidsonModel, Match, patterns_of, resampled
from arena.points import points
from arena.record import MatchRecord
from arena.stats import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[Any]

ELO = 400 / log(10)
"""Points of rating in one unit of log strength."""
SAME = 1e-3
"""Elo that the fit can't tell apart."""
DRAWS = 1000
"""Resamples of the pairs."""
ENOUGH_PAIRS = 40
"""With fewer pairs a player the coverage of a rating's interval is not promised (docs/statistics.md)."""


@dataclass(frozen=True, slots=True)
class Result:
    """One scored match."""

    first: str
    second: str
    points: float
    """Of the first seat: 1, 0.5 or 0."""
    pair: str


@dataclass(frozen=True, slots=True)
class Rating:
    """One player's rating, relative to the anchor."""

    player: str
    elo: float
    interval: Interval | None
    """95 %, by bootstrap over pairs; None for the anchor and with fewer than two pairs."""
    matches: int
    pairs: int
    points: float
    group: int
    """Players of different groups never met, not even through others: their ratings can't be compared."""

    @property
    def perfect(self) -> bool:
        """All points or none: only the prior keeps the rating finite, the true one may be anywhere beyond."""
        return self.points in (0, self.matches)


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ratings of a set of matches, the best first."""

    players: tuple[Rating, ...]
    anchor: str
    """The player whose rating is 0; '' if it is the mean that is 0."""
    advantage: float
    """Elo by which the first seat is stronger."""
    draw_share: float
    """Probability of a draw between equals without a first seat's advantage."""
    pairs: int
    superior: Mapping[tuple[str, str], float]
    """Likelihood of superiority: the share of resamples in which the first is rated above the second."""

    @property
    def groups(self) -> int:
        """Sets of players that are connected by matches; ratings compare within one only."""
        return len({rating.group for rating in self.players})


def renamed(ratings: Ratings, names: Mapping[str, str]) -> Ratings:
    """The same ratings with other names for the players."""

    def name(player: str) -> str:
        return names.get(player, player)

    return replace(
        ratings,
        players=tuple(replace(rating, player=name(rating.player)) for rating in ratings.players),
        anchor=name(ratings.anchor),
        superior={(name(a), name(b)): share for (a, b), share in ratings.superior.items()},
    )


def rating_words(rating: Rating) -> tuple[str, str]:
    """A rating and its interval, '' if there is none: * for all points or none, ? for few pairs."""
    elo = f"{round(rating.elo):+d}" + "*" * rating.perfect
    if rating.interval is None:
        return elo, ""
    doubt = " ?" if rating.pairs < ENOUGH_PAIRS else ""
    return elo, f"{round(rating.interval.low):+d} to {round(rating.interval.high):+d}{doubt}"


def remarks(ratings: Ratings) -> list[str]:
    """What has to be said beside a table of these ratings."""
    zero = f"{ratings.anchor} is 0" if ratings.anchor else "the mean is 0"
    said = [
        f"Ratings: {ratings.pairs} pairs of matches; {zero}; the first seat is worth "
        f"{ratings.advantage:+.0f} Elo; equals draw {100 * ratings.draw_share:.0f} %."
    ]
    if any(rating.perfect for rating in ratings.players):
        said.append(
            "*: all points or none: only the prior keeps the rating finite, the interval means nothing."
        )
    if any(rating.pairs < ENOUGH_PAIRS for rating in ratings.players):
        said.append(f"?: with fewer than {ENOUGH_PAIRS} pairs the interval of a rating is only a hint.")
    if ratings.groups > 1:
        sets = [[r.player for r in ratings.players if r.group == g] for g in range(ratings.groups)]
        listed = " | ".join(", ".join(names) for names in sets)
        said.append(f"Not connected by matches, so not comparable: {listed}")
    return said


class RatingError(ValueError):
    """There is nothing to rate, or the anchor did not play."""


def match_results(records: Iterable[MatchRecord]) -> list[Result]:
    """The scored matches of two different players; by return, so that margins count as won or lost."""
    return [
        Result(record.players[0], record.players[1], points(record.returns, 0), record.pair_id)
        for record in records
        if record.returns is not None and len(record.players) == 2 and len(set(record.players)) == 2
    ]


def rate(results: Sequence[Result], *, anchor: str | None = None, draws: int = DRAWS) -> Ratings:
    """Maximum likelihood ratings under a weak prior (davidson.PRIOR), with intervals by bootstrap over pairs.

    The anchor is the named player, else minimax where it played, else the mean. The same results always give
    the same ratings. Raises RatingError if nobody has played, or the anchor has not.
    """
    import numpy as np

    if not results:
        raise RatingError("there is no scored match of two different players to rate")
    names = sorted({name for result in results for name in (result.first, result.second)})
    zero = _anchor(anchor, names)
    patterns, weights = patterns_of(_by_pair(results))
    model = DavidsonModel(names, sorted({seats for pattern in patterns for seats, _ in pattern}))
    per_pattern = np.array([model.counts(pattern) for pattern in patterns])
    (fitted,) = model.fit(weights[None] @ per_pattern)
    around = model.fit(resampled(weights, draws) @ per_pattern, start=fitted, within=1e-6)
    elo = _relative(np.vstack([fitted, around])[:, : len(names)] * ELO, names, zero)
    return _table(results, names, zero, elo, fitted)


def _anchor(asked: str | None, names: Sequence[str]) -> str:
    if asked is not None:
        if asked not in names:
            raise RatingError(f"the anchor {asked!r} did not play; there are: {', '.join(names)}")
        return asked
    return next((name for name in names if name.split("?")[0] == "minimax"), "")


def _by_pair(results: Sequence[Result]) -> Iterable[list[Match]]:
    pairs: dict[str, list[Match]] = {}
    for result in results:
        pairs.setdefault(result.pair, []).append(((result.first, result.second), result.points))
    return pairs.values()


def _relative(elo: Array, names: Sequence[str], anchor: str) -> Array:
    """Ratings of each line with the anchor's at 0, or their mean."""
    zero = elo[:, [names.index(anchor)]] if anchor else elo.mean(axis=1, keepdims=True)
    return elo - zero


def _table(
    results: Sequence[Result], names: Sequence[str], anchor: str, elo: Array, fitted: Array
) -> Ratings:
    import numpy as np

    best, around = elo[0], elo[1:]
    groups = _groups(results, names)
    players = [
        Rating(
            name,
            float(best[i]),
            _interval(around[:, i], name == anchor),
            *_played(results, name),
            groups[name],
        )
        for i, name in enumerate(names)
    ]
    draw = float(np.exp(fitted[-1]))
    return Ratings(
        players=tuple(sorted(players, key=lambda rating: (-rating.elo, rating.player))),
        anchor=anchor,
        advantage=float(fitted[-2]) * ELO,
        draw_share=draw / (2 + draw),
        pairs=len({result.pair for result in results}),
        superior={
            (a, b): _superiority(around[:, i] - around[:, j])
            for i, a in enumerate(names)
            for j, b in enumerate(names)
            if i != j and len(around)
        },
    )


def _interval(around: Array, is_anchor: bool) -> Interval | None:
    import numpy as np

    if is_anchor or not len(around):
        return None
    low, high = np.quantile(around, (0.025, 0.975))
    return Interval(float(low), float(high))


def _superiority(differences: Array) -> float:
    """The share above 0, ties half; never quite 0 or 1, which no finite number of resamples can tell."""
    above = float((differences > SAME).sum() + (abs(differences) <= SAME).sum() / 2)
    return (above + 0.5) / (len(differences) + 1)


def _played(results: Sequence[Result], name: str) -> tuple[int, int, float]:
    """Matches, pairs and points of a player."""
    own = [result for result in results if name in (result.first, result.second)]
    points = sum(r.points if r.first == name else 1 - r.points for r in own)
    return len(own), len({result.pair for result in own}), points


def _groups(results: Sequence[Result], names: Sequence[str]) -> dict[str, int]:
    """The number of each player's group: those it is connected to by matches, the largest group first."""
    member = {name: {name} for name in names}
    for result in results:
        if member[result.first] is not member[result.second]:
            joined = member[result.first] | member[result.second]
            member.update(dict.fromkeys(joined, joined))
    ordered = sorted(
        {id(group): sorted(group) for group in member.values()}.values(), key=lambda g: (-len(g), g)
    )
    return {name: number for number, group in enumerate(ordered) for name in group}
