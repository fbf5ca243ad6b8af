"""Compiled full tables of k-in-a-row: every position of a small board at once, with distance.

A position is a number in base 3, digit i = cell i (0 empty, 1 X, 2 O). A ply raises the number, so one loop
from the highest to 0 finds all that may follow a position done before it. A table entry is for the player to
move: 0 draw (at the full board), +(100 - d) wins and -(100 - d) loses in d plies, NOTHING no position.
"""

from __future__ import annotations

import numpy as np
from numba import boolean, int8, int64, njit, uint8, void

from games.solvers.kernels.common import OPTIONS

NOTHING = -128
ENDED = 100
MOST_CELLS = 18

# What survey() counts.
LOSSES, DRAWS, WINS, DECISIONS, UNIQUE_BEST, LONGEST_WIN, COUNTS = range(7)


@njit(void(uint8[::1], int64[::1]), **OPTIONS)
def mark_lines(has_line, lines):
    """has_line[set of cells] = 1 where the set holds one of the lines."""
    for cells in range(has_line.size):
        for line in lines:
            if cells & line == line:
                has_line[cells] = 1
                break


@njit(int64(int64), **OPTIONS)
def _ones(cells):
    count = 0
    while cells:
        cells &= cells - 1
        count += 1
    return count


@njit(boolean(int64, int64, int64, boolean, boolean, int64, uint8[::1]), **OPTIONS)
def is_position(x, o, plies, wild, gravity, columns, has_line):
    """Whether marks obey turns and gravity, and the one who did not move last has no line."""
    if gravity:
        taken = x | o
        if taken & ~(taken >> columns) & ((has_line.size - 1) >> columns) != 0:
            return False
    if wild:
        return True
    lead = 2 * _ones(x) - plies
    if lead != plies % 2:
        return False
    return has_line[o if plies % 2 else x] == 0


@njit(int64(int64, boolean, int64, int64), **OPTIONS)
def open_cells(taken, gravity, columns, full):
    """Cells one may put a mark on."""
    free = full & ~taken
    if gravity:  # a cell in the bottom row, or above a mark
        free &= (taken >> columns) | (full ^ (full >> columns))
    return free


@njit(int64(int64, int64, int64, int64, boolean, int8[::1], int64[::1], int8[::1]), **OPTIONS)
def best_after(code, free, cells, plies, wild, table, power, values):
    """The best value over the open cells; values[2 * cell + mark] gets each one's (NOTHING elsewhere)."""
    best = np.int64(-127)
    for cell in range(cells):
        values[2 * cell] = values[2 * cell + 1] = NOTHING
        if free >> cell & 1:
            for mark in range(2):
                if wild or mark == plies % 2:
                    after = -np.int64(table[code + (mark + 1) * power[cell]])
                    after -= np.int64(after > 0) - np.int64(after < 0)  # one ply further from the end
                    values[2 * cell + mark] = after
                    best = after if after > best else best
    return best


@njit(void(int64, int64, boolean, boolean, boolean, uint8[::1], int8[::1]), **OPTIONS)
def solve(cells, columns, gravity, misere, wild, has_line, table):
    """Fill the table of 3^cells entries."""
    full = has_line.size - 1
    power = np.array([3**i for i in range(cells)])
    values = np.empty(2 * cells, np.int8)
    x, o, plies = 0, full, cells
    for code in range(table.size - 1, -1, -1):
        if not is_position(x, o, plies, wild, gravity, columns, has_line):
            table[code] = NOTHING
        elif has_line[x] or has_line[o]:
            table[code] = ENDED if misere else -ENDED
        elif plies == cells:
            table[code] = 0
        else:
            free = open_cells(x | o, gravity, columns, full)
            table[code] = best_after(code, free, cells, plies, wild, table, power, values)
        cell = 0  # the next lower number: digits 0 borrow and become 2, the first other one drops by 1
        while cell < cells and not (x | o) >> cell & 1:
            o |= 1 << cell
            plies += 1
            cell += 1
        if o >> cell & 1:
            o ^= 1 << cell
            x |= 1 << cell
        else:
            x &= ~(1 << cell)
            plies -= 1


@njit(
    void(int64, int64, boolean, boolean, uint8[::1], int8[::1], uint8[::1], int64[::1]),
    **OPTIONS,
)
def survey(cells, columns, gravity, wild, has_line, table, reached, counts):
    """Mark what can be reached from the empty board, and count it (see COUNTS)."""
    full = has_line.size - 1
    power = np.array([3**i for i in range(cells)])
    values = np.empty(2 * cells, np.int8)
    reached[0] = 1
    x, o, plies = 0, 0, 0
    for code in range(table.size):
        if reached[code]:
            value = np.int64(table[code])
            counts[WINS if value > 0 else LOSSES if value < 0 else DRAWS] += 1
            if value > 0:
                counts[LONGEST_WIN] = max(counts[LONGEST_WIN], ENDED - value)
            if plies < cells and not has_line[x] and not has_line[o]:
                free = open_cells(x | o, gravity, columns, full)
                best = best_after(code, free, cells, plies, wild, table, power, values)
                ways = 0
                for i in range(2 * cells):
                    if values[i] != NOTHING:
                        reached[code + (i % 2 + 1) * power[i // 2]] = 1
                        ways += values[i] == best
                counts[DECISIONS] += 1
                counts[UNIQUE_BEST] += ways == 1
        cell = 0  # the next higher number: digits 2 carry and become 0, the first other one rises by 1
        while cell < cells and o >> cell & 1:
            o ^= 1 << cell
            plies -= 1
            cell += 1
        if x >> cell & 1:
            x ^= 1 << cell
            o |= 1 << cell
        else:
            x |= 1 << cell
            plies += 1
