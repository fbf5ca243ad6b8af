"""The records that a command is about, from one run or several."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.output import console, inert, say
from arena.cli.records import warn

if TYPE_CHECKING:
    from arena.record import MatchRecord

Runs = Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, or files of records.")]
Games = Annotated[list[str] | None, typer.Option("--game", help="Only this game; give one for each.")]


def read_runs(runs: list[Path]) -> list[MatchRecord]:
    """The records of several runs, one after the other, each match once; what is passed over is told."""
    from arena.record import Ending
    from arena.record_file import read_file
    from arena.run import other_schema

    found: dict[str, MatchRecord] = {}
    twice = 0
    for run in runs:
        file = read_file(run)
        warn(file.bad)
        if strange := other_schema(run):
            say(strange)
        for record in file.records:
            twice += record.match_id in found
            if record.match_id not in found or found[record.match_id].ending is Ending.ERROR:
                found[record.match_id] = record
    if twice:
        say(f"{twice} matches stand in several of these runs (same players, game and seed): each counts once")
    return list(found.values())


def by_game(runs: list[Path], games: list[str] | None = None) -> dict[str, list[MatchRecord]]:
    """The records of these games; RunError if there are none, or a game was not played."""
    from arena.run import RunError, why_no_records
    from games.registry import parse_game

    found: dict[str, list[MatchRecord]] = {}
    for record in read_runs(runs):
        found.setdefault(record.game, []).append(record)
    if not found:
        raise RunError("; ".join(why_no_records(run, "no line of the file is one") for run in runs))
    wanted = [parse_game(game).spec for game in games or ()]
    if missing := [game for game in wanted if game not in found]:
        raise RunError(f"{missing[0]} was not played; there are: {', '.join(found)}")
    return {game: found[game] for game in sorted(found) if not wanted or game in wanted}


def tell_labels(short: dict[str, str]) -> None:
    """Which players stand behind those labels that are not the player strings themselves."""
    for player, label in short.items():
        if label != player:
            console().print(f"{inert(label)} is {inert(player, 1000)}", markup=False, soft_wrap=True)


def names_of(records: Iterable[MatchRecord]) -> list[str]:
    """Who played, in order of appearance."""
    return list(dict.fromkeys(name for record in records for name in record.players))
