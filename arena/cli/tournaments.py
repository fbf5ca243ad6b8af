"""arena tournament: many players, games and openings, over a weekend if need be."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.options import MaxCost, MaxTokensTotal, OpeningLimit, OpeningPlies, Openings, Out, Resume
from arena.cli.output import Telling, progress_console, say
from arena.cli.taping import Cache, CacheUse, Record, Replay, patience_for, purses, wrapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from arena.cli.playing import Session
    from arena.run import RunConfig
    from arena.tables import Tables
    from arena.tournament import Tournament
    from players.base import Player
    from players.purse import Purse


class Executor(StrEnum):
    """Where matches are played."""

    LOCAL = "local"
    RAY = "ray"


TRIES = 5
"""How often a match that meets a fault of the world is begun, before it is left for --resume."""
FAULTS_IN_A_ROW = 20
PAUSE_S = 1.0


def tournament(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A TOML file; see docs/tournaments.md.")] = None,
    player: Annotated[list[str] | None, typer.Option(help="A player string; give one for each.")] = None,
    game: Annotated[list[str] | None, typer.Option(help="A game; give one for each.")] = None,
    pairing: Annotated[
        str | None, typer.Option(help="round-robin, gauntlet (the first against each other), swiss or match.")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(help="How often each pairing is played from each seat.")
    ] = None,
    openings: Openings = None,
    opening_plies: OpeningPlies = None,
    opening_limit: OpeningLimit = None,
    seed: Annotated[int | None, typer.Option(help="All chance follows from it.")] = None,
    attempts: Annotated[int | None, typer.Option(help="Replies a player may give for one turn.")] = None,
    seconds_per_turn: Annotated[float | None, typer.Option(help="Time for one reply.")] = None,
    parallel: Annotated[int | None, typer.Option(help="Matches under way at once.")] = None,
    max_cost: MaxCost = None,
    max_tokens_total: MaxTokensTotal = None,
    executor: Annotated[
        Executor, typer.Option(help="Where matches are played: local, or on the workers of a Ray cluster.")
    ] = Executor.LOCAL,
    workers: Annotated[int, typer.Option(min=1, help="Processes, with --executor ray.")] = 2,
    address: Annotated[
        str | None, typer.Option(help="Of a Ray cluster; one on this machine is made if left out.")
    ] = None,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that matches under way may go on after Ctrl-C.")
    ] = 30.0,
    out: Out = None,
    resume: Resume = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Only say what would be played, and what it may cost; every match with --telling json.",
        ),
    ] = False,
    record: Record = None,
    replay: Replay = None,
    cache: Cache = CacheUse.OFF,
    telling: Annotated[
        Telling, typer.Option(help="live; quiet (results only); json (a line for each match, for logs).")
    ] = Telling.LIVE,
) -> None:
    """Play a tournament: a schedule known before the first move, resumable after anything.

    Everything can stand in a TOML file; what is given here goes over it. The resolved tournament is in the
    run's folder. Ctrl-C finishes the matches under way, a second Ctrl-C stops at once; nothing is lost.

    \b
    Examples:
      arena tournament weekend.toml --dry-run
      arena tournament weekend.toml --max-cost 20
      arena tournament --player smollm2 --player random --player minimax --rounds 10
      arena tournament --resume results/RUN
    """
    from arena.cli.planning import print_plan
    from arena.cli.playing import Session
    from arena.limits import check_numbers
    from arena.run import new_run_folder, read_config
    from arena.runner import Patience, make_players
    from arena.tournament import FIELDS, refuse_twins, without_openings
    from players.purse import Limits

    given = {name: value for name, value in ctx.params.items() if name in FIELDS and value is not None}
    given |= {name: value for name, value in (("players", player), ("games", game)) if value}
    check_numbers(given)
    if resume is not None:
        _refuse_beside_resume(file, given, out)
        config, folder = read_config(resume), resume
    else:
        config = _resolved(file, given)
        folder = out or new_run_folder(config)
    limits = (given.get("max_cost", config.max_cost), given.get("max_tokens_total", config.max_tokens_total))
    purse, paying = purses(Limits(*limits), replay)
    wrap = wrapping(record, replay, cache, resumed=resume is not None)
    made = make_players(config.players, wrap, paying)
    if resume is None:
        refuse_twins(made)
    for name in without_openings(config):
        say(f"{name} has no such openings and is played from its start")
    if dry_run:
        print_plan(config, made, Limits(*limits), as_json=telling is Telling.JSON)
        return
    at_once = given.get("parallel", config.parallel)
    tables = _remote(config, made, purse, workers, at_once, address) if executor is Executor.RAY else None
    patience = patience_for(Patience(TRIES, FAULTS_IN_A_ROW, PAUSE_S), replay)
    again = f"arena tournament --resume {folder}"
    fresh, replayed = resume is None, replay is not None
    session = Session(config, folder, made, purse, at_once, patience, grace, fresh, again, replayed, tables)
    _play_it(session, telling)


def _remote(
    config: RunConfig,
    players: Mapping[str, Player],
    purse: Purse,
    workers: int,
    parallel: int,
    address: str | None,
) -> Callable[[], Tables]:
    """Makes the tables of a cluster. Workers can't share a purse, nor a person's terminal."""
    from arena.ray_tables import RayTables
    from arena.run import RunError
    from players.human import HumanPlayer
    from players.purse import Limits

    if purse.limits != Limits():
        raise RunError("--executor ray can't keep --max-cost or --max-tokens-total: its workers pay apart")
    if any(isinstance(player, HumanPlayer) for player in players.values()):
        raise RunError("--executor ray can't seat a human: its workers have no terminal")
    return partial(RayTables, config.players, workers, parallel, address)


def _refuse_beside_resume(file: Path | None, given: Mapping[str, Any], out: Path | None) -> None:
    """A resumed run is what its config says; what changes no result may be given anew."""
    from arena.run import RunError

    fixed = [name for name in given if name not in ("parallel", "max_cost", "max_tokens_total")]
    fixed += ["the file"] * (file is not None) + ["out"] * (out is not None)
    if fixed:
        raise RunError(f"--resume goes on with the run as it was asked for; leave {fixed[0]} out")


def _resolved(file: Path | None, given: Mapping[str, Any]) -> RunConfig:
    from arena.run import RunError
    from arena.tournament import Tournament, read_tournament, resolve, with_fields

    if file is None and "players" not in given:
        raise RunError("name a FILE, or a --player for each player; more: arena tournament --help")
    asked: Tournament = read_tournament(file) if file is not None else Tournament()
    command = shlex.join(["arena", *sys.argv[1:]])
    return resolve(with_fields(asked, given, "command line"), command)


def _play_it(session: Session, telling: Telling) -> None:
    from arena.cli.playing import play
    from arena.cli.scoreboard import Scoreboard
    from arena.cli.standings import print_standings

    config = session.config
    show = Scoreboard(progress_console(), config.size, config.players, session.purse, telling)
    stopped = play(session, show)
    if telling is not Telling.JSON:
        print_standings(session.folder, config, session.purse, fresh=session.fresh)
    if stopped:
        raise typer.Exit(stopped)
