"""Opening books of connect four: the scores of all quiet positions with one number of stones.

A search of an earlier position stops at them. Two sources, one form:

* the 12-ply book of the package `bitbully-databases` (MIT licence, data only; extra `book`);
* a book of our own, searched without any other:

      python -m games.solvers.connect4_make_book --plies 8 --minutes 60

Quiet: the player to move can't win with the next stone. The others need no book.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from games.solvers.cache import cache_folder, write_whole
from games.solvers.connect4_bits import Geometry, Words
from games.solvers.kernels import connect4 as kernel

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
