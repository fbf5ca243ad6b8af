"""Every game on the shelf is of a kind and has a solver that answers at its start."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import pytest

from games.base import Game, GameError
from games.matrix_games import RockPaperScissors
from games.registry import GAMES
from games.solvers import Kind, UnsolvedError, kind_of, solver_for
from games.solvers import kinds as kinds_module

KINDS = {
    "chessending": Kind.SEQUENTIAL,
    "goofspiel": Kind.SIMULTANEOUS,
    "kuhn": Kind.HIDDEN,
    "leduc": Kind.HIDDEN,
    "liarsdice": Kind.HIDDEN,
    "mastermind": Kind.ONE_SEAT,
    "matrix": Kind.SIMULTANEOUS,
    "pig": Kind.CHANCE,
    "rps": Kind.SIMULTANEOUS,
    "sliding": Kind.ONE_SEAT,
    "sokoban": Kind.ONE_SEAT,
}


def states_of_a_play(game: Game[Any], rng: random.Random) -> list[Any]:
    """One random play, and what the seats saw of it."""
    states = [game.initial_state()]
    while game.outcome(states[-1]) is None:
        now = states[-1]
        joint = {seat: rng.choice(game.legal_actions(now, seat)) for seat in game.seats_to_move(now)}
        states.append(rng.choice(game.transitions(now, joint)).state)
    seen = [game.observe(state, seat) for state in states for seat in game.seats_to_move(state)]
    return states + seen


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_every_game_has_its_kind_and_a_solver(name: str, kind: Kind) -> None:
    game = GAMES[name]()
    assert kind_of(game) is kind
    value = solver_for(game).value(game.initial_state())
    low, high = game.return_range
    assert low <= value.payoff <= high


@pytest.mark.parametrize("name", KINDS)
def test_no_action_is_valued_above_its_state_and_one_reaches_it(name: str) -> None:
    """Where one seat moves, its value is the value of its best action; observations get the same answer."""
    game, rng = GAMES[name](), random.Random(name)
    solver = solver_for(game)
    for state in states_of_a_play(game, rng):
        for seat in game.seats_to_move(state):
            values = solver.action_values(state, seat)
            assert tuple(values) == game.legal_actions(state, seat)
            assert solver.action_values(game.observe(state, seat), seat) == values
            if game.seats_to_move(state) == (seat,):
                assert max(values.values()) == solver.value(state)


@pytest.mark.parametrize("name", KINDS)
def test_garbled_states_are_refused_or_read_exactly(name: str) -> None:
    game, rng = GAMES[name](), random.Random(name)
    texts = [game.format_state(state) for state in states_of_a_play(game, rng)]
    letters = "".join(texts) + "0123456789?-/:."
    for _ in range(400):
        text = rng.choice(texts)
        at = rng.randrange(len(text) + 1)
        garbled = text[:at] + rng.choice(letters) * rng.randrange(3) + text[at + rng.randrange(2) :]
        try:
            state = game.parse_state(garbled)
        except GameError as error:
            assert repr(garbled) in str(error) or garbled[:3] in str(error)
        else:
            assert game.format_state(state) == garbled


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, games.registry, games.solvers; print({'numpy', 'scipy', 'numba'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds_module, "find_spec", lambda name: None)
    with pytest.raises(UnsolvedError, match=r"needs scipy.*\[solvers\]"):
        solver_for(RockPaperScissors())
