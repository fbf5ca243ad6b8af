"""The exact solver: known values, an independent brute force, and what it says beyond its budget."""

from __future__ import annotations

from collections import Counter

import pytest

from games.base import Outcome, SequentialGame
from games.k_in_a_row import KInARow
from games.solvers import Budget, NegamaxSolver, UnsolvedError, shared_solver, solver_for
from games.tree import reachable
from games.values import Result, Value

CLASSIC = KInARow()
PATIENT = Budget(seconds=120)
"""For the larger boards, so that a busy machine fails no test."""


def started(game: KInARow) -> str:
    """The value of a game for its first seat, in words."""
    return str(NegamaxSolver(game, PATIENT).value(game.initial_state()))


# Known values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "value"),
    [
        (KInARow(), "draw"),
        (KInARow(misere=True), "draw"),
        (KInARow(gravity=True), "draw"),
        (KInARow(wild=True), "win in 7"),
        (KInARow(wild=True, misere=True), "draw"),
        (KInARow(n=4), "win in 7"),
        (KInARow(n=4, misere=True), "loss in 11"),
        (KInARow(n=4, gravity=True), "win in 9"),
        (KInARow(m=4, n=4, gravity=True), "win in 9"),
        (KInARow(k=2), "win in 3"),
        (KInARow(k=1), "win in 1"),
        (KInARow(k=1, misere=True), "loss in 1"),
        (KInARow(m=2, n=2, k=2, depth=2), "win in 3"),
    ],
    ids=str,
)
def test_values_known_from_outside(game: KInARow, value: str) -> None:
    assert started(game) == value


def test_the_longest_way_to_a_draw_is_its_distance() -> None:
    assert NegamaxSolver(CLASSIC).value(CLASSIC.initial_state()).plies == 9


def test_values_of_all_states_for_the_seat_to_move() -> None:
    """Of a finished game the value is that of the seat that would move, so a completed line is a loss."""
    solver = NegamaxSolver(CLASSIC)
    values = [(solver.value(state), CLASSIC.outcome(state)) for state in reachable(CLASSIC)]
    assert Counter(value.result for value, _ in values) == {"win": 2836, "loss": 1574, "draw": 1068}
    ended = Counter(str(value) for value, outcome in values if outcome is not None)
    assert ended == {"loss in 0": 626 + 316, "draw": 16}


@pytest.mark.parametrize(
    ("state", "values"),
    [
        # Each seat has two in a row: win, block, or lose.
        (
            "XX./OO./...",
            {"3": "win in 1", "6": "draw", "7": "loss in 2", "8": "loss in 2", "9": "loss in 2"},
        ),
        # A corner answers the centre, an edge loses.
        (".../.X./...", dict.fromkeys("1379", "draw") | dict.fromkeys("2468", "loss in 6")),
        # Opposite corners: the third corner runs into a fork.
        ("X../.O./..X", dict.fromkeys("2468", "draw") | dict.fromkeys("37", "loss in 4")),
    ],
)
def test_the_value_of_every_action(state: str, values: dict[str, str]) -> None:
    parsed = CLASSIC.parse_state(state)
    seat = CLASSIC.seat_to_move(parsed)
    found = NegamaxSolver(CLASSIC).action_values(parsed, seat)
    assert list(found) == sorted(found)
    assert {CLASSIC.format_action(parsed, a): str(v) for a, v in found.items()} == values


def test_there_are_no_action_values_for_a_seat_that_is_not_to_move() -> None:
    solver = NegamaxSolver(CLASSIC)
    assert solver.action_values(CLASSIC.initial_state(), 1) == {}
    assert solver.action_values(CLASSIC.parse_state("XXX/OO./..."), 1) == {}


# Against an independent brute force ------------------------------------------------------------------------


class BruteForce:
    """Plain minimax on strings, without memory: slow, short, and sharing no code with games/."""

    def __init__(self, game: KInARow) -> None:
        self.game = game
        m, n, k = game.m, game.n, game.k
        self.rows = [
            [(r + i * dr) * n + c + i * dc for i in range(k)]
            for r in range(m)
            for c in range(n)
            for dr, dc in ((0, 1), (1, 0), (1, 1), (1, -1))
            if 0 <= r + (k - 1) * dr < m and 0 <= c + (k - 1) * dc < n
        ]

    def value(self, board: str) -> tuple[int, int]:
        """(-1, 0 or 1, plies) for the seat to move."""
        if any(board[row[0]] != "." and len({board[cell] for cell in row}) == 1 for row in self.rows):
            return (1 if self.game.misere else -1, 0)
        answers = [self.value(after) for after in self.boards_after(board)]
        if not answers:
            return (0, 0)
        best = max(-result for result, _ in answers)
        lengths = [plies + 1 for result, plies in answers if -result == best]
        return (best, min(lengths) if best > 0 else max(lengths))

    def boards_after(self, board: str) -> list[str]:
        to_move = "XO"[(len(board) - board.count(".")) % 2]
        marks = "XO" if self.game.wild else to_move
        return [board[:cell] + mark + board[cell + 1 :] for cell in self.open(board) for mark in marks]

    def open(self, board: str) -> list[int]:
        empty = [cell for cell, mark in enumerate(board) if mark == "."]
        if not self.game.gravity:
            return empty
        below = self.game.n
        return [c for c in empty if c + below >= len(board) or board[c + below] != "."]


