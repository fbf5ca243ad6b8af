"""Pig: contract, values by two solvers, the published value of the classical game."""

from __future__ import annotations

import itertools

import pytest

from games.base import GameError, ParameterError
from games.conformance import check_game
from games.pig import HOLD, ROLL, Pig
from games.solvers import Budget, Kind, UnsolvedError, kind_of, solver_for
from games.solvers.backward import BackwardSolver
from games.solvers.value_iteration import ValueIterationSolver
from games.tree import reachable

SMALL = [Pig(8, 4), Pig(8, 4, bust=0), Pig(9, 3), Pig(9, 6)]


@pytest.mark.parametrize("game", [*SMALL, Pig(), Pig(bust=0)], ids=str)
def test_contract(game: Pig) -> None:
    check_game(game, playouts=30)
    assert kind_of(game) is Kind.CHANCE


@pytest.mark.parametrize("game", SMALL, ids=str)
def test_exactly_the_states_that_can_arise_are_read(game: Pig) -> None:
    def reads(text: str) -> bool:
        try:
            return game.format_state(game.parse_state(text)) == text
        except GameError:
            return False

    numbers = range(game.target + game.sides)
    texts = {f"{a}-{b}+{t}:{s}" for a, b, t in itertools.product(numbers, repeat=3) for s in (1, 2)}
    assert {text for text in texts if reads(text)} == {game.format_state(s) for s in reachable(game)}


def test_both_solvers_agree_where_both_can_run() -> None:
    game = Pig(12)
    backward, iteration = BackwardSolver(game), ValueIterationSolver(game)
    for state in itertools.islice(reachable(game), 0, None, 7):
        assert iteration.value(state).payoff == pytest.approx(backward.value(state).payoff, abs=1e-9)


def test_two_points_are_solved_by_hand() -> None:
    """Who rolls no 1 with a coin wins: 1/2 + 1/8 + ... = 2/3, an expected return of 1/3."""
    game = Pig(target=2, sides=2, bust=0)
    assert solver_for(game).value(game.initial_state()).payoff == pytest.approx(1 / 3, abs=1e-9)


def test_one_does_not_hold_when_the_other_wins_next() -> None:
    game = Pig()
    values = solver_for(game).action_values(game.parse_state("10-19+2:1"), 0)
    assert values[HOLD].payoff == -1 < values[ROLL].payoff


@pytest.mark.slow
def test_the_classical_game_has_its_published_value() -> None:
    """Neller and Presser 2004: with best play the first seat wins 53.06 % of the games to 100."""
    game = Pig(target=100, bust=0)
    payoff = solver_for(game, Budget(seconds=3600.0)).value(game.initial_state()).payoff
    assert (1 + payoff) / 2 == pytest.approx(0.5306, abs=5e-5)


def test_refusals() -> None:
    with pytest.raises(ParameterError, match="bust"):
        Pig(bust=2)
    with pytest.raises(UnsolvedError, match="come back"):
        BackwardSolver(Pig(bust=0)).value(Pig(bust=0).initial_state())
    with pytest.raises(UnsolvedError, match="100 states"):
        ValueIterationSolver(Pig(bust=0), budget=Budget(states=100)).value(Pig(bust=0).initial_state())
