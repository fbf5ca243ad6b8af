"""Games of putting marks on empty cells: one descending sweep over all ways to fill at most 16 of them.

Digit i of a base-3 code is the i-th of these cells: 0 empty, 1 X, 2 O. Every ply raises the code, so from the
highest code down all that follows is known. An odometer keeps the bit sets of X and O in step, nothing is
decoded. Codes that no play reaches are filled or left alone; they do no harm. 16 cells: 43 M codes, a byte
each, one second.

Serves Hex and Order and Chaos.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import int8, int64, njit, void
from numpy.typing import NDArray

from games.base import Action, Seat, SequentialGame
from games.boards import permute
from games.hexagons import Hex
from games.k_in_a_row import Marks
from games.orderchaos import OrderAndChaos
from games.solvers.base import Budget, UnsolvedError
from games.solvers.kernels.common import OPTIONS
from games.solvers.negamax import NegamaxSolver
from games.solvers.tables import FAR, check_table, decode
from games.values import Value

MOST_CELLS = 16


@njit(void(int8[::1], int8[::1], int8[::1], int64, int64, int64, int64, int64), **OPTIONS)
def sweep(table, x_ends, o_ends, full_result, either, cells, x_before, o_before):  # type: ignore[no-untyped-def]
    """Fill the table for the seat to move.

    Results are those of Placement; x_before and o_before count the marks that lie outside the table.
    """
    full = (1 << cells) - 1
    power = np.empty(cells, np.int64)
    power[0] = 1
    for i in range(1, cells):
        power[i] = 3 * power[i - 1]
    x, o, x_count, o_count = 0, full, 0, cells
    for code in range(table.size - 1, -1, -1):
        ahead = x_count + x_before - o_count - o_before
        if either or ahead == 0 or ahead == 1:
            seat = (x_count + x_before + o_count + o_before) & 1
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
    """All values with distance below one state, from a table over the cells that are empty there.

    Boards of up to 16 cells get one table, below the start. Larger ones get one when a state with at most 16
    empty cells comes up, and another for a state that does not lie below it.
    """

    def __init__(self, game: Hex | OrderAndChaos, rules: Placement, budget: Budget) -> None:
        super().__init__(game, budget)
        self._rules = rules
        self._cells = game.cells
        self._base: Marks | None = None
        self._empty: tuple[int, ...] = ()
        self._table = np.zeros(1, np.int8)

    def value(self, state: Marks) -> Value:
        self._prepare(state)
        return self._solve(state)

    def action_values(self, state: Marks, seat: Seat) -> dict[Action, Value]:
        self._prepare(state)
        return super().action_values(state, seat)

    def _solve(self, state: Marks) -> Value:
        digits = ((state.x >> cell & 1) + 2 * (state.o >> cell & 1) for cell in self._empty)
        return decode(int(self._table[sum(3**i * digit for i, digit in enumerate(digits))]))

    def _prepare(self, state: Marks) -> None:
        """Make a table that covers the state, unless there is one."""
        base = self._base
        if base is not None and state.x & base.x == base.x and state.o & base.o == base.o:
            return
        base = Marks(0, 0) if self._cells <= MOST_CELLS else state
        empty = tuple(cell for cell in range(self._cells) if not base.taken >> cell & 1)
        if len(empty) > MOST_CELLS:
            raise UnsolvedError(
                f"{self.game.spec} is not solved with {len(empty)} empty cells, only with {MOST_CELLS} or "
                f"fewer; state {self.game.format_state(state)}"
            )
        check_table(self.game.spec, 3 ** len(empty), self.budget)
        self._base, self._empty, self._table = base, empty, self._sweep(base, empty)

    def _sweep(self, base: Marks, empty: tuple[int, ...]) -> NDArray[np.int8]:
        rules = self._rules
        added = [permute(subset, empty) for subset in range(1 << len(empty))]
        x_ends = np.array([rules.x_result * rules.x_has(base.x | cells) for cells in added], np.int8)
        o_ends = np.array([rules.o_result * rules.o_has(base.o | cells) for cells in added], np.int8)
        table = np.zeros(3 ** len(empty), np.int8)
        counts = base.x.bit_count(), base.o.bit_count()
        sweep(table, x_ends, o_ends, rules.full_result, rules.either, len(empty), *counts)
        return table


def solver(game: SequentialGame[Marks], budget: Budget) -> PlacementSolver:
    assert isinstance(game, Hex | OrderAndChaos)
    return PlacementSolver(game, _hex(game) if isinstance(game, Hex) else _orderchaos(game), budget)


def _hex(game: Hex) -> Placement:
    """A full board always has a connection, so its result is never asked for."""

    def x_has(cells: int) -> bool:
        return game.connected(cells, 0) != 0

    def o_has(cells: int) -> bool:
        return game.connected(cells, 1) != 0

    return Placement(1, -1, 0, False, x_has, o_has)


def _orderchaos(game: OrderAndChaos) -> Placement:
    def has_line(cells: int) -> bool:
        return any(cells & line == line for line in game.lines)

    order = 1 if game.order == 0 else -1
    return Placement(order, order, -order, True, has_line, has_line)
