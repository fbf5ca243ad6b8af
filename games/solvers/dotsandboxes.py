"""Dots and boxes: one descending sweep over all sets of edges.

What is still to win depends on the drawn edges alone, so one byte a set is enough: the boxes the seat to move
will gain from here on, minus the other's. Every ply adds an edge, so from the fullest set down all that
follows is known. 3x3 boxes: 2^24 bytes, about a second.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numba import int8, int64, njit, uint64, void
from numpy.typing import NDArray

from games.base import SequentialGame
from games.dotsandboxes import DotsAndBoxes, Edges
from games.solvers.base import Budget
from games.solvers.kernels.common import OPTIONS
from games.solvers.negamax import NegamaxSolver
from games.solvers.tables import check_table
from games.values import Value


@njit(void(int8[::1], uint64[::1], int64[:, ::1], int64), **OPTIONS)
def sweep(table, boxes, near, edges):  # type: ignore[no-untyped-def]
    """Fill the table; near[edge] are the one or two boxes of an edge, -1 for none."""
    table[table.size - 1] = 0
    for drawn in range(table.size - 2, -1, -1):
        best = -127
        for edge in range(edges):
            if (drawn >> edge) & 1:
                continue
            after = drawn | (1 << edge)
            gain = 0
            for side in range(2):
                box = near[edge, side]
                if box >= 0 and np.uint64(after) & boxes[box] == boxes[box]:
                    gain += 1
            best = max(best, gain + table[after] if gain else -table[after])
        table[drawn] = best
    return


class DotsAndBoxesSolver(NegamaxSolver[Edges]):
    """All margins, from a table made at the first question."""

    def __init__(self, game: DotsAndBoxes, budget: Budget) -> None:
        check_table(game.spec, 1 << game.edges, budget)
        super().__init__(game, budget)
        self._rules = game

    @cached_property
    def table(self) -> NDArray[np.int8]:
        edges = self._rules.edges
        boxes = np.array(self._rules.box_edges, np.uint64)
        near = np.full((edges, 2), -1, np.int64)
        for edge in range(edges):
            own = [box for box, around in enumerate(self._rules.box_edges) if around >> edge & 1]
            near[edge, : len(own)] = own
        table = np.empty(1 << edges, np.int8)
        sweep(table, boxes, near, edges)
        return table

    def _solve(self, state: Edges) -> Value:
        margin = self._rules.margin(state)
        to_come = int(self.table[state.drawn])
        return Value(float(to_come + (margin if state.seat == 0 else -margin)))


def solver(game: SequentialGame[Edges], budget: Budget) -> DotsAndBoxesSolver:
    assert isinstance(game, DotsAndBoxes)
    return DotsAndBoxesSolver(game, budget)
