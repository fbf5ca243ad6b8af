"""Solvers side by side in one run: python benchmarks/solvers.py [--quick]

Prints, for connect four, milliseconds per position (all columns, exact scores) at 16, 20, 24 and 28 stones of
strong play beside bitbully where it is installed (extra [bench]; a C++ engine, AGPL, used here only), then
seconds per whole match judged, and the other solvers' tables. Times are CPU time of one thread except where
said; engines take turns position by position, so a busy machine slows both. n stands beside every number.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from games.base import Action
from games.connect4 import ConnectFour
from games.k_in_a_row import KInARow, Marks
from games.registry import parse_game
from games.solvers.connect4 import Connect4Solver
from games.solvers.dense import DenseSolver

GAME = ConnectFour()
STONES = (28, 24, 20, 16)


class Position(NamedTuple):
    state: Marks
    actions: tuple[Action, ...]


def play(solver: Connect4Solver, rng: random.Random, best_share: float, plies: int = 42) -> list[Position]:
    """A match in which that share of the actions is optimal and the rest uniformly random."""
    match = [Position(GAME.initial_state(), ())]
    while (actions := GAME.actions(match[-1].state)) and len(match) <= plies:
        state = match[-1].state
        choices: Sequence[Action] = actions
        if rng.random() < best_share:
            values = solver.action_values(state, state.plies % 2)
            choices = [action for action, value in values.items() if value == max(values.values())]
        action = rng.choice(choices)
        match.append(Position(GAME.next_state(state, action), (*match[-1].actions, action)))
    return match


def strong_positions(solver: Connect4Solver, stones: int, count: int) -> list[Position]:
    """Positions with so many stones, not over, from play that is optimal 70 times in 100."""
    rng, found = random.Random(stones), list[Position]()
    while len(found) < count:
        last = play(solver, rng, 0.7, stones)[-1]
        if len(last.actions) == stones and GAME.outcome(last.state) is None:
            found.append(last)
    return found


def compare_positions(stones: int, positions: list[Position]) -> None:
    """All columns of each position by every engine, in turns."""
    engines = dict(_engines())
    times: dict[str, list[float]] = {name: [] for name in engines}
    for position in positions:
        found = []
        for name, score in engines.items():
            start = time.process_time()
            found.append(score(position))
            times[name].append(time.process_time() - start)
        assert all(scores == found[0] for scores in found), position.actions
    ours = times["ours"]
    for name, taken in times.items():
        print(
            f"connect4 {stones} stones  {name:<9} mean {1e3 * statistics.mean(taken):8.3f} ms  "
            f"median {1e3 * statistics.median(taken):8.3f} ms  "
            f"ours/this {sum(ours) / sum(taken):5.2f}  n={len(taken)}"
        )


def _engines() -> Iterator[tuple[str, Callable[[Position], dict[Action, int]]]]:
    """Fresh engines without book: each gets from a position to {column: score}."""
    solver = Connect4Solver(GAME, use_book=False)
    yield "ours", lambda position: solver.column_scores(position.state)
    try:
        import bitbully
    except ImportError:
        print("bitbully is not installed: pip install 'exact-arena[bench]'")
        return
    engine = bitbully.BitBully(None)
    yield "bitbully", lambda position: _their_scores(bitbully, engine, position)


def _their_scores(bitbully: Any, engine: Any, position: Position) -> dict[Action, int]:
    board = bitbully.Board()
    for action in position.actions:
        board.play(action)
    return dict(engine.score_all_moves(board))


def compare_matches(count: int) -> None:
    """Whole matches judged, every ply and all columns: a position at a time, and together."""
    player = Connect4Solver(GAME)
    for share, kind in ((0.0, "random"), (0.7, "strong"), (1.0, "optimal")):
        rng = random.Random(int(100 * share))
        matches = [[p.state for p in play(player, rng, share)] for _ in range(count)]
        times: dict[str, list[float]] = {"each ply alone": [], "together": [], "2 threads": []}
        for states in matches:
            for name in times:
                times[name].append(_judging_seconds(name, states))
        alone = sum(times["each ply alone"])
        for name, seconds in times.items():
            print(
                f"whole match, {kind:<7} {name:<15} mean {statistics.mean(seconds):6.3f} s wall  "
                f"max {max(seconds):6.3f}  of alone {sum(seconds) / alone:4.2f}  n={count}"
            )


def _judging_seconds(name: str, states: list[Marks]) -> float:
    solver = Connect4Solver(GAME)
    solver.value(states[0])  # loads the book
    start = time.perf_counter()
    if name == "each ply alone":
        for state in states:
            solver.action_values(state, state.plies % 2)
    else:
        solver.values_of_match(states, threads=2 if name == "2 threads" else 1)
    return time.perf_counter() - start


def tables() -> None:
    """Seconds to build full tables."""
    for spec in ("tictactoe", "tictactoe(m=3,n=5,k=4)", "tictactoe(m=4,n=4,k=4)"):
        game = parse_game(spec)
        assert isinstance(game, KInARow)
        start = time.process_time()
        table = DenseSolver(game).build()
        taken = 1e3 * (time.process_time() - start)
        print(f"full table {spec:<24} {taken:9.2f} ms, {table.size:,} bytes  n=1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a tenth of the positions")
    count = 10 if parser.parse_args().quick else 100
    player = Connect4Solver(GAME)
    for stones in STONES:
        compare_positions(stones, strong_positions(player, stones, count))
    compare_matches(max(3, count // 5))
    tables()


if __name__ == "__main__":
    main()
