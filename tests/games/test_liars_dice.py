"""Liar's dice: contract, value, agreement with OpenSpiel on random play."""

from __future__ import annotations

import random

import pytest

from games.base import ImpossibleStateError, NotationError, ParameterError
from games.conformance import check_game
from games.liars_dice import LiarsDice
from games.solvers import solver_for


@pytest.mark.parametrize("sides", [2, 3, 4])
def test_contract(sides: int) -> None:
    check_game(LiarsDice(sides), playouts=20)


@pytest.mark.parametrize(("sides", "value"), [(3, 1 / 9), (4, 1 / 16)])
def test_known_values(sides: int, value: float) -> None:
    """4 sides: 0.0625 for the first seat, found by an independent program; 3 sides: our own."""
    game = LiarsDice(sides)
    assert solver_for(game).value(game.initial_state()).payoff == pytest.approx(value, abs=1e-9)


def test_the_highest_face_is_wild() -> None:
    game = LiarsDice()
    end = game.outcome(game.parse_state("24:2x2,liar"))
    assert end is not None and end.returns == (1, -1) and "true" in end.reason


@pytest.mark.parametrize("text", ["12:liar", "12:1x2,1x1", "1?:1x1,liar", "--:1x1", "??:", "12:1x1,liar,2x1"])
def test_impossible_states_are_refused(text: str) -> None:
    with pytest.raises(ImpossibleStateError):
        LiarsDice().parse_state(text)


def test_other_refusals() -> None:
    with pytest.raises(NotationError, match="1x1 to 2x4"):
        LiarsDice().parse_action(LiarsDice().initial_state(), "3x1")
    with pytest.raises(ParameterError, match="sides"):
        LiarsDice(sides=1)


def test_openspiel_agrees_on_random_play() -> None:
    pyspiel = pytest.importorskip("pyspiel")
    game, rng = LiarsDice(), random.Random(2)
    theirs = pyspiel.load_game("liars_dice(numdice=1,dice_sides=4)")
    for _ in range(300):
        state = rng.choice(game.transitions(game.initial_state(), {})).state
        there = theirs.new_initial_state()
        for die in state.dice:
            there.apply_action(int(die) - 1)
        while game.outcome(state) is None:
            (seat,) = game.seats_to_move(state)
            assert list(game.legal_actions(state, seat)) == there.legal_actions()
            action = rng.choice(game.legal_actions(state, seat))
            state = game.transitions(state, {seat: action})[0].state
            there.apply_action(action)
        end = game.outcome(state)
        assert there.is_terminal() and end is not None and list(end.returns) == there.returns()
