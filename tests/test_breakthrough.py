"""Breakthrough: contract, known winners, kernel against negamax, refusals."""

from __future__ import annotations

import random

import pytest

from games.base import IllegalActionError, ImpossibleStateError, ParameterError
from games.breakthrough import Breakthrough
from games.conformance import check_game
from games.solvers import Budget, NegamaxSolver, UnsolvedError, solver_for
from games.tree import perft, reachable


@pytest.mark.parametrize("game", [Breakthrough(3, 3), Breakthrough(), Breakthrough(6, 3, 2)], ids=str)
def test_contract(game: Breakthrough) -> None:
    check_game(game, playouts=20, tree_limit=2_000)


@pytest.mark.parametrize(
    ("game", "payoff", "plies"),
    [
        (Breakthrough(3, 3), 1, 5),
        (Breakthrough(4, 3), 1, 9),
        (Breakthrough(4, 4), 1, 11),
        (Breakthrough(5, 3), 1, 13),
        (Breakthrough(4, 3, 2), -1, 12),
        (Breakthrough(4, 4, 2), -1, 14),
        (Breakthrough(5, 3, 2), -1, 18),
        pytest.param(Breakthrough(5, 4), 1, 15, marks=pytest.mark.slow),
        pytest.param(Breakthrough(4, 5, 2), -1, 16, marks=pytest.mark.slow),
        pytest.param(Breakthrough(6, 3, 2), 1, 23, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_known_values(game: Breakthrough, payoff: int, plies: int) -> None:
    value = solver_for(game).value(game.initial_state())
    assert (value.payoff, value.plies) == (payoff, plies)


@pytest.mark.parametrize("game", [Breakthrough(3, 2), Breakthrough(3, 3), Breakthrough(4, 2, 2)], ids=str)
def test_the_kernel_agrees_with_negamax_everywhere(game: Breakthrough) -> None:
    kernel, plain = solver_for(game), NegamaxSolver(game)
    for state in reachable(game):
        a, b = kernel.value(state), plain.value(state)
        assert (a.payoff, a.plies) == (b.payoff, b.plies), game.format_state(state)
        for seat in (0, 1):
            assert kernel.action_values(state, seat) == plain.action_values(state, seat)


def test_the_kernel_agrees_with_negamax_in_random_play() -> None:
    game, rng = Breakthrough(5, 3), random.Random(5)
    kernel, plain = solver_for(game), NegamaxSolver(game)
    for _ in range(10):
        state = game.initial_state()
        for ply in range(game.max_plies):
            if game.outcome(state) is not None:
                break
            if ply > 4:
                seat = game.seat_to_move(state)
                assert kernel.action_values(state, seat) == plain.action_values(state, seat)
            state = game.next_state(state, rng.choice(game.actions(state)))


def test_perft() -> None:
    assert [perft(Breakthrough(3, 3), depth) for depth in range(4)] == [1, 7, 42, 174]


def test_a_pawn_does_not_capture_straight_ahead() -> None:
    game = Breakthrough(3, 3)
    state = game.parse_state("B.B/WB./.WW:1")
    with pytest.raises(IllegalActionError, match="in the way"):
        game.next_state(state, game.parse_action(state, "b1b2"))
    after = game.next_state(state, game.parse_action(state, "c1b2"))
    assert game.format_state(after) == "B.B/WW./.W.:2"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("BBB/.../WWW:2", "take turns"),
        ("WBB/.../BWW:1", "would have won|far row"),
        ("BBB/WWW/W..:1", "can't have walked"),
        ("B.B/B../WWW:1", "take turns"),
        ("WW./.../..W:2", "walked|far row|won"),
    ],
)
def test_impossible_states(text: str, why: str) -> None:
    game = Breakthrough(3, 3)
    with pytest.raises(ImpossibleStateError, match=why):
        game.parse_state(text)


def test_refuses_beyond_its_budget_and_goes_on_with_smaller_questions() -> None:
    game = Breakthrough(5, 4, 2)
    solver = solver_for(game, budget=Budget(states=100))
    with pytest.raises(UnsolvedError, match=r"more than 10,000 positions"):
        solver.value(game.initial_state())
    late = game.parse_state("B.../..W./..../.B../...W:1")
    assert solver.value(late) == NegamaxSolver(game).value(late)


def test_parameters_that_make_no_game() -> None:
    for parameters in ((2, 3), (3, 1), (6, 6), (3, 3, 2), (4, 4, 0)):
        with pytest.raises(ParameterError):
            Breakthrough(*parameters)
