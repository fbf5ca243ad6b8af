"""Goofspiel: contract, value, agreement with OpenSpiel on random play."""

from __future__ import annotations

import random

import pytest

from games.base import ImpossibleStateError, NotationError
from games.conformance import check_game
from games.goofspiel import Goofspiel
from games.solvers.backward import BackwardSolver
from games.tree import reachable


@pytest.mark.parametrize("k", [2, 3])
def test_contract(k: int) -> None:
    assert check_game(Goofspiel(k)).whole_tree


def test_larger_games_keep_the_contract_too() -> None:
    check_game(Goofspiel(5), playouts=5)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_symmetric_game_is_worth_nothing(k: int) -> None:
    game = Goofspiel(k)
    assert BackwardSolver(game).value(game.initial_state()).payoff == pytest.approx(0, abs=1e-9)


def test_values_of_both_seats_mirror_each_other_in_every_state() -> None:
    game = Goofspiel(3)
    solver = BackwardSolver(game)
    for state in reachable(game):
        if game.seats_to_move(state):
            best = [max(solver.action_values(state, seat).values()).payoff for seat in (0, 1)]
            assert best[0] == pytest.approx(-best[1], abs=1e-9)
            assert sum(solver.strategy(state, 0).values()) == pytest.approx(1)


def test_the_highest_prize_is_met_with_the_highest_card() -> None:
    game = Goofspiel(3)
    state = game.parse_state("123/123/12/3/0-0")
    values = BackwardSolver(game).action_values(state, 0)
    assert max(values, key=lambda action: values[action]) == 3


def test_states_that_no_bids_lead_to_are_refused() -> None:
    game = Goofspiel(3)
    for text in ("13/23/2/3/2-0", "13/23/12/3/0-1", "123/12/3/2/0-1", "12/12/12/3/1-0", "1/2/-/-/0-0"):
        with pytest.raises(ImpossibleStateError, match=text.replace("-", ".")):
            game.parse_state(text)
    for text in ("123/123/123/-/00-0", "32/13/1/2/0-0", "123/123/123/-"):
        with pytest.raises((NotationError, ImpossibleStateError)):
            game.parse_state(text)


@pytest.mark.parametrize("k", [3, 4])
def test_openspiel_agrees_on_random_play(k: int) -> None:
    pyspiel = pytest.importorskip("pyspiel")
    theirs = pyspiel.load_game(f"goofspiel(num_cards={k},points_order=random,returns_type=win_loss)")
    game, rng = Goofspiel(k), random.Random(k)
    for _ in range(200):
        state, there = game.initial_state(), theirs.new_initial_state()
        while game.outcome(state) is None:
            joint = {seat: rng.choice(game.legal_actions(state, seat)) for seat in game.seats_to_move(state)}
            state = rng.choice(game.transitions(state, joint)).state
            if joint and not there.is_terminal():  # OpenSpiel plays the last cards by itself
                there.apply_actions([joint[0] - 1, joint[1] - 1])
            if state.prize and not there.is_terminal():
                there.apply_action(state.prize - 1)
                assert [a + 1 for a in there.legal_actions(0)] == list(state.hands[0])
        assert there.is_terminal()
        end = game.outcome(state)
        assert end is not None and list(end.returns) == there.returns()
