"""Counts as tables, for people and as plain data.

The same numbers in two shapes: players beside each other with a number a line, for as many as fit and are
compared by eye; else a player a line, where that fits. Nothing is cut off at any width, only folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from arena.cli.output import inert
from arena.labels import labels
from arena.metrics import PlayerStats, optimal_rate_interval, player_stats, problem_names, results
from arena.record import MatchRecord
from arena.spending import Spending, Tally, spending, spending_data
from arena.stats import Interval

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table

BESIDE_EACH_OTHER = 3
"""So many players are compared beside each other; more get a line each, if the lines fit."""
LABELS = 24
"""Width of the column that says what is counted."""
NAMES = 24
"""Longer names are folded where room is scarce."""


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


def stats_data(records: Sequence[MatchRecord]) -> dict[str, Any]:
    """The counts as plain data."""
    spent = spending(records)
    players = {
        name: {
            **asdict(s),
            "points": s.points,
            "rejected": s.rejected,
            "optimal_choices_interval": _interval_data(optimal_rate_interval(records, name)),
            "spending": spending_data(spent[name]),
        }
        for name, s in player_stats(records).items()
    }
    return {"matches": len(records), "results": dict(results(records)), "players": players}


def _interval_data(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


@dataclass(frozen=True, slots=True)
class _Row:
    """What the tables say of one player."""

    name: str
    stats: PlayerStats
    interval: Interval | None
    spent: Spending


Metric: TypeAlias = tuple[str, Callable[[_Row], str]]


@dataclass(frozen=True, slots=True)
class _Topic:
    """Numbers that belong together."""

    title: str
    metrics: tuple[Metric, ...]


def _rejected(problem: str) -> Metric:
    return problem, lambda row: str(row.stats.problems.get(problem, 0))


def _judged(number: Callable[[PlayerStats], float]) -> Callable[[_Row], str]:
    """A number that means nothing where no action was judged."""
    return lambda row: f"{number(row.stats):g}" if row.stats.judged else "-"


RESULTS = _Topic(
    "Results",
    (
        ("points", lambda row: f"{row.stats.points:g}"),
        ("matches", lambda row: str(row.stats.matches)),
        ("won", lambda row: str(row.stats.wins)),
        ("drawn", lambda row: str(row.stats.draws)),
        ("lost", lambda row: str(row.stats.losses)),
        ("by forfeit", lambda row: str(row.stats.forfeits)),
    ),
)
LEGALITY = _Topic(
    "Legality: attempts that were not accepted",
    (
        ("attempts", lambda row: str(row.stats.attempts)),
        ("first ok", lambda row: share(row.stats.first_tries_accepted, row.stats.turns)),
        *(_rejected(problem) for problem in problem_names()),
    ),
)
SKILL = _Topic(
    "Skill: accepted actions against exact values (95 % interval by pair)",
    (
        ("keeps value", lambda row: share(row.stats.optimal, row.stats.judged)),
        ("given a choice", lambda row: share(row.stats.optimal_choices, row.stats.choices, row.interval)),
        ("and fastest", _judged(lambda s: s.fastest)),
        ("value lost", _judged(lambda s: s.regret)),
        ("blunders", _judged(lambda s: s.blunders)),
    ),
)
TACTICS = _Topic(
    "Tactics: of those that offered themselves",
    (
        ("wins taken", lambda row: share(row.stats.wins_taken, row.stats.wins_offered)),
        ("blocks made", lambda row: share(row.stats.blocks_made, row.stats.blocks_due)),
    ),
)
CLAIMS = _Topic(
    "Claims: the status of the board after the own move",
    (
        ("stated", lambda row: share(row.stats.claims_made, row.stats.claims_asked)),
        ("right", lambda row: share(row.stats.claims_right, row.stats.claims_asked)),
        (
            "own end not noticed",
            lambda row: str(row.stats.ends_unnoticed) if row.stats.claims_asked else "-",
        ),
    ),
)


def _mean(of: Callable[[Spending], Mapping[str, Tally]], quantity: str, digits: int) -> Callable[[_Row], str]:
    def shown(row: _Row) -> str:
        tally = of(row.spent)[quantity]
        if tally.mean is None:
            return "-"
        known = "" if tally.known == tally.of else f" ({tally.known} of {tally.of})"
        return f"{tally.mean:.{digits}f}{known}"

    return shown


def _costs(title: str, unit: str, of: Callable[[Spending], Mapping[str, Tally]]) -> _Topic:
    """Means, each over those for which it is known: all, or as many as stand behind it."""
    return _Topic(
        title,
        (
            (unit, lambda row: str(of(row.spent)["seconds"].of)),
            ("tokens in", _mean(of, "prompt_tokens", 0)),
            ("tokens out", _mean(of, "completion_tokens", 0)),
            ("of them reasoning", _mean(of, "reasoning_tokens", 0)),
            ("seconds", _mean(of, "seconds", 2)),
            ("dollars", _mean(of, "dollars", 5)),
        ),
    )


COSTS = (
    _costs("Cost of a match: means of those finished", "matches", lambda spent: spent.per_match),
    _costs("Cost of a decision: means of these matches", "decisions", lambda spent: spent.per_decision),
)


def stats_tables(records: Sequence[MatchRecord]) -> list[RenderableType]:
    """Results, legality, skill, tactics, claims if any were asked for, and costs if a model was asked."""
    spent = spending(records)
    short = labels(spent)
    rows = [
        _Row(inert(short[name]), stats, optimal_rate_interval(records, name), spent[name])
        for name, stats in player_stats(records).items()
    ]
    topics = [RESULTS, LEGALITY, SKILL, TACTICS]
    if any(row.stats.claims_asked for row in rows):
        topics.append(CLAIMS)
    if any(row.spent.answers for row in rows):
        topics.extend(COSTS)
    return [_Tables(tuple(topics), tuple(rows))] if rows else []


@dataclass(frozen=True, slots=True)
class _Tables:
    """The topics for all players, in the shape that suits their number and the width of the terminal."""

    topics: tuple[_Topic, ...]
    rows: tuple[_Row, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[RenderableType]:
        from rich.text import Text

        beside = _beside_each_other(self.topics, self.rows, options.max_width)
        a_line_each = all(_fits(topic, self.rows, options.max_width) for topic in self.topics)
        if len(self.rows) > beside and a_line_each:
            yield from (_lines(topic, self.rows) for topic in self.topics)
            return
        for start in range(0, len(self.rows), beside):
            yield _sheet(self.topics, self.rows[start : start + beside])
        if any(row.interval for row in self.rows):
            yield Text("(low-high): 95 % interval in percent, clustered by pair")


def _beside_each_other(topics: Sequence[_Topic], rows: Sequence[_Row], width: int) -> int:
    """How many players have room for their numbers beside each other; at least one."""
    numbers = [max(len(number(row)) for topic in topics for _, number in topic.metrics) for row in rows]
    each = max(max(n, min(len(row.name), NAMES)) for n, row in zip(numbers, rows, strict=True)) + 2
    return max(1, min(BESIDE_EACH_OTHER, (width - LABELS) // each))


def _fits(topic: _Topic, rows: Sequence[_Row], width: int) -> bool:
    """Whether a player a line leaves every number whole, and names a column worth reading."""
    for heading, number in topic.metrics:
        words = [*heading.split(), *(number(row) for row in rows)]
        width -= max(map(len, words)) + 1
    return width >= NAMES


def _lines(topic: _Topic, rows: Sequence[_Row]) -> Table:
    """A player a line."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=topic.title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("player", overflow="fold")
    for heading, number in topic.metrics:
        width = max(map(len, [*heading.split(), *(number(row) for row in rows)]))
        table.add_column(heading, justify="right", overflow="fold", min_width=width)
    for row in rows:
        table.add_row(Text(row.name), *(number(row) for _, number in topic.metrics))
    return table


def _sheet(topics: Sequence[_Topic], rows: Sequence[_Row]) -> Table:
    """A number a line, for players beside each other."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    sheet = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    sheet.add_column("", overflow="fold", min_width=9)
    for row in rows:
        sheet.add_column(Text(row.name), justify="right", overflow="fold")
    for topic in topics:
        sheet.add_section()
        sheet.add_row(Text(topic.title.partition(":")[0], style="bold"))
        for name, number in topic.metrics:
            sheet.add_row(f"  {name}", *(number(row) for row in rows))
    return sheet
