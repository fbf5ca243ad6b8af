"""Solvers side by side in one run: python benchmarks/solvers.py [--count 40]

Prints, for connect four, milliseconds per position (all columns, exact scores) at 16, 20, 24 and 28
stones of strong play, beside bitbully (C++, AGPL, used here only) and connect-four-ai (Rust, on CPython
3.13) where they are installed (extra [bench]); then seconds per whole match judged, the generic compiled
solver, and full tables beside OpenSpiel's Python solver. Ratios have 95 % bootstrap intervals over
positions. Times are CPU time of one thread except where said; engines take turns position by position,
so a busy machine slows all of them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from arena.stats import Interval
from games.base import Action
from games.connect4 import ConnectFour
from games.extras import install
from games.k_in_a_row import KInARow, Marks
from games.registry import parse_game
from games.solvers.connect4 import Connect4Solver
from games.solvers.dense import DenseSolver
from games.solvers.packed import PackedSolver, small_connect_four

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
    for name, taken in times.items():
        print(
            f"connect4 {stones} stones  {name:<15} mean {1e3 * statistics.mean(taken):8.3f} ms  "
            f"median {1e3 * statistics.median(taken):8.3f} ms  "
            f"ours/this {ratio(times['ours'], taken)}  n={len(taken)}"
        )


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """The ratio of the sums with its interval over pairs."""
    pairs = list(zip(ours, theirs, strict=True))
    interval = bootstrapped(pairs)
    spread = f" ({interval.low:.2f}-{interval.high:.2f})" if interval else ""
    return f"{sum(ours) / sum(theirs):5.2f}{spread}"


def bootstrapped(pairs: Sequence[tuple[float, float]], draws: int = 1000) -> Interval | None:
    """The percentile interval of the ratio of sums, pairs drawn with replacement; None for one pair.

    Good enough for hundreds of positions; arena/stats.py has better ones for means of few.
    """
    if len(pairs) < 2:
        return None
    rng = random.Random(len(pairs))
    drawn = [rng.choices(pairs, k=len(pairs)) for _ in range(draws)]
    ratios = sorted(sum(a for a, _ in some) / sum(b for _, b in some) for some in drawn)
    return Interval(ratios[int(0.025 * draws)], ratios[int(0.975 * draws)])


def _engines() -> Iterator[tuple[str, Callable[[Position], dict[Action, int]]]]:
    """Fresh engines without book: each gets from a position to {column: score}."""
    solver = Connect4Solver(GAME, use_book=False)
    yield "ours", lambda position: solver.column_scores(position.state)
    if bitbully := _installed("bitbully"):
        engine = bitbully.BitBully(None)
        yield "bitbully", lambda position: _bitbully_scores(bitbully, engine, position)
    if rust := _installed("connect_four_ai"):
        their_solver = rust.Solver()
        yield "connect-four-ai", lambda position: _rust_scores(rust, their_solver, position)


def _installed(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        print(f"{module} is not installed: {install('bench')}")
        return None


def _rust_scores(rust: Any, solver: Any, position: Position) -> dict[Action, int]:
    moves = "".join(str(action + 1) for action in position.actions)
    scores = solver.get_all_move_scores(rust.Position.from_moves(moves))
    return {action: score for action, score in enumerate(scores) if score is not None}


def _bitbully_scores(bitbully: Any, engine: Any, position: Position) -> dict[Action, int]:
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
        cpu: dict[str, list[float]] = {name: [] for name in times}
        for states in matches:
            for name in times:
                wall, cpu_seconds = _judging_seconds(name, states)
                times[name].append(wall)
                cpu[name].append(cpu_seconds)
        alone = sum(times["each ply alone"])
        for name, seconds in times.items():
            print(
                f"whole match, {kind:<7} {name:<15} mean {statistics.mean(seconds):6.3f} s wall  "
                f"max {max(seconds):6.3f}  CPU {statistics.mean(cpu[name]):6.3f} s  "
                f"of alone {sum(seconds) / alone:4.2f}  n={count}"
            )


def _judging_seconds(name: str, states: list[Marks]) -> tuple[float, float]:
    """(wall, CPU) seconds to judge a match, the book loaded already."""
    solver = Connect4Solver(GAME)
    solver.value(states[0])  # loads the book
    start, cpu = time.perf_counter(), time.process_time()
    if name == "each ply alone":
        for state in states:
            solver.action_values(state, state.plies % 2)
    else:
        solver.values_of_match(states, threads=2 if name == "2 threads" else 1)
    return time.perf_counter() - start, time.process_time() - cpu


def generic() -> None:
    """States a second of the generic compiled solver on connect four of 4 rows and 5 columns."""
    game = ConnectFour(m=4, n=5)
    solver = PackedSolver(game, small_connect_four(game))
    solver.value(game.parse_state("...../...../...../XO.XO"))  # compiles
    began = time.process_time()
    solver.value(game.initial_state())
    taken = time.process_time() - began
    speed = f"{solver.states:,} states, {solver.states / taken:,.0f} a CPU second"
    print(f"generic compiled solver, connect4 4x5: {speed}")


def tables() -> None:
    """Seconds to build full tables, and OpenSpiel's Python solver on classic tic-tac-toe beside them."""
    for spec in ("tictactoe", "tictactoe(m=3,n=5,k=4)", "tictactoe(m=4,n=4,k=4)"):
        game = parse_game(spec)
        assert isinstance(game, KInARow)
        DenseSolver(KInARow(m=2, n=2, k=2)).build()  # compiles
        took = [_cpu_seconds(DenseSolver(game).build) for _ in range(5)]
        size = 3**game.size.cells
        print(f"full table {spec:<24} median {1e3 * statistics.median(took):9.2f} ms, {size:,} bytes  n=5")
        if spec == "tictactoe":
            _beside_openspiel(took)


def _beside_openspiel(took: list[float]) -> None:
    """OpenSpiel's Python alpha-beta finds the one value of the start; our table all values with distance."""
    if not (pyspiel := _installed("pyspiel")):
        return
    search = import_module("open_spiel.python.algorithms.minimax").alpha_beta_search
    game = pyspiel.load_game("tic_tac_toe")
    theirs = [_cpu_seconds(lambda: search(game)) for _ in took]
    print(f"  our table / OpenSpiel's Python alpha-beta: {ratio(took, theirs)}  n={len(took)}")


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument(
        "--count", type=int, default=40, help="positions of each kind; a fifth as many matches"
    )
    count = parser.parse_args().count
    player = Connect4Solver(GAME)
    for stones in STONES:
        compare_positions(stones, strong_positions(player, stones, count))
    compare_matches(max(3, count // 5))
    generic()
    tables()


if __name__ == "__main__":
    main()
