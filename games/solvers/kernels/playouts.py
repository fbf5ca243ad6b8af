"""Compiled uniformly random playouts of plain k-in-a-row games, with and without gravity."""

from __future__ import annotations

from numba import boolean, int8, int64, njit, uint64, void

from games.solvers.kernels.common import ONE, OPTIONS, ZERO, popcount, u

NO_ACTION = -1


@njit(uint64(uint64), **OPTIONS)
def mixed(number):
    """splitmix64: a counter in, 64 random bits out."""
    number = (number ^ (number >> u(30))) * u(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> u(27))) * u(0x94D049BB133111EB)
    return number ^ (number >> u(31))


@njit(boolean(uint64, int64, uint64[:, ::1], int64[::1]), **OPTIONS)
def completes(marks, cell, lines_of, count_of):
    """Whether marks hold a line through a cell."""
    for i in range(count_of[cell]):  # noqa: SIM110 (numba compiles no generator here)
        if marks & lines_of[cell, i] == lines_of[cell, i]:
            return True
    return False


@njit(
    void(uint64, int64, int64, int64, boolean, uint64[:, ::1], int64[::1], int64[::1], int8[:, ::1]),
    **OPTIONS,
)
def play(seed, matches, cells, columns, gravity, lines_of, count_of, tally, records):
    """Play matches; tally gets [first wins, second wins, draws, plies]; records, if it has rows, the actions.

    Cells are numbered row by row from the top left; an action is a cell, or under gravity a column.
    """
    everywhere = (ONE << u(cells)) - ONE if cells < 64 else ~ZERO
    top = (ONE << u(columns)) - ONE
    counter = mixed(seed)
    for match in range(matches):
        mine, theirs, plies, result = ZERO, ZERO, 0, 2
        while plies < cells:
            counter += u(0x9E3779B97F4A7C15)
            free = ~(mine | theirs) & (top if gravity else everywhere)
            number = (mixed(counter) >> u(32)) * u(popcount(free)) >> u(32)
            for _ in range(number):
                free &= free - ONE
            action = popcount((free & (~free + ONE)) - ONE)
            cell = action
            if gravity:
                while cell + columns < cells and (mine | theirs) >> u(cell + columns) & ONE == ZERO:
                    cell += columns
            if records.shape[0] > 0:
                records[match, plies] = action
            mine |= ONE << u(cell)
            plies += 1
            if completes(mine, cell, lines_of, count_of):
                result = (plies + 1) % 2
                break
            mine, theirs = theirs, mine
        tally[result] += 1
        tally[3] += plies
