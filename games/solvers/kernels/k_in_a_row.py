"""Compiled alpha-beta for plain k-in-a-row boards that are too large for a full table: exact, with distance.

A position is two sets of cells, `mine` (of the player to move) and `theirs`. Score for the player to move:
0 draw, cells + 1 - s for a line that the s-th mark on the board completes (minus for a loss): the sooner the
more. A search with window (alpha, alpha + 1) near the best score that is left looks only a few plies deep, so
the shortest win is found by asking for short ones first.
"""

from __future__ import annotations

import numpy as np
from numba import int64, njit, types, uint8, uint64, void

from games.solvers.kernels.common import HASH, ONE, OPTIONS, ZERO, BudgetSpentError, popcount, u

NODES, LIMIT, CELLS, K, TABLE_BITS, TURN_BELOW, HEADER = range(7)
MOST_CELLS = 48
"""Two words make an entry: a set of cells leaves 16 bits of the first for the two bounds."""
RANKS = 64 * (MOST_CELLS + 1)
SCRATCH = RANKS + 64
"""Words of the array that holds the moves of every ply, 64 each, and at the end the rank of every cell."""
_INFO_BITS = u(16)
_OFFSET = 64
DEEPENING = 10
"""Wins and losses within so many plies are looked for before it is asked who wins at all."""


@njit(types.UniTuple(uint64, 4)(uint64, uint64, int64, uint64[::1]), **OPTIONS)
def threats(mine, theirs, k, lines):
    """(cells that complete a line of mine, of theirs, lines still open for me, for them)."""
    my_cells, their_cells, my_lines, their_lines = ZERO, ZERO, ZERO, ZERO
    for line in lines:
        own, other = line & mine, line & theirs
        if other == ZERO:
            my_lines += ONE
            if popcount(own) == k - 1:
                my_cells |= line ^ own
        if own == ZERO:
            their_lines += ONE
            if popcount(other) == k - 1:
                their_cells |= line ^ other
    return my_cells, their_cells, my_lines, their_lines


@njit(void(uint64, uint64, uint64, int64, uint64[::1], int64[::1], int64), **OPTIONS)
def order(mine, theirs, moves, cells, lines, moves_by_rank, first):
    """Write the moves, best first: a cell counts 8^marks for every line through it that one side can fill."""
    rank = moves_by_rank[RANKS:]
    rank[:cells] = 0
    for line in lines:
        own, other = line & mine, line & theirs
        if own == ZERO or other == ZERO:
            weight = 1 << (3 * popcount(own | other))
            rest = line & moves
            while rest != ZERO:
                rank[popcount((rest & (~rest + ONE)) - ONE)] += weight
                rest &= rest - ONE
    end = first
    rest = moves
    while rest != ZERO:
        cell = popcount((rest & (~rest + ONE)) - ONE)
        rest &= rest - ONE
        j = end
        while j > first and rank[moves_by_rank[j - 1]] < rank[cell]:
            moves_by_rank[j] = moves_by_rank[j - 1]
            j -= 1
        moves_by_rank[j] = cell
        end += 1


@njit(uint64(uint64, uint8[::1]), **OPTIONS)
def turned(cells, symmetry):
    image = ZERO
    while cells != ZERO:
        image |= ONE << u(symmetry[popcount((cells & (~cells + ONE)) - ONE)])
        cells &= cells - ONE
    return image


@njit(types.UniTuple(uint64, 2)(uint64, uint64, uint8[:, ::1]), **OPTIONS)
def canonical(mine, theirs, symmetries):
    """The least of all images of a position."""
    best_mine, best_theirs = mine, theirs
    for i in range(1, symmetries.shape[0]):
        image = turned(mine, symmetries[i])
        if image <= best_mine:
            other = turned(theirs, symmetries[i])
            if image < best_mine or other < best_theirs:
                best_mine, best_theirs = image, other
    return best_mine, best_theirs


