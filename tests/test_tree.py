"""Walks over whole games: counts known from outside, and exact results of known policies."""

from __future__ import annotations

import csv
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from games.k_in_a_row import KInARow, Marks
from games.registry import parse_game
from games.solvers import UnsolvedError, shared_solver
from games.tree import Policy, count_endings, joints, outcome_distribution, perft, reachable, successors
from players.baselines import EpsilonPlayer, GreedyPlayer, MinimaxPlayer, PolicyPlayer, RandomPlayer

CLASSIC = KInARow()
X_WINS, O_WINS, DRAW = (1, -1), (-1, 1), (0, 0)


@pytest.fixture(scope="module")
def states() -> list[Marks]:
    return list(reachable(CLASSIC))


# Counts ------------------------------------------------------------------------------------------------


def test_perft() -> None:
    """Ways to play exactly that many plies; 127,872 plays fill the board."""
    counted = [perft(CLASSIC, depth) for depth in range(11)]
    assert counted == [1, 9, 72, 504, 3024, 15120, 54720, 148176, 200448, 127872, 0]


def test_every_game_is_counted_by_its_end() -> None:
    endings = count_endings(CLASSIC)
    assert endings == {X_WINS: 131_184, O_WINS: 77_904, DRAW: 46_080}
    assert sum(endings.values()) == 255_168


def test_states_and_classes(states: list[Marks]) -> None:
    playing = [state for state in states if CLASSIC.outcome(state) is None]
    classes = {CLASSIC.canonical_key(state) for state in states}
    assert (len(states), len(set(states)), len(classes)) == (5478, 5478, 765)
    assert (len(playing), len({CLASSIC.canonical_key(s) for s in playing})) == (4520, 627)


def test_finished_boards_equal_the_uci_endgame_table(states: list[Marks]) -> None:
    """Aha's table of 1991 lists every board at the end of a game, 'positive' where X has won."""
    with (Path(__file__).parent / "data/uci_tic_tac_toe_endgame.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    table = {"".join(cells).upper().replace("B", "."): label == "positive" for *cells, label in rows}
    ended = {s: end.returns for s in states if (end := CLASSIC.outcome(s)) is not None}
    ours = {CLASSIC.format_state(s).replace("/", ""): returns == X_WINS for s, returns in ended.items()}
    assert len(rows) == 958
    assert ours == table
    assert Counter(ended.values()) == {X_WINS: 626, O_WINS: 316, DRAW: 16}


@pytest.mark.parametrize(
    ("game", "all_states", "in_play"),
    [
        (KInARow(misere=True), 5478, 4520),
        (KInARow(gravity=True), 694, 505),
        (KInARow(n=4, gravity=True), 7157, 4631),
    ],
    ids=str,
)
def test_states_of_the_variants(game: KInARow, all_states: int, in_play: int) -> None:
    found = list(reachable(game))
    assert (len(found), sum(game.outcome(s) is None for s in found)) == (all_states, in_play)


@pytest.mark.parametrize("limit", [1, 2, 15, 5477])
def test_a_limited_walk_stops_there(limit: int) -> None:
    found = list(reachable(CLASSIC, limit))
    assert len(found) == len(set(found)) == limit
    assert found[0] == CLASSIC.initial_state()


def test_what_follows_a_state() -> None:
    state = CLASSIC.parse_state("XOX/XOX/O..")
    assert list(joints(CLASSIC, state)) == [{1: 7}, {1: 8}]
    assert [(p, CLASSIC.format_state(after)) for p, after in successors(CLASSIC, state)] == [
        (1.0, "XOX/XOX/OO."),
        (1.0, "XOX/XOX/O.O"),
    ]
    assert list(successors(CLASSIC, CLASSIC.parse_state("XXX/OO./..."))) == []


# Exact results of policies -------------------------------------------------------------------------------


def exact(first: PolicyPlayer, second: PolicyPlayer, game: KInARow = CLASSIC) -> tuple[float, float, float]:
    """Per cent of wins, draws and losses of the first seat."""
    policies: list[Policy[Marks]] = [partial(player.policy, game) for player in (first, second)]
    shares = outcome_distribution(game, policies)
    assert set(shares) <= {X_WINS, DRAW, O_WINS}
    assert sum(shares.values()) == pytest.approx(1)
    return tuple(round(100 * shares.get(end, 0), 3) for end in (X_WINS, DRAW, O_WINS))  # type: ignore[return-value]


RANDOM = RandomPlayer("random")
BY_VALUE = MinimaxPlayer("minimax", by="value")
BY_DISTANCE = MinimaxPlayer("minimax")


def test_random_against_random() -> None:
    assert exact(RANDOM, RANDOM) == (58.492, 12.698, 28.810)


def test_random_against_minimax_that_keeps_the_value() -> None:
    assert exact(RANDOM, BY_VALUE) == (0, 22.252, 77.748)
    assert exact(BY_VALUE, RANDOM) == (96.781, 3.219, 0)


def test_hurry_changes_no_result() -> None:
    """By distance or by value: a won state stays won, and minimax never comes into a lost one."""
    assert exact(BY_DISTANCE, RANDOM) == exact(BY_VALUE, RANDOM)
    assert exact(RANDOM, BY_DISTANCE) == exact(RANDOM, BY_VALUE)


def test_minimax_against_itself_draws() -> None:
    assert exact(BY_VALUE, BY_DISTANCE) == (0, 100, 0)


def test_epsilon_lies_between_minimax_and_random() -> None:
    assert exact(EpsilonPlayer("epsilon", epsilon=1.0), RANDOM) == exact(RANDOM, RANDOM)
    assert exact(EpsilonPlayer("epsilon", epsilon=0.0), RANDOM) == exact(BY_DISTANCE, RANDOM)


def test_greedy_beats_random_but_not_minimax() -> None:
    won, _, lost = exact(GreedyPlayer("greedy"), RANDOM)
    assert won > 58.492 > 28.810 > lost
    assert exact(GreedyPlayer("greedy"), BY_VALUE)[0] == 0


def test_a_whole_game_worked_out_by_hand() -> None:
    """On one row of three with k=2, random X wins 1 in 3: O blocks by taking the middle.

    X starts at an end (2/3): O takes the middle (1/2), draw; or the other end (1/2), X wins.
    X starts in the middle (1/3): X wins with its second mark.
    """
    assert exact(RANDOM, RANDOM, KInARow(1, 3, 2)) == (66.667, 33.333, 0)


def test_play_that_chance_takes_round_is_worked_out() -> None:
    """Classical Pig may go on for ever: best play against itself has the value that the solver proves."""
    game = parse_game("pig(target=10,bust=0)")
    policies: list[Policy[object]] = [partial(BY_VALUE.policy, game)] * 2
    shares = outcome_distribution(game, policies)
    start = game.initial_state()
    value = max(shared_solver(game).action_values(start, 0).values()).payoff
    assert sum(p * returns[0] for returns, p in shares.items()) == pytest.approx(value, abs=1e-6)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)


def test_too_many_states_and_too_long_are_refused() -> None:
    policies: list[Policy[Marks]] = [partial(RANDOM.policy, CLASSIC)] * 2
    with pytest.raises(UnsolvedError, match="more than 100 states"):
        outcome_distribution(CLASSIC, policies, limit=100)
    with pytest.raises(UnsolvedError, match="more than 0 seconds"):
        outcome_distribution(CLASSIC, policies, seconds=0)
