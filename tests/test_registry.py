"""Games by name: what a spec may say, and what is refused with which words."""

from __future__ import annotations

import pytest

from games.base import ParameterError
from games.k_in_a_row import KInARow
from games.registry import GAMES, parse_game


@pytest.mark.parametrize(
    ("spec", "game"),
    [
        ("tictactoe", KInARow()),
        ("tictactoe()", KInARow()),
        (" tictactoe ( m = 3 , n = 4 ) ", KInARow(m=3, n=4)),
        ("tictactoe(m=4,n=4,k=4)", KInARow(4, 4, 4)),
        ("tictactoe(misere)", KInARow(misere=True)),
        ("tictactoe(misere=yes,wild=TRUE,gravity=1)", KInARow(misere=True, wild=True, gravity=True)),
        ("tictactoe(misere=no)", KInARow()),
        ("tictactoe(depth=3)", KInARow(depth=3)),
    ],
)
def test_a_spec_names_a_game(spec: str, game: KInARow) -> None:
    assert parse_game(spec) == game


@pytest.mark.parametrize(
    ("game", "spec", "title"),
    [
        (KInARow(), "tictactoe", "Tic-tac-toe"),
        (KInARow(n=4), "tictactoe(n=4)", "3 in a row on 3x4"),
        (KInARow(misere=True), "tictactoe(misere=yes)", "3 in a row on 3x3, misere"),
        (KInARow(depth=3, wild=True), "tictactoe(depth=3,wild=yes)", "3 in a row on 3x3x3, wild"),
        (KInARow(6, 7, 4, gravity=True), "tictactoe(m=6,n=7,k=4,gravity=yes)", "4 in a row on 6x7, gravity"),
    ],
)
def test_the_spec_of_a_game_makes_it_again(game: KInARow, spec: str, title: str) -> None:
    assert (game.spec, str(game), game.title) == (spec, spec, title)
    assert parse_game(spec) == game


@pytest.mark.parametrize("name", GAMES)
def test_every_name_of_the_shelf_is_a_spec(name: str) -> None:
    game = parse_game(name)
    assert type(game) is GAMES[name]
    assert parse_game(game.spec) == game


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("chess", "unknown game 'chess'; did you mean chessending? there are: tictactoe"),
        ("TicTacToe", "unknown game 'TicTacToe'"),
        (
            "tictactoe(size=4)",
            "unknown parameter 'size'; tictactoe takes: m, n, k, depth, gravity, misere, wild",
        ),
        ("tictactoe(3)", "unknown parameter '3'"),
        ("tictactoe(m=3,m=4)", "parameter 'm' is given twice"),
        ("tictactoe(misere,misere=no)", "parameter 'misere' is given twice"),
        ("tictactoe(m=three)", "m is a whole number, not 'three'"),
        ("tictactoe(m)", "m is a whole number, not ''"),
        ("tictactoe(m=)", "parameter 'm' has no value"),
        ("tictactoe(misere=)", "parameter 'misere' has no value"),
        ("tictactoe(m=-3)", "m is a whole number, not '-3'"),
        ("tictactoe(m=3.0)", "m is a whole number, not '3.0'"),
        ("tictactoe(m=\u0663)", "m is a whole number, not '\u0663'"),
        ("tictactoe(m=9999999999)", "m is a whole number, not '9999999999'"),
        ("tictactoe(wild=maybe)", "wild is yes or no, not 'maybe'"),
        ("", "not a game: ''"),
        ("tictactoe(", "not a game: 'tictactoe('"),
        ("tictactoe)", "not a game: 'tictactoe)'"),
        ("tictactoe(m=3)(n=4)", "not a game"),
        ("tictactoe m=3", "not a game"),
        ("__import__('os')", "not a game"),
    ],
)
def test_what_names_no_game_is_refused(spec: str, message: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        parse_game(spec)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("tictactoe(k=4)", "no line of 4 fits on a board of 3x3; k is at most 3"),
        ("tictactoe(depth=2,k=4)", "no line of 4 fits on a board of 3x3x2; k is at most 3"),
        ("tictactoe(m=0)", "m, n, k and depth are at least 1"),
        ("tictactoe(k=0)", "m, n, k and depth are at least 1"),
        ("tictactoe(depth=0)", "m, n, k and depth are at least 1"),
        ("tictactoe(m=12,n=13)", "156 cells; at most 144 are supported"),
        ("tictactoe(m=999999999,n=999999999)", "at most 144 are supported"),
        ("tictactoe(depth=3,gravity)", "gravity and depth > 1 do not go together"),
    ],
)
def test_parameters_that_make_no_game_are_refused(spec: str, message: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        parse_game(spec)
    assert message in str(refusal.value)
    assert str(refusal.value).startswith("tictactoe(")


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(ParameterError, match="did you mean tictactoe\\? there are: tictactoe, "):
        parse_game("tictacto")
    with pytest.raises(ParameterError, match="unknown game 'zzzz'; there are"):
        parse_game("zzzz")
