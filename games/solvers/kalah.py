"""Kalah: null-window search on the margin that is still to come.

What is still to win depends on the pits and the seat to move, not on the stores. A side is a uint64 with
eight bits a pit, in its owner's direction of sowing. Bounds on the margin are kept in a table of 80 MB. The
search steps from bound to bound (MTD(f), Plaat 1996); plies that move again are tried first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int8, int64, njit, types, uint64
from numpy.typing import NDArray

from games.base import SequentialGame
from games.kalah import Kalah, Pits
from games.solvers.base import Budget, UnsolvedError
from games.solvers.kernels.common import OPTIONS, u
from games.solvers.negamax import NegamaxSolver
from games.values import Value

TABLE_BITS = 22
NODES, LIMIT, PITS, EMPTY_CAPTURE = range(4)  # places in `work`
FOUR: Any = types.UniTuple(uint64, 4)  # type: ignore[no-untyped-call]
LOW, HIGH, BEST = range(3)  # places in an entry of `bounds`; BEST is the best pit + 1


@njit(int64(uint64), **OPTIONS)
def total(side):  # type: ignore[no-untyped-def]
    """All seeds of a side."""
    seeds = np.int64(0)
    while side:
        seeds += np.int64(side & u(255))
        side >>= u(8)
    return seeds


@njit(FOUR(uint64, uint64, int64, uint64[::1]), **OPTIONS)
def sow(own, other, pit, work):  # type: ignore[no-untyped-def]
    """(own side, other side, seeds banked, 1 if the player moves again) after sowing from a pit."""
    pits = np.int64(work[PITS])
    seeds = (own >> u(8 * pit)) & u(255)
    own &= ~(u(255) << u(8 * pit))
    banked = u(0)
    at = pit
    for _ in range(np.int64(seeds)):
        at = at + 1 if at < 2 * pits else 0
        if at < pits:
            own += u(1) << u(8 * at)
        elif at == pits:
            banked += u(1)
        else:
            other += u(1) << u(8 * (at - pits - 1))
    if at < pits and (own >> u(8 * at)) & u(255) == u(1):
        shift = u(8 * (pits - 1 - at))
        opposite = (other >> shift) & u(255)
        if opposite or work[EMPTY_CAPTURE]:
            banked += opposite + u(1)
            own &= ~(u(255) << u(8 * at))
            other &= ~(u(255) << shift)
    return own, other, banked, u(1) if at == pits else u(0)


@njit(int64(uint64, uint64, int64, uint64[::1], uint64[:, ::1], int8[:, ::1]), **OPTIONS)
def search(own, other, beta, work, keys, bounds):  # type: ignore[no-untyped-def]
    """A bound of the margin to come: a lower one if at least beta, else an upper one."""
    if own == u(0):
        return -total(other)
    work[NODES] += u(1)
    if work[NODES] > work[LIMIT]:
        raise RuntimeError("budget")
    left = total(own) + total(other)
    low, high = -left, left
    slot = ((own * u(0x9E3779B97F4A7C15)) ^ (other * u(0xC2B2AE3D27D4EB4F))) * u(0xBF58476D1CE4E5B9)
    slot >>= u(64 - TABLE_BITS)
    first = np.int64(-1)
    if keys[slot, 0] == own and keys[slot, 1] == other:
        low, high = np.int64(bounds[slot, LOW]), np.int64(bounds[slot, HIGH])
        first = np.int64(bounds[slot, BEST]) - 1
    if low >= beta:
        return low
    if high < beta:
        return high
    pits = np.int64(work[PITS])
    best, best_pit = np.int64(-127), np.int64(0)
    for turn in range(
        3
    ):  # the best pit of last time, those that move again, the rest; from the store outwards
        for pit in range(pits - 1, -1, -1):
            seeds = np.int64((own >> u(8 * pit)) & u(255))
            again = seeds % (2 * pits + 1) == pits - pit
            this = 0 if pit == first else 1 if again else 2
            if seeds == 0 or this != turn or best >= beta:
                continue
            mine, yours, banked, _ = sow(own, other, pit, work)
            gain = np.int64(banked)
            if again:
                value = gain + search(mine, yours, beta - gain, work, keys, bounds)
            else:
                value = gain - search(yours, mine, gain - beta + 1, work, keys, bounds)
            if value > best:
                best, best_pit = value, np.int64(pit)
    if keys[slot, 0] != own or keys[slot, 1] != other:
        keys[slot, 0] = own
        keys[slot, 1] = other
        bounds[slot, LOW] = -left
        bounds[slot, HIGH] = left
    if best >= beta:
        bounds[slot, LOW] = best
    else:
        bounds[slot, HIGH] = best
    bounds[slot, BEST] = best_pit + 1
    return best


@njit(int64(uint64, uint64, uint64[::1], uint64[:, ::1], int8[:, ::1]), **OPTIONS)
def margin_to_come(own, other, work, keys, bounds):  # type: ignore[no-untyped-def]
    """Null windows closing in on the margin, from an even game on."""
    low = -(total(own) + total(other))
    high = -low
    guess = np.int64(0)
    while low < high:
        beta = guess + 1 if guess == low else guess
        guess = search(own, other, beta, work, keys, bounds)
        if guess < beta:
            high = guess
        else:
            low = guess
    return low


class KalahSolver(NegamaxSolver[Pits]):
    """Margins by search, with a table kept over questions."""

    def __init__(self, game: Kalah, budget: Budget) -> None:
        super().__init__(game, budget)
        self._work = np.array([0, budget.compiled, game.pits, game.empty_capture], np.uint64)
        self._keys: NDArray[np.uint64] = np.zeros((1 << TABLE_BITS, 2), np.uint64)
        self._bounds = np.zeros((1 << TABLE_BITS, 3), np.int8)

    def _solve(self, state: Pits) -> Value:
        own, other = map(_packed, state.sides)
        self._work[NODES] = 0
        try:
            to_come = margin_to_come(u(own), u(other), self._work, self._keys, self._bounds)
        except RuntimeError as error:
            raise UnsolvedError(
                f"{self.game.spec} is not solved within {int(self._work[LIMIT]):,} compiled states, "
                f"from {self.game.format_state(state)}"
            ) from error
        margin = state.stores[state.seat] - state.stores[1 - state.seat]
        return Value(float(margin + to_come))


def _packed(side: tuple[int, ...]) -> int:
    return sum(seeds << 8 * pit for pit, seeds in enumerate(side))


def solver(game: SequentialGame[Pits], budget: Budget) -> KalahSolver:
    assert isinstance(game, Kalah)
    return KalahSolver(game, budget)
