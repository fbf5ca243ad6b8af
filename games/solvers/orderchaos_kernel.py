"""Order and Chaos: one descending sweep over all boards, as base-3 codes.

Digit i of a code is cell i: 0 empty, 1 X, 2 O. Every ply raises the code, so from the highest code down all
that follows is known. An odometer keeps the two bit sets in step. 4x4: 43 M codes, one byte each, about 1 s.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numba import int8, int64, njit, void
from numpy.typing import NDArray

from games.base import SequentialGame
from games.k_in_a_row import Marks
from games.orderchaos import OrderAndChaos
from games.solvers.jit import FAR, OPTIONS, check_table, decode
from games.solvers.negamax import NegamaxSolver
from games.values import Value


@njit(void(int8[::1], int8[::1], int64, int64), **OPTIONS)
def sweep(table, line, cells, order):  # type: ignore[no-untyped-def]
    """Fill the table for the seat to move; line[bits] tells whether a set of cells holds a line."""
    full = (1 << cells) - 1
    power = np.empty(cells, np.int64)
    power[0] = 1
    for i in range(1, cells):
        power[i] = 3 * power[i - 1]
    x, o, plies = 0, full, cells
    for code in range(table.size - 1, -1, -1):
        seat = plies & 1
        if line[x] or line[o]:
            table[code] = FAR if seat == order else -FAR
        elif plies == cells:
            table[code] = -FAR if seat == order else FAR
        else:
            best = -127
            for i in range(cells):
                if not ((x | o) >> i) & 1:
                    best = max(best, -table[code + power[i]], -table[code + 2 * power[i]])
            table[code] = best - 1 if best > 0 else best + 1
        for i in range(cells):  # one code down: borrow through the empty cells
            bit = 1 << i
            if o & bit:
                o ^= bit
                x |= bit
                break
            if x & bit:
                x ^= bit
                plies -= 1
                break
            o |= bit
            plies += 1
    return


class OrderAndChaosSolver(NegamaxSolver[Marks]):
    """All values with distance, from a table made at the first question."""

    def __init__(self, game: OrderAndChaos, budget: int) -> None:
        check_table(game.spec, 3**game.cells, budget)
        super().__init__(game, budget)
        self._rules = game

    @cached_property
    def table(self) -> NDArray[np.int8]:
        game = self._rules
        sets = range(1 << game.cells)
        line = np.array([any(cells & x == x for x in game.lines) for cells in sets], np.int8)
        table = np.empty(3**game.cells, np.int8)
        sweep(table, line, game.cells, game.order)
        return table

    def _solve(self, state: Marks) -> Value:
        cells = range(self._rules.cells)
        code = sum(3**i * ((state.x >> i & 1) + 2 * (state.o >> i & 1)) for i in cells)
        return decode(int(self.table[code]))


def solver(game: SequentialGame[Marks], budget: int) -> NegamaxSolver[Marks]:
    """The table where it fits; larger boards by search, for what the budget covers of their endings."""
    assert isinstance(game, OrderAndChaos)
    return OrderAndChaosSolver(game, budget) if game.size <= 4 else NegamaxSolver(game, budget)
