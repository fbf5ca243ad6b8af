"""Hex: contract, known values, table against negamax, which states arise."""

from __future__ import annotations

import itertools
import random

import pytest

from games.base import ImpossibleStateError
from games.conformance import check_game
from games.hexagons import Hex
from games.k_in_a_row import Marks
from games.solvers import Budget, NegamaxSolver, UnsolvedError, solver_for
from games.tree import perft, reachable


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_contract(size: int) -> None:
    check_game(Hex(size), playouts=10, tree_limit=2_000)


@pytest.mark.parametrize(
    ("size", "plies", "winning"),
    [(2, 3, (1, 2)), (3, 5, (2, 3, 4, 5, 6)), (4, 9, (3, 6, 9, 12))],
)
def test_known_values(size: int, plies: int, winning: tuple[int, ...]) -> None:
    game = Hex(size)
    solver, start = solver_for(game), game.initial_state()
    value, values = solver.value(start), solver.action_values(start, 0)
    assert (value.payoff, value.plies) == (1, plies)
    assert tuple(action for action, v in values.items() if v.payoff > 0) == winning


@pytest.mark.parametrize("size", [2, 3])
def test_the_table_agrees_with_negamax_everywhere(size: int) -> None:
    game = Hex(size)
    table, plain = solver_for(game), NegamaxSolver(game)
    for state in reachable(game):
        a, b = table.value(state), plain.value(state)
        assert (a.payoff, a.plies) == (b.payoff, b.plies), game.format_state(state)


def test_the_table_agrees_with_negamax_on_endings_of_4x4() -> None:
    game, rng = Hex(4), random.Random(4)
    table, plain = solver_for(game), NegamaxSolver(game)
    for _ in range(3):
        state = game.initial_state()
        while game.outcome(state) is None:
            state = game.next_state(state, rng.choice(game.actions(state)))
            if state.plies >= 8:
                for seat in (0, 1):
                    assert table.action_values(state, seat) == plain.action_values(state, seat)


def test_a_full_board_has_exactly_one_winner() -> None:
    game = Hex(3)
    for marks in itertools.product((0, 1), repeat=9):
        x = sum(1 << cell for cell, mark in enumerate(marks) if mark)
        assert bool(game.connected(x, 0)) != bool(game.connected(511 & ~x, 1))


def test_parse_state_accepts_exactly_what_arises() -> None:
    game = Hex(3)
    arises = set(reachable(game))
    for digits in itertools.product((0, 1, 2), repeat=9):
        x, o = (sum(1 << cell for cell, digit in enumerate(digits) if digit == mark) for mark in (1, 2))
        state = Marks(x, o)
        text = game.format_state(state)
        if state in arises:
            assert game.parse_state(text) == state
        else:
            with pytest.raises(ImpossibleStateError):
                game.parse_state(text)


def test_5x5_refuses_from_the_start_and_solves_endings() -> None:
    game = Hex(5)
    solver, plain = solver_for(game), NegamaxSolver(game)
    with pytest.raises(UnsolvedError, match="25 empty cells"):
        solver.value(game.initial_state())
    with pytest.raises(UnsolvedError, match="over the budget"):
        solver_for(game, budget=Budget(states=10)).value(game.parse_state("XOXOX/OXOXO/...../...../....."))
    for text in ("XOXOX/OXOXO/XOXOX/OX.../.....", "OXOXX/OX.XO/XO.O./..X.X/O.O.."):
        state = game.parse_state(text)
        for seat in (0, 1):
            assert solver.action_values(state, seat) == plain.action_values(state, seat)
        a, b = solver.value(state), plain.value(state)
        assert (a.payoff, a.plies) == (b.payoff, b.plies)


def test_perft() -> None:
    assert [perft(Hex(), depth) for depth in range(5)] == [1, 9, 72, 504, 3_024]
