"""The outcome of a run in two or three sentences: what was played, who leads, what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from arena.report.data import Estimate
from arena.report.progress import Schedule, not_all_scored
from arena.report.safe_text import one_line
from arena.report.tally import PlayerTally, RunTally
from games.registry import parse_game


def summary(
    tally: RunTally, players: Mapping[str, PlayerTally], schedule: Schedule | None, passed_over: int = 0
) -> tuple[str, ...]:
    """Of all games together; `players` has the points of each player over all of them."""
    missing = not_all_scored(schedule, tally.matches, sum(tally.faults.values()))
    odd = f"Passed over: {_count(passed_over, 'line')} without a record." if passed_over else ""
    said = [_played(tally, len(players)), _leads(players, len(tally.games)), missing, odd]
    return tuple(sentence for sentence in said if sentence)


def _played(tally: RunTally, players: int) -> str:
    if not tally.matches:
        return "No match is recorded."
    titles = [parse_game(spec).title for spec in tally.games]
    what = titles[0] if len(titles) == 1 else f"{len(titles)} games"
    matches = _count(tally.matches, "match", "matches")
    return f"{matches} of {what} in {_count(len(tally.pairs), 'pair')}, {_count(players, 'player')}."


def _count(n: int, one: str, more: str = "") -> str:
    return f"1 {one}" if n == 1 else f"{n:,} {more or one + 's'}"


def _leads(players: Mapping[str, PlayerTally], games: int) -> str:
    """Who has the most points a match, and whether the second could have as many."""
    scores = [(name, found) for name, player in players.items() if (found := player.points.estimate())]
    ranked = sorted(scores, key=lambda score: -score[1].value)
    over = f" over all {games} games" if games > 1 else ""
    if not ranked:
        return "No match was scored." if players else ""
    (name, best), *others = ranked
    if not others:
        return f"{_plain(name)} has {_points(best)}{over}."
    equal = [_plain(other) for other, found in ranked if found.value == best.value]
    if len(equal) > 1:
        return f"{', '.join(equal[:-1])} and {equal[-1]} have the most points{over}: {_points(best)}."
    second, found = others[0]
    return (
        f"{_plain(name)} leads{over} with {_points(best)}, before {_plain(second)} with "
        f"{_points(found)}{_how_sure(best, found)}."
    )


def _plain(name: str) -> str:
    """A name within a sentence in which backticks mean code, of bounded length."""
    return one_line(name, 80).replace("`", "'")


def _points(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f} points a match"
    return f"{estimate.value:.3f} points a match ({estimate.low:.3f} to {estimate.high:.3f})"


def _how_sure(best: Estimate, second: Estimate) -> str:
    if best.low is None or second.high is None:
        return "; one pair of matches says little"
    if best.low <= second.high:
        return "; the two 95 % intervals overlap, so another run could turn them round"
    if best.enough and second.enough:
        return ""
    return "; the pairs that differ are few, so take the intervals as a hint"
