"""Rock-paper-scissors and the shelf of matrix games: contract, known values, what is refused."""

from __future__ import annotations

import pytest

from games.base import ImpossibleStateError, NotationError, ParameterError
from games.conformance import check_game
from games.matrix_games import TABLES, MatrixGame, RockPaperScissors
from games.solvers import Kind, kind_of, solver_for
from games.solvers.backward import BackwardSolver

KNOWN_VALUES = {"pennies": 0, "skewed": 1 / 7, "saddle": 1, "diagonal": 1 / 3, "morra": 0, "blotto": 14 / 9}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_keep_the_contract_and_have_their_known_value(kind: str) -> None:
    game = MatrixGame(kind, rounds=2)
    assert check_game(game).whole_tree
    assert solver_for(game).value(()).payoff == pytest.approx(2 * KNOWN_VALUES[kind], abs=1e-9)


def test_rock_paper_scissors_is_fair_whatever_the_wins_are_worth() -> None:
    for game in (RockPaperScissors(), RockPaperScissors(rock=3, rounds=3)):
        assert check_game(game).whole_tree
        assert solver_for(game).value(()).payoff == pytest.approx(0, abs=1e-9)
    assert kind_of(RockPaperScissors()) is Kind.SIMULTANEOUS


def test_a_dear_hand_is_feared_by_the_hand_it_beats() -> None:
    """With rock worth 2, scissors lose 2: the shares are rock 1/4, paper 1/2, scissors 1/4."""
    game = RockPaperScissors(rock=2)
    shares = BackwardSolver(game).strategy((), 0)
    assert [shares[a] for a in range(3)] == pytest.approx([1 / 4, 1 / 2, 1 / 4])


def test_actions_are_valued_against_the_stored_strategy_of_the_other_seat() -> None:
    values = BackwardSolver(MatrixGame("saddle")).action_values((), 0)
    assert [v.payoff for v in values.values()] == [-1, 1, 0]  # the column 'centre'


def test_the_values_of_the_second_seat_are_its_own() -> None:
    game = MatrixGame("blotto")
    values = BackwardSolver(game).action_values((), 1)
    assert max(values.values()).payoff == pytest.approx(-14 / 9)
    assert [game.format_action((), a) for a in values] == ["3x0", "0x3", "2x1", "1x2"]


def test_refusals_name_what_is_valid() -> None:
    with pytest.raises(ParameterError, match="pennies"):
        MatrixGame("chicken")
    with pytest.raises(ParameterError, match="rounds"):
        RockPaperScissors(rounds=0)
    with pytest.raises(NotationError, match="rock, paper, scissors"):
        RockPaperScissors().parse_action((), "lizard")
    with pytest.raises(ImpossibleStateError, match="1"):
        RockPaperScissors().parse_state("rock-rock/rock-rock")
