"""Who meets whom, from which openings, how often: every match before the first is played.

The unit is a *meeting*: the same players on the same opening, once in each order of the seats (a pair), or
one after the other at the same puzzle in a game of one seat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Protocol, TypeAlias

from arena.errors import RunError
from arena.match import MatchSpec
from arena.points import points
from arena.record import Ending, MatchRecord, Rules
from games.registry import parse_game

Opening: TypeAlias = tuple[str, ...]
Meeting: TypeAlias = tuple[str, ...]
"""Those who meet, by the seat they have first."""
MOST = 1_000_000
"""Matches of a run: all are known, and in memory, before the first is played."""


class Plan(Protocol):
    """What a schedule is made from; arena.run.RunConfig is one."""

    @property
    def games(self) -> tuple[str, ...]: ...
    @property
    def players(self) -> tuple[str, ...]: ...
    @property
    def pairing(self) -> str: ...
    @property
    def rounds(self) -> int: ...
    @property
    def openings(self) -> Mapping[str, tuple[Opening, ...]]: ...
    @property
    def seed(self) -> int: ...
    @property
    def rules(self) -> Rules: ...


def schedule(plan: Plan, records: Iterable[MatchRecord] = ()) -> tuple[MatchSpec, ...]:
    """Every match that is known. All of them, but for a Swiss tournament, whose next round needs the results.

    Rounds come one after the other, and within a round every pairing has its turn, so that a run that is
    stopped early is balanced.
    """
    check_plan(plan)
    return tuple(PAIRINGS[plan.pairing](plan, tuple(records)))


def _in_order(plan: Plan, records: Sequence[MatchRecord]) -> Iterator[MatchSpec]:
    for number in range(plan.rounds):
        yield from _round(plan, number, [plan.players])


def _round_robin(plan: Plan, records: Sequence[MatchRecord]) -> Iterator[MatchSpec]:
    for number in range(plan.rounds):
        yield from _round(plan, number, list(combinations(plan.players, 2)) or [plan.players])


def _gauntlet(plan: Plan, records: Sequence[MatchRecord]) -> Iterator[MatchSpec]:
    first, *others = plan.players
    for number in range(plan.rounds):
        yield from _round(plan, number, [(first, other) for other in others])


def _swiss(plan: Plan, records: Sequence[MatchRecord]) -> Iterator[MatchSpec]:
    """Each round pairs neighbours of the standings who have not met; it is known when the last is over."""
    met: set[frozenset[str]] = set()
    rested: list[str] = []
    results = _Results(records)
    for number in range(plan.rounds):
        ranked = standings(plan.players, results.points)
        rested += _resting(ranked, rested)
        meetings = swiss_pairs([player for player in ranked if player not in rested[number:]], met)
        met |= {frozenset(meeting) for meeting in meetings}
        specs = list(_round(plan, number, meetings))
        yield from specs
        if not all(map(results.known, specs)):
            return
        results.count(specs)


class _Results:
    """Points that are known, counted round by round."""

    def __init__(self, records: Sequence[MatchRecord]) -> None:
        self._records = records
        self.points: dict[str, float] = {}

    @cached_property
    def of(self) -> dict[str, MatchRecord]:
        """Finished matches by id."""
        return {r.match_id: r for r in self._records if r.ending is not Ending.ERROR}

    def known(self, spec: MatchSpec) -> bool:
        """Whether there is a result of what was to be played, and not of something else."""
        record = self.of.get(spec.match_id)
        return record is not None and not spec.difference(record)

    def count(self, specs: Iterable[MatchSpec]) -> None:
        for spec in specs:
            returns = self.of[spec.match_id].returns
            for seat, player in enumerate(spec.players if returns else ()):
                self.points[player] = self.points.get(player, 0.0) + points(returns or (), seat)


def standings(players: Sequence[str], points: Mapping[str, float]) -> tuple[str, ...]:
    """The players from the most points to the fewest; equal ones in the order in which they were named."""
    return tuple(sorted(players, key=lambda player: -points.get(player, 0.0)))


def _resting(ranked: Sequence[str], rested: Sequence[str]) -> list[str]:
    """Of an odd number the last one rests who has rested least."""
    if len(ranked) % 2 == 0:
        return []
    return [min(reversed(ranked), key=rested.count)]


def swiss_pairs(ranked: Sequence[str], met: Iterable[frozenset[str]] = ()) -> list[Meeting]:
    """Neighbours of the standings who have not met, if that can be, of an even number.

    >>> swiss_pairs(["a", "b", "c", "d"], [frozenset("ab")])
    [('a', 'c'), ('b', 'd')]
    """
    return _unmet(ranked, set(met)) or list(zip(ranked[::2], ranked[1::2], strict=True))


def _unmet(ranked: Sequence[str], met: set[frozenset[str]]) -> list[Meeting] | None:
    if not ranked:
        return []
    first, *others = ranked
    for other in others:
        if frozenset((first, other)) in met:
            continue
        rest = _unmet([player for player in others if player != other], met)
        if rest is not None:
            return [(first, other), *rest]
    return None


def _round(plan: Plan, number: int, meetings: Sequence[Meeting]) -> Iterator[MatchSpec]:
    """One pair for each game, opening and meeting."""
    for game in plan.games:
        seats = parse_game(game).num_seats
        for opening in plan.openings.get(game) or ((),):
            for meeting in [plan.players] if seats == 1 else meetings:
                for leg in range(len(meeting)):
                    seated = (*meeting[leg:], *meeting[:leg])[:seats]
                    yield MatchSpec(game, seated, plan.seed, number, leg, opening, plan.rules)


def size(plan: Plan) -> int:
    """The number of matches of all rounds, without making them."""
    players = len(plan.players)
    legs = {
        "match": players,
        "round-robin": players * (players - 1),
        "gauntlet": 2 * (players - 1),
        "swiss": players // 2 * 2,
    }[plan.pairing]
    played = {game: players if parse_game(game).num_seats == 1 else legs for game in plan.games}
    return plan.rounds * sum(count * len(plan.openings.get(game) or ((),)) for game, count in played.items())


def check_plan(plan: Plan) -> None:
    """RunError for too many matches, and for a repeat, whose matches would have the ids of others."""
    if size(plan) > MOST:
        raise RunError(f"{size(plan)} matches are too many; a run has at most {MOST}")
    kinds: list[tuple[str, Sequence[object]]] = [("game", [parse_game(game).spec for game in plan.games])]
    kinds += [("player", plan.players)] if plan.pairing != "match" else []  # who may play itself
    kinds += [(f"opening of {game}", found) for game, found in plan.openings.items()]
    for kind, named in kinds:
        if twice := [one for one, count in Counter(named).items() if count > 1]:
            said = " ".join(twice[0]) if isinstance(twice[0], tuple) else twice[0]
            raise RunError(f"the {kind} {said!r} is named twice")


PAIRINGS: Mapping[str, Callable[[Plan, Sequence[MatchRecord]], Iterator[MatchSpec]]] = {
    "match": _in_order,
    "round-robin": _round_robin,
    "gauntlet": _gauntlet,
    "swiss": _swiss,
}
"""match: all at one board, taking turns in the seats; gauntlet: the first player against each other one."""
