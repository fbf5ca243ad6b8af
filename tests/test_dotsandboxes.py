"""Dots and boxes: contract, known margins, table against negamax, which states arise."""

from __future__ import annotations

import itertools

import pytest

from games.base import ImpossibleStateError, NotationError, ParameterError
from games.conformance import check_game
from games.dotsandboxes import DotsAndBoxes, Edges
from games.solvers import Budget, NegamaxSolver, UnsolvedError, solver_for
from games.tree import perft, reachable


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 2), (2, 2), (3, 2), (3, 3)])
def test_contract(rows: int, columns: int) -> None:
    check_game(DotsAndBoxes(rows, columns), playouts=4, tree_limit=2_000)


@pytest.mark.parametrize(
    ("rows", "columns", "margin"),
    [(1, 1, -1), (1, 2, 0), (1, 3, -1), (2, 2, 2), (2, 3, -2), (3, 2, -2), (2, 4, 2), (1, 7, -1), (3, 3, -3)],
)
def test_known_margins(rows: int, columns: int, margin: int) -> None:
    game = DotsAndBoxes(rows, columns)
    value = solver_for(game).value(game.initial_state())
    assert (value.payoff, value.plies) == (margin, None)


@pytest.mark.parametrize(("rows", "columns"), [(1, 2), (1, 3), (2, 2)])
def test_the_table_agrees_with_negamax_everywhere(rows: int, columns: int) -> None:
    game = DotsAndBoxes(rows, columns)
    table, plain = solver_for(game), NegamaxSolver(game)
    for state in reachable(game):
        assert table.value(state) == plain.value(state), game.format_state(state)
        for seat in game.seats_to_move(state):
            assert table.action_values(state, seat) == plain.action_values(state, seat)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 2), (2, 1)])
def test_parse_state_accepts_exactly_what_arises(rows: int, columns: int) -> None:
    game = DotsAndBoxes(rows, columns)
    arises = set(reachable(game))
    for drawn, owned, seat in itertools.product(range(1 << game.edges), range(1 << game.boxes), (0, 1)):
        state = Edges(drawn, owned, seat)
        if owned & ~game.closed(drawn):
            continue
        if state in arises:
            assert game.parse_state(game.format_state(state)) == state
        else:
            with pytest.raises(ImpossibleStateError):
                game.parse_state(game.format_state(state))


@pytest.mark.parametrize(
    "text", ["+-+/|A|/+-+", "+-+/|.|/+-+:1", "+-+/|A|/+-.:1", "+|+/|A|/+-+:1", "+-+/|A|/+.+:1"]
)
def test_not_states(text: str) -> None:
    with pytest.raises(NotationError, match="not a state"):
        DotsAndBoxes(1, 1).parse_state(text)


def test_who_closes_a_box_moves_again() -> None:
    game = DotsAndBoxes(1, 1)
    state = game.initial_state()
    for action in range(4):
        state = game.next_state(state, action)
    assert game.format_state(state) == "+-+/|B|/+-+:2"
    assert game.outcome(state) is not None
    assert game.margin(state) == -1


def test_limits() -> None:
    with pytest.raises(ParameterError, match="31 edges"):
        DotsAndBoxes(3, 4)
    with pytest.raises(UnsolvedError, match="over the budget"):
        solver_for(DotsAndBoxes(3, 3), budget=Budget(states=1_000))


def test_perft() -> None:
    """Every edge can be drawn in any order: n * (n - 1) * ..."""
    assert [perft(DotsAndBoxes(), depth) for depth in range(5)] == [1, 12, 132, 1_320, 11_880]
