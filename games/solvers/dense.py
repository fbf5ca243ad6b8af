"""Full tables of small k-in-a-row boards: one byte per base-3 number, every variant of the rules.

Memory: 3^cells bytes, 43 MB at 16 cells, 387 MB at 18 (on request only). From 14 cells on a table is kept in
the cache folder, under a name that holds the rules and the version of this code; smaller ones are worked out
again, which takes milliseconds.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from games.base import Action, ImpossibleStateError, Seat
from games.k_in_a_row import KInARow, Marks
from games.solvers.base import UnsolvedError
from games.solvers.cache import cache_folder, write_whole
from games.solvers.kernels import sweep
from games.solvers.statistics import TableStatistics
from games.values import Value

VERSION = 2
"""Raise it when the meaning of a table changes: old files are then no longer read."""
MOST_CELLS = 16
KEPT_FROM = 14


class DenseSolver:
    """Values read from a full table, which is built or loaded when first asked for."""

    def __init__(self, game: KInARow, most_cells: int = MOST_CELLS) -> None:
        """`most_cells` up to 18 may be asked for, at 3^cells bytes."""
        cells = game.size.cells
        if cells > min(most_cells, sweep.MOST_CELLS):
            raise UnsolvedError(f"no full table of {game.spec}: {cells} cells need {3**cells:,} bytes")
        self.game = game
        self._cells = cells
        self._has_line = np.zeros(1 << cells, np.uint8)
        sweep.mark_lines(self._has_line, np.array(game.lines, np.int64))
        self._table: NDArray[np.int8] | None = None

    @property
    def table(self) -> NDArray[np.int8]:
        """The value of every base-3 number (see games/solvers/kernels/sweep.py)."""
        if self._table is None:
            self._table = self._load() if self._cells >= KEPT_FROM else self.build()
        return self._table

    def value(self, state: Marks) -> Value:
        """The value for the seat to move (of a finished game: for the seat that would move)."""
        entry = int(self.table[self._code(state)])
        if entry == sweep.NOTHING:
            raise ImpossibleStateError(
                f"no play of {self.game.spec} leads to {self.game.format_state(state)}"
            )
        if entry == 0:
            return Value(0, self._cells - state.plies)
        return Value(1 if entry > 0 else -1, sweep.ENDED - abs(entry))

    def action_values(self, state: Marks, seat: Seat) -> dict[Action, Value]:
        """The value of every legal action for the seat that acts; {} if it is not to move."""
        self.value(state)  # refuses what is no position
        actions = self.game.legal_actions(state, seat)
        after = {action: self.game.next_state(state, action) for action in actions}
        return {action: (-self.value(state)).one_ply_earlier() for action, state in after.items()}

    def statistics(self) -> TableStatistics:
        """Counts over all states that can be reached."""
        counts = np.zeros(sweep.COUNTS, np.int64)
        reached = np.zeros(self.table.size, np.uint8)
        game = self.game
        sweep.survey(
            self._cells, game.n, game.gravity, game.wild, self._has_line, self.table, reached, counts
        )
        return TableStatistics(
            states=int(reached.sum()),
            decisions=int(counts[sweep.DECISIONS]),
            wins=int(counts[sweep.WINS]),
            draws=int(counts[sweep.DRAWS]),
            losses=int(counts[sweep.LOSSES]),
            longest_win=int(counts[sweep.LONGEST_WIN]),
            unique_best=int(counts[sweep.UNIQUE_BEST]),
        )

    def _code(self, state: Marks) -> int:
        if state.x < 0 or state.o < 0 or state.x & state.o or state.taken > self.game.full:
            raise ImpossibleStateError(f"{state} are no marks on the board of {self.game.spec}")
        return _base_3(state.x) + 2 * _base_3(state.o)

    def build(self) -> NDArray[np.int8]:
        """The table, worked out anew."""
        game, table = self.game, np.empty(3**self._cells, np.int8)
        sweep.solve(self._cells, game.n, game.gravity, game.misere, game.wild, self._has_line, table)
        return table

    def _load(self) -> NDArray[np.int8]:
        """The table kept on disk, or a new one, which is kept if that can be done."""
        path = table_path(self.game)
        if (kept := _read_table(path, 3**self._cells)) is not None:
            return kept
        table = self.build()
        with suppress(OSError):
            write_whole(path, lambda file: np.savez(file, table=table))
        return table


def _read_table(path: Path, size: int) -> NDArray[np.int8] | None:
    """A kept table; None if there is none or it is damaged (the archive has a checksum)."""
    try:
        with np.load(path) as archive:
            table: NDArray[np.int8] = archive["table"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return table if table.shape == (size,) and table.dtype == np.int8 else None


def table_path(game: KInARow) -> Path:
    """Where the table of a game is kept."""
    kinds = "".join(f"-{word}" for word in ("gravity", "misere", "wild") if getattr(game, word))
    return cache_folder() / f"table-{game.m}x{game.n}x{game.depth}-k{game.k}{kinds}-v{VERSION}.npz"


def _base_3(cells: int) -> int:
    """The number with digit 1 for every cell of a bit set."""
    return int(f"{cells:b}", 3)
