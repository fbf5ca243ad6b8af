"""Chess endings: contract, published counts and mates, tables against the rules and another engine."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from games.base import IllegalActionError, ImpossibleStateError, NotationError, ParameterError
from games.chess_endings import Board, ChessEnding, Men, problem, square_name
from games.conformance import check_game
from games.solvers import solver_for
from games.values import Value

np = pytest.importorskip("numpy")
from games.solvers.chess_table import ChessEndingSolver, ChessTables  # noqa: E402


def boards(ending: str, number: int, seed: int = 0) -> Iterator[Board]:
    """Random positions with either side to move, as after 0 or 1 plies."""
    rng = random.Random(seed)
    while number:
        men, seat = Men(*(rng.randrange(64) for _ in range(3))), rng.randrange(2)
        if problem(ending, men, seat) is None:
            number -= 1
            yield Board(men, seat)


@pytest.mark.parametrize("ending", ["KQK", "KRK"])
def test_contract(ending: str) -> None:
    check_game(ChessEnding(ending, limit=6), playouts=2, tree_limit=2)


@pytest.mark.parametrize(("ending", "positions", "plies"), [("KQK", 144_508, 19), ("KRK", 175_168, 31)])
def test_published_counts_and_longest_mates(ending: str, positions: int, plies: int) -> None:
    """White to move: every position wins, in at most 10 moves with the queen and 16 with the rook."""
    tables = ChessTables(ending)
    wins = tables.white[tables.legal_white]
    assert len(wins) == positions and wins.min() > 0 and wins.max() == plies


@pytest.mark.parametrize("ending", ["KQK", "KRK"])
def test_every_value_follows_from_the_values_of_the_moves(ending: str) -> None:
    """The rules' own moves, not the tables' matrices: a value is the best of the actions' values."""
    game = ChessEnding(ending)
    solver = ChessEndingSolver(game)
    for board in boards(ending, 1500):
        end = game.outcome(board)
        if end is None:
            values = solver.action_values(board, game.seat_to_move(board))
            assert max(values.values()) == solver.value(board)
        else:
            assert solver.value(board) == Value(end.returns[board.plies % 2], 0)


@pytest.mark.parametrize("ending", ["KQK", "KRK"])
def test_another_engine_agrees_on_moves_and_ends(ending: str) -> None:
    chess = pytest.importorskip("chess")
    game = ChessEnding(ending)
    for board in boards(ending, 400, seed=1):
        placed, side = game.format_state(board).split("_")
        there = chess.Board(f"{placed} {side} - - 0 1")
        assert there.is_valid()
        end = game.outcome(board)
        assert there.is_checkmate() == (end is not None and "checkmated" in end.reason)
        assert there.is_stalemate() == (end is not None and "stalemated" in end.reason)
        if end is None:
            ours = {game.format_action(board, a) for a in game.actions(board)}
            assert ours == {move.uci() for move in there.legal_moves}


def test_best_play_mates_in_the_stated_number_of_plies() -> None:
    game = ChessEnding(seed=3)
    solver = solver_for(game)
    state = game.initial_state()
    plies = solver.value(state).plies
    while game.outcome(state) is None:
        values = solver.action_values(state, game.seat_to_move(state))
        state = game.next_state(state, max(values, key=lambda a: values[a]))
    end = game.outcome(state)
    assert state.plies == plies and end is not None and end.returns == (1, -1)


def test_a_lost_piece_is_a_draw_and_a_limit_too_near_as_well() -> None:
    game = ChessEnding(position="8/8/8/2k5/8/8/8/KR6_w", limit=20)
    solver = solver_for(game)
    values = solver.action_values(game.initial_state(), 0)
    hung = game.parse_action(game.initial_state(), "b1b5")
    assert values[hung] == Value(0) and set(values.values()) == {Value(0)}  # no mate in 20 plies at all
    longer = ChessEnding(position="8/8/8/2k5/8/8/8/KR6_w")
    values = solver_for(longer).action_values(longer.initial_state(), 0)
    assert {values[a].payoff for a in values if a != hung} >= {1} and values[hung] == Value(0)


def test_squares_have_their_names() -> None:
    assert [square_name(s) for s in (0, 7, 8, 63)] == ["a1", "h1", "a2", "h8"]


@pytest.mark.parametrize(
    "text",
    [
        "8/8/8/8/8/8/8/KkR5_w",
        "8/8/8/3k4/8/8/8/K2R4_w",
        "8/8/8/3k4/8/8/8/KR6_b:2",
        "8/8/8/3k4/8/8/8/KR6_w:102",
        "8/8/8/3k4/8/8/8/K7_w",
        "8/8/8/3k4/8/8/8/KR51_w",
    ],
)
def test_impossible_states_are_refused(text: str) -> None:
    with pytest.raises(ImpossibleStateError):
        ChessEnding().parse_state(text)


@pytest.mark.parametrize("text", ["8/8/8/3k4/8/8/8/KQ6_w", "8/8/8/3k4/8/8/KR6_w", "8/8/8/8/8/8/8/KR6_w", "x"])
def test_texts_that_are_no_state(text: str) -> None:
    with pytest.raises(NotationError):
        ChessEnding().parse_state(text)


def test_other_refusals() -> None:
    game = ChessEnding(position="8/8/8/3k4/8/8/8/KR6_w")
    state = game.initial_state()
    with pytest.raises(IllegalActionError, match="b1b2"):
        game.next_state(state, game.parse_action(state, "b1c3"))
    with pytest.raises(NotationError, match="a1a8"):
        game.parse_action(state, "Rb8")
    with pytest.raises(ParameterError, match="KQK, KRK"):
        ChessEnding("KBK")
