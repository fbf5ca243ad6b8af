"""Playing a run: match after match, each judged and on disk before the next one begins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from arena.judging import judge_record
from arena.match import MatchSpec, Watch, ignore, play_match
from arena.record import Ending, MatchRecord
from arena.run import RunConfig, Writer
from games.registry import parse_game
from players.base import Player, PlayerError
from players.completers.base import ProviderError
from players.specs import make_player

FAULTS_IN_A_ROW = 3
"""So many matches lost to the world in a row end the run; what is finished stays."""


class RunStopped(Exception):
    """The run ended early because of a fault of the world."""


def make_players(names: Sequence[str]) -> dict[str, Player]:
    """One player for each name; PlayerError for a name that means nothing."""
    return {name: make_player(name) for name in names}


def with_configs(config: RunConfig, players: Mapping[str, Player], versions: Mapping[str, str]) -> RunConfig:
    """The config with everything resolved that the players and this installation determine."""
    return replace(config, configs=tuple(players[n].config for n in config.players), versions=versions)


async def start_players(config: RunConfig, players: Mapping[str, Player]) -> None:
    """Get every player ready for the game; PlayerError names the one that can't be."""
    game = parse_game(config.game)
    for name, player in players.items():
        try:
            await player.start(game)
        except ProviderError as error:
            raise PlayerError(f"{name}: {error}") from error


async def play_run(
    folder: Path,
    specs: Sequence[MatchSpec],
    players: Mapping[str, Player],
    *,
    watch: Watch = ignore,
    finished: Callable[[MatchRecord], None] = lambda record: None,
) -> None:
    """Play, judge and append every match; RunStopped after a lasting fault or several in a row."""
    writer, faults = Writer(folder), 0
    try:
        for spec in specs:
            record = await play_match(spec, [players[name] for name in spec.players], watch)
            record = await asyncio.to_thread(judge_record, record)
            writer.append(record)
            finished(record)
            faults = faults + 1 if record.ending is Ending.ERROR else 0
            if record.lasting or faults >= FAULTS_IN_A_ROW:
                raise RunStopped(record.reason)
    finally:
        writer.close()
        for player in players.values():
            await player.close()
