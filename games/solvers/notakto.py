"""Notakto: one descending sweep over all sets of marks.

Every ply adds a mark, so from the fullest code down all that follows is known. Codes that no play
reaches are filled too; they do no harm. Three boards: 2^27 bytes, about a second.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numba import int8, njit, void
from numpy.typing import NDArray

from games.base import SequentialGame
from games.notakto import FULL, Crosses, Notakto, completed
from games.solvers.base import Budget
from games.solvers.kernels.common import OPTIONS
from games.solvers.negamax import NegamaxSolver
from games.solvers.tables import FAR, check_table, decode
from games.values import Value


@njit(void(int8[::1], int8[::1], int8), **OPTIONS)
def sweep(table, closed, boards):  # type: ignore[no-untyped-def]
    """Fill the table for the seat to move; closed[board] tells whether 9 cells hold a line."""
    for code in range(table.size - 1, -1, -1):
        best = -127
        for board in range(boards):
            marks = (code >> 9 * board) & 511
            if closed[marks]:
                continue
            for cell in range(9 * board, 9 * board + 9):
                if not (code >> cell) & 1:
                    best = max(best, -table[code | (1 << cell)])
        if best == -127:  # all closed: who moved last has lost
            table[code] = FAR
        else:
            table[code] = best - 1 if best > 0 else best + 1
    return


class NotaktoSolver(NegamaxSolver[Crosses]):
    """All values with distance, from a table made at the first question."""

    def __init__(self, game: Notakto, budget: Budget) -> None:
        check_table(game.spec, 1 << game.cells, budget)
        super().__init__(game, budget)
        self._boards = game.boards

    @cached_property
    def table(self) -> NDArray[np.int8]:
        closed = np.array([bool(completed(board)) for board in range(FULL + 1)], np.int8)
        table = np.empty(1 << 9 * self._boards, np.int8)
        sweep(table, closed, self._boards)
        return table

    def _solve(self, state: Crosses) -> Value:
        return decode(int(self.table[state.marks]))


def solver(game: SequentialGame[Crosses], budget: Budget) -> NotaktoSolver:
    assert isinstance(game, Notakto)
    return NotaktoSolver(game, budget)
