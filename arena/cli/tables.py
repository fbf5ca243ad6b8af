"""Counts as tables, for people and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from arena.metrics import PlayerStats, optimal_rate_interval, player_stats, problem_names, results
from arena.record import MatchRecord
from arena.stats import Interval

if TYPE_CHECKING:
    from rich.table import Table


def share(part: int, whole: int, interval: Interval | None = None) -> str:
    """'117/160 73.12 %', with its interval where there is one; '-' for 0 of 0."""
    if whole == 0:
        return "-"
    text = f"{part}/{whole}"
    if whole >= 20:  # below that a percentage says more than it knows
        text += f" {100 * part / whole:.2f} %"
    if interval is not None:
        text += f" ({100 * interval.low:.0f}-{100 * interval.high:.0f})"
    return text


def stats_tables(records: Sequence[MatchRecord]) -> list[Table]:
    """Results, legality and skill, claims: one row for each player."""
    stats = player_stats(records)
    tables = [_results_table(stats), _legality_table(stats), _skill_table(stats, records)]
    if any(s.claims_asked for s in stats.values()):
        tables.append(_claims_table(stats))
    return tables


def stats_data(records: Sequence[MatchRecord]) -> dict[str, Any]:
    """The same as plain data."""
    players = {
        name: {
            **asdict(s),
            "points": s.points,
            "rejected": s.rejected,
            "optimal_choices_interval": _interval_data(optimal_rate_interval(records, name)),
        }
        for name, s in player_stats(records).items()
    }
    return {"matches": len(records), "results": dict(results(records)), "players": players}


def _interval_data(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _table(title: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    table.add_column("player", overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", overflow="fold")
    return table


def _results_table(stats: dict[str, PlayerStats]) -> Table:
    table = _table("Results", "points", "matches", "won", "drawn", "lost", "of these forfeited")
    for name, s in stats.items():
        counts = (s.matches, s.wins, s.draws, s.losses, s.forfeits)
        table.add_row(_plain(name), f"{s.points:g}", *map(str, counts))
    return table


def _legality_table(stats: dict[str, PlayerStats]) -> Table:
    table = _table("Legality: attempts that were not accepted", "attempts", "first ok", *problem_names())
    for name, s in stats.items():
        kinds = [str(s.problems.get(kind, 0)) for kind in problem_names()]
        table.add_row(_plain(name), str(s.attempts), share(s.first_tries_accepted, s.turns), *kinds)
    return table


def _skill_table(stats: dict[str, PlayerStats], records: Sequence[MatchRecord]) -> Table:
    table = _table(
        "Skill: accepted actions against exact values (95 % interval clustered by pair)",
        "keeps value",
        "and fastest",
        "given a choice",
        "value lost",
        "blunders",
        "wins taken",
        "blocks made",
    )
    for name, s in stats.items():
        interval = optimal_rate_interval(records, name)
        table.add_row(
            _plain(name),
            share(s.optimal, s.judged),
            str(s.fastest) if s.judged else "-",
            share(s.optimal_choices, s.choices, interval),
            f"{s.regret:g}" if s.judged else "-",
            str(s.blunders) if s.judged else "-",
            share(s.wins_taken, s.wins_offered),
            share(s.blocks_made, s.blocks_due),
        )
    return table


def _claims_table(stats: dict[str, PlayerStats]) -> Table:
    table = _table(
        "Claims: the status of the board after the own move", "stated", "right", "own end not noticed"
    )
    for name, s in stats.items():
        if s.claims_asked:
            stated = share(s.claims_made, s.claims_asked)
            table.add_row(_plain(name), stated, share(s.claims_right, s.claims_asked), str(s.ends_unnoticed))
    return table


def _plain(name: str) -> Any:
    from rich.text import Text

    return Text(name)
