"""Compiled alpha-beta for connect four on any board that fits 64 bits: exact scores.

A board of m rows and n columns has one sentinel bit on top of every column (stride m + 1, bit 0 bottom left):

     6 13 20 27 34 41 48     sentinels, always 0
     5 12 19 26 33 40 47
     :  :                    `mine` the stones of the player to move, `mask` all stones
     0  7 14 21 28 35 42

Score, for the player to move: 0 draw, else the sign says who wins, and a four made by the s-th stone on the
board counts (cells + 2 - s) // 2: the sooner the more, and whose stone it is tells the parity of s.

Every node of `search` is *quiet*: the mover can't win at once, and `moves` (not empty) are those after which
the opponent can't either. The parent sorts out all other positions while it orders its moves, so half of the
tree is never entered.

Method: J. Tromp; P. Pons, "Solving Connect 4: how to build a perfect AI" (both published); the code is ours.
"""

from __future__ import annotations

import numpy as np
from numba import boolean, int8, int32, int64, njit, uint64, void

from games.solvers.kernels.common import HASH, ONE, OPTIONS, ZERO, BudgetSpentError, popcount, u

# A work area (uint64, one per thread) holds numbers, then the columns in the order of search, then the moves.
NODES, LIMIT, BOARD, BOTTOM, STRIDE, CELLS, COLUMNS, MIRROR_BELOW = range(8)
NEAR_START, NEAR_SHIFT, NEAR_FROM, FAR_START, FAR_SHIFT, BOOK_START, BOOK_SHIFT, BOOK_STONES = range(8, 16)
ORDER = 16
MOST_COLUMNS = 32
MOVES = ORDER + MOST_COLUMNS
MOVES_PER_PLY = 2 * MOST_COLUMNS  # (number of winning cells << 6 | cell, replies of the opponent)

NEAR_PLIES = 8
"""Positions more than this many plies below the root use the near table, which stays in the processor's
second-level cache; one table of 2^22 entries took twice the time (measured at 16 stones)."""
NO_BOOK = 99
FULL_COLUMN = -99

_BOUND_BITS = u(12)  # of an entry: lower and upper bound + 32 in 6 bits each; the rest is the key's product
_SIX, _LOW_SIX = u(6), u(63)


@njit(uint64(uint64, uint64, uint64, uint64), **OPTIONS)
def winning_cells(mine, mask, stride, board):
    """Empty cells that complete four of `mine`, playable or not."""
    cells = (mine << ONE) & (mine << u(2)) & (mine << u(3))
    for step in (stride - ONE, stride, stride + ONE):
        twice = step + step
        pair = (mine << step) & (mine << twice)
        cells |= pair & ((mine << (twice + step)) | (mine >> step))
        pair = (mine >> step) & (mine >> twice)
        cells |= pair & ((mine >> (twice + step)) | (mine << step))
    return cells & board & ~mask


@njit(boolean(uint64, uint64), **OPTIONS)
def has_four(mine, stride):
    for step in (ONE, stride - ONE, stride, stride + ONE):
        pair = mine & (mine >> step)
        if pair & (pair >> (step + step)) != ZERO:
            return True
    return False


@njit(uint64(uint64, uint64, uint64), **OPTIONS)
def mirrored(key, stride, columns):
    """A board or a key with its columns in reverse order."""
    field = (ONE << stride) - ONE
    turned = ZERO
    for _ in range(columns):
        turned = (turned << stride) | (key & field)
        key >>= stride
    return turned


@njit(uint64(uint64, uint64, int64, uint64[::1]), **OPTIONS)
def key_of(mine, mask, stones, work):
    """mine + mask names a position (0 is the empty board); with few stones one key for both mirror images."""
    key = mine + mask
    if stones < np.int64(work[MIRROR_BELOW]):
        key = min(key, mirrored(key, work[STRIDE], work[COLUMNS]))
    return key


@njit(int64(uint64, int64, uint64[::1], uint64[::1]), **OPTIONS)
def slot_of(product, stones, table, work):
    """Where the table keeps a position. There is no probing: a later position overwrites."""
    if stones >= np.int64(work[NEAR_FROM]):
        return np.int64(work[NEAR_START] + (product >> work[NEAR_SHIFT]))
    return np.int64(work[FAR_START] + (product >> work[FAR_SHIFT]))


