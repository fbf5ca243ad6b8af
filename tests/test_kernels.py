"""Compiled solvers against the reference, against each other, and against published values."""

import random
import subprocess
import sys

import pytest

from games.base import ImpossibleStateError
from games.k_in_a_row import KInARow, Marks
from games.registry import parse_game
from games.solvers import NegamaxSolver, UnsolvedError, solver_for
from games.solvers.connect4 import Connect4Solver
from games.solvers.dense import DenseSolver, table_path
from games.solvers.k_in_a_row import SearchSolver
from games.solvers.statistics import TableStatistics, table_statistics
from games.tree import reachable


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EXACT_ARENA_CACHE", str(tmp_path))


def board(parameters):
    return parse_game(f"tictactoe({parameters})")


def exactly(value):
    """The length of a draw counts too."""
    return value.payoff, value.plies


def all_values(solver, state):
    return [
        (action, *exactly(value)) for action, value in solver.action_values(state, state.plies % 2).items()
    ]


SMALL = ["", "misere", "gravity", "wild", "misere,wild", "misere,gravity", "gravity,wild",
         "m=2,n=2,k=2,depth=2", "m=2,n=4,k=3", "m=1,n=5,k=3", "k=2,misere"]  # fmt: skip


@pytest.mark.parametrize("parameters", SMALL)
def test_full_table_agrees_with_negamax_on_every_state(parameters):
    game = board(parameters)
    table, reference = DenseSolver(game), NegamaxSolver(game)
    for state in reachable(game):
        assert exactly(table.value(state)) == exactly(reference.value(state)), game.format_state(state)
    for state in list(reachable(game))[::7]:
        assert all_values(table, state) == all_values(reference, state)


@pytest.mark.parametrize("parameters", SMALL)
def test_statistics_agree_with_a_walk(parameters):
    game = board(parameters)
    walked = table_statistics(game, NegamaxSolver(game))
    assert DenseSolver(game).statistics() == table_statistics(game, DenseSolver(game)) == walked


def test_statistics_of_classic_tic_tac_toe():
    assert DenseSolver(KInARow()).statistics() == TableStatistics(
        states=5478, decisions=4520, wins=2836, draws=1068, losses=1574, longest_win=5, unique_best=3142
    )


PUBLISHED = [  # value for the first player, plies, states that can be reached (None: not published)
    ("m=3,n=4,k=3", 1, 7, 111_973),
    ("m=3,n=4,k=3,misere", -1, 11, None),
    ("m=3,n=4,k=3,gravity", 1, 9, 7_157),
    ("m=3,n=5,k=3", 1, 7, 2_286_668),
    ("m=3,n=5,k=4", 0, 15, 3_414_564),
    ("m=3,n=5,k=3,misere", -1, 15, 2_286_668),
    ("m=4,n=4,k=3", 1, 5, None),
    ("m=4,n=4,k=4", 0, 16, None),
    ("m=4,n=4,k=3,gravity", 1, 9, 41_750),
    ("m=4,n=4,k=3,misere", -1, 15, None),
]


@pytest.mark.parametrize(("parameters", "payoff", "plies", "states"), PUBLISHED)
def test_known_values_of_full_tables(parameters, payoff, plies, states):
    game = board(parameters)
    solver = solver_for(game)
    assert isinstance(solver, DenseSolver)
    assert exactly(solver.value(game.initial_state())) == (payoff, plies)
    if states is not None:
        assert solver.statistics().states == states


def test_connect_four_4x4_table_and_search_agree():
    game = parse_game("connect4(m=4,n=4)")
    table, search = DenseSolver(game), Connect4Solver(game)
    assert table.statistics().states == 161_029
    assert table.statistics().decisions == 134_289
    rng = random.Random(1)
    for _ in range(60):
        state = game.initial_state()
        while actions := game.actions(state):
            assert all_values(table, state) == all_values(search, state)
            state = game.next_state(state, rng.choice(actions))


def test_tables_are_kept_on_disk(tmp_path):
    game = board("m=3,n=5,k=4")
    first = DenseSolver(game).value(game.initial_state())
    assert table_path(game).exists() and table_path(game).parent == tmp_path
    assert table_path(game).stat().st_size < 15_000_000
    assert DenseSolver(game).value(game.initial_state()) == first
    assert not table_path(board("m=3,n=4,k=3")).exists()


