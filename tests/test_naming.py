"""Names of places: exact inverses on every game, and never two names for one place in a prompt."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from games.base import Game, NotationError
from games.registry import GAMES, parse_game
from players.base import PlayerError
from players.naming import NAMINGS, names_of, takes
from players.prompts.examples import random_turns
from renderers.scene import scene_of

VARIANTS = (
    "tictactoe(m=6,n=7,k=4,gravity)",
    "tictactoe(wild)",
    "tictactoe(m=4,n=5,k=4,gravity,wild)",
    "tictactoe(m=12,n=12,k=5)",
    "tictactoe(m=1,n=27,k=3)",
    "tictactoe(depth=3)",
    "notakto(boards=2)",
    "hex(size=5)",
    "orderchaos(size=4,k=4)",
)
SHELF = (*GAMES, *VARIANTS)
RENAMED = {
    "tictactoe": ("letters", "row-column"),
    "connect4": ("letters",),
    "notakto": ("letters", "row-column"),
    "orderchaos": ("letters", "row-column"),
    "chomp": ("letters", "row-column"),
    "hex": ("letters", "row-column"),
    "tictactoe(m=6,n=7,k=4,gravity)": ("letters",),
    "tictactoe(wild)": ("letters", "row-column"),
    "tictactoe(m=4,n=5,k=4,gravity,wild)": ("letters",),
    "tictactoe(m=12,n=12,k=5)": ("letters", "row-column"),
    "tictactoe(m=1,n=27,k=3)": ("row-column",),
    "hex(size=5)": ("letters", "row-column"),
    "orderchaos(size=4,k=4)": ("letters", "row-column"),
}
"""Which games take another naming than their own notation; all others take none."""
PAIRS = [(spec, naming) for spec in SHELF for naming in ("notation", *RENAMED.get(spec, ()))]


def met(game: Game[Any], matches: int = 5) -> list[Any]:
    """Turns of some random matches."""
    rng = Random(game.spec)
    return [turn for _ in range(matches) for turn in random_turns(game, rng)]


@pytest.mark.parametrize("spec", SHELF)
def test_which_namings_a_game_takes(spec: str) -> None:
    game = parse_game(spec)
    assert takes(game) == ("notation", *RENAMED.get(spec, ()))
    for naming in set(NAMINGS) - set(takes(game)):
        with pytest.raises(PlayerError, match=f"naming={naming} does not go .*its namings are: notation"):
            names_of(game, naming)


@pytest.mark.parametrize(("spec", "naming"), PAIRS)
def test_names_are_exact_inverses(spec: str, naming: str) -> None:
    game = parse_game(spec)
    names = names_of(game, naming)
    for turn in met(game):
        told = [names.of(turn.state, action) for action in turn.legal_actions]
        assert len(set(told)) == len(told), "no two actions share a name"
        assert [names.action(turn.state, name) for name in told] == list(turn.legal_actions)
        assert all(len(name.split()) == 1 for name in told), "a name is one word, as a notation is"


@pytest.mark.parametrize(("spec", "naming"), [pair for pair in PAIRS if pair[1] != "notation"])
def test_the_notation_is_no_name(spec: str, naming: str) -> None:
    """A number that the prompt never mentions names nothing."""
    game = parse_game(spec)
    names, state = names_of(game, naming), game.initial_state()
    for action in game.legal_actions(state, 0):
        notation = game.format_action(state, action)
        with pytest.raises(NotationError) as caught:
            names.action(state, notation)
        assert str(caught.value) == f"not an action: {notation!r}; an action is {names.help}"


@pytest.mark.parametrize(("spec", "naming"), PAIRS)
def test_labels_of_the_board_are_the_names_of_its_actions(spec: str, naming: str) -> None:
    game = parse_game(spec)
    names = names_of(game, naming)
    for turn in met(game, 2):
        plain, renamed = scene_of(game, turn.state), names.scene(scene_of(game, turn.state))
        for was, now in zip(plain.grids, renamed.grids, strict=True):
            assert [cell.mark for cell in was.cells] == [cell.mark for cell in now.cells]
            labels = (*was.column_labels, *(cell.label for cell in was.cells))
            new = (*now.column_labels, *(cell.label for cell in now.cells))
            assert [names.places.get(label, label) for label in labels] == list(new)
        if naming != "notation":
            assert set(new) - {""} <= set(names.places.values())


def test_letters_and_rows_count_from_the_top_left() -> None:
    game = parse_game("tictactoe(m=3,n=4,k=3)")
    letters, rows = (names_of(game, naming) for naming in ("letters", "row-column"))
    assert [letters.name(str(n)) for n in (1, 4, 5, 12)] == ["a1", "d1", "a2", "d3"]
    assert [rows.name(str(n)) for n in (1, 4, 5, 12)] == ["1,1", "1,4", "2,1", "3,4"]
    assert "a to d from left to right" in letters.help
    assert "from 1 to 3 from top to bottom" in rows.help
    wild = names_of(parse_game("tictactoe(wild)"), "letters")
    assert (wild.name("X5"), wild.name("O9")) == ("Xb2", "Oc3")


def test_the_examples_of_a_help_are_actions() -> None:
    import re

    for spec, naming in PAIRS:
        game = parse_game(spec)
        if naming == "notation":
            continue
        names = names_of(game, naming)
        found = re.search(r"(?:from|like|,) (\S+) (?:to|or) ([^\s:;]+)", names.help)
        assert found is not None, names.help
        for name in found.groups():
            names.action(game.initial_state(), name)


def test_capital_letters_name_the_same() -> None:
    game = parse_game("tictactoe(wild)")
    names, state = names_of(game, "letters"), game.initial_state()
    assert names.action(state, "XB2") == names.action(state, "xb2") == game.parse_action(state, "X5")


@pytest.mark.parametrize(
    ("said", "tidied"),
    [
        ("2,3", "2,3"),
        ("2, 3", "2,3"),
        ("2 ,3", "2,3"),
        ("(2, 3)", "(2,3)"),
        ("row 2, column 3", "2,3"),
        ("Row 2 column 3", "2,3"),
        ("row 2 and column 3", "2,3"),
        ("2.5, 3", "2.5, 3"),
        ("-2, 3", "-2, 3"),
        ("column 3, row 2", "column 3, row 2"),
        ("2 3", "2 3"),
    ],
)
def test_rows_and_columns_are_one_word(said: str, tidied: str) -> None:
    assert names_of(parse_game("tictactoe"), "row-column").tidy(said) == tidied
    assert names_of(parse_game("tictactoe"), "letters").tidy(said) == said
