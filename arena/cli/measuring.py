"""arena measure: numbers with their intervals, from records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.output import Json, console, inert, print_json
from arena.cli.reading import Games, Runs, by_game, names_of, tell_labels

if TYPE_CHECKING:
    from arena.estimates import Estimate
    from arena.record import MatchRecord


def measure(
    runs: Runs,
    player: Annotated[str | None, typer.Option(help="Only this player.")] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Regret by this: depth (proof depth), ply, actions (how many are legal)."),
    ] = None,
    game: Games = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="BASELINE", help="Exact values of random, greedy and minimax against it beside."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Measure players, each game apart: points, skill, legality, claims, cost.

    Every number stands with its 95 % interval ('?' where pairs are too few for it to be trusted), the turns
    or matches it rests on (n) and their pairs. Skill is of accepted actions where there was a choice;
    unconditional measures count a first reply that was not accepted as one that gave everything away.

    \b
    Examples:
      arena measure results/RUN --against minimax
      arena measure results/RUN --player o3 --by depth
    """
    from arena.labels import labels

    records = by_game(runs, game)
    names = names_of(record for found in records.values() for record in found)
    _check_player(player, names)
    short = labels(names)
    found = {spec: _measured(some, player, by, against) for spec, some in records.items()}
    if json:
        print_json({"games": {spec: measured.data() for spec, measured in found.items()}})
        return
    for spec, measured in found.items():
        _print_game(
            spec if len(found) > 1 else "", measured, short, "measure" if by is None else f"regret by {by}"
        )
    if against:
        beside = f"On the right: exact values against {against}, seats shared equally."
        console().print(beside, markup=False, soft_wrap=True)
    tell_labels({name: label for name, label in short.items() if player in (None, name)})


@dataclass(frozen=True, slots=True)
class _Measured:
    """What was measured in one game. Nothing is added over games: their scales differ."""

    players: dict[str, dict[str, Estimate]]
    exact: dict[str, dict[str, float | None]]

    def data(self) -> dict[str, Any]:
        players = {name: {key: _data(e) for key, e in rows.items()} for name, rows in self.players.items()}
        return {"players": players, "exact": self.exact}


def _measured(
    records: list[MatchRecord], player: str | None, by: str | None, against: str | None
) -> _Measured:
    from arena.estimates import player_estimates

    names = [name for name in names_of(records) if player in (None, name)]
    tables = {
        name: player_estimates(records, name) if by is None else _regret_by(records, name, by)
        for name in names
    }
    return _Measured(tables, _exact(records[0].game, against) if against else {})


def _check_player(player: str | None, names: list[str]) -> None:
    from players.base import PlayerError

    if player is not None and player not in names:
        raise PlayerError(f"{player} did not play; there are: {', '.join(names)}")


def _print_game(game: str, measured: _Measured, short: dict[str, str], heading: str) -> None:
    if game:
        console().print(f"{inert(game)}", style="bold", markup=False)
    for name, rows in measured.players.items():
        _print_measures(short[name], rows, measured.exact, heading)


def _regret_by(records: list[MatchRecord], player: str, by: str) -> dict[str, Estimate]:
    from arena.estimates import BREAKDOWNS, estimate_by
    from arena.measures import REGRET, decisions
    from arena.run import RunError

    if by not in BREAKDOWNS:
        raise RunError(f"--by is one of {', '.join(BREAKDOWNS)}, not {by!r}")
    found = estimate_by(REGRET, BREAKDOWNS[by], decisions(records, player))
    return {str(key): value for key, value in found.items()}


def _exact(game: str, against: str) -> dict[str, dict[str, float | None]]:
    from arena.exact import baselines
    from games.registry import parse_game
    from players.base import PlayerError
    from players.baselines import PolicyPlayer
    from players.specs import make_player

    opponent = make_player(against)
    if not isinstance(opponent, PolicyPlayer):
        raise PlayerError(f"exact values need a baseline to play against; {against} is no fixed policy")
    return baselines(parse_game(game), opponent)


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
    interval = None if e.interval is None else [e.interval.low, e.interval.high]
    return {"mean": e.value, "interval": interval, "n": e.n, "pairs": e.pairs, "method": e.method}
