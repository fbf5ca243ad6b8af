"""arena compare, rate and measure: in this process, on runs of baselines."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from arena.compare import UntilKnown, Watcher, compare, whole_pairs
from arena.record_file import read_file
from arena.run import read_config
from arena.sprt import Decision, Sprt
from tests.test_cli import arena, printed, refused


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    done = arena("compare", "minimax", "random", "--sprt", "0,100", "--parallel", "3", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_it_stops_when_it_knows(run: Path) -> None:
    data = json.loads(printed("compare", "--resume", run, "--json"))
    assert data["sprt"]["decision"] == "H1"
    assert data["sprt"]["pairs"] <= data["pairs"] < 30
    assert data["elo_interval"][0] > 0
    assert len(read_file(run).records) == 2 * data["pairs"], "begun pairs are played out, no other begins"


def test_the_decision_does_not_depend_on_how_many_play_at_once(run: Path, tmp_path: Path) -> None:
    one = json.loads(
        printed("compare", "minimax", "random", "--sprt", "0,100", "--out", tmp_path / "one", "--json")
    )
    many = json.loads(printed("compare", "--resume", run, "--json"))
    assert one["sprt"] == many["sprt"]


def test_a_comparison_is_resumed_where_it_stopped(run: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.mkdir()
    (part / "config.json").write_bytes((run / "config.json").read_bytes())
    lines = (run / "matches.jsonl").read_bytes().splitlines(keepends=True)
    (part / "matches.jsonl").write_bytes(b"".join(lines[:5]))
    again = json.loads(printed("compare", "--resume", part, "--json"))
    assert again["sprt"] == json.loads(printed("compare", "--resume", run, "--json"))["sprt"]


def test_from_records(run: Path) -> None:
    text = printed("compare", "random", "minimax", "--from", run, "--sprt", "0,100")
    assert "H0 accepted: random is not stronger than minimax by 100 Elo" in text
    assert "whole pairs" in text


def test_pairs_that_repeat_are_named(tmp_path: Path) -> None:
    text = printed(
        "compare", "scripted:1,2,3", "scripted:4,5,6", "--max-pairs", "6", "--out", tmp_path / "run"
    )
    assert "Only 1 of 6 pairs differ" in text


def test_openings_make_pairs_of_players_that_repeat_themselves(tmp_path: Path) -> None:
    """Each opening once, both matches of it from one opening; the same words as in a tournament."""
    players = ("minimax?ties=first", "minimax?ties=first&by=value")
    asked = ("--openings", "canonical", "--opening-plies", "2", "--out", tmp_path / "run")
    text = printed("compare", *players, *asked)
    assert "12 whole pairs (24 matches)" in text
    assert "repeats count" not in text
    legs = [record.opening for record in read_file(tmp_path / "run").records]
    assert legs[::2] == legs[1::2]
    assert len(set(legs)) == 12
    assert legs != sorted(legs), "they are taken in an order drawn by lot"


def test_openings_of_a_file_are_repeated_for_more_pairs(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("1 2\n5 1  # the middle\n")
    asked = ("--openings", "mine.txt", "--max-pairs", "3", "--out", "run")
    printed("compare", "random", "greedy", *asked, cwd=tmp_path)
    legs = [record.opening for record in read_file(tmp_path / "run").records]
    assert len(legs) == 6
    assert legs[:2] == legs[4:]


def test_a_test_goes_round_the_openings_until_it_knows(tmp_path: Path) -> None:
    asked = ("--sprt", "0,100", "--openings", "balanced", "--opening-limit", "3")
    text = printed("compare", "minimax", "random", *asked, "--out", tmp_path / "run")
    assert "H1 accepted" in text


def test_pairs_from_different_openings_differ(run: Path) -> None:
    """Even where nothing is played after them that differs."""
    records = [replace(r, opening=(r.pair_id,), plies=()) for r in read_file(run).records]
    found = compare(records, "minimax", "random")
    assert found.different == found.pairs


def test_the_watcher_takes_pairs_in_as_scheduled(run: Path) -> None:
    """The records come in backwards; the state is as if they had come in order."""
    config, records = read_config(run), read_file(run).records
    watcher = Watcher(Sprt(0, 100), config.schedule(), "minimax")
    first = config.schedule()[0].pair_id
    for record in records[::-1]:
        if record.pair_id != first:
            watcher.finished(record)
    assert watcher.state.pairs == 0
    for record in records:
        if record.pair_id == first:
            watcher.finished(record)
    assert watcher.known
    assert watcher.state.decision is Decision.H1


def test_half_a_pair_says_nothing(run: Path) -> None:
    records = read_file(run).records
    one = [r for r in records if r.pair_id == records[0].pair_id][:1]
    assert whole_pairs(one, "minimax", "random") == []
    assert compare(one, "minimax", "random").elo is None


def test_no_further_pair_is_begun() -> None:
    class Spec:
        def __init__(self, leg: int) -> None:
            self.leg = leg

    specs = [Spec(n % 2) for n in range(6)]
    answers = iter((False, False, True))
    assert list(UntilKnown(specs, lambda: next(answers))) == specs[:4]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a"], "two different players"),
        (["random", "random"], "two different players"),
        (["random", "minimax", "--sprt", "5"], "--sprt is elo0,elo1"),
        (["random", "minimax", "--sprt", "5,0"], "elo0 is to be below elo1"),
        (["random", "minimax", "--game", "mastermind"], "two seats"),
        (["random", "nobody:x"], "nobody"),
        (["random", "greedy", "--openings", "cannon"], "openings are none, canonical, balanced or a file"),
        (
            ["random", "greedy", "--openings", "canonical", "--opening-limit", "0"],
            "opening_limit is at least 1",
        ),
        (
            ["random", "greedy", "--openings", "canonical", "--opening-plies", "-1"],
            "opening_plies is at least 0",
        ),
        (["random", "greedy", "--from", "x", "--openings", "balanced"], "leave openings out"),
        (["--resume", "nowhere", "--opening-plies", "3"], "leave opening-plies out"),
        (["random", "minimax", "--from", "nowhere"], "no records"),
        (["--resume", "nowhere"], "no run at nowhere"),
        (["random", "minimax", "--resume", "nowhere"], "leave players out"),
    ],
)
def test_refusals(words: list[str], said: str, tmp_path: Path) -> None:
    assert said in refused("compare", *words, cwd=tmp_path)


def test_somebody_who_never_played_is_refused(run: Path) -> None:
    assert "greedy did not play" in refused("compare", "random", "greedy", "--from", run)


# arena rate and arena measure


def test_ratings(run: Path) -> None:
    text = printed("rate", run)
    assert text.index("minimax") < text.index("random")
    assert "minimax is 0" in text
    (data,) = json.loads(printed("rate", run, run, "--anchor", "random", "--json"))["ratings"]
    assert [row["player"] for row in data["players"]] == ["minimax", "random"]
    assert data["players"][1]["elo"] == 0
    assert data["players"][0]["los_against_next"] > 0.9
    assert "did not play" in refused("rate", run, "--anchor", "greedy")


def test_a_match_that_stands_in_two_runs_counts_once(run: Path) -> None:
    once = printed("rate", run, "--json")
    twice = arena("rate", run, run, "--json")
    assert twice.stdout == once
    matches = json.loads(once)["ratings"][0]["players"][0]["matches"]
    assert f"{matches} matches stand in several of these runs" in twice.stderr


@pytest.fixture(scope="module")
def of_two_games(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Players of long names: what tells them apart is one option."""
    folder = tmp_path_factory.mktemp("games") / "run"
    players = ["epsilon?epsilon=0.3&ties=first", "epsilon?epsilon=0.6&ties=first", "random"]
    words = [word for player in players for word in ("--player", player)]
    games = ["--game", "rps", "--game", "kuhn", "--game", "mastermind"]
    printed("tournament", *words, *games, "--out", folder, "--telling", "quiet")
    return folder


