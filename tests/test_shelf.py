"""What holds for every game of the shelf: broken texts are refused, symmetric states have one value."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.base import GameError
from games.registry import GAMES, AnyGame, parse_game
from games.solvers import solver_for

SPECS = (
    "nim(heaps=3-3-4)",
    "nim(heaps=3-4-5,misere)",
    "wythoff(heaps=5-5)",
    "kayles",
    "grundy",
    "notakto(boards=2)",
    "numberscrabble",
    "orderchaos",
    "dotsandboxes",
    "othello",
    "hex",
    "kalah(pits=3,seeds=2)",
    "breakthrough(rows=4,columns=3)",
    "chomp",
)
PAGES = Path(__file__).parent.parent / "docs" / "games"


@pytest.mark.parametrize("spec", SPECS)
def test_a_broken_text_is_refused_or_is_another_state(spec: str) -> None:
    """A state text with one or two letters changed never raises anything but a GameError."""
    game, rng = parse_game(spec), random.Random(spec)
    for state in _states(game, rng, 40):
        text = game.format_state(state)
        for _ in range(10):
            broken = _broken(text, rng)
            try:
                read = game.parse_state(broken)
            except GameError as error:
                assert broken in str(error).replace("\\\\", "\\")
            else:
                assert game.format_state(read) == broken
                seats = game.seats_to_move(read)
                assert bool(seats) != (game.outcome(read) is not None)


def _broken(text: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(rng.choice((1, 2))):
        letters[rng.randrange(len(letters))] = rng.choice("XOAB.-+|/:0123459IW")
    return "".join(letters)


def _states(game: AnyGame, rng: random.Random, count: int) -> list[object]:
    """States of random play, the same number from each match."""
    found: list[object] = []
    while len(found) < count:
        state = game.initial_state()
        while game.outcome(state) is None:
            found.append(state)
            (seat,) = game.seats_to_move(state)
            ((_, state),) = game.transitions(state, {seat: rng.choice(game.legal_actions(state, seat))})
        found.append(state)
    return rng.sample(found, count)


@pytest.mark.parametrize("spec", SPECS)
@given(text=st.text(alphabet="XOAB.-+|/:01 2345\n9IW\u0661", max_size=30))
def test_nonsense_is_refused(spec: str, text: str) -> None:
    game = parse_game(spec)
    try:
        read = game.parse_state(text)
    except GameError:
        return
    assert game.format_state(read) == text


@pytest.mark.parametrize("spec", SPECS)
def test_images_have_the_value_of_the_state_action_by_action(spec: str) -> None:
    game, rng = parse_game(spec), random.Random(spec)
    solver = solver_for(game)
    for state in _states(game, rng, 30):
        value = solver.value(state)
        for image in game.images(state):
            there = solver.value(image.state)
            assert (there.payoff, there.plies) == (value.payoff, value.plies), game.format_state(state)
            for seat in game.seats_to_move(state):
                values = solver.action_values(image.state, seat)
                for action, known in solver.action_values(state, seat).items():
                    assert values[image.map_action(action)] == known


@pytest.mark.parametrize("spec", SPECS)
def test_the_best_action_has_the_value_of_the_state(spec: str) -> None:
    game, rng = parse_game(spec), random.Random(spec)
    solver = solver_for(game)
    for state in _states(game, rng, 30):
        for seat in game.seats_to_move(state):
            assert max(solver.action_values(state, seat).values()) == solver.value(state)


@pytest.mark.parametrize("spec", SPECS)
def test_equal_keys_have_equal_values(spec: str) -> None:
    game, rng = parse_game(spec), random.Random(spec)
    solver, values = solver_for(game), {}
    for state in _states(game, rng, 150):
        value = solver.value(state)
        known = values.setdefault(game.canonical_key(state), value)
        assert (known.payoff, known.plies) == (value.payoff, value.plies), game.format_state(state)


@pytest.mark.parametrize("spec", SPECS)
def test_layouts_are_grids_with_a_label_for_each_column_or_none(spec: str) -> None:
    game, rng = parse_game(spec), random.Random(spec)
    for state in _states(game, rng, 10):
        grids = game.layout(state)
        assert grids
        assert all(len(grid.column_labels) in (0, grid.columns) for grid in grids)


@pytest.mark.parametrize("spec", SPECS)
def test_descriptions_are_sentences_and_pages_exist(spec: str) -> None:
    game = parse_game(spec)
    assert all(sentence.endswith(".") and not sentence[0].islower() for sentence in game.rules)
    assert any("game is over" in sentence for sentence in game.rules)
    page = (PAGES / f"{game.name}.md").read_text()
    assert f"`{game.name}" in page
    assert game.name in GAMES


def test_naming_the_games_compiles_nothing() -> None:
    """Only building a kernel imports numba."""
    code = "import sys, games.registry, games.solvers; print('numba' in sys.modules, 'numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
