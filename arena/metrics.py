"""What records say about each player: counts, never estimates; pure functions of records.

Three things stand apart: legality (was the reply an allowed action), skill (what legal actions gave away) and
the world's faults (matches that are not scored).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from arena.estimates import Unit, mean_of
from arena.record import Ending, MatchRecord, Ply
from arena.stats import Interval
from games.base import Game
from games.registry import parse_game
from players.base import Problem


@dataclass
class PlayerStats:
    """Counts for one player. Ratios are properties; each is None where there is nothing to divide by."""

    matches: int = 0
    wins: int = 0
    draws: int = 0
    losses: int = 0
    forfeits: int = 0
    """Losses by the player's own failing."""
    turns: int = 0
    attempts: int = 0
    first_tries_accepted: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    """Attempts that were not accepted, by problem."""
    judged: int = 0
    """Accepted actions with a verdict."""
    optimal: int = 0
    """Of the judged, those that gave no return away."""
    fastest: int = 0
    """Of the judged, those among the best actions with distance: they also win fastest or lose slowest."""
    choices: int = 0
    """Of the judged, those where the legal actions differ in payoff."""
    optimal_choices: int = 0
    regret: float = 0.0
    """Sum of return given away."""
    blunders: int = 0
    unjudged: int = 0
    wins_offered: int = 0
    """Turns with an action that wins at once."""
    wins_taken: int = 0
    blocks_due: int = 0
    """Turns without such an action, where the other seat would have one."""
    blocks_made: int = 0
    claims_asked: int = 0
    """Accepted actions whose true status is known, by players that were asked to state it."""
    claims_made: int = 0
    claims_right: int = 0
    ends_unnoticed: int = 0
    """Own actions that ended the game with the claim that it is still in play."""

    @property
    def points(self) -> float:
        return self.wins + self.draws / 2

    @property
    def rejected(self) -> int:
        return sum(self.problems.values())


def player_stats(records: Iterable[MatchRecord]) -> dict[str, PlayerStats]:
    """Counts for every player, in order of first appearance. A player against itself counts both seats."""
    table: dict[str, PlayerStats] = {}
    for record in records:
        game = parse_game(record.game)
        for seat, name in enumerate(record.players):
            stats = table.setdefault(name, PlayerStats())
            _count_result(stats, record, seat)
            for ply in record.plies:
                if ply.seat == seat:
                    _count_attempts(stats, ply)
                    _count_verdict(stats, ply)
                    _count_claim(stats, ply, record, seat)
                    _count_tactics(stats, ply, game)
    return table


def _count_result(stats: PlayerStats, record: MatchRecord, seat: int) -> None:
    if record.returns is None:
        return
    stats.matches += 1
    own, best = record.returns[seat], max(record.returns)
    if len(record.returns) == 1:
        best = abs(own)  # alone, one wins by a positive return
    if own == best == min(record.returns) and len(record.returns) > 1:
        stats.draws += 1
    elif own == best:
        stats.wins += 1
    else:
        stats.losses += 1
    stats.forfeits += record.culprit == seat


def _count_attempts(stats: PlayerStats, ply: Ply) -> None:
    stats.turns += 1
    stats.attempts += len(ply.attempts)
    stats.first_tries_accepted += ply.attempts[0].problem is None
    for attempt in ply.attempts:
        if attempt.problem is not None:
            stats.problems[attempt.problem] = stats.problems.get(attempt.problem, 0) + 1


def _count_verdict(stats: PlayerStats, ply: Ply) -> None:
    verdict = ply.verdict
    if verdict is None:
        stats.unjudged += ply.action is not None
        return
    stats.judged += 1
    stats.optimal += verdict.optimal
    stats.fastest += ply.action in verdict.best_actions
    stats.choices += verdict.choice
    stats.optimal_choices += verdict.choice and verdict.optimal
    stats.regret += verdict.regret
    stats.blunders += verdict.blunder


def _count_claim(stats: PlayerStats, ply: Ply, record: MatchRecord, seat: int) -> None:
    asked = (record.configs[seat].get("style") or {}).get("status", False)
    if not asked or ply.action is None or ply.status is None:
        return
    stats.claims_asked += 1
    stats.claims_made += ply.claim is not None
    stats.claims_right += ply.claim == ply.status
    stats.ends_unnoticed += ply.status != "in play" and ply.claim == "in play"


def _count_tactics(stats: PlayerStats, ply: Ply, game: Game[Any]) -> None:
    if ply.action is None:
        return
    state = game.parse_state(ply.state)
    action = game.parse_action(state, ply.action)
    own = game.threats(state, ply.seat)
    others = {a for seat in range(game.num_seats) if seat != ply.seat for a in game.threats(state, seat)}
    if own:
        stats.wins_offered += 1
        stats.wins_taken += action in own
    elif others:
        stats.blocks_due += 1
        stats.blocks_made += action in others


def optimal_rate_interval(records: Sequence[MatchRecord], player: str) -> Interval | None:
    """95 % interval of a player's optimal rate where there was a choice, clustered by pair of matches."""
    choices = (
        Unit(float(ply.verdict.optimal), record.pair_id)
        for record in records
        for ply in record.plies
        if record.players[ply.seat] == player and ply.verdict is not None and ply.verdict.choice
    )
    return mean_of(list(choices), (0.0, 1.0)).interval


def results(records: Iterable[MatchRecord]) -> Counter[str]:
    """How matches ended, from the first seat's view: won, lost, drawn, forfeited by either, not scored."""
    counts: Counter[str] = Counter()
    for record in records:
        counts[_result(record)] += 1
    return counts


def _result(record: MatchRecord) -> str:
    if record.returns is None:
        return "not scored"
    if record.ending is not Ending.COMPLETED:
        return f"forfeit by seat {record.culprit}" if record.culprit is not None else str(record.ending)
    first, *others = record.returns
    if not others:
        return "solved" if first > 0 else "failed"
    if first == max(others):
        return "draw"
    return "first seat wins" if first > max(others) else "second seat wins"


def problem_names() -> tuple[str, ...]:
    """The classes of attempts that are not accepted, in the order tables show them."""
    return tuple(Problem)
