"""arena compare: two players pair by pair, until it is known which is stronger."""

from __future__ import annotations

import shlex
import sys
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.options import (
    Attempts,
    OpeningLimit,
    OpeningPlies,
    Openings,
    Out,
    Parallel,
    SecondsPerTurn,
    Seed,
)
from arena.cli.output import Json, console, inert, print_json, progress_console
from arena.cli.reading import read_runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arena.compare import Comparison
    from arena.record import MatchRecord
    from arena.run import RunConfig
    from arena.sprt import Sprt

SCHEDULED = (
    "game", "max_pairs", "openings", "opening_plies", "opening_limit", "seed", "attempts", "seconds_per_turn"
)  # fmt: skip
"""Options that say what is to be played."""


def compare(
    ctx: typer.Context,
    players: Annotated[
        list[str] | None, typer.Argument(metavar="A B", help="Two player strings; see `arena players`.")
    ] = None,
    game: Annotated[str, typer.Option(help="A game of two seats; see `arena games`.")] = "tictactoe",
    sprt: Annotated[
        str, typer.Option(metavar="ELO0,ELO1,ALPHA,BETA", help="Stop when this sequential test knows.")
    ] = "",
    max_pairs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Pairs of matches at most. If left out 200; without --sprt each opening once."
        ),
    ] = None,
    openings: Openings = None,
    opening_plies: OpeningPlies = None,
    opening_limit: OpeningLimit = None,
    seed: Seed = 0,
    attempts: Attempts = 3,
    seconds_per_turn: SecondsPerTurn = None,
    parallel: Parallel = 1,
    out: Out = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the comparison in this folder.")] = None,
    source: Annotated[
        list[Path] | None, typer.Option("--from", metavar="RUN", help="Play nothing: compare from this run.")
    ] = None,
    json: Json = False,
) -> None:
    """Say which of two players is stronger, and stop when that is known.

    Pairs of matches with the seats swapped are played until the sequential test accepts one hypothesis:
    H1, A is stronger by elo1 (logistic Elo of the expected score), or H0, by elo0 only. The risks of
    accepting the wrong one are alpha and beta, 0.05 if left out. Without --sprt all pairs are played.

    Players that do not draw by lot play the same pair over and over unless they are given openings, each of
    which is played from both seats.

    \b
    Examples:
      arena compare 'epsilon?epsilon=0.1' random --sprt 0,100
      arena compare o3 gpt-4o --game connect4 --sprt 0,50,0.05,0.05 --max-pairs 400 --parallel 16
      arena compare minimax greedy --openings canonical --opening-plies 3
      arena compare o3 gpt-4o --from results/RUN
    """
    from arena.compare import compare as compared
    from arena.run import MATCHES, new_run_folder, read_config
    from arena.sprt import parse_sprt
    from arena.tournament import FIELDS

    if source:
        _refuse(ctx, "--from", (*SCHEDULED, "out", "resume", "parallel"))
        a, b = _two(players or [])
        test = parse_sprt(sprt) if sprt else None
        _print(compared(_of_both(read_runs(source), a, b), a, b, test), a, b, test, json)
        return
    if resume is not None:
        _refuse(ctx, "--resume", (*SCHEDULED, "players", "sprt", "out"))
        config, folder = read_config(resume), resume
    else:
        given = {name: value for name, value in ctx.params.items() if name in FIELDS and value is not None}
        config = _config(given | {"players": _two(players or []), "games": [game]}, sprt, max_pairs)
        folder = out or new_run_folder(config)
    a, b = _two(list(config.players))
    test = parse_sprt(config.sprt) if config.sprt else None
    stopped = _play(config, folder, test, parallel, fresh=resume is None)
    if (folder / MATCHES).exists():
        _print(compared(_in_order(config, folder), a, b, test), a, b, test, json, folder)
    if stopped:
        raise typer.Exit(stopped)


def _refuse(ctx: typer.Context, beside: str, names: tuple[str, ...]) -> None:
    """What would be ignored is refused."""
    from arena.run import RunError

    for name in names:
        given = ctx.get_parameter_source(name)
        if given is not None and given.name == "COMMANDLINE":
            raise RunError(f"{beside} takes what was played as it is; leave {name.replace('_', '-')} out")


def _two(names: list[str]) -> tuple[str, str]:
    from players.base import PlayerError

    words = [name for name in names if name != "vs"]
    if len(words) != 2 or words[0] == words[1]:
        said = " ".join(words) or "nothing"
        raise PlayerError(f"two different players are compared, as in 'arena compare o3 random', not {said}")
    return words[0], words[1]


def _config(asked: Mapping[str, Any], sprt: str, pairs: int | None) -> RunConfig:
    """The run that is asked for by fields of a tournament."""
    from arena.run import RunError
    from arena.sprt import parse_sprt
    from arena.tournament import Tournament, pairs_of_two, with_fields
    from games.registry import parse_game

    parsed = parse_game(asked["games"][0])
    if parsed.num_seats != 2:
        raise RunError(f"players are compared at games of two seats; {parsed.spec} has {parsed.num_seats}")
    if sprt:
        parse_sprt(sprt)
    command = shlex.join(["arena", *sys.argv[1:]])
    return pairs_of_two(with_fields(Tournament(), asked, "command line"), pairs, sprt, command)


