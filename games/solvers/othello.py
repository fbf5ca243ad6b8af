"""Othello: alpha-beta on the margin, for whole 4x4 games and the endings of larger boards.

Bit 8 * row + column, whatever the size, so that one set of shifts serves all. Moves are tried in the order of
the fewest replies they leave, corners early; positions with five empty squares and more are kept in a table
of 75 MB.
"""

from __future__ import annotations

import numpy as np
from numba import int8, int64, njit, uint64
from numpy.typing import NDArray

from games.base import SequentialGame
from games.othello import Discs, Othello
from games.solvers.base import Budget, UnsolvedError
from games.solvers.kernels.common import OPTIONS, popcount, u
from games.solvers.negamax import NegamaxSolver
from games.values import Value

MOST_EMPTIES = 18
"""All actions of a 6x6 ending with 18 empty squares take about 2 s; every two more four times as long."""
TABLE_BITS = 22
NODES, LIMIT, BOARD, INNER, CORNERS = range(
    5
)  # places in `work`; INNER: the board without its first and last column


@njit(uint64(uint64, uint64, uint64, uint64), **OPTIONS)
def legal(own, other, board, inner):  # type: ignore[no-untyped-def]
    """The squares on which own may put a disc."""
    found = u(0)
    for step in (u(1), u(7), u(8), u(9)):
        through = other if step == u(8) else other & inner  # no line runs through a border column sideways
        up = through & (own << step)
        down = through & (own >> step)
        for _ in range(5):
            up |= through & (up << step)
            down |= through & (down >> step)
        found |= (up << step) | (down >> step)
    return found & board & ~(own | other)


@njit(uint64(uint64, uint64, uint64, uint64), **OPTIONS)
def flips(own, other, disc, inner):  # type: ignore[no-untyped-def]
    """The discs that a new disc of own turns."""
    turned = u(0)
    for step in (u(1), u(7), u(8), u(9)):
        through = other if step == u(8) else other & inner
        line = u(0)
        at = disc << step
        while at & through:
            line |= at
            at <<= step
        if at & own:
            turned |= line
        line = u(0)
        at = disc >> step
        while at & through:
            line |= at
            at >>= step
        if at & own:
            turned |= line
    return turned


@njit(
    int64(
        uint64, uint64, int64, int64, uint64[::1], uint64[:, ::1], int8[:, ::1], uint64[:, ::1], int64[:, ::1]
    ),
    **OPTIONS,
)
def search(own, other, alpha, beta, work, keys, bounds, order, weight):  # type: ignore[no-untyped-def]
    """The margin for own if it lies between alpha and beta, else a bound on the side where it lies."""
    work[NODES] += u(1)
    if work[NODES] > work[LIMIT]:
        raise RuntimeError("budget")
    board, inner = work[BOARD], work[INNER]
    moves = legal(own, other, board, inner)
    if moves == u(0):
        if legal(other, own, board, inner) == u(0):
            return np.int64(popcount(own)) - np.int64(popcount(other))
        return -search(other, own, -beta, -alpha, work, keys, bounds, order, weight)
    empties = np.int64(popcount(board & ~(own | other)))
    slot = u(0)
    if empties >= 5:
        slot = ((own * u(0x9E3779B97F4A7C15)) ^ (other * u(0xC2B2AE3D27D4EB4F))) * u(0xBF58476D1CE4E5B9)
        slot >>= u(64 - TABLE_BITS)
        if keys[slot, 0] == own and keys[slot, 1] == other:
            alpha = max(alpha, np.int64(bounds[slot, 0]))
            beta = min(beta, np.int64(bounds[slot, 1]))
            if alpha >= beta:
                return np.int64(bounds[slot, 0]) if np.int64(bounds[slot, 0]) >= beta else beta
    count = 0
    while moves:  # collect the moves, those that leave the fewest replies first
        disc = moves & (~moves + u(1))
        moves ^= disc
        w = np.int64(0)
        if empties >= 4:
            turned = flips(own, other, disc, inner)
            w = np.int64(popcount(legal(other & ~turned, own | turned | disc, board, inner)))
            if disc & work[CORNERS]:
                w -= 4
        at = count
        while at > 0 and weight[empties, at - 1] > w:
            weight[empties, at] = weight[empties, at - 1]
            order[empties, at] = order[empties, at - 1]
            at -= 1
        weight[empties, at] = w
        order[empties, at] = disc
        count += 1
    best = np.int64(-127)
    low = alpha
    for i in range(count):
        disc = order[empties, i]
        turned = flips(own, other, disc, inner)
        mine, yours = own | turned | disc, other & ~turned
        value = -search(yours, mine, -beta, -low, work, keys, bounds, order, weight)
        if value > best:
            best = value
            low = max(low, best)
            if best >= beta:
                break
    if empties >= 5:
        keys[slot, 0] = own
        keys[slot, 1] = other
        bounds[slot, 0] = best if best > alpha else -64
        bounds[slot, 1] = best if best < beta else 64
    return best


class OthelloSolver(NegamaxSolver[Discs]):
    """Margins by alpha-beta; refuses positions with too many empty squares."""

    def __init__(self, game: Othello, budget: Budget) -> None:
        super().__init__(game, budget)
        self._rules = game
        size = game.size
        rows = [(1 << size) - 1, ((1 << size - 1) - 1) & ~1]
        board, inner = (sum(row << 8 * i for i in range(size)) for row in rows)
        corners = sum(1 << 8 * row + column for row in (0, size - 1) for column in (0, size - 1))
        self._work = np.array([0, budget.compiled, board, inner, corners], np.uint64)
        self._keys: NDArray[np.uint64] = np.zeros((1 << TABLE_BITS, 2), np.uint64)
        self._bounds = np.zeros((1 << TABLE_BITS, 2), np.int8)
        self._order = np.zeros((65, 32), np.uint64)
        self._weight = np.zeros((65, 32), np.int64)

    def _solve(self, state: Discs) -> Value:
        empties = self._rules.squares - (state.x | state.o).bit_count()
        if empties > MOST_EMPTIES:
            raise UnsolvedError(
                f"{self._rules.spec} is not solved with {empties} empty squares, only with {MOST_EMPTIES} or "
                f"fewer; state {self._rules.format_state(state)}"
            )
        own, other = map(self._spread, state.sides)
        self._work[NODES] = 0
        try:
            margin = search(
                u(own), u(other), -64, 64, self._work, self._keys, self._bounds, self._order, self._weight
            )
        except RuntimeError as error:
            raise UnsolvedError(
                f"{self._rules.spec} is not solved within {int(self._work[LIMIT]):,} compiled states, "
                f"from {self._rules.format_state(state)}"
            ) from error
        return Value(float(margin))

    def _spread(self, cells: int) -> int:
        """A bit set of squares with eight bits a row."""
        size = self._rules.size
        row = (1 << size) - 1
        return sum((cells >> size * i & row) << 8 * i for i in range(size))


def solver(game: SequentialGame[Discs], budget: Budget) -> OthelloSolver:
    assert isinstance(game, Othello)
    return OthelloSolver(game, budget)
