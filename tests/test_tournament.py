"""A tournament from its file to its results: what may stand there, what is refused, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from arena.record import Ending
from arena.record_stream import stream_file
from arena.run import RunError, read_config
from arena.runner import make_players
from arena.schedule import PAIRINGS
from arena.tournament import (
    Tournament,
    read_tournament,
    refuse_twins,
    resolve,
    with_fields,
    without_openings,
)
from players.base import PlayerError

if TYPE_CHECKING:
    from tests.conftest import FaultServer

ARENA = [sys.executable, "-c", "from arena.cli import main; main()"]


def arena(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ARENA, *words], capture_output=True, text=True, timeout=120, check=False, **more)


def toml(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "t.toml"
    path.write_text(text)
    return path


def test_a_file_says_a_whole_tournament(tmp_path: Path) -> None:
    path = toml(
        tmp_path,
        'players = ["random", "greedy", "minimax"]\ngames = ["tictactoe", "nim"]\nrounds = 2\n'
        'openings = "canonical"\nopening_plies = 1\nopening_limit = 2\nseed = 9\nmax_cost = 1.5\n',
    )
    config = resolve(read_tournament(path))
    assert (config.players, config.rounds, config.seed, config.max_cost) == (
        ("random", "greedy", "minimax"), 2, 9, 1.5,
    )  # fmt: skip
    assert {game: len(found) for game, found in config.openings.items()} == {"tictactoe": 2, "nim": 2}
    assert len(config.schedule()) == 3 * 2 * 2 * 2 * 2


def test_the_command_line_goes_over_the_file(tmp_path: Path) -> None:
    path = toml(tmp_path, 'players = ["random", "greedy"]\nrounds = 5\n')
    asked = with_fields(read_tournament(path), {"rounds": 1, "players": ["random", "minimax"]}, "here")
    assert (asked.rounds, asked.players) == (1, ("random", "minimax"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("players = [", "is not TOML"),
        ('player = ["a"]', "unknown field 'player'; there are: players, games, pairing"),
        ('players = "random"', "players is a list of texts, not 'random'"),
        ("rounds = 1.5", "rounds is a whole number, not 1.5"),
        ("rounds = true", "rounds is a whole number, not True"),
        ('seconds_per_turn = "long"', "seconds_per_turn is a number, not 'long'"),
        ("seconds_per_turn = nan", "seconds_per_turn is at least 0.001 and finite, not nan"),
        ("seconds_per_turn = 0", "seconds_per_turn is at least 0.001 and finite, not 0"),
        ("max_cost = nan", "max_cost is at least 0 and finite, not nan"),
        ("max_cost = -1", "max_cost is at least 0 and finite, not -1"),
        ("max_tokens_total = -1", "max_tokens_total is at least 0"),
        ("opening_plies = -1", "opening_plies is at least 0"),
        ("opening_limit = 0", "opening_limit is at least 1"),
        ("parallel = 0", "parallel is at least 1"),
        ('[tournament]\nplayers = ["a"]', "no table [tournament]; the fields stand at the top of the file"),
        ('executor = "ray"', "executor is no part of a tournament; say --executor on the command line"),
    ],
)
def test_a_wrong_file_is_told_what_there_is(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RunError) as caught:
        read_tournament(toml(tmp_path, text))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"players": ("random",)}, "at least two players, not 1"),
        ({"players": ("random", "random")}, "the player 'random' is named twice"),
        ({"games": ("nim", "nim")}, "the game 'nim' is named twice"),
        ({"games": ()}, "at least one game"),
        ({"pairing": "knockout"}, "pairing is one of match, round-robin, gauntlet, swiss, not 'knockout'"),
        ({"rounds": 0}, "rounds is at least 1 and finite, not 0"),
        ({"rounds": 10**8}, "200000000 matches are too many; a run has at most 1000000"),
        ({"games": ("nim", "nim(misere=no)")}, "the games 'nim' and 'nim(misere=no)' are the same"),
        ({"games": ("kuhn", "rps"), "openings": "canonical"}, "rps has no openings"),
        ({"players": ("random",), "games": ("sliding", "nim")}, "at least two players, not 1"),
        ({"openings": "canonicl"}, "openings are none, canonical, balanced or a file"),
    ],
)
def test_what_no_run_can_be_made_of_is_refused(fields: dict[str, Any], told: str) -> None:
    asked = {"players": ("random", "greedy"), **fields}
    with pytest.raises(RunError) as caught:
        resolve(Tournament(**asked))
    assert told in str(caught.value)


def test_a_game_without_openings_is_played_from_its_start_beside_others() -> None:
    config = resolve(Tournament(("random", "greedy"), ("tictactoe", "kuhn", "sliding"), openings="canonical"))
    assert set(config.openings) == {"tictactoe"}
    assert without_openings(config) == ("kuhn", "sliding")
    assert Counter(spec.game for spec in config.schedule()) == {"tictactoe": 24, "kuhn": 2, "sliding": 2}


@pytest.mark.parametrize("pairing", PAIRINGS)
def test_one_player_may_work_through_puzzles(pairing: str) -> None:
    config = resolve(Tournament(("random",), ("sliding", "mastermind"), pairing, rounds=2))
    assert len(config.schedule()) == config.size == 4 or pairing == "swiss"


@pytest.mark.parametrize(
    ("one", "other"), [("random", "random?"), ("minimax", "minimax?ties=random"), ("o3", "openai:o3")]
)
def test_one_player_under_two_names_is_refused(monkeypatch: pytest.MonkeyPatch, one: str, other: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with pytest.raises(RunError, match="are the same; leave one out"):
        refuse_twins(make_players(("greedy", one, other)))
    refuse_twins(make_players(("greedy", one, "minimax?ties=first")))


def test_a_tournament_of_nothing_points_to_the_ways_to_say_it(tmp_path: Path) -> None:
    done = arena("tournament", cwd=tmp_path)
    assert done.returncode == 2
    assert "name a FILE, or a --player for each player; more: arena tournament --help" in done.stderr


def test_an_unknown_player_halfway_through_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    done = arena("tournament", "--player", "random", "--player", "nobody", "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert done.stderr.startswith("arena: unknown player 'nobody'")
    assert not (tmp_path / "run").exists()
    with pytest.raises(PlayerError):
        make_players(("random", "nobody"))


def test_a_tournament_is_played_resumed_and_told_as_json(tmp_path: Path) -> None:
    run = tmp_path / "run"
    players = ["--player=random", "--player=greedy", "--player=minimax"]
    done = arena("tournament", *players, "--telling=json", f"--out={run}")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 6
    assert {line["ending"] for line in lines} == {"completed"}
    assert read_config(run).pairing == "round-robin"
    again = arena("tournament", "--resume", str(run))
    assert again.returncode == 0
    heading, _, first, *_ = again.stdout.splitlines()
    assert heading.split() == ["player", "points", "mean", "95", "%", "n", "pairs"]
    assert first.split()[0] == "minimax"
    assert first.split()[-2:] == ["4", "2"]
    assert "All 6 matches are played." in again.stdout
    assert len(list(stream_file(run).records())) == 6
    other = arena("tournament", "--resume", str(run), "--rounds", "3")
    assert "leave rounds out" in other.stderr


def test_a_swiss_table_says_that_not_all_met_the_same(tmp_path: Path) -> None:
    players = [f"--player={name}" for name in ("random", "greedy", "minimax", "epsilon?epsilon=0.2")]
    done = arena("tournament", *players, "--pairing=swiss", "--rounds=3", f"--out={tmp_path / 'run'}")
    assert "Not everybody met the same opponents" in done.stdout
    assert "?: too few pairs" in done.stdout
    points = [float(line.split()[1]) for line in done.stdout.splitlines()[2:6]]
    assert points == sorted(points, reverse=True)
    assert sum(points) == 12


def test_a_run_of_another_schema_is_refused(tmp_path: Path) -> None:
    config = {"games": ["tictactoe"], "players": ["random", "greedy"], "seed": 0, "schema": 99}
    (tmp_path / "config.json").write_text(json.dumps(config))
    done = arena("tournament", "--resume", str(tmp_path))
    assert "schema 99; this version reads schema 1" in done.stderr


def test_faults_of_the_world_are_waited_out(fault_server: FaultServer, tmp_path: Path) -> None:
    """Two requests fail, and then the model answers: no match is lost, no fault is scored."""
    fault_server.answers("", 500)
    fault_server.answers("", 500)
    fault_server.answers({"choices": [{"message": {"content": "no idea"}}]})
    model = f"local:m?base_url={fault_server.url}&retries=0"
    done = arena(
        "tournament", f"--player={model}", "--player=random", "--attempts=1", "--parallel=1",
        "--telling=quiet", f"--out={tmp_path / 'run'}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    endings = [record.ending for record in stream_file(tmp_path / "run").records()]
    assert endings == [Ending.UNPARSABLE] * 2
    assert (tmp_path / "run/matches.jsonl").read_text().count('"ending":"error"') == 2


def test_what_nohup_keeps_from_it_ends_no_tournament(fault_server: FaultServer, tmp_path: Path) -> None:
    answer = {"choices": [{"delta": {"content": "no idea"}, "finish_reason": "stop"}]}
    fault_server.streams(answer, pause_s=0.3)
    model = f"local:m?base_url={fault_server.url}"
    words = [
        "tournament",
        f"--player={model}",
        "--player=random",
        "--attempts=1",
        f"--out={tmp_path / 'run'}",
    ]

    def ignore_hangup() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with subprocess.Popen([*ARENA, *words], preexec_fn=ignore_hangup, stdout=subprocess.PIPE) as process:
        while not fault_server.requests:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGHUP)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"All 2 matches are played." in out


def test_a_run_that_stops_says_why_and_what_is_missing(fault_server: FaultServer, tmp_path: Path) -> None:
    """A proxy answers with a page, which is asked again and no answer of the model."""
    fault_server.answers("<html>restarting</html>", 200)
    run = tmp_path / "run"
    model = f"local:m?base_url={fault_server.url}&retries=1"
    done = arena("match", model, "random", "--games=9", f"--out={run}")
    assert len(fault_server.requests) == 6
    assert done.returncode == 1
    why, way = done.stderr.splitlines()[-2:]
    assert why.startswith("Stopped: 3 faults in a row, the last: m at ")
    assert why.endswith("; 9 of 9 matches are missing.")
    assert way == f"Finished matches are kept. Go on with: arena match --resume {run}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_finishes_what_is_under_way(
    fault_server: FaultServer, tmp_path: Path, number: signal.Signals
) -> None:
    answer = {"choices": [{"delta": {"content": "no idea"}, "finish_reason": "stop"}]}
    fault_server.streams(answer, pause_s=1.5)
    model = f"local:m?base_url={fault_server.url}"
    command = [
        *ARENA, "tournament", f"--player={model}", "--player=random", "--attempts=1", "--rounds=50",
        "--parallel=4", f"--out={tmp_path / 'run'}",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not fault_server.requests:
            time.sleep(0.05)
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert " of 100 matches are missing.\nFinished" in err
    assert "what stands above is not all" in out
    assert "Finishing the matches under way" in err
    assert "Go on with: arena tournament --resume" in err
    assert "of 100 matches are played;" in out
    records = list(stream_file(tmp_path / "run").records())
    assert 1 <= len(records) <= 8
    assert all(record.ending is Ending.UNPARSABLE for record in records)