@njit(int64(uint64, uint64[::1], uint64[::1]), **OPTIONS)
def in_book(key, table, work):
    """The score of a quiet position with as many stones as the book is about, which holds them all."""
    size = ONE << (u(64) - work[BOOK_SHIFT])
    index = (key * HASH) >> work[BOOK_SHIFT]
    while True:
        entry = table[np.int64(work[BOOK_START] + index)]
        if entry >> u(8) == key + ONE:
            return np.int64(entry & u(255)) - 128
        if entry == ZERO:
            raise KeyError("the opening book lacks a position")
        index = (index + ONE) & (size - ONE)


@njit(void(uint64[::1], int8[::1], uint64[::1], uint64[::1]), **OPTIONS)
def insert_book(keys, scores, table, work):
    """Hash a book into its part of the table: (key + 1) << 8 | score + 128, open addressing."""
    size = ONE << (u(64) - work[BOOK_SHIFT])
    for i in range(keys.size):
        index = (keys[i] * HASH) >> work[BOOK_SHIFT]
        while table[np.int64(work[BOOK_START] + index)] != ZERO:
            index = (index + ONE) & (size - ONE)
        entry = ((keys[i] + ONE) << u(8)) | u(np.int64(scores[i]) + 128)
        table[np.int64(work[BOOK_START] + index)] = entry