def test_each_game_is_rated_alone_unless_asked_for(of_two_games: Path) -> None:
    apart = json.loads(printed("rate", of_two_games, "--json"))["ratings"]
    assert [table["games"] for table in apart] == ["kuhn", "rps"], "mastermind has one seat"
    (joint,) = json.loads(printed("rate", of_two_games, "--joint", "--json"))["ratings"]
    assert joint["pairs"] == sum(table["pairs"] for table in apart)
    text = printed("rate", of_two_games)
    assert "Each game has a scale of its own" in text
    assert "epsilon epsilon=0.6 is epsilon?epsilon=0.6&ties=first" in text


def test_each_game_is_measured_alone(of_two_games: Path) -> None:
    data = json.loads(printed("measure", of_two_games, "--json"))["games"]
    assert set(data) == {"rps", "kuhn", "mastermind"}
    some = json.loads(printed("measure", of_two_games, "--game", "kuhn", "--json"))["games"]
    assert some == {"kuhn": data["kuhn"]}
    assert "tictactoe was not played" in refused("measure", of_two_games, "--game", "tictactoe")
    text = printed("measure", of_two_games, "--player", "random")
    assert text.count("points ") == 3


@pytest.mark.parametrize("command", ["measure", "rate", "report"])
def test_a_run_that_has_not_begun_names_the_command(command: str, of_two_games: Path, tmp_path: Path) -> None:
    shutil.copy(of_two_games / "config.json", tmp_path)
    said = "nothing has been played yet in .; go on with: arena tournament --resume ."
    assert said in refused(command, ".", cwd=tmp_path)
    (tmp_path / "matches.jsonl").touch()
    assert said in refused(command, ".", cwd=tmp_path)


@pytest.mark.parametrize("command", ["measure", "rate", "report"])
def test_a_folder_of_runs_lists_them(command: str, run: Path) -> None:
    assert f"holds 1; name one of them: {run}" in refused(command, run.parent)


@pytest.mark.parametrize("command", ["measure", "rate", "report"])
def test_a_config_of_another_version_is_named(command: str, of_two_games: Path, tmp_path: Path) -> None:
    shutil.copy(of_two_games / "matches.jsonl", tmp_path)
    config = json.loads((of_two_games / "config.json").read_text("utf-8"))
    (tmp_path / "config.json").write_text(json.dumps({**config, "schema": 7}), "utf-8")
    done = arena(command, tmp_path)
    assert done.returncode == 0
    assert done.stderr.count("is of schema 7, this version reads schema 1") == 1


def test_measures(run: Path) -> None:
    text = printed("measure", run, "--against", "minimax")
    assert "first reply accepted" in text
    assert "exact values against minimax" in text
    data = json.loads(printed("measure", run, "--json", "--player", "minimax"))
    regret = data["games"]["tictactoe"]["players"]["minimax"]["regret"]
    assert (regret["mean"], regret["method"]) == (0, "clustered wilson")


def test_regret_by_depth(run: Path) -> None:
    data = json.loads(printed("measure", run, "--by", "depth", "--player", "random", "--json"))
    assert data["games"]["tictactoe"]["players"]["random"]["8"]["n"] > 0
    assert "--by is one of depth, ply, actions" in refused("measure", run, "--by", "x")
    assert "did not play" in refused("measure", run, "--player", "x")
    assert "no fixed policy" in refused("measure", run, "--against", "human")
