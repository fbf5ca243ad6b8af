"""Opening books of connect four: the scores of all quiet positions with one number of stones.

A search of an earlier position stops at them. Two sources, one form:

* the 12-ply book of the package `bitbully-databases` (MIT licence, data only; extra `exact-arena[book]`);
* a book of our own, searched without any other:

      python -m games.solvers.connect4_book --plies 8 --minutes 60

  which goes on where an earlier run stopped, and is used once it is whole. Every score of ours that the
  12-ply book, where installed, can confirm is checked against it at the end.

Quiet: the player to move can't win with the next stone. The others need no book.
"""

from __future__ import annotations

import argparse
import importlib.resources
import importlib.util
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from games.solvers.cache import cache_folder, write_whole
from games.solvers.connect4_bits import Board, Geometry, Words
from games.solvers.connect4_store import ScoreStore
from games.solvers.kernels import connect4 as kernel

if TYPE_CHECKING:
    from games.k_in_a_row import KInARow
    from games.solvers.connect4 import Connect4Solver

VERSION = 1
DATA_PACKAGE = "bitbully_databases"
DATA_FILE = "book_12ply_distances.dat"
_DATA_RECORD = [("code", ">i4"), ("value", "i1")]


@dataclass(frozen=True, eq=False)
class Book:
    """Scores for the player to move, by key (Geometry.key)."""

    stones: int
    keys: Words
    scores: NDArray[np.int8]


def find_book(m: int, n: int) -> Book | None:
    """The best book on this machine for a board of m rows and n columns: the 12-ply one, else our deepest."""
    if (m, n) == (6, 7) and importlib.util.find_spec(DATA_PACKAGE):
        return read_data_package()
    found = {int(match[1]): path for path in cache_folder().glob(_name(m, n, "*"))
             if (match := re.search(r"-(\d+)ply-", path.name))}  # fmt: skip
    return read_book(found[max(found)]) if found else None


def read_data_package() -> Book:
    """The 12-ply book of `bitbully-databases`."""
    path = importlib.resources.files(DATA_PACKAGE) / "assets" / DATA_FILE
    raw = np.fromfile(str(path), dtype=_DATA_RECORD)
    keys, scores = np.empty(raw.size, np.uint64), np.empty(raw.size, np.int8)
    area = Geometry(6, 7).work_area()
    kernel.decode_distances(raw["code"].astype(np.int32), raw["value"].copy(), keys, scores, area)
    return Book(12, keys, scores)


def book_path(m: int, n: int, stones: int) -> Path:
    """Where our own book of that depth lies once it is whole."""
    return cache_folder() / _name(m, n, str(stones))


def _name(m: int, n: int, stones: str) -> str:
    return f"connect4-{m}x{n}-book-{stones}ply-v{VERSION}.npz"


def read_book(path: Path) -> Book:
    with np.load(path) as file:
        return Book(int(file["stones"]), file["keys"], file["scores"])


def write_book(path: Path, book: Book) -> None:
    write_whole(path, lambda file: np.savez(file, stones=book.stones, keys=book.keys, scores=book.scores))


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
    solver: Connect4Solver, stones: int, progress: ScoreStore, seconds: float = float("inf"), chunk: int = 64
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
    from games.connect4 import ConnectFour
    from games.solvers.connect4 import Connect4Solver

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


def _confirm(path: Path, game: KInARow) -> int:
    """Compare with the 12-ply book, where there is one."""
    from games.solvers.connect4 import Connect4Solver

    if (game.m, game.n) != (6, 7) or importlib.util.find_spec(DATA_PACKAGE) is None:
        return 0
    other = Connect4Solver(game, book=read_data_package(), store=None)
    compared, wrong = compare(read_book(path), other, sample=2_000)
    print(f"compared with {DATA_PACKAGE}: {compared:,} positions, {wrong} disagree")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m games.solvers.connect4_book", description="Build an opening book of connect four."
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