@pytest.mark.parametrize(
    ("game", "fewest_marks"),
    [
        (KInARow(), 4),
        (KInARow(misere=True), 5),
        (KInARow(wild=True), 7),
        (KInARow(wild=True, misere=True), 7),
        (KInARow(gravity=True), 0),
        (KInARow(gravity=True, misere=True), 0),
        (KInARow(gravity=True, wild=True), 4),
        (KInARow(k=2), 0),
        (KInARow(2, 3, 3), 0),
        (KInARow(2, 3, 2, misere=True), 0),
        (KInARow(2, 3, 3, wild=True), 1),
        (KInARow(1, 6, 3), 0),
        (KInARow(4, 2, 3, gravity=True), 0),
    ],
    ids=str,
)
def test_the_solver_agrees_with_brute_force_on_every_state(game: KInARow, fewest_marks: int) -> None:
    """All states with at least so many marks; fewer marks take brute force too long."""
    solver, brute = NegamaxSolver(game), BruteForce(game)
    compared = 0
    for state in reachable(game):
        if state.plies >= fewest_marks:
            value = solver.value(state)
            board = game.format_state(state).replace("/", "")
            assert (value.payoff, value.plies) == brute.value(board), board
            compared += 1
    assert compared > 50


@pytest.mark.parametrize(
    "game",
    [KInARow(), KInARow(misere=True), KInARow(gravity=True), KInARow(gravity=True, wild=True)],
    ids=str,
)
def test_a_canonical_class_has_one_value(game: KInARow) -> None:
    solver = NegamaxSolver(game)
    found: dict[object, set[tuple[Value, int | None]]] = {}
    for state in reachable(game):
        value = solver.value(state)
        found.setdefault(game.canonical_key(state), set()).add((value, value.plies))
    assert all(len(values) == 1 for values in found.values())


def test_the_best_action_value_is_the_value_of_the_state() -> None:
    solver = NegamaxSolver(CLASSIC)
    for state in reachable(CLASSIC, limit=2000):
        for seat in CLASSIC.seats_to_move(state):
            assert max(solver.action_values(state, seat).values()) == solver.value(state)


# Beyond the budget ---------------------------------------------------------------------------------------

LARGE = KInARow(5, 5, 4)


def test_a_game_beyond_the_budget_is_not_solved() -> None:
    solver = NegamaxSolver(LARGE, Budget(states=2000))
    with pytest.raises(
        UnsolvedError, match=r"tictactoe\(m=5,n=5,k=4\) is not solved .*budget of 2,000 states"
    ):
        solver.value(LARGE.initial_state())
    with pytest.raises(UnsolvedError):
        solver.action_values(LARGE.initial_state(), 0)


def test_time_is_part_of_the_budget() -> None:
    solver = NegamaxSolver(CLASSIC, Budget(seconds=-1))
    with pytest.raises(UnsolvedError, match=r"budget of .* states or -1 s ran out"):
        solver.value(CLASSIC.initial_state())


def test_a_budget_that_just_suffices() -> None:
    start = CLASSIC.initial_state()
    assert str(NegamaxSolver(CLASSIC, Budget(states=5478)).value(start)) == "draw"
    with pytest.raises(UnsolvedError):
        NegamaxSolver(CLASSIC, Budget(states=5477)).value(start)


def test_after_giving_up_the_solver_is_still_right() -> None:
    """What was solved before the budget ran out is kept, and is exact."""
    solver, sound = NegamaxSolver(CLASSIC, Budget(states=800)), NegamaxSolver(CLASSIC)
    with pytest.raises(UnsolvedError):
        solver.value(CLASSIC.initial_state())
    for state in reachable(CLASSIC):
        if state.plies >= 4:
            assert solver.value(state) == sound.value(state)


def test_a_large_board_near_its_end_is_solved() -> None:
    state = LARGE.parse_state("XOXOX/XOXOX/OXOXO/OXOXO/X....")
    assert NegamaxSolver(LARGE, Budget(states=100)).value(state).result in set(Result)


def test_the_solver_of_a_game() -> None:
    assert isinstance(solver_for(CLASSIC), NegamaxSolver)
    assert shared_solver(KInARow()) is shared_solver(KInARow())
    assert shared_solver(KInARow()) is not shared_solver(KInARow(misere=True))


# One seat may act twice ----------------------------------------------------------------------------------


class DoubleStep(SequentialGame[int]):
    """Toy: seat 0 moves in states 0 and 1, seat 1 in state 2; the one who makes it 3 wins."""

    name = "doublestep"
    title = "Double step"
    rules = ("Count to three.",)
    action_help = "1"
    max_plies = 3
    spec = "doublestep"

    def initial_state(self) -> int:
        return 0

    def seat_to_move(self, state: int) -> int:
        return 0 if state < 2 else 1

    def actions(self, state: int) -> tuple[int, ...]:
        return () if state == 3 else (1,)

    def next_state(self, state: int, action: int) -> int:
        return state + action

    def outcome(self, state: int) -> Outcome | None:
        return Outcome((-1.0, 1.0), "three") if state == 3 else None

    def format_action(self, state: int, action: int) -> str:
        return str(action)

    def parse_action(self, state: int, text: str) -> int:
        return int(text)

    def format_state(self, state: int) -> str:
        return str(state)

    def parse_state(self, text: str) -> int:
        return int(text)


def test_a_seat_that_moves_twice_keeps_its_sign() -> None:
    solver = NegamaxSolver(DoubleStep())
    assert [str(solver.value(state)) for state in (0, 1, 2)] == ["loss in 3", "loss in 2", "win in 1"]
    assert {a: str(v) for a, v in solver.action_values(0, 0).items()} == {1: "loss in 3"}
