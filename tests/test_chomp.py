"""Chomp: contract, known values, which states arise; and that a game needs no more than its one file."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import ClassVar

import pytest

from games.base import Action, ImpossibleStateError, Outcome, Seat, SequentialGame
from games.chomp import Bar, Chomp
from games.conformance import check_game
from games.notation import parse_number
from games.registry import GAMES, parse_game
from games.solvers import solver_for
from games.tree import perft, reachable


@pytest.mark.parametrize("game", [Chomp(), Chomp(1, 1), Chomp(2, 7), Chomp(4, 4), Chomp(9, 9)], ids=str)
def test_contract(game: Chomp) -> None:
    check_game(game, playouts=10, tree_limit=1_000)


@pytest.mark.parametrize(("m", "n"), [(1, 5), (2, 2), (2, 7), (7, 2), (3, 3), (4, 4), (5, 5), (3, 4)])
def test_the_first_seat_wins_and_how(m: int, n: int) -> None:
    game = Chomp(m, n)
    start = game.initial_state()
    winning = [
        game.format_action(start, a)
        for a, v in solver_for(game).action_values(start, 0).items()
        if v.payoff > 0
    ]
    assert winning
    if m == 2:
        assert winning == [str(2 * n)]
    if m == n > 2:
        assert winning == [str(n + 2)]


def test_the_poisoned_square_alone_is_lost() -> None:
    value = solver_for(Chomp(1, 1)).value(Chomp(1, 1).initial_state())
    assert (value.payoff, value.plies) == (-1, 1)


def test_the_default_takes_eight_plies() -> None:
    value = solver_for(Chomp()).value(Chomp().initial_state())
    assert (value.payoff, value.plies) == (1, 8)


def test_perft() -> None:
    assert [perft(Chomp(2, 2), depth) for depth in range(5)] == [1, 4, 7, 6, 2]


@pytest.mark.parametrize(("m", "n"), [(1, 3), (2, 3), (3, 3), (3, 4)])
def test_parse_state_accepts_exactly_what_arises(m: int, n: int) -> None:
    game = Chomp(m, n)
    arises = set(reachable(game))
    for *rows, seat in itertools.product(*[range(n + 1)] * m, (0, 1)):
        state = Bar(tuple(rows), seat)
        if state in arises:
            assert game.parse_state(game.format_state(state)) == state
        else:
            with pytest.raises(ImpossibleStateError):
                game.parse_state(game.format_state(state))


@dataclass(frozen=True)
class Countdown(SequentialGame[int]):
    """Take one or two from a number; who takes the last one wins. A state is 2 * number + seat."""

    start: int = 7
    name: ClassVar[str] = "countdown"
    title = "Countdown"
    rules = ("Take 1 or 2 from the number in turn.", "Whoever makes it 0 wins.")
    action_help = "1 or 2"
    max_plies = 7

    def initial_state(self) -> int:
        return 2 * self.start

    def seat_to_move(self, state: int) -> Seat:
        return state % 2

    def actions(self, state: int) -> tuple[Action, ...]:
        return tuple(range(min(2, state // 2)))

    def next_state(self, state: int, action: Action) -> int:
        if action not in self.actions(state):
            raise self.illegal(state, action, "1 or 2, and not more than is left")
        return 2 * (state // 2 - action - 1) + 1 - state % 2

    def outcome(self, state: int) -> Outcome | None:
        return None if state > 1 else Outcome((-1.0, 1.0) if state == 0 else (1.0, -1.0), "nothing is left")

    def format_action(self, state: int, action: Action) -> str:
        return str(action + 1)

    def parse_action(self, state: int, text: str) -> Action:
        return parse_number(self, state, text, 2) - 1

    def format_state(self, state: int) -> str:
        return str(state)

    def parse_state(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and int(text) <= 2 * self.start):
            raise self.not_a_state(text, "twice the number, plus the seat")
        return int(text)


def test_a_game_defined_anywhere_is_a_game(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract, the solver and, with its one line in the registry, specs know it."""
    check_game(Countdown())
    assert solver_for(Countdown(6)).value(12).payoff == -1
    assert solver_for(Countdown(7)).action_values(14, 0)[0].payoff == 1
    monkeypatch.setitem(GAMES, "countdown", Countdown)  # type: ignore[arg-type]
    assert parse_game("countdown(start=5)") == Countdown(5)
