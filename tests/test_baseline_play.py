"""Matches of baselines from ready pieces: the very records that playing them one by one gives."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from arena.baseline_play import BaselineHall, is_for
from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.record import from_line, to_line
from arena.resume import still_to_play
from arena.run import MATCHES, RunConfig, match_config
from arena.runner import AT_ONCE, Orders, make_players, play_run
from players.specs import make_player

NAMES = ("minimax", "minimax?ties=first&by=value", "random", "greedy", "epsilon?epsilon=0.3")
SPECS = [
    spec
    for game, opening in (("tictactoe", ("5", "1")), ("tictactoe(misere)", ()), ("nim(heaps=1-2-3)", ()))
    for spec in RunConfig((game,), NAMES, "round-robin", 2, openings={game: (opening,)}, seed=3).schedule()
]


def timeless(line: str) -> dict[str, Any]:
    """A record without what a clock says."""
    data: dict[str, Any] = json.loads(line)
    for ply in data["plies"]:
        for attempt in ply["attempts"]:
            attempt["seconds"] = 0.0
    return {**data, "seconds": 0.0, "started": ""}


def played(spec: MatchSpec) -> str:
    record = asyncio.run(play_match(spec, [make_player(name) for name in spec.players]))
    return to_line(judge_record(record))


def test_the_records_are_those_of_the_match_itself() -> None:
    hall = BaselineHall({name: make_player(name) for name in NAMES})
    for spec, line in zip(SPECS, hall.lines(SPECS).decode().splitlines(), strict=True):
        one_by_one = played(spec)
        assert timeless(line) == timeless(one_by_one)
        assert list(json.loads(line)) == list(json.loads(one_by_one)), "fields stand in the same order"
        assert from_line(line).match_id == spec.match_id


def test_a_run_that_is_stopped_and_torn_goes_on_to_the_same_records(tmp_path: Path) -> None:
    config = match_config("tictactoe", ("minimax", "random"), 3 * AT_ONCE)
    players = make_players(config.players)
    file, orders, counts = tmp_path / MATCHES, Orders(), list[int]()

    def counted(matches: int) -> None:
        counts.append(matches)
        orders.stop = sum(counts) > 0

    asyncio.run(play_run(tmp_path, config.schedule(), players, orders=orders, counted=counted))
    kept = file.read_bytes()
    assert AT_ONCE <= kept.count(b"\n") == sum(counts) < 3 * AT_ONCE, "what was told is on the disk"
    file.write_bytes(kept[:-99])  # as a crash leaves it
    asyncio.run(play_run(tmp_path, still_to_play(tmp_path, config), players))
    whole = [line for line in file.read_text().splitlines() if line.endswith("}")]
    alone = BaselineHall(players).lines(config.schedule()).decode().splitlines()
    assert [timeless(line) for line in whole] == [timeless(line) for line in alone]


@pytest.mark.parametrize(
    ("game", "players", "fit"),
    [
        ("tictactoe", ("minimax", "random"), True),
        ("tictactoe", ("minimax", "scripted:1,2"), False),
        ("connect4", ("minimax", "random"), False),
        ("kuhn", ("minimax", "random"), False),
        ("rps", ("minimax", "random"), False),
        ("pig(target=10)", ("minimax", "random"), False),
    ],
)
def test_it_is_for_policies_in_small_games_without_chance(
    game: str, players: tuple[str, ...], fit: bool
) -> None:
    assert is_for(game, [make_player(name) for name in players]) is fit
