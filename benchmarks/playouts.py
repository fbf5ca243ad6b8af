"""Uniformly random matches per CPU second, side by side in one run: python benchmarks/playouts.py

Ours compiled and ours in frozen Python states, beside OpenSpiel, PettingZoo and TextArena where installed
(extra [bench]). Every engine plays for about the same time; the ratio is to OpenSpiel, or else to our Python.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from games.base import SequentialGame
from games.k_in_a_row import KInARow
from games.registry import parse_game
from games.solvers.playouts import tally_playouts

SECONDS = 2.0
Playout = Callable[[], int]
"""Plays some matches and says how many."""


def engines(spec: str) -> Iterator[tuple[str, Playout]]:
    game, rng = parse_game(spec), random.Random(1)
    assert isinstance(game, KInARow)
    yield "ours, compiled", lambda: sum_of(tally_playouts(game, 20_000, rng.getrandbits(60)))
    yield "ours, Python states", lambda: play_states(game, rng)
    for name, make in (("pyspiel", open_spiel), ("pettingzoo", petting_zoo), ("textarena", text_arena)):
        try:
            yield name, make(spec, rng)
        except ImportError as problem:
            print(f"{spec:<10} {name} is left out: {problem}")


def sum_of(tally: Any) -> int:
    return int(tally.first_wins + tally.second_wins + tally.draws)


def play_states(game: SequentialGame[Any], rng: random.Random) -> int:
    state = game.initial_state()
    while actions := game.actions(state):
        state = game.next_state(state, rng.choice(actions))
    return 1


def open_spiel(spec: str, rng: random.Random) -> Playout:
    import pyspiel

    game = pyspiel.load_game({"tictactoe": "tic_tac_toe", "connect4": "connect_four"}[spec])

    def play() -> int:
        state = game.new_initial_state()
        while not state.is_terminal():
            state.apply_action(rng.choice(state.legal_actions()))
        return 1

    return play


def petting_zoo(spec: str, rng: random.Random) -> Playout:
    import importlib

    module = {"tictactoe": "tictactoe_v3", "connect4": "connect_four_v3"}[spec]
    game = importlib.import_module(f"pettingzoo.classic.{module}").raw_env()

    def play() -> int:
        game.reset()
        while True:
            observation, _, over, cut, _ = game.last()
            if over or cut:
                return 1
            mask = observation["action_mask"]
            game.step(rng.choice([action for action in range(len(mask)) if mask[action]]))

    return play


def text_arena(spec: str, rng: random.Random) -> Playout:
    import textarena

    name, cells = {"tictactoe": ("TicTacToe-v0-raw", 9), "connect4": ("ConnectFour-v0-raw", 42)}[spec]

    def play() -> int:
        game = textarena.make(name)
        game.reset(num_players=2)
        free = dict.fromkeys(range(7 if spec == "connect4" else 9), cells // 7 if spec == "connect4" else 1)
        over = False
        while not over:
            game.get_observation()
            action = rng.choice([place for place, room in free.items() if room])
            free[action] -= 1
            over, _ = game.step(f"[col {action}]" if spec == "connect4" else f"[{action}]")
        return 1

    return play


def rate(play: Playout) -> tuple[float, int]:
    """(matches per CPU second, matches)."""
    play()
    start, matches = time.process_time(), 0
    while time.process_time() - start < SECONDS:
        matches += play()
    return matches / (time.process_time() - start), matches


def main() -> None:
    for spec in ("tictactoe", "connect4"):
        rates = {name: rate(play) for name, play in engines(spec)}
        yardstick = "pyspiel" if "pyspiel" in rates else "ours, Python states"
        for name, (per_second, matches) in rates.items():
            ratio = per_second / rates[yardstick][0]
            print(
                f"{spec:<10} {name:<20} {per_second:12,.0f} matches/s  "
                f"{ratio:8.3f} x {yardstick}  n={matches:,}"
            )


if __name__ == "__main__":
    main()