@njit(types.UniTuple(uint64, 3)(uint64, uint64, uint64, uint64, uint8[:, ::1]), **OPTIONS)
def _turn(mine, theirs, moves, forced, symmetries):
    """The canonical image of a position and of its moves."""
    image_mine, image_theirs = canonical(mine, theirs, symmetries)
    if image_mine == mine and image_theirs == theirs:
        return mine, theirs, moves
    if forced == ZERO:
        everything = mine | theirs | moves
        return image_mine, image_theirs, everything & ~(image_mine | image_theirs)
    for i in range(symmetries.shape[0]):
        if turned(mine, symmetries[i]) == image_mine and turned(theirs, symmetries[i]) == image_theirs:
            return image_mine, image_theirs, turned(moves, symmetries[i])
    return mine, theirs, moves


@njit(
    int64(uint64, uint64, int64, uint64[::1], uint8[:, ::1], uint64[::1], uint64[::1], int64[::1]),
    **OPTIONS,
)
def search(mine, theirs, alpha, lines, symmetries, table, work, moves_by_rank):
    """A bound of the score of a position that is not over: a lower one if above alpha, else an upper one."""
    work[NODES] += ONE
    if work[NODES] > work[LIMIT]:
        raise BudgetSpentError
    cells, k = np.int64(work[CELLS]), np.int64(work[K])
    stones = popcount(mine | theirs)
    left = cells - stones
    my_cells, their_cells, my_lines, their_lines = threats(mine, theirs, k, lines)
    if my_cells != ZERO:
        return left
    moves = ((ONE << u(cells)) - ONE) & ~(mine | theirs)
    if their_cells != ZERO:
        if their_cells & (their_cells - ONE) != ZERO:
            return 1 - left
        moves = their_cells
    lower = 3 - left if their_lines != ZERO and left > 3 else 0
    upper = left - 2 if my_lines != ZERO and left > 2 else 0
    if lower > alpha:
        return lower
    if upper <= alpha:
        return upper

    if stones < np.int64(work[TURN_BELOW]):
        mine, theirs, moves = _turn(mine, theirs, moves, their_cells, symmetries)
    slot = np.int64(((mine * HASH) ^ (theirs * HASH >> u(7)) * HASH) >> (u(64) - work[TABLE_BITS])) * 2
    if table[slot + 1] == theirs and table[slot] >> _INFO_BITS == mine and table[slot] != ZERO:
        lower = max(lower, np.int64(table[slot] & u(255)) - _OFFSET)
        upper = min(upper, np.int64((table[slot] >> u(8)) & u(255)) - _OFFSET)
        if lower > alpha:
            return lower
        if upper <= alpha:
            return upper

    first, count = stones * 64, popcount(moves)
    order(mine, theirs, moves, cells, lines, moves_by_rank, first)
    best = -99
    for j in range(first, first + count):
        move = ONE << u(moves_by_rank[j])
        score = -search(theirs, mine | move, -alpha - 1, lines, symmetries, table, work, moves_by_rank)
        if score > best:
            best = score
            if score > alpha:
                break
    if best > alpha:
        lower = max(lower, best)
    else:
        upper = min(upper, best)
    table[slot] = (mine << _INFO_BITS) | u((upper + _OFFSET) << 8) | u(lower + _OFFSET)
    table[slot + 1] = theirs
    return best


@njit(
    int64(uint64, uint64, uint64[::1], uint8[:, ::1], uint64[::1], uint64[::1], int64[::1]),
    **OPTIONS,
)
def score_of(mine, theirs, lines, symmetries, table, work, moves_by_rank):
    """The exact score of a position that is not over: asks for short wins and losses before all others."""
    left = np.int64(work[CELLS]) - popcount(mine | theirs)
    lower, upper = -left, left
    for plies in range(1, left + 2):
        windows = (left - plies, 0, -1)  # does the mover win in so many plies? win at all? not lose?
        if plies % 2 == 0:
            windows = (plies - 1 - left, 0, -1)  # does the mover not lose in so many plies?
        for i in range(3 if plies in (DEEPENING, left + 1) else 1):
            alpha = windows[i]
            if lower <= alpha < upper:
                bound = search(mine, theirs, alpha, lines, symmetries, table, work, moves_by_rank)
                if bound > alpha:
                    lower = max(lower, bound)
                else:
                    upper = min(upper, bound)
    return upper if upper < 0 else lower  # between the two only scores of the wrong parity may be left
