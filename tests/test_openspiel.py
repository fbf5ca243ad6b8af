"""OpenSpiel as an outside referee: the same legal actions at every ply of random play, the same returns.

OpenSpiel is an optional development dependency; without it these tests are skipped.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from games.base import Action
from games.breakthrough import Breakthrough
from games.dotsandboxes import DotsAndBoxes
from games.nim import Nim
from games.othello import Othello
from games.registry import AnyGame, parse_game
from games.solvers import solver_for

pyspiel = pytest.importorskip("pyspiel")

Translate = Callable[[Any, Any, Any], dict[Action, Action]]
"""(our game, our state, their state) -> our action of each of their legal actions."""


def same_number(game: AnyGame, state: Any, theirs: Any) -> dict[Action, Action]:
    return {action: action for action in theirs.legal_actions()}


def nim_action(game: Nim, state: Any, theirs: Any) -> dict[Action, Action]:
    """Theirs are written 'pile:1, take:2;'."""
    found = {}
    for action in theirs.legal_actions():
        pile, take = (
            int(part.split(":")[1]) for part in theirs.action_to_string(action).strip(";").split(",")
        )
        found[action] = game.parse_action(state, f"{'ABCDEFGHIJ'[pile - 1]}{take}")
    return found


def box_action(game: DotsAndBoxes, state: Any, theirs: Any) -> dict[Action, Action]:
    """Theirs number all horizontal edges row by row, then all vertical ones; ours go in reading order."""
    r, c = game.rows, game.columns
    found = {}
    for action in theirs.legal_actions():
        row, column = divmod(action, c) if action < (r + 1) * c else divmod(action - (r + 1) * c, c + 1)
        found[action] = row * (2 * c + 1) + column + (0 if action < (r + 1) * c else c)
    return found


def pawn_action(game: Breakthrough, state: Any, theirs: Any) -> dict[Action, Action]:
    """Theirs start at the top, ours at the bottom: the row of a square is turned; a '*' marks a capture."""
    found = {}
    for action in theirs.legal_actions():
        word = theirs.action_to_string(action).strip("*")
        turned = "".join(word[i] + str(game.rows + 1 - int(word[i + 1])) for i in (0, 2))
        found[action] = game.parse_action(state, turned)
    return found


PAIRS: list[tuple[str, str, Translate, int]] = [
    ("nim(heaps=3-4-5)", "nim(pile_sizes=3;4;5,is_misere=false)", nim_action, 100),
    ("nim(heaps=3-5-6,misere)", "nim(pile_sizes=3;5;6,is_misere=true)", nim_action, 100),
    ("othello(size=8)", "othello", same_number, 20),
    ("hex", "hex(board_size=3)", same_number, 100),
    ("hex(size=4)", "hex(board_size=4)", same_number, 50),
    ("dotsandboxes", "dots_and_boxes(num_rows=2,num_cols=2,utility_margin=true)", box_action, 100),
    (
        "dotsandboxes(rows=2,columns=3)",
        "dots_and_boxes(num_rows=2,num_cols=3,utility_margin=true)",
        box_action,
        50,
    ),
    ("breakthrough(rows=4,columns=3)", "breakthrough(rows=4,columns=3)", pawn_action, 100),
    ("breakthrough(rows=6,columns=4,pawn_rows=2)", "breakthrough(rows=6,columns=4)", pawn_action, 50),
]


@pytest.mark.parametrize(("spec", "name", "translate", "matches"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_random_play_agrees(spec: str, name: str, translate: Translate, matches: int) -> None:
    game, other, rng = parse_game(spec), pyspiel.load_game(name), random.Random(spec)
    for _ in range(matches):
        state, theirs = game.initial_state(), other.new_initial_state()
        while not theirs.is_terminal():
            (seat,) = game.seats_to_move(state)
            assert seat == theirs.current_player(), game.format_state(state)
            pairs = translate(game, state, theirs)
            assert sorted(pairs.values()) == list(game.legal_actions(state, seat)), game.format_state(state)
            action = rng.choice(sorted(pairs))
            state = game.next_state(state, pairs[action])
            theirs.apply_action(action)
        outcome = game.outcome(state)
        assert outcome is not None
        assert _returns(game, outcome.returns) == tuple(theirs.returns()), game.format_state(state)


def _returns(game: AnyGame, returns: tuple[float, ...]) -> tuple[float, ...]:
    """OpenSpiel scores Othello by the winner."""
    if isinstance(game, Othello):
        return tuple(float((r > 0) - (r < 0)) for r in returns)
    return returns


VALUED = [
    "nim(heaps=3-4-5)",
    "nim(heaps=3-5-6,misere)",
    "hex",
    "dotsandboxes",
    "breakthrough(rows=4,columns=3)",
]


@pytest.mark.parametrize("spec", VALUED)
def test_the_value_of_the_game_agrees(spec: str) -> None:
    game = parse_game(spec)
    name = next(pair[1] for pair in PAIRS if pair[0] == spec)
    ours = solver_for(game).value(game.initial_state()).payoff
    assert ours == _value(pyspiel.load_game(name).new_initial_state(), {})


def _value(state: Any, known: dict[str, float]) -> float:
    """The return of the first seat by plain minimax over OpenSpiel's states."""
    if state.is_terminal():
        return float(state.returns()[0])
    key = f"{state.current_player()} {state}"
    if key not in known:
        values = [_value(state.child(action), known) for action in state.legal_actions()]
        known[key] = max(values) if state.current_player() == 0 else min(values)
    return known[key]
