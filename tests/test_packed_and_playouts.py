"""The compiled generic solver and the compiled playouts, against the reference engine and known counts."""

import random
from typing import ClassVar

import numpy as np
import pytest

from games.base import ParameterError
from games.k_in_a_row import KInARow
from games.registry import parse_game
from games.solvers import NegamaxSolver, UnsolvedError, solver_for
from games.solvers.packed import PackedRules, PackedSolver, small_connect_four
from games.solvers.playouts import record_playouts, tally_playouts
from games.tree import reachable

NINE = np.uint64(9)
BOARD = np.uint64(511)
LINES = tuple(np.uint64(line) for line in KInARow().lines)


def legal(state):
    return ~(state | (state >> NINE)) & BOARD


def apply(state, action):
    return (state >> NINE) | (((state & BOARD) | action) << NINE)


def outcome(state):
    theirs = state >> NINE
    for line in LINES:
        if theirs & line == line:
            return -1
    return 2 if ~(state | theirs) & BOARD != 0 else 0


def pack(state):
    mine, theirs = (state.o, state.x) if state.plies % 2 else (state.x, state.o)
    return mine | theirs << 9


RULES = PackedRules(legal, apply, outcome, pack, lambda state: 9 - state.plies)


class OfferedRules(KInARow):
    """A game that brings its own compiled rules."""

    name: ClassVar[str] = "offered"

    def packed_rules(self):
        return RULES


def exactly(value):
    return value.payoff, value.plies


def test_packed_rules_agree_with_negamax_on_every_state():
    game = KInARow()
    solver, reference = PackedSolver(game, RULES), NegamaxSolver(game)
    for state in reachable(game):
        assert exactly(solver.value(state)) == exactly(reference.value(state))
        for seat in (0, 1):
            assert solver.action_values(state, seat) == reference.action_values(state, seat)
    assert solver.states == 5478


def test_a_game_with_packed_rules_gets_the_compiled_solver():
    game = OfferedRules()
    solver = solver_for(game)
    assert isinstance(solver, PackedSolver)
    assert exactly(solver.value(game.initial_state())) == (0, 9)


@pytest.mark.parametrize(
    ("spec", "states"), [("connect4(m=4,n=4)", 161_029), ("connect4(m=4,n=5)", 3_945_711)]
)
def test_known_numbers_of_positions(spec, states):
    """Counts as in J. Tromp's table; the hash table grows on the way."""
    game = parse_game(spec)
    solver = PackedSolver(game, small_connect_four(game))
    assert exactly(solver.value(game.initial_state())) == (0, game.size.cells)
    assert solver.states == states


def test_packed_solver_never_passes_its_budget():
    game = parse_game("connect4(m=4,n=4)")
    solver = PackedSolver(game, small_connect_four(game), most_states=100_000)
    with pytest.raises(UnsolvedError, match="100,000 states"):
        solver.value(game.initial_state())
    assert solver.states == 100_000


def test_packed_solver_agrees_with_the_search_of_connect_four():
    game, rng = parse_game("connect4(m=4,n=5)"), random.Random(1)
    packed, search = PackedSolver(game, small_connect_four(game)), solver_for(game)
    for _ in range(20):
        state = game.initial_state()
        while actions := game.actions(state):
            ours, theirs = (s.action_values(state, state.plies % 2) for s in (packed, search))
            assert {a: exactly(v) for a, v in ours.items()} == {a: exactly(v) for a, v in theirs.items()}
            state = game.next_state(state, rng.choice(actions))


PLAYED = ["tictactoe", "connect4", "tictactoe(m=4,n=4,k=3)", "tictactoe(depth=3)", "tictactoe(m=8,n=8,k=5)",
          "tictactoe(m=4,n=3,gravity)"]  # fmt: skip


@pytest.mark.parametrize("spec", PLAYED)
def test_recorded_playouts_are_matches_of_the_engine(spec):
    game = parse_game(spec)
    records = record_playouts(game, 200, seed=7)
    ends, plies = [0, 0, 0], 0
    for record in records.tolist():
        state = game.initial_state()
        actions = record[: record.index(-1)] if -1 in record else record
        for action in actions:
            state = game.next_state(state, action)
        returns = game.outcome(state).returns
        ends[0 if returns[0] > 0 else 1 if returns[0] < 0 else 2] += 1
        plies += len(actions)
    tally = tally_playouts(game, 200, seed=7)
    assert [tally.first_wins, tally.second_wins, tally.draws] == ends
    assert tally.plies == plies
    assert (record_playouts(game, 200, seed=8) != records).any()


def test_random_tic_tac_toe_ends_as_computed():
    """Exact: X 58.492 %, draw 12.698 %, O 28.810 %; three standard errors at a million matches are 0.15 %."""
    tally = tally_playouts(KInARow(), 1_000_000, seed=1)
    assert tally.first_wins / 1e6 == pytest.approx(0.58492, abs=0.0015)
    assert tally.draws / 1e6 == pytest.approx(0.12698, abs=0.0015)
    assert tally.second_wins / 1e6 == pytest.approx(0.28810, abs=0.0015)


@pytest.mark.parametrize("spec", ["tictactoe(misere)", "tictactoe(wild)", "tictactoe(m=9,n=9,k=5)"])
def test_other_games_have_no_compiled_playouts(spec):
    with pytest.raises(ParameterError):
        tally_playouts(parse_game(spec), 1, seed=0)
