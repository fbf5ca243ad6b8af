"""Kalah: contract, known margins of both variants, search against negamax, the rules one by one."""

from __future__ import annotations

import random

import pytest

from games.base import ImpossibleStateError, NotationError
from games.conformance import check_game
from games.kalah import Kalah
from games.solvers import Budget, NegamaxSolver, UnsolvedError, solver_for
from games.tree import reachable

NO_EMPTY_CAPTURE = {
    1: (0, -2, 6, -2, 0, 0),
    2: (2, -2, -2, -12, 6, 8),
    3: (0, 4, 2, 2, 6, -8),
    4: (2, 6, 6, 2),
    5: (0, 2, 6),
    6: (2, 6),
}
EMPTY_CAPTURE = {
    2: (2, 0, -2, -10, 6, 6),
    3: (0, 4, 4, 0, 6, -10),
    4: (2, 6, 8, 4),
    5: (0, 0, 10),
    6: (2, 10),
}


@pytest.mark.parametrize("game", [Kalah(), Kalah(2, 2), Kalah(2, 2, True), Kalah(6, 4)], ids=str)
def test_contract(game: Kalah) -> None:
    check_game(game, playouts=10, tree_limit=2_000)


@pytest.mark.parametrize(
    ("pits", "empty_capture", "margins"),
    [(p, False, m) for p, m in NO_EMPTY_CAPTURE.items()] + [(p, True, m) for p, m in EMPTY_CAPTURE.items()],
)
def test_known_margins(pits: int, empty_capture: bool, margins: tuple[int, ...]) -> None:
    for seeds, margin in enumerate(margins, 1):
        assert _margin(Kalah(pits, seeds, empty_capture)) == margin


@pytest.mark.slow
@pytest.mark.parametrize(
    ("game", "margin"),
    [
        (Kalah(4, 5), 2),
        (Kalah(4, 6), 0),
        (Kalah(5, 4), 10),
        (Kalah(6, 3), 2),
        (Kalah(6, 3, True), 0),
        (Kalah(5, 4, True), 10),
    ],
    ids=str,
)
def test_known_margins_of_larger_games(game: Kalah, margin: int) -> None:
    assert _margin(game) == margin


def _margin(game: Kalah) -> float:
    return solver_for(game).value(game.initial_state()).payoff


@pytest.mark.parametrize("game", [Kalah(1, 6), Kalah(2, 2), Kalah(2, 3, True), Kalah(3, 1, True)], ids=str)
def test_the_search_agrees_with_negamax_everywhere(game: Kalah) -> None:
    fast, plain = solver_for(game), NegamaxSolver(game)
    for state in reachable(game):
        for seat in (0, 1):
            assert fast.action_values(state, seat) == plain.action_values(state, seat)


@pytest.mark.parametrize("game", [Kalah(3, 3), Kalah(4, 3, True), Kalah(6, 3)], ids=str)
def test_the_search_agrees_with_negamax_late_in_random_play(game: Kalah) -> None:
    fast, plain, rng = solver_for(game), NegamaxSolver(game), random.Random(game.spec)
    for _ in range(10):
        state = game.initial_state()
        while game.outcome(state) is None:
            if sum(state.stores) >= game.total - 7:
                for seat in (0, 1):
                    assert fast.action_values(state, seat) == plain.action_values(state, seat)
            state = game.next_state(state, rng.choice(game.actions(state)))


@pytest.mark.parametrize(
    ("game", "before", "pit", "after"),
    [
        (Kalah(), "3,3,3+0/3,3,3+0:1", "1", "3,3,3+0/0,4,4+1:1"),  # last seed in the store: again
        (Kalah(), "3,3,3+0/3,3,3+0:1", "3", "3,4,4+0/3,3,0+1:2"),  # into the other's pits
        (Kalah(), "3,3,4+0/0,4,4+0:2", "3", "4,4,0+1/1,4,4+0:1"),  # Second sows to the left, then below
        (Kalah(), "3,5,3+0/1,0,5+1:1", "1", "3,0,3+0/0,0,5+7:2"),  # capture
        (Kalah(), "8,0,3+0/1,0,5+1:1", "1", "8,0,3+0/0,1,5+1:2"),  # nothing opposite
        (Kalah(empty_capture=True), "8,0,3+0/1,0,5+1:1", "1", "8,0,3+0/0,0,5+2:2"),
        (
            Kalah(),
            "1,0,0+8/0,0,7+2:1",
            "3",
            "2,1,0+8/1,1,0+5:2",
        ),  # a lap, past the other's store, ends in its own start and captures
        (
            Kalah(),
            "0,0,1+7/0,0,1+9:1",
            "3",
            "0,0,0+8/0,0,0+10:1",
        ),  # again, but no seeds
    ],
)
def test_rules_one_by_one(game: Kalah, before: str, pit: str, after: str) -> None:
    state = game.parse_state(before)
    assert game.format_state(game.next_state(state, game.parse_action(state, pit))) == after


@pytest.mark.parametrize("text", ["3,3,3+0/3,3,3+1:1", "3,3,3+0/3,3,3+0:2", "3,3,3+0/0,0,0+9:1"])
def test_impossible_states(text: str) -> None:
    with pytest.raises(ImpossibleStateError):
        Kalah().parse_state(text)


def test_not_a_state() -> None:
    with pytest.raises(NotationError, match="not a state"):
        Kalah().parse_state("3,3+0/3,3+0:1")


def test_refuses_beyond_its_budget() -> None:
    game = Kalah(6, 4)
    with pytest.raises(UnsolvedError, match="within 10,000"):
        solver_for(game, budget=Budget(states=100)).value(game.initial_state())
