"""arena rate and arena measure: numbers with their intervals, from records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.output import Json, console, inert, print_json

if TYPE_CHECKING:
    from arena.estimates import Estimate
    from arena.ratings import Rating, Ratings
    from arena.record import MatchRecord
    from arena.stats import Interval

Runs = Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, or files of records.")]


def rate(
    runs: Runs,
    anchor: Annotated[
        str | None,
        typer.Option(help="The player rated 0; minimax if left out and there, else the mean is 0."),
    ] = None,
    json: Json = False,
) -> None:
    """Rate the players of one or more runs on one scale.

    Bradley-Terry with draws and a first mover's advantage, in Elo points; intervals by bootstrap over pairs
    of matches. LOS is the likelihood of superiority: the share of resamples in which a player is rated above
    the next one.

    \b
    Example:
      arena rate results/RUN --anchor random
    """
    from arena.ratings import match_results
    from arena.ratings import rate as rated

    ratings = rated(match_results(read_runs(runs)), anchor=anchor)
    if json:
        print_json(_ratings_data(ratings))
        return
    _print_ratings(ratings)


def read_runs(runs: list[Path]) -> list[MatchRecord]:
    """The records of several runs, one after the other; lines that are none are named."""
    from arena.cli.records import warn
    from arena.record_file import read_file

    files = [read_file(run) for run in runs]
    for file in files:
        warn(file.bad)
    return [record for file in files for record in file.records]


def _print_ratings(ratings: Ratings) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("player", overflow="fold")
    for heading in ("Elo", "95 %", "points", "matches", "pairs", "LOS"):
        table.add_column(heading, justify="right", no_wrap=True)
    for rating, los in zip(ratings.players, _against_next(ratings), strict=True):
        table.add_row(
            Text(inert(rating.player)), *_cells(rating), "" if los is None else f"{100 * los:.0f} %"
        )
    console().print(table)
    for text in _notes(ratings):
        console().print(text, markup=False, soft_wrap=True)


def _cells(rating: Rating) -> list[str]:
    interval = rating.interval
    return [
        f"{rating.elo:+.0f}" + ("*" if rating.perfect else ""),
        "-" if interval is None else f"{interval.low:+.0f} to {interval.high:+.0f}",
        f"{rating.points:g}",
        str(rating.matches),
        str(rating.pairs),
    ]


def _against_next(ratings: Ratings) -> list[float | None]:
    names = [rating.player for rating in ratings.players]
    return [ratings.superior.get(two) for two in zip(names, [*names[1:], ""], strict=True)]


def _notes(ratings: Ratings) -> list[str]:
    from arena.ratings import ENOUGH_PAIRS

    zero = f"{inert(ratings.anchor)} is 0" if ratings.anchor else "the mean is 0"
    notes = [
        f"{ratings.pairs} pairs of matches; {zero}; the first seat is worth {ratings.advantage:+.0f} Elo; "
        f"equals draw {100 * ratings.draw_share:.0f} %."
    ]
    if any(rating.perfect for rating in ratings.players):
        notes.append(
            "*: all points or none: only the prior keeps the rating finite, the interval means nothing."
        )
    if any(rating.pairs < ENOUGH_PAIRS for rating in ratings.players):
        notes.append(f"With fewer than {ENOUGH_PAIRS} pairs the interval of a rating is only a hint.")
    if ratings.groups > 1:
        sets = [[inert(r.player) for r in ratings.players if r.group == g] for g in range(ratings.groups)]
        listed = " | ".join(", ".join(names) for names in sets)
        notes.append(f"Not connected by matches, so not comparable: {listed}")
    return notes


def _ratings_data(ratings: Ratings) -> dict[str, Any]:
    rows = zip(ratings.players, _against_next(ratings), strict=True)
    return {
        "pairs": ratings.pairs,
        "anchor": ratings.anchor or None,
        "first_seat_elo": ratings.advantage,
        "draw_share": ratings.draw_share,
        "groups": ratings.groups,
        "players": [
            {
                "player": r.player,
                "elo": r.elo,
                "interval": _pair(r.interval),
                "points": r.points,
                "matches": r.matches,
                "pairs": r.pairs,
                "perfect": r.perfect,
                "group": r.group,
                "los_against_next": los,
            }
            for r, los in rows
        ],
    }


def _pair(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def measure(
    runs: Runs,
    player: Annotated[str | None, typer.Option(help="Only this player.")] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Regret by this: depth (proof depth), ply, actions (how many are legal)."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="BASELINE", help="Exact values of random, greedy and minimax against it beside."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Measure players: points, skill, legality, claims, cost.

    Every number stands with its 95 % interval ('?' where pairs are too few for it to be trusted), the turns
    or matches it rests on (n) and their pairs. Skill is of accepted actions where there was a choice;
    unconditional measures count a first reply that was not accepted as one that gave everything away.

    \b
    Examples:
      arena measure results/RUN --against minimax
      arena measure results/RUN --player o3 --by depth
    """
    from arena.estimates import player_estimates

    records = read_runs(runs)
    names = _names(records, player)
    if by is not None:
        tables = {name: _regret_by(records, name, by) for name in names}
    else:
        tables = {name: player_estimates(records, name) for name in names}
    exact = _exact(records, against) if against else {}
    if json:
        data = {name: {key: _data(e) for key, e in rows.items()} for name, rows in tables.items()}
        print_json({"players": data, "exact": exact})
        return
    for name, rows in tables.items():
        _print_measures(name, rows, exact, "measure" if by is None else f"regret by {by}")
    if exact:
        beside = f"On the right: exact values against {against}, seats shared equally."
        console().print(beside, markup=False, soft_wrap=True)


