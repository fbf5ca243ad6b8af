"""The command line as a user types it: what it prints, and what it says to wrong input."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest

from arena.cli import main
from games.solvers import Budget, shared_solver

LOG = Path(__file__).parent / "data/llm-game-logs/tic-tac-toe_list_240617-110645_all_moves.csv"


@pytest.fixture(autouse=True)
def hasty_solvers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What can't be solved is given up at once."""
    monkeypatch.setattr("games.solvers.DEFAULT_BUDGET", Budget(states=200_000, seconds=1.0))
    yield
    shared_solver.cache_clear()


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def arena(*words: str | Path, cwd: Path | None = None, stdin: str = "") -> Done:
    """Run the command in this process, in a folder of its own and without any key in the environment."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, {"PATH": os.environ["PATH"], "COLUMNS": "160"}, clear=True),
        mock.patch.object(sys, "argv", ["arena", *map(str, words)]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as exit_,
    ):
        main()
        sys.exit(0)
    return Done(int(exit_.value.code or 0), out.getvalue(), err.getvalue())


def printed(*words: str | Path, cwd: Path | None = None, stdin: str = "") -> str:
    done = arena(*words, cwd=cwd, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(*words: str | Path, cwd: Path | None = None) -> str:
    """The one line on stderr of a command that refuses."""
    done = arena(*words, cwd=cwd)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr


# Matches


def test_a_match_ends_with_boards_tables_and_the_path_of_the_record(tmp_path: Path) -> None:
    out = printed("match", "random", "vs", "minimax", "--seed", "3", "--out", "run", cwd=tmp_path)
    for words in ("match 1: random (X) vs minimax (O)", "match 2: minimax (X) vs random (O)", "optimal:"):
        assert words in out
    for title in ("Results", "Legality", "Skill", "run/matches.jsonl"):
        assert title in out
    lines = (tmp_path / "run/matches.jsonl").read_text().splitlines()
    assert len({json.loads(line)["match_id"] for line in lines}) == 2, "a late verdict may write a match anew"
    config = json.loads((tmp_path / "run/config.json").read_text())
    assert config["configs"][1] == {"player": "minimax", "ties": "random", "by": "distance"}
    assert config["rules"] == {"attempts": 3, "seconds_per_turn": None}


def test_a_match_without_out_lands_under_results(tmp_path: Path) -> None:
    printed("match", "random", "random", "--games", "1", cwd=tmp_path)
    (run,) = (tmp_path / "results").iterdir()
    assert run.name.endswith("_random_random_tictactoe")


def test_json_goes_to_stdout_and_progress_to_stderr(tmp_path: Path) -> None:
    done = arena("match", "random", "greedy", "--games", "6", "--json", "--out", "run", cwd=tmp_path)
    data = json.loads(done.stdout)
    assert data["matches"] == 6
    assert data["players"]["greedy"]["matches"] == 6
    assert "match 6/6" in done.stderr


def test_the_same_seed_gives_the_same_matches(tmp_path: Path) -> None:
    def moves(out: str) -> list[Any]:
        printed("match", "random", "epsilon?epsilon=0.5", "--seed", "9", "--out", out, cwd=tmp_path)
        lines = (tmp_path / out / "matches.jsonl").read_text().splitlines()
        return [[ply["action"] for ply in json.loads(line)["plies"]] for line in lines]

    assert moves("one") == moves("two")


def test_a_run_is_gone_on_with(tmp_path: Path) -> None:
    printed("match", "random", "greedy", "--games", "4", "--out", "run", cwd=tmp_path)
    matches = tmp_path / "run/matches.jsonl"
    lines = matches.read_text().splitlines(keepends=True)
    matches.write_text("".join(lines[:2]) + lines[2][:50])
    printed("match", "--resume", "run", cwd=tmp_path)
    ids = {json.loads(line)["match_id"] for line in matches.read_text().splitlines() if line.endswith("}")}
    assert ids == {json.loads(line)["match_id"] for line in lines}


def test_a_model_from_replies_with_its_claims(tmp_path: Path) -> None:
    says = "Answer: {}\nStatus: in play"
    (tmp_path / "replies.jsonl").write_text("".join(json.dumps(says.format(c)) + "\n" for c in (1, 2, 3)))
    out = printed(
        "match", "replies:replies.jsonl", "scripted:4,5", "--games", "1", "--out", "run", cwd=tmp_path
    )
    assert "claims: in play; WRONG, it is: X has won" in out
    assert "own end not noticed" in out


def test_what_models_say_is_shown_inert(tmp_path: Path) -> None:
    nasty = "\x1b[31mred [bold]markup[/bold]\x07\u202e\nAnswer: 1"
    (tmp_path / "replies.jsonl").write_text(json.dumps(nasty) + "\n")
    done = arena("match", "replies:replies.jsonl", "scripted:", "--games", "1", "--out", "run", cwd=tmp_path)
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "[bold]markup[/bold]" in done.stdout


def test_exact_results_of_baselines() -> None:
    rows = json.loads(printed("match", "random", "minimax", "--exact", "--json"))["exact"]
    assert [round(100 * rows[0][key], 3) for key in ("win", "draw", "loss")] == [0, 22.252, 77.748]
    assert [round(100 * rows[1][key], 3) for key in ("win", "draw", "loss")] == [96.781, 3.219, 0]


def test_a_human_plays_on_the_terminal(tmp_path: Path) -> None:
    words = ("match", "human", "scripted:4,5", "--games", "1", "--out", "run")
    done = arena(*words, cwd=tmp_path, stdin="1\nnine\n2\n3\n")
    assert "Not accepted: not an action: 'nine'" in done.stderr
    assert "completed: X completed a line of 3" in done.stdout


# Records


def test_show_prints_one_match(tmp_path: Path) -> None:
    printed("match", "scripted:1,2,3", "scripted:4,5", "--games", "2", "--out", "run", cwd=tmp_path)
    out = printed("show", "run", "--match", "1", cwd=tmp_path)
    assert "match 1" in out
    assert "match 2" not in out
    record = json.loads(printed("show", "run", "--match", "2", "--json", cwd=tmp_path))
    assert record["players"] == ["scripted:4,5", "scripted:1,2,3"]


def test_judging_published_logs(tmp_path: Path) -> None:
    assert "150 matches imported" in printed("import", LOG, "--out", "run", cwd=tmp_path)
    out = printed("judge", "run", cwd=tmp_path)
    assert "150 matches: 96 first seat wins, 38 second seat wins, 15 draw, 1 forfeit by seat 0" in out
    assert "119/163 73.01 %" in out
    players = json.loads(printed("judge", "run", "--json", cwd=tmp_path))["players"]
    assert players["gpt-4-turbo"]["problems"] == {"unparsable": 19, "illegal": 6}


def test_a_corrupt_record_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    printed("match", "random", "greedy", "--out", "run", cwd=tmp_path)
    matches = tmp_path / "run/matches.jsonl"
    text = "garbage\n" + matches.read_text()
    matches.write_text(text)
    assert "match 2" in printed("show", "run", cwd=tmp_path)
    done = arena("judge", "run", cwd=tmp_path)
    assert "line 1 is passed over: not a match record" in done.stderr
    assert done.returncode == 1
    assert matches.read_text() == text


# Solving and drawing


def test_solve_prints_value_actions_and_best_play() -> None:
    out = printed("solve", "tictactoe", "X.O/.X./..O")
    assert "X to move: draw" in out
    assert "Best play: 6" in out
    data = json.loads(printed("solve", "tictactoe", "--moves", "5 1 9", "--json"))
    assert data["state"] == "O../.X./..X"
    assert data["value"] == {"result": "draw", "plies": 6}
    assert data["actions"]["3"] == {"result": "draw", "plies": 6}
    assert data["actions"]["2"] == {"result": "loss", "plies": 4}


def test_solve_reads_a_batch_of_states_and_move_lists() -> None:
    lines = ["5 1", "519", "X.O/.X./..O", "5 5", "XXX/OOO/...", "nonsense", "XXX/OO./..."]
    out = printed("solve", "tictactoe", "--batch", "-", stdin="\n".join(lines))
    answers = [json.loads(line) for line in out.splitlines()]
    assert [a["line"] for a in answers] == lines
    assert [set(a) - {"line"} for a in answers[3:6]] == [{"error"}] * 3
    assert "the cell is taken" in answers[3]["error"]
    assert answers[6]["value"] == {"result": "loss", "plies": 0}
    assert answers[6]["actions"] == {}


def test_what_is_not_solved_is_said() -> None:
    assert "not solved" in refused("solve", "tictactoe(m=10,n=10,k=5)")


def test_draw_text_and_picture(tmp_path: Path) -> None:
    assert printed("draw", "tictactoe", "X.O/.X./..O", "--view", "rows") == "X - O\n- X -\n- - O\n"
    printed("draw", "tictactoe", "--png", "board.png", "--theme", "dark", cwd=tmp_path)
    assert (tmp_path / "board.png").read_bytes().startswith(b"\x89PNG")


def test_games_and_players_are_listed() -> None:
    assert "tictactoe" in printed("games")
    assert json.loads(printed("games", "--json"))[0]["name"] == "tictactoe"
    assert "OPENAI_API_KEY" in printed("players")


# Wrong input


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("match", "chess-master", "vs", "minimax"), "unknown player 'chess-master'; there are: minimax,"),
        (("match", "o3", "vs", "minimax"), "o3 needs a key: set the environment variable OPENAI_API_KEY"),
        (("match", "random"), "a match is between two players"),
        (("match", "random?speed=9", "minimax"), "unknown option 'speed'; it takes no options"),
        (("match", "minimax?ties=maybe", "random"), "ties is one of random, first"),
        (("match", "epsilon?epsilon=much", "random"), "epsilon is a number, not 'much'"),
        (("match", "random", "greedy", "--game", "go"), "unknown game 'go'; there are: tictactoe"),
        (
            ("match", "random", "greedy", "--game", "tictactoe(m=3,n=3,k=5)"),
            "no line of 5 fits on a board of 3x3",
        ),
        (("match", "minimax", "random", "--game", "tictactoe(m=10,n=10,k=5)"), "minimax can't play"),
        (("match", "llama:nowhere.gguf", "random"), "no GGUF file at 'nowhere.gguf'"),
        (("match", "--resume", "nowhere"), "no run at nowhere"),
        (("match", "--resume", "nowhere", "--seed", "3"), "leave seed out"),
        (("solve", "tictactoe", "XX/.."), "not a state of tictactoe: 'XX/..'"),
        (("solve", "tictactoe", "XXX/OOO/..."), "no play of tictactoe leads to 'XXX/OOO/...'"),
        (("solve", "tictactoe", "--moves", "1 1"), "the cell is taken"),
        (("solve", "tictactoe", "--batch", "nowhere.txt"), "can't read nowhere.txt"),
        (("show", "nowhere"), "no records at nowhere"),
        (("judge", "nowhere"), "no records at nowhere"),
        (("import", "nowhere.csv", "--out", "x"), "can't read nowhere.csv"),
        (("import", "nowhere.csv", "--format", "pgn", "--out", "x"), "there are: llm-game-benchmark"),
        (("draw", "tictactoe", "--view", "cubist"), "unknown view 'cubist'; there are: rows"),
        (("draw", "tictactoe", "--png", "x.png", "--theme", "pink"), "there are: light, dark"),
    ],
)
def test_wrong_input_gets_one_clear_line(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    said = refused(*words, cwd=tmp_path)
    assert says in said
    assert said.count("\n") == 1
    assert not (tmp_path / "results").exists(), "a refusal leaves nothing behind"


def test_an_unwritable_results_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file, not a folder")
    assert "can't write a run to results/" in refused("match", "random", "greedy", cwd=tmp_path)


def test_a_folder_in_use_is_named(tmp_path: Path) -> None:
    printed("match", "random", "greedy", "--out", "run", cwd=tmp_path)
    assert "--resume run" in refused("match", "random", "greedy", "--out", "run", cwd=tmp_path)


def test_a_server_that_refuses_the_key_stops_the_run_and_keeps_what_is_finished(tmp_path: Path) -> None:
    done = arena(
        "match",
        "openai:some-model?base_url=http://127.0.0.1:9/v1&retries=0",
        "minimax",
        "--out",
        "run",
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "some-model at http://127.0.0.1:9/v1" in done.stderr
    assert "arena match --resume run" in done.stderr
    assert "not scored, a fault of the world" in done.stdout


def test_the_version_is_told() -> None:
    assert printed("--version").startswith("exact-arena ")
