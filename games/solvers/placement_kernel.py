"""Games of putting marks on empty cells, on at most 16 of them: one descending sweep over all boards.

Digit i of a base-3 code is cell i: 0 empty, 1 X, 2 O. Every ply raises the code, so from the highest code
down all that follows is known. An odometer keeps the bit sets of X and O in step, nothing is decoded. Codes
that no play reaches are filled or left alone; they do no harm. 4x4: 43 M codes, a byte each, one second.

Serves Hex and Order and Chaos.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import int8, int64, njit, void
from numpy.typing import NDArray

from games.base import SequentialGame
from games.hexagons import Hex
from games.k_in_a_row import Marks
from games.orderchaos import OrderAndChaos
from games.solvers.jit import FAR, OPTIONS, check_table, decode
from games.solvers.negamax import NegamaxSolver
from games.values import Value

MOST_CELLS = 16


@njit(void(int8[::1], int8[::1], int8[::1], int64, int64, int64), **OPTIONS)
def sweep(table, x_ends, o_ends, full_result, either, cells):  # type: ignore[no-untyped-def]
    """Fill the table for the seat to move; see Placement for the arguments."""
    full = (1 << cells) - 1
    power = np.empty(cells, np.int64)
    power[0] = 1
    for i in range(1, cells):
        power[i] = 3 * power[i - 1]
    x, o, x_count, o_count = 0, full, 0, cells
    for code in range(table.size - 1, -1, -1):
        if either or x_count == o_count or x_count == o_count + 1:
            seat = (x_count + o_count) & 1
            result = x_ends[x] if x_ends[x] else o_ends[o]
            if result == 0 and x | o == full:
                result = full_result
            if result != 0:
                table[code] = FAR if (result > 0) == (seat == 0) else -FAR
            else:
                best = -127
                for i in range(cells):
                    if not ((x | o) >> i) & 1:
                        if either or seat == 0:
                            best = max(best, -table[code + power[i]])
                        if either or seat == 1:
                            best = max(best, -table[code + 2 * power[i]])
                table[code] = best - 1 if best > 0 else best + 1
        for i in range(cells):  # one code down: O turns into X, X into empty, empty into O with a borrow
            bit = 1 << i
            if o & bit:
                o ^= bit
                x |= bit
                o_count -= 1
                x_count += 1
                break
            if x & bit:
                x ^= bit
                x_count -= 1
                break
            o |= bit
            o_count += 1
    return


class Placement(NamedTuple):
    """What the sweep needs to know of a game; results are for the first seat, 1 or -1, 0 for none yet."""

    cells: int
    x_result: int
    """The result once X has what `x_has` asks for."""
    o_result: int
    full_result: int
    """The result of a full board where neither has."""
    either: bool
    """Both seats may put either mark; else the first puts X and the second O."""
    x_has: Callable[[int], bool]
    o_has: Callable[[int], bool]


class PlacementSolver(NegamaxSolver[Marks]):
    """All values with distance, from a table made at the first question."""

    def __init__(self, game: SequentialGame[Marks], rules: Placement, budget: int) -> None:
        check_table(game.spec, 3**rules.cells, budget)
        super().__init__(game, budget)
        self._rules = rules

    @cached_property
    def table(self) -> NDArray[np.int8]:
        rules = self._rules
        sets = range(1 << rules.cells)
        x_ends = np.array([rules.x_result * rules.x_has(cells) for cells in sets], np.int8)
        o_ends = np.array([rules.o_result * rules.o_has(cells) for cells in sets], np.int8)
        table = np.zeros(3**rules.cells, np.int8)
        sweep(table, x_ends, o_ends, rules.full_result, rules.either, rules.cells)
        return table

    def _solve(self, state: Marks) -> Value:
        cells = range(self._rules.cells)
        code = sum(3**i * ((state.x >> i & 1) + 2 * (state.o >> i & 1)) for i in cells)
        return decode(int(self.table[code]))


def solver(game: SequentialGame[Marks], budget: int) -> NegamaxSolver[Marks]:
    """The table where it fits; larger boards by search, for what the budget covers of their endings."""
    assert isinstance(game, Hex | OrderAndChaos)
    if game.cells > MOST_CELLS:
        return NegamaxSolver(game, budget)
    return PlacementSolver(game, _hex(game) if isinstance(game, Hex) else _orderchaos(game), budget)


def _hex(game: Hex) -> Placement:
    """A full board always has a connection, so its result is never asked for."""
    return Placement(
        game.cells,
        1,
        -1,
        0,
        False,
        lambda x: bool(game.connected(x, 0)),
        lambda o: bool(game.connected(o, 1)),
    )


def _orderchaos(game: OrderAndChaos) -> Placement:
    def has_line(cells: int) -> bool:
        return any(cells & line == line for line in game.lines)

    order = 1 if game.order == 0 else -1
    return Placement(game.cells, order, order, -order, True, has_line, has_line)