def _names(records: list[MatchRecord], player: str | None) -> list[str]:
    from players.base import PlayerError

    names = list(dict.fromkeys(name for record in records for name in record.players))
    if player is not None and player not in names:
        raise PlayerError(f"{player} did not play; there are: {', '.join(names) or 'no records'}")
    return names if player is None else [player]


def _regret_by(records: list[MatchRecord], player: str, by: str) -> dict[str, Estimate]:
    from arena.estimates import BREAKDOWNS, estimate_by
    from arena.measures import REGRET, decisions
    from arena.run import RunError

    if by not in BREAKDOWNS:
        raise RunError(f"--by is one of {', '.join(BREAKDOWNS)}, not {by!r}")
    found = estimate_by(REGRET, BREAKDOWNS[by], decisions(records, player))
    return {str(key): value for key, value in found.items()}


def _exact(records: list[MatchRecord], against: str) -> dict[str, dict[str, float | None]]:
    from arena.exact import baselines
    from arena.run import RunError
    from games.registry import parse_game
    from players.base import PlayerError
    from players.baselines import PolicyPlayer
    from players.specs import make_player

    games = {record.game for record in records}
    if len(games) != 1:
        raise RunError(f"exact values are of one game; the records hold {len(games)}")
    opponent = make_player(against)
    if not isinstance(opponent, PolicyPlayer):
        raise PlayerError(f"exact values need a baseline to play against; {against} is no fixed policy")
    return baselines(parse_game(games.pop()), opponent)


def _print_measures(
    name: str, rows: dict[str, Estimate], exact: dict[str, dict[str, float | None]], heading: str
) -> None:
    from rich import box
    from rich.table import Table

    table = Table(title=inert(name), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(heading, min_width=min(24, max(map(len, rows), default=0)), overflow="fold")
    for column in ("mean", "95 %", "n", "pairs", *exact):
        table.add_column(column, justify="right")
    for key, row in rows.items():
        if row.n:
            beside = (_number(values.get(key)) for values in exact.values())
            table.add_row(key, *estimate_cells(row), *beside)
    console().print(table)


def estimate_cells(e: Estimate) -> list[str]:
    """Mean, interval, n and pairs; '?' where they are too few for the interval to be trusted."""
    interval = "-" if e.interval is None else f"{_number(e.interval.low)} to {_number(e.interval.high)}"
    return [
        _number(e.value),
        interval + ("" if e.enough or e.interval is None else " ?"),
        str(e.n),
        str(e.pairs),
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if abs(value) < 100 else f"{value:.0f}"


def _data(e: Estimate) -> dict[str, Any]:
    interval = _pair(e.interval)
    return {"mean": e.value, "interval": interval, "n": e.n, "pairs": e.pairs, "method": e.method}
