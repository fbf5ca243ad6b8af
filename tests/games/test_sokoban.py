"""Sokoban: contract, fewest moves of every level, dead positions, what is refused."""

from __future__ import annotations

import pytest

from games.base import IllegalActionError, ImpossibleStateError, NotationError, ParameterError
from games.conformance import check_game
from games.sokoban import LEVELS, Sokoban
from games.solvers.shortest_path import ShortestPathSolver
from games.values import Value

FEWEST = {"easy": 3, "pair": 11, "nook": 18, "shelf": 22, "twins": 24, "stairs": 35, "store": 32}
UP, DOWN, LEFT, RIGHT = range(4)


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_keeps_the_contract_and_is_solved(level: str) -> None:
    game = Sokoban(level)
    check_game(Sokoban(level, limit=40), playouts=3, tree_limit=300)
    solver = ShortestPathSolver(game)
    assert solver.value(game.initial_state()) == Value(1, FEWEST[level])
    state = game.initial_state()
    while game.outcome(state) is None:
        values = solver.action_values(state, 0)
        state = game.next_state(state, max(values, key=lambda a: values[a]))
    assert state.moves == FEWEST[level]


def test_a_box_pushed_into_a_corner_is_dead() -> None:
    game = Sokoban("easy")
    state = game.initial_state()
    values = ShortestPathSolver(game).action_values(state, 0)
    assert values[LEFT] == Value(-1) and values[DOWN] == Value(1, 3)
    assert ShortestPathSolver(game).distance(game.next_state(state, LEFT).position) is None


def test_boxes_do_not_move_each_other_and_walls_hold() -> None:
    game = Sokoban("shelf")
    state = game.parse_state(LEVELS["shelf"])
    for action in (UP, LEFT, RIGHT):
        with pytest.raises(IllegalActionError, match="possible is: down"):
            game.next_state(state, action)
    state = game.next_state(state, DOWN)
    state = game.next_state(state, RIGHT)
    assert game.format_state(state) == "#######/#-#---#/#-@$$-#/#-.-.-#/#######:2"
    assert RIGHT not in game.actions(state)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", NotationError),
        ("######/#-.--#/#-$@-#/#----#", NotationError),
        ("######/#-.-@#/#-$@-#/#----#/######", NotationError),
        ("######/#--.-#/#-$@-#/#----#/######", ImpossibleStateError),
        ("######/#-.-$#/#-$@-#/#----#/######", ImpossibleStateError),
        ("######/$-.--#/#--@-#/#----#/######", ImpossibleStateError),
        ("######/#-*--#/#--@-#/#----#/######", ImpossibleStateError),
    ],
)
def test_positions_that_are_none_or_can_not_arise(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Sokoban("easy").parse_state(text)


def test_unknown_levels_name_the_known_ones() -> None:
    with pytest.raises(ParameterError, match="pair"):
        Sokoban("microban")
