"""The sequence form against brute force, against the other solvers, and what it refuses."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from games.base import Action, Seat
from games.goofspiel import Goofspiel
from games.matrix_games import TABLES, MatrixGame
from games.poker import Hand, KuhnPoker, LeducPoker
from games.solvers import Budget, UnsolvedError
from games.solvers.backward import BackwardSolver
from games.solvers.sequence_form import SequenceFormSolver
from games.tree import outcome_distribution, reachable

KUHN = KuhnPoker()


def uniform(state: Hand, seat: Seat) -> Mapping[Action, float]:
    legal = KUHN.legal_actions(state, seat)
    return {action: 1 / len(legal) for action in legal}


def expected_return(policies: list[object]) -> float:
    ends = outcome_distribution(KUHN, policies)  # type: ignore[arg-type]
    return sum(p * returns[0] for returns, p in ends.items())


def pure_policies(seat: Seat) -> list[object]:
    """Every deterministic policy of a seat, by enumeration."""
    seen = {KUHN.observe(s, seat) for s in reachable(KUHN) if seat in KUHN.seats_to_move(s)}
    choices = [[(state, a) for a in KUHN.legal_actions(state, seat)] for state in seen]
    tables = [dict(combination) for combination in itertools.product(*choices)]
    return [lambda state, _, table=table: {table[state]: 1.0} for table in tables]


def test_best_responses_equal_the_best_of_all_pure_policies() -> None:
    solver = SequenceFormSolver(KUHN)
    first = max(expected_return([policy, uniform]) for policy in pure_policies(0))
    second = -min(expected_return([uniform, policy]) for policy in pure_policies(1))
    assert solver.best_response(0, uniform).payoff == pytest.approx(first)
    assert solver.best_response(1, uniform).payoff == pytest.approx(second)
    assert solver.nash_conv([uniform, uniform]) == pytest.approx(first + second)
    assert solver.exploitability([uniform, uniform]) == pytest.approx((first + second) / 2)


def test_a_best_response_does_what_it_promises() -> None:
    solver = SequenceFormSolver(KUHN)
    response = solver.best_response(0, uniform)

    def respond(state: Hand, seat: Seat) -> Mapping[Action, float]:
        return {response.actions[KUHN.format_state(state)]: 1.0}

    assert expected_return([respond, uniform]) == pytest.approx(response.payoff)


@pytest.mark.parametrize("game", [KUHN, LeducPoker()], ids=str)
def test_the_stored_equilibrium_can_not_be_exploited(game: KuhnPoker | LeducPoker) -> None:
    solver = SequenceFormSolver(game)
    assert solver.nash_conv([solver.strategy, solver.strategy]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("kind", TABLES)
def test_a_simultaneous_round_has_the_value_of_its_matrix(kind: str) -> None:
    game = MatrixGame(kind)
    there = BackwardSolver(game).value(()).payoff
    assert SequenceFormSolver(game).game_value == pytest.approx(there, abs=1e-9)


def test_off_the_path_every_action_still_has_a_value() -> None:
    game = LeducPoker()
    solver = SequenceFormSolver(game)
    off = [
        (state, seat)
        for state in reachable(game)
        for seat in game.seats_to_move(state)
        if not solver.on_path(state, seat)
    ]
    assert 0 < len(off) < 100
    for state, seat in off:
        assert tuple(solver.action_values(state, seat)) == game.legal_actions(state, seat)


def test_a_game_that_forgets_is_refused() -> None:
    with pytest.raises(UnsolvedError, match="perfect recall"):
        SequenceFormSolver(Goofspiel(3))


def test_a_small_budget_is_refused_with_a_clear_line() -> None:
    with pytest.raises(UnsolvedError, match="leduc is not solved from here: the budget of 1,000 states"):
        SequenceFormSolver(LeducPoker(), budget=Budget(states=1000))