def _of_both(records: list[MatchRecord], a: str, b: str) -> list[MatchRecord]:
    """The records as they are; PlayerError if one of the two never played."""
    from players.base import PlayerError

    names = {name for record in records for name in record.players}
    for name in (a, b):
        if name not in names:
            raise PlayerError(f"{name} did not play; there are: {', '.join(sorted(names)) or 'no records'}")
    return records


def _in_order(config: RunConfig, folder: Path) -> list[MatchRecord]:
    """The records as they were scheduled, whichever finished first."""
    place = {spec.match_id: number for number, spec in enumerate(config.schedule())}
    return sorted(read_runs([folder]), key=lambda record: place.get(record.match_id, len(place)))


def _play(config: RunConfig, folder: Path, test: Sprt | None, parallel: int, *, fresh: bool) -> int:
    """Play what is still to be played; 0, or the exit status of a run that ended early."""
    from arena.cli.live import SprtView
    from arena.cli.playing import Session, play
    from arena.compare import UntilKnown, Watcher
    from arena.run import MATCHES
    from arena.runner import Patience, make_players
    from players.purse import Purse

    watcher = Watcher(test, config.schedule(), config.players[0]) if test else None
    for record in read_runs([folder]) if watcher and (folder / MATCHES).exists() else ():
        watcher.finished(record)  # type: ignore[union-attr]
    purse = Purse()
    session = Session(
        config,
        folder,
        make_players(config.players, purse=purse),
        purse,
        parallel,
        Patience(),
        grace_s=0.0,
        fresh=fresh,
        again=f"arena compare --resume {folder}",
        until=lambda todo: UntilKnown(todo, lambda: watcher is not None and watcher.known),
    )
    return play(session, SprtView(progress_console(), len(config.schedule()), watcher))


# What is printed ------------------------------------------------------------------------------------------


def _print(
    found: Comparison, a: str, b: str, test: Sprt | None, json: bool, folder: Path | None = None
) -> None:
    if json:
        print_json(_data(found, a, b, test, folder))
        return
    for text in _lines(found, inert(a), inert(b), test):
        console().print(text, markup=False, soft_wrap=True)
    if folder is not None:
        console().print(f"Record: {folder / 'matches.jsonl'}", markup=False, soft_wrap=True)


def _lines(found: Comparison, a: str, b: str, test: Sprt | None) -> list[str]:
    lines = [f"{a} against {b}: {found.pairs} whole pairs ({found.score.n} matches)"]
    if found.score.value is None:
        return [*lines, "No pair is whole: both its matches, one from each seat, have to be scored."]
    interval = found.score.interval
    score = f"score {100 * found.score.value:.1f} %"
    if interval is not None and found.elo_interval is not None:
        score += f" ({100 * interval.low:.1f}-{100 * interval.high:.1f})"
        low, high = _elo(found.elo_interval.low), _elo(found.elo_interval.high)
        score += f"  Elo {_elo(found.elo)} ({low} to {high})"
    lines += [score, "pairs by points, 0 to 2: " + " ".join(map(str, found.counts))]
    if test is not None and found.state is not None:
        lines.append(_verdict(found, a, b, test))
        lines.append("The interval does not allow for having stopped when it was known.")
    if found.different < found.pairs / 2:
        lines.append(
            f"Only {found.different} of {found.pairs} pairs differ in any action: repeats count, but add no "
            "evidence; play from different --openings or with players that draw by lot."
        )
    return lines


def _verdict(found: Comparison, a: str, b: str, test: Sprt) -> str:
    from arena.sprt import Decision

    assert found.state is not None
    low, high = test.bounds
    says = {
        Decision.CONTINUE: "not known yet",
        Decision.H0: f"H0 accepted: {a} is not stronger than {b} by {test.elo1:g} Elo",
        Decision.H1: f"H1 accepted: {a} is stronger than {b} by more than {test.elo0:g} Elo",
    }[found.state.decision]
    return (
        f"SPRT of Elo {test.elo0:g} against {test.elo1:g} (alpha {test.alpha:g}, beta {test.beta:g}): "
        f"LLR {found.state.llr:.2f} in ({low:.2f}, {high:.2f}) after {found.state.pairs} pairs: {says}"
    )


def _elo(elo: float | None) -> str:
    if elo is None or not isfinite(elo):
        return "-" if elo is None else ("+inf" if elo > 0 else "-inf")
    return f"{elo:+.0f}"


def _data(found: Comparison, a: str, b: str, test: Sprt | None, folder: Path | None) -> dict[str, Any]:
    """As plain data; what is infinite is null."""
    interval, elo = found.score.interval, found.elo_interval
    data = {
        "players": [a, b],
        "pairs": found.pairs,
        "matches": found.score.n,
        "score": found.score.value,
        "score_interval": None if interval is None else [interval.low, interval.high],
        "elo": _finite(found.elo),
        "elo_interval": None if elo is None else [_finite(elo.low), _finite(elo.high)],
        "pairs_by_points": list(found.counts),
        "different_pairs": found.different,
        "run": None if folder is None else str(folder),
    }
    if test is not None and found.state is not None:
        data["sprt"] = {
            **{name: getattr(test, name) for name in ("elo0", "elo1", "alpha", "beta", "bounds")},
            "llr": found.state.llr,
            "pairs": found.state.pairs,
            "decision": found.state.decision,
        }
    return data


def _finite(number: float | None) -> float | None:
    return number if number is not None and isfinite(number) else None
