"""arena match: players against each other, judged move by move."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.options import Attempts, MaxCost, MaxTokensTotal, Out, Parallel, Resume, SecondsPerTurn, Seed
from arena.cli.output import Json, console, print_json, progress_console
from arena.cli.taping import Cache, CacheUse, Record, Replay, patience_for, purses, wrapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arena.run import RunConfig
    from games.registry import AnyGame
    from players.base import Player
    from players.purse import Limits

BOARDS_UP_TO = 2
"""With so many matches or fewer, their boards are printed at the end."""


def match(
    ctx: typer.Context,
    players: Annotated[
        list[str] | None, typer.Argument(metavar="A vs B", help="Two player strings; see `arena players`.")
    ] = None,
    game: Annotated[str, typer.Option(help="A game; see `arena games`.")] = "tictactoe",
    games: Annotated[int, typer.Option(min=1, help="Matches; every second one with the seats swapped.")] = 2,
    seed: Seed = 0,
    attempts: Attempts = 3,
    seconds_per_turn: SecondsPerTurn = None,
    parallel: Parallel = 1,
    max_cost: MaxCost = None,
    max_tokens_total: MaxTokensTotal = None,
    out: Out = None,
    resume: Resume = None,
    record: Record = None,
    replay: Replay = None,
    cache: Cache = CacheUse.OFF,
    exact: Annotated[
        bool, typer.Option("--exact", help="Play nothing: work the result of two baselines out.")
    ] = False,
    boards: Annotated[bool | None, typer.Option(help="Print every board at the end.")] = None,
    json: Json = False,
) -> None:
    """Play two players against each other, judged move by move.

    Every action is judged against an exact solver, every claim about the board against the truth.
    The run is kept in a folder, one JSON line a match; Ctrl-C loses nothing that is finished.

    \b
    Examples:
      arena match smollm2 vs minimax
      arena match o3 vs minimax --game 'tictactoe(m=3,n=4,k=3)' --games 20 --seed 7
      arena match random vs 'minimax?by=value' --exact
    """
    from arena.cli.live import Spectator
    from arena.cli.playing import Session, play
    from arena.record import Rules
    from arena.run import match_config, new_run_folder, read_config
    from arena.runner import Patience, make_players
    from games.registry import parse_game
    from players.human import HumanPlayer

    if resume is not None:
        _refuse_beside_resume(ctx)
        config, folder = read_config(resume), resume
    else:
        config = match_config(
            parse_game(game).spec,
            _player_names(players or [], parse_game(game)),
            games,
            seed,
            rules=Rules(attempts, seconds_per_turn),
            command=shlex.join(["arena", *sys.argv[1:]]),
            max_cost=max_cost,
            max_tokens_total=max_tokens_total,
        )
        folder = out or new_run_folder(config)
    if exact:
        _refuse_beside_exact(ctx)
    purse, paying = purses(_limits(config, max_cost, max_tokens_total), replay)
    wrap = wrapping(record, replay, cache, resumed=resume is not None)
    made = make_players(config.players, wrap, paying)
    if exact:
        _print_exact(config, made, json)
    else:
        session = Session(
            config,
            folder,
            made,
            purse,
            parallel,
            patience_for(Patience(), replay),
            grace_s=0.0,
            fresh=resume is None,
            again=f"arena match --resume {folder}",
            replayed=replay is not None,
        )
        person = any(isinstance(player, HumanPlayer) for player in made.values())
        total = len(config.schedule())
        stopped = play(session, Spectator(progress_console(), total, purse, beside_a_person=person))
        _print_run(folder, boards, json)
        if stopped:
            raise typer.Exit(stopped)


def _refuse_beside_resume(ctx: typer.Context) -> None:
    """A resumed run is what its config says: what would be ignored is refused."""
    from arena.run import RunError

    for name in ("players", "game", "games", "seed", "attempts", "seconds_per_turn", "out", "exact"):
        if _is_given(ctx, name):
            raise RunError(f"--resume goes on with the run as it was asked for; leave {name} out")


def _refuse_beside_exact(ctx: typer.Context) -> None:
    from arena.run import RunError

    for name in ("record", "replay", "cache"):
        if _is_given(ctx, name):
            raise RunError(f"--exact plays nothing and asks nobody; leave --{name} out")


def _is_given(ctx: typer.Context, name: str) -> bool:
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _limits(config: RunConfig, max_cost: float | None, max_tokens_total: int | None) -> Limits:
    """What the run may spend: as said now, else as it was asked for."""
    from players.purse import Limits

    return Limits(
        config.max_cost if max_cost is None else max_cost,
        config.max_tokens_total if max_tokens_total is None else max_tokens_total,
    )


def _player_names(words: list[str], game: AnyGame) -> tuple[str, ...]:
    from players.base import PlayerError

    names = tuple(word for word in words if word != "vs")
    if not game.num_seats <= len(names) <= 2:
        said = " ".join(words) or "nothing"
        raise PlayerError(
            f"a match is between two players, as in 'arena match smollm2 vs minimax', not {said}"
        )
    return names


def _print_run(folder: Path, boards: bool | None, json: bool) -> None:
    """The run as it stands on disk: boards if they are few, tables, and where the record is."""
    from arena.cli.boards import match_view
    from arena.cli.money import money_data, money_line
    from arena.cli.records import tell_unjudged, warn
    from arena.cli.tables import stats_data, stats_tables
    from arena.ledger import payments
    from arena.record_file import read_file
    from arena.run import MATCHES
    from players.purse import Purse

    if not (folder / MATCHES).exists():
        return
    file = read_file(folder)
    warn(file.bad)
    records = file.records
    paid = Purse()
    paid.carry(payments(folder))
    if json:
        print_json({"run": str(folder), **stats_data(records), "spent": money_data(paid)})
        return
    out = console()
    if boards if boards is not None else len(records) <= BOARDS_UP_TO:
        for number, record in enumerate(records, 1):
            for part in match_view(record, number):
                out.print(part)
    for table in stats_tables(records):
        out.print(table)
    tell_unjudged(records)
    if told := money_line(paid):
        out.print(told, markup=False, soft_wrap=True)
    more = f"again: arena show {folder}; ply by ply: arena replay {folder}"
    out.print(f"Record: {folder / MATCHES}   ({more})", markup=False, soft_wrap=True)


def _print_exact(config: RunConfig, players: Mapping[str, Player], json: bool) -> None:
    """The exact result of two policies, from both seats, by dynamic programming."""
    from games.registry import parse_game
    from games.tree import outcome_distribution
    from players.base import PlayerError
    from players.baselines import PolicyPlayer

    game = parse_game(config.games[0])
    if game.num_seats != 2:
        raise PlayerError(f"--exact is for games of two seats; {game.spec} has {game.num_seats}")
    rows = []
    for names in (config.players, config.players[::-1]):
        seated = [players[name] for name in names]
        for player in seated:
            if not isinstance(player, PolicyPlayer):
                raise PlayerError(f"--exact needs two baselines; {player.name} is no fixed policy")
        policies = [lambda s, seat, p=p: p.policy(game, s, seat) for p in seated]
        shares = outcome_distribution(game, policies)
        first = [(returns[0], p) for returns, p in shares.items()]
        won, lost = (sum(p for r, p in first if sign * r > 0) for sign in (1, -1))
        rows.append({"first": names[0], "second": names[1], "win": won, "draw": 1 - won - lost, "loss": lost})
    if json:
        print_json({"game": game.spec, "exact": rows})
        return
    console().print(f"{game.title}, exact, from the first seat's view:", markup=False)
    for row in rows:
        shares_text = "  ".join(f"{kind} {100 * float(row[kind]):.3f} %" for kind in ("win", "draw", "loss"))
        line = f"  {row['first']} first against {row['second']}: {shares_text}"
        console().print(line, markup=False, soft_wrap=True)