def test_large_tables_only_on_request():
    with pytest.raises(UnsolvedError, match="387,420,489 bytes"):
        DenseSolver(board("m=3,n=6,k=3"))
    assert DenseSolver(board("m=3,n=6,k=3"), most_cells=18)._table is None
    with pytest.raises(UnsolvedError):
        DenseSolver(board("m=4,n=5,k=4"), most_cells=20)


@pytest.mark.parametrize("solver", [DenseSolver, SearchSolver])
def test_impossible_states_are_refused(solver):
    exact = solver(board("m=3,n=4,k=3"))
    for marks in (Marks(1, 1), Marks(-1, 0), Marks(1 << 12, 0), Marks(3, 0), Marks(0, 1)):
        with pytest.raises(ImpossibleStateError):
            exact.value(marks)
        with pytest.raises(ImpossibleStateError):
            exact.action_values(marks, 0)


@pytest.mark.parametrize(
    "parameters", ["", "m=2,n=4,k=3", "m=2,n=2,k=2,depth=2", "m=1,n=6,k=2", "m=4,n=2,k=4"]
)
def test_search_agrees_with_negamax_on_every_state(parameters):
    game = board(parameters)
    search, reference = SearchSolver(game), NegamaxSolver(game)
    for state in reachable(game):
        assert exactly(search.value(state)) == exactly(reference.value(state)), game.format_state(state)


@pytest.mark.parametrize("parameters", ["m=4,n=4,k=3", "m=4,n=4,k=4", "m=3,n=5,k=4", "m=3,n=5,k=3"])
def test_search_agrees_with_full_tables(parameters):
    game, rng = board(parameters), random.Random(2)
    search, table = SearchSolver(game), DenseSolver(game)
    for _ in range(30):
        state = game.initial_state()
        while actions := game.actions(state):
            assert all_values(search, state) == all_values(table, state)
            state = game.next_state(state, rng.choice(actions))


@pytest.mark.parametrize(
    ("parameters", "payoff"),
    [("m=4,n=5,k=4", 0), ("m=4,n=6,k=4", 0), ("m=5,n=5,k=4", 0), ("m=5,n=6,k=4", 1), ("m=6,n=6,k=4", 1)],
)
def test_known_values_of_larger_boards(parameters, payoff):
    solver = solver_for(board(parameters))
    assert isinstance(solver, SearchSolver)
    assert solver.value(Marks(0, 0)).payoff == payoff


def test_three_dimensions_are_solved_everywhere():
    """Who starts in the centre wins, who starts elsewhere leaves it to the other; no play ends in a draw."""
    game, rng = board("depth=3"), random.Random(3)
    solver = solver_for(game)
    first = solver.action_values(game.initial_state(), 0)
    assert [str(value) for value in first.values()] == ["loss in 10"] * 13 + ["win in 7"] + [
        "loss in 10"
    ] * 13
    for _ in range(20):
        state = game.initial_state()
        while actions := game.actions(state):
            values = solver.action_values(state, state.plies % 2)
            assert all(value.payoff != 0 for value in values.values())
            assert max(values.values()) == solver.value(state)
            state = game.next_state(state, rng.choice(actions))


def test_distances_are_played_out_in_three_dimensions():
    game = board("depth=3")
    solver, state = solver_for(game), game.initial_state()
    plies = 0
    while values := solver.action_values(state, state.plies % 2):
        state = game.next_state(state, max(values, key=lambda action: values[action]))
        plies += 1
    assert plies == 7


def test_late_states_in_three_dimensions_agree_with_negamax():
    game, rng = board("depth=3"), random.Random(4)
    solver, checked = solver_for(game), 0
    while checked < 5:
        state = game.initial_state()
        while (actions := game.actions(state)) and state.plies < 17:
            state = game.next_state(state, rng.choice(actions))
        if actions:
            assert all_values(solver, state) == all_values(NegamaxSolver(game), state)
            checked += 1


def test_search_refuses_beyond_its_budget():
    game = board("m=5,n=5,k=5")
    with pytest.raises(UnsolvedError, match="more than 1,000 nodes"):
        SearchSolver(game, 1000).value(game.initial_state())
    with pytest.raises(UnsolvedError):
        SearchSolver(board("m=4,n=4,k=4,depth=4"))


def test_classic_tic_tac_toe_needs_no_compiler():
    code = (
        "import sys; from games.registry import parse_game; from games.solvers import solver_for;"
        "g = parse_game('tictactoe'); solver_for(g).value(g.initial_state());"
        "parse_game('connect4'); print([m for m in ('numba', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