@njit(int64(uint64, uint64, uint64, int64, int64, uint64[::1], uint64[::1]), **OPTIONS)
def search(mine, mask, moves, stones, alpha, table, work):
    """A bound of the score of a quiet position: a lower bound if above alpha, else an upper bound."""
    work[NODES] += ONE
    if work[NODES] > work[LIMIT]:
        raise BudgetSpentError
    left = np.int64(work[CELLS]) - stones
    at_once = (left - 1) // 2  # to win with one's next stone but one
    lower, upper = -((left - 2) // 2), at_once
    if lower > alpha:
        return lower
    if upper <= alpha:
        return upper

    key = key_of(mine, mask, stones, work)
    if stones == np.int64(work[BOOK_STONES]):
        return in_book(key, table, work)
    product = key * HASH
    slot = slot_of(product, stones, table, work)
    entry = table[slot]
    if entry >> _BOUND_BITS == (product << _BOUND_BITS) >> _BOUND_BITS and entry != ZERO:
        lower = max(lower, np.int64(entry & _LOW_SIX) - 32)
        upper = min(upper, np.int64((entry >> _SIX) & _LOW_SIX) - 32)
        if lower > alpha:
            return lower
        if upper <= alpha:
            return upper

    # Order the moves by the number of winning cells they leave, ties centre first.
    stride, board, bottom = work[STRIDE], work[BOARD], work[BOTTOM]
    first = MOVES + stones * MOVES_PER_PLY
    end = first
    for i in range(np.int64(work[COLUMNS])):
        move = moves & work[ORDER + i]
        if move == ZERO:
            continue
        after = mask | move
        wins = winning_cells(mine | move, after, stride, board)
        replies = (after + bottom) & board
        forced = wins & replies
        if forced != ZERO:
            if forced & (forced - ONE) != ZERO:
                return at_once  # two cells at once can't be stopped
            replies = forced
        replies &= ~(wins >> ONE)
        if replies == ZERO:
            return at_once  # nor can a cell below a winning cell be given
        rank = (u(popcount(wins)) << _SIX) | u(popcount(move - ONE))
        j = end
        while j > first and work[j - 2] >> _SIX < rank >> _SIX:
            work[j] = work[j - 2]
            work[j + 1] = work[j - 1]
            j -= 2
        work[j] = rank
        work[j + 1] = replies
        end += 2
    upper = min(upper, at_once - 1)
    if upper <= alpha:
        return upper

    best = -99
    for j in range(first, end, 2):
        move = ONE << (work[j] & _LOW_SIX)
        score = -search(mine ^ mask, mask | move, work[j + 1], stones + 1, -alpha - 1, table, work)
        if score > best:
            best = score
            if score > alpha:
                break
    if best > alpha:
        lower = max(lower, best)
    else:
        upper = min(upper, best)
    table[slot] = (product << _BOUND_BITS) | u((upper + 32) << 6) | u(lower + 32)
    return best


@njit(int64(uint64, uint64, uint64, int64, int64, int64, uint64[::1], uint64[::1]), **OPTIONS)
def between(mine, mask, moves, stones, lower, upper, table, work):
    """The score of a quiet position that lies between two bounds; windows near 0 first, they are cheapest."""
    work[NEAR_FROM] = u(stones + NEAR_PLIES)
    while lower < upper:
        middle = lower + (upper - lower) // 2
        if middle <= 0 and lower // 2 < middle:
            middle = lower // 2
        elif middle >= 0 and upper // 2 > middle:
            middle = upper // 2
        bound = search(mine, mask, moves, stones, middle, table, work)
        if bound > middle:
            lower = bound
        else:
            upper = bound
    return lower


@njit(int64(uint64, uint64, int64, uint64[::1], uint64[::1]), **OPTIONS)
def score_of(mine, mask, stones, table, work):
    """The score of a position that is not over."""
    stride, board = work[STRIDE], work[BOARD]
    left = np.int64(work[CELLS]) - stones
    if left == 0:
        return 0
    moves = (mask + work[BOTTOM]) & board
    if winning_cells(mine, mask, stride, board) & moves != ZERO:
        return (left + 1) // 2
    theirs = winning_cells(mine ^ mask, mask, stride, board)
    forced = theirs & moves
    if forced != ZERO:
        moves = forced if forced & (forced - ONE) == ZERO else ZERO
    moves &= ~(theirs >> ONE)
    if moves == ZERO:
        return -(left // 2)
    if left == 1:
        return 0
    return between(mine, mask, moves, stones, -((left - 2) // 2), (left - 1) // 2, table, work)


@njit(void(uint64, uint64, int64, int64[::1], uint64[::1], uint64[::1]), **OPTIONS)
def scores_of(mine, mask, stones, scores, table, work):
    """Write the score of every column for the player to move; FULL_COLUMN where nothing can be played."""
    stride, board = work[STRIDE], work[BOARD]
    left = np.int64(work[CELLS]) - stones
    moves = (mask + work[BOTTOM]) & board
    wins = winning_cells(mine, mask, stride, board) & moves
    for i in range(np.int64(work[COLUMNS])):
        move = moves & (((ONE << stride) - ONE) << (u(i) * stride))
        if move == ZERO:
            scores[i] = FULL_COLUMN
        elif wins & move != ZERO:
            scores[i] = (left + 1) // 2
        else:
            scores[i] = -score_of(mine ^ mask, mask | move, stones + 1, table, work)


@njit(int64(uint64, uint64, int64, int64, uint64[::1]), **OPTIONS)
def perft(mine, mask, stones, depth, work):
    """Number of ways to play exactly `depth` plies from a position that is not over."""
    stride, board = work[STRIDE], work[BOARD]
    moves = (mask + work[BOTTOM]) & board
    if depth == 1:
        return popcount(moves)
    moves &= ~winning_cells(mine, mask, stride, board)
    total = 0
    while moves != ZERO:
        move = moves & (~moves + ONE)
        moves ^= move
        total += perft(mine ^ mask, mask | move, stones + 1, depth - 1, work)
    return total


@njit(void(int32[::1], int8[::1], uint64[::1], int8[::1], uint64[::1]), **OPTIONS)
def decode_distances(codes, values, keys, scores, work):
    """Read the 12-ply book of `bitbully-databases` into keys and scores (for the first player, to move).

    Code, from bit 31 down: columns left to right, stones bottom up, '10' the first player's, '11' the
    second's, '0' ends a column. Value: 0 draw, v > 0 wins in 100 - v plies, v < 0 loses in 100 + v.
    """
    for i in range(codes.size):
        mine, mask, at = ZERO, ZERO, u(31)
        for column in range(np.int64(work[COLUMNS])):
            cell = ONE << (u(column) * work[STRIDE])
            while (u(codes[i]) >> at) & ONE != ZERO:
                mask |= cell
                if (u(codes[i]) >> (at - ONE)) & ONE == ZERO:
                    mine |= cell
                cell <<= ONE
                at -= u(2)
            at -= ONE
        keys[i] = key_of(mine, mask, 0, work)
        value = np.int64(values[i])
        if value > 0:
            scores[i] = 16 - (101 - value) // 2
        elif value < 0:
            scores[i] = (100 + value) // 2 - 16
        else:
            scores[i] = 0
