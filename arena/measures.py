"""What is measured: each measure is the number that one turn, or one match, of a player counts for.

Pure functions of records. Three things stand apart: skill (what accepted actions gave away), legality
(which replies were accepted) and infrastructure (what the world did). A measure is *conditional* on a legal
reply unless its name says otherwise: the unconditional ones count a turn whose first reply was not accepted
as one in which everything was given away (not optimal; the best value down to the lowest return of the
game), so that nobody gains by replying only where it is sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from arena.points import points
from arena.record import MatchRecord, Ply
from arena.referee import Verdict
from games.registry import AnyGame, parse_game
from games.solvers.kinds import Kind, kind_of
from games.values import Value, parse_value
from players.base import Problem


@dataclass(frozen=True, slots=True)
class Decision:
    """One turn of the player, and what the measures need to know around it."""

    ply: Ply
    pair: str
    best: float | None
    """The best payoff the seat could still reach; None where no verdict tells."""
    returns: tuple[float, float]
    """The lowest and the highest return of the game."""
    asked: bool = False
    """The player was asked to state the status of the board."""

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on an action where there was something to choose; None elsewhere."""
        verdict = self.ply.verdict
        return verdict if verdict is not None and verdict.choice else None

    @property
    def value(self) -> Value | None:
        """The value under best play, distance included; None where it was not judged."""
        return None if self.ply.verdict is None else parse_value(self.ply.verdict.best)

    @property
    def open(self) -> bool:
        """There was something to choose, as far as is known: turns without an accepted action count."""
        return self.verdict is not None or self.ply.action is None


@dataclass(frozen=True, slots=True)
class Appearance:
    """One scored match of the player, seen from its seat."""

    record: MatchRecord
    seat: int

    @property
    def pair(self) -> str:
        return self.record.pair_id

    @property
    def points(self) -> float:
        """1, 0.5 or 0 by the returns; alone, 1 for a positive return."""
        assert self.record.returns is not None
        return points(self.record.returns, self.seat)

    @property
    def best_met(self) -> float | None:
        """The highest payoff that best play promised the seat at any of its judged turns."""
        verdicts = [p.verdict for p in self.record.plies if p.seat == self.seat and p.verdict is not None]
        return max((parse_value(v.best).payoff for v in verdicts), default=None)


@dataclass(frozen=True, slots=True)
class Measure:
    """How one turn counts."""

    name: str
    title: str
    unit: str
    of: Callable[[Decision], float | None]
    """The number of one turn; None if the turn does not count."""
    bounds: Callable[[Decision], tuple[float, float]] | None = lambda decision: (0.0, 1.0)
    """Between which numbers each turn's lies; None if nothing bounds it from above."""


@dataclass(frozen=True, slots=True)
class MatchMeasure:
    """How one match counts; every number lies between 0 and 1."""

    name: str
    title: str
    of: Callable[[Appearance], float | None]


# Records taken apart --------------------------------------------------------------------------------------


def decisions(records: Iterable[MatchRecord], player: str) -> Iterator[Decision]:
    """Every turn of a player; of matches that the world ended, those that were finished."""
    for record in records:
        game = _game(record.game)
        asked = [bool((config.get("style") or {}).get("status")) for config in record.configs]
        for before, ply in pairwise((None, *record.plies)):
            if ply is not None and record.players[ply.seat] == player and ply.attempts:
                best = _best(game, before, ply)
                yield Decision(ply, record.pair_id, best, game.return_range, asked[ply.seat])


_game = lru_cache(maxsize=64)(parse_game)


def _best(game: AnyGame, before: Ply | None, ply: Ply) -> float | None:
    """Of a turn without a verdict, what the verdict on the action before it left, where that tells."""
    if ply.verdict is not None:
        return parse_value(ply.verdict.best).payoff
    if before is None or before.verdict is None or kind_of(game) is not Kind.SEQUENTIAL:
        return None
    left = parse_value(before.verdict.played).payoff
    return left if before.seat == ply.seat else -left


def appearances(records: Iterable[MatchRecord], player: str) -> Iterator[Appearance]:
    """Every scored match of a player, once for each seat it sat in."""
    for record in records:
        if record.returns is not None:
            yield from (
                Appearance(record, seat) for seat, name in enumerate(record.players) if name == player
            )


# Skill ----------------------------------------------------------------------------------------------------


def _optimal(d: Decision) -> float | None:
    return None if d.verdict is None else float(d.verdict.optimal)


def _regret(d: Decision) -> float | None:
    return None if d.verdict is None else d.verdict.regret


def _blunder(d: Decision) -> float | None:
    return None if d.verdict is None else float(d.verdict.blunder)


def _keeps(payoff_is: Callable[[float], bool]) -> Callable[[Decision], float | None]:
    """Whether the result class was kept, where the best payoff is such and could be given away."""

    def kept(d: Decision) -> float | None:
        if d.verdict is None or not payoff_is(parse_value(d.verdict.best).payoff):
            return None
        return None if _all_keep(d.verdict) else float(not d.verdict.blunder)

    return kept


def _all_keep(verdict: Verdict) -> bool:
    return len({parse_value(text).result for text in verdict.values.values()}) == 1


