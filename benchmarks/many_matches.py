"""Many tic-tac-toe matches of minimax against random: ours recorded and judged, beside others that only play.

    python benchmarks/many_matches.py [--matches 100000] [--others 10000] [--rounds 5]

Each of the others plays the same two players in its own Python loop: OpenSpiel's pyspiel and TextArena, where
they are installed. They keep no record, judge nothing, and draw from one generator, where ours has one for
every seat of every match, so that each can be played again by itself. All take minimax's move from the same
table, so that what is measured is the environment. They play in turn, and are compared round by round.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import logging
import math
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from arena.match import versions
from arena.run import MATCHES, match_config, write_config
from arena.runner import make_players, play_run, start_players, with_configs
from arena.stats import t975
from games.registry import parse_game
from games.solvers import shared_solver

GAME = parse_game("tictactoe")


def best_moves() -> dict[str, list[int]]:
    """The optimal cells of every state, by its nine marks."""
    solver, found, waiting = shared_solver(GAME), {}, [GAME.initial_state()]
    while waiting:
        state = waiting.pop()
        key = GAME.format_state(state).replace("/", "")
        if key in found or GAME.outcome(state) is not None:
            continue
        (seat,) = GAME.seats_to_move(state)
        values = solver.action_values(state, seat)
        found[key] = [action for action, value in values.items() if value == max(values.values())]
        waiting += [GAME.transitions(state, {seat: action})[0].state for action in values]
    return found


TABLE = best_moves()
START = "." * 9


def choose(board: str, legal: list[int], mover: int, minimax: int) -> int:
    """What the player to move does."""
    return random.choice(TABLE[board] if mover == minimax else legal)


def after(board: str, cell: int, mover: int) -> str:
    return board[:cell] + "XO"[mover] + board[cell + 1 :]


def open_spiel(matches: int) -> None:
    """The plain loop over pyspiel states."""
    import pyspiel

    game = pyspiel.load_game("tic_tac_toe")
    for number in range(matches):
        state, board = game.new_initial_state(), START
        while not state.is_terminal():
            mover = state.current_player()
            cell = choose(board, state.legal_actions(), mover, number % 2)
            state.apply_action(cell)
            board = after(board, cell, mover)


def textarena(matches: int) -> None:
    """As its README plays: observation out, action in brackets in."""
    import textarena as ta

    for number in range(matches):
        env = ta.make("TicTacToe-v0-raw")
        env.reset(num_players=2)
        board, done = START, False
        while not done:
            mover, _ = env.get_observation()
            cell = choose(board, [n for n in range(9) if board[n] == "."], mover, number % 2)
            board = after(board, cell, mover)
            done, _ = env.step(action=f"[{cell}]")


OTHERS: Mapping[str, tuple[str, Callable[[int], None]]] = {
    "OpenSpiel (pyspiel)": ("pyspiel", open_spiel),
    "TextArena": ("textarena", textarena),
}


def ours(matches: int) -> None:
    """A whole run on disk: every ply recorded and judged."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(Path(folder), matches))
        with (Path(folder) / MATCHES).open("rb") as file:
            lines = sum(part.count(b"\n") for part in iter(lambda: file.read(2**20), b""))
    assert lines == matches


async def _play(folder: Path, matches: int) -> None:
    config = match_config("tictactoe", ("minimax", "random"), matches)
    players = make_players(config.players)
    await start_players(config, players)
    write_config(folder, with_configs(config, players, versions()))
    await play_run(folder, config.schedule(), players)


MINE = "ours, recorded and judged"


@dataclass(frozen=True, slots=True)
class Rate:
    """Matches a second, by the clock and of processor time: on a busy machine the second says more."""

    clock: float
    processor: float


def rate(play: Callable[[int], None], matches: int) -> Rate:
    """What one of them does in one round."""
    began, used = time.perf_counter(), time.process_time()
    play(matches)
    return Rate(matches / (time.perf_counter() - began), matches / (time.process_time() - used))


def ratio(mine: Sequence[float], its: Sequence[float]) -> str:
    """Ours over the other: the geometric mean of the rounds, and its 95 % interval by Student's t."""
    logs = [math.log(a / b) for a, b in zip(mine, its, strict=True)]
    mean = statistics.fmean(logs)
    if len(logs) < 2:
        return f"{math.exp(mean):.2f}"
    half = t975(len(logs) - 1) * statistics.stdev(logs) / math.sqrt(len(logs))
    return f"{math.exp(mean):.2f} ({math.exp(mean - half):.2f}-{math.exp(mean + half):.2f})"


def measured(matches: int, others: int, rounds: int) -> tuple[dict[str, list[Rate]], float]:
    """Matches a second of each in every round, and the peak memory of ours in MB."""
    there = {name: play for name, (module, play) in OTHERS.items() if importlib.util.find_spec(module)}
    ours(1000)
    rates: dict[str, list[Rate]] = {MINE: [rate(ours, matches)]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # before the others are imported
    for number in range(rounds):
        if number:
            rates[MINE].append(rate(ours, matches))
        for name, play in there.items():
            play(5)
            rates.setdefault(name, []).append(rate(play, others * (10 if "Spiel" in name else 1)))
    return rates, peak


def main() -> None:
    """Ours and the others in turn."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--matches", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    a = parser.parse_args()
    logging.disable(logging.CRITICAL)
    rates, peak = measured(a.matches, a.others, a.rounds)
    for what in ("clock", "processor"):
        each = {name: [getattr(one, what) for one in found] for name, found in rates.items()}
        for name, found in each.items():
            spread = f"{min(found):.0f}-{max(found):.0f}"
            beside = "" if name == MINE else f", ours / it {ratio(each[MINE], found)}"
            print(f"{what:9} {name:26} {statistics.median(found):8.0f} matches/s ({spread}){beside}")
    print(f"peak memory of ours, {a.matches} matches: {peak:.0f} MB; {a.rounds} rounds")


if __name__ == "__main__":
    main()
