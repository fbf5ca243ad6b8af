"""The sliding puzzle: contract, known counts and distances, what is refused."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest

from games.base import GameError, IllegalActionError, ImpossibleStateError, NotationError, ParameterError
from games.conformance import check_game
from games.sliding import Sliding
from games.solvers import Budget, Kind, UnsolvedError, kind_of
from games.solvers.shortest_path import ShortestPathSolver
from games.tree import reachable
from games.values import Value


@pytest.mark.parametrize("game", [Sliding(), Sliding(2, 2, limit=9), Sliding(3, 3, limit=30)], ids=str)
def test_contract(game: Sliding) -> None:
    check_game(game, playouts=10)
    assert kind_of(game) is Kind.ONE_SEAT


@pytest.mark.parametrize(
    ("rows", "columns", "positions", "farthest", "how_many"),
    [
        (2, 2, 12, 6, 1),
        (2, 3, 360, 21, 1),
        (3, 2, 360, 21, 1),
        (2, 4, 20_160, 36, 1),
        pytest.param(3, 3, 181_440, 31, 2, marks=pytest.mark.slow),
    ],
)
def test_known_counts(rows: int, columns: int, positions: int, farthest: int, how_many: int) -> None:
    """Published: half of all arrangements; 21, 36 and 31 moves for the 5-, 7- and 8-puzzle."""
    game = Sliding(rows, columns)
    solver = ShortestPathSolver(game)
    solver.distance(game.start)
    distances = Counter(solver._distances.values())
    assert sum(distances.values()) == positions
    assert max(distances, key=lambda d: d or 0) == farthest and distances[farthest] == how_many


def test_exactly_the_solvable_arrangements_are_read() -> None:
    game = Sliding()

    def reads(text: str) -> bool:
        try:
            game.parse_position(text)
        except ImpossibleStateError:
            return False
        return True

    texts = ["".join(p[:3]) + "/" + "".join(p[3:]) for p in permutations("12345.")]
    found = {game.format_position(position) for position, _ in game.positions(game.start)}
    assert {text for text in texts if reads(text)} == found


def test_best_play_takes_the_stated_number_of_moves_and_no_action_is_better() -> None:
    game = Sliding(position="45./123", limit=21)
    solver = ShortestPathSolver(game)
    state, moves = game.initial_state(), solver.value(game.initial_state()).plies
    while game.outcome(state) is None:
        values = solver.action_values(state, 0)
        assert max(values.values()) == solver.value(state)
        state = game.next_state(state, max(values, key=lambda a: values[a]))
    end = game.outcome(state)
    assert end is not None and end.returns == (1,) and state.moves == moves


def test_the_limit_makes_a_slow_way_a_loss() -> None:
    game = Sliding(position="12./453", limit=3)
    values = ShortestPathSolver(game).action_values(game.initial_state(), 0)
    assert values[3] == Value(1, 1)
    assert values[2] == Value(1, 3)
    late = game.parse_state("12./453:1")
    assert ShortestPathSolver(game).action_values(late, 0)[2] == Value(-1)
    lost = game.outcome(game.parse_state("12./453:3"))
    assert lost is not None and lost.returns == (-1,)


def test_values_agree_with_plain_search_over_states() -> None:
    """Every state with its move count, deepest first, against the ring search on positions."""
    game = Sliding(2, 2, limit=8)
    solver, best = ShortestPathSolver(game), {}
    for state in sorted(reachable(game), key=lambda s: -s.moves):
        end = game.outcome(state)
        after = [best[game.next_state(state, a)].one_ply_earlier() for a in game.actions(state)]
        own = Value(1, 0) if end and end.returns == (1,) else Value(-1)
        best[state] = max(after) if end is None else own
        assert solver.value(state) == best[state]


@pytest.mark.parametrize("text", ["123/45", "123/456", "123/4.5/", "1234/5.", "", "123/44.", "123/45.:0"])
def test_texts_that_are_no_state(text: str) -> None:
    with pytest.raises(NotationError):
        Sliding().parse_state(text)


def test_refusals() -> None:
    with pytest.raises(ImpossibleStateError, match="parity"):
        Sliding().parse_state("213/45.")
    with pytest.raises(ImpossibleStateError, match="limit"):
        Sliding().parse_state("12./453:61")
    with pytest.raises(IllegalActionError, match="possible is: 2, 3"):
        game = Sliding(position="12./453")
        game.next_state(game.initial_state(), 5)
    with pytest.raises(ParameterError):
        Sliding(4, 4)
    with pytest.raises(GameError):
        Sliding(position="123/45.")
    with pytest.raises(UnsolvedError, match="budget of 100 states"):
        ShortestPathSolver(Sliding(), budget=Budget(states=100)).value(Sliding().initial_state())