def _optimal_any(d: Decision) -> float | None:
    if not d.open:
        return None
    return float(_first_ok(d) and d.verdict is not None and d.verdict.optimal)


def _regret_any(d: Decision) -> float | None:
    if not d.open or d.best is None:
        return None
    return d.verdict.regret if _first_ok(d) and d.verdict is not None else d.best - d.returns[0]


def _range(d: Decision) -> tuple[float, float]:
    return 0.0, d.returns[1] - d.returns[0]


# Legality, claims, cost -----------------------------------------------------------------------------------


def _first_ok(d: Decision) -> bool:
    return d.ply.attempts[0].problem is None


def _first_is(problem: Problem) -> Callable[[Decision], float | None]:
    return lambda d: float(d.ply.attempts[0].problem == problem)


def _claimed(d: Decision) -> float | None:
    counts = d.asked and d.ply.action is not None and d.ply.status is not None
    return float(d.ply.claim == d.ply.status) if counts else None


def _completions(d: Decision) -> list[dict[str, object]]:
    return [dict(attempt.completion) for attempt in d.ply.attempts if attempt.completion is not None]


def _tokens(d: Decision) -> float | None:
    counts = [(c.get("usage") or {}).get("completion_tokens") for c in _completions(d)]  # type: ignore[attr-defined]
    known = [count for count in counts if count is not None]
    return float(sum(known)) if known else None


def _again(d: Decision) -> float | None:
    """Requests of the turn that a fault of the provider spoilt and that were sent again."""
    tries = [c.get("tries") for c in _completions(d)]
    known = [count for count in tries if isinstance(count, int)]
    return float(sum(known) - len(known)) if known else None


REGRET = Measure("regret", "value given away, given a choice", "return a turn", _regret, _range)
SKILL: tuple[Measure, ...] = (
    Measure("optimal", "keeps the value, given a choice", "share of turns", _optimal),
    REGRET,
    Measure("blunders", "result class falls, given a choice", "share of turns", _blunder),
    Measure(
        "wins kept", "won positions it could spoil and did not", "share of turns", _keeps(lambda x: x > 0)
    ),
    Measure(
        "draws kept", "drawn positions it could lose and did not", "share of turns", _keeps(lambda x: x == 0)
    ),
)
"""Of accepted actions only."""
UNCONDITIONAL: tuple[Measure, ...] = (
    Measure("optimal, unconditional", "keeps the value at the first reply", "share of turns", _optimal_any),
    Measure(
        "regret, unconditional", "value given away at the first reply", "return a turn", _regret_any, _range
    ),
)
"""Of all turns with a choice; a first reply that was not accepted gave everything away."""
LEGALITY: tuple[Measure, ...] = (
    Measure("first reply accepted", "first reply accepted", "share of turns", lambda d: float(_first_ok(d))),
    Measure("accepted", "accepted, tries after rejection included", "share of turns",
            lambda d: float(d.ply.action is not None)),
    *(Measure(f"first reply {p}", f"first reply {p}", "share of turns", _first_is(p)) for p in Problem),
)  # fmt: skip
CLAIMS: tuple[Measure, ...] = (
    Measure("claims right", "status of the board stated rightly, of those asked", "share of turns", _claimed),
)
COST: tuple[Measure, ...] = (
    Measure(
        "seconds", "seconds a turn", "seconds a turn", lambda d: sum(a.seconds for a in d.ply.attempts), None
    ),
    Measure("completion tokens", "tokens written a turn", "tokens a turn", _tokens, None),
)
INFRASTRUCTURE: tuple[Measure, ...] = (
    Measure("sent again", "requests sent again after a provider's fault", "requests a turn", _again, None),
)
ALL_TURNS = (*SKILL, *UNCONDITIONAL, *LEGALITY, *CLAIMS, *COST, *INFRASTRUCTURE)


# Whole matches --------------------------------------------------------------------------------------------


def _result_from(payoff_is: Callable[[float], bool], enough: float) -> Callable[[Appearance], float | None]:
    """Whether the match brought enough points, where the best that it ever promised was such."""

    def kept(appearance: Appearance) -> float | None:
        best = appearance.best_met
        return None if best is None or not payoff_is(best) else float(appearance.points >= enough)

    return kept


def _ended_by(own: bool) -> Callable[[Appearance], float | None]:
    return lambda a: float(a.record.culprit is not None and (a.record.culprit == a.seat) == own)


MATCHES: tuple[MatchMeasure, ...] = (
    MatchMeasure("points", "points a match (win 1, draw 1/2)", lambda a: a.points),
    MatchMeasure(
        "conversion", "won, of matches in which it ever stood won", _result_from(lambda x: x > 0, 1)
    ),
    MatchMeasure(
        "holding", "not lost, of those in which it stood drawn at best", _result_from(lambda x: x == 0, 0.5)
    ),
    MatchMeasure("forfeits", "lost by its own failing", _ended_by(own=True)),
    MatchMeasure("forfeits of the other", "won by the other's failing", _ended_by(own=False)),
)
"""Of scored matches, forfeits included: unconditional."""
