"""Othello: contract, the value of 4x4, kernel against negamax, refusals."""

from __future__ import annotations

import random

import pytest

from games.base import IllegalActionError, ImpossibleStateError
from games.conformance import check_game
from games.othello import Discs, Othello
from games.solvers import Budget, NegamaxSolver, UnsolvedError, solver_for
from games.tree import perft, reachable


@pytest.mark.parametrize(("size", "playouts"), [(4, 30), (6, 3), (8, 1)])
def test_contract(size: int, playouts: int) -> None:
    check_game(Othello(size), playouts=playouts, tree_limit=1_000)


def test_4x4_is_won_by_8_by_the_second_seat() -> None:
    game = Othello()
    values = solver_for(game).action_values(game.initial_state(), 0)
    assert {game.format_action(game.initial_state(), a): v.payoff for a, v in values.items()} == {
        "b1": -8,
        "a2": -8,
        "d3": -8,
        "c4": -8,
    }


def test_perft() -> None:
    """8x8 agrees with published counts (4, 12, 56, 244, 1396)."""
    assert [perft(Othello(8), depth) for depth in range(1, 6)] == [4, 12, 56, 244, 1_396]


@pytest.mark.slow
def test_the_kernel_agrees_with_negamax_on_4x4() -> None:
    game = Othello()
    kernel, plain = solver_for(game), NegamaxSolver(game)
    plain.value(game.initial_state())
    for state in list(reachable(game))[::25]:
        assert kernel.value(state) == plain.value(state), game.format_state(state)


@pytest.mark.parametrize(("size", "empties", "matches"), [(4, 8, 20), (6, 7, 6), (8, 6, 4)])
def test_the_kernel_agrees_with_negamax_on_endings(size: int, empties: int, matches: int) -> None:
    game, rng = Othello(size), random.Random(size)
    kernel, plain = solver_for(game), NegamaxSolver(game)
    for _ in range(matches):
        state = _played_to(game, empties, rng)
        for seat in (0, 1):
            assert kernel.action_values(state, seat) == plain.action_values(state, seat)
        assert kernel.value(state) == plain.value(state), game.format_state(state)


def _played_to(game: Othello, empties: int, rng: random.Random) -> Discs:
    """A state in play, or just over, with that many empty squares."""
    state = game.initial_state()
    while game.squares - (state.x | state.o).bit_count() > empties:
        actions = game.actions(state)
        state = game.next_state(state, rng.choice(actions)) if actions else game.initial_state()
    return state


def test_one_may_pass_only_without_a_move() -> None:
    game = Othello()
    with pytest.raises(IllegalActionError, match="may pass only"):
        game.next_state(game.initial_state(), game.squares)
    passing = game.parse_state("XOX./XOO./XXO./....:1")
    assert game.squares not in game.actions(passing)


def test_refuses_what_it_cannot_reach() -> None:
    game = Othello(6)
    with pytest.raises(UnsolvedError, match="32 empty squares"):
        solver_for(game).value(game.initial_state())
    state = _played_to(game, 16, random.Random(1))
    with pytest.raises(UnsolvedError, match="compiled states"):
        solver_for(game, budget=Budget(states=1)).value(state)


@pytest.mark.parametrize("text", ["..../.OX./.XO./....:2", "..../..X./.XO./....:1"])
def test_impossible_states(text: str) -> None:
    with pytest.raises(ImpossibleStateError):
        Othello().parse_state(text)


def test_discs_apart_are_impossible() -> None:
    with pytest.raises(ImpossibleStateError, match="next to another"):
        Othello(6).parse_state("X...../....../..OX../..XO../....../......:2")
