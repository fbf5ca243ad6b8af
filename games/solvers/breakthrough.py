"""Breakthrough: negamax over all positions below a state, each kept once in a hash table.

The board is turned so that the seat to move always walks upwards: both seats share one entry. A key holds the
own pawns in its low half and the other's in its high half; it is never 0, since both have pawns. Entries are
bytes with result and distance.
"""

from __future__ import annotations

import numpy as np
from numba import int8, int64, njit, uint64
from numpy.typing import NDArray

from games.base import SequentialGame
from games.breakthrough import Breakthrough, Pawns
from games.solvers.base import Budget, UnsolvedError
from games.solvers.kernels.common import OPTIONS, u
from games.solvers.negamax import NegamaxSolver
from games.solvers.tables import FAR, decode
from games.values import Value

TABLE_BITS = 25
"""Room for 33 M positions in 300 MB of address space; memory is used as it fills."""
NODES, LIMIT, CELLS, COLUMNS, LEFT_COLUMN, RIGHT_COLUMN, GOAL = range(7)  # places in `work`


@njit(uint64(uint64, uint64), **OPTIONS)
def turned(side, cells):  # type: ignore[no-untyped-def]
    """A set of at most 32 cells, the board turned by half a circle."""
    side = ((side >> u(1)) & u(0x55555555)) | ((side & u(0x55555555)) << u(1))
    side = ((side >> u(2)) & u(0x33333333)) | ((side & u(0x33333333)) << u(2))
    side = ((side >> u(4)) & u(0x0F0F0F0F)) | ((side & u(0x0F0F0F0F)) << u(4))
    side = ((side >> u(8)) & u(0x00FF00FF)) | ((side & u(0x00FF00FF)) << u(8))
    side = (side >> u(16)) | ((side & u(0xFFFF)) << u(16))
    return side >> (u(32) - cells)


@njit(int64(uint64, uint64, uint64[::1], uint64[::1], int8[::1]), **OPTIONS)
def search(own, other, work, keys, values):  # type: ignore[no-untyped-def]
    """The value byte of a position in play, for the seat to move (own, walking upwards)."""
    key = own | other << u(32)
    mask = u(keys.size - 1)
    slot = (key * u(0x9E3779B97F4A7C15)) >> u(64 - TABLE_BITS)
    while keys[slot] != u(0):
        if keys[slot] == key:
            return np.int64(values[slot])
        slot = (slot + u(1)) & mask
    best = np.int64(-127)
    for way in range(3):
        if way == 0:
            targets = (own & ~work[LEFT_COLUMN]) << (work[COLUMNS] - u(1))
        elif way == 1:
            targets = (own << work[COLUMNS]) & ~other
        else:
            targets = (own & ~work[RIGHT_COLUMN]) << (work[COLUMNS] + u(1))
        targets &= ~own
        back = work[COLUMNS] + u(way) - u(1)
        while targets != u(0) and best != FAR - 1:
            target = targets & (~targets + u(1))
            targets ^= target
            theirs = other & ~target
            if target & work[GOAL] or theirs == u(0):
                best = np.int64(FAR - 1)
                break
            mine = own ^ target ^ (target >> back)
            value = -search(turned(theirs, work[CELLS]), turned(mine, work[CELLS]), work, keys, values)
            best = max(best, value - 1 if value > 0 else value + 1)
    work[NODES] += u(1)
    if work[NODES] > work[LIMIT]:
        raise RuntimeError("budget")
    while keys[slot] != u(0):  # what follows may have filled the slot
        slot = (slot + u(1)) & mask
    keys[slot] = key
    values[slot] = best
    return best


class BreakthroughSolver(NegamaxSolver[Pawns]):
    """All values with distance, kept over questions."""

    def __init__(self, game: Breakthrough, budget: Budget) -> None:
        super().__init__(game, budget)
        self._rules = game
        left = sum(1 << row * game.columns for row in range(game.rows))
        goal = ((1 << game.columns) - 1) << (game.rows - 1) * game.columns
        limit = min(budget.compiled, (1 << TABLE_BITS) * 7 // 8)
        numbers = (0, limit, game.cells, game.columns, left, left << game.columns - 1, goal)
        self._work = np.array(numbers, np.uint64)
        self._clear()

    def _clear(self) -> None:
        self._work[NODES] = 0
        self._keys: NDArray[np.uint64] = np.zeros(1 << TABLE_BITS, np.uint64)
        self._values_by_slot = np.zeros(1 << TABLE_BITS, np.int8)

    def _solve(self, state: Pawns) -> Value:
        outcome = self._rules.outcome(state)
        if outcome is not None:
            return Value(outcome.returns[state.seat], 0)
        own, other = (u(side) for side in state.sides)
        if state.seat == 1:
            own, other = (turned(side, u(self._rules.cells)) for side in (own, other))
        fresh = self._work[NODES] == 0
        try:
            return decode(search(own, other, self._work, self._keys, self._values_by_slot))
        except RuntimeError as error:
            self._clear()
            if not fresh:  # earlier questions had filled the table: once more with all of it
                return self._solve(state)
            raise UnsolvedError(
                f"{self._rules.spec} is not solved: more than {int(self._work[LIMIT]):,} positions, "
                f"from {self._rules.format_state(state)}"
            ) from error


def solver(game: SequentialGame[Pawns], budget: Budget) -> BreakthroughSolver:
    assert isinstance(game, Breakthrough)
    return BreakthroughSolver(game, budget)
