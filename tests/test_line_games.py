"""Notakto, number scrabble, Order and Chaos: contract, known values, kernels against the reference."""

from __future__ import annotations

import random

import pytest

from games.base import ImpossibleStateError
from games.conformance import check_game
from games.k_in_a_row import KInARow, Marks
from games.numberscrabble import SQUARE, Hands, NumberScrabble
from games.registry import parse_game
from games.solvers import NegamaxSolver, Solver, solver_for
from games.tree import count_endings, perft, reachable


@pytest.mark.parametrize(
    ("spec", "playouts"),
    [
        ("notakto", 0),
        ("notakto(boards=2)", 10),
        pytest.param("notakto(boards=3)", 1, marks=pytest.mark.slow),
        ("numberscrabble", 60),
        ("orderchaos(size=2,k=2)", 0),
        ("orderchaos", 20),
        ("orderchaos(size=4,k=4,first=chaos)", 10),
    ],
)
def test_contract(spec: str, playouts: int) -> None:
    check_game(parse_game(spec), playouts=playouts, tree_limit=1_000)


@pytest.mark.parametrize(
    ("spec", "payoff", "plies"),
    [
        ("notakto", 1, 6),
        ("notakto(boards=2)", -1, 11),
        ("numberscrabble", 0, 9),
        ("orderchaos", 1, 5),
        ("orderchaos(first=chaos)", -1, 6),
        ("orderchaos(size=4,k=4)", 1, 13),
        ("orderchaos(size=4,k=4,first=chaos)", -1, 12),
    ],
)
def test_known_values(spec: str, payoff: int, plies: int) -> None:
    game = parse_game(spec)
    value = solver_for(game).value(game.initial_state())
    assert (value.payoff, value.plies) == (payoff, plies)


def test_notakto_is_won_in_the_centre_only_on_one_board_and_anywhere_on_three() -> None:
    one, three = parse_game("notakto"), parse_game("notakto(boards=3)")
    values = solver_for(one).action_values(one.initial_state(), 0)
    assert [action for action, value in values.items() if value.payoff > 0] == [4]
    solver = solver_for(three)
    values = solver.action_values(three.initial_state(), 0)
    assert all(value.payoff > 0 for value in values.values())
    assert solver.value(three.initial_state()).plies == 14


@pytest.mark.parametrize("spec", ["notakto", "orderchaos(size=2,k=2)", "orderchaos(size=3,k=2,first=chaos)"])
def test_the_kernel_agrees_with_negamax_everywhere(spec: str) -> None:
    game = parse_game(spec)
    kernel, plain = solver_for(game), NegamaxSolver(game)
    for state in reachable(game):
        _same(kernel, plain, state, game.format_state(state))


@pytest.mark.parametrize(
    ("spec", "skip"),
    [
        ("notakto(boards=2)", 6),
        pytest.param("notakto(boards=3)", 14, marks=pytest.mark.slow),
        ("orderchaos", 2),
        ("orderchaos(size=4,k=4)", 10),
        ("orderchaos(size=4,k=3,first=chaos)", 9),
        ("orderchaos(size=5,k=5,first=chaos)", 18),
    ],
)
def test_the_kernel_agrees_with_negamax_late_in_random_play(spec: str, skip: int) -> None:
    game, rng = parse_game(spec), random.Random(spec)
    kernel, plain = solver_for(game), NegamaxSolver(game)
    for _ in range(6):
        state = game.initial_state()
        while game.outcome(state) is None:
            if (state.marks if hasattr(state, "marks") else state.taken).bit_count() >= skip:
                _same(kernel, plain, state, game.format_state(state))
            state = game.next_state(state, rng.choice(game.actions(state)))


def _same(kernel: Solver[object], plain: Solver[object], state: object, text: str) -> None:
    a, b = kernel.value(state), plain.value(state)
    assert (a.payoff, a.plies) == (b.payoff, b.plies), text
    for seat in (0, 1):
        assert kernel.action_values(state, seat) == plain.action_values(state, seat), text


def test_number_scrabble_is_tictactoe_on_the_magic_square() -> None:
    scrabble, board = NumberScrabble(), KInARow()
    disguised, plain = NegamaxSolver(scrabble), NegamaxSolver(board)
    for state in reachable(board):
        hands = Hands(_numbers(state.x), _numbers(state.o))
        a, b = disguised.value(hands), plain.value(state)
        assert (a.payoff, a.plies) == (b.payoff, b.plies), board.format_state(state)
    assert len(list(reachable(scrabble))) == 5_478
    assert count_endings(scrabble) == count_endings(board)


def _numbers(cells: int) -> int:
    return sum(1 << number - 1 for cell, number in enumerate(SQUARE) if cells >> cell & 1)


def test_perft() -> None:
    assert [perft(parse_game("notakto"), depth) for depth in range(4)] == [1, 9, 72, 504]
    assert [perft(parse_game("orderchaos"), depth) for depth in range(4)] == [1, 18, 288, 4_032]
    assert perft(NumberScrabble(), 5) == 15_120


@pytest.mark.parametrize(
    ("spec", "state", "why"),
    [
        ("notakto", "XXX/XXX/...", "closed before"),
        ("notakto(boards=2)", "XXX/.../XXX//.../.../...", "closed before"),
        ("numberscrabble", "45/56", "both hands"),
        ("numberscrabble", "1/23", "take turns"),
        ("numberscrabble", "249/168", "before the last"),
        ("orderchaos", "XXX/.../OOO", "before the last"),
    ],
)
def test_impossible_states(spec: str, state: str, why: str) -> None:
    game = parse_game(spec)
    with pytest.raises(ImpossibleStateError, match=why):
        game.parse_state(state)


def test_order_and_chaos_sees_marks_not_owners() -> None:
    game = parse_game("orderchaos")
    assert game.seat_to_move(Marks(0b1, 0b10)) == 0
    assert game.outcome(game.parse_state("XXX/O../...")) is not None
