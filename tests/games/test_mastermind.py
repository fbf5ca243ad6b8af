"""Mastermind: contract, answers, optimal expectations against plain recursion over beliefs."""

from __future__ import annotations

from functools import cache

import pytest

from games.base import ImpossibleStateError, NotationError, ParameterError
from games.conformance import check_game
from games.mastermind import Hunt, Marks, Mastermind, mark
from games.solvers import Budget, Kind, UnsolvedError, kind_of, solver_for
from games.solvers.deduction import DeductionSolver


@pytest.mark.parametrize("game", [Mastermind(2, 2, 2), Mastermind(2, 3, 3), Mastermind()], ids=str)
def test_contract(game: Mastermind) -> None:
    check_game(game, playouts=2, tree_limit=1000)
    assert kind_of(game) is Kind.ONE_SEAT


@pytest.mark.parametrize(
    ("guess", "code", "answer"),
    [("111", "222", (0, 0)), ("123", "231", (0, 3)), ("112", "121", (1, 2)), ("113", "331", (0, 2))],
)
def test_marks(guess: str, code: str, answer: tuple[int, int]) -> None:
    assert mark(guess, code) == Marks(*answer) == mark(code, guess)


@pytest.mark.parametrize(
    ("colours", "pegs", "guesses"),
    [(2, 2, 8 / 4), (3, 2, 21 / 9), (4, 2, 45 / 16), (2, 3, 18 / 8), (3, 3, 73 / 27), (4, 3, 206 / 64)],
)
def test_optimal_expected_guesses(colours: int, pegs: int, guesses: float) -> None:
    game = Mastermind(colours, pegs)
    assert DeductionSolver(game).expected_guesses(game.initial_state()) == pytest.approx(guesses)


@pytest.mark.parametrize("game", [Mastermind(2, 2, 3), Mastermind(3, 2, 3), Mastermind(2, 3, 3)], ids=str)
def test_values_agree_with_plain_recursion_over_beliefs(game: Mastermind) -> None:
    """No bit sets, no bounds: the best expectation over the game's own transitions."""

    @cache
    def best(state: Hunt) -> float:
        end = game.outcome(state)
        return end.returns[0] if end else max(after(state, a) for a in game.legal_actions(state, 0))

    def after(state: Hunt, action: int) -> float:
        return sum(p * best(follower) for p, follower in game.transitions(state, {0: action}))

    solver = DeductionSolver(game)
    start = game.parse_state(f"{game.secret}:")
    assert best(start) == pytest.approx(solver.value(start).payoff)
    for belief in (start, game.transitions(start, {0: 1})[0].state):
        for action, value in solver.action_values(belief, 0).items():
            assert value.payoff == pytest.approx(after(belief, action))


def test_the_solver_does_not_look_at_the_code() -> None:
    game = Mastermind()
    known, seen = game.parse_state("432:112-10"), game.parse_state("???:112-10")
    solver = solver_for(game)
    assert solver.action_values(known, 0) == solver.action_values(seen, 0)
    assert game.observe(known, 0) == seen


def test_a_wasted_guess_costs_one_guess() -> None:
    game = Mastermind(3, 2)
    state = game.parse_state("??:11-00")
    values = DeductionSolver(game).action_values(state, 0)
    again = values[game.codes.index("11")].payoff
    assert max(values.values()).payoff == pytest.approx(again + 1)


def test_a_belief_moves_on_with_the_probability_of_each_answer() -> None:
    game = Mastermind(2, 2, 3)
    followers = game.transitions(game.parse_state("??:"), {0: game.codes.index("11")})
    assert {game.format_state(s): p for p, s in followers} == {
        "11:11-20": 0.25,
        "??:11-10": 0.5,
        "??:11-00": 0.25,
    }


@pytest.mark.parametrize(
    "text", ["---:111-00", "111:222-10", "???:111-30", "111:111-30/112-20", "???:111-30/111-00", "???:112-13"]
)
def test_impossible_states_are_refused(text: str) -> None:
    with pytest.raises(ImpossibleStateError):
        Mastermind().parse_state(text)


def test_other_refusals() -> None:
    with pytest.raises(NotationError, match="3 digits from 1 to 4"):
        Mastermind().parse_action(Mastermind().initial_state(), "115")
    with pytest.raises(ParameterError, match="256"):
        Mastermind(6, 4)
    with pytest.raises(UnsolvedError, match="budget of 5 states"):
        DeductionSolver(Mastermind(), budget=Budget(states=5)).value(Mastermind().initial_state())
