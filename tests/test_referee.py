"""Verdicts on single actions."""

from __future__ import annotations

import pytest

from arena.referee import Verdict, judge
from games.base import IllegalActionError
from games.k_in_a_row import KInARow
from games.solvers import Budget, NegamaxSolver, UnsolvedError

GAME = KInARow()
SOLVER = NegamaxSolver(GAME)


def verdict(state: str, action: str) -> Verdict:
    position = GAME.parse_state(state)
    seat = GAME.seat_to_move(position)
    return judge(GAME, SOLVER, position, seat, GAME.parse_action(position, action))


def test_the_only_move_that_holds_the_draw() -> None:
    good, bad = verdict("X.O/.X./..O", "6"), verdict("X.O/.X./..O", "2")
    assert (good.best, good.played, good.regret, good.plies_lost, good.blunder) == (
        "+0@5",
        "+0@5",
        0,
        0,
        False,
    )
    assert (bad.best, bad.played, bad.regret, bad.plies_lost, bad.blunder) == ("+0@5", "-1@2", 1, None, True)
    assert good.best_actions == bad.best_actions == ("6",)


def test_a_win_thrown_away_entirely_costs_two() -> None:
    """X could win at 3; leaving it lets O win at 6."""
    missed = verdict("XX./OO./...", "7")
    assert (missed.best, missed.played, missed.regret, missed.blunder) == ("+1@1", "-1@2", 2, True)


def test_a_slower_win_costs_plies_but_no_return() -> None:
    """X wins at once with 9; 3 wins too, by two threats, but later."""
    slow = verdict("XO./OX./...", "3")
    assert (slow.best, slow.played) == ("+1@1", "+1@3")
    assert (slow.regret, slow.plies_lost, slow.blunder, slow.optimal) == (0, 2, False, True)


def test_an_opening_move_decides_nothing() -> None:
    first = verdict(".../.../...", "1")
    assert not first.choice, "all nine draw"
    assert set(first.values.values()) == {"+0@9"}


def test_an_illegal_action_is_not_judged() -> None:
    with pytest.raises(IllegalActionError, match="it is not legal"):
        verdict("X../.../...", "1")


def test_what_is_not_solved_is_not_judged() -> None:
    game = KInARow(m=5, n=5, k=4)
    with pytest.raises(UnsolvedError, match="not solved"):
        judge(game, NegamaxSolver(game, Budget(states=1000)), game.initial_state(), 0, 0)
