"""Solving, listing and drawing on the command line, and what move lists may look like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arena.cli.listing import page
from games.registry import GAMES, parse_game
from games.solvers import Budget, UnsolvedError
from games.tree import outcome_distribution
from tests.test_cli import arena, printed, refused

ROOT = Path(__file__).parent.parent


def test_a_table_counts_every_state() -> None:
    data = json.loads(printed("solve", "tictactoe", "--table", "--json"))
    assert data == {
        "game": "tictactoe",
        "states": 5478,
        "decisions": 4520,
        "wins": 2836,
        "draws": 1068,
        "losses": 1574,
        "longest_win": 5,
        "unique_best": 3142,
    }
    assert "drawn                            1,068" in printed("solve", "tictactoe", "--table")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("kuhn",), "a game of the kind 'hidden'"),
        (("pig",), "a game of the kind 'chance'"),
        (("tictactoe(m=4,n=5,k=4)",), "it has more than 3,000 states"),
        (("tictactoe", "X../.../..."), "leave STATE and --moves out"),
    ],
)
def test_what_has_no_table_is_said(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], says: str
) -> None:
    monkeypatch.setattr("arena.cli.full_table.STATES", 3000)
    assert says in refused("solve", *words, "--table")


def test_games_are_listed_with_kind_length_and_solver() -> None:
    listed = {game["name"]: game for game in json.loads(printed("games", "--json"))}
    assert list(listed) == list(GAMES)
    four = listed["connect4"]
    assert (four["kind"], four["max_plies"], four["solver"]) == ("sequential", 42, "lines")
    assert (listed["kuhn"]["kind"], listed["kuhn"]["solver"]) == ("hidden", "sequence_form")
    row = next(line for line in printed("games").splitlines() if line.startswith("pig"))
    assert row.split()[-3:] == ["chance", "220", "backward"]


def test_the_starts_of_games_are_solved_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("games.solvers.DEFAULT_BUDGET", Budget(states=200_000, seconds=1.0))
    names = ("nim", "kuhn", "tictactoe(m=3,n=4,k=3)", "tictactoe(m=9,n=9,k=5)")
    nim, kuhn, wide, dear = json.loads(printed("games", *names, "--solve", "--json"))
    assert nim["value"] == {"result": "win", "plies": 11}
    assert kuhn["value"]["payoff"] == pytest.approx(-1 / 18, abs=1e-6)
    assert (wide["value_text"], wide["page"]) == ("win in 7", "docs/games/tictactoe.md")
    assert (dear["value"], dear["value_text"]) == (None, "not solved within the budget")
    assert "win in 11" in printed("games", "nim", "--solve")


@pytest.mark.parametrize("name", GAMES)
def test_every_game_has_a_page(name: str) -> None:
    assert (ROOT / page(parse_game(name))).exists()


def test_exact_results_have_a_budget() -> None:
    game = parse_game("tictactoe")
    uniform = [lambda s, seat: {a: 1 / len(game.legal_actions(s, seat)) for a in game.legal_actions(s, seat)}]
    assert outcome_distribution(game, uniform * 2, limit=5478)
    with pytest.raises(UnsolvedError, match="these policies meet more than 5,000 states of tictactoe"):
        outcome_distribution(game, uniform * 2, limit=5000)


def test_an_illegal_move_is_named_as_it_is_written() -> None:
    assert "illegal action 5 in state .../.X./..." in refused("solve", "tictactoe", "--moves", "5 5")
    assert "not an action: '10'" in refused("solve", "tictactoe", "--moves", "10")
    assert "not an action: '10'" in refused("solve", "connect4", "--moves", "10")


def test_a_batch_is_split_at_newlines_only() -> None:
    out = printed("solve", "tictactoe", "--batch", "-", stdin="\ufeff5\v1\f9\n\n519\n")
    first, empty, last = map(json.loads, out.splitlines())
    assert first["state"] == last["state"] == "O../.X./..X"
    assert empty == {"line": "", "error": "empty line"}


def test_a_board_as_data() -> None:
    data = json.loads(printed("draw", "tictactoe", "X.O/.X./..O", "--json"))
    assert data["state"] == "X.O/.X./..O"
    assert data["grids"] == [{"title": "", "rows": [["X", "", "O"], ["", "X", ""], ["", "", "O"]]}]


def test_prompt_asks_no_player_by_default() -> None:
    assert arena("prompt", "tictactoe").stdout == printed("prompt", "tictactoe")
