"""Builds an opening book of connect four by search alone, for the user's cache folder.

    python -m games.solvers.connect4_make_book --plies 8 --minutes 60

It goes on where an earlier run stopped, and the book is used once it is whole. Every score that the 12-ply
book, where installed, can confirm is checked against it at the end.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from games.connect4 import ConnectFour
from games.solvers.connect4 import Connect4Solver
from games.solvers.connect4_bits import Board, Geometry
from games.solvers.connect4_book import (
    DATA_PACKAGE,
    Book,
    book_path,
    read_book,
    read_data_package,
    write_book,
)
from games.solvers.connect4_store import ScoreStore


def positions(geometry: Geometry, stones: int) -> list[Board]:
    """Every position with so many stones up to mirror image, finished ones left out."""
    layer = {0: Board(0, 0, 0)}
    for _ in range(stones):
        layer = {
            geometry.key(after): after
            for board in layer.values()
            for _, after in geometry.children(board)
            if not geometry.has_four(after)
        }
    return list(layer.values())


def is_quiet(geometry: Geometry, board: Board) -> bool:
    """Whether the player to move has no stone that wins at once."""
    return not any(geometry.has_four(after) for _, after in geometry.children(board))


def build(
    solver: Connect4Solver, stones: int, progress: ScoreStore, seconds: float = float("inf"), chunk: int = 8
) -> Iterator[tuple[int, int]]:
    """Search what the progress file lacks, and yield (done, of how many) after every chunk; stop when late.

    A quiet position with so many stones has an entry in `progress` once it is done.
    """
    geometry, end = solver.geometry, time.monotonic() + seconds
    wanted = [board for board in positions(geometry, stones) if is_quiet(geometry, board)]
    todo = [board for board in wanted if progress.get(geometry.key(board)) is None]
    done = len(wanted) - len(todo)
    yield done, len(wanted)
    for start in range(0, len(todo), chunk):
        if time.monotonic() > end:
            return
        boards = todo[start : start + chunk]
        for board, score in zip(boards, solver.scores(boards), strict=True):
            progress.put(geometry.key(board), score)
        done += len(boards)
        yield done, len(wanted)


def as_book(stones: int, progress: ScoreStore) -> Book:
    """A book of everything in a progress file."""
    items = sorted(progress.items())
    keys = np.array([key for key, _ in items], np.uint64)
    return Book(stones, keys, np.array([score for _, score in items], np.int8))


def compare(book: Book, solver: Connect4Solver, sample: int) -> tuple[int, int]:
    """(positions compared, disagreements) of a book with a solver, on an even sample of the book."""
    boards = {solver.geometry.key(board): board for board in positions(solver.geometry, book.stones)}
    chosen = range(0, book.keys.size, max(1, book.keys.size // sample))
    compared = [(int(book.keys[i]), int(book.scores[i])) for i in chosen]
    scores = solver.scores([boards[key] for key, _ in compared])
    wrong = sum(score != mine for (_, mine), score in zip(compared, scores, strict=True))
    return len(compared), wrong


def main(arguments: list[str] | None = None) -> int:
    """Build a book of our own, or as much of it as the time allows; 0 if it is whole and confirmed."""
    asked = _parser().parse_args(arguments)
    game = ConnectFour(m=asked.rows, n=asked.columns)
    path = book_path(game.m, game.n, asked.plies)
    progress = ScoreStore(path.with_suffix(".partial"))
    solver = Connect4Solver(game, nodes=1 << 62, use_book=False)
    done = of = 0
    for done, of in build(solver, asked.plies, progress, 60 * asked.minutes):
        print(f"\r{done:,} of {of:,} positions", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if done < of:
        print(f"not whole yet: run again to go on ({progress.path})")
        return 1
    write_book(path, as_book(asked.plies, progress))
    print(f"wrote {path}: {of:,} positions")
    return _confirm(path, game)


def _confirm(path: Path, game: ConnectFour) -> int:
    """Compare with the 12-ply book, where there is one."""
    if (game.m, game.n) != (6, 7) or importlib.util.find_spec(DATA_PACKAGE) is None:
        return 0
    other = Connect4Solver(game, book=read_data_package(), store=None)
    compared, wrong = compare(read_book(path), other, sample=2_000)
    print(f"compared with {DATA_PACKAGE}: {compared:,} positions, {wrong} disagree")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m games.solvers.connect4_make_book",
        description="Build an opening book of connect four.",
    )
    parser.add_argument("--plies", type=int, required=True, help="stones on the board of its positions")
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="stop after so long, to go on later"
    )
    parser.add_argument("--rows", type=int, default=6)
    parser.add_argument("--columns", type=int, default=7)
    return parser


if __name__ == "__main__":
    sys.exit(main())
